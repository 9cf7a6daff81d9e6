"""When a known article is asked for again, and what its column's list says of it. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from pipeline.records import ListItem
from pipeline.revisions import State

MARKS = (timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=30))
"""Ages at which an article is asked for again; a withdrawn one after the last three."""

_WHOLE = MARKS[2]
"""The look at this age asks for the whole page: validators of servers are only hints."""

_SUSPECT = timedelta(days=1)  # between two looks at a page that was missing: three take days
_FAILED = timedelta(hours=6)  # after a look that said nothing
_GRACE = timedelta(days=7)  # for so long behind the last mark a look that failed is repeated

_LATE = timedelta(days=2)
"""An article first seen longer than this after its publication is as old as that."""

_FEWEST_ITEMS = 5
_PINNED = 3
"""Items above the newest one that a list may hold up (置顶), whatever their dates."""


def born(*, first_seen: datetime, sort_at: datetime) -> datetime:
    """The instant that an article's age counts from: seen, or published long before that."""
    return sort_at if first_seen - sort_at > _LATE else first_seen


def next_check(
    at: datetime, *, born: datetime, state: State = "live", since: datetime, misses: int = 0
) -> datetime | None:
    """When an article is to be asked for again after the look *at*; None for never.

    *since* is when its publisher did something last: the withdrawal of one
    that is withdrawn. One that was missing is looked at again a day later.
    """
    if state == "live" and misses:
        return at + _SUSPECT
    start, marks = (since, MARKS[1:]) if state == "withdrawn" else (born, MARKS)
    return next((start + x for x in marks if start + x > at), None)


def after_failure(at: datetime, *, start: datetime) -> datetime | None:
    """When to repeat a look that said nothing; *start* is what the marks count from."""
    due = at + _FAILED
    return due if due < start + MARKS[-1] + _GRACE else None


def wants_whole(at: datetime, *, born: datetime) -> bool:
    """Whether the page is to be asked for whatever the server says of changes."""
    passed = [x for x in MARKS if born + x <= at]
    return bool(passed) and passed[-1] == _WHOLE


def told_until(items: Sequence[ListItem]) -> date | None:
    """The day down to which a list read from its beginning shows everything, that day apart.

    None where it does not say: items without date, too few, or in no order of
    date. Some items held up above the newest one do no harm.
    """
    days = [x.published.day for x in items if x.published is not None]
    if len(days) < len(items) or len(days) < _FEWEST_ITEMS:
        return None
    rises = [n for n, (one, two) in enumerate(pairwise(days)) if one < two]
    if rises and rises[-1] >= _PINNED:
        return None
    return days[-1]
