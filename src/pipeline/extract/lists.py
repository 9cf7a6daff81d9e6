"""The items of a list page, and its next page."""

import re
from collections import defaultdict
from html import unescape
from urllib.parse import urljoin, urlsplit

import lxml.html
from lxml.html import HtmlElement

from pipeline.extract.dates import address_day, day_in, has_day, list_day
from pipeline.extract.media import absolute
from pipeline.extract.tree import UNSEEN, ancestors, folded, marks, squash, tag_of, text_of
from pipeline.records import ListItem, Published

_ROW = frozenset({"li", "tr", "dd", "dl", "article"})
_PAGE_MARKS = re.compile(
    r"\bnav\b|menu|crumb|footer|foot\b|pagination|\bpager?\b|friend|yqlj|header\b|topbar"
)
# createPageHTML(12, 0, "index", "html"): 12 pages, this is the first; index_1.html is the second
_TRS_PAGER = re.compile(
    r"createPageHTML\w{0,10}\(\s{0,5}[\"']?(\d{1,6})[\"']?\s{0,5},\s{0,5}[\"']?(\d{1,6})[\"']?\s{0,5},"
    r"\s{0,5}[\"']([\w./-]{1,80})[\"']\s{0,5},\s{0,5}[\"'](\w{1,8})[\"']"
)
_NEXT = re.compile(r"下一?[页頁]|后一?页|[>»›＞]{1,2}|next", re.IGNORECASE)
_PAGER_WORDS = re.compile(r"下一?页|尾页|末页|最后一页|共\s{0,3}\d{1,6}\s{0,3}页")
_PAGER_SCRIPT = re.compile(
    r"createPageHTML|totalPage|pageCount|countPage|<datastore>|&lt;datastore&gt;|[\"'](?:pagination|pager?|fenye)\b"
)
_CATEGORY = re.compile(r"[\[【〔].{1,8}[\]】〕]")  # [社会] before a title
_PINNED = re.compile(r"^\s{0,3}[\[【(（]?(?:置顶|头条|热|新)[\]】)）]\s{0,3}")
_RECORD = ("<record>", "</record>")


def hanweb_items(html: str, base: str) -> tuple[ListItem, ...]:
    """Items of the <record> elements that Hanweb puts into a script of the list page.

    The records are CDATA, and on some sites escaped once more.
    """
    text = html
    if _RECORD[0] not in text and "&lt;record&gt;" in text:
        text = unescape(text)
    found: dict[str, ListItem] = {}
    at = text.find(_RECORD[0])
    while at >= 0:
        end = text.find(_RECORD[1], at)
        if end < 0:
            break
        inner = text[at + len(_RECORD[0]) : end].strip()
        inner = inner.removeprefix("<![CDATA[").removesuffix("]]>")
        if "&lt;a" in inner:
            inner = unescape(inner)
        item = _record(inner, base)
        if item is not None:
            found.setdefault(item.url, item)
        at = text.find(_RECORD[0], end)
    return tuple(found.values())


def _record(fragment: str, base: str) -> ListItem | None:
    if not fragment.strip():
        return None
    row = lxml.html.fragment_fromstring(fragment, create_parent="div")
    links = [(x, y) for x in row.iter("a") if (y := _title(x)) and x.get("href")]
    if not links:
        return None
    link, title = max(links, key=lambda x: len(x[1]))
    url = absolute(base, link.get("href") or "")
    if url is None:
        return None
    return ListItem(title=title, url=url, published=_day_beside(row, link, url))


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


def has_pager(html: str, text: str) -> bool:
    """Whether the page has further pages: a pager that is shown, or one that a script writes."""
    return _PAGER_WORDS.search(text) is not None or _PAGER_SCRIPT.search(html) is not None


def next_page(root: HtmlElement, html: str, url: str, base: str) -> str | None:
    """The address of the next list page: from a script's counter, or from a link 下一页."""
    match = _TRS_PAGER.search(html)
    if match is not None:
        total, current, stem, suffix = int(match[1]), int(match[2]), match[3], match[4]
        if current + 1 < total:
            return urljoin(url, f"{stem}_{current + 1}.{suffix}")
        return None
    for link in root.iter("a"):
        words = squash(text_of(link)) or squash(link.get("title") or "")
        href = (link.get("href") or "").strip()
        if (
            len(words) <= 6
            and _NEXT.fullmatch(words)
            and href
            and not href.startswith(("#", "java"))
        ):
            target = absolute(base, href)
            if target is not None and target != url:
                return target
    return None


def story_pages(root: HtmlElement, html: str, url: str, base: str) -> tuple[str, ...]:
    """Further pages of the same story, in order: numbered links beside the page's own address."""
    parts = urlsplit(url)
    stem, dot, suffix = parts.path.rpartition(".")
    if not dot:
        return ()
    match = _TRS_PAGER.search(html)
    if match is not None and match[3] in stem:
        pages = min(int(match[1]), 50)
        return tuple(urljoin(url, f"{match[3]}_{n}.{match[4]}") for n in range(1, pages))
    alike = re.compile(re.escape(stem) + r"[_-]\d{1,3}" + re.escape(dot + suffix))
    found: dict[str, None] = {}
    for link in root.iter("a"):
        words = squash(text_of(link))
        if not (words.isdigit() or _NEXT.fullmatch(words)):
            continue
        target = absolute(base, link.get("href") or "")
        if target is None or urlsplit(target).hostname != parts.hostname:
            continue
        if alike.fullmatch(urlsplit(target).path) and target != url:
            found.setdefault(target)
    return tuple(found)


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
