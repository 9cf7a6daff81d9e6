"""The page as a tree, within limits, and the text of its parts."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import lxml.etree
import lxml.html
from lxml.html import HtmlElement

from pipeline.errors import ExtractError

_MAX_CHARACTERS = 20_000_000
_MAX_TAGS = 200_000
_MAX_DEPTH = 1_000
_MAX_ATTRIBUTES = 20_000

# The parser compares each attribute of a tag with all before it
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{40000,}")
_STRETCH = 20_000  # such a tag holds one from each multiple of it on, without an end

# It names the encoding that the page had before: <?xml version="1.0" encoding="gb2312"?>
_XML_DECLARATION = re.compile(r"\A[\ufeff \t\r\n]{0,100}<\?xml[^>]{0,200}\?>")
_END_OF_PAGE = re.compile(r"</(?:body|html)\s{0,20}>", re.IGNORECASE)
# lxml.html chooses a class by tag in Python, for every element anew
_CLASSES = lxml.etree.ElementDefaultClassLookup(
    element=HtmlElement, comment=lxml.html.HtmlComment, entity=lxml.html.HtmlEntity
)
_SPACE = re.compile(r"[ \t\r\n\f]+")

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "ucapcontent",
        "ucaptitle",
    ]
)
UNSEEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "rt",
        "rp",
        "select",
        "button",
        "iframe",
        "textarea",
        "head",
        "object",
    ]
)
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none", re.IGNORECASE)


def parse(html: str) -> tuple[HtmlElement, tuple[str, ...]]:
    """Return the page's root element and the problems met.

    Raises `ExtractError` for a page without elements, or beyond the limits of
    characters, tags, depth and attributes: the parser drops text there without a word,
    or takes hours.
    """
    if len(html) > _MAX_CHARACTERS:
        raise ExtractError(f"the page has more than {_MAX_CHARACTERS:,} characters")
    if len(html) > _MAX_TAGS and html.count("<") > _MAX_TAGS:
        raise ExtractError(f"the page has more than {_MAX_TAGS:,} tags")
    if _has_long_tag(html):
        raise ExtractError(f"a tag of the page has more than {_MAX_ATTRIBUTES:,} attributes")
    # The parser throws away what stands behind </body></html>; sites include pages in pages
    text = _END_OF_PAGE.sub("", _XML_DECLARATION.sub("", html)).replace("\x00", "")
    # As bytes: of a str the parser reads no more behind half a character (a lone surrogate)
    parser = lxml.html.HTMLParser(huge_tree=True, remove_pis=True, encoding="utf-8")
    parser.set_element_class_lookup(_CLASSES)
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8", "surrogatepass"), parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError) as error:
        raise ExtractError(f"the page cannot be read as HTML: {error}") from error
    if any("Excessive depth" in x.message or "limit" in x.message for x in parser.error_log):
        raise ExtractError(f"the page is nested deeper than {_MAX_DEPTH} elements")
    is_closed = "</html" in html[-50:] or "</html" in html[-20_000:].lower()
    is_cut = not is_closed and "<html" in html[:5_000].lower()
    return root, ("the page ends before </html>",) if is_cut else ()


def _has_long_tag(html: str) -> bool:
    """Whether a tag has more attributes than the parser can do with."""
    places = range(0, len(html) - _STRETCH + 1, _STRETCH)
    if all(html.find(">", x, x + _STRETCH) >= 0 for x in places):
        return False
    return any(len(x[0].split()) > _MAX_ATTRIBUTES for x in _LONG_TAG.finditer(html))


def tag_of(element: HtmlElement) -> str:
    """The element's name; empty for comments."""
    return element.tag if isinstance(element.tag, str) else ""


_LONG_NAMES = 200  # longer ones are not kept in memory


def named_like(words: str) -> Callable[[HtmlElement], bool]:
    """Return a test of elements: whether the pattern *words* fits in their class or id.

    Names are compared in lower case. They repeat within a page and a site: the answer to
    each is kept.
    """
    pattern = re.compile(words)

    def fits(names: str) -> bool:
        return pattern.search(names.lower()) is not None

    known = lru_cache(maxsize=4096)(fits)

    def is_named(element: HtmlElement) -> bool:
        named, own = element.get("class"), element.get("id")
        if not (named or own):
            return False
        names = f"{named or ''} {own or ''}"
        return known(names) if len(names) <= _LONG_NAMES else fits(names)

    return is_named


def is_hidden(element: HtmlElement) -> bool:
    """Whether the element's own style hides it."""
    style = element.get("style")
    return style is not None and _HIDDEN.search(style[:2_000]) is not None


HERE = "\ue000\ue000"
"""The line that stands for *mark* among the lines of `lines`."""


def lines(
    element: HtmlElement,
    *,
    separator: str = "",
    cut: frozenset[HtmlElement] = frozenset(),
    mark: HtmlElement | None = None,
    limit: int = 1_000_000,
) -> list[str]:
    """The text of an element, one entry a block or line break.

    Inline elements are joined by *separator*: with none, a text whose every
    digit stands in a tag of its own comes out whole. `HERE` stands for *mark*. No more
    is read once there are *limit* lines.
    """
    if not len(element) and element is not mark and element.tag not in UNSEEN and not cut:
        text = folded(element.text or "") if isinstance(element.tag, str) else ""
        return [text] if text else []
    found: list[str] = []
    buffer: list[str] = []
    _walk(element, found, buffer, separator, cut, mark, limit)
    _flush(found, buffer)
    return found


def _walk(
    root: HtmlElement,
    found: list[str],
    buffer: list[str],
    separator: str,
    cut: frozenset[HtmlElement],
    mark: HtmlElement | None,
    limit: int,
) -> None:
    # A stack of its own: pages nest deeper than Python's recursion goes.
    stack: list[tuple[HtmlElement, bool]] = [(root, False)]
    while stack and len(found) < limit:
        element, leaving = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if leaving:
            if tag in BLOCKS:
                _flush(found, buffer)
            elif separator:
                buffer.append(separator)
            _add_tail(buffer, element, root)
            continue
        if element is mark or tag == "br":
            _flush(found, buffer)
            if element is mark:
                found.append(HERE)
            _add_tail(buffer, element, root)
            continue
        skip = not tag or tag in UNSEEN or element in cut
        if skip or (element is not root and is_hidden(element)):
            _add_tail(buffer, element, root)
            continue
        if tag in BLOCKS:
            _flush(found, buffer)
        if element.text:
            buffer.append(element.text)
        stack.append((element, True))
        stack += [(child, False) for child in reversed(element)]


def _add_tail(buffer: list[str], element: HtmlElement, root: HtmlElement) -> None:
    if element is not root and element.tail:
        buffer.append(element.tail)


def _flush(found: list[str], buffer: list[str]) -> None:
    text = folded("".join(buffer))
    buffer.clear()
    if text:
        found.append(text)


def folded(text: str) -> str:
    """Text with the white space of markup folded to one space, and trimmed of all blanks."""
    text = text.strip()
    # Looking for what is seldom there costs a third of trying to replace it
    if "  " in text or "\n" in text or "\t" in text or "\r" in text or "\f" in text:
        return _SPACE.sub(" ", text)
    return text


def text_of(element: HtmlElement) -> str:
    """The whole text of an element in one line."""
    return " ".join(lines(element))


def squash(text: str) -> str:
    """Text without any white space, for comparing."""
    return "".join(text.split())


def meta(root: HtmlElement) -> dict[str, str]:
    """Names (lower case) and contents of the meta elements; the first of a name that is not empty."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").strip().lower()
        content = folded(element.get("content") or "")
        if name and content:
            found.setdefault(name, content)
    return found


def ancestors(element: HtmlElement) -> Iterator[HtmlElement]:
    """Parent, grandparent and so on."""
    parent = element.getparent()
    while parent is not None:
        yield parent
        parent = parent.getparent()
