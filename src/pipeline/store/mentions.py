"""Whom and what articles are about, inside a transaction that the store has opened.

A subject is a person whom meetings name, a topic of the operator's table, or the body
that met. ``mention`` is made anew from an article's newest record; ``subject`` counts
what stands there, kept up with every change so that nobody has to count.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from pipeline.divisions import by_name
from pipeline.records import Article, Body, Place
from pipeline.store.schema import mention, subject
from pipeline.store.values import Subject, SubjectKind

if TYPE_CHECKING:
    from pipeline.parse import Topic

NOWHERE = "000000"
"""The code of what no division is known for."""

_BODIES: dict[Body, tuple[str, str]] = {
    "政府": ("government", "政府"),
    "党委": ("party", "委"),
    "人大": ("congress", "人大"),
    "政协": ("cppcc", "政协"),
    "其他": ("other", "其他会议"),
}
"""The end of a body's key, and of its name behind that of its place."""

_Key = tuple[str, str]


class Rules(Protocol):
    """By what subjects are found; `pipeline.store.rules` keeps it."""

    @property
    def table(self) -> "tuple[Topic, ...]":
        """The table of topics."""

    def place_of(self, source: str | None) -> Place | None:
        """The division of a source; None for an unknown one."""


_Rows = dict[_Key, dict[str, Any]]


def person_key(place: str, name: str) -> str:
    """The key of a person of a division: its code and 8 hexadecimal digits of the name's SHA-256."""
    return f"{place}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def note(
    connection: Connection, new: Article, rules: Rules, *, sort_at: datetime, live: bool
) -> None:
    """Bring the mentions of an article to its newest record."""
    own = {"article_id": new.id, "sort_at": sort_at, "live": live}
    rows = {(x["kind"], x["key"]): x | own for x in _mentions(new, rules)}
    old = _stored(connection, new.id)
    if rows == old:
        return
    if old:
        connection.execute(delete(mention).where(mention.c.article_id == new.id))
    if rows:
        connection.execute(insert(mention), list(rows.values()))
    _count(connection, old, rows)


def set_live(connection: Connection, article_id: str, *, live: bool) -> None:
    """Whether an article counts among those of its subjects: not while it is withdrawn or withheld."""
    old = _stored(connection, article_id)
    own = mention.c.article_id == article_id
    connection.execute(update(mention).where(own).values(live=live))
    _count(connection, old, {k: v | {"live": live} for k, v in old.items()})


def _stored(connection: Connection, article_id: str) -> _Rows:
    found = connection.execute(select(mention).where(mention.c.article_id == article_id))
    return {(x["kind"], x["key"]): dict(x) for x in found.mappings()}


def _mentions(new: Article, rules: Rules) -> Iterator[dict[str, Any]]:
    # parsing is imported here: who only reads does not pay for it
    from pipeline.parse import people_of, topics_of  # noqa: PLC0415

    place = _place_of(new, rules)
    code, name = (place.code, place.name) if place else (NOWHERE, "")
    for x in people_of(new):
        person = {"kind": "person", "key": person_key(code, x.name), "name": x.name, "place": code}
        yield person | {"titles": json.dumps(x.titles), "roles": json.dumps(x.roles)}
    plain = {"titles": "[]", "roles": "[]"}
    for body in dict.fromkeys(x.body for x in new.meetings):
        end, called = _BODIES[body]
        key = f"{code}-{end}"
        yield plain | {"kind": "body", "key": key, "name": _body_name(name, called), "place": code}
    matters = tuple(x.subject.value for held in new.meetings for x in held.agenda)
    names = {x.key: x.name for x in rules.table}
    for key in topics_of(new.title, new.paragraphs, rules.table, subjects=matters):
        yield plain | {"kind": "topic", "key": key, "name": names[key], "place": NOWHERE}


def _body_name(place: str, called: str) -> str:
    if place:
        return place + called
    return "党委" if called == "委" else called


def _place_of(new: Article, rules: Rules) -> Place | None:
    """The division of the article's source; without one that of the dateline, if only one has the name."""
    known = rules.place_of(new.source)
    if known is not None or new.dateline is None or new.dateline.place is None:
        return known
    found = by_name(new.dateline.place.value)
    if len(found) != 1:
        return None
    (one,) = found
    return Place(code=one.code, name=one.name, province=one.province, short=one.short)


def _count(connection: Connection, old: _Rows, new: _Rows) -> None:
    """Bring the subjects that one article names, or did, up to date."""
    touched = [x for x in old.keys() | new.keys() if old.get(x) != new.get(x)]
    if not touched:
        return
    now = _subjects(connection, touched)
    change = (connection.scalar(select(func.max(subject.c.change))) or 0) + 1
    added, changed = [], []
    for key in sorted(touched):
        before, after, stands = old.get(key), new.get(key), now.get(key)
        live = sum(bool(x and x["live"]) * sign for x, sign in ((after, 1), (before, -1)))
        row = _newest(connection, key, before, after, stands) | {
            "articles": (stands.articles if stands else 0) + live,
            "change": change,
        }
        if stands is None:
            added.append(row | {"kind": key[0], "key": key[1]})
        else:
            changed.append(row | {"own_kind": key[0], "own_key": key[1]})
    if added:
        connection.execute(insert(subject), added)
    if changed:
        own = and_(subject.c.kind == bindparam("own_kind"), subject.c.key == bindparam("own_key"))
        connection.execute(update(subject).where(own), changed)


def _subjects(connection: Connection, keys: Sequence[_Key]) -> dict[_Key, Row[Any]]:
    found: dict[_Key, Row[Any]] = {}
    for start in range(0, len(keys), 400):
        some = [key for _, key in keys[start : start + 400]]
        rows = connection.execute(select(subject).where(subject.c.key.in_(some)))
        found |= {(x.kind, x.key): x for x in rows}
    return found


def _newest(
    connection: Connection,
    key: _Key,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    stands: Row[Any] | None,
) -> dict[str, Any]:
    """Name, place, titles and instant of a subject as its newest live article has them."""
    newest = stands.newest if stands else None
    if after and after["live"] and (newest is None or after["sort_at"] > newest):
        return _described(after, after["sort_at"])
    if newest is not None and all(x is None or x["sort_at"] < newest for x in (before, after)):
        return _described(stands._mapping if stands else {}, newest)
    last = _last(connection, key)
    if last is not None:
        return _described(last, last["sort_at"])
    return _described(stands._mapping if stands else after or {}, None)


def _described(row: Any, newest: datetime | None) -> dict[str, Any]:
    return {x: row[x] for x in ("name", "place", "titles")} | {"newest": newest}


def _last(connection: Connection, key: _Key) -> Any:
    """The newest live mention of a subject."""
    query = (
        select(mention)
        .where(mention.c.kind == key[0], mention.c.key == key[1], mention.c.live)
        .order_by(mention.c.sort_at.desc(), mention.c.article_id.desc())
        .limit(1)
    )
    return connection.execute(query).mappings().one_or_none()


def subjects(connection: Connection, kind: SubjectKind, minimum: int) -> tuple[Subject, ...]:
    """Subjects of a kind that so many live articles name, those of most articles first."""
    query = (
        select(subject)
        .where(subject.c.kind == kind, subject.c.articles >= minimum)
        .order_by(subject.c.articles.desc(), subject.c.key)
    )
    return tuple(map(_subject, connection.execute(query)))


def subjects_of(connection: Connection, article_id: str) -> tuple[Subject, ...]:
    """The subjects that an article names."""
    query = (
        select(subject)
        .join(mention, and_(subject.c.kind == mention.c.kind, subject.c.key == mention.c.key))
        .where(mention.c.article_id == article_id)
        .order_by(subject.c.kind, subject.c.key)
    )
    return tuple(map(_subject, connection.execute(query)))


def _subject(row: Row[Any]) -> Subject:
    return Subject(
        kind=row.kind,
        key=row.key,
        name=row.name,
        place=row.place,
        titles=tuple(json.loads(row.titles)),
        articles=row.articles,
        newest=row.newest,
        change=row.change,
    )
