"""What grows is kept within limits, and nothing that is still needed goes."""

from dataclasses import replace
from datetime import timedelta

from flows.demo.sites import SITES
from pipeline import runs


def ingest(context: runs.Context, source: str) -> None:
    with runs.ledger(context, "ingest", {}) as entry:
        entry.add(runs.ingest_source(source, context=context, run_id=entry.run_id))


def limited(context: runs.Context, **changes) -> runs.Context:
    return replace(context, settings=context.settings.model_copy(update=changes))


def warcs(context: runs.Context) -> set[str]:
    root = context.settings.archive_dir
    return {str(x.relative_to(root)) for x in root.rglob("*.warc.gz")}


def test_without_a_limit_every_response_is_kept(context: runs.Context, clock):
    """Forgetting is the operator's decision."""
    ingest(context, "demo-yunze")
    captures = context.store.counts().captures
    clock.now += timedelta(days=4000)
    done = runs.maintain(context)
    assert (0, captures) == (done.captures, context.store.counts().captures)


def test_old_responses_go_and_records_stay(context: runs.Context, clock):
    """Past the limit the archive file is gone, the articles are as they were."""
    ingest(context, "demo-yunze")
    old = warcs(context)
    articles = [x.article for x in context.store.entries(limit=100)]
    clock.now += timedelta(days=100)
    ingest(context, "demo-dongze")
    done = runs.maintain(limited(context, keep_archive_days=60))
    assert done.captures > 0
    assert not old & warcs(context)
    assert warcs(context)
    assert articles == [x.article for x in context.store.entries(source="demo-yunze", limit=100)]
    assert () == context.store.captures(source="demo-yunze")
    for stored in context.store.captures():
        context.archive.read(stored.ref)
    report = runs.reparse_source("demo-yunze", context=context, run_id=1)
    assert (0, ()) == (report.counts["read"], report.problems)


def test_what_a_later_response_refers_to_is_kept(context: runs.Context, clock, server):
    """The same content a year later is stored as a reference: its origin must stay."""
    ingest(context, "demo-yunze")
    old = warcs(context)
    clock.now += timedelta(days=100)
    (column, *_) = context.catalogue.columns_of("demo-yunze")
    site = next(x for x in SITES if x.host.startswith("yunze"))
    page = next(x for path, x in site.pages.items() if site.url(path) == column.url)
    changed = replace(page, last_modified="Fri, 26 Feb 2027 00:00:00 GMT")
    server.change(column.url, changed)
    context.store.set_validators(
        column.url, etag=None, last_modified=None, capture_id=None, at=clock.now
    )
    ingest(context, "demo-yunze")
    newest = context.store.newest_capture(column.url)
    assert newest is not None
    runs.maintain(limited(context, keep_archive_days=60))
    assert old & warcs(context)
    assert page.body == context.archive.read(newest.ref).body


def test_old_runs_and_days_are_forgotten(context: runs.Context, clock):
    """After the limit the ledger has only what captures still name, without its report."""
    for _ in range(5):
        ingest(context, "demo-yunze")
        clock.now += timedelta(days=1)
    with runs.ledger(context, "publish", {}):
        pass
    clock.now += timedelta(days=30)
    done = runs.maintain(limited(context, keep_runs_days=20))
    assert done.runs >= 1
    assert done.days == 5 * len(context.catalogue.columns_of("demo-yunze"))
    left = context.store.runs()
    assert all(x.report is None for x in left)
    assert {x.run_id for x in context.store.captures()} <= {x.id for x in left}


def test_maintaining_twice_changes_nothing_more(context: runs.Context, clock):
    """The second time there is nothing to do."""
    ingest(context, "demo-yunze")
    clock.now += timedelta(days=500)
    own = limited(context, keep_archive_days=60)
    runs.maintain(own)
    again = runs.maintain(own)
    assert (0, 0, 0, 0) == (again.runs, again.days, again.captures, again.files_removed)
