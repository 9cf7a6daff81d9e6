"""Walk a source's paging back in time."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.errors import ConfigError
from pipeline.records import CHINA, Column, ListItem
from pipeline.runs.context import BusyError, Context, source_lock
from pipeline.runs.lists import ListRead, Walk, tell, wanted
from pipeline.runs.reading import Pass, SourceStopped, read_article
from pipeline.runs.report import Report, Tally
from pipeline.store import BackfillState


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How far a backfill has come, told after each article and each list page.

    The column, its page, what that page has in range, the articles asked for so far in all
    columns, and the share of the whole (0 to 1), which goes by days.
    """

    column: str
    page: int
    in_range: int
    fetched: int
    share: float


@dataclass(slots=True, kw_only=True)
class Order:
    """What a backfill is to do, and what it may still spend.

    Dates are days in China, both included. At most *max_pages* list pages a column are walked
    and *max_articles* articles fetched, all columns together (None: no limit). A *dry_run*
    walks the lists and counts; it fetches no article and the next run begins anew.
    """

    since: date
    until: date
    max_pages: int
    max_articles: int | None = None
    dry_run: bool = False
    spent: int = 0

    @property
    def is_spent(self) -> bool:
        """Whether no further article may be fetched."""
        return self.max_articles is not None and self.spent >= self.max_articles


def backfill_source(
    source_id: str,
    order: Order,
    *,
    context: Context,
    run_id: int,
    progress: Callable[[Step], None] = lambda _: None,
) -> Report:
    """Read the articles that the lists of one source date within an order's days.

    Goes on where an earlier backfill with the same first day was stopped: columns
    that it had done are not walked again. Raises `ConfigError` for an unknown source or
    wrong dates; a source that another run reads is told in the report.
    """
    check_days(order.since, order.until, today=_today(context))
    context.catalogue.source(source_id)
    tally = Tally(source=source_id)
    columns = context.catalogue.columns_of(source_id)
    try:
        with source_lock(context, source_id) as claim:
            standing = _standing(context, columns, order)
            for n, column in enumerate(columns):
                p = Pass(context=context, run_id=run_id, column=column, tally=tally, claim=claim)
                for step in _backfill_column(p, order, standing[n]):
                    progress(replace(step, share=(n + step.share) / len(columns)))
                if order.is_spent:
                    break
    except SourceStopped:
        pass  # the reason is among the problems already
    except BusyError as error:
        tally.problem(source_id, str(error), "failed")
    return tally.report()


def check_days(since: date, until: date | None, *, today: date) -> None:
    """Raise `ConfigError` for days that no walk can have; *until* may lie ahead, *since* may not."""
    if since > today:
        raise ConfigError(
            f"lies in the future: it is {today} in China", where=f"since {since}", hint="mend it"
        )
    if until is not None and until < since:
        raise ConfigError(f"is before since {since}", where=f"until {until}", hint="swap them")


def _today(context: Context) -> date:
    return context.clock().astimezone(CHINA).date()


def _standing(
    context: Context, columns: Sequence[Column], order: Order
) -> tuple[BackfillState | None, ...]:
    """Where each column's walk stands; None for one that begins anew.

    When all are done the order is a new one: lists have moved since.
    """
    found = [context.store.backfill_state(x.source.id, x.key) for x in columns]
    kept = tuple(x if x is not None and _goes_on(x, order) else None for x in found)
    if order.dry_run or all(x is not None and x.done for x in kept):
        return (None,) * len(columns)
    return kept


def _goes_on(state: BackfillState, order: Order) -> bool:
    """Whether a walk has passed all that an order wants of the newer pages.

    One up to the day on which it was walked passed them all: what came later is
    read on schedule.
    """
    if state.since != order.since or state.until is None or state.updated is None:
        return False
    return order.until <= state.until or state.until >= state.updated.astimezone(CHINA).date()


def _backfill_column(p: Pass, order: Order, state: BackfillState | None) -> Iterator[Step]:
    store, since, until = p.context.store, order.since, order.until
    if state is None:
        state = BackfillState(
            source=p.column.source.id, column=p.column.key, since=since, until=until
        )
    elif state.done:
        return
    state = replace(state, until=max(until, state.until or until))
    walk = Walk(reading=p, day=until, max_pages=order.max_pages, resume=state.next_url)
    pages, share = 0, 0.0
    for read in walk:
        items = [x for x in read.page.items if _between(x, since, until)]
        step = Step(
            column=p.column.key,
            page=state.pages + 1,
            in_range=len(items),
            fetched=order.spent,
            share=share,
        )
        if order.dry_run:
            is_whole = _count(p, items)
        else:
            is_whole = yield from _take(p, read, items, order, step)
        pages += 1
        older = _all_older(read.page.items, since)
        share = 1.0 if older else max(share, _share(read.page.items, since, until))
        yield replace(step, fetched=order.spent, share=share)
        if not is_whole:
            return  # the page is walked again next time: its articles are still wanting
        done = older or read.page.next_url is None
        state = replace(state, next_url=read.page.next_url, done=done, pages=state.pages + 1)
        if not order.dry_run:
            store.save_backfill(state, at=p.context.clock())
        if done:
            return
    if walk.came_to_end and pages and not order.dry_run:
        store.save_backfill(replace(state, done=True), at=p.context.clock())


def _count(p: Pass, items: list[ListItem]) -> bool:
    """Count what a page has in range and what of it would be fetched."""
    p.tally.counts["in_range"] += len(items)
    p.tally.counts["wanted"] += sum(1 for _ in wanted(p, items))
    return True


def _take(
    p: Pass, read: ListRead, items: list[ListItem], order: Order, step: Step
) -> Generator[Step, None, bool]:
    """Read what a page has in range, a step an article.

    Returns whether all of it could be had within the order's budget.
    """
    p.tally.counts["in_range"] += len(items)
    tell(p, read, items)
    undone = 0
    for item in wanted(p, items):
        if order.is_spent:
            return False
        order.spent += 1
        undone += not read_article(p, item)
        yield replace(step, fetched=order.spent)
    return not undone


def _share(items: Iterable[ListItem], since: date, until: date) -> float:
    """How much of the days lies behind a walk that has come to these items."""
    days = [x.published.day for x in items if x.published is not None]
    whole = (until - since).days + 1
    return min(max((until - min(days)).days / whole, 0.0), 1.0) if days else 0.0


def _between(item: ListItem, since: date, until: date) -> bool:
    return item.published is None or since <= item.published.day <= until


def _all_older(items: tuple[ListItem, ...], since: date) -> bool:
    """Whether a page lies wholly before *since*: by date, since pinned items stand first."""
    days = [x.published.day for x in items if x.published is not None]
    return bool(days) and all(x < since for x in days)
