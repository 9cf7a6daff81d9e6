"""The shell: the order of the calls, quarantine, the run ledger and reports.

Archive first, then read: whatever fails later can be read again. Errors of the
tree are caught here, by name, and become counts and quarantined captures.
"""

from collections.abc import Callable, Sequence
from datetime import date

from pipeline.errors import PublishStopped
from pipeline.publish import (
    Listeners,
    PublishReport,
    Remote,
    SearchFeeds,
    is_behind,
    load_watches,
)
from pipeline.publish import publish as publish_tree
from pipeline.publish.content import Names
from pipeline.records import CHINA
from pipeline.runs.alarms import take_alarms, tell_alarms
from pipeline.runs.backfill import Order, Step, backfill_source, check_days
from pipeline.runs.check import Finding, check_column
from pipeline.runs.context import BusyError, Context, open_context, shared_context
from pipeline.runs.entries import Ledger, ledger, settled
from pipeline.runs.hooks import text_of
from pipeline.runs.ingest import ingest_source
from pipeline.runs.leases import Leases
from pipeline.runs.maintain import Maintained, maintain
from pipeline.runs.missing import Month, missing
from pipeline.runs.reparse import reparse_source
from pipeline.runs.report import COUNTS, Problem, Report, State, Tally, state_of
from pipeline.runs.tick import Shard, Work, batches, due_work, ingest_batch
from pipeline.s3 import open_store
from pipeline.settings import Settings
from pipeline.sources import Catalogue
from pipeline.store import Store

__all__ = [
    "COUNTS",
    "BusyError",
    "Context",
    "Finding",
    "Leases",
    "Ledger",
    "Maintained",
    "Month",
    "Order",
    "Problem",
    "PublishReport",
    "PublishStopped",
    "Report",
    "Shard",
    "State",
    "Step",
    "Work",
    "backfill_source",
    "batches",
    "broken_files",
    "check_column",
    "check_days",
    "china_today",
    "due_work",
    "ingest_batch",
    "ingest_source",
    "is_unpublished",
    "ledger",
    "maintain",
    "missing",
    "open_context",
    "publish",
    "reparse_source",
    "report_of",
    "search_feeds",
    "settled",
    "shared_context",
    "state_of",
    "take_alarms",
    "text_of",
    "untold_alarms",
]


def publish(
    context: Context, *, thorough: bool = False, stopping: Callable[[], bool] = lambda: False
) -> PublishReport:
    """Write what changed to the published tree; one run at a time, others wait for it.

    A *thorough* run looks for every file, also of what nothing changed in.
    Raises `PublishError`, `BusyError` where another run publishes for minutes, and
    `PublishStopped` where the process, or *stopping*, says that it has to end.
    """
    with context.leases.held(["publish"], what="publish", wait_s=_PATIENCE_S):
        return publish_tree(
            context.store,
            context.catalogue,
            target=context.settings.public_dir,
            base_url=context.settings.base_url,
            tag_authority=context.settings.tag_authority,
            now=context.clock(),
            listeners=_listeners(context.settings),
            editions=context.settings.editions,
            packs=context.settings.packed,
            remote=_remote(context.settings),
            watches=load_watches(context.settings.feeds_file),
            minimum=context.settings.feed_minimum,
            keeps=context.settings.keep_feed_archives,
            thorough=thorough,
            stopping=lambda: context.stopping.is_set() or stopping(),
        )


def is_unpublished(context: Context) -> bool:
    """Whether something was stored, or half published, after the last publishing."""
    return is_behind(context.store, context.settings.public_dir)


_PATIENCE_S = 300.0


def search_feeds(store: Store, catalogue: Catalogue, settings: Settings) -> SearchFeeds:
    """Return what makes feeds of searches, under the addresses and ids of the published ones."""
    names = Names.of(catalogue, base_url=settings.base_url, tag_authority=settings.tag_authority)
    return SearchFeeds(store=store, names=names)


def _remote(settings: Settings) -> Remote | None:
    if not settings.public_s3:
        return None
    store = open_store(settings.public_s3, setting="QUWEN_PUBLIC_S3")
    return Remote(store, settings.public_s3, settings.public_dir)


def _listeners(settings: Settings) -> Listeners:
    return Listeners(
        hubs=settings.hubs,
        webhooks=settings.webhooks,
        secret=settings.webhook_secret,
        indexnow_key=settings.indexnow_key,
    )


def broken_files(context: Context) -> list[Report]:
    """Return a report of source files that are wrong; none where all are well."""
    return report_of("source files", context.broken)


def untold_alarms(context: Context) -> list[Report]:
    """Tell hooks of alarms that opened or closed; a report of those that could not be told."""
    return report_of("alarm hooks", tell_alarms(context))


def report_of(what: str, problems: Sequence[str]) -> list[Report]:
    """Return a report of trouble that belongs to no source; none where there is none."""
    tally = Tally(source=what)
    for problem in problems:
        tally.problem(what, problem, "failed")
    return [tally.report()] if problems else []


def china_today(context: Context) -> date:
    """Return the day it is in China."""
    return context.clock().astimezone(CHINA).date()
