"""What kind of page this is, decided before anything is believed of it."""

import re
from collections.abc import Callable
from typing import Literal
from urllib.parse import urlsplit

from pipeline.extract import lists, paging
from pipeline.extract.article import Reading
from pipeline.extract.tree import squash
from pipeline.records import ListItem, PageKind

_GONE = re.compile(
    r"404|页面不存在|页面没有找到|找不到|无法找到|不存在|已被?删除|已被发布者删除|notfound|无法访问|访问的页面|已下线|内容已过期"
    r"|whitelabelerrorpage|403forbidden|系统繁忙|系统维护|网站维护|出错了|error",
    re.IGNORECASE,
)
_ERROR_TITLE = re.compile(r"(?:404|403|500|502|503)(?!\d)(?:$|[-_—|错页Nn您F])")
_GONE_SENTENCE = re.compile(
    r"(?:访问|请求|查看|浏览)的(?:页面|网页|内容|文章|信息|资源|网址).{0,12}(?:不存在|已?被?删除|找不到|已下线|无法访问|出错)"
)
# A line of its own: 页面没有找到，5秒后自动跳转到首页。
_GONE_LINE = re.compile(
    r"^[^。\n]{0,12}(?:页面|网页|网址|信息|内容|文章|文件)(?:不存在|没有找到|未找到|找不到|无法找到|已?被?删除|已下线|已失效)[^\n]{0,30}$",
    re.MULTILINE,
)
_CHALLENGE_WORDS = re.compile(
    r"安全(?:验证|检查|检测)|人机验证|正在(?:验证|检查)|访问(?:过于|太)频繁|环境异常|请完成(?:验证|安全)|请开启javascript"
    r"|enablejavascript|滑动验证|验证码|checkingyourbrowser",
    re.IGNORECASE,
)
_CHALLENGE_SCRIPT = ("$_ts", "__jsl_clearance", "_waf_", "wzws_", "captcha", "acw_sc__v2", "HOY_TR")


def is_blocked(html: str, text: str) -> bool:
    """Whether a script challenge came instead of the page."""
    short = squash(text[:4_000])
    if len(short) > 400:
        return False
    if _CHALLENGE_WORDS.search(short):
        return True
    return len(short) < 60 and any(x in html[:40_000] for x in _CHALLENGE_SCRIPT)


def is_not_found(title: str, text: str, body: str) -> bool:
    """Whether the page says that there is none, in the chrome of the site or bare."""
    if _ERROR_TITLE.match(squash(title)) or (_GONE_SENTENCE.search(text) and len(body) < 4_000):
        return True
    if len(squash(body)) > 400:
        return False
    if _GONE_LINE.search(text):
        return True
    if _GONE.search(squash(title)[:80]):
        return True
    return _GONE.search(squash(body)[:200] or squash(text)[:400]) is not None


_LONG_LIST = 20
_MIN_BODY = 20
"""Characters of a text that make an article where a title stands above."""
_MIN_UNDATED = 100
"""Characters in sentences that make an article of a page that shows no date at all."""
_MIN_UNTITLED = 200
"""… and of one without any title, which is told as a problem."""


def kind_of(
    reading: Reading,
    html: str,
    url: str,
    *,
    expect: Literal["article", "list", None],
    items: Callable[[], tuple[ListItem, ...]],
) -> tuple[PageKind, str]:
    """The kind of the page, and what decided it. *items* reads its list, which takes time."""
    page = reading.page
    is_sure = reading.is_sure
    is_gone = False
    if not is_sure or expect == "list":
        text = reading.text
        if not is_sure and is_blocked(html, text):
            return "blocked", "a challenge"
        is_gone = is_not_found(page.title, text, reading.content)
    if expect == "list":
        return ("not_found", "says so") if is_gone and not items() else ("list", "asked for")
    if is_gone:
        return "not_found", "says so"
    if is_sure and reading.is_empty:
        return "other", "a title without text"
    if reading.is_stated:
        return "article", "its meta elements"
    if is_sure and _is_below_header(reading):
        return "article", "title and date above a text"
    if expect != "article" and _looks_listed(reading, items()):
        return _list_or_front(reading, html, url, items())
    return _short(reading, url, expect)


def _is_below_header(reading: Reading) -> bool:
    """Whether what stands below title and date is an article's: sentences, or media alone."""
    page, content = reading.page, reading.content
    if reading.is_of_stories:
        return False
    if 2 * reading.linked < len(content):
        return reading.sentences >= (1 if reading.is_behind else 40)
    return reading.is_behind and bool(page.attachments or page.images or reading.has_video)


def _list_or_front(
    reading: Reading, html: str, url: str, items: tuple[ListItem, ...]
) -> tuple[PageKind, str]:
    paged = lists.dated_share(items) > 0.9 and paging.has_pager(html, reading.text)
    front = _is_front_page(url, reading) and not paged and "columnname" not in reading.about
    # A column of a portal looks like a front page; but it has one long list, and no root address
    if front and (has_front_address(url) or len(items) < _LONG_LIST):
        return "other", "a front page"
    return "list", "its items"


def _short(
    reading: Reading, url: str, expect: Literal["article", "list", None]
) -> tuple[PageKind, str]:
    """Whether what is neither stated nor a list is an article all the same."""
    page = reading.page
    if _is_front_page(url, reading) and reading.sentences < 200:
        return "other", "a front page"
    if len(squash(reading.content)) < _MIN_BODY and not (page.images or page.attachments):
        return "other", "too little text"
    if expect == "article":
        return "article", "asked for"
    if reading.is_of_stories:
        return "other", "titles of other stories"
    if not page.title and reading.sentences < _MIN_UNTITLED:
        return "other", "no title, and few sentences"
    if page.published is None and reading.sentences < _MIN_UNDATED:
        return "other", "no date, and few sentences"
    return "article", "its text"


def _looks_listed(reading: Reading, items: tuple[ListItem, ...]) -> bool:
    """Whether the items are the page's matter, not a box beside its text."""
    page, content = reading.page, reading.content
    titles = sum(len(x.title) for x in items)
    dated = lists.dated_share(items)
    if len(items) < (3 if dated == 1.0 else 5):
        return False
    within = sum(x.title in content for x in items) / len(items)
    linked = sum(len(x.title) for x in items if x.title in content)
    if (within > 0.6 and dated > 0.5) or linked > 0.5 * len(content):
        return True
    has_time = page.published is not None and page.published.at is not None
    if within < 0.3 and has_time and page.published_from == "visible" and reading.sentences >= 60:
        return False  # a short story beside long lists
    sentences = 0 if reading.is_of_stories else reading.sentences
    return (dated >= 0.6 or titles > len(content)) and sentences < titles


def has_front_address(url: str) -> bool:
    """Whether an address is that of a site's front page."""
    paths = ("", "/", "/index.html", "/index.htm", "/index.shtml")
    return url.startswith("http") and urlsplit(url).path in paths


def _is_front_page(url: str, reading: Reading) -> bool:
    return has_front_address(url) or (
        reading.text.count("\n") > 150 and reading.outline.tags.count("a") > 250
    )
