"""How much text the elements of a page hold, and the densest of them."""

from collections.abc import Iterator

from pipeline.extract.outline import Outline
from pipeline.extract.tree import BLOCKS, named_like

is_beside = named_like(
    r"comment|tuijian|recommend|related|xgwz|xgxx|hotnews|\brank|paihang|footer|sidebar|friendlink"
)
"""Whether an element is named like a box beside a text."""


class Scale:
    """Weighs the elements of a page for a search of its text.

    What is named like a box beside the text counts nothing, since comments and recommended
    stories may outweigh it; but where hardly anything else is left, the names say nothing.
    """

    def __init__(self, page: Outline) -> None:
        self.page = page
        self.sums = page.text
        text, most = page.text, 0.9 * page.text_in(0)
        boxes = [
            x
            for x in _holding(page, text, 20)
            if text[page.ends[x]] - text[x] < most and x and is_beside(page.elements[x])
        ]
        if boxes:
            left = self._without(boxes)
            self.sums = left if left[-1] > 0.1 * page.text_in(0) else text

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

    def named(self, wanted: frozenset[str]) -> dict[str, list[int]]:
        """`Outline.named`, of the elements that hold sentences only."""
        return self.page.named(wanted, _holding(self.page, self.sums, 0))

    def blocks(self, number: int) -> list[int]:
        """The block elements directly in an element."""
        return [x for x in children(self.page, number) if self.page.tags[x] in BLOCKS]


def _holding(page: Outline, sums: list[float], least: float) -> Iterator[int]:
    """The elements with more than *least* characters in sentences, in document order."""
    number, count = 0, len(page.ends)
    while number < count:
        end = page.ends[number]
        if sums[end] - sums[number] > least:
            yield number
            number += 1
        else:
            number = end  # nor do those in it


def children(page: Outline, number: int) -> Iterator[int]:
    """The elements directly in an element."""
    child = number + 1
    while child < page.ends[number]:
        yield child
        child = page.ends[child]


def densest(scale: Scale, current: int) -> int:
    """The container of the text in an element: where its paragraphs stand side by side."""
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
        if page.tags[best] in _LISTS and _stands_in_text(scale, best, blocks):
            return current
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
            and not is_beside(page.elements[x])
            for x in blocks
            if x != best
        )
        if share < 0.55 or (share < 0.9 and (alike > 2 or len(page.shown(best)) < 2)):
            return current
        current = best


_LISTS = frozenset({"ul", "ol", "dl", "blockquote"})


def _stands_in_text(scale: Scale, number: int, blocks: list[int]) -> bool:
    """Whether a list is part of a text: sentences stand in a paragraph beside it."""
    return any(
        scale.text(x) >= 8 and scale.page.tags[x] in {"p", "h2", "h3", "h4", "h5"}
        for x in blocks
        if x != number
    )


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
