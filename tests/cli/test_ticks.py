"""Ticks as a timer starts them, through the real flow."""

from pathlib import Path

import pytest

from flows.demo.sites import SOURCES, SampleServer

pytestmark = pytest.mark.engine


def test_a_tick_reads_what_is_due_and_no_more(quwen, tmp_path: Path):
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
    assert any((tmp_path / "var" / "archive").rglob("*.warc.gz"))
