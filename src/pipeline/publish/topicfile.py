"""Topics as an operator adds them to the table: their lines in the file, what they match."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.parse import Topic, own_table, read_table, topics_of
from pipeline.publish.watchfile import Matches, all_entries, write_own
from pipeline.sources.toml import row
from pipeline.store import Store

_HEAD = """\
# Topics of your own, laid over those of the program: one table a topic, with a feed topic/KEY/.
# A word counts 3 points in the title, 2 in an item of an agenda, 1 in the text (2 at most).
"""


def survey_topics(store: Store, topics: Sequence[Topic]) -> tuple[dict[str, Matches], int]:
    """What each topic matches in the store, by key, and how many articles there are in all."""
    found, count = {x.key: Matches() for x in topics}, 0
    for entry in all_entries(store):
        article = entry.article
        matters = tuple(x.subject.value for held in article.meetings for x in held.agenda)
        for key in topics_of(article.title, article.paragraphs, tuple(topics), subjects=matters):
            found[key].add(entry)
        count += 1
    return found, count


def topic_table(topic: Topic, *, added: date) -> str:
    """The lines of a topic in the file, each with what it means."""
    rows: tuple[tuple[str, object, str], ...] = (
        ("name", topic.name, "title of the feed"),
        ("words", list(topic.words), "two characters or more each"),
        ("points", topic.points, "from which on an article is about it"),
    )
    lines = [f"[{topic.key}]", f"# added {added.isoformat()}"]
    return "\n".join([*lines, *(row(*x) for x in rows)]) + "\n"


def with_topic(text: str, topic: Topic, *, added: date, where: str) -> str:
    """The text of the file with one more topic, checked to read as it is meant.

    Raises `ConfigError` for a key that the file has, and for what cannot be read.
    """
    before = read_table(text, where=where)
    if any(x.key == topic.key for x in before):
        raise ConfigError(
            "there is such a topic already", where=topic.key, hint=f"edit {where} instead"
        )
    after = f"{text.rstrip()}\n\n" if text.strip() else f"{_HEAD}\n"
    after += topic_table(topic, added=added)
    if read_table(after, where=where) != (*before, topic):
        raise ConfigError("the new topic would change others", where=where, hint="add it by hand")
    return after


def add_topic(path: Path, topic: Topic, *, added: date) -> None:
    """Write one more topic into a file, which is made where there is none. Raises `ConfigError`."""
    write_own(
        path,
        lambda text: with_topic(text, topic, added=added, where=str(path)),
        setting="QUWEN_TOPICS",
    )


def load_own_topics(path: Path | None) -> tuple[Topic, ...]:
    """The operator's own topics, none where there is no file. Raises `ConfigError`."""
    if path is None:
        return ()
    try:
        return read_table(path.read_text("utf-8"), where=str(path))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(
            f"cannot be read: {reason}", where=str(path), hint="set QUWEN_TOPICS"
        ) from error


def replaces(topic: Topic) -> bool:
    """Whether the program has a topic of that key, which this one takes the place of."""
    return any(x.key == topic.key for x in own_table())
