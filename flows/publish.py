"""The ``publish`` flow: write what changed to the published tree."""

from typing import Any

import flows.engine  # noqa: F401  isort: skip - sets the engine up before it is imported
from prefect import flow
from prefect.client.schemas.objects import State

from flows.common import finished
from pipeline import runs


@flow(name="publish", flow_run_name="publish")
def publish() -> State[Any]:
    """Write feeds and pages from the store; files whose bytes stay the same are not touched.

    Unlike a tick, it looks for every file, and writes those again that somebody removed.
    """
    with runs.shared_context() as context, runs.ledger(context, "publish", {}) as entry:
        entry.published = runs.publish(context, thorough=True)
    return finished("publish", entry.run_id, entry.reports)
