"""``quwen record``: a page of a site as a fixture."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import click

from flows.cli.options import connections

if TYPE_CHECKING:
    from pipeline.runs.record import Expect


@click.command()
@click.argument("url")
@click.option("--list", "expect", flag_value="list", help="It is a list page.")
@click.option("--article", "expect", flag_value="article", help="It is an article.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to make; by default ./FAMILY/NAME after the address.",
)
@click.option(
    "--connect",
    multiple=True,
    metavar="HOST=ADDRESS:PORT",
    help="Connect there instead, for trials. May be repeated.",
)
def record(url: str, expect: str | None, output: Path | None, connect: tuple[str, ...]) -> None:
    """Fetch the page at URL into a fixture folder.

    Makes page.html (the bytes as received), capture.json (address, headers, time) and
    expected.json: what is read of the page now. Correct that by hand; a test then
    holds quwen to it.
    """
    from pipeline.errors import ConfigError
    from pipeline.extract.families import detect
    from pipeline.fetch import Fetcher
    from pipeline.records import FetchRules
    from pipeline.runs.record import fetch_page, write_fixture
    from pipeline.settings import load_settings
    from pipeline.sources import load_catalogue

    settings = load_settings()
    host = urlsplit(url).hostname
    if host is None:
        raise ConfigError("is no web address", where=url, hint="give it with http:// or https://")
    known = [x for x in load_catalogue(settings.sources).sources if host in x.hosts]
    rules = known[0].rules if known else FetchRules()
    hosts = tuple(known[0].hosts) if known else (host, f"www.{host}", host.removeprefix("www."))
    connect_to = settings.connect_to | connections(connect)
    with Fetcher(user_agent=settings.user_agent, connect_to=connect_to) as fetcher:
        capture = fetch_page(url, rules, hosts=hosts, fetcher=fetcher)
    text = capture.body.decode("latin-1")
    folder = output or Path(detect(text, capture.url).name) / _name(url)
    found = write_fixture(capture, folder, expect=cast("Expect | None", expect))
    for name in ("kind", "family", "title", "published", "origin", "author", "next_url"):
        if found[name]:
            click.echo(f"{name + ':':12}{found[name]}")
    for name in ("paragraphs", "items", "attachments", "images", "fields"):
        if found[name]:
            click.echo(f"{name + ':':12}{len(found[name])}")
    for problem in found["problems"]:
        click.echo(f"{'problem:':12}{problem}")
    click.echo(f"Written to {folder}. Read the page, and correct expected.json by hand.")


def _name(url: str) -> str:
    """A folder's name after an address: t20241022-5830000 for …/202410/t20241022_5830000.shtml."""
    path = urlsplit(url).path.rstrip("/")
    words = [x for x in re.split(r"[^0-9A-Za-z]+", path.rpartition("/")[2].partition(".")[0]) if x]
    words = words or [x for x in re.split(r"[^0-9A-Za-z]+", path) if x][-2:]
    return "-".join(words).lower()[:60] or "home"
