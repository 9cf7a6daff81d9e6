"""Where a list goes on, and the further pages of a story."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from pipeline.extract.family import ListPage, NextPage
from pipeline.extract.media import absolute
from pipeline.extract.tree import ancestors, named_like, squash, tag_of, text_of

# createPageHTML(12, 0, "index", "html"): 12 pages, this is the first; index_1.html is the second
_TRS_PAGER = re.compile(
    r"createPageHTML\w{0,10}\(\s{0,5}[\"']?(\d{1,6})[\"']?\s{0,5},\s{0,5}[\"']?(\d{1,6})[\"']?\s{0,5},"
    r"\s{0,5}[\"']([\w./-]{1,80})[\"']\s{0,5},\s{0,5}[\"'](\w{1,8})[\"']"
)
# var countPage = 25; var currentPage = 0; … href="index_" + nextPage + ".shtml"
_COUNT = re.compile(
    r"\b(?:countPage|pageCount|totalPages?|page_?total)\s{0,5}[=:]\s{0,5}[\"']?(\d{1,6})",
    re.IGNORECASE,
)
_CURRENT = re.compile(
    r"\b(?:currentPage|currPage|curPage)\s{0,5}[=:]\s{0,5}[\"']?(\d{1,6})", re.IGNORECASE
)
_BUILT = re.compile(
    r"[\"'](?P<stem>[\w./-]{0,80}?[_-])\\?[\"']\s{0,5}\+[^;\n]{1,80}?\+\s{0,5}\\?[\"'](?P<suffix>\.\w{1,8})"
)
_NEXT = re.compile(r"(?:下一?[页頁]|后一?页|next(?:page)?|nextpage)?[>»›＞]{0,2}", re.IGNORECASE)
_BACK = re.compile(
    r"[<«‹＜]{0,2}(?:上一?页|前一?页|首页|第一页|prev(?:ious)?|first)", re.IGNORECASE
)
_LAST = re.compile(r"(?:尾页|末页|最后一?页|last)[>»›＞|]{0,3}", re.IGNORECASE)
_MORE = re.compile(r"(?:查看)?更多(?:内容)?[>»›＞]{0,3}|\+?more[>»›＞]{0,3}", re.IGNORECASE)
_PAGER_WORDS = re.compile(r"下一?页|尾页|末页|最后一页|共\s{0,3}\d{1,6}\s{0,3}页")
_PAGES = re.compile(r"共\s{0,3}(\d{1,6})\s{0,3}页|\b\d{1,6}\s{0,2}/\s{0,2}(\d{1,6})\s{0,2}页?")
_PAGER_SCRIPT = re.compile(
    r"createPageHTML|totalPage|pageCount|countPage|<datastore>|&lt;datastore&gt;|[\"'](?:pagination|pager?|fenye)\b"
)
_is_chosen = named_like(r"\b(?:active|current|cur|on|now|selected|thispage|this)\b")
# ?page=3, &PageIndex=3, index_3.html, list_12_3.html, column-index-3.shtml, news/3.htm, /page/3/
_NUMBERED = (
    re.compile(
        r"(?P<before>.*[?&](?:page|pageindex|pageno|pagenum|currpage|curpage|pageid|pn|p)=)(?P<n>\d{1,6})(?P<after>.*)",
        re.IGNORECASE,
    ),
    re.compile(r"(?P<before>[^?]*[/_-])(?P<n>\d{1,6})(?P<after>\.\w{2,5}(?:\?.*)?)"),
    re.compile(r"(?P<before>[^?]*/(?:index|list|page))(?P<n>\d{1,6})(?P<after>\.\w{2,5}(?:\?.*)?)"),
    re.compile(r"(?P<before>[^?]*/)(?P<n>\d{1,4})(?P<after>/)"),
)
_TEXT = 20_000  # characters of the page's end that a pager stands in


@dataclass(frozen=True, slots=True, kw_only=True)
class _Numbered:
    """An address with the number of a page in it."""

    before: str
    n: int
    after: str

    def with_number(self, n: int) -> str:
        return f"{self.before}{n}{self.after}"

    def is_like(self, other: "_Numbered") -> bool:
        return (self.before, self.after) == (other.before, other.after)


def has_pager(html: str, text: str) -> bool:
    """Whether the page has further pages: a pager that is shown, or one that a script writes."""
    return _PAGER_WORDS.search(text) is not None or _PAGER_SCRIPT.search(html) is not None


def next_page(page: ListPage) -> NextPage | None:
    """The next list page, None where there is none or it cannot be told.

    In this order: the counter of a script, a link 下一页, the number after that of this
    page, one more than this page's where 尾页 says how far the numbers go, 更多.
    """
    match = _TRS_PAGER.search(page.html)
    if match is not None:
        total, current, stem, suffix = int(match[1]), int(match[2]), match[3], match[4]
        if current + 1 >= total:
            return None
        return NextPage(url=urljoin(page.url, f"{stem}_{current + 1}.{suffix}"))
    if page.root is None:
        return None
    links = list(_links(page.root, page.base))
    url = _linked(links) or _following(page.url, links)
    url = url or _below_last(page.url, links, page.root)
    url = url or _counted(page) or _more(page, links, page.root)
    return NextPage(url=url) if url is not None and url != page.url else None


def cannot_follow(page: ListPage) -> str | None:
    """Why a list that shows a next page cannot be followed there; None where it can."""
    for link in page.root.iter("a") if page.root is not None else ():
        if "__doPostBack" in (link.get("href") or "") and _is_next(_words(link)):
            return "the list goes on by a form post, which is not followed"
    return None


def _words(link: HtmlElement) -> str:
    return squash(text_of(link)) or squash(link.get("title") or "")


def _is_next(words: str) -> bool:
    return 0 < len(words) <= 8 and _NEXT.fullmatch(words) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    element: HtmlElement
    words: str
    url: str | None


def _links(root: HtmlElement, base: str) -> Iterator[_Link]:
    """The links that may belong to a pager: short words, and an address or none."""
    for element in root.iter("a"):
        words = _words(element)
        if not words or len(words) > 8:
            continue
        href = (element.get("href") or "").strip()
        idle = not href or href.startswith(("#", "javascript:"))
        yield _Link(element=element, words=words, url=None if idle else absolute(base, href))


def _linked(links: list[_Link]) -> str | None:
    """Where the link 下一页 leads, unless that is back."""
    backwards = {x.url for x in links if x.url and _BACK.fullmatch(x.words)}
    for link in links:
        if link.url and _is_next(link.words) and link.url not in backwards:
            return link.url
    return None


def _number(url: str) -> _Numbered | None:
    for pattern in _NUMBERED:
        match = pattern.fullmatch(url)
        if match is not None:
            return _Numbered(before=match["before"], n=int(match["n"]), after=match["after"])
    return None


def _following(url: str, links: list[_Link]) -> str | None:
    """The link with the number after that of this page, among links that differ in it alone."""
    numbers = [x for x in links if x.words.isdigit() and len(x.words) <= 4]
    linked = {int(x.words): x.url for x in numbers if x.url and x.url != url}
    shapes = [y for x in linked.values() if (y := _number(x))]
    if not shapes or not all(x.is_like(shapes[0]) for x in shapes):
        return None
    return linked.get(_shown_number(url, numbers, shapes[0]) + 1)


def _shown_number(url: str, numbers: list[_Link], shape: _Numbered) -> int:
    """The number that the pager gives this page: marked, without a link, or the address's own."""
    for link in numbers:
        holder = link.element.getparent()
        chosen = _is_chosen(link.element) or (
            holder is not None and tag_of(holder) == "li" and _is_chosen(holder)
        )
        if link.url in (None, url) or chosen:
            return int(link.words)
    bare = _bare_number(numbers[0].element)
    if bare is not None:
        return bare
    own = _number(url)
    return own.n if own is not None and own.is_like(shape) else 1


def _bare_number(link: HtmlElement) -> int | None:
    """A number without a link, near a numbered link: <span>3</span>."""
    for box in islice(ancestors(link), 3):
        for element in box.iter("span", "strong", "b", "em", "li", "font", "i"):
            words = squash(element.text_content())
            if not words.isdigit() or len(words) > 4 or element.find(".//a") is not None:
                continue
            if not any(tag_of(x) == "a" for x in islice(ancestors(element), 3)):
                return int(words)
    return None


def _below_last(url: str, links: list[_Link], root: HtmlElement) -> str | None:
    """The page after this one, where 尾页 tells the form of the addresses and the last number."""
    ends = (_number(x.url) for x in links if x.url and _LAST.fullmatch(x.words))
    last = next((x for x in ends if x is not None), None)
    if last is None:
        return None
    own = _number(url)
    if own is not None and own.is_like(last):
        return last.with_number(own.n + 1) if own.n < last.n else None
    # The first page bears no number. With 12 pages of which the last is 11, the second is 1.
    pages = _PAGES.search(root.text_content()[-_TEXT:])
    total = int(pages[1] or pages[2]) if pages else last.n
    second = 2 - (total - last.n) if 0 <= total - last.n <= 1 else 2
    return last.with_number(second) if second <= last.n else None


def _counted(page: ListPage) -> str | None:
    """The next page of a pager that a script puts together: how many, which one, which form."""
    lower = page.html.lower()
    # A search for any of them in either case takes ten times as long
    if not any(
        x in lower for x in ("countpage", "pagecount", "totalpage", "pagetotal", "page_total")
    ):
        return None
    total = _COUNT.search(page.html)
    current = _CURRENT.search(page.html) if total else None
    built = _BUILT.search(page.html) if current else None
    if total is None or current is None or built is None:
        return None
    after = int(current[1]) + 1
    if after >= int(total[1]):
        return None
    return urljoin(page.url, f"{built['stem']}{after}{built['suffix']}")


def _more(page: ListPage, links: list[_Link], root: HtmlElement) -> str | None:
    """The whole list, where the page shows but its beginning and one link 更多."""
    targets = {x.url for x in links if x.url and _MORE.fullmatch(x.words)}
    if len(targets) != 1 or has_pager(page.html, root.text_content()[-_TEXT:]):
        return None
    (url,) = targets
    same = url is not None and urlsplit(url).hostname == urlsplit(page.url).hostname
    return url if same else None


def story_pages(root: HtmlElement, html: str, url: str, base: str) -> tuple[str, ...]:
    """Further pages of the same story, in order: numbered links beside the page's own address."""
    parts = urlsplit(url)
    stem, dot, suffix = parts.path.rpartition(".")
    if not dot:
        return ()
    # A plain search passes over a page five times as fast as a pattern
    match = _TRS_PAGER.search(html) if "createPageHTML" in html else None
    if match is not None and match[3] in stem:
        pages = min(int(match[1]), 50)
        return tuple(urljoin(url, f"{match[3]}_{n}.{match[4]}") for n in range(1, pages))
    further = re.compile(r"[_-]\d{1,3}" + re.escape(dot + suffix))
    if not _has_numbered(html, stem.rpartition("/")[2], further):
        return ()
    found: dict[str, None] = {}
    for link in root.iter("a"):
        words = squash(text_of(link))
        if not (words.isdigit() or _is_next(words)):
            continue
        target = absolute(base, link.get("href") or "")
        if target is None or urlsplit(target).hostname != parts.hostname:
            continue
        path = urlsplit(target).path
        is_alike = path.startswith(stem) and further.fullmatch(path, len(stem)) is not None
        if is_alike and target != url:
            found.setdefault(target)
    return tuple(found)


def _has_numbered(html: str, name: str, further: re.Pattern[str]) -> bool:
    """Whether *name* stands in a page with a number behind it, as *further* has it.

    A pattern with the name in it would have to be compiled for every page.
    """
    if not name:
        return further.search(html) is not None
    at = html.find(name)
    while at >= 0:
        if further.match(html, at + len(name)) is not None:
            return True
        at = html.find(name, at + 1)
    return False
