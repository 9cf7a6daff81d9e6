"""``quwen sources``: the catalogue of sites and their columns."""

import click

from flows.cli.add import add_source
from flows.cli.run import check
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
