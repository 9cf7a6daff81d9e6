"""One walk over the page: its lines, and how much text every element holds.

Everything that is asked of a page as an article is answered from these lists; walking the
tree again for each question took four times as long.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple, TypeVar

from lxml.html import HtmlElement

from pipeline.extract.tree import BLOCKS, UNSEEN, folded, is_hidden

_PUNCTUATION = re.compile(r"[，。；：！？、,;]")

# What stands at the foot of every page of a site. Each alternative begins with a character of
# its own: a search passes over all others five times as fast
_IMPRINT = re.compile(
    r"版权(?:所有|声明)|ICP备|公网安备|网站标识码|技术支持|主办(?:单位)?\s?[:：]|承办(?:单位)?\s?[:：]|运维(?:单位)?\s?[:：]"
    r"|建设(?:单位)?\s?[:：]|免责声明|郑重声明|举报(?:电话|邮箱)|客服电话"
    r"|Copyright|All Rights Reserved|建议使用.{0,20}(?:浏览器|分辨率)|联系电话\s?[:：].{0,60}(?:邮编|传真|邮箱)"
)


def is_imprint(text: str) -> bool:
    """Whether words of a site's imprint stand in a text."""
    return _IMPRINT.search(text) is not None


GAP = "\x1f"
"""Stands in a line where one inline element ends and the next begins (U+001F)."""


class Line(NamedTuple):
    """A line that is shown.

    ``text`` holds a `GAP` between inline elements, ``whole`` reads as people see it: without;
    ``short`` is without any white space, for comparing. ``at`` is the number of the element it begins in, ``linked`` how many of its
    characters stand in links.
    """

    text: str
    whole: str
    short: str
    at: int
    linked: int


@dataclass(frozen=True, slots=True)
class Weight:
    """What an element holds: ``text`` characters in sentences, ``links`` characters in links."""

    text: float
    links: int
    plain: int

    @property
    def size(self) -> int:
        """Characters that can be seen."""
        return self.links + self.plain


@dataclass(frozen=True, slots=True)
class Outline:
    """The elements that can be seen, in document order, and the lines they show.

    Element *i* holds the elements up to ``ends[i]`` (exclusive), and the lines from
    ``firsts[i]`` to ``lasts[i]`` (exclusive). The three sums are those of all elements
    before *i*, so that a difference is what lies between two places.
    """

    elements: list[HtmlElement]
    tags: list[str]
    parents: list[int]
    ends: list[int]
    firsts: list[int]
    lasts: list[int]
    lines: list[Line]
    text: list[float]
    links: list[int]
    plain: list[int]

    def numbers(self, within: int = 0) -> dict[HtmlElement, int]:
        """The number of each element in that of number *within*, itself included."""
        end = self.ends[within]
        return dict(zip(self.elements[within:end], range(within, end), strict=True))

    def weight(self, number: int) -> Weight:
        """What the element of that number holds with all below it."""
        end = self.ends[number]
        return Weight(
            text=self.text[end] - self.text[number],
            links=self.links[end] - self.links[number],
            plain=self.plain[end] - self.plain[number],
        )

    def size_in(self, number: int) -> int:
        """Characters that can be seen in the element with all below it."""
        end = self.ends[number]
        return self.links[end] - self.links[number] + self.plain[end] - self.plain[number]

    def text_in(self, number: int) -> float:
        """Characters in sentences that the element holds with all below it."""
        return self.text[self.ends[number]] - self.text[number]

    def between(self, number: int) -> tuple[int, int]:
        """The lines that the element shows: from, to (exclusive)."""
        return self.firsts[number], self.lasts[number]

    def shown(self, number: int) -> list[str]:
        """The lines that the element shows, as they read."""
        return [x.whole for x in self.lines[self.firsts[number] : self.lasts[number]]]

    def holds(self, number: int, line: int) -> bool:
        """Whether an element shows the line of that number, among others."""
        return self.firsts[number] <= line < self.lasts[number]

    def is_within(self, number: int, other: int) -> bool:
        """Whether an element is *other* or stands in it."""
        return other <= number < self.ends[other]

    def named(
        self, wanted: frozenset[str], among: Iterable[int] | None = None
    ) -> dict[str, list[int]]:
        """Elements by those of ``#id``, ``.class`` and tag name that are wanted, in document order.

        All are looked at, or those *among* certain ones.
        """
        found: dict[str, list[int]] = {}
        add = found.setdefault
        ids = {x[1:]: x for x in wanted if x[0] == "#"}
        classes = {x[1:]: x for x in wanted if x[0] == "."}
        for number in range(len(self.tags)) if among is None else among:
            element = self.elements[number]
            if self.tags[number] in wanted:
                add(self.tags[number], []).append(number)
            if (name := element.get("id")) and name in ids:
                add(ids[name], []).append(number)
            if name := element.get("class"):
                for word in name.split():
                    if word in classes:
                        add(classes[word], []).append(number)
        return found


class _Lines:
    """The lines while they grow, and what elements hold of text of their own, by their numbers."""

    __slots__ = (
        "began", "buffer", "lines", "linked", "links", "plain", "shorts", "text", "words",
    )  # fmt: skip

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.text: dict[int, float] = {}
        self.links: dict[int, int] = {}
        self.plain: dict[int, int] = {}
        self.buffer: list[str] = []  # the texts of this line, with a gap behind each element
        self.shorts: list[str] = []  # the same without white space
        self.words = 0  # so many words are they
        self.began = 0
        self.linked = 0  # characters of this line that stand in links

    def add(self, text: str, number: int, in_link: int) -> None:
        """Text that stands directly in an element; no line begins with blanks alone."""
        words = text.split()
        if not words:
            if self.buffer:
                self.buffer.append(text)
            return
        if not self.buffer:
            self.began = number
        self.buffer.append(text)
        self.words += len(words)
        short = words[0] if len(words) == 1 else "".join(words)
        self.shorts.append(short)
        n = len(short)
        if in_link:
            self.links[number] = self.links.get(number, 0) + n
            self.linked += n
            return
        self.plain[number] = self.plain.get(number, 0) + n
        # Sentences count fully, words without any punctuation (menus, labels) hardly
        points = len(_PUNCTUATION.findall(text[:20_000]))
        if points and n < 300 and is_imprint(text):
            points = 0
        self.text[number] = self.text.get(number, 0.0) + min(n, 25 * points) + 0.1 * n

    def end(self) -> None:
        """End the line, which has been begun."""
        if self.words == 1:
            text = whole = short = self.shorts[0]  # as in most menus
        else:
            short = "".join(self.shorts)
            text = whole = folded("".join(self.buffer))
            if GAP in text:
                whole = folded(text.replace(GAP, ""))
        # Not by the class, which is a function in Python: a page has hundreds of lines
        self.lines.append(tuple.__new__(Line, (text, whole, short, self.began, self.linked)))
        self.buffer.clear()
        self.shorts.clear()
        self.words = self.linked = 0


_BREAKS = BLOCKS | {"br"}


def outline(root: HtmlElement) -> Outline:
    """Walk over what can be seen of the page, once."""
    told = _Lines()
    page = Outline(
        elements=[],
        tags=[],
        parents=[],
        ends=[],
        firsts=[],
        lasts=[],
        lines=told.lines,
        text=[],
        links=[],
        plain=[],
    )
    _Walk(page, told).over(root)
    if told.buffer:
        told.end()
    page.text.extend(_sums(told.text, len(page.tags), 0.0))
    page.links.extend(_sums(told.links, len(page.tags), 0))
    page.plain.extend(_sums(told.plain, len(page.tags), 0))
    return page


class _Walk:
    """The way through the tree: elements begin in their order, and end where the next is not in them."""

    __slots__ = ("at", "in_link", "page", "told")

    def __init__(self, page: Outline, told: _Lines) -> None:
        self.page = page
        self.told = told
        self.at = -1  # number of the innermost element that has not ended
        self.in_link = 0

    def over(self, root: HtmlElement) -> None:
        """Fill the lists. A loop with few calls: a call for each element took half as long again."""
        page, told = self.page, self.told
        elements, tags, lines, buffer = page.elements, page.tags, page.lines, told.buffer
        unseen: set[HtmlElement] = set()  # an element that is not shown, and those in it
        for element in root.iter():
            parent = element.getparent()
            if unseen:
                if parent in unseen:
                    unseen.add(element)
                    continue
                unseen.clear()
            if tags and elements[self.at] is not parent:
                self.end_up_to(parent)
            tag = element.tag
            is_shown = tag.__class__ is str and tag not in UNSEEN  # comments are not
            if not is_shown or (tags and element.get("style") and is_hidden(element)):
                unseen.add(element)
                if tags and (tail := element.tail):
                    told.add(tail, self.at, self.in_link)
                continue
            if tag in _BREAKS:
                if buffer:
                    told.end()
            elif tag == "a":
                self.in_link += 1
            page.parents.append(self.at)
            self.at = len(tags)
            tags.append(tag)
            elements.append(element)
            page.firsts.append(len(lines))
            page.ends.append(0)
            page.lasts.append(0)
            if text := element.text:
                told.add(text, self.at, self.in_link)
        self.end_up_to(None)

    def end_up_to(self, parent: HtmlElement | None) -> None:
        """End the elements in *parent*: blocks end their line, others leave a gap in it."""
        page, told, at = self.page, self.told, self.at
        elements, tags, lines, buffer = page.elements, page.tags, page.lines, told.buffer
        count = len(tags)
        while at >= 0 and elements[at] is not parent:
            number, at = at, page.parents[at]
            page.ends[number] = count
            tag = tags[number]
            if tag in _BREAKS:
                if buffer:
                    told.end()
                page.lasts[number] = len(lines)
            else:
                if tag == "a":
                    self.in_link -= 1
                if buffer:
                    buffer.append(GAP)
                page.lasts[number] = len(lines) + bool(buffer)
            if at >= 0 and (tail := elements[number].tail) and (buffer or not tail.isspace()):
                told.add(tail, at, self.in_link)
        self.at = at


_N = TypeVar("_N", int, float)


def _sums(own: dict[int, _N], count: int, nothing: _N) -> Iterator[_N]:
    """For each of *count* elements and behind the last: what all before it hold."""
    held = [nothing] * count
    for number, n in own.items():
        held[number] = n
    return accumulate(held, initial=nothing)
