"""Where the text of an article stands in its page."""

import re
from collections.abc import Iterator

from pipeline.extract.media import is_file, is_picture
from pipeline.extract.outline import Line, Outline, is_imprint
from pipeline.extract.tree import BLOCKS, marks, squash

BESIDE = re.compile(
    r"comment|tuijian|recommend|related|xgwz|xgxx|hotnews|\brank|paihang|footer|sidebar|friendlink"
)
"""Classes and ids of boxes beside a text."""


class Scale:
    """Weighs the elements of a page for a search of its text.

    What is named like a box beside the text counts nothing, since comments and recommended
    stories may outweigh it; but where hardly anything else is left, the names say nothing.
    """

    def __init__(self, page: Outline) -> None:
        self.page = page
        self.sums = page.text
        whole = page.text_in(0)
        boxes = [
            x
            for x in range(1, len(page.elements))
            if 20 < page.text_in(x) < 0.9 * whole
            and (names := marks(page.elements[x])) != " "
            and BESIDE.search(names)
        ]
        if boxes:
            left = self._without(boxes)
            self.sums = left if left[-1] > 0.1 * whole else page.text

    def _without(self, boxes: list[int]) -> list[float]:
        """The outline's sums without the text in *boxes*."""
        text = self.page.text
        sums = list(text)
        taken = 0.0
        before = 0
        for box in boxes:
            if box < before:
                continue  # in another box
            sums[before : box + 1] = [x - taken for x in text[before : box + 1]]
            before = self.page.ends[box]
            sums[box + 1 : before] = [sums[box]] * (before - box - 1)
            taken += self.page.text_in(box)
        sums[before:] = [x - taken for x in text[before:]]
        return sums

    def text(self, number: int) -> float:
        """Characters in sentences that the element holds."""
        return self.sums[self.page.ends[number]] - self.sums[number]

    def blocks(self, number: int) -> list[int]:
        """The block elements directly in an element."""
        return [x for x in children(self.page, number) if self.page.tags[x] in BLOCKS]


def children(page: Outline, number: int) -> Iterator[int]:
    """The elements directly in an element."""
    child = number + 1
    while child < page.ends[number]:
        yield child
        child = page.ends[child]


def locate(page: Outline, selectors: tuple[str, ...], header: int) -> tuple[int, tuple[str, ...]]:
    """The element that holds the text, and how it was found.

    Two are looked for in any case: the densest container, and the first with sentences
    behind line *header*, with which the article's title and date end (-1 where none is
    known). A selector is believed where its element holds at least half as much text.
    """
    scale = Scale(page)
    dense, how = _descend(scale, _top(page)), "body: the densest container"
    near = _behind(scale, header)
    candidates = dict.fromkeys([dense] if near is None else [dense, near])
    if near is None and page.holds(dense, header):
        near = _part_behind(page, header)
        dense = dense if near is None else near
        how = how if near is None else "body: the part behind title and date"
    elif near is not None and (chosen := _chosen(scale, near, dense, header)) != dense:
        dense, how = chosen, "body: the container behind title and date"
    weighed = (f"weighed: {'; '.join(_told(page, scale, x) for x in candidates)}",)
    wanted = scale.text(dense)
    named = page.named(frozenset(selectors))
    for selector in selectors:
        found = named.get(selector, [])
        best = max(found, key=scale.text, default=None)
        if best is None:
            continue
        first = next((x for x in found if scale.text(x) >= 0.9 * scale.text(best)), best)
        has_media = page.elements[first].find(".//img") is not None or page.weight(first).plain > 0
        if scale.text(first) >= 0.5 * wanted and (scale.text(first) > 0 or has_media):
            return first, (f"body: selector {selector}", *weighed)
    return dense, (how, *weighed)


def _told(page: Outline, scale: Scale, number: int) -> str:
    """A candidate as `--explain` names it: its tag and names, and the text that it holds."""
    element = page.elements[number]
    names = f"#{element.get('id')}" if element.get("id") else ""
    names += "".join(f".{x}" for x in (element.get("class") or "").split()[:2])
    return f"<{page.tags[number]}{names[:60]}> {scale.text(number):.0f} in sentences"


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
            return _descend(scale, current)
    return None


# Two clauses, or one that ends
_SENTENCE = re.compile(r"[\u4e00-\u9fff].{3,}[，、；].{4,}|.{8,}[。！？：]")


def _chosen(scale: Scale, near: int, dense: int, header: int) -> int:
    """The text's container: *near* behind the header, the densest, or one between."""
    page = scale.page
    text = scale.text(near)
    is_enough = text >= min(60.0, 0.3 * scale.text(dense)) or (
        page.holds(dense, header) and not _has_sentences(page, page.lasts[near], page.lasts[dense])
    )
    if page.is_within(dense, near) or not is_enough:
        return dense
    if not page.is_within(near, dense):
        # Comments and other stories may be denser; but a lead is no text
        is_lead = page.firsts[dense] > header and len(page.shown(near)) <= 2
        is_lead = is_lead and text < 0.3 * scale.text(dense)
        return dense if is_lead and not _is_of_stories(page, dense) else near
    if page.firsts[dense] > header:
        return dense
    # The densest holds the header too. Further parts of the text stand where both do
    branch = near
    while page.firsts[page.parents[branch]] > header:
        branch = page.parents[branch]
    common = page.parents[branch]
    parts = [x for x in scale.blocks(common) if x > branch and scale.text(x) > 0.2 * text]
    return common if parts else near


def _has_sentences(page: Outline, first: int, last: int) -> bool:
    """Whether some of the lines from *first* to *last* are sentences, not links or an imprint."""
    return any(_is_sentence(x) for x in page.lines[first:last])


def _is_sentence(line: Line) -> bool:
    is_linked = 2 * line.linked > len(line.text)
    return not (is_linked or is_imprint(line.text)) and _SENTENCE.search(line.text) is not None


def _is_of_stories(page: Outline, number: int) -> bool:
    """Whether an element holds titles of other stories, each perhaps with its lead."""
    shown = page.lines[page.firsts[number] : page.lasts[number]]
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


def behind_title(page: Outline, body: int, title: str) -> int:
    """A smaller container than *body*, where the title stands deep inside that one.

    Short texts do not outweigh the furniture of their page; what stands nearest
    around the title does.
    """
    wanted = squash(title)
    first, _ = page.between(body)
    texts = [squash(x) for x in page.shown(body)]
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
        return _descend(scale, above)
    # The text stands behind the heading's own part of the page
    behind = [x for x in scale.blocks(body) if x > branch]
    best = max(behind, key=scale.text, default=None)
    if best is None or scale.text(best) < max(60.0, 0.35 * scale.text(body)):
        return body
    return _descend(scale, best)


def _descend(scale: Scale, current: int) -> int:
    page = scale.page
    while True:
        blocks = scale.blocks(current)
        best = max(blocks, key=scale.text, default=None)
        if best is None or scale.text(best) <= 0 or page.tags[best] in {"p", "tr", "td", "li"}:
            inner = _only_inline(scale, current)
            if inner is None:
                return current
            current = inner
            continue
        total = scale.text(current)
        twin = _twin(scale, best, blocks)
        if twin is not None:
            # The same text for desktop and for telephones: the first is read
            total -= min(scale.text(best), scale.text(twin))
            best = min(best, twin)
        share = scale.text(best) / total if total else 0.0
        alike = sum(
            page.tags[x] == page.tags[best]
            and scale.text(x) > 20 + 0.05 * scale.text(best)
            and not BESIDE.search(marks(page.elements[x]))
            for x in blocks
            if x != best
        )
        if share < 0.55 or (share < 0.9 and (alike > 2 or len(page.shown(best)) < 2)):
            return current
        current = best


def _twin(scale: Scale, best: int, blocks: list[int]) -> int | None:
    """A sibling that holds the same text as *best*."""
    text = scale.text(best)
    if text < 100:
        return None
    for other in blocks:
        if other == best or not 0.9 * text <= scale.text(other):
            continue
        longest = sorted(scale.page.shown(best), key=len, reverse=True)[:5]
        if set(longest) & set(scale.page.shown(other)):
            return other
    return None


def _only_inline(scale: Scale, number: int) -> int | None:
    """An unknown or inline element that wraps all of the text, such as <ucap-content>."""
    page = scale.page
    total = scale.text(number)
    if not total:
        return None
    for child in children(page, number):
        if scale.text(child) < 0.95 * total:
            continue
        tag = page.tags[child]
        inline = tag not in BLOCKS and page.ends[child] > child + 1
        if inline and "p" in page.tags[child + 1 : page.ends[child]]:
            return child
        if tag in {"td", "tr", "li"}:
            return child
    return None
