"""The ``reparse`` flow: read the archived captures again, without the network."""

from typing import Annotated, Any

import flows.engine  # noqa: F401  isort: skip - sets the engine up before it is imported
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from pydantic import Field

from flows.common import finished
from pipeline import runs


@task(task_run_name="{source_id}", cache_policy=NO_CACHE)
def reparse_source(
    source_id: str, run_id: int, processes: int | None, dry_run: bool
) -> runs.Report:
    """Interpret what the archive holds of one source again."""
    with runs.shared_context() as context:
        return runs.reparse_source(
            source_id, context=context, run_id=run_id, processes=processes, dry_run=dry_run
        )


@flow(name="reparse", flow_run_name="reparse")
def reparse(
    sources: list[str] | None = None,
    dry_run: bool = False,
    processes: Annotated[int | None, Field(ge=1, le=64)] = None,
) -> State[Any]:
    """Interpret the archived captures again and publish what reads differently.

    Args:
        sources: ids of the sources; all verified ones where none is named.
        dry_run: only say what would read differently; store and publish nothing.
        processes: processes that read; as many as the machine has cores where not named.
    """
    with runs.shared_context() as context:
        chosen = context.catalogue.select(sources or [])
        params = {"sources": [x.id for x in chosen], "dry_run": dry_run}
        with runs.ledger(context, "reparse", params) as entry:
            for source in chosen:  # one after the other: each uses all processes
                done = reparse_source(
                    source.id, entry.run_id, processes, dry_run, return_state=True
                )
                entry.add(runs.settled(source.id, done.result(raise_on_failure=False)))
            if not dry_run:
                entry.published = runs.publish(context)
        return finished("reparse", entry.run_id, entry.reports)
