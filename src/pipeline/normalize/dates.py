"""Dates whose 月 or 年 the publisher's own page lost: 1127日 for 11月27日."""

import re

_YEAR = r"(?:19|20)\d\d"
# Behind these a number of days is a duration: 120日内, 满365日
_DURATION = r"(?!内|以内|之内|期|均|龄|元|游|租|薪|以上|以下|以前|以后|左右|前|后|起|的|个|天|工)"
# 青岚讯 1127日, 2024年1127日, 截至1127日, 1127日上午
_FOUR = re.compile(rf"(?<![\d.,月/-])(\d{{4}})日{_DURATION}", re.ASCII)
_THREE = re.compile(rf"(?:(?<={_YEAR}年)|(?<=[讯电])|(?<=[讯电] ))(\d{{3}})日{_DURATION}", re.ASCII)
_EIGHT = re.compile(rf"(?<![\d.])({_YEAR})(\d{{4}})日{_DURATION}", re.ASCII)
_MONTH = re.compile(rf"(?<![\d.,])({_YEAR})(0?[1-9]|1[0-2])月(?!份?(?:内|以))", re.ASCII)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def split_dates(text: str) -> tuple[str, int]:
    """Return *text* with lost 月 and 年 put back into dates, and how often.

    Only where the digits can be split in one way into a month and a day of it, and
    do not count days (120日内).
    """
    if "日" not in text and "月" not in text:
        return text, 0
    made = 0

    def split(match: re.Match[str]) -> str:
        nonlocal made
        *year, digits = match.groups()
        ways = [
            f"{digits[:cut]}月{digits[cut:]}日"
            for cut in (1, 2)
            if _is_date(digits[:cut], digits[cut:])
        ]
        if len(ways) != 1:
            return match[0]
        made += 1
        return f"{year[0]}年{ways[0]}" if year else ways[0]

    for pattern in (_EIGHT, _FOUR, _THREE):
        text = pattern.sub(split, text)
    text, years = _MONTH.subn(r"\1年\2月", text)
    return text, made + years


def _is_date(month: str, day: str) -> bool:
    if len(day) > 2 or day.startswith("00") or int(day) == 0:
        return False
    return 1 <= int(month) <= 12 and int(day) <= _DAYS[int(month) - 1]
