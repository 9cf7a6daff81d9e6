"""Stories that stand at several addresses, inside a transaction that the store has opened.

``band`` finds what may be one story, `pipeline.reprints` decides, ``reprint`` holds the
groups. An article stays in its group through corrections, so that one publisher's
does not split it; a page reused for another text leaves.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from pipeline.records import CHINA, Article
from pipeline.reprints import Told, bands, essence, is_one_story, is_still_told
from pipeline.store import codec, folding
from pipeline.store.schema import article, band, reprint, revision, withheld
from pipeline.store.values import Copy

_TRIED = 20
"""So many articles at most are looked into for being the same story: forms have many alike."""

_MASK = 0xFFFFFFFF


class Mirrors(Protocol):
    """Which sources repeat another one; `pipeline.store.rules` keeps it."""

    def mirror_of(self, source: str | None) -> str | None:
        """The source whose texts one is known to repeat."""


def note(connection: Connection, new: Article, mirrors: Mirrors, sort_at: datetime) -> None:
    """Join an article with those that tell the same story, by its newest record."""
    told = _told(new, mirrors, sort_at)
    numbers = bands(told.title, told.text)
    week = told.day.toordinal() // 7
    buckets = {week << 32 | x for x in numbers}
    own = band.c.article_id == new.id
    old = set(connection.scalars(select(band.c.bucket).where(own)))
    if old and old != buckets:
        connection.execute(delete(band).where(own))
    if old != buckets:
        connection.execute(
            insert(band), [{"bucket": x, "article_id": new.id} for x in sorted(buckets)]
        )
    story = _story_of(connection, new.id) if old else None
    if story is not None and not is_still_told((x & _MASK for x in old), numbers):
        connection.execute(delete(reprint).where(reprint.c.article_id == new.id))
        _rank(connection, story)
        story = None
    if story is None:
        story = _join(connection, new, told, buckets, mirrors)
    else:
        values = {"copied": _is_copied(new, mirrors)}
        connection.execute(update(reprint).where(reprint.c.article_id == new.id).values(values))
    if story is not None:
        _rank(connection, story)


def rank(connection: Connection, article_id: str) -> None:
    """Find the first publisher anew: an article was withdrawn, or taken off, or is back."""
    story = _story_of(connection, article_id)
    if story is not None:
        _rank(connection, story)


def _story_of(connection: Connection, article_id: str) -> str | None:
    query = select(reprint.c.story).where(reprint.c.article_id == article_id)
    return connection.scalar(query)


def _told(new: Article, mirrors: Mirrors, sort_at: datetime) -> Told:
    return Told(
        title=essence(folding.fold(new.title)),
        text=essence(folding.fold(new.text)),
        day=new.published.day if new.published else sort_at.astimezone(CHINA).date(),
        source=new.source,
        mirror_of=mirrors.mirror_of(new.source),
        number=new.document.document_number if new.document else None,
        damaged="damaged" in new.repairs.flags,
    )


def _is_copied(new: Article, mirrors: Mirrors) -> bool:
    """Whether the page shows by itself that others had the story first."""
    is_mangled = "strip_pinyin" in new.repairs.steps  # what no publisher writes
    return is_mangled or mirrors.mirror_of(new.source) is not None


def _join(
    connection: Connection, new: Article, told: Told, buckets: set[int], mirrors: Mirrors
) -> str | None:
    """The story that an article was put into; None where no other article tells it."""
    found = _candidates(connection, new.id, buckets)
    same = [x for x, at in found if is_one_story(told, _told(x, mirrors, at))]
    if not same:
        return None
    ids = [x.id for x in same]
    query = select(reprint.c.article_id, reprint.c.story).where(reprint.c.article_id.in_(ids))
    stories = {x.article_id: x.story for x in connection.execute(query)}
    story = min(stories.values(), default=min(ids))
    for other in set(stories.values()) - {story}:
        own = reprint.c.story == other
        connection.execute(update(reprint).where(own).values(story=story))
    connection.execute(
        insert(reprint),
        [
            {
                "article_id": x.id,
                "story": story,
                "copied": _is_copied(x, mirrors),
                "is_first": False,
            }
            for x in (new, *same)
            if x.id not in stories
        ],
    )
    return story


def _candidates(
    connection: Connection, article_id: str, buckets: Iterable[int]
) -> list[tuple[Article, datetime]]:
    """Articles of the weeks around with a band in common, those with most of them first."""
    near = [x + shift for x in buckets for shift in (-1 << 32, 0, 1 << 32)]
    shared = (
        select(band.c.article_id, func.count().label("n"))
        .where(band.c.bucket.in_(near), band.c.article_id != article_id)
        .group_by(band.c.article_id)
        .order_by(func.count().desc(), band.c.article_id)
        .limit(_TRIED)
        .subquery()
    )
    query = (
        select(article.c.id, article.c.sort_at, revision.c.record)
        .join(shared, shared.c.article_id == article.c.id)
        .join(revision, revision.c.seq == article.c.seq)
        .order_by(shared.c.n.desc(), article.c.id)
    )
    rows = connection.execute(query)
    return [(codec.load(x.record, where=x.id), x.sort_at) for x in rows]


def _rank(connection: Connection, story: str) -> None:
    """Say which member was first: one that may be shown, live, no mirror; then by publication."""
    query = (
        select(reprint.c.article_id, reprint.c.copied, reprint.c.is_first)
        .add_columns(article.c.state, article.c.sort_at, article.c.first_seen)
        .add_columns(withheld.c.at.label("withheld_at"))
        .join(article, article.c.id == reprint.c.article_id)
        .outerjoin(withheld, withheld.c.article_id == article.c.id)
        .where(reprint.c.story == story)
    )
    members = connection.execute(query).all()
    if len(members) < 2:  # the others have left
        connection.execute(delete(reprint).where(reprint.c.story == story))
        return
    first = min(members, key=_place_in_row).article_id
    for x in members:
        if x.is_first != (x.article_id == first):
            own = reprint.c.article_id == x.article_id
            connection.execute(update(reprint).where(own).values(is_first=not x.is_first))


def _place_in_row(x: Row[Any]) -> tuple[bool, bool, bool, datetime, datetime, str]:
    is_gone = x.state != "live"
    return (x.withheld_at is not None, is_gone, x.copied, x.sort_at, x.first_seen, x.article_id)


def copies(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Copy, ...]]:
    """All places of the stories that these articles tell, the first publisher first."""
    own, other = reprint.alias("own"), reprint.alias("other")
    found: dict[str, list[Copy]] = {}
    for start in range(0, len(ids), 500):
        query = (
            select(own.c.article_id.label("of"), other.c.is_first, article.c.state)
            .add_columns(article.c.id, article.c.url, article.c.source)
            .join(other, other.c.story == own.c.story)
            .join(article, article.c.id == other.c.article_id)
            .where(own.c.article_id.in_(ids[start : start + 500]))
            .where(article.c.id.not_in(select(withheld.c.article_id)))
            .order_by(other.c.is_first.desc(), article.c.sort_at, article.c.id)
        )
        for x in connection.execute(query):
            copy = Copy(id=x.id, url=x.url, source=x.source, is_first=x.is_first, state=x.state)
            found.setdefault(x.of, []).append(copy)
    return {k: tuple(v) for k, v in found.items()}
