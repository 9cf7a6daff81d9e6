"""Walk a source's paging back in time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from pipeline.errors import ConfigError
from pipeline.records import ListItem
from pipeline.runs.context import Context, source_lock
from pipeline.runs.lists import Walk, tell, wanted
from pipeline.runs.reading import Pass, SourceStopped, read_article
from pipeline.runs.report import Report, Tally
from pipeline.store import BackfillState


def backfill_source(
    source_id: str,
    *,
    since: date,
    until: date,
    max_pages: int,
    context: Context,
    run_id: int,
    progress: Callable[[str], None] = lambda _: None,
) -> Report:
    """Read the articles that the lists of one source date between *since* and *until*, inclusive.

    Dates are days in China. Walks at most *max_pages* list pages a column and
    continues where an earlier, unfinished backfill of the same column and
    *since* stopped. Raises `ConfigError` for an unknown source or wrong dates,
    and `BusyError` while another run reads the source.
    """
    if until < since:
        raise ConfigError(
            f"until ({until}) is before since ({since})", where=source_id, hint="swap the two dates"
        )
    context.catalogue.source(source_id)
    tally = Tally(source=source_id)
    try:
        with source_lock(context, source_id):
            for column in context.catalogue.columns_of(source_id):
                p = Pass(context=context, run_id=run_id, column=column, tally=tally)
                _backfill_column(
                    p, since=since, until=until, max_pages=max_pages, progress=progress
                )
    except SourceStopped:
        pass  # the reason is among the problems already
    return tally.report()


def _backfill_column(
    p: Pass, *, since: date, until: date, max_pages: int, progress: Callable[[str], None]
) -> None:
    store = p.context.store
    state = store.backfill_state(p.column.source.id, p.column.key)
    if state is None or state.since != since or state.done:
        # Another range, or a walk that came to its end: lists have moved since.
        state = BackfillState(
            source=p.column.source.id, column=p.column.key, since=since, until=until
        )
    walk = Walk(reading=p, day=until, max_pages=max_pages, resume=state.next_url)
    pages = 0
    for read in walk:
        items = [x for x in read.page.items if _between(x, since, until)]
        tell(p, read, items)
        if sum(not read_article(p, x) for x in wanted(p, items)):
            return  # the page is walked again next time: its articles are still wanting
        pages += 1
        progress(f"{p.column.key}: page {pages}, {len(items)} items in range")
        done = _all_older(read.page.items, since) or read.page.next_url is None
        state = replace(
            state, until=until, next_url=read.page.next_url, done=done, pages=state.pages + 1
        )
        store.save_backfill(state, at=p.context.clock())
        if done:
            return
    if walk.came_to_end and pages:
        store.save_backfill(replace(state, done=True), at=p.context.clock())


def _between(item: ListItem, since: date, until: date) -> bool:
    return item.published is None or since <= item.published.day <= until


def _all_older(items: tuple[ListItem, ...], since: date) -> bool:
    """Whether a page lies wholly before *since*: by date, since pinned items stand first."""
    days = [x.published.day for x in items if x.published is not None]
    return bool(days) and all(x < since for x in days)
