"""How long a host asks to be left alone."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_USUAL = timedelta(minutes=10)
_LONGEST = timedelta(hours=24)


def not_before(retry_after: str | None, now: datetime) -> datetime:
    """Return the instant (UTC) that a Retry-After header names: seconds, or an HTTP date.

    Ten minutes from *now* where it is absent, unreadable or past; 24 hours at most.
    """
    until = _read((retry_after or "").strip(), now)
    if until is None or until <= now:
        until = now + _USUAL
    return min(until, now + _LONGEST).astimezone(UTC)


def _read(value: str, now: datetime) -> datetime | None:
    if value.isascii() and value.isdigit():
        # More digits than a day has seconds mean the longest pause.
        return now + (timedelta(seconds=int(value)) if len(value) <= 6 else _LONGEST)
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
