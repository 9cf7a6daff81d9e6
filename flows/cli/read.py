"""Commands that read: parse and normalize files; show, history and search what is stored."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

import click

from flows.cli.options import chosen_sources, day, opened_store
from pipeline.errors import ConfigError, PipelineError

if TYPE_CHECKING:
    from pipeline.records import Article, Capture, Column
    from pipeline.store import Entry, Hit, Marked

_BODIES = ("政府", "党委", "人大", "政协", "其他")
_ARTICLE_ID = re.compile(r"[0-9a-f]{16}")


def print_json(value: Any, *, indent: int | None = None) -> None:
    """Print a JSON value in UTF-8, whatever the terminal's own encoding is."""
    line = json.dumps(value, ensure_ascii=False, indent=indent)
    # A lone surrogate cannot be encoded; JSON writes it as an escape.
    click.echo(line.encode("utf-8", "backslashreplace"))


@click.command()
@click.argument("file", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--url", help="Address that the page came from (with one FILE only).")
@click.option("--source", "source_id", metavar="ID", help="Source whose layout and place count.")
@click.option(
    "--published",
    type=day,
    metavar="DATE",
    help="Publication date, for a page that names none: 2024-10-22.",
)
@click.option("--explain", is_flag=True, help="Say on standard error which rule found what.")
def parse(
    file: tuple[Path, ...],
    url: str | None,
    source_id: str | None,
    published: date | None,
    explain: bool,
) -> None:
    """Read saved pages: prints one JSON record a line.

    A file whose name ends in .txt is taken as a page of paragraphs, one a
    line; everything else as HTML. Nothing is stored or fetched.
    """
    if url is not None and len(file) > 1:
        raise click.UsageError("--url goes with one FILE only")
    for path in file:
        if not path.is_file():
            raise ConfigError("no such file", where=str(path), hint="give the path of a saved page")
    column = _column(source_id, url) if source_id else None
    from pipeline.jsonform import contract_form

    failed = False
    for path in file:
        try:
            capture = _capture(path, url)
            article = _interpreted(capture, column, published)
        except PipelineError as error:
            failed = True
            print_json({"file": str(path), "kind": "other", "problems": [str(error)]})
            click.echo(f"quwen: {path}: {error}", err=True)
            continue
        print_json({"file": str(path), **contract_form(article)})
        if explain:
            _explain(article, capture, column)
    click.get_current_context().exit(1 if failed else 0)


def _column(source_id: str, url: str | None) -> "Column":
    """The source's column that the address lies under; its first one otherwise."""
    from pipeline.settings import load_settings
    from pipeline.sources import load_catalogue

    catalogue = load_catalogue(load_settings().sources)
    catalogue.source(source_id)
    columns = catalogue.columns_of(source_id)
    below = [x for x in columns if url and url.startswith(x.url.rpartition("/")[0] + "/")]
    return max(below, key=lambda x: len(x.url), default=columns[0])


def _capture(path: Path, url: str | None) -> "Capture":
    from pipeline.records import Capture

    try:
        body = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", where=str(path)) from error
    address = url or f"file:{path.name}"
    media_type = "text/plain" if path.suffix.lower() == ".txt" else "text/html"
    return Capture(
        url=address,
        requested_url=address,
        status=200,
        headers=(("content-type", media_type),),
        body=body,
        fetched_at=datetime.now(UTC),
    )


def _interpreted(capture: "Capture", column: "Column | None", published: date | None) -> "Article":
    from pipeline.interpret import interpret
    from pipeline.records import Published

    return interpret(capture, column, published=Published(day=published) if published else None)


def _explain(article: "Article", capture: "Capture", column: "Column | None") -> None:
    from pipeline.interpret import explain_reading
    from pipeline.parse import explain, parse_article

    for line in explain_reading(capture, column):
        click.echo(line, err=True)
    if article.kind != "article":
        return
    parsed = parse_article(
        article.paragraphs,
        title=article.title,
        published=article.published.day if article.published else None,
        place=column.source.place.short if column else None,
    )
    click.echo(explain(parsed, article.paragraphs, title=article.title), err=True)


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option(
    "--as",
    "assume",
    type=click.Choice(["auto", "mirror", "clean"]),
    default="auto",
    show_default=True,
    help="What the text is taken for: mirror = mangled by a copying site, clean = as published.",
)
def normalize(file: BinaryIO, assume: Literal["auto", "mirror", "clean"]) -> None:
    """Repair the text in FILE, or in standard input.

    Undoes wrong encodings, inserted pinyin, conversion to traditional
    characters and folded punctuation.

    The repaired text goes to standard output in UTF-8, one line on what was
    repaired to standard error.
    """
    from pipeline.normalize import repair_text

    text, repairs = repair_text(file.read(), assume=assume)
    click.echo(text.encode("utf-8", "backslashreplace"), nl=False)
    counts = ", ".join(f"{x.name} {x.n}" for x in repairs.counts) or "nothing to repair"
    flags = f" [{', '.join(repairs.flags)}]" if repairs.flags else ""
    click.echo(
        f"repairs: {counts} (encoding {repairs.encoding}, {repairs.script}){flags}", err=True
    )


def id_of(name: str) -> str:
    """The id of an article that is named by id or by address."""
    if "://" in name:
        from pipeline.identity import article_id

        return article_id(name)
    if not _ARTICLE_ID.fullmatch(name):
        raise ConfigError("is no article id", where=name, hint="give an id or an address")
    return name


def unknown(name: str) -> PipelineError:
    """The error for an article that is not stored."""
    return PipelineError("no such article", where=name, hint="find it with quwen search")


@click.command()
@click.argument("article")
@click.option(
    "--field",
    metavar="PATH",
    help="Print a fix for this field to be filled in: title, paragraphs.3, meetings.0.chair …",
)
def show(article: str, field: str | None) -> None:
    """Print one stored record as JSON. ARTICLE is its id or its address.

    also_at names the other addresses of the same story, the first publisher's
    first. Fixes that stand in the record are named on standard error.
    """
    with opened_store() as store:
        found = store.entry(id_of(article))
    if found is None:
        raise unknown(article)
    if field is not None:
        _show_fix(found.article, field)
        return
    print_json(_stored_form(found), indent=2)
    for x in found.article.corrections:
        click.echo(f"a fix stands: {x.field} ({x.reason})", err=True)


def _stored_form(entry: "Entry") -> dict[str, Any]:
    """The record with the other places of its story."""
    from pipeline.jsonform import contract_form

    places = [
        {"id": x.id, "url": x.url, "source": x.source, "first": x.is_first, "state": x.state}
        for x in entry.also_at
    ]
    return {**contract_form(entry.article), "also_at": places}


def _show_fix(article: "Article", field: str) -> None:
    """The fix of a field as TOML: the one that stands, or one to be filled in."""
    from pipeline.fixes import Fix, digest_of, load_fixes, toml_of, value_at
    from pipeline.settings import load_settings

    if any(x.field == field for x in article.corrections):
        standing = load_fixes(load_settings().fixes).of(article.id)
        for x in standing:
            if x.field == field:
                click.echo(f"this fix stands already, in {x.where}", err=True)
                click.echo(toml_of(x))
                return
        raise ConfigError(
            "was corrected by a fix that is gone", where=field, hint="run quwen reparse first"
        )
    value = value_at(article, field)
    fix = Fix(article=article.id, field=field, value=value, was=digest_of(value), reason="")
    click.echo(toml_of(fix))


@click.command()
@click.argument("query")
@click.option("--source", "source_ids", metavar="ID", multiple=True, help="In this source only.")
@click.option("--place", help="Of this place only: 东昌府, 东昌府区 or 371502.")
@click.option("--since", type=day, metavar="DATE", help="Published on this day or later.")
@click.option("--until", type=day, metavar="DATE", help="Published on this day or earlier.")
@click.option("--kind", help="Kind of text: meeting, notice, minutes …")
@click.option("--body", type=click.Choice(_BODIES), help="With a meeting of this body.")
@click.option("--topic", help="On this topic: education or 教育 (see QUWEN_TOPICS).")
@click.option("--person", metavar="NAME", help="With this person in a meeting or the credits.")
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Most results."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON record a line.")
def search(
    query: str,
    source_ids: tuple[str, ...],
    place: str | None,
    since: date | None,
    until: date | None,
    kind: str | None,
    body: str | None,
    topic: str | None,
    person: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Find stored articles that contain all words of QUERY.

    Words stand between blanks; simplified or traditional characters and
    punctuation do not matter. Those with more of the words in the title come
    first, then newer ones. A story that several publishers have is listed once.
    """
    within = chosen_sources(source_ids, place)
    key = _topic_key(topic) if topic else None
    with opened_store() as store:
        hits = store.search(
            query,
            sources=within,
            since=since,
            until=until,
            kind=kind,
            body=body,
            topic=key,
            person=person,
            limit=limit,
        )
    found = {x.entry.article.id for x in hits}
    for hit in hits:
        if as_json:
            print_json(_stored_form(hit.entry))
        elif not hit.entry.is_told(found):
            _show_hit(hit)
    if not hits and not as_json:
        click.echo("nothing found", err=True)


def _topic_key(name: str) -> str:
    """The key of a topic that is named by key or name. Raises `ConfigError` that lists all."""
    from pipeline.runs.context import load_topics
    from pipeline.settings import load_settings

    table = load_topics(load_settings().topics)
    found = next((x.key for x in table if name in (x.key, x.name)), None)
    if found is None:
        known = ", ".join(x.key for x in table)
        raise ConfigError("is no topic", where=name, hint=f"choose one of {known}")
    return found


def _show_hit(hit: "Hit") -> None:
    article = hit.entry.article
    published = article.published.day.isoformat() if article.published else "no date"
    click.echo(f"{_marked(hit.title)}  {published}  {article.source or ''}  {article.id}")
    click.echo(f"    {article.url}")
    if hit.entry.also_at:
        click.echo(f"    also at {', '.join(x.url for x in hit.entry.also_at)}")
    click.echo(f"    {_marked(hit.snippet)}")


def _marked(pieces: "Marked") -> str:
    """A text in one line, what was searched for in bold where the terminal can."""
    found = ((re.sub(r"\s+", " ", text), marked) for text, marked in pieces)
    return "".join(click.style(text, bold=True) if marked else text for text, marked in found)
