"""Full disks and locked folders: a clear error, and nothing that was stored is harmed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.archive import Archive
from pipeline.errors import ArchiveError

from .conftest import accepted, die, received

PAGE = os.urandom(30_000)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of half a megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_said_and_what_was_stored_stays(small_disk: Path):
    """No half record is left; with room again, writing goes on."""
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(100_000))
    with Archive(small_disk / "archive") as archive:
        refs = []
        with pytest.raises(ArchiveError, match=r"No space left.*free some space"):  # noqa: PT012
            while True:
                refs.append(archive.write(received(PAGE)))
        with pytest.raises(ArchiveError, match="No space left"):
            archive.write(received(PAGE))
        assert len(refs) > 5
        assert [PAGE] * len(refs) == [archive.read(x).body for x in refs]
        accepted(small_disk)
        ballast.unlink()
        refs.append(archive.write(received(PAGE)))
        assert PAGE == archive.read(refs[-1]).body
    assert len(refs) == accepted(small_disk).count("response")
    assert [] == [*small_disk.rglob("*.torn"), *small_disk.rglob("*.lock")]


LIMITED = """
import resource, sys
from pathlib import Path
from pipeline.archive import Archive
from pipeline.errors import ArchiveError
from conftest import received
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
page = Path(sys.argv[2]).read_bytes()
with Archive(Path(sys.argv[1])) as archive:
    refs = []
    try:
        while True:
            refs.append(archive.write(received(page)))
    except ArchiveError as error:
        print(error)
    assert len(refs) == 3, refs
    assert all(archive.read(x).body == page for x in refs)
    archive.write(received(page))
"""


def test_a_file_that_may_not_grow_is_ended_and_another_begun(tmp_path: Path):
    """A limit of the system on file sizes is such a disk as well."""
    (tmp_path / "page").write_bytes(PAGE)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "archive"), str(tmp_path / "page")],
        capture_output=True,
        text=True,
        check=False,
        env=env,
    )
    assert 0 == done.returncode, done.stderr
    assert "cannot be written: File too large" in done.stdout
    assert 4 == accepted(tmp_path).count("response")
    assert 2 == len([*tmp_path.rglob("*.warc.gz")])


def test_a_read_only_disk_is_said_and_can_be_read(small_disk: Path):
    """Also where a killed writer has left a torn end, which waits until it can be mended."""
    with Archive(small_disk / "archive") as archive:
        ref = archive.write(received(PAGE))
    killed = Archive(small_disk / "archive")
    torn = small_disk / "archive" / killed.write(received(PAGE)).file
    die(killed)
    torn.write_bytes(torn.read_bytes()[:-1])
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with Archive(small_disk / "archive") as archive:
        assert PAGE == archive.read(ref).body
        assert [PAGE] == [x.body for _, x in archive.captures()]
        with pytest.raises(ArchiveError, match=r"cannot be written: Read-only.*make the folder"):
            archive.write(received(PAGE))
        with pytest.raises(ArchiveError, match="cannot be compacted: Read-only"):
            archive.compact(lambda _: None)
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    with Archive(small_disk / "archive"):
        assert 2 == len([*small_disk.rglob("*.warc.gz")])
    accepted(small_disk)


def test_an_unwritable_folder_is_said(tmp_path: Path):
    """A file where the folder should be is no traceback."""
    (tmp_path / "archive").write_text("")
    with (
        Archive(tmp_path / "archive") as archive,
        pytest.raises(ArchiveError, match="cannot be written"),
    ):
        archive.write(received())


def test_a_folder_in_place_of_a_file_is_said(tmp_path: Path):
    """Whatever the system has against reading becomes an error of the archive."""
    with Archive(tmp_path) as archive:
        ref = archive.write(received())
        (tmp_path / ref.file).unlink()
        (tmp_path / ref.file).mkdir()
        with pytest.raises(ArchiveError, match=r"cannot be read: Is a directory.*restore"):
            archive.read(ref)
        assert [] == list(archive.captures())
