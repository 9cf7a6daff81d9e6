"""A crash in the middle of a record loses that record alone, and no reader stumbles over it."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.archive import Archive
from pipeline.records import CaptureRef

from .conftest import accepted, die, received

BODIES = [os.urandom(300), "会议".encode("gb18030") * 50, os.urandom(700)]


def left_by_a_killed_writer(root: Path) -> list[CaptureRef]:
    """Three captures in a file whose writer never closed it."""
    archive = Archive(root)
    refs = [archive.write(received(x)) for x in BODIES]
    die(archive)
    return refs


def test_a_file_cut_anywhere_in_its_last_record_is_mended(tmp_path: Path):
    """All before the cut stay, the torn bytes are kept aside, other readers accept the file."""
    refs = left_by_a_killed_writer(tmp_path / "whole")
    name = refs[0].file
    data = (tmp_path / "whole" / name).read_bytes()
    start = refs[1].offset + refs[1].length
    assert len(data) == refs[2].offset + refs[2].length
    chosen = random.Random(6)
    cuts = {start + 1, start + 9, refs[2].offset, refs[2].offset + 1, len(data) - 1}
    cuts |= set(chosen.sample(range(start, len(data)), 70))
    for cut in sorted(cuts):
        root = tmp_path / str(cut)
        left_by_a_killed_writer(root)
        path = next(root.rglob("*.warc.gz"))
        path.write_bytes(data[:cut])
        with Archive(root) as archive:
            assert BODIES[:2] == [x.body for _, x in archive.captures()]
        aside = path.with_name(path.name + ".torn")
        kept = aside.read_bytes() if aside.exists() else b""
        assert data[:cut] == path.read_bytes() + kept
        # the last request may be whole, and stays then
        assert path.stat().st_size == (refs[2].offset if cut >= refs[2].offset else start)
        accepted(root)


def test_a_whole_file_of_a_killed_writer_is_left_as_it_is(tmp_path: Path):
    """Only the mark goes."""
    left_by_a_killed_writer(tmp_path)
    (path,) = tmp_path.rglob("*.warc.gz")
    data = path.read_bytes()
    with Archive(tmp_path) as archive:
        assert BODIES == [x.body for _, x in archive.captures()]
    assert data == path.read_bytes()
    assert [] == [*tmp_path.rglob("*.lock"), *tmp_path.rglob("*.torn")]


def test_a_file_torn_in_its_first_record_is_set_aside_whole(tmp_path: Path):
    """Nothing in it can be read; an empty file would be none of WARC."""
    left_by_a_killed_writer(tmp_path)
    (path,) = tmp_path.rglob("*.warc.gz")
    path.write_bytes(path.read_bytes()[:40])
    with Archive(tmp_path) as archive:
        assert [] == list(archive.captures())
    assert 40 == path.with_name(path.name + ".torn").stat().st_size
    assert not path.exists()


def test_zeros_behind_the_last_record_are_a_torn_end(tmp_path: Path):
    """A file system may have made the file longer before the power went."""
    left_by_a_killed_writer(tmp_path)
    (path,) = tmp_path.rglob("*.warc.gz")
    path.write_bytes(path.read_bytes() + bytes(5000))
    with Archive(tmp_path) as archive:
        assert BODIES == [x.body for _, x in archive.captures()]
    assert bytes(5000) == path.with_name(path.name + ".torn").read_bytes()


def test_damage_in_the_middle_is_no_torn_end(tmp_path: Path):
    """Whole records behind it are not cut off."""
    refs = left_by_a_killed_writer(tmp_path)
    (path,) = tmp_path.rglob("*.warc.gz")
    data = bytearray(path.read_bytes())
    data[refs[1].offset + 60] ^= 1
    path.write_bytes(bytes(data))
    with Archive(tmp_path) as archive:
        assert [BODIES[0], BODIES[2]] == [x.body for _, x in archive.captures()]
    assert bytes(data) == path.read_bytes()


def test_a_payload_that_looks_like_a_record_is_none(tmp_path: Path):
    """A torn record may hold whole gzip streams: those of pages."""
    archive = Archive(tmp_path)
    archive.write(received(b"first"))
    last = archive.write(received(os.urandom(3000)))
    die(archive)
    path = tmp_path / last.file
    path.write_bytes(path.read_bytes()[:-4])
    with Archive(tmp_path) as archive:
        assert [b"first"] == [x.body for _, x in archive.captures()]
    assert path.stat().st_size == last.offset


def test_a_file_being_written_is_left_alone(tmp_path: Path):
    """Even where another process opens the archive just then."""
    with Archive(tmp_path) as archive:
        ref = archive.write(received(b"one"))
        path = tmp_path / ref.file
        with path.open("ab") as file:
            file.write(b"\x1f\x8b half of the next record")
        size = path.stat().st_size
        with Archive(tmp_path) as other:
            assert b"one" == other.read(ref).body
        assert size == path.stat().st_size


WRITER = r"""
import os, sys
from pathlib import Path
from pipeline.archive import Archive
from conftest import received
with Archive(Path(sys.argv[1])) as archive:
    while True:
        ref = archive.write(received(os.urandom(20000)))
        os.write(1, f"{ref.file} {ref.offset} {ref.length}\n".encode())  # one piece
"""


@pytest.mark.parametrize("seed", range(4))
def test_a_writer_that_is_killed_loses_nothing_it_acknowledged(seed: int, tmp_path: Path):
    """SIGKILL at a random moment."""
    here = str(Path(__file__).parent)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([here, *sys.path])}
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=env
    )
    assert writer.stdout is not None
    said = [writer.stdout.readline()]
    time.sleep(random.Random(seed).uniform(0, 0.1))
    writer.send_signal(signal.SIGKILL)
    said += writer.stdout.read().splitlines()
    writer.wait()
    with Archive(tmp_path) as archive:
        for line in said:
            file, offset, length = line.split()
            assert archive.read(CaptureRef(file=file, offset=int(offset), length=int(length))).body
    accepted(tmp_path)
