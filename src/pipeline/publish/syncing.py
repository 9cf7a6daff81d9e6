"""Files on their way to the disk, several at a time: waiting for it one by one costs most of a build."""

import contextlib
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from pipeline.errors import PublishError

_AT_ONCE = 8
_WAITING = 200  # files


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an error of the file system into one that names the file."""
    try:
        yield
    except OSError as error:
        raise PublishError(
            f"cannot be written: {error.strerror or error}",
            where=str(path),
            hint="look at the folder's rights and the room on the disk",
        ) from error


class Syncing:
    """Puts bytes under names: each file whole and on the disk first, then renamed.

    Between `start` and `stop` that goes on beside the caller, in no order: `wait` before
    writing what must not be seen before them, and before reading one of them.
    """

    def __init__(self, staging: Path) -> None:
        self._staging = staging
        self._count = 0
        self._pool: ThreadPoolExecutor | None = None
        self._waiting: dict[str, Future[None]] = {}

    def start(self) -> None:
        """Several files at a time from now on."""
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="sync")

    def stop(self) -> None:
        """One by one again. Raises what could not be written."""
        pool, self._pool = self._pool, None
        if pool:
            pool.shutdown()  # even where one of them failed, none goes on behind our back
        self.wait()

    def replace(self, path: Path, data: bytes, stamp: int | None) -> int:
        """Put the bytes under the name in one step; the file's time in seconds, *stamp* if given.

        Raises OSError, and PublishError for a file that was put there earlier.
        """
        self._count += 1
        temporary = f"{self._staging}/{self._count}"
        try:
            with open(temporary, "xb") as file:  # noqa: PTH123 - called for each of thousands
                file.write(data)
            os.chmod(temporary, 0o644)  # noqa: PTH101 - whatever the umask: a web server reads it
            if stamp is None:
                stamp = int(os.stat(temporary).st_mtime)  # noqa: PTH116
            else:
                os.utime(temporary, (stamp, stamp))
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        if self._pool is None:
            _finish(temporary, path)
            return stamp
        if len(self._waiting) >= _WAITING:
            self.wait(next(iter(self._waiting)))
        self.wait(str(path))
        self._waiting[str(path)] = self._pool.submit(_finish, temporary, path)
        return stamp

    def wait(self, path: str | None = None) -> None:
        """Wait for one file, or for all, to be there. Raises PublishError for what could not be written."""
        if not self._waiting:
            return
        for x in (path,) if path else tuple(self._waiting):
            found = self._waiting.pop(x, None)
            if found is not None:
                found.result()


def _finish(temporary: str, path: Path) -> None:
    try:
        with explained(path):
            handle = os.open(temporary, os.O_RDWR)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
            os.replace(temporary, path)  # noqa: PTH105 - the call whose atomicity is relied upon
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
