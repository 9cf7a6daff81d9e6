"""The items of a list page."""

import re
from collections import defaultdict

from lxml.html import HtmlElement

from pipeline.extract.dates import address_day, day_in, has_day, list_day
from pipeline.extract.media import absolute
from pipeline.extract.tree import UNSEEN, ancestors, folded, marks, squash, tag_of, text_of
from pipeline.records import ListItem, Published

_ROW = frozenset({"li", "tr", "dd", "dl", "article"})
_PAGE_MARKS = re.compile(
    r"\bnav\b|menu|crumb|footer|foot\b|pagination|\bpager?\b|friend|yqlj|header\b|topbar"
)
_CATEGORY = re.compile(r"[\[【〔].{1,8}[\]】〕]")  # [社会] before a title
_PINNED = re.compile(r"^\s{0,3}[\[【(（]?(?:置顶|头条|热|新)[\]】)）]\s{0,3}")


def items(root: HtmlElement, base: str) -> tuple[ListItem, ...]:
    """The page's main list: the group of like-placed links that looks most like news.

    Links are grouped by the path of tags and classes above them; a group counts
    by its number of items, their length, and whether they carry days.
    """
    groups: dict[tuple[str, ...], list[tuple[HtmlElement, HtmlElement, str, str]]] = defaultdict(
        list
    )
    for link in root.iter("a"):
        href = (link.get("href") or "").strip()
        title = _title(link)
        if (
            len(title) < 4
            or _CATEGORY.fullmatch(title)
            or not href
            or href.startswith(("#", "javascript:", "mailto:"))
        ):
            continue
        url = absolute(base, href)
        if url is None or _in_furniture(link):
            continue
        groups[_signature(link)].append((link, _row_of(link), title, url))
    best: list[tuple[HtmlElement, HtmlElement, str, str]] = []
    best_score = 0.0
    for group in groups.values():
        distinct = {x[3] for x in group}
        dated = sum(has_day(_rest(row, link)) for link, row, _, _ in group)
        length = sum(min(len(x[2]), 40) for x in group)
        score = length * (1 + 2 * dated / len(group)) if len(distinct) > 1 or dated else 0.0
        if score > best_score:
            best, best_score = group, score
    found: dict[str, ListItem] = {}
    for link, row, title, url in best:
        item = ListItem(title=title, url=url, published=_day_beside(row, link, url))
        old = found.get(url)
        if old is None or len(old.title) < len(title):
            found[url] = item
    return tuple(found.values())


def selected_items(rows: list[HtmlElement], base: str) -> tuple[ListItem, ...]:
    """Items of the rows that a layout's selector names."""
    found: dict[str, ListItem] = {}
    for row in rows:
        links = [row] if tag_of(row) == "a" else [x for x in row.iter("a") if x.get("href")]
        titled = [(x, _title(x)) for x in links]
        link, title = max(titled, key=lambda x: len(x[1]), default=(row, ""))
        url = absolute(base, link.get("href") or "") if title else None
        if url is not None:
            found.setdefault(
                url, ListItem(title=title, url=url, published=_day_beside(row, link, url))
            )
    return tuple(found.values())


def dated_share(found: tuple[ListItem, ...]) -> float:
    """Share of the items that carry a day."""
    return sum(x.published is not None for x in found) / len(found) if found else 0.0


def _title(link: HtmlElement) -> str:
    shown = _PINNED.sub("", text_of(link))
    full = folded(link.get("title") or "")
    cut = shown.rstrip(".…· ")
    if full and (
        not shown or shown.endswith(("...", "…", "..")) or squash(full).startswith(squash(cut))
    ):
        return full
    date_inside = re.sub(
        r"[\[(【]?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])】]?$", "", shown
    )
    return date_inside.strip()


def _signature(link: HtmlElement) -> tuple[str, ...]:
    path: list[str] = []
    for element in ancestors(link):
        tag = tag_of(element)
        path.append(
            tag if tag in {"li", "tr", "td", "span"} else f"{tag}.{element.get('class') or ''}"
        )
        if len(path) == 5:
            break
    return tuple(path)


def _row_of(link: HtmlElement) -> HtmlElement:
    """The row an item stands in: the highest ancestor that holds no other article's link."""
    row = link
    href = link.get("href")
    for element in ancestors(link):
        others = {
            x.get("href")
            for x in element.iter("a")
            if len(words := squash(x.text_content()[:60])) > 3 and not _CATEGORY.fullmatch(words)
        }
        if others - {href} or tag_of(element) in {"ul", "table", "tbody", "body", "html"}:
            break
        row = element
        if tag_of(element) in _ROW:
            break
    return row


def _rest(row: HtmlElement, link: HtmlElement) -> str:
    """The row's text but for the link's own."""
    parts: list[str] = []
    for element in row.iter():
        if tag_of(element) in UNSEEN or not tag_of(element):
            continue
        inside = element is link or link in ancestors(element)
        if element.text and not inside:
            parts.append(element.text)
        if element.tail and element is not row and (element is link or not inside):
            parts.append(element.tail)
    return " ".join(" ".join(parts).split())


def _day_beside(row: HtmlElement, link: HtmlElement, url: str) -> Published | None:
    rest = _rest(row, link)
    day = list_day(rest) or list_day(text_of(link)[-20:])
    if day is not None:
        return Published(day=day.day)
    there = address_day(url)
    if there is not None:
        return day_in(rest, there.day.year) or there
    return None


def _in_furniture(link: HtmlElement) -> bool:
    for number, element in enumerate(ancestors(link)):
        if tag_of(element) in {"nav", "footer", "header"} or _PAGE_MARKS.search(marks(element)):
            return True
        if number > 6:
            return False
    return False
