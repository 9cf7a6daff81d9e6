"""The pages and lists of the published tree, as bytes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from pipeline.publish.changes import history_changes
from pipeline.publish.content import Names, article_view, presiding, title_of, whole_second
from pipeline.publish.document import FILES, FeedDocument, FeedEntry, clean
from pipeline.publish.html import render_page
from pipeline.publish.jsonfeed import to_json
from pipeline.publish.minutes import minutes_of
from pipeline.publish.xmlfeeds import rfc3339
from pipeline.records import CHINA
from pipeline.sources import Catalogue
from pipeline.store import Entry, Revision, SourceStatus, Store

HEADERS = b"""\
/*
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
  Cache-Control: public, max-age=900
/*.xml
  Content-Type: application/xml; charset=utf-8
/*.json
  Content-Type: application/json; charset=utf-8
/*/feed.json
  Content-Type: application/feed+json; charset=utf-8
/*.opml
  Content-Type: text/x-opml; charset=utf-8
/*/archive/0*
  Cache-Control: public, max-age=31536000, immutable
"""
"""How a static host (Netlify, Cloudflare Pages) is to serve the tree."""

_SITEMAP_LINES = 50_000  # no search engine reads more in one file
_LATEST, _MEETINGS = 16, 10  # lines in the lists of the front page


def article_page(names: Names, entry: Entry, history: Sequence[Revision]) -> bytes:
    """The page of one article: text, meetings, where it is from, what was repaired and changed."""
    meetings, paragraphs = minutes_of(entry.article)
    return render_page(
        "article.html",
        language="both",
        root="../../",
        article=article_view(names, entry),
        meetings=meetings,
        paragraphs=paragraphs,
        changes=history_changes(history),
    )


def _local(feed: FeedDocument, entry: FeedEntry) -> str:
    """Our page of an entry, from the root of the tree; it works without a server too."""
    own = entry.url if entry.url.startswith(feed.base_url) else entry.page or entry.url
    path, mark, fragment = own.removeprefix(feed.base_url).partition("#")
    return f"{path}index.html{mark}{fragment}"


def feed_page(feed: FeedDocument) -> bytes:
    """The page of a feed: exactly the entries that it holds."""
    root = "../" * (feed.path.count("/") + 1)
    lines = [(x, _local(feed, x)) for x in feed.entries]
    return render_page("feed.html", root=root, feed=feed, lines=lines)


def front_page(
    store: Store, catalogue: Catalogue, names: Names, feeds: Mapping[str, FeedDocument]
) -> bytes:
    """The front page: feeds by province, the newest meetings and articles, how to subscribe."""
    counts = store.counts()
    latest = store.entries(limit=_LATEST, copies=False)
    meetings = store.entries(meetings_only=True, limit=_MEETINGS, copies=False)
    overview = [feeds[x] for x in ("all", "meetings", "revisions") if x in feeds]
    return render_page(
        "index.html",
        root="",
        overview=overview,
        counts={
            "sources": sum(1 for _, n in counts.by_source if n),
            "articles": counts.articles,
            "meetings": counts.meetings,
        },
        meetings=[_meeting_line(names, x) for x in meetings],
        latest=[_line(names, x) for x in latest],
        provinces=_provinces(catalogue, feeds, store.status()),
        paths=feeds,
    )


def _line(names: Names, entry: Entry) -> dict[str, Any]:
    source, column = names.source(entry.article), names.column(entry.article)
    return {
        "id": entry.article.id,
        "title": title_of(entry),
        "place": source.place.short if source else "",
        "column": column.name if column else "",
        "day": _day(entry.sort_at),
    }


def _meeting_line(names: Names, entry: Entry) -> dict[str, Any]:
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


def feeds_json(feeds: Iterable[FeedDocument]) -> bytes:
    """All feeds as JSON, for programs."""
    return to_json(
        [
            {
                "path": x.path,
                "title": x.title,
                "description": x.description,
                "page": x.home,
                **{form: x.address(form) for form in FILES},
                "entries": x.count,
                "updated": rfc3339(x.updated),
            }
            for x in feeds
        ]
    )


def status_json(store: Store, catalogue: Catalogue) -> bytes:
    """How each source fares.

    When a column was looked at last is left out: it changes with every run,
    and a run that found nothing new writes nothing.
    """
    found = {x.source: x for x in store.status()}
    alarms: dict[str, list[dict[str, Any]]] = {}
    for x in store.upkeep.alarms():
        told = {"column": x.column, "kind": x.kind, "message": x.message}
        opened = rfc3339(x.opened_at) if x.opened_at else None
        alarms.setdefault(x.source, []).append({**told, "opened": opened})
    lines = []
    for source in catalogue.sources:
        status = found.get(source.id)
        if status is None:
            continue
        failing = [
            {
                "column": x.column,
                "reason": x.reason,
                "last_good": rfc3339(x.ok_at) if x.ok_at else None,
            }
            for x in status.columns
            if x.failures
        ]
        lines.append(
            {
                "source": source.id,
                "name": source.name,
                "place": source.place.name,
                "articles": status.articles,
                "meetings": status.meetings,
                "withdrawn": status.withdrawn,
                "newest": rfc3339(status.newest) if status.newest else None,
                "unreadable": status.quarantined,
                "failing": failing,
                "alarms": alarms.get(source.id, []),
            }
        )
    return to_json({"sources": lines})


def sitemap(
    names: Names, feeds: Iterable[FeedDocument], newest: Iterable[tuple[str, datetime]]
) -> bytes:
    """The addresses of front page, feed pages and the newest articles, each with its change.

    *newest* are identifiers of articles and when they changed. Older articles are found by
    way of the archives.
    """
    root = etree.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    pages: dict[str, str] = {names.base_url: ""}
    pages |= {x.home: rfc3339(x.updated) for x in feeds}
    pages |= {names.page(x): rfc3339(whole_second(updated)) for x, updated in newest}
    pages[names.base_url] = max(pages.values())
    for address, changed in list(pages.items())[:_SITEMAP_LINES]:
        url = etree.SubElement(root, "url")
        etree.SubElement(url, "loc").text = urljoin(names.base_url, address)
        if changed:
            etree.SubElement(url, "lastmod").text = changed
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
