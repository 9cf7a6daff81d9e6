"""How published files are to be served: media types, and for how long they may be kept."""

import re

# Python's own table has no feeds; .xml as text/xml without charset would mean US-ASCII to some
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
}
_JSON_FEED = "application/feed+json; charset=utf-8"
_PACKED = frozenset({".html", ".xml", ".json", ".opml", ".css", ".js", ".txt", ".svg"})
PACK_FROM = 1000
"""Bytes; below that gzip saves no packet."""

GONE = "gone.html"
"""The page in the folder of an article that was taken down: to be served with status 410."""

HTML = _TYPES[".html"]

# all/archive/000001/rss.xml and search/000000000-000004095-8f14e45f/0001.bin are never written again
_IMMUTABLE = re.compile(r"/archive/\d{6}/|/search/\d{9}-")


def media_type(name: str) -> str:
    """The type of a file of the tree, with its charset where it is text."""
    base = name.rsplit("/", 1)[-1]
    if base == "feed.json":
        return _JSON_FEED
    return _TYPES.get(_suffix(base), "application/octet-stream")


def is_packed(name: str) -> bool:
    """Whether gzip makes the file smaller."""
    return _suffix(name.rsplit("/", 1)[-1]) in _PACKED


def cache_control(name: str) -> str:
    """How long the file may be taken from a cache: what is closed never changes (RFC 8246)."""
    if _IMMUTABLE.search(f"/{name}"):
        return "public, max-age=31536000, immutable"
    return "public, max-age=900"


def _suffix(base: str) -> str:
    return base[base.rfind(".") :] if "." in base else ""
