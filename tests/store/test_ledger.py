"""Runs, lists, walks back and holds, on both back ends."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from pipeline.identity import article_id
from pipeline.records import ListItem, Published
from pipeline.store import BackfillState, Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_run_is_told_from_start_to_end(store: Store):
    """The ledger says what ran, with what, where, how long and how it went."""
    run_id = store.begin_run("ingest", {"sources": ["qinglan"]}, at=NOW)
    (run,) = store.runs()
    assert ("running", None, None, os.getpid()) == (run.state, run.ended, run.report, run.pid)
    store.end_run(run_id, "completed_with_errors", {"失败": 1}, at=NOW + HOUR)
    (run,) = store.runs()
    assert ("completed_with_errors", NOW, NOW + HOUR) == (run.state, run.started, run.ended)
    assert ({"sources": ["qinglan"]}, {"失败": 1}) == (run.params, run.report)


def test_last_runs_are_one_of_each_kind(store: Store):
    """The status page shows the newest run of each kind."""
    for kind in ("ingest", "publish", "ingest"):
        last = store.begin_run(kind, None, at=NOW)
    assert [("ingest", last), ("publish", 2)] == [(x.kind, x.id) for x in store.last_runs()]
    assert [last, 1] == [x.id for x in store.runs(kind="ingest")]
    assert [last] == [x.id for x in store.runs(limit=1)]


def test_silent_run_is_marked_as_died(store: Store):
    """A killed run does not stay "running" for ever; one that beats does."""
    dead = store.begin_run("ingest", None, at=NOW - 3 * HOUR)
    alive = store.begin_run("ingest", None, at=NOW - 3 * HOUR)
    store.beat(alive, at=NOW)
    assert 1 == store.bury_runs(silent_since=NOW - HOUR, at=NOW)
    assert {dead: "died", alive: "running"} == {x.id: x.state for x in store.runs()}
    assert 0 == store.bury_runs(silent_since=NOW - HOUR, at=NOW)


def test_listing_remembers_first_and_last_sight(store: Store):
    """A line seen again keeps its first day; its title may change."""
    url = "https://qinglan.example/1.html"
    twin = "http://www.qinglan.example/1.html#top"
    day = Published(day=date(2026, 3, 1))
    ids = store.saw_listing(
        "qinglan",
        "yaowen",
        [ListItem(title="旧", url=url, published=day), ListItem(title="旧", url=twin)],
        at=NOW,
    )
    assert (article_id(url),) == ids
    store.saw_listing("qinglan", "yaowen", [ListItem(title="新", url=url)], at=NOW + HOUR)
    (line,) = store.listed("qinglan", "yaowen")
    assert line.published is None  # the list shows none any more
    assert ("新", NOW, NOW + HOUR) == (line.title, line.first_seen, line.last_seen)
    assert () == store.listed("qinglan", "gonggao")


def test_list_date_keeps_its_precision(store: Store):
    """A minute given by a list is a minute, a day stays a day, none is none."""
    dates = (None, Published(day=date(2026, 3, 1)), Published(day=date(2026, 3, 1), at=time(8, 5)))
    urls = [f"https://qinglan.example/{n}.html" for n in range(3)]
    items = [ListItem(title="a", url=u, published=d) for u, d in zip(urls, dates, strict=True)]
    store.saw_listing("qinglan", "yaowen", items, at=NOW)
    assert dates == tuple(map(store.listed_published, urls))
    assert set(dates) == {x.published for x in store.listed("qinglan", "yaowen")}


def test_column_counts_failures_in_a_row(store: Store):
    """An alarm knows how long a column has been failing, and its last good look."""
    outcomes = [None, "empty list", "empty list", None]
    failures = [
        store.checked_column("qinglan", "yaowen", listed=0, reason=x, at=NOW + n * HOUR)
        for n, x in enumerate(outcomes)
    ]
    assert [0, 1, 2, 0] == failures
    store.checked_column("qinglan", "yaowen", listed=0, reason="empty list", at=NOW + 4 * HOUR)
    ((column,),) = [x.columns for x in store.status()]
    assert (1, "empty list", NOW + 3 * HOUR, NOW + 4 * HOUR) == (
        column.failures,
        column.reason,
        column.ok_at,
        column.checked_at,
    )


def test_source_that_never_gave_anything_has_a_status(store: Store):
    """A site that fails from the first day is told of, with zeros."""
    assert 1 == store.checked_column("qinglan", "yaowen", listed=0, reason="403", at=NOW)
    store.quarantine("http://yunze.example/", step="decode", reason="r", source="yunze", at=NOW)
    qinglan, yunze = store.status()
    for source in (qinglan, yunze):
        assert (0, 0, 0) == (source.articles, source.meetings, source.withdrawn)
        assert source.newest is None
    assert (0, 1) == (qinglan.quarantined, yunze.quarantined)
    assert (None, 1) == (qinglan.columns[0].ok_at, qinglan.columns[0].failures)


def test_page_in_two_lists_has_the_date_of_the_last_one(store: Store):
    """Two lists may differ; the one that was looked at last is believed."""
    url = "https://qinglan.example/1.html"
    first, second = (Published(day=date(2026, 3, n)) for n in (1, 2))
    store.saw_listing(
        "qinglan", "a", [ListItem(title="a", url=url, published=second)], at=NOW + HOUR
    )
    store.saw_listing("qinglan", "b", [ListItem(title="a", url=url, published=first)], at=NOW)
    assert second == store.listed_published(url)


def test_walk_back_goes_on_where_it_stopped(store: Store):
    """What was saved is what comes back, one state a column."""
    assert store.backfill_state("qinglan", "yaowen") is None
    state = BackfillState(
        source="qinglan",
        column="yaowen",
        since=date(2024, 1, 1),
        next_url="https://qinglan.example/list_7.html",
        pages=6,
    )
    store.save_backfill(state, at=NOW)
    assert replace(state, updated=NOW) == store.backfill_state("qinglan", "yaowen")
    done = BackfillState(source="qinglan", column="yaowen", done=True, pages=9)
    store.save_backfill(done, at=NOW)
    assert replace(done, updated=NOW) == store.backfill_state("qinglan", "yaowen")


def test_host_is_left_alone_until_the_latest_date(store: Store):
    """A hold ends by itself; an earlier date never shortens it."""
    store.defer_host("qinglan.example", not_before=NOW + 2 * HOUR, reason="429")
    store.defer_host("qinglan.example", not_before=NOW + HOUR, reason="503")
    hold = store.deferred("qinglan.example", now=NOW)
    assert hold is not None
    assert (NOW + 2 * HOUR, "429") == (hold.not_before, hold.reason)
    assert store.deferred("qinglan.example", now=NOW + 2 * HOUR) is None
    assert store.deferred("yunze.example", now=NOW) is None
