"""Exchanges are kept as they went over the network, for any reader of WARC files."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from fastwarc.warc import ArchiveIterator as Second
from fastwarc.warc import WarcRecordType
from httpd import Httpd, Reply, serve
from warcio.archiveiterator import ArchiveIterator

from pipeline.archive import Archive
from pipeline.errors import ArchiveError
from pipeline.fetch import Fetched, Fetcher, Gone
from pipeline.records import Capture, FetchRules

from .conftest import accepted, received

PAGE = "青岚区政府召开常务会议".encode("gb18030") * 40


@pytest.fixture
def httpd() -> Iterator[Httpd]:
    with serve() as server:
        yield server


def fetched(httpd: Httpd, url: str = "http://news.example/a.html") -> Capture:
    rules = FetchRules(delay_s=0, robots=False, headers=(("X-Own", "y"),))
    with Fetcher(user_agent="quwen/0.1", connect_to={"news.example": httpd.address}) as fetcher:
        outcome = fetcher.get(url, rules, allowed_hosts=("news.example",))
    assert isinstance(outcome, Fetched | Gone)
    return outcome.capture


def records(root: Path, ref_file: str) -> dict[str, bytes]:
    """The blocks of the records of a file, by type."""
    with (root / ref_file).open("rb") as file:
        return {
            x.rec_type: x.raw_stream.read() for x in ArchiveIterator(file, no_record_parse=True)
        }


def test_request_and_response_are_kept_byte_for_byte(httpd: Httpd, tmp_path: Path):
    """Odd spellings, repeated and folded fields, non-ASCII and the coding all stay."""
    packed = gzip.compress(PAGE)
    head = (
        b"HTTP/1.1 200 Fine with it\r\nset-COOKIE: a=1\r\nContent-Encoding:gzip\r\n"
        b"X-Fold: a\r\n  b\r\nSet-Cookie: b=2\r\nX-Name: \xc7\xe0\xe1\xb0\r\n\r\n"
    )
    httpd.pages["/a.html"] = Reply(raw=b"HTTP/1.1 100 Continue\r\nX: 1\r\n\r\n" + head + packed)
    capture = fetched(httpd)
    with Archive(tmp_path) as archive:
        ref = archive.write(capture)
        assert capture == archive.read(ref)
    assert PAGE == capture.body
    assert ("a b", "Çàá°") == (capture.header("x-fold"), capture.header("x-name"))
    assert ["a=1", "b=2"] == [v for k, v in capture.headers if k == "set-cookie"]
    blocks = records(tmp_path, ref.file)
    assert head + packed == blocks["response"]
    lines = blocks["request"].split(b"\r\n")
    assert b"GET /a.html HTTP/1.1" == lines[0]
    sent = {
        *(b"Host: news.example", b"User-Agent: quwen/0.1", b"X-Own: y"),
        b"Accept-Encoding: gzip, deflate",
    }
    assert sent <= set(lines)
    assert ["warcinfo", "request", "response"] == accepted(tmp_path)


def test_chunks_are_joined_and_their_field_renamed(httpd: Httpd, tmp_path: Path):
    """No reader looks for chunks that are not there; the field reads as it came."""
    packed = gzip.compress(PAGE)
    parts = b"".join(b"%x\r\n%b\r\n" % (len(x), x) for x in (packed[:50], packed[50:], b""))
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    httpd.pages["/a.html"] = Reply(raw=head + parts)
    capture = fetched(httpd)
    with Archive(tmp_path) as archive:
        ref = archive.write(capture)
        assert capture == archive.read(ref)
    assert (PAGE, "chunked") == (capture.body, capture.header("transfer-encoding"))
    block = records(tmp_path, ref.file)["response"]
    assert b"\r\nx-archive-orig-Transfer-Encoding: chunked\r\n" in block
    assert block.endswith(b"\r\n\r\n" + packed)
    accepted(tmp_path)


def test_the_request_recorded_is_the_one_that_was_answered(httpd: Httpd, tmp_path: Path):
    """After a redirect that is the second one; the address asked for first is kept too."""
    httpd.pages["/a.html"] = Reply(status=302, headers=(("Location", "/b.html?x=1"),))
    httpd.pages["/b.html?x=1"] = Reply(status=404, body=b"gone")
    capture = fetched(httpd)
    with Archive(tmp_path) as archive:
        ref = archive.write(capture)
        assert capture == archive.read(ref)
    assert "http://news.example/a.html" == capture.requested_url
    assert records(tmp_path, ref.file)["request"].startswith(b"GET /b.html?x=1 HTTP/1.1\r\n")


@pytest.mark.parametrize(
    ("coding", "sent"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", zlib.compress(PAGE, wbits=-15)),
        ("gzip, gzip", gzip.compress(gzip.compress(PAGE))),
        ("identity", PAGE),
    ],
    ids=["gzip", "zlib", "raw deflate", "twice", "none"],
)
def test_every_coding_the_fetcher_asks_for_is_undone_at_reading(
    coding: str, sent: bytes, tmp_path: Path
):
    """The payload stays as it was sent."""
    with Archive(tmp_path) as archive:
        ref = archive.write(received(PAGE, sent=sent, coding=coding))
        assert PAGE == archive.read(ref).body
    assert records(tmp_path, ref.file)["response"].endswith(sent)
    accepted(tmp_path)


def test_a_coding_nobody_can_undo_is_an_error_at_reading(tmp_path: Path):
    """Kept it is all the same, and other readers take it."""
    with Archive(tmp_path) as archive:
        ref = archive.write(received(PAGE, sent=brotli.compress(PAGE), coding="br"))
        with pytest.raises(ArchiveError, match="'br'"):
            archive.read(ref)
    with (tmp_path / ref.file).open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            record.raw_stream.read()
    with (tmp_path / ref.file).open("rb") as file:
        for record in Second(file, record_types=WarcRecordType.response):
            assert record.verify_payload_digest()


@pytest.mark.parametrize("body", [b"", bytes(1024 * 1024), PAGE * 1200], ids=len)
def test_empty_and_large_payloads_are_kept(body: bytes, tmp_path: Path):
    """From nothing to a megabyte."""
    with Archive(tmp_path) as archive:
        for capture in (received(body), received(body, sent=body, coding="identity")):
            assert capture == archive.read(archive.write(capture))
    accepted(tmp_path)
