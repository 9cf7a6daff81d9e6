"""The published tree as a whole."""

import itertools
import json
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta

import feedparser
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from pipeline.errors import PublishStopped
from pipeline.publish import building, is_behind, publish
from pipeline.publish.feeds import MOST, NEWEST
from pipeline.records import Image, Published
from pipeline.sources import Catalogue
from pipeline.store import Store

BASE = "https://feeds.quwen.example/"
FEEDS = ("all", "meetings", "qinglan", "qinglan/yaowen", "yunze", "yunze/gonggao")
LISTS = (
    ".manifest.json", "_headers", "copy.js", "feed.css", "feeds.json", "feeds.opml", "icon.svg",
    "index.html",
    "search.js", "site.css", "sitemap.xml", "status.json", "status/index.html", "search/index.html",
    "search/index.json", "search/fold.json",
)  # fmt: skip


def titles(target, path="all"):
    """The titles of a feed, in its order."""
    return [x.title for x in feedparser.parse((target / path / "atom.xml").read_bytes()).entries]


def test_the_tree_is_complete(filled, go, tree):
    """Feeds in three forms with page and history, a page for each article, and the lists."""
    go()
    expected = {*LISTS}
    for path in FEEDS:
        expected |= {f"{path}/{x}" for x in ("index.html", "rss.xml", "atom.xml", "feed.json")}
        expected |= {f"{path}/archive/newest/{x}" for x in ("rss.xml", "atom.xml")}
    names = set(tree())
    pages = {x for x in names if x.startswith("a/")}
    expected |= {f"en/{x}" for x in expected if x.endswith("index.html")}
    segments = {x for x in names if re.match(r"search/\d{9}-", x)}
    assert segments
    assert expected == names - pages - segments
    assert {f"a/{x.article.id}/index.html" for x in filled.entries()} == pages


def test_feeds_are_read_without_complaint(filled, go, target):
    """Each feed folder has RSS and Atom that a strict reader takes as they are."""
    go()
    for name in (f"{path}/{file}" for path in FEEDS for file in ("rss.xml", "atom.xml")):
        found = feedparser.parse((target / name).read_bytes())
        assert not found.bozo, f"{name}: {found.get('bozo_exception')}"
        assert found.entries


def test_the_tree_keeps_all_rules(filled, go, target, rules):
    """Links lead somewhere, the forms agree, ids and dates are right."""
    go()
    assert [] == rules(target)


def test_a_second_publish_writes_nothing(filled, go, target):
    """Files whose bytes stay the same are not touched, whatever the time is."""
    first = go()
    before = {x: x.stat().st_mtime_ns for x in target.rglob("*") if x.is_file()}
    second = go(now=None)
    assert ((), len(first.written), ()) == (second.written, second.unchanged, second.removed)
    assert before == {x: x.stat().st_mtime_ns for x in target.rglob("*") if x.is_file()}


@pytest.mark.parametrize("files", [0, 5, 60])
def test_a_stopped_publish_is_gone_on_with(filled, go, target, tree, tmp_path, files):
    """Told to end it writes no further file; the store tells that there is more to write."""
    assert is_behind(filled, target)
    asked = itertools.count()
    with pytest.raises(PublishStopped, match="the next run goes on"):
        go(stopping=lambda: next(asked) >= files)
    assert files == len([x for x in tree() if not x.startswith(".")])
    assert is_behind(filled, target)
    go()
    go(target=tmp_path / "undisturbed")
    whole = {x.relative_to(tmp_path / "undisturbed") for x in (tmp_path / "undisturbed").rglob("*")}
    assert whole == {x.relative_to(target) for x in target.rglob("*")}
    assert all((tmp_path / "undisturbed" / k).read_bytes() == v for k, v in tree().items())
    assert not is_behind(filled, target)


def test_what_was_stored_later_is_not_published_yet(filled, go, desk, story, target):
    """A tree is behind from the first article that it does not hold."""
    go()
    desk.read(story(17))
    assert is_behind(filled, target)


def test_a_new_article_writes_only_what_holds_it(filled, go, desk, story):
    """Its page, the feeds it stands in, and the lists; other districts stay as they are."""
    go()
    new = story(50, source="yunze", column="yaowen")
    desk.read(new)
    written = set(go().written)
    assert f"a/{new.id}/index.html" in written
    assert "yunze/yaowen/rss.xml" in written
    assert not {x for x in written if x.startswith(("qinglan", "meetings", "en/qinglan"))}
    assert {f"a/{new.id}/index.html"} == {x for x in written if x.startswith("a/")}


def test_articles_come_before_what_links_to_them(filled, go):
    """Articles, archives, feeds, pages, OPML, sitemap."""
    stages = (r"a/", r".*/archive/", r".*/(rss|atom|feed)\.", r"feeds\.opml", r"sitemap")
    written = go().written
    found = [next((n for n, x in enumerate(stages) if re.match(x, name)), None) for name in written]
    order = [x for x in found if x is not None]
    assert sorted(order) == order


def test_of_each_feed_the_archive_comes_first_and_the_page_last(filled, go, monkeypatch):
    """Also where the feeds of one place are written after the other."""
    monkeypatch.setattr(building, "_AT_ONCE", 1)
    at = {name: n for n, name in enumerate(go().written)}
    for path in FEEDS:
        files = ("archive/newest/atom.xml", "atom.xml", "index.html")
        order = [at[f"{path}/{x}"] for x in files]
        assert sorted(order) == order
    assert at["qinglan/index.html"] < at["yunze/archive/newest/rss.xml"]


def test_ids_are_made_of_the_authority_source_and_article(filled, go, target, story):
    """They do not change with title, address of the site or feed."""
    go()
    (wanted,) = {f"tag:quwen.example,2026:qinglan/{story(1).id}"}
    for path in ("all", "qinglan", "qinglan/yaowen"):
        found = feedparser.parse((target / path / "rss.xml").read_bytes())
        assert wanted == found.entries[0].id


def test_a_meeting_opens_with_a_table_and_then_the_text(filled, go, target):
    """Chair, date, number and agenda at a glance; then everything as it was published."""
    go()
    found = feedparser.parse((target / "meetings/rss.xml").read_bytes())
    body = html.fromstring(found.entries[0].content[0].value)
    table = body.find(".//table")
    cells = {x.findtext("th"): x.find("td").text_content().strip() for x in table.findall("tr")}
    assert {
        "会议": "政府第7次常务会议",
        "日期": "2026-03-01",
        "主持": "江阔（区长）",
        "议题": "研究河堤修缮方案（决定四月开工）",
    } == cells
    assert "主持召开区政府第7次常务会议。" in table.getnext().text_content()


def test_old_articles_leave_a_feed_and_stay_in_its_history(desk, go, target, story):
    """Newest 50, and all of the newest article's last 7 days, but 200 at most."""
    desk.read_all(story(24 * n) for n in range(1, NEWEST + 30))
    go()
    assert NEWEST == len(titles(target))
    desk.read_all(story(n) for n in range(1, MOST + 30))
    go()
    found = titles(target)
    assert 24 * 7 == len([x for x in found if "段" in x]) - 1
    assert len(found) < MOST


def test_a_feed_never_grows_over_its_limit(desk, go, target, story):
    """So many in a week are rare, but readers refuse files of some megabytes."""
    at = Published(day=story(1).published.day)
    desk.read_all(story(n, published=at) for n in range(1, MOST + 21))
    go()
    assert MOST == len(titles(target))
    for number in range(20, 30):
        desk.read(story(number, source="yunze", paragraphs=("长" * 90_000,) * 2))
    go()
    assert all(x.stat().st_size < 4_000_000 for x in target.rglob("*.xml"))


def test_dates_in_the_future_count_from_the_day_they_were_seen(desk, go, target, story, rules):
    """A slip of the pen must not hold the top of every reader for years."""
    desk.read(story(1, published=Published(day=story(1).published.day.replace(year=2062))))
    go()
    entry = feedparser.parse((target / "all/rss.xml").read_bytes()).entries[0]
    assert "Mon, 02 Mar 2026 09:00:00 +0800" == entry.published
    assert [] == rules(target)


def test_a_mirror_does_not_double_the_news(store, desk, go, target, story, catalogue):
    """The feed over all sites has one of them, the mirror's own feed all it shows."""
    mirror = replace(catalogue.sources[1], mirror_of="qinglan")
    own = Catalogue(sources=(catalogue.sources[0], mirror), columns=catalogue.columns)
    store.index_by(None, own.sources)
    desk.read(story(1))
    desk.read(story(1, source="yunze", title="青岚河堤 第１段 修好了"))
    desk.read(story(2, source="yunze", title="只有转载站有"))
    go(catalogue=own)
    assert ["青岚河堤第1段修好了", "只有转载站有"] == titles(target)
    assert ["青岚河堤 第１段 修好了", "只有转载站有"] == titles(target, "yunze")
    front = html.fromstring((target / "index.html").read_bytes()).get_element_by_id("latest")
    assert ["青岚河堤第1段修好了", "只有转载站有"] == [x.text for x in front.xpath(".//li/a")]


def test_a_source_that_is_gone_loses_its_feeds_not_its_articles(filled, go, target, catalogue):
    """Operators drop a source; what was published stays reachable under its own address."""
    go()
    own = Catalogue(
        sources=catalogue.sources[:1],
        columns=tuple(x for x in catalogue.columns if x.source.id == "qinglan"),
    )
    report = go(catalogue=own)
    assert {x.removeprefix("en/").split("/")[0] for x in report.removed} == {"yunze"}
    assert not (target / "yunze").exists()
    assert 10 == len(list(target.glob("a/*/index.html")))
    assert go(catalogue=own).removed == ()


def test_a_source_named_like_a_folder_is_left_out_and_reported(filled, go, target, catalogue):
    """Its articles stand in the feed of all; nobody's folder is overwritten."""
    odd = replace(catalogue.sources[1], id="meetings")
    report = go(catalogue=Catalogue(sources=(catalogue.sources[0], odd), columns=()))
    assert ("source meetings: the id is the name of a folder; choose another",) == report.left_out
    assert ["区政府召开第9次会议", "区政府召开第10次会议"] == titles(target, "meetings")


def test_a_column_named_like_a_folder_is_left_out_and_reported(filled, go, catalogue):
    """The history of a feed stands in a folder of its own."""
    odd = tuple(replace(x, key="archive") for x in catalogue.columns[:1])
    report = go(catalogue=replace(catalogue, columns=odd))
    assert ("column qinglan/archive: the key is the name of a folder",) == report.left_out


def test_what_no_feed_can_hold_is_left_out_and_reported(filled, go, target):
    """Each article with its reason; the rest of the tree is made."""
    report = go(tag_authority="quwen.example\x0b,2026")
    assert (
        "https://www.qinglan.example/news/1.html: characters that XML cannot hold"
        in report.left_out
    )
    assert 10 == len(report.left_out)
    assert (target / "index.html").exists()
    assert not list(target.rglob("rss.xml"))


def test_an_empty_store_makes_a_page_that_says_so(go, target):
    """Before the first run: no feed, no broken link."""
    go()
    assert "还没有内容" in (target / "index.html").read_text("utf-8")
    assert not list(target.rglob("rss.xml"))


def test_another_store_makes_another_tree(filled, go, target, tmp_path, story, catalogue):
    """A database that was set up anew must not leave pages unwritten."""
    go()
    with Store.open(f"sqlite:///{tmp_path / 'other.db'}") as other:
        values = {"base_url": "https://feeds.quwen.example/", "tag_authority": "a.example,2026"}
        report = publish(other, catalogue, target=target, now=None, **values)
        assert "all/rss.xml" in report.removed


def test_lost_files_are_made_again(filled, go, tree, target):
    """Whatever somebody deletes by mistake, the next run brings the same bytes back."""
    go()
    before = tree()
    for name in ("a", "all", "meetings/archive/newest", "index.html"):
        path = target / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    go()
    assert before == tree()
    shutil.rmtree(target)
    go()
    assert before == tree()


@pytest.mark.parametrize(
    "lost", ["qinglan/rss.xml", "yunze/gonggao/index.html", "meetings/archive/newest/atom.xml"]
)
def test_a_tick_looks_for_lost_files_in_turns(filled, go, tree, target, monkeypatch, lost):
    """It costs the same however many feeds there are, and reaches each of them in the end."""
    go()
    before = tree()
    monkeypatch.setattr(building, "_LOOKS", 2)
    (target / lost).unlink()
    feeds = len(json.loads((target / "feeds.json").read_bytes())) + 1  # revisions, still empty
    written = [go(thorough=False).written for _ in range(feeds)]
    turns = [n for n, x in enumerate(written) if lost in x]
    assert len(turns) == 1
    assert turns[0] < (feeds + 3) / 2
    assert {k: v for k, v in before.items() if k != ".manifest.json"} == {
        k: v for k, v in tree().items() if k != ".manifest.json"
    }


def test_what_changed_is_written_whatever_is_looked_for(filled, go, desk, story, monkeypatch):
    """A feed in which something is new does not wait for its turn."""
    go()
    monkeypatch.setattr(building, "_LOOKS", 1)
    desk.read(story(50, source="yunze", column="yaowen"))
    written = set(go(thorough=False).written)
    assert {"all/rss.xml", "yunze/rss.xml", "yunze/yaowen/archive/newest/rss.xml"} <= written


def test_a_new_name_in_the_catalogue_reaches_every_page(filled, go, target, catalogue, story):
    """Pages of articles are written anew though nothing is new in the store."""
    go()
    columns = tuple(replace(x, name="区里要事") for x in catalogue.columns)
    report = go(catalogue=replace(catalogue, columns=columns))
    assert 10 == len([x for x in report.written if x.startswith("a/")])
    assert "区里要事" in (target / f"a/{story(1).id}/index.html").read_text("utf-8")


def test_a_new_address_changes_every_link(filled, go, target, tree):
    """The same as a tree built there from the beginning."""
    go()
    go(base_url="https://news.example/quwen", tag_authority="news.example,2027")
    moved = tree()
    shutil.rmtree(target)
    go(base_url="https://news.example/quwen/", tag_authority="news.example,2027")
    assert moved == tree()
    assert b"feeds.quwen.example" not in b"".join(moved.values())


_AGAIN = """
import sys, locale
from pathlib import Path
sys.path.insert(0, sys.argv[3])
import conftest
from pipeline.publish import publish
from pipeline.store import Store
locale.setlocale(locale.LC_ALL, "")
with Store.open(sys.argv[1]) as store:
    publish(store, conftest.catalogue(), target=Path(sys.argv[2]), base_url=conftest.BASE,
            tag_authority=conftest.AUTHORITY, now=conftest.NOW.replace(year=2031))
"""


def test_bytes_depend_on_store_and_configuration_alone(filled, go, tree, target, tmp_path):
    """Not on clock, time zone, locale, hash seed or process."""
    go()
    before = tree()
    shutil.rmtree(target)
    away = {"TZ": "America/St_Johns", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    database, own = f"sqlite:///{tmp_path / 'quwen.db'}", os.path.dirname(__file__)  # noqa: PTH120
    subprocess.run(
        [sys.executable, "-c", _AGAIN, database, str(target), own],
        env=os.environ | away,
        check=True,
    )
    assert before == tree()


def harmless(text):
    """Whether HTML has no element that runs, frames or styles, and no attribute that does."""
    root = html.fromstring(text)
    ours = "//script[@src][not(text())]|//form[@role='search']|//svg[@role='img']"
    for x in root.xpath(ours):
        x.getparent().remove(x)
    tags = {x.tag for x in root.iter()} & {"script", "style", "iframe", "object", "form", "svg"}
    names = {k for x in root.iter() for k in x.attrib if k.startswith("on") or k == "style"}
    links = {x for x in root.xpath("//@href|//@src") if x.strip().startswith("javascript")}
    return not tags | names | links


def test_a_killed_run_leaves_whole_files_and_the_next_one_repairs(
    filled, go, tree, target, tmp_path, catalogue, now
):
    """At whatever moment: what is visible is whole, and nothing is left over in the end."""
    go(target=tmp_path / "whole")

    def run():
        with Store.open(f"sqlite:///{tmp_path / 'quwen.db'}") as store:
            values = {"base_url": BASE, "tag_authority": "quwen.example,2026", "now": now}
            publish(store, catalogue, target=target, **values)

    for n in range(8):
        process = multiprocessing.get_context("fork").Process(target=run)
        process.start()
        time.sleep(0.02 * n)
        process.kill()
        process.join()
        for path in target.rglob("*.xml") if target.exists() else ():
            etree.parse(str(path))
    go()
    whole = {x.relative_to(tmp_path / "whole").as_posix(): x.read_bytes()
             for x in (tmp_path / "whole").rglob("*") if x.is_file()}  # fmt: skip
    assert whole == tree()


nasty = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30) | (
    st.sampled_from(
        ["]]>", "<![CDATA[", "<script>alert(1)</script>", "&#0;&nbsp;", "\x0b\x7f\x85", "\ufffe",
         "\u202e右", "𠮷", "</p></div>", "{{ 7*7 }}", "' onload='x", "&lt;p", "\r\n", " "]
    )
)  # fmt: skip


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example publishes a tree
)
@given(title=nasty, body=st.lists(nasty, max_size=3), word=nasty)
def test_no_article_breaks_a_feed(desk, go, target, rules, story, title, body, word):
    """Whatever stands in it: the feed is sound, and its neighbours are in it."""
    desk.read(story(1))
    desk.read(
        story(
            2,
            title=title,
            paragraphs=tuple(body),
            origin=word,
            author=word,
            images=(Image(url=f"https://a.example/{word}", alt=word),),
            attachments=(),
        )
    )
    report = go()
    assert "青岚河堤第1段修好了" in titles(target)
    assert len(titles(target)) + len(report.left_out) >= 2
    # the checker takes words like onload= and <p in a text for markup: looked at below
    assert [] == [x for x in rules(target) if not x.startswith(("unsafe", "double-escape"))]
    for item in json.loads((target / "all/feed.json").read_bytes())["items"]:
        assert harmless(item["content_html"])
    for page in target.glob("a/*/index.html"):
        assert harmless(page.read_bytes())


def test_hostile_text_is_shown_and_never_runs(desk, go, target, report):
    """Tags in a text are letters; addresses that run something are no addresses."""
    bad = "<script>alert(1)</script><img src=x onerror=y>"
    article = report(
        1,
        title=f"标题{bad}",
        url="javascript:alert(1)",
        origin=bad,
        author=bad,
        credits=(),
        images=(Image(url="javascript:alert(2)"), Image(url="https://a.example/1.jpg", alt=bad)),
        problems=(bad,),
    )
    desk.read(article)
    go()
    for path in target.rglob("index.html"):
        assert harmless(path.read_bytes())
    entry = json.loads((target / "all/feed.json").read_bytes())["items"][0]
    assert entry["url"] == f"https://feeds.quwen.example/a/{article.id}/"
    assert "<script" not in entry["content_html"]


def test_a_very_long_text_is_cut_in_feeds_and_whole_on_its_page(desk, go, target, story):
    """With a link to the rest."""
    article = story(1, paragraphs=("长" * 150_000, "尾" * 150_000))
    desk.read(article)
    go()
    entry = json.loads((target / "all/feed.json").read_bytes())["items"][0]
    page = (target / f"a/{article.id}/index.html").read_text("utf-8")
    assert (50_000, 150_000) == (entry["content_html"].count("尾"), page.count("尾"))
    assert "阅读全文" in entry["content_html"]


def test_articles_without_title_text_or_date_have_an_entry(desk, go, target, story, rules):
    """The first words, else a mark; the day it was seen."""
    desk.read(story(1, title="", published=None))
    desk.read(story(2, title="", paragraphs=(), origin=None, published=None))
    go()
    assert {"堤上的路铺了新砖。第1段比去年早了三天。", "（无标题）"} == set(titles(target))
    assert [] == rules(target)


def test_status_does_not_change_with_every_look(filled, go, target, desk):
    """What was looked at and found unchanged is no news."""
    store = desk.store
    at = filled.entries()[0].first_seen
    store.checked_column("qinglan", "yaowen", listed=6, at=at)
    go()
    store.checked_column("qinglan", "yaowen", listed=6, at=at + timedelta(hours=1))
    assert () == go().written
    store.checked_column("qinglan", "yaowen", listed=0, reason="空列表", at=at + timedelta(hours=2))
    told = {f"{x}index.html" for x in ("", "en/", "status/", "en/status/")} | {"status.json"}
    assert told == set(go().written)
    (line,) = [
        x for x in json.loads((target / "status.json").read_bytes())["sources"] if x["failing"]
    ]
    assert ("空列表", "2026-03-02T10:00:00+08:00") == (
        line["failing"][0]["reason"], line["failing"][0]["last_good"],
    )  # fmt: skip


def test_a_tree_of_more_feeds_than_are_held_at_once_is_the_same(
    filled, go, target, tmp_path, monkeypatch
):
    """Pages of feeds are written as soon as there are some."""
    go()
    monkeypatch.setattr(building, "_AT_ONCE", 1)
    go(target=tmp_path / "little")

    def tree(root):
        found = (x for x in root.rglob("*") if x.is_file() and not x.name.startswith("."))
        return {x.relative_to(root).as_posix(): x.read_bytes() for x in found}

    assert tree(target) == tree(tmp_path / "little")
