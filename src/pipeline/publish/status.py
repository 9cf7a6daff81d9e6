"""How the sources fare, as a page for people. Its bytes know no clock.

Days count back from the newest article of all. When a source was read last is shown by
the day, so that a look that finds nothing new does not write the page anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.publish.alarms import WORDS
from pipeline.publish.document import clean
from pipeline.publish.frames import PageLanguage, frame
from pipeline.publish.html import render_page
from pipeline.records import CHINA, Source
from pipeline.sources import Catalogue
from pipeline.store import DayCount, SourceStatus, Store

NAME = "status/index.html"

_DAYS = 30
_STEP, _HEIGHT = 6, 30  # of the drawing: width of a day, height of the day with most articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What is wrong with a column: a kind of `WORDS`, or empty with the reason of a failure."""

    column: str
    kind: str
    since: date | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One source. ``per_week`` is its rhythm over the last 30 days, ``bars`` a path of as many bars."""

    source: Source
    has_page: bool
    read: date | None
    newest: date | None
    articles: int
    unreadable: int
    recent: int
    bars: str
    troubles: tuple[Trouble, ...]

    @property
    def state(self) -> str:
        """``good``, ``alarm`` or ``failing``."""
        if any(not x.kind for x in self.troubles):
            return "failing"
        return "alarm" if self.troubles else "good"

    @property
    def rhythm(self) -> tuple[str, str]:
        """How often something appears: words with {n}, and the number."""
        for words, days in (("每天约 {n} 篇", 1), ("每周约 {n} 篇", 7)):
            if self.recent * days >= _DAYS:
                return words, f"{self.recent * days / _DAYS:.0f}"
        return "30 天内 {n} 篇", str(self.recent)


def status_lines(
    store: Store, catalogue: Catalogue, told: Iterable[SourceStatus], with_page: Iterable[str]
) -> tuple[Line, ...]:
    """A line for each source of the catalogue of which something is *told*, those in trouble first."""
    status = {x.source: x for x in told}
    newest = max((x.newest for x in status.values() if x.newest), default=None)
    last = newest.astimezone(CHINA).date() if newest else None
    days = store.days_by_source(since=last - timedelta(days=_DAYS - 1)) if last else {}
    alarms: dict[str, list[Trouble]] = {}
    for x in store.upkeep.alarms():
        found = Trouble(column=x.column, kind=x.kind, since=_day(x.opened_at), reason="")
        alarms.setdefault(x.source, []).append(found)
    paths = frozenset(with_page)
    lines = tuple(
        _line(x, status[x.id], days.get(x.id, ()), last, alarms.get(x.id, []), x.id in paths)
        for x in catalogue.sources
        if x.id in status
    )
    return tuple(sorted(lines, key=lambda x: ("failing", "alarm", "good").index(x.state)))


def _line(
    source: Source,
    status: SourceStatus,
    days: Sequence[DayCount],
    last: date | None,
    alarms: Sequence[Trouble],
    has_page: bool,
) -> Line:
    failing = tuple(
        Trouble(column=x.column, kind="", since=_day(x.ok_at), reason=clean(x.reason or ""))
        for x in status.columns
        if x.failures
    )
    return Line(
        source=source,
        has_page=has_page,
        read=max((d for x in status.columns if (d := _day(x.ok_at))), default=None),
        newest=_day(status.newest),
        articles=status.articles,
        unreadable=status.quarantined,
        recent=sum(x.articles for x in days),
        bars=_bars(days, last) if last else "",
        troubles=(*failing, *alarms),
    )


def _bars(days: Sequence[DayCount], last: date) -> str:
    most = max(3, *(x.articles for x in days)) if days else 3  # one article a day is no tower
    first = last - timedelta(days=_DAYS - 1)
    places = (((x.day - first).days, max(2, round(x.articles * _HEIGHT / most))) for x in days)
    return "".join(
        f"M{n * _STEP} {_HEIGHT - high}h{_STEP - 1}v{high}h-{_STEP - 1}z"
        for n, high in places
        if 0 <= n < _DAYS
    )


def _day(instant: datetime | None) -> date | None:
    return instant.astimezone(CHINA).date() if instant else None


def status_page(lines: Sequence[Line], catalogue: Catalogue, language: PageLanguage) -> bytes:
    """The page of all sources."""
    columns = {(x.source.id, x.key): x.name for x in catalogue.columns}
    return render_page(
        "status.html",
        language=language,
        **frame(NAME, language),
        lines=lines,
        columns=columns,
        kinds=WORDS,
        width=_DAYS * _STEP,
        height=_HEIGHT,
    )
