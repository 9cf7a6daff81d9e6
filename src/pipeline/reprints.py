"""Whether two articles are one story: reprints, second addresses, mangled mirrors. Pure.

Texts come here folded (one script, one width). What is compared are their Han characters
and digits: punctuation, Latin letters and what a mirror writes between characters say nothing.
A false join hides an article from every shared feed, a missed one only repeats it: so
numbers, dates and document numbers must agree, and what one publisher has twice is held to
be a form filled in again unless not a word differs.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

WITHIN_DAYS = 7
"""Reprints follow within a week; later, the same words are mostly another year's."""

_SHINGLE = 5  # characters
_SHORT = 20  # shingles: a text with less says too little
_LONG = 100  # shingles: enough to be known by its text alone

_BANDS, _ROWS = 6, 4
"""Two texts that share 9 of 10 shingles have a band in common in 499 of 500 cases; 8 of 10: 24 of 25."""

_DROPPED = re.compile(r"[^0-9〇\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]+")
_NUMERAL = re.compile(r"\d+|第[〇零一二两三四五六七八九十百]+")  # 第49次, 第四十九次
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story as one page tells it.

    ``title`` and ``text`` are essences; ``day`` is that of publication in China, ``number``
    the document's (发文字号), ``mirror_of`` the source that this one is known to repeat.
    *damaged* texts have lost characters on the way.
    """

    title: str
    text: str
    day: date
    source: str | None = None
    mirror_of: str | None = None
    number: str | None = None
    damaged: bool = False


def essence(folded: str) -> str:
    """The Han characters and digits of a folded text."""
    return _DROPPED.sub("", folded)


def shingles(text: str) -> frozenset[int]:
    """All runs of five characters of an essence, as numbers of 32 bits."""
    data, width = text.encode("utf-32-le"), 4 * _SHINGLE
    last = len(data) - width
    return frozenset(zlib.crc32(data[x : x + width]) for x in range(0, last + 1, 4))


def bands(title: str, text: str) -> tuple[int, ...]:
    """Numbers of 32 bits, one of which two tellings of a story have in common: title, then text.

    Min-wise hashing of the shingles in one permutation (Li, Owen and Zhang, 2012), its empty
    places filled from the next ones, in bands of four.
    """
    found = [zlib.crc32(b"title" + title.encode())]
    words = shingles(text)
    if len(words) < _SHORT:
        return tuple(found)
    places = _BANDS * _ROWS
    least: list[int | None] = [None] * places
    for word in words:
        mixed = (word * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        place, value = (mixed >> 40) % places, mixed & 0xFFFFFFFFFF
        old = least[place]
        if old is None or value < old:
            least[place] = value
    filled = _filled(least)
    for band in range(_BANDS):
        rows = filled[band * _ROWS : (band + 1) * _ROWS]
        found.append(zlib.crc32(repr((band, rows)).encode()))
    return tuple(found)


def _filled(least: list[int | None]) -> list[int]:
    """The values, empty places taking that of the next one that is not."""
    value = next(x for x in least if x is not None)
    filled = []
    for x in reversed(least):
        value = value if x is None else x
        filled.append(value)
    return filled[::-1]


def is_one_story(a: Told, b: Told) -> bool:
    """Whether two pages tell the same story."""
    if abs((a.day - b.day).days) > WITHIN_DAYS or _differ(a.number, b.number):
        return False
    if _clash(_NUMERAL.findall(a.title), _NUMERAL.findall(b.title)):
        return False
    ours, theirs = shingles(a.text), shingles(b.text)
    is_known = _mirrors(a, b) or _mirrors(b, a)
    if min(len(ours), len(theirs)) < _SHORT:
        is_same = a.text == b.text and a.day == b.day and len(a.title) >= 8
        return a.title == b.title and (is_known or is_same)
    common = len(ours & theirs)
    shared, held = common / len(ours | theirs), common / min(len(ours), len(theirs))
    agreeing = _agreement(_DIGITS.findall(a.text), _DIGITS.findall(b.text))
    if is_known or a.damaged or b.damaged:
        return _alike(a.title, b.title, damaged=True) and held >= 0.6 and agreeing >= 0.6
    if a.source is not None and a.source == b.source:
        return a.title == b.title and held == 1 and shared >= 0.9 and agreeing == 1
    if _alike(a.title, b.title):
        is_part = held >= 0.95 and shared >= 0.4 and min(len(ours), len(theirs)) >= _LONG
        return agreeing >= 0.9 and (shared >= 0.8 or is_part)
    return shared >= 0.9 and agreeing >= 0.95 and min(len(ours), len(theirs)) >= _LONG


def is_still_told(before: Iterable[int], now: Iterable[int]) -> bool:
    """Whether a page after an edit, by its bands, tells what it told: only a page reused does not."""
    return not set(before).isdisjoint(now)


def _mirrors(a: Told, b: Told) -> bool:
    return a.mirror_of is not None and a.mirror_of == b.source


def _differ(a: str | None, b: str | None) -> bool:
    return a is not None and b is not None and a != b


def _clash(a: list[str], b: list[str]) -> bool:
    """Whether each has a numeral that the other one lacks."""
    ours, theirs = Counter(a), Counter(b)
    return bool(ours - theirs) and bool(theirs - ours)


def _alike(a: str, b: str, *, damaged: bool = False) -> bool:
    """Whether titles are the same but for something put before or behind, or characters lost."""
    short, long = sorted((a, b), key=len)
    if short == long:
        return bool(short)
    if len(short) >= 8 and short in long:
        return True
    pairs = [{x[n : n + 2] for n in range(len(x) - 1)} for x in (short, long)]
    return damaged and len(pairs[0] & pairs[1]) >= 0.6 * max(1, len(pairs[0]))


def _agreement(a: list[str], b: list[str]) -> float:
    """The share of the numbers of the text with fewer of them that the other one has too."""
    ours, theirs = Counter(a), Counter(b)
    least = min(ours.total(), theirs.total())
    return (ours & theirs).total() / least if least else 1.0
