"""Commands that read the store, as a user runs them."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.identity import article_id
from pipeline.records import Article, Published
from pipeline.store import Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TEXT = (
    "2月27日，青岚区召开汛前河堤加固工作部署会，安排今年的12处险工险段治理，要求在4月底以前全部完成。",
    "会议指出，去年秋汛期间青溪两岸有3处堤段出现渗水，沿线村庄连续值守了9个昼夜，教训必须记取。",
)


def page(n: int, source: str, **changes: Any) -> Article:
    """A record as reading a page makes it."""
    url = f"https://{source}.example/{n}.html"
    plain = {
        "title": "青岚区部署汛前河堤加固",
        "published": Published(day=date(2026, 3, n)),
        "paragraphs": TEXT,
    }
    whole: dict[str, Any] = plain | changes
    return Article(url=url, id=article_id(url), kind="article", source=source, **whole)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a store in which a story stands at two addresses."""
    folder = tmp_path / "var"
    with Store.open(f"sqlite:///{folder / 'quwen.db'}") as store:
        for x in (page(1, "qinglan"), page(2, "yunze")):
            store.learn(x, capture_id=None, seen_at=NOW, interpreter=1)
    return folder


def test_record_says_where_else_its_story_stands(home: Path, quwen: Callable[..., Any]) -> None:
    """With the first publisher marked; found records say it too."""
    first, second = page(1, "qinglan"), page(2, "yunze")
    (place,) = json.loads(quwen("show", second.id).stdout)["also_at"]
    assert {"id": first.id, "url": first.url, "source": "qinglan"} == {
        x: place[x] for x in ("id", "url", "source")
    }
    assert (True, "live") == (place["first"], place["state"])
    found = [json.loads(x) for x in quwen("search", "河堤", "--json").stdout.splitlines()]
    assert [[first.url], [second.url]] == [[x["url"] for x in y["also_at"]] for y in found]


def test_search_lists_a_story_once(home: Path, quwen: Callable[..., Any]) -> None:
    """As the first publisher told it, with its other places."""
    first, second = page(1, "qinglan"), page(2, "yunze")
    listed = quwen("search", "河堤").stdout.splitlines()
    assert [f"    {first.url}", f"    also at {second.url}"] == listed[1:3]
    assert second.id not in "".join(listed)


def test_search_takes_names_of_topics_bodies_and_people(
    home: Path, quwen_within: Callable[..., Any]
) -> None:
    """What is no topic is told with those that are."""
    for option, count in (
        ("--topic=education", 0),
        ("--topic=教育", 0),
        ("--body=政府", 0),
        ("--person=江阔", 0),
        ("--until=2026-03-01", 1),
    ):
        done = quwen_within("search", "河堤", "--json", option)
        assert (0, count) == (done.returncode, len(done.stdout.splitlines())), done.stderr
    wrong = quwen_within("search", "河堤", "--topic=cats")
    assert 2 == wrong.returncode
    assert "cats: is no topic (choose one of environment, " in wrong.stderr


def test_export_goes_to_a_file_that_spreadsheets_open(
    home: Path, quwen: Callable[..., Any]
) -> None:
    """By place, by day; what cannot be meant is said in one line."""
    path = home / "a.csv"
    done = quwen("export", "--format=csv", f"--output={path}", "--until=2026-03-01")
    assert (0, f"1 articles written to {path}\n", "") == (
        done.returncode,
        done.stdout,
        done.stderr,
    )
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert page(1, "qinglan").title == row["title"]
    assert "https://yunze.example/2.html" == row["also_at"]
    assert [path] == list(home.glob("*.csv"))
    assert 2 == len(quwen("export", "--what=revisions").stdout.splitlines())
    for options, words in (
        (("--format=parquet",), "--output"),
        (("--place=nowhere",), "no source is of this place"),
        (("--format=xls",), "'xls' is not one of"),
    ):
        wrong = quwen("export", *options)
        assert (2, "") == (wrong.returncode, wrong.stdout)
        assert words in wrong.stderr


def test_export_that_cannot_be_finished_leaves_the_old_file(home: Path, tmp_path: Path) -> None:
    """A full disk is told in one line; no half table takes the place of a whole one."""
    path = home / "a.jsonl"
    path.write_text("old", encoding="utf-8")
    with Store.open(f"sqlite:///{home / 'quwen.db'}") as store:
        long = page(3, "qinglan", paragraphs=("长" * 40_000,))
        store.learn(long, capture_id=None, seen_at=NOW, interpreter=1)
    command = f"ulimit -f 64; exec {sys.executable} -B -m flows.cli export --output {path}"
    done = subprocess.run(
        ["bash", "-c", command],
        env={"QUWEN_HOME": str(home), "PATH": "/usr/bin:/bin"},
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (1, "") == (done.returncode, done.stdout)
    assert f"quwen: {path}: cannot be written: File too large (make room" in done.stderr
    assert "old" == path.read_text(encoding="utf-8")
    assert {"a.jsonl", "quwen.db"} == {x.name for x in home.iterdir()} - {
        "quwen.db.lock",
        "quwen.db-wal",
        "quwen.db-shm",
    }


def test_export_to_a_full_device_says_so(home: Path) -> None:
    """As it does where standard output is a file."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "flows.cli", "export"],
            env={"QUWEN_HOME": str(home), "PATH": "/usr/bin:/bin"},
            cwd=Path(__file__).resolve().parents[2],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert 1 == done.returncode
    assert "standard output: cannot be written: No space left on device" in done.stderr


def test_schema_needs_no_store(quwen: Callable[..., Any]) -> None:
    """The data dictionary is there before the data."""
    schema = json.loads(quwen("export", "--what=meetings", "--schema").stdout)
    assert (
        "whose meeting: 政府, 党委, 人大, 政协, 其他" == schema["properties"]["body"]["description"]
    )
