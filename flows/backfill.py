"""The ``backfill`` flow: walk one source's lists back in time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any, cast
from uuid import UUID

import flows.engine  # noqa: F401  isort: skip - sets the engine up before it is imported
from prefect import flow
from prefect.artifacts import (
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.client.schemas.objects import State
from prefect.states import Failed
from pydantic import Field

from flows.common import finished, rename
from pipeline import runs
from pipeline.errors import ConfigError

_watchers: list[Callable[[runs.Step], None]] = []


@contextmanager
def watched(by: Callable[[runs.Step], None]) -> Iterator[None]:
    """Have *by* called at every list page that backfills of this process walk."""
    _watchers.append(by)
    try:
        yield
    finally:
        _watchers.remove(by)


@flow(name="backfill", flow_run_name="backfill {source} since {since}")
def backfill(
    source: Annotated[
        str, Field(min_length=1, description="id of the source, as quwen sources list shows it")
    ],
    since: Annotated[date, Field(description="first day wanted, in China")],
    until: Annotated[
        date | None, Field(description="last day wanted; today where none is given")
    ] = None,
    max_pages: Annotated[
        int, Field(ge=1, le=10_000, description="list pages to walk in each column at the most")
    ] = 50,
    max_articles: Annotated[
        int | None, Field(ge=1, le=1_000_000, description="articles to fetch at the most")
    ] = None,
    dry_run: Annotated[
        bool, Field(description="walk the lists and count, fetch no article")
    ] = False,
) -> State[Any]:
    """Fetch older articles of one source, then publish. Goes on where an earlier walk stopped.

    Args:
        source: id of the source, as `quwen sources list` shows it.
        since: first day wanted, in China.
        until: last day wanted; today where none is given.
        max_pages: list pages to walk in each column at the most.
        max_articles: articles to fetch at the most; the next run goes on from there.
        dry_run: walk the lists and count what there is to fetch, but fetch no article.
    """
    with runs.shared_context() as context:
        try:
            runs.check_days(since, until, today=runs.china_today(context))
            context.catalogue.source(source)
        except ConfigError as error:
            rename(f"backfill: {error}")
            return Failed(message=str(error), data=error)
        order = runs.Order(
            since=since,
            until=until or runs.china_today(context),
            max_pages=max_pages,
            max_articles=max_articles,
            dry_run=dry_run,
        )
        return _backfill(context, source, order)


def _backfill(context: runs.Context, source: str, order: runs.Order) -> State[Any]:
    params = {
        "source": source,
        "since": order.since.isoformat(),
        "until": order.until.isoformat(),
        "dry_run": order.dry_run,
    }
    with runs.ledger(context, "backfill", params) as entry:
        progress = _progress(source)
        entry.add(
            runs.backfill_source(
                source, order, context=context, run_id=entry.run_id, progress=progress
            )
        )
        if not order.dry_run:
            entry.published = runs.publish(context)
    months = runs.missing(context, source, since=order.since, until=order.until)
    create_table_artifact(
        key="missing",
        table=[_row(x) for x in months],
        description=f"{source}: what of {order.since} to {order.until} the lists name "
        "and the store lacks",
    )
    about = f"{source}, dry" if order.dry_run else source
    return finished("backfill", entry.run_id, entry.reports, about=about)


def _row(month: runs.Month) -> dict[str, Any]:
    return {
        "column": month.column,
        "month": month.month,
        "listed": month.listed,
        "stored": month.stored,
        "unreadable": month.unreadable,
        "missing": month.missing,
        "walked": month.walked,
    }


_TELL_S = 2.0  # each telling is a request to the engine's server


def _progress(source: str) -> Callable[[runs.Step], None]:
    """What shows progress: a bar on the run's page in the engine, and whoever watches here."""
    artifact = cast(
        "UUID", create_progress_artifact(progress=0.0, description=f"backfill of {source}")
    )

    told = -_TELL_S

    def show(step: runs.Step) -> None:
        nonlocal told
        if time.monotonic() - told >= _TELL_S or step.share >= 1:
            told = time.monotonic()
            update_progress_artifact(
                artifact,
                progress=round(100 * step.share, 1),
                description=f"backfill of {source}: {step.column} page {step.page}, "
                f"{step.fetched} articles asked for",
            )
        for watcher in _watchers:
            watcher(step)

    return show
