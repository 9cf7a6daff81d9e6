"""Longcloud (龙讯): lists are fragments that a script asks for."""

import re
from html import unescape
from urllib.parse import urljoin

from pipeline.extract import lists
from pipeline.extract.family import Family, ListPage, NextPage

# /site/label/8888?labelName=publicInfoList&siteId=6781961&pageSize=18&pageIndex=1&…
_LABEL = re.compile(r"[\"'](?P<url>/site/label/8888\?[^\"'\s]{5,1000})[\"']")
_ANSWER = re.compile(r"/site/label/8888\b")
_INDEX = re.compile(r"(?P<before>[?&]pageIndex=)(?P<n>\d{0,6})")
_PAGES = re.compile(r"pageCount[\"']?\s{0,3}[:=]\s{0,3}[\"']?(\d{1,6})")


def next_page(page: ListPage) -> NextPage | None:
    """The next fragment: after a fragment by its number, from a page by what its script asks for."""
    if page.root is None:
        return None
    pages = _PAGES.search(page.html)
    if _ANSWER.search(page.url):
        index = _INDEX.search(page.url)
        number = int(index["n"] or 1) if index else 1
        if index is None or pages is None or number >= int(pages[1]):
            return None
        return NextPage(url=_INDEX.sub(rf"\g<before>{number + 1}", page.url), by_script=True)
    asked = _LABEL.search(page.html)
    if asked is None:
        return None
    _, group = lists.best_group(page.root, page.base)
    number = 2 if sum(x.is_dated for x in group) >= 3 else 1
    if pages is not None and number > int(pages[1]):
        return None
    url = unescape(asked["url"])
    url = (
        _INDEX.sub(rf"\g<before>{number}", url)
        if _INDEX.search(url)
        else f"{url}&pageIndex={number}"
    )
    return NextPage(url=urljoin(page.url, url), by_script=True)


LONGCLOUD = Family(
    name="longcloud",
    about="Longcloud (龙讯): lists are fragments that a script asks for",
    address=re.compile(r"/News/show/\d{1,12}\.html$|/public/\d{1,9}/\d{1,12}\.html$"),
    page=("/site/label/8888", "j-fontContent"),
    answer=_ANSWER,
    body=(".j-fontContent", ".wzcon", ".gzk-article"),
    next_page=next_page,
)
