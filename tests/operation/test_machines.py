"""Two machines with one database and one S3-compatible store read as one would."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1]))  # for fleet.py and emulator.py

from emulator import s3
from fleet import FAMILIES, Fleet

from pipeline import runs
from pipeline.settings import Settings
from pipeline.store import Entry, Store

pytestmark = pytest.mark.long

_WORKER = """
import signal, sys, threading
from concurrent.futures import ThreadPoolExecutor
from pipeline import runs

stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
with runs.shared_context() as context, ThreadPoolExecutor(4) as pool:
    while not stop.wait(0.2):
        work = runs.due_work(context, ())
        if not work:
            continue
        with runs.ledger(context, "ingest", {}) as entry:
            def look(batch):
                return runs.ingest_batch(batch, context=context, run_id=entry.run_id)
            for reports in pool.map(look, runs.batches(context.catalogue, work, most=8)):
                for report in reports:
                    entry.add(report)
            entry.published = runs.publish(context)
            problem = entry.published.mirrored.problem
            if problem:
                sys.exit(problem)
"""


@pytest.fixture
def fleet() -> Iterator[Fleet]:
    with Fleet(10, stories=8, families=(*FAMILIES, "ucap"), delay_s=0.1) as sites:
        yield sites


@pytest.fixture
def shared(fleet: Fleet, tmp_path: Path, postgres_schema: str) -> Iterator[dict[str, str]]:
    """What both machines are told: nothing but settings."""
    fleet.write_sources(tmp_path / "sources")
    with s3("quwen") as place:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("QUWEN_", "AWS_"))}
        yield (
            kept
            | place
            | {
                "QUWEN_DATABASE_URL": postgres_schema,
                "QUWEN_ARCHIVE_S3": "s3://quwen/archive",
                "QUWEN_PUBLIC_S3": "s3://quwen/public",
                "QUWEN_SOURCES": str(tmp_path / "sources"),
                "QUWEN_CONNECT_TO": fleet.connect_to,
                "QUWEN_RECHECKS": "0",
                "QUWEN_POLL_SHORTEST": "PT2S",
                "QUWEN_POLL_LONGEST": "PT2S",
            }
        )


@contextmanager
def machine(home: Path, shared: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", _WORKER],
        env=shared | {"QUWEN_HOME": str(home)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    assert 0 == process.wait(60), process.stderr.read() if process.stderr else ""


def wait(what: str, condition: Callable[[], Any], seconds: float = 180) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, what
        time.sleep(0.3)


def everything(store: Store) -> Iterator[Entry]:
    last = ""
    while found := store.walk(last):
        yield from found
        last = found[-1].article.id


def holds(store: Store, wanted: dict[str, str]) -> bool:
    """Whether all is stored; counted first, since it is asked again and again."""
    if store.counts().articles != len(wanted):
        return False
    return wanted == {x.article.url: x.article.text for x in everything(store)}


def test_two_machines_store_what_one_would(
    fleet: Fleet, shared: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """No host is asked twice at once; one is killed in the middle, and the other takes over."""
    address = shared["QUWEN_DATABASE_URL"]
    with machine(tmp_path / "a", shared) as one, machine(tmp_path / "b", shared) as other:
        wait("both are at work", lambda: len(fleet.seen.articles) > 20)
        one.kill()
        for _ in range(10):
            fleet.publish()
        with Store.open(address) as store:
            wait("all is stored", lambda: holds(store, fleet.texts()))
        end(other)
    assert ([], []) == (fleet.seen.overlaps, fleet.seen.hurries)
    again = sum(n - 1 for n in fleet.seen.articles.values())
    assert again <= 8, "no more than what was in the killed machine's hands"

    with machine(tmp_path / "a", shared) as one:  # it comes back, and hands over what it had
        wait("it is back", (tmp_path / "a" / "archive" / ".copied").exists)
        end(one)
    for name, value in shared.items():
        monkeypatch.setenv(name, value)
    third = Settings(home=tmp_path / "c")
    with runs.open_context(third) as context:
        refs = [x.ref for x in context.store.captures(limit=10_000)]
        assert len(refs) > 80
        for ref in refs:
            context.archive.read(ref)
    _compare_with_one(fleet, tmp_path, address)


def _compare_with_one(fleet: Fleet, tmp_path: Path, address: str) -> None:
    to = dict(x.split("=") for x in fleet.connect_to.split(","))
    settings = Settings(
        home=tmp_path / "alone",
        database_url=None,
        archive_s3="",
        public_s3="",
        sources=tmp_path / "sources",
        connect_to=to,
    )
    with runs.open_context(settings) as context, runs.ledger(context, "ingest", {}) as entry:
        for site in fleet.sites.values():
            runs.ingest_source(site.id, context=context, run_id=entry.run_id)
        alone = {x.article.id: x.article for x in everything(context.store)}
    with Store.open(address) as store:
        together = {x.article.id: x.article for x in everything(store)}
    assert alone == together
