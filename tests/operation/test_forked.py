"""A copy of this process: what it does, what it does not keep, and how it ends."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux alone")


def run(code: str, log: Path) -> subprocess.CompletedProcess[str]:
    """Run *code* in a process without threads, which those of tests have."""
    head = f"import os, sys, time, signal, threading\nfrom pathlib import Path\nlog = Path({str(log)!r})\n"
    head += "from flows.up.forked import Forked, can_fork\n"
    return subprocess.run(
        [sys.executable, "-c", head + code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_copy_tells_its_log_and_its_exit_code(tmp_path: Path):
    """What it prints is in the log; nothing of it comes back into what the parent did."""
    code = """
copy = Forked(lambda: sys.exit(7), log=log)
other = Forked(lambda: print("from the copy"), log=log)
broken = Forked(lambda: 1 / 0, log=log)
print("parent", copy.wait(20), other.wait(20), broken.wait(20), broken.poll())
"""
    done = run(code, tmp_path / "log")
    assert "parent 7 0 1 1\n" == done.stdout, done.stderr
    told = (tmp_path / "log").read_text()
    assert "from the copy" in told
    assert "ZeroDivisionError" in told


def test_a_copy_keeps_no_file_of_its_parent_open(tmp_path: Path):
    """A lock that the parent holds is free when the parent is gone, whatever becomes of the copy."""
    code = f"""
from filelock import FileLock
lock = FileLock({str(tmp_path / "lock")!r})
lock.acquire()
copy = Forked(lambda: print(sorted(os.readlink(f"/proc/self/fd/{{x}}") for x in (0, 1, 2)),
                            len(os.listdir("/proc/self/fd")), flush=True), log=log)
copy.wait(20)
"""
    done = run(code, tmp_path / "log")
    assert 0 == done.returncode, done.stderr
    log = str(tmp_path / "log")
    # the fourth is the folder that is listed
    assert f"{sorted(['/dev/null', log, log])} 4" == Path(log).read_text().strip()


def test_a_copy_does_not_outlive_its_parent(tmp_path: Path):
    """Even a killed one."""
    code = """
copy = Forked(lambda: time.sleep(60), log=log)
print(copy.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = run(code, tmp_path / "log")
    assert -signal.SIGKILL == done.returncode
    ends = time.monotonic() + 20
    while _lives(int(done.stdout)):
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_a_copy_is_stopped_like_any_program(tmp_path: Path):
    """It has the parent's handlers for signals no more; waiting for one that goes on gives up."""
    code = """
signal.signal(signal.SIGTERM, lambda *_: print("the parent's", flush=True))
copy = Forked(lambda: (print("begun", flush=True), time.sleep(60)), log=log)
while not log.exists() or "begun" not in log.read_text():
    time.sleep(0.02)
try:
    copy.wait(0.1)
except Exception as error:
    print(type(error).__name__)
copy.terminate()
print(copy.wait(20))
copy.kill()
"""
    done = run(code, tmp_path / "log")
    assert f"TimeoutExpired\n{-signal.SIGTERM}\n" == done.stdout, done.stderr


def test_a_process_with_threads_is_not_copied(tmp_path: Path):
    """Their locks would be copied, and nobody would ever open them."""
    code = """
print(can_fork())
threading.Thread(target=time.sleep, args=(0.5,)).start()
print(can_fork())
"""
    assert "True\nFalse\n" == run(code, tmp_path / "log").stdout


def test_free_memory_goes_back_to_the_system(tmp_path: Path):
    """Free blocks between others that are kept stay with the process otherwise."""
    code = """
import ctypes
from flows.up.bound import give_back, keep_one_heap
keep_one_heap()
def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
before = held()
blocks = [library.malloc(64 * 1024) for _ in range(800)]
for x in blocks:
    ctypes.memset(x, 1, 64 * 1024)
for x in blocks[:-1]:
    library.free(ctypes.c_void_p(x))
kept = held() - before
give_back()
print(kept >= 40, held() - before <= 10)
"""
    done = run(code, tmp_path / "log")
    if not hasattr(ctypes.CDLL(None), "malloc_trim"):
        pytest.skip("a C library that has no heap to trim")
    assert "True True\n" == done.stdout, done.stderr


def _lives(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text() and os.kill(pid, 0) is None
    except OSError:
        return False
