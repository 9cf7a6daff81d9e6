"""Alarms: raised by a column's own measure, opened once, closed once."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from pipeline.health import KINDS, Verdict, doubt, judge, step
from pipeline.publish.alarms import WORDS
from pipeline.records import CHINA, Article, Published
from pipeline.schedule import News
from pipeline.store import DAY_COUNTS, Alarm

TODAY = date(2026, 11, 20)  # a Friday
GOOD = {"looks": 1, "listed": 20, "fetched": 5, "new": 5}


def counts(**given: int) -> dict[str, int]:
    return dict.fromkeys(DAY_COUNTS, 0) | {"looks": 1} | given


def history(days: int = 30, **given: int) -> list[tuple[date, dict[str, int]]]:
    return [(TODAY - timedelta(days=n), counts(**(GOOD | given))) for n in range(days, 3, -1)]


def news(until: date, *, days: int = 60, a_day: int = 4) -> list[News]:
    """An office that rests at weekends."""
    past = [until - timedelta(days=n) for n in range(days)]
    return [News(day=x) for x in past if x.weekday() < 5 for _ in range(a_day)]


def bad(look: dict[str, int], before: Iterable = (), found: Iterable = (), today=TODAY) -> set[str]:
    days = [*before, (today, look)]
    verdicts = judge(look, days, list(found), today=today)
    return {kind for kind, x in verdicts.items() if x.is_bad}


def test_a_column_as_ever_is_well():
    """Nothing is wrong with a look like those before it."""
    assert set() == bad(counts(**GOOD), history(), news(TODAY))
    assert set(KINDS) == set(judge(counts(**GOOD), history(), [], today=TODAY)) == set(WORDS)


def test_a_quiet_weekend_raises_nothing():
    """An office that rests on Saturday and Sunday is silent until Monday morning, as ever."""
    friday = TODAY
    for later in (1, 2, 3):
        day = friday + timedelta(days=later)
        assert set() == bad(counts(unchanged=1), history(), news(friday), today=day)


def test_a_holiday_of_eight_days_raises_nothing():
    """National Day makes offices silent for a week and a weekend."""
    last = date(2026, 9, 30)
    days = [(last - timedelta(days=n), counts(**GOOD)) for n in range(20)]
    assert set() == bad(counts(unchanged=1), days, news(last), today=last + timedelta(days=9))


def test_silence_of_two_weeks_is_told_for_a_busy_column_only():
    """Where four news a workday are usual it is strange; where one a month is, it is not."""
    later = TODAY + timedelta(days=14)
    assert {"silent"} == bad(counts(unchanged=1), history(), news(TODAY), today=later)
    rare = [News(day=TODAY - timedelta(days=30 * n)) for n in range(6)]
    assert set() == bad(counts(unchanged=1), history(), rare, today=later)


def test_silence_from_before_a_column_was_watched_is_no_alarm():
    """A column that is added with old news only never changed: it is told when it is added."""
    later = TODAY + timedelta(days=14)
    assert set() == bad(counts(unchanged=1), (), news(TODAY), today=later)
    since = [(later - timedelta(days=n), counts(unchanged=1)) for n in (9, 5, 1)]
    assert set() == bad(counts(unchanged=1), since, news(TODAY), today=later)


def test_gaps_seen_before_are_no_cause_for_alarm():
    """A column that once paused for a month may do so again."""
    before = [*news(TODAY), *news(TODAY - timedelta(days=90))][:200]
    later = TODAY + timedelta(days=14)
    assert set() == bad(counts(unchanged=1), history(), before, today=later)


@pytest.mark.parametrize(
    ("look", "kind"),
    [
        (counts(failed=1, empty=1, quarantined=1), "empty"),
        (counts(failed=1, challenged=1), "challenged"),
        (counts(failed=1, unreached=1), "unreached"),
        (counts(failed=1, disallowed=1), "disallowed"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_a_list_that_cannot_be_read_is_bad(look: dict[str, int], kind: str):
    """Each way of not being there has an alarm of its own."""
    assert {kind} == bad(look, history(), news(TODAY))


def test_a_dead_link_among_articles_is_no_trouble_of_the_column():
    """One article behind a firewall or robots.txt says nothing of the list."""
    assert set() == bad(counts(**GOOD, challenged=1, disallowed=1), history(), news(TODAY))


def test_articles_behind_a_firewall_are_noticed_though_the_list_is_not():
    """The first one refused ends the look, so nothing of what is new is ever read."""
    assert {"challenged"} == bad(counts(listed=20, challenged=1), history(), news(TODAY))


def test_articles_that_robots_txt_forbids_now_are_noticed():
    """Most of the last days; lists that did not change in between say nothing else."""
    forbidden = (TODAY - timedelta(days=1), counts(listed=20, disallowed=6))
    before = [*history(), forbidden]
    assert {"disallowed"} == bad(counts(unchanged=1), before, news(TODAY))
    assert set() == bad(counts(**GOOD), before, news(TODAY)), "articles are allowed again"
    assert set() == bad(counts(unchanged=1), [forbidden], news(TODAY)), "it was never otherwise"
    few = (TODAY - timedelta(days=1), counts(**GOOD, disallowed=2))
    assert set() == bad(counts(unchanged=1), [*history(), few], news(TODAY))


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"undated": 20}, "undated"),
        ({"quarantined": 5, "new": 0}, "unread"),
        ({"bodiless": 5}, "bodiless"),
        ({"unoriginated": 5}, "unsigned"),
        ({"untitled": 5}, "untitled"),
        ({"dateless": 5}, "dateless"),
        ({"authorless": 5}, "authorless"),
    ],
)
def test_what_a_redesign_takes_away_is_noticed(changed: dict[str, int], kind: str):
    """A field that was there and is there no more, for most of what was read."""
    assert {kind} == bad(counts(**(GOOD | changed)), history(), news(TODAY))


def test_what_was_never_there_is_not_missed():
    """A column whose articles never named an origin is well without one."""
    assert set() == bad(counts(**GOOD, unoriginated=5), history(unoriginated=5), news(TODAY))


def test_days_on_which_a_field_was_not_counted_say_nothing():
    """After an upgrade that counts more, nothing seems to have been well before."""
    old = [(day, {k: n for k, n in x.items() if k != "authorless"}) for day, x in history()]
    look = counts(**GOOD, authorless=5)
    assert set() == bad(look, old)
    assert {"authorless"} == bad(look, [*old, *history(10)])


def test_a_single_odd_article_is_no_redesign():
    """A share of one or two says nothing."""
    assert set() == bad(counts(listed=20, fetched=1, new=1, bodiless=1), history(), news(TODAY))


def test_a_new_column_is_not_judged_by_nothing():
    """Without a history there is no falling below it."""
    assert set() == bad(counts(**GOOD, bodiless=5, unoriginated=5, undated=20))


NOW = datetime(2026, 11, 20, 10, tzinfo=CHINA)


def follow(kind: str, said: str) -> list[str]:
    """States of an alarm under verdicts: b(ad), g(ood), . (nothing)."""
    alarm: Alarm | None = None
    states = []
    for n, x in enumerate(said):
        if alarm is not None and alarm.state == "closed":
            alarm = None
        verdict = Verdict(is_bad={"b": True, "g": False, ".": None}[x])
        at = NOW + timedelta(hours=n)
        alarm = step(alarm, verdict, source="s", column="c", kind=kind, now=at)
        states.append(alarm.state if alarm else "-")
    return states


def test_one_failed_look_is_no_alarm():
    """Three in a row are; one that succeeds in between starts the count anew."""
    assert "open" not in follow("unreached", "bbgbbg")
    assert ["suspected", "suspected", "open"] == follow("unreached", "bbb")


def test_flicker_opens_and_closes_once():
    """While open, single good looks do not close it; two in a row do."""
    states = follow("unreached", "bbbgbgbgbgg")
    assert 1 == states.count("closed")
    assert states[2:10] == ["open"] * 8


def test_looks_that_say_nothing_change_nothing():
    """An unchanged list neither opens nor closes what is about its items."""
    assert ["open", "open", "open", "open", "closed"] == follow("undated", "b..gg")


PLAIN = Article(
    url="http://a.example/1.html",
    id="1",
    kind="article",
    title="区长调研河堤",
    published=Published(day=TODAY),
    origin="青岚区融媒体中心",
    paragraphs=("区长沿河走了一遍。",),
)


def test_only_what_shows_the_trouble_is_held_back():
    """A source in alarm goes on publishing articles that are whole."""
    bare = replace(PLAIN, paragraphs=())
    assert doubt(PLAIN, set(KINDS)) is None
    assert doubt(bare, set()) is None
    assert doubt(bare, {"silent", "undated"}) is None
    assert doubt(bare, {"bodiless"})
    assert doubt(replace(PLAIN, published=None), {"undated"})
    assert doubt(replace(PLAIN, origin=None), {"unsigned"})
