"""What is read of list pages, in every layout."""

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from list_layouts import HOST, LAYOUTS, items, page

from pipeline.errors import ExtractError
from pipeline.extract import extract_page
from pipeline.extract.answers import next_answer, read_answer
from pipeline.records import Layout

LIST = f"{HOST}/xw/zw/"
TODAY = date(2026, 3, 21)


@pytest.mark.parametrize("count", [8, 20])
@pytest.mark.parametrize("scrambled", [False, True], ids=["named", "scrambled"])
@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_layout_is_read(layout, scrambled, count):
    """Every item with its whole title, address and day, whatever classes are called."""
    expected = items(count, seed=count)
    read = extract_page(page(layout, expected, scrambled=scrambled), url=LIST, today=TODAY)
    assert "list" == read.kind
    assert [(x.title, HOST + x.url, x.day) for x in expected] == [
        (x.title, x.url, x.published.day if x.published else None) for x in read.items
    ]


def rows(*lines: str) -> str:
    """A list page of those rows and some more, so that it is one."""
    more = [
        f'<li><a href="/n/{n}.html">青岚区第{n}批便民服务点公布</a><span>2026-02-1{n}</span></li>'
        for n in range(6)
    ]
    return "<html><body><ul>" + "".join([*lines, *more]) + "</ul></body></html>"


def first(line: str, today: date | None = None):
    """What the first of a list's rows is read as."""
    return extract_page(rows(line), url=LIST, expect="list", today=today).items[0]


KINDS = [
    ("/xw/1.html", "article"),
    ("http://xxgk.qinglan.gov.example/1.html", "article"),
    ("/files/2026/P020260301.pdf", "file"),
    ("/module/download/downfile.jsp?filename=plan.docx", "file"),
    ("https://mp.weixin.qq.com/s/AbCdEf", "wechat"),
    ("https://www.gov.cn/yaowen/1.htm", "upper"),
    ("http://www.lanhai.gov.cn/art/1.html", "upper"),
    ("https://www.sdnews.example/1.html", "external"),
]


@pytest.mark.parametrize(("href", "kind"), KINDS)
def test_item_knows_what_it_links_to(href, kind):
    """Files, WeChat stories, higher levels and other sites stay in the list, each as its kind."""
    found = first(f'<li><a href="{href}">青岚区发布年度工作计划</a><span>2026-03-01</span></li>')
    assert ("青岚区发布年度工作计划", kind) == (found.title, found.kind)


def test_pinned_mark_is_no_title():
    """置顶 says where an item stands, not what it says."""
    line = '<li><a href="/a.html"><b>[置顶]</b>青岚区年度报告</a><span>2024-01-01</span></li>'
    assert "青岚区年度报告" == first(line).title


def test_year_that_is_left_out_leads_down_from_the_day_of_fetching():
    """12-30 read in January is last year's."""
    line = '<li><a href="/a.html">青岚区年末工作会议</a><span>12-30</span></li>'
    short = rows(line).replace("2026-02-1", "12-1")
    found = extract_page(short, url=LIST, expect="list", today=date(2026, 1, 5)).items[0]
    assert date(2025, 12, 30) == found.published.day


def test_years_of_an_old_page_are_not_guessed():
    """A page far back in a list begins long ago: which year its days are of cannot be told."""
    short = rows('<li><a href="/a.html">青岚区工作会议召开</a><span>06-30</span></li>')
    short = short.replace("2026-02-1", "06-1")
    found = extract_page(short, url=f"{LIST}index_40.html", expect="list", today=date(2026, 1, 5))
    assert [None] * 7 == [x.published for x in found.items]


def test_layout_selectors_say_where_things_stand():
    """An operator's item, link, item_date and next_page go before any look of the page."""
    html = "<html><body>" + "".join(
        f'<div class="x"><a class="img" href="/pic/{n}.html">这是一张图片的很长说明文字</a>'
        f'<a class="t" href="/n/{n}.html">第{n}号公告</a><u>2020-01-01</u><q>2026-03-0{n}</q></div>'
        for n in range(1, 4)
    )
    html += '<a id="weiter" href="/n/?seite=2">→</a></body></html>'
    layout = Layout(item="div.x", link="a.t", item_date="q", next_page="#weiter")
    found = extract_page(html, url=LIST, layout=layout, expect="list")
    assert [("第1号公告", date(2026, 3, 1)), ("第2号公告", date(2026, 3, 2))] == [
        (x.title, x.published.day) for x in found.items[:2]
    ]
    assert f"{HOST}/n/?seite=2" == found.next_url


def test_answer_of_an_interface_is_a_list():
    """Titles, addresses, times and texts under the names that interfaces give them."""
    text = (
        '{"code":200,"data":{"total":41,"results":[{"docTitle":"<em>青岚区</em>政府常务会议","linkUrl":"/n/1.html",'
        '"publishTime":1772352000000,"contentHtml":"<p>会议研究了供水。</p>","resList":[{"filePath":"/f/a.pdf",'
        '"fileName":"方案.pdf"}]},{"docTitle":"区政协举行协商会","linkUrl":"/n/2.html","publishTime":"2026-02-27 10:11:12"}]}}'
    )
    found = read_answer(text, f"{HOST}/api/list?pageNo=1&pageSize=20")
    assert [("青岚区政府常务会议", f"{HOST}/n/1.html", "2026-03-01T16:00:00+08:00")] == [
        (x.title, x.url, x.published.iso()) for x in found.items[:1]
    ]
    assert f"{HOST}/f/a.pdf" in found.items[0].html
    assert "2026-02-27T10:11:12+08:00" == found.items[1].published.iso()
    assert "" == found.items[1].html
    assert 41 == found.total


PAGES = [
    ("/api?pageNo=1&pageSize=20", "/api?pageNo=2&pageSize=20"),
    ("/api?pageNo=2&pageSize=20", "/api?pageNo=3&pageSize=20"),
    ("/api?pageNo=3&pageSize=20", None),
    ("/api?sid=7&page=1&_pageSize=30", "/api?sid=7&page=2&_pageSize=30"),
    ("/api?sid=7&page=2&_pageSize=30", None),
    (
        "/unit?paramJson=%7B%22pageNo%22%3A1%2C%22pageSize%22%3A15%7D",
        "/unit?paramJson=%7B%22pageNo%22%3A2%2C%22pageSize%22%3A15%7D",
    ),
    ("/api?kind=news", None),
]


@pytest.mark.parametrize(("path", "expected"), PAGES)
def test_next_answer_is_asked_for_until_all_are_there(path, expected):
    """One page higher in whatever parameter counts, 41 items in all."""
    row = '{"title":"青岚区召开会议","url":"/n/%d.html"}'
    text = '{"total":41,"rows":[' + ",".join(row % n for n in range(15)) + "]}"
    found = next_answer(HOST + path, read_answer(text, HOST + path))
    assert expected == (found.url.removeprefix(HOST) if found else None)


def test_empty_answer_ends_the_list():
    """No more rows is no failure."""
    found = extract_page('{"code":0,"data":[]}', url=f"{HOST}/api?page=9", expect="list")
    assert ("list", (), None) == (found.kind, found.items, found.next_url)


def test_refusal_is_named():
    """200 with success:false is no list."""
    found = extract_page('{"success":false,"msg":"参数错误"}', url=f"{HOST}/api", expect="list")
    assert "other" == found.kind
    assert any("参数错误" in x for x in found.problems)


@pytest.mark.parametrize("text", ['{"data":[{"title":"青岚', '["' + "[" * 100_000, "callback({"])
def test_broken_answer_is_an_error(text):
    """An answer that was cut off must not read as the end of the list."""
    with pytest.raises(ExtractError, match="no whole JSON"):
        extract_page(text, url=f"{HOST}/api", expect="list")
