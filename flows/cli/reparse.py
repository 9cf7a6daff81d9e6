"""``quwen reparse``: read the archive again."""

from typing import TYPE_CHECKING, Any

import click

from flows.cli.run import prepare, run_flow, tell
from flows.cli.table import show_changes

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State


@click.command()
@click.argument("source", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Only say what would change; store nothing.")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    metavar="N",
    help="Processes that read; as many as cores by default.",
)
def reparse(source: tuple[str, ...], dry_run: bool, processes: int | None) -> None:
    """Read the archived pages again, offline, and publish.

    For after an update of quwen, of a source file or of fixes. Reads the
    sources named, or all verified ones, and says field by field what reads
    otherwise. One that was stopped goes on where it was.
    """
    prepare(source)
    from flows.reparse import reparse as flow

    def run() -> "State[Any]":
        return flow(
            sources=list(source) or None, dry_run=dry_run, processes=processes, return_state=True
        )

    done = run_flow(run)
    show_changes(done.reports)
    if dry_run:
        click.echo("dry run: nothing was stored")
    tell(done)
