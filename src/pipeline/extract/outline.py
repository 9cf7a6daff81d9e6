"""One walk over the page: its lines, and how much text every element holds.

Everything that is asked of a page as an article is answered from these lists; walking the
tree again for each question took four times as long.
"""

import re
from dataclasses import dataclass
from itertools import accumulate, repeat
from typing import NamedTuple, TypeVar

import lxml.etree
from lxml.html import HtmlElement

from pipeline.extract.tree import BLOCKS, UNSEEN, folded, is_hidden, squash

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

    def named(self, wanted: frozenset[str]) -> dict[str, list[int]]:
        """Elements by those of ``#id``, ``.class`` and tag name that are wanted, in document order."""
        found: dict[str, list[int]] = {}
        add = found.setdefault
        ids = {x[1:]: x for x in wanted if x[0] == "#"}
        classes = {x[1:]: x for x in wanted if x[0] == "."}
        for number, (element, tag) in enumerate(zip(self.elements, self.tags, strict=True)):
            if tag in wanted:
                add(tag, []).append(number)
            if (name := element.get("id")) and name in ids:
                add(ids[name], []).append(number)
            if name := element.get("class"):
                for word in name.split():
                    if word in classes:
                        add(classes[word], []).append(number)
        return found


class _Walk:
    """The lists while they grow. What few elements have (text of their own) is kept by number."""

    __slots__ = (
        "at", "began", "buffer", "elements", "ends", "firsts", "in_link", "lasts", "lines",
        "linked", "links", "parents", "plain", "tags", "text",
    )  # fmt: skip

    def __init__(self) -> None:
        self.elements: list[HtmlElement] = []
        self.tags: list[str] = []
        self.parents: list[int] = []
        self.ends: list[int] = []
        self.firsts: list[int] = []
        self.lasts: list[int] = []
        self.text: dict[int, float] = {}
        self.links: dict[int, int] = {}
        self.plain: dict[int, int] = {}
        self.at = -1  # number of the innermost element that is not closed yet
        self.lines: list[Line] = []
        self.buffer: list[str] = []
        self.began = 0
        self.linked = 0  # characters of this line that stand in links
        self.in_link = 0

    def add(self, text: str) -> None:
        """Text that stands directly in the innermost open element; no line begins with blanks alone."""
        buffer = self.buffer
        number = self.at
        if not buffer:
            if text.isspace():
                return
            self.began = number
        buffer.append(text)
        n = len(squash(text))
        if not n:
            return
        if self.in_link:
            self.links[number] = self.links.get(number, 0) + n
            self.linked += n
            return
        self.plain[number] = self.plain.get(number, 0) + n
        # Sentences count fully, words without any punctuation (menus, labels) hardly
        points = len(_PUNCTUATION.findall(text[:20_000]))
        if points and n < 300 and is_imprint(text):
            points = 0
        self.text[number] = self.text.get(number, 0.0) + min(n, 25 * points) + 0.1 * n

    def flush(self) -> None:
        """End the line."""
        text = folded("".join(self.buffer))
        self.buffer.clear()
        if text:
            whole = folded(text.replace(GAP, "")) if GAP in text else text
            self.lines.append(Line(text, whole, squash(whole), self.began, self.linked))
        self.linked = 0

    def enter(self, element: HtmlElement, tag: str) -> None:
        """The next element; blocks begin a line."""
        if tag in _BREAKS:
            if self.buffer:
                self.flush()
        elif tag == "a":
            self.in_link += 1
        self.parents.append(self.at)
        self.at = len(self.tags)
        self.tags.append(tag)
        self.elements.append(element)
        self.firsts.append(len(self.lines))
        self.ends.append(0)
        self.lasts.append(0)
        if text := element.text:
            self.add(text)

    def leave(self) -> None:
        """Close the innermost element: blocks end their line, others leave a gap in it."""
        number = self.at
        self.at = self.parents[number]
        self.ends[number] = len(self.ends)
        tag = self.tags[number]
        if tag in _BREAKS:
            if self.buffer:
                self.flush()
            self.lasts[number] = len(self.lines)
            return
        if tag == "a":
            self.in_link -= 1
        if self.buffer:
            self.buffer.append(GAP)
            self.lasts[number] = len(self.lines) + 1
        else:
            self.lasts[number] = len(self.lines)


_BREAKS = BLOCKS | {"br"}


def outline(root: HtmlElement) -> Outline:
    """Walk over what can be seen of the page, once."""
    walk = _Walk()
    unseen: HtmlElement | None = None
    walker = lxml.etree.iterwalk(root, events=("start", "end", "comment"))
    for event, element in walker:
        if event == "start":
            tag = element.tag
            style = element.get("style")
            if tag in UNSEEN or (style and is_hidden(element) and element is not root):
                unseen = element
                walker.skip_subtree()
            else:
                walk.enter(element, tag)
            continue
        if event == "end":
            if element is unseen:
                unseen = None
            else:
                walk.leave()
            if element is root:
                break
        if tail := element.tail:
            walk.add(tail)
    walk.flush()
    return Outline(
        elements=walk.elements,
        tags=walk.tags,
        parents=walk.parents,
        ends=walk.ends,
        firsts=walk.firsts,
        lasts=walk.lasts,
        lines=walk.lines,
        text=_sums(walk.text, len(walk.tags), 0.0),
        links=_sums(walk.links, len(walk.tags), 0),
        plain=_sums(walk.plain, len(walk.tags), 0),
    )


_N = TypeVar("_N", int, float)


def _sums(own: dict[int, _N], count: int, nothing: _N) -> list[_N]:
    """For each of *count* elements and behind the last: what all before it hold."""
    return list(accumulate(map(own.get, range(count), repeat(nothing)), initial=nothing))
