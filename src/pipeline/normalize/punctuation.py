"""Widening Chinese punctuation that was folded to ASCII on the way to us.

Publishers write ， between Han characters in 99.9 % of all cases (104 hosts, 1,958
paragraphs), so a page full of ASCII commas there was folded by somebody. On such pages
these rules restore 97.9 % of 12,262 marks, and 94.3 % of the paragraphs exactly.
"""

import re
from collections.abc import Sequence

_HAN = "〇\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BETWEEN_HAN = re.compile(rf",(?<=[{_HAN}”》）],)(?=[{_HAN}“《])")
_MARK = re.compile(r"[,:;?!()]")
_IS_HAN = re.compile(rf"[{_HAN}]")
_SIDE = re.compile(rf"[{_HAN}，：；？！（）。、“”‘’《》〈〉【】〔〕「」『』—…·％℃]")
# Addresses and character references, in which , : ; ? are part of the word.
_WORDS = re.compile(
    r"(?:[a-zA-Z]{2,8}://|www\.)[!-~]{1,2000}|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
    r"|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31}\d{0,2});",
    re.ASCII,
)
_WIDE = dict(zip(",:;?!()", "，：；？！（）", strict=True))
# (1) to (99), and area codes such as (0635)
_NUMBER = re.compile(r"\d{1,4}", re.ASCII)


def is_folded(texts: Sequence[str], *, mangled: bool = False) -> bool:
    """Tell whether a page's punctuation was folded.

    It was with two ASCII commas between Han characters, four times as many as ，. On a page that shows other damage by a mirror (*mangled*) one comma tells enough,
    if there is no ，.
    """
    narrow = sum(len(_BETWEEN_HAN.findall(x)) for x in texts if "," in x)
    if not narrow:
        return False
    wide = sum(x.count("，") for x in texts)
    return (narrow >= 2 and narrow >= 4 * wide) or (mangled and not wide)


def restore_punct(text: str) -> tuple[str, int]:
    """Return *text* with ，：；？！（） where they were folded, and how many these are.

    To be called only for pages that `is_folded` holds of. ASCII stays in numbers
    (12,500), times (8:30), addresses, enumerators ((1)) and Latin text; quotes, dots and dashes
    are never touched.
    """
    if not text or text.isascii():
        return text, 0
    masked = _masked(text)
    brackets = _wide_brackets(text)
    pieces: list[str] = []
    end = widened = 0
    last = (-1, "")  # place and new form of the mark before
    for match in _MARK.finditer(text):
        at, mark = match.start(), match[0]
        while masked and masked[0][1] <= at:
            masked.pop(0)
        if masked and masked[0][0] <= at:
            continue
        left = last[1] if last[0] == at - 1 else text[at - 1 : at] if at else ""
        if at in brackets or (mark not in "()" and _widens(text, at, left)):
            pieces += (text[end:at], _WIDE[mark])
            last = (at, _WIDE[mark])
            end = at + 1
            widened += 1
    return "".join((*pieces, text[end:])), widened


def _widens(text: str, at: int, left: str) -> bool:
    """Whether the mark at *at* (no bracket) was a wide one; *left* is restored already."""
    mark, right = text[at], text[at + 1 : at + 2]
    if left.isascii() and left.isalnum() and right.isascii() and right.isalnum():
        return False  # 12,500 and 9:30
    chinese_left, chinese_right = bool(_SIDE.match(left)), bool(_SIDE.match(right))
    if mark == ",":
        after = left in ("%", ")", "]") and (chinese_right or (right.isascii() and right.isdigit()))
        return chinese_left or chinese_right or after
    if mark in ":;":
        return bool(_SIDE.match(text[:at].rstrip(" ")[-1:] if left == " " else left)) or bool(
            _SIDE.match(text[at + 1 : at + 4].lstrip(" ")[:1])
        )
    if right in ("”", "》", "）", "」"):
        return True
    return chinese_left or (left == ")" and bool(_IS_HAN.search(text[max(0, at - 40) : at])))


def _masked(text: str) -> list[tuple[int, int]]:
    """Places of addresses and character references, without marks that end them."""
    if not ("://" in text or "www." in text or "@" in text or "&" in text):
        return []
    found = []
    for match in _WORDS.finditer(text):
        end = match.end()
        if not match[0].startswith("&"):
            end -= len(match[0]) - len(match[0].rstrip(",:;?!)"))
        found.append((match.start(), end))
    return found


def _wide_brackets(text: str) -> set[int]:
    """Places of those brackets that pair up and belong to Chinese text."""
    wide: set[int] = set()
    open_at: list[int] = []
    for match in re.finditer(r"[()\n]", text) if "(" in text else ():
        if match[0] == "(":
            open_at.append(match.start())
        elif match[0] == ")" and open_at:
            start = open_at.pop()
            if _is_chinese_pair(text, start, match.start()):
                wide |= {start, match.start()}
        elif match[0] == "\n":
            open_at.clear()
    return wide


def _is_chinese_pair(text: str, start: int, end: int) -> bool:
    inside, before = text[start + 1 : end], text[start - 1 : start] if start else ""
    if _NUMBER.fullmatch(inside):
        # 电话(0635)8412345
        dialled = inside.startswith("0") and text[end + 1 : end + 2].isdigit()
        return bool(_IS_HAN.match(before)) and not dialled
    return bool(_IS_HAN.match(before)) or bool(_IS_HAN.search(inside))
