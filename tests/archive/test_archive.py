"""The archive: what was written comes back, and damage is never taken for content."""

import subprocess
import sys
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.archive import Archive
from pipeline.errors import ArchiveError
from pipeline.records import Capture, CaptureRef

MOMENT = datetime(2026, 11, 20, 2, 3, 4, 567890, tzinfo=UTC)


def capture(body: bytes = b"<p>x</p>", url: str = "http://qinglan.example/1.html") -> Capture:
    return Capture(
        url=url,
        requested_url=url,
        status=200,
        headers=(("content-type", "text/html; charset=gb2312"), ("content-encoding", "gzip")),
        body=body,
        fetched_at=MOMENT,
    )


@settings(max_examples=60, deadline=None)
@given(
    body=st.binary(max_size=400),
    status=st.integers(min_value=200, max_value=599),
    value=st.text(
        st.characters(min_codepoint=32, max_codepoint=0x9FFF, exclude_categories=["Cs", "Cc"]),
        max_size=30,
    ),
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
        headers=(("x-note", value), ("content-length", "12")),
        body=body,
        fetched_at=MOMENT,
    )
    with tempfile.TemporaryDirectory() as folder, Archive(Path(folder)) as archive:
        assert one == archive.read(archive.write(one))
        assert [one] == [x for _, x in archive.captures()]


def test_nothing_written_leaves_no_file(tmp_path: Path):
    """An unchanged tick makes no empty archive files."""
    with Archive(tmp_path):
        pass
    assert [] == list(tmp_path.iterdir())


def test_no_file_is_appended_to_by_another_archive(tmp_path: Path):
    """A record behind a torn one would be invisible to readers."""
    with Archive(tmp_path) as one, Archive(tmp_path) as other:
        assert one.write(capture()).file != other.write(capture()).file


def test_a_torn_end_hides_nothing_before_it(tmp_path: Path):
    """A crash in the middle of a record leaves the records before it readable."""
    with Archive(tmp_path) as archive:
        first, second = (
            archive.write(capture(b"one")),
            archive.write(capture(bytes(range(256)) * 4)),
        )
    path = tmp_path / second.file
    path.write_bytes(path.read_bytes()[:-60])
    with Archive(tmp_path) as archive:
        assert b"one" == archive.read(first).body
        with pytest.raises(ArchiveError, match="cut short"):
            archive.read(second)
        assert [b"one"] == [x.body for _, x in archive.captures()]
        assert first.file != archive.write(capture(b"three")).file


def test_a_flipped_bit_is_an_error(tmp_path: Path):
    """A damaged record is named with its place and never given out."""
    with Archive(tmp_path) as archive:
        ref = archive.write(capture(bytes(range(256)) * 8))
    path = tmp_path / ref.file
    data = bytearray(path.read_bytes())
    data[ref.offset + ref.length // 2] ^= 4
    path.write_bytes(bytes(data))
    with Archive(tmp_path) as archive, pytest.raises(ArchiveError, match=f"@{ref.offset}"):
        archive.read(ref)


def test_a_reference_cannot_leave_the_archive(tmp_path: Path):
    """References come from the store, but are held to the folder all the same."""
    with Archive(tmp_path / "archive") as archive, pytest.raises(ArchiveError, match="leads out"):
        archive.read(CaptureRef(file="../secret", offset=0, length=1))


def test_a_missing_file_says_what_to_do(tmp_path: Path):
    """A reference to a file that is gone is an error with a hint."""
    with Archive(tmp_path) as archive, pytest.raises(ArchiveError, match="restore"):
        archive.read(CaptureRef(file="2026/11/none.warc.gz", offset=0, length=1))


def test_an_unwritable_folder_is_said(tmp_path: Path):
    """A file where the folder should be is no traceback."""
    (tmp_path / "archive").write_text("")
    with (
        Archive(tmp_path / "archive") as archive,
        pytest.raises(ArchiveError, match="cannot be written"),
    ):
        archive.write(capture())


def test_control_characters_in_an_address_are_refused(tmp_path: Path):
    """A line break in an address would write a header of its own."""
    with Archive(tmp_path) as archive, pytest.raises(ArchiveError, match="control character"):
        archive.write(capture(url="http://a.example/\r\nWARC-Type: response"))


def test_threads_share_one_archive(tmp_path: Path):
    """References of records written at the same time do not mix."""
    refs: list[tuple[CaptureRef, bytes]] = []
    with Archive(tmp_path) as archive:

        def write(number: int) -> None:
            for i in range(5):
                body = f"{number}-{i}".encode() * 50
                refs.append((archive.write(capture(body)), body))

        threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert 20 == len(refs)
        assert all(body == archive.read(ref).body for ref, body in refs)


def test_other_readers_accept_the_files(tmp_path: Path):
    """The checker of warcio finds every digest right."""
    with Archive(tmp_path) as archive:
        archive.write(capture("会议".encode("gb18030") * 300))
        path = tmp_path / archive.write(capture()).file
    done = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stdout + done.stderr
    assert "fail" not in done.stdout
