"""Where the text of an article stands in its page."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.extract.density import Scale, children, densest, is_beside
from pipeline.extract.media import is_file, is_picture
from pipeline.extract.outline import Line, Outline, is_imprint
from pipeline.extract.tree import squash


@dataclass(frozen=True, slots=True)
class Place:
    """The element that holds a text: its number, and the way it was found.

    ``told`` says for people what was weighed and why this one won.
    """

    number: int
    way: Literal["layout", "selector", "header", "density"]
    told: tuple[str, ...]


def locate(page: Outline, selectors: tuple[str, ...], header: int, title: str) -> Place:
    """The element that holds the text.

    Two are looked for in any case: the densest container, and the first with sentences
    behind line *header*, with which the article's *title* and date end (-1 where none is
    known). A selector is believed where its element holds at least half as much text.
    """
    scale = Scale(page)
    dense = densest(scale, _top(page))
    told = [f"candidate: {_told(scale, dense)}, the densest container"]
    number, way = dense, _DENSEST
    near = _behind(scale, header)
    if near is not None and near != dense:
        told.append(f"candidate: {_told(scale, near)}, the first sentences behind title and date")
    if near is not None:
        number = _chosen(scale, near, dense, header)
    elif page.holds(dense, header) and (part := _part_behind(page, header)) is not None:
        number = part
        told.append(f"candidate: {_told(scale, part)}, the first part behind title and date")
    if number != dense:
        way = _BEHIND
    named = _selected(scale, selectors, scale.text(number), near)
    if named is not None:
        number, selector = named
        why = f"selector {selector} holds at least half as much text as any other, or the text behind the title"
        return Place(number, "selector", (_won(scale, number, why), *told))
    is_settled = near is not None and page.firsts[number] <= header
    if way == _DENSEST and not is_settled and (inner := _nearest(page, number, title)) != number:
        number, way = inner, "nearest behind the title, which the densest container holds too"
    is_behind = way == _BEHIND
    number = _widened(scale, number, header)
    return Place(number, "header" if is_behind else "density", (_won(scale, number, way), *told))


def _widened(scale: Scale, number: int, header: int) -> int:
    """The element around a text that holds its last lines too: files, a caption, who wrote it."""
    page = scale.page
    widest = number
    while number > 0:
        above = page.parents[number]
        if above >= 0 and page.firsts[number] > header >= page.firsts[above]:
            return above if _goes_on(scale, above, number, math.inf) else widest
        if above <= 0 or page.tags[above] == "body" or page.firsts[above] <= header:
            return widest
        beside = [x for x in children(page, above) if x != number]
        if not all(_may_belong(page, x) for x in beside):
            return widest
        if page.between(above) != page.between(number):
            widest = above
        number = above
    return widest


def _may_belong(page: Outline, number: int) -> bool:
    """Whether what stands beside a text may be part of it: no links but to files, no service."""
    first, last = page.between(number)
    if first >= last:
        return True
    if is_beside(page.elements[number]) or ends_text(page, number):
        return False
    has_files = any(is_file(x.get("href") or "") for x in page.elements[number].iter("a"))
    if page.tags[number] == "div" and not (has_files or _LAST.match(page.lines[first].text)):
        return False
    return all(
        not (is_imprint(x.text) or _TOLD.match(x.text))
        and (has_files or 2 * x.linked <= len(x.text))
        and (len(x.text) > 40 or not _SERVICE.search(x.text) or _CREDIT.match(x.text))
        for x in page.lines[first:last]
    )


# 编辑：陆青　审核：何一诺; also behind a bracket
_TOLD = re.compile(r"(?:信息|文章|稿件)?来\s?源\s?[:：]|发布(?:时间|日期)")
_LAST = re.compile(
    r"附件|附[:：]|图[:：为]|[（(【\[]?(?:责任编辑|责编|编辑|撰稿|供稿|记者|通讯员|作者|此件)"
)
_CREDIT = re.compile(
    r"[（(【\[]?(?:责任编辑|责编|编辑|编审|审核|撰稿|供稿|记者|通讯员|作者)\s?[:：]"
)


_DENSEST = "the densest container"
_BEHIND = "it begins behind title and date, and nothing else there outweighs it"


def _selected(
    scale: Scale, selectors: tuple[str, ...], wanted: float, near: int | None
) -> tuple[int, str] | None:
    """The element of the first selector that holds half of the wanted text, and the selector.

    Less will do where it is the text *near* behind title and date.
    """
    page = scale.page
    # Where there is text at all, an element without any is never chosen
    known = frozenset(selectors)
    named = scale.named(known) if wanted > 0 else page.named(known)
    for selector in selectors:
        found = named.get(selector, [])
        best = max(found, key=scale.text, default=None)
        if best is None:
            continue
        first = next((x for x in found if scale.text(x) >= 0.9 * scale.text(best)), best)
        has_media = (
            next(page.elements[first].iter("img"), None) is not None or page.weight(first).plain > 0
        )
        is_near = near is not None and page.is_within(near, first)
        if is_near and scale.text(first) > 0:
            return first, selector
        if scale.text(first) >= 0.5 * wanted and (scale.text(first) > 0 or has_media):
            return first, selector
    return None


def _won(scale: Scale, number: int, why: str) -> str:
    return f"body: {_told(scale, number)}: {why}"


def _told(scale: Scale, number: int) -> str:
    """An element as people know it, with what speaks for and against it."""
    page = scale.page
    element, weight = page.elements[number], page.weight(number)
    names = f"#{element.get('id')}" if element.get("id") else ""
    names += "".join(f".{x}" for x in (element.get("class") or "").split()[:2])
    return (
        f"<{page.tags[number]}{names[:60]}> with {scale.text(number):.0f} points"
        f" ({weight.size} characters, {weight.links} of them in links)"
    )


_REACH = 40
"""Lines behind the header within which the text begins: share bars and fonts stand between."""


def _behind(scale: Scale, header: int) -> int | None:
    """The container of the first sentences behind the header."""
    page = scale.page
    if header < 0:
        return None
    for line in page.lines[header + 1 : header + 1 + _REACH]:
        if not _is_sentence(line):
            continue
        current = line.at
        while current > 0:
            above = page.parents[current]
            if above < 0 or page.firsts[above] <= header:
                break
            current = above
        if scale.text(current) >= 8:
            found = densest(scale, current)
            return found if page.is_within(line.at, found) else current
    return None


# Two clauses, or one that ends
_SENTENCE = re.compile(r"[\u4e00-\u9fff].{3,}[，、；].{4,}|.{8,}(?:[。！？]|：$)")


def _chosen(scale: Scale, near: int, dense: int, header: int) -> int:
    """The text's container: *near* behind the header, the densest, or one between."""
    page = scale.page
    if page.is_within(dense, near):
        # Lines without an element of their own stand in that of the whole column
        is_flat = page.firsts[near] <= header
        return near if is_flat and is_of_stories(page, dense) else dense
    text = scale.text(near)
    if page.is_within(near, dense) and page.firsts[dense] <= header:
        return _whole(scale, near, dense, header)
    if is_of_stories(page, dense):
        return _completed(scale, near, header)
    if text < min(60.0, 0.3 * scale.text(dense)):
        return dense
    if page.is_within(near, dense):
        return dense
    # Comments and other stories may be denser; but a lead is no text
    is_lead = page.firsts[dense] > header and len(page.shown(near)) <= 2
    if is_lead and text < 0.3 * scale.text(dense):
        return dense
    return _completed(scale, near, header)


def _completed(scale: Scale, near: int, header: int) -> int:
    """*near*, or the element around where the text goes on beside it."""
    above = scale.page.parents[near]
    is_flat = scale.page.firsts[above] <= header
    return above if is_flat and _goes_on(scale, above, near, 0.2 * scale.text(near)) else near


def _whole(scale: Scale, near: int, dense: int, header: int) -> int:
    """The element of the whole text that begins with *near*, where *dense* holds the header too."""
    page = scale.page
    text = scale.text(near)
    branch = near
    is_outside = False
    while branch != dense:
        above = page.parents[branch]
        if page.firsts[above] <= header:
            # Further parts of the text may stand beside; farther away, only what a lead leads to
            wanted = max(text, 60.0) if is_outside else 0.2 * text
            if (text < 60 or not is_outside) and _goes_on(scale, above, branch, wanted):
                return above
            is_outside = True
        branch = above
    return near


# What stands behind texts: 上一篇：…, 相关新闻, 分享到, 责任编辑：…
_END = re.compile(
    r"[\W_]{0,3}(?:[上下]一?[篇条页则个]|(?:相关|推荐|热门|延伸|最新|图片|精彩)(?:新闻|文章|阅读|链接|报道|信息|推荐|资讯|动态|内容)|分享|扫一扫|打印|关闭|返回"
    r"|我要|纠错|字[号体]|(?:信息|文章|稿件)?来源\s?[:：]|发布(?:时间|日期)|智能问答|点击排行|排行|友情链接|版权)"
)


def _goes_on(scale: Scale, common: int, branch: int, wanted: float) -> bool:
    """Whether the text goes on in elements beside *branch*, before anything that ends it."""
    page = scale.page
    for part in scale.blocks(common):
        if part <= branch or page.lasts[part] <= page.firsts[part]:
            continue
        if ends_text(page, part):
            return False
        if page.tags[part] in {"p", "table", "figure"} and _may_belong(page, part):
            return True
        if scale.text(part) > wanted and any(
            _is_sentence(x) for x in page.lines[page.firsts[part] : page.lasts[part]]
        ):
            return True
    return False


def ends_text(page: Outline, part: int) -> bool:
    """Whether an element stands behind texts: pagers, other stories, the page's foot."""
    first, last = page.between(part)
    if first >= last:
        return False
    shown = page.lines[first].text
    return (
        _END.match(shown) is not None
        or is_imprint(shown)
        or is_of_stories(page, part)
        or all(_TELEPHONE.fullmatch(x.whole) for x in page.lines[first:last])
    )


# 区政府总值班室：0990-1234500
_TELEPHONE = re.compile(r"[^。，]{2,24}[:：]\s?[\d\-－()（）]{3,20}")


def _is_sentence(line: Line) -> bool:
    is_linked = 2 * line.linked > len(line.text)
    return not (is_linked or is_imprint(line.text)) and _SENTENCE.search(line.text) is not None


def is_of_stories(page: Outline, number: int) -> bool:
    """Whether an element holds titles of other stories, each perhaps with its lead."""
    return are_stories(page.lines[page.firsts[number] : page.lasts[number]])


def are_stories(shown: Sequence[Line]) -> bool:
    """Whether of some lines a third and more are titles that lead elsewhere."""
    titles = sum(2 * x.linked > len(x.text) > 8 for x in shown)
    return titles >= 3 and titles >= 0.3 * len(shown)


_PARTS = 40
"""Elements behind the header among which the first with matter is looked for."""

_SERVICE = re.compile(r"分享|打印|关闭|字体|字号|浏览|点击|阅读|编辑|[上下]一[篇条页]")


def _part_behind(page: Outline, header: int) -> int | None:
    """The first element behind the header that holds pictures, a film, files or plain words."""
    number = page.ends[page.lines[header].at]
    for _ in range(_PARTS):
        if number >= len(page.elements):
            return None
        if _has_matter(page, number, header):
            break
        number = page.ends[number]
    else:
        return None
    above = page.parents[number]
    further = page.ends[number]
    while page.tags[above] != "body" and further < page.ends[above]:
        if _has_matter(page, further, header):
            return above
        further = page.ends[further]
    return number


def _has_matter(page: Outline, number: int, header: int) -> bool:
    first, last = page.between(number)
    if last > first and first <= header:
        return False
    if any(
        2 * x.linked < len(x.text) > 5 and not _SERVICE.search(x.text) and not is_imprint(x.text)
        for x in page.lines[first:last]
    ):
        return True
    return any(
        is_picture(x) if x.tag == "img" else x.tag != "a" or is_file(x.get("href") or "")
        for x in page.elements[number].iter("img", "video", "embed", "iframe", "object", "a")
    )


def _top(page: Outline) -> int:
    return next((x for x in children(page, 0) if page.tags[x] == "body"), 0)


def _nearest(page: Outline, body: int, title: str) -> int:
    """A smaller container than *body*, where the title stands deep inside that one.

    Short texts do not outweigh the furniture of their page; what stands nearest
    around the title does.
    """
    wanted = squash(title)
    first, last = page.between(body)
    texts = [x.short for x in page.lines[first:last]]
    if not wanted or (wanted in texts[:3] and page.tags[body] != "body"):
        return body
    if wanted not in texts:
        return body
    scale = Scale(page)
    heading = page.lines[first + texts.index(wanted)].at
    own = scale.text(heading)
    branch = above = heading
    while scale.text(above) - own < 60:
        branch = above
        above = page.parents[above]
        if above < 0 or (branch == body):
            return body
    if above != body:
        return densest(scale, above)
    # The text stands behind the heading's own part of the page
    behind = [x for x in scale.blocks(body) if x > branch]
    best = max(behind, key=scale.text, default=None)
    if best is None or scale.text(best) < max(60.0, 0.35 * scale.text(body)):
        return body
    return densest(scale, best)
