"""Where lists go on: the forms of pagers, each from the first, a middle and the last page."""

import pytest

from pipeline.extract import extract_page
from pipeline.extract.family import ListPage
from pipeline.extract.paging import cannot_follow, next_page
from pipeline.extract.tree import parse

HOST = "http://www.qinglan.example"


def following(url: str, pager: str) -> str | None:
    """The next page of a page that holds nothing but a pager."""
    html = f"<html><body><ul><li>x</li></ul>{pager}</body></html>"
    root, _ = parse(html)
    found = next_page(ListPage(html=html, url=HOST + url, base=HOST + url, root=root))
    return found.url.removeprefix(HOST) if found else None


LINKED = '<div><a href="{0}">首页</a><a href="{1}">上一页</a><a href="{2}">{4}</a><a href="{3}">尾页</a></div>'

FORMS = [
    # the counter of TRS names the page from 0 on
    ("trs-first", "/a/", '<script>createPageHTML(3, 0, "index", "html");</script>', "/a/index_1.html"),
    ("trs-middle", "/a/index_1.html", '<script>createPageHTML(3,1,"index","html")</script>', "/a/index_2.html"),
    ("trs-last", "/a/index_2.html", '<script>createPageHTML(3,2,"index","html")</script>', None),
    ("trs-base", "/a/index_10873.shtml", "<script>createPageHTML(9, 0, 'index_10873', 'shtml')</script>", "/a/index_10873_1.shtml"),
    (
        "trs-inline-script",
        "/a/index_1.shtml",
        '<script>var currentPage = 1; var countPage = 4; document.write("<a href=\\"index_" + (currentPage+1) + ".shtml\\">");</script>',
        "/a/index_2.shtml",
    ),
    (
        "trs-inline-script-last",
        "/a/index_3.shtml",
        '<script>var currentPage = 3; var countPage = 4; document.write("<a href=\\"index_" + (currentPage+1) + ".shtml\\">");</script>',
        None,
    ),
    ("words", "/a/", LINKED.format("/a/", "#", "/a/list_2.html", "/a/list_9.html", "下一页"), "/a/list_2.html"),
    ("words-traditional", "/a/", LINKED.format("/a/", "#", "/a/list_2.html", "/a/list_9.html", "下一頁"), "/a/list_2.html"),
    ("words-short", "/a/", LINKED.format("/a/", "#", "?page=2", "?page=9", "下页"), "/a/?page=2"),
    ("words-arrow", "/a/", LINKED.format("/a/", "#", "?page=2", "?page=9", "下一页&gt;&gt;"), "/a/?page=2"),
    ("arrow-alone", "/a/", '<a href="?p=1">1</a><a href="?p=2">&gt;</a>', "/a/?p=2"),
    ("on-the-last-page-it-leads-to-itself", "/a/9.htm", LINKED.format("/a/1.htm", "/a/8.htm", "/a/9.htm", "/a/9.htm", "下一页"), None),
    ("on-the-last-page-it-leads-back", "/a/9.htm", LINKED.format("/a/1.htm", "/a/8.htm", "/a/1.htm", "/a/9.htm", "下一页"), None),
    ("counted-down", "/zwyw.htm", LINKED.format("/zwyw.htm", "#", "zwyw/24.htm", "zwyw/1.htm", "下页"), "/zwyw/24.htm"),
    ("counted-down-middle", "/zwyw/24.htm", LINKED.format("/zwyw.htm", "/zwyw.htm", "23.htm", "1.htm", "下页"), "/zwyw/23.htm"),
    ("numbers-marked", "/a/?page=2", '<a href="?page=1">1</a><a class="on" href="?page=2">2</a><a href="?page=3">3</a>', "/a/?page=3"),
    ("numbers-marked-holder", "/a/l-2.html", '<ul><li><a href="l-1.html">1</a></li><li class="active"><a href="l-2.html">2</a></li><li><a href="l-3.html">3</a></li></ul>', "/a/l-3.html"),
    ("numbers-bare", "/a/", '<p><span>1</span><a href="index_2.html">2</a><a href="index_3.html">3</a></p>', "/a/index_2.html"),
    ("numbers-bare-middle", "/a/index_2.html", '<p><a href="index.html">1</a><span>2</span><a href="index_3.html">3</a></p>', "/a/index_3.html"),
    ("numbers-first-page-unmarked", "/a/", '<a href="/a/2/">2</a><a href="/a/3/">3</a>', "/a/2/"),
    ("numbers-last", "/a/3.html", '<a href="/a/1.html">1</a><a href="/a/2.html">2</a><span>3</span>', None),
    ("numbers-that-are-no-pager", "/a/", '<a href="/news/77.html">12</a><a href="/other-9.html">13</a>', None),
    ("last-only", "/a/index_3.html", '<a href="index_12.html">尾页</a>', "/a/index_4.html"),
    ("last-only-query", "/a/?c=5&PageIndex=3", '<a href="?c=5&amp;PageIndex=12">末页</a>', "/a/?c=5&PageIndex=4"),
    ("last-only-column-index", "/x/column-index-2.shtml", '<a href="column-index-8.shtml">最后一页</a>', "/x/column-index-3.shtml"),
    ("last-only-first", "/a/index.html", '<a href="index_12.html">尾页</a>', "/a/index_2.html"),
    ("last-only-first-from-zero", "/a/index.html", '共13页 <a href="index_12.html">尾页</a>', "/a/index_1.html"),
    ("last-only-first-from-one", "/a/index.html", '第1/12页 <a href="index_12.html">尾页</a>', "/a/index_2.html"),
    ("last-only-last", "/a/index_12.html", '<a href="index_12.html">尾页</a>', None),
    ("more", "/", '<a href="/a/list.html">更多&gt;&gt;</a>', "/a/list.html"),
    ("more-of-several-columns", "/", '<a href="/a/">更多</a><a href="/b/">更多</a>', None),
    ("more-elsewhere", "/", '<a href="https://www.wuhe.example/a/">更多</a>', None),
    ("none", "/a/", "<p>共1页</p>", None),
    ("script-links", "/a/", '<a href="javascript:go(2)">下一页</a><a href="#">尾页</a>', None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "pager", "expected"), [x[1:] for x in FORMS], ids=[x[0] for x in FORMS]
)
def test_pager_leads_on(url, pager, expected):
    """Every form leads to the next page and, on the last one, nowhere."""
    assert expected == following(url, pager)


def test_form_post_is_said_and_not_followed():
    """ASP.NET pagers post a form: the list's further pages cannot be had by address."""
    html = "<html><body><a href=\"javascript:__doPostBack('Pager','2')\">下一页</a></body></html>"
    root, _ = parse(html)
    page = ListPage(html=html, url=HOST, base=HOST, root=root)
    assert next_page(page) is None
    assert "form post" in (cannot_follow(page) or "")


def test_form_post_is_a_problem_of_the_list():
    """Who runs a backfill must learn why it ends after one page."""
    rows = "".join(
        f'<li><a href="/show.aspx?id={n}">青岚区召开第{n}次河长制工作推进会</a><span>2026-03-0{n}</span></li>'
        for n in range(1, 8)
    )
    html = f"<html><body><ul>{rows}</ul><a href=\"javascript:__doPostBack('P','2')\">下一页</a></body></html>"
    page = extract_page(html, url=f"{HOST}/list.aspx", expect="list")
    assert 7 == len(page.items)
    assert any("form post" in x for x in page.problems)


def test_base_element_counts():
    """Relative addresses of a pager stand against <base>."""
    html = f'<html><head><base href="{HOST}/x/"></head><body>' + "".join(
        f'<li><a href="{n}.html">青岚区召开第{n}次河长制工作推进会</a><span>2026-03-0{n}</span></li>'
        for n in range(1, 8)
    )
    html += '<a href="index_2.html">下一页</a></body></html>'
    page = extract_page(html, url=f"{HOST}/a/b/", expect="list")
    assert f"{HOST}/x/index_2.html" == page.next_url
    assert f"{HOST}/x/1.html" == page.items[0].url
