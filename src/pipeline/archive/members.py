"""Gzip members of archive files: finding the whole ones, and setting torn ends aside."""

import logging
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

log = logging.getLogger(__name__)

_MAGIC = b"\x1f\x8b\x08"
_CHUNK = 65536


def whole_members(path: Path) -> Iterator[tuple[int, int]]:
    """Yield offset and length of the whole records of a file, in order.

    Damaged stretches are passed over: what stands behind them is found by the mark
    that gzip members begin with. Raises OSError.
    """
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        offset: int | None = 0
        while offset is not None and offset < size:
            end = _end(file, offset)
            if end is None:
                log.warning("%s: damaged at byte %d", path, offset)
                offset = _next_whole(file, offset + 1)
            else:
                yield offset, end - offset
                offset = end


def set_torn_end_aside(path: Path) -> int:
    """Cut a file behind its last whole record; how many bytes that were.

    They are kept in a file of the same name with ``.torn`` behind it. Raises OSError.
    """
    end = 0
    for offset, length in whole_members(path):
        end = offset + length
    torn = path.stat().st_size - end
    if torn <= 0:
        return 0
    aside = path.with_name(path.name + ".torn")
    with path.open("rb+") as file:
        file.seek(end)
        with aside.open("wb") as copy:
            while chunk := file.read(_CHUNK):
                copy.write(chunk)
            copy.flush()
            os.fsync(copy.fileno())
        sync_folder(path.parent)
        file.truncate(end)
        os.fsync(file.fileno())
    if end == 0:
        path.unlink()
    return torn


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _end(file: IO[bytes], offset: int) -> int | None:
    """Where the record that begins at *offset* ends, None if none is whole there."""
    file.seek(offset)
    stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
    taken = 0
    start = b""
    while not stream.eof:
        chunk = file.read(_CHUNK)
        taken += len(chunk)
        try:
            data = stream.decompress(chunk)
        except zlib.error:
            return None
        start = start or data[:5]
        # The payload of a damaged record may be gzip as well, and is no record.
        if not chunk or (start and start != b"WARC/"):
            return None
    return offset + taken - len(stream.unused_data)


def _next_whole(file: IO[bytes], offset: int) -> int | None:
    """Where the next whole record begins."""
    while (found := _find(file, offset)) is not None:
        if _end(file, found) is not None:
            return found
        offset = found + 1
    return None


def _find(file: IO[bytes], offset: int) -> int | None:
    """Where the mark stands next."""
    file.seek(offset)
    kept = b""
    while chunk := file.read(_CHUNK):
        window = kept + chunk
        place = window.find(_MAGIC)
        if place >= 0:
            return offset + place
        kept = window[-(len(_MAGIC) - 1) :]
        offset += len(window) - len(kept)
    return None
