"""What people see of one article: its history, and fixes to be filled in."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.cli import cli
from pipeline.identity import article_id
from pipeline.records import Article, Correction, Published
from pipeline.store import Store

URL = "http://qinglan.example/1.html"
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
LONG = "青岚区东桥街道的便民早市热闹起来，刚采下的白菜、萝卜摆满了摊位，价格比往年便宜。" * 3
FIRST = Article(
    url=URL,
    id=article_id(URL),
    kind="article",
    title="早市<开张>",
    source="sd-qinglan",
    column="zwyw",
    published=Published(day=date(2026, 11, 20)),
    origin="青岚融媒",
    paragraphs=("三座桥昨天通车。", LONG),
)
SECOND = replace(
    FIRST,
    origin="青岚日报",
    paragraphs=("四座桥昨天通车。", LONG.removesuffix("便宜。") + "贵。"),
    corrections=(Correction(field="title", reason="核对过"),),
)

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs ``quwen`` in this process, over a store with one article in two versions."""
    with Store.open(f"sqlite:///{tmp_path / 'quwen.db'}") as store:
        for n, article in enumerate((FIRST, SECOND)):
            at = NOW + timedelta(hours=n)
            store.learn(article, capture_id=None, seen_at=at, interpreter=1)

    def run(*args: str) -> Result:
        return CliRunner().invoke(cli, args, env={"QUWEN_HOME": str(tmp_path)})

    return run


def test_history_shows_what_changed_character_by_character(run: Run):
    """Marks stand around what was taken out and put in; long passages that stayed are cut."""
    done = run("history", URL)
    assert 0 == done.exit_code
    first, second, *lines = done.output.splitlines()
    assert first.startswith("1  2026-11-20 10:00 (China)  new")
    assert "edited: origin, paragraphs" in second
    assert "    [-三-]{+四+}座桥昨天通车。" == lines[0]
    assert "[-便宜-]{+贵+}" in lines[1]
    assert "…" in lines[1]
    assert len(lines[1]) < len(LONG)
    assert "    origin: 青岚融媒 → 青岚日报" in lines
    assert "\x1b" not in done.output


class _Marked(HTMLParser):
    """Collects the texts in each element."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.setdefault(self.open[-1], []).append(data)


def test_history_is_a_page_with_ins_and_del(run: Run):
    """Well-formed, with the publisher's text as text."""
    done = run("history", FIRST.id, "--html")
    page = _Marked()
    page.feed(done.output)
    assert [] == page.open
    assert ["早市<开张>"] == page.texts["h1"]
    assert ["三", "便宜", "青岚融媒", "–"] == page.texts["del"]
    assert ["四", "贵", "青岚日报", "1: title 核对过"] == page.texts["ins"]
    assert 2 == len(page.texts["h2"])


def test_show_prints_a_fix_to_be_filled_in(run: Run):
    """As it goes into a file, with the value that stands now."""
    done = run("show", URL, "--field", "paragraphs.0")
    (fix,) = tomllib.loads(done.output)["fix"]
    assert (FIRST.id, "paragraphs.0", "四座桥昨天通车。") == (
        fix["article"],
        fix["field"],
        fix["value"],
    )
    assert 16 == len(fix["was"])


def test_show_names_the_fixes_that_stand(run: Run):
    """On standard error, so that the record stays JSON."""
    done = run("show", URL)
    assert "a fix stands: title (核对过)" in done.stderr
    assert '"corrections"' in done.stdout


def test_a_field_that_is_none_is_refused(run: Run):
    """With what can be named."""
    done = run("show", URL, "--field", "titel")
    assert 2 == done.exit_code
    assert "there is no titel (one of title, published" in done.stderr
