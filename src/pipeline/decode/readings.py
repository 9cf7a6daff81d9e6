"""Which reading mirrors put behind which character.

Mirrors write 會(huì): behind some characters that differ from their simplified
form they put the default reading in brackets. Measured on 33 pages of 17 hosts
(1,761 annotations, 128 characters): each such character is annotated wherever it
stands or nowhere, its simplified form is always in level 1 of GB 2312, and the
reading is always the first one of a dictionary, even where that is wrong (調(diào)整).
"""

import unicodedata
from functools import cache, lru_cache

from pipeline.decode.tables import READINGS

# Level 1: the 3,755 frequent characters, rows 16 to 55 of the standard.
LEVEL_1 = frozenset(
    b"".join(bytes((a, b)) for a in range(0xB0, 0xD8) for b in range(0xA1, 0xFF)).decode(
        "gb2312", "ignore"
    )
)
PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉【】〔〕—…·％＋－／　")

_TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0306": "3", "\u0300": "4"}
# ɡ and ɑ come out of GBK, breves out of careless keyboards.
_FOLDED = str.maketrans({"ɡ": "g", "ɑ": "a", "ü": "v", "ê": "e"})


@cache
def default_readings() -> dict[str, str]:
    """Return character → default reading, as `reading_key` writes it; 1,552 entries."""
    groups = (group.split(":") for group in READINGS.split())
    return {char: key for key, chars in groups for char in chars}


@lru_cache(maxsize=4096)
def readings_of(key: str) -> str:
    """Return the characters whose default reading is *key*."""
    return next((g.partition(":")[2] for g in READINGS.split() if g.startswith(f"{key}:")), "")


@lru_cache(maxsize=4096)  # what stands in brackets is not ours to bound
def reading_key(syllable: str) -> str:
    """Return letters and tone digit of a pinyin syllable: ``huì`` → ``hui4``.

    Takes tone marks (composed or not) or a digit 0 to 5; ``ü`` may be written ``v``
    or ``u:``. Without a tone it is the neutral one, 5. The empty string for what is no
    single syllable with at most one tone.
    """
    letters, tone = "", ""
    folded = unicodedata.normalize("NFD", syllable.replace("u:", "v").replace("U:", "v"))
    for mark in folded.replace("u\u0308", "v").replace("e\u0302", "e").translate(_FOLDED):
        if mark in _TONES:
            tone += _TONES[mark]
        elif mark in "012345":
            tone += "5" if mark == "0" else mark
        else:
            letters += mark
    if not (letters.isascii() and letters.islower() and letters.isalpha()) or len(tone) > 1:
        return ""
    return letters + (tone or "5")


def is_annotation(char: str, syllable: str) -> bool:
    """Tell whether *syllable* is what a mirror writes behind *char*.

    A neutral tone counts only where it is the default (們 men), so that (km) or
    (hui) is none.
    """
    key = reading_key(syllable)
    return bool(key) and default_readings().get(char) == key
