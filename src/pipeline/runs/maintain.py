"""Keep what grows within its limits: the ledger, health history, the archive."""

from dataclasses import asdict, dataclass
from datetime import timedelta

from pipeline.errors import ArchiveError
from pipeline.log import event
from pipeline.records import CHINA
from pipeline.runs.context import Context

_LEASE_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintained:
    """What was dropped and merged, in numbers."""

    runs: int
    days: int
    alarms: int
    captures: int
    files_removed: int
    files_merged: int
    problems: tuple[str, ...] = ()


def maintain(context: Context) -> Maintained:
    """Forget what is older than the settings say, and merge small archive files.

    May be repeated at any time; what is needed to read a newer response stays.
    Raises `StoreError`; trouble with files of the archive is told in the result.
    """
    now, settings, retention = context.clock(), context.settings, context.store.retention
    since = now - timedelta(days=settings.keep_runs_days)
    problems: list[str] = []
    captures, removed = _drop_old(context, problems)  # first: they name runs
    runs = retention.forget_runs(since)
    days = retention.forget_days(since.astimezone(CHINA).date())
    alarms = retention.forget_alarms(since)
    retention.forget_leases(now - timedelta(days=_LEASE_DAYS))
    merged = 0
    try:
        merged = len(context.archive.compact(context.store.move_captures).removed)
    except ArchiveError as error:
        problems.append(str(error))
    done = Maintained(
        runs=runs,
        days=days,
        alarms=alarms,
        captures=captures,
        files_removed=removed,
        files_merged=merged,
        problems=tuple(problems),
    )
    event("maintain.done", **asdict(done))
    return done


def _drop_old(context: Context, problems: list[str]) -> tuple[int, int]:
    """Remove archive files past their time: first from the store, so that nothing names them."""
    keep = context.settings.keep_archive_days
    if keep is None:
        return 0, 0
    retention = context.store.retention
    captures = removed = 0
    for name in retention.old_files(context.clock() - timedelta(days=keep)):
        captures += retention.forget_files([name])
        try:
            (context.settings.archive_dir / name).unlink(missing_ok=True)
            removed += 1
        except OSError as error:
            problems.append(f"{name}: cannot be removed: {error.strerror}")
    return captures, removed
