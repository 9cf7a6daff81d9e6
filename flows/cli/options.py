"""Values on the command line that several commands take."""

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
