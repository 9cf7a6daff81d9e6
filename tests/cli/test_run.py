"""Commands that run over the sample sites."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.cli.run import _bar
from flows.demo.sites import SITES, SOURCES, SampleServer
from pipeline.runs import Step

Quwen = Callable[..., subprocess.CompletedProcess[str]]
YUNZE = next(x for x in SITES if x.source == "demo-yunze")


@pytest.fixture
def env() -> Iterator[dict[str, str]]:
    """Settings under which the sample sites are read."""
    with SampleServer() as sites:
        yield {
            "QUWEN_SOURCES": str(SOURCES),
            "QUWEN_CONNECT_TO": ",".join(f"{k}={v}" for k, v in sites.connect_to.items()),
        }


def test_check_says_what_it_finds_and_stores_nothing(
    quwen: Quwen, env: dict[str, str], tmp_path: Path
) -> None:
    """One list page and three articles a column, field by field; the home is not even made."""
    done = quwen("check", YUNZE.source, env=env)
    assert (0, "") == (done.returncode, done.stderr)
    own = [x for x in YUNZE.listed if x not in YUNZE.external]
    shown = [x.strip() for x in done.stdout.splitlines() if x.strip() in own]
    assert own[:3] == shown[:3]
    assert len(shown) <= 2 * 3
    for field in ("items", "title", "published", "origin", "meeting"):
        assert f"    ok       {field} " in done.stdout
    assert not (tmp_path / "var").exists()


def test_check_fails_where_a_site_cannot_be_reached(quwen: Quwen, env: dict[str, str]) -> None:
    """A site that does not answer is a failed finding and exit code 1."""
    nowhere = ",".join(f"{x}=127.0.0.1:9" for x in (YUNZE.host, f"{YUNZE.host}:80"))
    done = quwen("check", YUNZE.source, env=env | {"QUWEN_CONNECT_TO": nowhere})
    assert (1, "") == (done.returncode, done.stderr)
    assert "    failed   answer " in done.stdout


def test_sources_are_listed_and_shown(quwen: Quwen, env: dict[str, str]) -> None:
    """The catalogue with the operator's own sources; one of them with its columns."""
    listed = quwen("sources", "list", env=env)
    assert {"sd-dongchangfu-news", *(x.source for x in SITES)} <= set(listed.stdout.split())
    shown = quwen("sources", "show", YUNZE.source, env=env)
    assert (0, "") == (shown.returncode, shown.stderr)
    for part in (YUNZE.name, "330199", "http://yunze.example/col/col1229105/index.html", "hanweb"):
        assert part in shown.stdout


@pytest.mark.engine
def test_broken_database_is_one_line(quwen: Quwen, engine_home: Path) -> None:
    """An error inside a flow reaches the screen as itself, without the engine's own words."""
    (engine_home / "quwen.db").write_bytes(b"no database " * 500)
    done = quwen("publish", timeout=180)
    assert (1, "") == (done.returncode, done.stdout)
    assert 1 == len(done.stderr.splitlines()), done.stderr
    assert "quwen.db" in done.stderr


def test_a_backfill_shows_how_far_it_has_come(monkeypatch, capsys):
    """On a terminal: column, page and articles; where standard error is none, nothing."""
    step = Step(column="zwyw", page=3, in_range=15, fetched=7, share=0.4)
    with _bar() as show:
        show(step)
    assert "" == capsys.readouterr().err
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("TTY_INTERACTIVE", "1")
    with _bar() as show:
        show(step)
    told = capsys.readouterr().err
    assert "zwyw page 3, 7 articles" in told
    assert "40%" in told
