"""Dates and ordinals as news texts write them."""

import json
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import ParseError
from pipeline.parse import parse_date, parse_ordinal_words
from pipeline.parse.dates import find_date

PAGE_DATE = date(2025, 3, 18)
SEED = Path(__file__).resolve().parents[2].parent / "shared" / "seed" / "normalize_examples.jsonl"


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2025年3月9日", date(2025, 3, 9)),
        ("二〇二五年三月九日", date(2025, 3, 9)),
        ("二○二四年十二月三十一日", date(2024, 12, 31)),
        ("3月9日", date(2025, 3, 9)),
        ("3月19日", date(2025, 3, 19)),  # papers print tomorrow's date
        ("3月21日", date(2024, 3, 21)),
        ("12月27日", date(2024, 12, 27)),
        ("2月29日", date(2024, 2, 29)),
        ("十二月廿七日", date(2024, 12, 27)),
        ("去年4月2日", date(2024, 4, 2)),
        ("昨天", date(2025, 3, 17)),
        ("前天", date(2025, 3, 16)),
        ("今日", date(2025, 3, 18)),
        ("3天前", date(2025, 3, 15)),
        ("29日上午", date(2025, 1, 29)),
        ("17日下午", date(2025, 3, 17)),
        ("2025-03-09", date(2025, 3, 9)),
        ("2025.3.9", date(2025, 3, 9)),
        ("昨天（3月11日）下午", date(2025, 3, 11)),
        ("本月9日", date(2025, 3, 9)),
        ("上月28日", date(2025, 2, 28)),
        ("上个月3日", date(2025, 2, 3)),
        ("上周五", date(2025, 3, 14)),
        ("上星期天", date(2025, 3, 16)),
        ("本周一", date(2025, 3, 17)),
        ("近日", None),
        ("日前", None),
        ("云政发〔2024〕21号", None),
        ("2025年民生项目", None),
        ("1—9月份", None),
        ("", None),
    ],
)
def test_date_is_read_against_the_day_of_the_page(words, day):
    """The latest year that puts the day not more than two days after the page; brackets win."""
    assert parse_date(words, PAGE_DATE) == day


@pytest.mark.parametrize(
    "words", ["3月41日", "13月2日", "2025年2月29日", "本月32日", "1030日上午", "2025年1127日，"]
)
def test_impossible_date_is_refused(words):
    """Where a mark was lost or a digit is wrong no day is guessed."""
    with pytest.raises(ParseError):
        parse_date(words, PAGE_DATE)


def test_running_text_takes_the_nearest_year():
    """An announcement names a day to come."""
    assert parse_date("4月20日", PAGE_DATE, role="text") == date(2025, 4, 20)


def test_without_a_page_date_only_full_dates_are_days():
    """The year is never invented."""
    assert parse_date("3月9日", None) is None
    assert parse_date("2023年3月9日", None) == date(2023, 3, 9)


def test_days_of_a_longer_meeting():
    """3月9日至11日: the first and the last day, also where the month is left out."""
    for words in ("3月9日至11日，", "9日至11日，", "9—11日，"):
        found = find_date(words, PAGE_DATE)
        assert found is not None
        assert (date(2025, 3, 9), date(2025, 3, 11)) == (found.day, found.until), words
    turn = find_date("27日至1日，", PAGE_DATE)
    assert turn is not None
    assert (date(2025, 2, 27), date(2025, 3, 1)) == (turn.day, turn.until)


@pytest.mark.parametrize("weekday", ["（星期日）", "(周日)", "星期日"])
def test_time_of_day_stands_behind_a_weekday(weekday):
    """3月9日（星期日）上午9:30."""
    line = f"3月9日{weekday}上午9:30，"
    found = find_date(line, PAGE_DATE)
    assert found is not None
    assert found.time is not None
    assert "上午9:30" == line[slice(*found.time)]


@pytest.mark.parametrize(
    ("words", "number"),
    [("第五十次", 50), ("第7次", 7), ("第 32 次", 32), ("第一百零五次", 105), ("第二十一次", 21), ("十六届", 16), ("第次", None), ("第五五次", None), ("第零次", None)],
)  # fmt: skip
def test_ordinal_words(words, number):
    """Chinese and Arabic numerals alike; nonsense is no number."""
    assert parse_ordinal_words(words) == number


@pytest.mark.skipif(not SEED.exists(), reason="the shared examples are not part of the repository")
def test_shared_examples():
    """The examples every implementation is measured by."""
    for line in SEED.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if case["op"] == "parse_date":
            day = parse_date(
                case["input"], date.fromisoformat(case["context"]["page_date"]), role="dateline"
            )
            assert case["expected"] == (day.isoformat() if day else None), case["id"]
        elif case["op"] == "parse_ordinal":
            assert case["expected"] == parse_ordinal_words(case["input"]), case["id"]
