"""Articles as they stand and the log of what was learned, inside an open transaction."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    func,
    literal_column,
    or_,
    select,
)

from pipeline.records import CHINA
from pipeline.store import codec, stories
from pipeline.store.schema import article, listing, mention, reprint, revision, subject
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
    if wanted.column is not None:
        ids = [x.id for x in heads(connection, wanted)]
        found = entries_of(connection, ids)
        return tuple(found[x] for x in ids)
    return _entries(connection, _listed(_entry_query(), wanted))


def heads(connection: Connection, wanted: Wanted) -> tuple[Head, ...]:
    """The same articles in the same order, without their records."""
    query = _listed(select(article.c.id, article.c.sort_at, article.c.seq), wanted)
    if wanted.column is None:
        return _heads(connection, query)
    # asked for one by one, the newest of those that were read from it come out of an index
    own, others = _in_column(wanted.source, wanted.column)
    found = (*_heads(connection, query.where(own)), *_heads(connection, query.where(others)))
    return tuple(sorted(found, key=lambda x: (x.sort_at, x.id), reverse=True)[: wanted.limit])


def _heads(connection: Connection, query: Select[Any]) -> tuple[Head, ...]:
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
    if wanted.source is not None and wanted.column is None:
        query = query.where(article.c.source == wanted.source)
    if wanted.meetings_only:
        query = query.where(article.c.meetings > 0)
    if wanted.since is not None:
        query = query.where(article.c.sort_at >= wanted.since)
    if not wanted.copies:
        query = query.outerjoin(reprint, reprint.c.article_id == article.c.id)
        query = query.where(or_(reprint.c.is_first.is_(None), reprint.c.is_first))
    return query


def _in_column(source: str | None, column: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether an article was read from the column; whether it only stood in its list."""
    own = article.c.column == column
    seen = select(listing.c.article_id).where(listing.c.column == column)
    if source is not None:
        own = and_(own, article.c.source == source)
        seen = seen.where(listing.c.source == source)
    return own, and_(article.c.id.in_(seen), ~func.coalesce(own, False))


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
    # as a plain column it leads SQLite away from the index by time
    owner = func.coalesce(article.c.source, literal_column("''"))
    start = datetime.combine(since, time(), CHINA).astimezone(UTC)
    query = (
        select(
            owner,
            day,
            func.count(),
            func.sum(case((article.c.meetings > 0, 1), else_=0)),
        )
        # the index holds sort_at, which may be later than the day: first seen, where a page is ahead
        .where(article.c.sort_at >= start, day >= since, is_public())
        .group_by(owner, day)
        .order_by(owner, day)
    )
    if source is not None:
        query = query.where(article.c.source == source)
    found: dict[str, list[DayCount]] = {}
    for row in connection.execute(query):
        if row[0]:
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
    """Articles as they stand, by identifier; unknown ones are left out."""
    found: dict[str, Entry] = {}
    for start in range(0, len(ids), 500):  # databases take only so many values
        wanted = article.c.id.in_(ids[start : start + 500])
        found |= {x.article.id: x for x in _entries(connection, _entry_query().where(wanted))}
    return found


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
    about: tuple[str, str] | None = None,
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
    if about is not None:
        query = query.join(mention, mention.c.article_id == revision.c.article_id)
        query = query.where(mention.c.kind == about[0], mention.c.key == about[1])
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
    kinds: Sequence[str],
    about: tuple[str, str],
) -> tuple[tuple[int, str], ...]:
    """Number and kind of revisions of the articles that name a subject, in their order.

    The way to them is the shorter one: by the end of the log, or by what is said of the subject.
    """
    own = (mention.c.kind == about[0], mention.c.key == about[1])
    named = select(mention.c.article_id).where(*own)
    last = connection.scalar(select(func.max(revision.c.seq))) or 0
    size = select(subject.c.articles).where(subject.c.kind == about[0], subject.c.key == about[1])
    theirs: ColumnElement[bool] = revision.c.article_id.in_(named)
    if last - after_seq < (connection.scalar(size) or 0):
        theirs = named.where(mention.c.article_id == revision.c.article_id).exists()
    query = (
        select(revision.c.seq, revision.c.kind)
        .where(revision.c.seq > after_seq, revision.c.kind.in_(kinds), theirs)
        .order_by(revision.c.seq)
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
