"""Dates that lost a character on the publisher's own page."""

import pytest

from pipeline.normalize import normalize, split_dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("青岚讯 1127日,区长", "青岚讯 11月27日,区长"),
        ("2024年1127日，会议召开", "2024年11月27日，会议召开"),
        ("20241127日上午", "2024年11月27日上午"),
        ("2024年927日召开", "2024年9月27日召开"),
        ("青岚讯 927日，区长", "青岚讯 9月27日，区长"),
        ("202411月5日", "2024年11月5日"),
        ("202411月份", "2024年11月份"),
    ],
)
def test_digits_of_one_valid_date_are_split(text: str, expected: str):
    """There is one way only to read them."""
    assert (expected, 1) == split_dates(text)


@pytest.mark.parametrize(
    "text",
    [
        "自收到之日起120日内办结",
        "青岚讯 111日",
        "满365日",
        "2024年1340日",
        "11月27日",
        "2024年11月27日",
        "0日",
        "共1127日以上",
        "历时130日，",
        "编号11271127日",
        "20241301日",
        "",
    ],
)
def test_other_numbers_stay(text: str):
    """Durations, and digits with two readings or none."""
    assert (text, 0) == split_dates(text)


def test_split_date_is_named_and_flagged():
    """It was inferred."""
    repairs = normalize(["青岚讯 1127日，区长出席"]).repairs
    assert (("split_date",), ("repaired",)) == (repairs.steps, repairs.flags)
