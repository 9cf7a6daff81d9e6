"""Editions in traditional characters: the same tree again, with text nodes converted and nothing else.

Addresses, ids' stems, attributes and numbers stay as they are. OpenCC converts by words;
it does not know names, and 于, 余 or 范 as surnames are written the same in both scripts.
"""

import html
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import cast

import opencc

from pipeline.publish.document import Category, FeedDocument, FeedEntry
from pipeline.publish.kept import kept

EDITIONS = {"zh-Hant": "s2t", "zh-Hant-TW": "s2tw", "zh-Hant-HK": "s2hk"}
"""Language tags (BCP 47), which are the folders too, and OpenCC's conversions."""

_SAME = frozenset("于余范郁岳后丑干征准冲种咸岩采台里杰游")
"""Surnames, and characters of given names, that conversion would take for other words."""

_PARTS = re.compile(
    r"(?s)(<!--.*?-->|<(?:script|style)\b[^>]*>.*?</(?:script|style)\s*>|<[^>]*>)", re.IGNORECASE
)
"""What is no text in markup that our own templates made: an attribute holds no bare > there."""

_RELATIVE = re.compile(r'\b(?P<name>href|src)="(?P<to>(?![a-z]+:|/|#)[^"]*)"', re.IGNORECASE)
_SHARED = re.compile(
    r"(?:^|/)(?:search/(?!index\.html)|en/|(?!feeds?\.json$)[^/]+\.(?:css|js|svg|png|json)$|sitemap\.xml$)"
)
"""Files of the tree that the editions share; feeds are not among them."""
_LANG = re.compile(r'(<html\b[^>]*\blang=")[^"]*(")')


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One edition: its ``tag`` names language and folder; ``base_url`` is that of the whole tree."""

    tag: str
    base_url: str

    def feed(self, feed: FeedDocument) -> FeedDocument:
        """The feed in this edition, with ids of its own."""
        people = tuple({name for x in feed.entries for name in x.people})
        words = converted(self.tag, people)
        return replace(
            feed,
            path=f"{self.tag}/{feed.path}",
            id=f"{feed.id};{self.tag}",
            title=words(feed.title),
            description=words(feed.description),
            author=words(feed.author),
            language=self.tag,
            prev_archive=f"{self.tag}/{feed.prev_archive}" if feed.prev_archive else None,
            current=f"{self.tag}/{feed.current}" if feed.current else None,
            entries=tuple(_entry_in(self, x) for x in feed.entries),
            tombstones=tuple(
                replace(x, ref=f"{x.ref};{self.tag}", reason=words(x.reason))
                for x in feed.tombstones
            ),
        )

    def heading(self, feed: FeedDocument) -> FeedDocument:
        """The feed for lists of feeds, which show no entries."""
        return self.feed(replace(feed, entries=()))

    def entry(self, entry: FeedEntry) -> FeedEntry:
        """An entry in this edition, with an id of its own."""
        words = converted(self.tag, entry.people)
        return replace(
            entry,
            id=f"{entry.id};{self.tag}",
            title=words(entry.title),
            url=self.address(entry.url),
            html=self._own_links(in_markup(entry.html, words)),
            summary=words(entry.summary),
            authors=tuple(map(words, entry.authors)),
            categories=tuple(
                Category(term=words(x.term), scheme=self.address(x.scheme))
                for x in entry.categories
            ),
            files=tuple(replace(x, name=words(x.name)) for x in entry.files),
            page=self.address(entry.page) if entry.page else None,
        )

    def address(self, url: str) -> str:
        """Where this edition has what stands at *url* in the tree; others' addresses as they are."""
        if not url.startswith(self.base_url):
            return url
        return f"{self.base_url}{self.tag}/{url.removeprefix(self.base_url)}"

    def _own_links(self, markup: str) -> str:
        base = html.escape(self.base_url)
        return markup.replace(f'="{base}', f'="{base}{self.tag}/')

    def page(self, data: bytes, people: Sequence[str]) -> bytes:
        """A page of ours in this edition: links lead on within it."""
        text = in_markup(data.decode(), converted(self.tag, people))
        text = _RELATIVE.sub(_up_to_shared, self._own_links(text))
        return _LANG.sub(rf"\g<1>{self.tag}\g<2>", text, count=1).encode()


@kept(lambda x: sys.getsizeof(x.html))
def _entry_in(edition: Edition, entry: FeedEntry) -> FeedEntry:
    return edition.entry(entry)


def _up_to_shared(link: re.Match[str]) -> str:
    """A relative link out of the edition's folder, where what it names stands once for all."""
    to = link["to"]
    up = "../" if _SHARED.search(to.partition("#")[0]) else ""
    return f'{link["name"]}="{up}{to}"'


def with_languages(data: bytes, name: str, tags: Iterable[str], base_url: str) -> bytes:
    """The page at *name* with links to itself in the other editions (hreflang)."""
    path = name.removesuffix("index.html")
    links = [("zh-Hans", base_url + path)] + [(x, f"{base_url}{x}/{path}") for x in tags]
    lines = "".join(
        f'<link rel="alternate" hreflang="{tag}" href="{html.escape(url)}">\n' for tag, url in links
    )
    return data.replace(b"</head>", lines.encode() + b"</head>", 1)


def in_markup(markup: str, words: Callable[[str], str]) -> str:
    """Markup of our own templates with its text nodes converted."""
    parts = _PARTS.split(markup)
    return "".join(x if number % 2 else words(x) for number, x in enumerate(parts))


def converted(tag: str, people: Sequence[str]) -> Callable[[str], str]:
    """The conversion of an edition; names of *people* are converted by themselves."""
    whole = _converter(EDITIONS[tag])
    names = sorted({x for x in people if len(x) > 1}, key=lambda x: (-len(x), x))
    if not names:
        return whole
    pattern = re.compile("|".join(map(re.escape, names)))

    def convert(text: str) -> str:
        parts, at = [], 0
        for match in pattern.finditer(text):
            parts += [whole(text[at : match.start()]), _name(match[0], whole)]
            at = match.end()
        return "".join((*parts, whole(text[at:])))

    return convert


def _name(name: str, whole: Callable[[str], str]) -> str:
    return "".join(x if x in _SAME else whole(x) for x in name)


@cache
def _converter(config: str) -> Callable[[str], str]:
    convert = cast("Callable[[str], str]", opencc.OpenCC(config).convert)
    # Most text nodes are blank lines of a template
    return lambda text: convert(text) if not text.isascii() else text
