"""The bundled sample: what it serves is real enough, and always the same."""

import http.client
import io
import re
import socket
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import opencc
import pytest
from protego import Protego

from flows.demo.content import FOLDER, Story, load_contents
from flows.demo.mangle import mangle
from flows.demo.render import CHALLENGE, render_mirror, render_site
from flows.demo.sites import SITES, SOURCES, SampleServer, SampleSite
from pipeline.sources import load_catalogue

QINGLAN, YUNZE, DONGZE, MIRROR = SITES
FIXTURES = Path(__file__).parents[1] / "fixtures"
SEED = Path(__file__).resolve().parents[2] / "../shared/seed"
READING = re.compile(r"([一-鿿])\(([a-zāáǎàēéěèīíǐìōóǒòūúǔùǜǚ]{1,6})\)")
NUMBER = re.compile(r"(?:第|届)([一二三四五六七八九十]{1,4}|\d{1,3})次")  # 第61次, 九届二十三次
CONTENTS = {x.stem: load_contents(x) for x in sorted(FOLDER.glob("*.toml"))}
WROTE = [x for x in SITES if x is not MIRROR]
STORIES = [pytest.param(site, story, id=story.path) for site in WROTE for story in site.stories]


@pytest.fixture(scope="module")
def running() -> Iterator[SampleServer]:
    with SampleServer() as server:
        yield server


@pytest.fixture
def server(running: SampleServer) -> SampleServer:
    running.forget_requests()
    return running


def ask(
    server: SampleServer, url: str, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        names = {"Host": parts.netloc} | {k.replace("_", "-"): v for k, v in headers.items()}
        connection.request(method, target, headers=names)
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def body(site: SampleSite, path: str) -> str:
    return site.pages[path].body.decode("gbk" if site is DONGZE else "utf-8")


def spelt(n: int) -> str:
    """A number below 100 as Chinese pages spell it out: 41 is 四十一."""
    tens, ones = divmod(n, 10)
    digits = ("", *"一二三四五六七八九")
    return ("十" if tens == 1 else f"{digits[tens]}十" if 1 < tens < 10 else "") + digits[ones]


def lists(site: SampleSite) -> list[str]:
    """Paths of the list pages, second pages included."""
    columns = [
        x.url for x in load_catalogue(SOURCES, shipped=False).columns if x.source.id == site.source
    ]
    paths = [urlsplit(x).path for x in columns]
    further = [urljoin(x, "index_1.html") for x in paths]
    return paths + [x for x in further if x in site.pages]


# What is there


def test_sample_is_large_enough():
    """A demonstration shows at least thirty articles, twelve of which report meetings."""
    titles = {x.title for site in WROTE for x in site.stories}
    reports = [x for site in WROTE for x in site.stories if x.meetings]
    assert len(titles) == sum(len(x.stories) for x in WROTE)
    assert len(titles) >= 30
    assert len(reports) >= 12


def test_sample_has_every_kind_of_meeting():
    """Government, party, congress and consultative conference all meet, under all forms of number."""
    held = [m for site in WROTE for x in site.stories for m in x.meetings]
    assert {"政府", "党委", "人大", "政协"} <= {x.body for x in held}
    assert {(True, False), (False, True), (False, False)} <= {
        (x.term is not None, x.year is not None) for x in held
    }
    assert any(len(x.meetings) > 1 for site in WROTE for x in site.stories)


@pytest.mark.parametrize(("site", "story"), STORIES)
def test_what_is_noted_of_a_meeting_stands_in_its_story(site: SampleSite, story: Story):
    """Date, chair and number that a test may expect can be read in the text."""
    text = "\n".join((story.title, *story.paragraphs))
    for held in story.meetings:
        assert held.held_on is not None
        assert f"{held.held_on.month}月{held.held_on.day}日" in text
        assert held.held_on <= story.published.date()
        assert held.chair is None or held.chair in text
        assert held.seq is None or {str(held.seq), spelt(held.seq)} & set(NUMBER.findall(text))


@pytest.mark.parametrize(("site", "story"), STORIES)
def test_days_are_fixed(site: SampleSite, story: Story):
    """The sample's autumn of 2026 never moves with the clock."""
    assert date(2026, 10, 1) <= story.published.date() < date(2026, 11, 20)


def test_sources_name_what_is_served():
    """Each source file's base is a sample site, and each of its columns is a page."""
    catalogue = load_catalogue(SOURCES, shipped=False)
    served = {x.source: x for x in SITES}
    assert {x.source for x in SITES} == {x.id for x in catalogue.sources}
    for source in catalogue.sources:
        assert f"http://{served[source.id].host}" == source.base
    for column in catalogue.columns:
        assert urlsplit(column.url).path in served[column.source.id].pages
    assert ("demo-dongze", True) == (
        catalogue.source("demo-dongze-mirror").mirror_of,
        catalogue.source("demo-dongze-mirror").mangles,
    )


@pytest.mark.parametrize("site", SITES, ids=lambda x: x.host)
def test_lists_link_what_is_listed(site: SampleSite):
    """The addresses that a reader must find stand in the list pages, and no other article's."""
    found = {
        urljoin(site.url(path), href)
        for path in lists(site)
        for href in re.findall(r'<a [^>]{0,200}?href="([^"#]{1,200})"', body(site, path))
    }
    assert set(site.listed) <= found
    assert {site.url(x.path) for x in site.stories} <= set(site.listed)


def test_trs_list_has_a_second_page():
    """TRS counts its pages in a script and calls the second one index_1.html."""
    assert 'createPageHTML(2, 0, "index", "html")' in body(QINGLAN, "/xwzx/zwyw/")
    assert 'createPageHTML(2, 1, "index", "html")' in body(QINGLAN, "/xwzx/zwyw/index_1.html")


def test_hanweb_list_keeps_its_records_in_a_script():
    """Hanweb pages carry the first records as CDATA, before any request."""
    html = body(YUNZE, "/col/col1229105/index.html")
    assert '<script type="text/xml"><datastore>' in html
    assert html.count("<record><![CDATA[") == sum(x.column == "yzyw" for x in YUNZE.stories)


def test_pinned_notice_stands_first():
    """置顶: an old notice heads its list."""
    first = QINGLAN.listed.index("http://qinglan.example/xwzx/tzgg/202610/t20261009_5295211.html")
    assert first == min(i for i, x in enumerate(QINGLAN.listed) if "/tzgg/" in x)
    assert '<i class="top">置顶</i><a href="./202610/t20261009_5295211.html"' in body(
        QINGLAN, "/xwzx/tzgg/"
    )


def test_pasted_story_has_a_span_for_each_number():
    """Text from a word processor wraps every run of digits in a span of its own."""
    html = body(YUNZE, "/art/2026/10/27/art_1229105_5884215.html")
    assert '<span lang="EN-US">10</span>月<span lang="EN-US">21</span>日' in html


def test_one_story_has_two_pages():
    """A long story continues behind 下一页, and the whole of it is on the two pages."""
    first, second = (
        body(DONGZE, "/jujiaotoutiao/90188.html"),
        body(DONGZE, "/jujiaotoutiao/90188_2.html"),
    )
    story = next(x for x in DONGZE.stories if x.path == "/jujiaotoutiao/90188.html")
    assert 2 == len(story.pages)
    assert '<a href="/jujiaotoutiao/90188_2.html">下一页</a>' in first
    assert all(x in first for x in story.pages[0])
    assert all(x in second for x in story.pages[1])


@pytest.mark.parametrize(
    ("suffix", "kind"),
    [(".pdf", "application/pdf"), (".docx", "openxmlformats"), (".png", "image/png")],
)
def test_enclosed_files_are_real(suffix: str, kind: str):
    """Attachments and pictures are files that their programs open."""
    opened = 0
    for site in SITES:
        for path, page in site.pages.items():
            if path.endswith(suffix):
                opened += 1
                assert kind in page.content_type
                assert page.body.startswith((b"%PDF-", b"PK\x03\x04", b"\x89PNG"))
                if suffix == ".docx":
                    assert zipfile.ZipFile(io.BytesIO(page.body)).testzip() is None
    assert opened


def test_government_pages_carry_the_standards_tags():
    """Article pages of the two governments have title, date and source as 国办发〔2017〕47号 wants them."""
    for site in (QINGLAN, YUNZE):
        for story in site.stories:
            html = body(site, story.path)
            for name in ("SiteIDCode", "ColumnName", "ArticleTitle", "PubDate", "ContentSource"):
                assert f'<meta name="{name}" content="' in html


def test_pages_are_the_same_every_time():
    """Rendering again gives the same bytes: no clock, no chance."""
    for contents, site in zip(
        (CONTENTS["qinglan"], CONTENTS["yunze"], CONTENTS["dongze"]), WROTE, strict=True
    ):
        assert site.pages == render_site(contents)
    assert MIRROR.pages == render_mirror(CONTENTS["dongze"], host=MIRROR.host)


# The plain site and its mirror


def test_plain_site_is_gbk_under_a_gb2312_label():
    """The pages say gb2312 and hold characters that only GBK has."""
    raw = DONGZE.pages["/jujiaotoutiao/90412.html"].body
    assert b"charset=gb2312" in raw
    assert "审核 | 闵堃" in raw.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        raw.decode("gb2312")


def test_mirror_is_utf8_and_says_so():
    """The mirror's own label fits its bytes, and its pages name no host of the site they copy."""
    for path, page in MIRROR.pages.items():
        if page.content_type.startswith("text/html"):
            assert b"charset=utf-8" in page.body
            assert DONGZE.host not in page.body.decode("utf-8"), path


def test_mirror_keeps_the_paths():
    """A mirror of a site has its pages under the same paths."""
    assert DONGZE.pages.keys() == MIRROR.pages.keys()
    assert [urlsplit(x).path for x in DONGZE.listed] == [urlsplit(x).path for x in MIRROR.listed]


@pytest.mark.parametrize("story", MIRROR.stories, ids=lambda x: x.path)
def test_mirror_annotates_a_character_always_or_never(story: Story):
    """No character has its reading in one place of a page and none in another."""
    html = body(MIRROR, story.path)
    annotated = {x[1] for x in READING.finditer(html)}
    assert annotated
    assert all(html.count(x) == len(re.findall(rf"{x}\([a-zà-ǜ]", html)) for x in annotated)


@pytest.mark.parametrize("story", MIRROR.stories, ids=lambda x: x.path)
def test_mirror_annotates_only_what_it_converted(story: Story):
    """An annotated character is a traditional one."""
    simplify = opencc.OpenCC("t2s").convert
    for found in READING.finditer(body(MIRROR, story.path)):
        assert found[1] != simplify(found[1])


@pytest.mark.parametrize(
    "story", [x for x in MIRROR.stories if not x.damaged], ids=lambda x: x.path
)
def test_what_the_mirror_did_can_be_undone(story: Story):
    """Without readings and in simplified characters, the paragraphs are the publisher's."""
    html = READING.sub(r"\1", body(MIRROR, story.path))
    plain = opencc.OpenCC("t2s").convert(html).replace("著", "着")
    for paragraph in story.pages[0]:
        shown = paragraph.translate(str.maketrans("，：；？！（）", ",:;?!()"))
        assert (shown if story.folded else paragraph) in plain


def test_some_copies_are_folded_and_some_are_not():
    """Full-width marks are ASCII on some pages of the mirror only."""
    assert {True, False} == {"，" in body(MIRROR, x.path) for x in MIRROR.stories}


@pytest.mark.parametrize("story", MIRROR.stories, ids=lambda x: x.path)
def test_mirror_damages_what_is_noted(story: Story):
    """Where bytes of neighbours read as a third character, text is lost: on one page of the sample."""
    assert story.damaged == (re.search(r"\?[a-zà-ǜ]{1,6}\)", body(MIRROR, story.path)) is not None)


def test_damage_is_what_was_measured():
    """請提 holds the bytes of 執: what follows is shifted until the next ASCII byte."""
    assert "請?zhí)崆白龊脙λ疁?zhǔn)備" == mangle("请提前做好储水准备")


def test_mangling_is_what_was_measured():
    """The example story and its mangled copy belong together."""
    gold = (FIXTURES / "mangled-story.gold.txt").read_text(encoding="utf-8")
    assert (FIXTURES / "mangled-story.txt").read_text(encoding="utf-8") == mangle(gold, fold=True)


@pytest.mark.skipif(not SEED.is_dir(), reason="the copy of a real mirror's page is not at hand")
def test_mangling_gives_the_real_mirrors_page():
    """Applied to the publisher's text, the sample's mangling yields a real mirror's page, byte for byte."""
    gold = (SEED / "gold.txt").read_text(encoding="utf-8").strip()
    assert (SEED / "dongchangfu-49.txt").read_text(encoding="utf-8").strip() == mangle(
        gold, fold=True
    )


def test_characters_that_mirrors_leave_are_left():
    """于系制里后 and their like stay, ambiguous ones take one form, ASCII never changes."""
    assert "于系制里后 臺劃鐘 <a href='/x?y=1'>" == mangle("于系制里后 台划钟 <a href='/x?y=1'>")


# The server


@pytest.mark.parametrize("site", SITES, ids=lambda x: x.host)
def test_every_page_is_served(server: SampleServer, site: SampleSite):
    """Each page of each site comes whole, with its type and both validators."""
    for path, page in site.pages.items():
        status, headers, got = ask(server, site.url(path))
        assert (200, page.body) == (status, got)
        assert page.content_type == headers["content-type"]
        assert (page.etag, page.last_modified) == (headers["etag"], headers["last-modified"])
    assert {site.host: len(site.pages)} == server.counts


@pytest.mark.parametrize("site", SITES, ids=lambda x: x.host)
def test_listed_addresses_answer_as_foretold(server: SampleServer, site: SampleSite):
    """Dead links answer 404, soft ones 200 with an apology, all others an article."""
    own = [x for x in site.listed if x not in site.external]
    assert set(site.dead) == {x for x in own if ask(server, x)[0] == 404}
    apologies = {x for x in own if "页面不存在".encode() in ask(server, x)[2]}
    assert set(site.soft_404) == apologies
    assert set(own) == {*site.articles, *site.failing}


def test_external_links_lead_out_of_the_sample():
    """An external address belongs to no sample site."""
    hosts = {x.host for x in SITES}
    assert all(urlsplit(x).hostname not in hosts for site in SITES for x in site.external)
    assert all(site.external for site in SITES)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"If_None_Match": "{etag}"}, 304),
        ({"If_None_Match": 'W/"x", W/{etag}'}, 304),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": '"other"'}, 200),
        ({"If_Modified_Since": "{last_modified}"}, 304),
        ({"If_Modified_Since": "Thu, 01 Jan 2026 00:00:00 GMT"}, 200),
        ({"If_Modified_Since": "yesterday"}, 200),
        ({"If_None_Match": '"other"', "If_Modified_Since": "{last_modified}"}, 200),
    ],
)
def test_unchanged_pages_answer_304(server: SampleServer, headers: dict[str, str], status: int):
    """Either validator spares the body; the entity tag decides where both are sent (RFC 9110)."""
    page = QINGLAN.pages["/xwzx/zwyw/"]
    sent = {
        k: v.format(etag=page.etag, last_modified=page.last_modified) for k, v in headers.items()
    }
    got, fields, text = ask(server, QINGLAN.url("/xwzx/zwyw/"), **sent)
    assert status == got
    assert page.etag == fields["etag"]
    assert (b"" if status == 304 else page.body) == text


def test_head_has_no_body(server: SampleServer):
    """HEAD tells the length and sends nothing after the empty line."""
    page = DONGZE.pages["/"]
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as wire:
        wire.sendall(b"HEAD / HTTP/1.1\r\nHost: dongze.example\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: wire.recv(65536), b""))
    assert b"Content-Length: %d\r\n" % len(page.body) in answer
    assert answer.endswith(b"\r\n\r\n")


def test_robots_allow_the_lists_and_one_folder_not(server: SampleServer):
    """robots.txt leaves the lists open and closes /system/."""
    for site in SITES:
        rules = Protego.parse(ask(server, site.url("/robots.txt"))[2].decode())
        assert all(rules.can_fetch(site.url(x), "quwen") for x in lists(site))
        assert not rules.can_fetch(site.url("/system/login"), "quwen")


def test_hosts_are_told_apart_with_and_without_port(server: SampleServer):
    """The Host header chooses the site; all of them share one loopback port."""
    assert {f"127.0.0.1:{server.port}"} == set(server.connect_to.values())
    assert {x for s in SITES for x in (s.host, f"{s.host}:80")} == set(server.connect_to)
    home = QINGLAN.pages["/"].body
    assert home == ask(server, "http://qinglan.example/")[2]
    assert home == ask(server, "http://QINGLAN.example:80/")[2]
    assert 404 == ask(server, "http://elsewhere.example/")[0]


def test_pages_can_be_changed_and_taken_down(server: SampleServer):
    """A test may put another answer in a page's place, and take a page away."""
    url = QINGLAN.url("/xwzx/tzgg/")
    try:
        server.change(url, CHALLENGE)
        assert 412 == ask(server, url)[0]
        server.change(url, None)
        assert 404 == ask(server, url)[0]
    finally:
        server.change(url, QINGLAN.pages["/xwzx/tzgg/"])
    assert 200 == ask(server, url)[0]


def test_server_is_quiet(server: SampleServer, capfd: pytest.CaptureFixture[str]):
    """Nothing is printed, whatever is asked for."""
    ask(server, QINGLAN.url("/"))
    ask(server, QINGLAN.url("/nothing"))
    ask(server, QINGLAN.url("/"), "DELETE")
    assert ("", "") == capfd.readouterr()


def test_stopped_server_names_the_mistake():
    """Before it is entered the server has no port, and says what to do."""
    with pytest.raises(RuntimeError, match="with statement"):
        _ = SampleServer().connect_to
