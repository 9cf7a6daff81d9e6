"""What the flows share: task runner, states, tables."""

from collections.abc import Sequence
from typing import Any

import flows.engine  # noqa: F401  isort: skip - sets the engine up before it is imported
from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import State
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


def finished(kind: str, run_id: int, reports: Sequence[runs.Report]) -> State[Any]:
    """Put the table into the engine and return the state that the run ends in.

    The state's data is the number of the run in our own ledger: the engine's
    record of tasks is not complete.
    """
    create_table_artifact(key=kind, table=rows(reports), description=f"run {run_id}, by source")
    state = runs.state_of(reports)
    problems = sum(len(x.problems) for x in reports)
    message = f"run {run_id}: {len(reports)} sources, {problems} problems"
    data = {"run": run_id, "state": state}
    if state == "Failed":
        return Failed(message=message, data=data)
    return Completed(name=state, message=message, data=data)
