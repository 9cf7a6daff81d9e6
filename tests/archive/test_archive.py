"""The archive: what was written comes back, and damage is never taken for content."""

import os
import shutil
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.archive import Archive
from pipeline.errors import ArchiveError
from pipeline.records import Capture, CaptureRef

from .conftest import MOMENT, accepted, plain, received


@settings(max_examples=60, deadline=None)
@given(
    body=st.binary(max_size=400),
    status=st.integers(min_value=200, max_value=599),
    value=st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=30),
    path=st.text(
        st.characters(min_codepoint=33, max_codepoint=0x9FFF, exclude_categories=["Cs", "Cc"]),
        max_size=20,
    ),
)
def test_a_capture_comes_back_as_it_was(body: bytes, status: int, value: str, path: str):
    """Body, headers, both addresses, status and instant survive."""
    one = Capture(
        url="http://a.example/" + path,
        requested_url="http://b.example/" + path,
        status=status,
        headers=(("x-note", value.strip()), ("content-length", "12")),
        body=body,
        fetched_at=MOMENT,
    )
    with tempfile.TemporaryDirectory() as folder, Archive(Path(folder)) as archive:
        assert one == archive.read(archive.write(one))
        assert [one] == [x for _, x in archive.captures()]
        accepted(Path(folder))


def test_files_of_before_are_still_read(tmp_path: Path):
    """Once, payloads were stored decoded and header fields as JSON in a field of the record."""
    name = "2026/03/quwen-20260302T010000Z-1-0.warc.gz"
    (tmp_path / name).parent.mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("private-form.warc.gz"), tmp_path / name)
    with Archive(tmp_path) as archive:
        page = archive.read(CaptureRef(file=name, offset=610, length=567))
        gone = archive.read(CaptureRef(file=name, offset=1506, length=504))
        assert [page, gone] == [x for _, x in archive.captures()]
    assert "<p>青岚区召开常务会议。</p>" == page.body.decode("gb18030")
    assert ("gzip", "chunked") == (page.header("content-encoding"), page.headers[2][1])
    assert (404, b"", "Qinglán") == (gone.status, gone.body, gone.header("x-title"))
    assert "http://qinglan.example/新闻?id=2" == gone.requested_url
    assert datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC) == gone.fetched_at


def test_nothing_written_leaves_no_file(tmp_path: Path):
    """An unchanged tick makes no empty archive files."""
    with Archive(tmp_path):
        pass
    assert [] == list(tmp_path.iterdir())


def test_no_file_is_appended_to_by_another_archive(tmp_path: Path):
    """A record behind a torn one would be invisible to readers."""
    with Archive(tmp_path) as one, Archive(tmp_path) as other:
        assert one.write(plain()).file != other.write(plain()).file


def test_a_file_ends_with_its_size_or_its_day(tmp_path: Path):
    """Neither grows without end; the names tell the days, in UTC."""
    now = [datetime(2026, 11, 30, 23, 59, tzinfo=UTC)]
    with Archive(tmp_path, clock=lambda: now[0], rotate_bytes=4000) as archive:
        first = archive.write(received(b"1"))
        assert first.file == archive.write(received(b"2", sent=os.urandom(5000), coding="x")).file
        second = archive.write(received(b"3"))
        now[0] += timedelta(minutes=2)
        third = archive.write(received(b"4"))
    files = [first.file, second.file, third.file]
    assert 3 == len(set(files))
    assert ["2026/11/quwen-20261130T2359"] * 2 == [x[:27] for x in files[:2]]
    assert third.file.startswith("2026/12/quwen-20261201T0001")
    accepted(tmp_path)


def test_a_flipped_bit_is_an_error_and_hides_no_other_record(tmp_path: Path):
    """A damaged record is named with its place and never given out; the next are still found."""
    with Archive(tmp_path) as archive:
        refs = [archive.write(plain(bytes([n]) * 9 + bytes(range(256)))) for n in range(3)]
    path = tmp_path / refs[1].file
    data = bytearray(path.read_bytes())
    data[refs[1].offset + refs[1].length // 2] ^= 4
    path.write_bytes(bytes(data))
    with Archive(tmp_path) as archive:
        with pytest.raises(ArchiveError, match=f"@{refs[1].offset}: .*damaged"):
            archive.read(refs[1])
        assert [refs[0], refs[2]] == [x for x, _ in archive.captures()]


def test_another_record_in_its_place_is_an_error(tmp_path: Path):
    """A reference that names its record is held to it."""
    with Archive(tmp_path) as archive:
        one, other = archive.write(plain(b"1")), archive.write(plain(b"2"))
        wrong = CaptureRef(
            file=one.file, offset=one.offset, length=one.length, record_id=other.record_id
        )
        with pytest.raises(ArchiveError, match="another record"):
            archive.read(wrong)


def test_a_record_that_is_no_capture_is_an_error(tmp_path: Path):
    """The file's own description is no page."""
    with Archive(tmp_path) as archive:
        ref = archive.write(plain())
        info = CaptureRef(file=ref.file, offset=0, length=ref.offset)
        with pytest.raises(ArchiveError, match="warcinfo"):
            archive.read(info)


def test_a_reference_cannot_leave_the_archive(tmp_path: Path):
    """References come from the store, but are held to the folder all the same."""
    with Archive(tmp_path / "archive") as archive, pytest.raises(ArchiveError, match="leads out"):
        archive.read(CaptureRef(file="../secret", offset=0, length=1))


def test_a_missing_file_says_what_to_do(tmp_path: Path):
    """A reference to a file that is gone is an error with a hint."""
    with Archive(tmp_path) as archive, pytest.raises(ArchiveError, match="restore"):
        archive.read(CaptureRef(file="2026/11/none.warc.gz", offset=0, length=1))


def test_control_characters_in_an_address_are_refused(tmp_path: Path):
    """A line break in an address would write a header of its own."""
    with Archive(tmp_path) as archive, pytest.raises(ArchiveError, match="control character"):
        archive.write(plain(url="http://a.example/\r\nWARC-Type: response"))


@pytest.mark.parametrize("value", ["a\r\nb: c", "会议"])
def test_header_fields_that_no_head_can_hold_are_refused(value: str, tmp_path: Path):
    """They cannot have come over the network."""
    one = Capture(
        url="http://a.example/",
        requested_url="http://a.example/",
        status=200,
        headers=(("x", value),),
        body=b"",
        fetched_at=MOMENT,
    )
    with Archive(tmp_path) as archive, pytest.raises(ArchiveError, match="header field"):
        archive.write(one)


def test_threads_share_one_archive(tmp_path: Path):
    """References of records written at the same time do not mix."""
    refs: list[tuple[CaptureRef, bytes]] = []
    with Archive(tmp_path) as archive:

        def write(number: int) -> None:
            for i in range(5):
                body = f"{number}-{i}".encode() * 50
                refs.append((archive.write(received(body)), body))

        threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert 20 == len(refs)
        assert all(body == archive.read(ref).body for ref, body in refs)
    accepted(tmp_path)
