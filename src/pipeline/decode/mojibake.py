"""Undoing text that was decoded with the wrong encoding and stored again."""

from pipeline.decode.readings import LEVEL_1, PUNCTUATION

# What cp1252 shows for the bytes 80 to 9F; Latin-1 shows them as C1 controls.
_CP1252 = {
    bytes((b,)).decode("cp1252"): b
    for b in range(0x80, 0xA0)
    if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
DISGUISES = frozenset(map(chr, range(0x80, 0x100))) | _CP1252.keys()
_ROUNDS = 3


def looks_double(text: str) -> bool:
    """Tell whether *text* may be bytes in disguise: 30 % beyond ASCII up to U+00FF, and no Han."""
    if text.isascii() or any("\u2e80" <= c <= "\ufaff" for c in text):
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
    if not looks_double(text):
        return text
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
    """Tell whether 90 % of what is not ASCII is frequent Han or Chinese punctuation."""
    beyond = [c for c in text if c > "\x7f"]
    good = sum(c in LEVEL_1 or c in PUNCTUATION for c in beyond)
    return bool(beyond) and good * 10 >= len(beyond) * 9 and any(c in LEVEL_1 for c in beyond)


def _bytes_shown(text: str) -> bytes | None:
    """The bytes that Latin-1 or cp1252 shows as *text*, or None where it holds other characters."""
    try:
        return bytes(_CP1252[c] if c in _CP1252 else ord(c) for c in text)
    except ValueError:
        return None
