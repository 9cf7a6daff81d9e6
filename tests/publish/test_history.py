"""History and corrections: everything that the store learned, in the order in which it did."""

import os
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import html

from pipeline.publish.archives import LENGTH
from pipeline.revisions import decide

BACKFILLED = int(os.environ.get("QUWEN_TEST_BACKFILLED", LENGTH))
"""Articles of the past that a walk back finds at once; some thousands take a minute."""

ATOM = "{http://www.w3.org/2005/Atom}"


def parsed(target, name):
    found = feedparser.parse((target / name).read_bytes())
    assert not found.bozo
    return found


def walk(target, path):
    """The feed and all documents behind it, as a client of RFC 5005 finds them."""
    name = f"{path}/atom.xml"
    documents = []
    while name:
        documents.append(parsed(target, name))
        links = {x.rel: x.href for x in documents[-1].feed.links}
        name = urlsplit(links["prev-archive"]).path[1:] if "prev-archive" in links else ""
    return documents


@pytest.fixture
def fill(desk, story):
    """Reads news number first to last, in that order."""

    def read(first, last):
        desk.read_all(story(n, paragraphs=("短",)) for n in range(first, last + 1))

    return read


def test_a_walk_back_finds_every_article(fill, go, target):
    """The live feed, the open document, then closed ones of 200: full, and closed by the next."""
    fill(1, LENGTH)
    go()
    assert [169, LENGTH] == [len(x.entries) for x in walk(target, "all")]
    fill(LENGTH + 1, 2 * LENGTH + 30)
    go()
    documents = walk(target, "all")
    assert [169, 30, LENGTH, LENGTH] == [len(x.entries) for x in documents]
    assert 2 * LENGTH + 30 == len({x.id for d in documents for x in d.entries})


def test_articles_of_the_past_leave_live_feeds_and_closed_documents_alone(fill, go, tree):
    """A walk back in time adds documents; nobody's reader is flooded."""
    fill(1, LENGTH + 50)
    go()
    before = tree()
    fill(1000, 1000 + BACKFILLED)
    report = go()
    fixed = {
        x: y
        for x, y in before.items()
        if x.endswith(("rss.xml", "atom.xml", "feed.json")) and "newest" not in x
    }
    after = tree()
    assert fixed == {x: after[x] for x in fixed}
    assert "all/archive/000002/atom.xml" in report.written


def test_history_made_at_once_is_history_made_bit_by_bit(fill, go, target, tree):
    """The documents do not depend on how often was published."""
    for last in (3, LENGTH, LENGTH + 7):
        fill(1, last)
        go()
    step_by_step = tree()
    go(target=target.with_name("other"))
    other = target.with_name("other")
    assert {x: y for x, y in step_by_step.items() if not x.startswith("a/")} == {
        x.relative_to(other).as_posix(): x.read_bytes()
        for x in other.rglob("*")
        if x.is_file() and x.parts[-3:-2] != ("a",)
    }


def test_long_texts_make_short_documents(desk, story, go, target):
    """A document is closed before it gets too big for readers."""
    for number in range(1, 9):
        desk.read(story(number, paragraphs=("长" * 150_000,)))
    go()
    assert [6, 2] == [len(x.entries) for x in walk(target, "qinglan")[:0:-1]]


def test_a_correction_is_told_once_with_both_wordings(filled, desk, go, target, story, rules, now):
    """Same id and date, later change, a note; one entry in the feed of corrections."""
    go()
    before = {x.id: x for x in parsed(target, "all/atom.xml").entries}
    desk.read(story(3, paragraphs=("堤上的路铺了旧砖。",)), at=now + timedelta(hours=5))
    report = go()
    after = {x.id: x for x in parsed(target, "all/atom.xml").entries}
    assert before.keys() == after.keys()
    (changed,) = [x for x in after if before[x].updated != after[x].updated]
    assert before[changed].published == after[changed].published
    assert "2026-03-02T14:00:00+08:00" == after[changed].updated
    assert "有改动" in after[changed].content[0].value
    (told,) = parsed(target, "revisions/atom.xml").entries
    assert (f"{changed}/2", "更正：青岚河堤第3段修好了") == (told.id, told.title)
    body = html.fromstring(told.content[0].value)
    assert (["新"], ["旧"]) == (
        [x.text for x in body.findall(".//del")][:1],
        [x.text for x in body.findall(".//ins")][:1],
    )
    assert not [x for x in report.written if x.startswith(("yunze", "meetings"))]
    archived = [x.id for x in parsed(target, "all/archive/newest/atom.xml").entries]
    assert len(set(archived)) == len(archived)
    assert [] == rules(target)


def test_the_page_of_an_article_tells_its_history(filled, desk, go, target, story, now):
    """Newest change first, each with what was there and what is now."""
    desk.read(story(3, title="青岚河堤第3段没修好"), at=now + timedelta(hours=5))
    go()
    page = html.parse(str(target / f"a/{story(3).id}/index.html"))
    changes = page.xpath("//ol[@class='changes']/li")
    assert ["r2", "r1"] == [x.get("id") for x in changes]
    chinese = "".join(changes[0].xpath("p[1]//text()[not(ancestor::*[@lang='en'])]"))
    assert "更正 2026-03-02 14:00：标题" == chinese
    told = parsed(target, "revisions/atom.xml").entries[0]
    assert told.link.endswith(f"/a/{story(3).id}/#r2")


def test_a_withdrawal_is_told_and_the_entry_stays_marked(
    filled, desk, go, target, story, now, rules
):
    """What was public stays readable, with a mark on it."""
    desk.withdraw(story(2), at=now + timedelta(days=4))
    go()
    told = parsed(target, "revisions/rss.xml").entries[0]
    assert "撤稿：青岚河堤第2段修好了" == told.title
    found = [x for x in parsed(target, "all/rss.xml").entries if "已撤稿" in x.title]
    assert ["〔已撤稿〕青岚河堤第2段修好了"] == [x.title for x in found]
    assert "以下为撤下之前的内容" in found[0].content[0].value
    assert [] == rules(target)


def test_a_better_reading_of_ours_is_no_correction(filled, desk, go, target, story, now):
    """The page is written anew; nobody is told that the publisher changed something."""
    go()
    changed = replace(story(3), paragraphs=("堤上的路铺了新砖。",))
    store = desk.store
    known = store.known([changed.id])[changed.id]
    decision = decide(known, changed, interpreter=2, at=now, capture_id=known.capture_id)
    assert "reparsed" == decision.kind
    store.apply(
        changed, decision, capture_id=known.capture_id, seen_at=now + timedelta(1), interpreter=2
    )
    report = go()
    assert f"a/{changed.id}/index.html" in report.written
    assert not (target / "revisions").exists()
    entry = next(x for x in parsed(target, "all/atom.xml").entries if changed.id in x.id)
    assert "2026-03-02T09:00:00+08:00" == entry.updated
    assert not [x for x in report.written if "/archive/" in x]
    page = html.parse(str(target / f"a/{changed.id}/index.html"))
    assert "原网站没有改动" in page.xpath("//li[@id='r2']")[0].text_content()
    assert not page.xpath("//ins|//del")


def test_a_new_column_gets_the_history_of_its_articles(fill, go, target, catalogue):
    """A feed that is set up later has everything that the store knows of it."""
    fill(1, 20)
    yaowen = next(x for x in catalogue.columns if x.key == "yaowen")
    go(catalogue=replace(catalogue, columns=()))
    go(catalogue=replace(catalogue, columns=(yaowen,)))
    assert 20 == len(walk(target, "qinglan/yaowen")[1].entries)


def test_old_documents_go_where_a_number_is_set(fill, go, target, tree):
    """The newest stay as they were, byte by byte; a second run changes nothing; all can come back."""
    fill(1, 3 * LENGTH + 30)
    go()
    whole = tree()
    report = go(keeps=2)
    kept = tree()
    closed = sorted({x.split("/")[2] for x in kept if x.startswith("all/archive/0")})
    assert ["000002", "000003"] == closed
    assert "all/archive/000001/atom.xml" in report.removed
    assert len(report.removed) == len(set(report.removed))
    same = [x for x in kept if "/archive/" in x]
    assert same
    assert all(whole[x] == kept[x] for x in same)
    assert ((), ()) == (go(keeps=2).written, go(keeps=2).removed)
    go()
    assert 3 == len(list((target / "all/archive").glob("0*")))


def test_a_tree_made_at_once_keeps_no_more(fill, go, target):
    """What is made anew, after a change of address say, does not bring old documents back."""
    fill(1, 2 * LENGTH + 30)
    go(keeps=1)
    assert ["000002"] == sorted(x.name for x in (target / "all/archive").glob("0*"))
    assert ((), ()) == (go(keeps=1).written, go(keeps=1).removed)
