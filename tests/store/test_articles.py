"""Articles and revisions, on both back ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import text

from pipeline.errors import StoreError
from pipeline.records import Article, ListItem, Published
from pipeline.revisions import Decision, decide
from pipeline.store import Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Report = Callable[..., Article]


def rows(store: Store, table: str) -> list[tuple[Any, ...]]:
    """All rows of a table, for what has no method of its own yet."""
    with store._do.database.engine.connect() as connection:
        query = text(f"SELECT * FROM {table} ORDER BY 1, 2, 3")
        return [tuple(x) for x in connection.execute(query)]


def test_new_article_comes_back_whole(store: Store, desk: Any, report: Report):
    """What was stored is what was read, with the times we learned of it."""
    article = report()
    applied = desk.read(article)
    assert ("new", 1) == (applied.kind, applied.number)
    (entry,) = store.entries()
    assert article == entry.article == store.article(article.id)
    assert (NOW, NOW, 1, "live", applied.seq) == (
        entry.first_seen,
        entry.updated,
        entry.revision,
        entry.state,
        entry.seq,
    )


def test_unknown_article_is_none(store: Store):
    """Asking for what is not there is no error."""
    assert store.article("ffff") is None
    assert {} == store.known(["ffff"])
    assert () == store.history("ffff")


def test_second_reading_changes_nothing_but_last_seen(store: Store, desk: Any, report: Report):
    """Doing anything twice adds no revision."""
    desk.read(report())
    applied = desk.read(report(), at=NOW + HOUR)
    assert ("unchanged", None) == (applied.kind, applied.seq)
    known = store.known([report().id])[report().id]
    assert (NOW + HOUR, NOW, 1) == (known.last_seen, known.updated, known.number)
    assert 1 == len(store.log())


def test_edit_keeps_what_was_there(store: Store, desk: Any, report: Report):
    """A correction adds a revision; the old text stays in the history."""
    desk.read(report())
    desk.read(report(text="会议指出，要修好大桥。"), at=NOW + HOUR)
    first, second = store.history(report().id)
    assert ("new", "edited") == (first.kind, second.kind)
    assert (("paragraphs",), NOW + HOUR) == (second.changed, second.seen_at)
    assert "会议指出，要修好河堤。" == first.article.paragraphs[1]
    assert "会议指出，要修好大桥。" == second.article.paragraphs[1]
    (entry,) = store.entries()
    assert (NOW, NOW + HOUR, 2) == (entry.first_seen, entry.updated, entry.revision)


def test_volatile_page_stops_making_revisions(store: Store, desk: Any, report: Report):
    """A visit counter inside the text makes five revisions a week, not one a look."""
    kinds = [
        desk.read(report(text=f"会议指出，阅读{n}次。"), at=NOW + n * HOUR).kind for n in range(9)
    ]
    assert ["new", *["edited"] * 5, *["unchanged"] * 3] == kinds
    later = [desk.read(report(text=f"会议指出，阅读{n}次。"), at=NOW + n * DAY) for n in (9, 10)]
    assert [("edited", 7), ("edited", 8)] == [(x.kind, x.number) for x in later]
    assert 2 == store.known([report().id])[report().id].edits


def test_reparse_is_no_act_of_the_publisher(store: Store, desk: Any, report: Report):
    """A better reading is logged, but neither `updated` nor `last_seen` moves."""
    desk.read(report())
    (capture,) = store.captures()
    better = report(text_kind="minutes")
    applied = desk.reread(better, capture.id, at=NOW + DAY, interpreter=2)
    assert "reparsed" == applied.kind
    known = store.known([better.id])[better.id]
    assert (NOW, NOW, 2, 2) == (known.updated, known.last_seen, known.number, known.interpreter)
    assert better == store.article(better.id)


def test_withdrawn_and_back_again(store: Store, desk: Any, report: Report):
    """Three misses over a day withdraw; text and projections stay; an answer restores."""
    article = report()
    desk.read(article)
    kinds = [desk.miss(article, at=NOW + n * 12 * HOUR).kind for n in range(1, 6)]
    assert ["missing", "missing", "withdrawn", "missing", "missing"] == kinds
    (entry,) = store.entries()
    assert ("withdrawn", article) == (entry.state, entry.article)
    assert 1 == store.counts().withdrawn
    assert "restored" == desk.read(article, at=NOW + 5 * DAY).kind
    assert "live" == store.entries()[0].state
    assert ["new", "withdrawn", "restored"] == [x.kind for x in store.history(article.id)]


def test_answer_in_between_starts_the_misses_anew(store: Store, desk: Any, report: Report):
    """Only looks in a row count."""
    article = report()
    desk.read(article)
    desk.miss(article, at=NOW + HOUR)
    desk.miss(article, at=NOW + 2 * HOUR)
    store.saw([article.id], at=NOW + 3 * HOUR)
    known = store.known([article.id])[article.id]
    assert (0, None, NOW + 3 * HOUR) == (known.misses, known.missing_since, known.last_seen)
    assert "missing" == desk.miss(article, at=NOW + 9 * DAY).kind


def test_look_before_a_miss_does_not_undo_it(store: Store, desk: Any, report: Report):
    """A run that comes late with an earlier look changes nothing."""
    article = report()
    desk.read(article)
    desk.miss(article, at=NOW + 2 * HOUR)
    store.saw([article.id], at=NOW + HOUR)
    assert 1 == store.known([article.id])[article.id].misses


def test_entries_are_newest_publication_first(store: Store, desk: Any, report: Report):
    """A page of today found late stands where its date puts it; one without where we found it."""
    days = {1: 5, 2: 9, 3: 7}
    for n, day in days.items():
        desk.read(report(n, published=Published(day=date(2026, 2, day))))
    desk.read(report(4, published=None), at=datetime(2026, 2, 8, tzinfo=UTC))
    desk.read(
        report(5, published=Published(day=date(2062, 2, 6))), at=datetime(2026, 2, 6, tzinfo=UTC)
    )
    ids = [x.article.id for x in store.entries()]
    assert [report(n).id for n in (2, 4, 3, 5, 1)] == ids
    assert ids[:3] == [
        x.article.id for x in store.entries(since=datetime(2026, 2, 6, 15, tzinfo=UTC))
    ]
    assert ids[:2] == [x.article.id for x in store.entries(limit=2)]


def test_entries_by_source_column_and_meetings(store: Store, desk: Any, report: Report):
    """Each filter keeps its own."""
    desk.read(report(1))
    desk.read(report(2, column="gonggao", meetings=()))
    desk.read(report(3, source="yunze"))

    def numbers(**filters: Any) -> set[int]:
        found = {x.article.id for x in store.entries(**filters)}
        return {n for n in (1, 2, 3) if report(n).id in found}

    assert {1, 2} == numbers(source="qinglan")
    assert {2} == numbers(source="qinglan", column="gonggao")
    assert {1, 3} == numbers(meetings_only=True)


def test_article_listed_in_two_columns_stands_in_both(store: Store, desk: Any, report: Report):
    """The column that it was read from is not the only one whose readers want it."""
    desk.read(report())
    items = [ListItem(title="a", url=report().url)]
    store.saw_listing("qinglan", "huiyi", items, at=NOW)
    for column, n in (("yaowen", 1), ("huiyi", 1), ("gonggao", 0)):
        assert n == len(store.entries(source="qinglan", column=column))
        assert n == len(store.entries(column=column))
    assert () == store.entries(source="yunze", column="huiyi")


def test_a_column_gives_its_newest_whoever_listed_them(store: Store, desk: Any, report: Report):
    """What was read from it and what only stood in its list, in one order, each once."""
    for n in range(1, 6):
        day = Published(day=date(2026, 2, n))
        desk.read(report(n, column="yaowen" if n % 2 else "gonggao", published=day))
    items = [ListItem(title="a", url=report(n).url) for n in (4, 5)]
    store.saw_listing("qinglan", "yaowen", items, at=NOW)
    wanted = [report(n).id for n in (5, 4, 3, 1)]
    for limit in (10, 2):
        filters: dict[str, Any] = {"source": "qinglan", "column": "yaowen", "limit": limit}
        assert wanted[:limit] == [x.id for x in store.heads(**filters)]
        assert wanted[:limit] == [x.article.id for x in store.entries(**filters)]


def test_days_count_what_each_source_published(store: Store, desk: Any, report: Report):
    """By day and source, meetings apart; articles of no source and older ones are left out."""
    first, second = Published(day=date(2026, 2, 1)), Published(day=date(2026, 2, 2))
    desk.read(report(1, published=first))
    desk.read(report(2, published=second, meetings=()))
    desk.read(report(3, published=second))
    desk.read(report(4, published=second, source="yunze"))
    desk.read(report(5, published=second, source=None, column=None))
    desk.read(report(6, published=Published(day=date(2026, 1, 1))))
    found = store.days_by_source(since=first.day)
    assert {"qinglan", "yunze"} == set(found)
    assert [(first.day, 1, 1), (second.day, 2, 1)] == [
        (x.day, x.articles, x.meetings) for x in found["qinglan"]
    ]
    assert found["qinglan"] == store.days("qinglan", since=first.day)
    assert () == store.days("elsewhere", since=first.day)


def test_unknown_page_that_is_missing_is_nothing(store: Store):
    """A dead link in a list is no article."""
    assert store.missed("ffff", reason="404", capture_id=None, seen_at=NOW) is None


def test_all_articles_can_be_walked_through(store: Store, desk: Any, report: Report):
    """Piece by piece, each once, whatever is stored meanwhile."""
    for n in range(5):
        desk.read(report(n))
    ids = sorted(report(n).id for n in range(5))
    assert ids == [x.article.id for x in store.walk()]
    assert ids[2:4] == [x.article.id for x in store.walk(ids[1], limit=2)]
    assert () == store.walk(ids[-1])


def test_log_is_in_the_order_of_learning(store: Store, desk: Any, report: Report):
    """A backfilled article comes after what was known; reading goes on where it stopped."""
    for n in (3, 1, 2):
        desk.read(report(n))
    desk.read(report(1, text="会议指出，要修好大桥。"))
    log = store.log()
    assert [report(n).id for n in (3, 1, 2, 1)] == [x.article_id for x in log]
    assert sorted(x.seq for x in log) == [x.seq for x in log]
    assert log[2:] == store.log(log[1].seq)
    assert log[:1] == store.log(limit=1)
    assert log[3:] == store.log(kinds=["edited"])


def test_projections_follow_the_newest_revision(store: Store, desk: Any, report: Report):
    """Meeting, agenda and credits are those of the newest record alone."""
    article = report()
    desk.read(article)
    ((key, n, *meeting),) = rows(store, "meeting")
    assert (article.id, 0, ["政府", "常务会议", None, 7, None], "江阔") == (
        key,
        n,
        meeting[:5],
        meeting[6],
    )
    assert [(article.id, 0, 0, "召开", "常务会议", None, None)] == rows(store, "agenda_item")
    people = [(article.id, 0, "记者", "李河"), (article.id, 1, "记者", "王小溪")]
    assert people == rows(store, "credit")
    desk.read(report(text="会议取消。", meetings=(), credits=()))
    for table in ("meeting", "agenda_item", "credit"):
        assert [] == rows(store, table)


def test_known_takes_any_number_of_ids(store: Store, desk: Any, report: Report):
    """A list longer than what one statement may hold is asked in parts."""
    desk.read(report())
    ids = [f"{n:016x}" for n in range(2000)] + [report().id]
    assert [report().id] == list(store.known(ids))


def test_stale_decision_is_taken_again(store: Store, desk: Any, report: Report):
    """Whoever decided beside an older state gets the outcome of the newer one."""
    article = report()
    decision = decide(None, article, interpreter=1, at=NOW)
    outcomes = [
        store.apply(article, decision, capture_id=None, seen_at=NOW, interpreter=1)
        for _ in range(2)
    ]
    assert ["new", "unchanged"] == [x.kind for x in outcomes]


def test_unstorable_record_leaves_nothing_behind(store: Store, report: Report):
    """A refused text undoes the whole transaction."""
    bad = report(origin="a\x00b")
    decision = decide(None, bad, interpreter=1, at=NOW)
    with pytest.raises(StoreError, match=r"origin|a.x00b"):
        store.apply(bad, decision, capture_id=None, seen_at=NOW, interpreter=1)
    assert 0 == store.counts().articles


@pytest.mark.parametrize("kind", ["withdrawn", "unchanged", "edited"])
def test_unknown_article_cannot_be_anything_but_new(store: Store, kind: Any):
    """A decision on what is not there is refused."""
    with pytest.raises(StoreError, match="ffff: unknown article"):
        store.apply(
            None,
            Decision(id="ffff", kind=kind, reason="404"),
            capture_id=None,
            seen_at=NOW,
            interpreter=1,
        )


def test_instants_are_stored_in_utc(store: Store, report: Report):
    """Whatever zone an instant is given in, it comes back as the same one in UTC."""
    article = report()
    china = NOW.astimezone(timezone(timedelta(hours=8)))
    decision = decide(None, article, interpreter=1, at=china)
    store.apply(article, decision, capture_id=None, seen_at=china, interpreter=1)
    (revision,) = store.log()
    assert (NOW, UTC) == (revision.seen_at, revision.seen_at.tzinfo)


def test_atomically_does_all_or_nothing(store: Store, desk: Any, report: Report):
    """Steps joined in one transaction are undone together."""

    def work() -> None:
        desk.read(report())
        assert 1 == store.counts().articles  # one's own writing is seen inside
        raise StoreError("something else failed")

    with pytest.raises(StoreError, match="something else"):
        store.atomically(work)
    assert (0, 0) == (store.counts().articles, store.counts().captures)


def test_counts_and_status(store: Store, desk: Any, report: Report):
    """The status page's figures by source."""
    desk.read(report(1))
    desk.read(report(2, meetings=()), at=NOW + HOUR)
    desk.read(replace(report(3), source="yunze"))
    store.checked_column("qinglan", "yaowen", listed=2, at=NOW)
    store.quarantine(
        "http://qinglan.example/x", step="decode", reason="r", source="qinglan", at=NOW
    )
    counts = store.counts()
    assert (3, 2, 3, 3, 1) == (
        counts.articles,
        counts.meetings,
        counts.revisions,
        counts.captures,
        counts.quarantined,
    )
    assert (("qinglan", 2), ("yunze", 1)) == counts.by_source
    qinglan, yunze = store.status()
    assert ("qinglan", 2, 1, 0, 1) == (
        qinglan.source,
        qinglan.articles,
        qinglan.meetings,
        qinglan.withdrawn,
        qinglan.quarantined,
    )
    assert datetime(2026, 3, 1, 1, 30, tzinfo=UTC) == qinglan.newest
    assert ["yaowen"] == [x.column for x in qinglan.columns]
    assert (1, ()) == (yunze.articles, yunze.columns)
