"""Values on the command line that several commands take."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

import click

from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.store import Store


def day(value: str | date) -> date:
    """Return the calendar day that *value* names; a usage error shows the form wanted."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no date such as 2024-10-22") from error


def connections(pairs: Sequence[str]) -> dict[str, str]:
    """Return what ``--connect HOST=ADDRESS:PORT`` options say; a usage error shows the form wanted."""
    found = [x.partition("=") for x in pairs]
    if any(not host or not target for host, _, target in found):
        raise click.BadParameter("write host=address:port", param_hint="'--connect'")
    return {host: target for host, _, target in found}


@contextmanager
def opened_store() -> Iterator["Store"]:
    """The store, as long as the ``with`` lasts. Raises `ConfigError` where there is none yet."""
    from pipeline.settings import load_settings
    from pipeline.store import Store

    settings = load_settings()
    if settings.database_url is None and not (settings.home / "quwen.db").is_file():
        raise ConfigError(
            "nothing is stored yet", where=str(settings.home), hint="run quwen ingest first"
        )
    with Store.open(settings.store_url) as store:
        yield store


def chosen_sources(source_ids: tuple[str, ...], place: str | None) -> tuple[str, ...] | None:
    """The sources to search; None for all. Raises `ConfigError` for names that nobody bears."""
    if not source_ids and place is None:
        return None
    from pipeline.settings import load_settings
    from pipeline.sources import load_catalogue

    catalogue = load_catalogue(load_settings().sources)
    chosen = [catalogue.source(x) for x in source_ids] or catalogue.sources
    if place is None:
        return tuple(x.id for x in chosen)
    named = tuple(x.id for x in chosen if place in (x.place.short, x.place.name, x.place.code))
    if not named:
        raise ConfigError("no source is of this place", where=place, hint="see quwen sources list")
    return named
