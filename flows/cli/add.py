"""``quwen sources add``: a source file from the address of a list page."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.options import connections
from pipeline.errors import ConfigError, PipelineError

if TYPE_CHECKING:
    from pipeline.records import Place
    from pipeline.runs.propose import Proposal
    from pipeline.runs.survey import Look
    from pipeline.settings import Settings
    from pipeline.sources import Catalogue
    from pipeline.sources.draft import Known, SettledPlace
    from pipeline.sources.write import NewColumn, NewSite


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the operator gave instead of letting it be found out or asked."""

    yes: bool
    place: str | None
    site_id: str | None
    key: str | None
    site_name: str | None
    column_name: str | None
    publisher: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Everything that goes into the file besides what the pages gave."""

    place: "Place"
    place_how: str
    folder: str
    letters: str
    site_name: "Known"
    column_name: "Known"
    publisher: "Known"


@click.command("add")
@click.argument("url")
@click.option("--yes", is_flag=True, help="Ask nothing; write nothing where something is unsure.")
@click.option(
    "--place", metavar="CODE|NAME", help="The county-level division that the site serves."
)
@click.option("--id", "site_id", metavar="ID", help="Id of the site, such as sd-qinglan.")
@click.option("--key", metavar="KEY", help="Key of the column, such as zwyw.")
@click.option("--site-name", metavar="NAME", help="Name of the site.")
@click.option("--column-name", metavar="NAME", help="Name of the column (栏目).")
@click.option(
    "--publisher",
    type=click.Choice(["media", "government", "party", "congress", "cppcc"]),
    help="Who publishes the site.",
)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of source files; QUWEN_SOURCES by default.",
)
@click.option(
    "--delay",
    "delay_s",
    type=click.FloatRange(0, 3600),
    default=2.0,
    show_default=True,
    help="Seconds between two requests.",
)
@click.option(
    "--connect",
    multiple=True,
    metavar="HOST=ADDRESS:PORT",
    help="Connect there instead, for trials. May be repeated.",
)
def add_source(
    url: str,
    yes: bool,
    place: str | None,
    site_id: str | None,
    key: str | None,
    site_name: str | None,
    column_name: str | None,
    publisher: str | None,
    into: Path | None,
    delay_s: float,
    connect: tuple[str, ...],
) -> None:
    """Add the list page at URL to your source files.

    Reads the list, the page after it and its three newest articles, shows what
    it finds and from where, and writes the TOML. Asks only what the pages do
    not tell. A site that you have already gets one column more.
    """
    from pipeline.fetch import Fetcher
    from pipeline.runs.propose import UnfitPageError, propose
    from pipeline.settings import load_settings
    from pipeline.sources import load_catalogue

    wishes = Wishes(
        yes=yes,
        place=place,
        site_id=site_id,
        key=key,
        site_name=site_name,
        column_name=column_name,
        publisher=publisher,
    )
    settings = load_settings()
    folder = into or settings.sources or settings.home / "sources"
    catalogue = load_catalogue(folder if folder.is_dir() else None)
    connect_to = settings.connect_to | connections(connect)
    click.echo(f"Reading {url} …")
    with Fetcher(user_agent=settings.user_agent, connect_to=connect_to) as fetcher:
        try:
            proposal = propose(url, catalogue=catalogue, fetcher=fetcher, delay_s=delay_s)
        except UnfitPageError as error:
            for link in error.links:
                click.echo(f"  {link.name}  {link.url}")
            raise
    show_proposal(proposal)
    _settle_doubts(proposal, wishes)
    answers = _answers(proposal, wishes)
    _write(proposal, answers, wishes, catalogue, folder)
    _tell_next(folder, settings, proposal)


def show_proposal(p: "Proposal") -> None:
    """Print what was found, a line a fact, with where it stood."""
    listing = p.listing
    items = listing.items
    days = sorted(x.published.day for x in items if x.published)
    place = p.place.place
    _line("family", p.column.layouts[0].family, "address and page marks")
    _line("column", p.column_name.value, p.column_name.how)
    _line("site", p.site_name.value, p.site_name.how)
    _line("place", f"{place.code} {place.province}{place.name}" if place else "", p.place.how)
    _line("publisher", p.publisher.value, p.publisher.how)
    _line("items", f"{len(items)}, {len(listing.own)} of them on the site", "")
    dates = f"{len(days)} of {len(items)}, {days[0]} to {days[-1]}" if days else ""
    _line("dates", dates, "" if days else "none on the list")
    after = listing.after
    if after is None:
        _line("next page", "none", "the list has one page, or its pager is not understood")
    else:
        _line("next page", after.url, f"{listing.added} new addresses")
    for n, look in enumerate(p.articles, 1):
        show_article(n, look)


def show_article(n: int, look: "Look") -> None:
    """Print an article field by field, with where each stood."""
    from pipeline.runs.check import article_findings

    how = dict(x.partition(": ")[::2] for x in look.explain)
    click.echo(f"\n  {n}  {look.url}")
    if look.gone:
        _line("skipped", "the page is gone", "lists have dead links", indent=5)
        return
    for x in article_findings(look):
        label = "body" if x.field == "characters" else x.field
        value = f"{x.value} characters" if x.field == "characters" else x.value
        _line(x.field if label != "body" else "text", value, how.get(label, ""), indent=5)


def _line(label: str, value: str, how: str, *, indent: int = 2) -> None:
    shown = " ".join(value.split()) or "?"
    click.echo(f"{'':{indent}}{label:11}{shown}" + (f"   [{how}]" if how else ""))


def _settle_doubts(p: "Proposal", wishes: Wishes) -> None:
    if not p.doubts:
        return
    click.echo("\nNot sure of it:")
    for doubt in p.doubts:
        click.echo(f"  - {doubt}")
    if wishes.yes:
        raise PipelineError(
            "not written, since it is not sure to be read well",
            where=p.column.url,
            hint="run it without --yes to decide yourself",
        )
    click.confirm("Go on all the same?", abort=True)


def _answers(p: "Proposal", wishes: Wishes) -> Answers:
    """Everything given, found or asked. Raises `ConfigError` where --yes forbids asking."""
    from pipeline.sources.draft import PUBLISHERS, Known

    def known(label: str, given: str | None, found: Known, choices: Sequence[str] = ()) -> Known:
        if given:
            return Known(value=given, how="given")
        if found:
            return found
        _refuse_to_ask(wishes, label, found.how)
        kind = click.Choice(choices) if choices else None
        return Known(value=click.prompt(label.capitalize(), type=kind), how="given")

    place = _place(p, wishes)
    assert place.place is not None  # noqa: S101 - _place asks until there is one
    return Answers(
        place=place.place,
        place_how=place.how,
        folder=place.folder,
        letters=place.letters,
        site_name=known("name of the site", wishes.site_name, p.site_name),
        column_name=known("name of the column", wishes.column_name, p.column_name),
        publisher=known("publisher", wishes.publisher, p.publisher, PUBLISHERS),
    )


def _refuse_to_ask(wishes: Wishes, label: str, how: str) -> None:
    if wishes.yes:
        option = {"name of the site": "--site-name", "name of the column": "--column-name"}
        raise ConfigError(
            f"the {label} is not known: {how}",
            where="--yes",
            hint=f"give {option.get(label, '--' + label)}",
        )


def _place(p: "Proposal", wishes: Wishes) -> "SettledPlace":
    from pipeline.sources.draft import place_named

    if wishes.place:
        if p.existing is not None and wishes.place in (
            p.existing.place.code,
            p.existing.place.name,
        ):
            return p.place
        return place_named(wishes.place)
    if p.place.place is not None:
        return p.place
    _refuse_to_ask(wishes, "place", p.place.how)
    for x in p.place.candidates:
        click.echo(f"  {x.code} {x.province}{x.prefecture}{x.name}")
    while True:
        answer = click.prompt("Place (code after GB/T 2260, or name)")
        try:
            return place_named(answer.strip())
        except ConfigError as error:
            click.echo(str(error))


def _write(
    p: "Proposal", answers: Answers, wishes: Wishes, catalogue: "Catalogue", folder: Path
) -> None:
    """Show the text and write it, in a file of its own or into the place's or site's file."""
    from pipeline.sources import write

    site, column = _drafts(p, answers, wishes, catalogue)
    same_site = p.existing is not None and site.id == p.existing.id
    mine = write.file_of(folder, site=site.id) if same_site else None
    if same_site:
        path = mine or write.file_of(write.SHIPPED, site=site.id)
        if path is None:
            raise ConfigError("its file cannot be found", where=site.id, hint="see --into")
        text = write.with_column(path.read_text("utf-8"), site.id, column)
        target = mine or folder / path.relative_to(write.SHIPPED)
        shown = column.toml()
    elif path := write.file_of(folder, code=answers.place.code):
        text = write.with_site(path.read_text("utf-8"), site, column)
        target, shown = path, site.toml() + "\n" + column.toml()
    else:
        text = shown = write.new_file(answers.place, site, column, how=answers.place_how)
        target = folder / answers.folder / f"{answers.place.code}.toml"
    click.echo(f"\n{'Into' if target.exists() else 'New file'} {target}:\n")
    click.echo("".join(f"  {x}\n" for x in shown.splitlines()))
    if not wishes.yes:
        click.confirm("Write it?", default=True, abort=True)
    write.save(folder, target, text, site=site.id, key=column.key)
    click.echo("Written.")


def _drafts(
    p: "Proposal", answers: Answers, wishes: Wishes, catalogue: "Catalogue"
) -> "tuple[NewSite, NewColumn]":
    from urllib.parse import urlsplit, urlunsplit

    from pipeline.records import CHINA
    from pipeline.runs.context import utc_now
    from pipeline.sources import draft, write

    today = utc_now().astimezone(CHINA).date()
    parts = urlsplit(p.column.url)
    site_id = wishes.site_id
    if site_id is None and p.existing is not None and p.existing.place == answers.place:
        site_id = p.existing.id
    if site_id is None:
        taken = [x.id for x in catalogue.sources]
        site_id = draft.site_id(p.column.url, letters=answers.letters, taken=taken)
    keys = [x.key for x in catalogue.columns_of(site_id)] if site_id in _ids(catalogue) else []
    rules = p.column.source.rules
    site = write.NewSite(
        id=site_id,
        name=answers.site_name.value,
        publisher=answers.publisher.value,
        base=f"{parts.scheme}://{parts.netloc}",
        evidence=f"quwen sources add read the list and its newest articles, {today}",
        delay_s=rules.delay_s,
        hosts=rules.hosts,
        notes=(
            ("id", "stable: it is part of the feeds' addresses"),
            ("name", answers.site_name.how),
            ("publisher", answers.publisher.how),
        ),
    )
    path = urlunsplit(("", "", parts.path or "/", parts.query, parts.fragment))
    column = write.NewColumn(
        key=wishes.key or draft.column_key(p.column.url, taken=keys),
        name=answers.column_name.value,
        url=path,
        family=p.column.layouts[0].family,
        found=f"found by quwen sources add, {today}: {_summary(p)}",
        notes=(("name", answers.column_name.how),),
    )
    return site, column


def _ids(catalogue: "Catalogue") -> set[str]:
    return {x.id for x in catalogue.sources}


def _summary(p: "Proposal") -> str:
    items = p.listing.items
    dated = sum(x.published is not None for x in items)
    pages = f"next page with {p.listing.added} new" if p.listing.after else "one page"
    read = sum(x.page is not None and x.page.kind == "article" for x in p.articles)
    return f"{len(items)} items, {dated} dated, {pages}; {read} articles read"


def _tell_next(folder: Path, settings: "Settings", p: "Proposal") -> None:
    if settings.sources is None or folder.absolute() != settings.sources.absolute():
        click.echo(f"To use it: export QUWEN_SOURCES={folder.absolute()}")
    if p.existing is not None and not p.existing.verified:
        click.echo(
            "Its site is verified = false: set it to true to have it read without naming it."
        )
    click.echo("Then: quwen sources check, and quwen ingest.")
