"""Topics of an article by a table of words that an operator can read and extend."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.errors import ConfigError

_HEAD = 3  # points of a word in the title
_SUBJECT = 2  # and in the subject of an agenda item
_TEXT = 1  # and each of its first two places in the text


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic: its key in feeds' addresses, its Chinese name, its words, the points it needs."""

    key: str
    name: str
    words: tuple[str, ...]
    points: int = 3


Table = tuple[Topic, ...]


@cache
def own_table() -> Table:
    """The table that comes with the package."""
    text = files("pipeline.parse").joinpath("topics.toml").read_text(encoding="utf-8")
    return read_table(text, where="topics.toml")


def read_table(text: str, *, where: str, over: Table = ()) -> Table:
    """The topics of a TOML *text*, laid over another table.

    A topic of a known key replaces it; one without words takes it away. Raises
    `ConfigError` that names file and topic.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(error), where=where, hint="this is not valid TOML") from error
    table = {t.key: t for t in over}
    for key, value in content.items():
        topic = _topic(key, value, where)
        if topic.words:
            table[key] = topic
        else:
            table.pop(key, None)
    return tuple(table.values())


def _topic(key: str, value: object, where: str) -> Topic:
    hint = 'write [key] with name = "…", words = ["…"] and, if you like, points = 3'
    if not isinstance(value, Mapping) or not key.replace("-", "").isalnum() or not key.isascii():
        raise ConfigError(f"{key!r} is no topic", where=where, hint=hint)
    fields: Mapping[str, Any] = value
    unknown = fields.keys() - {"name", "words", "points"}
    words, points = fields.get("words"), fields.get("points", 3)
    if (
        unknown
        or not isinstance(words, list)
        or not all(isinstance(w, str) and len(w) > 1 for w in words)
        or not isinstance(points, int)
        or isinstance(points, bool)
        or points < 1
    ):
        raise ConfigError(f"topic {key!r} cannot be read", where=where, hint=hint)
    return Topic(key=key, name=str(fields.get("name", key)), words=tuple(words), points=points)


def topics_of(
    title: str,
    paragraphs: Sequence[str],
    table: Table | None = None,
    *,
    subjects: Sequence[str] = (),
) -> tuple[str, ...]:
    """The keys of the topics that a text is about, most points first.

    *subjects* are those of its agenda items. A word counts three points in the
    title, two in a subject, and one for each of its first two places in the text;
    a topic is given from its ``points`` on. A text of many items has many topics.
    """
    text = "\n".join(paragraphs)
    matters = "\n".join(subjects)
    whole = f"{title}\n{matters}\n{text}"
    scored: list[tuple[int, int, str]] = []
    for order, topic in enumerate(own_table() if table is None else table):
        points = sum(
            _HEAD * (word in title)
            + _SUBJECT * (word in matters)
            + _TEXT * min(2, text.count(word))
            for word in topic.words
            if word in whole  # of hundreds of words a text has a few
        )
        if points >= topic.points:
            scored.append((-points, order, topic.key))
    return tuple(key for _, _, key in sorted(scored))
