"""Each format beside the others, and what the generator behind two of them gets wrong."""

import json
import locale
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.errors import PublishError
from pipeline.publish import (
    Category,
    FeedDocument,
    FeedEntry,
    FeedFile,
    Outline,
    render_atom,
    render_json,
    render_opml,
    render_rss,
)
from pipeline.publish.document import clean, flaw
from pipeline.publish.formats import FORMATS
from pipeline.publish.kept import forgetting

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
AT = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)

ENTRY = FeedEntry(
    id="tag:quwen.example,2026:qinglan/1",
    title="河堤修好了",
    url="https://www.qinglan.example/1.html",
    page="https://feeds.quwen.example/a/1/",
    published=AT,
    updated=AT + timedelta(hours=1),
    html="<p>路 &amp; 桥</p>",
    summary="路 & 桥 <1>",
    authors=("李河", "王小溪"),
    categories=(Category(term="要闻", scheme="https://feeds.quwen.example/qinglan/yaowen/"),),
    files=(
        FeedFile(
            url="https://www.qinglan.example/a.pdf", name="方案", media_type="application/pdf"
        ),
        FeedFile(
            url="https://www.qinglan.example/b.doc",
            name="附表",
            media_type="application/msword",
            length=7,
        ),
    ),
    image="https://www.qinglan.example/1.jpg",
)
FEED = FeedDocument(
    base_url="https://feeds.quwen.example/",
    path="qinglan",
    id="tag:quwen.example,2026:feed/qinglan",
    title="青岚",
    description="青岚的文章",
    updated=AT + timedelta(hours=1),
    entries=(ENTRY, replace(ENTRY, id="tag:quwen.example,2026:qinglan/0", files=())),
    prev_archive="qinglan/archive/newest",
)


def rss():
    return etree.fromstring(render_rss(FEED)).find("channel")


def atom():
    return etree.fromstring(render_atom(FEED))


@pytest.mark.parametrize("form", FORMATS, ids=lambda x: x.form)
def test_all_forms_say_the_same(form):
    """Identity, title, link, date, order and content do not depend on the format."""
    found = feedparser.parse(form.render(FEED)) if form.form != "json" else None
    if found is None:
        items = json.loads(form.render(FEED))["items"]
        got = [(x["id"], x["title"], x["url"], x["content_html"]) for x in items]
    else:
        assert not found.bozo
        got = [(x.id, x.title, x.link, x.content[0].value) for x in found.entries]
    assert [(x.id, x.title, x.url, x.html) for x in FEED.entries] == got


def test_links_of_an_atom_entry_keep_their_meaning():
    """The article is the one alternate; attachments are enclosures (feedgen loses both)."""
    links = atom().find(f"{ATOM}entry").findall(f"{ATOM}link")
    assert [
        ("alternate", "text/html", ENTRY.url, None),
        ("enclosure", "application/pdf", ENTRY.files[0].url, None),
        ("enclosure", "application/msword", ENTRY.files[1].url, "7"),
        ("related", "text/html", ENTRY.page, None),
    ] == [(x.get("rel"), x.get("type"), x.get("href"), x.get("length")) for x in links]


def test_the_site_of_a_channel_is_its_page():
    """Not the link that happens to be the last one."""
    assert ["https://feeds.quwen.example/qinglan/"] == [x.text for x in rss().findall("link")]


def test_feeds_name_themselves_and_their_history():
    """Self and prev-archive stand in both, each in its own form."""
    for channel, name in ((rss(), "rss.xml"), (atom(), "atom.xml")):
        links = {x.get("rel"): x.get("href") for x in channel.findall(f"{ATOM}link")}
        assert f"https://feeds.quwen.example/qinglan/{name}" == links["self"]
        assert f"https://feeds.quwen.example/qinglan/archive/newest/{name}" == links["prev-archive"]


def test_rss_takes_one_enclosure_with_a_length():
    """The profile allows one; a length that is not known is 0."""
    found = [dict(x.attrib) for x in rss().find("item").findall("enclosure")]
    assert [{"url": ENTRY.files[0].url, "length": "0", "type": "application/pdf"}] == found


def test_rss_people_and_changes_stand_in_their_namespaces():
    """The author element is for e-mail addresses only."""
    item = rss().find("item")
    assert item.find("author") is None
    assert ["李河", "王小溪"] == [x.text for x in item.findall(f"{DC}creator")]
    assert "2026-03-02T02:30:00+08:00" == item.find(f"{ATOM}updated").text
    assert ("false", ENTRY.id) == (item.find("guid").get("isPermaLink"), item.find("guid").text)


def test_dates_are_in_china_time():
    """RFC 822 with an English weekday, RFC 3339 with a zone; never the time of the build."""
    assert "Mon, 02 Mar 2026 01:30:00 +0800" == rss().find("item/pubDate").text
    assert "Mon, 02 Mar 2026 02:30:00 +0800" == rss().find("lastBuildDate").text
    assert "2026-03-02T02:30:00+08:00" == atom().find(f"{ATOM}updated").text
    assert "2026-03-02T01:30:00+08:00" == atom().find(f"{ATOM}entry/{ATOM}published").text


def test_a_summary_is_text_in_atom_and_escaped_in_rss():
    """Readers take an RSS description for HTML."""
    assert ENTRY.summary == atom().find(f"{ATOM}entry/{ATOM}summary").text
    assert "路 &amp; 桥 &lt;1&gt;" == rss().find("item/description").text
    assert ENTRY.html == rss().find(f"item/{CONTENT}encoded").text


def test_feeds_say_their_language():
    """Simplified Chinese, in the way of each format."""
    assert "zh-Hans" == rss().find("language").text
    assert "zh-Hans" == atom().get(LANG)
    assert "zh-Hans" == json.loads(render_json(FEED))["language"]


def test_no_version_and_no_document_address_is_named():
    """An upgrade of a library must not rewrite every feed."""
    assert "quwen" == rss().find("generator").text
    assert rss().find("docs") is None
    assert {} == dict(atom().find(f"{ATOM}generator").attrib)


def test_archive_documents_are_marked():
    """RFC 5005: the mark, the live feed and the document before."""
    page = replace(
        FEED, path="qinglan/archive/000002", archive=True, current="qinglan",
        prev_archive="qinglan/archive/000001",
    )  # fmt: skip
    for form in (render_rss, render_atom):
        text = form(page).decode()
        assert "fh:archive" in text
        assert 'rel="current"' in text
    assert "fh:" not in render_rss(FEED).decode()
    assert "https://feeds.quwen.example/qinglan/" == page.home


def test_json_items_have_all_fields():
    """Names after JSON Feed 1.1; what is not known is left out."""
    item = json.loads(render_json(FEED))["items"][0]
    assert "2026-03-02T01:30:00+08:00" == item["date_published"]
    assert [{"name": "李河"}, {"name": "王小溪"}] == item["authors"]
    assert ["要闻"] == item["tags"]
    assert [None, 7] == [x.get("size_in_bytes") for x in item["attachments"]]
    assert ENTRY.image == item["image"]


def test_dates_may_come_in_any_zone():
    """The same instant is the same text."""
    moved = replace(ENTRY, published=AT.astimezone(timezone(timedelta(hours=-5))))
    one, two = replace(FEED, entries=(ENTRY,)), replace(FEED, entries=(moved,))
    assert [x.render(one) for x in FORMATS] == [x.render(two) for x in FORMATS]


def test_the_locale_of_the_process_stays():
    """feedgen switches it to and fro for every date; ours are written without."""
    before = locale.setlocale(locale.LC_ALL)
    render_rss(FEED)
    assert before == locale.setlocale(locale.LC_ALL)


@pytest.mark.parametrize("form", FORMATS, ids=lambda x: x.form)
def test_an_entry_that_cannot_be_written_is_an_error_that_says_so(form):
    """The caller is told where, and leaves such entries out before."""
    bad = replace(ENTRY, title="\ud800")
    assert flaw(bad)
    with pytest.raises(PublishError, match="qinglan"):
        form.render(replace(FEED, entries=(bad,)))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"title": " "}, "no title"),
        ({"html": ""}, "no content"),
        ({"url": "ftp://a.example/"}, "no web address: 'ftp://a.example/'"),
        ({"published": datetime(2026, 3, 1)}, "a date without a zone"),  # noqa: DTZ001
        ({"updated": AT - timedelta(1)}, "updated before it was published"),
        ({"summary": "\x0b"}, "characters that XML cannot hold"),
        ({}, None),
    ],
)
def test_flaws_are_named(change, problem):
    """One reason an entry is left out, in plain words."""
    assert problem == flaw(replace(ENTRY, **change))


nasty = st.text(st.characters(codec=None), min_size=1, max_size=40) | st.sampled_from(
    [
        "]]>",
        "<![CDATA[",
        "&#0;",
        "<script>",
        "𠮷",
        "\u202e右",
        "&amp;amp;",
        "%00",
        "'\"><svg onload=x>",
    ]
)


@settings(max_examples=60, deadline=None)
@given(nasty, nasty, nasty)
def test_any_clean_text_survives_every_format(title, body, name):
    """What was put in comes out again, in RSS, Atom and JSON, and readers do not complain."""
    html = clean(body).replace("&", "&amp;").replace("<", "&lt;").replace("\r", "") or "…"
    title, name = clean(title).strip().replace("\r", "") or "…", clean(name).replace("\r", "")
    entry = replace(ENTRY, title=title, html=html, summary="", authors=(name or "…",))
    feed = replace(FEED, entries=(entry,))
    for form in (render_rss, render_atom):
        root = etree.fromstring(form(feed))
        values = {x.text for x in root.iter()}
        assert {title, html, name or "…"} <= values
        assert not feedparser.parse(form(feed)).bozo
    assert html == json.loads(render_json(feed))["items"][0]["content_html"]


def test_opml_groups_feeds():
    """Each feed stands once, in its RSS form, under its groups."""
    data = render_opml(
        "区闻", (Outline(text="山东省", groups=(Outline(text="青岚区", feeds=(FEED,)),)),)
    )
    root = etree.fromstring(data)
    assert ["山东省", "青岚区", "青岚"] == [x.get("text") for x in root.iter("outline")]
    leaf = root.find("body/outline/outline/outline")
    assert ("rss", FEED.address("rss"), FEED.home) == (
        leaf.get("type"), leaf.get("xmlUrl"), leaf.get("htmlUrl"),
    )  # fmt: skip


@pytest.mark.parametrize("form", FORMATS, ids=lambda x: x.form)
def test_an_entry_has_the_same_bytes_in_every_feed(form):
    """Made once and kept: an archive of one kind and a live feed of another hold the same."""
    other = replace(ENTRY, id=f"{ENTRY.id}x", title="  <channel>\n</feed>")
    one, two = (form.render(replace(FEED, entries=x)) for x in ((ENTRY,), (ENTRY, other)))
    archive = form.render(replace(FEED, path="x/archive/000001", archive=True, entries=(other,)))
    with forgetting():
        pass
    assert two == form.render(replace(FEED, entries=(ENTRY, other)))
    start, end = {
        "rss": (b"    <item>", b"</item>"),
        "atom": (b"  <entry>", b"</entry>"),
        "json": (b'  {\n   "id"', b"\n  }"),
    }[form.form]

    def items(data):
        return data[data.index(start) : data.rindex(end) + len(end)]

    assert items(two).startswith(items(one))
    assert items(two).endswith(items(archive))
    assert 2 == two.count(start)


def test_memory_of_what_was_rendered_is_bounded():
    """Long texts push each other out, and nothing is left after a run."""
    long = [replace(ENTRY, id=f"{n}", html=f"<p>{n}{'水' * 150_000}</p>") for n in range(80)]
    with forgetting():
        tracemalloc.start()
        for x in long:
            render_rss(replace(FEED, entries=(x,)))
        _, peak = tracemalloc.get_traced_memory()
        assert 60_000_000 > peak
    left, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 5_000_000 > left
