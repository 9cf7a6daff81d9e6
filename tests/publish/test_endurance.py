"""What readers rely on for years: old validators, hostile and huge records, floods of the past."""

import http.client
from datetime import timedelta

import feedparser
import pytest
from lxml import etree, html

from pipeline.publish.content import Names, feed_entry
from pipeline.publish.document import flaw
from pipeline.publish.feeds import Selection, heading, live_document
from pipeline.publish.formats import FORMATS
from pipeline.records import Attachment, Image
from pipeline.store import Entry
from tests.served import served

BASE = "https://feeds.quwen.example/"


def ask(port, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    found = {k.lower(): v for k, v in answer.getheaders()}
    answer.read()
    connection.close()
    return answer.status, found


def test_old_validators_hold_until_something_is_new(filled, go, target, now):
    """A publication with nothing new: 304 to every ETag and every date of before."""
    go()
    names = [x.relative_to(target).as_posix() for x in target.rglob("*.xml")]
    names += [x.relative_to(target).as_posix() for x in target.rglob("feed.json")]
    with served(target) as port:
        before = {x: ask(port, f"/{x}")[1] for x in names}
        assert () == go(now=now + timedelta(days=9)).written
        for name, headers in before.items():
            assert 304 == ask(port, f"/{name}", If_None_Match=headers["etag"])[0], name
            since = headers["last-modified"]
            assert 304 == ask(port, f"/{name}", If_Modified_Since=since)[0], name


HOSTILE = {
    "a megabyte": {"paragraphs": ("长" * 1_000_000,)},
    "a title of 500 characters": {"title": "题" * 500},
    "no title": {"title": ""},
    "nothing at all": {"title": "", "paragraphs": ()},
    "control characters": {"title": "a\x00\x0b\x1fb", "paragraphs": ("\ufffe\uffff\x7f\x85",)},
    "lone surrogates": {"title": "a\ud800b", "paragraphs": ("\udfff",), "origin": "\ud834"},
    "ends of sections": {"title": "]]>", "paragraphs": ("]]> <![CDATA[ -->",)},
    "scripts": {"paragraphs": ("<script>alert(1)</script><svg onload=alert(1)>",)},
    "entities": {"title": "&amp;lt;b&amp;gt; &#0; &nbsp;", "paragraphs": ("&#x1F;",)},
    "an address that runs": {"images": (Image(url="javascript:alert(1)", alt='" onerror="x'),)},
    "blanks in an address": {
        "attachments": (Attachment(url="https://a.example/f/方 案.pdf", name="", media_type="?"),)
    },
    "right to left": {"title": "\u202eabc\u2066", "paragraphs": ("\u202e右",)},
}


@pytest.mark.parametrize("changes", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_record_is_right_or_left_out(catalogue, story, now, changes):
    """In all three forms its neighbour is there, and nothing of it runs."""
    names = Names.of(catalogue, base_url=BASE, tag_authority="quwen.example,2026")

    def entry(number, **more):
        return Entry(
            article=story(number, **more), first_seen=now, updated=now, sort_at=now, revision=1,
            state="live", seq=number,
        )  # fmt: skip

    made = [feed_entry(names, x) for x in (entry(1), entry(2, **changes))]
    sound = [x for x in made if flaw(x) is None]
    assert made[0] in sound
    feed = live_document(heading(names, Selection(path="all", title="全", description="")), sound)
    for form in FORMATS:
        data = form.render(feed)
        assert len(data) < 3_000_000
        if form.form != "json":
            etree.fromstring(data)
            found = feedparser.parse(data)
            assert (False, len(sound)) == (bool(found.bozo), len(found.entries))
    for x in sound:
        body = html.fromstring(x.html)
        assert not body.xpath("//script|//svg|//style|//iframe|//@onload|//@onerror|//@style")
        assert not [y for y in body.xpath("//@href|//@src") if not y.startswith("http")]


def test_a_feed_without_a_name_has_that_of_its_folder(catalogue):
    """An operator's watch may be called <b>, or nothing that can be shown."""
    names = Names.of(catalogue, base_url=BASE, tag_authority="quwen.example,2026")
    found = heading(names, Selection(path="watch/x", title="<b>", description="\x0b"))
    assert ("watch/x", "watch/x") == (found.title, found.description)
