"""Archive files: one writer each, whole records only, and a mark while being written."""

import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import FileIO
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.archive.members import set_torn_end_aside, sync_folder
from pipeline.archive.records import warcinfo

log = logging.getLogger(__name__)

_SUFFIX = ".warc.gz"
_MARKS = ".writing"
"""Folder of lock files, one for each file being written: the lock ends with its holder."""


def name_at(moment: datetime) -> str:
    """Return a new name, below the archive's folder, for a file begun at *moment* (UTC)."""
    token = secrets.token_hex(4)
    return f"{moment:%Y}/{moment:%m}/quwen-{moment:%Y%m%dT%H%M%SZ}-{os.getpid()}-{token}{_SUFFIX}"


def names(root: Path) -> list[str]:
    """Return the names of all files below *root*, oldest first."""
    return sorted(x.relative_to(root).as_posix() for x in root.rglob(f"*{_SUFFIX}"))


class WarcFile:
    """A new file; nobody else ever appends to it."""

    def __init__(self, root: Path, name: str) -> None:
        """Begin it with a warcinfo record. Raises OSError."""
        self.name = name
        self.records = 0
        self._root = root
        self._path = root / name
        self._size = 0
        self._file: FileIO | None = None
        root.mkdir(parents=True, exist_ok=True)
        self._mark = _mark(root, name)
        self._mark.acquire(timeout=0)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("xb", buffering=0)
            self.append(warcinfo(self._path.name))
            self.records = 0
            for folder in (self._path.parent, *self._path.parent.parents):
                sync_folder(folder)
                if folder == root.parent:
                    break
        except BaseException:
            self.close()
            raise

    @property
    def size(self) -> int:
        """Bytes written."""
        return self._size

    def append(self, data: bytes, *, sync: bool = True) -> int:
        """Append whole records; returns their offset, once they are on the disk.

        Without *sync* only `sync` makes that sure. Raises OSError; nothing of *data* is left in the file then, if that can be had.
        """
        start, file = self._size, self._file
        if file is None:
            raise ValueError("the file is closed")
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) or 0 :]
            if sync:
                os.fsync(file.fileno())
        except OSError:
            with suppress(OSError):
                file.truncate(start)
                os.fsync(file.fileno())
            raise
        self._size = start + len(data)
        self.records += 1
        return start

    def sync(self) -> None:
        """Put what was appended on the disk. Raises OSError."""
        if self._file is not None:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Finish the file; one without records is removed."""
        file, self._file = self._file, None
        torn = False
        if file is not None:
            torn = self.records > 0 and os.fstat(file.fileno()).st_size != self._size
            file.close()
            if not self.records:
                self._path.unlink(missing_ok=True)
        self._mark.release()
        if not torn:  # else the mark stays, and the end is set aside at the next start
            Path(self._mark.lock_file).unlink(missing_ok=True)


def mend(root: Path) -> list[str]:
    """Set the torn ends of files aside whose writer has died; the names of those files.

    A file that somebody writes to is left alone; one that cannot be mended is
    logged and left for the next time.
    """
    mended = []
    for mark in sorted((root / _MARKS).glob(f"*{_SUFFIX}.lock")):
        name = _name(mark)
        with _abandoned(root, name) as free:
            if not free:
                continue
            try:
                if (root / name).exists():
                    torn = set_torn_end_aside(root / name)
                    if torn:
                        mended.append(name)
                        log.warning("%s: %d torn bytes set aside (.torn)", name, torn)
                mark.unlink(missing_ok=True)
            except OSError as error:
                log.warning("%s: cannot be mended: %s", name, error)
    return mended


def is_being_written(root: Path, name: str) -> bool:
    """Whether a living writer holds the file."""
    if not Path(_mark(root, name, make=False).lock_file).exists():
        return False
    with _abandoned(root, name) as free:
        return not free


@contextmanager
def _abandoned(root: Path, name: str) -> Iterator[bool]:
    """Hold the mark of a file; False where its writer is alive."""
    mark = _mark(root, name)
    try:
        mark.acquire(timeout=0)
    except (Timeout, OSError):
        yield False
        return
    try:
        yield True
    finally:
        mark.release()


def _mark(root: Path, name: str, *, make: bool = True) -> FileLock:
    folder = root / _MARKS
    if make:
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
    # Threads share an archive: the lock belongs to the file, not to a thread.
    return FileLock(folder / f"{Path(name).name}.lock", thread_local=False)


def _name(mark: Path) -> str:
    """The name of the file that a mark belongs to: its folder follows from its date."""
    base = mark.name.removesuffix(".lock")
    day = base.removeprefix("quwen-")
    return f"{day[:4]}/{day[4:6]}/{base}"
