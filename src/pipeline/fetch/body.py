"""Reading a response's body under limits, and undoing its content encoding."""

import zlib
from collections.abc import Iterable

from pipeline.errors import FetchError

MAX_WIRE = 10 * 1024 * 1024
"""Bytes taken from the network for one page; the largest seen are below 2 MiB."""

MAX_BODY = 20 * 1024 * 1024
"""Bytes of a page after decompression."""


class CutShort(Exception):  # noqa: N818 - a signal to the caller, who may try again
    """The body ended before its encoding did."""


def collect(chunks: Iterable[bytes], *, where: str, limit: int = MAX_WIRE) -> bytes:
    """Return all of *chunks*. Raises `FetchError` past *limit* bytes."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise FetchError(f"sends more than {limit} bytes", where=where)
        parts.append(chunk)
    return b"".join(parts)


def decoded(body: bytes, encodings: str, *, where: str, limit: int = MAX_BODY) -> bytes:
    """Undo the codings of a Content-Encoding header, last first (RFC 9110, section 8.4).

    Raises `CutShort` where the compressed stream does not end, `FetchError` for
    bytes or codings that cannot be read and for more than *limit* bytes.
    """
    names = [x.strip().lower() for x in encodings.split(",")]
    names = [x for x in names if x not in ("", "identity")]
    if len(names) > 2:
        raise FetchError("is encoded more than twice", where=where)
    for name in reversed(names):
        if name not in ("gzip", "x-gzip", "deflate"):
            raise FetchError(f"is encoded as {name[:20]!r}, which was not asked for", where=where)
        if body:  # an empty body has nothing to undo, as with HTTP 404 without a page
            try:
                body = _inflated(body, gzip=name != "deflate", where=where, limit=limit)
            except zlib.error as error:
                raise FetchError(f"its {name} encoding is broken: {error}", where=where) from error
    if len(body) > limit:
        raise FetchError(f"holds more than {limit} bytes", where=where)
    return body


def _inflated(body: bytes, *, gzip: bool, where: str, limit: int) -> bytes:
    parts: list[bytes] = []
    room = limit
    while True:
        stream = zlib.decompressobj(_window(body, gzip=gzip))
        part = stream.decompress(body, room + 1)
        if len(part) > room:
            raise FetchError(f"holds more than {limit} bytes when unpacked", where=where)
        if not stream.eof:
            raise CutShort
        parts.append(part)
        room -= len(part)
        body = stream.unused_data
        # A gzip file may have several members; anything else behind the end is padding.
        if not (gzip and body.startswith(b"\x1f\x8b")):
            return b"".join(parts)


def _window(body: bytes, *, gzip: bool) -> int:
    """The window argument for zlib; "deflate" comes with and without the zlib header."""
    if gzip:
        return 16 + zlib.MAX_WBITS
    header = int.from_bytes(body[:2], "big")
    with_header = len(body) >= 2 and body[0] & 0x0F == 8 and header % 31 == 0
    return zlib.MAX_WBITS if with_header else -zlib.MAX_WBITS
