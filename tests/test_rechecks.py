"""When known articles are asked for again, and what lists say of them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.rechecks import after_failure, born, next_check, told_until, wants_whole
from pipeline.records import ListItem, Published

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def items(*days: int | None) -> list[ListItem]:
    return [
        ListItem(
            title="x",
            url=f"http://qinglan.example/{n}.html",
            published=Published(day=date(2026, 3, day)) if day else None,
        )
        for n, day in enumerate(days)
    ]


@pytest.mark.parametrize(
    ("age", "then"),
    [(0 * HOUR, HOUR), (HOUR, DAY), (5 * HOUR, DAY), (3 * DAY, 7 * DAY), (7 * DAY, 30 * DAY)],
)
def test_an_article_is_due_at_the_next_mark_of_its_age(age: timedelta, then: timedelta):
    """A look that came late counts for the marks it passed."""
    assert AT + then == next_check(AT + age, born=AT, since=AT)


def test_after_a_month_an_article_is_left_alone():
    """It has been looked at four times."""
    assert next_check(AT + 30 * DAY, born=AT, since=AT) is None


def test_a_withdrawn_article_is_looked_at_from_its_withdrawal_on():
    """Whatever its own age: publishers take back what they took down."""
    old = AT - 400 * DAY
    assert AT + DAY == next_check(AT, born=old, state="withdrawn", since=AT, misses=3)
    assert next_check(AT + 31 * DAY, born=old, state="withdrawn", since=AT, misses=3) is None


def test_looks_at_a_missing_page_are_a_day_apart():
    """Three of them take days, so that a night's trouble is no takedown."""
    assert AT + DAY == next_check(AT, born=AT - 400 * DAY, since=AT, misses=1)


def test_a_look_that_failed_is_repeated_for_some_time():
    """A site that went away for good is not asked for ever."""
    assert AT + 6 * HOUR == after_failure(AT, start=AT - DAY)
    assert after_failure(AT, start=AT - 37 * DAY) is None


def test_only_the_week_asks_for_the_whole_page():
    """The other looks trust the server's validators."""
    ages = (HOUR, DAY, 7 * DAY, 10 * DAY, 30 * DAY)
    assert [False, False, True, True, False] == [wants_whole(AT + x, born=AT) for x in ages]


def test_an_article_ages_from_its_publication_if_it_was_found_late():
    """One found within two days ages from when it was seen: lists name days, not hours."""
    assert AT == born(first_seen=AT, sort_at=AT - DAY)
    assert AT - 3 * DAY == born(first_seen=AT, sort_at=AT - 3 * DAY)


@pytest.mark.parametrize(
    ("days", "until"),
    [
        ((9, 8, 8, 7, 5), 5),
        ((1, 2, 9, 8, 7, 6), 6),  # held up above the newest one
        ((9, 8, 7, 5), None),  # too few
        ((9, 8, 7, 5, 6), None),  # in no order
        ((5, 6, 7, 8, 9), None),
        ((9, 8, None, 7, 5), None),
    ],
)
def test_a_list_tells_down_to_its_last_day(days: tuple[int | None, ...], until: int | None):
    """Where it is in order of date; else nothing can be missed on it."""
    assert (date(2026, 3, until) if until else None) == told_until(items(*days))
