"""A tick takes what is due, once, and the next one what was missed."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from pipeline import runs
from pipeline.records import CHINA, FetchRules
from pipeline.runs.context import source_lock
from pipeline.runs.tick import Shard, Work, batches, due_work
from pipeline.sources import Catalogue

ALL = ("demo-qinglan", "demo-yunze", "demo-dongze")


def tick(context: runs.Context, *ids: str) -> dict[str, runs.Report]:
    work = due_work(context, ids)
    with runs.ledger(context, "ingest", {}) as entry:
        for batch in batches(context.catalogue, work, most=8):
            for report in runs.ingest_batch(batch, context=context, run_id=entry.run_id):
                entry.add(report)
    return {x.source: x for x in entry.reports}


def test_what_was_never_looked_at_is_due(context: runs.Context):
    """A new source is read by the next tick."""
    assert set(ALL) <= {x.source for x in due_work(context, ())}


def test_nothing_is_due_right_after_a_tick(context: runs.Context, clock):
    """Columns come back one by one, each after its own time."""
    tick(context, *ALL)
    assert () == due_work(context, ALL)
    clock.now += timedelta(hours=7)
    assert set(ALL) == {x.source for x in due_work(context, ALL)}


def test_a_weekend_night_is_left_alone_longer_than_a_morning(context: runs.Context, clock):
    """The next look follows hours and days in China."""
    tick(context, "demo-yunze")
    friday = min(x.due for x in context.store.upkeep.planned().values()) - clock.now
    clock.now = (clock.now + timedelta(days=1)).astimezone(CHINA).replace(hour=23)
    tick(context, "demo-yunze")
    night = min(x.due for x in context.store.upkeep.planned().values()) - clock.now
    assert night > friday


def test_a_failed_source_is_due_soon_again(context: runs.Context, clock, server):
    """What could not be read is tried after the shortest time, whatever the rhythm says."""
    (column, *_) = context.catalogue.columns_of("demo-dongze")
    server.change(column.url, None)
    tick(context, "demo-dongze")
    plan = context.store.upkeep.planned()["demo-dongze", column.key]
    assert (1, context.settings.poll_shortest) == (plan.failures, plan.due - clock.now)


def test_a_clock_put_back_delays_nothing(context: runs.Context, clock):
    """After an hour backwards everything is due at once, and planned anew."""
    tick(context, *ALL)
    clock.now -= timedelta(hours=1)
    assert set(ALL) == {x.source for x in due_work(context, ALL)}
    tick(context, *ALL)
    assert () == due_work(context, ALL)


def test_a_busy_source_stays_due(context: runs.Context):
    """A backfill that reads the source puts the tick's look off; that is no failure."""
    with source_lock(context, "demo-yunze"):
        reports = tick(context, "demo-yunze", "demo-dongze")
    assert ("Completed", 0) == (reports["demo-yunze"].state, reports["demo-yunze"].counts["listed"])
    assert {"demo-yunze"} == {x.source for x in due_work(context, ALL)} - {"demo-qinglan"}


def fleet(catalogue: Catalogue, n: int) -> Catalogue:
    """Invented sources; every fifth shares a further host with its neighbour."""
    (column, *_) = catalogue.columns
    columns = []
    for k in range(n):
        rules = FetchRules(hosts=(f"shared{k // 5}.example",) if k % 5 < 2 else ())
        source = replace(column.source, id=f"s{k:04}", base=f"http://s{k:04}.example", rules=rules)
        columns.append(replace(column, source=source))
    return Catalogue(sources=tuple(x.source for x in columns), columns=tuple(columns))


def test_batches_share_no_host(context: runs.Context):
    """Whatever goes at the same time, a host is asked by one of them; nothing is left out."""
    many = fleet(context.catalogue, 500)
    work = [Work(source=x.id, columns=("zwyw",)) for x in many.sources]
    chosen = batches(many, work, most=32)
    hosts = [
        {
            h
            for x in b
            for h in (
                urlsplit(many.source(x.source).base).hostname,
                *many.source(x.source).rules.hosts,
            )
        }
        for b in chosen
    ]
    assert 32 == len(chosen)
    assert sum(map(len, hosts)) == len(set().union(*hosts))
    assert sorted(x.source for b in chosen for x in b) == [x.id for x in many.sources]
    assert max(map(len, chosen)) - min(map(len, chosen)) <= 2


def test_a_run_has_no_more_tasks_than_the_engine_keeps(context: runs.Context):
    """A fleet of thousands is batched, not one task a source."""
    many = fleet(context.catalogue, 1000)
    work = [Work(source=x.id) for x in many.sources]
    assert 200 == len(batches(many, work, most=1000))


def test_shards_split_the_fleet_by_host(context: runs.Context):
    """Every source is in one shard; sources that share a host in the same one."""
    many = replace(context, catalogue=fleet(context.catalogue, 200))
    ids = [x.id for x in many.catalogue.sources]
    parts = [{x.source for x in due_work(many, ids, Shard(number=n, of=3))} for n in (1, 2, 3)]
    assert set(ids) == set().union(*parts)
    assert len(ids) == sum(map(len, parts))
    assert all(30 < len(x) for x in parts)
    assert all(({"s0000", "s0001"} <= x) or not ({"s0000", "s0001"} & x) for x in parts)
