"""Make ``src/pipeline/decode/tables.py``: ``python deployments/tools/make_tables.py``.

Needs pypinyin (dependency group ``generate``), which the program itself never
imports: it takes half a second and 57 MB to load. ``--check`` writes nothing
and exits with 1 where the file differs from what would be written.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import opencc
from pypinyin import Style, pinyin

TARGET = Path(__file__).resolve().parents[2] / "src" / "pipeline" / "decode" / "tables.py"
HAN = [chr(c) for c in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
HEAD = '''"""Character tables, made by ``deployments/tools/make_tables.py``: do not edit.

``READINGS`` holds every character that differs from its simplified form (or is
著) while that form is in level 1 of GB 2312, grouped by default reading, written
as letters and tone digit (v for ü, 5 for the neutral tone).
``HANT_ONLY`` are characters that OpenCC's t2s changes and GB 2312 lacks,
``HANS_ONLY`` those of GB 2312 that Big5 lacks and OpenCC's s2t changes.
"""
'''


def _encodable(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _level_1() -> set[str]:
    pairs = (bytes((a, b)) for a in range(0xB0, 0xD8) for b in range(0xA1, 0xFF))
    return set(b"".join(pairs).decode("gb2312", "ignore"))


def _readings() -> dict[str, str]:
    convert = opencc.OpenCC("t2s").convert
    level_1 = _level_1()
    groups: dict[str, list[str]] = defaultdict(list)
    for char in HAN:
        simple = convert(char)
        if (simple != char and simple in level_1) or char == "著":
            [[reading]] = pinyin(char, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=False)
            groups[reading].append(char)
    return {reading: "".join(chars) for reading, chars in sorted(groups.items())}


def _wrapped(name: str, words: Iterable[str], width: int = 90) -> Iterator[str]:
    """A constant of whole words, in lines short enough to read a diff."""
    yield f"\n{name} = ("
    line = ""
    for word in words:
        if len(line) + len(word) > width:
            yield f'    "{line}"'
            line = ""
        line += word
    yield f'    "{line}"'
    yield ")"


def make() -> str:
    """Return the module's text."""
    simplify, restore = opencc.OpenCC("t2s").convert, opencc.OpenCC("s2t").convert
    gb2312 = [c for c in HAN if _encodable(c, "gb2312")]
    hant = [c for c in HAN if simplify(c) != c and not _encodable(c, "gb2312")]
    hans = [c for c in gb2312 if not _encodable(c, "big5") and restore(c) != c]
    lines = [
        HEAD.rstrip("\n"),
        *_wrapped("READINGS", (f"{k}:{v} " for k, v in _readings().items())),
        *_wrapped("HANT_ONLY", hant),
        *_wrapped("HANS_ONLY", hans),
    ]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write the file, or compare it with ``--check``."""
    text = make()
    if "--check" in arguments:
        return int(TARGET.read_text(encoding="utf-8") != text)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
