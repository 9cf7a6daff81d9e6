"""What mirrors do to a text: a program like theirs, to try the repairs with.

They convert character by character, put the default reading behind some characters
(a fixed order and a cut-off for each site), by replacing bytes in GBK wherever they stand,
and crawlers fold the punctuation.
"""

from functools import cache

import opencc

from pipeline.decode.readings import default_readings

# The order in which sites annotate, earliest first: a site has the first n of these.
ORDER = (
    "創態戰業現環產發穩統經續調農醫區轉養優構節網衛鄉鎮聯據設關內礎標認導務協應獻質預復強當術擴細護責準習濟學嚴規風機藍達領絡負點實進項災堅驗"
    "紀結價個動時會數險報擔費勵執權獎監補爭計運識對評勢儲場營團隊長級夢臺樂國庫語簡頁來過詢見問線潤萬無說滿專類門書車開訓請"
)
LEFT = frozenset(
    "于系制里后云余采范干并布志愿升占卷注游周只松板克征千筑斗蒙舍么面出了合同群核念才秋果象向表席杰托岳伙柜"
)
ALWAYS = str.maketrans("准台划症发复极种万烟汇钟当着", "準臺劃癥發復極種萬煙匯鐘當著")
FOLDED = str.maketrans("，：；？！（）", ",:;?!()")
_MARKS = {"a": "āáǎà", "e": "ēéěè", "i": "īíǐì", "o": "ōóǒò", "u": "ūúǔù", "v": "ǖǘǚǜ"}


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


@cache
def _to_traditional(char: str) -> str:
    return char if char in LEFT else str(_converter().convert(char))


def convert(text: str) -> str:
    """Traditional characters, one for one, without regard to words."""
    return "".join(map(_to_traditional, text.translate(ALWAYS)))


@cache
def syllable(char: str) -> str:
    """The default reading of a character with its tone mark: huì."""
    key = default_readings()[char]
    letters, tone = key[:-1], int(key[-1])
    if tone == 5:
        return letters
    vowel = next((v for v in ("a", "e", "ou") if v in letters), None)
    bearer = vowel[0] if vowel else [c for c in letters if c in _MARKS][-1]
    marked = letters.replace(bearer, _MARKS[bearer][tone - 1], 1)
    return marked.replace("v", "ü")


def annotate(text: str, chars: str) -> str:
    """The text with the reading behind each of *chars*."""
    table = {ord(c): f"{c}({syllable(c)})" for c in chars}
    return text.translate(table)


def annotate_bytes(text: str, chars: str) -> bytes:
    """GBK bytes of the text with the reading behind each byte pair of *chars*."""
    body = text.encode("gbk")
    for char in chars:
        pair = char.encode("gbk")
        body = body.replace(pair, pair + f"({syllable(char)})".encode("gbk"))
    return body


def read_leniently(body: bytes) -> str:
    """GBK as mirrors decode it: a lead byte without trail takes the next byte along, as ?."""
    pieces: list[str] = []
    at = 0
    while at < len(body):
        size = 1 if body[at] < 0x80 else 2
        char = body[at : at + size].decode("gbk", "replace")
        pieces.append("?" if "\ufffd" in char else char)
        at += size
    return "".join(pieces)


def mangle(text: str, *, types: int = 62, fold: bool = True) -> str:
    """A page of simplified text as a mirror with *types* annotated characters shows it."""
    shown = annotate(convert(text), ORDER[:types])
    return shown.translate(FOLDED) if fold else shown
