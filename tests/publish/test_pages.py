"""Pages for people: complete, self-contained, and every link leads somewhere."""

import json
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml import etree, html

from pipeline.publish import html as rendering
from pipeline.publish.html import files
from pipeline.records import Count, Document, Repairs

BASE = "https://feeds.quwen.example/"


@pytest.fixture(scope="module")
def pages(changed_tree):
    """All pages of a tree that has a correction and a withdrawal in it, parsed, by name."""
    return {
        x.relative_to(changed_tree).as_posix(): html.fromstring(x.read_bytes())
        for x in changed_tree.rglob("*.html")
    }


def test_every_own_link_leads_to_a_file(pages, changed_tree):
    """Relative, so that the tree can be read from a disk and served from any folder."""
    for name, page in pages.items():
        for link in page.xpath("//@href|//@src"):
            where = urljoin(urljoin(BASE, name), link)
            if where.startswith(BASE):
                found = changed_tree / unquote(urlsplit(where).path[1:])
                assert found.is_file(), f"{name}: {link}"
                assert not link.startswith(BASE)


def test_every_mark_that_is_linked_to_exists(pages):
    """#r2 of an article's page, #how of the front page."""
    for name, page in pages.items():
        for link in page.xpath("//a/@href[contains(., '#')]"):
            where = urlsplit(urljoin(urljoin(BASE, name), link))
            assert pages[where.path[1:]].xpath(f"//*[@id='{where.fragment}']"), f"{name}: {link}"


def test_pages_need_nobody_else(pages):
    """Own style sheet and scripts, no picture of another site; scripts only to copy and to search."""
    for name, page in pages.items():
        assert not page.xpath("//iframe|//style|//@style|//@*[starts-with(name(), 'on')]"), name
        depth = "../" * name.count("/")
        assert not [x for x in page.iter("script") if x.text], name
        scripts = set(page.xpath("//script/@src"))
        assert scripts <= {f"{depth}copy.js", f"{depth}search.js"}, name
        assert not scripts or not name.startswith("a/")
        assert [f"{depth}site.css"] == page.xpath("//link[@rel='stylesheet']/@href")
        assert not page.xpath("//img|//audio|//video|//object|//embed"), name
    for sheet in (v.decode() for k, v in files().items() if k.endswith(".css")):
        assert "url(" not in sheet
        assert "@import" not in sheet


def test_every_page_says_what_it_is(pages):
    """Language, title, one heading, and that it is no official publication."""
    for name, page in pages.items():
        is_english = name.startswith("en/")
        assert ("en" if is_english else "zh-Hans") == page.get("lang")
        assert page.findtext(".//title").strip(), name
        assert 1 == len(page.xpath("//h1")), name
        said = "Unofficial" if is_english else "非官方转载"
        assert said in page.xpath("//footer")[0].text_content()
        assert ["no-referrer"] == page.xpath("//meta[@name='referrer']/@content")
        assert page.xpath("//meta[@name='viewport']")


def test_feeds_can_be_found_from_their_pages(pages):
    """Autodiscovery: three forms on each feed's page, and on the front page."""
    for name in ("index.html", "all/index.html", "yunze/gonggao/index.html"):
        types = pages[name].xpath("//link[@rel='alternate']/@type")
        assert {"application/rss+xml", "application/atom+xml", "application/feed+json"} == set(
            types
        )


def test_the_front_page_groups_districts_by_province(pages):
    """With the feeds of each site and column beside them."""
    places = pages["index.html"].get_element_by_id("places")
    assert ["山东省", "浙江省"] == [x.text for x in places.iter("h3")]
    assert ["青岚区", "云泽区"] == [x.text_content() for x in places.iter("h4")]
    assert places.xpath(".//a[@data-copied]/@href") == [
        f"{x}/rss.xml" for x in ("qinglan", "qinglan/yaowen", "yunze", "yunze/gonggao")
    ]
    for path in ("qinglan", "qinglan/yaowen", "yunze", "yunze/gonggao"):
        for file in ("index.html", "rss.xml", "atom.xml", "feed.json"):
            assert f"{path}/{file}" in places.xpath(".//a/@href")
    assert "7 篇" not in places.text_content()
    assert "8 篇，最新 2026-03-02" in places.text_content()


def test_the_front_page_shows_the_newest_meetings(pages):
    """When, who presided, how much was on the agenda and what."""
    item = pages["index.html"].get_element_by_id("meetings").find(".//li")
    assert "区政府召开第9次会议" == item.find("a").text
    assert "青岚 · 2026-03-01 召开 · 江阔主持 · 1 项议题" == item.find("p").text
    assert "研究河堤修缮方案" == item.findall("p")[1].text


def test_an_article_page_shows_its_origin(pages, report):
    """Where it is from, when it was read, what was repaired."""
    page = pages[f"a/{report(9).id}/index.html"]
    text = page.text_content()
    assert "https://www.qinglan.example/news/9.html" in page.xpath("//dd/a/@href")
    assert "2026-03-02 09:00（北京时间" in text
    assert "文字修复" in text
    assert "主持召开区政府第7次常务会议。" in text
    assert ["会场"] == page.xpath("//a[@href='https://www.qinglan.example/p/1.jpg']/text()")


def test_repairs_are_named_in_plain_words(desk, go, target, story):
    """How often each was needed; a step that the page has no words for by its name; what is lost."""
    counts = (Count(name="pinyin", n=51), Count(name="damaged_places", n=2))
    steps = ("strip_pinyin", "to_simplified", "other_step")
    article = story(1, repairs=Repairs(steps=steps, encoding="gb18030", counts=counts))
    desk.read(article)
    go()
    page = html.fromstring((target / f"a/{article.id}/index.html").read_bytes())
    for x in page.xpath("//*[@lang='en']"):
        x.drop_tree()
    facts = {x.text_content(): x.getnext().text_content() for x in page.iter("dt")}
    assert "去掉夹注的拼音（51）、转为简体字、other_step；2 处无法恢复" == facts["文字修复"]
    assert "gb18030" == facts["编码"]


def test_open_information_has_its_fields(desk, go, target, story):
    """索引号 and its fellows, as the source's own table has them."""
    document = Document(index_number="QL-1/2026", issuer="青岚区人民政府", validity="有效")
    article = story(1, document=document)
    desk.read(article)
    go()
    page = html.fromstring((target / f"a/{article.id}/index.html").read_bytes())
    rows = {x.findtext("th/span"): x.findtext("td") for x in page.iter("tr")}
    assert {"索引号": "QL-1/2026", "发文机关": "青岚区人民政府", "有效性": "有效"} == rows


def test_a_feed_page_shows_what_the_feed_holds(pages, changed_tree):
    """The same entries in the same order, linked to our pages of them."""
    for path in ("all", "revisions", "yunze/gonggao"):
        items = json.loads((changed_tree / path / "feed.json").read_bytes())["items"]
        links = pages[f"{path}/index.html"].xpath("//section[@class='preview']/ol/li/a")
        assert [x["title"] for x in items] == [x.text for x in links]


def test_the_sitemap_lists_pages_with_their_changes(pages, changed_tree):
    """Addresses under which the pages are served, each once."""
    root = etree.parse(str(changed_tree / "sitemap.xml")).getroot()
    found = [x.text for x in root.iter("{*}loc")]
    assert len(set(found)) == len(found)
    listed = (x for x in pages if not x.startswith(("en/", "search/")))
    served = {urljoin(BASE, x.removesuffix("index.html")) for x in listed}
    assert served == set(found)
    assert "2026-03-05T09:00:00+08:00" == root.findtext("{*}url/{*}lastmod")


def test_lists_for_programs_name_every_feed(pages, changed_tree):
    """feeds.json and feeds.opml agree."""
    feeds = json.loads((changed_tree / "feeds.json").read_bytes())
    outlines = etree.parse(str(changed_tree / "feeds.opml")).getroot().iter("outline")
    assert {x["rss"] for x in feeds} == {x.get("xmlUrl") for x in outlines} - {None}
    assert 7 == len(feeds)


def test_static_hosts_are_told_the_types(pages, changed_tree):
    """The names in _headers are those of files that exist."""
    text = (changed_tree / "_headers").read_text("utf-8")
    assert "/*.xml\n  Content-Type: application/xml; charset=utf-8" in text
    assert "immutable" in text


def test_every_page_but_articles_has_an_english_twin(pages):
    """One is the other's, and says so to search engines."""
    for name in pages:
        if not name.startswith(("a/", "en/")):
            (link,) = pages[name].xpath("//a[@class='switch']/@href")
            assert f"en/{name}" == urlsplit(urljoin(urljoin(BASE, name), link)).path[1:]
            (back,) = pages[f"en/{name}"].xpath("//link[@hreflang='zh-Hans']/@href")
            assert name == urlsplit(urljoin(urljoin(BASE, f"en/{name}"), back)).path[1:]


def test_english_pages_lead_to_english_labels(pages):
    """The one page of an article shows its English labels to who came from an English page."""
    for name in ("en/index.html", "en/all/index.html", "en/qinglan/index.html"):
        articles = pages[name].xpath("//main//a[contains(@href, '/a/')]")
        assert articles
        assert all(x.get("href").endswith("#en") for x in articles)
        assert {"zh-Hans"} == {x.get("lang") for x in articles}
    assert "Latest meetings" in pages["en/index.html"].text_content()


def test_a_district_shows_its_year(pages):
    """A square for each day with something, a dot for a meeting, and the same as a table."""
    page = pages["qinglan/index.html"]
    (drawing,) = page.iter("{*}svg", "svg")
    assert "共 8 篇，其中 2 篇报道会议" in drawing.findtext("desc")
    days = {x.text.split("：")[0]: x.text for x in drawing.xpath(".//g/title")}
    assert sum("会议" in x for x in days.values()) == len(drawing.xpath(".//circle")) >= 1
    rows = [[y.text for y in x] for x in page.xpath("//table[@class='numbers']/tbody/tr")]
    assert [["2026-03", "8", "2"]] == rows
    assert ["政务要闻"] == page.xpath("//ul[@class='feeds']/li/a/text()")
    assert "区政府召开第9次会议" in page.xpath("//ol[@class='items']/li/a/text()")


def test_an_upgrade_below_a_running_process_mixes_nothing(tmp_path, monkeypatch):
    """Templates are read once; a process goes on with those it began with."""
    (tmp_path / "a.html").write_text("old{% include 'b.html' %}")
    (tmp_path / "b.html").write_text("old")
    monkeypatch.setattr(rendering, "_FOLDER", tmp_path)
    rendering.files.cache_clear()
    rendering._environment.cache_clear()
    try:
        before = dict(rendering.files())
        for name in before:
            (tmp_path / name).write_text("new")
        assert ("oldold", before) == (rendering.render("a.html"), rendering.files())
    finally:
        rendering.files.cache_clear()
        rendering._environment.cache_clear()
