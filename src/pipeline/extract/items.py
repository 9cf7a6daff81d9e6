"""One line of a list: where it leads, what it is called, which day stands beside it."""

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipeline.extract.dates import address_day, has_day, list_day, short_day
from pipeline.extract.media import absolute, is_file
from pipeline.extract.tree import UNSEEN, ancestors, folded, lines, squash, tag_of, text_of
from pipeline.records import ItemKind, ListItem, Published

_ROWS = frozenset({"li", "tr", "dd", "dl", "article"})
_CATEGORY = re.compile(r"[\[【〔].{1,8}[\]】〕]")  # [社会] before a title
_PINNED = re.compile(r"\s{0,3}[\[【(（]?(?:置顶|头条|热|新)[\]】)）]\s{0,3}")
_DAY_AT_END = re.compile(
    r"[\[(【]?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s\d{1,2}:\d{2}(?::\d{2})?)?[\])】]?$"
)
# openNews('/xw/1.html'), window.open("…"), location.href='…'
_IN_SCRIPT = re.compile(
    r"[\"'](?P<url>(?:https?:|\.{0,2}/)[^\"'\s]{3,500}|[\w./-]{1,200}\.\w{3,5}(?:\?[^\"'\s]{0,200})?)[\"']"
)
_BARE_DAY = re.compile(r"[\[(（【]?[\d\-/.年月日:： ]{2,20}[\])）】]?")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_SECOND_LEVEL = re.compile(r"(?:^|\.)(?:gov|com|org|net|edu|ac|mil)\.[a-z]{2}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A link that may be a list's item.

    ``beside`` is the text that stands in its row besides; ``is_dated`` says that a day is in
    it, with or without its year.
    """

    link: HtmlElement
    title: str
    url: str
    beside: str
    is_dated: bool


def line_of(link: HtmlElement, base: str) -> Line | None:
    """The item that a link is, None for one without a title or an address."""
    title = title_of(link)
    if len(title) < 4 or _CATEGORY.fullmatch(title):
        return None
    url = address_of(link, base)
    if url is None:
        return None
    beside = text_beside(link, row_of(link))
    return Line(link=link, title=title, url=url, beside=beside, is_dated=has_day(beside))


def address_of(link: HtmlElement, base: str) -> str | None:
    """Where a link leads: by its address, or by what its or its row's script opens."""
    href = (link.get("href") or "").strip()
    if href and not href.startswith(("#", "javascript:", "mailto:", "tel:")):
        return absolute(base, href)
    for name in ("data-href", "data-url"):
        if (link.get(name) or "").strip():
            return absolute(base, link.get(name) or "")
    holder = link.getparent()
    scripts = [href, link.get("onclick") or ""]
    if holder is not None:
        scripts.append(holder.get("onclick") or "")
    for script in scripts:
        match = _IN_SCRIPT.search(script[:2_000])
        if match is not None:
            return absolute(base, match["url"])
    return None


def title_of(link: HtmlElement) -> str:
    """The item's title: whole where it is shown cut, without a day, without 置顶."""
    is_leaf = not len(link)
    days = frozenset(() if is_leaf else (x for x in link.iter() if x is not link and _is_day(x)))
    shown = _unpinned(" ".join(lines(link, cut=days)))
    full = folded(link.get("title") or "")
    cut = shown.rstrip(".…· ")
    if full and (
        not shown or shown.endswith(("...", "…", "..")) or squash(full).startswith(squash(cut))
    ):
        return full
    headings = () if is_leaf else link.iter(*_HEADINGS)
    heading = next((x for x in headings if len(squash(text_of(x))) > 3), None)
    if heading is not None:
        shown = _unpinned(text_of(heading))
    return _DAY_AT_END.sub("", shown).strip()


def _unpinned(title: str) -> str:
    pin = _PINNED.match(title)
    return title[pin.end() :] if pin is not None else title


def _is_day(element: HtmlElement) -> bool:
    """Whether an element shows nothing but a day, or a part of one."""
    if len(element) > 3 or not isinstance(element.tag, str):
        return False
    text = folded(element.text_content()[:40])
    return bool(text) and _BARE_DAY.fullmatch(text) is not None and any(x.isdigit() for x in text)


def row_of(link: HtmlElement) -> HtmlElement:
    """The row an item stands in: the highest ancestor that holds no other article's link."""
    row = link
    href = link.get("href")
    for element in ancestors(link):
        if tag_of(element) in {"ul", "table", "tbody", "body", "html"}:
            break
        others = (x for x in element.iter("a") if x.get("href") != href or href is None)
        if any(x is not link and _is_titled(x) for x in others):
            break
        row = element
        if tag_of(element) in _ROWS:
            break
    return row


def _is_titled(link: HtmlElement) -> bool:
    words = squash(link.text_content()[:60])
    return len(words) > 3 and not _CATEGORY.fullmatch(words)


def text_beside(link: HtmlElement, row: HtmlElement) -> str:
    """The row's text but for the title; behind the link where there is no row."""
    if row is link:
        inside = " ".join(folded(x.text_content()) for x in link.iter() if _is_day(x))
        return f"{inside} {_text_until_next(link)}"
    text = _rest(row, link)
    if not any(x.isdigit() for x in text):
        sibling = row.getnext()  # <dd>title</dd><dt>day</dt>
        if sibling is not None and tag_of(sibling) in {"dt", "dd"} and sibling.find(".//a") is None:
            text += " " + folded(sibling.text_content()[:60])
    return text


def _text_until_next(link: HtmlElement) -> str:
    parts = [link.tail or ""]
    for sibling in link.itersiblings():
        if tag_of(sibling) == "a" or (tag_of(sibling) and sibling.find(".//a") is not None):
            break
        if tag_of(sibling) and tag_of(sibling) not in UNSEEN:
            parts.append(sibling.text_content()[:100])
        parts.append(sibling.tail or "")
    return " ".join(" ".join(parts).split())


def _rest(row: HtmlElement, link: HtmlElement) -> str:
    """The row's text but for the link's own; of the link only what is a day."""
    parts: list[str] = []
    own = frozenset(link.iter())
    for element in row.iter():
        if tag_of(element) in UNSEEN or not tag_of(element):
            continue
        inside = element in own
        if element.text and (not inside or _is_day(element)):
            parts.append(element.text)
        if element.tail and element is not row and (element is link or not inside):
            parts.append(element.tail)
    return " ".join(" ".join(parts).split())


def day_of(line: Line) -> Published | None:
    """The day of an item: beside it, at the end of its own text, or in its address."""
    day = list_day(line.beside) or list_day(" ".join(x for x in line.link.itertext())[-40:])
    if day is not None:
        return Published(day=day.day)
    there = address_day(line.url)
    short = short_day(line.beside)
    if there is None or short is None:
        return there
    try:
        return Published(day=date(there.day.year, *short))
    except ValueError:
        return there


def short_days_settled(
    days: list[tuple[int, int] | None], today: date
) -> list[Published | None] | None:
    """Days that stand without a year, the newest first: the years that lead down from *today*.

    None where the list does not begin within the last two months: then it is no
    first page, and its years cannot be told.
    """
    settled: list[Published | None] = []
    for pair in days:
        settled.append(Published(day=latest) if pair and (latest := _latest(pair, today)) else None)
    newest = max((x.day for x in settled if x is not None), default=None)
    return settled if newest is not None and (today - newest).days <= 62 else None


def _latest(pair: tuple[int, int], today: date) -> date | None:
    for year in (today.year, today.year - 1):
        try:
            day = date(year, *pair)
        except ValueError:
            continue
        if day <= today:
            return day
    return None


def item_of(
    title: str, url: str, published: Published | None, base: str, html: str = ""
) -> ListItem:
    """The item, with what it links to seen from the list at *base*."""
    return ListItem(title=title, url=url, published=published, kind=kind_of(url, base), html=html)


def kind_of(url: str, base: str) -> ItemKind:
    """What an address is for a list at *base*.

    Another government site is taken for one of a higher level: districts do not
    list each other's news.
    """
    if is_file(url):
        return "file"
    host, own = (urlsplit(x).hostname or "" for x in (url, base))
    if _site(host) == _site(own):
        return "article"
    if host == "mp.weixin.qq.com":
        return "wechat"
    return "upper" if host.endswith(".gov.cn") or host == "gov.cn" else "external"


def _site(host: str) -> str:
    """The part of a host's name that its owner registered: qinglan.gov.cn of xw.qinglan.gov.cn."""
    labels = host.removeprefix("www.").split(".")
    if host.replace(".", "").isdigit():
        return host
    keep = 3 if _SECOND_LEVEL.search(host) else 2
    return ".".join(labels[-keep:])
