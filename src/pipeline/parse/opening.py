"""The opening words of a story: dateline, agency, place, date."""

import re
from collections.abc import Sequence

from pipeline.parse.dates import DATE, TIME_OF_DAY
from pipeline.parse.text import Clip, Trace
from pipeline.records import Dateline

# 东昌府讯 | 青岚新闻网讯 | 云泽融媒讯 | 本报讯 | 青岚区融媒体中心 12月16日讯 | 【快讯】
_BRACKET = r"(?:\s{0,3}[（(【][^（）()【】]{2,60}[）)】])?"
_AGENCY = re.compile(
    rf"^\s{{0,8}}{_BRACKET}\s{{0,4}}"
    r"(?P<agency>[\u4e00-\u9fff·]{1,16}?(?:讯|电(?=[\s（(])|消息(?=[\s（(，])))"
    rf"(?![息问号飞])(?P<rest>{_BRACKET})"
)
_CENTRE = re.compile(
    rf"^\s{{0,8}}{_BRACKET}\s{{0,4}}(?P<agency>[\u4e00-\u9fff]{{2,14}}(?:融媒体中心|融媒中心|日报|新闻网|电视台|发布))"
    rf"\s{{0,4}}(?:{{date}})\s?(?:讯|电)"
)
_PLAIN = r"(?:新闻网|融媒体中心|融媒体|融媒|日报|时报|晚报|报|新闻|发布|网|电视台|广播电视台|政府网|人大|政协)?(?:讯|电|消息)?$"
_NO_PLACE = frozenset({"本", "又", "快", "本站", "本台", "本网", "新", "简", "综合", "新华", "据"})
_AGAIN = re.compile(r"^\s{0,8}(?:又讯|另讯|又电)")


def read_dateline(paragraphs: Sequence[str], place: str | None, trace: Trace) -> Dateline | None:
    """The dateline of the first paragraph that has one, among the first three."""
    for number, line in enumerate(paragraphs[:3]):
        found = _dateline(number, line, place, trace)
        if found:
            return found
    return None


def _dateline(number: int, line: str, place: str | None, trace: Trace) -> Dateline | None:
    m = _AGENCY.match(line)
    date = None
    if m:
        at = m.end()
        gap = re.compile(r"[\s，]{0,4}").match(line, at)
        date = DATE.match(line, gap.end() if gap else at)
        agency = Clip(number, line, *m.span("agency"))
    else:
        centre = re.match(r"^\s{0,8}([\u4e00-\u9fff]{2,16}?)\s{0,4}(?=\d{1,2}月)", line)
        date = DATE.match(line, centre.end()) if centre else None
        if not (centre and date and re.match(r"\s?(?:讯|电)", line[date.end() : date.end() + 2])):
            return None
        agency = Clip(number, line, *centre.span(1))
    return Dateline(
        agency=trace.quote(agency, "dateline.agency", "dateline"),
        place=_place(agency, place, trace),
        date_words=trace.quote(
            Clip(number, line, date.start(), date.end()), "dateline.date_words", "dateline"
        )
        if date
        else None,
    )


def _place(agency: Clip, place: str | None, trace: Trace):  # type: ignore[no-untyped-def]
    if place and place in agency.text:
        at = agency.line.index(place, agency.start)
        return trace.quote(agency.part(at, at + len(place)), "dateline.place", "known-place")
    name = re.sub(_PLAIN, "", agency.text)
    if name in _NO_PLACE or not 2 <= len(name) <= 8:
        return None
    return trace.quote(
        agency.part(agency.start, agency.start + len(name)), "dateline.place", "place-before-agency"
    )


def is_again(line: str) -> bool:
    """Whether a paragraph opens a second report: 又讯."""
    return bool(_AGAIN.match(line))


__all__ = ["TIME_OF_DAY", "is_again", "read_dateline"]
