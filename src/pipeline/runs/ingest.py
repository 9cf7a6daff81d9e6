"""Read what is new in the columns of a source."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from pipeline.rechecks import told_until
from pipeline.records import CHINA, ListItem
from pipeline.runs.context import BusyError, Context, source_lock
from pipeline.runs.lists import ListRead, Walk, remember_list, tell, wanted
from pipeline.runs.looks import begin_look, note_look
from pipeline.runs.reading import Pass, SourceStopped, read_article
from pipeline.runs.rechecks import recheck_source
from pipeline.runs.report import Report, Tally


def ingest_source(
    source_id: str, *, context: Context, run_id: int, columns: Collection[str] | None = None
) -> Report:
    """Read the columns of one source once (those of *columns*, where given); what was done.

    Known articles that are due are asked for again after that.

    Problems of the source end up in the report and never raise. Raises
    `ConfigError` for an unknown source and `StoreError` when nothing can be stored.
    """
    tally = Tally(source=source_id)
    context.catalogue.source(source_id)
    wanted_columns = [
        x for x in context.catalogue.columns_of(source_id) if columns is None or x.key in columns
    ]
    try:
        with source_lock(context, source_id) as claim:
            stopped = False
            for column in wanted_columns:
                if claim.lost:
                    tally.problem(source_id, "stopped: another run took over", "failed")
                    break
                alarms = context.store.upkeep.alarms(source=source_id, column=column.key)
                p = Pass(
                    context=context,
                    run_id=run_id,
                    column=column,
                    tally=tally,
                    alarms=frozenset(x.kind for x in alarms),
                    claim=claim,
                )
                stopped = _look(p, stopped=stopped)
            if not stopped and not claim.lost:
                recheck_source(source_id, context=context, run_id=run_id, tally=tally, claim=claim)
    except BusyError as error:
        if columns is None:
            tally.problem(source_id, str(error), "failed")
        # else it stays due, and the next tick takes it
    return tally.report()


def _look(p: Pass, *, stopped: bool) -> bool:
    """Look at a column and write down what came of it; whether the source wants to be left alone."""
    before, undone = begin_look(p), 0
    if not stopped:
        try:
            undone = ingest_column(p)
        except SourceStopped:
            stopped = True  # the reason is among the problems already
        if p.context.stopping.is_set() or (p.claim is not None and p.claim.lost):
            return True  # nothing was found out: the column stays due
    note_look(p, before, undone=undone)
    return stopped


def ingest_column(p: Pass) -> int:
    """Read the column's newest list pages and the articles on them that are not known yet.

    Goes on to the next page only while pages bring something new. Returns how
    many articles could not be had and are wanted still.
    """
    first: ListRead | None = None
    undone = 0
    shown: list[ListItem] = []
    day = p.context.clock().astimezone(CHINA).date()
    for read in Walk(reading=p, day=day, max_pages=p.column.max_pages, conditional=True):
        first = first or read
        shown += read.page.items
        told = tell(p, read, read.page.items)
        items = list(wanted(p, read.page.items))
        undone += sum(not read_article(p, item) for item in items)
        if not items and not told:
            break
    note_list(p, shown)
    if first is not None and not undone:
        remember_list(p, first)
    return undone


def note_list(p: Pass, shown: Sequence[ListItem]) -> None:
    """Plan looks at articles that a list read from its beginning should show, and does not.

    And at withdrawn ones that it shows again. Neither says anything by itself, but for
    texts that only the list brings: those are missing, unless many are at once.
    """
    rechecks, now, source = p.context.store.rechecks, p.context.clock(), p.column.source.id
    urls = [x.url for x in shown]
    rechecks.back_on_list(source, urls, at=now)
    until = told_until(shown)
    if until is None:
        return
    column = p.column.key
    rechecks.left_list(source, column, shown=urls, younger_than=until, at=now)
    told = rechecks.told_no_more(source, column, shown=urls, younger_than=until)
    if len(told) > max(_FEW, len(shown) // 4):
        what = f"{len(told)} texts are not on the list any more, all at once"
        p.tally.problem(f"{source}/{column}", f"{what}: redesigned? Nothing is withdrawn")
        return
    for x in told:
        if x.missing_since is not None and now < x.missing_since + x.misses * _A_DAY:
            continue
        reason = "it left the list that brought its text"
        applied = p.context.store.missed(x.id, reason=reason, capture_id=None, seen_at=now)
        p.tally.counts[applied.kind if applied else "missing"] += 1


_FEW = 3
"""Texts that a list may have dropped at once and is still believed."""

_A_DAY = timedelta(days=1)
"""Between two looks that count: a takedown is believed over days."""
