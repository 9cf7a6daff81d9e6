"""Hubs, webhooks and search engines hear of what changed, and of nothing else."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

import feedparser
import pytest

from pipeline.publish import Listeners, PublishReport
from pipeline.publish.announce import FeedChange, announce

BASE = "https://feeds.quwen.example/"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass
class Listener:
    """A server that takes what is posted, or refuses it with ``status``."""

    address: str
    status: int = 204
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def listener() -> Iterator[Listener]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.heard.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(found.status)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Listener(f"http://127.0.0.1:{server.server_port}/")
    Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def publish_to(filled, go) -> Callable[[Listeners], PublishReport]:
    """Publishes the store to whoever listens."""
    return lambda listeners: go(listeners=listeners)


def topics(listener: Listener) -> list[str]:
    return [x for _, body in listener.heard for x in parse_qs(body.decode())["hub.url"]]


def test_hub_hears_of_every_feed_once(publish_to, listener):
    """WebSub, section 7: publish with the addresses of the topics, a topic a file."""
    hub = Listeners(hubs=(listener.address,))
    assert () == publish_to(hub).untold
    first = topics(listener)
    assert f"{BASE}all/atom.xml" in first
    assert f"{BASE}qinglan/yaowen/feed.json" in first
    assert len(set(first)) == len(first)
    listener.heard.clear()
    publish_to(hub)
    assert [] == topics(listener)


def test_hub_hears_only_of_feeds_that_changed(desk, story, publish_to, listener):
    """A new article of one district is nothing to the subscribers of the other."""
    hub = Listeners(hubs=(listener.address,))
    publish_to(hub)
    listener.heard.clear()
    desk.read(story(20, source="yunze"), at=NOW + timedelta(hours=1))
    publish_to(hub)
    folders = {x.removeprefix(BASE).rpartition("/")[0] for x in topics(listener)}
    assert {"all", "yunze", "yunze/yaowen"} == folders


def test_hub_stands_in_feeds_and_not_in_history(publish_to, listener, target):
    """Readers find the hub in the feed; archive documents never change."""
    publish_to(Listeners(hubs=("https://hub.example/",)))
    for form in ("atom.xml", "rss.xml"):
        feed = feedparser.parse((target / "all" / form).read_bytes())
        assert ["https://hub.example/"] == [
            x["href"] for x in feed.feed.links if x["rel"] == "hub"
        ], form
    found = json.loads((target / "all/feed.json").read_bytes())
    assert [{"type": "WebSub", "url": "https://hub.example/"}] == found["hubs"]
    archive = (target / "all/archive/newest/atom.xml").read_bytes()
    assert b"hub.example" not in archive


def test_listener_that_is_down_is_told_next_time(publish_to, listener, target):
    """A failure is a line in the report, fails nothing, and nothing is forgotten."""
    hub = Listeners(hubs=(listener.address,))
    listener.status = 400
    report = publish_to(hub)
    assert (f"hub {listener.address}: HTTP 400",) == report.untold
    assert report.written
    listener.status, listener.heard = 204, []
    again = publish_to(hub)
    assert () == again.written
    assert f"{BASE}all/atom.xml" in topics(listener)


def test_unreachable_listener_fails_nothing(publish_to):
    """Nobody listens on the port."""
    report = publish_to(Listeners(webhooks=("http://127.0.0.1:1/secret",)))
    assert 1 == len(report.untold)
    assert "secret" not in report.untold[0]


def test_webhook_gets_the_new_entries_signed(desk, story, publish_to, listener):
    """Standard Webhooks 1.0: the signature is over id, time and body."""
    hook = Listeners(webhooks=(listener.address,), secret="河水")
    publish_to(hook)
    listener.heard.clear()
    new = story(21, title="青岚新桥通车")
    desk.read(new, at=NOW + timedelta(hours=1))
    publish_to(hook)
    ((headers, body),) = listener.heard
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = base64.b64encode(hmac.new("河水".encode(), signed, hashlib.sha256).digest())
    assert "v1," + digest.decode() == headers["webhook-signature"]
    told = json.loads(body)
    assert "feeds.changed" == told["type"]
    feeds = {x["path"]: x for x in told["data"]["feeds"]}
    assert {"all", "qinglan", "qinglan/yaowen"} == set(feeds)
    assert ["青岚新桥通车"] == [x["title"] for x in feeds["all"]["entries"]]
    assert f"{BASE}a/{new.id}/" == feeds["all"]["entries"][0]["page"]


def test_search_engine_hears_of_changed_pages(publish_to, listener, target):
    """IndexNow: the key stands at the root, and changed pages are named."""
    engine = Listeners(indexnow_key="abcd1234", indexnow=listener.address)
    publish_to(engine)
    assert b"abcd1234" == (target / "abcd1234.txt").read_bytes()
    ((_, body),) = listener.heard
    told = json.loads(body)
    assert "feeds.quwen.example" == told["host"]
    assert f"{BASE}abcd1234.txt" == told["keyLocation"]
    assert f"{BASE}all/" in told["urlList"]
    assert BASE in told["urlList"]


def test_many_topics_are_told_in_several_pings(listener):
    """A hub must not get a form of thousands of fields."""
    changes = [
        FeedChange(
            path=f"f{n}", title="", base_url=BASE, files=((f"f{n}/atom.xml", "0"),), entries=()
        )
        for n in range(120)
    ]
    hub = Listeners(hubs=(listener.address,))
    assert () == announce(changes, [], hub, base_url=BASE, now=NOW)
    assert [50, 50, 20] == [len(parse_qs(x.decode())["hub.url"]) for _, x in listener.heard]
