"""Long work whose process died is begun again by the next tick, and goes on where it stopped."""

import logging
from datetime import UTC, datetime, timedelta
from uuid import UUID

import flows.engine  # noqa: F401  isort: skip - sets the engine up before it is imported
import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowFilter, FlowRunFilter
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.exceptions import PrefectException
from prefect.states import Scheduled

log = logging.getLogger("quwen.resume")

MOST_STARTS = 5
"""A run that took its process down so often is not tried again."""

_LONG = ("backfill", "reparse")  # ticks are not: the next one takes what they left
_SINCE = timedelta(days=1)  # what crashed before that was seen by somebody


def resume_long_work() -> None:
    """Put runs of long work that crashed back into the queue of their deployment.

    Whoever serves it takes them, a worker of the pool or a `quwen up`. An engine that
    cannot be asked now is asked by the next tick.
    """
    try:
        with get_client(sync_client=True) as client:
            for run in _crashed(client):
                log.warning("%s crashed and is begun again", run.name)
                put_off(client, run.id, "its process died; it goes on")
    except (httpx.HTTPError, PrefectException) as error:
        log.warning("what has crashed is not known: %s", error)


def put_off(client: SyncPrefectClient, run_id: UUID, message: str) -> None:
    """Put a run that was cut off back into its queue; *message* says why and when it goes on."""
    again: State[object] = Scheduled(name="Interrupted", message=message)
    client.set_flow_run_state(run_id, again, force=True)


def _crashed(client: SyncPrefectClient) -> list[FlowRun]:
    since = (datetime.now(UTC) - _SINCE).isoformat()
    found = client.read_flow_runs(
        flow_filter=FlowFilter.model_validate({"name": {"any_": _LONG}}),
        flow_run_filter=FlowRunFilter.model_validate(
            {
                "state": {"type": {"any_": [StateType.CRASHED]}},
                "end_time": {"after_": since},
                "tags": {"all_": ["quwen"]},
            }
        ),
    )
    # One that never began would not begin now either; one without deployment has no queue
    return [x for x in found if x.deployment_id and 0 < x.run_count < MOST_STARTS]
