"""When columns are looked at, by the rhythm of their publishers."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import CHINA
from pipeline.schedule import Bounds, News, Rhythm, is_due, next_look, rhythm_of

BOUNDS = Bounds(shortest=timedelta(minutes=20), longest=timedelta(hours=6))
TODAY = date(2026, 3, 12)  # a Thursday


def office(days: int, a_day: int, *, weekends: bool = False, until: date = TODAY) -> list[News]:
    """A publisher who works from nine to five."""
    found = []
    for n in range(days):
        day = until - timedelta(days=n)
        if weekends or day.weekday() < 5:
            found += [News(day=day, hour=9 + k % 8) for k in range(a_day)]
    return found


def china(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=CHINA)


def wait(looked: datetime, rhythm: Rhythm) -> timedelta:
    return next_look(looked, rhythm, BOUNDS) - looked


def test_working_hours_are_looked_at_more_often_than_nights():
    """A column that publishes in office hours is left alone while the office sleeps."""
    rhythm = rhythm_of(office(30, 10), today=TODAY)
    assert wait(china(12, 10), rhythm) < timedelta(hours=1)
    assert wait(china(12, 1), rhythm) >= timedelta(hours=4)


def test_a_look_before_office_hours_is_followed_by_one_in_them():
    """What is planned at night for the morning comes when news do, not hours later."""
    rhythm = rhythm_of(office(30, 10), today=TODAY)
    due = next_look(china(12, 6), rhythm, BOUNDS).astimezone(CHINA)
    assert 8 <= due.hour <= 10


def test_weekends_are_quieter_where_the_publisher_rests():
    """Saturday's looks are fewer for an office, and as many for one that works all week."""
    rests = rhythm_of(office(30, 8), today=TODAY)
    works = rhythm_of(office(30, 8, weekends=True), today=TODAY)
    saturday = china(14, 10)
    assert wait(saturday, rests) > 3 * wait(china(12, 10), rests)
    assert wait(saturday, works) < timedelta(hours=1)


def test_holidays_are_known_by_their_silence():
    """Workdays without news where many were expected stretch the time between looks."""
    before = rhythm_of(office(40, 6), today=TODAY)
    holiday = rhythm_of(office(40, 6, until=TODAY - timedelta(days=8)), today=TODAY)
    assert holiday.quiet > 2
    assert wait(china(12, 10), holiday) > 2 * wait(china(12, 10), before)


def test_the_first_news_end_a_holiday():
    """One new article is enough to be back at the old rhythm."""
    silent = office(40, 6, until=TODAY - timedelta(days=8))
    assert 1.0 == rhythm_of([*silent, News(day=TODAY, hour=9)], today=TODAY).quiet


def test_a_busy_column_is_looked_at_more_often_than_a_rare_one():
    """The interval follows how much is published."""
    busy, rare = (rhythm_of(office(60, n), today=TODAY) for n in (20, 1))
    assert wait(china(12, 10), busy) == BOUNDS.shortest
    assert wait(china(12, 10), rare) > timedelta(hours=3)


def test_little_history_means_the_usual_rhythm():
    """Five news of one day say nothing of a rhythm, nor do announcements of next week."""
    assert Rhythm() == rhythm_of([News(day=TODAY)] * 5, today=TODAY)
    assert Rhythm() == rhythm_of([News(day=TODAY + timedelta(days=5))] * 50, today=TODAY)
    assert Rhythm() == rhythm_of([], today=TODAY)


def test_failures_are_tried_again_soon_and_then_ever_later():
    """A site that is away is asked after the shortest time, then after twice that, to the longest."""
    waits = [
        next_look(china(12, 2), Rhythm(), BOUNDS, failures=n) - china(12, 2) for n in (1, 2, 3, 9)
    ]
    assert [20, 40, 80, 360] == [x / timedelta(minutes=1) for x in waits]


@pytest.mark.parametrize(
    ("looked_min", "due_min", "expected"),
    [(-30, -1, True), (-30, 5, False), (59, 79, True), (0.5, 20, False), (-30, None, True)],
    ids=["due", "not yet", "clock put back an hour", "clock corrected by seconds", "never planned"],
)
def test_a_column_is_due(looked_min: float, due_min: float | None, expected: bool):
    """A look that lies in the future does not keep a column waiting."""
    now = datetime(2026, 3, 12, 2, tzinfo=UTC)
    due = None if due_min is None else now + timedelta(minutes=due_min)
    assert expected == is_due(now, looked=now + timedelta(minutes=looked_min), due=due)


_news = st.lists(
    st.builds(
        News,
        day=st.dates(date(2025, 12, 1), date(2026, 4, 1)),
        hour=st.none() | st.integers(0, 23),
    ),
    max_size=60,
)


@given(_news, st.integers(0, 31 * 24 * 60).map(lambda m: china(1, 0) + timedelta(minutes=m)))
def test_the_next_look_stays_within_bounds(news: list[News], looked: datetime):
    """Whatever was published, a column is neither hammered nor forgotten."""
    rhythm = rhythm_of(news, today=TODAY)
    assert BOUNDS.shortest <= wait(looked, rhythm) <= BOUNDS.longest
    assert abs(sum(rhythm.hours) - 1) < 1e-9


def test_a_week_of_looks_is_few_and_finds_news_soon():
    """An office of ten news a day: under 120 looks a week (336 every half hour); news wait an hour at the most."""
    rhythm = rhythm_of(office(30, 10), today=TODAY)
    at, looks = china(9, 0), []
    while at < china(16, 0):
        looks.append(at)
        at = next_look(at, rhythm, BOUNDS)
    assert len(looks) < 120
    in_office = [x for x in looks if x.weekday() < 5 and 9 <= x.hour < 17]
    waits = [b - a for a, b in pairwise(in_office) if a.date() == b.date()]
    assert max(waits) <= timedelta(hours=1)
