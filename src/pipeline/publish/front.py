"""The front page: what is new, and where everything is. As bytes."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from pipeline.publish.content import Names, presiding, title_of
from pipeline.publish.document import FeedDocument, clean
from pipeline.publish.frames import PageLanguage, frame
from pipeline.publish.html import render_page
from pipeline.records import CHINA
from pipeline.sources import Catalogue
from pipeline.store import Entry, SourceCounts, SourceStatus, Store, Subject

_LATEST, _MEETINGS, _PEOPLE = 16, 10, 40  # lines in the lists


def front_view(
    store: Store,
    catalogue: Catalogue,
    names: Names,
    feeds: Mapping[str, FeedDocument],
    subjects: Mapping[str, Subject],
    counts: Collection[SourceCounts],
    status: Iterable[SourceStatus],
) -> dict[str, Any]:
    """What the front page shows, in either language."""
    latest = store.entries(limit=_LATEST, copies=False)
    meetings = store.entries(meetings_only=True, limit=_MEETINGS, copies=False)
    overview = [feeds[x] for x in ("all", "meetings", "revisions") if x in feeds]
    return {
        "overview": overview,
        "counts": {
            "sources": len(counts),
            "articles": sum(x.articles for x in counts),
            "meetings": sum(x.meetings for x in counts),
        },
        "meetings": [meeting_line(names, x) for x in meetings],
        "latest": [_line(names, x) for x in latest],
        "topics": _newest("topic", feeds, subjects),
        "people": _newest("person", feeds, subjects)[:_PEOPLE],
        "provinces": _provinces(catalogue, feeds, status),
        "paths": feeds,
    }


def front_page(view: Mapping[str, Any], language: PageLanguage) -> bytes:
    """The front page: feeds by province, the newest meetings and articles, how to subscribe."""
    return render_page("index.html", language=language, **frame("index.html", language), **view)


def _newest(
    kind: str, feeds: Mapping[str, FeedDocument], subjects: Mapping[str, Subject]
) -> list[tuple[str, str]]:
    """Paths and names of the subjects of a kind, the one with the newest article first."""
    found = [(feeds[k], x) for k, x in subjects.items() if x.kind == kind and k in feeds]
    found.sort(key=lambda x: (x[0].newest or x[0].updated, x[0].path), reverse=True)
    return [(feed.path, x.name) for feed, x in found]


def _line(names: Names, entry: Entry) -> dict[str, Any]:
    source, column = names.source(entry.article), names.column(entry.article)
    return {
        "id": entry.article.id,
        "title": title_of(entry),
        "place": source.place.short if source else "",
        "column": column.name if column else "",
        "day": _day(entry.sort_at),
    }


def meeting_line(names: Names, entry: Entry) -> dict[str, Any]:
    """A meeting in a list: when it was, who presided, what was on the agenda."""
    meeting = entry.article.meetings[0]
    chair, host = presiding(meeting)
    subjects = "；".join(clean(x.verb.value + x.subject.value) for x in meeting.agenda[:3])
    return _line(names, entry) | {
        "subjects": subjects,
        "held_on": meeting.held_on.isoformat() if meeting.held_on else "",
        "chair": host or chair,
        "agenda": len(meeting.agenda),
    }


def _provinces(
    catalogue: Catalogue, feeds: Mapping[str, FeedDocument], status: Iterable[SourceStatus]
) -> list[dict[str, Any]]:
    found = {x.source: x for x in status}
    named = {x.id: x.name for x in catalogue.sources}
    groups: dict[str, list[dict[str, Any]]] = {}
    for source in catalogue.sources:
        if source.id not in feeds:
            continue
        columns = [(f"{source.id}/{x.key}", x.name) for x in catalogue.columns_of(source.id)]
        own = found.get(source.id)
        failing = [x.reason or "" for x in own.columns if x.failures] if own else []
        site = {
            "place": source.place.name,
            "name": source.name,
            "mirror": named.get(source.mirror_of or "", ""),
            "feed": feeds[source.id],
            "columns": [(feeds[path], name) for path, name in columns if path in feeds],
            "articles": own.articles if own else feeds[source.id].count,
            "newest": _day(feeds[source.id].newest or feeds[source.id].updated),
            "failing": "；".join(dict.fromkeys(clean(x) for x in failing)),
        }
        groups.setdefault(source.place.province, []).append(site)
    return [{"name": province, "sites": sites} for province, sites in groups.items()]


def _day(instant: datetime) -> str:
    return instant.astimezone(CHINA).date().isoformat()
