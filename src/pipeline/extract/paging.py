"""Where a list goes on, and the further pages of a story."""

import re
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from pipeline.extract.family import ListPage, NextPage
from pipeline.extract.media import absolute
from pipeline.extract.tree import squash, text_of

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


def has_pager(html: str, text: str) -> bool:
    """Whether the page has further pages: a pager that is shown, or one that a script writes."""
    return _PAGER_WORDS.search(text) is not None or _PAGER_SCRIPT.search(html) is not None


def next_page(page: ListPage) -> NextPage | None:
    """The next list page: from a script's counter, or from a link 下一页."""
    match = _TRS_PAGER.search(page.html)
    if match is not None:
        total, current, stem, suffix = int(match[1]), int(match[2]), match[3], match[4]
        if current + 1 >= total:
            return None
        return NextPage(url=urljoin(page.url, f"{stem}_{current + 1}.{suffix}"))
    for link in page.root.iter("a") if page.root is not None else ():
        words = squash(text_of(link)) or squash(link.get("title") or "")
        href = (link.get("href") or "").strip()
        if (
            len(words) <= 6
            and _NEXT.fullmatch(words)
            and href
            and not href.startswith(("#", "java"))
        ):
            target = absolute(page.base, href)
            if target is not None and target != page.url:
                return NextPage(url=target)
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
