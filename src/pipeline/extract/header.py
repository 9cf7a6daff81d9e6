"""Title, date, origin and author: what stands around the text."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time

from lxml.html import HtmlElement

from pipeline.extract.dates import address_day, find_stamps, first_stamp, header_stamp
from pipeline.extract.tree import squash, text_of
from pipeline.records import CHINA, Published

_ORIGIN = re.compile(
    r"(?:信息|文章|稿件|新闻|内容|文稿|消息)?\s?(?:来\s{0,6}源|稿\s{0,6}源|出\s{0,6}处)\s{0,3}[于自]?[:：]\s{0,6}(?P<value>[^:：\x1f]{0,60})"
)
# The label in a cell of its own; the name stands in the next one
_ORIGIN_CELL = re.compile(r"(?:信息|文章|稿件|新闻|内容|文稿|消息)?(?:来源|稿源|出处)[:：]?")
# Where the next field of the line begins: 云泽融媒　浏览次数：3; 云泽融媒发布时间：…; 云泽融媒 分享到
_NEXT_FIELD = re.compile(
    r"(?:(?:发布|发表|更新|成文|录入|刊发|上传|发稿|创建|公开|信息)?(?:时间|日期)|(?:发布|发表|更新)于|(?:责任|执行|值班|本期)?编\s?辑|责\s?编|作\s?者"
    r"|撰稿人?|记\s?者|通讯员|审\s?核|[初复终]审|签发|摄影|编审|校\s?对|监制|供稿|发布(?:者|人|机构|单位)|(?:已?浏览|点击|阅读|访问|查看)(?:次数|人数|数|量|率)?"
    r"|人气|(?:本文)?字数|字体(?:大小)?|字号|分享到?|打印|关键[词字]|栏目|分类|(?:视力)?保护(?:视力)?色)\s{0,4}[:：∶]"
    r"|(?<=[\s\u3000\xa0])(?:已?浏览|点击|阅读|访问|听全文|听新闻|朗读|语音|分享|打印|收藏|下载|纠错|关闭|返回|字体|字号|我要|大\s{0,3}中\s{0,3}小|A[-+]|发布|发表)"
    r"|(?:19|20)\d\d\s?[-年/.]|[|｜丨]"
)
# What a value may run into, where pages set no gap between fields
_NEXT_LABEL = re.compile(
    r"(?:发布|发表|更新|成文|录入|阅读|浏览|点击|访问)?(?:时间|日期|次数|机构|人|量)\s?[:：]?$"
    r"|(?:本文)?(?:字数|字符数)\s?[:：]?\s?\d{0,6}$|(?:发布|发表)于?\s?[:：].{0,12}$|\s(?:发布|发表).{0,12}$"
    r"|[\s](?:下载|收藏|纠错|关闭|返回).{0,20}$|(?:作者|编辑|责任编辑|责编|记者|审核|字体|字号|分享|打印|浏览|点击|阅读|日期|时间|保护视力色|视力保护色).{0,12}$"
    r"|(?:19|20)\d\d[-年/.].{0,30}$|[|｜].{0,40}$"
    r"|[【\[（(](?:[^】\]）)]{0,40}|(?:字|大|点击|浏览|阅读|打印|编辑|责|作者|记者).{0,40})$"
)
_AUTHOR = re.compile(r"(?:作\s{0,4}者|撰稿人?|文)\s{0,2}[:：]\s{0,4}(?P<value>[^:：\x1f]{1,40})")
_DATE_LABEL = re.compile(
    r"(?:发布|发表|更新|发文|公开|刊发|上传)(?:时间|日期)|发表于|发布于|日\s{0,4}期|时\s{0,4}间"
)
# Days of a document's life, not of its publication
_OTHER_DATE = re.compile(
    r"成文|生成|产生|印发|失效|有效|实施|施行|生效|废止|截止|到期|开始|结束|开标"
)
_NO_NAME = re.compile(
    r"字|分享|评论|打印|浏览|点击|阅读|收藏|编辑|作者|记者|时间|参与|手机|关注|下载"
)
_PUBLISHER = re.compile(
    r"[\u4e00-\u9fffA-Za-z]{1,16}(?:社|网|报|台|局|委|府|办|新闻|客户端|融媒体?|在线|发布|中心|频道|周刊|杂志|时报)"
)
_META_DATES = (
    "pubdate", "publishdate", "firstpublishedtime", "article:published_time",
    "og:release_date", "weibo: article:create_at",
)  # fmt: skip
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,12}(?:[\s、，]{1,2}[\u4e00-\u9fff·]{2,12}){0,5}")
# WeChat fills its date in by script: var ct = "1597564800"
_EPOCH = re.compile(r"var\s{1,3}ct\s{0,3}=\s{0,3}[\"'](\d{10})[\"']")


def published_of(
    html: str,
    url: str,
    meta: dict[str, str],
    *,
    title_at: int,
    head: list[str],
    inner: list[str],
    tail: list[str],
) -> tuple[Published | None, str]:
    """When the page says it was published, and where it says so.

    The shown date wins over the meta element, which may be that of an import;
    the meta's minute is taken where the day agrees. *title_at* is the line of *head* that
    shows the title; below 0 where none does.
    """
    shown, sure = _shown(head, inner, tail, title_at)
    stated = next(
        (x for name in _META_DATES if name in meta and (x := first_stamp(meta[name])) is not None),
        None,
    )
    if stated is not None and stated.at == time():
        stated = Published(day=stated.day)  # an import that knew no hour
    if shown is not None and (sure or stated is None or stated.day == shown.day):
        if shown.at is None and stated is not None and stated.day == shown.day:
            return stated, "visible day, meta minute" if stated.at else "visible"
        return shown, "visible"
    epoch = _EPOCH.search(html)
    if epoch is not None:
        moment = datetime.fromtimestamp(int(epoch[1]), UTC).astimezone(CHINA)
        return Published(day=moment.date(), at=moment.time()), "script"
    if stated is not None:
        return stated, "meta"
    day = address_day(url)
    return day, "address" if day else ""


def _shown(
    head: list[str], inner: list[str], tail: list[str], title_at: int
) -> tuple[Published | None, bool]:
    """The date shown around the text, and whether it surely is that of publication."""
    near = [
        (line, before, 3.0 if 0 <= title_at <= i else -(len(head) - i) / 10)
        for i, line, before in _with_year(head)
    ]
    near += [(x, y, 0.0) for _, x, y in _with_year(inner)]
    near += [(x, y, -1.0) for _, x, y in _with_year(tail) if _DATE_LABEL.search(x)]
    best, best_score = None, 0.0
    for line, before, bonus in near:
        text = line[:400].replace("\x1f", " ")
        stamps = [*find_stamps(text)]
        if not stamps and (boxed := header_stamp(text)) is not None:
            stamps = [(0, boxed)]
        for at, value in stamps:
            # A label may be the cell or the line before: 生成日期： | 2024-06-04
            own = text[max(0, at - 14) : at]
            label = own if at else (before if len(squash(before)) <= 8 else "")
            rest = len(squash(text)) - 10 - 8 * (value.at is not None)
            score = bonus + 2 * (value.at is not None) + ("来源" in text)
            if _OTHER_DATE.search(label):
                score -= 9
            elif _DATE_LABEL.search(label):
                score += 4
            elif rest > 110:
                continue
            elif rest < 8:
                score += 1
            elif rest > 20 and "来源" not in text:
                score -= 3  # a title with its date: a list of other articles
            if score > best_score:
                best, best_score = value, score
    return best, best_score >= 2


def _with_year(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """The lines that may hold a year, each with its number and the line before it."""
    for number, line in enumerate(lines):
        if "20" in line or "19" in line:
            yield number, line, lines[number - 1] if number else ""


def origin_of(
    root: HtmlElement,
    meta: dict[str, str],
    *,
    title_at: int,
    head: list[str],
    inner: list[str],
    tail: list[str],
) -> tuple[str | None, str]:
    """来源 as written, and where it stood.

    *head* is read upwards from the text. Without a label the name beside the
    date counts, where it is named like a medium or an office.
    """
    title_at -= max(0, len(head) - 25)
    head = head[-25:]
    stated = meta.get("contentsource") or meta.get("source")
    near = [*zip(head, (*head[1:], ""), strict=False)][::-1]
    near += zip((*inner, *tail), (*inner[1:], *tail, ""), strict=False)
    for number, (line, following) in enumerate(near):
        rest = _behind_label(line[:400], following[:80])
        if rest is None:
            continue
        # The value may stand in the next element, or end at one
        parts = [x for x in (y.strip() for y in rest.split("\x1f")) if x]
        value = _trimmed(parts[0]) if parts else ""
        if stated and value and _same_start(value, stated) and squash(stated) in squash(rest):
            return stated, "visible, ended as in meta"
        if value and not re.fullmatch(r"[\d\W]{1,30}", value):
            return value, "visible" if number < len(head) + len(inner) else "visible, below"
    account = root.xpath("//*[@id='js_name']")  # WeChat's name of the account
    if account and (name := text_of(account[0])):
        return name, "account"
    if stated and not stated.isdigit():
        return stated, "meta"
    beside = _beside_date(head[title_at + 1 :] if title_at >= 0 else head[-6:])
    return (beside, "beside the date") if beside else (None, "")


def _behind_label(line: str, following: str) -> str | None:
    """What stands behind 来源： in a line, in the *following* one if nothing does; None without a label."""
    match = _ORIGIN.search(line)
    rest = line[match.start("value") :][:80].lstrip("\x1f ") if match is not None else ""
    if rest or (match is None and not _ORIGIN_CELL.fullmatch(squash(line))):
        return rest or None
    is_name = 2 <= len(squash(following)) <= 30 and not re.search(r"[，。；：:]", following)
    return following if is_name else None


def _same_start(one: str, other: str) -> bool:
    a, b = squash(one), squash(other)
    return a.startswith(b) or b.startswith(a)


_FIELD_GAP = re.compile(r"[\x1f\u3000\xa0|｜]|\s{2}")


def _beside_date(head: list[str]) -> str | None:
    for number, line in enumerate(head):
        if first_stamp(line[:100]) is None:
            continue
        parts = [squash(x) for x in _FIELD_GAP.split(line)]
        before = squash(head[number - 1]) if number else ""
        for name in (*parts, before):
            if _PUBLISHER.fullmatch(name):
                return name
        # 2019年11月25日 18:57 | 参考消息; several are persons
        names = [x for x in parts[1:] if re.fullmatch(r"[\u4e00-\u9fff]{2,12}", x)]
        names = [x for x in names if not _NO_NAME.search(x)]
        if len(names) == 1 and len(names[0]) >= 4:
            return names[0]
    return None


def _trimmed(text: str) -> str:
    further = _NEXT_FIELD.search(text)
    text = text[: further.start()] if further is not None else text
    text = re.split(r"\s{2,}|[\u3000\xa0]{2,}", text.strip())[0]
    before = ""
    while before != text:
        before = text
        text = _NEXT_LABEL.sub("", text).strip(" \u3000\xa0，,;；|｜/：:>》】")
    return text if any(x in text for x in "[（(") else text.rstrip("]）)")


def author_of(head: list[str]) -> str | None:
    """作者 as written in the line under the title, where it is a name."""
    for line in head:
        # Most lines are menus
        match = _AUTHOR.search(line[:400]) if "：" in line or ":" in line else None
        if match is None:
            continue
        rest = line[match.start("value") : match.start("value") + 40].lstrip("\x1f ")
        value = _trimmed(rest.split("\x1f")[0])
        if _NAME.fullmatch(value):
            return value
    return None


_ROLE = re.compile(
    r"(?:编\s?辑|责\s?编|记\s?者|通讯员|作\s?者|撰稿人?|供稿|摄影|审\s?核|初审|复审|终审|一审|二审|三审|审签|签发|校\s?对|监制)"
    r"[\s\x1f\u3000\xa0]{0,4}[:：]"
)
_BYLINE_LENGTH = 200


def bylines_of(lines: list[str], paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    """Of the lines from the title on those that name makers of the text and are not in it."""
    inside = frozenset(paragraphs)
    found = [
        x.replace("\x1f", "\u3000\u3000")
        for x in lines
        if len(x) <= _BYLINE_LENGTH and _ROLE.search(x) is not None and x not in inside
    ]
    return tuple(dict.fromkeys(found))
