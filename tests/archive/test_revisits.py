"""A payload that is held already is not stored again, and nothing depends on luck for that."""

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipeline.archive import Archive
from pipeline.errors import ArchiveError
from pipeline.records import Capture

from .conftest import MOMENT, URL, Index, accepted, received

PAGE = random.Random(6).randbytes(5000)
OTHER = "http://qinglan.example/copy.html"


def again(capture: Capture, url: str = URL) -> Capture:
    """The same payload a day later, under headers of its own."""
    return replace(
        received(capture.body, url, more=b"X-Served: twice\r\n", at=MOMENT + timedelta(days=1)),
        requested_url="http://qinglan.example/old.html",
    )


def test_an_unchanged_page_is_kept_as_a_revisit(tmp_path: Path):
    """Headers, addresses and instant of its own, the payload of the first; other readers agree."""
    index = Index()
    first, second, third = received(PAGE), again(received(PAGE)), again(received(PAGE), OTHER)
    with Archive(tmp_path, index=index) as archive:
        refs = [index.add(archive.write(x)) for x in (first, second, third)]
        assert [first, second, third] == [archive.read(x) for x in refs]
        assert [first, second, third] == [x for _, x in archive.captures()]
    assert ["set", None, None] == [x.payload and "set" for x in refs]
    assert refs[1].length < 1200 < refs[0].length
    assert ["warcinfo"] + ["request", "response"] + ["request", "revisit"] * 2 == accepted(tmp_path)
    with (tmp_path / refs[0].file).open("rb") as file:
        fields = [dict(x.rec_headers.headers) for x in ArchiveIterator(file)]
    origin, revisit = fields[2], fields[6]
    assert {
        "WARC-Type": "revisit",
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Target-URI": OTHER,
        "WARC-Refers-To": origin["WARC-Record-ID"],
        "WARC-Refers-To-Target-URI": URL,
        "WARC-Refers-To-Date": "2026-11-20T02:03:04.567890Z",
        "WARC-Payload-Digest": origin["WARC-Payload-Digest"],
    }.items() <= revisit.items()


def test_a_revisit_is_read_across_files_with_and_without_an_index(tmp_path: Path):
    """The record referred to is found by its id; without a store the files are searched."""
    index = Index()
    with Archive(tmp_path, index=index, rotate_bytes=1) as archive:
        index.add(archive.write(received(PAGE)))
        ref = index.add(archive.write(again(received(PAGE))))
    assert 2 == len({x.file for x in index.refs.values()})
    for known in (index, Index(), None):
        with Archive(tmp_path, index=known) as archive:
            assert again(received(PAGE)) == archive.read(ref)
    accepted(tmp_path)


def test_another_payload_is_no_revisit(tmp_path: Path):
    """Not even one that decodes to the same: the record keeps what was received."""
    index = Index()
    with Archive(tmp_path, index=index) as archive:
        index.add(archive.write(received(PAGE)))
        for capture in (received(PAGE + b"!"), received(PAGE, sent=PAGE, coding="identity")):
            assert archive.write(capture).payload is not None


def test_an_empty_payload_is_no_revisit(tmp_path: Path):
    """There is nothing to be saved."""
    index = Index()
    with Archive(tmp_path, index=index) as archive:
        empty = received(b"", sent=b"", coding="identity")
        index.add(archive.write(empty))
        assert archive.write(empty).payload is not None


def test_a_damaged_record_is_not_referred_to(tmp_path: Path):
    """The page is stored once more instead: it would be lost with the first otherwise."""
    index = Index()
    with Archive(tmp_path, index=index) as archive:
        first = index.add(archive.write(received(PAGE)))
        path = tmp_path / first.file
        data = bytearray(path.read_bytes())
        data[first.offset + 200] ^= 1
        path.write_bytes(bytes(data))
    with Archive(tmp_path, index=index) as archive:
        assert PAGE == archive.read(archive.write(received(PAGE))).body


def test_a_revisit_of_what_is_gone_is_an_error(tmp_path: Path):
    """It says which record is missing."""
    index = Index()
    with Archive(tmp_path, index=index, rotate_bytes=1) as archive:
        first = index.add(archive.write(received(PAGE)))
        second = archive.write(again(received(PAGE)))
    (tmp_path / first.file).unlink()
    with Archive(tmp_path) as archive:
        with pytest.raises(ArchiveError, match=f"{first.record_id}.*restore"):
            archive.read(second)
        assert [] == list(archive.captures())


def test_a_revisit_of_another_payload_is_an_error(tmp_path: Path):
    """What an index says is held to the digest."""
    index = Index()
    with Archive(tmp_path, index=index) as archive:
        first = index.add(archive.write(received(PAGE)))
        second = archive.write(again(received(PAGE)))
        index.refs[str(first.record_id)] = archive.write(received(b"other"))
        with pytest.raises(ArchiveError, match="another payload"):
            archive.read(second)
