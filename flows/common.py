"""What the flows share: task runner, states, tables."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import flows.engine  # noqa: F401  isort: skip - sets the engine up before it is imported
from prefect.artifacts import create_table_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.events import emit_event
from prefect.states import Completed, Failed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from pipeline import runs
from pipeline.settings import load_settings


def task_runner() -> TaskRunner[Any]:
    """Threads, as many as sources may be read at the same time."""
    return ThreadPoolTaskRunner(max_workers=load_settings().threads)


def rows(reports: Sequence[runs.Report]) -> list[dict[str, Any]]:
    """One row a source, as tables show it."""
    return [
        {
            "source": x.source,
            **{name: x.counts[name] for name in runs.COUNTS},
            "problems": len(x.problems),
            "seconds": round(x.seconds, 1),
        }
        for x in reports
    ]


def finished(
    kind: str, run_id: int, reports: Sequence[runs.Report], *, since: datetime | None = None
) -> State[Any]:
    """Tell the engine what a run did, and return the state that the run ends in.

    It gets a table by source, events, and the run's name. Events of alarms are
    those that opened or closed *since*. The state's data is the number of the
    run in our own ledger: the engine's record of tasks is not complete.
    """
    create_table_artifact(key=kind, table=rows(reports), description=f"run {run_id}, by source")
    _emit_counts(reports)
    if since is not None:
        _emit_alarms(since)
    state = runs.state_of(reports)
    told = summary(reports)
    _rename(f"{kind} {run_id}: {told}")
    message = f"run {run_id}: {len(reports)} sources, {told}"
    data = {"run": run_id, "state": state}
    if state == "Failed":
        return Failed(message=message, data=data)
    return Completed(name=state, message=message, data=data)


_SAID = ("new", "edited", "withdrawn", "restored", "reparsed", "wanted")


def summary(reports: Sequence[runs.Report]) -> str:
    """Return what a run did in a few words."""
    sums = {name: sum(x.counts[name] for x in reports) for name in runs.COUNTS}
    problems = sum(len(x.problems) for x in reports)
    words = [f"{sums[x]} {x}" for x in _SAID if sums[x]]
    words += [f"{problems} problems"] if problems else []
    return ", ".join(words) or "nothing new"


def _rename(name: str) -> None:
    """Give the run that goes on a name that says what it did."""
    run = FlowRunContext.get()
    if run is not None and run.flow_run is not None:
        with get_client(sync_client=True) as client:
            client.update_flow_run(run.flow_run.id, name=name)


_EVENTS = {x: f"quwen.article.{x}" for x in ("new", "edited", "withdrawn", "restored")}


def _emit_counts(reports: Sequence[runs.Report]) -> None:
    """One event a source and kind: one an article would be more than the engine's queue takes."""
    for report in reports:
        for name, what in _EVENTS.items():
            if report.counts[name]:
                emit_event(
                    event=what,
                    resource=_resource(report.source),
                    payload={"count": report.counts[name]},
                )


def _emit_alarms(since: datetime) -> None:
    with runs.shared_context() as context:
        changed = context.store.upkeep.alarms(states=("open", "closed"), limit=200)
    for alarm in changed:
        if runs.changed_at(alarm) >= since:
            emit_event(
                event="quwen.source.alarm",
                resource=_resource(alarm.source),
                payload={
                    "column": alarm.column,
                    "kind": alarm.kind,
                    "state": alarm.state,
                    "message": alarm.message,
                },
            )


def _resource(source: str) -> dict[str, str]:
    return {"prefect.resource.id": f"quwen.source.{source}", "prefect.resource.name": source}
