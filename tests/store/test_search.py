"""Full-text search, the same on both back ends."""

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.records import Article, Attachment, Credit, Place, Published, Source
from pipeline.store import Store, folding

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
Report = Callable[..., Article]


def plain(report: Report, n: int, title: str, *paragraphs: str, **changes: Any) -> Article:
    """An article that says nothing but this."""
    bare: dict[str, Any] = {"credits": (), "meetings": (), "paragraphs": paragraphs}
    return report(n, title=title, **(bare | changes))


@pytest.fixture
def numbers(store: Store, desk: Any, report: Report) -> Callable[..., list[int]]:
    """Stores articles by number and says which of them a query finds, in order."""

    def find(query: str, **filters: Any) -> list[int]:
        by_id = {report(n).id: n for n in range(20)}
        return [by_id[x.entry.article.id] for x in store.search(query, **filters)]

    return find


# Queries and the numbers of the articles that they find
FOUND: dict[str, list[int]] = {
    "河堤": [1],  # two characters are a word
    "堤": [1],  # and so is one, also at the end of a run
    "修": [1, 2, 3],
    "常务会议": [2],
    "务会": [2],
    "常务 会议": [2],  # words in any place
    "会议常务": [],  # but a word in one piece
    "會議": [2, 3],  # traditional finds simplified
    "修橋": [2],
    "乾燥": [3],
    "gdp": [3],
    "ＧＤＰ": [3],
    "2024年": [3],
    "024": [3],
    "《通知》": [2],  # punctuation does not matter
    "通知、修桥": [2],
    "通知桥": [],
    "江阔": [2],  # padded in print
    "王小溪": [1],
    "附件表": [1],
    "青府办〔2026〕3号": [],
    "": [],
    "！？": [],
    "没有": [],
    "修 没有": [],
    "'": [],
    "河堤' OR '1": [],
    '"': [],
    "河*": [1],
    "NOT 河堤": [],
    "\x00" + chr(0xD800): [],
}


def test_what_queries_find(desk: Any, report: Report, numbers: Any):
    """All words, each in one piece, whatever script, case, width and punctuation."""
    desk.read(
        plain(
            report,
            1,
            "防汛",
            "区里修好河堤",
            credits=(Credit(role="记者", label="记者", names=("王小溪",)),),
            attachments=(
                Attachment(url="http://q.example/a", name="附件表.doc", media_type="a/b"),
            ),
        )
    )
    desk.read(
        plain(
            report,
            2,
            "会议",
            "江　阔主持召开常务会议。",
            "印发通知，修桥。",
            credits=(Credit(role="编辑", label="编辑", names=("江　阔",)),),
        )
    )
    desk.read(plain(report, 3, "修路", "2024年，GDP增长，会议说，气候干燥"))
    assert FOUND == {x: sorted(numbers(x)) for x in FOUND}


def test_title_before_text_and_new_before_old(desk: Any, report: Report, numbers: Any):
    """An article about the word stands before those that mention it, a newer one before older."""
    for n, title, day in ((1, "桥", 1), (2, "路", 9), (3, "桥", 5), (4, "路", 7)):
        published = Published(day=date(2026, 2, day))
        desk.read(plain(report, n, title, "修桥修路", published=published))
    assert [3, 1, 2, 4] == numbers("桥")
    assert [1, 2] == numbers("桥", limit=2, offset=1)
    assert [2, 4, 3, 1] == numbers("修桥")


def test_edited_text_is_found_by_its_new_words_alone(desk: Any, report: Report, numbers: Any):
    """The index follows the newest record."""
    desk.read(plain(report, 1, "a", "修好河堤"))
    desk.read(plain(report, 1, "a", "修好大桥"))
    assert ([], [1], [1]) == (numbers("河堤"), numbers("大桥"), numbers("修好"))


def test_filters(desk: Any, report: Report, numbers: Any):
    """By source, kind of text, body and people of a meeting, and day."""
    desk.read(report(1))
    desk.read(plain(report, 2, "公告", "会议", source="yunze", text_kind="notice"))
    desk.read(plain(report, 3, "公告", "会议", published=Published(day=date(2026, 2, 1))))
    assert [2, 1, 3] == numbers("会议") or [1, 2, 3] == numbers("会议")
    assert [1, 3] == numbers("会议", sources=["qinglan"])
    assert [] == numbers("会议", sources=[])
    assert [2] == numbers("会议", kind="notice")
    assert [1] == numbers("会议", body="政府")
    assert [1] == numbers("会议", person="江 阔")
    assert [1] == numbers("会议", person="王小溪")
    assert [3] == numbers("会议", until=date(2026, 2, 28))
    assert {1, 2} == set(numbers("会议", since=date(2026, 3, 1), until=date(2026, 3, 1)))


def test_filters_by_topic_person_and_place(address: str, report: Report):
    """A person in any role, a topic of the table, the division of the source."""
    place = Place(code="990101", name="青岚区", province="山东省", short="青岚")
    lies = Source(id="qinglan", name="q", place=place, publisher="media", base="http://q.example")
    with Store.open(address, sources=[lies]) as store:
        for x in (
            report(1, text="会议研究防汛、消防、安全生产。"),
            report(2, source="yunze"),
            plain(report, 3, "会议", "江阔"),
        ):
            store.learn(x, capture_id=None, seen_at=NOW, interpreter=1)

        def found(**filters: Any) -> set[str]:
            return {x.entry.article.id for x in store.search("会议", **filters)}

        one, two, three = (report(n).id for n in (1, 2, 3))
        assert {one} == found(topic="safety")
        assert set() == found(topic="education")
        assert {one, two} == found(person="江阔") == found(person="江　阔")
        assert {one, three} == found(place="990101")
        assert set() == found(place="990101", sources=["yunze"]) == found(place="990102")


def test_both_back_ends_answer_alike(server_address: str, tmp_path: Any, report: Report):
    """The same articles in the same order with the same marks, whatever is asked."""
    dice = random.Random(7)
    words = ["修桥", "河堤", "會議", "会议", "防汛", "GDP增长", "2024年", "江阔", "乾燥", "桥"]
    with (
        Store.open(server_address) as one,
        Store.open(f"sqlite:///{tmp_path}/q.db") as other,
    ):
        for n in range(60):
            text = "，".join(dice.choices(words, k=4))
            whole = report(n) if n % 3 else plain(report, n, "", "会议")
            article = replace(
                whole,
                title="".join(dice.choices(words, k=2)),
                paragraphs=(*whole.paragraphs[:1], text),
                source=dice.choice(["qinglan", "yunze", None]),
                text_kind=dice.choice(["meeting", "notice"]),
                published=Published(day=date(2026, 2, dice.randint(1, 28))),
            )
            for store in (one, other):
                store.learn(article, capture_id=None, seen_at=NOW, interpreter=1)
        asked = 0
        for _ in range(150):
            query = " ".join(
                dice.choices([*words, "修", "堤，", "汛、", "没有"], k=dice.randint(1, 2))
            )
            filters: dict[str, Any] = {
                "kind": dice.choice([None, None, "notice"]),
                "body": dice.choice([None, None, "政府"]),
                "person": dice.choice([None, None, "江阔", "李河"]),
                "topic": dice.choice([None, None, None, "safety"]),
                "sources": dice.choice([None, None, ["qinglan"]]),
                "since": dice.choice([None, date(2026, 2, 9)]),
                "limit": dice.choice([3, 20]),
                "offset": dice.choice([0, 0, 2]),
            }
            found = one.search(query, **filters)
            asked += bool(found)
            assert [(x.entry.article, x.title, x.snippet) for x in found] == [
                (x.entry.article, x.title, x.snippet) for x in other.search(query, **filters)
            ], (query, filters)
        assert asked > 40


def test_hit_shows_where_the_word_stands(store: Store, desk: Any, report: Report):
    """Snippets are cut around the first hit, as written, with the words marked."""
    long = "甲" * 90 + "修　橋" + "乙" * 90
    desk.read(plain(report, 1, "修橋記", "第一段", long))
    (hit,) = store.search("修 桥")
    assert (("修橋", True), ("記", False)) == hit.title
    before, first, blank, second, after = hit.snippet
    assert (("修", True), ("　", False), ("橋", True)) == (first, blank, second)
    assert "…" + "甲" * 40 == before[0]
    assert "乙" * 37 + "…" == after[0]


def test_very_long_text_is_stored(store: Store, desk: Any, report: Report):
    """Beyond 50,000 characters a text is kept, but not searched."""
    rare = "".join(map(chr, range(0x4E00, 0x9FFF)))
    desk.read(plain(report, 1, "a", "青" + rare * 4 + "岚青"))
    assert 1 == len(store.search("青一"))
    assert 0 == len(store.search("岚青"))


WORDS = st.text(st.sampled_from("修桥橋河会議GＤ24 ，'\"*𠮷"), max_size=6)


@given(texts=st.lists(WORDS, min_size=1, max_size=5), query=WORDS)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_search_finds_what_reading_would(
    store: Store, empty: Any, report: Report, numbers: Any, texts: list[str], query: str
):
    """Exactly the texts in which every word of the query stands, on any database."""
    empty()
    for n, text in enumerate(texts):
        article = plain(report, n, "", text, origin=None)
        store.learn(article, capture_id=None, seen_at=NOW, interpreter=1)
    words = [x for x in map(naive, query.split()) if x]
    found = {n for n, x in enumerate(texts) if words and all(w in naive(x) for w in words)}
    assert found == set(numbers(query))


def naive(text: str) -> str:
    """The text without script, case, width and punctuation, told in other words."""
    narrow = unicodedata.normalize("NFKC", text).lower().replace("橋", "桥").replace("議", "议")
    return re.sub(r"[\W_]+", " ", narrow).strip()


@given(st.text(st.sampled_from("修橋 ㎡，ＡßİA\u0301é\u3000"), max_size=20))
def test_marks_change_no_text(text: str):
    """The pieces put together are the text; folding again changes nothing."""
    words = folding.terms(text)
    assert text == "".join(piece for piece, _ in folding.mark(text, words))
    assert folding.fold(text) == folding._places(text)[0]
    assert folding.fold(folding.fold(text)) == folding.fold(text)
