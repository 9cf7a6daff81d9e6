"""Runs in the store's own ledger: opened, beating, closed, logged."""

import logging
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from pipeline.errors import StoreError
from pipeline.log import event
from pipeline.metrics import render_metrics
from pipeline.publish import PublishReport
from pipeline.runs.context import Context
from pipeline.runs.report import Report, State, Tally, state_of
from pipeline.settings import Settings
from pipeline.store import RunState


@dataclass(slots=True)
class Ledger:
    """A run's entry in the store's own ledger, filled while it goes."""

    run_id: int
    reports: list[Report] = field(default_factory=list)
    published: PublishReport | None = None

    def add(self, report: Report) -> None:
        """Add what was done on one source."""
        self.reports.append(report)

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        published = self.published
        return {
            "sources": [x.as_json() for x in self.reports],
            "published": None
            if published is None
            else {
                "written": len(published.written),
                "unchanged": published.unchanged,
                "removed": len(published.removed),
                "left_out": list(published.left_out),
                "untold": list(published.untold),
                "mirrored": None if published.mirrored is None else asdict(published.mirrored),
            },
        }


@contextmanager
def ledger(context: Context, kind: str, params: Mapping[str, Any]) -> Iterator[Ledger]:
    """Open a line in the run ledger; closes it with the state that the reports give.

    Runs that have not beaten for minutes are marked as died first. Begin and end
    are logged, and metrics written where a file for them is set. What was archived
    is handed to the other machines, where they share a place for it.
    """
    if kind != "maintain":  # which makes room
        require_room(context.settings)
    now = context.clock()
    context.store.bury_runs(silent_since=now - _SILENCE, at=now)
    entry = Ledger(context.store.begin_run(kind, dict(params), at=now))
    event("run.started", run=entry.run_id, kind=kind)
    try:
        with context.leases.beating(entry.run_id):
            yield entry
    except BaseException as error:
        # Also for a cancelled run: the ledger must not say that it still goes on.
        report = {**entry.as_json(), "error": f"{type(error).__name__}: {error}"}
        context.store.end_run(entry.run_id, "failed", report, at=context.clock())
        _tell(context, entry, kind, "failed", str(report["error"]))
        raise
    context.archive.hand_over(_HANDED_OVER)
    state = _LEDGER_STATES[state_of(entry.reports)]
    context.store.end_run(entry.run_id, state, entry.as_json(), at=context.clock())
    _tell(context, entry, kind, state)


def require_room(settings: Settings) -> None:
    """Raise `StoreError` where so little is free that a run might end in the middle of its writing."""
    free = shutil.disk_usage(settings.home).free // 1_000_000
    if free < settings.least_free_mb:
        raise StoreError(
            f"only {free} MB are free, and runs begin from {settings.least_free_mb} MB on",
            where=str(settings.home),
            hint="make room, or lower QUWEN_LEAST_FREE_MB; the next run takes what waits",
        )


def _tell(context: Context, entry: Ledger, kind: str, state: RunState, error: str = "") -> None:
    for report in entry.reports:
        counts = {name: n for name, n in report.counts.items() if n}
        event("source.done", run=entry.run_id, source=report.source, **counts)
        for problem in report.problems:
            event(
                "source.problem",
                level=logging.WARNING,
                run=entry.run_id,
                source=report.source,
                where=problem.where,
                what=problem.what,
            )
    more = {"error": error} if error else {}
    level = logging.INFO if state == "completed" else logging.WARNING
    event("run.ended", level=level, run=entry.run_id, kind=kind, state=state, **more)
    if context.settings.metrics_file is not None:
        write_metrics(context, context.settings.metrics_file)


def write_metrics(context: Context, path: Path) -> None:
    """Write the metrics as a textfile for Prometheus' node exporter, whole or not at all.

    A file that cannot be written is logged: no run fails for it.
    """
    text = render_metrics(context.store, now=context.clock())
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        event("metrics.unwritten", level=logging.ERROR, file=str(path), error=str(error))


_SILENCE = timedelta(minutes=5)
_HANDED_OVER = timedelta(minutes=10)

_LEDGER_STATES: Mapping[State, RunState] = {
    "Completed": "completed",
    "CompletedWithErrors": "completed_with_errors",
    "Failed": "failed",
}


def settled(source_id: str, outcome: Report | BaseException) -> Report:
    """Return the report of a source; for a task that broke, one that says so."""
    if isinstance(outcome, Report):
        return outcome
    tally = Tally(source=source_id)
    tally.problem(source_id, f"{type(outcome).__name__}: {outcome}", "failed")
    return tally.report()
