"""Editions in traditional characters: the same tree, other text nodes, nothing else."""

import json
import re
from datetime import timedelta

import feedparser
import pytest
from lxml import html

from pipeline.publish.editions import EDITIONS, Edition, converted, in_markup, with_languages
from pipeline.settings import Settings

WORDS = [
    ("区委书记主持召开常务会议", "區委書記主持召開常務會議"),
    ("研究发展规划和头发稀少", "研究發展規劃和頭髮稀少"),
    ("皇后与后来", "皇后與後來"),
    ("下面、面条和方便面", "下面、麪條和方便麪"),
    ("干部干活，晒干粮食", "幹部幹活，曬乾糧食"),
    ("公里与里程", "公里與里程"),
    ("丰收的谷物堆满山谷", "豐收的穀物堆滿山谷"),
    ("准备标准", "準備標準"),
    ("征求意见，长征", "徵求意見，長征"),
    ("复查、重复与回复", "複查、重複與回覆"),
]


@pytest.mark.parametrize(("simplified", "traditional"), WORDS)
def test_conversion_knows_words(simplified: str, traditional: str):
    """One simplified character stands for several traditional ones: the word decides."""
    assert traditional == converted("zh-Hant", ())(simplified)


@pytest.mark.parametrize(
    ("tag", "wanted"),
    [("zh-Hant", "裏面的臺階"), ("zh-Hant-TW", "裡面的臺階"), ("zh-Hant-HK", "裏面的台階")],
)
def test_regions_have_their_own_forms(tag: str, wanted: str):
    """Taiwan and Hong Kong write some characters differently."""
    assert wanted == converted(tag, ())("里面的台阶")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("于得水", "于得水"),
        ("范云", "范雲"),
        ("余干", "余干"),
        ("钟里", "鍾里"),
        ("岳万里", "岳萬里"),
    ],
)
def test_names_are_no_words(name: str, wanted: str):
    """A surname 于 or 范 is not the word that is written like it."""
    words = converted("zh-Hant-TW", (name,))
    assert f"區長{wanted}主持，關於{wanted}的講話" == words(f"区长{name}主持，关于{name}的讲话")


def test_the_longer_of_two_names_is_taken():
    """范云 within 范云里 is no name of its own."""
    assert "范雲里與范雲" == converted("zh-Hant", ("范云", "范云里"))("范云里与范云")


def test_only_text_nodes_are_converted():
    """Addresses, attributes, scripts and comments stay as they are."""
    markup = '<a href="/会/" title="会">会</a><!-- 会 --><script>"会"</script><style>.会{}</style>'
    assert markup.replace(">会</a>", ">會</a>") == in_markup(markup, converted("zh-Hant", ()))


@pytest.fixture
def built(filled, go):
    return go(editions=("zh-Hant", "zh-Hant-TW"))


def test_the_edition_is_the_same_tree(built, tree, target):
    """Every feed, page and archive has its twin; the index of words and English are shared."""
    names = [
        x
        for x in tree()
        if not x.startswith(("zh-Hant", "en/", ".")) and x.endswith((".html", ".xml"))
    ]
    assert len(names) > 20
    for tag in ("zh-Hant", "zh-Hant-TW"):
        missing = [x for x in names if x != "sitemap.xml" and not (target / tag / x).is_file()]
        assert [] == missing
        assert (target / tag / "feeds.opml").is_file()


def test_feeds_differ_in_text_and_language_alone(built, target, rules):
    """Ids have the edition's mark, addresses of the publisher and times stay."""
    plain = feedparser.parse((target / "all/atom.xml").read_bytes())
    hant = feedparser.parse((target / "zh-Hant/all/atom.xml").read_bytes())
    assert ("zh-Hans", "zh-Hant") == (plain.feed.language, hant.feed.language)
    assert f"{plain.feed.id};zh-Hant" == hant.feed.id
    assert [f"{x.id};zh-Hant" for x in plain.entries] == [x.id for x in hant.entries]
    for name in ("link", "published", "updated"):
        assert [x[name] for x in plain.entries] == [x[name] for x in hant.entries]
    titles = [x.title for x in hant.entries]
    assert [converted("zh-Hant", ())(x.title) for x in plain.entries] == titles
    assert titles != [x.title for x in plain.entries]
    selfs = {x.rel: x.href for x in hant.feed.links}
    assert selfs["self"].endswith("/zh-Hant/all/atom.xml")
    assert [] == rules(target)


def test_links_stay_within_the_edition(built, target):
    """Whoever reads traditional characters is not thrown out of them; style is shared."""
    for path in (target / "zh-Hant").rglob("*.html"):
        page = html.fromstring(path.read_bytes())
        assert "zh-Hant" == page.get("lang")
        for name in ("href", "src"):
            for link in page.xpath(f"//*[@{name}]"):
                to = link.get(name)
                if link.get("hreflang") or re.match(r"[a-z]+:|#", to):
                    continue
                assert (path.parent / to.partition("#")[0]).exists(), (path, to)


def test_pages_name_their_other_editions(built, target):
    """hreflang, both ways, so that search engines offer the right one."""
    for name in ("index.html", "zh-Hant/index.html", "zh-Hant-TW/index.html"):
        page = html.fromstring((target / name).read_bytes())
        links = {x.get("hreflang"): x.get("href") for x in page.xpath("//link[@hreflang]")}
        base = "https://feeds.quwen.example/"
        assert links.pop("en").endswith("en/index.html")
        assert {"zh-Hans": base} | {x: f"{base}{x}/" for x in ("zh-Hant", "zh-Hant-TW")} == links


def test_a_second_publish_writes_nothing(built, go):
    """Editions cost nothing where nothing is new."""
    assert () == go(editions=("zh-Hant", "zh-Hant-TW")).written


def test_an_edition_that_is_switched_on_has_the_past_too(filled, go, target):
    """Archives and pages of before are written in it."""
    go()
    go(editions=("zh-Hant",))
    for path in target.glob("*/archive/*/rss.xml"):
        assert (target / "zh-Hant" / path.relative_to(target)).is_file()
    pages = {x.parent.name for x in target.glob("a/*/index.html")}
    assert pages == {x.parent.name for x in target.glob("zh-Hant/a/*/index.html")}


def test_an_edition_that_is_switched_off_is_removed(filled, go, target):
    """Nothing stale stays behind."""
    go(editions=("zh-Hant",))
    go()
    assert not (target / "zh-Hant").exists()
    assert b"zh-Hant" not in (target / "index.html").read_bytes()


def test_a_correction_reaches_the_edition(built, go, desk, story, target, now):
    """What changes in the one changes in the other."""
    again = story(1, title="青岚河堤已经验收")
    desk.read(again, at=now + timedelta(hours=1))
    written = go(editions=("zh-Hant", "zh-Hant-TW")).written
    assert f"zh-Hant/a/{again.id}/index.html" in written
    assert "青嵐河堤已經驗收" in (target / f"zh-Hant/a/{again.id}/index.html").read_text("utf-8")


def test_feeds_as_json_and_lists_are_converted(built, target):
    """Programs get the edition's titles and addresses."""
    feeds = json.loads((target / "zh-Hant/feeds.json").read_bytes())
    assert all("/zh-Hant/" in x["rss"] for x in feeds)
    plain = json.loads((target / "feeds.json").read_bytes())
    assert [x["entries"] for x in plain] == [x["entries"] for x in feeds]
    assert "山東省" in (target / "zh-Hant/feeds.opml").read_text("utf-8")


def test_addresses_of_others_are_left_alone():
    """Only what stands in our tree has a twin."""
    edition = Edition(tag="zh-Hant", base_url="https://feeds.quwen.example/")
    assert "https://feeds.quwen.example/zh-Hant/a/1/" == edition.address(
        "https://feeds.quwen.example/a/1/"
    )
    assert "https://www.qinglan.example/a/1/" == edition.address("https://www.qinglan.example/a/1/")


def test_a_page_without_head_is_left_as_it_is():
    """There is no place for links then."""
    assert b"<p>x</p>" == with_languages(b"<p>x</p>", "a.html", ["zh-Hant"], "https://x.example/")


def test_settings_take_the_tags_of_editions(monkeypatch: pytest.MonkeyPatch):
    """QUWEN_EDITIONS is a list with commas."""
    monkeypatch.setenv("QUWEN_EDITIONS", "zh-Hant-TW, zh-Hant-HK")
    assert ("zh-Hant-TW", "zh-Hant-HK") == Settings().editions
    monkeypatch.setenv("QUWEN_EDITIONS", "zh-Klingon")
    with pytest.raises(ValueError, match="zh-Hant"):
        Settings()
    assert {"zh-Hant", "zh-Hant-TW", "zh-Hant-HK"} == set(EDITIONS)
