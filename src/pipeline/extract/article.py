"""A page read as an article, before it is decided whether it is one."""

from dataclasses import dataclass

from lxml.html import HtmlElement

from pipeline.extract import body as bodies
from pipeline.extract import fields as boxes
from pipeline.extract import furniture, header, layouts, media, paging
from pipeline.extract import title as titles
from pipeline.extract.families import GENERIC
from pipeline.extract.family import Family, ListPage
from pipeline.extract.outline import Outline, outline
from pipeline.extract.page import RawPage
from pipeline.extract.tree import meta, squash, text_of
from pipeline.records import Layout

_LEAD = 60
_TAIL = 15
"""Lines before and behind the text that are looked at for date and origin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a page says if it is an article, and what speaks for that.

    ``about`` are the meta elements. ``first`` and ``last`` are the lines of the outline that its
    text stands in. ``is_sure`` says that title and date are: ``is_stated`` by the standard's meta
    elements, else shown as a title with a line of date or origin below; ``is_behind`` that the text
    was found by them, ``is_of_stories`` that it is made of titles that link elsewhere.
    ``sentences`` are the characters of its paragraphs that are sentences, not titles or menu
    lines; ``linked`` those that stand in links.
    """

    page: RawPage
    about: dict[str, str]
    outline: Outline
    first: int
    last: int
    is_stated: bool
    is_sure: bool
    is_behind: bool
    is_of_stories: bool
    has_video: bool
    sentences: int
    linked: int

    @property
    def content(self) -> str:
        """All paragraphs without anything between."""
        return "".join(self.page.paragraphs)

    @property
    def text(self) -> str:
        """All that the page shows, a line each."""
        shown = [x.whole for x in self.outline.lines]
        return "\n".join((*shown[: self.first], *self.page.paragraphs, *shown[self.last :]))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing behind the header: no text, picture, file or video."""
        page = self.page
        return not (page.paragraphs or page.images or page.attachments or self.has_video)


def read_article(place: ListPage, root: HtmlElement, family: Family, layout: Layout) -> Reading:
    """Read the page as an article, whatever it may be."""
    about = meta(root)
    shown = outline(root)
    found = titles.title_of(shown, root, about, family.title)
    title, title_from = found.text, found.found
    if layout.title is not None and (named := layouts.select(root, layout.title)):
        title, title_from = text_of(named[0]), "the layout's selector"
    pairs, box = boxes.fields(shown)
    end = titles.end_of_header(shown, found)
    stands = _body(shown, root, family, layout, found.text, end)
    body = stands.number
    if not title:
        found = titles.above_text(shown, body)
        title, title_from = found.text, found.found
    container = shown.elements[body]
    cut = box | frozenset(x for s in layout.cut for x in layouts.select(root, s))
    cut |= furniture.furniture(shown, body)
    first, last = shown.between(body)
    # The text's own lines begin behind the header, where one element holds both
    first = end + 1 if first <= end < last else first
    texts = [x.text for x in shown.lines]
    lead = max(0, first - _LEAD)
    head = texts[lead:first]
    tail = [x for x in texts[max(first + 6, last - 4) : last] if len(x) < 60]
    tail += texts[last : last + _TAIL]
    inner = [x for x in texts[first : min(last, first + 6)] if len(x) < 150]
    published, published_from = header.published_of(
        place.html, place.url, about, title_at=found.line - lead, head=head, inner=inner, tail=tail
    )
    origin, origin_from = header.origin_of(
        root, about, title_at=found.line - lead, head=head, inner=inner, tail=tail
    )
    paragraphs = furniture.paragraphs(shown, body, title=title, cut=cut, header=end)
    around = texts[max(0, found.line) : last + _TAIL]
    page = RawPage(
        kind="article",
        family=family.name,
        title=title,
        published=published,
        published_from=published_from,
        origin=origin,
        author=header.author_of(head[::-1] + inner),
        paragraphs=paragraphs,
        bylines=header.bylines_of(around, paragraphs),
        attachments=media.attachments(root, container, place.base),
        images=media.images(container, place.base, cut),
        fields=pairs,
        more_urls=paging.story_pages(root, place.html, place.url, place.base),
        explain=(
            f"family: {family.name}",
            *stands.told,
            f"title: {title_from}",
            f"published: {published_from or 'not found'}",
            f"origin: {origin_from or 'not found'}",
        ),
    )
    own = set(page.paragraphs)
    kept = [x for x in shown.lines[first:last] if x.whole in own]
    is_stated = _is_stated(about)
    return Reading(
        page=page,
        about=about,
        outline=shown,
        first=first,
        last=last,
        is_stated=is_stated,
        is_sure=is_stated or titles.has_header(shown, found),
        is_behind=stands.way == "header",
        is_of_stories=bodies.are_stories(kept),
        has_video=_has_video(container),
        sentences=sum(len(x) for x in page.paragraphs if "。" in x or "，" in x),
        linked=sum(x.linked for x in kept),
    )


def _body(
    shown: Outline, root: HtmlElement, family: Family, layout: Layout, title: str, end: int
) -> bodies.Place:
    """Where the text stands: where the layout says so, else where it is found."""
    known = shown.numbers() if layout.body else {}
    for selector in layout.body:
        for element in layouts.select(root, selector):
            if element in known:
                told = (f"body: the layout's selector {selector}",)
                return bodies.Place(known[element], "layout", told)
    return bodies.locate(shown, family.body + GENERIC.body, end, title)


def _is_stated(about: dict[str, str]) -> bool:
    """Whether the meta elements are those of an article, not of its column or site."""
    title = squash(about.get("articletitle", ""))
    own = {squash(about.get(x, "")) for x in ("columnname", "sitename")}
    return bool(title) and title not in own and "pubdate" in about


def _has_video(container: HtmlElement) -> bool:
    return next(container.iter("video", "embed", "object", "iframe"), None) is not None
