"""``quwen sources``: the catalogue of sites and their columns."""

from pathlib import Path

import click

from flows.cli.add import add_source
from flows.cli.run import check, show_findings
from flows.cli.table import show_table


@click.group()
def sources() -> None:
    """Show, try and add the sites that quwen can read."""


sources.add_command(add_source)
sources.add_command(check)


@sources.command("list")
def list_sources() -> None:
    """List all sources: the shipped ones and those in QUWEN_SOURCES.

    `quwen ingest` without names reads those that are verified.
    """
    from pipeline.settings import load_settings
    from pipeline.sources import load_catalogue

    catalogue = load_catalogue(load_settings().sources)
    show_table(
        ("id", "place", "name", "columns", "verified"),
        [
            (
                x.id,
                f"{x.place.province}{x.place.name}",
                x.name,
                len(catalogue.columns_of(x.id)),
                "yes" if x.verified else "no",
            )
            for x in catalogue.sources
        ],
    )


@sources.command("show")
@click.argument("source")
def show_source(source: str) -> None:
    """Show one SOURCE: place, rules for fetching, columns."""
    from pipeline.settings import load_settings
    from pipeline.sources import load_catalogue

    catalogue = load_catalogue(load_settings().sources)
    found = catalogue.source(source)
    facts = {
        "id": found.id,
        "name": found.name,
        "place": f"{found.place.province}{found.place.name} ({found.place.code})",
        "publisher": found.publisher,
        "address": found.base,
        "mirror of": found.mirror_of or "",
        "verified": "yes" if found.verified else "no",
        "pause between requests": f"{found.rules.delay_s:g} s",
    }
    for label, value in facts.items():
        if value:
            click.echo(f"{label + ':':24}{value}")
    show_table(
        ("column", "name", "family", "address"),
        [(x.key, x.name, x.layouts[0].family, x.url) for x in catalogue.columns_of(found.id)],
    )


@sources.command("verify")
@click.argument("source")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of source files; QUWEN_SOURCES by default.",
)
@click.option("--yes", is_flag=True, help="Mark it even if something could not be read.")
def verify_source(source: str, into: Path | None, yes: bool) -> None:
    """Try one SOURCE and have it read on schedule from now on.

    Fetches a few pages of each column, as `quwen check` does. If all could be
    read, the source's file gets verified = true; of a shipped source, a copy in
    your folder does.
    """
    from datetime import datetime

    from pipeline.fetch import Fetcher
    from pipeline.records import CHINA
    from pipeline.runs import check_column
    from pipeline.settings import load_settings
    from pipeline.sources import load_catalogue
    from pipeline.sources.verify import mark_verified

    settings = load_settings()
    folder = into or settings.sources or settings.home / "sources"
    catalogue = load_catalogue(folder if folder.is_dir() else None)
    chosen = catalogue.source(source)
    if chosen.verified:
        click.echo(f"{source} is verified already")
        return
    failed = False
    with Fetcher(user_agent=settings.user_agent, connect_to=settings.connect_to) as fetcher:
        for column in catalogue.columns_of(source):
            found = list(check_column(column, fetcher=fetcher))
            failed = failed or any(x.state == "failed" for x in found)
            show_findings(column, found)
    if failed and not yes:
        click.echo(f"{source} is not marked: mend its file, or give --yes", err=True)
        click.get_current_context().exit(1)
    note = f"quwen sources verify, {datetime.now(CHINA):%Y-%m-%d}"
    path = mark_verified(folder, source, code=chosen.place.code, note=note)
    click.echo(f"verified = true in {path}")
    if settings.sources is None or folder.absolute() != settings.sources.absolute():
        click.echo(f"To use it: export QUWEN_SOURCES={folder.absolute()}")
