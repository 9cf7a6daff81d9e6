"""Several writers at once, and what is left when one of them is killed."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from pipeline.errors import StoreError
from pipeline.records import Article
from pipeline.store import Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
Report = Callable[..., Article]

# A run as another process sees it: says the number of each page once it is stored
WORKER = """
import sys
from datetime import UTC, datetime
from pipeline.identity import article_id
from pipeline.records import Article, Capture, CaptureRef
from pipeline.store import Store

address, pages = sys.argv[1], int(sys.argv[2])
now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
with Store.open(address) as store:
    for n in range(pages):
        url = f"https://qinglan.example/{n}.html"
        capture = Capture(url=url, requested_url=url, status=200, headers=(), body=b"x%d" % n,
                          fetched_at=now)
        ref = CaptureRef(file="a", offset=n, length=1)
        article = Article(url=url, id=article_id(url), kind="article", title=f"{n}",
                          source="qinglan", column="yaowen", paragraphs=("a" * 3000,))
        def work():
            capture_id = store.add_capture(capture, ref)
            store.set_validators(url, etag="e", last_modified=None, capture_id=capture_id, at=now)
            return store.learn(article, capture_id=capture_id, seen_at=now, interpreter=1)
        store.atomically(work)
        print(n, flush=True)
"""


def worker(address: str, pages: int) -> "subprocess.Popen[str]":
    """A process that stores so many pages."""
    command = [sys.executable, "-c", WORKER, address, str(pages)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_threads_that_read_the_same_pages_store_them_once(store: Store, desk: Any, report: Report):
    """Schedule and backfill may meet: nothing fails and nothing is doubled."""
    pages = [report(n) for n in range(10)]

    def run(seed: int) -> list[str]:
        order = random.Random(seed).sample(pages, len(pages))
        return [store.learn(x, capture_id=None, seen_at=NOW, interpreter=1).kind for x in order]

    with ThreadPoolExecutor(6) as pool:
        kinds = [kind for kinds in pool.map(run, range(6)) for kind in kinds]
    assert (10, 50) == (kinds.count("new"), kinds.count("unchanged"))
    assert (10, 10) == (store.counts().articles, store.counts().revisions)


def test_processes_open_a_fresh_store_at_once(address: str):
    """The first one migrates, the others wait for it; pages that meet are stored once."""
    workers = [worker(address, 15) for _ in range(3)]
    for process in workers:
        process.communicate(timeout=180)
    assert [0, 0, 0] == [x.returncode for x in workers]
    with Store.open(address) as store:
        assert (15, 15, 15) == (
            store.counts().articles,
            store.counts().revisions,
            store.counts().captures,
        )


def test_killed_run_loses_nothing_acknowledged(address: str):
    """Whenever a run is killed: what it acknowledged is there, the rest is whole or absent."""
    pages, rng, acknowledged = 400, random.Random(20260302), -1
    for _ in range(3):
        process = worker(address, pages)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.uniform(0, 0.2))
        process.send_signal(signal.SIGKILL)
        lines = process.communicate()[0].split()
        acknowledged = max([acknowledged, *map(int, lines)])
        with Store.open(address) as store:
            assert_whole(store)
            assert acknowledged < store.counts().articles
    assert acknowledged < pages - 1, "no kill came in the middle of a run"
    worker(address, acknowledged + 5).communicate()
    with Store.open(address) as store:
        assert_whole(store)
        assert store.counts().articles >= acknowledged + 5


def assert_whole(store: Store) -> None:
    """Assert that every article has one revision, a capture, and a sound database under it."""
    counts = store.counts()
    assert counts.articles == counts.revisions == counts.captures
    assert [x.article_id for x in store.log(limit=1000)] == [
        x.article.id for x in sorted(store.entries(limit=1000), key=lambda x: x.seq)
    ]
    if store._do.database.engine.dialect.name == "sqlite":
        with store._do.reading() as connection:
            assert "ok" == connection.exec_driver_sql("PRAGMA integrity_check").scalar()


def test_reader_sees_one_state_while_others_write(store: Store, report: Report):
    """Publishing reads many times; all of it is of one moment, and nobody waits for it."""
    store.learn(report(1), capture_id=None, seen_at=NOW, interpreter=1)
    with store.snapshot():
        assert 1 == store.counts().articles
        with ThreadPoolExecutor(1) as pool:
            learn = pool.submit(store.learn, report(2), capture_id=None, seen_at=NOW, interpreter=1)
            assert "new" == learn.result(timeout=10).kind
        assert 1 == store.counts().articles
    assert 2 == store.counts().articles


def test_log_never_grows_behind_a_reader(server_store: Store, report: Report):
    """A number of the log that is seen means that all smaller ones were seen."""
    with ThreadPoolExecutor(1) as pool:

        def overtaking() -> None:
            server_store.learn(report(1), capture_id=None, seen_at=NOW, interpreter=1)
            nonlocal later
            later = pool.submit(
                server_store.learn, report(2), capture_id=None, seen_at=NOW, interpreter=1
            )
            time.sleep(0.3)
            assert not later.done()

        later: Any = None
        server_store.atomically(overtaking)
        later.result(timeout=10)
    assert [report(1).id, report(2).id] == [x.article_id for x in server_store.log()]


def test_writer_that_waited_in_vain_says_so(server_store: Store, monkeypatch: pytest.MonkeyPatch):
    """A hung writer elsewhere ends in a clear error and not in waiting for ever."""
    monkeypatch.setattr("pipeline.store.database.BUSY_S", 0.1)
    refused: list[str] = []

    def other() -> None:
        try:
            server_store.beat(0, at=NOW)
        except StoreError as error:
            refused.append(str(error))

    def hang() -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(other).result()

    server_store.atomically(hang)
    assert ["another process holds the database"] == [
        re.sub(r"^.*: | \(.*$", "", x) for x in refused
    ]


def test_work_is_done_again_when_the_server_drops_the_connection(
    server_store: Store, report: Report
):
    """A restart of PostgreSQL in the middle of a transaction costs another try, no record."""
    tries = []

    def work() -> None:
        server_store.learn(report(), capture_id=None, seen_at=NOW, interpreter=1)
        tries.append(1)
        if len(tries) == 1:
            cut_off(server_store)
        server_store.beat(0, at=NOW)

    def cut_off(store: Store) -> None:
        with server_store._do.reading() as c:
            own = c.execute(text("SELECT pg_backend_pid()")).scalar()
        with server_store._do.database.engine.connect() as other:
            other.execute(text(f"SELECT pg_terminate_backend({own})"))

    server_store.atomically(work)
    assert (2, 1) == (len(tries), server_store.counts().revisions)


def test_idle_connections_that_broke_are_noticed(server_store: Store):
    """After a restart of PostgreSQL the next call works."""
    engine = server_store._do.database.engine
    with engine.connect() as one, engine.connect() as other:
        (pid,) = one.execute(text("SELECT pg_backend_pid()")).one()
        one.rollback()
        other.execute(text(f"SELECT pg_terminate_backend({pid})"))
    for _ in range(3):  # whichever connection of the pool it is
        assert 0 == server_store.counts().articles


def test_error_in_the_last_try_is_told(server_store: Store, monkeypatch: pytest.MonkeyPatch):
    """A server that stays away is a clear error and no endless loop."""
    monkeypatch.setattr("pipeline.store.transactions.PAUSES_S", (0, 0))
    tries = []

    def work() -> None:
        tries.append(os.getpid())
        with server_store._do.reading() as c:
            c.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(StoreError):
        server_store.atomically(work)
    assert 3 == len(tries)
    assert server_store.begin_run("ingest", None, at=NOW)
