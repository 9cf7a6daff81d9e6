"""The archive: captures in, references out, and back.

A new file for each `Archive`; a file that another one wrote is never appended
to, since everything behind a torn record is invisible to sequential readers.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from pipeline.archive import files
from pipeline.archive.compact import Compacted, compact
from pipeline.archive.copies import Copies
from pipeline.archive.members import whole_members
from pipeline.archive.records import Record, StoredForm, compose, parse, read_capture, stored_form
from pipeline.errors import ArchiveError
from pipeline.records import Capture, CaptureRef

log = logging.getLogger(__name__)

_ROTATE_BYTES = 256 * 1024 * 1024


class Index(Protocol):
    """What knows where records stand: the store."""

    def holder_of(self, payload: str) -> CaptureRef | None:
        """Where a payload is held, by its digest."""

    def place_of(self, record_id: str) -> CaptureRef | None:
        """Where a record stands now, by its id."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Archive:
    """The archive below one folder. Safe to share between threads.

    With an *index*, a payload that is held already is not stored again, and records
    are found wherever compaction has put them. With *copies*, finished files are
    copied elsewhere too, and read from there where they are missing here. Files are
    ended at *rotate_bytes* and when a day (UTC) ends.

    Opening sets torn ends aside that killed writers have left.
    """

    def __init__(
        self,
        root: Path,
        *,
        clock: Callable[[], datetime] = _utc_now,
        index: Index | None = None,
        copies: Copies | None = None,
        rotate_bytes: int = _ROTATE_BYTES,
    ) -> None:
        self._root = root
        self._clock = clock
        self._index = index
        self._copies = copies
        self._rotate_bytes = rotate_bytes
        self._lock = threading.Lock()
        self._file: files.WarcFile | None = None
        self._day = ""
        self._begun = datetime.min.replace(tzinfo=UTC)
        self._places: dict[str, CaptureRef] | None = None
        self._paths: dict[str, Path] = {}
        files.mend(root)
        if copies is not None:
            copies.begin(root)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Finish the file being written; what can be copied soon is copied."""
        with self._lock:
            self._close()
        if self._copies is not None:
            self._copies.close()

    def hand_over(self, older_than: timedelta) -> None:
        """Finish the file being written where it was begun that long ago, so that it is copied.

        Without copies nothing is done.
        """
        with self._lock:
            is_old = self._file is not None and self._clock() - self._begun >= older_than
            if self._copies is not None and is_old:
                self._close()

    def write(self, capture: Capture) -> CaptureRef:
        """Store a response and return where it is; it is on disk when this returns.

        Raises `ArchiveError` where it cannot be written; nothing half-written is
        ever referred to.
        """
        if any(x < " " for x in capture.url + capture.requested_url):
            raise ArchiveError("the address holds a control character", where=repr(capture.url))
        form = stored_form(capture)
        composed = compose(capture, form, self._origin(form))
        with self._lock:
            try:
                file = self._opened()
                offset = file.append(composed.request + composed.capture)
            except OSError as error:
                self._close()
                raise ArchiveError(
                    f"cannot be written: {error.strerror}",
                    where=str(self._root),
                    hint="free some space, or make the folder writable",
                ) from error
        return CaptureRef(
            file=file.name,
            offset=offset + len(composed.request),
            length=len(composed.capture),
            record_id=composed.record_id,
            payload=composed.payload,
        )

    def _origin(self, form: StoredForm) -> Record | None:
        """The record that holds the same payload, read and found whole."""
        held = self._index.holder_of(form.digest) if self._index and form.payload else None
        if held is None:
            return None
        try:
            record = parse(self._member(held), _where(held))
        except ArchiveError as error:
            log.warning("%s: stored once more", error)
            return None
        return record if record.payload == form.digest else None

    def _opened(self) -> files.WarcFile:
        now = self._clock().astimezone(UTC)
        day = f"{now:%Y%m%d}"
        if self._file is not None and (day != self._day or self._file.size >= self._rotate_bytes):
            self._close()
        if self._file is None:
            self._file = files.WarcFile(self._root, files.name_at(now))
            self._day, self._begun = day, now
        return self._file

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is None:
            return
        try:
            file.close()
        except OSError as error:  # it was written and synced: nothing is lost
            log.warning("%s: cannot be closed: %s", file.name, error)
        if self._copies is not None and file.records:
            self._copies.wake()

    def read(self, ref: CaptureRef) -> Capture:
        """The capture that *ref* names, equal to what was written.

        Raises `ArchiveError` for a missing file, a short or damaged record, and
        a reference that leads out of the archive.
        """
        where = _where(ref)
        record = parse(self._member(ref), where)
        if ref.record_id is not None and record.id != ref.record_id:
            raise ArchiveError("another record stands there", where=where)
        return read_capture(record, self._referred, where)

    def _member(self, ref: CaptureRef) -> bytes:
        """The bytes at *ref*: here, where the record has moved to, or in the copy."""
        path = self._path(ref)
        try:
            with path.open("rb") as file:
                file.seek(ref.offset)
                member = file.read(ref.length)
        except FileNotFoundError as error:
            return self._elsewhere(ref, error)
        except OSError as error:
            raise _unreadable(ref, error) from error
        if len(member) != ref.length:
            raise ArchiveError("the record is cut short", where=_where(ref))
        return member

    def _path(self, ref: CaptureRef) -> Path:
        """The file of a reference; followed to its place once, since that takes many calls."""
        if ref.file not in self._paths:
            path = (self._root / ref.file).resolve()
            if not path.is_relative_to(self._root.resolve()):
                raise ArchiveError("leads out of the archive", where=_where(ref))
            self._paths[ref.file] = path
        return self._paths[ref.file]

    def _elsewhere(self, ref: CaptureRef, error: OSError) -> bytes:
        moved = self._index.place_of(ref.record_id) if self._index and ref.record_id else None
        if moved is not None and moved.file != ref.file and (self._root / moved.file).exists():
            return self._member(moved)
        copied = self._copies.read(ref) if self._copies is not None else None
        if copied is None:
            raise _unreadable(ref, error) from error
        return copied

    def _referred(self, revisit: Record) -> Record:
        """The record that a revisit refers to. Raises `ArchiveError`."""
        record_id = revisit.headers["warc-refers-to"].strip("<> ")
        place = self._index.place_of(record_id) if self._index else None
        place = place or self._scanned().get(record_id)
        if place is None:
            raise ArchiveError(
                "refers to a record that is not in the archive",
                where=record_id,
                hint="restore its file from a copy",
            )
        return parse(self._member(place), _where(place))

    def _scanned(self) -> dict[str, CaptureRef]:
        """Places of all records by id, for an archive without an index."""
        if self._places is None:
            self._places = {str(ref.record_id): ref for ref, _ in self._records()}
        return self._places

    def _records(self) -> Iterator[tuple[CaptureRef, Record]]:
        """Yield the response and revisit records, in the order of their files."""
        for name in files.names(self._root):
            try:
                yield from self._records_of(name)
            except OSError as error:
                log.warning("%s: cannot be read: %s", name, error)

    def _records_of(self, name: str) -> Iterator[tuple[CaptureRef, Record]]:
        path = self._root / name
        with path.open("rb") as file:
            for offset, length in whole_members(path):
                file.seek(offset)
                try:
                    record = parse(file.read(length), f"{name}@{offset}")
                except ArchiveError as error:
                    log.warning("%s: record left out", error)
                    continue
                if record.kind in ("response", "revisit"):
                    yield (
                        CaptureRef(
                            file=name,
                            offset=offset,
                            length=length,
                            record_id=record.id,
                            payload=record.payload,
                        ),
                        record,
                    )

    def captures(self) -> Iterator[tuple[CaptureRef, Capture]]:
        """Yield all captures in the order of their files; damaged ones are logged and left out."""
        for ref, record in self._records():
            try:
                yield ref, read_capture(record, self._referred, _where(ref))
            except ArchiveError as error:
                log.warning("%s: record left out", error)

    def compact(
        self,
        relocate: Callable[[Sequence[tuple[CaptureRef, CaptureRef]]], object],
        *,
        full_bytes: int | None = None,
    ) -> Compacted:
        """Merge the finished small files of each month; see `pipeline.archive.compact.compact`."""
        done = compact(self._root, relocate, full_bytes=full_bytes or self._rotate_bytes)
        if self._copies is not None:
            self._copies.wake()
        return done


def _where(ref: CaptureRef) -> str:
    return f"{ref.file}@{ref.offset}"


def _unreadable(ref: CaptureRef, error: OSError) -> ArchiveError:
    return ArchiveError(
        f"cannot be read: {error.strerror}",
        where=_where(ref),
        hint="restore the file from a copy",
    )
