"""The title as an article shows it."""

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipeline.extract.dates import first_stamp, header_stamp
from pipeline.extract.outline import GAP, Line, Outline
from pipeline.extract.tree import BLOCKS, folded, named_like, squash

# 来源：青岚日报 2025-02-27, 发布时间： 2025年2月27日, 字体：大 中 小
_LABELS = re.compile(
    r"(?:来\s{0,6}源|稿源|出处|供稿|发布|发表|更新|录入|成文|浏览|点击|阅读|访问|字体|字号|作者|编辑|索\s{0,4}引\s{0,4}号|文\s{0,4}号|时\s{0,4}间|日\s{0,4}期|分享)"
    r"[\u4e00-\u9fff]{0,4}\s{0,3}[:：∶于]|分享到?$|^分享|^(?:阅读|浏览|点击|访问)[\u4e00-\u9fff]{0,2}\s{0,3}\d"
)
_LABEL_CELL = re.compile(
    r"(?:(?:信息|文章|稿件|新闻)?来源|稿源|作者|编辑|(?:发布|发表|更新)?(?:时间|日期))[:：]?"
)
_ORIGIN = re.compile(r"(?:来\s{0,6}源|稿源|出处)\s{0,3}[:：]\s{0,3}\S")
_CRUMBS = re.compile(
    r"欢迎您?(?:访问|光临|来到)|^[您你]好|停止回答|^今天是|当前位置|所在(?:的)?位置|^首页|^网站首页|首页\s{0,3}[>＞»/›-]|[>＞»›]\s{0,3}正文$"
)
_SITE = re.compile(
    r".{0,16}(?:人民政府|政府网|门户网站?|网站|官网|政务网|信息网|新闻网|融媒网)|在线|[\u4e00-\u9fff]网|平台|频道|首页|.{2,12}[局委办厅院]"
)
# What is called like an office may be a title too: 顾怀舟到望江街道调研区人民医院
_OFFICE = re.compile(r".{9,12}[局委办厅院]")
# … and what is called like a column: 停水公告
_NOTICE = re.compile(r"(?!通知|公示|政务|政府|最新|信息|各类)[\u4e00-\u9fff]{2,6}(?:公告|公示)")
_COLUMN = re.compile(
    r"(?:正文|详情|内容页?|信息详情|新闻详情|文章详情|详细信息|查看|.{2,6}(?:要闻|动态|公告|通知公告|新闻|信息公开|政务公开|目录))$"
)
_SEPARATOR = re.compile(
    r"\s*(?:[_|｜»>]|--+|——|(?<![\w\u4e00-\u9fff])[-–—]|[-–—](?![\w])|\s[-–—]\s)\s*"
)
# Names of sites beside a date: http://www.qinglan.gov.cn/ 2025-02-27
_WEB = re.compile(r"(?:https?://)?(?:[\w-]{1,30}\.){2,4}[a-z]{2,6}/?")
# 关于召开会议的通知 (2025-02-27)
_DATED = re.compile(r"\s{0,3}[\[(（【]\s?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s?[\])）】]$")
_STAMP = re.compile(
    r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
)
# 消防：119, 便民热线：0990-1234500
_NUMBER_TOLD = re.compile(r"[:：][\d－-]{3,20}$")
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z]{2}")
_DASH = re.compile(r"[-–—]")
_is_title_named = named_like(r"tit(?:le)?\b|title|biaoti|\bbt|headline|heading|\bh[1-3]\b")
_HEADING = {"h1": 3.0, "h2": 2.0, "h3": 1.5, "h4": 0.5, "ucaptitle": 3.0}
_LONGEST = 1_000  # characters of a <title> that are looked at
_STATED = ("articletitle",)
_CARDS = ("og:title", "twitter:title")


@dataclass(frozen=True, slots=True)
class Title:
    """A title, where it was found, and the line with which it ends (-1 where none shows it)."""

    text: str
    found: str
    line: int = -1


def title_of(
    page: Outline, root: HtmlElement, about: dict[str, str], names: tuple[str, ...] = ()
) -> Title:
    """The title as the article shows it.

    The element that the family always puts it in (*names*: #id, .class or tag) first; the
    standard's ArticleTitle; then the line that <title>, headings, names of classes and a
    date below speak for most; <title> itself up to the site's name last.
    """
    named = page.named(frozenset(names)) if names else {}
    for name in names:
        for number in named.get(name, []):
            if own := " ".join(page.shown(number)):
                return Title(own, f"{name} of the family", page.firsts[number])
    stated = next((about[x] for x in _STATED if x in about), "")
    if stated:
        return Title(stated, "meta articletitle", _line_of(page, stated))
    element = next(root.iter("title"), None)
    whole = folded(element.text_content()[:_LONGEST]) if element is not None else ""
    best = _best_line(page, whole, about)
    if best is not None:
        return best
    for name in _CARDS:
        if squash(about.get(name, "")):
            return Title(about[name], f"meta {name}", _line_of(page, about[name]))
    text = _segment(whole, about)
    return Title(text, "<title>", _line_of(page, text)) if text else Title("", "not found")


def end_of_header(page: Outline, title: Title) -> int:
    """The line with which the header ends: that of date and origin below the title, or the title's own."""
    if title.line < 0:
        return -1
    end = title.line + _stamp_below(page, title.line)
    while end > title.line and end + 2 < len(page.lines):
        following = page.lines[end + 1]
        if _LABEL_CELL.fullmatch(following.short):
            end += 2
        elif (
            len(following.text) < 60
            and _ORIGIN.search(following.text)
            and not _ORIGIN.search(page.lines[end].text)
        ):
            end += 1
        else:
            break
    return end


_MANY = 3

_TEXT = re.compile(r"。|.[：:]$")


def has_header(page: Outline, title: Title) -> bool:
    """Whether a title is shown with a line below that names date or origin, as articles have.

    The rows of a list may be titles with dates too; but such rows are many, or linked.
    """
    if title.line < 0 or 2 * page.lines[title.line].linked > len(squash(title.text)):
        return False
    below = page.lines[title.line + 1 : title.line + 5]
    is_told = _is_labelled if any(_is_labelled(x) for x in below) else _is_bare_day
    if not any(is_told(x) for x in below):
        return False
    # Most lines are menus, which are linked
    own = [x for x in page.lines if 2 * x.linked <= len(x.text)]
    return sum(map(is_told, own)) <= _MANY + sum(map(is_told, below))


def _is_bare_day(line: Line) -> bool:
    """Whether a line shows a day and at most a name beside it: 2026-11-18　云泽融媒."""
    text = line.text.replace(GAP, " ")
    return not line.linked and len(squash(text)) <= 24 and header_stamp(text) is not None


def _is_labelled(line: Line) -> bool:
    """Whether a line names date or origin: with a label, or by the minute."""
    if len(line.text) > 160 or 2 * line.linked > len(line.text):
        return False
    text = line.text.replace(GAP, " ")
    stamp = first_stamp(text)
    if stamp is None:
        return _ORIGIN.search(text) is not None
    return stamp.at is not None or _LABELS.search(text) is not None


_NEAR = 8


def above_text(page: Outline, body: int) -> Title:
    """The line nearest above a text, or its first, that could be a title; for pages without marks."""
    first, last = page.between(body)
    near = [*range(first - 1, max(-1, first - 1 - _NEAR), -1), *range(first, min(first + 2, last))]
    for number in near:
        line = page.lines[number]
        text = _DATED.sub("", line.whole)
        if 6 <= len(squash(text)) <= 60 and not _doubts(text, line.linked):
            return Title(text, "the line above the text", number)
    return Title("", "not found")


def _line_of(page: Outline, title: str) -> int:
    """The line that shows *title*, the one with a date below it if there are several; or -1."""
    wanted = squash(title)
    found = -1
    for number, line in enumerate(page.lines):
        if not (line.short and wanted.startswith(line.short)):
            continue
        last = _end_of(page, number, wanted)
        if last is not None:
            if _stamp_below(page, last) > 0:
                return last
            found = last if found < 0 else found
    return found


def _end_of(page: Outline, number: int, wanted: str) -> int | None:
    """The last of up to three lines from *number* on that together are *wanted*."""
    joined = ""
    for last in range(number, min(number + 3, len(page.lines))):
        joined += page.lines[last].short
        if joined == wanted:
            return last
        if not joined or not wanted.startswith(joined):
            return None
    return None


def _stamp_below(page: Outline, number: int) -> int:
    """How many lines below a date stands, up to 4; 0 where none does."""
    for distance in range(1, 5):
        if number + distance >= len(page.lines):
            return 0
        line = page.lines[number + distance]
        if _is_stamp(line):
            return distance
        if _TEXT.search(line.text) and not _LABELS.search(line.text):
            return 0  # the date below is the text's own
    return 0


def _is_stamp(line: Line) -> bool:
    """Whether a line shows a date and little else that is linked: no item of a list."""
    if len(line.text) > 160 or ("20" not in line.text and "19" not in line.text):
        return False
    text = _WEB.sub("", line.text.replace(GAP, " "))
    if text.endswith(("。", "；", "：", "？", "！")) and not _LABELS.search(text):
        return False
    return header_stamp(text) is not None and (
        2 * line.linked < len(text) or len(squash(text)) < 22
    )


def _stamp_score(page: Outline, number: int, stamps: list[bool]) -> float:
    """What a date close below a line says, more so one with a label."""
    distance = _stamp_below(page, number) if True in stamps[number + 1 : number + 5] else 0
    if not distance:
        return 0.0
    if distance > 1 and _LABEL_CELL.fullmatch(page.lines[number + 1].short):
        return 4.0  # cells of labels and values
    return 3.5 - 0.5 * distance + (_LABELS.search(page.lines[number + distance].whole) is not None)


def _best_line(page: Outline, whole: str, about: dict[str, str]) -> Title | None:
    """The line that most speaks for, where enough does; *whole* is the <title>."""
    wanted = squash(whole)
    no_title = {squash(about.get(x, "")) for x in ("sitename", "columnname")}
    best, best_score = None, 2.4
    stamps = [_is_stamp(x) for x in page.lines]
    words: frozenset[str] | None = None
    for number, line in enumerate(page.lines):
        tag = _tag_score(page, line.at)
        # Most lines are menus: nothing speaks for them
        if len(line.text) > 300 or not (
            tag or True in stamps[number + 1 : number + 8] or line.short in wanted
        ):
            continue
        if number and _LABEL_CELL.fullmatch(page.lines[number - 1].short):
            continue  # the value of 来源：, in a cell of its own
        text, last = _run(page, number, whole)
        short = squash(text)
        if not 3 < len(short) <= 120 or short in no_title:
            continue
        score = tag + _in_title(short, wanted) + _stamp_score(page, last, stamps)
        if score <= best_score:
            continue
        words = _linked_words(page) if words is None else words
        score -= _doubts(text, line.linked, words)
        if score > best_score:
            best, best_score = Title(text, "the line that looks most like it", last), score
    return best


def _run(page: Outline, number: int, wanted: str) -> tuple[str, int]:
    """The line, with those behind it that belong to the title, and the number of the last.

    They belong to it as long as <title> (*wanted*) goes on like them, or one heading holds them all.
    """
    text = _DATED.sub("", page.lines[number].whole)
    short = squash(text)
    last = number
    if short and short in wanted:
        for line in page.lines[number + 1 : number + 4]:
            further = short + line.short
            if further not in wanted or line.linked:
                break
            text, short, last = f"{text} {line.whole}", further, last + 1
    if last > number:
        return text, last
    first, end = page.between(_heading_of(page, page.lines[number].at))
    if first == number and 1 < end - first <= 3:
        inner = page.lines[first:end]
        if not any(_is_beside_title(x) for x in inner[1:]):
            return " ".join(x.whole for x in inner), end - 1
    return text, number


def _is_beside_title(line: Line) -> bool:
    """Whether a line below a heading's first is a link, a date or a label."""
    text = line.whole
    is_told = _LABELS.search(text) or _CRUMBS.search(text) or first_stamp(text)
    return 2 * line.linked > len(squash(text)) or bool(is_told)


def _heading_of(page: Outline, number: int) -> int:
    """The heading, or the element named like one, around an element; else the element itself."""
    above = number
    for _ in range(3):
        if page.tags[above] in _HEADING or _is_title_named(page.elements[above]):
            return above
        above = page.parents[above]
        if above < 0:
            break
    return number


def _tag_score(page: Outline, number: int) -> float:
    """What the tags and names of the elements around a line say."""
    score = 0.0
    while number >= 0:
        tag = page.tags[number]
        if tag in _HEADING:
            return score + _HEADING[tag]
        if not score and _is_title_named(page.elements[number]):
            score = 1.0
        if tag in BLOCKS and tag != "p":
            break
        number = page.parents[number]
    return score


def _in_title(short: str, wanted: str) -> float:
    is_column = _COLUMN.fullmatch(short) and not _NOTICE.fullmatch(short)
    if not wanted or short not in wanted or is_column or _SITE.fullmatch(short):
        return 0.0
    return 1.0 + 4.0 * min(1.0, len(short) / (0.6 * len(wanted))) + wanted.startswith(short)


def _linked_words(page: Outline) -> frozenset[str]:
    """The short words of menus and crumbs: names of columns and sites."""
    parts = (y for x in page.lines if x.linked for y in x.text.split(GAP))
    return frozenset(x for x in map(squash, parts) if 2 <= len(x) <= 12)


def _doubts(text: str, linked: int, words: frozenset[str] | None = None) -> float:
    """What speaks against a line; *words* are those of the page's menus, where they are known."""
    doubts = 0.0
    short = squash(text)
    if _LABELS.search(text):
        doubts += 6
    if _CRUMBS.search(text):
        doubts += 6
    if 2 * linked > len(short):
        doubts += 4
    if _is_dated(text) or _WEB.fullmatch(short) or not _WORD.search(short):
        doubts += 4
    if _NUMBER_TOLD.search(short):
        doubts += 4
    if short.startswith(("——", "--", "—")):
        doubts += 3  # a subtitle
    if text.endswith(("：", "；", "。", "，", "……", "...")):
        doubts += 2
    if words is not None and short in words:
        doubts += 6
    elif _COLUMN.fullmatch(short):
        doubts += 5 if words is None or not _NOTICE.fullmatch(short) else 1
    elif _SITE.fullmatch(short):
        doubts += 5 if words is None or not _OFFICE.fullmatch(short) else 1
    if len(short) < 6:
        doubts += 1.5 if words is None else 0.5
    return doubts + 3 * ("。" in text)


def _is_dated(text: str) -> bool:
    """Whether a line is a date with little beside it, not a title that names a day."""
    if first_stamp(text) is None:
        return False
    return len(squash(_STAMP.sub("", text))) < 8


def _segment(whole: str, about: dict[str, str]) -> str:
    """The part of <title> that is neither the site's name nor a column's."""
    parts = [x for x in _SEPARATOR.split(whole) if x]
    if len(parts) == 1:
        parts = [x for x in _DASH.split(whole) if x]
    if len(parts) == 1:
        parts = whole.split(" ")
        parts = [whole] if len(parts[-1]) < 12 and not _SITE.fullmatch(parts[0]) else parts
    no_title = {squash(about.get(x, "")) for x in ("sitename", "columnname", "siteidcode")}
    left = [
        x
        for x in parts
        if squash(x) not in no_title
        and not _SITE.fullmatch(squash(x))
        and not _COLUMN.fullmatch(squash(x))
    ]
    return max(left, key=len, default="") or (parts[0] if parts else "")
