"""Undoing text that was decoded with the wrong encoding and stored again."""

import re

from pipeline.decode.readings import LEVEL_1, PUNCTUATION

# What cp1252 shows for the bytes 80 to 9F; Latin-1 shows them as C1 controls.
_CP1252 = {
    bytes((b,)).decode("cp1252"): b
    for b in range(0x80, 0xA0)
    if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
DISGUISES = frozenset(map(chr, range(0x80, 0x100))) | _CP1252.keys()
_ROUNDS = 3
_HAN = re.compile(r"[\u2e80-\ufaff]")
_DISGUISED = re.compile(f"[{''.join(sorted(DISGUISES))}]")


def looks_double(text: str) -> bool:
    """Tell whether *text* may be bytes in disguise: 30 % beyond ASCII up to U+00FF, and no Han."""
    if text.isascii() or _HAN.search(text):
        return False
    inner = text.split()
    visible = sum(map(len, inner))
    return sum(c in DISGUISES for part in inner for c in part) * 10 >= 3 * visible


def fix_mojibake(text: str) -> str:
    """Return what *text* said before its bytes were read as Latin-1 or cp1252.

    Undoes UTF-8 read so, also several times over, and GBK read so; the result is
    taken only if 90 % of it beyond ASCII is frequent Han or Chinese punctuation.
    UTF-8 read as GBK (鍖烘斂) lost bytes and is left alone.
    """
    return _undone(text) if looks_double(text) else text


def fix_page(text: str) -> str:
    """Return a page whose words are mojibake from end to end in the characters meant.

    Markup hides the share that `fix_mojibake` goes by. A page with a single Han
    character is left alone: its strings are looked at one by one later.
    """
    if text.isascii() or _HAN.search(text) or len(_DISGUISED.findall(text)) < 6:
        return text
    return _undone(text)


def _undone(text: str) -> str:
    current = text
    for _ in range(_ROUNDS):
        body = _bytes_shown(current)
        if body is None:
            return text
        for codec in ("utf-8", "gb18030"):
            try:
                result = body.decode(codec)
            except UnicodeDecodeError:
                continue
            if reads_as_chinese(result):
                return result
        try:
            current = body.decode("utf-8")
        except UnicodeDecodeError:
            return text
    return text


def reads_as_chinese(text: str) -> bool:
    """Tell whether 90 % of what is not ASCII is frequent Han or Chinese punctuation.

    One Han character is not enough: åº“ happens to be the bytes of 库.
    """
    return chinese_share(text) >= 0.9 and sum(c in LEVEL_1 for c in text) >= 2


def chinese_share(text: str) -> float:
    """Return how much of what is not ASCII is frequent Han or Chinese punctuation."""
    beyond = [c for c in text if c > "\x7f"]
    return sum(c in LEVEL_1 or c in PUNCTUATION for c in beyond) / max(1, len(beyond))


def _bytes_shown(text: str) -> bytes | None:
    """The bytes that Latin-1 or cp1252 shows as *text*, or None where it holds other characters."""
    try:
        return bytes(_CP1252[c] if c in _CP1252 else ord(c) for c in text)
    except ValueError:
        return None
