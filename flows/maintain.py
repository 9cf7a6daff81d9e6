"""The ``maintain`` flow: keep what grows within its limits, the engine's own history too."""

import asyncio
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import flows.engine  # noqa: F401  isort: skip - sets the engine up before it is imported
from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import State
from prefect.server.database import provide_database_interface
from prefect.server.services import db_vacuum
from prefect.settings import (
    PREFECT_HOME,
    PREFECT_SERVER_EVENTS_RETENTION_PERIOD,
    PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD,
    temporary_settings,
)
from prefect.states import Completed

from flows.common import rename
from pipeline import runs

_EVENT_DAYS = 7


@flow(name="maintain", flow_run_name="maintain")
def maintain() -> State[Any]:
    """Forget old runs, days, alarms and responses as the settings say; merge archive files."""
    with runs.shared_context() as context, runs.ledger(context, "maintain", {}) as entry:
        done = runs.maintain(context)
        entry.reports += runs.report_of("maintain", done.problems)
        if owns_engine():
            clean_engine(timedelta(days=context.settings.keep_engine_days))
    create_table_artifact(key="maintain", table=[asdict(done)], description=f"run {entry.run_id}")
    data = {"run": entry.run_id, "state": "Completed"}
    rename(f"maintain {entry.run_id}: {_words(done)}")
    return Completed(message=f"run {entry.run_id}: {_words(done)}", data=data)


def _words(done: runs.Maintained) -> str:
    return (
        f"{done.runs} runs and {done.captures} responses forgotten, "
        f"{done.files_removed} files removed, {done.files_merged} merged"
    )


def owns_engine() -> bool:
    """Whether the engine's database is a file in this home: another one is its server's affair."""
    return bool((PREFECT_HOME.value() / "prefect.db").is_file())


def clean_engine(keep: timedelta) -> None:
    """Drop runs of the engine that ended longer ago than *keep*, with their logs and events.

    These are the engine's own cleaning tasks: a standing server does them by the
    hour, one that is started for a command never lives that long.
    """
    with temporary_settings(
        {
            PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD: keep,
            PREFECT_SERVER_EVENTS_RETENTION_PERIOD: min(keep, timedelta(days=_EVENT_DAYS)),
        }
    ):
        asyncio.run(_clean())


async def _clean() -> None:
    db = provide_database_interface()
    try:
        await db_vacuum.vacuum_old_flow_runs(db=db)
        await db_vacuum.vacuum_events_with_retention_overrides(db=db)
        await db_vacuum.vacuum_old_events(db=db)
        await db_vacuum.vacuum_orphaned_logs(db=db)
        await db_vacuum.vacuum_orphaned_artifacts(db=db)
        await db_vacuum.vacuum_stale_artifact_collections(db=db)
    finally:
        engine = await db.engine()
        await engine.dispose()
