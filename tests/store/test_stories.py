"""Stories that stand at several addresses, on both back ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pipeline.records import Article, Place, Published, Repairs, Source
from pipeline.store import Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
Report = Callable[..., Article]

TITLE = "青岚区部署汛前河堤加固"
TEXT = (
    "2月27日，青岚区召开汛前河堤加固工作部署会，安排今年的12处险工险段治理，要求在4月底以前全部完成。",
    "会议指出，去年秋汛期间青溪两岸有3处堤段出现渗水，沿线村庄连续值守了9个昼夜，教训必须记取。",
    "会议要求，水利部门负责技术交底和质量检查，沿河各镇负责占地协调，财政部门负责资金拨付。",
)


@pytest.fixture
def story(report: Report) -> Report:
    """Makes tellings of one story."""

    def make(n: int, **changes: Any) -> Article:
        plain: dict[str, Any] = {"title": TITLE, "paragraphs": TEXT, "credits": (), "meetings": ()}
        return report(n, **(plain | changes))

    return make


def learn(store: Store, article: Article, at: datetime = NOW) -> Any:
    """One look at a page."""
    return store.learn(article, capture_id=None, seen_at=at, interpreter=1)


def places(store: Store, article: Article) -> list[tuple[str, bool]]:
    """Where else the story stands, and whether that one was first."""
    entry = store.entry(article.id)
    assert entry is not None
    return [(x.url, x.is_first) for x in entry.also_at]


def on(day: int) -> Published:
    """A day of March."""
    return Published(day=date(2026, 3, day))


@pytest.mark.parametrize("copies", [True, False])
@pytest.mark.parametrize("wanted", [{}, {"source": "qinglan"}, {"meetings_only": True}])
def test_heads_are_those_of_the_articles_listed(
    store: Store, story: Report, report: Report, copies: bool, wanted: dict[str, Any]
):
    """In the same order, without the records."""
    for x in (story(1), story(2, source="yunze"), report(3), report(4, published=on(5))):
        learn(store, x)
    entries = store.entries(copies=copies, **wanted)
    found = store.heads(copies=copies, **wanted)
    assert [(x.article.id, x.sort_at, x.seq) for x in entries] == [
        (x.id, x.sort_at, x.seq) for x in found
    ]
    assert {x.article.id: x for x in entries} == store.entries_of([x.id for x in found])


def test_reprint_is_joined_under_the_first_publisher(store: Store, story: Report):
    """Whichever was read first; a list over several sites shows the story once."""
    late, early = story(1, published=on(2)), story(2, source="yunze", published=on(1))
    learn(store, late)
    assert [] == places(store, late)
    learn(store, early)
    assert [(early.url, True)] == places(store, late)
    assert [(late.url, False)] == places(store, early)
    assert [early] == [x.article for x in store.entries(copies=False)]
    assert [late, early] == [x.article for x in store.entries()]
    assert [True, False] == [x.is_copy for x in store.entries()]


def test_other_stories_are_left_alone(store: Store, story: Report):
    """The next meeting, and the same words next month."""
    learn(store, story(1))
    learn(store, story(2, source="yunze", published=Published(day=date(2026, 3, 20))))
    learn(store, story(3, source="yunze", title=f"第7次{TITLE}", paragraphs=TEXT[:1]))
    assert 3 == len(store.entries(copies=False))


def test_mangled_copy_is_never_first(store: Store, story: Report):
    """Even if its date is the earlier one; neither is a mirror that its source's file names."""
    mangled = story(1, source=None, published=on(1), repairs=Repairs(steps=("strip_pinyin",)))
    learn(store, mangled)
    original = story(2, published=on(3))
    learn(store, original)
    assert [(original.url, True)] == places(store, mangled)


def test_mirror_of_the_catalogue_is_never_first(address: str, story: Report):
    """Its mark counts for what was stored before it was set."""
    place = Place(code="990101", name="青岚区", province="山东省", short="青岚")
    plain = Source(id="yunze", name="y", place=place, publisher="media", base="http://y.example")
    mirror, original = story(1, source="yunze", published=on(1)), story(2, published=on(3))
    with Store.open(address, sources=[plain]) as store:
        learn(store, mirror)
        learn(store, original)
        assert [(mirror.url, True)] == places(store, original)
    with Store.open(address, sources=[replace(plain, mirror_of="qinglan")]) as store:
        assert [(original.url, True)] == places(store, mirror)


def test_correction_of_one_does_not_split_the_story(store: Store, story: Report):
    """The other publisher keeps the old figure, and the story stays one."""
    first, second = story(1, published=on(1)), story(2, source="yunze", published=on(2))
    learn(store, first)
    learn(store, second)
    words = (
        *(x.replace("12处", "21处").replace("9个", "8个") for x in TEXT),
        "更正：此前数字有误。" * 9,
    )
    learn(store, replace(first, title=f"（更正）{TITLE}", paragraphs=words), NOW + HOUR)
    assert [(first.url, True)] == places(store, second)
    assert 1 == len(store.entries(copies=False))


def test_page_reused_for_another_text_leaves_the_story(store: Store, story: Report):
    """Some addresses carry whatever is newest."""
    first, second = story(1, published=on(1)), story(2, source="yunze", published=on(2))
    learn(store, first)
    learn(store, second)
    other = "区图书馆新馆本周末开放，读者凭身份证可以免费借阅图书，周一闭馆，开放时间是早上九点到晚上八点，欢迎前往。"
    learn(store, replace(first, title="图书馆新馆开放了", paragraphs=(other,)), NOW + HOUR)
    assert [] == places(store, first)
    assert [] == places(store, second)
    assert 2 == len(store.entries(copies=False))


def test_three_tellings_are_one_story_in_any_order(store: Store, story: Report):
    """Two groups that a third telling connects become one."""
    learn(store, story(1, published=on(1)))
    learn(store, story(2, source="yunze", published=on(9)))
    assert 2 == len(store.entries(copies=False))
    middle = story(3, source="dongze", published=on(5))
    learn(store, middle)
    assert 1 == len(store.entries(copies=False))
    assert [True, False] == [x for _, x in places(store, middle)]


def test_copy_stands_for_a_story_that_its_first_publisher_withdrew(store: Store, story: Report):
    """It is news that it is gone there, and it is still to be read here."""
    first, second = story(1, published=on(1)), story(2, source="yunze", published=on(2))
    learn(store, first)
    learn(store, second)
    for hours in (1, 14, 27):
        at = NOW + hours * HOUR
        store.missed(first.id, reason="404", capture_id=None, seen_at=at)
    assert [second] == [x.article for x in store.entries(copies=False)]
    (place,) = store.entries(copies=False)[0].also_at
    assert "withdrawn" == place.state
    learn(store, first, NOW + 40 * HOUR)
    assert [first] == [x.article for x in store.entries(copies=False)]


def test_copy_stands_for_a_story_that_was_taken_off(store: Store, story: Report):
    """What the operator withholds is named nowhere; its subjects count without it."""
    words = (*TEXT, "会议强调，防汛、消防、应急都要抓。")
    first = story(1, published=on(1), paragraphs=words)
    second = story(2, source="yunze", published=on(2), paragraphs=words)
    learn(store, first)
    learn(store, second)
    (topic,) = store.subjects("topic")
    assert 2 == topic.articles
    store.withhold(first.id, reason="court order", at=NOW)
    assert [second] == [x.article for x in store.entries(copies=False)]
    assert [] == places(store, second)
    assert [1] == [x.articles for x in store.subjects("topic")]
    learn(store, replace(first, title=f"{TITLE}了"), NOW + HOUR)
    assert [1] == [x.articles for x in store.subjects("topic")]
    store.release(first.id)
    assert [first.url] == [x.article.url for x in store.entries(copies=False)]
    assert [2] == [x.articles for x in store.subjects("topic")]
