"""WARC records as bytes: captures into records, and records into captures.

Responses are kept as received: status line, header fields, and the payload with
its content encoding. Only chunks are joined, since where they end says nothing
about the page; their header field then stands under another name, so that no
reader looks for them.
"""

import base64
import hashlib
import http.client
import io
import json
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

from warcio.statusandheaders import (
    StatusAndHeaders,
    StatusAndHeadersParser,
    StatusAndHeadersParserException,
)
from warcio.warcwriter import WARCWriter

from pipeline.errors import ArchiveError, FetchError
from pipeline.fetch.body import CutShort, decoded
from pipeline.fetch.heads import header_fields, status_of
from pipeline.records import Capture

PREFIX = "x-archive-orig-"
"""Before the name of a header field that does not fit the stored form, as WARC tools do."""

_UNFIT = ("content-encoding", "transfer-encoding", "content-length")
_ORIGINAL = {PREFIX + x: x for x in _UNFIT}
_CHUNKED = re.compile(rb"(?im)^(?=transfer-encoding[ \t]*:)")
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
_FINAL = "WARC-X-Final-URI"
_REQUESTED = "WARC-X-Requested-URI"
_PRIVATE_FORM = "WARC-X-Header-Fields"
"""Marks records from before responses were kept as received: payload stored decoded, header fields here as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record: ``headers`` are the WARC fields with lower-case names."""

    headers: Mapping[str, str]
    block: bytes

    @property
    def kind(self) -> str:
        """The WARC-Type."""
        return self.headers.get("warc-type", "")

    @property
    def id(self) -> str:
        """The WARC-Record-ID, without angle brackets."""
        return bare(self.headers["warc-record-id"])

    @property
    def payload(self) -> str | None:
        """The digest of the payload that stands in this very record."""
        return self.headers.get("warc-payload-digest") if self.kind == "response" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """Gzip members to be written: the request's (may be empty), and the capture's own."""

    request: bytes
    capture: bytes
    record_id: str
    payload: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredForm:
    """A response as its record holds it."""

    head: bytes
    payload: bytes
    digest: str


class _Head(StatusAndHeaders):  # type: ignore[misc]
    """A head that is written as it came."""

    def __init__(self, raw: bytes) -> None:
        super().__init__("", [])
        self.headers_buff = raw

    def __bool__(self) -> bool:
        return True

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        """Keep the bytes: warcio would write them anew, percent-encoded."""


class _Writer(WARCWriter):  # type: ignore[misc]
    """Digests are SHA-256: nobody can make two pages with one digest, of which one gets lost."""

    @staticmethod
    def _create_digester() -> "_Digest":
        return _Digest()


class _Digest:
    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def update(self, data: bytes) -> None:
        self._hash.update(data)

    def __str__(self) -> str:
        return "sha256:" + base64.b32encode(self._hash.digest()).decode("ascii")


def bare(record_id: str) -> str:
    """Return a record id without its angle brackets."""
    return record_id.strip().removeprefix("<").removesuffix(">")


def digest_of(data: bytes) -> str:
    """Return the digest of *data* as the records state it."""
    digest = _Digest()
    digest.update(data)
    return str(digest)


def warcinfo(name: str) -> bytes:
    """Return the gzip member that a file begins with."""
    out = io.BytesIO()
    writer = _Writer(out, gzip=True, warc_version="WARC/1.1")
    about = {"software": "quwen", "format": "WARC File Format 1.1"}
    writer.write_record(writer.create_warcinfo_record(name, about))
    return out.getvalue()


def stored_form(capture: Capture) -> StoredForm:
    """Return the head and payload to store.

    A capture without its wire form, such as a page read from a file, gets a head made
    from its fields. Raises `ArchiveError` for fields that no head can hold.
    """
    if capture.wire is not None:
        head = _CHUNKED.sub(PREFIX.encode(), capture.wire.response)
        payload = capture.wire.body
    else:
        reason = http.client.responses.get(capture.status, "")
        lines = [f"HTTP/1.1 {capture.status} {reason}".rstrip()]
        lines += [f"{PREFIX + k if k in _UNFIT else k}: {v}" for k, v in capture.headers]
        if any(re.search(r"[\r\n]", x) for x in lines):
            raise ArchiveError("a header field holds a line break", where=capture.url)
        try:
            head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        except UnicodeError as error:
            raise ArchiveError("a header field is not Latin-1", where=capture.url) from error
        payload = capture.body
    return StoredForm(head=head, payload=payload, digest=digest_of(payload))


def compose(capture: Capture, form: StoredForm, origin: Record | None) -> Composed:
    """Return the records of a capture: request as sent, response as received.

    With *origin*, a record that holds the same payload, a revisit record without the
    payload takes the place of the response (profile identical-payload-digest).
    """
    out = io.BytesIO()
    writer = _Writer(out, gzip=True, warc_version="WARC/1.1")
    target = quote(capture.url, safe=_PRINTABLE)
    common = {"WARC-Date": warc_date(capture.fetched_at)}
    own = dict(common)
    if target != capture.url:
        own[_FINAL] = quote(capture.url, safe="")
    if capture.requested_url != capture.url:
        own[_REQUESTED] = quote(capture.requested_url, safe="")
    if capture.wire is not None and capture.wire.request:
        request = writer.create_warc_record(
            target, "request", http_headers=_Head(capture.wire.request), warc_headers_dict=common
        )
        writer.write_record(request)
        own["WARC-Concurrent-To"] = request.rec_headers.get_header("WARC-Record-ID")
    split = out.tell()
    if origin is None:
        record = writer.create_warc_record(
            target,
            "response",
            payload=io.BytesIO(form.payload),
            length=len(form.payload),
            http_headers=_Head(form.head),
            warc_headers_dict=own | {"WARC-Payload-Digest": form.digest},
        )
    else:
        record = writer.create_revisit_record(
            target,
            form.digest,
            origin.headers["warc-target-uri"],
            origin.headers["warc-date"],
            http_headers=_Head(form.head),
            warc_headers_dict=own | {"WARC-Refers-To": f"<{origin.id}>"},
        )
    writer.write_record(record)
    data = out.getvalue()
    return Composed(
        request=data[:split],
        capture=data[split:],
        record_id=bare(record.rec_headers.get_header("WARC-Record-ID")),
        payload=form.digest if origin is None else None,
    )


def parse(member: bytes, where: str) -> Record:
    """Return the record in one gzip member, whole and held to its digest.

    Raises `ArchiveError` naming *where* for anything less.
    """
    try:
        stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
        data = io.BytesIO(stream.decompress(member))
        head = StatusAndHeadersParser(["WARC/1.1", "WARC/1.0"]).parse(data)
        record = Record(
            headers={k.lower(): v for k, v in head.headers},
            block=data.read(int(head.get_header("Content-Length", "-1"))),
        )
        whole = stream.eof and not stream.unused_data and data.read() == b"\r\n\r\n"
        stated = record.headers["warc-block-digest"]
        record.headers["warc-record-id"]
    except (StatusAndHeadersParserException, EOFError, ValueError, KeyError, zlib.error) as error:
        raise ArchiveError(f"the record is damaged: {error}", where=where) from error
    if not whole:
        raise ArchiveError("the record is damaged: it does not end where it says", where=where)
    if not _holds(stated, record.block):
        raise ArchiveError("the record is damaged: its digest does not hold", where=where)
    return record


def _holds(stated: str, data: bytes) -> bool:
    name, _, value = stated.partition(":")
    if name not in ("sha1", "sha256"):
        return False
    return value == base64.b32encode(hashlib.new(name, data).digest()).decode("ascii")


def read_capture(record: Record, origin: Callable[[Record], Record], where: str) -> Capture:
    """Return the capture that a response or revisit record keeps.

    *origin* finds the record that a revisit refers to. Raises `ArchiveError`.
    """
    if record.kind not in ("response", "revisit"):
        raise ArchiveError(f"is a {record.kind} record, and no capture", where=where)
    try:
        if _PRIVATE_FORM.lower() in record.headers:
            return _read_private(record)
        head, payload = _divided(record.block)
        if record.kind == "revisit":
            held = origin(record)
            payload = _divided(held.block)[1]
            if digest_of(payload) != record.headers["warc-payload-digest"]:
                raise ArchiveError("refers to another payload", where=where)
        fields = header_fields(head)
        # Only fields under their own names say how the payload is stored.
        codings = ",".join(v for k, v in fields if k == "content-encoding")
        url, requested_url = _addresses(record)
        return Capture(
            url=url,
            requested_url=requested_url,
            status=status_of(head),
            headers=tuple((_ORIGINAL.get(k, k), v) for k, v in fields),
            body=decoded(payload, codings, where=where),
            fetched_at=_date(record),
        )
    except (http.client.HTTPException, ValueError, KeyError, CutShort) as error:
        raise ArchiveError(f"the record is damaged: {error}", where=where) from error
    except FetchError as error:
        raise ArchiveError(error.message, where=where) from error


def _divided(block: bytes) -> tuple[bytes, bytes]:
    """Head and payload of an HTTP message."""
    stream = io.BytesIO(block)
    for line in stream:
        if not line.strip(b"\r\n"):
            break
    return block[: stream.tell()], block[stream.tell() :]


def _addresses(record: Record) -> tuple[str, str]:
    """The address that answered, and the one asked for."""
    final = record.headers.get(_FINAL.lower())
    url = record.headers["warc-target-uri"] if final is None else unquote(final)
    requested = record.headers.get(_REQUESTED.lower())
    return url, url if requested is None else unquote(requested)


def _read_private(record: Record) -> Capture:
    """The capture in a record from before responses were kept as received."""
    fields: list[tuple[Any, Any]] = json.loads(record.headers[_PRIVATE_FORM.lower()])
    head, body = _divided(record.block)
    url, requested_url = _addresses(record)
    return Capture(
        url=url,
        requested_url=requested_url,
        status=status_of(head),
        headers=tuple((str(k), str(v)) for k, v in fields),
        body=body,
        fetched_at=_date(record),
    )


def _date(record: Record) -> datetime:
    return datetime.fromisoformat(record.headers["warc-date"])


def warc_date(moment: datetime) -> str:
    """Return an instant as WARC 1.1 writes it, with microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
