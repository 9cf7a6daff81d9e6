"""Guangdong's common platform: NFCMS for news columns, gkmlpt for open-government lists."""

import re
from urllib.parse import urljoin

from pipeline.extract.family import Family, ListPage, NextPage

# SID: '755001'
_SID = re.compile(r"\bSID\s{0,3}[:=]\s{0,3}[\"'](\d{3,12})[\"']")
_CATEGORY = re.compile(r"#(\d{1,9})$|[?&]cat=(\d{1,9})")


def next_page(page: ListPage) -> NextPage | None:
    """The first request of the application that shows the open-government list."""
    sid = _SID.search(page.html) if page.root is not None else None
    before, mark, _ = page.url.partition("/gkmlpt")
    if sid is None or not mark:
        return None
    category = _CATEGORY.search(page.url)
    number = (category[1] or category[2]) if category else "0"  # 0 is all of them
    url = urljoin(before, f"{before}/gkmlpt/api/all/{number}?page=1&sid={sid[1]}")
    return NextPage(url=url, by_script=True)


NFCMS = Family(
    name="nfcms",
    about="NFCMS (南方网): static columns of Guangdong’s common platform",
    address=re.compile(r"/content/m?post_\d{1,12}\.html$"),
    page=("NFCMS_SITE_ID",),
    body=(".article-content", ".news_cont_d_wrap", "#zoomcon", "#zoom"),
)
GKMLPT = Family(
    name="gkmlpt",
    about="Guangdong’s open-government lists: JSON behind a script",
    address=re.compile(r"/gkmlpt/(?:index|content|guide|policy)\b|/gkmlpt/?$"),
    page=("/gkmlpt/api/",),
    answer=re.compile(r"/gkmlpt/api/"),
    body=(".article-content", "#zoomcon", "#zoom"),
    next_page=next_page,
)
