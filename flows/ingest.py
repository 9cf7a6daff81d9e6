"""The ``ingest`` flow: read what is new, then publish it."""

from collections.abc import Sequence
from contextlib import nullcontext, suppress
from typing import Annotated, Any

import flows.engine  # noqa: F401  isort: skip - sets the engine up before it is imported
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import Field

from flows.common import finished, rename, task_runner
from flows.resume import resume_long_work
from flows.up.bound import give_back
from pipeline import runs

_TASKS_A_THREAD = 4  # enough that a slow site does not keep the other threads waiting


def _tasks(sources: int, threads: int) -> int:
    """How many tasks to make: each costs as much as three looks at an unchanged list."""
    return min(max(threads, sources // 3), _TASKS_A_THREAD * threads)


@task(task_run_name="{name}", cache_policy=NO_CACHE)
def ingest_batch(name: str, batch: Sequence[runs.Work], run_id: int) -> tuple[runs.Report, ...]:
    """Read a batch of sources that share no host with another batch."""
    del name  # only the task's name in the engine
    with runs.shared_context() as context:
        return runs.ingest_batch(batch, context=context, run_id=run_id)


@flow(name="ingest", flow_run_name="ingest", task_runner=task_runner())
def ingest(
    sources: list[str] | None = None,
    publish: bool = True,
    due_only: bool = False,
    shard: Annotated[int, Field(ge=1, le=64)] = 1,
    shards: Annotated[int, Field(ge=1, le=64)] = 1,
) -> State[Any]:
    """Read the newest pages of the sources and publish what is new.

    Args:
        sources: ids of the sources to read; all verified ones where none is named.
        publish: whether to write the published tree afterwards.
        due_only: read only columns whose time has come, as scheduled ticks do.
        shard: the part of the fleet to read, 1 to `shards`.
        shards: parts that the fleet is split into by host, one for each worker.
    """
    if due_only:
        resume_long_work()
    part = runs.Shard(number=min(shard, shards), of=shards)
    with runs.shared_context() as context:
        tick = context.leases.held([part.name], what="ingest") if due_only else nullcontext()
        try:
            with tick:
                return _ingest(context, sources or [], part, due_only=due_only, publish=publish)
        except runs.BusyError as error:
            if not due_only:
                raise
            rename("ingest: skipped, a tick is still running")
            return Completed(name="Skipped", message=str(error), data={"run": None})


def _ingest(
    context: runs.Context, ids: list[str], part: runs.Shard, *, due_only: bool, publish: bool
) -> State[Any]:
    if due_only:
        work = runs.due_work(context, ids, part)
    else:
        work = tuple(runs.Work(source=x.id) for x in context.catalogue.select(ids))
    publish = publish and not context.broken  # with source files left out their feeds would go
    if not work and not (publish and runs.is_unpublished(context)):
        told = "no column is due"
        if not any(x.verified for x in context.catalogue.sources):
            told = "no source is marked verified = true in its file"
        rename("ingest: nothing due")
        return Completed(name="NothingDue", message=told, data={"run": None})
    chosen = runs.batches(context.catalogue, work, most=_tasks(len(work), context.settings.threads))
    params = {"sources": sorted(x.source for x in work), "due_only": due_only, "part": part.name}
    with runs.ledger(context, "ingest", params) as entry:
        waiting = [ingest_batch.submit(_name(x), x, entry.run_id) for x in chosen]
        for batch, future in zip(chosen, waiting, strict=True):
            outcome = future.result(raise_on_failure=False)
            for report in _reports(batch, outcome):
                entry.add(report)
        entry.reports.sort(key=lambda x: x.source)
        entry.reports += runs.broken_files(context)
        entry.reports += runs.untold_alarms(context)
        if publish:
            give_back()  # of what reading took, before publishing takes its own
            with suppress(runs.PublishStopped):  # the next tick goes on
                entry.published = runs.publish(context)
    return finished("ingest", entry.run_id, entry.reports)


def _name(batch: Sequence[runs.Work]) -> str:
    more = f" and {len(batch) - 1} more" if len(batch) > 1 else ""
    return batch[0].source + more


def _reports(
    batch: Sequence[runs.Work], outcome: Sequence[runs.Report] | BaseException
) -> Sequence[runs.Report]:
    if isinstance(outcome, BaseException):
        return [runs.settled(x.source, outcome) for x in batch]
    return outcome
