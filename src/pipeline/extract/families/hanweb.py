"""Hanweb jcms (大汉版通): the list's records stand in a script of the page, further ones behind a program."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import lxml.html
from lxml.html import HtmlElement

from pipeline.extract.family import Family, ListPage, NextPage
from pipeline.extract.lists import selected_items
from pipeline.records import ListItem

_RECORD = ("<record>", "</record>")
# <nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&appid=1&columnid=7"></a>]]></nextgroup>
_NEXT_GROUP = re.compile(r"<nextgroup>(?P<inner>.{0,5000}?)</nextgroup>", re.DOTALL)
_HREF = re.compile(r"href\s{0,3}=\s{0,3}[\"'](?P<url>[^\"']{5,2000})[\"']")
_TOTAL = re.compile(r"<totalrecord>\s{0,5}(\d{1,9})\s{0,5}</totalrecord>")
_PAGES = re.compile(r"<totalpage>\s{0,5}(\d{1,9})\s{0,5}</totalpage>")


def _plain(text: str) -> str:
    """The records as XML: on some sites they are escaped, in JSONP also quoted."""
    if _RECORD[0] not in text and "&lt;record&gt;" in text:
        text = unescape(text)
    if '\\"' in text or "<\\/" in text:
        text = text.replace('\\"', '"').replace("\\/", "/").replace("\\n", "\n")
    return text


def items(page: ListPage) -> tuple[ListItem, ...]:
    """Items of the <record> elements, which are CDATA, and on some sites escaped once more."""
    return selected_items(list(_records(_plain(page.html))), page.base)


def _records(text: str) -> Iterator[HtmlElement]:
    at = text.find(_RECORD[0])
    while at >= 0:
        end = text.find(_RECORD[1], at)
        if end < 0:
            return
        inner = text[at + len(_RECORD[0]) : end].strip()
        inner = inner.removeprefix("<![CDATA[").removesuffix("]]>").strip()
        if "&lt;a" in inner:
            inner = unescape(inner)
        if inner:
            yield lxml.html.fragment_fromstring(inner, create_parent="div")
        at = text.find(_RECORD[0], end)


def next_page(page: ListPage) -> NextPage | None:
    """The program's address for the next records: as the page gives it, else counted on."""
    text = _plain(page.html)
    group = _NEXT_GROUP.search(text)
    href = _HREF.search(unescape(group["inner"])) if group is not None else None
    if href is not None:
        return NextPage(url=urljoin(page.url, href["url"]), by_script=True)
    if group is not None:  # an empty one: these were the last records
        return None
    if page.root is not None or _RECORD[0] not in text:
        return None
    return _counted_on(page.url, text)


def _counted_on(url: str, text: str) -> NextPage | None:
    """The request after this one, by record numbers or by pages, up to the totals that it names."""
    total, pages = _TOTAL.search(text), _PAGES.search(text)
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    first, last, number = (query.get(x, "") for x in ("startrecord", "endrecord", "page"))
    if first.isdigit() and last.isdigit():
        if total is None or int(last) >= int(total[1]):
            return None
        size = int(last) - int(first) + 1
        query |= {"startrecord": str(int(last) + 1), "endrecord": str(int(last) + size)}
    elif number.isdigit():
        if pages is None or int(number) >= int(pages[1]):
            return None
        query["page"] = str(int(number) + 1)
    else:
        return None
    return NextPage(url=urlunsplit(parts._replace(query=urlencode(query))), by_script=True)


HANWEB = Family(
    name="hanweb",
    about="Hanweb jcms (大汉版通): records in a script of the page, further ones from its data proxy",
    address=re.compile(
        r"/art/20\d\d/\d{1,2}/\d{1,2}/art_\d{1,9}_\d{1,12}\.html$|/col/col\d{1,12}/index\.html"
    ),
    unless=(
        "queryData=",
        "querydata=",
        "unitbuild.js",
    ),  # its successor kept the columns' addresses
    page=("<datastore>", "&lt;datastore&gt;", "大汉版通", "大汉网络", "Produced By Hanweb"),
    answer=re.compile(r"/(?:more)?(?:column)?dataproxy\.jsp\b"),
    body=("#zoom", ".bt_content", ".article_zoom", ".nscont", "#Zoom"),
    items=items,
    next_page=next_page,
)
