"""Texts as search compares them: without script, case, width and punctuation.

Two characters are the shortest Chinese words, so the index holds all pairs of
neighbouring characters. What is found are exactly the texts that contain the
words asked for, on every database, since none of them is trusted with
dividing a text into words.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from pipeline.store.values import Marked

FOLDING = 1
"""Number of the way texts are folded: texts folded another way are indexed again."""

INDEXED = 50_000
"""Characters of a text that are indexed; PostgreSQL holds a megabyte of pairs at most."""

_AROUND = 40
"""Characters shown before and after the first hit."""


class _Characters(dict[int, str]):
    """What each character counts as, filled as characters are met."""

    def __init__(self) -> None:
        super().__init__()
        from opencc import OpenCC  # noqa: PLC0415 - only searching and storing pay for it

        self._simplify: Any = OpenCC("t2s").convert

    def __missing__(self, code: int) -> str:
        self[code] = self.told(chr(code))
        return self[code]

    def told(self, one: str) -> str:
        """What a character counts as, not remembered."""
        # one by one, so that a word is folded alike in a text and alone in a query
        plain = unicodedata.normalize("NFKC", one).casefold()
        return "".join(self._simplify(x) if x.isalnum() else " " for x in plain)


@cache
def _characters() -> _Characters:
    return _Characters()


def fold(text: str) -> str:
    """The text as it is compared: simplified, small, narrow; one blank for all between words."""
    return " ".join(text.translate(_characters()).split())


def fold_one(character: str) -> str:
    """`fold` of one character, for who goes through all there are: 20 MB to remember."""
    return " ".join(_characters().told(character).split())


def pairs(folded: str) -> tuple[str, ...]:
    """All neighbours in a folded text, and the last character of each run, each once."""
    found: dict[str, None] = {}
    for run in folded.split():
        for start in range(len(run)):
            found[run[start : start + 2]] = None
    return tuple(found)


def terms(query: str) -> tuple[str, ...]:
    """The words of a query, folded: all of them have to stand in a text. At most 16."""
    folded = (fold(x) for x in query[:400].split())
    return tuple(dict.fromkeys(x for x in folded if x))[:16]


def wanted(term: str) -> Iterator[tuple[str, bool]]:
    """Pairs that a text must have to contain the term; True: a pair that only begins so."""
    for run in term.split():
        if len(run) == 1:
            yield run, True
        for start in range(len(run) - 1):
            yield run[start : start + 2], False


def is_settled(term: str) -> bool:
    """Whether the index alone says if a text contains the term."""
    return len(term) <= 2


def _places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters where it stands in the text."""
    table, folded, places = _characters(), [], []
    for index, character in enumerate(text):
        for x in table[ord(character)]:
            if x != " ":
                folded.append(x)
            elif folded and folded[-1] != " ":
                folded.append(" ")
            else:
                continue
            places.append(index)
    if folded and folded[-1] == " ":
        folded.pop()
    return "".join(folded), places


def mark(text: str, words: Sequence[str]) -> Marked:
    """The text in pieces, True where one of the folded *words* stands."""
    hit = _hits(text, words)
    pieces: list[tuple[str, bool]] = []
    start = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or hit[index] != hit[start]:
            pieces.append((text[start:index], bool(hit[start])))
            start = index
    return tuple(pieces)


def _hits(text: str, words: Sequence[str]) -> bytearray:
    folded, places = _places(text)
    hit = bytearray(len(text))
    for word in words:
        start = folded.find(word)
        while start >= 0:
            end = start + len(word) - 1
            for index in range(places[start], places[end] + 1):
                hit[index] = 1
            start = folded.find(word, start + 1)
    return hit


def snippet(paragraphs: Sequence[str], words: Sequence[str]) -> Marked:
    """The surroundings of the first hit in the paragraph that has most of the *words*."""
    found = [sum(word in x for word in words) for x in map(fold, paragraphs)]
    if not found:
        return ()
    text = paragraphs[found.index(max(found))]
    first = max(_hits(text, words).find(1), 0)
    start, end = max(first - _AROUND, 0), first + _AROUND
    cut = f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
    return mark(cut, words)
