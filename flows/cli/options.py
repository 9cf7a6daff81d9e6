"""Values on the command line that several commands take."""

from collections.abc import Sequence
from datetime import date

import click


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
