"""What `quwen up` does with the runs that it finds in the engine when it starts."""

import os
import subprocess
import sys
from uuid import UUID, uuid4

import pytest

from pipeline.runs.leases import place, this_process

pytestmark = pytest.mark.engine

TICKS, BACKFILLS = uuid4(), uuid4()


class Engine:
    """An engine's client that knows some runs and remembers what becomes of them."""

    def __init__(self, *runs) -> None:
        self.runs = runs
        self.states: dict[UUID, str] = {}

    def read_flow_runs(self, *, flow_run_filter):
        return self.runs

    def set_flow_run_state(self, run_id, state, *, force: bool = False):
        self.states[run_id] = state.name


@pytest.fixture(scope="module")
def dead() -> str:
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait()
    return f"{place()}/{process.pid}"


def left(engine: Engine) -> list[str | None]:
    """What becomes of the engine's runs."""
    from flows.up.runner import Runner  # noqa: PLC0415 - slow to import

    names = {"ingest/scheduled": TICKS, "backfill/manual": BACKFILLS}
    Runner(engine, names, "http://127.0.0.1:9/api").take_over()
    return [engine.states.get(x.id) for x in engine.runs]


def run(deployment: UUID | None, owner: str | None, *, pending: str | None = None):
    from prefect.client.schemas.objects import FlowRun  # noqa: PLC0415 - slow to import
    from prefect.states import Pending, Running  # noqa: PLC0415

    state = Pending(message=pending) if pending else Running()
    return FlowRun(flow_id=uuid4(), deployment_id=deployment, infrastructure_pid=owner, state=state)


def test_what_a_dead_process_left_is_seen_to(dead: str):
    """Its tick has ended; its backfill goes on. So with what it had only taken, not begun."""
    engine = Engine(run(TICKS, dead), run(BACKFILLS, dead), run(BACKFILLS, None, pending=dead))
    assert ["Crashed", "Interrupted", "Interrupted"] == left(engine)


def test_a_restarted_container_has_the_number_of_the_one_before():
    """A run under our own number, before we have begun any, was left behind."""
    assert ["Interrupted"] == left(Engine(run(BACKFILLS, this_process())))


def test_what_other_processes_run_is_left_to_them():
    """Of another machine, of this one, and of the engine's own workers."""
    others = ("elsewhere/4026531836/7", f"{place()}/{os.getppid()}", "worker-host:812")
    engine = Engine(*(run(TICKS, x) for x in others), run(None, None))
    assert [None] * 4 == left(engine)
