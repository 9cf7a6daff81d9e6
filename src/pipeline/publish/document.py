"""What a feed says, before any format: frozen values that every renderer takes."""

import html
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote, urlsplit

Form = Literal["rss", "atom", "json"]

FILES: dict[Form, str] = {"rss": "rss.xml", "atom": "atom.xml", "json": "feed.json"}
"""The name of each form's file in a feed's folder."""

# What XML 1.0 cannot hold (C0 controls, lone surrogates, U+FFFE, U+FFFF), and what HTML
# parsers complain of: DEL, C1 controls, the other noncharacters
_ILLEGAL = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd"
    + "".join(f"{chr(plane << 16)}-{chr(plane << 16 | 0xFFFD)}" for plane in range(1, 17))
    + "]"
)

_MARKED = re.compile("[<>&]")

# A stray <font color=red> or </b> in a title; 关于<规定>的通知 is none
_TAG = re.compile(
    r"</?(?:a|b|br|div|em|font|i|img|p|span|strong|sub|sup|u)\b[^<>]{0,300}>", re.IGNORECASE
)


def clean(text: str) -> str:
    """The text without the characters that no XML and no HTML document may hold."""
    return _ILLEGAL.sub("", text)


def plain_title(text: str) -> str:
    """A title that every reader shows alike: one line, no tags, no entities.

    Readers disagree whether a title is HTML, so angle brackets that are meant
    as such become their full-width forms.
    """
    text = clean(text)
    if not _MARKED.search(text):
        return " ".join(text.split())
    for _ in range(3):  # &amp;lt; has been seen: escaped by two programs
        before, text = text, html.unescape(_TAG.sub("", text))
        if text == before:
            break
    text = clean(text).replace("<", "＜").replace(">", "＞")
    # what still reads as an entity was escaped four times: take the mark out of it
    text = re.sub(r"&(?=#?\w{1,32};)", "＆", text)
    return " ".join(text.split())


def web_address(address: str) -> str | None:
    """The address with blanks and other characters quoted; None where it is no web address."""
    address = clean(address).strip()
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s<>\"'\\]", parts.netloc):
        return None
    return quote(address, safe="/:?#[]@!$&()*+,;=%~-._")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFile:
    """A file that goes with an entry. ``length`` in bytes, None where it is not known."""

    url: str
    name: str
    media_type: str
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A word an entry is filed under; ``scheme`` is the address that says what kind of word."""

    term: str
    scheme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry. ``title`` and ``summary`` are plain text, ``html`` is a safe fragment.

    ``id`` is a ``tag:`` address (RFC 4151) that never changes; ``updated`` is
    not before ``published``. ``page`` is our own page of the article; ``people`` are named
    in it, and their names are no words.
    """

    id: str
    title: str
    url: str
    published: datetime
    updated: datetime
    html: str
    summary: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    files: tuple[FeedFile, ...] = ()
    image: str | None = None
    page: str | None = None
    people: tuple[str, ...] = ()

    def __hash__(self) -> int:
        # asked for once for each feed that holds it; equal entries agree in these
        return hash((self.id, self.updated, self.html))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """An entry that was taken out of a feed (RFC 6721): its id, when, and why."""

    ref: str
    when: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """One feed at ``base_url`` + ``path`` + ``/``, in whatever form.

    ``updated`` is that of its newest entry, so that the bytes know no clock.
    ``prev_archive`` and ``current`` are paths of feeds (RFC 5005); a document
    with ``archive`` is part of the history of ``current``. ``hubs`` are WebSub hubs that
    hear of every change; ``query`` is the end of its addresses, where it answers one;
    ``tombstones`` stand for entries that were taken out. ``count`` and ``newest`` (publication) tell of the entries where
    these are not at hand: in lists of feeds, which know those that nothing changed in.
    """

    base_url: str
    path: str
    id: str
    title: str
    description: str
    updated: datetime
    entries: tuple[FeedEntry, ...]
    author: str = "区闻"
    language: str = "zh-Hans"
    ttl_min: int = 60
    archive: bool = False
    prev_archive: str | None = None
    current: str | None = None
    hubs: tuple[str, ...] = ()
    query: str = ""
    tombstones: tuple[Tombstone, ...] = ()
    count: int = 0
    newest: datetime | None = None

    @property
    def home(self) -> str:
        """The address of the page that shows the feed."""
        return f"{self.base_url}{self.current or self.path}/{self.query}"

    def address(self, form: Form, path: str | None = None) -> str:
        """The address of this feed, or of the one at *path*, in a form."""
        return f"{self.base_url}{self.path if path is None else path}/{FILES[form]}{self.query}"


def flaw(entry: FeedEntry) -> str | None:
    """Why an entry cannot stand in a feed, None where it can."""
    texts = (entry.id, entry.title, entry.html, entry.summary, *entry.authors)
    dates = (entry.published, entry.updated)
    rules = (
        (bool(entry.title.strip()), "no title"),
        (bool(entry.html.strip()), "no content"),
        (web_address(entry.url) == entry.url, f"no web address: {entry.url[:100]!r}"),
        (all(x.tzinfo is not None for x in dates), "a date without a zone"),
        (all(clean(x) == x for x in texts), "characters that XML cannot hold"),
    )
    problem = next((text for is_kept, text in rules if not is_kept), None)
    if problem is None and entry.updated < entry.published:
        return "updated before it was published"
    return problem
