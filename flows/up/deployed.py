"""The deployments that `quwen up` serves: what the engine's pages offer, and the schedules."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import flows.engine  # noqa: F401  isort: skip - sets the engine up before it is imported
from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.schedules import IntervalSchedule

from flows.backfill import backfill
from flows.ingest import ingest
from flows.maintain import maintain
from flows.publish import publish
from flows.reparse import reparse

ENTRYPOINTS: dict[str, str] = {
    "ingest/scheduled": "flows.ingest.ingest",
    "backfill/manual": "flows.backfill.backfill",
    "maintain/scheduled": "flows.maintain.maintain",
    "publish/manual": "flows.publish.publish",
    "reparse/manual": "flows.reparse.reparse",
}
FLOWS: dict[str, Flow[..., Any]] = {
    "ingest/scheduled": ingest,
    "backfill/manual": backfill,
    "maintain/scheduled": maintain,
    "publish/manual": publish,
    "reparse/manual": reparse,
}
"""Flows by the name of their deployment."""

LIGHT = frozenset({"ingest/scheduled", "publish/manual"})
"""Those that run inside the process of `quwen up`: starting another costs more than they do."""

_TAG = "quwen"
_DAY = timedelta(days=1)
_ANCHOR = datetime(2026, 1, 1, 19, 30, tzinfo=UTC)  # half past three at night in China


def register(
    client: SyncPrefectClient, *, tick: timedelta, sources: Sequence[str]
) -> dict[str, UUID]:
    """Tell the server of all deployments; their numbers by name.

    Forms offer *sources*, and the server refuses others. Registering again
    changes what has changed and keeps the rest.
    """
    schedules = {
        "ingest/scheduled": _every(tick, parameters={"due_only": True}, slug="ticks"),
        "maintain/scheduled": _every(_DAY, parameters={}, slug="daily"),
    }
    return {
        name: _register(client, name, flow, schedules.get(name, ()), sources)
        for name, flow in FLOWS.items()
    }


def _every(
    interval: timedelta, *, slug: str, parameters: dict[str, Any]
) -> Sequence[DeploymentScheduleCreate]:
    schedule = IntervalSchedule(interval=interval, anchor_date=_ANCHOR, timezone="Asia/Shanghai")
    return [
        DeploymentScheduleCreate(schedule=schedule, slug=slug, parameters=parameters, active=True)
    ]


def _register(
    client: SyncPrefectClient,
    name: str,
    flow: Flow[..., Any],
    schedules: Sequence[DeploymentScheduleCreate],
    sources: Sequence[str],
) -> UUID:
    return client.create_deployment(
        flow_id=client.create_flow(flow),
        name=name.partition("/")[2],
        entrypoint=ENTRYPOINTS[name],
        description=flow.description,
        tags=[_TAG],
        schedules=list(schedules),
        parameter_openapi_schema=form(flow, sources),
        enforce_parameter_schema=True,
    )


def form(flow: Flow[..., Any], sources: Sequence[str]) -> dict[str, Any]:
    """Return the schema of a flow's parameters; a single source is chosen from *sources*."""
    from prefect.utilities.callables import parameter_schema  # noqa: PLC0415 - heavy, used here

    schema = parameter_schema(flow).model_dump_for_openapi()
    if "source" in schema["properties"]:
        schema["properties"]["source"]["enum"] = sorted(sources)
    return schema
