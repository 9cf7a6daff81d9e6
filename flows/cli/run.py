"""Commands that do work through the flows: ingest, backfill, publish, reparse; and check."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from flows.cli.options import day
from flows.cli.table import show_problems, show_reports
from pipeline.records import CHINA

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from pipeline.records import Column
    from pipeline.runs import Finding, Step
    from pipeline.store import Alarm

_LOG_LEVEL = "PREFECT_LOGGING_LEVEL"
_QUIET = {
    _LOG_LEVEL: "CRITICAL",
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_ROOT_LEVEL": "CRITICAL",  # the engine's background workers log there
    # Loggers with a level of their own (sqlalchemy's, when the engine stops) are held back here
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
}
"""What goes wrong is said by us, in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A run that ended: its number, state, reports by source, and what was published."""

    run_id: int
    state: str
    reports: Sequence[dict[str, Any]]
    published: dict[str, Any] | None

    @property
    def exit_code(self) -> int:
        """0, or 1 where something could not be read."""
        return 0 if self.state == "completed" else 1


def show_engine_errors() -> None:
    """Let the engine say what it has to say: for --debug."""
    os.environ[_LOG_LEVEL] = "INFO"


def run_flow(flow: Callable[[], "State[Any]"]) -> Finished:
    """Return what a flow did, as our own ledger has it.

    An error that stopped the flow is raised again, as itself. Raises `PipelineError`
    where the engine is away, or goes away meanwhile.
    """
    import httpx
    from prefect.exceptions import PrefectException

    from flows.up.server import check_engine
    from pipeline.errors import PipelineError

    check_engine()
    try:
        ended = flow()
    except (
        httpx.HTTPError,
        PrefectException,
        OSError,
        RuntimeError,
    ) as error:  # errors of the flow itself are in its state
        raise PipelineError(
            f"the engine went away: {error}",
            where=os.environ.get("PREFECT_API_URL", "an engine of its own"),
            hint="what was read is stored; run again when it is back",
        ) from error
    result = ended.result(raise_on_failure=False)
    if isinstance(result, BaseException):
        raise result
    if result["run"] is None:  # a tick that had nothing to do
        click.echo(ended.message, err=True)
        return Finished(run_id=0, state="completed", reports=(), published=None)
    from pipeline.settings import load_settings
    from pipeline.store import Store

    with Store.open(load_settings().store_url) as store:
        entry = next(x for x in store.runs(limit=1000) if x.id == result["run"])
    return Finished(
        run_id=entry.id,
        state=entry.state,
        reports=entry.report["sources"],
        published=entry.report["published"],
    )


def prepare(source_ids: Sequence[str] | None = None) -> None:
    """Check settings, home, sources and topics before the engine starts, which takes seconds.

    Raises `ConfigError`. With *source_ids* None no source is needed.
    """
    from pipeline.runs.context import load_topics
    from pipeline.settings import ensure_home, load_settings
    from pipeline.sources import load_catalogue

    if _LOG_LEVEL not in os.environ:
        os.environ |= _QUIET
    settings = load_settings()
    catalogue = load_catalogue(settings.sources)
    if source_ids is not None:
        catalogue.select(source_ids)
    load_topics(settings.topics_file)
    ensure_home(settings)


def tell(done: Finished) -> None:
    """Print what a run did, and end with its exit code."""
    if done.reports:
        show_reports(done.reports)
        if unchanged := sum(x["counts"]["unchanged"] for x in done.reports):
            click.echo(f"{unchanged} list pages have not changed since they were read last")
        if again := _asked_again(done.reports):
            click.echo(again)
        show_problems(done.reports)
    if done.published is not None:
        click.echo(
            f"published: {done.published['written']} files written, "
            f"{done.published['unchanged']} unchanged, {done.published['removed']} removed"
        )
        for left_out in done.published["left_out"]:
            click.echo(f"left out: {left_out}", err=True)
        if mirrored := done.published["mirrored"]:
            click.echo(f"copied: {mirrored['put']} files, {mirrored['deleted']} deleted there")
            if mirrored["problem"]:
                click.echo(
                    f"could not be copied: {mirrored['problem']}; the next run goes on", err=True
                )
        for listener in done.published["untold"]:
            click.echo(f"could not be told of changes: {listener}", err=True)
    click.get_current_context().exit(done.exit_code)


def _asked_again(reports: Sequence[dict[str, Any]]) -> str:
    """What came of asking known articles again; empty where none was due."""
    sums = {
        name: sum(x["counts"].get(name, 0) for x in reports)
        for name in ("rechecked", "missing", "withdrawn", "restored")
    }
    said = [f"{n} {name}" for name, n in sums.items() if n and name != "rechecked"]
    many = f"{sums['rechecked']} known articles asked for again"
    return ": ".join([many, *([", ".join(said)] if said else [])]) if sums["rechecked"] else ""


@click.command()
@click.argument("source", nargs=-1)
@click.option("--due", is_flag=True, help="Only columns whose time has come, as a schedule does.")
def ingest(source: tuple[str, ...], due: bool) -> None:
    """Read what is new on the sources and publish it.

    Reads the sources named (`quwen sources list` shows their ids), or all
    verified ones. Asks each site slowly and only for what is not known yet.
    """
    prepare(source)
    from flows.ingest import ingest as flow

    tell(run_flow(lambda: flow(sources=list(source) or None, due_only=due, return_state=True)))


@click.command()
@click.argument("source")
@click.option(
    "--since", type=day, metavar="DATE", required=True, help="First day wanted, in China."
)
@click.option("--until", type=day, metavar="DATE", help="Last day wanted; today by default.")
@click.option(
    "--max-pages",
    type=click.IntRange(1, 10_000),
    default=50,
    show_default=True,
    help="List pages to walk in each column at the most.",
)
@click.option(
    "--max-articles",
    type=click.IntRange(1, 1_000_000),
    help="Articles to fetch at the most; the next run goes on from there.",
)
@click.option("--dry-run", is_flag=True, help="Walk the lists and count; fetch no article.")
@click.option(
    "--missing", is_flag=True, help="Ask nobody: show what the lists named and is not there."
)
def backfill(
    source: str,
    since: date,
    until: date | None,
    max_pages: int,
    max_articles: int | None,
    dry_run: bool,
    missing: bool,
) -> None:
    """Read older articles of SOURCE, back to a day.

    Walks its lists back in time. A walk that was stopped goes on where it was
    when you start it again with the same --since.
    """
    from pipeline import runs

    runs.check_days(since, until, today=datetime.now(CHINA).date())
    prepare((source,))
    if missing:
        _show_missing(source, since, until)
        return
    from flows.backfill import backfill as flow
    from flows.backfill import watched

    try:
        with _bar() as show, watched(show):
            done = run_flow(
                lambda: flow(
                    source=source,
                    since=since,
                    until=until,
                    max_pages=max_pages,
                    max_articles=max_articles,
                    dry_run=dry_run,
                    return_state=True,
                )
            )
    except KeyboardInterrupt:
        click.echo("stopped; the same command goes on where it was", err=True)
        raise
    if dry_run:
        for x in done.reports:
            counts = x["counts"]
            click.echo(
                f"{x['source']}: {counts['in_range']} items in range, "
                f"{counts['wanted']} articles to fetch (none was fetched)"
            )
        show_problems(done.reports)
        click.get_current_context().exit(done.exit_code)
    tell(done)


@contextmanager
def _bar() -> Iterator[Callable[["Step"], None]]:
    """A progress bar on the terminal; nothing where standard error is none."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("backfill", total=1.0)

        def show(step: "Step") -> None:
            what = f"{step.column} page {step.page}, {step.fetched} articles"
            bar.update(task, completed=step.share, description=what)

        yield show


def _show_missing(source: str, since: date, until: date | None) -> None:
    from flows.cli.table import show_table
    from pipeline import runs
    from pipeline.settings import load_settings

    with runs.open_context(load_settings()) as context:
        last = until or runs.china_today(context)
        months = runs.missing(context, source, since=since, until=last)
    headings = ("column", "month", "listed", "stored", "unreadable", "missing", "walked")
    show_table(
        headings,
        [
            (
                x.column,
                x.month,
                x.listed,
                x.stored,
                x.unreadable,
                x.missing,
                "yes" if x.walked else "no",
            )
            for x in months
        ],
        numbers=True,
    )


@click.command()
def publish() -> None:
    """Write feeds and pages from what is stored.

    Files whose content stays the same are not touched, those that somebody
    removed are written again. `quwen ingest` does this by itself; you need it
    after a change of settings.
    """
    prepare()
    from flows.publish import publish as flow

    tell(run_flow(lambda: flow(return_state=True)))


@click.command()
def maintain() -> None:
    """Forget old history; merge small archive files.

    `quwen up` does this every night; with cron or a timer, run it once a day.
    """
    prepare()
    from flows.maintain import maintain as flow

    state: list[State[Any]] = []

    def run() -> "State[Any]":
        state.append(flow(return_state=True))
        return state[0]

    done = run_flow(run)
    click.echo(state[0].message)
    show_problems(done.reports)
    click.get_current_context().exit(done.exit_code)


@click.command()
@click.argument("source", nargs=-1)
def check(source: tuple[str, ...]) -> None:
    """Try sources: fetch a few pages of each, store nothing.

    Fetches one list page and three articles a column.

    Says field by field what was found, and which alarms are open. Checks the
    sources named, or all verified ones; the exit code is 1 if something could
    not be read.
    """
    from pipeline import runs
    from pipeline.fetch import Fetcher
    from pipeline.settings import load_settings
    from pipeline.sources import load_catalogue

    settings = load_settings()
    catalogue = load_catalogue(settings.sources)
    failed = False
    standing = _open_alarms()
    with Fetcher(user_agent=settings.user_agent, connect_to=settings.connect_to) as fetcher:
        for chosen in catalogue.select(source):
            for column in catalogue.columns_of(chosen.id):
                found = list(runs.check_column(column, fetcher=fetcher))
                failed = failed or any(x.state == "failed" for x in found)
                show_findings(column, found)
                for alarm in standing:
                    if (alarm.source, alarm.column) == (chosen.id, column.key):
                        since = f"{alarm.opened_at:%Y-%m-%d %H:%M}Z"
                        click.echo(f"    alarm    {alarm.kind:18} since {since}: {alarm.message}")
    click.get_current_context().exit(1 if failed else 0)


def _open_alarms() -> "Sequence[Alarm]":
    """What the store has; a check needs none and makes none."""
    from pipeline.settings import load_settings
    from pipeline.store import Store

    settings = load_settings()
    if settings.database_url is None and not (settings.home / "quwen.db").is_file():
        return ()
    with Store.open(settings.store_url) as store:
        return store.upkeep.alarms()


def show_findings(column: "Column", found: Sequence["Finding"]) -> None:
    """Print what a check found of a column, field by field."""
    click.echo(f"{column.source.id} {column.key} {column.name}")
    where = ""
    for x in found:
        if x.where != where:
            click.echo(f"  {x.where}")
            where = x.where
        click.echo(f"    {x.state:8} {x.field:18} {' '.join(x.value.split())}".rstrip())
