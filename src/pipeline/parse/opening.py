"""The opening words of a story: dateline, agency, place, date."""

import re
from collections.abc import Sequence

from pipeline.parse.dates import DATE
from pipeline.parse.text import Clip, Trace
from pipeline.records import Dateline, Quote

_BRACKET = r"(?:\s{0,3}[（(【][^（）()【】]{2,60}[）)】])?"
# 东昌府讯 | 【青岚商报网讯】 | （记者 甲）本报讯 | 【全媒体记者 乙】松河融媒讯; no 通讯员, no 讯问
_AGENCY = re.compile(
    rf"\s{{0,8}}{_BRACKET}\s{{0,4}}"
    r"【?(?P<agency>[\u4e00-\u9fff·]{1,16}?(?:讯(?![息问号飞员录社])|电(?=[\s（(])|消息(?=[\s（(，])))】?"
    rf"(?P<rest>{_BRACKET})"
)
# what may stand before 讯 where the story follows without a mark: 本报讯金秋时节
_PAPER = re.compile(r"(?:本报|本网|本台|本站|融媒|新闻|日报|晚报|网|台|中心|又)讯$")
_NO_AGENCY = frozenset({"快讯", "简讯", "短讯", "要讯", "喜讯"})  # 【快讯】 names nobody
_MARK = re.compile(r"$|[\s（(【\d，,：:—-]|记者|近日|日前|昨|今|二〇|[一二三四五六七八九十]{1,2}月")
_REPORTER = re.compile(r"记者|通讯员")  # 江北湾讯（记者 甲）盛夏时节
_GAP = re.compile(r"[\s，]{0,4}")
# 青岚区融媒体中心 12月16日讯 | 新华社北京2月29日电
_CENTRE = re.compile(r"\s{0,8}([\u4e00-\u9fff]{2,16}?)\s{0,4}(?=\d{1,2}月)")
_SENT = re.compile(r"\s?[讯电]")
_WIRE = re.compile(r"^(?:新华社|中新社|中新网|人民网|央广网|光明网|云上)")
_PLAIN = re.compile(
    r"(?:新闻网|融媒体中心|融媒体|融媒|日报|时报|晚报|报|新闻|发布|网|电视台|广播电视台|政府网|人大|政协)?(?:讯|电|消息)?$"
)
_NO_PLACE = frozenset({"本", "又", "快", "本站", "本台", "本网", "新", "简", "综合", "新华", "据"})
_AGAIN = re.compile(r"\s{0,8}(?:又讯|另讯|又电)")


def read_dateline(paragraphs: Sequence[str], place: str | None, trace: Trace) -> Dateline | None:
    """The dateline of the first paragraph that has one, among the first three."""
    for number, line in enumerate(paragraphs[:3]):
        found = _dateline(number, line, place, trace)
        if found:
            return found
    return None


def _dateline(number: int, line: str, place: str | None, trace: Trace) -> Dateline | None:
    m = _AGENCY.match(line)
    if (
        m
        and m["agency"][0] != "据"
        and m["agency"] not in _NO_AGENCY
        and (
            _PAPER.search(m["agency"]) or _MARK.match(line, m.end()) or _REPORTER.search(m["rest"])
        )
    ):
        gap = _GAP.match(line, m.end())
        date = DATE.match(line, gap.end() if gap else m.end())
        agency = Clip(number, line, *m.span("agency"))
    else:
        centre = _CENTRE.match(line)
        date = DATE.match(line, centre.end()) if centre else None
        if not (centre and date and _SENT.match(line, date.end())):
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


def _place(agency: Clip, place: str | None, trace: Trace) -> Quote | None:
    """The place that the agency's name begins with; nothing for 本报 and the like."""
    if place and place in agency.text:
        at = agency.line.index(place, agency.start)
        return trace.quote(agency.part(at, at + len(place)), "dateline.place", "known-place")
    wire = _WIRE.match(agency.text)
    lead = wire.end() if wire else 0
    name = _PLAIN.sub("", agency.text[lead:])
    if name in _NO_PLACE or not 2 <= len(name) <= 8:
        return None
    start = agency.start + lead
    return trace.quote(
        agency.part(start, start + len(name)), "dateline.place", "place-before-agency"
    )


def is_again(line: str) -> bool:
    """Whether a paragraph opens a second report: 又讯."""
    return bool(_AGAIN.match(line))
