"""Runs what the engine has scheduled: ticks in this process, long work in processes of its own.

The engine's own runner starts an interpreter for every run, which costs more
than a tick, and leaves runs behind as running when it is stopped.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

import flows.engine  # noqa: F401  isort: skip - sets the engine up before it is imported
import httpx
from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun as StoredRun
from prefect.client.schemas.objects import State, StateType
from prefect.client.schemas.responses import FlowRunResponse
from prefect.exceptions import PrefectException
from prefect.flow_engine import run_flow
from prefect.states import Cancelled, Crashed, Pending

from flows.resume import MOST_STARTS, put_off
from flows.up.bound import give_back
from flows.up.deployed import ENTRYPOINTS, FLOWS, LIGHT
from flows.up.server import answers
from pipeline.runs.leases import has_died, place, this_process

FlowRun = StoredRun | FlowRunResponse

log = logging.getLogger("quwen.up")

POLL_S = 2.0
_STOP_S = 25.0
_GOES_ON = "goes on at the next start"

AWAY = (httpx.HTTPError, PrefectException, OSError)
"""What calls to a server raise that is away or will not have it."""


class Runner:
    """Runs the flow runs of deployments, by their numbers, one at a time for each deployment."""

    def __init__(
        self, client: SyncPrefectClient, deployments: Mapping[str, UUID], api: str
    ) -> None:
        self._client = client
        self._names = {number: name for name, number in deployments.items()}
        self._api = api
        self._threads: dict[str, threading.Thread] = {}
        self._processes: dict[str, tuple[FlowRun, subprocess.Popen[bytes]]] = {}

    def take_over(self) -> None:
        """See to the runs that a process of this machine left behind.

        Long work is begun again and goes on where it stopped; ticks are not:
        the next one takes what they left. What other machines run is left to them,
        and to the engine's automation for runs that do not beat any more.
        """
        left = (StateType.RUNNING, StateType.PENDING, StateType.CANCELLING)
        chosen = FlowRunFilter.model_validate({"state": {"type": {"any_": left}}})
        for run in self._client.read_flow_runs(flow_run_filter=chosen):
            name = self._names.get(run.deployment_id) if run.deployment_id else None
            if name is None or not _is_left(run):
                continue
            log.warning("%s was left behind by a process that ended", run.name)
            if name in LIGHT or run.run_count >= MOST_STARTS:
                gone: State[object] = Crashed(message="the process that ran it has ended")
                self._client.set_flow_run_state(run.id, gone, force=True)
            else:
                put_off(self._client, run.id, _GOES_ON)

    def start_now(self, name: str) -> None:
        """Have a deployment run at once, with the parameters of its schedule."""
        number = next(k for k, v in self._names.items() if v == name)
        self._client.create_flow_run_from_deployment(number, parameters={"due_only": True})

    def round(self) -> None:
        """Start what is due and see what has ended. Calls to the server may raise `AWAY`."""
        self._clear()
        due = self._client.get_scheduled_flow_runs_for_deployments(
            list(self._names), scheduled_before=datetime.now(UTC), limit=200
        )
        by_name: dict[str, list[FlowRun]] = defaultdict(list)
        for run in due:
            if run.deployment_id is not None:
                by_name[self._names[run.deployment_id]].append(run)
        for name, waiting in by_name.items():
            self._start(name, waiting)

    def stop(self) -> None:
        """Let what runs here end, and put off what runs in other processes to the next start."""
        for _, process in self._processes.values():
            _signal(process, signal.SIGTERM)
        ends = time.monotonic() + _STOP_S
        for thread in self._threads.values():
            thread.join(max(0.1, ends - time.monotonic()))
        for run, process in self._processes.values():
            try:
                process.wait(max(0.1, ends - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()
            if process.returncode != 0 and answers(self._api):
                put_off(self._client, run.id, _GOES_ON)

    def _start(self, name: str, waiting: Sequence[FlowRun]) -> None:
        waiting = self._newest_tick(waiting)
        busy = name in self._threads or name in self._processes
        if busy:
            for run in waiting:
                if run.auto_scheduled:
                    self._cancel(run, "the tick before it is still running")
            return
        if not waiting:
            return
        run = min(waiting, key=lambda x: x.expected_start_time or datetime.now(UTC))
        mine: State[object] = Pending(message=this_process())
        if self._client.set_flow_run_state(run.id, mine).status.value != "ACCEPT":
            return  # another machine was faster
        self._client.update_flow_run(run.id, infrastructure_pid=this_process())
        if name in LIGHT:
            thread = threading.Thread(
                target=run_here, args=(FLOWS[name], run.id, self._api), name=name
            )
            self._threads[name] = thread
            thread.start()
        else:
            self._processes[name] = (run, _run_apart(name, run))

    def _newest_tick(self, waiting: Sequence[FlowRun]) -> list[FlowRun]:
        """What is left when ticks are gone that a newer one has overtaken: it takes their work."""
        ticks = sorted(
            (x for x in waiting if x.auto_scheduled),
            key=lambda x: x.expected_start_time or datetime.now(UTC),
        )
        for run in ticks[:-1]:
            self._cancel(run, "missed; the next tick takes what was due")
        return [x for x in waiting if not x.auto_scheduled] + ticks[-1:]

    def _cancel(self, run: FlowRun, why: str) -> None:
        self._client.set_flow_run_state(run.id, Cancelled(message=why), force=True)

    def _clear(self) -> None:
        """Forget threads and processes that have ended; end those that are to be cancelled."""
        self._threads = {k: v for k, v in self._threads.items() if v.is_alive()}
        for name, (run, process) in list(self._processes.items()):
            code = process.poll()
            state = self._client.read_flow_run(run.id).state
            cancelling = state is not None and state.type == StateType.CANCELLING
            if code is None:
                if cancelling:
                    _signal(process, signal.SIGTERM)
                continue
            del self._processes[name]
            if cancelling:
                self._cancel(run, "cancelled")
            elif state is not None and not state.is_final() and not state.is_scheduled():
                crashed: State[object] = Crashed(message=f"its process ended with code {code}")
                self._client.set_flow_run_state(run.id, crashed, force=True)


def _is_left(run: FlowRun) -> bool:
    """Whether the process that took a run has died; ours has taken none before it took over."""
    pending = run.state.message if run.state is not None and run.state.is_pending() else None
    owner = run.infrastructure_pid or pending or ""
    return owner == this_process() or has_died(owner, here=place())


def run_here(flow: Flow[..., object], run_id: UUID, api: str) -> None:
    """Run a flow in this thread; what goes wrong is in the engine and in our ledger."""
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - a client a thread

    try:
        with get_client(sync_client=True) as client:
            run = client.read_flow_run(run_id)
        run_flow(flow, flow_run=run, return_type="state")
    except AWAY as error:
        log.error("%s: the engine at %s cannot be reached: %s", flow.name, api, error)
    except Exception:
        log.exception("%s ended with an error", flow.name)
    finally:
        give_back()


def _run_apart(name: str, run: FlowRun) -> subprocess.Popen[bytes]:
    command = [
        *(sys.executable, "-m", "flows.up.bound", str(os.getpid())),
        *(sys.executable, "-m", "prefect.engine"),
    ]
    own = {"PREFECT__FLOW_RUN_ID": str(run.id), "PREFECT__FLOW_ENTRYPOINT": ENTRYPOINTS[name]}
    return subprocess.Popen(  # noqa: S603 - our own command
        command, env={**os.environ, **own}, stdin=subprocess.DEVNULL, start_new_session=True
    )


def _signal(process: subprocess.Popen[bytes], which: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(which)
