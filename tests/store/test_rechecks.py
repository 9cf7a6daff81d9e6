"""What is due to be asked again, and what lists say of known articles, on both back ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from pipeline.records import Article, ListItem, Published
from pipeline.store import Store

from .conftest import Desk

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SOURCE, COLUMN = "qinglan", "yaowen"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

Report = Callable[..., Article]


def on(article: Article, day: int) -> Article:
    return replace(article, published=Published(day=date(2026, 3, day), at=time(9, 30)))


def item(article: Article) -> ListItem:
    return ListItem(title=article.title, url=article.url, published=article.published)


def plan(store: Store, article: Article, due: datetime | None) -> None:
    store.rechecks.plan(article.id, source=SOURCE, url=article.url, due=due)


def due(store: Store, at: datetime, limit: int = 9) -> list[str]:
    return [x.known.id for x in store.rechecks.due(SOURCE, at, limit=limit)]


def test_what_was_missing_comes_first_then_what_waited_longest(
    store: Store, desk: Desk, report: Report
):
    """Nothing is asked before its time, and nothing of another source."""
    one, two, three, four = (report(n) for n in range(4))
    for n, x in enumerate((one, two, three, four)):
        desk.read(x)
        plan(store, x, NOW + n * HOUR)
    desk.miss(three, at=NOW)
    plan(store, four, None)
    assert [one.id] == due(store, NOW)
    assert [three.id, one.id, two.id] == due(store, NOW + DAY)
    assert [three.id] == due(store, NOW + DAY, limit=1)
    assert () == store.rechecks.due("elsewhere", NOW + DAY, limit=9)
    assert (NOW + HOUR, None) == tuple(store.rechecks.planned(x.id) for x in (two, four))
    assert {SOURCE} == store.rechecks.due_sources(NOW)
    assert set() == store.rechecks.due_sources(NOW - HOUR)


def test_a_host_is_asked_so_often_in_an_hour(store: Store):
    """The next hour begins anew; other hosts have budgets of their own."""
    spend = store.rechecks.spend
    assert [True, True, False] == [spend("a.example", NOW, budget=2) for _ in range(3)]
    assert spend("b.example", NOW, budget=2)
    assert {"a.example"} == store.rechecks.spent(NOW, budget=2)
    assert spend("a.example", NOW + HOUR, budget=2)
    assert set() == store.rechecks.spent(NOW + HOUR, budget=2)


def test_neighbours_are_the_nearest_articles_that_are_there(
    store: Store, desk: Desk, report: Report
):
    """Before and after; none that is missing, withdrawn, a headline or of another column."""
    articles = {n: on(report(n), n) for n in range(1, 10)}
    articles[4] = replace(articles[4], text_kind="headline")
    articles[7] = replace(articles[7], column="other")
    for x in articles.values():
        desk.read(x, at=NOW + 10 * DAY)
    desk.miss(articles[6], at=NOW + 10 * DAY)
    plan(store, articles[5], NOW)
    (asked,) = store.rechecks.due(SOURCE, NOW, limit=1)
    found = store.rechecks.neighbours(asked, SOURCE, limit=3)
    assert articles[3].id == found[0].known.id
    assert {articles[n].id for n in (3, 2, 8)} == {x.known.id for x in found}
    assert {x.url for x in articles.values()} >= {x.url for x in found}


def test_what_left_its_list_is_due_once(store: Store, desk: Desk, report: Report):
    """What is older than the list's oldest item did not leave it; what is back may leave again."""
    articles = [on(report(n), n) for n in range(1, 6)]
    for x in articles:
        desk.read(x)
    store.saw_listing(SOURCE, COLUMN, [item(x) for x in articles], at=NOW)
    old, gone, *there = articles[0], articles[3], articles[2], articles[4]

    def left(at: datetime) -> tuple[str, ...]:
        store.saw_listing(SOURCE, COLUMN, [item(x) for x in there], at=at)
        return store.rechecks.left_list(
            SOURCE, COLUMN, shown=[x.url for x in there], younger_than=date(2026, 3, 2), at=at
        )

    assert (gone.id,) == left(NOW + HOUR)
    assert [gone.id] == due(store, NOW + HOUR)
    assert store.rechecks.due(SOURCE, NOW + HOUR, limit=1)[0].left_list
    assert () == left(NOW + 2 * HOUR)
    store.saw_listing(SOURCE, COLUMN, [item(gone), item(old)], at=NOW + 3 * HOUR)
    assert not store.rechecks.due(SOURCE, NOW + 3 * HOUR, limit=1)[0].left_list
    plan(store, gone, None)
    assert (gone.id,) == left(NOW + 4 * HOUR)


def test_texts_of_lists_are_told_apart(store: Store, desk: Desk, report: Report):
    """They were read from the list's own page, and have none to ask for."""
    told, paged = on(report(1), 5), on(report(2), 5)
    desk.read(paged)
    number = desk.capture("https://www.qinglan.example/yaowen/", b"list")
    desk.reread(told, number)
    store.saw_listing(SOURCE, COLUMN, [item(told), item(paged)], at=NOW)
    day = date(2026, 3, 1)
    found = store.rechecks.told_no_more(SOURCE, COLUMN, shown=(), younger_than=day)
    assert [told.id] == [x.id for x in found]
    shown = [told.url]
    assert () == store.rechecks.told_no_more(SOURCE, COLUMN, shown=shown, younger_than=day)
    assert (paged.id,) == store.rechecks.left_list(
        SOURCE, COLUMN, shown=shown, younger_than=day, at=NOW + HOUR
    )


def test_withdrawn_articles_on_a_list_are_due(store: Store, desk: Desk, report: Report):
    """Live ones are not: lists show them every day."""
    gone, live = report(1), report(2)
    for x in (gone, live):
        desk.read(x)
    for n in range(3):
        desk.miss(gone, at=NOW + n * DAY)
    at = NOW + 5 * DAY
    assert (gone.id,) == store.rechecks.back_on_list(SOURCE, [gone.url, live.url], at=at)
    assert [gone.id] == due(store, at)
    assert () == store.rechecks.back_on_list(SOURCE, [gone.url], at=at)  # it is due already


def test_a_reparse_goes_on_by_the_same_rules_only(store: Store):
    """And begins anew when it has come to its end."""
    assert 0 == store.upkeep.reparsed_until(SOURCE, "a")
    store.upkeep.save_reparse(SOURCE, "a", 7, at=NOW)
    store.upkeep.save_reparse(SOURCE, "a", 9, at=NOW)
    assert (9, 0) == tuple(store.upkeep.reparsed_until(SOURCE, x) for x in ("a", "b"))
    store.upkeep.save_reparse(SOURCE, "a", None, at=NOW)
    assert 0 == store.upkeep.reparsed_until(SOURCE, "a")


def test_days_of_lists_are_found_together(store: Store, report: Report):
    """As one by one: the list that says it last."""
    one, two = on(report(1), 4), replace(report(2), published=None)
    store.saw_listing(SOURCE, COLUMN, [item(on(one, 3)), item(two)], at=NOW)
    store.saw_listing(SOURCE, "other", [item(one)], at=NOW + HOUR)
    assert {one.id: one.published} == store.listings_published([one.id, two.id, "0" * 16])
    assert one.published == store.listed_published(one.url)
