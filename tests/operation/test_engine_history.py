"""The engine's own database over 400 ticks; over 10,000 with QUWEN_LONG_TESTS=1."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from engines import give_engine

from flows.demo.sites import SOURCES, SampleServer

pytestmark = pytest.mark.engine
ROOT = Path(__file__).resolve().parents[2]

LONG = bool(os.environ.get("QUWEN_LONG_TESTS"))  # 90 s: 10,000 ticks
TICKS, A_WEEK = (10_000, 1_008) if LONG else (400, 100)  # every ten minutes
KEEP = timedelta(minutes=10 * A_WEEK)
_TABLES = (
    "flow_run",
    "flow_run_state",
    "task_run",
    "task_run_state",
    "log",
    "artifact",
    "events",
    "event_resources",
)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_FORM = "%Y-%m-%d %H:%M:%S.%f"
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}")

_CLEAN = """
import sys
from datetime import timedelta
from flows.maintain import clean_engine
clean_engine(timedelta(seconds=float(sys.argv[1])))
"""


def python(home: Path, *command: str, **env: str) -> str:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("QUWEN_", "PREFECT_"))}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=kept | {"QUWEN_HOME": str(home)} | env,
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    return done.stdout


Row = tuple[object, ...]


def one_tick(db: sqlite3.Connection) -> dict[str, list[Row]]:
    """What a real tick has left in the engine's tables."""
    return {x: db.execute(f"SELECT * FROM {x}").fetchall() for x in _TABLES}


def put(db: sqlite3.Connection, tick: dict[str, list[Row]], at: datetime, flow: str) -> None:
    """Write the same tick at another time, under other ids; the flow itself stays one."""
    ids = {flow: flow}
    late = at - datetime.now(UTC)
    moved: dict[str, str] = {}

    def shifted(found: re.Match[str]) -> str:
        if found[0] not in moved:
            moved[found[0]] = (datetime.fromisoformat(found[0]) + late).strftime(_FORM)
        return moved[found[0]]

    def changed(value: object) -> object:
        if not isinstance(value, str):
            return value
        value = _UUID.sub(lambda x: ids.setdefault(x[0], str(uuid4())), value)
        return _TIME.sub(shifted, value)

    for table, rows in tick.items():
        if not rows:
            continue
        marks = ",".join("?" * len(rows[0]))
        fresh = [tuple(map(changed, row)) for row in rows]
        db.executemany(f"INSERT INTO {table} VALUES ({marks})", fresh)


@pytest.fixture
def engine(tmp_path: Path, engine_database: Path) -> Path:
    """The database of an engine that has run one tick."""
    home = tmp_path / "home"
    give_engine(home, engine_database)
    with SampleServer() as sites:
        to = ",".join(f"{k}={v}" for k, v in sites.connect_to.items())
        kept = {"QUWEN_SOURCES": str(SOURCES), "QUWEN_CONNECT_TO": to}
        python(home, "-m", "flows.cli", "ingest", "--due", "demo-yunze", **kept)
    return home / "prefect" / "prefect.db"


def test_the_engines_history_does_not_grow_without_bound(engine: Path):
    """Over ten spans of ticks, cleaned after each, file and rows stay what two spans make."""
    with sqlite3.connect(engine) as db:
        tick = one_tick(db)
        columns = [x[1] for x in db.execute("PRAGMA table_info(flow_run)")]
    real = datetime.now(UTC)
    begin = real - timedelta(minutes=10 * TICKS)
    flow = str(tick["flow_run"][0][columns.index("flow_id")])
    sizes, left = [], []
    for first in range(0, TICKS, A_WEEK):
        last = min(first + A_WEEK, TICKS)
        with sqlite3.connect(engine) as db:
            for n in range(first, last):
                put(db, tick, begin + timedelta(minutes=10 * n), flow)
        now = begin + timedelta(minutes=10 * last)
        python(engine.parents[1], "-c", _CLEAN, str((real - now + KEEP).total_seconds()))
        with sqlite3.connect(engine) as db:
            left.append(db.execute("SELECT count(*) FROM flow_run").fetchone()[0])
            pages = db.execute("PRAGMA page_count").fetchone()[0]
            sizes.append(pages * db.execute("PRAGMA page_size").fetchone()[0])
    print(json.dumps({"runs": left, "bytes": sizes}))
    assert max(left) <= A_WEEK + 2
    assert sizes[-1] <= 1.1 * sizes[2]
