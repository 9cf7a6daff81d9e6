"""What an operator takes down leaves a tombstone, a page with status 410, and nothing else."""

from datetime import timedelta

import feedparser
import pytest
from lxml import etree

from pipeline.publish import Watch, WatchFile
from pipeline.publish.archives import LENGTH

TOMBSTONES = "{http://purl.org/atompub/tombstones/1.0}"
SECRET = "青岚河堤第3段修好了"


@pytest.fixture
def off(filled, go, story, now):
    """A published tree, one article of which is taken down then."""
    go()
    filled.withhold(story(3).id, reason="应当事人要求", at=now + timedelta(hours=2))
    return go()


def stones(path):
    """Reference, time and comment of the tombstones of a file."""
    found = etree.parse(str(path)).getroot().findall(f"{TOMBSTONES}deleted-entry")
    return [(x.get("ref"), x.get("when"), x.findtext(f"{TOMBSTONES}comment")) for x in found]


def test_feeds_that_held_it_have_a_tombstone(off, target, story, rules):
    """By RFC 6721, in the live feeds and in the archive; other feeds have none."""
    stone = (
        f"tag:quwen.example,2026:qinglan/{story(3).id}",
        "2026-03-02T11:00:00+08:00",
        "应当事人要求",
    )
    for path in ("all", "qinglan", "qinglan/yaowen", "qinglan/archive/newest"):
        assert [stone] == stones(target / path / "atom.xml"), path
    for path in ("meetings", "yunze", "yunze/gonggao", "meetings/archive/newest"):
        assert [] == stones(target / path / "atom.xml"), path
        assert b"tombstones" not in (target / path / "atom.xml").read_bytes(), path
    feed = feedparser.parse((target / "all/atom.xml").read_bytes())
    assert (False, "2026-03-02T11:00:00+08:00") == (bool(feed.bozo), feed.feed.updated)
    assert [] == rules(target)


def test_nothing_of_it_is_left_in_the_tree(off, tree, story):
    """Not its title, not its text, not its page; a page says that it is gone, and why."""
    files = tree()
    holding = [k for k, x in files.items() if SECRET.encode() in x or "第3段比".encode() in x]
    assert [] == holding
    assert f"a/{story(3).id}/index.html" in off.removed
    assert "应当事人要求" in files[f"a/{story(3).id}/gone.html"].decode()


def test_only_what_held_it_is_written(off):
    """Feeds, archives and pages of other districts stay as they are."""
    assert not [x for x in off.written if x.startswith(("yunze", "meetings"))]
    assert {x for x in off.written if x.startswith("a/")} == {
        x for x in off.written if x.endswith("gone.html")
    }


def test_it_can_be_brought_back(off, filled, go, target, tree, story):
    """The tree is then what a new one would be: with it, without tombstones."""
    filled.release(story(3).id)
    go()
    mended = tree()
    fresh = target.with_name("fresh")
    go(target=fresh)
    own = {x.relative_to(fresh).as_posix(): x.read_bytes() for x in fresh.rglob("*") if x.is_file()}
    del own[".manifest.json"], mended[".manifest.json"]
    assert own == mended


def test_a_fresh_tree_has_the_same_tombstones(off, go, target, tree):
    """Bytes are a function of the store, takedowns included."""
    fresh = target.with_name("fresh")
    go(target=fresh)
    own = {x.relative_to(fresh).as_posix(): x.read_bytes() for x in fresh.rglob("*") if x.is_file()}
    mended = tree()
    del own[".manifest.json"], mended[".manifest.json"]
    assert own == mended


def test_an_old_closed_archive_is_mended_alone(desk, go, target, story, now, rules):
    """The one document that holds it, and no other."""
    desk.read_all(story(n, paragraphs=("短",)) for n in range(1, 2 * LENGTH + 20))
    go()
    desk.store.withhold(story(250).id, reason="", at=now)
    report = go()
    archives = [x for x in report.written if "/archive/0" in x]
    assert {"all/archive/000002", "qinglan/archive/000002", "qinglan/yaowen/archive/000002"} == {
        x.rpartition("/")[0] for x in archives
    }
    assert 1 == len(stones(target / "all/archive/000002/atom.xml"))
    entries = feedparser.parse((target / "all/archive/000002/atom.xml").read_bytes()).entries
    assert LENGTH - 1 == len(entries)
    assert [] == rules(target)


def test_corrections_of_it_go_too(desk, go, target, story, now, tree):
    """The feed of corrections shows both wordings: neither may stay."""
    desk.read_all(story(n) for n in range(1, 5))
    for n in (2, 3):
        desk.read(story(n, paragraphs=(f"第{n}次改动",)), at=now + timedelta(hours=1))
    go()
    desk.store.withhold(story(3).id, reason="", at=now + timedelta(hours=2))
    go()
    ref = f"tag:quwen.example,2026:qinglan/{story(3).id}/2"
    for path in ("revisions", "revisions/archive/newest"):
        assert [ref] == [x[0] for x in stones(target / path / "atom.xml")]
    assert not [k for k, x in tree().items() if "第3次改动".encode() in x]


def test_a_change_at_the_source_does_not_bring_it_back(off, desk, go, tree, story, now):
    """The store learns it; the public does not."""
    desk.read(story(3, title="改了标题"), at=now + timedelta(hours=5))
    go()
    assert not [k for k, x in tree().items() if "改了标题".encode() in x or SECRET.encode() in x]


def test_watches_and_editions_keep_to_it(filled, go, target, tree, story, now):
    """Every feed and every edition, with ids of its own."""
    watches = WatchFile(watches=(Watch(key="di", name="堤", any=("河堤",)),))
    more = {"watches": watches, "editions": ("zh-Hant",)}
    go(**more)
    filled.withhold(story(3).id, reason="应当事人要求", at=now)
    go(**more)
    ref = f"tag:quwen.example,2026:qinglan/{story(3).id}"
    assert [ref] == [x[0] for x in stones(target / "watch/di/atom.xml")]
    assert [(f"{ref};zh-Hant", "應當事人要求")] == [
        (x[0], x[2]) for x in stones(target / "zh-Hant/watch/di/atom.xml")
    ]
    assert not [k for k, x in tree().items() if "第3段".encode() in x]
    assert (target / f"zh-Hant/a/{story(3).id}/gone.html").is_file()
