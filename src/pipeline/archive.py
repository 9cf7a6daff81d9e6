"""Raw responses in WARC 1.1 files (ISO 28500), one gzip member a record.

A new file for each `Archive`; a file that another one wrote is never appended
to, since everything behind a torn record is invisible to sequential readers.
"""

import io
import json
import logging
import os
import secrets
import threading
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote, unquote

from warcio.archiveiterator import ArchiveIterator, WARCIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.errors import ArchiveError
from pipeline.records import Capture, CaptureRef

log = logging.getLogger(__name__)

_ROTATE_BYTES = 256 * 1024 * 1024
_RENAMED = frozenset({"content-encoding", "transfer-encoding", "content-length"})
"""Headers of the wire form: the payload is stored decoded, so they stand under another name."""
_PREFIX = "x-archive-orig-"
_REQUESTED = "WARC-X-Requested-URI"
_FINAL = "WARC-X-Final-URI"
_HEADERS = "WARC-X-Header-Fields"
"""The header fields as a JSON array: warcio percent-encodes what is not ASCII in the block."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Archive:
    """The archive below one folder. Safe to share between threads."""

    def __init__(self, root: Path, *, clock: Callable[[], datetime] = _utc_now) -> None:
        self._root = root
        self._clock = clock
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None
        self._name = ""
        self._writer: WARCWriter | None = None
        self._day = ""

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
        """Close the file being written."""
        with self._lock:
            self._close()

    def write(self, capture: Capture) -> CaptureRef:
        """Store a response and return where it is; it is on disk when this returns.

        Raises `ArchiveError` where it cannot be written; nothing half-written is
        ever referred to.
        """
        if any(x < " " for x in capture.url + capture.requested_url):
            raise ArchiveError("the address holds a control character", where=repr(capture.url))
        with self._lock:
            try:
                return self._write(capture)
            except OSError as error:
                self._close()
                raise ArchiveError(
                    f"cannot be written: {error.strerror}",
                    where=str(self._root),
                    hint="free some space, or make the folder writable",
                ) from error

    def _write(self, capture: Capture) -> CaptureRef:
        file, writer = self._opened()
        request = writer.create_warc_record(
            capture.requested_url,
            "request",
            http_headers=StatusAndHeaders("GET / HTTP/1.1", [], is_http_request=True),
            warc_headers_dict={"WARC-Date": _warc_date(capture.fetched_at)},
        )
        writer.write_record(request)
        offset = file.tell()
        headers = [(_PREFIX + k if k in _RENAMED else k, v) for k, v in capture.headers]
        record = writer.create_warc_record(
            capture.url,
            "response",
            payload=io.BytesIO(capture.body),
            length=len(capture.body),
            http_headers=StatusAndHeaders(
                f"{capture.status} {_REASON}", headers, protocol="HTTP/1.1"
            ),
            warc_headers_dict={
                "WARC-Date": _warc_date(capture.fetched_at),
                _FINAL: quote(capture.url, safe=""),
                _REQUESTED: quote(capture.requested_url, safe=""),
                _HEADERS: json.dumps(capture.headers),
                "WARC-Concurrent-To": request.rec_headers.get_header("WARC-Record-ID"),
            },
        )
        writer.write_record(record)
        file.flush()
        os.fsync(file.fileno())
        return CaptureRef(file=self._name, offset=offset, length=file.tell() - offset)

    def _opened(self) -> tuple[IO[bytes], WARCWriter]:
        now = self._clock().astimezone(UTC)
        day = f"{now:%Y%m%d}"
        if self._file is not None and (day != self._day or self._file.tell() > _ROTATE_BYTES):
            self._close()
        if self._file is None or self._writer is None:
            folder = self._root / f"{now:%Y}" / f"{now:%m}"
            folder.mkdir(parents=True, exist_ok=True)
            name = f"quwen-{now:%Y%m%dT%H%M%SZ}-{os.getpid()}-{secrets.token_hex(4)}.warc.gz"
            self._file = (folder / name).open("xb")
            self._day = day
            self._name = (folder / name).relative_to(self._root).as_posix()
            self._writer = WARCWriter(self._file, gzip=True, warc_version="WARC/1.1")
            self._writer.write_record(
                self._writer.create_warcinfo_record(
                    name, {"software": "quwen", "format": "WARC File Format 1.1"}
                )
            )
            _sync_folders(folder, self._root)
        return self._file, self._writer

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file, self._writer = None, None

    def read(self, ref: CaptureRef) -> Capture:
        """The capture that *ref* names, equal to what was written.

        Raises `ArchiveError` for a missing file, a short or damaged record, and
        a reference that leads out of the archive.
        """
        where = f"{ref.file}@{ref.offset}"
        path = (self._root / ref.file).resolve()
        if not path.is_relative_to(self._root.resolve()):
            raise ArchiveError("leads out of the archive", where=where)
        try:
            with path.open("rb") as file:
                file.seek(ref.offset)
                member = file.read(ref.length)
        except OSError as error:
            raise ArchiveError(
                f"cannot be read: {error.strerror}",
                where=where,
                hint="restore the file from a copy",
            ) from error
        if len(member) != ref.length:
            raise ArchiveError("the record is cut short", where=where)
        found = [x for x in _captures(io.BytesIO(member), where) if x is not None]
        if len(found) != 1:
            raise ArchiveError("the record is damaged", where=where)
        return found[0]

    def captures(self) -> Iterator[tuple[CaptureRef, Capture]]:
        """Yield all captures in the order of their files; damaged ones are logged and left out."""
        for path in sorted(self._root.rglob("*.warc.gz")):
            name = path.relative_to(self._root).as_posix()
            for offset, length in _members(path):
                ref = CaptureRef(file=name, offset=offset, length=length)
                with path.open("rb") as file:
                    file.seek(offset)
                    member = file.read(length)
                try:
                    found = [x for x in _captures(io.BytesIO(member), name) if x is not None]
                except ArchiveError as error:
                    log.warning("%s: record left out", error)
                    continue
                yield from ((ref, x) for x in found)


_REASON = "-"


def _captures(stream: IO[bytes], where: str) -> Iterator[Capture | None]:
    """The response records of a stream, each verified against its digest."""
    try:
        for record in WARCIterator(stream, check_digests="raise"):
            if record.rec_type != "response":
                record.content_stream().read()
                continue
            body = record.raw_stream.read()
            if record.digest_checker.passed is not True:
                raise ArchiveError("the record's digest does not hold", where=where)
            fields = json.loads(record.rec_headers.get_header(_HEADERS))
            headers = tuple((str(k), str(v)) for k, v in fields)
            yield Capture(
                url=unquote(record.rec_headers.get_header(_FINAL)),
                requested_url=unquote(record.rec_headers.get_header(_REQUESTED)),
                status=int(record.http_headers.get_statuscode()),
                headers=headers,
                body=body,
                fetched_at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
            )
    except ArchiveError:
        raise
    except (ArchiveLoadFailed, OSError, ValueError, EOFError, AttributeError, zlib.error) as error:
        raise ArchiveError(f"the record is damaged: {error}", where=where) from error


def _members(path: Path) -> Iterator[tuple[int, int]]:
    """Offset and length of the whole gzip members of a file, up to the first torn one."""
    with path.open("rb") as file:
        iterator = ArchiveIterator(file)
        try:
            for record in iterator:
                offset = iterator.get_record_offset()
                record.raw_stream.read()
                iterator.read_to_end(record)
                yield offset, iterator.get_record_length()
        except (ArchiveLoadFailed, OSError, EOFError, zlib.error) as error:
            log.warning("%s: the rest of the file cannot be read (%s)", path, error)


def _warc_date(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _sync_folders(folder: Path, root: Path) -> None:
    """Make new folders and the new file's name durable, not only its bytes."""
    while True:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if folder in (root, folder.parent):
            return
        folder = folder.parent
