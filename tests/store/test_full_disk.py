"""A disk that is full, and one that cannot be written to: real ones, in a namespace of their own."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

# What one process does on a mounted folder: argv is the folder and what to do
WORK = """
import json, sys
from datetime import UTC, datetime
from pipeline.errors import PipelineError
from pipeline.identity import article_id
from pipeline.records import Article
from pipeline.store import Store

folder, what = sys.argv[1:]
said, known = "", []
try:
    with Store.open(f"sqlite:///{folder}/quwen.db") as store:
        known = [x.article.id for x in store.walk(limit=10_000)]
        for n in range(10_000 if what == "fill" else what == "add"):
            url = f"http://q.example/{what}/{n}.html"
            article = Article(
                url=url, id=article_id(url), kind="article", title=f"{n}", paragraphs=("修" * 9000,)
            )
            at = datetime(2026, 3, 2, tzinfo=UTC)
            store.learn(article, capture_id=None, seen_at=at, interpreter=1)
            known.append(article.id)
        with store._do.database.engine.connect() as c:
            assert c.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
except PipelineError as error:
    said = str(error)
print(json.dumps([said, sorted(known)]))
"""


def on_a_small_disk(folder: Path, *steps: str) -> list[Any]:
    """What each step printed, on a disk of 3 MB; skips where none can be mounted."""
    if shutil.which("unshare") is None:
        pytest.skip("no unshare: small disks cannot be mounted")
    own = ["unshare", "--map-root-user", "--mount", "sh", "-ec"]
    mount = f"mount -t tmpfs -o size=3m none {folder}"
    if subprocess.run([*own, mount], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody mount a small disk")
    script = "\n".join((mount, *steps))
    done = subprocess.run(
        [*own, script], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert (0, "") == (done.returncode, done.stderr)
    return [json.loads(x) for x in done.stdout.splitlines()]


@pytest.fixture
def work(tmp_path: Path) -> Any:
    """The command of a step; the script lies elsewhere than the small disk."""
    script = tmp_path / "work.py"
    script.write_text(WORK, encoding="utf-8")
    return lambda folder, what: f"{sys.executable} {script} {folder} {what}"


def test_full_disk_harms_nothing_and_is_got_over(tmp_path: Path, work: Any):
    """What was acknowledged stays, the file is sound, and with room again it goes on."""
    disk = tmp_path / "disk"
    disk.mkdir()
    filled, looked, added = on_a_small_disk(
        disk,
        f"head -c 1000000 /dev/zero > {disk}/filler",
        work(disk, "fill"),
        work(disk, "look"),
        f"rm {disk}/filler",
        work(disk, "add"),
    )
    assert f"{disk}/quwen.db: the disk is full (make room; nothing was half-stored)" == filled[0]
    assert len(filled[1]) > 5
    assert ["", filled[1]] == looked
    assert ("", len(filled[1]) + 1) == (added[0], len(added[1]))


def test_folder_that_cannot_be_written_to_is_named(tmp_path: Path, work: Any):
    """With a store in it or without; what is there is left as it is."""
    disk = tmp_path / "disk"
    disk.mkdir()
    first, old, new, again = on_a_small_disk(
        disk,
        f"mkdir {disk}/a {disk}/b",
        work(f"{disk}/a", "add"),
        f"mount -o remount,ro {disk}",
        work(f"{disk}/a", "add"),
        work(f"{disk}/b", "add"),
        f"mount -o remount,rw {disk}",
        work(f"{disk}/a", "look"),
    )
    for said, _ in (old, new):
        assert str(disk) in said
        assert "(check owner and rights" in said
    assert first == again
