"""When a column is worth another look, from the rhythm in which its publisher works.

Pure: the history comes in, an instant goes out. Days and hours are those of
China (UTC+8), which has one zone and no summer time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.records import CHINA

WANTED = 0.5
"""News expected since the last look that make another one worth its request."""

_WINDOW_DAYS = 60
_ENOUGH_NEWS, _ENOUGH_DAYS = 5, 7  # below that the column's own history says nothing
_USUAL_DAY = (4.0, 1.0)  # news on a workday and at the weekend, where nothing is known
_SURPRISE = 3.0  # news missed in a row that chance does not explain: e^-3 is 5 %
_QUIETEST = 8.0
_PRIOR_NEWS = 8.0  # how many news the usual hours weigh as

_HOUR = timedelta(hours=1)


def _usual_hours() -> tuple[float, ...]:
    weights = [1.0 if 8 <= h < 18 else 0.4 if h in (7, 18, 19, 20, 21) else 0.05 for h in range(24)]
    return tuple(x / sum(weights) for x in weights)


_USUAL_HOURS = _usual_hours()


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One thing a column published: its day in China, and the hour where that is known."""

    day: date
    hour: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The shortest and the longest time between two looks at a column."""

    shortest: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """News expected on a workday and on a day of the weekend, and how a day's hours share them.

    ``quiet`` divides what is expected: it is above 1 while the publisher is
    silent for longer than chance explains, as over holidays.
    """

    workday: float = _USUAL_DAY[0]
    weekend: float = _USUAL_DAY[1]
    hours: tuple[float, ...] = _USUAL_HOURS
    quiet: float = 1.0

    def on(self, day: date) -> float:
        """News expected on *day*, holidays apart."""
        return self.weekend if day.weekday() >= 5 else self.workday

    def an_hour(self, at: datetime) -> float:
        """News expected in the hour that holds the instant *at*."""
        local = at.astimezone(CHINA)
        return self.on(local.date()) * self.hours[local.hour] / self.quiet


def rhythm_of(news: Iterable[News], *, today: date) -> Rhythm:
    """Return the rhythm that the news of the last 60 days show; the usual one for too few.

    News dated after *today* are left out: lists announce things.
    """
    first_day = today - timedelta(days=_WINDOW_DAYS)
    known = [x for x in news if first_day <= x.day <= today]
    if not known:
        return Rhythm()
    first = min(x.day for x in known)
    days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    if len(known) < _ENOUGH_NEWS or len(days) < _ENOUGH_DAYS:
        return Rhythm()
    plain = Rhythm(
        workday=_mean(known, days, weekend=False),
        weekend=_mean(known, days, weekend=True),
        hours=_hours(known),
    )
    last = max(x.day for x in known)
    missed = sum(plain.on(x) for x in days if last < x < today)
    quiet = min(max(missed / _SURPRISE, 1.0), _QUIETEST)
    return Rhythm(workday=plain.workday, weekend=plain.weekend, hours=plain.hours, quiet=quiet)


def _mean(known: list[News], days: list[date], *, weekend: bool) -> float:
    """News a day of one kind, with one usual day mixed in so that it is never 0."""
    of_kind = sum((x.weekday() >= 5) == weekend for x in days)
    found = sum((x.day.weekday() >= 5) == weekend for x in known)
    return (found + _USUAL_DAY[weekend]) / (of_kind + 1)


def _hours(known: list[News]) -> tuple[float, ...]:
    seen = [0] * 24
    for x in known:
        if x.hour is not None:
            seen[x.hour] += 1
    whole = sum(seen) + _PRIOR_NEWS
    return tuple((n + _PRIOR_NEWS * u) / whole for n, u in zip(seen, _USUAL_HOURS, strict=True))


def next_look(looked: datetime, rhythm: Rhythm, bounds: Bounds, *, failures: int = 0) -> datetime:
    """Return the instant at which a column is due again after the look at *looked*.

    That is when `WANTED` news are to be expected, within *bounds*. After
    *failures* looks in a row that failed it is the shortest time, doubled
    with each further one up to the longest.
    """
    latest = looked + bounds.longest
    if failures:
        pause: timedelta = bounds.shortest * 2 ** min(failures - 1, 20)
        return min(looked + pause, latest)
    expected, at = 0.0, looked
    while at < latest:
        hour_ends = at.replace(minute=0, second=0, microsecond=0) + _HOUR
        part = (hour_ends - at) / _HOUR
        rate = rhythm.an_hour(at)
        if expected + rate * part >= WANTED:
            due = at + _HOUR * ((WANTED - expected) / rate)
            return min(max(due, looked + bounds.shortest), latest)
        expected += rate * part
        at = hour_ends
    return latest


_SKEW = timedelta(minutes=1)


def is_due(now: datetime, *, looked: datetime, due: datetime | None) -> bool:
    """Whether a column wants a look *now*.

    A look in the future is no look: the clock was put back since, and what
    was planned by it would wait for too long.
    """
    return due is None or due <= now or looked > now + _SKEW
