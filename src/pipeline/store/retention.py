"""What the store may forget: old runs, days and alarms, and responses that the archive drops."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, and_, delete, exists, func, select, update

from pipeline.store.schema import (
    alarm,
    article,
    capture,
    column_day,
    lease,
    quarantine,
    revision,
    run,
    validator,
)
from pipeline.store.transactions import Transactions

_BATCH = 500


class Retention:
    """The store's part for forgetting. Each method is one transaction and may be repeated."""

    def __init__(self, transactions: Transactions) -> None:
        self._do = transactions

    def forget_runs(self, before: datetime) -> int:
        """Drop runs that ended before then; those that captures name only lose their report."""

        def work(c: Connection) -> int:
            old = and_(run.c.ended.is_not(None), run.c.ended < before)
            named = exists().where(capture.c.run_id == run.c.id)
            c.execute(update(run).where(old, named).values(report=None))
            return c.execute(delete(run).where(old, ~named)).rowcount

        return self._do.write(work)

    def forget_days(self, before: date) -> int:
        """Drop what was counted of columns before a day."""
        query = delete(column_day).where(column_day.c.day < before)
        return self._do.write(lambda c: c.execute(query).rowcount)

    def forget_alarms(self, before: datetime) -> int:
        """Drop alarms that closed before then."""
        query = delete(alarm).where(alarm.c.state == "closed", alarm.c.closed_at < before)
        return self._do.write(lambda c: c.execute(query).rowcount)

    def forget_leases(self, before: datetime) -> int:
        """Drop leases that ran out before then: hosts that nobody asks any more."""
        query = delete(lease).where(lease.c.expires < before)
        return self._do.write(lambda c: c.execute(query).rowcount)

    def old_files(self, before: datetime) -> tuple[str, ...]:
        """Archive files all of whose responses came before then and are needed by no later one.

        A later response with the same content may be stored as a reference to an earlier one.
        """
        by_file = select(capture.c.file).group_by(capture.c.file)
        old = by_file.having(func.max(capture.c.fetched_at) < before)
        with self._do.reading() as c:
            files = {x.file for x in c.execute(old)}
            later = capture.alias("later")
            held = select(capture.c.file).where(
                capture.c.payload.is_not(None),
                capture.c.fetched_at < before,
                exists().where(
                    later.c.payload.is_(None),
                    later.c.fetched_at >= before,
                    later.c.sha256 == capture.c.sha256,
                ),
            )
            files -= {x.file for x in c.execute(held.distinct())}
        return tuple(sorted(files))

    def forget_files(self, files: Collection[str]) -> int:
        """Drop the responses in those files; records stay as they are. How many responses."""
        return sum(self._forget_file(x) for x in files)

    def _forget_file(self, file: str) -> int:
        def work(c: Connection) -> int:
            ids = [x.id for x in c.execute(select(capture.c.id).where(capture.c.file == file))]
            for start in range(0, len(ids), _BATCH):
                _forget(c, ids[start : start + _BATCH])
            return len(ids)

        return self._do.write(work)


def _forget(c: Connection, ids: Sequence[int]) -> None:
    c.execute(delete(quarantine).where(quarantine.c.capture_id.in_(ids)))
    for table in (article, revision, validator):
        c.execute(update(table).where(table.c.capture_id.in_(ids)).values(capture_id=None))
    c.execute(delete(capture).where(capture.c.id.in_(ids)))
