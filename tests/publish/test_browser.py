"""The site in a real browser: Debian's Chromium, driven over the tree as `quwen serve` gives it out.

Skipped where there is no Chromium: ``apt-get install chromium``.
"""

import random
import re
import shutil
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from served import served
from stores import empty_store

from pipeline.publish import publish
from pipeline.publish.segments import FORM
from pipeline.store import Store
from pipeline.store.mentions import person_key

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: apt-get install chromium"),
]

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 800}
TEXTS = (
    "区长沈砚舟主持召开会议，研究老旧小区改造和供热准备。",
    "會議聽取了防汛工作彙報，要求加強堤壩巡查。",
    "全区GDP增长5.2%，其中ＡＢＣ园区贡献最大；详见第 12 号文件。",
    "卫生健康局通报医疗、医保、医院有关工作。",
    "“银发课堂”开到家门口——老人学用手机（附课表）。",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not start for root, as in most containers
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def stored(tmp_path_factory, make_desk, catalogue, story, report, now) -> Iterator[Store]:
    """A store with news, meetings, a correction and a withdrawal, in more than one segment."""
    folder = tmp_path_factory.mktemp("browsed")
    with Store.open(empty_store(folder / "quwen.db"), sources=catalogue.sources) as store:
        desk = make_desk(store)
        desk.read_all(
            story(
                n,
                source=("qinglan", "yunze")[n % 2],
                paragraphs=(f"第{n}条。", TEXTS[n % 5], TEXTS[n % 3]),
                title=f"{TEXTS[n % 4][:9]}（{n}）" if n % 3 else f"青岚河堤第{n}段修好了",
                text_kind=("story", "notice")[n % 4 == 0],
            )
            for n in range(1, 75)
        )
        desk.read_all(report(n) for n in range(80, 90))
        desk.read(report(83, title="区政府召开第83次会议（更正）"), at=now + timedelta(hours=1))
        desk.withdraw(report(84), at=now + timedelta(days=4))
        store.checked_column("yunze", "gonggao", listed=None, reason="HTTP 503", at=now)
        yield store


@pytest.fixture(scope="module")
def root(stored, catalogue, now) -> Iterator[str]:
    """The address of the published tree."""
    target = Path(stored.name.removeprefix("sqlite:///")).parent / "public"
    values = {"base_url": "https://feeds.quwen.example/", "tag_authority": "quwen.example,2026"}
    publish(stored, catalogue, target=target, now=now, **values)
    with served(target) as port:
        yield f"http://127.0.0.1:{port}/"


class Visit:
    """A visit to the site that notes what it asks for and what goes wrong."""

    def __init__(self, page: Page, root: str) -> None:
        self.page = page
        self.root = root
        self.asked: list[str] = []
        self.wrong: list[str] = []
        page.on("request", lambda x: self.asked.append(x.url))
        page.on("console", lambda x: self.wrong.append(x.text))
        page.on("pageerror", lambda x: self.wrong.append(str(x)))

    def go(self, name: str) -> Page:
        """Open a page of the site."""
        self.page.goto(self.root + name)
        return self.page

    def beside(self, names: Sequence[str]) -> list["Visit"]:
        """Pages of the site, each in a tab of its own: what they wait for passes for all at once."""
        tabs = [Visit(self.page.context.new_page(), self.root) for _ in names]
        for tab, name in zip(tabs, names, strict=True):
            tab.go(name)
        return tabs

    def check(self) -> None:
        """Nothing was complained of, nothing was asked of others, nothing is wider than the window."""
        assert [] == self.wrong
        assert [] == [x for x in self.asked if not x.startswith(self.root)]
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert 0 == self.page.evaluate(wide), self.page.url


@pytest.fixture
def visit(browser, root):
    """Visits of browser windows of some kind; all are closed in the end."""
    contexts = []

    def open_window(**options) -> Visit:
        contexts.append(browser.new_context(**({"viewport": WIDE} | options)))
        return Visit(contexts[-1].new_page(), root)

    yield open_window
    for x in contexts:
        x.close()


@pytest.fixture(scope="module")
def names(stored, report):
    """Pages of each kind."""
    articles = (f"a/{report(n).id}/index.html" for n in (80, 83, 84))
    fixed = (
        "",
        "meetings/",
        "qinglan/",
        "qinglan/yaowen/",
        "revisions/",
        "search/?q=防汛",
        "status/",
        f"person/{person_key('370199', '江阔')}/",
        "person/",
        "topic/safety/",
    )
    return (*fixed, *articles, "en/", "en/qinglan/", "en/status/", f"a/{report(80).id}/#en")


@pytest.fixture(scope="module")
def kinds(names):
    """One page of each kind, for what takes seconds a page."""
    left_out = ("meetings/", "qinglan/yaowen/", "person/", "en/qinglan/", "en/status/")
    return tuple(x for x in names if x not in left_out)


def results(page: Page) -> list[str]:
    """Identifiers of the articles on the page of results."""
    expect(page.locator("#status")).to_have_text(re.compile("找到|没有"))
    expect(page.locator("#hits > li").first).to_be_visible()
    found = page.eval_on_selector_all("#hits > li > a", "x => x.map(y => y.href)")
    return [re.search(r"/a/([0-9a-f]{16})/", x)[1] for x in found]


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("window", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_fit_and_need_nobody_else(visit, names, window, look):
    """At 1,280 and 390 pixels, by day and by night: no error, no foreign request, no sideways."""
    ways = visit(viewport=window, color_scheme=look).beside(names)
    for way in ways:
        way.page.wait_for_load_state("networkidle")
        way.check()
    ground = way.page.evaluate("getComputedStyle(document.body).backgroundColor")
    shade = sum(map(int, re.findall(r"\d+", ground)[:3])) / 3
    assert (shade > 200) if look == "light" else (shade < 50)


def serious(page: Page, *rules: str) -> list[tuple[str, list[str]]]:
    """What axe-core finds that is serious or critical: rules broken, and where."""
    options = {"runOnly": list(rules)} if rules else {}
    found = Axe().run(page, options=options).response
    assert found["passes"]
    hard = (x for x in found["violations"] if x["impact"] in ("serious", "critical"))
    return [(x["id"], [y["html"] for y in x["nodes"]][:3]) for x in hard]


@pytest.mark.parametrize(("look", "rules"), [("light", ()), ("dark", ("color-contrast",))])
def test_no_page_keeps_anybody_out(visit, kinds, look, rules):
    """By all rules of axe-core (WCAG 2.2 A and AA, best practice); contrast by night, too."""
    ways = visit(color_scheme=look).beside(kinds)
    for way, name in zip(ways, kinds, strict=True):
        way.page.wait_for_load_state("networkidle")
        assert [] == serious(way.page, *rules), name


def test_the_checker_sees_what_keeps_people_out(visit):
    """A field without a name and pale words are found: the tests above can fail."""
    page = visit().go("")
    page.evaluate("document.querySelector('label[for=q]').remove()")
    page.evaluate("document.querySelector('#q').placeholder = ''")
    page.evaluate("document.querySelector('h1').style.color = '#eee'")
    assert {"label", "color-contrast"} == {rule for rule, _ in serious(page)}


def test_a_statement_leads_to_its_place(visit, report):
    """The words in the text are marked as the place that was asked for."""
    way = visit()
    page = way.go(f"a/{report(80).id}/index.html")
    page.get_by_role("link", name="河堤修缮方案").click()
    assert "河堤修缮方案" == page.locator(".said:target").text_content()
    way.check()


def test_english_labels_come_without_a_script(visit, report):
    """By the address alone."""
    way = visit(java_script_enabled=False)
    page = way.go(f"a/{report(80).id}/index.html")
    assert page.get_by_role("heading", name="全文").is_visible()
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("heading", name="Full text").is_visible()
    assert not page.get_by_role("heading", name="全文").is_visible()


def test_the_site_can_be_read_without_a_script(visit):
    """Everything but the search; buttons to copy are links to the feeds."""
    way = visit(java_script_enabled=False)
    page = way.go("")
    page.get_by_role("link", name="复制 RSS 地址：青岚区人民政府").first.click()
    assert page.url.endswith("/qinglan/rss.xml")
    page = way.go("search/")
    assert page.get_by_text("搜索要用到 JavaScript").is_visible()


def test_the_keyboard_reaches_the_text_first(visit):
    """The first stop skips the head of the page; a stop is to be seen."""
    page = visit().go("")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="跳到正文")
    assert link.is_visible()
    page.keyboard.press("Enter")
    assert "main" == page.evaluate("document.activeElement.id")
    page.keyboard.press("Tab")
    assert "q" == page.evaluate("document.activeElement.id")
    assert "solid" == page.evaluate("getComputedStyle(document.activeElement).outlineStyle")


def test_an_address_is_copied_with_one_click(visit):
    """Whole, as a reader wants it; the button says so."""
    way = visit(permissions=["clipboard-read", "clipboard-write"])
    page = way.go("")
    button = page.locator("a[data-copied][href='yunze/rss.xml']").first
    button.click()
    expect(page.locator("#copied")).to_contain_text("已复制")
    assert f"{way.root}yunze/rss.xml" == page.evaluate("navigator.clipboard.readText()")
    assert "已复制" == button.text_content()
    way.check()


def test_a_name_is_found_from_the_front_page(visit, stored):
    """Two characters, typed in the other script, at 390 pixels."""
    way = visit(viewport=NARROW)
    page = way.go("")
    page.get_by_role("searchbox").fill("沈硯")
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_selector("#hits > li")
    wanted = [x.entry.article.id for x in stored.search("沈砚", limit=20)]
    assert wanted == results(page)
    page.wait_for_selector("#hits .subjects mark")
    assert "沈砚" == page.locator("#hits mark").first.text_content()
    page.get_by_role("button", name="更多").click()
    expect(page.locator("#hits > li").nth(20)).to_be_visible()
    way.check()


def test_filters_narrow_what_is_found(visit, stored):
    """Place, kind, topic, dates; the address holds them, and going back undoes the last."""
    way = visit()
    page = way.go("search/?q=会议")
    page.get_by_label("地区").select_option("青岚区")
    page.wait_for_url("**place=370199*")
    wanted = stored.search("会议", sources=("qinglan",), limit=20)
    assert [x.entry.article.id for x in wanted] == results(page)
    day = date(2026, 2, 27)
    page = way.go(f"search/?q=会议&since={day}&until={day + timedelta(days=1)}")
    wanted = stored.search("会议", since=day, until=day + timedelta(days=1), limit=20)
    assert wanted
    assert [x.entry.article.id for x in wanted] == results(page)
    page.go_back()
    assert "青岚区" == page.locator("select[name=place] option:checked").text_content()
    page = way.go("search/?q=第&kind=notice")
    assert [x.entry.article.id for x in stored.search("第", kind="notice", limit=20)] == results(
        page
    )
    page = way.go("search/?q=医院&topic=health")
    wanted = stored.search("医院", topic="health", limit=20)
    assert wanted
    assert [x.entry.article.id for x in wanted] == results(page)
    way.check()


def test_a_story_is_listed_once_with_its_other_places(
    browser, tmp_path, make_desk, catalogue, story, now
):
    """The first publisher's article, though the copy is newer; other hits stay where they are."""
    with Store.open(f"sqlite:///{tmp_path / 'q.db'}", sources=catalogue.sources) as store:
        desk = make_desk(store)
        desk.read_all([story(1), story(2), story(2, source="yunze", published=story(1).published)])
        values = {"base_url": "https://feeds.quwen.example/", "tag_authority": "a.example,2026"}
        publish(store, catalogue, target=tmp_path / "public", now=now, **values)
        assert 3 == len(store.search("河堤"))
    with served(tmp_path / "public") as port, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/search/?q=河堤")
        expect(page.locator("#hits > li")).to_have_count(2)
        assert {story(1).id, story(2).id} == set(results(page))
        told = page.locator(f"#hits > li[data-article='{story(2).id}']")
        expect(told).to_contain_text("也见于：云泽区人民政府")


def test_a_search_goes_on_over_a_publication(visit, stored):
    """A list of segments from the cache that names what is gone is asked for anew."""
    way = visit()
    old = {"form": FORM, "segments": [{"first": 0, "name": "gone", "docs": 1, "passed": ""}]}
    way.page.route("**/search/index.json", lambda x: x.fulfill(json=old), times=1)
    page = way.go("search/?q=沈砚")
    wanted = [x.entry.article.id for x in stored.search("沈砚", limit=20)]
    assert wanted == results(page)


def test_the_browser_finds_what_the_store_finds(visit, stored):
    """The same articles in the same order, for pieces of the texts and of their copies by machines."""
    page = visit().go("search/")
    dice = random.Random(7)
    queries = [
        "會議",
        "ＧＤＰ",
        "gdp",
        "a",
        "会",
        "5.2",
        "第 12",
        "银发课堂 手机",
        "没有这个词",
        "——",
        "ß①㎡",
    ]
    texts = [y for x in stored.entries(limit=200) for y in (x.article.title, *x.article.paragraphs)]
    for _ in range(150):
        text = dice.choice(texts)
        start = dice.randrange(len(text))
        queries.append(text[start : start + dice.choice((1, 2, 2, 3, 4, 7, 12))])
    queries += [f"{a} {b}" for a, b in zip(queries[20:60], queries[60:100], strict=True)]
    found = page.evaluate(
        """async (queries) => {
          const read = async (name) => (await fetch(`../search/${name}`)).arrayBuffer();
          const index = await Index.open(read);
          const ids = async (x) => (await x.doc.segment.shown(x.doc.n)).id;
          const all = [];
          for (const x of queries) all.push(await Promise.all((await index.search(x)).hits.map(ids)));
          return all;
        }""",
        queries,
    )
    for query, ids in zip(queries, found, strict=True):
        wanted = [x.entry.article.id for x in stored.search(query, limit=1000)]
        assert wanted == ids, repr(query)
    assert sum(map(len, found)) > 1000
