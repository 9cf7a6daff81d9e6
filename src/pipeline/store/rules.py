"""By what subjects and stories are found: the table of topics, the divisions of sources, mirrors.

The database keeps both beside what was made by them, so that every program that opens it
goes by the same. What changes is made anew in pieces; how far that has come is kept too.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, exists, insert, select, update

from pipeline.records import Place, Source
from pipeline.store import codec, mentions, stories
from pipeline.store.schema import article, basis, revision
from pipeline.store.withholding import is_withheld

if TYPE_CHECKING:
    from pipeline.parse import Topic

VERSION = 3
"""Number of the way mentions and stories are made: those made another way are made again."""

_PIECE = 100  # articles in one transaction: others wait for a fraction of a second

_TOPICS = "topics"
_PLACE = "place "


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is kept in ``basis``: its values by name."""

    values: Mapping[str, str]

    @property
    def table(self) -> "tuple[Topic, ...]":
        """The table of topics; that of the package where none is kept."""
        return _table(self.values.get(_TOPICS))

    def place_of(self, source: str | None) -> Place | None:
        """The division of a source; None for an unknown one."""
        return _place(self.values.get(f"{_PLACE}{source}"))

    def sources_in(self, code: str) -> frozenset[str]:
        """The sources that lie in a division."""
        places = (x for x in self.values if x.startswith(_PLACE))
        found = (x.removeprefix(_PLACE) for x in places)
        return frozenset(x for x in found if (at := self.place_of(x)) and at.code == code)

    def mirror_of(self, source: str | None) -> str | None:
        """The source whose texts one is known to repeat."""
        value = json.loads(self.values.get(f"{_PLACE}{source}", "[]"))
        return value[4] if len(value) > 4 else None


@cache
def _table(value: str | None) -> "tuple[Topic, ...]":
    from pipeline.parse import Topic, own_table  # noqa: PLC0415 - readers do not pay for it

    if value is None:
        return own_table()
    return tuple(
        Topic(key=key, name=name, words=tuple(words), points=points)
        for key, name, words, points in json.loads(value)["topics"]
    )


@cache
def _place(value: str | None) -> Place | None:
    if value is None:
        return None
    code, name, province, short = json.loads(value)[:4]
    return Place(code=code, name=name, province=province, short=short)


def stored(connection: Connection) -> Rules:
    """What the database goes by; nothing where it is new."""
    rows = connection.execute(select(basis.c.name, basis.c.value))
    return Rules(values={x.name: x.value for x in rows})


def of_source(connection: Connection, source: str | None) -> Rules:
    """What concerns the articles of one source. Asked anew each time: others may change it."""
    names = (_TOPICS, f"{_PLACE}{source}")
    rows = connection.execute(select(basis.c.name, basis.c.value).where(basis.c.name.in_(names)))
    return Rules(values={x.name: x.value for x in rows})


def laid_over(old: Rules, topics: "tuple[Topic, ...] | None", sources: Iterable[Source]) -> Rules:
    """The rules with another table of topics, if one is given, and with these sources' divisions."""
    values = dict(old.values)
    if topics is not None:
        values[_TOPICS] = _written(topics)
    elif _TOPICS not in values:
        from pipeline.parse import own_table  # noqa: PLC0415

        values[_TOPICS] = _written(own_table())
    elif json.loads(values[_TOPICS])["version"] != VERSION:
        values[_TOPICS] = _written(old.table)
    for x in sources:
        place = (x.place.code, x.place.name, x.place.province, x.place.short, x.mirror_of)
        values[f"{_PLACE}{x.id}"] = json.dumps(place, ensure_ascii=False)
    return Rules(values=values)


def _written(topics: "tuple[Topic, ...]") -> str:
    table = [(x.key, x.name, x.words, x.points) for x in topics]
    return json.dumps({"version": VERSION, "topics": table}, ensure_ascii=False)


def save(connection: Connection, new: Rules) -> None:
    """Go by these rules from now on; what those that differ concern is to be done again."""
    old = stored(connection).values
    changed = {k: v for k, v in new.values.items() if old.get(k) != v}
    for name in changed:
        connection.execute(delete(basis).where(basis.c.name == name))
    rows = [
        {"name": name, "value": value, "after_id": "" if _concerns(connection, name) else None}
        for name, value in changed.items()
    ]
    if rows:
        connection.execute(insert(basis), rows)


def _concerns(connection: Connection, name: str) -> bool:
    """Whether there is any article that was indexed by the rule of that name."""
    query = select(article.c.id)
    if name != _TOPICS:
        query = query.where(article.c.source == name.removeprefix(_PLACE))
    return connection.execute(query.limit(1)).one_or_none() is not None


def is_behind(connection: Connection) -> bool:
    """Whether some articles are still indexed by former rules."""
    return bool(connection.scalar(select(exists().where(basis.c.after_id.is_not(None)))))


def catch_up(connection: Connection) -> None:
    """Index the next articles by the rules in force, where some are behind."""
    row = connection.execute(
        select(basis).where(basis.c.after_id.is_not(None)).order_by(basis.c.name).limit(1)
    ).one_or_none()
    if row is None:
        return
    query = (
        select(article.c.id, article.c.sort_at, article.c.state, revision.c.record)
        .join(revision, article.c.seq == revision.c.seq)
        .where(article.c.id > row.after_id)
        .order_by(article.c.id)
        .limit(_PIECE)
    )
    if row.name != _TOPICS:
        query = query.where(article.c.source == row.name.removeprefix(_PLACE))
    found = connection.execute(query).all()
    rules = stored(connection)
    for x in found:
        new = codec.load(x.record, where=x.id)
        live = x.state == "live" and not is_withheld(connection, x.id)
        mentions.note(connection, new, rules, sort_at=x.sort_at, live=live)
        stories.note(connection, new, rules, x.sort_at)
    done = found[-1].id if len(found) == _PIECE else None
    connection.execute(update(basis).where(basis.c.name == row.name).values(after_id=done))
