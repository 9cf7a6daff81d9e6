"""A child that begins as a copy of this process, and shares its memory until one of them writes."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from flows.up.bound import end_with

_LOOK_S = 0.05


class Forked:
    """Runs *work* in a copy of this process; what it prints goes to *log*. Much like a Popen.

    The copy ends when its parent does, and no Ctrl-C of the terminal reaches it. What was
    imported before is not loaded again. To be made only where `can_fork`.
    """

    def __init__(self, work: Callable[[], None], *, log: Path) -> None:
        self.returncode: int | None = None
        parent = os.getpid()
        gc.collect()
        gc.freeze()  # else each collection in either process would write to what they share
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            _live(work, log, parent)

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code. Raises `subprocess.TimeoutExpired` after *timeout* seconds."""
        ends = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if timeout is not None and ends is not None and time.monotonic() > ends:
                raise subprocess.TimeoutExpired("a copy of this process", timeout)
            time.sleep(_LOOK_S)
        return code

    def terminate(self) -> None:
        """Ask it to end."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self._signal(signal.SIGKILL)

    def _signal(self, which: signal.Signals) -> None:
        if self.poll() is None:  # a number that was waited for may be another's by now
            os.kill(self.pid, which)


def can_fork() -> bool:
    """Whether a copy of this process would be whole: other threads are not copied, only their locks."""
    return sys.platform == "linux" and threading.active_count() == 1


def _live(work: Callable[[], None], log: Path, parent: int) -> None:
    """Be the copy, and end."""
    code = 1
    try:
        for which in (signal.SIGTERM, signal.SIGINT):
            signal.signal(which, signal.SIG_DFL)
        os.setsid()
        end_with(parent)
        out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        null = os.open(os.devnull, os.O_RDONLY)
        for fd, to in ((null, 0), (out, 1), (out, 2)):
            os.dup2(fd, to)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # locks of ours would outlive us in it
        work()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # nothing must come back into what the parent was doing
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
