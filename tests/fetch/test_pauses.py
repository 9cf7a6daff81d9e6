"""Retry-After."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fetch.pauses import not_before

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pause", "header"),
    [
        (timedelta(seconds=90), "90"),
        (timedelta(hours=1), "Mon, 23 Nov 2026 13:00:00 GMT"),
        (timedelta(hours=1), "Mon, 23 Nov 2026 21:00:00 +0800"),
        (timedelta(hours=24), "999999999"),
        (timedelta(hours=24), "9" * 5000),
        (timedelta(hours=24), "Thu, 23 Nov 2034 13:00:00 GMT"),
        *((timedelta(minutes=10), x) for x in ("0", "-5", "soon", "", "１２", "1.5")),
        (timedelta(minutes=10), "Mon, 23 Nov 2020 13:00:00 GMT"),
        (timedelta(minutes=10), "Mon, 99 Nov 2026 13:00:00 GMT"),
        (timedelta(minutes=10), None),
    ],
)
def test_a_pause_is_what_the_host_asks_for_within_a_day(
    pause: timedelta, header: str | None
) -> None:
    """Seconds or a date; ten minutes for what says nothing."""
    assert NOW + pause == not_before(header, NOW)


@given(st.text(max_size=40))
def test_any_header_gives_a_pause_of_at_most_a_day(header: str) -> None:
    """Nothing a server writes can stop the program, or hold it for ever."""
    assert timedelta() < not_before(header, NOW) - NOW <= timedelta(hours=24)
