"""Identifiers of articles, built from the address alone, never from cleaned text."""

import hashlib
import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

# Twins of one page: …/t20211112_9970383_wap.html, /content/mpost_123.html
_WAP_TWIN = re.compile(r"_wap(?=\.[a-z]{3,5}$)")
_MOBILE_POST = re.compile(r"/mpost_(?=\d)")
_TRACKING = frozenset({"from", "isappinstalled", "scene", "share_token", "spm", "timestamp"})


def canonical_key(url: str) -> str:
    """The address without what varies for one and the same page.

    Scheme, default port, ``www.``, fragment, tracking parameters and the marks
    of mobile twins are left out; the order of query parameters is kept, since
    some servers care. Idempotent behind a scheme.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if parts.port not in (None, 80, 443):
        host = f"{host}:{parts.port}"
    path = _MOBILE_POST.sub("/post_", _WAP_TWIN.sub("", parts.path or "/"))
    if not parts.query:
        return f"{host}{path}"
    query = urlencode(
        [
            (k, v)
            for k, v in parse_qsl(parts.query, keep_blank_values=True)
            if k.lower() not in _TRACKING and not k.lower().startswith("utm_")
        ]
    )
    return f"{host}{path}?{query}" if query else f"{host}{path}"


@lru_cache(maxsize=1024)
def article_id(url: str) -> str:
    """16 hexadecimal digits that name the article at *url*, stable for ever."""
    return hashlib.sha256(canonical_key(url).encode()).hexdigest()[:16]
