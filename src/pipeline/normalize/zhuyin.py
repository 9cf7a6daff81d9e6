"""Bopomofo (注音符號) as pinyin: ㄏㄨㄟˋ → hui4."""

BOPOMOFO = "\u3105-\u3129˙ˊˇˋˉ"

_TONES = {"ˉ": "1", "ˊ": "2", "ˇ": "3", "ˋ": "4", "˙": "5"}
_INITIALS = dict(
    zip(
        "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙ",
        [
            "b",
            "p",
            "m",
            "f",
            "d",
            "t",
            "n",
            "l",
            "g",
            "k",
            "h",
            "j",
            "q",
            "x",
            "zh",
            "ch",
            "sh",
            "r",
            "z",
            "c",
            "s",
        ],
        strict=True,
    )
)
_FINALS = dict(
    pair.split(":")
    for pair in [
        "ㄚ:a",
        "ㄛ:o",
        "ㄜ:e",
        "ㄝ:e",
        "ㄞ:ai",
        "ㄟ:ei",
        "ㄠ:ao",
        "ㄡ:ou",
        "ㄢ:an",
        "ㄣ:en",
        "ㄤ:ang",
        "ㄥ:eng",
        "ㄦ:er",
        "ㄧ:i",
        "ㄧㄚ:ia",
        "ㄧㄝ:ie",
        "ㄧㄠ:iao",
        "ㄧㄡ:iu",
        "ㄧㄢ:ian",
        "ㄧㄣ:in",
        "ㄧㄤ:iang",
        "ㄧㄥ:ing",
        "ㄨ:u",
        "ㄨㄚ:ua",
        "ㄨㄛ:uo",
        "ㄨㄞ:uai",
        "ㄨㄟ:ui",
        "ㄨㄢ:uan",
        "ㄨㄣ:un",
        "ㄨㄤ:uang",
        "ㄨㄥ:ong",
        "ㄩ:v",
        "ㄩㄝ:ve",
        "ㄩㄢ:van",
        "ㄩㄣ:vn",
        "ㄩㄥ:iong",
    ]
)
_ALONE = dict(
    pair.split(":")
    for pair in [
        "ㄧ:yi",
        "ㄧㄚ:ya",
        "ㄧㄛ:yo",
        "ㄧㄝ:ye",
        "ㄧㄠ:yao",
        "ㄧㄡ:you",
        "ㄧㄢ:yan",
        "ㄧㄣ:yin",
        "ㄧㄤ:yang",
        "ㄧㄥ:ying",
        "ㄨ:wu",
        "ㄨㄚ:wa",
        "ㄨㄛ:wo",
        "ㄨㄞ:wai",
        "ㄨㄟ:wei",
        "ㄨㄢ:wan",
        "ㄨㄣ:wen",
        "ㄨㄤ:wang",
        "ㄨㄥ:weng",
        "ㄩ:yu",
        "ㄩㄝ:yue",
        "ㄩㄢ:yuan",
        "ㄩㄣ:yun",
        "ㄩㄥ:yong",
    ]
)


def is_zhuyin(syllable: str) -> bool:
    """Tell whether a syllable is written in bopomofo."""
    return "\u3105" <= syllable[0] <= "\u3129" or syllable[0] in _TONES


def pinyin_of(zhuyin: str) -> str:
    """Return one syllable in letters and tone digit, or "" for what is no syllable.

    Without a mark it is the first tone; the neutral mark may stand in front.
    """
    letters = "".join(c for c in zhuyin if c not in _TONES)
    tones = [_TONES[c] for c in zhuyin if c in _TONES] or ["1"]
    initial, final = _INITIALS.get(letters[:1], ""), letters[1:]
    if not initial:
        base = _ALONE.get(letters) or _FINALS.get(letters, "")
    elif not final:
        base = initial + "i" if letters in "ㄓㄔㄕㄖㄗㄘㄙ" else ""
    else:
        found = _FINALS.get(final, "")
        if initial in ("j", "q", "x") and found.startswith("v"):
            found = "u" + found[1:]  # 居 is ju, 女 is nv
        base = initial + found if found else ""
    return base + tones[0] if base and len(tones) == 1 else ""
