"""What running quwen for years has to remember: leases, columns that are due, days, alarms."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, insert, select, update

from pipeline.store.database import upsert
from pipeline.store.schema import (
    DAY_COUNTS,
    alarm,
    alarm_notice,
    article,
    column_day,
    column_state,
    lease,
    listing,
    reparse_state,
)
from pipeline.store.transactions import Transactions

AlarmState = Literal["suspected", "open", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who may work on something alone, until when. ``holder`` is empty for one given back."""

    name: str
    holder: str
    claim: str
    renewed: datetime
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """When a column was looked at last, and when it is due again."""

    source: str
    column: str
    looked: datetime
    due: datetime | None
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnDay:
    """How a column fared on a day of China's calendar.

    ``counts`` holds the keys of DAY_COUNTS that were counted on that day.
    """

    source: str
    column: str
    day: date
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something about a column that wants an eye. ``id`` is 0 for one not stored yet.

    ``strikes`` counts bad looks in a row while suspected, good ones while open.
    """

    id: int = 0
    source: str
    column: str
    kind: str
    state: AlarmState
    strikes: int
    message: str
    since: datetime
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    told_at: datetime | None = None


class Upkeep:
    """The store's part for the running of quwen. Each method is one transaction."""

    def __init__(self, transactions: Transactions) -> None:
        self._do = transactions

    # -- leases

    def leases(self, names: Collection[str] | None = None) -> tuple[Lease, ...]:
        """The leases of those names (all where None), given back ones too."""
        query = select(lease).order_by(lease.c.name)
        if names is not None:
            query = query.where(lease.c.name.in_(list(names)))
        with self._do.reading() as c:
            return tuple(Lease(**x._mapping) for x in c.execute(query))

    def take_leases(
        self, wanted: Sequence[Lease], *, is_free: Callable[[Lease], bool]
    ) -> Lease | None:
        """Write leases down, all of them or none: the one in the way, which is not *is_free*.

        Writers come one after the other, so that nobody takes one between look and writing.
        """

        def work(c: Connection) -> Lease | None:
            names = [x.name for x in wanted]
            for row in c.execute(select(lease).where(lease.c.name.in_(names))):
                found = Lease(**row._mapping)
                if not is_free(found):
                    return found
            for x in wanted:
                upsert(c, lease, {f.name: getattr(x, f.name) for f in fields(x)})
            return None

        return self._do.write(work)

    def renew_leases(
        self, claims: Collection[str], *, by: str, at: datetime, expires: datetime
    ) -> frozenset[str]:
        """Hold on to what *by* has taken by those claims; the ones that it still had.

        What it has taken otherwise and could not give back runs out.
        """

        def work(c: Connection) -> frozenset[str]:
            query = update(lease).where(lease.c.holder == by, lease.c.claim.in_(list(claims)))
            done = c.execute(query.values(renewed=at, expires=expires).returning(lease.c.claim))
            return frozenset(x.claim for x in done)

        return self._do.write(work)

    def give_back(self, claim: str, *, by: str, at: datetime, until: datetime) -> None:
        """Free what was taken by a claim, resting until then; the claim then names who had it."""
        values = {"holder": "", "claim": by, "renewed": at, "expires": until}
        query = update(lease).where(lease.c.claim == claim).values(values)
        self._do.write(lambda c: c.execute(query))

    # -- columns

    def planned(self) -> dict[tuple[str, str], Planned]:
        """What is planned for all columns ever looked at, by source and column."""
        t = column_state.c
        query = select(t.source, t.column, t.checked_at, t.due_at, t.failures)
        with self._do.reading() as c:
            return {
                (x[0], x[1]): Planned(
                    source=x[0], column=x[1], looked=x[2], due=x[3], failures=x[4]
                )
                for x in c.execute(query)
            }

    def plan(self, source: str, column: str, due: datetime) -> None:
        """Write down when a column that was looked at is due again."""
        key = (column_state.c.source == source, column_state.c.column == column)
        query = update(column_state).where(*key).values(due_at=due)
        self._do.write(lambda c: c.execute(query))

    def news(
        self, source: str, column: str, *, limit: int = 200
    ) -> tuple[tuple[str | None, datetime], ...]:
        """What a column listed, newest first: publication as the list says it, first seen."""
        query = (
            select(listing.c.published, listing.c.first_seen)
            .where(listing.c.source == source, listing.c.column == column)
            .order_by(listing.c.published.desc().nulls_last())
            .limit(limit)
        )
        with self._do.reading() as c:
            return tuple((x.published, x.first_seen) for x in c.execute(query))

    def listed_at(self, source: str, column: str, at: datetime) -> tuple[int, int]:
        """How many items a column's list showed at or after an instant, and how many undated."""
        query = select(listing.c.published).where(
            listing.c.source == source, listing.c.column == column, listing.c.last_seen >= at
        )
        with self._do.reading() as c:
            found = [x.published for x in c.execute(query)]
        return len(found), sum(x is None for x in found)

    def outcomes(
        self, source: str, column: str, since: date, until: date
    ) -> tuple[tuple[str, date, bool], ...]:
        """Items that a column's lists dated in a range: address, day, whether there is an article."""
        t = listing.c
        end = (until + timedelta(days=1)).isoformat()
        query = (
            select(t.url, t.published, article.c.id)
            .outerjoin_from(listing, article, article.c.id == t.article_id)
            .where(t.source == source, t.column == column)
            .where(t.published >= since.isoformat(), t.published < end)
        )
        with self._do.reading() as c:
            return tuple(
                (x[0], date.fromisoformat(x[1][:10]), x[2] is not None) for x in c.execute(query)
            )

    # -- reparses

    def reparsed_until(self, source: str, basis: str) -> int:
        """The last capture that an unended reparse of a source has read; 0 for none.

        *basis* names what it read by: one of another basis begins anew.
        """
        own = (reparse_state.c.source == source, reparse_state.c.basis == basis)
        with self._do.reading() as c:
            return int(c.scalar(select(reparse_state.c.capture_id).where(*own)) or 0)

    def save_reparse(
        self, source: str, basis: str, capture_id: int | None, *, at: datetime
    ) -> None:
        """Write down how far a reparse has come; None where it has ended."""

        def work(c: Connection) -> None:
            if capture_id is None:
                c.execute(delete(reparse_state).where(reparse_state.c.source == source))
                return
            row = {"source": source, "basis": basis, "capture_id": capture_id, "updated": at}
            upsert(c, reparse_state, row)

        self._do.write(work)

    # -- days

    def count_day(self, source: str, column: str, day: date, counts: Mapping[str, int]) -> None:
        """Add to what is counted of a column on a day."""
        key = {"source": source, "column": column, "day": day}
        where = [column_day.c[k] == v for k, v in key.items()]
        more = {x: column_day.c[x] + n for x, n in counts.items() if n}

        def work(c: Connection) -> None:
            if c.execute(select(column_day.c.day).where(*where)).first() is None:
                first = dict.fromkeys(DAY_COUNTS, 0) | dict(counts)
                c.execute(insert(column_day).values(key | first))
            elif more:
                c.execute(update(column_day).where(*where).values(more))

        self._do.write(work)

    def days(self, source: str, column: str, *, since: date) -> tuple[ColumnDay, ...]:
        """How a column fared from a day on, oldest first; days without a look are left out."""
        t = column_day.c
        query = (
            select(column_day)
            .where(t.source == source, t.column == column, t.day >= since)
            .order_by(t.day)
        )
        with self._do.reading() as c:
            return tuple(
                ColumnDay(
                    source=x.source,
                    column=x.column,
                    day=x.day,
                    counts={k: n for k in DAY_COUNTS if (n := x._mapping[k]) is not None},
                )
                for x in c.execute(query)
            )

    # -- alarms

    def alarms(
        self,
        *,
        source: str | None = None,
        column: str | None = None,
        states: Sequence[AlarmState] = ("open",),
        limit: int = 1000,
    ) -> tuple[Alarm, ...]:
        """Alarms in those states, the one that began last first."""
        query = select(alarm).where(alarm.c.state.in_(list(states)))
        if source is not None:
            query = query.where(alarm.c.source == source)
        if column is not None:
            query = query.where(alarm.c.column == column)
        query = query.order_by(alarm.c.since.desc(), alarm.c.id.desc()).limit(limit)
        with self._do.reading() as c:
            return tuple(Alarm(**x._mapping) for x in c.execute(query))

    def save_alarm(self, value: Alarm) -> int:
        """Write an alarm down, a new one or a change of one; its number."""
        row = {x.name: getattr(value, x.name) for x in fields(value) if x.name != "id"}

        def work(c: Connection) -> int:
            if value.id:
                c.execute(update(alarm).where(alarm.c.id == value.id).values(row))
                return value.id
            return int(c.execute(insert(alarm).values(row).returning(alarm.c.id)).scalar_one())

        return self._do.write(work)

    def drop_alarm(self, alarm_id: int) -> None:
        """Forget a suspicion that came to nothing."""
        self._do.write(lambda c: c.execute(delete(alarm).where(alarm.c.id == alarm_id)))

    def told(self, alarm_id: int, *, at: datetime) -> None:
        """Note that everybody has heard of an alarm as it stands."""
        query = update(alarm).where(alarm.c.id == alarm_id).values(told_at=at)
        self._do.write(lambda c: c.execute(query))

    def heard(self, hook: str) -> frozenset[tuple[int, str]]:
        """The alarms and states that a hook has heard of."""
        query = select(alarm_notice.c.alarm_id, alarm_notice.c.state)
        with self._do.reading() as c:
            return frozenset(
                (x[0], x[1]) for x in c.execute(query.where(alarm_notice.c.hook == hook))
            )

    def note_heard(self, hook: str, what: Collection[tuple[int, str]]) -> None:
        """Note that a hook has heard of alarms in those states."""

        def work(c: Connection) -> None:
            for alarm_id, state in what:
                upsert(c, alarm_notice, {"alarm_id": alarm_id, "state": state, "hook": hook})

        self._do.write(work)
