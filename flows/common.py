"""What the flows share: task runner, states, tables."""

import os
from collections.abc import Sequence
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
from pipeline.errors import ConfigError
from pipeline.settings import load_settings


def task_runner() -> TaskRunner[Any]:
    """Threads, as many as sources may be read at the same time, or an existing Dask cluster.

    Raises `ConfigError` for a cluster without an engine that its workers can reach:
    each would start one of its own, which nobody stops.
    """
    settings = load_settings()
    if not settings.dask:
        return ThreadPoolTaskRunner(max_workers=settings.threads)
    if not os.environ.get("PREFECT_API_URL"):
        raise ConfigError(
            "a Dask cluster needs an engine that its workers reach",
            where="QUWEN_DASK",
            hint="set PREFECT_API_URL, here and on the workers, or unset QUWEN_DASK",
        )
    try:
        from prefect_dask.task_runners import DaskTaskRunner  # noqa: PLC0415 - of an extra
    except ImportError as error:
        raise ConfigError(
            "needs the extra [dask]", where="QUWEN_DASK", hint="pip install 'quwen[dask]'"
        ) from error
    runner: TaskRunner[Any] = DaskTaskRunner(address=settings.dask)
    return runner


_ALWAYS = ("listed", "fetched", "unchanged", "new", "edited", "withdrawn", "quarantined")
_HEADINGS = {"unchanged": "304"}


def rows(reports: Sequence[runs.Report]) -> list[dict[str, Any]]:
    """One row a source, as tables show it; counts that few runs have only where they say something."""
    told = {name for x in reports for name in runs.COUNTS if x.counts[name]}
    shown = [*_ALWAYS, *(x for x in runs.COUNTS if x in told and x not in _ALWAYS)]
    return [
        {
            "source": x.source,
            **{_HEADINGS.get(name, name): x.counts[name] for name in shown},
            "problems": len(x.problems),
            "seconds": round(x.seconds, 1),
        }
        for x in reports
    ]


_MOST_PROBLEMS = 500  # an artifact is a page that people read


def finished(
    kind: str, run_id: int, reports: Sequence[runs.Report], *, about: str = ""
) -> State[Any]:
    """Tell the engine what a run did, and return the state that the run ends in.

    It gets tables of sources and of problems, events, and the run's name, in which *about* says
    what it was about. The state's data is the number of the run in our own ledger: the
    engine's record of tasks is not complete.
    """
    create_table_artifact(key=kind, table=rows(reports), description=f"run {run_id}, by source")
    problems = [
        {"source": x.source, "where": y.where, "what": y.what} for x in reports for y in x.problems
    ]
    if problems:
        create_table_artifact(
            key=f"{kind}-problems",
            table=problems[:_MOST_PROBLEMS],
            description=f"run {run_id}: the first {_MOST_PROBLEMS} of {len(problems)} problems"
            if len(problems) > _MOST_PROBLEMS
            else f"run {run_id}: what went wrong",
        )
    _emit_counts(reports)
    emit_alarms()
    state = runs.state_of(reports)
    told = summary(reports)
    rename(f"{kind} {run_id}{about and ' of ' + about}: {told}")
    message = f"run {run_id}: {len(reports)} sources, {told}"
    data = {"run": run_id, "state": state}
    if state == "Failed":
        return Failed(message=message, data=data)
    return Completed(name=state, message=message, data=data)


_TOLD = ("new", "edited", "withdrawn", "restored", "reparsed")


def summary(reports: Sequence[runs.Report]) -> str:
    """Return what a run did in a few words."""
    sums = {name: sum(x.counts[name] for x in reports) for name in runs.COUNTS}
    problems = sum(len(x.problems) for x in reports)
    words = [f"{sums[x]} {x}" for x in _TOLD if sums[x]]
    words += [f"{sums['wanted']} to fetch"] if sums["wanted"] else []
    words += [f"{problems} problem{'s' * (problems > 1)}"] if problems else []
    return ", ".join(words) or "nothing new"


def rename(name: str) -> None:
    """Give the run that goes on a name that says what it did."""
    run = FlowRunContext.get()
    if run is not None and run.flow_run is not None:
        with get_client(sync_client=True) as client:
            client.update_flow_run(run.flow_run.id, name=name)


def _emit_counts(reports: Sequence[runs.Report]) -> None:
    """One event a source and kind: one an article would be more than the engine's queue takes."""
    for report in reports:
        for name in ("new", "edited", "withdrawn", "restored"):
            if report.counts[name]:
                emit_event(
                    event=f"quwen.article.{name}",
                    resource=_resource(report.source),
                    payload={"count": report.counts[name]},
                )


ALARMS = "quwen.alarms.changed"
"""The event of a run after which alarms have opened or closed: one a run, however many."""

_MAIL_BYTES = 50_000


def emit_alarms() -> None:
    """Tell the engine of alarms that opened or closed: an event each, and one for all of them."""
    with runs.shared_context() as context:
        changed = runs.take_alarms(context, "engine")
        base_url = context.settings.base_url
    if not changed:
        return
    for alarm in changed:
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
    opened = sum(x.state == "open" for x in changed)
    words = [f"{n} alarm{'s' * (n > 1)} {what}" for n, what in _counted(opened, len(changed)) if n]
    emit_event(
        event=ALARMS,
        resource={"prefect.resource.id": "quwen.alarms", "prefect.resource.name": "alarms"},
        payload={
            "summary": ", ".join(words),
            "text": runs.text_of(changed, base_url, most_bytes=_MAIL_BYTES),
        },
    )


def _counted(opened: int, changed: int) -> Sequence[tuple[int, str]]:
    return (opened, "opened"), (changed - opened, "closed")


def _resource(source: str) -> dict[str, str]:
    return {"prefect.resource.id": f"quwen.source.{source}", "prefect.resource.name": source}
