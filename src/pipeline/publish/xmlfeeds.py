"""RSS 2.0 and Atom 1.0: feedgen, and one extension that repairs what it gets wrong.

feedgen 1.0.0 loses ``rel`` and ``type`` of an Atom entry's links, takes the
last link of all as the site of an RSS channel, names the moment of the build,
and switches the locale of the process for each date. So the extension writes
links and dates itself, and feedgen is given but the one link that RSS wants.

An article stands in many feeds with the same bytes: feedgen makes its entry once, and the
frame of each feed.
"""

from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from threading import Lock
from typing import Any

from feedgen.entry import FeedEntry as Entry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree
from markupsafe import escape

from pipeline.errors import PublishError
from pipeline.publish.document import FeedDocument, FeedEntry, Form
from pipeline.publish.kept import kept
from pipeline.records import CHINA

_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_SY = "http://purl.org/rss/1.0/modules/syndication/"
_AT = "http://purl.org/atompub/tombstones/1.0"
_FH = "http://purl.org/syndication/history/1.0"

_MEDIA_TYPES: dict[Form, str] = {"rss": "application/rss+xml", "atom": "application/atom+xml"}

_building = Lock()
"""feedgen sets the locale of the whole process while it writes ``lastBuildDate``."""


def rfc822(instant: datetime) -> str:
    """The instant in China time, as RSS writes it; English in every locale."""
    return format_datetime(instant.astimezone(CHINA).replace(microsecond=0))


def rfc3339(instant: datetime) -> str:
    """The instant in China time, to the second, as Atom and JSON Feed write it."""
    return instant.astimezone(CHINA).isoformat(timespec="seconds")


def _add(parent: Any, tag: str, text: str | None = None, **attributes: str) -> None:
    element = etree.SubElement(parent, tag, attrib=attributes)
    element.text = text


def _feed_links(document: FeedDocument, form: Form) -> list[tuple[str, str]]:
    """Pairs of rel and address besides the page itself."""
    links = [("self", document.address(form))]
    if document.prev_archive is not None:
        links.append(("prev-archive", document.address(form, document.prev_archive)))
    if document.current is not None:
        links.append(("current", document.address(form, document.current)))
    return links


def _hubs(document: FeedDocument) -> tuple[str, ...]:
    # History is immutable: another hub must not rewrite it
    return () if document.archive else document.hubs


class _FeedRepair(BaseExtension):  # type: ignore[misc]
    """Rewrites the head of a feed; ``document`` must be set."""

    document: FeedDocument

    def extend_ns(self) -> dict[str, str]:
        names = {"dc": _DC, "sy": _SY}
        if self.document.archive:
            names["fh"] = _FH
        if self.document.tombstones:
            names["at"] = _AT
        return names

    def _stylesheet(self, root: Any) -> None:
        href = self.document.base_url + "feed.css"
        root.addprevious(
            etree.ProcessingInstruction("xml-stylesheet", f'type="text/css" href="{escape(href)}"')
        )

    def extend_rss(self, root: Any) -> None:
        channel = root[0]
        self._stylesheet(root)
        channel.find("lastBuildDate").text = rfc822(self.document.updated)
        channel.remove(channel.find("docs"))
        for rel, href in _feed_links(self.document, "rss"):
            _add(channel, f"{{{_ATOM}}}link", href=href, rel=rel, type=_MEDIA_TYPES["rss"])
        for hub in _hubs(self.document):
            _add(channel, f"{{{_ATOM}}}link", href=hub, rel="hub")
        _add(channel, f"{{{_SY}}}updatePeriod", "hourly")
        if self.document.archive:
            _add(channel, f"{{{_FH}}}archive")

    def extend_atom(self, root: Any) -> None:
        self._stylesheet(root)
        _add(root, "link", href=self.document.home, rel="alternate", type="text/html")
        for rel, href in _feed_links(self.document, "atom"):
            _add(root, "link", href=href, rel=rel, type=_MEDIA_TYPES["atom"])
        for hub in _hubs(self.document):
            _add(root, "link", href=hub, rel="hub")
        if self.document.archive:
            _add(root, f"{{{_FH}}}archive")
        for x in self.document.tombstones:
            _add(root, f"{{{_AT}}}deleted-entry", ref=x.ref, when=rfc3339(x.when))
            if x.reason:
                _add(root[-1], f"{{{_AT}}}comment", x.reason)


class _EntryRepair(BaseEntryExtension):  # type: ignore[misc]
    """Rewrites links, dates and people of an entry; ``entry`` must be set."""

    entry: FeedEntry

    def extend_rss(self, item: Any) -> None:
        _add(item, "pubDate", rfc822(self.entry.published))
        for name in self.entry.authors:
            _add(item, f"{{{_DC}}}creator", name)
        _add(item, f"{{{_ATOM}}}updated", rfc3339(self.entry.updated))

    def extend_atom(self, item: Any) -> None:
        _add(item, "link", href=self.entry.url, rel="alternate", type="text/html")
        for file in self.entry.files:
            size = {} if file.length is None else {"length": str(file.length)}
            _add(
                item,
                "link",
                rel="enclosure",
                type=file.media_type,
                href=file.url,
                title=file.name,
                **size,
            )
        if self.entry.page and self.entry.page != self.entry.url:
            _add(item, "link", href=self.entry.page, rel="related", type="text/html")


def _frame(document: FeedDocument) -> Any:
    """A feed generator with the fields that both forms share, and no entries."""
    feed = FeedGenerator()
    feed.register_extension("repair", _FeedRepair)
    feed.repair.document = document
    feed.id(document.id)
    feed.title(document.title)
    feed.subtitle(document.description)
    feed.description(document.description)
    feed.author({"name": document.author})
    feed.language(document.language)
    feed.updated(document.updated.astimezone(CHINA).replace(microsecond=0))
    feed.generator("quwen")  # no version: an upgrade must not rewrite every feed
    return feed


def _shared(entry: FeedEntry) -> Entry:
    """An entry of feedgen with the fields that both forms share."""
    item = Entry()
    item.register_extension("repair", _EntryRepair)
    item.repair.entry = entry
    item.id(entry.id)
    item.title(entry.title)
    for category in entry.categories:
        item.category(term=category.term, scheme=category.scheme)
    return item


@kept()
def _rss_item(entry: FeedEntry) -> bytes:
    """The bytes of an item, as they stand in every channel."""
    item = _shared(entry)
    item.link(href=entry.url, rel="alternate")
    item.description(str(escape(entry.summary or entry.title)))  # readers take it for HTML
    item.content(entry.html)
    for file in entry.files[:1]:
        item.enclosure(file.url, str(file.length or 0), file.media_type)
    root = etree.Element("rss", nsmap={"atom": _ATOM, "content": _CONTENT, "dc": _DC, "sy": _SY})
    etree.SubElement(root, "channel").append(item.rss_entry())
    return _between(root, b"  <channel>\n", b"  </channel>")


@kept()
def _atom_entry(entry: FeedEntry) -> bytes:
    """The bytes of an entry, as they stand in every feed."""
    item = _shared(entry)
    item.updated(entry.updated.astimezone(CHINA).replace(microsecond=0))
    item.published(entry.published.astimezone(CHINA).replace(microsecond=0))
    item.content(entry.html, type="html")
    if entry.summary:
        item.summary(entry.summary)
    for name in entry.authors:
        item.author({"name": name})
    root = etree.Element("feed")
    root.append(item.atom_entry())
    return _between(root, b"<feed>\n", b"</feed>")


def _between(root: Any, start: bytes, end: bytes) -> bytes:
    """What stands between two tags in the bytes of a document."""
    data = etree.tostring(root, encoding="UTF-8", pretty_print=True)
    return data[data.index(start) + len(start) : data.rindex(end)]


def _written(
    document: FeedDocument, build: Any, entry: Callable[[FeedEntry], bytes], end: bytes
) -> bytes:
    """The frame of a feed with its entries put in before the *end*."""
    try:
        items = [entry(x) for x in document.entries]
        with _building:
            frame: bytes = build(pretty=True)
    except (ValueError, TypeError) as error:
        raise PublishError(
            f"feed cannot be written: {error}",
            where=document.path,
            hint="leave out entries that `flaw` names",
        ) from error
    at = frame.rindex(end)
    return b"".join((frame[:at], *items, frame[at:]))


def render_rss(document: FeedDocument) -> bytes:
    """The feed as RSS 2.0 after the Advisory Board's profile, in UTF-8.

    One enclosure an item; the full text stands in ``content:encoded``. Raises
    PublishError for an entry that XML cannot hold.
    """
    feed = _frame(document)
    feed.link(href=document.home, rel="alternate")
    feed.ttl(document.ttl_min)
    return _written(document, feed.rss_str, _rss_item, b"  </channel>")


def render_atom(document: FeedDocument) -> bytes:
    """The feed as Atom 1.0 (RFC 4287), in UTF-8; exactly one alternate link an entry.

    What was taken out is named by RFC 6721; RSS and JSON Feed have no word for it.

    Raises PublishError for an entry that XML cannot hold.
    """
    feed = _frame(document)
    return _written(document, feed.atom_str, _atom_entry, b"</feed>")
