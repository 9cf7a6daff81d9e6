"""Articles and their revisions, inside a transaction that the store has opened."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    delete,
    insert,
    select,
    update,
)

from pipeline.errors import StoreError
from pipeline.jsonform import plain_name
from pipeline.records import Article
from pipeline.revisions import (
    Decision,
    Known,
    Parts,
    decide,
    decide_missing,
    edits_at,
    hash_of,
    parts,
    record_hash,
)
from pipeline.store import codec, mentions, rules, search, stories
from pipeline.store.schema import agenda_item, article, capture, credit, meeting, revision
from pipeline.store.values import Applied
from pipeline.store.withholding import is_withheld

_FUTURE = timedelta(days=2)
"""A publication later than this after we saw the page is a slip of the pen."""

_CHUNK = 500  # parameters in one statement; SQLite's limit was 999 for a long time


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at an article's page: when, by which interpreter, on which capture."""

    capture_id: int | None
    seen_at: datetime
    interpreter: int


def known(connection: Connection, ids: Iterable[str]) -> dict[str, Known]:
    """What is known of those of the articles that are known at all."""
    wanted = list(dict.fromkeys(ids))
    columns = [x for x in article.c if x.name not in ("title", "content_hash")]
    found: dict[str, Known] = {}
    for start in range(0, len(wanted), _CHUNK):
        query = (
            select(*columns, capture.c.sha256)
            .join_from(article, capture, article.c.capture_id == capture.c.id, isouter=True)
            .where(article.c.id.in_(wanted[start : start + _CHUNK]))
        )
        found |= {row.id: _known(row) for row in connection.execute(query)}
    return found


def read_from(connection: Connection, captures: Iterable[int]) -> dict[int, frozenset[str]]:
    """The articles whose newest text was read from each of the captures."""
    found: dict[int, set[str]] = {}
    wanted = list(dict.fromkeys(captures))
    for start in range(0, len(wanted), _CHUNK):
        query = select(article.c.capture_id, article.c.id).where(
            article.c.capture_id.in_(wanted[start : start + _CHUNK])
        )
        for row in connection.execute(query):
            found.setdefault(row.capture_id, set()).add(row.id)
    return {k: frozenset(v) for k, v in found.items()}


def _known(row: Row[Any]) -> Known:
    digests: Parts = tuple((name, digest) for name, digest in json.loads(row.parts))
    return Known(
        id=row.id,
        url=row.url,
        state=row.state,
        number=row.number,
        seq=row.seq,
        parts=digests,
        record_hash=row.record_hash,
        interpreter=row.interpreter,
        capture_id=row.capture_id,
        capture_sha256=row.sha256,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        updated=row.updated,
        sort_at=row.sort_at,
        misses=row.misses,
        missing_since=row.missing_since,
        edits=row.edits,
        edits_since=row.edits_since,
        is_headline=row.kind == "headline",
    )


def apply(connection: Connection, new: Article | None, decision: Decision, look: Look) -> Applied:
    """Carry a decision out; decided anew where another writer was faster."""
    old = known(connection, [decision.id]).get(decision.id)
    if decision.base != (old.seq if old else None):
        decision = _decide_again(connection, old, new, decision, look)
    if old is None and decision.kind != "new":
        raise StoreError(f"unknown article cannot be {decision.kind}", where=decision.id)
    if old is not None and decision.kind in ("unchanged", "missing"):
        _note_look(connection, old, decision, look)
        return Applied(kind=decision.kind, reason=decision.reason, seq=None, number=old.number)
    if old is not None and decision.kind == "withdrawn":
        return _withdraw(connection, old, decision, look)
    if new is None or new.id != decision.id:
        raise StoreError(f"{decision.kind} needs the record it was decided for", where=decision.id)
    return _learn(connection, old, new, decision, look)


def _decide_again(
    connection: Connection, old: Known | None, new: Article | None, decision: Decision, look: Look
) -> Decision:
    if new is not None:
        return _decide(connection, old, new, look, None)
    if old is None:
        return decision
    return decide_missing(old, reason=decision.reason, at=look.seen_at)


def _decide(
    connection: Connection, old: Known | None, new: Article, look: Look, reread: Article | None
) -> Decision:
    query = select(capture.c.sha256).where(capture.c.id == look.capture_id)
    return decide(
        old,
        new,
        interpreter=look.interpreter,
        at=look.seen_at,
        capture_id=look.capture_id,
        capture_sha256=connection.scalar(query),
        reread=reread,
    )


def learn(connection: Connection, new: Article, look: Look, reread: Article | None) -> Applied:
    """Decide on a reading beside what is known now, and carry it out."""
    old = known(connection, [new.id]).get(new.id)
    return apply(connection, new, _decide(connection, old, new, look, reread), look)


def missed(connection: Connection, article_id: str, reason: str, look: Look) -> Applied | None:
    """Decide on a page that is not there, and carry it out; None for an unknown article."""
    old = known(connection, [article_id]).get(article_id)
    if old is None:
        return None
    decision = decide_missing(old, reason=reason, at=look.seen_at)
    return apply(connection, None, decision, look)


def _note_look(connection: Connection, old: Known, decision: Decision, look: Look) -> None:
    """Write down when a page was seen, or that it was not."""
    if decision.kind == "unchanged":
        if _is_fresh(old, look):
            saw(connection, [old.id], look.seen_at)
    elif old.state == "live":
        values = {"misses": old.misses + 1, "missing_since": old.missing_since or look.seen_at}
        connection.execute(update(article).where(article.c.id == old.id).values(values))


def _is_fresh(old: Known, look: Look) -> bool:
    """Whether the look was at the site, and not at a response in the archive."""
    return None in (look.capture_id, old.capture_id) or look.capture_id != old.capture_id


def saw(connection: Connection, ids: Iterable[str], at: datetime) -> None:
    """Note that pages are there as they were; a look before a miss does not undo it."""
    for article_id in ids:
        own = article.c.id == article_id
        missed_later = article.c.missing_since > at
        connection.execute(
            update(article).where(own, article.c.last_seen < at).values(last_seen=at)
        )
        connection.execute(
            update(article)
            .where(own, article.c.misses > 0, ~missed_later)
            .values(misses=0, missing_since=None)
        )


def _withdraw(connection: Connection, old: Known, decision: Decision, look: Look) -> Applied:
    """Add a revision that repeats the last text; the article keeps the capture it was read from."""
    last = connection.execute(select(revision).where(revision.c.seq == old.seq)).one()
    row = {
        "article_id": old.id,
        "number": old.number + 1,
        "kind": "withdrawn",
        "reason": decision.reason,
        "changed": "[]",
        "seen_at": look.seen_at,
        "capture_id": look.capture_id,
        "interpreter": last.interpreter,
        "content_hash": last.content_hash,
        "record": last.record,
    }
    seq = _add_revision(connection, row)
    values = {"state": "withdrawn", "number": row["number"], "seq": seq, "updated": look.seen_at}
    connection.execute(update(article).where(article.c.id == old.id).values(values))
    mentions.set_live(connection, old.id, live=False)
    stories.rank(connection, old.id)
    return Applied(kind="withdrawn", reason=decision.reason, seq=seq, number=old.number + 1)


def _learn(
    connection: Connection,
    old: Known | None,
    new: Article,
    decision: Decision,
    look: Look,
) -> Applied:
    """Add a revision with a new record and bring the article's row and projections to it."""
    digests, at = parts(new), look.seen_at
    number = old.number + 1 if old else 1
    first_seen = old.first_seen if old else at
    row = {
        "title": new.title,
        "url": new.url,
        "kind": new.text_kind,
        "published_day": new.published.day if new.published else None,
        "published_at": new.published.instant() if new.published else None,
        "sort_at": sort_at(new, first_seen),
        "number": number,
        "content_hash": hash_of(digests),
        "record_hash": record_hash(new),
        "parts": json.dumps(digests),
        "interpreter": look.interpreter,
        "capture_id": look.capture_id,
        "meetings": len(new.meetings),
        "seq": 0,
    }
    if old is None or _is_fresh(old, look):
        row |= {"last_seen": max(at, old.last_seen) if old else at}
        row |= {"misses": 0, "missing_since": None}
    if decision.kind != "reparsed":  # a better reading is no act of the publisher
        row |= {"state": "live", "updated": at}
    if old and decision.kind == "edited":
        edits = edits_at(old, at)
        row |= {"edits": edits + 1, "edits_since": old.edits_since if edits else at}
    if old is None:
        fixed = {"id": new.id, "source": new.source, "column": new.column, "first_seen": at}
        connection.execute(insert(article).values(row | fixed))
    seq = _add_revision(
        connection,
        {
            "article_id": new.id,
            "number": number,
            "kind": decision.kind,
            "reason": decision.reason,
            "changed": json.dumps(decision.changed),
            "seen_at": look.seen_at,
            "capture_id": look.capture_id,
            "interpreter": look.interpreter,
            "content_hash": row["content_hash"],
            "record": codec.dump(new),
        },
    )
    connection.execute(update(article).where(article.c.id == new.id).values(row | {"seq": seq}))
    _project(connection, new)
    search.index(connection, new)
    live = decision.kind != "reparsed" or old is None or old.state == "live"
    live = live and not (old and is_withheld(connection, new.id))
    sorted_at = sort_at(new, first_seen)
    now = rules.of_source(connection, new.source)
    mentions.note(connection, new, now, sort_at=sorted_at, live=live)
    stories.note(connection, new, now, sorted_at)
    return Applied(kind=decision.kind, reason=decision.reason, seq=seq, number=number)


def sort_at(new: Article, first_seen: datetime) -> datetime:
    """Publication, or *first_seen* where that is missing or lies in the future."""
    instant = new.published.instant() if new.published else first_seen
    return first_seen if instant > first_seen + _FUTURE else instant


def _add_revision(connection: Connection, row: dict[str, Any]) -> int:
    result = connection.execute(insert(revision).values(row).returning(revision.c.seq))
    return int(result.scalar_one())


def _project(connection: Connection, new: Article) -> None:
    """Replace the rows that are looked up by those of the newest record."""
    for table, rows in (
        (agenda_item, list(_agenda_rows(new))),
        (meeting, list(_meeting_rows(new))),
        (credit, list(_credit_rows(new))),
    ):
        connection.execute(delete(table).where(table.c.article_id == new.id))
        if rows:
            connection.execute(insert(table), rows)


def _meeting_rows(new: Article) -> Iterator[dict[str, Any]]:
    for n, x in enumerate(new.meetings):
        yield {
            "article_id": new.id,
            "n": n,
            "body": x.body,
            "kind": x.kind,
            "term": x.ordinal.term if x.ordinal else None,
            "seq": x.ordinal.seq if x.ordinal else None,
            "year": x.ordinal.year if x.ordinal else None,
            "held_on": x.held_on,
            "chair": plain_name(x.chair.value) if x.chair else None,
            "location": x.location.value if x.location else None,
        }


def _agenda_rows(new: Article) -> Iterator[dict[str, Any]]:
    for meeting_n, held in enumerate(new.meetings):
        for n, x in enumerate(held.agenda):
            yield {
                "article_id": new.id,
                "meeting_n": meeting_n,
                "n": n,
                "verb": x.verb.value,
                "subject": x.subject.value,
                "speaker": plain_name(x.speaker.value) if x.speaker else None,
                "decision": x.decision.value if x.decision else None,
            }


def _credit_rows(new: Article) -> Iterator[dict[str, Any]]:
    named = [(x.role, plain_name(name)) for x in new.credits for name in x.names]
    for n, (role, name) in enumerate(named):
        yield {"article_id": new.id, "n": n, "role": role, "name": name}
