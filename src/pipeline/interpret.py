"""All of parsing as one pure function from a capture to an article."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

from pipeline.decode import Decoded, decode
from pipeline.divisions import by_name
from pipeline.extract import RawPage, extract_item, extract_page, extract_text
from pipeline.identity import article_id
from pipeline.normalize import normalize
from pipeline.parse import Parsed, parse_article, writers
from pipeline.records import (
    CHINA,
    Article,
    Capture,
    Column,
    Dateline,
    Layout,
    ListItem,
    Published,
    Repairs,
)

INTERPRETER = 3
"""Version of the reading: raised whenever the same capture may be read differently."""

_STATUS_KIND: dict[int, Literal["not_found", "blocked"]] = {
    404: "not_found",
    410: "not_found",
    403: "blocked",
    412: "blocked",  # answer of a script challenge that many government sites sit behind
    521: "blocked",
}


def interpret(
    capture: Capture,
    column: Column | None = None,
    *,
    expect: Literal["article", "list", None] = None,
    published: Published | None = None,
    more: Sequence[Capture] = (),
) -> Article:
    """Return what the captured page says.

    *column* gives layout, place and source; *expect* what the caller asked for;
    *published* is taken where the page itself names no date (a list does);
    *more* are the further pages of the same story, in order.

    The id comes from the address that was asked for, since that is what lists
    repeat. Raises `DecodeError` and `ExtractError` where there is nothing to read. What
    can be read only in part comes back with ``problems``.
    """
    layout = column.layout_on(capture.fetched_at.astimezone(CHINA).date()) if column else Layout()
    decoded, page = _read(capture, layout, expect)
    for further in more:
        page = _joined(page, _read(further, layout, "article")[1])
    if capture.status in _STATUS_KIND:
        page = replace(page, kind=_STATUS_KIND[capture.status])
    return _recorded(
        page, decoded, column, url=capture.url, asked=capture.requested_url, published=published
    )


def interpret_item(item: ListItem, column: Column, *, family: str = "generic") -> Article:
    """Return what a list tells of an article whose page is not read.

    The whole text where the list carries it; else a headline (``text_kind``), for links to
    files, to WeChat and to other sites. The id comes from the item's address.
    """
    page = extract_item(item, family=family)
    decoded = Decoded(text=item.html or item.title)
    read = _recorded(page, decoded, column, url=item.url, asked=item.url, published=None)
    if page.paragraphs or page.images:
        return read
    # A headline says nothing of a text: neither what it is, nor that it is missing
    return replace(read, text_kind="headline", credits=(), meetings=(), problems=page.problems)


def _recorded(
    page: RawPage,
    decoded: Decoded,
    column: Column | None,
    *,
    url: str,
    asked: str,
    published: Published | None,
) -> Article:
    """The record of a page: its strings repaired, then understood."""
    page, repairs, changed = _repaired(
        page, decoded, mangles=bool(column and column.source.mangles)
    )
    paragraphs = tuple(x for x in page.paragraphs if x)
    shown = page.published or published
    problems = list(page.problems)
    record = partial(
        Article,
        url=url,
        id=article_id(asked),
        kind=page.kind,
        title=page.title,
        source=column.source.id if column else None,
        column=column.key if column else None,
        family=page.family,
        published=shown,
        origin=page.origin,
        author=page.author,
        paragraphs=paragraphs,
        published_as=changed,
        attachments=page.attachments,
        images=page.images,
        items=page.items,
        next_url=page.next_url,
        next_by_script=page.next_by_script,
        more_urls=page.more_urls,
        repairs=repairs,
    )
    if page.kind != "article":
        return record(paragraphs=(), published_as=(), problems=tuple(problems))
    if shown is None:
        problems.append("no publication date found")
    understood = _within(paragraphs)
    if len(understood) < len(paragraphs):
        problems.append(
            f"the text is longer than {_UNDERSTOOD:,} characters: what follows is kept, not understood"
        )
    parsed = parse_article(
        understood,
        title=page.title,
        published=shown.day if shown else None,
        place=column.source.place.short if column else None,
        fields=page.fields,
        around=page.bylines,
    )
    return record(
        author=_author(page.author, parsed),
        credits=parsed.credits,
        document=parsed.document,
        references=parsed.references,
        dateline=_placed(parsed.dateline, column),
        text_kind=parsed.text_kind,
        meetings=parsed.meetings,
        problems=(*problems, *parsed.problems),
    )


def _author(named: str | None, parsed: Parsed) -> str | None:
    """Who is *named* as author, else who is credited with writing."""
    return named or "、".join(writers(parsed.credits)) or None


def _placed(dateline: Dateline | None, column: Column | None) -> Dateline | None:
    """The dateline with the code of its place, where that is certain."""
    if dateline is None or dateline.place is None:
        return dateline
    name = dateline.place.value
    own = column.source.place if column else None
    if own and name in (own.short, own.name):
        return replace(dateline, code=own.code)
    found = by_name(name)
    return replace(dateline, code=found[0].code) if len(found) == 1 else dateline


def parsed_again(article: Article, column: Column | None) -> Article:
    """The article with all that is read from its texts read anew, after one of them was corrected.

    What stood around the text stays, since it is not kept: credits, and a document's fields
    where the text itself names none.
    """
    if article.kind != "article" or article.text_kind == "headline":
        return article
    parsed = parse_article(
        _within(article.paragraphs),
        title=article.title,
        published=article.published.day if article.published else None,
        place=column.source.place.short if column else None,
    )
    return replace(
        article,
        author=_author(article.author, parsed),
        credits=(*parsed.credits, *(x for x in article.credits if not x.spans)),
        document=parsed.document or article.document,
        references=parsed.references,
        dateline=_placed(parsed.dateline, column),
        text_kind=parsed.text_kind,
        meetings=parsed.meetings,
    )


_UNDERSTOOD = 300_000
"""Characters of a text in which meetings and names are looked for; reports have a third of it."""


def _within(paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    """The paragraphs that begin a text, up to the limit."""
    total = 0
    for number, paragraph in enumerate(paragraphs):
        total += len(paragraph)
        if total > _UNDERSTOOD:
            return paragraphs[:number]
    return paragraphs


def explain_reading(capture: Capture, column: Column | None = None) -> tuple[str, ...]:
    """Return what was weighed when the page was read: family, text, title, date, origin, kind.

    A line each, as *what: how*; the text's candidates with their points. Raises as
    `interpret` does.
    """
    layout = column.layout_on(capture.fetched_at.astimezone(CHINA).date()) if column else Layout()
    return _read(capture, layout, None)[1].explain


def _read(
    capture: Capture, layout: Layout, expect: Literal["article", "list", None]
) -> tuple[Decoded, RawPage]:
    decoded = decoded_text(capture)
    if (capture.header("content-type") or "").startswith("text/plain"):
        return decoded, extract_text(decoded.text)
    today = capture.fetched_at.astimezone(CHINA).date()
    page = extract_page(
        decoded.text, url=_address(capture), layout=layout, expect=expect, today=today
    )
    return decoded, page


def _address(capture: Capture) -> str:
    """The address that answered, with the fragment that was asked for (RFC 9110, section 10.2.2).

    Servers never see it; some pages read the number of their list from it.
    """
    _, mark, fragment = capture.requested_url.partition("#")
    return capture.url if "#" in capture.url else f"{capture.url}{mark}{fragment}"


def decoded_text(capture: Capture) -> Decoded:
    """The captured body as text, in the encoding that header, page and bytes speak for."""
    content_type = capture.header("content-type") or ""
    return decode(capture.body, http_charset=_charset(content_type))


def _charset(content_type: str) -> str | None:
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None


def _joined(first: RawPage, second: RawPage) -> RawPage:
    if second.kind != "article":
        return replace(first, problems=(*first.problems, "a further page of the story is missing"))
    return replace(
        first,
        paragraphs=first.paragraphs + second.paragraphs,
        attachments=first.attachments
        + tuple(x for x in second.attachments if x not in first.attachments),
        images=first.images + tuple(x for x in second.images if x not in first.images),
        problems=(*first.problems, *second.problems),
    )


def _repaired(
    page: RawPage, decoded: Decoded, *, mangles: bool
) -> tuple[RawPage, Repairs, tuple[str, ...]]:
    """The page in repaired text, what was repaired, and the paragraphs as published if they differ."""
    normalized = normalize(
        tuple(_strings(page)), assume="mirror" if mangles else "auto", decoded=decoded
    )
    text = iter(normalized.texts)
    repaired = replace(
        page,
        title=next(text),
        origin=next(text) or None,
        author=next(text) or None,
        paragraphs=tuple(next(text) for _ in page.paragraphs),
        attachments=tuple(replace(x, name=next(text)) for x in page.attachments),
        images=tuple(replace(x, alt=next(text)) for x in page.images),
        fields=tuple((next(text), next(text)) for _ in page.fields),
        bylines=tuple(next(text) for _ in page.bylines),
        items=tuple(replace(x, title=next(text)) for x in page.items),
    )
    pairs = [
        (old, new) for old, new in zip(page.paragraphs, repaired.paragraphs, strict=True) if new
    ]
    changed = any(old != new for old, new in pairs)
    return repaired, normalized.repairs, tuple(old for old, _ in pairs) if changed else ()


def _strings(page: RawPage) -> Iterator[str]:
    """Every string of the page that is text, in the order in which `_repaired` takes them back."""
    yield page.title
    yield page.origin or ""
    yield page.author or ""
    yield from page.paragraphs
    yield from (x.name for x in page.attachments)
    yield from (x.alt for x in page.images)
    for label, value in page.fields:
        yield label
        yield value
    yield from page.bylines
    yield from (x.title for x in page.items)
