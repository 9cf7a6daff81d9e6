"""What of a range of days is not there yet, as far as the lists have told."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.records import CHINA
from pipeline.runs.backfill import check_days
from pipeline.runs.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of a column: items that its lists dated in it, and what became of them.

    ``missing`` are neither stored nor known to be unreadable. ``walked`` says
    whether a backfill has come past the month: before that, lists may hold more.
    """

    source: str
    column: str
    month: str
    listed: int
    stored: int
    unreadable: int
    missing: int
    walked: bool


def missing(context: Context, source_id: str, *, since: date, until: date) -> tuple[Month, ...]:
    """Return the months of a range for each column of a source. Asks nobody; reads the store.

    Days that are still to come are left out. Raises `ConfigError` for an unknown source
    or wrong dates.
    """
    today = context.clock().astimezone(CHINA).date()
    check_days(since, until, today=today)
    until = min(until, today)
    context.catalogue.source(source_id)
    store = context.store
    bad = {x.url for x in store.quarantined(source=source_id, limit=100_000)}
    found = []
    for column in context.catalogue.columns_of(source_id):
        listed, stored, unreadable = Counter[str](), Counter[str](), Counter[str]()
        for url, day, is_stored in store.upkeep.outcomes(source_id, column.key, since, until):
            month = day.strftime("%Y-%m")
            listed[month] += 1
            stored[month] += is_stored
            unreadable[month] += not is_stored and url in bad
        state = store.backfill_state(source_id, column.key)
        for month in _months(since, until):
            first = date.fromisoformat(f"{month}-01")
            walked = (
                state is not None
                and state.done
                and state.since is not None
                and state.since <= max(first, since)
            )
            counts = listed[month], stored[month], unreadable[month]
            found.append(
                Month(
                    source=source_id,
                    column=column.key,
                    month=month,
                    listed=counts[0],
                    stored=counts[1],
                    unreadable=counts[2],
                    missing=counts[0] - counts[1] - counts[2],
                    walked=walked,
                )
            )
    return tuple(found)


def _months(since: date, until: date) -> Iterator[str]:
    year, month = since.year, since.month
    while (year, month) <= (until.year, until.month):
        yield f"{year:04}-{month:02}"
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
