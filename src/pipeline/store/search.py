"""Full-text search, inside a transaction that the store has opened.

SQLite keeps the pairs of a text in an FTS5 table, PostgreSQL in a tsvector.
Both only narrow down; the folded text decides.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)

from pipeline.jsonform import plain_name
from pipeline.records import Article, Meeting
from pipeline.store import codec, folding
from pipeline.store.reading import entries_of
from pipeline.store.schema import article, credit, meeting, mention, revision, search_text
from pipeline.store.values import Hit, SubjectKind
from pipeline.store.withholding import is_public


def folded(new: Article) -> tuple[str, str]:
    """Title and body of an article as they are searched: see `pipeline.store.folding`."""
    return folding.fold(new.title), folding.fold(" ".join(_words(new)))[: folding.INDEXED]


def index(connection: Connection, new: Article) -> None:
    """Make an article findable by what its newest record says."""
    title, body = folded(new)
    row = {"title": title, "body": body, "folding": folding.FOLDING}
    own = search_text.c.article_id == new.id
    old = connection.execute(select(search_text).where(own)).one_or_none()
    if old is None:
        query = insert(search_text).values(row | {"article_id": new.id})
        key = connection.execute(query.returning(search_text.c.id)).scalar_one()
    elif (old.title, old.body, old.folding) == (title, body, folding.FOLDING):
        return
    else:
        key = old.id
        _forget(connection, key, _pairs(old.title, old.body))
        connection.execute(update(search_text).where(own).values(row))
    _remember(connection, key, _pairs(title, body))


def _words(new: Article) -> Iterator[str]:
    """What can be searched for besides the title, names without their padding."""
    yield from new.paragraphs
    yield new.origin or ""
    yield from (plain_name(name) for x in new.credits for name in x.names)
    yield from (x.name for x in new.attachments)
    if new.document:
        yield new.document.document_number or ""
    for held in new.meetings:
        yield from _people(held)


def _people(held: Meeting) -> Iterator[str]:
    yield from (plain_name(x.value) for x in (held.chair, held.host) if x)
    yield from (plain_name(x.name.value) for x in (*held.attending, *held.nonvoting))


def _pairs(title: str, body: str) -> tuple[str, ...]:
    return folding.pairs(f"{title} {body}")


def _remember(connection: Connection, key: int, pairs: tuple[str, ...]) -> None:
    if connection.dialect.name == "sqlite":
        query = text("INSERT INTO search_index (rowid, tokens) VALUES (:key, :tokens)")
        connection.execute(query, {"key": key, "tokens": " ".join(pairs)})
    else:
        query = text("INSERT INTO search_index VALUES (:key, array_to_tsvector(:tokens))")
        connection.execute(query, {"key": key, "tokens": list(pairs)})


def _forget(connection: Connection, key: int, pairs: tuple[str, ...]) -> None:
    if connection.dialect.name == "sqlite":  # which keeps no texts and has to be told them
        query = text(
            "INSERT INTO search_index (search_index, rowid, tokens) VALUES ('delete', :key, :tokens)"
        )
        connection.execute(query, {"key": key, "tokens": " ".join(pairs)})
    else:
        connection.execute(text("DELETE FROM search_index WHERE id = :key"), {"key": key})


def index_missing(connection: Connection) -> int:
    """Index the articles that are not, or not the way it is done now; how many there were."""
    up_to_date = exists().where(
        search_text.c.article_id == article.c.id, search_text.c.folding == folding.FOLDING
    )
    query = (
        select(revision.c.record, article.c.id)
        .join(article, article.c.seq == revision.c.seq)
        .where(~up_to_date)
        .order_by(article.c.id)
        .limit(200)
    )
    done = 0
    while rows := connection.execute(query).all():
        for row in rows:
            index(connection, codec.load(row.record, where=row.id))
        done += len(rows)
    return done


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a found article must be besides; None leaves it open. Days are included."""

    sources: Collection[str] | None = None
    kind: str | None = None
    body: str | None = None
    person: str | None = None
    topic: str | None = None
    since: date | None = None
    until: date | None = None


def search(
    connection: Connection,
    query: str,
    filters: Filters,
    *,
    limit: int,
    offset: int,
    by_date: bool,
) -> tuple[Hit, ...]:
    """Articles that contain all words of the query, those with most of them in the title first."""
    terms = folding.terms(query)
    if not terms:
        return ()
    in_title = sum(
        (case((_contains(connection, search_text.c.title, x), 1), else_=0) for x in terms),
        start=literal(0),
    )
    ids = (
        select(search_text.c.article_id)
        .join(article, article.c.id == search_text.c.article_id)
        .where(*_matches(connection, terms), *_passing(filters), is_public())
        .order_by(
            *(() if by_date else (in_title.desc(),)), article.c.sort_at.desc(), article.c.id.desc()
        )
        .limit(limit)
        .offset(offset)
    )
    found = [str(x) for x in connection.scalars(ids)]
    entries = entries_of(connection, found)
    return tuple(
        Hit(
            entry=entries[x],
            title=folding.mark(entries[x].article.title, terms),
            snippet=folding.snippet(entries[x].article.paragraphs, terms),
        )
        for x in found
    )


def _matches(connection: Connection, terms: tuple[str, ...]) -> Iterator[ColumnElement[bool]]:
    """The index's answer, and a look into the texts where that alone does not tell."""
    pairs = dict.fromkeys(x for term in terms for x in folding.wanted(term))
    if connection.dialect.name == "sqlite":
        match = " AND ".join(f'"{pair}"{"*" if starts else ""}' for pair, starts in pairs)
        found = "SELECT rowid FROM search_index WHERE search_index MATCH :match"
    else:
        match = " & ".join(f"'{pair}'{':*' if starts else ''}" for pair, starts in pairs)
        found = "SELECT id FROM search_index WHERE tokens @@ CAST(:match AS tsquery)"
    yield search_text.c.id.in_(text(found).bindparams(match=match).columns(search_text.c.id))
    for term in terms:
        if not folding.is_settled(term):
            yield or_(
                _contains(connection, search_text.c.title, term),
                _contains(connection, search_text.c.body, term),
            )


def _contains(connection: Connection, column: Any, term: str) -> ColumnElement[bool]:
    find = func.instr if connection.dialect.name == "sqlite" else func.strpos
    contains: ColumnElement[bool] = find(column, term) > 0
    return contains


def _passing(filters: Filters) -> Iterator[ColumnElement[bool]]:
    if filters.sources is not None:
        yield article.c.source.in_(filters.sources)
    if filters.kind is not None:
        yield article.c.kind == filters.kind
    if filters.body is not None:
        yield exists().where(meeting.c.article_id == article.c.id, meeting.c.body == filters.body)
    if filters.person is not None:
        name = plain_name(filters.person.strip())
        yield or_(
            exists().where(credit.c.article_id == article.c.id, credit.c.name == name),
            _mentioned("person", mention.c.name == name),
        )
    if filters.topic is not None:
        yield _mentioned("topic", mention.c.key == filters.topic)
    if filters.since is not None:
        yield article.c.published_day >= filters.since
    if filters.until is not None:
        yield article.c.published_day <= filters.until


def _mentioned(kind: SubjectKind, subject: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(mention.c.article_id == article.c.id, mention.c.kind == kind, subject)
