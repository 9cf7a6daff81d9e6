"""``quwen feeds``: the feeds that there are, and watches of the operator's own."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.cli.table import show_table
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.parse import Topic
    from pipeline.publish.watches import Watch
    from pipeline.publish.watchfile import Matches
    from pipeline.sources import Catalogue
    from pipeline.store import Store


@click.group()
def feeds() -> None:
    """Show the feeds, and define watches of your own."""


@feeds.command("list")
@click.argument("text", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_feeds(text: str | None, as_json: bool) -> None:
    """List the published feeds; those with TEXT in folder or title."""
    from flows.cli.read import print_json
    from pipeline.settings import load_settings

    path = load_settings().public_dir / "feeds.json"
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ConfigError(
            "nothing is published yet", where=str(path), hint="run quwen publish"
        ) from error
    chosen = [x for x in found if text is None or text in x["path"] or text in x["title"]]
    if as_json:
        for x in chosen:
            print_json(x)
        return
    rows = [(x["path"], x["title"], x["entries"], x["updated"][:10]) for x in chosen]
    show_table(("folder", "title", "entries", "changed"), rows)
    click.echo(f"{len(chosen)} of {len(found)} feeds; each folder has rss.xml, atom.xml, feed.json")


@feeds.command("add")
@click.argument("key")
@click.option("--name", required=True, help="Title of the feed, in Chinese.")
@click.option("--description", default="", help="What readers are told of it.")
@click.option("--any", "any_of", multiple=True, metavar="WORD", help="One of these is enough.")
@click.option("--all", "all_of", multiple=True, metavar="WORD", help="Each has to be there.")
@click.option("--none", "none_of", multiple=True, metavar="WORD", help="None may be there.")
@click.option(
    "--where",
    type=click.Choice(["title", "text"]),
    multiple=True,
    default=("title", "text"),
    show_default=True,
    help="Where words are looked for.",
)
@click.option("--place", multiple=True, metavar="NAME|CODE", help="In one of these divisions.")
@click.option("--person", multiple=True, metavar="NAME", help="One of these is named.")
@click.option("--source", multiple=True, metavar="ID", help="From one of these sources.")
@click.option("--meetings", is_flag=True, help="Reports of meetings only.")
@click.option("--topic", is_flag=True, help="A topic, by its --any words and --points.")
@click.option(
    "--points", type=click.IntRange(1), default=3, show_default=True, help="That a topic needs."
)
@click.option("--yes", is_flag=True, help="Ask nothing; write nothing where something is doubtful.")
def add_feed(
    key: str,
    name: str,
    description: str,
    any_of: tuple[str, ...],
    all_of: tuple[str, ...],
    none_of: tuple[str, ...],
    where: tuple[str, ...],
    place: tuple[str, ...],
    person: tuple[str, ...],
    source: tuple[str, ...],
    meetings: bool,
    topic: bool,
    points: int,
    yes: bool,
) -> None:
    """Add a watch: a feed of what matches words, places or people. Or a topic.

    Shows what it matches in the store, then writes it into QUWEN_FEEDS (feeds.toml in
    the home) with comments. `quwen publish` makes the feed, in the folder watch/KEY/.
    Every option that takes a word may be repeated. A topic is written into QUWEN_TOPICS
    (topics.toml in the home): a word of it counts 3 points in the title, 2 in an item of an
    agenda, 1 in the text.
    """
    from pipeline.publish import Watch
    from pipeline.publish.watchfile import add_watch, table_of, tidy, with_watch
    from pipeline.records import CHINA
    from pipeline.settings import ensure_home, load_settings

    if topic:
        others = (all_of, none_of, place, person, source, meetings, description)
        if any(others) or set(where) != {"title", "text"}:
            raise click.UsageError("--topic takes --name, --any and --points only")
        _add_topic(key, " ".join(tidy([name])), tidy(any_of), points, yes=yes)
        return
    settings = load_settings()
    watch = Watch(
        key=key,
        name=" ".join(tidy([name])),
        description=" ".join(tidy([description])),
        any=tidy(any_of),
        all=tidy(all_of),
        none=tidy(none_of),
        where=tuple(x for x in ("title", "text") if x in where),
        places=tidy(place),
        people=tidy(person),
        sources=tidy(source),
        meetings=meetings,
    )
    path, today = settings.feeds_file, datetime.now(CHINA).date()
    old = path.read_text("utf-8", "replace") if path.is_file() else ""
    with_watch(old, watch, added=today, where=str(path))  # wrong ones are refused at once
    doubtful = _show([watch])
    _ask(path, table_of(watch, added=today), key, is_doubtful=doubtful, yes=yes)
    ensure_home(settings)
    add_watch(path, watch, added=today)
    click.echo("Written. `quwen publish` makes the feed.")


def _ask(path: Path, table: str, key: str, *, is_doubtful: bool, yes: bool) -> None:
    """Show what is going to be written, and ask. Raises `ConfigError` where that must not be."""
    click.echo(f"\n{'Into' if path.exists() else 'New file'} {path}:\n")
    click.echo("".join(f"  {x}\n" for x in table.splitlines()))
    if yes and is_doubtful:
        raise ConfigError(
            "not written, since it is doubtful", where=key, hint="run it without --yes"
        )
    if not yes:
        click.confirm("Write it?", default=True, abort=True)


def _add_topic(key: str, name: str, words: tuple[str, ...], points: int, *, yes: bool) -> None:
    from pipeline.parse import Topic
    from pipeline.publish.topicfile import add_topic, topic_table, with_topic
    from pipeline.records import CHINA
    from pipeline.settings import ensure_home, load_settings

    settings = load_settings()
    path, today = settings.topics or settings.home / "topics.toml", datetime.now(CHINA).date()
    topic = Topic(key=key, name=name, words=words, points=points)
    old = path.read_text("utf-8", "replace") if path.is_file() else ""
    with_topic(old, topic, added=today, where=str(path))
    doubtful = _show_topics([topic])
    _ask(path, topic_table(topic, added=today), key, is_doubtful=doubtful, yes=yes)
    ensure_home(settings)
    add_topic(path, topic, added=today)
    click.echo("Written. The next ingest or `quwen publish` finds its articles.")


@feeds.command("check")
@click.argument("key", nargs=-1)
def check_feeds(key: tuple[str, ...]) -> None:
    """Say what your watches and topics match, and what is wrong.

    Exit codes: 1 where a watch matches nothing or names what does not exist, 2 where
    the file or a definition in it cannot be read.
    """
    from pipeline.publish import load_watches
    from pipeline.publish.topicfile import load_own_topics
    from pipeline.settings import load_settings

    settings = load_settings()
    path = settings.feeds_file
    found = load_watches(path)
    topics = [x for x in load_own_topics(settings.topics_file) if not key or x.key in key]
    known = {x.key for x in found.watches} | {x.key for x in topics}
    unknown = [x for x in key if x not in known]
    for problem in found.problems:
        click.echo(f"quwen: {problem}", err=True)
    if unknown and found.held is not None and not set(unknown) & found.held:
        raise ConfigError("is no watch and no topic of yours", where=unknown[0], hint=f"see {path}")
    chosen = [x for x in found.watches if not key or x.key in key]
    if not found.watches and not found.problems and not topics:
        click.echo(f"no watch is defined in {path}; quwen feeds add makes one")
    doubtful = _show(chosen) if chosen else False
    doubtful |= _show_topics(topics) if topics else False
    click.get_current_context().exit(2 if found.problems else 1 if doubtful else 0)


def _show(watches: "list[Watch]") -> bool:
    """Print what watches match; whether anything about them is doubtful."""
    from pipeline.publish.watchfile import doubts, survey
    from pipeline.settings import load_settings
    from pipeline.sources import load_catalogue

    catalogue = load_catalogue(load_settings().sources)
    sources = {x.id: x for x in catalogue.sources}
    with _store() as store:
        found, articles = survey(store, watches, sources)
    doubtful = False
    for watch in watches:
        told = list(doubts(watch, sources, found[watch.key], articles))
        _show_one(watch.key, watch.name, found[watch.key], told, catalogue)
        doubtful |= bool(told)
    return doubtful


def _store() -> "Store":
    """The store, if there is one. Raises `ConfigError`."""
    from pipeline.settings import load_settings
    from pipeline.store import Store

    settings = load_settings()
    if settings.database_url is None and not (settings.home / "quwen.db").exists():
        raise ConfigError(
            "nothing is stored yet", where=str(settings.home), hint="run quwen ingest first"
        )
    return Store.open(settings.store_url)


def _show_topics(topics: "list[Topic]") -> bool:
    """Print what topics match; whether anything about them is doubtful."""
    from pipeline.publish.topicfile import replaces, survey_topics
    from pipeline.publish.watchfile import too_many
    from pipeline.settings import load_settings
    from pipeline.sources import load_catalogue

    catalogue, doubtful = load_catalogue(load_settings().sources), False
    with _store() as store:
        found, articles = survey_topics(store, topics)
    for topic in topics:
        told = list(too_many(found[topic.key], articles))
        _show_one(topic.key, topic.name, found[topic.key], told, catalogue)
        if replaces(topic):
            click.echo("  takes the place of the program's own topic of that key")
        doubtful |= bool(told)
    return doubtful


def _show_one(
    key: str, name: str, matches: "Matches", doubts: Iterable[str], catalogue: "Catalogue"
) -> None:
    click.echo(f"{key}  {name}: {matches.count} articles")
    names = {x.id: x.place.short for x in catalogue.sources}
    for x in matches.newest:
        article: Any = x.article
        day = article.published.day.isoformat() if article.published else "no date"
        click.echo(
            f"  {day}  {names.get(article.source or '', article.source or '')}  {article.title}"
        )
    for doubt in doubts:
        click.echo(f"  ! {doubt}")
