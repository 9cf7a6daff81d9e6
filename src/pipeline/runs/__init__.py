"""The shell: the order of the calls, quarantine, the run ledger and reports.

Archive first, then read: whatever fails later can be read again. Errors of the
tree are caught here, by name, and become counts and quarantined captures.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipeline.publish import Listeners, PublishReport
from pipeline.publish import publish as publish_tree
from pipeline.records import CHINA
from pipeline.runs.backfill import backfill_source
from pipeline.runs.check import Finding, check_column
from pipeline.runs.context import BusyError, Context, open_context, shared_context
from pipeline.runs.ingest import ingest_source
from pipeline.runs.reparse import reparse_source
from pipeline.runs.report import COUNTS, Problem, Report, State, Tally, state_of
from pipeline.settings import Settings
from pipeline.store import RunState

__all__ = [
    "COUNTS",
    "BusyError",
    "Context",
    "Finding",
    "Ledger",
    "Problem",
    "PublishReport",
    "Report",
    "State",
    "backfill_source",
    "check_column",
    "china_today",
    "ingest_source",
    "ledger",
    "open_context",
    "publish",
    "reparse_source",
    "settled",
    "shared_context",
    "state_of",
]


def publish(context: Context) -> PublishReport:
    """Write what changed to the published tree. Raises `PublishError`."""
    return publish_tree(
        context.store,
        context.catalogue,
        target=context.settings.public_dir,
        base_url=context.settings.base_url,
        tag_authority=context.settings.tag_authority,
        now=context.clock(),
        listeners=_listeners(context.settings),
    )


def _listeners(settings: Settings) -> Listeners:
    return Listeners(
        hubs=settings.hubs,
        webhooks=settings.webhooks,
        secret=settings.webhook_secret,
        indexnow_key=settings.indexnow_key,
    )


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
            },
        }


@contextmanager
def ledger(context: Context, kind: str, params: Mapping[str, Any]) -> Iterator[Ledger]:
    """Open a line in the run ledger; closes it with the state that the reports give."""
    entry = Ledger(context.store.begin_run(kind, dict(params), at=context.clock()))
    try:
        yield entry
    except BaseException as error:
        # Also for a cancelled run: the ledger must not say that it still goes on.
        report = {**entry.as_json(), "error": f"{type(error).__name__}: {error}"}
        context.store.end_run(entry.run_id, "failed", report, at=context.clock())
        raise
    state = _LEDGER_STATES[state_of(entry.reports)]
    context.store.end_run(entry.run_id, state, entry.as_json(), at=context.clock())


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


def china_today(context: Context) -> date:
    """Return the day it is in China."""
    return context.clock().astimezone(CHINA).date()
