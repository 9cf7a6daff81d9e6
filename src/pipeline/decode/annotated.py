"""Taking a mirror's annotations out of GBK bytes, before they are decoded.

The mirror programs work by replacing byte strings in GBK: 會 becomes 會(huì) wherever
its two bytes stand, be it across two characters: 日報 (C8 D5 88 F3) holds
D5 88, the bytes of 請, and turns into "日?qǐng)?bào)". As long as the bytes are
GBK, removing ``bytes(character) + "(" + reading + ")"`` undoes this exactly.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.decode.readings import default_readings, reading_key

# 會(huì) in GBK: 95 FE 28 68 75 A8 AC 29. The accented vowels are A8 A1 to A8 C0.
_TOKEN = re.compile(rb"(?<=([\x81-\xfe][\x40-\x7e\x80-\xfe]))\(((?:[a-z]|\xa8[\xa1-\xc0]){1,7})\)")
_ROUNDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """The bytes without annotations; ``split`` of them stood within characters."""

    body: bytes
    annotations: int = 0
    split: int = 0


def strip_bytes(body: bytes) -> Restored:
    """Return GBK bytes with all annotations removed, if the page as a whole is annotated.

    It counts as such with at least three annotations, or of two different characters,
    while other readings in brackets (glosses) are at most a fifth of that. A reader's
    gloss such as 鄆(yùn) stays: the character is a rare one.
    """
    if b"(" not in body:
        return Restored(body=body)
    stripped, types, split, glosses = _stripped(body)
    total = types.total()
    if not (len(types) >= 2 or total >= 3) or glosses > max(1, total // 5):
        return Restored(body=body)
    for _ in range(_ROUNDS - 1):
        # 日(qǐng)報(bào): the second pair meets only when the first annotation is out.
        stripped, more, further, _ = _stripped(stripped)
        if not more:
            break
        total += more.total()
        split += further
    return Restored(body=stripped, annotations=total, split=split)


def _stripped(body: bytes) -> tuple[bytes, Counter[bytes], int, int]:
    """Bytes without annotations; these by character; how many stood within characters; glosses."""
    kept: list[bytes] = []
    types: Counter[bytes] = Counter()
    places: list[int] = []  # in the stripped bytes, where characters agree again
    glosses = end = at = 0
    for match in _TOKEN.finditer(body):
        if _reading_of(match[1]) == _key(match[2]):
            types[match[1]] += 1
            kept.append(body[end : match.start()])
            at += len(kept[-1])
            places.append(at - 2)
            end = match.end()
        elif not match[2].isalpha():
            glosses += 1
    kept.append(body[end:])
    stripped = b"".join(kept)
    return stripped, types, _straddling(stripped, places), glosses


def _straddling(body: bytes, places: Sequence[int]) -> int:
    """How many of the byte pairs at *places*, in order, straddle two characters.

    Bytes above 0x7F are counted in pairs from the last one below, which ends a
    character whether it is ASCII or a trail byte.
    """
    found = known = 0
    known_off = 0  # 1 where the place before was the second byte of a character
    for place in places:
        start = place
        while start > known and body[start - 1] >= 0x80:
            start -= 1
        carried = known_off if start == known else 0
        known, known_off = place, (place - start + carried) % 2
        found += known_off
    return found


@cache
def _reading_of(pair: bytes) -> str:
    char = pair.decode("gbk", "ignore")
    return default_readings().get(char, "-") if len(char) == 1 else "-"


@lru_cache(maxsize=4096)
def _key(reading: bytes) -> str:
    return reading_key(reading.decode("gbk", "ignore"))
