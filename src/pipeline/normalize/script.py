"""Simplified and traditional characters: which of the two a page is in, and conversion.

Conversion is OpenCC's ``t2s`` behind three guards. Without the gate it harms clean
simplified text (王丙乾 → 王丙干, 破坏土耳其 → 破坯土耳其: 85 of 2,174 texts). It leaves 著
alone (OpenCC issues 555 and 859), which is 着 most of the time. And for rare characters it
names simplified forms beyond U+FFFF that fonts lack.
"""

import re
from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Literal, cast

from pipeline.decode.tables import HANS_ONLY, HANT_ONLY

Script = Literal["hans", "hant", "mixed", "none"]
Variety = Literal["t", "tw", "hk"]

_HAN = re.compile(r"[\u3400-\u9fff]")
# Hiragana and katakana; ・ and ー also stand in Chinese.
_KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30fa]")
_DECIDING = 10

# Left by OpenCC 1.4: characters that are not standard in the mainland.
_LEFTOVERS = str.maketrans("妳砲倣銲隄", "你炮仿焊堤")
_LEFTOVER_WORDS = (("甚么", "什么"), ("李承干", "李承乾"))

# 随着名校, 意味着作者: behind these it is the particle whatever follows.
_WITH_PARTICLE = frozenset("随沿朝顺围味伴")
# 显著 原著 论著 译著 专著 名著 编著 卓著 昭著 土著 拙著 巨著 所著 遗著, but 彰显着, 讨论着, 报名着
_AUTHORED_BEFORE = (
    r"(?<=[卓昭编土拙巨所遗原专])|(?<=[^彰凸尽]显)|(?<=^显)|(?<=[^讨议评争谈]论)|(?<=^论)"
    r"|(?<=[^翻]译)|(?<=^译)|(?<=[^报]名)|(?<=^名)|(?<=微知)"
)
# 著名 著作 著者 著述 著称 著录 著书 著有《, but 有着名额, 起着作用, 背着书包
_AUTHORED_AFTER = (
    r"名(?![额单次牌片]|校(?![长友]))|作(?![用为业战坊息风物])|[者述称录]|书(?![包本架桌信])|有《"
)
_AUTHORED = re.compile(rf"(?:{_AUTHORED_BEFORE})著|著(?:{_AUTHORED_AFTER})|(?<=合)著(?=《)")

# 于, 范, 后 … are surnames or given names as they stand; as words they are 於, 範, 後.
_KEPT_IN_NAMES = frozenset(
    "于范后里余云谷丑郁姜岳沈涂卜种朴仇曲冲松升志杰干系台秋向占千折才表征尽御克"
)
_ADDRESSED = re.compile(r"[于范](?=先生|女士|小姐|老师|同志|某)")
_VARIETIES = {"t": "s2t", "tw": "s2tw", "hk": "s2hk"}
_WRONG_PHRASES = (("麪積", "面積"), ("麵積", "面積"))  # 面粉和面积
_SHIELD = 0xF0000  # a private plane that clean text never uses


def script_of(texts: Sequence[str]) -> Script:
    """Return the script that a page is written in, ``none`` where it has no Han.

    Judged by the characters that only one script has: on clean simplified pages less than
    10 % of these are traditional, on mirrors 91 to 100 %.
    """
    hant, hans = deciding(texts)
    if not hant and not hans:
        return "hans" if any(_HAN.search(x) for x in texts) else "none"
    share = hant / (hant + hans)
    if share < 0.1:
        return "hans"
    return "hant" if share >= 0.5 else "mixed"


def deciding(texts: Sequence[str]) -> tuple[int, int]:
    """Return how many characters are traditional only and how many simplified only."""
    hant, hans = _only()
    traditional = simplified = 0
    for text in texts:
        traditional += len(hant.findall(text))
        simplified += len(hans.findall(text))
    return traditional, simplified


def should_simplify(texts: Sequence[str], *, certain: bool = False) -> bool:
    """Tell whether a page is to be converted: at least half of ten deciding characters.

    Not for Japanese. *certain* (the page is a mirror's) does without the ten.
    """
    if is_japanese("".join(texts)):
        return False
    hant, hans = deciding(texts)
    return hant > 0 and hant >= hans and (certain or hant + hans >= _DECIDING)


def is_japanese(text: str) -> bool:
    """Tell whether a text holds enough kana to be Japanese, more than a name or two."""
    kana = len(_KANA.findall(text))
    return kana > 1 and kana * 20 > len(_HAN.findall(text)) + kana


def to_simplified(text: str, *, script: Script = "hant") -> str:
    """Return *text* in simplified characters, as the mainland writes them.

    Only for text known to be traditional: pass what `script_of` says of the page; text
    of another script, and Japanese, comes back unchanged. One character becomes one.
    """
    if script != "hant" or not text or is_japanese(text):
        return text
    result = _converter("t2s")(text)
    if len(result) == len(text) and max(result) > "\uffff":
        result = "".join(
            old if new > "\uffff" >= old else new for old, new in zip(text, result, strict=True)
        )
    result = result.translate(_LEFTOVERS)
    for old, new in _LEFTOVER_WORDS:
        result = result.replace(old, new)
    return restore_zhe(result) if "著" in result else result


def restore_zhe(text: str) -> str:
    """Return simplified *text* with 着 for the particle that mirrors write 著.

    著 stays in words of writing and renown (著名, 显著, 原著). Right for 99.88 % of the
    tokens in 20.2 million characters.
    """
    pieces: list[str] = []
    end = 0
    at = text.find("著")
    while at >= 0:
        before = text[max(0, at - 2) : at]
        window = before + text[at : at + 4]
        kept = before[-1:] not in _WITH_PARTICLE and _AUTHORED.match(window, len(before))
        pieces += (text[end:at], "著" if kept else "着")
        end = at + 1
        at = text.find("著", end)
    return "".join((*pieces, text[end:]))


def to_traditional(text: str, variety: Variety = "t", *, names: Collection[str] = ()) -> str:
    """Return simplified *text* in traditional characters, without touching its words.

    *variety* ``tw`` and ``hk`` use the forms of Taiwan and Hong Kong, ``t`` those of
    OpenCC. *names* are personal names in the text: what is one character in a name
    and another in a word stays as it is (于海田, 范先生).
    """
    convert = _converter(_VARIETIES[variety])
    shielded: list[str] = []

    def shield(match: re.Match[str]) -> str:
        name = match[0]
        shielded.append("".join(c if c in _KEPT_IN_NAMES else convert(c) for c in name))
        return chr(_SHIELD + len(shielded) - 1)

    wanted = sorted((n for n in names if not _KEPT_IN_NAMES.isdisjoint(n)), key=len, reverse=True)
    pattern = "|".join((*map(re.escape, wanted), _ADDRESSED.pattern))
    result = convert(re.sub(pattern, shield, text))
    for old, new in _WRONG_PHRASES:
        result = result.replace(old, new)
    if not shielded:
        return result
    return re.sub("[\U000f0000-\U000ffffd]", lambda m: shielded[ord(m[0]) - _SHIELD], result)


@cache
def hant_only() -> frozenset[str]:
    """Return the characters that only traditional text holds."""
    return frozenset(HANT_ONLY)


@cache
def _only() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(f"[{HANT_ONLY}]"), re.compile(f"[{HANS_ONLY}]")


@cache
def _converter(config: str) -> Callable[[str], str]:
    # One a process: s2t and s2tw take a tenth of a second to load. Thread-safe.
    import opencc  # noqa: PLC0415

    return cast("Callable[[str], str]", opencc.OpenCC(config).convert)
