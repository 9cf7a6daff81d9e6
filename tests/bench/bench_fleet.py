"""One machine and a whole country: ``python tests/bench/bench_fleet.py [--sites 2843]``.

A fleet of sites of four families on the loopback address, each to be asked every two seconds
at the most, publishes news while `quwen up` polls all of it in one tick of 30 minutes: 40 an
hour for every 60 sites, which is 40 a minute for all 2,843. The store is filled beforehand, so that
most lists are unchanged. Told are requests, 304s, processor seconds, and the most memory that
quwen and the engine had together (PSS: what they share counts once).

By default a tenth of the fleet is polled, in about a tenth of the time; ``--sites 2843`` polls all.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fleet import Fleet

from pipeline.store import Store

ROOT = Path(__file__).resolve().parents[2]
ALL_SITES, NEWS_A_MINUTE = 2843, 40
MOST_MB, TICK_S = 400, 1800.0
DELAY_S = 2.0
_FILL = """
from concurrent.futures import ThreadPoolExecutor
from pipeline import runs
with runs.shared_context() as context, runs.ledger(context, "ingest", {}) as entry:
    work = runs.due_work(context, ())
    def look(batch):
        return runs.ingest_batch(batch, context=context, run_id=entry.run_id)
    with ThreadPoolExecutor(4) as pool:
        for reports in pool.map(look, runs.batches(context.catalogue, work, most=64)):
            for report in reports:
                entry.add(report)
    entry.published = runs.publish(context)
"""


def processes(root: int) -> list[int]:
    """A process and all below it."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting += parents.get(found[-1], [])
    return found


def memory_mb(pid: int) -> float:
    """What a process has in memory, its share of what it shares (PSS)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(x.split()[1]) / 1024 for x in lines if x.startswith("Pss:")), 0.0)


def cpu_s(pid: int) -> float:
    """Processor seconds that a process has used."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ended_runs(engine: str) -> list[dict[str, Any]]:
    """The engine's flow runs that have ended."""
    body = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}}}
    request = urllib.request.Request(
        f"{engine}/api/flow_runs/filter",
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return list(json.load(answer))


def environment_of(home: Path, fleet: Fleet) -> dict[str, str]:
    """The settings; the fleet's addresses are too many for one variable of some systems."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("QUWEN_", "PREFECT_"))}
    home.mkdir(parents=True, exist_ok=True)
    (home / "quwen.env").write_text(f"QUWEN_CONNECT_TO={fleet.connect_to}\n", "utf-8")
    return kept | {
        "QUWEN_HOME": str(home),
        "QUWEN_SOURCES": str(home / "sources"),
        "QUWEN_TICK": "PT30M",
        "QUWEN_LOG": "off",
        "NO_PROXY": "127.0.0.1",
        "PYTHONPATH": f"{ROOT}/src:{ROOT}",
    }


def fill(home: Path, fleet: Fleet, environment: dict[str, str]) -> None:
    """Read everything once, as fast as it goes; all of it is due again a second later."""
    fleet.delay_s = 0.0
    fleet.write_sources(home / "sources")
    soon = {"QUWEN_POLL_SHORTEST": "PT1S", "QUWEN_POLL_LONGEST": "PT1S", "QUWEN_RECHECKS": "0"}
    subprocess.run([sys.executable, "-c", _FILL], env=environment | soon, check=True, cwd=ROOT)
    fleet.delay_s = DELAY_S
    fleet.write_sources(home / "sources")
    fleet.seen.requests = fleet.seen.unchanged = 0


def poll(home: Path, fleet: Fleet, environment: dict[str, str], every_s: float) -> bool:
    """Let `quwen up` poll the fleet in one tick; whether time and memory were kept."""
    command = [sys.executable, "-m", "flows.cli", "up", "--port", "0", "--engine-port", "0"]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    try:
        engine = [process.stdout.readline() for _ in range(3)][-1].split()[-1]
        began, published, most, parts = time.monotonic(), 0, 0.0, {}
        idle = {pid: cpu_s(pid) for pid in processes(process.pid)}
        while not ended_runs(engine) and time.monotonic() - began < 2 * TICK_S:
            while published < (time.monotonic() - began) / every_s:
                fleet.publish()
                published += 1
            now = {pid: memory_mb(pid) for pid in processes(process.pid)}
            if sum(now.values()) > most:
                most, parts = sum(now.values()), now
            time.sleep(2)
        wall = time.monotonic() - began
        (run, *_) = ended_runs(engine)
        used = {pid: cpu_s(pid) - idle.get(pid, 0.0) for pid in processes(process.pid)}
    finally:
        process.terminate()
        process.wait(60)
    with Store.open(f"sqlite:///{home / 'quwen.db'}") as store:
        stored = store.counts().articles
    seen = fleet.seen
    own = used.get(process.pid, 0.0)
    print(f"{len(fleet.sites)} sources polled in {wall:.0f} s (of {TICK_S:.0f}): {run['name']}")
    print(f"{seen.requests} requests, {seen.unchanged} answered 304, {stored} articles stored")
    print(f"{published} articles published meanwhile; too soon at a host: {len(seen.hurries)}")
    print(f"processor: quwen {own:.0f} s, engine {sum(used.values()) - own:.0f} s")
    shares = ", ".join(f"{x:.0f}" for x in parts.values())
    print(f"memory at most: {most:.0f} MB of {MOST_MB} (quwen, its engine: {shares})")
    good = wall <= TICK_S and most <= MOST_MB and not seen.overlaps and not seen.hurries
    return good and run["state"]["type"] == "COMPLETED"


def main() -> int:
    """Read the options, run, tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sites", type=int, default=284)
    parser.add_argument("--stories", type=int, default=3, help="articles a site has before")
    chosen = parser.parse_args()
    every_s = 60 / NEWS_A_MINUTE * ALL_SITES / chosen.sites
    with (
        tempfile.TemporaryDirectory(prefix="quwen-fleet-") as folder,
        Fleet(chosen.sites, stories=chosen.stories, delay_s=DELAY_S) as fleet,
    ):
        home = Path(folder)
        environment = environment_of(home, fleet)
        began = time.monotonic()
        fill(home, fleet, environment)
        print(f"filled in {time.monotonic() - began:.0f} s")
        return 0 if poll(home, fleet, environment, every_s) else 1


if __name__ == "__main__":
    sys.exit(main())
