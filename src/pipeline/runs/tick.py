"""What a tick has to do: the columns that are due, in batches that share no host."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

from pipeline.errors import ArchiveError, StoreError
from pipeline.runs.context import Context
from pipeline.runs.entries import settled
from pipeline.runs.ingest import ingest_source
from pipeline.runs.report import Report
from pipeline.schedule import is_due
from pipeline.sources import Catalogue

MOST_BATCHES = 200
"""Batches a run at the most: each is a task, and the engine keeps record of some 200 a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Columns of one source that want a look; None means all, asked for by hand."""

    source: str
    columns: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One of *of* parts of the fleet, split by host: number 1 to *of*."""

    number: int = 1
    of: int = 1

    @property
    def name(self) -> str:
        """What leases call it."""
        return f"tick {self.number}/{self.of}"

    def holds(self, host: str) -> bool:
        """Whether a host belongs to it; the same on every machine."""
        return crc32(host.encode()) % self.of == self.number - 1


def due_work(
    context: Context, source_ids: Collection[str], shard: Shard | None = None
) -> tuple[Work, ...]:
    """Return what is due now of the sources (all verified ones for none), in the catalogue's order.

    A column that has never been looked at is due, and so is one whose last
    look lies in the future. A source may be due for its known articles alone:
    it stands there without columns.
    """
    shard = shard or Shard()
    now = context.clock()
    planned = context.store.upkeep.planned()
    budget, rechecks = context.settings.rechecks, context.store.rechecks
    again = rechecks.due_sources(now) if budget else frozenset()
    spent = rechecks.spent(now, budget=budget)
    verified = [x for x in context.catalogue.sources if x.verified]
    chosen = {x.id: x for x in (context.catalogue.select(source_ids) if source_ids else verified)}
    groups = _groups(context.catalogue, chosen)
    due: dict[str, list[str]] = {
        x: []
        for x, source in chosen.items()
        if x in again and shard.holds(groups[x]) and not source.hosts <= spent
    }
    for column in context.catalogue.columns:
        source = column.source.id
        if source not in chosen or not shard.holds(groups[source]):
            continue
        plan = planned.get((source, column.key))
        if plan is None or is_due(now, looked=plan.looked, due=plan.due):
            due.setdefault(source, []).append(column.key)
    return tuple(Work(source=x, columns=tuple(due[x])) for x in chosen if x in due)


def batches(
    catalogue: Catalogue, work: Sequence[Work], *, most: int
) -> tuple[tuple[Work, ...], ...]:
    """Return the work in *most* batches or fewer; sources that share a host stand in one batch.

    So batches can go at the same time on any machine, and no host is asked by two.
    """
    groups = _groups(catalogue, {x.source for x in work})
    together: dict[str, list[Work]] = defaultdict(list)
    for x in work:
        together[groups[x.source]].append(x)
    most = max(1, min(most, MOST_BATCHES))
    filled: list[list[Work]] = [[] for _ in range(min(most, len(together)))]
    # The largest group first, each to the batch that has least to do
    for group in sorted(together.values(), key=_size, reverse=True):
        min(filled, key=_size).extend(group)
    return tuple(tuple(x) for x in filled)


def _size(work: Iterable[Work]) -> int:
    return sum(len(x.columns or (None,)) for x in work)


def _groups(catalogue: Catalogue, ids: Collection[str]) -> dict[str, str]:
    """The group of each source, named by one of its hosts: sources in different ones share none."""
    root: dict[str, str] = {}

    def find(host: str) -> str:
        while root.setdefault(host, host) != host:
            host = root[host]
        return host

    first: dict[str, str] = {}
    for source in catalogue.sources:  # all of them, so that a group is the same in every tick
        hosts = sorted(source.hosts)
        for other in hosts[1:]:
            root[find(other)] = find(hosts[0])
        first[source.id] = hosts[0]
    return {x: find(first[x]) for x in ids}


def ingest_batch(batch: Sequence[Work], *, context: Context, run_id: int) -> tuple[Report, ...]:
    """Look at the columns of a batch, one source after the other.

    Ends early when the process is to end, and where the store is away for longer than a
    restart takes or the archive cannot be written to, which is told; what is left stays due.
    """
    reports: list[Report] = []
    failures = 0
    for work in batch:
        if context.stopping.is_set() or failures == _STORE_FAILURES:
            break
        try:
            report = ingest_source(
                work.source, context=context, run_id=run_id, columns=work.columns
            )
            failures = 0
        except (StoreError, ArchiveError) as error:
            report = settled(work.source, error)
            failures += 1
        reports.append(report)
    return tuple(reports)


_STORE_FAILURES = 2
"""Sources in a row that find no store or archive before the batch ends."""
