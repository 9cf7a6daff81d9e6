"""HTML turned into strings as published: nothing is repaired or understood here."""

import re
from dataclasses import replace
from datetime import date
from typing import Literal

from lxml.html import HtmlElement

from pipeline.errors import ExtractError
from pipeline.extract import listing, media, paging
from pipeline.extract.article import read_article
from pipeline.extract.families import FAMILIES, detect
from pipeline.extract.family import Family, ListPage
from pipeline.extract.fragment import extract_item
from pipeline.extract.kind import kind_of
from pipeline.extract.page import RawPage
from pipeline.extract.tree import folded, parse
from pipeline.records import Layout, ListItem

__all__ = ["RawPage", "extract_item", "extract_page", "extract_text"]

_ANSWER = re.compile(
    r"[\ufeff\s]{0,100}(?:[{\[]|[\w.$]{1,80}\(\s{0,20}[{\[\"'<]|<\?xml[^>]{0,200}\?>\s{0,100}<(?!!DOCTYPE|html)|<(?:datastore|recordset)>)",
    re.IGNORECASE,
)
"""JSON, JSONP or bare XML: what a list's script gets, no page."""


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
    place = ListPage(html=html, url=url, base=_base(root, url), root=root)
    reading = read_article(place, root, family, layout)
    read: list[tuple[ListItem, ...]] = []

    def items() -> tuple[ListItem, ...]:
        if not read:
            read.append(listing.read_items(place, family, layout, today))
        return read[0]

    kind, why = kind_of(reading, html, url, expect=expect, items=items)
    page = replace(reading.page, kind=kind, explain=(*reading.page.explain, f"{kind}: {why}"))
    if kind == "list":
        page = _as_list(page, place, family, layout, items())
    elif kind != "article":
        page = _bare(page)
        if reading.is_empty and reading.is_sure:
            page = replace(page, problems=("a title, but no text, picture, file or video",))
    elif not page.title:
        page = replace(page, problems=("no title found",))
    elif not page.paragraphs:
        page = replace(page, problems=("no text found",))
    return replace(page, problems=problems + page.problems) if problems else page


def _bare(page: RawPage) -> RawPage:
    """The page without what only an article has."""
    return replace(
        page, paragraphs=(), attachments=(), images=(), fields=(), more_urls=(), published=None
    )


def _as_list(
    page: RawPage,
    place: ListPage,
    family: Family,
    layout: Layout,
    items: tuple[ListItem, ...],
) -> RawPage:
    further = listing.where_next(place, family, layout)
    stuck = None if further else paging.cannot_follow(place)
    by_script = further is not None and further.by_script
    return replace(
        _bare(page),
        # The items of some lists come with the first request of a script
        kind="list" if items or by_script else "other",
        problems=(stuck,) if stuck else (),
        items=items,
        next_url=further.url if further else None,
        next_by_script=by_script,
    )


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
    href = next((x.get("href") for x in root.iter("base") if x.get("href") is not None), None)
    return media.absolute(url, href or "") or url if href is not None else url
