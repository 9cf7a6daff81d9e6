"""`quwen export`: tables out of the store."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from flows.cli.options import chosen_sources, day, opened_store
from pipeline.errors import ConfigError, PipelineError

if TYPE_CHECKING:
    from pipeline.export import Format, What


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv", "parquet"]),
    default="jsonl",
    show_default=True,
    help="csv opens in Excel; parquet needs the extra [parquet].",
)
@click.option(
    "--what",
    type=click.Choice(["articles", "revisions", "meetings", "agenda", "credits"]),
    default="articles",
    show_default=True,
    help="What a row is.",
)
@click.option("--source", "source_ids", metavar="ID", multiple=True, help="Of this source only.")
@click.option("--place", help="Of this place only: 东昌府, 东昌府区 or 371502.")
@click.option("--since", type=day, metavar="DATE", help="Published on this day or later.")
@click.option("--until", type=day, metavar="DATE", help="Published on this day or earlier.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write to.")
@click.option("--schema", is_flag=True, help="Print what the fields mean, as JSON Schema.")
def export(
    form: str,
    what: str,
    source_ids: tuple[str, ...],
    place: str | None,
    since: date | None,
    until: date | None,
    output: Path | None,
    schema: bool,
) -> None:
    """Write stored articles, meetings or revisions as a table.

    Goes to standard output unless a file is named, which is replaced only when
    the table is whole. Days of revisions are those on which they were seen.
    In CSV, lists are joined by ； and an apostrophe stands before what a
    spreadsheet would run as a formula.
    """
    from pipeline.export import Selection, json_schema
    from pipeline.export import export as write

    kind, wanted = cast("What", what), cast("Format", form)
    if schema:
        click.echo(json_schema(kind).encode())
        return
    if form == "parquet" and output is None:
        raise ConfigError("needs a file", where="--format parquet", hint="add --output FILE")
    selection = Selection(sources=chosen_sources(source_ids, place), since=since, until=until)
    with opened_store() as store, _target(output) as out:
        count = write(store, kind, wanted, out, selection=selection, places=_places())
    if output is not None:
        click.echo(f"{count} {what} written to {output}")


def _places() -> dict[str, str]:
    from pipeline.settings import load_settings
    from pipeline.sources import load_catalogue

    catalogue = load_catalogue(load_settings().sources)
    return {x.id: x.place.code for x in catalogue.sources}


@contextmanager
def _target(output: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that takes its name when all is written.

    Raises PipelineError where it cannot be; what stood there before stays then.
    """
    if output is None:
        # a stream of our own: what Python's could not write it would try again at the end
        with _explained("standard output"), os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
            yield out
        return
    with _explained(str(output)):
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
        unfinished = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            unfinished.chmod(0o666 & ~_umask())
            unfinished.replace(output)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise


@contextmanager
def _explained(where: str) -> Iterator[None]:
    """Turn the system's errors into ours; a reader that has seen enough is none."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise PipelineError(
            f"cannot be written: {error.strerror}",
            where=where,
            hint="make room, or check owner and rights of the folder",
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
