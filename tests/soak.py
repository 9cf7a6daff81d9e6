"""Two machines reading a faulty fleet for hours, with restarts in between: ``python tests/soak.py``.

One PostgreSQL holds the store, one engine the runs, two `quwen up` read on ticks of ten
seconds; 2 % of the answers are faults, articles appear and change all the time. Database,
engine and one of the machines are stopped or killed again and again. At the end every
article must be stored once, with the text and the versions that its site had, no host may
have been asked twice at once, and the machine that was left alone must not have grown.
``make soak`` runs two hours of it; exit code 1 where something is wrong.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from fleet import FAMILIES, Fleet
from postgres import Server

from pipeline.store import Store

ROOT = Path(__file__).resolve().parents[1]
WARM_S = 600.0
"""Memory is compared with what it is after ten minutes."""
GROWTH = 0.05
SETTLE_S = 600.0
"""At the end the last news are waited for: ticks of a busy machine take minutes."""
CALM = 0.12
"""The share of the time, at the end, in which nothing is stopped any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is run. ``every_s`` seconds pass between two disturbances."""

    seconds: float = 7200.0
    sites: int = 40
    tick_s: int = 10
    every_s: float = 300.0
    faults: float = 0.02
    news_s: float = 2.0
    stories: int = 30


@dataclass(slots=True)
class Outcome:
    """What came of it; ``wrong`` is empty where all is well."""

    wrong: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)


class Program:
    """A program that is started, stopped and killed."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], log: Path):
        self.name = name
        self._command = command
        self._environment = environment
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.bytes: list[tuple[float, int]] = []

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
        self.bytes.clear()

    def end(self, how: signal.Signals, patience_s: float = 60.0) -> int:
        """Send a signal and wait; the exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        try:
            return self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def restart(self, how: signal.Signals, *, away_s: float = 0.0) -> None:
        self.end(how)
        time.sleep(away_s)
        self.start()

    def weigh(self) -> None:
        """Note how much memory it has (RSS)."""
        assert self.process is not None
        with suppress(OSError):
            pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
            self.bytes.append((time.monotonic(), pages * os.sysconf("SC_PAGE_SIZE")))

    def growth(self) -> float | None:
        """Memory of the last fifth beside that after ten minutes; None before it is told."""
        if not self.bytes or self.bytes[-1][0] - self.bytes[0][0] < 1.5 * WARM_S:
            return None
        began, ended = self.bytes[0][0], self.bytes[-1][0]
        warm = [n for at, n in self.bytes if WARM_S <= at - began <= 1.2 * WARM_S]
        last = [n for at, n in self.bytes if ended - at <= 0.2 * (ended - began - WARM_S)]
        return statistics.median(last) / statistics.median(warm) - 1


@dataclass(slots=True)
class World:
    """Everything that runs."""

    plan: Plan
    folder: Path
    fleet: Fleet
    postgres: Server
    engine: Program
    machines: tuple[Program, ...]
    api: str


@contextmanager
def world(plan: Plan, folder: Path) -> Iterator[World]:
    """Start everything; end it again."""
    from flows.up.server import free_port  # noqa: PLC0415

    with ExitStack() as stack:
        fleet = stack.enter_context(
            Fleet(plan.sites, stories=plan.stories, families=(*FAMILIES, "ucap"), delay_s=0.2)
        )
        fleet.write_sources(folder / "sources", timeout_s=2, max_pages=2)
        postgres = Server(folder)
        stack.callback(postgres.close)
        port = free_port("127.0.0.1")
        api = f"http://127.0.0.1:{port}/api"
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("QUWEN_", "PREFECT_"))}
        shared = kept | {
            "NO_PROXY": "127.0.0.1",
            "PREFECT_API_URL": api,
            "QUWEN_DATABASE_URL": postgres.address,
            "QUWEN_SOURCES": str(folder / "sources"),
            "QUWEN_CONNECT_TO": fleet.connect_to,
            "QUWEN_TICK": f"PT{plan.tick_s}S",
            "QUWEN_POLL_SHORTEST": "PT1S",
            "QUWEN_POLL_LONGEST": f"PT{max(1, plan.tick_s - 2)}S",
            "QUWEN_LOG": "json",
        }
        engine = Program(
            "engine",
            [sys.executable, "-m", "flows.up.bound", str(os.getpid()), sys.executable, "-c",
             "import flows.engine, uvicorn\nuvicorn.run('prefect.server.api.server:create_app', "
             f"factory=True, host='127.0.0.1', port={port}, log_level='error')"],
            shared | {"QUWEN_HOME": str(folder / "engine")},
            folder / "engine.log",
        )  # fmt: skip
        machines = tuple(
            Program(
                f"machine {n}",
                [sys.executable, "-m", "flows.up.bound", str(os.getpid()), sys.executable, "-m",
                 "flows.cli", "up", "--port", "0"],
                shared | {"QUWEN_HOME": str(folder / f"machine{n}")},
                folder / f"machine{n}.log",
            )
            for n in (1, 2)
        )  # fmt: skip
        for program in (engine, *machines):
            stack.callback(_kill, program)
        engine.start()
        _until("the engine answers", lambda: _answers(api) or _ended(engine), 300)
        for program in machines:
            program.start()
        yield World(plan, folder, fleet, postgres, engine, machines, api)


def _kill(program: Program) -> None:
    if program.process is not None and program.process.poll() is None:
        program.process.kill()
        program.process.wait()


def _ended(program: Program) -> bool:
    if program.process is not None and program.process.poll() is None:
        return False
    raise RuntimeError(f"{program.name} ended: {program.log.read_text()[-2000:]}")


def _answers(api: str) -> bool:
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=3) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _until(what: str, condition: Callable[[], Any], seconds: float) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > ends:
            raise TimeoutError(f"not within {seconds:.0f} s: {what}")
        time.sleep(1)


def _post(address: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(
        address, data=json.dumps(body).encode(), headers={"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def disturbances(w: World) -> Iterator[tuple[str, Callable[[], None]]]:
    """What is stopped, in turn, for ever; the first machine is left alone."""
    second = w.machines[1]
    while True:
        yield "engine killed", lambda: w.engine.restart(signal.SIGKILL)
        yield "database crashed", lambda: w.postgres.restart("immediate")
        yield "machine 2 killed", lambda: second.restart(signal.SIGKILL)
        yield "backfill ordered", lambda: _order_backfill(w)
        yield "database away for 12 s", lambda: w.postgres.restart("fast", away_s=12)
        yield "machine 2 stopped", lambda: second.restart(signal.SIGTERM)
        yield "engine away for 15 s", lambda: w.engine.restart(signal.SIGTERM, away_s=15)


def _order_backfill(w: World) -> None:
    with suppress(OSError, StopIteration):  # the engine may be on its way up
        found = _post(f"{w.api}/deployments/filter", {})
        number = next(x["id"] for x in found if x["entrypoint"].endswith("backfill"))
        for site in list(w.fleet.sites.values())[:3]:
            wanted = {"source": site.id, "since": "2026-01-01"}
            _post(f"{w.api}/deployments/{number}/create_flow_run", {"parameters": wanted})


def go(plan: Plan, folder: Path, say: Callable[[str], None]) -> Outcome:
    """Run it; what came of it."""
    outcome = Outcome()
    with world(plan, folder) as w:
        _until("first articles are stored", lambda: _stored(w), 300)
        say(f"begun after the first articles; logs in {folder}")
        w.fleet.fault_share = plan.faults
        _endure(w, say, outcome)
        w.fleet.fault_share = 0.0
        wanted = w.fleet.texts()
        with suppress(TimeoutError):
            _until("all articles are stored", lambda: _texts(w) == wanted, SETTLE_S)
        grown = {x.name: x.growth() for x in (w.engine, *w.machines)}
        peaks = {
            x.name: max((n for _, n in x.bytes), default=0) >> 20 for x in (w.engine, *w.machines)
        }
        with ThreadPoolExecutor() as pool:
            codes = list(pool.map(lambda x: x.end(signal.SIGTERM, 120), w.machines))
        outcome.figures |= {"growth": grown, "most MB": peaks}
        if any(codes):
            outcome.wrong.append(f"machines ended with codes {codes}")
        growth = grown["machine 1"]
        if growth is not None and growth > GROWTH:
            outcome.wrong.append(f"machine 1 grew by {growth:.1%} after the first ten minutes")
        _judge(w, wanted, outcome)
    return outcome


def _endure(w: World, say: Callable[[str], None], outcome: Outcome) -> None:
    """Let it run: news, edits, disturbances, a look at the memory."""
    began = time.monotonic()
    trouble, told = disturbances(w), 0
    next_news, next_trouble, next_look = 0.0, w.plan.every_s, 0.0
    done: list[str] = []
    while (now := time.monotonic() - began) < w.plan.seconds:
        if now >= next_news:
            w.fleet.publish()
            if told % 3 == 0:
                w.fleet.edit()
            told, next_news = told + 1, next_news + w.plan.news_s
        if now >= next_trouble and now < w.plan.seconds * (1 - CALM):
            name, act = next(trouble)
            act()
            done.append(name)
            say(f"{now:6.0f} s  {name}")
            next_trouble = time.monotonic() - began + w.plan.every_s
        if now >= next_look:
            for program in (w.engine, *w.machines):
                if program.process is not None and program.process.poll() is not None:
                    outcome.wrong.append(f"{program.name} ended by itself after {now:.0f} s")
                    program.start()
                program.weigh()
            next_look = now + 5
            if int(now) % 60 < 5:
                held = ", ".join(
                    f"{x.name} {x.bytes[-1][1] >> 20} MB"
                    for x in (w.engine, *w.machines)
                    if x.bytes
                )
                say(f"{now:6.0f} s  {w.fleet.seen.requests} requests, {_stored(w)} stored, {held}")
        time.sleep(0.2)
    outcome.figures |= {"disturbances": done, "published": told}


def _stored(w: World) -> int:
    try:
        with Store.open(w.postgres.address) as store:
            return store.counts().articles
    except Exception:
        return 0


def _texts(w: World) -> dict[str, str]:
    try:
        with Store.open(w.postgres.address) as store:
            return {x.article.url: x.article.text for x in _entries(store)}
    except Exception:
        return {}


def _entries(store: Store) -> Iterator[Any]:
    last = ""
    while found := store.walk(last):
        yield from found
        last = found[-1].article.id


def _judge(w: World, wanted: dict[str, str], outcome: Outcome) -> None:
    """Compare what is stored and published with what the sites had."""
    seen, wrong = w.fleet.seen, outcome.wrong
    versions = {x.url(s): s.version for x in w.fleet.sites.values() for s in x.stories}
    with Store.open(w.postgres.address) as store:
        entries = list(_entries(store))
        urls = [x.article.url for x in entries]
        lost = wanted.keys() - set(urls)
        strange = set(urls) - wanted.keys()
        stale = [x.article.url for x in entries if wanted.get(x.article.url) != x.article.text]
        for entry in entries:
            known = store.history(entry.article.id)
            texts = {x.article.text for x in known}
            if not len(texts) == len(known) <= versions.get(entry.article.url, 0):
                told = [
                    f"{x.kind} {x.seen_at:%H:%M:%S} of {x.capture_id}: {x.reason}" for x in known
                ]
                wrong.append(
                    f"{entry.article.url}: {versions.get(entry.article.url)} versions, {told}"
                )
        runs = store.runs(limit=100_000)
    if lost or strange or stale or len(urls) != len(set(urls)):
        wrong.append(f"{len(lost)} lost, {len(strange)} strange, {len(stale)} stale articles")
    if seen.overlaps:
        wrong.append(f"hosts asked twice at once: {seen.overlaps[:5]} ({len(seen.overlaps)})")
    if seen.hurries:
        wrong.append(f"hosts asked too soon: {seen.hurries[:5]} ({len(seen.hurries)})")
    _judge_tree(w, len(urls), outcome)
    states: dict[str, int] = {}
    for run in runs:
        states[f"{run.kind} {run.state}"] = states.get(f"{run.kind} {run.state}", 0) + 1
    outcome.figures |= {
        "articles": len(urls),
        "requests": seen.requests,
        "304": seen.unchanged,
        "faults": dict(seen.faults),
        "fetched again": sum(n - 1 for n in seen.articles.values()),
        "runs": states,
    }


def _judge_tree(w: World, articles: int, outcome: Outcome) -> None:
    """Publish once more on each machine: the trees are whole, and the same."""
    with ThreadPoolExecutor() as pool:
        published = list(pool.map(_published, w.machines))
    trees = [tree for _, tree in published]
    outcome.wrong += [
        f"{machine.name}: publish: {told}"
        for machine, (told, _) in zip(w.machines, published, strict=True)
        if told
    ]
    pages = sum(x.startswith("a/") and x.endswith("/index.html") for x in trees[0])
    if pages != articles:
        outcome.wrong.append(f"{pages} pages of {articles} articles")
    if trees[0] != trees[1]:
        names = [k for k in trees[0].keys() | trees[1].keys() if trees[0].get(k) != trees[1].get(k)]
        outcome.wrong.append(f"machines published differently: {sorted(names)[:5]} ({len(names)})")


def _published(machine: Program) -> tuple[str, dict[str, bytes]]:
    """Publish on a machine; what went wrong, and its tree."""
    command = [sys.executable, "-m", "flows.cli", "publish"]
    done = subprocess.run(
        command, cwd=ROOT, env=machine._environment, capture_output=True, text=True, check=False
    )
    public = Path(machine._environment["QUWEN_HOME"]) / "public"
    files = [x for x in public.rglob("*") if x.is_file() and not x.name.startswith(".")]
    tree = {str(x.relative_to(public)): x.read_bytes() for x in files}
    return done.stderr[-500:] or "failed" if done.returncode else "", tree


def main() -> int:
    """Read the options, run, tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=120.0)
    parser.add_argument("--sites", type=int, default=Plan().sites)
    parser.add_argument("--every", type=float, default=Plan().every_s, metavar="SECONDS")
    parser.add_argument("--tick", type=int, default=Plan().tick_s, metavar="SECONDS")
    chosen = parser.parse_args()
    plan = Plan(
        seconds=60 * chosen.minutes, sites=chosen.sites, every_s=chosen.every, tick_s=chosen.tick
    )
    folder = Path(tempfile.mkdtemp(prefix="quwen-soak-"))
    outcome = go(plan, folder, lambda line: print(line, flush=True))
    print(json.dumps(outcome.figures, indent=1, ensure_ascii=False))
    for line in outcome.wrong:
        print(f"WRONG: {line}")
    print("all is well" if not outcome.wrong else f"{len(outcome.wrong)} things are wrong")
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
