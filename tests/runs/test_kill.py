"""Runs that are killed at any moment: nothing acknowledged is lost, nothing is doubled."""

import hashlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.archive import Archive
from pipeline.settings import Settings
from pipeline.store import Store

from .conftest import NOW, Site

pytestmark = pytest.mark.long
KILLED, IN_A_ROW = 100, 8
"""Runs that are killed in all, and in a row in one home before a run is let alone."""

Run = Callable[..., tuple[int, float]]


@pytest.fixture
def run(own_settings: Settings) -> Iterator[Run]:
    """Runs over the site in processes of their own, killed after some seconds."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    program = [sys.executable, str(Path(__file__).with_name("killed.py"))]
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
    ) as forks:
        stdin, stdout = forks.stdin, forks.stdout
        assert stdin is not None
        assert stdout is not None

        def run(
            home: Path, *, hours: float, kill_after_s: float | None = None
        ) -> tuple[int, float]:
            order = {
                "home": str(home),
                "sources": str(own_settings.sources),
                "connect_to": own_settings.connect_to,
                "now": (NOW + timedelta(hours=hours)).isoformat(),
                "acknowledged": str(home / "acknowledged"),
                "kill_after_s": kill_after_s,
            }
            stdin.write(json.dumps(order) + "\n")
            stdin.flush()
            status, seconds = json.loads(stdout.readline())
            return status, seconds

        yield run
        stdin.close()


def state(home: Path) -> dict[str, Any]:
    """All that readers see: articles with their revisions, and the published files."""
    with Store.open(f"sqlite:///{home / 'quwen.db'}") as store:
        articles = {
            x.article.id: [
                (r.number, r.kind, r.changed, r.content_hash) for r in store.history(x.article.id)
            ]
            for x in store.walk(limit=1000)
        }
    public = home / "public"
    files = {
        str(x.relative_to(public)): hashlib.sha256(x.read_bytes()).hexdigest()
        for x in public.rglob("*")
        if x.is_file() and x.name not in ("status.json",)  # it tells of runs
    }
    return {"articles": articles, "files": files}


def sound(home: Path) -> None:
    """What must hold after any kill, before anything is mended by a further run."""
    database = sqlite3.connect(home / "quwen.db")
    assert [("ok",)] == database.execute("PRAGMA integrity_check").fetchall()
    assert [] == database.execute("PRAGMA foreign_key_check").fetchall()
    doubled = "SELECT article_id FROM revision WHERE kind='new' GROUP BY 1 HAVING count(*) > 1"
    assert [] == database.execute(doubled).fetchall()
    stored = dict(database.execute("SELECT record_id, sha256 FROM capture").fetchall())
    database.close()
    with Archive(home / "archive") as archive:
        held = {
            ref.record_id: hashlib.sha256(capture.body).hexdigest()
            for ref, capture in archive.captures()
        }
    assert stored == {x: held.get(x) for x in stored}
    acknowledged = set((home / "acknowledged").read_text().split())
    assert acknowledged <= set(held)


def test_killed_runs_lose_nothing_and_the_next_one_completes(run: Run, site: Site, tmp_path: Path):
    """At a hundred random moments of runs that bring new and edited articles."""
    first = tmp_path / "first"
    first.mkdir()
    for n in range(4, 12):  # twelve would only take longer
        site.restore(n)
    assert 0 == run(first, hours=0)[0]
    site.put(11, day=NOW.date(), text="第11次走访改在西桥街道举行，干部们挨家挨户了解情况。")
    site.put(12, day=NOW.date(), text="区政府召开第12次常务会议，区长李某某主持，研究道路工作。")
    site.put(13, day=NOW.date())
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(first, undisturbed)
    status, seconds = run(undisturbed, hours=2)
    assert 0 == status
    expected = state(undisturbed)
    assert ["new", "edited"] == [x[1] for x in expected["articles"][site.id(11)]]
    moments = random.Random(20261120)
    cut = n = 0
    while cut < KILLED:
        n += 1
        assert n <= 3 * KILLED / IN_A_ROW, "the kills come too late to mean anything"
        home = tmp_path / f"home{n}"
        shutil.copytree(first, home)
        for _ in range(IN_A_ROW):
            status, _ = run(home, hours=2, kill_after_s=moments.uniform(0, seconds))
            sound(home)
            # the machine may be faster or slower than it was at the undisturbed run
            seconds *= 1.03 if status else 0.8
            if not status:
                break
            cut += 1
        assert 0 == run(home, hours=2)[0]
        sound(home)
        assert expected == state(home)
        shutil.rmtree(home)
