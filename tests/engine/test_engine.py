"""The flow engine with the versions we pin: it runs flows, and its scheduler lives.

Newer versions of what it stands on break one or the other, and `pip check` shows neither.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1]))  # for engines.py

from engines import engine_database, give_engine

__all__ = ["engine_database"]

pytestmark = pytest.mark.engine
ROOT = Path(__file__).resolve().parents[2]
PREFECT = Path(sys.executable).parent / "prefect"


@dataclass(frozen=True)
class Engine:
    api: str
    environment: dict[str, str]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def send(self, path: str, body: Any) -> bytes:
        request = urllib.request.Request(
            self.api + path,
            data=json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def post(self, path: str, body: Any) -> Any:
        return json.loads(self.send(path, body))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, engine_database: Path) -> Iterator[Engine]:
    home = tmp_path_factory.mktemp("engine")
    give_engine(home, engine_database)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    api = f"http://127.0.0.1:{port}/api"
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "QUWEN_"))},
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "QUWEN_HOME": str(home / "quwen"),
        "NO_PROXY": "127.0.0.1",
    }
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [PREFECT, "server", "start", "--host", "127.0.0.1", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
        try:
            _wait_for(api + "/health", server, home / "server.log")
            yield Engine(api, environment)
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(180):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    pytest.fail(f"the engine's server did not start:\n{log.read_text()[-2000:]}")


def test_deployments_are_accepted_and_scheduled(engine: Engine):
    """All deployments register, and the scheduler plans the next tick."""
    made = engine.run(str(PREFECT), "work-pool", "create", "local", "--type", "process")
    assert 0 == made.returncode, made.stdout + made.stderr
    deployed = engine.run(
        str(PREFECT), "--no-prompt", "deploy", "--all", "--prefect-file", "deployments/prefect.yaml"
    )
    assert 0 == deployed.returncode, deployed.stdout + deployed.stderr
    found = engine.post("/deployments/filter", {})
    assert {"ingest", "backfill", "maintain", "publish", "reparse"} == {
        x["entrypoint"].rpartition(".")[2] for x in found
    }
    (schedule,) = next(x for x in found if x["entrypoint"].endswith(".ingest"))["schedules"]
    assert "Asia/Shanghai" == schedule["schedule"]["timezone"]
    planned: list[Any] = []
    for _ in range(60):
        planned = engine.post(
            "/flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
        )
        if planned:
            break
        time.sleep(1)
    assert planned, "the scheduler planned no run within a minute"
    assert all("scheduled" in x["name"] or x["auto_scheduled"] for x in planned)


def test_a_flow_runs_to_its_end(engine: Engine, tmp_path: Path):
    """The publish flow of an empty store completes on this server, and stays in its home."""
    done = engine.run(
        sys.executable,
        "-c",
        "from flows.publish import publish\n"
        "state = publish(return_state=True)\n"
        "print(state.type.value, state.name)",
    )
    assert 0 == done.returncode, done.stderr[-2000:]
    assert "COMPLETED Completed" == done.stdout.strip().splitlines()[-1]


def test_a_tick_with_nothing_due_publishes_what_is_not_published(engine: Engine, tmp_path: Path):
    """What a stopped tick read is not left until another column is due."""
    told = Engine(engine.api, engine.environment | {"QUWEN_HOME": str(tmp_path / "home")})
    done = told.run(
        sys.executable,
        "-c",
        "from flows.ingest import ingest\n"
        "for _ in range(2):\n"
        "    print(ingest(due_only=True, return_state=True).name)",
    )
    assert 0 == done.returncode, done.stderr[-2000:]
    assert ["Completed", "NothingDue"] == done.stdout.split()[-2:]
    assert (tmp_path / "home" / "public" / "index.html").is_file()


MAILS = """
import sys
from aiosmtpd.controller import Controller


class Box:
    async def handle_DATA(self, server, session, envelope):
        with open(sys.argv[1], "ab") as file:
            file.write(envelope.content)
        return "250 kept"


box = Controller(Box(), hostname="127.0.0.1", port=int(sys.argv[2]))
box.start()
print("ready", flush=True)
sys.stdin.read()
box.stop()
"""


def test_the_engine_mails_alarms_and_ends_dead_runs(engine: Engine, tmp_path: Path):
    """Automations are made once, however often; an event of alarms becomes a mail."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    box = tmp_path / "box"
    own = {"QUWEN_MAIL_SERVER": f"smtp://127.0.0.1:{port}", "QUWEN_MAIL_TO": "ops@example.org"}
    told = Engine(engine.api, engine.environment | own)
    command = [sys.executable, "-c", MAILS, str(box), str(port)]
    mails = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert mails.stdout is not None
        assert b"ready\n" == mails.stdout.readline()
        for _ in range(2):
            done = told.run(sys.executable, "-m", "flows.automations")
            assert 0 == done.returncode, done.stderr[-2000:]
        made = {x["name"]: x for x in engine.post("/automations/filter", {})}
        assert sorted(done.stdout.splitlines()) == sorted(made)
        assert 3 == len(made) == len(engine.post("/automations/filter", {}))
        zombies = made["quwen: end runs whose process is gone"]["trigger"]
        assert ("Proactive", 540) == (zombies["posture"], zombies["within"])
        event = {
            "event": "quwen.alarms.changed",
            "occurred": datetime.now(UTC).isoformat(),
            "resource": {"prefect.resource.id": "quwen.alarms"},
            "payload": {"summary": "1 alarm opened", "text": "demo-yunze/yzyw empty"},
            "id": str(uuid4()),
        }
        ends = time.monotonic() + 60
        while not box.exists() and time.monotonic() < ends:
            engine.send("/events", [event | {"id": str(uuid4())}])
            time.sleep(3)  # the server learns of new automations a little later
        text = box.read_text()
        assert "Subject: quwen: 1 alarm opened" in text
        assert "demo-yunze/yzyw empty" in text
    finally:
        mails.communicate()
    gone = engine.run(sys.executable, "-m", "flows.automations")
    assert "mail" not in gone.stdout, "without a mail server its automations go"
    assert 1 == len(engine.post("/automations/filter", {}))


_DEAD_RUN = """
import time
from datetime import timedelta
from flows import automations
from flows.ingest import ingest
from pipeline.settings import load_settings
from prefect.client.orchestration import get_client
from prefect.events import emit_event
from prefect.states import Running

automations._HEARTBEAT = timedelta(seconds=4)
with get_client(sync_client=True) as client:
    automations.register_automations(client, load_settings())
    time.sleep(5)  # the server reads automations anew every few seconds
    run, other = (client.create_flow_run(ingest, state=Running(), tags=["quwen"]) for _ in "ab")

    def beat(x):
        emit_event(
            event="prefect.flow-run.heartbeat",
            resource={"prefect.resource.id": f"prefect.flow-run.{x.id}", "prefect.resource.name": "x"},
            related=[{"prefect.resource.id": "prefect.tag.quwen", "prefect.resource.role": "tag"}],
        )

    beat(run)
    for _ in range(60):
        beat(other)
        time.sleep(2)
        if client.read_flow_run(run.id).state.is_crashed():
            break
    for x in (run, other):
        print(client.read_flow_run(x.id).state.name)
"""


def test_a_run_that_beats_no_more_is_ended(engine: Engine):
    """Three heartbeats after the last one, here of four seconds; one that beats goes on."""
    done = engine.run(sys.executable, "-c", _DEAD_RUN)
    assert ["Crashed", "Running"] == done.stdout.split(), done.stderr[-2000:]


_CRASHED_RUNS = """
from datetime import timedelta
from flows.resume import resume_long_work
from flows.up.deployed import register
from prefect.client.orchestration import get_client
from prefect.states import Cancelled, Crashed, Running

with get_client(sync_client=True) as client:
    numbers = register(client, tick=timedelta(hours=1), sources=["demo-yunze"])
    runs = []

    def begin(name, times, end):
        wanted = {"source": "demo-yunze", "since": "2026-01-01"} if name.startswith("b") else {}
        run = client.create_flow_run_from_deployment(numbers[name], parameters=wanted)
        for _ in range(times):
            client.set_flow_run_state(run.id, Running(), force=True)
        client.set_flow_run_state(run.id, end, force=True)
        runs.append(run)

    begin("backfill/manual", 1, Crashed())
    begin("backfill/manual", 1, Cancelled())
    begin("backfill/manual", 5, Crashed())
    begin("backfill/manual", 0, Crashed())
    begin("reparse/manual", 2, Crashed())
    begin("ingest/scheduled", 1, Crashed())
    for _ in range(2):
        resume_long_work()
    for run in runs:
        print(client.read_flow_run(run.id).state.name)
    due = client.get_scheduled_flow_runs_for_deployments([numbers["backfill/manual"]])
    print(sum(x.id == runs[0].id for x in due), due[0].parameters["since"])
"""


def test_long_work_that_crashed_is_begun_again(engine: Engine):
    """Not what was cancelled, what never began, what crashed again and again, and no ticks."""
    done = engine.run(sys.executable, "-c", _CRASHED_RUNS)
    wanted = ["Interrupted", "Cancelled", "Crashed", "Crashed", "Interrupted", "Crashed"]
    assert [*wanted, "1", "2026-01-01"] == done.stdout.split(), done.stderr[-2000:]
