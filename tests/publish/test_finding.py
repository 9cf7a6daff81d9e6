"""Feeds of searches, which the program's own server makes when they are asked for."""

import http.client
import json
from datetime import timedelta
from urllib.parse import quote

import feedparser
import pytest

from pipeline.errors import StoreError
from pipeline.publish import SearchFeeds
from pipeline.publish.content import Names
from tests.served import served

BASE = "https://feeds.quwen.example/"


@pytest.fixture
def ask(filled, catalogue, go, target):
    """Asks a server that has the store: status, headers, body."""
    go()
    names = Names.of(catalogue, base_url=BASE, tag_authority="quwen.example,2026")
    with served(target, SearchFeeds(store=filled, names=names)) as port:

        def send(path, method="GET", **headers):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request(
                method, path, headers={k.replace("_", "-"): v for k, v in headers.items()}
            )
            answer = connection.getresponse()
            found = {k.lower(): v for k, v in answer.getheaders()}
            body = answer.read()
            connection.close()
            return answer.status, found, body

        yield send


def test_a_search_is_a_feed(ask, story):
    """Newest first, in either script, with the ids of the published feeds."""
    status, headers, body = ask(f"/search/atom.xml?q={quote('去年 早了')}")
    found = feedparser.parse(body)
    assert (200, "application/xml; charset=utf-8") == (status, headers["content-type"])
    assert ["青岚河堤第1段修好了", "青岚河堤第2段修好了"] == [x.title for x in found.entries[:2]]
    assert (8, f"tag:quwen.example,2026:qinglan/{story(1).id}") == (
        len(found.entries),
        found.entries[0].id,
    )
    assert not found.bozo
    links = {x.rel: x.href for x in found.feed.links}
    address = f"{BASE}search/atom.xml?q=%E5%8E%BB%E5%B9%B4%20%E6%97%A9%E4%BA%86"
    assert (address, f"{address.replace('atom.xml', '')}") == (links["self"], links["alternate"])
    assert body != ask(f"/search/atom.xml?q={quote('河堤')}")[2]


def test_a_story_stands_in_a_feed_of_a_search_once(ask, desk, story, now):
    """As its first publisher told it; in that of another site as that one did."""
    desk.read(story(1, source="yunze"), at=now + timedelta(hours=1))
    found = feedparser.parse(ask(f"/search/atom.xml?q={quote('第1段')}")[2])
    assert [f"tag:quwen.example,2026:qinglan/{story(1).id}"] == [x.id for x in found.entries]
    found = feedparser.parse(ask(f"/search/atom.xml?q={quote('第1段')}&source=yunze")[2])
    assert [story(1, source="yunze").id] == [x.id.rpartition("/")[2] for x in found.entries]


def test_all_forms_and_one_source(ask):
    """RSS, JSON Feed, and only what one site published."""
    assert 8 == len(feedparser.parse(ask(f"/search/rss.xml?q={quote('早了')}")[2]).entries)
    found = json.loads(ask(f"/search/feed.json?q={quote('早了')}&source=yunze")[2])
    assert ("搜索：早了", 2) == (found["title"], len(found["items"]))
    assert "云泽区人民政府" in found["description"]


def test_what_is_known_is_not_sent_again(ask):
    """ETag, Last-Modified, HEAD and gzip as for any file."""
    path = f"/search/rss.xml?q={quote('河堤')}"
    _, headers, body = ask(path)
    assert 304 == ask(path, If_None_Match=headers["etag"])[0]
    assert 304 == ask(path, If_Modified_Since=headers["last-modified"])[0]
    assert (200, b"") == ask(path, "HEAD")[::2]
    assert "gzip" == ask(path, Accept_Encoding="gzip")[1]["content-encoding"]
    assert body == ask(path)[2]


@pytest.mark.parametrize(
    "query",
    ["", "q=", "q=%EF%BC%8C", "q=%00%0B%FF", "q=nobody", "q=" + "a" * 3000, "q=%3Cscript%3E", "q=x&source=../.."],
)  # fmt: skip
def test_whatever_is_asked_is_answered_with_a_feed(ask, query):
    """Nothing found is a feed without entries: a reader may subscribe and wait."""
    status, _, body = ask(f"/search/rss.xml?{query}")
    found = feedparser.parse(body)
    assert (200, False, []) == (status, bool(found.bozo), found.entries)
    assert b"<script" not in body


def test_without_a_store_there_is_no_such_feed(filled, go, target):
    """A plain copy of the tree has none."""
    go()
    with served(target) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/search/rss.xml?q=a")
        assert 404 == connection.getresponse().status
        connection.close()


class Away:
    """A finder whose database cannot be reached."""

    def find(self, query, *, source=None):
        raise StoreError("cannot be reached")


def test_a_store_that_is_away_is_no_fault_of_the_reader(tmp_path):
    """503 with Retry-After: the reader comes back."""
    with served(tmp_path, Away()) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/search/rss.xml?q=a")
        answer = connection.getresponse()
        assert (503, "300") == (answer.status, answer.getheader("Retry-After"))
        connection.close()
