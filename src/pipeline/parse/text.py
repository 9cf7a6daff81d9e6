"""A page of text with places in it: quotes, sentences, clauses, and the trace of what made each quote."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from pipeline.records import Quote, Span

TITLE = -1
"""Paragraph number of the title in spans."""

# “要做到 A。B。” and （扩大，视频） hold marks that end no sentence and no clause of the text.
_ENCLOSED = re.compile(
    r"“[^“”]{0,200}”|《[^《》]{0,120}(?:《[^《》]{0,80}》[^《》]{0,120})?》|（[^（）]{0,150}）"
    r"|\([^()]{0,150}\)|\[[^\[\]]{0,80}\]|【[^【】]{0,80}】"
)
_STOPS = re.compile(r"[。！？!?][”’）)]?|\n")
_CLAUSE_ENDS = re.compile(r"[，；：,;:。！？!?]")


class Clip(NamedTuple):
    """A piece of one paragraph: code points [start, end) of ``line``.

    A tuple, since hundreds are made of every text, and those are made twice as fast.
    """

    paragraph: int
    line: str
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words of the piece."""
        return self.line[self.start : self.end]

    def part(self, start: int, end: int) -> "Clip":
        """A piece of the same paragraph, by the paragraph's own positions."""
        return Clip(self.paragraph, self.line, start, end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """That *rule* found ``field`` (such as ``meeting.chair``) at ``span``."""

    span: Span
    field: str
    rule: str


@dataclass(slots=True)
class Trace:
    """Collects, while one article is parsed, which rule found what, and what is doubtful."""

    marks: list[Mark] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    published: tuple[
        str, ...
    ] = ()  # paragraphs, then the title, where they were read with other marks

    def problem(self, words: str) -> None:
        """Note a doubt once."""
        if words not in self.problems:
            self.problems.append(words)

    def quote(self, clip: Clip, name: str, rule: str) -> Quote:
        """The words of *clip*, without white space at its ends, noted as made by *rule*."""
        if self.published:
            clip = Clip(clip.paragraph, self.published[clip.paragraph], clip.start, clip.end)
        quote = plain_quote(clip)
        self.marks.append(Mark(span=quote.span, field=name, rule=rule))
        return quote

    def note(self, span: Span, name: str, rule: str) -> None:
        """Note a span that became no quote, such as an ordinal."""
        self.marks.append(Mark(span=span, field=name, rule=rule))


def plain_quote(clip: Clip) -> Quote:
    """The words of *clip*, without white space at its ends."""
    words = clip.text
    start = clip.start + len(words) - len(words.lstrip())
    value = words.strip()
    return Quote(
        value=value,
        span=Span(paragraph=clip.paragraph, start=start, end=start + len(value)),
    )


_NARROW = re.compile(r"(?<=[\u4e00-\u9fff”》）)】])[,;:!?]")
_WIDE = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}


def with_wide_marks(line: str) -> str:
    """The line with Chinese marks behind Chinese words, for 召开会议,研究; as long as it was."""
    if not ("," in line or ":" in line or ";" in line or "?" in line or "!" in line):
        return line
    return _NARROW.sub(lambda m: _WIDE[m[0]], line)


def whole(paragraph: int, line: str) -> Clip:
    """The whole of a paragraph."""
    return Clip(paragraph, line, 0, len(line))


@lru_cache(maxsize=64)  # asked for each sentence of a paragraph
def enclosed(line: str) -> tuple[tuple[int, int], ...]:
    """Where quotation marks, brackets and book-title marks enclose words, outermost, in order."""
    return tuple(m.span() for m in _ENCLOSED.finditer(line))


def sentences(paragraph: int, line: str) -> Iterator[Clip]:
    """The sentences of a paragraph with their end marks; quoted full stops end none."""
    yield from _cut(whole(paragraph, line), _STOPS, keep=True)


def clauses(clip: Clip) -> Iterator[Clip]:
    """The clauses of a sentence without the marks that end them."""
    return iter(_clauses(clip))


@lru_cache(maxsize=64)  # each reader of a sentence asks for them
def _clauses(clip: Clip) -> tuple[Clip, ...]:
    return tuple(_cut(clip, _CLAUSE_ENDS, keep=False))


def _cut(clip: Clip, marks: re.Pattern[str], *, keep: bool) -> Iterator[Clip]:
    closed = iter(enclosed(clip.line))
    low, high = next(closed, (len(clip.line), len(clip.line)))
    start = clip.start
    for mark in marks.finditer(clip.line, clip.start, clip.end):
        while high <= mark.start():
            low, high = next(closed, (len(clip.line), len(clip.line)))
        # a number such as 9:30 or 1,200 holds a mark, too
        if low <= mark.start() < high or _inside_number(clip.line, mark.start()):
            continue
        if mark.start() > start:
            yield clip.part(start, mark.end() if keep else mark.start())
        start = mark.end()
    if clip.line[start : clip.end].strip():
        yield clip.part(start, clip.end)


def _inside_number(line: str, at: int) -> bool:
    return (
        line[at] in ",，:：."
        and 0 < at < len(line) - 1
        and line[at - 1].isdigit()
        and line[at + 1].isdigit()
        and (line[at] != "，")
    )
