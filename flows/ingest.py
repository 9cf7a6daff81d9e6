"""The ``ingest`` flow: read what is new, then publish it."""

from typing import Any

import flows.engine  # noqa: F401  isort: skip - sets the engine up before it is imported
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.common import finished, task_runner
from pipeline import runs


@task(task_run_name="{source_id}", cache_policy=NO_CACHE)
def ingest_source(source_id: str, run_id: int) -> runs.Report:
    """Read every column of one source. A task a source: a page would be far too small for one."""
    with runs.shared_context() as context:
        return runs.ingest_source(source_id, context=context, run_id=run_id)


@flow(name="ingest", flow_run_name="ingest", task_runner=task_runner())
def ingest(sources: list[str] | None = None, publish: bool = True) -> State[Any]:
    """Read the newest pages of the sources and publish what is new.

    Args:
        sources: ids of the sources to read; all verified ones where none is named.
        publish: whether to write the published tree afterwards.
    """
    with runs.shared_context() as context:
        chosen = context.catalogue.select(sources or [])
        with runs.ledger(context, "ingest", {"sources": [x.id for x in chosen]}) as entry:
            tasks = [ingest_source.submit(x.id, entry.run_id) for x in chosen]
            for source, waiting in zip(chosen, tasks, strict=True):
                entry.add(runs.settled(source.id, waiting.result(raise_on_failure=False)))
            if publish:
                entry.published = runs.publish(context)
        return finished("ingest", entry.run_id, entry.reports)
