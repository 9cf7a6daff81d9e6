"""Whether a column is well, judged against its own history; alarms open and close once.

Pure: what was counted goes in, verdicts and alarms come out.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from pipeline.records import Article
from pipeline.schedule import News, rhythm_of
from pipeline.store import Alarm

KINDS = {
    "silent": "has published nothing for longer than its history explains",
    "empty": "its list shows no items any more: emptied, or redesigned",
    "undated": "the items of its list have lost their dates",
    "unread": "most of its pages are not understood any more: redesigned?",
    "bodiless": "its articles come without text",
    "untitled": "its articles come without title",
    "dateless": "its articles come without date",
    "unsigned": "its articles have lost their origin (来源)",
    "authorless": "its articles have lost their authors and editors",
    "challenged": "the site refuses programs or asks them to prove themselves human",
    "unreached": "the site cannot be reached: name, certificate or connection",
    "disallowed": "robots.txt forbids what it allowed before",
    "vanished": "its known articles are missing or read otherwise, many at once: redesigned?",
}
"""What an alarm may be about, and how it reads."""

_ONE_LOOK = frozenset({"empty", "challenged", "unreached", "disallowed"})
_STRIKES = 3  # bad looks in a row that open an alarm which a single look can raise
_CALM = 2  # good looks in a row that close one

_RECENT_DAYS = 3
_FEWEST = 5  # a share of fewer than that says nothing
_BAD, _GOOD = 0.6, 0.3  # shares at which a look is bad and good again
_RISE = 0.4  # and it must lie that far above the column's own history
_SILENT_DAYS = 10  # the longest holidays of offices are 8 or 9 days
_SILENT_NEWS = 8.0
_SILENT_GAP = 1.5  # times the longest gap seen before

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a look says of one kind of trouble. ``is_bad`` is None where it says nothing."""

    is_bad: bool | None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a whole that is watched: counts named as in the store."""

    part: str
    whole: str


_SHARES = {
    "undated": Share(part="undated", whole="listed"),
    "unread": Share(part="quarantined", whole="fetched"),
    "bodiless": Share(part="bodiless", whole="fetched"),
    "untitled": Share(part="untitled", whole="fetched"),
    "dateless": Share(part="dateless", whole="fetched"),
    "unsigned": Share(part="unoriginated", whole="fetched"),
    "authorless": Share(part="authorless", whole="fetched"),
}


def judge(
    look: Counts,
    days: Sequence[tuple[date, Counts]],
    news: Collection[News],
    *,
    today: date,
    reason: str = "",
) -> dict[str, Verdict]:
    """Return a verdict for each of `KINDS` after a look at a column.

    *look* is what was counted in it, *days* what was counted day by day up to
    *today*, the look included; *news* is what the column published.
    """
    watched = max(((today - day).days for day, x in days if x["looks"]), default=0)
    verdicts = {"silent": _silent(look, news, today, watched)}
    verdicts["empty"] = _once("empty", look, reason)
    verdicts["challenged"] = _challenged(look, reason)
    verdicts["disallowed"] = _disallowed(look, days, today, reason)
    failed_otherwise = look["failed"] and not any(look[x] for x in _ONE_LOOK - {"unreached"})
    is_unreached = bool(look["unreached"] and failed_otherwise)
    verdicts["unreached"] = Verdict(
        is_bad=True if is_unreached else None if look["failed"] else False,
        message=_message("unreached", reason),
    )
    verdicts["vanished"] = Verdict(is_bad=None)  # lists cannot tell, re-checks do
    for kind, share in _SHARES.items():
        verdicts[kind] = _share(kind, share, look, days, today)
    return verdicts


def _once(kind: str, look: Counts, reason: str) -> Verdict:
    if look[kind] and look["failed"]:  # it concerns the list, not an article or two
        return Verdict(is_bad=True, message=_message(kind, reason))
    # A site that is away says nothing about its list or its rules
    return Verdict(is_bad=None if look["failed"] else False)


def _challenged(look: Counts, reason: str) -> Verdict:
    """Bad too where the list is let through, and the first article is refused: the rest is left then."""
    if look["challenged"] and not look["fetched"] and not look["failed"]:
        return Verdict(is_bad=True, message=_message("challenged", "its articles"))
    return _once("challenged", look, reason)


def _disallowed(
    look: Counts, days: Sequence[tuple[date, Counts]], today: date, reason: str
) -> Verdict:
    """Bad too where the list is allowed, and most articles of the last days are forbidden.

    That goes by days: lists that did not change in between ask for no article.
    """
    once = _once("disallowed", look, reason)
    if look["failed"] or (look["fetched"] and not look["disallowed"]):
        return once
    since = today - timedelta(days=_RECENT_DAYS)
    (part, asked), (old_part, old_asked) = (
        (sum(x["disallowed"] for x in found), sum(x["disallowed"] + x["fetched"] for x in found))
        for found in ([x for d, x in days if d > since], [x for d, x in days if d <= since])
    )
    if part < _FEWEST or old_asked < _FEWEST or part / asked < _BAD:
        return once
    if part / asked - old_part / old_asked < _RISE:
        return once
    return Verdict(is_bad=True, message=_message("disallowed", f"{part} of {asked} articles"))


def _message(kind: str, detail: str) -> str:
    return f"{KINDS[kind]} ({detail})" if detail else KINDS[kind]


def _silent(look: Counts, news: Collection[News], today: date, watched: int) -> Verdict:
    # A column that is new here has no history: how it was when it came is no change
    if look["failed"] or not news or watched < _SILENT_DAYS:
        return Verdict(is_bad=None)
    past = sorted({x.day for x in news if x.day <= today})
    if not past:
        return Verdict(is_bad=None)
    silent = (today - past[-1]).days
    gaps = [(b - a).days for a, b in pairwise(past)]
    # The rhythm as it was when the silence began: silence itself must not make it slower
    rhythm = rhythm_of(news, today=past[-1])
    missed = sum(rhythm.on(past[-1] + timedelta(days=n)) for n in range(1, silent))
    is_bad = (
        silent >= max(_SILENT_DAYS, _SILENT_GAP * max(gaps, default=0)) and missed >= _SILENT_NEWS
    )
    return Verdict(is_bad=is_bad, message=_message("silent", f"{silent} days, since {past[-1]}"))


def _share(
    kind: str, share: Share, look: Counts, days: Sequence[tuple[date, Counts]], today: date
) -> Verdict:
    """Bad where a share is high of late and was not before; between the two marks nothing changes."""
    if not look[share.whole]:
        return Verdict(is_bad=None)
    since = today - timedelta(days=_RECENT_DAYS)
    # A day of before the part was counted says nothing about it
    recent = [x for day, x in days if day > since and share.part in x]
    before = [x for day, x in days if day <= since and share.part in x]
    whole, part = (sum(x[name] for x in recent) for name in (share.whole, share.part))
    old_whole, old_part = (sum(x[name] for x in before) for name in (share.whole, share.part))
    if not whole or old_whole < _FEWEST:
        return Verdict(is_bad=None)  # nothing to be judged, or nothing to judge it by
    now, usual = part / whole, old_part / old_whole
    # A single look shows the end of trouble sooner than three days do
    latest = look[share.part] / look[share.whole]
    if latest <= max(_GOOD, usual):
        return Verdict(is_bad=False)
    if whole < _FEWEST or now < _BAD or now - usual < _RISE:
        return Verdict(is_bad=None)
    return Verdict(is_bad=True, message=_message(kind, f"{now:.0%} of {whole}, {usual:.0%} before"))


def step(
    alarm: Alarm | None, verdict: Verdict, *, source: str, column: str, kind: str, now: datetime
) -> Alarm | None:
    """Return the alarm as it is after a verdict; None where there is none (any more).

    It opens after some bad looks in a row and closes after some good ones, so
    that what flickers neither opens nor closes it again and again.
    """
    if alarm is None:
        if not verdict.is_bad:
            return None
        alarm = Alarm(
            source=source,
            column=column,
            kind=kind,
            state="suspected",
            strikes=0,
            message=verdict.message,
            since=now,
        )
    if verdict.is_bad is None:
        return alarm
    if alarm.state == "suspected":
        if not verdict.is_bad:
            return None
        struck = replace(alarm, strikes=alarm.strikes + 1, message=verdict.message)
        needed = _STRIKES if kind in _ONE_LOOK else 1
        if struck.strikes < needed:
            return struck
        return replace(struck, state="open", strikes=0, opened_at=now)
    if verdict.is_bad:
        return replace(alarm, strikes=0)
    calmer = replace(alarm, strikes=alarm.strikes + 1)
    if calmer.strikes < _CALM:
        return calmer
    return replace(calmer, state="closed", closed_at=now)


def doubt(article: Article, alarms: Collection[str]) -> str | None:
    """Return why an article is not to be believed while its column is in alarm, None if it is.

    An article is held back only for what the alarm is about: one that has
    all that its column's articles used to have is as good as ever.
    """
    is_bare = not article.text and not article.images and not article.attachments
    if is_bare and {"bodiless", "unread", "empty"} & set(alarms):
        return "has no text, while its column's pages seem to have changed"
    if article.published is None and {"undated", "dateless", "unread", "empty"} & set(alarms):
        return "has no date, while its column's pages seem to have changed"
    if article.origin is None and {"unsigned"} & set(alarms):
        return "has no origin, which its column's articles used to have"
    if not article.title and alarms:
        return "has no title, while its column is in alarm"
    return None
