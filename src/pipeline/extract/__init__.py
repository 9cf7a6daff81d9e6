"""HTML turned into strings as published: nothing is repaired or understood here."""

import re
from dataclasses import replace
from datetime import date
from typing import Literal
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipeline.errors import ExtractError
from pipeline.extract import body as bodies
from pipeline.extract import fields as boxes
from pipeline.extract import furniture, header, kind, layouts, listing, lists, media, paging
from pipeline.extract import title as titles
from pipeline.extract.families import FAMILIES, GENERIC, detect
from pipeline.extract.family import Family, ListPage
from pipeline.extract.outline import Outline, outline
from pipeline.extract.page import RawPage
from pipeline.extract.tree import folded, meta, parse, squash, text_of
from pipeline.records import Layout, ListItem

__all__ = ["RawPage", "extract_page", "extract_text"]

_ANSWER = re.compile(
    r"[\ufeff\s]{0,100}(?:[{\[]|[\w.$]{1,80}\(\s{0,20}[{\[\"'<]|<\?xml[^>]{0,200}\?>\s{0,100}<(?!!DOCTYPE|html)|<(?:datastore|recordset)>)",
    re.IGNORECASE,
)
"""JSON, JSONP or bare XML: what a list's script gets, no page."""

_LONG_LIST = 20
_MIN_BODY = 20
"""Characters of a text that make an article without any meta element to say so."""


def extract_text(text: str) -> RawPage:
    """Return a plain text file as an article: one paragraph a line, no title."""
    found = tuple(x for x in (folded(y) for y in text.splitlines()) if x)
    if not found:
        raise ExtractError("the text is empty")
    return RawPage(kind="article", family="generic", paragraphs=found, explain=("plain text",))


def extract_page(
    html: str,
    *,
    url: str,
    layout: Layout | None = None,
    expect: Literal["article", "list", None] = None,
    today: date | None = None,
) -> RawPage:
    """Return what the page at *url* says, in the strings of its publisher.

    *layout* overrides the family's own way where it names selectors; *expect* is
    what the caller asked for and settles pages that could be either; *today*, the day
    in China on which the page was fetched, settles years that a list leaves out. Addresses
    come back absolute. Raises `ExtractError` for what cannot be read at all.
    """
    layout = layout or Layout()
    family = _family(layout, html, url)
    if _ANSWER.match(html):
        return listing.read_answer(ListPage(html=html, url=url, base=url, root=None), family)
    root, problems = parse(html)
    base = _base(root, url)
    about = meta(root)
    # Keeps lxml from making the same element objects over and over
    alive = list(root.iter())
    page, text = _article(root, html, url, base, family, layout, about)
    stated = "articletitle" in about and "pubdate" in about
    needed = expect == "list" or not stated
    place = ListPage(html=html, url=url, base=base, root=root)
    decided = _decided(
        page,
        listing.read_items(place, family, layout, today) if needed else (),
        place=place,
        family=family,
        layout=layout,
        html=html,
        text=text,
        stated=stated,
        expect=expect,
        about=about,
        root=root,
        url=url,
    )
    del alive
    return replace(decided, problems=problems + decided.problems)


def _family(layout: Layout, html: str, url: str) -> Family:
    if layout.family == "auto":
        return detect(html, url)
    if layout.family not in FAMILIES:
        known = ", ".join(FAMILIES)
        raise ExtractError(
            f"there is no family {layout.family!r}", where=url, hint=f"one of {known}"
        )
    return FAMILIES[layout.family]


def _base(root: HtmlElement, url: str) -> str:
    element = root.find(".//base[@href]")
    if element is None:
        return url
    return media.absolute(url, element.get("href") or "") or url


def _article(
    root: HtmlElement,
    html: str,
    url: str,
    base: str,
    family: Family,
    layout: Layout,
    about: dict[str, str],
) -> tuple[RawPage, str]:
    """The page read as an article, and all text that it shows."""
    pairs, box = boxes.fields(root)
    shown = outline(root)
    found = titles.title_of(shown, root, about)
    title, title_from = found.text, found.found
    if layout.title is not None:
        named = layouts.select(root, layout.title)
        title, title_from = (
            (text_of(named[0]), "the layout's selector") if named else (title, title_from)
        )
    own = [x for s in layout.body for x in layouts.select(root, s)]
    if own and own[0] in shown.numbers:
        body, how = shown.numbers[own[0]], "body: the layout's selector"
    else:
        end = titles.end_of_header(shown, found)
        body, how = bodies.locate(shown, family.body + GENERIC.body, end)
        if how.endswith("densest container"):
            body = bodies.behind_title(shown, body, title)
    container = shown.elements[body]
    cut = box | frozenset(x for s in layout.cut for x in layouts.select(root, s))
    cut |= furniture.furniture(shown, body)
    before, inside, behind = _around(shown, body)
    head, tail = before[-60:], behind[:15]
    inner = [x for x in inside[:6] if len(x) < 150]
    published, published_from = header.published_of(
        html, url, about, title=title, head=head, inner=inner, tail=tail
    )
    origin, origin_from = header.origin_of(root, head, inner, tail, about)
    page = RawPage(
        kind="article",
        family=family.name,
        title=title,
        published=published,
        published_from=published_from,
        origin=origin,
        author=header.author_of(head[::-1] + inner),
        paragraphs=furniture.paragraphs(shown, body, title=title, cut=cut),
        attachments=media.attachments(root, container, base),
        images=media.images(container, base, cut),
        fields=pairs,
        more_urls=paging.story_pages(root, html, url, base),
        explain=(
            f"family: {family.name}",
            how,
            f"title: {title_from}",
            f"published: {published_from or 'not found'}",
            f"origin: {origin_from or 'not found'}",
        ),
    )
    text = "\n".join((*before, *page.paragraphs, *behind)).replace("\x1f", "")
    return page, text


def _around(shown: Outline, body: int) -> tuple[list[str], list[str], list[str]]:
    """Lines of the page before, in and behind the body, with gaps between inline elements."""
    first, last = shown.between(body)
    texts = [x.text for x in shown.lines]
    return texts[:first], texts[first:last], texts[last:]


def _decided(
    page: RawPage,
    items: tuple[ListItem, ...],
    *,
    place: ListPage,
    family: Family,
    layout: Layout,
    html: str,
    text: str,
    stated: bool,
    expect: Literal["article", "list", None],
    about: dict[str, str],
    root: HtmlElement,
    url: str,
) -> RawPage:
    content = "".join(page.paragraphs)
    bare = replace(
        page, paragraphs=(), attachments=(), images=(), fields=(), more_urls=(), published=None
    )

    def as_list() -> RawPage:
        further = listing.where_next(place, family, layout)
        stuck = None if further else paging.cannot_follow(place)
        return replace(
            bare,
            kind="list",
            problems=(stuck,) if stuck else (),
            items=items,
            next_url=further.url if further else None,
            next_by_script=further is not None and further.by_script,
        )

    if kind.is_blocked(html, text):
        return replace(bare, kind="blocked")
    if expect != "list" and kind.is_not_found(page.title, text, content) and not stated:
        return replace(bare, kind="not_found")
    sentences = _sentences(page.paragraphs)
    if expect == "list":
        if not items and kind.is_not_found(page.title, text, content):
            return replace(bare, kind="not_found")
        # The items of some lists come with the first request of a script
        listed = as_list()
        return listed if items or listed.next_by_script else replace(bare, kind="other")
    if stated:
        empty = not (content or page.images or page.attachments)
        return replace(page, problems=("no text found",)) if empty else page
    if expect != "article" and _looks_listed(page, items, content, sentences):
        paged = lists.dated_share(items) > 0.9 and paging.has_pager(html, text)
        front = _is_front_page(url, root, text) and not paged and "columnname" not in about
        # A column of a portal looks like a front page; but it has one long list, and no root address
        front = front and (_has_front_address(url) or len(items) < _LONG_LIST)
        return replace(bare, kind="other") if front else as_list()
    if _is_front_page(url, root, text) and sentences < 200:
        return replace(bare, kind="other")
    if len(squash(content)) < _MIN_BODY and not (page.images or page.attachments):
        return replace(bare, kind="other")
    if not page.title and expect == "article":
        return replace(page, problems=("no title found",))
    return page if page.title else replace(bare, kind="other")


def _looks_listed(page: RawPage, items: tuple[ListItem, ...], content: str, sentences: int) -> bool:
    """Whether the items are the page's matter, not a box beside its text."""
    if len(items) < 5:
        return False
    titles = sum(len(x.title) for x in items)
    dated = lists.dated_share(items)
    within = sum(x.title in content for x in items) / len(items)
    linked = sum(len(x.title) for x in items if x.title in content)
    if (within > 0.6 and dated > 0.5) or linked > 0.5 * len(content):
        return True
    has_time = page.published is not None and page.published.at is not None
    if within < 0.3 and has_time and page.published_from == "visible" and sentences >= 60:
        return False  # a short story beside long lists
    return (dated >= 0.6 or titles > len(content)) and sentences < titles


def _sentences(paragraphs: tuple[str, ...]) -> int:
    """Characters in paragraphs that are sentences, not titles or menu lines."""
    return sum(len(x) for x in paragraphs if "。" in x or "，" in x)


def _has_front_address(url: str) -> bool:
    paths = ("", "/", "/index.html", "/index.htm", "/index.shtml")
    return url.startswith("http") and urlsplit(url).path in paths


def _is_front_page(url: str, root: HtmlElement, text: str) -> bool:
    return _has_front_address(url) or (
        text.count("\n") > 150 and sum(1 for _ in root.iter("a")) > 250
    )
