"""The shell over the sample sites: everything real but the distance."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from stores import empty_store

from flows.demo.render import Page
from flows.demo.sites import SOURCES, SampleServer
from pipeline import runs
from pipeline.runs.context import source_lock
from pipeline.settings import Settings


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server() -> Iterator[SampleServer]:
    with SampleServer() as running:
        yield running


@pytest.fixture
def context(tmp_path: Path, server: SampleServer, clock: Clock) -> Iterator[runs.Context]:
    folder = tmp_path / "sources"
    folder.mkdir()
    for path in SOURCES.rglob("*.toml"):
        (folder / path.name).write_bytes(path.read_bytes())
    settings = Settings(home=tmp_path / "home", sources=folder, connect_to=server.connect_to)
    empty_store(settings.home / "quwen.db")
    with runs.open_context(settings, clock=clock) as opened:
        yield opened


def ingest(context: runs.Context, *ids: str) -> dict[str, runs.Report]:
    with runs.ledger(context, "ingest", {}) as entry:
        for source in context.catalogue.select(ids):
            entry.add(runs.ingest_source(source.id, context=context, run_id=entry.run_id))
    return {x.source: x for x in entry.reports}


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(x.relative_to(folder)): (x.stat().st_mtime_ns, x.read_bytes())
        for x in folder.rglob("*")
        if x.is_file()
    }


def test_new_articles_are_stored_with_their_meetings(context: runs.Context):
    """What the lists name is fetched, archived, read and stored; failures are counted, not hidden."""
    reports = ingest(context)
    counts = context.store.counts()
    assert counts.articles >= 20
    assert counts.meetings >= 5
    assert all(x.state != "Failed" for x in reports.values())
    qinglan = reports["demo-qinglan"]
    assert (19, 17, 1, 1, 1) == tuple(
        qinglan.counts[x] for x in ("listed", "new", "external", "failed", "quarantined")
    )


def test_a_second_run_changes_nothing(context: runs.Context, server: SampleServer):
    """An unchanged source costs one request a list; no revision, no file written."""
    ingest(context)
    runs.publish(context)
    before = files(context.settings.public_dir)
    revisions = context.store.counts().revisions
    server.forget_requests()
    reports = ingest(context)
    assert 0 == len(runs.publish(context).written)
    assert revisions == context.store.counts().revisions
    assert before == files(context.settings.public_dir)
    assert 0 == sum(x.counts["fetched"] + x.counts["new"] for x in reports.values())


def test_every_stored_article_has_its_capture(context: runs.Context):
    """Nothing is read that was not archived before."""
    ingest(context, "demo-yunze")
    captures = context.store.captures(source="demo-yunze")
    assert captures
    for stored in captures:
        assert stored.status == context.archive.read(stored.ref).status


def test_reparse_needs_no_network_and_finds_the_same(context: runs.Context, server: SampleServer):
    """The archive alone gives the same records again."""
    ingest(context)
    revisions = context.store.counts().revisions
    server.forget_requests()
    for source in context.catalogue.sources:
        report = runs.reparse_source(source.id, context=context, run_id=1)
        assert () == report.problems
        assert 0 == report.counts["reparsed"]
        assert bool(report.counts["read"]) == source.id.startswith("demo-")
    assert 0 == sum(server.counts.values())
    assert revisions == context.store.counts().revisions


def test_an_unreachable_site_fails_alone(tmp_path: Path, server: SampleServer, clock: Clock):
    """One host that does not answer leaves the others as they are, and says where and what."""
    to = {**server.connect_to}
    dead = {x: "127.0.0.1:9" for x in to if x.startswith("yunze")}
    settings = Settings(home=tmp_path / "home", sources=SOURCES, connect_to={**to, **dead})
    with runs.open_context(settings, clock=clock) as context:
        reports = ingest(context, "demo-yunze", "demo-dongze")
    assert "Failed" == reports["demo-yunze"].state
    assert reports["demo-dongze"].counts["new"] > 0
    assert "yunze.example" in reports["demo-yunze"].problems[0].where


def test_an_empty_list_is_an_alarm_and_no_deletion(context: runs.Context, server: SampleServer):
    """A list that shows nothing any more is quarantined; the articles stay."""
    ingest(context, "demo-dongze")
    articles = context.store.counts().articles
    (column, *_) = context.catalogue.columns_of("demo-dongze")
    server.change(
        column.url,
        Page(
            status=200,
            content_type="text/html",
            body="<html><body><p>暂无</p></body></html>".encode(),
            last_modified="Thu, 19 Nov 2026 00:00:00 GMT",
        ),
    )
    report = ingest(context, "demo-dongze")["demo-dongze"]
    assert report.counts["quarantined"] >= 1
    assert articles == context.store.counts().articles


def test_a_source_is_read_by_one_run_at_a_time(context: runs.Context):
    """A second run on the same source ends at once and says why."""
    with source_lock(context, "demo-yunze"):
        report = ingest(context, "demo-yunze")["demo-yunze"]
    assert "another run" in report.problems[0].what
    assert "Completed" == ingest(context, "demo-yunze")["demo-yunze"].state


def test_a_dead_link_is_not_asked_for_at_every_tick(
    context: runs.Context, server: SampleServer, clock: Clock
):
    """A page that was gone is left alone for a day."""
    ingest(context, "demo-qinglan")
    server.forget_requests()
    clock.now += timedelta(hours=1)
    ingest(context, "demo-qinglan")
    assert not [x for x in server.requests if x.status == 404]


def test_backfill_stops_by_date(context: runs.Context):
    """Only articles of the days asked for are fetched, whatever stands pinned above them."""
    since, until = date(2026, 10, 1), date(2026, 10, 31)
    with runs.ledger(context, "backfill", {}) as entry:
        report = runs.backfill_source(
            "demo-qinglan",
            runs.Order(since=since, until=until, max_pages=10),
            context=context,
            run_id=entry.run_id,
        )
    entries = context.store.entries(source="demo-qinglan", limit=100)
    days = {x.article.published.day for x in entries if x.article.published}
    assert report.counts["new"] == len(entries) > 0
    assert all(since <= x <= until for x in days)


def test_the_ledger_keeps_every_run(context: runs.Context):
    """Runs and their reports are in our own store, with the state they ended in."""
    ingest(context, "demo-yunze")
    (run, *_) = context.store.runs(kind="ingest")
    assert "completed" == run.state
    assert 12 == run.report["sources"][0]["counts"]["new"]
