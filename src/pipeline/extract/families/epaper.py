"""Newspapers page by page (方正翔宇 and its like): an issue is a chain of pages, the next one is older."""

import re

from pipeline.extract.family import Family, ListPage, NextPage
from pipeline.extract.media import absolute
from pipeline.extract.tree import squash, text_of

_NEXT_SHEET = re.compile(r"下一?版[>»›＞]{0,3}")
_ISSUE_BEFORE = re.compile(r"[<«‹＜]{0,3}上一?期")


def next_page(page: ListPage) -> NextPage | None:
    """The issue's next sheet; behind the last one the issue before."""
    if page.root is None:
        return None
    for words in (_NEXT_SHEET, _ISSUE_BEFORE):
        for link in page.root.iter("a"):
            if not words.fullmatch(squash(text_of(link))):
                continue
            url = absolute(page.base, link.get("href") or "")
            if url is not None and url != page.url:
                return NextPage(url=url)
    return None


EPAPER = Family(
    name="epaper",
    about="newspapers page by page (方正翔宇 and its like); an issue’s sheets one after the other, then the issue before",
    address=re.compile(
        r"/html/20\d\d-\d\d/\d\d/(?:content_\d{1,9}(?:_\d{1,12})?|node_\d{1,9}|nbs\.\w{1,20})\.html?$"
    ),
    page=("founder-content",),
    title=("founder-title",),
    body=("founder-content", "#ozoom", ".article-content"),
    next_page=next_page,
)
