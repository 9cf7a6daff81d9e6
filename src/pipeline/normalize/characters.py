"""Cleaning single characters: controls, look-alikes, widths, spaces.

Never NFKC on text: it turns “会议”，（一）①㎡ into ASCII and digits. What is done
instead is listed here, character by character.
"""

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from itertools import groupby

# U+E5E5 is GBK A3A0, which Python leaves in the private use area and browsers show as U+3000
# (whatwg/encoding issue 338). The others are those that GB 18030-2000 mapped there because
# Unicode had no place for them yet; the 2005 and 2022 editions name the present ones.
_PRIVATE = {
    "\ue5e5": " ",
    "\ue7c7": "\u1e3f",
    "\ue78d": "\ufe10",
    "\ue78e": "\ufe12",
    "\ue78f": "\ufe11",
    **{chr(0xE790 + i): chr(0xFE13 + i) for i in range(7)},
    **dict(
        zip("\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864", "龴龵龶龷龸龹龺龻", strict=True)
    ),
    "\ue816": "\U00020087",
    "\ue817": "\U00020089",
    "\ue818": "\U000200cc",
    "\ue831": "\U000215d7",
    "\ue83b": "\U0002298f",
    "\ue855": "\U000241fe",
}
# CJK Radicals Supplement (U+2E80–2EF3) with the character each stands for; NFKC knows only two.
_RADICALS = (
    "⺀冫⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗㣺⺘扌⺙攵⺛旡⺝月⺞歺⺟母"
    "⺠民⺡氵⺢氺⺣灬⺤爫⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糹⺰纟⺱罓⺲罒⺶羊⺷羊⺹耂⺺肀⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹"
    "⻁虎⻂衤⻃覀⻄西⻅见⻆角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞"
    "⻝食⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\ufeff"
)
_SPACES = "\t\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
# 5．3 but not 第一．
_WIDE_POINT = re.compile(r"(?<=[0-9])．(?=[0-9])")
# Selectors mean something behind symbols and digits of emoji only.
_SELECTED = re.compile(
    rf"(?<![\u2000-\u2bff\u3030\u303d\u3297\u3299©®#*0-9\U0001f000-\U0001faff])[{_SELECTORS}]+"
)
_HAN_SIDE = r"[\u3400-\u9fff]"
_UNREADABLE = re.compile(rf"\ufffd|(?<={_HAN_SIDE})[\ue000-\uf8ff]|[\ue000-\uf8ff](?={_HAN_SIDE})")
LOST = frozenset(map(chr, (0xFFFD, *range(0xE000, 0xF900))))
_INNER_SPACES = re.compile(r" {2,}")
_LINE_EDGES = re.compile(r" ?\n ?")


@cache
def _replacements() -> dict[int, str]:
    table = dict(_PRIVATE)
    table |= dict.fromkeys(_INVISIBLE, "") | dict.fromkeys(_SPACES, " ")
    table |= {chr(c): "" for c in (*range(0x20), *range(0x7F, 0xA0)) if chr(c) not in "\t\n"}
    table |= {"\r": "\n", "\u2028": "\n", "\u2029": "\n", "\u0085": "\n"}
    table |= {chr(c): "\ufffd" for c in range(0xD800, 0xE000)}
    table |= {chr(c): unicodedata.normalize("NFKC", chr(c)) for c in range(0x2F00, 0x2FD6)}
    table |= dict(zip(_RADICALS[::2], _RADICALS[1::2], strict=True))
    table |= {chr(c): chr(c - 0xFEE0) for c in (*range(0xFF10, 0xFF1A), 0xFF05)}
    table |= {chr(c): chr(c - 0xFEE0) for c in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
    return {ord(k): v for k, v in table.items()}


@cache
def suspects() -> frozenset[str]:
    """Return the characters of which none stands in clean text; ``．`` and selectors may."""
    compatible = (*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20))
    selectors = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
    return frozenset(map(chr, (*_replacements(), *compatible, *selectors, 0xFF0E)))


@cache
def _suspect() -> re.Pattern[str]:
    """Any of them: a pattern passes over a text four times as fast as a set."""
    return one_of(suspects())


def one_of(chars: Collection[str]) -> re.Pattern[str]:
    """Return the pattern of a single character that is one of *chars*.

    Neighbours become ranges: a pattern compares characters beyond U+FFFF one by one.
    """
    codes = sorted(map(ord, chars))
    runs = [[y for _, y in x] for _, x in groupby(enumerate(codes), lambda x: x[1] - x[0])]
    ranges = (re.escape(chr(x[0])) + f"-{re.escape(chr(x[-1]))}" * (len(x) > 1) for x in runs)
    return re.compile(f"[{''.join(ranges)}]")


def clean_unicode(text: str) -> str:
    """Return *text* in the characters meant, in NFC, with its lines trimmed.

    Line ends become LF, controls and invisible characters go, lone surrogates become
    U+FFFD; radicals, compatibility ideographs and leftovers of old GB 18030 become the
    characters they stand for; full-width digits, letters and % become ASCII; all spaces
    become one U+0020. Chinese punctuation, ①, ㎡ and … stay. Idempotent.
    """
    if _suspect().search(text):
        text = text.replace("\r\n", "\n").translate(_replacements())
        text = _SELECTED.sub("", _WIDE_POINT.sub(".", text))
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if " " in text:
        text = _LINE_EDGES.sub("\n", _INNER_SPACES.sub(" ", text)).strip(" ")
    return text.strip("\n")


def is_clean(text: str, chars: set[str]) -> bool:
    """Tell quickly that `clean_unicode` would not change *text*; *chars* are its `suspects`, and others."""
    if not suspects().isdisjoint(chars) or not unicodedata.is_normalized("NFC", text):
        return False
    if text != text.strip(" \n"):
        return False
    return not ("  " in text or " \n" in text or "\n " in text)


def lost_characters(text: str) -> int:
    """Return how many characters nobody can read: U+FFFD, and private ones beside Han.

    Names with rare characters were written so. Icons of a site's own font stand alone and do
    not count.
    """
    return len(_UNREADABLE.findall(text))
