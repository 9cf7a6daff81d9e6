"""Ticks as a timer starts them, through the real flow."""

from pathlib import Path

import pytest

from flows.demo.sites import SOURCES, SampleServer

pytestmark = pytest.mark.engine


def test_a_tick_reads_what_is_due_and_no_more(quwen, engine_home: Path):
    """The first tick reads the source, the one right after it has nothing to do and asks nobody."""
    with SampleServer() as sites:
        env = {
            "QUWEN_SOURCES": str(SOURCES),
            "QUWEN_CONNECT_TO": ",".join(f"{k}={v}" for k, v in sites.connect_to.items()),
        }
        first = quwen("ingest", "--due", "demo-yunze", env=env, timeout=120)
        assert 0 == first.returncode, first.stderr
        assert "demo-yunze" in first.stdout
        asked = len(sites.requests)
        assert asked
        second = quwen("ingest", "--due", "demo-yunze", env=env, timeout=120)
        assert (0, "no column is due") == (second.returncode, second.stderr.strip())
        assert asked == len(sites.requests)
    assert any((engine_home / "archive").rglob("*.warc.gz"))


def test_doctor_says_what_to_do(quwen, tmp_path: Path):
    """One line a thing, advice below it; exit code 1 where something is wrong."""
    done = quwen("doctor", env={"QUWEN_SOURCES": str(SOURCES)})
    assert (0, "") == (done.returncode, done.stderr)
    assert "→ set QUWEN_CONTACT" in done.stdout
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.toml").write_text("[place", encoding="utf-8")
    wrong = quwen("doctor", env={"QUWEN_SOURCES": str(tmp_path / "own")})
    assert 1 == wrong.returncode
    assert "a.toml" in wrong.stdout
