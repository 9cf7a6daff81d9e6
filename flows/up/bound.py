"""``python -m flows.up.bound COMMAND…``: a program that does not outlive the one that started it."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # prctl(2)
_M_ARENA_MAX = -8  # malloc.h of the GNU library


def keep_one_heap() -> None:
    """Have all threads of this process, and of those it starts, share one heap.

    The GNU library gives each thread one of its own: of little use beside Python's
    lock, and it costs the engine's server a sixth of its memory. Other C libraries
    know no such thing.
    """
    if "MALLOC_ARENA_MAX" in os.environ or sys.platform != "linux":
        return
    os.environ["MALLOC_ARENA_MAX"] = "1"
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_M_ARENA_MAX, 1)


def give_back() -> None:
    """Give memory that is free in this process back to the system, which free() alone seldom does.

    For the end of work that came and went: a tick publishes, and needs little until the next.
    """
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        library.malloc_trim(0)


def end_with(parent: int) -> None:
    """Ask the system for a SIGTERM when the parent dies.

    Other systems than Linux know no such thing: there a killed parent leaves its children.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before we asked
        sys.exit(1)


def main() -> None:
    """Bind this process to its parent, then become the command."""
    end_with(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - becoming the command is the purpose


if __name__ == "__main__":
    main()
