"""From the bytes of a response to its characters.

`decode` believes, in this order, the byte order mark, strict UTF-8, what the response
declares, and only then statistics (`pipeline.decode.charset`). Pages that were encoded
twice, that mix two encodings, or whose GBK bytes a mirror has annotated, are repaired
here, where the bytes are still known.
"""

from dataclasses import dataclass

from pipeline.decode.annotated import strip_bytes
from pipeline.decode.charset import Reading, declared_label, plausibility, read
from pipeline.decode.mixed import mend
from pipeline.decode.mojibake import fix_page
from pipeline.errors import DecodeError
from pipeline.records import Count

__all__ = ["Decoded", "decode"]

# What a .html file turns out to be; none of these can be read as text.
_FORMATS = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x89PNG", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x1f\x8b", "gzip data"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
)
_CONTROLS = bytes(x for x in range(32) if x not in b"\t\n\f\r\x1b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The characters of a response and how they came about.

    ``encoding`` is the codec that was right, ``declared`` the label the response
    claims, ``replaced`` the number of places that could not be read (U+FFFD).
    """

    text: str
    encoding: str = "utf-8"
    declared: str | None = None
    replaced: int = 0
    steps: tuple[str, ...] = ()
    counts: tuple[Count, ...] = ()
    flags: tuple[str, ...] = ()


def decode(body: bytes, *, http_charset: str | None = None) -> Decoded:
    """Return the characters of *body*.

    *http_charset* is the charset parameter of Content-Type. One broken byte never
    changes the encoding. Places that cannot be read become U+FFFD, are counted,
    and flag the result as ``damaged``. Null characters, at which HTML parsers
    stop, are left out.

    Raises `DecodeError` for bytes that are no text, naming what was tried.
    """
    for magic, name in _FORMATS:
        if body.startswith(magic):
            raise DecodeError(f"the bytes are {name}, not text", hint="fetch it as an attachment")
    declared = declared_label(body, http_charset)
    found = read(body, declared)
    _refuse_noise(body, found)
    steps: list[str] = []
    counts: list[Count] = []
    flags: list[str] = []
    found, annotations, split = _without_annotations(body, found)
    if annotations:
        steps.append("strip_pinyin")
        counts.append(Count(name="pinyin", n=annotations))
    if split:
        steps.append("restore_bytes")
        counts.append(Count(name="split_characters", n=split))
    text, mended = found.text, 0
    if not annotations:
        found, mended = mend(body, found)
        text = fix_page(found.text)
    if mended:
        steps.append("mend_encoding")
        counts.append(Count(name="mixed_encoding", n=mended))
    if text != found.text:
        steps.append("fix_mojibake")
    if mended or text != found.text:
        flags.append("repaired")
    if found.replaced:
        flags.append("damaged")
        counts.append(Count(name="replaced", n=found.replaced))
    return Decoded(
        text=text.replace("\0", "") if b"\0" in body else text,
        encoding=found.encoding,
        declared=declared,
        replaced=found.replaced,
        steps=tuple(steps),
        counts=tuple(counts),
        flags=tuple(flags),
    )


def _without_annotations(body: bytes, found: Reading) -> tuple[Reading, int, int]:
    """The reading without a mirror's annotations; how many; how many within characters."""
    if found.encoding != "gb18030":
        return found, 0, 0
    restored = strip_bytes(body)
    if not restored.annotations:
        return found, 0, 0
    return read(restored.body, "gb18030"), restored.annotations, restored.split


def _refuse_noise(body: bytes, found: Reading) -> None:
    """Raise for bytes that no encoding turns into text: images, archives, cipher texts."""
    size = max(len(body), 1)
    controls = len(body) - len(body.translate(None, _CONTROLS))
    if found.encoding.startswith("utf-16"):
        controls = 0
    # A handful of strays is no reason to refuse a page.
    if controls * 50 > size + 200 or (found.replaced * 10 > size and plausibility(found) < 0):
        raise DecodeError(
            f"the bytes are no text: {controls} control bytes and {found.replaced} unreadable "
            f"places in {len(body)} bytes",
            hint="tried utf-8, the declared charset, gb18030, big5hkscs",
        )
