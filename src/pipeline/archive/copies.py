"""Copies of finished archive files in an S3-compatible store (extra ``[s3]``).

Copying goes on beside a run and never delays or fails it: what could not be copied
is logged and tried again a minute later, or by the next run. Names are never used twice, so
that several machines may copy to one place; each reads there what another one has archived.
"""

import logging
import queue
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from pipeline.archive import files
from pipeline.errors import ArchiveError
from pipeline.records import CaptureRef
from pipeline.s3 import first_line, open_store

if TYPE_CHECKING:
    from obstore.store import S3Store

log = logging.getLogger(__name__)

_DONE = ".copied"
"""A line for each file that was copied and found whole there; without it all are looked at again."""

_AGAIN_S = 60.0
"""After a failure copying is tried again, and not sooner."""

_PART = 8 * 1024 * 1024
_SETTING = "QUWEN_ARCHIVE_S3"


class _OutOfTimeError(Exception):
    """The run has ended: the next one goes on."""


def open_copies(url: str, *, patience_s: float = 20.0) -> "Copies":
    """Return the copies below an ``s3://bucket/prefix`` address.

    Endpoint, region and credentials are the standard ``AWS_*`` variables. Nothing is
    asked yet. Raises `ConfigError` for a wrong address, and where the extra is missing.
    """
    return Copies(open_store(url, setting=_SETTING), patience_s=patience_s)


class Copies:
    """Copies what it is told, in a thread of its own.

    *patience_s* bounds how long `close` lets copying go on (seconds).
    """

    def __init__(self, store: "S3Store", *, patience_s: float = 20.0) -> None:
        self._store = store
        self._patience_s = patience_s
        self._waiting: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._ends: float | None = None
        self._root = Path()
        self.problem: str | None = None
        """Why copying stopped, None while it works."""

    def begin(self, root: Path) -> None:
        """Start to copy what finished files below *root* have not been copied yet."""
        self._root = root
        self._thread = threading.Thread(target=self._work, name="copies", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Have what has been finished copied now."""
        self._waiting.put(True)

    def close(self) -> None:
        """Let copying go on for a while, and end it."""
        self._ends = monotonic() + self._patience_s
        self._waiting.put(False)
        if self._thread is not None:
            # Each request is bounded, and no new part is begun when the time is over.
            self._thread.join()
            self._thread = None

    def read(self, ref: CaptureRef) -> bytes | None:
        """The bytes at *ref*, None where there is no copy. Raises `ArchiveError`."""
        import obstore  # noqa: PLC0415 - of an extra

        try:
            found = obstore.get_range(self._store, ref.file, start=ref.offset, length=ref.length)
        except FileNotFoundError:
            return None
        except Exception as error:
            raise ArchiveError(
                f"the copy cannot be read: {first_line(error)}",
                where=f"{ref.file}@{ref.offset}",
                hint="try again later",
            ) from error
        return bytes(found)

    def _work(self) -> None:
        """Copy what is finished at every call, and again a while after a failure."""
        goes_on = True
        while True:
            try:
                for name in self._pending():
                    self._copy(name)
                self.problem = None
            except _OutOfTimeError:
                self._give_up("no time left; the next run goes on")
                return
            except Exception as error:  # of network, disk or library: a copy must not end a run
                self._give_up(first_line(error))
            if not goes_on:
                return
            failed = monotonic() if self.problem else None
            try:
                goes_on = self._waiting.get(timeout=_AGAIN_S if self.problem else None)
            except queue.Empty:
                continue
            if not goes_on and failed is not None and monotonic() - failed < _AGAIN_S:
                return

    def _give_up(self, reason: str) -> None:
        self.problem = reason
        log.warning("archive files are not copied: %s", reason)

    def _pending(self) -> list[str]:
        done = set()
        with suppress(FileNotFoundError):
            done = set((self._root / _DONE).read_text(encoding="utf-8").split("\n"))
        return [
            x
            for x in files.names(self._root)
            if x not in done and not files.is_being_written(self._root, x)
        ]

    def _copy(self, name: str) -> None:
        """Copy one file and see that it is whole there."""
        import obstore  # noqa: PLC0415 - of an extra

        path = self._root / name
        if not path.exists():  # compacted meanwhile
            return
        size = path.stat().st_size
        whole: Any = self._parts(path) if size > _PART else b"".join(self._parts(path))
        put = obstore.put(self._store, name, whole, chunk_size=_PART, max_concurrency=2)
        found = obstore.head(self._store, name)
        if found["size"] != size or found["e_tag"] != put["e_tag"]:
            raise ArchiveError(
                f"{found['size']} bytes are in the copy of {size}", where=name, hint="try again"
            )
        with (self._root / _DONE).open("a", encoding="utf-8") as done:
            done.write(name + "\n")

    def _parts(self, path: Path) -> Iterator[bytes]:
        with path.open("rb") as file:
            while part := file.read(_PART):
                if self._ends is not None and monotonic() > self._ends:
                    raise _OutOfTimeError
                yield part
