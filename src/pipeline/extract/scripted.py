"""Lists that stand in the page but not in its tree: in scripts, CDATA, escaped markup."""

import re
from html import unescape

import lxml.etree
import lxml.html

from pipeline.extract import lists
from pipeline.extract.answers import scripted_objects
from pipeline.extract.items import Line
from pipeline.records import ListItem

_HOLDERS = tuple(
    (
        f"<{x}",
        re.compile(rf"<{x}\b[^<>]{{0,500}}>", re.IGNORECASE),
        re.compile(rf"</{x}\s{{0,10}}>", re.IGNORECASE),
    )
    for x in ("script", "textarea", "xmp", "noscript")
)
"""Begin and end of the elements whose text the tree does not show."""

_LINK = re.compile(r"<a\s[^<>]{0,500}?\bhref", re.IGNORECASE)
_LINKS = 3  # fewer are an advertisement
_LONGEST = 2_000_000


def best_group(html: str, base: str) -> tuple[float, list[Line]]:
    """The group of items in markup that scripts hold, with its points as in `lists.best_group`."""
    best: tuple[float, list[Line]] = (0.0, [])
    for inner in _holders(html):
        text = inner.replace("\\/", "/").replace('\\"', '"').replace("\\'", "'")
        if "&lt;a" in text:
            text = unescape(text)
        if sum(1 for _ in _LINK.finditer(text)) < _LINKS:
            continue
        text = text.replace("<![CDATA[", "").replace("]]>", "")
        try:
            root = lxml.html.fragment_fromstring(text, create_parent="div")
        except (lxml.etree.ParserError, ValueError):
            continue
        best = max(best, lists.best_group(root, base), key=lambda x: x[0])
    return best


def objects(html: str, base: str) -> tuple[ListItem, ...]:
    """The longest list of items that a script of the page holds as JSON."""
    found = (scripted_objects(x, base) for x in _holders(html) if "[{" in x)
    return max(found, key=len, default=())


def _holders(html: str) -> list[str]:
    """What such elements hold, in the page's order; one that is never closed ends the search."""
    if len(html) > _LONGEST:
        return []
    found: list[tuple[int, str]] = []
    lower = html.lower()
    for name, begin, end in _HOLDERS:
        if name not in lower:
            continue
        at = 0
        while (opened := begin.search(html, at)) and (closed := end.search(html, opened.end())):
            found.append((opened.start(), html[opened.end() : closed.start()]))
            at = closed.end()
    return [x for _, x in sorted(found) if len(x) > 200]
