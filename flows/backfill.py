"""The ``backfill`` flow: walk one source's lists back in time."""

from datetime import date
from typing import Annotated, Any

import flows.engine  # noqa: F401  isort: skip - sets the engine up before it is imported
from prefect import flow
from prefect.client.schemas.objects import State
from pydantic import Field

from flows.common import finished
from pipeline import runs


@flow(name="backfill", flow_run_name="backfill {source} since {since}")
def backfill(
    source: str,
    since: date,
    until: date | None = None,
    max_pages: Annotated[int, Field(ge=1, le=10_000)] = 50,
) -> State[Any]:
    """Fetch older articles of one source, then publish. Goes on where an earlier walk stopped.

    Args:
        source: id of the source.
        since: first day wanted, in China.
        until: last day wanted; today where none is given.
        max_pages: list pages to walk in each column at the most.
    """
    with runs.shared_context() as context:
        until = until or runs.china_today(context)
        params = {"source": source, "since": since.isoformat(), "until": until.isoformat()}
        with runs.ledger(context, "backfill", params) as entry:
            entry.add(
                runs.backfill_source(
                    source,
                    since=since,
                    until=until,
                    max_pages=max_pages,
                    context=context,
                    run_id=entry.run_id,
                )
            )
            entry.published = runs.publish(context)
        return finished("backfill", entry.run_id, entry.reports)
