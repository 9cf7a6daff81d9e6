"""Merging small archive files, so that a year of short runs is not twenty thousand files."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.archive import files
from pipeline.archive.members import sync_folder, whole_members
from pipeline.archive.records import Record, parse
from pipeline.errors import ArchiveError
from pipeline.records import CaptureRef

log = logging.getLogger(__name__)

Moves = list[tuple[CaptureRef, CaptureRef]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compacted:
    """What compaction did: names of files, and the records that references may name."""

    removed: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    records: int = 0


def compact(
    root: Path,
    relocate: Callable[[Sequence[tuple[CaptureRef, CaptureRef]]], object],
    *,
    full_bytes: int,
) -> Compacted:
    """Merge the finished files of each month that are smaller than half of *full_bytes*.

    Records are copied byte for byte. *relocate* gets the old and new places of the
    captures of each new file, and must write them down all or none; only then are
    the old files removed. A crash at any moment leaves every reference readable, and
    at most records that stand twice, which the next compaction joins. Files that are
    being written, or damaged, are left alone. Raises `ArchiveError`, and what
    *relocate* raises.
    """
    lock = FileLock(root / ".compacting.lock")
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ArchiveError(
            "is being compacted already", where=str(root), hint="wait for it to end"
        ) from error
    except OSError as error:
        raise _failed(root, error) from error
    try:
        removed: list[str] = []
        made: list[str] = []
        records = 0
        for group in _groups(root, full_bytes):
            name, moves = _merge(root, group)
            # Where this fails both stay: it may have been written down all the same.
            relocate(moves)
            for old in group:
                (root / old).unlink()
            sync_folder((root / name).parent)
            removed += group
            made.append(name)
            records += len(moves)
    except OSError as error:
        raise _failed(root, error) from error
    finally:
        lock.release()
    return Compacted(removed=tuple(removed), made=tuple(made), records=records)


def _groups(root: Path, full_bytes: int) -> list[list[str]]:
    """Files to be merged with one another: of one month, together not above *full_bytes*."""
    groups = []
    small = [x for x in files.names(root) if _may_move(root, x, full_bytes)]
    for _, names in groupby(small, key=lambda x: x.rpartition("/")[0]):
        group: list[str] = []
        size = 0
        for name in names:
            size += (root / name).stat().st_size
            if size > full_bytes:
                groups.append(group)
                group, size = [], (root / name).stat().st_size
            group.append(name)
        groups.append(group)
    return [x for x in groups if len(x) > 1]


def _may_move(root: Path, name: str, full_bytes: int) -> bool:
    path = root / name
    size = path.stat().st_size
    if size * 2 >= full_bytes or files.is_being_written(root, name):
        return False
    if sum(length for _, length in whole_members(path)) != size:
        log.warning("%s: damaged, and left as it is", name)
        return False
    return True


def _merge(root: Path, group: Sequence[str]) -> tuple[str, Moves]:
    """Copy the records of a group into a new file; its name, and the captures' places."""
    moves: Moves = []
    places: dict[str, int] = {}
    target = files.WarcFile(root, files.name_at(_begun(group[0])))
    try:
        for name in group:
            path = root / name
            with path.open("rb") as file:
                for offset, length in whole_members(path):
                    file.seek(offset)
                    member = file.read(length)
                    record = parse(member, f"{name}@{offset}")
                    if record.kind == "warcinfo":
                        continue
                    if record.id not in places:  # a crash may have left it twice
                        places[record.id] = target.append(member, sync=False)
                    if record.kind != "request":
                        moves.append(_move(name, offset, length, record, target.name, places))
        target.sync()
    except BaseException:
        target.records = 0
        raise
    finally:
        target.close()
    return target.name, moves


def _move(
    name: str, offset: int, length: int, record: Record, new: str, places: dict[str, int]
) -> tuple[CaptureRef, CaptureRef]:
    old = CaptureRef(file=name, offset=offset, length=length)
    moved = CaptureRef(
        file=new,
        offset=places[record.id],
        length=length,
        record_id=record.id,
        payload=record.payload,
    )
    return old, moved


def _begun(name: str) -> datetime:
    """When a file was begun, by its name: the merged one stands in the same month."""
    stamp = name.rpartition("/")[2].split("-")[1]
    return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _failed(root: Path, error: OSError) -> ArchiveError:
    return ArchiveError(
        f"cannot be compacted: {error.strerror or error}",
        where=str(root),
        hint="free some space, or make the folder writable",
    )
