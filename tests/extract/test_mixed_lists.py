"""Lists, and pages that say nothing, in frames put together at random."""

import sys
from datetime import date
from pathlib import Path
from zlib import crc32

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from list_layouts import HOST, LAYOUTS, items
from mixed_pages import framed

from pipeline.errors import ExtractError
from pipeline.extract import extract_page

LIST = f"{HOST}/xw/zw/"
FRAMES = 5
"""Frames in which each layout and each notice is tried."""
PAGERS = (
    "",
    '<div><span>1</span><a href="index_2.html">2</a><a href="index_2.html">下一页</a></div>',
    '<script>createPageHTML(9,0,"index","html");</script>',
    "<div>共 200 条 第 1/10 页 <a href='?page=2'>下一页</a> <a href='?page=10'>尾页</a></div>",
)


@pytest.mark.parametrize("asked", [True, False], ids=["asked-for", "unasked"])
@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_list_is_read_in_any_frame(layout, asked):
    """Each item with title, address and day, none of menus and boxes; and no article is made of it."""
    for number in range(FRAMES):
        seed = crc32(f"{layout} {number}".encode())
        found = items((6, 10, 15, 20, 40)[number], seed)
        html, names = framed(seed, LAYOUTS[layout](found), tail=PAGERS[number % 4])
        page = extract_page(
            html, url=LIST, expect="list" if asked else None, today=date(2026, 3, 21)
        )
        assert "list" == page.kind, names
        assert [(x.title, HOST + x.url, x.day) for x in found] == [
            (x.title, x.url, x.published.day if x.published else None) for x in page.items
        ], names


NOTICES = {
    "gone": "<div><h2>404</h2><p>抱歉，您访问的页面不存在！</p><a href='/'>返回首页</a></div>",
    "gone-in-words": "<p>对不起，您要查看的信息已被删除或尚未公开。</p>",
    "gone-with-seconds": "<p>页面没有找到，<b>5</b>秒后自动跳转到首页。</p>",
    "gone-with-advice": "<div><p>您请求的页面不存在或已被删除。您可以：</p><ul><li>检查网址是否正确</li><li>返回上一页重新操作</li><li>联系网站管理员</li></ul></div>",
    "failed": "<h1>系统繁忙</h1><p>系统繁忙，请稍后再试，给您带来不便敬请谅解。</p>",
    "upkeep": "<p>网站维护中，请稍后访问。</p>",
    "login": "<form><label>用户名</label><input><label>密码</label><input type=password><button>登录</button><a href='/f'>忘记密码</a></form>",
    "nothing-found": "<p>很抱歉，没有找到与“停车”相关的结果。</p><p>建议您：检查输入的关键词是否有误，或减少关键词。</p>",
    "empty-list": "<ul></ul><div>共 0 条 第 0/0 页</div>",
    "no-information": "<p>暂无信息</p>",
    "search": "<form><input name=q><button>搜索</button></form><div>搜索范围：<label>全文</label><label>标题</label></div>",
    "leaders": "<ul><li><a href='/ld/1.html'><img src='/1.jpg'><p>顾怀舟</p></a><p>区委副书记、区长</p></li><li><a href='/ld/2.html'><img src='/2.jpg'><p>白若溪</p></a><p>副区长</p></li></ul>",
    "script": "<div id='app'>正在加载，请稍候…</div><script src='/app.js'></script>",
    "scripting-off": "<noscript>We're sorry but this site doesn't work properly without JavaScript enabled.</noscript><div id='app'></div>",
    "closed": "<p>该网站已关停，请访问<a href='http://www.qinglan.gov.example/'>青岚区人民政府网站</a>。</p>",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(NOTICES))
def test_page_without_matter_is_no_article(name):
    """Whatever stands around them, error pages and forms are never taken for news."""
    for number in range(2 * FRAMES):
        html, names = framed(crc32(f"{name} {number}".encode()), NOTICES[name])
        try:
            page = extract_page(html, url=f"{LIST}48213.html")
        except ExtractError:
            continue
        assert "article" != page.kind, (names, page.title, page.paragraphs)


@pytest.mark.parametrize("name", [x for x in sorted(NOTICES) if x.startswith("gone")])
def test_page_that_says_it_is_gone_is_not_found(name):
    """Also where an article is expected: it may have been taken down."""
    for number in range(FRAMES):
        html, names = framed(crc32(f"{name} {number}".encode()), NOTICES[name])
        page = extract_page(html, url=f"{LIST}48213.html", expect="article")
        assert "not_found" == page.kind, (names, page.title, page.paragraphs)
