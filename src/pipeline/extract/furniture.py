"""What stands in the container of a text without being text, and the lines that remain."""

import re
from itertools import accumulate

from lxml.html import HtmlElement

from pipeline.extract.body import ends_text
from pipeline.extract.density import children, is_beside
from pipeline.extract.media import is_file
from pipeline.extract.outline import Line, Outline
from pipeline.extract.tree import BLOCKS, lines, named_like, squash

# Classes and ids of what stands inside containers without being text
_is_furniture_named = named_like(
    r"share|bdsharebuttonbox|qrcode|ewm|erweima|font-?size|fontzoom|print|related|xgwz|xgxx|recommend|tuijian"
    r"|prenext|prev-next|pre_next|pagination|\bpager\b|crumb|position|dqwz|breadcrumb|comment|copyright"
    r"|toolbar|\btools\b|mobile-?code|saoyisao|\bnav\b|sidebar|hotnews"
)
# A whole line of furniture: 扫一扫在手机打开当前页, 【字体：大 中 小】, 打印 关闭, 上一篇：…
_FURNITURE_LINE = re.compile(
    r"扫一扫.{0,20}|分享(?:到|至)?[:：]?.{0,12}|[【\[]?(?:我要)?打印(?:本页|文章)?[】\]]?.{0,12}"
    r"|[【\[（(]?(?:字体|字号)(?:大小)?[:：]?.{0,20}|[<《＜]*[上下]一[篇条页则个].{0,120}"
    r"|(?:浏览|点击|阅读)(?:次数|量|数)?[:：]?\d{0,9}次?|[【\[]?关闭(?:窗口|本页)?[】\]]?|停止回答|返回(?:顶部|首页|列表)"
    r"|相关(?:链接|文章|新闻|阅读|附件下载)[:：]?|附件下载[|｜]*|网友评论.{0,20}|我要(?:收藏|纠错|评论).{0,6}|\[?纠错\]?"
    r"|(?:微信图片_)?[\w-]{6,60}\.(?:jpe?g|png|gif)|当前位置.{0,80}|您(?:现在)?(?:的位置|所在的位置).{0,80}|收藏|微信|微博|大|中|小"
    r"|[您你]?(?:觉得|认为)?(?:这篇|本篇|该|此)?(?:文章|内容|信息|页面)(?:对您)?是否有(?:用|帮助).{0,12}|(?:视力)?保护(?:视力)?色[:：]?"
)
# 【内容纠错】　【打印文章】　【关闭窗口】; 返回顶部 打印 关闭; [1] [2] [3]
_WORD_GAP = r"[\s\u3000\xa0【】\[\]|｜（）()]"
_FURNITURE_WORDS = re.compile(
    rf"{_WORD_GAP}*(?:(?:(?:内容)?纠错|打印(?:文章|本页|此页|页面)?|关闭(?:窗口|本页|页面)?|返回(?:顶部|首页|列表)|收藏(?:本页)?|字体(?:大小)?[:：]?"
    r"|大|中|小|扫码浏览|相关(?:信息|附件|文章|链接|新闻|阅读|报道|稿件)[:：]?|附件下载[:：]?|浏览次数[:：]?|[-—]+|\+1"
    r"|分享(?:到)?[:：]?|下一?页|上一?页|首页|尾页|末页|展开全文|阅读原文|点赞|点个赞|图集|为你推荐|推荐阅读[:：]?|更多>*)"
    rf"(?:{_WORD_GAP}+|\Z))+"
)
_OTHER_STORIES = re.compile(
    r"[【\[]?(?:相关|推荐|延伸|热门|热点|更多|最新|精彩|猜你|为[你您]|往期|点击|小编|网友|我要|最新)(?:[你您]?推荐|阅读|新闻|报道|稿件|文章|链接|"
    r"资讯|专题|内容|喜欢|排行|回顾|评论|最近文章|精彩内容.{0,12}|信息)[】\]]?\s?[:：>]{0,3}"
)
_LONGEST_HEADING = 40  # the pattern's own bound
_EDITOR_LINE = re.compile(r"[【\[（(]?\s?(?:责任编辑|责\s?编|编辑|值班编辑|执行编辑)\s?[:：丨|｜]")
_CREDIT_LINE = re.compile(
    r"[【\[（(]?\s?(?:[\u4e00-\u9fff]{0,4}(?:编辑|责编|编审|审核|校对|记者|通讯员|撰稿|供稿|监制|作者|来源|摄影|审|文|图|签发|统筹|策划|制作|编|校))\s{0,3}[:：丨|｜/]"
)
# 【纠错】 责任编辑：…
_CORRECT = re.compile(r"^[【\[](?:我要|内容)?纠错[】\]]\s{0,3}")
# 【1】【2】【3】, [1] [2]: further pages of the story
_PAGER_LINE = re.compile(r"(?:[【\[]\d{1,2}[】\]]\s{0,3}){2,40}(?:下一页)?")
# 原标题：…; （原题为《…》）; （本文来自…，更多原创资讯请下载…APP）
_NOT_TEXT = re.compile(
    r"(?:免责|特别|郑重)?声明[:：].{10,200}|[（(]?原(?:标题|题为?)\s{0,2}[:：《].{1,120}|[（(]?本文来自.{1,20}请下载.{1,20}"
)
_FOOTER_LINE = re.compile(r"(?:网站标识码|ICP备|公网安备|版权所有|主办单位|承办[:：]|技术支持)")


def furniture(page: Outline, body: int) -> frozenset[HtmlElement]:
    """Parts of the container that are no text: share bars, pagers, related links."""
    total = page.size_in(body) or 1
    found = set()
    for number in range(body + 1, page.ends[body]):
        if page.tags[number] not in BLOCKS:
            continue
        if page.size_in(number) < 0.7 * total and _is_furniture_block(page, number, total):
            found.add(page.elements[number])
    return frozenset(found)


def _is_furniture_block(page: Outline, number: int, total: int) -> bool:
    element = page.elements[number]
    if is_beside(element):
        return True
    size = page.size_in(number)
    if size >= 0.3 * total:
        return False
    if _is_furniture_named(element):
        return True
    if page.tags[number] not in _LINK_LISTS or page.weight(number).links <= 0.7 * size:
        return False
    links = [x for x in element.iter("a") if x.get("href")]
    return len(links) >= 3 and not any(is_file(x.get("href") or "") for x in links)


_LINK_LISTS = frozenset({"ul", "ol", "dl", "div", "section", "aside"})


def paragraphs(
    page: Outline, body: int, *, title: str, cut: frozenset[HtmlElement], header: int = -1
) -> tuple[str, ...]:
    """The lines of the container in reading order, without furniture at any place.

    Where it holds the page's header too, which ends with line *header*, what follows counts.
    """
    shown = (_CORRECT.sub("", x) for x in _shown(page, body, cut, header))
    found = [x for x in _without_others([*shown]) if x and not _is_furniture(x)]
    found = _without_head(found, squash(title))
    found = _without_tail(found)
    if len(found) > 1 and squash(found[-1]) == squash(title):
        found.pop()  # repeated for a script that shares or prints
    for i, line in enumerate(found):
        if _FOOTER_LINE.search(line[:200]) and len(line) < 120 and i > 0.6 * len(found):
            found = found[:i]
            break
    return tuple(found)


def _shown(page: Outline, body: int, cut: frozenset[HtmlElement], header: int) -> list[str]:
    """The lines of the container but for those in *cut* and those up to *header*."""
    known = page.numbers(body) if cut else {}
    numbers = sorted(known[x] for x in cut if x in known)
    if any(page.tags[x] not in BLOCKS for x in (body, *numbers)):
        return lines(page.elements[body], cut=cut)  # a part of a line
    gone = {i for x in numbers for i in range(*page.between(x))}
    first, last = page.between(body)
    if first <= header < last:
        told = [0, *accumulate(map(_sentence, page.lines[first:last]))]
        before = told[header - first]
        if before < told[-1] - before:
            first, last = header + 1, _end_of_text(page, body, first, header + 1, told)
    return [page.lines[i].whole for i in range(first, last) if i not in gone]


def _sentence(line: Line) -> int:
    """Characters of a line that is a sentence."""
    return len(line.text) if "。" in line.text or "，" in line.text else 0


def _end_of_text(page: Outline, body: int, begin: int, first: int, told: list[int]) -> int:
    """Where the text ends in a container that holds all of the page's column.

    That is the first element behind its first sentences that stands behind texts, unless
    paragraphs follow. The container's lines begin with *begin*, the text with *first*;
    *told* sums up its sentences line by line.
    """
    end = last = page.lasts[body]
    for part in children(page, body):
        start = page.firsts[part]
        if page.tags[part] not in BLOCKS or not first <= start < last:
            continue
        if page.tags[part] == "p" and _sentence(page.lines[start]):
            end = last
        elif end == last and told[start - begin] > told[first - begin] and ends_text(page, part):
            end = start
    return end


def _without_others(found: list[str]) -> list[str]:
    """The lines up to a heading of other stories in the second half."""
    total = sum(len(x) for x in found)
    before = 0
    for number, line in enumerate(found):
        is_short = len(line) <= _LONGEST_HEADING
        if before > 0.5 * total and is_short and _OTHER_STORIES.fullmatch(line) is not None:
            return found[:number]
        before += len(line)
    return found


def _without_tail(found: list[str]) -> list[str]:
    """The lines up to the editor and his like."""
    total = sum(len(x) for x in found)
    before = 0
    edited = False
    for number, line in enumerate(found):
        credit = len(line) < 60 and _CREDIT_LINE.match(line) is not None
        if edited and not credit and not line.startswith(("附件", "附：", "附:")):
            return found[:number]
        if before > 0.7 * total and len(line) < 40 and _EDITOR_LINE.match(line) is not None:
            edited = True
        before += len(line)
    return found


def _without_head(found: list[str], title: str) -> list[str]:
    """The lines behind the repeated title, which may be broken, and the line of date and origin."""
    first = 0
    for _ in range(_REPEATS):
        start = first
        near = found[first : first + 6]
        last = next((i for i, x in enumerate(near) if _is_head_line(x)), -1)
        if last >= 0 and all(len(x) < 80 and "。" not in x for x in near[:last]):
            first += last + 1
        joined = ""
        for number, line in enumerate(found[first : first + 6]):
            joined += squash(_BEHIND_TITLE.sub("", line))
            if joined == title:
                first += number + 1
                break
            if not title.startswith(joined):
                break
        if first == start:
            break
    return found[first:]


# 关于开展宣传活动的通知 ( 2026-05-11)
_BEHIND_TITLE = re.compile(
    r"\s{0,3}[\[(（]\s?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s?[\])）]$"
)

_REPEATS = 4
"""How often a title may be repeated above its text: for print, for telephones."""


# 会议时间：2026年10月21日 is the text's own, not the page's
_HEAD_LABEL = re.compile(
    r"来源|发布|发表于|浏览|点击|字体|作者|阅读|(?:^|[\s|｜【\[（(])(?:时间|日期)\s?[:：]"
)
_HEAD_FIELD = re.compile(r"(?:信息|文章|稿件)?(?:来源|发布时间|发布日期|原标题)\s?[:：]")
_HEAD_STAMP = re.compile(r"(?:19|20)\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}")


def _is_head_line(line: str) -> bool:
    if len(line) > 120:
        return False
    if _HEAD_FIELD.match(line):
        return True
    stamp = _HEAD_STAMP.search(line) is not None
    return stamp and (len(_HEAD_LABEL.findall(line)) >= 1) and "。" not in line


def _is_furniture(line: str) -> bool:
    if len(line) > 200:
        return False
    if _FURNITURE_LINE.fullmatch(squash(line).lstrip("▪·•>》")):
        return True
    return bool(
        _PAGER_LINE.fullmatch(line) or _NOT_TEXT.fullmatch(line) or _FURNITURE_WORDS.fullmatch(line)
    )
