"""Who may work on what, on whatever machine."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.demo.render import Page
from flows.demo.sites import SOURCES, SampleServer
from pipeline import runs
from pipeline.errors import StoreError
from pipeline.runs.leases import LASTS, BusyError, Leases, is_free, place
from pipeline.runs.tick import due_work
from pipeline.settings import Settings
from pipeline.store import Lease, Store
from pipeline.store.upkeep import Upkeep


@pytest.fixture
def leases(store: Store, clock):
    with closing(Leases(store, clock)) as own:
        yield own


def foreign(clock, *, holder: str = "elsewhere/7/1/x", name: str = "host a", **changes) -> Lease:
    values = {"renewed": clock.now, "expires": clock.now + LASTS} | changes
    return Lease(name=name, holder=holder, claim="c", **values)


def put(store: Store, lease: Lease) -> None:
    assert store.upkeep.take_leases([lease], is_free=lambda _: True) is None


def test_what_is_held_is_refused_to_others(store: Store, clock, leases: Leases):
    """Even to another thread of the same process; afterwards it is free."""
    with closing(Leases(store, clock)) as other, leases.held(["host a"], what="x"):
        with pytest.raises(BusyError, match="host a"), other.held(["host a"], what="y"):
            pass
        with pytest.raises(BusyError), leases.held(["host a", "host b"], what="y"):
            pass
        with other.held(["host b"], what="y"):
            pass
    with leases.held(["host a", "host b"], what="x"):
        pass


def test_a_lease_that_ran_out_is_taken_over(store: Store, clock, leases: Leases):
    """A worker on another machine that does not renew any more has lost it."""
    put(store, foreign(clock))
    with pytest.raises(BusyError), leases.held(["host a"], what="x"):
        pass
    clock.now += LASTS
    with leases.held(["host a"], what="x"):
        pass


def test_a_killed_process_of_this_machine_holds_nothing(store: Store, clock, leases: Leases):
    """Its number is gone, so nobody waits for the lease to run out."""
    dead = subprocess.Popen([sys.executable, "-c", "pass"])
    dead.wait()
    put(store, foreign(clock, holder=f"{place()}/{dead.pid}/x"))
    with leases.held(["host a"], what="x"):
        pass
    put(store, foreign(clock, name="host b", holder=f"{place()}/{os.getppid()}/x"))
    with pytest.raises(BusyError), leases.held(["host b"], what="x"):
        pass


def test_a_clock_put_back_frees_what_nobody_renews(clock):
    """A lease renewed an hour ahead of now was written by a clock that was put back since."""
    ahead = clock.now + timedelta(hours=1)
    old = foreign(clock, renewed=ahead, expires=ahead + LASTS)
    assert is_free(old, now=clock.now, here=place())
    assert not is_free(foreign(clock), now=clock.now, here=place())


def test_a_host_rests_before_another_process_asks_it(store: Store, clock, leases: Leases):
    """Given back, a host keeps the pause between two requests; its own process keeps it by itself."""
    with closing(Leases(store, clock)) as other:
        with leases.held(["host a"], what="x", rest_s=0.5):
            pass
        with leases.held(["host a"], what="x", rest_s=0.5):
            pass
        began = time.monotonic()
        with other.held(["host a"], what="y"):
            assert 0.4 <= time.monotonic() - began < 3


def test_a_host_of_a_dead_holder_rests_too(store: Store, clock, leases: Leases):
    """Nobody knows when it was asked last."""
    put(store, foreign(clock))
    clock.now += LASTS
    began = time.monotonic()
    with leases.held(["host a"], what="x", rest_s=0.4):
        assert 0.4 <= time.monotonic() - began < 3


def test_what_could_not_be_given_back_runs_out(
    store: Store, clock, monkeypatch: pytest.MonkeyPatch
):
    """The database was away at that moment: the process must not hold the host for ever."""
    monkeypatch.setattr("pipeline.runs.leases.LASTS", timedelta(seconds=0.4))

    away = Store(store._do)
    away.upkeep = _NothingGivenBack(store._do)
    with closing(Leases(away, clock)) as leases:
        with pytest.raises(StoreError), leases.held(["host a"], what="x"):
            pass
        lost = store.upkeep.leases(["host a"])[0]
        with suppress(StoreError), leases.held(["host b"], what="y"):
            clock.now += timedelta(minutes=1)
            _wait(lambda: store.upkeep.leases(["host b"])[0].renewed == clock.now)
        assert lost == store.upkeep.leases(["host a"])[0]
    assert is_free(lost, now=clock.now, here=place())


class _NothingGivenBack(Upkeep):
    """A store whose database is away whenever something is to be given back."""

    def give_back(self, *_: object, **__: object) -> None:
        raise StoreError("the database cannot be reached", where="here")


def test_one_waits_for_a_holder_if_told_to(store: Store, clock, leases: Leases):
    """The published tree is written by one after the other."""
    with closing(Leases(store, clock)) as other:
        inside = threading.Event()

        def hold() -> None:
            with other.held(["publish"], what="y"):
                inside.set()
                time.sleep(0.5)

        thread = threading.Thread(target=hold)
        thread.start()
        inside.wait(5)
        with leases.held(["publish"], what="x", wait_s=10):
            pass
        thread.join()


def test_nobody_waits_in_a_process_that_ends(store: Store, clock, leases: Leases):
    """A stop does not take as long as the run that publishes elsewhere."""
    stopping = threading.Event()
    with (
        closing(Leases(store, clock, stopping.is_set)) as own,
        leases.held(["publish"], what="y"),
    ):
        threading.Timer(0.3, stopping.set).start()
        began = time.monotonic()
        with pytest.raises(BusyError), own.held(["publish"], what="x", wait_s=60):
            pass
        assert time.monotonic() - began < 30


def test_leases_and_runs_are_renewed_while_they_last(
    store: Store, clock, monkeypatch: pytest.MonkeyPatch
):
    """Work of hours keeps its hosts; one that was lost meanwhile knows it."""
    monkeypatch.setattr("pipeline.runs.leases.LASTS", timedelta(seconds=0.4))
    run = store.begin_run("ingest", {}, at=clock.now)
    with closing(Leases(store, clock)) as leases, leases.beating(run):
        with leases.held(["host a"], what="x") as claim:
            clock.now += timedelta(hours=1)
            _wait(lambda: store.upkeep.leases(["host a"])[0].renewed == clock.now)
            _wait(lambda: store.runs()[0].heartbeat == clock.now)
            assert not claim.lost
            put(store, foreign(clock))
            _wait(lambda: claim.lost)
        assert "elsewhere/7/1/x" == store.upkeep.leases(["host a"])[0].holder


def _is_article(path: str) -> bool:
    return path.rpartition("/")[2].startswith("t")


class TakenOver(SampleServer):
    """Sites that another machine takes over while an article is on its way."""

    take_over: Callable[[], None] | None = None

    def find(self, host: str, path: str) -> Page:
        if self.take_over is not None and _is_article(path):
            self.take_over()
            self.take_over = None
        return super().find(host, path)


@pytest.mark.parametrize("by", ["ingest", "backfill"])
def test_a_run_whose_host_was_taken_over_asks_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
):
    """It was suspended for minutes, say: two would ask the host at once. What is undone stays due."""
    monkeypatch.setattr("pipeline.runs.leases.LASTS", timedelta(seconds=0.4))
    source = "demo-qinglan"
    with TakenOver() as sites:
        settings = Settings(home=tmp_path, sources=SOURCES, connect_to=sites.connect_to)
        with runs.open_context(settings) as context:

            def take_over() -> None:
                now = context.clock()
                for host in context.catalogue.source(source).hosts:
                    lease = Lease(
                        name=f"host {host}",
                        holder="elsewhere/7/1/x",
                        claim="theirs",
                        renewed=now,
                        expires=now + timedelta(minutes=1),
                    )
                    put(context.store, lease)
                time.sleep(0.5)  # several renewals

            sites.take_over = take_over
            run_id = context.store.begin_run(by, {}, at=context.clock())
            if by == "ingest":
                report = runs.ingest_source(source, context=context, run_id=run_id)
            else:
                order = runs.Order(
                    since=date(2026, 1, 1), until=date(2026, 12, 1), max_pages=9,
                    max_articles=None, dry_run=False,
                )  # fmt: skip
                report = runs.backfill_source(
                    source, order, context=context, run_id=run_id, progress=lambda _: None
                )
            asked = [x.path for x in sites.requests if _is_article(x.path)]
            assert 1 == len(asked)
            assert "stopped: another run took over" in {x.what for x in report.problems}
            if by == "ingest":
                (work,) = due_work(context, [source])
                columns = {x.key for x in context.catalogue.columns_of(source)}
                assert columns == set(work.columns or ())


def _wait(condition) -> None:
    ends = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)
