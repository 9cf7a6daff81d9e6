"""The store's part for asking known articles again: what is due, and what lists say of them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, select, update

from pipeline.identity import article_id
from pipeline.revisions import Known
from pipeline.store import articles
from pipeline.store.database import upsert
from pipeline.store.schema import article, capture, listing, recheck, recheck_spent
from pipeline.store.transactions import Transactions

_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """A known article whose page can be asked for at ``url``.

    ``left_list`` says that a list does not show it any more, though it should.
    """

    known: Known
    column: str | None
    url: str
    left_list: bool = False


class Rechecks:
    """What known articles are to be asked for again. Each method is one transaction."""

    def __init__(self, transactions: Transactions) -> None:
        self._do = transactions

    def plan(self, article_id: str, *, source: str, url: str, due: datetime | None) -> None:
        """Ask for an article again at an instant; None for never."""

        def work(c: Connection) -> None:
            if due is None:
                c.execute(delete(recheck).where(recheck.c.article_id == article_id))
            else:
                row = {"article_id": article_id, "source": source, "url": url, "due_at": due}
                upsert(c, recheck, row)

        self._do.write(work)

    def due_sources(self, now: datetime) -> frozenset[str]:
        """Sources that have an article to be asked for now."""
        query = select(recheck.c.source).where(recheck.c.due_at <= now).distinct()
        with self._do.reading() as c:
            return frozenset(c.scalars(query))

    def due(self, source: str, now: datetime, *, limit: int) -> tuple[Recheck, ...]:
        """What is to be asked for now: what was missing first, then what has waited longest."""
        query = (
            _query(recheck.c.url)
            .join(recheck, recheck.c.article_id == article.c.id)
            .where(recheck.c.source == source, recheck.c.due_at <= now)
            .order_by(article.c.misses.desc(), recheck.c.due_at, article.c.id)
            .limit(limit)
        )
        with self._do.reading() as c:
            return _read(c, query)

    def planned(self, article_id: str) -> datetime | None:
        """When an article is to be asked for again, None for never."""
        query = select(recheck.c.due_at).where(recheck.c.article_id == article_id)
        with self._do.reading() as c:
            return c.scalar(query)

    def neighbours(self, of: Recheck, source: str, *, limit: int) -> tuple[Recheck, ...]:
        """Articles of its column that are thought to be there, the nearest in time first."""
        own = (
            article.c.source == source,
            article.c.column == of.column,
            article.c.id != of.known.id,
            article.c.state == "live",
            article.c.misses == 0,
            article.c.kind != "headline",
        )
        query = _query(capture.c.requested_url).join(capture, capture.c.id == article.c.capture_id)
        query = query.where(*own).limit(2 * limit)
        older = query.where(article.c.sort_at <= of.known.sort_at).order_by(
            article.c.sort_at.desc()
        )
        newer = query.where(article.c.sort_at > of.known.sort_at).order_by(article.c.sort_at)
        with self._do.reading() as c:
            found = (*_read(c, older), *_read(c, newer))
        # Texts that stand on a list have no page to ask for
        paged = [x for x in found if article_id(x.url) == x.known.id]
        near = sorted(paged, key=lambda x: (abs(x.known.sort_at - of.known.sort_at), x.known.id))
        return tuple(near[:limit])

    def spend(self, host: str, now: datetime, *, budget: int) -> bool:
        """Whether a host may be asked once more in this hour; counted if so."""
        hour = now.replace(minute=0, second=0, microsecond=0)

        def work(c: Connection) -> bool:
            row = c.execute(select(recheck_spent).where(recheck_spent.c.host == host)).first()
            spent = row.n if row is not None and row.hour == hour else 0
            if spent >= budget:
                return False
            upsert(c, recheck_spent, {"host": host, "hour": hour, "n": spent + 1})
            return True

        return self._do.write(work)

    def spent(self, now: datetime, *, budget: int) -> frozenset[str]:
        """Hosts that may not be asked any more in this hour."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        query = select(recheck_spent.c.host).where(
            recheck_spent.c.hour == hour, recheck_spent.c.n >= budget
        )
        with self._do.reading() as c:
            return frozenset(c.scalars(query))

    def left_list(
        self,
        source: str,
        column: str,
        *,
        shown: Collection[str],
        younger_than: date,
        at: datetime,
    ) -> tuple[str, ...]:
        """Plan a look at live articles that a list should show and that are not *shown*.

        They were on it before and are dated after *younger_than*. Each is told
        once, until it is on the list again. *shown* are addresses.
        """
        query = _listed(source, column, younger_than).where(listing.c.left_at.is_(None))

        def work(c: Connection) -> tuple[str, ...]:
            found = [x for x in _absent(c, query, shown) if _has_page(x)]
            t = listing.c
            for row in found:
                own = (t.source == source, t.column == column, t.article_id == row.id)
                c.execute(update(listing).where(*own).values(left_at=at))
            return _hasten(c, {x.id: x.requested_url for x in found}, source, at)

        return self._do.write(work)

    def told_no_more(
        self, source: str, column: str, *, shown: Collection[str], younger_than: date
    ) -> tuple[Known, ...]:
        """Live articles whose text a list brought, and which it does not show though it should.

        They have no page to ask for: the list is all that tells of them.
        """
        query = _listed(source, column, younger_than)
        with self._do.reading() as c:
            rows = _absent(c, query, shown)
            return tuple(articles.known(c, [x.id for x in rows if not _has_page(x)]).values())

    def back_on_list(self, source: str, urls: Collection[str], *, at: datetime) -> tuple[str, ...]:
        """Plan a look at withdrawn articles that a list shows again."""
        by_id = {article_id(x): x for x in urls}
        ids = list(by_id)

        def work(c: Connection) -> tuple[str, ...]:
            found: dict[str, str] = {}
            for start in range(0, len(ids), _CHUNK):
                query = select(article.c.id).where(
                    article.c.id.in_(ids[start : start + _CHUNK]),
                    article.c.source == source,
                    article.c.state == "withdrawn",
                )
                found |= {x: by_id[x] for x in c.scalars(query)}
            return _hasten(c, found, source, at)

        return self._do.write(work)


def _absent(c: Connection, query: Select[Any], shown: Collection[str]) -> Iterator[Row[Any]]:
    """Of the articles of a query those whose addresses a list does not show."""
    on_list = {article_id(x) for x in shown}
    return (x for x in c.execute(query) if x.id not in on_list)


def _listed(source: str, column: str, younger_than: date) -> Select[Any]:
    """Live articles with a text that a list has shown and should show still."""
    t = listing.c
    after = (younger_than + timedelta(days=1)).isoformat()
    return (
        select(article.c.id, capture.c.requested_url)
        .join(listing, listing.c.article_id == article.c.id)
        .join(capture, capture.c.id == article.c.capture_id)
        .where(t.source == source, t.column == column, t.published >= after)
        .where(article.c.source == source, article.c.state == "live")
        .where(article.c.kind != "headline")
    )


def _has_page(row: Row[Any]) -> bool:
    """Whether an article was read from a page of its own, not from a list."""
    return bool(article_id(row.requested_url) == row.id)


def _hasten(c: Connection, urls: dict[str, str], source: str, at: datetime) -> tuple[str, ...]:
    """Make looks due *at* that are not due before; those articles."""
    waiting = select(recheck.c.article_id).where(
        recheck.c.article_id.in_(list(urls)), recheck.c.due_at <= at
    )
    wanted = sorted(set(urls) - set(c.scalars(waiting)))
    for x in wanted:
        upsert(c, recheck, {"article_id": x, "source": source, "url": urls[x], "due_at": at})
    return tuple(wanted)


def _query(url: Any) -> Select[Any]:
    return select(article.c.id, article.c.column, url.label("url"))


def _read(c: Connection, query: Select[Any]) -> tuple[Recheck, ...]:
    rows: Sequence[Any] = c.execute(query).all()
    known = articles.known(c, [x.id for x in rows])
    left = _left(c, known)
    return tuple(
        Recheck(
            known=known[x.id],
            column=x.column,
            url=x.url,
            left_list=x.id in left,
        )
        for x in rows
    )


def _left(c: Connection, ids: Iterable[str]) -> frozenset[str]:
    query = select(listing.c.article_id).where(
        listing.c.article_id.in_(list(ids)), listing.c.left_at.is_not(None)
    )
    return frozenset(c.scalars(query))
