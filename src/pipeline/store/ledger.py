"""Runs, columns, lists, walks back and holds, inside a transaction that the store has opened."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from pipeline.identity import article_id
from pipeline.records import ListItem, Published
from pipeline.store.database import upsert
from pipeline.store.schema import (
    article,
    backfill,
    capture,
    column_state,
    host,
    listing,
    quarantine,
    revision,
    run,
)
from pipeline.store.values import (
    BackfillState,
    ColumnStatus,
    Counts,
    Hold,
    Listed,
    Run,
    RunState,
    SourceCounts,
    SourceStatus,
)


def begin_run(
    connection: Connection, kind: str, params: Any, *, at: datetime, name: str, pid: int
) -> int:
    """The number of a new run."""
    row = {
        "kind": kind,
        "params": json.dumps(params, ensure_ascii=True, sort_keys=True),
        "state": "running",
        "started": at,
        "heartbeat": at,
        "host": name,
        "pid": pid,
    }
    return int(connection.execute(insert(run).values(row).returning(run.c.id)).scalar_one())


def beat(connection: Connection, run_id: int, at: datetime) -> None:
    """Say that the run lives."""
    connection.execute(update(run).where(run.c.id == run_id).values(heartbeat=at))


def end_run(
    connection: Connection, run_id: int, state: RunState, report: Any, *, at: datetime
) -> None:
    """Close the run with its outcome."""
    told = json.dumps(report, ensure_ascii=True, sort_keys=True)
    values = {"state": state, "report": told, "ended": at, "heartbeat": at}
    connection.execute(update(run).where(run.c.id == run_id).values(values))


def bury(connection: Connection, *, silent_since: datetime, at: datetime) -> int:
    """Mark runs as died that have not beaten since; how many."""
    dead = (run.c.state == "running", run.c.heartbeat < silent_since)
    return connection.execute(update(run).where(*dead).values(state="died", ended=at)).rowcount


def runs(connection: Connection, *, kind: str | None, limit: int) -> tuple[Run, ...]:
    """Runs, newest first."""
    query = select(run).order_by(run.c.id.desc()).limit(limit)
    if kind is not None:
        query = query.where(run.c.kind == kind)
    return tuple(map(_run, connection.execute(query)))


def last_runs(connection: Connection) -> tuple[Run, ...]:
    """The newest run of each kind, by kind."""
    newest = select(func.max(run.c.id)).group_by(run.c.kind)
    rows = connection.execute(select(run).where(run.c.id.in_(newest)))
    return tuple(sorted(map(_run, rows), key=lambda x: x.kind))


def _run(row: Row[Any]) -> Run:
    told = {
        "params": json.loads(row.params),
        "report": None if row.report is None else json.loads(row.report),
    }
    return Run(**(dict(row._mapping) | told))


def saw_listing(
    connection: Connection, source: str, column: str, items: Sequence[ListItem], at: datetime
) -> tuple[str, ...]:
    """Note what a list shows; the articles' identifiers in its order."""
    ids = [article_id(x.url) for x in items]
    for key, item in zip(ids, items, strict=True):
        row = {
            "source": source,
            "column": column,
            "article_id": key,
            "url": item.url,
            "title": item.title,
            "published": item.published.iso() if item.published else None,
            "first_seen": at,
            "last_seen": at,
            "left_at": None,
        }
        upsert(connection, listing, row, keep=("first_seen",))
    return tuple(dict.fromkeys(ids))


def listed(connection: Connection, source: str, column: str, *, limit: int) -> tuple[Listed, ...]:
    """What a column's list showed, seen last first."""
    query = (
        select(listing)
        .where(listing.c.source == source, listing.c.column == column)
        .order_by(listing.c.last_seen.desc(), listing.c.article_id)
        .limit(limit)
    )
    return tuple(map(_listed, connection.execute(query)))


def _listed(row: Row[Any]) -> Listed:
    return Listed(
        article_id=row.article_id,
        url=row.url,
        title=row.title,
        published=_published(row.published),
        first_seen=row.first_seen,
        last_seen=row.last_seen,
    )


def _published(iso: str | None) -> Published | None:
    """What `Published.iso` wrote, read back."""
    if iso is None:
        return None
    if len(iso) == len("2026-03-01"):
        return Published(day=date.fromisoformat(iso))
    instant = datetime.fromisoformat(iso)
    return Published(day=instant.date(), at=instant.time())


def listing_counts(connection: Connection) -> dict[tuple[str, str], int]:
    """How much each column's list has shown, by source and column."""
    query = select(listing.c.source, listing.c.column, func.count())
    query = query.group_by(listing.c.source, listing.c.column)
    return {(source, column): n for source, column, n in connection.execute(query)}


def listing_columns(connection: Connection, ids: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Source and column of the lists that showed one of the articles."""
    found: set[tuple[str, str]] = set()
    for start in range(0, len(ids), 500):
        query = select(listing.c.source, listing.c.column).distinct()
        query = query.where(listing.c.article_id.in_(ids[start : start + 500]))
        found |= {(row.source, row.column) for row in connection.execute(query)}
    return frozenset(found)


def listed_published(connection: Connection, url: str) -> Published | None:
    """When lists say that the page at an address was published; the list that says it last."""
    query = (
        select(listing.c.published)
        .where(listing.c.article_id == article_id(url), listing.c.published.is_not(None))
        .order_by(listing.c.last_seen.desc(), listing.c.source, listing.c.column)
        .limit(1)
    )
    return _published(connection.scalar(query))


def listings_published(connection: Connection, ids: Sequence[str]) -> dict[str, Published]:
    """When lists say that articles were published, as `listed_published`; those that they date."""
    found: dict[str, Published] = {}
    query = (
        select(listing.c.article_id, listing.c.published)
        .where(listing.c.article_id.in_(ids), listing.c.published.is_not(None))
        .order_by(listing.c.last_seen.desc(), listing.c.source, listing.c.column)
    )
    for row in connection.execute(query):
        published = _published(row.published)
        if published is not None:
            found.setdefault(row.article_id, published)
    return found


def checked_column(
    connection: Connection,
    source: str,
    column: str,
    *,
    listed_n: int | None,
    reason: str | None,
    at: datetime,
) -> int:
    """Note a look at a column, good where *reason* is None; failures in a row so far.

    *listed_n* is None where the list had not changed.
    """
    key = (column_state.c.source == source, column_state.c.column == column)
    before = connection.execute(select(column_state).where(*key)).one_or_none()
    failures = 0 if reason is None else 1 + (before.failures if before else 0)
    row = {
        "source": source,
        "column": column,
        "checked_at": at,
        "ok_at": at if reason is None else (before.ok_at if before else None),
        "listed": (before.listed if before else 0) if listed_n is None else listed_n,
        "failures": failures,
        "reason": reason,
    }
    upsert(connection, column_state, row)
    return failures


def backfill_state(connection: Connection, source: str, column: str) -> BackfillState | None:
    """Where the walk back of a column stands."""
    key = (backfill.c.source == source, backfill.c.column == column)
    row = connection.execute(select(backfill).where(*key)).one_or_none()
    if row is None:
        return None
    return BackfillState(**{x.name: row._mapping[x.name] for x in fields(BackfillState)})


def save_backfill(connection: Connection, state: BackfillState, at: datetime) -> None:
    """Write down where the walk back stands."""
    row = {x.name: getattr(state, x.name) for x in fields(state)}
    upsert(connection, backfill, row | {"updated": at})


def defer_host(connection: Connection, name: str, not_before: datetime, reason: str) -> None:
    """Leave a host alone until then; an earlier date never replaces a later one."""
    held = deferred(connection, name)
    if held is None or held.not_before < not_before:
        upsert(connection, host, {"host": name, "not_before": not_before, "reason": reason})


def deferred(connection: Connection, name: str) -> Hold | None:
    """The host's hold, past ones too."""
    row = connection.execute(select(host).where(host.c.host == name)).one_or_none()
    return Hold(**row._mapping) if row else None


def counts_by_source(connection: Connection) -> tuple[SourceCounts, ...]:
    """How much there is of each source; one index holds all that is asked for."""
    query = select(
        article.c.source,
        func.count(),
        func.sum(article.c.meetings),
        func.count().filter(article.c.state == "withdrawn"),
        func.max(article.c.sort_at),
    ).group_by(article.c.source)
    found = (
        SourceCounts(
            source=source or "",
            articles=articles,
            meetings=int(meetings),
            withdrawn=withdrawn,
            newest=newest,
        )
        for source, articles, meetings, withdrawn, newest in connection.execute(query)
    )
    return tuple(sorted(found, key=lambda x: x.source))


def counts(connection: Connection) -> Counts:
    """How much there is of everything."""

    def number(table: Any, *where: Any) -> int:
        return int(
            connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()
        )

    found = counts_by_source(connection)
    return Counts(
        articles=sum(x.articles for x in found),
        meetings=sum(x.meetings for x in found),
        withdrawn=sum(x.withdrawn for x in found),
        revisions=number(revision),
        captures=number(capture),
        quarantined=number(quarantine, quarantine.c.resolved_at.is_(None)),
        by_source=tuple((x.source, x.articles) for x in found),
    )


def status(connection: Connection, counts: Iterable[SourceCounts]) -> tuple[SourceStatus, ...]:
    """How each source fares, by its identifier; *counts* are those of `counts_by_source`."""
    facts = {x.source: x for x in counts if x.source}
    open_cases = connection.execute(
        select(quarantine.c.source, func.count())
        .where(quarantine.c.source.is_not(None), quarantine.c.resolved_at.is_(None))
        .group_by(quarantine.c.source)
    )
    cases = {row[0]: int(row[1]) for row in open_cases}
    columns: dict[str, list[ColumnStatus]] = {}
    for row in connection.execute(select(column_state)):
        columns.setdefault(row.source, []).append(_column_status(row))
    return tuple(
        _source_status(key, facts.get(key), cases.get(key, 0), columns.get(key, []))
        for key in sorted({*facts, *cases, *columns})
    )


def _column_status(row: Row[Any]) -> ColumnStatus:
    return ColumnStatus(**{x.name: row._mapping[x.name] for x in fields(ColumnStatus)})


def _source_status(
    source: str, facts: SourceCounts | None, cases: int, columns: list[ColumnStatus]
) -> SourceStatus:
    return SourceStatus(
        source=source,
        articles=facts.articles if facts else 0,
        meetings=facts.meetings if facts else 0,
        withdrawn=facts.withdrawn if facts else 0,
        newest=facts.newest if facts else None,
        quarantined=cases,
        columns=tuple(sorted(columns, key=lambda x: x.column)),
    )
