"""The demo as a newcomer runs it, and the commands on what it leaves behind."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import feedparser
import pytest

from flows.demo.sites import SITES

Quwen = Callable[..., subprocess.CompletedProcess[str]]
pytestmark = pytest.mark.engine


def test_demo_goes_the_whole_way(quwen: Quwen, tmp_path: Path) -> None:
    """Sites are read, records found, feeds written; read again, nothing changes."""
    home = tmp_path / "demo"
    home_setting = {"QUWEN_HOME": str(home)}
    done = quwen("demo", "--home", home, timeout=180)
    assert (0, "") == (done.returncode, done.stderr)
    assert "prefect" not in done.stdout.lower()

    articles, meetings = map(
        int, re.findall(r"^(\d+) articles and (\d+) meeting records", done.stdout, re.M)[0]
    )
    headlines = {url for x in SITES for url in x.external}  # a mirror repeats its site's
    assert sum(len(x.articles) for x in SITES) + len(headlines) == articles
    assert 20 <= articles
    assert 5 <= meetings
    for site in SITES:
        row = next(x for x in done.stdout.splitlines() if x.split()[:1] == [site.source])
        listed, _, new, failed = map(int, row.split()[1:])
        assert len(site.listed) == listed
        assert len(site.articles) <= new <= len(site.articles) + len(site.external)
        assert len(site.failing) == failed
    assert "Second run: 0 new, 0 files written" in done.stdout
    assert str(home / "public" / "index.html") in done.stdout
    assert "http://127.0.0.1:8750/feeds.opml" in done.stdout

    feeds = [x for x in (home / "public").rglob("*.xml") if x.name in ("rss.xml", "atom.xml")]
    assert len(feeds) > 10
    for feed in feeds:
        assert not feedparser.parse(feed.read_bytes()).bozo, feed

    _stored_records_can_be_read(quwen, home_setting)
    _runs_without_the_network(quwen, home_setting, home / "public")


def _stored_records_can_be_read(quwen: Quwen, env: dict[str, str]) -> None:
    found = quwen("search", "常务会议", "--json", "--limit=1", env=env)
    record = json.loads(found.stdout)
    assert "常务会议" in record["text"]
    for name in (record["id"], record["url"]):
        assert record == json.loads(quwen("show", name, env=env).stdout)
    assert re.match(r"1 +20\d\d-\d\d-\d\d .*new", quwen("history", record["id"], env=env).stdout)
    assert record["id"] in quwen("search", "常务会议", env=env).stdout
    of_place = quwen("search", "会议", "--place=云泽", "--json", env=env).stdout.splitlines()
    assert {"demo-yunze"} == {json.loads(x)["source"] for x in of_place}
    unknown = quwen("show", "0123456789abcdef", env=env)
    assert (1, 1) == (unknown.returncode, len(unknown.stderr.splitlines()))


def _runs_without_the_network(quwen: Quwen, env: dict[str, str], public: Path) -> None:
    """The sample sites are gone now: reading fails in one line a source, the rest works."""
    before = {x: x.stat().st_mtime_ns for x in public.rglob("*") if x.is_file()}
    failed = quwen("ingest", "demo-yunze", env=env, timeout=180)
    assert 1 == failed.returncode
    lines = failed.stderr.splitlines()
    assert lines
    assert all(x.startswith("demo-yunze: ") for x in lines), failed.stderr
    published = quwen("publish", env=env, timeout=180)
    assert (0, "") == (published.returncode, published.stderr)
    assert published.stdout.startswith("published: 0 files written, ")
    after = {x: x.stat().st_mtime_ns for x in public.rglob("*") if x.is_file()}
    pages = {public / f"{x}index.html" for x in ("", "en/", "status/", "en/status/")}
    told = pages | {public / "status.json"}  # they say what cannot be read
    assert told == {x for x in after if after[x] != before.get(x)}
