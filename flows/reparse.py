"""The ``reparse`` flow: read the archived captures again, without the network."""

from typing import Any

import flows.engine  # noqa: F401  isort: skip - sets the engine up before it is imported
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.common import finished, task_runner
from pipeline import runs


@task(task_run_name="{source_id}", cache_policy=NO_CACHE)
def reparse_source(source_id: str, run_id: int) -> runs.Report:
    """Interpret what the archive holds of one source again."""
    with runs.shared_context() as context:
        return runs.reparse_source(source_id, context=context, run_id=run_id)


@flow(name="reparse", flow_run_name="reparse", task_runner=task_runner())
def reparse(sources: list[str] | None = None) -> State[Any]:
    """Interpret the archived captures again and publish what reads differently.

    Args:
        sources: ids of the sources; all verified ones where none is named.
    """
    with runs.shared_context() as context:
        chosen = context.catalogue.select(sources or [])
        with runs.ledger(context, "reparse", {"sources": [x.id for x in chosen]}) as entry:
            tasks = [reparse_source.submit(x.id, entry.run_id) for x in chosen]
            for source, waiting in zip(chosen, tasks, strict=True):
                entry.add(runs.settled(source.id, waiting.result(raise_on_failure=False)))
            entry.published = runs.publish(context)
        return finished("reparse", entry.run_id, entry.reports)
