"""Articles as they stand and the log of what was learned, inside an open transaction."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, or_, select

from pipeline.records import CHINA
from pipeline.store import codec, stories
from pipeline.store.schema import article, listing, mention, reprint, revision
from pipeline.store.values import Copy, DayCount, Entry, Head, Revision
from pipeline.store.withholding import is_public


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which articles to list, newest publication first; see `Reader.entries`."""

    source: str | None = None
    column: str | None = None
    meetings_only: bool = False
    limit: int = 50
    since: datetime | None = None
    subject: tuple[str, str] | None = None
    copies: bool = True


def entries(connection: Connection, wanted: Wanted) -> tuple[Entry, ...]:
    """Articles as they stand, newest publication first."""
    return _entries(connection, _listed(_entry_query(), wanted))


def heads(connection: Connection, wanted: Wanted) -> tuple[Head, ...]:
    """The same articles in the same order, without their records."""
    query = _listed(select(article.c.id, article.c.sort_at, article.c.seq), wanted)
    return tuple(Head(id=x.id, sort_at=x.sort_at, seq=x.seq) for x in connection.execute(query))


def _listed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    query = query.where(is_public()).limit(wanted.limit)
    if wanted.subject is None:
        query = query.order_by(article.c.sort_at.desc(), article.c.id.desc())
    else:  # in the order of its index
        query = (
            query.join(mention, mention.c.article_id == article.c.id)
            .where(mention.c.kind == wanted.subject[0], mention.c.key == wanted.subject[1])
            .order_by(mention.c.sort_at.desc(), mention.c.article_id.desc())
        )
    if wanted.column is not None:
        query = query.where(_stands_in(wanted.source, wanted.column))
    elif wanted.source is not None:
        query = query.where(article.c.source == wanted.source)
    if wanted.meetings_only:
        query = query.where(article.c.meetings > 0)
    if wanted.since is not None:
        query = query.where(article.c.sort_at >= wanted.since)
    if not wanted.copies:
        query = query.outerjoin(reprint, reprint.c.article_id == article.c.id)
        query = query.where(or_(reprint.c.is_first.is_(None), reprint.c.is_first))
    return query


def _stands_in(source: str | None, column: str) -> ColumnElement[bool]:
    """Whether the article was read from the column or stood in its list."""
    seen_in = select(listing.c.article_id).where(listing.c.column == column)
    read_from = article.c.column == column
    if source is None:
        return or_(read_from, article.c.id.in_(seen_in))
    return or_(
        and_(article.c.source == source, read_from),
        article.c.id.in_(seen_in.where(listing.c.source == source)),
    )


def newest(connection: Connection, limit: int) -> tuple[tuple[str, datetime], ...]:
    """Identifier and last change of articles, newest publication first."""
    query = select(article.c.id, article.c.updated).where(is_public())
    query = query.order_by(article.c.sort_at.desc(), article.c.id.desc()).limit(limit)
    return tuple((row.id, row.updated) for row in connection.execute(query))


def days(
    connection: Connection, source: str | None, since: date
) -> dict[str, tuple[DayCount, ...]]:
    """What one source, or each, published day by day, in order."""
    day = article.c.published_day
    start = datetime.combine(since, time(), CHINA).astimezone(UTC)
    query = (
        select(
            article.c.source,
            day,
            func.count(),
            func.sum(case((article.c.meetings > 0, 1), else_=0)),
        )
        # the index holds sort_at, which may be later than the day: first seen, where a page is ahead
        .where(article.c.source.is_not(None), article.c.sort_at >= start, day >= since, is_public())
        .group_by(article.c.source, day)
        .order_by(article.c.source, day)
    )
    if source is not None:
        query = query.where(article.c.source == source)
    found: dict[str, list[DayCount]] = {}
    for row in connection.execute(query):
        count = DayCount(day=row[1], articles=row[2], meetings=int(row[3]))
        found.setdefault(row[0], []).append(count)
    return {key: tuple(counts) for key, counts in found.items()}


def entry(connection: Connection, article_id: str) -> Entry | None:
    """One article as it stands."""
    found = _entries(connection, _entry_query().where(article.c.id == article_id))
    return found[0] if found else None


def walk(
    connection: Connection,
    *,
    after_id: str,
    limit: int,
    sources: Collection[str] | None,
    since: date | None,
    until: date | None,
    meetings_only: bool,
) -> tuple[Entry, ...]:
    """Articles as they stand by identifier, those above one."""
    query = (
        _entry_query()
        .where(article.c.id > after_id, is_public())
        .order_by(article.c.id)
        .limit(limit)
    )
    if sources is not None:
        query = query.where(article.c.source.in_(sources))
    if since is not None:
        query = query.where(article.c.published_day >= since)
    if until is not None:
        query = query.where(article.c.published_day <= until)
    if meetings_only:
        query = query.where(article.c.meetings > 0)
    return _entries(connection, query)


def entries_of(connection: Connection, ids: Sequence[str]) -> dict[str, Entry]:
    """Articles as they stand, by identifier."""
    found = _entries(connection, _entry_query().where(article.c.id.in_(ids)))
    return {x.article.id: x for x in found}


def _entry_query() -> Select[Any]:
    own = (
        article.c[x] for x in ("id", "first_seen", "updated", "sort_at", "number", "state", "seq")
    )
    return select(*own, revision.c.record).join(revision, article.c.seq == revision.c.seq)


def _entries(connection: Connection, query: Select[Any]) -> tuple[Entry, ...]:
    rows = connection.execute(query).all()
    places = stories.copies(connection, [x.id for x in rows])
    return tuple(_entry(x, places.get(x.id, ())) for x in rows)


def _entry(row: Row[Any], places: tuple[Copy, ...]) -> Entry:
    return Entry(
        article=codec.load(row.record, where=row.id),
        first_seen=row.first_seen,
        updated=row.updated,
        sort_at=row.sort_at,
        revision=row.number,
        state=row.state,
        seq=row.seq,
        also_at=tuple(x for x in places if x.id != row.id),
    )


def revisions(
    connection: Connection,
    *,
    article_id: str | None = None,
    after_seq: int = 0,
    kinds: Sequence[str] = (),
    limit: int | None = None,
    sources: Collection[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    subject: tuple[str, str] | None = None,
    numbers: Sequence[int] | None = None,
) -> tuple[Revision, ...]:
    """Revisions in the order in which they were learned."""
    query = (
        select(revision, article.c.first_seen)
        .join(article, revision.c.article_id == article.c.id)
        .where(revision.c.seq > after_seq)
        .order_by(revision.c.seq)
    )
    if article_id is not None:
        query = query.where(revision.c.article_id == article_id)
    if numbers is not None:
        query = query.where(revision.c.seq.in_(numbers))
    if subject is not None:
        query = query.join(mention, mention.c.article_id == revision.c.article_id)
        query = query.where(mention.c.kind == subject[0], mention.c.key == subject[1])
    if kinds:
        query = query.where(revision.c.kind.in_(kinds))
    if sources is not None:
        query = query.where(article.c.source.in_(sources))
    if since is not None:
        query = query.where(revision.c.seen_at >= datetime.combine(since, time(), CHINA))
    if until is not None:
        after = until + timedelta(days=1)
        query = query.where(revision.c.seen_at < datetime.combine(after, time(), CHINA))
    if limit is not None:
        query = query.limit(limit)
    return tuple(map(_revision, connection.execute(query)))


def acts(
    connection: Connection,
    *,
    after_seq: int,
    limit: int,
    kinds: Sequence[str],
    subject: tuple[str, str],
) -> tuple[tuple[int, str], ...]:
    """Number and kind of revisions of the articles that name a subject, in their order."""
    query = (
        select(revision.c.seq, revision.c.kind)
        .join(mention, mention.c.article_id == revision.c.article_id)
        .where(mention.c.kind == subject[0], mention.c.key == subject[1])
        .where(revision.c.seq > after_seq, revision.c.kind.in_(kinds))
        .order_by(revision.c.seq)
        .limit(limit)
    )
    return tuple((x.seq, x.kind) for x in connection.execute(query))


def _revision(row: Row[Any]) -> Revision:
    return Revision(
        seq=row.seq,
        article_id=row.article_id,
        number=row.number,
        kind=row.kind,
        reason=row.reason,
        changed=tuple(json.loads(row.changed)),
        seen_at=row.seen_at,
        first_seen=row.first_seen,
        capture_id=row.capture_id,
        interpreter=row.interpreter,
        content_hash=row.content_hash,
        article=codec.load(row.record, where=f"{row.article_id} revision {row.number}"),
    )
