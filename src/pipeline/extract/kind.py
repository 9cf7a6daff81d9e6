"""What kind of page this is, decided before anything is believed of it."""

import re

from pipeline.extract.tree import squash

_GONE = re.compile(
    r"404|页面不存在|页面没有找到|找不到|无法找到|不存在|已被?删除|已被发布者删除|notfound|无法访问|访问的页面|已下线|内容已过期"
    r"|whitelabelerrorpage|403forbidden|系统繁忙|系统维护|网站维护|出错了|error",
    re.IGNORECASE,
)
_ERROR_TITLE = re.compile(r"(?:404|403|500|502|503)(?!\d)(?:$|[-_—|错页Nn您F])")
_GONE_SENTENCE = re.compile(
    r"(?:您|你)?(?:要?访问|请求|查看|浏览)的(?:页面|网页|内容|文章|资源|网址).{0,12}(?:不存在|已?被?删除|找不到|已下线|无法访问|出错)"
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
    if _GONE.search(squash(title)[:80]):
        return True
    return _GONE.search(squash(body)[:200] or squash(text)[:400]) is not None
