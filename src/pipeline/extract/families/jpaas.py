"""JPAAS, Hanweb's newer platform: a script fetches the list, page by page."""

import json
import re
from urllib.parse import quote, urlencode, urljoin

from lxml.html import HtmlElement

from pipeline.extract import lists
from pipeline.extract.family import Family, ListPage, NextPage

_UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_ROWS = 15
_SIZE = re.compile(r"[\"']?(?:rows|pageSize)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(\d{1,3})", re.IGNORECASE)


def next_page(page: ListPage) -> NextPage | None:
    """The first request of the page's script, or the second where the page has the first items.

    Its parameters are the page's own, spelled as they stand there (``bulidstatic``); the
    number of the page must come in ``paramJson``: a bare ``pageNo`` gives the first page.
    """
    script = _unit_script(page.root) if page.root is not None else None
    if page.root is None or script is None:
        return None
    data = _query_data(script.get("querydata") or "")
    if not data:
        return None
    kind = script.get("parsetype")
    if kind and "parseType" not in data:
        data["parseType"] = kind
    size = _SIZE.search(" ".join(map(str, script.attrib.values())))
    number = 2 if _has_items(page.root, page.base) else 1
    param = {"pageNo": number, "pageSize": int(size[1]) if size else _ROWS}
    query = urlencode(
        {**data, "paramJson": json.dumps(param, separators=(",", ":"))}, quote_via=quote
    )
    address = urljoin(page.url, script.get("url") or _UNIT)
    return NextPage(url=f"{address}?{query}", by_script=True)


def _unit_script(root: HtmlElement) -> HtmlElement | None:
    """The script that fetches the list: the one with parameters of a column's page."""
    found = [x for x in root.iter("script") if x.get("querydata")]
    columns = [x for x in found if "column" in (x.get("querydata") or "")]
    return next(iter(columns or found), None)


def _query_data(text: str) -> dict[str, str]:
    """The script's parameters, written as JSON with quotes of either kind."""
    for form in (text, text.replace("'", '"')):
        try:
            value = json.loads(form)
        except ValueError:
            continue
        if isinstance(value, dict):
            return {str(k): str(v) for k, v in value.items() if not isinstance(v, dict | list)}
    return {}


def _has_items(root: HtmlElement, base: str) -> bool:
    _, group = lists.best_group(root, base)
    return sum(x.is_dated for x in group) >= 3


JPAAS = Family(
    name="jpaas",
    about="JPAAS (大汉云): the list comes by script, page by page",
    address=re.compile(r"/art/20\d\d/art_[0-9a-f]{32}\.html$"),
    page=("queryData=", "querydata=", "unitbuild.js"),
    answer=re.compile(r"/front/page/build/unit\b"),
    body=("#zoom", ".article_zoom", ".bt_content", ".nscont", "#Zoom"),
    next_page=next_page,
)
