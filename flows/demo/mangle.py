"""What a spam mirror does to a page: traditional characters, pinyin in brackets, folded marks.

The rules are those measured on real mirrors. Conversion goes character by
character, with no regard for words; a fixed set of characters is followed by
its reading wherever it stands, right or wrong in context, and sometimes where it
does not stand; some copies have their full-width marks folded to ASCII as well.
"""

from functools import cache

from opencc import OpenCC

_READINGS = {
    "創": "chuàng", "態": "tài", "戰": "zhàn", "業": "yè", "現": "xiàn", "環": "huán",
    "產": "chǎn", "發": "fā", "穩": "wěn", "統": "tǒng", "經": "jīng", "續": "xù",
    "調": "diào", "農": "nóng", "醫": "yī", "區": "qū", "轉": "zhuǎn", "養": "yǎng",
    "優": "yōu", "構": "gòu", "節": "jié", "網": "wǎng", "衛": "wèi", "鄉": "xiāng",
    "鎮": "zhèn", "聯": "lián", "據": "jù", "設": "shè", "關": "guān", "內": "nèi",
    "礎": "chǔ", "標": "biāo", "認": "rèn", "導": "dǎo", "務": "wù", "協": "xié",
    "應": "yīng", "獻": "xiàn", "質": "zhì", "預": "yù", "復": "fù", "強": "qiáng",
    "當": "dāng", "術": "shù", "擴": "kuò", "細": "xì", "護": "hù", "責": "zé",
    "準": "zhǔn", "習": "xí", "濟": "jì", "學": "xué", "嚴": "yán", "規": "guī",
    "風": "fēng", "機": "jī", "藍": "lán", "達": "dá", "領": "lǐng", "絡": "luò",
    "負": "fù", "點": "diǎn", "實": "shí", "進": "jìn", "項": "xiàng", "災": "zāi",
    "堅": "jiān", "驗": "yàn", "紀": "jì", "結": "jié", "價": "jià", "個": "gè",
    "動": "dòng", "時": "shí", "會": "huì", "數": "shù", "險": "xiǎn", "報": "bào",
    "擔": "dān", "費": "fèi", "勵": "lì", "執": "zhí", "權": "quán", "獎": "jiǎng",
    "監": "jiān", "補": "bǔ", "爭": "zhēng", "計": "jì", "運": "yùn", "識": "shí",
    "對": "duì", "評": "píng", "勢": "shì",
}  # fmt: skip
"""The characters that this mirror annotates, in the order in which mirrors take them up."""

# Characters that mirrors leave simplified although a traditional form exists.
_LEFT = frozenset(
    "于系制里后云余采范干并布志愿升占卷注游周只松板克征千筑斗蒙舍么面出了合同群核念才秋果象向表席杰托岳伙柜"
)
# Ambiguous ones that mirrors always convert, to one form, and the form they choose among variants.
_ALWAYS = dict(
    zip(
        "准台划症发复极种万烟汇钟当着为众启伪签秘",
        "準臺劃癥發復極種萬煙匯鐘當著為眾啟偽簽秘",
        strict=True,
    )
)
_FOLDED = str.maketrans("，：；？！（）", ",:;?!()")


def mangle(text: str, *, fold: bool = False) -> str:
    """Return *text* as the mirror shows it; *fold* also turns full-width marks into ASCII.

    The mirror's program replaces GBK bytes without minding where characters begin. Now and
    then the bytes of two neighbours hold a third character (請提 holds 執), and the text up
    to the next ASCII byte is lost: ``請?zhí)崆白龊…``. A character that GBK lacks becomes a
    numeric reference, as servers write it.
    """
    converted = "".join(_traditional(x) for x in text)
    data = converted.encode("gbk", errors="xmlcharrefreplace")
    for character, reading in _READINGS.items():
        data = data.replace(character.encode("gbk"), f"{character}({reading})".encode("gbk"))
    shown = _decode(data)
    return shown.translate(_FOLDED) if fold else shown


def _decode(data: bytes) -> str:
    """GBK as the mirror's program reads it: a lead byte takes the next one along, or both are ``?``."""
    found: list[str] = []
    i = 0
    while i < len(data):
        width = 1 if data[i] < 0x80 else 2
        try:
            found.append(data[i : i + width].decode("gbk"))
        except UnicodeDecodeError:
            found.append("?")
        i += width
    return "".join(found)


@cache
def _traditional(character: str) -> str:
    if character < "一" or character in _LEFT:
        return character
    return _ALWAYS.get(character) or _converter().convert(character)


@cache
def _converter() -> OpenCC:
    return OpenCC("s2t")
