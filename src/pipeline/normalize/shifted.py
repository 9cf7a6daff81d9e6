"""Text whose bytes a mirror's program shifted: 日?qǐng)髸 for 日報會.

The program replaces byte strings in GBK wherever they stand. Where one straddles two
characters, the annotation falls between a lead byte and its trail; the lead byte is
lost (shown as ?), and everything up to the next byte that can be ASCII is read off by one.
The reading tells which character it was, hence which byte is missing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.decode.readings import (
    LEVEL_1,
    PUNCTUATION,
    default_readings,
    reading_key,
    readings_of,
)

_MARKED = "āáǎàăēéěèĕīíǐìĭōóǒòŏūúǔùŭǖǘǚǜüńňǹḿêếềɡɑ"
_SYLLABLE = rf"[a-zɡɑ]{{0,5}}[{_MARKED}][a-zɡɑ]{{0,4}}"
_HAN = r"[\u3400-\u9fff]"
# 日?qǐng)
_START = re.compile(rf"(?<=[\u3400-\u9fff“”，。、；：？！])[?？\ufffd]({_SYLLABLE})\)")
_NEXT = re.compile(rf"[?？\ufffd]({_SYLLABLE})\)")
# Not to be repaired: a broken annotation, a mark behind ? (幸?！), ??h, a trail byte as a letter: I(yè)
_DAMAGE = re.compile(
    rf"[?？\ufffd]{_SYLLABLE}\)|{_HAN}\?[；：！，。、]{_HAN}|\?\?[a-z](?![a-z])|[A-Za-z_]\({_SYLLABLE}\)|\ufffd"
)
_LONGEST = 60


@dataclass(slots=True)
class _Chain:
    """Characters found so far, where reading goes on, and the lead byte in hand."""

    at: int
    lead: int | None
    found: list[str] = field(default_factory=list)


def repair_shifted(text: str) -> tuple[str, int]:
    """Return *text* with shifted characters put back, and the number of places.

    A place is repaired only where exactly one reading of it gives nothing but Han and
    Chinese punctuation, most of it frequent. Half of all places are; of simulated ones,
    one character in 77 places was wrong. For pages known to be mangled.
    """
    pieces: list[str] = []
    end = places = 0
    for match in _START.finditer(text):
        if match.start() < end:
            continue
        chains = [c for c in _chains(text, match) if _sound(c)]
        if len({"".join(c.found) for c in chains}) == 1:
            pieces += (text[end : match.start()], *chains[0].found)
            end = chains[0].at
            places += 1
    return "".join((*pieces, text[end:])), places


def damaged_places(text: str) -> int:
    """Return how many places of a mangled text have lost characters."""
    return sum(1 for _ in _DAMAGE.finditer(text))


def _chains(text: str, match: re.Match[str]) -> Iterator[_Chain]:
    """Every way to read on behind the character before *match*."""
    before = _gbk(text[match.start() - 1])  # nothing for characters of four bytes
    for lost in _completions(before[-1], match[1]) if before else ():
        chain = _followed(text, _Chain(at=match.end(), lead=lost))
        if chain is not None:
            yield chain


def _completions(lead: int, syllable: str) -> list[int]:
    """The trail bytes of characters with that lead byte and default reading."""
    pairs = (_gbk(c) for c in readings_of(reading_key(syllable)))
    return [pair[1] for pair in pairs if len(pair) == 2 and pair[0] == lead]


def _followed(text: str, chain: _Chain) -> _Chain | None:
    """The chain up to where bytes and characters agree again, or None."""
    limit = chain.at + _LONGEST
    while chain.lead is not None:
        if chain.at >= min(len(text), limit) or chain.lead < 0x81:
            return None
        broken = _NEXT.match(text, chain.at)
        if broken:
            # The lost byte and ours make the annotated character.
            trails = _completions(chain.lead, broken[1])
            if len(trails) != 1:
                return None
            chain.found.append(_char(chain.lead, trails[0]))
            chain.at, chain.lead = broken.end(), None
            continue
        pair = _gbk(text[chain.at])
        if not pair or (len(pair) == 1 and not 0x40 <= pair[0] <= 0x7E):
            return None
        chain.found.append(_char(chain.lead, pair[0]))
        chain.at += 1
        chain.lead = pair[1] if len(pair) == 2 else None
    return chain


def _sound(chain: _Chain) -> bool:
    """Whether all is Han or Chinese punctuation, and at least half of it frequent."""
    common = default_readings()
    good = [c in LEVEL_1 or c in PUNCTUATION or c in common for c in chain.found]
    sound = all(c in PUNCTUATION or "\u4e00" <= c <= "\u9fff" for c in chain.found)
    return bool(good) and sound and sum(good) * 2 >= len(good)


def _gbk(char: str) -> bytes:
    # GB 18030 also has two bytes for the private characters that shifting makes of text.
    body = char.encode("gb18030", "ignore")
    return body if len(body) <= 2 else b""


def _char(lead: int, trail: int) -> str:
    return bytes((lead, trail)).decode("gb18030", "replace")
