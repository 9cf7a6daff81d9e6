"""From a site that changes to those who hear of it."""

import base64
import hashlib
import hmac
import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from flows.demo.render import Page
from flows.demo.sites import SITES
from pipeline import runs
from pipeline.runs.alarms import take_alarms, tell_alarms
from pipeline.runs.hooks import read_hook, send, text_of
from pipeline.settings import Settings
from pipeline.store import Alarm

EMPTY = Page(
    status=200,
    content_type="text/html",
    body="<html><body><p>暂无</p></body></html>".encode(),
    last_modified="Thu, 19 Nov 2026 00:00:00 GMT",
)
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


def look(context: runs.Context, clock, source: str = "demo-dongze") -> runs.Report:
    clock.now += timedelta(hours=1)
    with runs.ledger(context, "ingest", {}) as entry:
        entry.add(runs.ingest_source(source, context=context, run_id=entry.run_id))
    return entry.reports[0]


def test_an_emptied_list_opens_one_alarm_and_takes_nothing_away(context, clock, server):
    """It is told on the status page and in a feed; what was published stays; it closes once."""
    look(context, clock)
    runs.publish(context)
    public = context.settings.public_dir
    feed = (public / "demo-dongze" / "atom.xml").read_bytes()
    site = next(x for x in SITES if x.host.startswith("www.dongze") or x.host.startswith("dongze"))
    pages = {site.url(path): page for path, page in site.pages.items()}
    for column in context.catalogue.columns_of("demo-dongze"):
        server.change(column.url, EMPTY)
    for _ in range(5):
        look(context, clock)
    alarms = context.store.upkeep.alarms()
    assert {("empty", x.key) for x in context.catalogue.columns_of("demo-dongze")} == {
        (x.kind, x.column) for x in alarms
    }
    runs.publish(context)
    assert feed == (public / "demo-dongze" / "atom.xml").read_bytes()
    told = json.loads((public / "alarms" / "feed.json").read_bytes())["items"]
    assert len(alarms) == len(told)
    assert b"alarms/rss.xml" in (public / "feeds.opml").read_bytes()
    status = json.loads((public / "status.json").read_bytes())["sources"]
    assert ["empty"] * len(alarms) == [
        y["kind"] for x in status if x["source"] == "demo-dongze" for y in x["alarms"]
    ]
    for column in context.catalogue.columns_of("demo-dongze"):
        server.change(column.url, pages[column.url])
    for _ in range(4):
        look(context, clock)
    assert () == context.store.upkeep.alarms()
    assert len(alarms) == len(context.store.upkeep.alarms(states=("closed",)))


def test_a_redesign_holds_back_what_has_lost_a_field(context, clock, server):
    """A page without origin, while its column is in alarm for that, is kept and not published."""
    site = next(x for x in SITES if x.host.startswith("yunze"))
    for column in context.catalogue.columns_of("demo-yunze"):
        context.store.upkeep.save_alarm(
            alarm(kind="unsigned", source="demo-yunze", column=column.key)
        )
    url = site.articles[0]
    page = site.pages[urlsplit(url).path]
    lines = [
        x for x in page.body.decode().splitlines() if "来源" not in x and "ContentSource" not in x
    ]
    server.change(url, replace(page, body="\n".join(lines).encode()))
    report = look(context, clock, "demo-yunze")
    held = [x for x in context.store.quarantined(source="demo-yunze") if x.step == "held"]
    assert url in [x.url for x in held], report
    assert len(held) < report.counts["new"]
    for standing in context.store.upkeep.alarms():
        context.store.upkeep.save_alarm(replace(standing, state="closed", closed_at=clock.now))
    runs.reparse_source("demo-yunze", context=context, run_id=1)
    assert [] == [x for x in context.store.quarantined(source="demo-yunze") if x.step == "held"]


def alarm(**changes) -> Alarm:
    plain = Alarm(
        source="demo-dongze",
        column="jujiaotoutiao",
        kind="empty",
        state="open",
        strikes=0,
        message="its list shows no items any more",
        since=NOW,
        opened_at=NOW,
    )
    return replace(plain, **changes)


class Robots(ThreadingHTTPServer):
    """Takes what is posted; answers each path as told, else as a robot that is content."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Robot)
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.address = f"127.0.0.1:{self.server_address[1]}"

    def paths(self) -> list[str]:
        return [x for x, _ in self.heard]


class _Robot(BaseHTTPRequestHandler):
    server: Robots

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, json.loads(body)))
        status, answer = self.server.answers.get(self.path, (200, b'{"errcode":0,"code":0}'))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def robots():
    with Robots() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def test_every_hook_hears_of_every_change_once(context, clock, robots: Robots):
    """One that is away is told later; the others are not told again."""
    hooks = [f"{form}=http://{robots.address}/{form}" for form in ("wecom", "feishu", "json")]
    own = replace(context, settings=with_hooks(context.settings, *hooks))
    robots.answers["/feishu"] = (502, b"")
    context.store.upkeep.save_alarm(alarm(opened_at=clock.now))
    (problem,) = tell_alarms(own)
    assert "feishu" in problem
    assert "HTTP 502" in problem
    assert "/feishu" not in problem, "the path of a hook is its secret"
    del robots.answers["/feishu"]
    assert () == tell_alarms(own)
    assert () == tell_alarms(own)
    assert ["/wecom", "/feishu", "/json", "/feishu"] == robots.paths()
    (standing,) = context.store.upkeep.alarms()
    clock.now += timedelta(hours=2)
    context.store.upkeep.save_alarm(replace(standing, state="closed", closed_at=clock.now))
    assert () == tell_alarms(own)
    assert 3 == len(robots.paths()) - 4


def test_each_change_is_taken_once_by_each_listener(context, clock):
    """However many runs ask, on whatever machine: the engine's events tell nothing twice."""
    assert () == take_alarms(context, "engine")
    context.store.upkeep.save_alarm(alarm(opened_at=clock.now - timedelta(hours=1)))
    context.store.upkeep.save_alarm(alarm(kind="silent", opened_at=clock.now - timedelta(days=5)))
    (opened,) = take_alarms(context, "engine")
    assert ("empty", "open") == (opened.kind, opened.state)
    assert () == take_alarms(context, "engine")
    assert (opened,) == take_alarms(context, "somebody else")
    context.store.upkeep.save_alarm(replace(opened, state="closed", closed_at=clock.now))
    assert ["closed"] == [x.state for x in take_alarms(context, "engine")]
    assert () == take_alarms(context, "engine")


def test_old_alarms_are_not_told_to_a_new_hook(context, clock, robots: Robots):
    """Who adds a robot does not want last year's alarms."""
    context.store.upkeep.save_alarm(alarm(opened_at=clock.now - timedelta(days=5)))
    own = replace(
        context, settings=with_hooks(context.settings, f"json=http://{robots.address}/json")
    )
    assert () == tell_alarms(own)
    assert [] == robots.paths()


def with_hooks(settings: Settings, *hooks: str) -> Settings:
    return settings.model_copy(update={"alarm_hooks": hooks})


def posted(robots: Robots, form: str, secret: str) -> tuple[str, dict[str, Any]]:
    hook = read_hook(f"{form}=http://{robots.address}/{form}?k=1#{secret}")
    assert send(hook, [alarm()], base_url="https://news.example/", now=NOW) is None
    return robots.heard[-1]


def test_dingtalk_gets_a_signed_text(robots: Robots):
    """Time and signature stand in the address, as its robots check them."""
    path, body = posted(robots, "dingtalk", "SECabc")
    query = parse_qs(urlsplit(path).query)
    assert "text" == body["msgtype"]
    assert "demo-dongze/jujiaotoutiao" in body["text"]["content"]
    stamp = query["timestamp"][0]
    assert str(int(NOW.timestamp() * 1000)) == stamp
    digest = hmac.new(b"SECabc", f"{stamp}\nSECabc".encode(), hashlib.sha256).digest()
    assert base64.b64encode(digest).decode() == query["sign"][0]


def test_feishu_gets_its_signature_in_the_body(robots: Robots):
    """Seconds and secret are the key, the message is empty."""
    _, body = posted(robots, "feishu", "abc")
    stamp = str(int(NOW.timestamp()))
    digest = hmac.new(f"{stamp}\nabc".encode(), b"", hashlib.sha256).digest()
    assert (stamp, base64.b64encode(digest).decode()) == (body["timestamp"], body["sign"])
    assert "【告警】" in body["content"]["text"]


def test_a_robot_that_refuses_with_status_200_has_not_heard(robots: Robots):
    """Its answer says so in the body."""
    robots.answers["/r"] = (200, b'{"errcode":93000,"errmsg":"invalid webhook url"}')
    hook = read_hook(f"wecom=http://{robots.address}/r")
    assert "93000: invalid webhook url" == send(hook, [alarm()], base_url="http://a/", now=NOW)


def test_a_hundred_alarms_are_one_message_of_bearable_length():
    """WeCom takes 2048 bytes; the page has all of them."""
    text = text_of([alarm()] * 100, "https://news.example/")
    assert len(text.encode()) <= 2048
    assert "100 条" in text
    assert text.endswith("https://news.example/alarms/")
