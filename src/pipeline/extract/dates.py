"""Numeric timestamps as pages print them."""

import re
from collections.abc import Iterator
from datetime import date, time

from pipeline.records import Published

# 2024-10-22 09:24, 2024年10月22日 09:24:30, 2024/1/2, 2026-09-28-21:50:00, 9∶24 (ratio sign)
_STAMP = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)\s{0,2}[-/.年]\s{0,2}(?P<m>\d{1,2})\s{0,2}[-/.月]\s{0,2}(?P<d>\d{1,2})(?!\d)"
    r"\s?日?"
    r"(?:[\sT\xa0　-]{0,8}(?:星期.)?\s{0,3}(?P<h>\d{1,2})\s?[:：∶时]\s?(?P<i>\d{2})(?:\s?[:：∶分]\s?(?P<s>\d{2}))?)?"
)
# 10-22, [10/22]: the year stands elsewhere
_SHORT = re.compile(r"(?<![\d.:-])(?P<m>\d{1,2})[-/月](?P<d>\d{1,2})日?(?![\d.:-])")
# Two elements of a list: "22" and "2024-10"
_DAY_FIRST = re.compile(r"(?<!\d)(?P<d>\d{1,2})\s{1,3}(?P<y>20\d\d)[-/.年](?P<m>\d{1,2})(?!\d)")
# … and "10-22" above "2024"
_YEAR_LAST = re.compile(r"(?<!\d)(?P<m>\d{1,2})[-/.](?P<d>\d{1,2})\s{1,3}(?P<y>20\d\d)(?!\d)")
# /202410/t20241022_123.html, /2024/10/22/, /art/2024/10/22/art_1_2.html, 2024-10/22/content_1.htm
_ADDRESS = re.compile(
    r"(?:/t|/)(?P<y>20\d\d)[-/]?(?P<m>0?[1-9]|1[0-2])[-/]?(?P<d>0?[1-9]|[12]\d|3[01])(?=[/_.])"
)


def _published(match: re.Match[str]) -> Published | None:
    groups = match.groupdict()
    try:
        day = date(int(groups["y"]), int(groups["m"]), int(groups["d"]))
        at = None
        if groups.get("h") is not None:
            at = time(int(groups["h"]), int(groups["i"]), int(groups["s"] or 0))
    except ValueError:
        return None
    return Published(day=day, at=at)


def find_stamps(text: str) -> Iterator[tuple[int, Published]]:
    """Yield position and value of each possible timestamp with a year."""
    if "20" not in text and "19" not in text:
        return
    for match in _STAMP.finditer(text):
        value = _published(match)
        if value is not None:
            yield match.start(), value


def first_stamp(text: str) -> Published | None:
    """The first possible timestamp with a year, or None."""
    return next((x for _, x in find_stamps(text)), None)


def header_stamp(text: str) -> Published | None:
    """The first timestamp of a line; its day where the line is nothing but "18 2026-11"."""
    stamp = first_stamp(text)
    if stamp is not None or "20" not in text or len(text) >= 20:
        return stamp
    match = _DAY_FIRST.fullmatch(text.strip())
    return _published(match) if match is not None else None


def list_day(text: str) -> Published | None:
    """The day that a list prints beside an item; None where the year is not printed."""
    stamp = first_stamp(text)
    if stamp is not None:
        return stamp
    match = _DAY_FIRST.search(text) or _YEAR_LAST.search(text)
    return _published(match) if match else None


def has_day(text: str) -> bool:
    """Whether a list line prints some day, with or without its year."""
    return list_day(text) is not None or _SHORT.search(text) is not None


def short_day(text: str) -> tuple[int, int] | None:
    """Month and day that a line prints without a year, possible ones only."""
    match = _SHORT.search(text)
    if match is None:
        return None
    month, day = int(match["m"]), int(match["d"])
    return (month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def address_day(url: str) -> Published | None:
    """The day in an address, or None."""
    match = _ADDRESS.search(url)
    return _published(match) if match else None
