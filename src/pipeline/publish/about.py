"""What the page of a person, a topic or a body says beside its articles. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.parse import Topic, people_of
from pipeline.publish.content import Names, meeting_name, presiding
from pipeline.publish.document import clean
from pipeline.publish.minutes import Minutes, minutes_of
from pipeline.records import Body, Meeting
from pipeline.store import Entry, Subject

MOST = 40
"""Meetings or matters on a page, the newest."""

_ROLES = {
    "chair": "主持",
    "host": "主持",
    "attending": "出席",
    "nonvoting": "列席",
    "speaker": "发言",
}
_SPEAKS = "讲话"  # the chair's part where another one presides
_BODIES: dict[str, Body] = {
    "government": "政府",
    "party": "党委",
    "congress": "人大",
    "cppcc": "政协",
    "other": "其他",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A line: when and where it was, what (linked to ``link`` below the root), who did what.

    ``words`` are the page's own (主持), ``decision`` and ``chair`` the text's.
    """

    day: str
    place: str
    what: str
    link: str
    words: tuple[str, ...] = ()
    chair: str = ""
    agenda: int = 0
    decision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The head of a subject's page. ``sites`` are paths and names of the sites of its division."""

    kind: str
    titles: tuple[str, ...]
    sites: tuple[tuple[str, str], ...]
    matters: tuple[Matter, ...]


def about(
    subject: Subject, entries: Iterable[Entry], names: Names, topics: Sequence[Topic]
) -> About:
    """What is told of a subject besides *entries*, its articles, newest first."""
    words = next((x.words for x in topics if x.key == subject.key), ())
    matters: list[Matter] = []
    for entry in entries:
        if len(matters) >= MOST:
            break
        if subject.kind == "person":
            matters += _of_person(subject.name, entry, names)
        elif subject.kind == "body":
            matters += _of_body(_BODIES.get(subject.key.rpartition("-")[2]), entry, names)
        else:
            matters += _of_topic(words, entry, names)
    sites = tuple((x.id, x.name) for x in names.sources.values() if x.place.code == subject.place)
    return About(
        kind=subject.kind,
        titles=tuple(map(clean, subject.titles)),
        sites=sites,
        matters=tuple(matters[:MOST]),
    )


def _line(entry: Entry, held: Meeting, names: Names, what: str, mark: str = "") -> Matter:
    source = names.source(entry.article)
    day = held.held_on or (entry.article.published.day if entry.article.published else None)
    return Matter(
        day=day.isoformat() if day else "",
        place=clean(source.place.short) if source else "",
        what=clean(what),
        link=f"a/{entry.article.id}/index.html" + (f"#{mark}" if mark else ""),
    )


def _of_person(name: str, entry: Entry, names: Names) -> Iterator[Matter]:
    """The part somebody has in the meetings of an article."""
    own = next((x for x in people_of(entry.article) if x.name == name), None)
    if own is None:
        return
    held = entry.article.meetings[0]
    chairs = "chair" in own.roles and any(x.host for x in entry.article.meetings)
    words = [_SPEAKS if chairs and x == "chair" else _ROLES.get(x, "") for x in own.roles]
    line = _line(entry, held, names, meeting_name(held) or entry.article.title)
    yield replace(line, words=tuple(dict.fromkeys(x for x in words if x)), agenda=len(held.agenda))


def _of_body(body: Body | None, entry: Entry, names: Names) -> Iterator[Matter]:
    for held in entry.article.meetings:
        if held.body == body:
            chair, host = presiding(held)
            line = _line(entry, held, names, meeting_name(held) or entry.article.title)
            yield replace(line, chair=host or chair, agenda=len(held.agenda))


def _of_topic(words: Sequence[str], entry: Entry, names: Names) -> Iterator[Matter]:
    """The matters before meetings that a topic's words stand in."""
    meetings: tuple[Minutes, ...] = minutes_of(entry.article)[0] if entry.article.meetings else ()
    for held, minutes in zip(entry.article.meetings, meetings, strict=True):
        for item in minutes.items:
            if any(x in item.subject for x in words):
                line = _line(entry, held, names, f"{item.verb}{item.subject}", item.mark)
                yield replace(line, decision=item.decision)
