"""Captures to be archived, and the readers of others that must accept the files."""

import gzip
import io
import json
import sys
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

sys.path.append(str(Path(__file__).resolve().parents[1]))  # for httpd.py

from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.checker import Checker
from warcio.indexer import Indexer

from pipeline.archive import Archive
from pipeline.records import Capture, CaptureRef, Wire

MOMENT = datetime(2026, 11, 20, 2, 3, 4, 567890, tzinfo=UTC)
URL = "http://qinglan.example/1.html"


def plain(body: bytes = b"<p>x</p>", url: str = URL) -> Capture:
    """A page without its wire form."""
    return Capture(
        url=url,
        requested_url=url,
        status=200,
        headers=(("content-type", "text/html; charset=gb2312"), ("content-encoding", "gzip")),
        body=body,
        fetched_at=MOMENT,
    )


def received(
    body: bytes = b"<p>x</p>",
    url: str = URL,
    *,
    sent: bytes | None = None,
    coding: str = "gzip",
    more: bytes = b"",
    at: datetime = MOMENT,
) -> Capture:
    """A page as the fetcher gives it: *sent* is the payload, *body* what it decodes to."""
    sent = gzip.compress(body, mtime=0) if sent is None else sent
    head = b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Encoding: %b\r\nContent-Length: %d\r\n"
    path = url.partition("example")[2].encode()
    return Capture(
        url=url,
        requested_url=url,
        status=200,
        headers=(
            ("server", "x"),
            ("content-encoding", coding),
            ("content-length", str(len(sent))),
            *(
                (k.lower(), v)
                for k, _, v in (x.partition(": ") for x in more.decode("latin-1").splitlines())
            ),
        ),
        body=body,
        fetched_at=at,
        wire=Wire(
            request=b"GET %b HTTP/1.1\r\nHost: qinglan.example\r\nUser-Agent: quwen\r\n\r\n" % path,
            response=head % (coding.encode(), len(sent)) + more + b"\r\n",
            body=sent,
        ),
    )


def die(archive: Archive) -> None:
    """Leave the file being written as the kernel does when its writer is killed."""
    file = archive._file
    assert file is not None
    assert file._file is not None
    file._file.close()
    file._mark.release()
    archive._file = None


class Index:
    """What the store knows of captures, in a dict."""

    def __init__(self) -> None:
        self.refs: dict[str, CaptureRef] = {}

    def add(self, ref: CaptureRef) -> CaptureRef:
        self.refs[str(ref.record_id)] = ref
        return ref

    def holder_of(self, payload: str) -> CaptureRef | None:
        return next((x for x in self.refs.values() if x.payload == payload), None)

    def place_of(self, record_id: str) -> CaptureRef | None:
        return self.refs.get(record_id)


def accepted(root: Path) -> list[str]:
    """The types of all records below a folder, after three other readers have found no fault."""
    paths = sorted(root.rglob("*.warc.gz"))
    checker = Checker(SimpleNamespace(inputs=[str(x) for x in paths], verbose=True))
    with redirect_stdout(io.StringIO()) as said:
        assert 0 == checker.process_all(), said.getvalue()
    assert "fail" not in said.getvalue()
    kinds: list[str] = []
    indexed = _indexed(paths)
    for path in paths:
        for record in ArchiveIterator(path.open("rb"), parse_http=False):
            kinds.append(record.headers["WARC-Type"])
            if record.record_type != WarcRecordType.warcinfo:
                assert record.verify_block_digest(), record.headers
            if record.record_type in (WarcRecordType.response, WarcRecordType.request):
                record.parse_http()
                assert record.http_headers is not None
    for path in paths:
        for record in ArchiveIterator(path.open("rb"), record_types=WarcRecordType.response):
            assert record.verify_payload_digest(), record.headers
    assert indexed == kinds
    return kinds


def _indexed(paths: list[Path]) -> list[str]:
    """The types of all records as ``warcio index`` finds them."""
    indexer = Indexer("offset,warc-type", [str(x) for x in paths], "-")
    with redirect_stdout(io.StringIO()) as said:
        indexer.process_all()
    return [json.loads(x)["warc-type"] for x in said.getvalue().splitlines()]
