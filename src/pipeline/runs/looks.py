"""What a look at a column came to, written down: its day, its state, when it is due again."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.records import CHINA
from pipeline.runs.alarms import examine
from pipeline.runs.reading import Pass
from pipeline.schedule import Bounds, News, next_look, rhythm_of
from pipeline.store import DAY_COUNTS, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """Where a source's tally stood when a column's turn came."""

    at: datetime
    counts: Counter[str]
    problems: int


def begin_look(p: Pass) -> Before:
    """Return what `note_look` needs to tell this column's part of the tally."""
    return Before(
        at=p.context.clock(), counts=Counter(p.tally.counts), problems=len(p.tally.problems)
    )


def note_look(p: Pass, before: Before, *, undone: int = 0) -> None:
    """Write down how a look went, in one transaction.

    *undone* articles could not be had and are wanted still: the column is
    then due as soon as after a failure.
    """
    now, store = p.context.clock(), p.context.store
    made = Counter(p.tally.counts)
    made.subtract(before.counts)
    failed = not (made["listed"] or made["unchanged"])
    problems = [x.what for x in p.tally.problems[before.problems :]]
    reason = (problems[0] if problems else "not read") if failed else None
    source, column = p.column.source.id, p.column.key

    def work() -> None:
        listed = None if made["unchanged"] else made["listed"]
        failures = store.checked_column(source, column, listed=listed, reason=reason, at=now)
        counts = {x: max(made[x], 0) for x in DAY_COUNTS} | {"looks": 1, "failed": int(failed)}
        counts["quarantined"] = max(
            counts["quarantined"] - made["held"] - made["empty"], 0
        )  # articles that were not understood, and no lists
        if made["listed"]:
            counts["undated"] = store.upkeep.listed_at(source, column, before.at)[1]
        store.upkeep.count_day(source, column, now.astimezone(CHINA).date(), counts)
        news = news_of(store, source, column)
        examine(store, source, column, counts, news=news, now=now, reason=reason or "")
        due = _due(p, news, now, failures or min(undone, 1))
        store.upkeep.plan(source, column, due)

    store.atomically(work)


def _due(p: Pass, news: tuple[News, ...], now: datetime, failures: int) -> datetime:
    settings = p.context.settings
    bounds = Bounds(shortest=settings.poll_shortest, longest=settings.poll_longest)
    today = now.astimezone(CHINA).date()
    return next_look(now, rhythm_of(news, today=today), bounds, failures=failures)


def news_of(store: Store, source: str, column: str) -> tuple[News, ...]:
    """Return what a column published of late, as far as its lists tell."""
    return tuple(_news(store.upkeep.news(source, column)))


def _news(rows: Iterable[tuple[str | None, datetime]]) -> Iterable[News]:
    """One News a row: its hour is what the list says, or when we saw it on its own day."""
    for published, first_seen in rows:
        seen = first_seen.astimezone(CHINA)
        if published is None:
            continue
        day = date.fromisoformat(published[:10])
        if len(published) > len("2026-03-01"):
            yield News(day=day, hour=datetime.fromisoformat(published).astimezone(CHINA).hour)
        else:
            yield News(day=day, hour=seen.hour if seen.date() == day else None)
