"""Tables on the screen."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

REPARSE_COLUMNS = ("read", "reparsed", "edited", "failed", "quarantined")
RUN_COLUMNS = ("listed", "fetched", "new", "edited", "failed", "quarantined")
"""Counts of a report that the table of a run shows."""


def show_table(
    headings: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: bool = False
) -> None:
    """Print a table. With *numbers*, all columns but the first are right-aligned."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for n, heading in enumerate(headings):
        right = numbers and n > 0
        table.add_column(
            heading, justify="right" if right else "left", no_wrap=n == 0, overflow="fold"
        )
    for row in rows:
        table.add_row(*(Text(str(x)) for x in row))
    Console(highlight=False).print(table)


def show_reports(
    reports: Sequence[Mapping[str, Any]], columns: Sequence[str] = RUN_COLUMNS
) -> None:
    """Print one row a source, from the reports of a run in the ledger.

    A run that only read the archive again shows what came of that instead.
    """
    if any(x["counts"].get("read") for x in reports):
        columns = REPARSE_COLUMNS
    if columns is RUN_COLUMNS and any(x["counts"].get("withdrawn") for x in reports):
        columns = (*RUN_COLUMNS[:4], "withdrawn", *RUN_COLUMNS[4:])
    rows = [[x["source"], *(x["counts"][c] for c in columns)] for x in reports]
    show_table(["source", *columns], rows, numbers=True)


def show_changes(reports: Sequence[Mapping[str, Any]]) -> None:
    """Print the fields that read otherwise, each with the first article concerned."""
    rows = [
        [report["source"], x["field"], x["articles"], x["example"], f"{x['old']} → {x['new']}"]
        for report in reports
        for x in report.get("changes", ())
    ]
    if rows:
        show_table(["source", "field", "articles", "first", "there"], rows)


def show_problems(reports: Sequence[Mapping[str, Any]]) -> None:
    """Print the problems of a run on standard error, one line each."""
    for report in reports:
        for problem in report["problems"]:
            what = " ".join(str(problem["what"]).split())
            where = str(problem["where"])
            line = what if what.startswith(where) else f"{where}: {what}"
            click.echo(f"{report['source']}: {line}", err=True)
