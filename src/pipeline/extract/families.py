"""The content-management families as frozen values: what marks them, where they keep the body."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """How one CMS writes its pages.

    ``address`` and ``page`` are what ``family = "auto"`` looks for; ``body`` are ids
    (#x), classes (.x) and tag names to try in order before automatic detection.
    """

    name: str
    address: re.Pattern[str] | None = None
    page: tuple[str, ...] = ()
    body: tuple[str, ...] = ()


TRS = Family(
    name="trs",
    address=re.compile(r"/20\d{4}/t20\d{6}_\d{1,12}(?:_\d{1,2})?\.s?html?$"),
    page=("TRS_Editor", "TRS_UEDITOR", "trs_editor_view", "createPageHTML("),
    body=(".trs_editor_view", ".TRS_UEDITOR", ".TRS_Editor", "#zoom", "#Zoom", ".article-content"),
)
HANWEB = Family(
    name="hanweb",
    address=re.compile(
        r"/art/20\d\d/\d{1,2}/\d{1,2}/art_\d{1,9}_\d{1,12}\.html$|/col/col\d{1,12}/index\.html"
    ),
    page=("<datastore>", "&lt;datastore&gt;", "大汉版通", "大汉网络", "Produced By Hanweb"),
    body=("#zoom", ".bt_content", ".article_zoom", ".nscont", "#Zoom"),
)
GENERIC = Family(
    name="generic",
    # In the order in which city spiders were seen to use them
    body=(
        "#zoom", ".TRS_Editor", ".trs_editor_view", ".TRS_UEDITOR", "#UCAP-CONTENT", "ucapcontent",
        "#vsb_content", "#vsb_content_2", "#vsb_content_502", ".v_news_content", ".article-content",
        "#js_content", ".article_content", "#NewsContent", "#articleContent", ".news_cont_d_wrap",
        ".wzcon", ".art_con", ".article-body",
    ),
)  # fmt: skip

FAMILIES = {x.name: x for x in (TRS, HANWEB, GENERIC)}
"""The registry: a further family is a value here."""


def detect(html: str, url: str) -> Family:
    """The family that address and page marks speak for; `GENERIC` where none do."""
    for family in (TRS, HANWEB):
        if family.address is not None and family.address.search(url):
            return family
    for family in (TRS, HANWEB):
        if any(mark in html for mark in family.page):
            return family
    return GENERIC
