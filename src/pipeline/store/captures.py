"""Captures, validators and quarantine, inside a transaction that the store has opened."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from pipeline.records import Capture, CaptureRef
from pipeline.store.codec import scrub
from pipeline.store.database import upsert
from pipeline.store.schema import capture, quarantine, validator
from pipeline.store.values import Quarantined, StoredCapture, StoredValidators


def add(
    connection: Connection,
    taken: Capture,
    ref: CaptureRef,
    *,
    source: str | None,
    column: str | None,
    run_id: int | None,
    sha256: str,
) -> int:
    """The number of the capture's row; the one it has already where it was added before."""
    same = (capture.c.file == ref.file, capture.c.offset == ref.offset)
    before = connection.scalar(select(capture.c.id).where(*same))
    if before is not None:
        return int(before)
    row = {
        "url": taken.url,
        "requested_url": taken.requested_url,
        "source": source,
        "column": column,
        "run_id": run_id,
        "status": taken.status,
        "fetched_at": taken.fetched_at,
        "file": ref.file,
        "offset": ref.offset,
        "length": ref.length,
        "sha256": sha256,
        "record_id": ref.record_id,
        "payload": ref.payload,
    }
    return int(connection.execute(insert(capture).values(row).returning(capture.c.id)).scalar_one())


def after(
    connection: Connection, *, source: str | None, after_id: int, limit: int
) -> tuple[StoredCapture, ...]:
    """Captures with a higher number than *after_id*, oldest first."""
    query = select(capture).where(capture.c.id > after_id).order_by(capture.c.id).limit(limit)
    if source is not None:
        query = query.where(capture.c.source == source)
    return tuple(map(_stored, connection.execute(query)))


def one(connection: Connection, capture_id: int) -> StoredCapture | None:
    """The capture with that number."""
    row = connection.execute(select(capture).where(capture.c.id == capture_id)).one_or_none()
    return _stored(row) if row else None


def newest(connection: Connection, requested_url: str) -> StoredCapture | None:
    """The last capture that was made for an address."""
    query = (
        select(capture)
        .where(capture.c.requested_url == requested_url)
        .order_by(capture.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return _stored(row) if row else None


def holder(connection: Connection, payload: str) -> CaptureRef | None:
    """The place of a record that holds the payload with that digest."""
    query = select(capture).where(capture.c.payload == payload).order_by(capture.c.id).limit(1)
    row = connection.execute(query).one_or_none()
    return _ref(row) if row else None


def place(connection: Connection, record_id: str) -> CaptureRef | None:
    """Where the record with that id stands now."""
    row = connection.execute(select(capture).where(capture.c.record_id == record_id)).first()
    return _ref(row) if row else None


def move(connection: Connection, moves: Iterable[tuple[CaptureRef, CaptureRef]]) -> int:
    """Write down that records stand elsewhere now; how many captures that concerned."""
    moved = 0
    for old, new in moves:
        query = update(capture).where(capture.c.file == old.file, capture.c.offset == old.offset)
        values = {x: getattr(new, x) for x in _PLACE}
        moved += connection.execute(query.values(values)).rowcount
    return moved


_PLACE = tuple(x.name for x in fields(CaptureRef))


def _ref(row: Row[Any]) -> CaptureRef:
    return CaptureRef(**{x: row._mapping[x] for x in _PLACE})


def _stored(row: Row[Any]) -> StoredCapture:
    values = {k: v for k, v in row._mapping.items() if k not in _PLACE}
    return StoredCapture(ref=_ref(row), **values)


def validators(connection: Connection, url: str) -> StoredValidators | None:
    """What the address said about the state of its page when last read whole."""
    row = connection.execute(select(validator).where(validator.c.url == url)).one_or_none()
    return StoredValidators(**row._mapping) if row else None


def set_validators(connection: Connection, new: StoredValidators) -> None:
    """Remember validators; those of before are replaced, also by none."""
    upsert(connection, validator, {x.name: getattr(new, x.name) for x in fields(new)})


def put(
    connection: Connection,
    *,
    url: str,
    step: str,
    reason: str,
    detail: str | None,
    capture_id: int | None,
    source: str | None,
    column: str | None,
    at: datetime,
) -> int:
    """Open a case, or add a try to the open one of the same address and step."""
    url, reason = scrub(url), scrub(reason)
    told = {
        "capture_id": capture_id,
        "source": source,
        "column": column,
        "reason": reason,
        "detail": None if detail is None else scrub(detail),
        "last_at": at,
    }
    same = (
        quarantine.c.url == url,
        quarantine.c.step == step,
        quarantine.c.resolved_at.is_(None),
    )
    case = connection.execute(select(quarantine.c.id, quarantine.c.times).where(*same)).first()
    if case is not None:
        told["times"] = case.times + 1
        connection.execute(update(quarantine).where(quarantine.c.id == case.id).values(told))
        return int(case.id)
    row = told | {"url": url, "step": step, "at": at, "times": 1}
    query = insert(quarantine).values(row).returning(quarantine.c.id)
    return int(connection.execute(query).scalar_one())


def resolve(connection: Connection, url: str, steps: Iterable[str], at: datetime) -> int:
    """Close the open cases of an address, of all steps where none is named; how many."""
    query = update(quarantine).where(
        quarantine.c.url == scrub(url), quarantine.c.resolved_at.is_(None)
    )
    wanted = tuple(steps)
    if wanted:
        query = query.where(quarantine.c.step.in_(wanted))
    return connection.execute(query.values(resolved_at=at)).rowcount


def cases(
    connection: Connection, *, source: str | None, resolved: bool, limit: int
) -> tuple[Quarantined, ...]:
    """Cases, the one tried last first."""
    query = select(quarantine).order_by(quarantine.c.last_at.desc(), quarantine.c.id.desc())
    if not resolved:
        query = query.where(quarantine.c.resolved_at.is_(None))
    if source is not None:
        query = query.where(quarantine.c.source == source)
    return tuple(Quarantined(**row._mapping) for row in connection.execute(query.limit(limit)))
