"""Leases in the store: who works on a host, a tick or the published tree, on whatever machine.

A lease is held by a process, renewed by it while it lives, and free again
when it was given back, when it ran out, or when its process is seen to be dead.
"""

import os
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

from pipeline.errors import PipelineError, StoreError
from pipeline.store import Lease, Store

LASTS = timedelta(seconds=60)
"""How long a lease lasts unless it is renewed: three renewals may fail."""

_POLL_S = 0.2


class BusyError(PipelineError):
    """Another run works on the same thing."""


class Claim:
    """Something taken. ``lost`` says that it ran out and somebody else has it now."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.lost = False


class Leases:
    """The leases of one process. Safe to share between threads.

    Where *stopping* says so, nobody waits for another holder any more.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._store = store
        self._clock = clock
        self._stopping = stopping
        self._place = place()
        self._holder = f"{this_process()}/{uuid4().hex}"
        self._lock = threading.Lock()
        self._claims: dict[str, Claim] = {}
        self._runs: set[int] = set()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def close(self) -> None:
        """End the renewals."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    @contextmanager
    def held(
        self, names: Sequence[str], *, what: str, wait_s: float = 0.0, rest_s: float = 0.0
    ) -> Iterator[Claim]:
        """Hold all leases of those names, or none.

        Waits up to *wait_s* seconds for another holder, and as long as a host has
        to rest. Given back, they stay free of anybody for *rest_s* seconds, which
        pass also where a holder is gone that did not give them back: nobody knows
        what it did last. Raises `BusyError`, which calls them *what*.
        """
        claim, gone = self._take(sorted(names), what, wait_s)
        with self._lock:
            self._claims[claim.key] = claim
        self._start()
        try:
            if gone:
                sleep(rest_s)
            yield claim
        finally:
            with self._lock:
                del self._claims[claim.key]
            now = self._clock()
            until = now + timedelta(seconds=rest_s)
            self._store.upkeep.give_back(claim.key, by=self._holder, at=now, until=until)

    @contextmanager
    def beating(self, run_id: int) -> Iterator[None]:
        """Say in the run ledger that a run lives, while it does."""
        with self._lock:
            self._runs.add(run_id)
        self._start()
        try:
            yield
        finally:
            with self._lock:
                self._runs.discard(run_id)

    def _take(self, names: Sequence[str], what: str, wait_s: float) -> tuple[Claim, list[str]]:
        """Take them; what of them was not given back."""
        claim = Claim(uuid4().hex)
        patience, rested = monotonic() + wait_s, 0.0
        while True:
            now = self._clock()
            wanted = [self._lease(x, claim, now) for x in names]
            gone: list[str] = []
            test = self._free(now, rested, gone)
            blocker = self._store.upkeep.take_leases(wanted, is_free=test)
            if blocker is None:
                return claim, gone
            if not blocker.holder:
                # Counted in real seconds, so that a clock put back prolongs no rest
                rested = rested or monotonic() + (blocker.expires - now).total_seconds()
            elif monotonic() >= patience or self._stopping():
                raise BusyError(
                    f"another run is working on {blocker.name}",
                    where=what,
                    hint="wait for it to end",
                )
            sleep(_POLL_S)

    def _lease(self, name: str, claim: Claim, now: datetime) -> Lease:
        return Lease(
            name=name, holder=self._holder, claim=claim.key, renewed=now, expires=now + LASTS
        )

    def _free(self, now: datetime, rested: float, gone: list[str]) -> Callable[[Lease], bool]:
        """A test for leases, which notes what was not given back by a holder that is *gone*.

        What this process gave back itself needs no rest: it paces itself.
        """

        def test(lease: Lease) -> bool:
            if not lease.holder and (
                lease.claim == self._holder or (rested and monotonic() >= rested)
            ):
                return True
            free = is_free(lease, now=now, here=self._place)
            if free and lease.holder:
                gone.append(lease.name)
            return free

        return test

    def _start(self) -> None:
        with self._lock:
            if self._thread is None and not self._ended.is_set():
                self._thread = threading.Thread(target=self._renew, name="leases", daemon=True)
                self._thread.start()

    def _renew(self) -> None:
        while not self._ended.wait(LASTS.total_seconds() / 4):
            with self._lock:
                claims, runs = tuple(self._claims.values()), tuple(self._runs)
            try:
                self._beat(claims, runs)
            except StoreError:
                continue  # the work itself will say that the store is away; they last a while

    def _beat(self, claims: Sequence[Claim], runs: Sequence[int]) -> None:
        now = self._clock()
        for run_id in runs:
            self._store.beat(run_id, at=now)
        if claims:
            keys = [x.key for x in claims]
            kept = self._store.upkeep.renew_leases(
                keys, by=self._holder, at=now, expires=now + LASTS
            )
            for claim in claims:
                claim.lost = claim.lost or claim.key not in kept


def is_free(lease: Lease, *, now: datetime, here: str) -> bool:
    """Whether a lease may be taken.

    One renewed in the far future was written before the clock was put back:
    a living holder would have renewed it since.
    """
    if lease.expires <= now or lease.renewed > now + LASTS:
        return True
    return has_died(lease.holder.rpartition("/")[0], here=here)


def this_process() -> str:
    """Return a name for this process that other machines understand too."""
    return f"{place()}/{os.getpid()}"


def has_died(process: str, *, here: str) -> bool:
    """Whether a process is seen to be dead; of those of other places than *here* nothing is known."""
    machine, _, pid = process.rpartition("/")
    return machine == here and pid.isdecimal() and not _lives(int(pid))


def place() -> str:
    """Return a name for where process ids mean the same: the host, and its own space of them."""
    try:
        space = Path("/proc/self/ns/pid").stat().st_ino
    except OSError:  # not Linux: there is one space a host
        space = 0
    return f"{socket.gethostname()}/{space}"


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
