"""Pages put together from parts in two encodings: a GBK article in a UTF-8 frame, or the reverse."""

import re
from dataclasses import replace

from pipeline.decode.charset import Reading
from pipeline.decode.mojibake import chinese_share

# None of these bytes can be part of a character, in UTF-8 or in GB 18030.
_BORDERS = re.compile(rb"([<>\n]+)")
# Four Han in a row, written in UTF-8.
_UTF8_HAN = re.compile(rb"(?:[\xe3-\xe9][\x80-\xbf]{2}){4}")


def mend(body: bytes, found: Reading) -> tuple[Reading, int]:
    """Return the text with stretches of the other encoding read right, and their number.

    A stretch lies between tags and line ends. It changes over only if it is not valid
    in the page's encoding, or no Chinese in it, while it is both in the other one.
    """
    if found.encoding == "utf-8" and found.replaced:
        other = "gb18030"
    elif found.encoding == "gb18030" and _UTF8_HAN.search(body):
        other = "utf-8"
    else:
        return found, 0
    pieces: list[str] = []
    mended = 0
    for part in _BORDERS.split(body):
        text = None if part.isascii() else _as_other(part, found.encoding, other)
        mended += text is not None
        pieces.append(part.decode(found.encoding, "replace") if text is None else text)
    text = "".join(pieces)
    if not mended:
        return found, 0
    return replace(found, text=text, replaced=text.count("\ufffd")), mended


def _as_other(part: bytes, own: str, other: str) -> str | None:
    """The stretch in the *other* encoding, if it is Chinese there and not in its *own*."""
    try:
        text = part.decode(other)
    except UnicodeDecodeError:
        return None
    if sum("\u4e00" <= c <= "\u9fff" for c in text) < 2:
        return None
    gain = chinese_share(text) - chinese_share(part.decode(own, "replace"))
    return text if chinese_share(text) > 0.6 and gain > 0.3 else None
