"""Source files that change under a program that runs for months."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.demo.sites import SOURCES
from pipeline import runs
from pipeline.errors import ConfigError
from pipeline.records import Article
from pipeline.runs.tick import due_work
from pipeline.settings import Settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "sources"
    made.mkdir()
    for path in SOURCES.rglob("*.toml"):
        (made / path.name).write_bytes(path.read_bytes())
    monkeypatch.setenv("QUWEN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("QUWEN_SOURCES", str(made))
    return made


def one_of(folder: Path) -> Path:
    return next(x for x in sorted(folder.iterdir()) if "demo-yunze" in x.read_text("utf-8"))


def test_a_file_that_becomes_wrong_leaves_everything_as_it_was(folder: Path):
    """The sources go on as they were read last, and the report names the file."""
    with runs.shared_context() as first:
        assert () == first.broken
        one_of(folder).write_text("[place", encoding="utf-8")
        with runs.shared_context() as second:
            assert "demo-yunze" in {x.source for x in due_work(second, ())}
            (report,) = runs.broken_files(second)
            assert one_of_name(folder) in report.problems[0].what
            assert "is not TOML" in report.problems[0].what
        with runs.shared_context() as third:
            assert third.broken, "told until it is mended"


def one_of_name(folder: Path) -> str:
    return next(x.name for x in sorted(folder.iterdir()) if x.read_text("utf-8") == "[place")


def test_a_mended_file_is_read_without_a_restart(folder: Path):
    """New columns count from the next run on."""
    path = one_of(folder)
    good = path.read_text("utf-8")
    with runs.shared_context() as first:
        path.write_text("[place", encoding="utf-8")
        with runs.shared_context() as second:
            assert second.broken
            path.write_text(good.replace('name = "', 'name = "新', 1), encoding="utf-8")
        with runs.shared_context() as third:
            assert () == third.broken
            names = [x.catalogue.source("demo-yunze").place.name for x in (first, third)]
        assert names[1] == "新" + names[0]


def test_a_worker_that_starts_on_a_wrong_file_reads_the_others(folder: Path, tmp_path: Path):
    """A new process knows no better version: it leaves the file out, and says so."""
    one_of(folder).write_text("[place", encoding="utf-8")
    settings = Settings(home=tmp_path / "home", sources=folder)
    with runs.open_context(settings) as context:
        due = {x.source for x in due_work(context, ())}
        assert "demo-qinglan" in due
        assert "demo-yunze" not in due
        assert "Failed" == runs.broken_files(context)[0].state


def test_a_changed_table_of_topics_counts_from_the_next_run(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Articles are sorted again; a table that becomes wrong leaves all as it was."""
    path = tmp_path / "topics.toml"
    path.write_text('[ferries]\nname = "轮渡"\nwords = ["轮渡"]\n', encoding="utf-8")
    monkeypatch.setenv("QUWEN_TOPICS", str(path))
    page = Article(url="http://q.example/1.html", id="f" * 16, kind="article", title="渡口和轮渡")
    at = datetime(2026, 3, 2, tzinfo=UTC)
    with runs.shared_context() as first:
        first.store.learn(page, capture_id=None, seen_at=at, interpreter=1)
        assert ["ferries"] == [x.key for x in first.store.subjects("topic")]
        path.write_text('[quays]\nname = "渡口"\nwords = ["渡口"]\n', encoding="utf-8")
        with runs.shared_context() as second:
            assert ["quays"] == [x.key for x in second.store.subjects("topic")]
        path.write_text("[quays", encoding="utf-8")
        with runs.shared_context() as third:
            assert "topics.toml" in third.broken[0]
            assert ["quays"] == [x.key for x in third.store.subjects("topic")]


def test_a_wrong_table_of_topics_is_named_at_the_start(folder: Path, tmp_path: Path):
    """No run begins on settings that cannot be meant."""
    settings = Settings(home=tmp_path / "home", topics=tmp_path / "none.toml")
    with pytest.raises(ConfigError, match=r"none\.toml"), runs.open_context(settings):
        pass
