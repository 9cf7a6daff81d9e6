"""Runs over the tests' site in processes that can be killed at any moment.

A program of its own: it has everything imported and no thread, and forks a
process for each run. Reads a line of JSON an order: ``home``, ``sources``,
``connect_to``, ``now``, ``acknowledged`` (a file that names of archived records
are appended to) and ``kill_after_s``, None for a run that is let alone. Answers
with a line: the exit status, and how many seconds the run took.
"""

import json
import os
import signal
import sys
import time
import traceback
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline import runs
from pipeline.archive import Archive
from pipeline.interpret import interpret
from pipeline.records import Capture, CaptureRef
from pipeline.settings import Settings

SOURCE = "sd-qinglan"


@dataclass(frozen=True)
class Acknowledging:
    """The archive, with a line to a file for each response that it has acknowledged."""

    archive: Archive
    told: int

    def write(self, capture: Capture) -> CaptureRef:
        ref = self.archive.write(capture)
        os.write(self.told, f"{ref.record_id}\n".encode())
        return ref

    def __getattr__(self, name: str) -> Any:
        return getattr(self.archive, name)


def work(order: dict[str, Any]) -> None:
    """One run as a schedule does it: read, store, publish."""
    now = datetime.fromisoformat(order["now"])
    settings = Settings(
        home=Path(order["home"]), sources=Path(order["sources"]), connect_to=order["connect_to"]
    )
    told = os.open(order["acknowledged"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with runs.open_context(settings, clock=lambda: now) as opened:
        archive: Any = Acknowledging(opened.archive, told)
        context = replace(opened, archive=archive)
        with runs.ledger(context, "ingest", {}) as entry:
            entry.add(runs.ingest_source(SOURCE, context=context, run_id=entry.run_id))
            entry.published = runs.publish(context)
        problems = [x for report in entry.reports for x in report.problems]
        if problems:
            raise SystemExit(str(problems))


def obey(order: dict[str, Any]) -> tuple[int, float]:
    """Let one run happen; how it ended and how long it took."""
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work(order)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    if order["kill_after_s"] is not None:
        time.sleep(order["kill_after_s"])
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return status, time.monotonic() - began


def warm() -> None:
    """Load what is loaded at first use, so that it is not loaded in each run."""
    page = "<h1>第1次会议</h1><p>2026-11-20</p><p>區政府召開第1次常務會議，研究工作。</p>".encode()
    url = "http://qinglan.example/1.html"
    interpret(
        Capture(
            url=url,
            requested_url=url,
            status=200,
            headers=(),
            body=page,
            fetched_at=datetime(2026, 11, 20, tzinfo=UTC),
        )
    )


if __name__ == "__main__":
    warm()
    for line in sys.stdin:
        print(json.dumps(obey(json.loads(line))), flush=True)
