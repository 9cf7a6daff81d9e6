"""Watches as an operator sees them: their lines in the file, what they match, what is doubtful."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.publish.watches import KEY, Watch, is_in, matcher, read_watches
from pipeline.records import Source
from pipeline.sources.toml import printable, replace_file, row
from pipeline.store import Entry, Store

_SHOWN = 3  # newest matches
_WIDE = 0.5  # of all articles: hardly what was meant
_FEW = 20  # articles from which on that tells anything

_HEAD = """\
# Feeds of your own: one table a watch. A feed holds the articles for which everything that is not
# empty holds. Script, case, width and punctuation of words do not matter.
# `quwen feeds check` says what each watch matches, `quwen publish` writes them to watch/KEY/.
"""


@dataclass(slots=True)
class Matches:
    """What a watch matches in the store: how many, and the newest by publication."""

    count: int = 0
    newest: list[Entry] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Take one more."""
        self.count += 1
        self.newest = sorted([*self.newest, entry], key=_age, reverse=True)[:_SHOWN]


def _age(entry: Entry) -> tuple[float, str]:
    return entry.sort_at.timestamp(), entry.article.id


def all_entries(store: Store) -> Iterator[Entry]:
    """Every article that may be shown."""
    last = ""
    while batch := store.walk(last, limit=500):
        yield from batch
        last = batch[-1].article.id


def survey(
    store: Store, watches: Sequence[Watch], sources: Mapping[str, Source]
) -> tuple[dict[str, Matches], int]:
    """What each watch matches, by key, and how many articles there are in all."""
    found = {x.path: Matches() for x in watches}
    match = matcher(watches, sources)
    count = 0
    for count, entry in enumerate(all_entries(store), 1):  # noqa: B007 - the last one is the sum
        for path in match(entry.article):
            found[path].add(entry)
    return {x.key: found[x.path] for x in watches}, count


def doubts(
    watch: Watch, sources: Mapping[str, Source], matches: Matches, articles: int
) -> Iterator[str]:
    """What is likely not meant so, in words."""
    for source in watch.sources:
        if source not in sources:
            yield f"source {source} is unknown; see quwen sources list"
    for place in watch.places:
        if not any(is_in(x.place, place) for x in sources.values()):
            yield f"no source is of {place}; see quwen sources list"
    for name in watch.people:
        if len(name) < 2:
            yield f"{name!r} is no whole name"
    yield from too_many(matches, articles)


def too_many(matches: Matches, articles: int) -> Iterator[str]:
    """Whether nothing matches, or nearly everything of so many *articles*."""
    if not matches.count:
        yield "matches nothing that is stored"
    elif articles >= _FEW and matches.count > _WIDE * articles:
        yield f"matches {matches.count} of {articles} articles: its words say too little"


def table_of(watch: Watch, *, added: date) -> str:
    """The lines of a watch in the file, each with what it means."""
    rows: Iterable[tuple[str, object, str]] = (
        ("name", watch.name, "title of the feed"),
        ("description", watch.description, "what readers are told; made from the name if empty"),
        ("any", list(watch.any), "one of these words is enough"),
        ("all", list(watch.all), "each of these words has to be there"),
        ("none", list(watch.none), "none of these words may be there"),
        ("where", list(watch.where), "where words are looked for"),
        ("places", list(watch.places), "names, or codes of six digits: all in them"),
        ("people", list(watch.people), "one of these is named"),
        ("sources", list(watch.sources), "ids, see quwen sources list"),
        ("meetings", watch.meetings, "true: reports of meetings only"),
    )
    lines = [f"[watch.{watch.key}]", f"# added {added.isoformat()}"]
    return "\n".join([*lines, *(row(*x) for x in rows)]) + "\n"


def with_watch(text: str, watch: Watch, *, added: date, where: str) -> str:
    """The text of the file with one more watch at its end, checked to read as it is meant.

    Raises `ConfigError` for a key that is taken or none, and where the text could not be read
    before.
    """
    if not KEY.fullmatch(watch.key):
        raise ConfigError("is no key", where=watch.key, hint="write it in a-z, 0-9 and -")
    before = read_watches(text, where=where)
    if before.held is None or before.held:
        raise ConfigError(before.problems[0], hint="repair it first")
    if any(x.key == watch.key for x in before.watches):
        raise ConfigError(
            "there is such a watch already",
            where=watch.key,
            hint=f"choose another, or edit {where}",
        )
    after = f"{text.rstrip()}\n\n" if text.strip() else f"{_HEAD}\n"
    after += table_of(watch, added=added)
    found = read_watches(after, where=where)
    problems = [x for x in found.problems if x not in before.problems]
    if problems or found.watches != (*before.watches, watch):
        told = problems[0] if problems else "the new watch would change others"
        raise ConfigError(told, where="" if problems else where, hint="give other values")
    return after


def add_watch(path: Path, watch: Watch, *, added: date) -> None:
    """Write one more watch into a file, which is made where there is none. Raises `ConfigError`."""
    write_own(
        path,
        lambda text: with_watch(text, watch, added=added, where=str(path)),
        setting="QUWEN_FEEDS",
    )


def write_own(path: Path, change: Callable[[str], str], *, setting: str) -> None:
    """Write what *change* makes of a file's text; the text is empty where there is no file.

    Raises `ConfigError` that names the *setting* where that cannot be done.
    """
    try:
        text = path.read_text("utf-8") if path.exists() else ""
        replace_file(path, change(text).encode())
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(
            f"cannot be written: {reason}", where=str(path), hint=f"set {setting}"
        ) from error


def tidy(words: Iterable[str]) -> tuple[str, ...]:
    """Words as they can stand in the file, each once."""
    return tuple(dict.fromkeys(x for x in map(printable, words) if x))
