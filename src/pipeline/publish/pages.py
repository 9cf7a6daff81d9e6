"""The pages and lists of the published tree, as bytes."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from pipeline.publish.changes import history_changes
from pipeline.publish.content import Names, article_view, people, whole_second
from pipeline.publish.document import FILES, FeedDocument
from pipeline.publish.html import render_page
from pipeline.publish.jsonfeed import to_json, to_lines
from pipeline.publish.mending import mendings
from pipeline.publish.minutes import minutes_of
from pipeline.publish.xmlfeeds import rfc3339
from pipeline.records import Article
from pipeline.sources import Catalogue
from pipeline.store import Alarm, Entry, Revision, SourceStatus
from pipeline.store.mentions import person_key

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
/search/0*
  Cache-Control: public, max-age=31536000, immutable
"""
"""How a static host (Netlify, Cloudflare Pages) is to serve the tree."""

_SITEMAP_LINES = 50_000  # no search engine reads more in one file
_SITEMAP = """\
<?xml version='1.0' encoding='UTF-8'?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
"""


def article_page(
    names: Names,
    entry: Entry,
    history: Sequence[Revision],
    persons: Collection[str] = frozenset(),
) -> bytes:
    """The page of one article: text, meetings, where it is from, what was repaired and changed.

    *persons* are the keys of those that have a page; others are searched for.
    """
    meetings, paragraphs = minutes_of(entry.article)
    mended, lost = mendings(entry.article.repairs)
    return render_page(
        "article.html",
        language="both",
        root="../../",
        article=article_view(names, entry),
        meetings=meetings,
        paragraphs=paragraphs,
        persons=_pages_of(names, entry.article, persons) if meetings else {},
        changes=history_changes(history),
        mended=mended,
        lost=lost,
        copies=[
            (
                x.id,
                source.name if (source := names.sources.get(x.source or "")) else x.url,
                x.is_first,
            )
            for x in entry.also_at
        ],
    )


def _pages_of(names: Names, article: Article, persons: Collection[str]) -> dict[str, str]:
    """The pages of persons of the article's place, from the root of the tree, by name."""
    source = names.source(article)
    found = {x: person_key(source.place.code, x) for x in people(article)} if source else {}
    return {name: f"person/{key}/index.html" for name, key in found.items() if key in persons}


def feeds_json(feeds: Iterable[FeedDocument]) -> bytes:
    """All feeds as JSON, for programs, a feed a line."""
    return to_lines(
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
    )


def status_json(
    catalogue: Catalogue, status: Iterable[SourceStatus], open_alarms: Iterable[Alarm]
) -> bytes:
    """How each source fares.

    When a column was looked at last is left out: it changes with every run,
    and a run that found nothing new writes nothing.
    """
    found = {x.source: x for x in status}
    alarms: dict[str, list[dict[str, Any]]] = {}
    for x in open_alarms:
        told = {"column": x.column, "kind": x.kind, "message": x.message}
        opened = rfc3339(x.opened_at) if x.opened_at else None
        alarms.setdefault(x.source, []).append({**told, "opened": opened})
    lines = []
    for source in catalogue.sources:
        own = found.get(source.id)
        if own is None:
            continue
        failing = [
            {
                "column": x.column,
                "reason": x.reason,
                "last_good": rfc3339(x.ok_at) if x.ok_at else None,
            }
            for x in own.columns
            if x.failures
        ]
        lines.append(
            {
                "source": source.id,
                "name": source.name,
                "place": source.place.name,
                "articles": own.articles,
                "meetings": own.meetings,
                "withdrawn": own.withdrawn,
                "newest": rfc3339(own.newest) if own.newest else None,
                "unreadable": own.quarantined,
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
    pages: dict[str, str] = {names.base_url: ""}
    pages[f"{names.base_url}status/"] = ""
    for x in feeds:
        kind = x.path.split("/")[0]
        if kind in ("body", "person", "topic"):  # which have a list of their own
            pages.setdefault(f"{names.base_url}{kind}/", "")
        pages[x.home] = rfc3339(x.updated)
    pages |= {names.page(x): rfc3339(whole_second(updated)) for x, updated in newest}
    pages[names.base_url] = max(pages.values())
    lines = [_SITEMAP]
    for address, changed in list(pages.items())[:_SITEMAP_LINES]:
        when = f"    <lastmod>{changed}</lastmod>\n" if changed else ""
        lines.append(f"  <url>\n    <loc>{escape(address)}</loc>\n{when}  </url>\n")
    return "".join((*lines, "</urlset>\n")).encode()
