"""Hanweb jcms (大汉版通): the list's records stand in a script of the page."""

import re
from collections.abc import Iterator
from html import unescape

import lxml.html
from lxml.html import HtmlElement

from pipeline.extract.family import Family, ListPage
from pipeline.extract.lists import selected_items
from pipeline.records import ListItem

_RECORD = ("<record>", "</record>")


def items(page: ListPage) -> tuple[ListItem, ...]:
    """Items of the <record> elements, which are CDATA, and on some sites escaped once more."""
    text = page.html
    if _RECORD[0] not in text and "&lt;record&gt;" in text:
        text = unescape(text)
    return selected_items(list(_records(text)), page.base)


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


HANWEB = Family(
    name="hanweb",
    address=re.compile(
        r"/art/20\d\d/\d{1,2}/\d{1,2}/art_\d{1,9}_\d{1,12}\.html$|/col/col\d{1,12}/index\.html"
    ),
    page=("<datastore>", "&lt;datastore&gt;", "大汉版通", "大汉网络", "Produced By Hanweb"),
    body=("#zoom", ".bt_content", ".article_zoom", ".nscont", "#Zoom"),
    items=items,
)
