"""Read what is new in the columns of a source."""

from pipeline.runs.context import BusyError, Context, source_lock
from pipeline.runs.reading import (
    ListRead,
    Pass,
    SourceStopped,
    read_article,
    read_list,
    remember_list,
    wanted,
)
from pipeline.runs.report import Report, Tally


def ingest_source(source_id: str, *, context: Context, run_id: int) -> Report:
    """Read every column of one source once; returns what was done.

    Problems of the source end up in the report and never raise. Raises
    `ConfigError` for an unknown source and `StoreError` when nothing can be stored.
    """
    tally = Tally(source=source_id)
    context.catalogue.source(source_id)
    try:
        with source_lock(context, source_id):
            for column in context.catalogue.columns_of(source_id):
                ingest_column(Pass(context=context, run_id=run_id, column=column, tally=tally))
    except SourceStopped:
        pass  # the reason is among the problems already
    except BusyError as error:
        tally.problem(source_id, str(error), "failed")
    return tally.report()


def ingest_column(p: Pass) -> None:
    """Read the column's newest list pages and the articles on them that are not known yet.

    Goes on to the next page only while pages bring something new.
    """
    url: str | None = p.column.url
    first: ListRead | None = None
    undone = 0
    seen: set[str] = set()
    while url is not None and url not in seen and len(seen) < p.column.max_pages:
        read = read_list(p, url, conditional=not seen)
        seen.add(url)
        if read is None:
            break
        first = first or read
        items = list(wanted(p, read.page.items))
        undone += sum(not read_article(p, item) for item in items)
        if not items:
            break
        url = read.page.next_url
    if first is not None and not undone:
        remember_list(p, p.column.url, first)
