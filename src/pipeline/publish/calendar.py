"""A year of a site as a calendar: a column a week, a square a day, a dot where a meeting is. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.store import DayCount

WEEKS = 53
_STEP, _SIDE, _TOP = 14, 11, 18
_STEPS = (1, 3, 6)
"""Articles a day up to which a square has the first, second, third shade; the fourth beyond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """A day with something: its place in the drawing, its shade from 1 to 4."""

    x: int
    y: int
    shade: int
    count: DayCount


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The drawing. ``grid`` is a path of all squares; ``months`` say where the name of which stands.

    ``by_month`` has (first day, articles, meetings) for each month with something, newest first:
    the same for those who do not see the drawing.
    """

    width: int
    height: int
    side: int
    grid: str
    squares: tuple[Square, ...]
    months: tuple[tuple[int, int], ...]
    first: date
    last: date
    articles: int
    meetings: int
    by_month: tuple[tuple[date, int, int], ...]


def first_day(last: date) -> date:
    """The Monday that a calendar up to *last* begins with."""
    return last - timedelta(days=last.weekday(), weeks=WEEKS - 1)


def calendar_of(counts: Iterable[DayCount], last: date) -> Calendar:
    """The calendar of 53 weeks that ends on *last*; other days are left out."""
    first = first_day(last)
    within = tuple(x for x in counts if first <= x.day <= last)
    days = (last - first).days + 1
    places = [(n // 7 * _STEP, _TOP + n % 7 * _STEP) for n in range(days)]
    return Calendar(
        width=WEEKS * _STEP,
        height=_TOP + 7 * _STEP,
        side=_SIDE,
        grid="".join(f"M{x} {y}h{_SIDE}v{_SIDE}h-{_SIDE}z" for x, y in places),
        squares=tuple(_square(x, places[(x.day - first).days]) for x in within),
        months=_months(first, last),
        first=first,
        last=last,
        articles=sum(x.articles for x in within),
        meetings=sum(x.meetings for x in within),
        by_month=_by_month(within),
    )


def _square(count: DayCount, place: tuple[int, int]) -> Square:
    shade = 1 + sum(count.articles > x for x in _STEPS)
    return Square(x=place[0], y=place[1], shade=shade, count=count)


def _months(first: date, last: date) -> tuple[tuple[int, int], ...]:
    """Where a week is the first of a month, from the second week on: place and month."""
    weeks = [first + timedelta(weeks=n) for n in range(WEEKS) if first + timedelta(weeks=n) <= last]
    starts = [
        (n * _STEP, day.month)
        for n, day in enumerate(weeks)
        if n == 0 or day.month != weeks[n - 1].month
    ]
    # the first month may end after a week: its name would run into the next
    return tuple(
        x for x, y in zip(starts, [*starts[1:], None], strict=True) if not y or y[0] - x[0] > _STEP
    )


def _by_month(counts: Sequence[DayCount]) -> tuple[tuple[date, int, int], ...]:
    found: dict[date, tuple[int, int]] = {}
    for x in counts:
        month = x.day.replace(day=1)
        articles, meetings = found.get(month, (0, 0))
        found[month] = (articles + x.articles, meetings + x.meetings)
    return tuple((month, *found[month]) for month in sorted(found, reverse=True))
