"""UCAP (开普云): static lists, or a search that gives them with the whole text."""

import re
from html import unescape
from urllib.parse import urljoin

from pipeline.extract.family import Family, ListPage, NextPage

_SEARCH = re.compile(r"/common/search/[0-9a-f]{32}")
# The page's own request, with all its parameters
_ASKED = re.compile(
    r"[\"'](?P<url>(?:https?://[\w.:-]{1,100})?/(?:common/search/[0-9a-f]{32}\?|searchList/\w{1,64}|getLocalList\?)[^\"'\s]{0,500})[\"']"
)
_PAGE = re.compile(r"([?&])(_?page)=\d*")
_PARAMETERS = "_isAgg=true&_isJson=true&_pageSize=20&_template=index&page=1"


def next_page(page: ListPage) -> NextPage | None:
    """The search that fills the list; None where the page's list is static."""
    if page.root is None or re.search(r"\blist(?:_\d{1,4})?\.shtml", page.html):
        return None
    asked = _ASKED.search(page.html)
    if asked is not None:
        url = unescape(asked["url"]).replace("_isJson=false", "_isJson=true")
        url = _PAGE.sub(r"\1\2=1", url)
        if not _PAGE.search(url) and "?" in url:
            url += "&page=1"
        return NextPage(url=urljoin(page.url, url), by_script=True)
    search = _SEARCH.search(page.html)
    if search is None:
        return None
    return NextPage(url=urljoin(page.url, f"{search[0]}?{_PARAMETERS}"), by_script=True)


UCAP = Family(
    name="ucap",
    about="UCAP (开普云): static lists, or a search that brings titles with the whole text",
    address=re.compile(
        r"/c\d{5,7}/20\d{4}/(?:[0-9a-f]{32}|\d{1,12})\.shtml$|/c\d{5,7}/(?:\w{1,30}_)?list(?:_\d{1,4})?\.shtml$"
    ),
    page=(
        "UCAP-CONTENT",
        "<ucapcontent",
        "<ucaptitle",
        "/common/search/",
        "common_xq_list",
        "zfxxgk_zdgk",
    ),
    answer=re.compile(r"/common/search/[0-9a-f]{32}|/searchList/\w{1,64}|/getLocalList\?"),
    title=("ucaptitle",),
    body=("#UCAP-CONTENT", "ucapcontent", "#zoom"),
    next_page=next_page,
)
