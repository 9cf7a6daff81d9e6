"""The published tree as a whole."""

import feedparser
import pytest

FEEDS = ("all", "meetings", "qinglan", "qinglan/yaowen", "yunze", "yunze/gonggao")


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("file", ["rss.xml", "atom.xml"])
def test_feeds_are_read_without_complaint(filled, go, target, path, file):
    """Each feed folder has RSS and Atom that a strict reader takes as they are."""
    go()
    found = feedparser.parse((target / path / file).read_bytes())
    assert not found.bozo, found.get("bozo_exception")
    assert found.entries


def test_a_second_publish_writes_nothing(filled, go, target):
    """Files whose bytes stay the same are not touched."""
    first = go()
    second = go()
    assert ((), len(first.written), ()) == (second.written, second.unchanged, second.removed)
