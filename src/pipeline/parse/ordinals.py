"""A meeting's numbers: 第49次, 十六届县人民政府第52次, 2024年第6次（5届51次）."""

import re
from dataclasses import dataclass

from pipeline.parse.numerals import NUMBER, parse_number
from pipeline.records import Ordinal

# what may stand between 次 and the word for the meeting; 第五次全国经济普查推进会 has no such number
_AFTER_SEQ = (
    r"(?=\s?(?:[（(〔][^（）()]{1,14}[）)〕])?\s?(?:扩大)?"
    r"(?:[\u4e00-\u9fff]{0,6}?[区县市旗省])?(?:人民政府|政府|区委|县委|市委|党组|[区县市旗州镇乡]长|[区县市旗]政府)?(?:党组)?(?:理论)?(?:学习)?"
    r"(?:会议|常务|常委|全委|全体|全会|主任会|主任办公|主席|办公|专题|集中|集体|党组|碰头|例会|(?:会员|妇女|职工|残疾人|归侨)?代表大会|中心组|扩大|工作会|联席|协商|学习|推进会|调度|$|[，。）)（(暨和、]))"
)
_NUMBERS = re.compile(
    rf"(?P<year>20\d{{2}}|二[〇○零][〇○零一二三四五六七八九]{{2}})\s?年(?:度(?=\s?第))?(?!\s?\d{{1,2}}\s?月|度)"
    r"|[〔\[（(](?P<bracket_year>20\d{2})年?[〕\]）)]"
    rf"|第?\s?(?P<term>{NUMBER})\s?届"
    rf"|第?\s?(?P<seq>{NUMBER})\s?次{_AFTER_SEQ}"
)

_ASIDES = re.compile(r"[（(][^（）()]{0,14}[）)]|扩大|\s|第(?=会议|常务)")


@dataclass(frozen=True, slots=True)
class FoundOrdinal:
    """A number and where its first and last words stand."""

    ordinal: Ordinal
    start: int
    end: int


def find_ordinals(line: str, start: int, end: int) -> list[FoundOrdinal]:
    """The numbers in the name of a meeting, in order; a term or year without 第…次 is none."""
    found: list[FoundOrdinal] = []
    term = year = first = None
    for m in _NUMBERS.finditer(line[:end], start):
        first = m.start() if first is None else first
        if m["seq"]:
            seq = parse_number(m["seq"])
            if seq and 0 < seq < 1000:
                found.append(FoundOrdinal(Ordinal(term=term, seq=seq, year=year), first, m.end()))
            term = year = first = None
        elif m["term"]:
            term = parse_number(m["term"])
        else:
            year = parse_number(m["year"] or m["bracket_year"])
    return found


def without_numbers(name: str) -> str:
    """The name of a meeting without its numbers, blanks and （扩大）, to tell its kind by."""
    plain = _NUMBERS.sub("", name)
    return _ASIDES.sub("", plain)
