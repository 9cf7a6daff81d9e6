"""Dates as news texts write them, read against the page's date in China (UTC+8).

Year rule, as measured: in a dateline or of a meeting, the latest year that puts the day not more
than two days after the page's; in running text, the nearest year. Impossible dates are refused.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pipeline.errors import ParseError
from pipeline.parse.numerals import NUMBER, parse_number

Role = Literal["dateline", "text"]

_GRACE = timedelta(days=2)  # papers print tomorrow's date; pages are dated the evening before
_ZERO = "〇○◯零OoＯ"

# 2024年10月21日 | 二〇二四年十月二十一日 | 去年12月3日 | 10月21日 | 10月21日至22日 | 10月21—22日
_YEAR = rf"(?:(?P<year>\d{{4}}|[{_ZERO}一二三四五六七八九]{{4}})\s?年|(?P<year_word>今年|去年))\s?"
_TO = r"\s?(?:至|到|—{1,2}|-{1,2}|－|~|～)\s?"
_MONTH = rf"(?P<month>{NUMBER})\s?月\s?"
_DAY = rf"(?P<day>{NUMBER})\s?[日号](?![常前内])"
_UNTIL = rf"{_TO}(?:(?P<until_month>{NUMBER})\s?月\s?)?(?P<until_day>{NUMBER})\s?[日号]"
_DAY_RANGE = rf"(?P<first_day>{NUMBER})(?:{_TO}|、)(?P<last_day>{NUMBER})\s?日"
# 29日上午, 20日至21日; also 1030日 and 2025年1127日, whose 月 was lost: read, so that they can be refused
_ONLY_DAY = (
    rf"(?<![月第〕\]]) (?:{_YEAR.replace('<year', '<lone_year')})?(?P<only_day>{NUMBER})\s?(?:日?{_TO}(?P<only_until>{NUMBER})\s?)?日"
    r"(?=上午|下午|晚|中午|凌晨|早|，|,|讯|召开|举行|在|\s|$)"
).replace(" ", "")
_ISO = r"(?P<iso_year>\d{4})(?P<sep>[-/.])(?P<iso_month>\d{1,2})(?P=sep)(?P<iso_day>\d{1,2})(?!\d)"
_RELATIVE = r"(?P<relative>大前天|前天|前日|昨天|昨日|昨晚|今天|今日|今晨|今晚)"
# 本月20日 | 上周五
_OF_MONTH = rf"(?P<month_word>本月|上个?月)\s?(?P<month_day>{NUMBER})\s?日"
_OF_WEEK = r"(?P<week>[上本这]个?(?:周|星期))(?P<weekday>[一二三四五六日天])"
_DAYS_AGO = rf"(?P<days_ago>{NUMBER})\s?天前"
_VAGUE = r"(?P<vague>近日|日前|近期|不久前|连日来|最近)"

DATE = re.compile(
    rf"(?<![\d〔])(?:{_ISO}|(?:{_YEAR})?{_MONTH}(?:{_DAY_RANGE}|{_DAY}(?:{_UNTIL})?)|{_ONLY_DAY})"
    rf"|{_OF_MONTH}|{_OF_WEEK}|{_RELATIVE}|{_DAYS_AGO}|{_VAGUE}"
)
"""A date in running text."""

# （7月7日） after 昨天
_BRACKETED = re.compile(r"\s?[（(]\s?")
# 7月2日（星期二）上午
_WEEKDAY = re.compile(r"\s?[（(]?(?:星期|周)[一二三四五六日天][）)]?")
TIME_OF_DAY = re.compile(
    rf"\s?((?:上午|下午|晚上|晚间|凌晨|中午|清晨|早上|晚|午后)?\s?"
    rf"(?:{NUMBER}\s?(?:点|时)(?:\s?半|\s?{NUMBER}\s?分)?|\d{{1,2}}[:：]\d{{2}})"
    r"|上午|下午|晚上|晚间|凌晨|中午|清晨|早上|晚|午后)"
)
"""The time of day behind a date: 上午, 下午4点, 晚."""

_DAYS_BACK = {"大前天": 3, "前天": 2, "前日": 2, "昨天": 1, "昨日": 1, "昨晚": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDate:
    """A date in a string: what day (None for 近日), where the words stand, and the time of day."""

    day: date | None
    until: date | None
    start: int
    end: int
    time: tuple[int, int] | None
    problem: str | None = None


def parse_date(words: str, page_date: date | None, role: Role = "dateline") -> date | None:
    """The day that *words* name, such as ``9月3日``, ``昨天`` or ``二〇二四年九月三日``.

    *page_date* is the page's date in China. Returns None where no day is named
    (近日), or where the year or month cannot be known. Raises `ParseError` for an
    impossible date (10月41日): a wrong date is worse than a missing one.
    """
    found = find_date(words, page_date, role=role)
    if found is None:
        return None
    if found.problem:
        raise ParseError(found.problem, where=words, hint="the date is left empty")
    return found.day


def find_date(
    line: str,
    page_date: date | None,
    *,
    start: int = 0,
    end: int | None = None,
    role: Role = "dateline",
    today: date | None = None,
) -> FoundDate | None:
    """The first date in ``line[start:end]``; a date in brackets behind 昨天 wins over it.

    *today* is what 今天 and 昨天 count from: a dateline's day, else the page's.
    """
    end = len(line) if end is None else end
    match = DATE.search(line, start, end)
    if match is None:
        return None
    stop = match.end()
    if match["relative"] or match["vague"]:
        bracket = _BRACKETED.match(line, stop, end)
        inner = DATE.match(line, bracket.end(), end) if bracket else None
        if inner and not inner["relative"] and inner.end() < end and line[inner.end()] in "）)":
            match, stop = inner, inner.end() + 1
    weekday = _WEEKDAY.match(line, stop, end)
    time = TIME_OF_DAY.match(line, weekday.end() if weekday else stop, end)
    begin = match.start()
    try:
        day, until = _resolve(match, today or page_date if match["relative"] else page_date, role)
        problem = None
    except ParseError as error:
        day = until = None
        problem = error.message
    return FoundDate(
        day=day,
        until=until,
        start=begin,
        end=match.end(),
        time=time.span(1) if time else None,
        problem=problem,
    )


def _resolve(m: re.Match[str], page: date | None, role: Role) -> tuple[date | None, date | None]:
    if m["vague"]:
        return None, None
    if m["relative"]:
        return (page - timedelta(days=_DAYS_BACK.get(m["relative"], 0)) if page else None), None
    if m["days_ago"]:
        ago = parse_number(m["days_ago"])
        return (page - timedelta(days=ago) if page and ago is not None else None), None
    if m["month_word"] or m["week"]:
        return _beside_page(m, page), None
    if m["iso_year"]:
        return _date(int(m["iso_year"]), int(m["iso_month"]), int(m["iso_day"]), m[0]), None
    if m["only_day"]:
        if m["lone_year"] or m["lone_year_word"]:
            raise ParseError(f"impossible date {m[0]!r}")
        first_day = _day_of_month(_number(m["only_day"], m[0]), page, m[0])
        return first_day, _until(first_day, m)
    month, day = _number(m["month"], m[0]), _number(m["day"] or m["first_day"], m[0])
    if m["year"]:
        first: date | None = _date(_number(m["year"], m[0]), month, day, m[0])
    elif m["year_word"]:
        back = 1 if m["year_word"] == "去年" else 0
        first = _date(page.year - back, month, day, m[0]) if page else None
    else:
        first = _infer_year(month, day, page, role, m[0])
    return first, _until(first, m)


def _until(first: date | None, m: re.Match[str]) -> date | None:
    last = m["last_day"] or m["until_day"] or m["only_until"]
    if first is None or not last:
        return None
    month = _number(m["until_month"], m[0]) if m["until_month"] else first.month
    day = _number(last, m[0])
    if m["only_until"] and day < first.day:
        month = month % 12 + 1  # 30日至1日
    end = _date(first.year + (month < first.month), month, day, m[0])
    return end if end > first else None


def _beside_page(m: re.Match[str], page: date | None) -> date | None:
    """本月20日 and 上周五, counted from the page's day."""
    if page is None:
        return None
    if m["week"]:
        monday = page - timedelta(days=page.weekday() + 7 * (m["week"][0] == "上"))
        return monday + timedelta(days="一二三四五六日".index(m["weekday"].replace("天", "日")))
    month = page if m["month_word"] == "本月" else page.replace(day=1) - timedelta(days=1)
    return _date(month.year, month.month, _number(m["month_day"], m[0]), m[0])


def _number(words: str, whole: str) -> int:
    number = parse_number(words)
    if number is None:
        raise ParseError(f"no number in the date {whole!r}")
    return number


def _date(year: int, month: int, day: int, words: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ParseError(f"impossible date {words!r}") from error


def _infer_year(month: int, day: int, page: date | None, role: Role, words: str) -> date | None:
    _date(2024, month, day, words)  # a leap year: refuses what no year has
    if page is None:
        return None
    years = (page.year + 1, page.year, page.year - 1, page.year - 2, page.year - 3, page.year - 4)
    real = [date(y, month, day) for y in years if (month, day) != (2, 29) or _leap(y)]
    if role == "text":
        return min(real, key=lambda x: abs(x - page))
    return max((x for x in real if x <= page + _GRACE), default=None)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _day_of_month(day: int, page: date | None, words: str) -> date | None:
    """29日上午: the latest such day not after the page's."""
    if not 1 <= day <= 31:
        raise ParseError(f"impossible date {words!r}")
    if page is None:
        return None
    month = page.replace(day=1)
    for _ in range(3):
        try:
            found = month.replace(day=day)
        except ValueError:
            found = None
        if found and found <= page + _GRACE:
            return found
        month = (month - timedelta(days=1)).replace(day=1)
    return None
