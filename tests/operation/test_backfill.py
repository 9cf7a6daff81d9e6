"""Backfills: dry, within a budget, stopped and gone on with, and what is missing afterwards."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1]))  # for fleet.py

from fleet import Fleet

from flows.demo.sites import SampleServer
from pipeline import runs
from pipeline.errors import ConfigError
from pipeline.records import Article
from pipeline.store import Store
from tests.operation.conftest import NOW, Clock

pytestmark = pytest.mark.long
SINCE, UNTIL = date(2026, 1, 1), date(2026, 11, 20)


def backfill(context: runs.Context, **changes) -> tuple[runs.Report, list[runs.Step]]:
    order = runs.Order(**({"since": SINCE, "until": UNTIL, "max_pages": 50} | changes))
    steps: list[runs.Step] = []
    with runs.ledger(context, "backfill", {}) as entry:
        report = runs.backfill_source(
            "demo-qinglan", order, context=context, run_id=entry.run_id, progress=steps.append
        )
        entry.add(report)
    return report, steps


def pages(server: SampleServer) -> list[str]:
    return [x.path for x in server.requests if x.path.rpartition("/")[2].startswith("t")]


def test_a_dry_run_counts_and_stores_no_article(context: runs.Context, server):
    """It says what would be fetched; the real run then fetches just that."""
    dry, _ = backfill(context, dry_run=True)
    assert 0 == context.store.counts().articles
    real, _ = backfill(context)
    assert dry.counts["wanted"] == real.counts["fetched"] + real.counts["failed"]
    assert dry.counts["in_range"] == real.counts["in_range"] > 0


def test_a_budget_ends_a_backfill_and_the_next_one_goes_on(context: runs.Context, server):
    """Five articles at a time come to the same as all at once, none fetched twice."""
    new = []
    for _ in range(12):
        report, _ = backfill(context, max_articles=5)
        asked = report.counts["fetched"] + report.counts["failed"]
        assert asked <= 5
        new.append(report.counts["new"])
    assert new[0] > 0
    assert 0 == new[-1]
    fetched = Counter(x.path for x in server.requests if x.status == 200)
    own = [x for x, _ in records(context.store) if "qinglan.example" in x]
    assert len(own) == 16
    assert {1} == {fetched[x.partition("example")[2]] for x in own}


def test_progress_goes_by_days_to_the_end(context: runs.Context):
    """Each article and each list page is a step; the share of the whole never falls."""
    report, steps = backfill(context)
    shares = [x.share for x in steps]
    assert shares == sorted(shares)
    asked = [x.fetched for x in steps]
    assert asked == sorted(asked)
    assert set(range(1, asked[-1] + 1)) <= set(asked)
    assert asked[-1] == report.counts["fetched"] + report.counts["failed"]
    assert len(context.catalogue.columns_of("demo-qinglan")) == len({x.column for x in steps})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"since": UNTIL, "until": SINCE}, "is before since"),
        ({"since": date(2027, 1, 1), "until": date(2027, 2, 1)}, "lies in the future"),
    ],
)
def test_wrong_dates_are_refused(context: runs.Context, server, changes, words: str):
    """One clear message, and nobody is asked."""
    with pytest.raises(ConfigError, match=words):
        backfill(context, **changes)
    assert () == server.requests


def lists(server: SampleServer) -> list[str]:
    return [x.path for x in server.requests if "index" in x.path or x.path.endswith("/")]


def test_a_resumed_walk_leaves_out_columns_that_were_done(context: runs.Context, server):
    """Interrupted in its last column, a backfill asks for no list page of the others again."""
    columns = context.catalogue.columns_of("demo-qinglan")
    backfill(context)
    last = context.store.backfill_state("demo-qinglan", columns[-1].key)
    context.store.save_backfill(replace(last, done=False, next_url=None), at=NOW)
    server.forget_requests()
    backfill(context)
    assert all(x.startswith(columns[-1].url.partition("example")[2]) for x in lists(server))
    assert lists(server)
    assert context.store.backfill_state("demo-qinglan", columns[-1].key).done
    server.forget_requests()
    backfill(context)
    assert len(columns) <= len(lists(server)), "all done: the same order again is a new walk"


@pytest.mark.parametrize(
    ("until", "again", "begins_anew"),
    [
        (date(2026, 10, 20), date(2026, 10, 31), True),
        (date(2026, 10, 31), date(2026, 10, 20), False),
        (UNTIL, date(2026, 11, 23), False),
    ],
)
def test_a_later_last_day_begins_anew_unless_the_walk_had_no_end(
    context: runs.Context, clock: Clock, until: date, again: date, begins_anew: bool
):
    """Days behind the walk's own last day were passed over; what is newer than today comes by itself."""
    columns = context.catalogue.columns_of("demo-qinglan")
    backfill(context, until=until, max_pages=1)
    before = [context.store.backfill_state("demo-qinglan", x.key) for x in columns]
    assert any(x and not x.done for x in before), "something is left to walk"
    clock.now += timedelta(days=3)
    _, steps = backfill(context, until=again, max_pages=1)
    assert begins_anew == (1 in {x.page for x in steps})


def test_what_is_missing_is_told_by_month(context: runs.Context):
    """Listed, stored, unreadable and missing add up; a walk that came past is told."""
    backfill(context, dry_run=True)
    before = runs.missing(context, "demo-qinglan", since=SINCE, until=UNTIL)
    assert 11 * 3 == len(before), "months and columns"
    assert sum(x.missing for x in before) == sum(x.listed for x in before) > 0
    assert not any(x.walked for x in before)
    backfill(context)
    after = runs.missing(context, "demo-qinglan", since=SINCE, until=date(2030, 1, 1))
    assert 11 * 3 == len(after), "months that are still to come are left out"
    assert all(x.listed == x.stored + x.unreadable + x.missing for x in after)
    assert sum(x.stored for x in after) == context.store.counts().articles
    assert any(x.walked for x in after)


_RUNS = """
import os, sys
from datetime import date
from pipeline import runs
from pipeline.settings import Settings

def run(home, sources, to):
    settings = Settings(home=home, sources=sources, connect_to={"s0000.example": to}, rechecks=0)
    with runs.open_context(settings) as context, runs.ledger(context, "backfill", {}) as entry:
        today = runs.china_today(context)
        order = runs.Order(since=date(2000, 1, 1), until=today, max_pages=10_000)
        report = runs.backfill_source("s0000", order, context=context, run_id=entry.run_id)
        entry.add(report)
        return 1 if report.problems else 0

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        status = 2
        try:
            status = run(line.rstrip(), *sys.argv[1:])
        finally:
            os._exit(status)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""
"""A run in a process of its own for each line, a home's folder; its number, then how it ended."""

PAGES = int(os.environ.get("QUWEN_TEST_BACKFILL_PAGES", "220"))
"""List pages and articles together; the whole is 5,000."""


def test_a_backfill_killed_ten_times_ends_as_one_run_through(tmp_path: Path):
    """SIGKILL in the middle of anything: the same store, at most one page more for each kill."""
    with ExitStack() as stack:
        fleet = stack.enter_context(Fleet(1, stories=PAGES * 20 // 21))
        fleet.write_sources(tmp_path / "sources")
        program = [
            sys.executable,
            "-c",
            _RUNS,
            str(tmp_path / "sources"),
            f"127.0.0.1:{fleet.port}",
        ]
        forks = stack.enter_context(
            subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
        assert forks.stdin is not None
        assert forks.stdout is not None

        def begin(home: str) -> int:
            print(tmp_path / home, file=forks.stdin, flush=True)
            return int(forks.stdout.readline())

        begin("whole")
        assert "0\n" == forks.stdout.readline()
        asked_once = fleet.seen.requests
        fleet.seen.articles.clear()
        kills = 0
        for _ in range(10):
            before = fleet.seen.requests
            child = begin("killed")
            while _lives(child) and fleet.seen.requests < before + PAGES // 12:
                time.sleep(0.005)
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            kills += f"{signal.SIGKILL:d}\n" == forks.stdout.readline()
        begin("killed")
        assert "0\n" == forks.stdout.readline()
        assert 10 == kills
        again = sum(n - 1 for n in fleet.seen.articles.values())
        assert again <= kills, "articles"
        # robots.txt is asked for by every process, and the list page in hand is walked again
        assert fleet.seen.requests - asked_once <= asked_once + again + 2 * kills
        texts = fleet.texts()
    stores = [_everything(tmp_path / x / "quwen.db") for x in ("whole", "killed")]
    assert stores[0] == stores[1]
    assert texts == {x.url: x.text for x, _, _ in stores[0]}


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _everything(file: Path) -> list[tuple[Article, int, str]]:
    """Each article with its revision, and how far the backfill has come."""
    with Store.open(f"sqlite:///{file}") as store:
        state = store.backfill_state("s0000", "zwyw")
        assert state is not None
        found, last = [], ""
        while entries := store.walk(last):
            found += [(x.article, x.revision, f"{state.done} {state.since}") for x in entries]
            last = entries[-1].article.id
    return found


def records(store: Store) -> list[tuple[str, str]]:
    return sorted((x.article.url, x.article.text) for x in store.entries(limit=1000))
