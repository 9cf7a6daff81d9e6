"""Chinese and Arabic numerals as integers: 四十九, 廿一, 二〇二四, 49, 第五十次."""

import re

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": 0, "○": 0, "◯": 0, "Ｏ": 0, "O": 0, "o": 0, "两": 2, "元": 1
}  # fmt: skip
_UNITS = {"十": 10, "百": 100, "千": 1000}
_TENS = {"廿": 20, "卅": 30}

NUMBER = r"(?:[0-9０-９]{1,4}|[〇○◯零一二三四五六七八九十百廿卅两元]{1,8})"
"""Pattern of a number as meetings and dates write it."""

_ORDINAL = re.compile(rf"第?\s{{0,2}}({NUMBER})\s{{0,2}}[次届号期批]?")


def parse_number(words: str) -> int | None:
    """The integer that *words* write, or None: ``49``, ``四十九``, ``二〇二四``, ``廿一``."""
    words = words.strip()
    if not words:
        return None
    if words.isdecimal():
        return int(words)
    if any(c not in _DIGITS and c not in _UNITS and c not in _TENS for c in words):
        return None
    if not any(c in _UNITS or c in _TENS for c in words):
        # 二〇二四: digits read one by one; a single one is itself
        return (
            int("".join(str(_DIGITS[c]) for c in words))
            if len(words) != 2 or "〇" in words
            else None
        )
    return _with_units(words)


def _with_units(words: str) -> int | None:
    total = 0
    digit: int | None = None
    last_unit = 10_000
    for c in words:
        if c in _TENS:
            if digit is not None or last_unit <= 10:
                return None
            total, last_unit = total + _TENS[c], 10
        elif c in _UNITS:
            unit = _UNITS[c]
            if unit >= last_unit or digit == 0:
                return None
            total, last_unit, digit = total + (1 if digit is None else digit) * unit, unit, None
        elif digit is None or digit == 0:
            digit = _DIGITS[c]
        else:
            return None
    return total + (digit or 0)


def parse_ordinal_words(words: str) -> int | None:
    """The number in words such as ``第五十次``, ``第７次`` or ``第 32 次``, or None."""
    found = _ORDINAL.fullmatch(words.strip())
    number = parse_number(found[1]) if found else None
    return number if number and number > 0 else None
