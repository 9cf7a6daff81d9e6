"""Published feeds in the hands of real readers; the checks install them, other machines may lack them."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import atoma
import feedparser_sgmllib
import pytest
from reader import make_reader

# reader's own copy of feedparser wants a module that is published as source only
sys.modules.setdefault("sgmllib", feedparser_sgmllib)

FEEDS = ("all", "meetings", "qinglan/yaowen", "revisions")


def needs(program):
    """Skip a test where a reader is not installed."""
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


def entries(tree, path):
    """Identifier, address and title of what a feed holds, as its JSON form tells."""
    items = json.loads((tree / path / "feed.json").read_bytes())["items"]
    return [(x["id"], x["url"], x["title"]) for x in items]


@needs("sfeed")
@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("form", ["rss", "atom"])
def test_sfeed_reads_what_is_published(changed_tree, path, form):
    """One line an entry, in the order of the feed, with the article's own address."""
    data = (changed_tree / path / f"{form}.xml").read_bytes()
    done = subprocess.run(["sfeed"], input=data, capture_output=True, check=True, timeout=60)
    lines = [x.split("\t") for x in done.stdout.decode().splitlines()]
    assert entries(changed_tree, path) == [(x[5], x[2], x[1]) for x in lines]


@needs("newsboat")
@pytest.mark.parametrize("form", ["rss", "atom"])
def test_newsboat_keeps_what_is_published(changed_tree, form, tmp_path):
    """A cache of its own for each form: its ids are common to all feeds."""
    feed = changed_tree / "all" / f"{form}.xml"
    (tmp_path / "urls").write_text(f"file://{feed}\n")
    (tmp_path / "config").write_text("")
    files = [f"-{k}{tmp_path / name}" for k, name in (("u", "urls"), ("C", "config"), ("c", "db"))]
    subprocess.run(
        ["newsboat", *files, "-x", "reload"],
        check=True,
        capture_output=True,
        timeout=120,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )
    with sqlite3.connect(tmp_path / "db") as cache:
        found = cache.execute("SELECT guid, url, title FROM rss_item").fetchall()
    assert sorted(entries(changed_tree, "all")) == sorted(found)


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("form", ["rss", "atom"])
def test_reader_sees_what_is_published_once(changed_tree, path, form):
    """All entries are new at first, and none is new or changed at the second look."""
    address = f"{path}/{form}.xml"
    with closing(make_reader(":memory:", feed_root=str(changed_tree))) as known:
        known.add_feed(address)
        first, second = known.update_feed(address), known.update_feed(address)
        found = {(x.id, x.link, x.title) for x in known.get_entries()}
    assert set(entries(changed_tree, path)) == found
    assert (len(found), 0) == (first.new, first.modified)
    assert second is None or (0, 0) == (second.new, second.modified)


@pytest.mark.parametrize("path", FEEDS)
def test_atoma_reads_every_form(changed_tree, path):
    """It refuses what is not to the letter of the standards."""
    folder = changed_tree / path
    rss = atoma.parse_rss_file(str(folder / "rss.xml"))
    atom = atoma.parse_atom_file(str(folder / "atom.xml"))
    json_feed = atoma.parse_json_feed_file(str(folder / "feed.json"))
    wanted = entries(changed_tree, path)
    assert wanted == [(x.guid, x.link, x.title) for x in rss.items]
    assert wanted == [(x.id_, x.links[0].href, x.title.value) for x in atom.entries]
    assert wanted == [(x.id_, x.url, x.title) for x in json_feed.items]


def test_the_checkers_reader_agrees(changed_tree, checker):
    """Every feed in every form is to feedparser what the checker reads in it."""
    if checker is None:
        pytest.skip("the checker is not at hand")
    feeds, problems = checker.lint(changed_tree, "https://feeds.quwen.example/")
    assert [] == problems
    ((_, verdict, told),) = checker.run_clients(
        changed_tree, feeds, "https://feeds.quwen.example/", {"feedparser"}
    )
    assert "PASS" == verdict, told
