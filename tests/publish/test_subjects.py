"""Feeds of topics, officials and bodies: those that enough articles name."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree, html

from pipeline.store.mentions import person_key

CHAIR = f"person/{person_key('370199', '江阔')}"


@pytest.fixture
def indexed(desk, catalogue):
    """A store that knows which division each source is of."""
    desk.store.index_by(None, catalogue.sources)
    return desk


def titles(target, path):
    return [x.title for x in feedparser.parse((target / path / "atom.xml").read_bytes()).entries]


def test_officials_and_bodies_have_feeds_from_enough_articles_on(
    indexed, report, go, target, rules
):
    """Two reports are too few where three are wanted; the folder is the subject's key."""
    indexed.read_all(report(n) for n in (1, 2))
    go(minimum=3)
    assert not (target / "person").exists()
    indexed.read(report(3))
    go(minimum=3)
    assert ["区政府召开第1次会议", "区政府召开第2次会议", "区政府召开第3次会议"] == titles(
        target, CHAIR
    )
    assert titles(target, CHAIR) == titles(target, "body/370199-government")
    head = feedparser.parse((target / CHAIR / "rss.xml").read_bytes()).feed
    assert ("人物：江阔（青岚区）", "提到江阔的会议报道") == (head.title, head.subtitle[3:12])
    assert [] == rules(target)


def test_a_topic_has_a_feed(indexed, story, go, target):
    """By the table of topics; of another topic's articles none is in it."""
    indexed.read_all(story(n, title=f"防汛演练第{n}场") for n in range(1, 4))
    indexed.read(story(9))
    go(minimum=3)
    assert 3 == len(titles(target, "topic/safety"))


def test_subjects_are_listed_in_groups_of_their_own(indexed, report, go, target):
    """A reader that imports the list finds them by kind."""
    indexed.read_all(report(n) for n in range(1, 4))
    go(minimum=3)
    body = etree.parse(str(target / "feeds.opml")).getroot().find("body")
    groups = {x.get("text"): [y.get("xmlUrl") for y in x.iter("outline")][1:] for x in body}
    assert [f"/{CHAIR}/rss.xml"] == [urlsplit(x).path for x in groups["人物"]]
    assert ["/body/370199-government/rss.xml"] == [urlsplit(x).path for x in groups["会议机构"]]


def test_only_subjects_of_changed_articles_are_written(indexed, report, story, go):
    """A new report of one district's chair is nothing to the others."""
    indexed.read_all(report(n) for n in range(1, 4))
    indexed.read_all(report(n, source="yunze") for n in range(4, 7))
    go(minimum=3)
    indexed.read(report(7))
    written = {x.rpartition("/")[0] for x in go(minimum=3).written if x.endswith("atom.xml")}
    assert {CHAIR, "body/370199-government"} == {x for x in written if x[:4] in ("pers", "body")}


def test_a_changed_text_reaches_the_feeds_of_its_subjects(indexed, report, go, target, now):
    """Also where the same people are named as before."""
    indexed.read_all(report(n) for n in range(1, 4))
    go(minimum=3)
    page = report(2)
    indexed.read(replace(page, title="区政府补开会议"), at=now.replace(hour=9))
    go(minimum=3)
    assert "区政府补开会议" in titles(target, CHAIR)


def test_whoever_is_named_no_more_leaves_the_feed(indexed, report, story, go, target, now):
    """A correction can take a name back; with too few articles left the feed is gone."""
    indexed.read_all(report(n) for n in range(1, 5))
    go(minimum=3)
    indexed.read(story(2, title="会没开成"), at=now.replace(hour=9))
    go(minimum=3)
    assert 3 == len(titles(target, CHAIR))
    indexed.read(story(3, title="会没开成"), at=now.replace(hour=9))
    assert f"{CHAIR}/rss.xml" in go(minimum=3).removed


def test_an_article_leaves_the_feed_of_a_topic_that_it_lost(indexed, story, go, target):
    """By a correction, or because the operator's table of topics changed."""
    indexed.read_all(story(n, title=f"防汛演练第{n}场") for n in range(1, 6))
    go(minimum=3)
    indexed.read(story(1, title="第1场"))
    go(minimum=3)
    assert {f"防汛演练第{n}场" for n in range(2, 6)} == set(titles(target, "topic/safety"))
    words = tuple(
        replace(x, words=tuple(f"防汛演练第{n}场" for n in (3, 4, 5)))
        for x in indexed.store.topics
        if x.key == "safety"
    )
    indexed.store.index_by(words)
    go(minimum=3)
    assert {f"防汛演练第{n}场" for n in (3, 4, 5)} == set(titles(target, "topic/safety"))


def test_minutes_lead_to_the_pages_of_persons(indexed, report, go, target, tmp_path, now):
    """To those that are there: older minutes too, once there are enough, and as long as there are.

    A tree written bit by bit is the same as one written at once.
    """
    first = report(1)

    def linked():
        page = html.fromstring((target / f"a/{first.id}/index.html").read_bytes())
        return [x for x in page.xpath("//section[@class='minutes']//a/@href") if "person" in x]

    indexed.read_all((first, report(2)))
    go(minimum=3)
    assert [] == linked()
    indexed.read(report(3))
    go(minimum=3)
    assert [f"../../{CHAIR}/index.html"] == linked()
    assert (target / CHAIR / "index.html").exists()
    go(minimum=3, target=tmp_path / "at-once")
    name = f"a/{first.id}/index.html"
    assert (target / name).read_bytes() == (tmp_path / "at-once" / name).read_bytes()
    indexed.withdraw(report(3), at=now + timedelta(days=5))
    go(minimum=3)
    assert [] == linked()
