"""Lists that come as data: the JSON answer to a script's request, or JSON in a script of the page.

Interfaces differ in the names of their fields and agree in what they say: a list of
objects, each with a title and an address, most with a time, some with the whole text.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape, unescape
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import lxml.html

from pipeline.errors import ExtractError
from pipeline.extract import lists
from pipeline.extract.dates import address_day, first_stamp
from pipeline.extract.family import NextPage
from pipeline.extract.items import item_of
from pipeline.extract.media import absolute
from pipeline.extract.tree import folded
from pipeline.records import CHINA, ListItem, Published

# Names as interfaces write them, in lower case and without _ and -
_TITLE = (
    "title",
    "doctitle",
    "articletitle",
    "infotitle",
    "showtitle",
    "subject",
    "headline",
    "bt",
    "name",
)
_ADDRESS = (
    "url", "posturl", "link", "href", "docpuburl", "linkurl", "infourl", "detailurl", "pageurl", "htmlurl",
    "articleurl", "arturl", "urls",
)  # fmt: skip
_TIME = (
    "displaypublishtime", "publishedtimestr", "publishedtime", "publishtime", "publishdate", "pubdate", "pubtime",
    "releasetime", "docreltime", "showtime", "date", "time", "createtime", "createdate", "inputtime", "ctime",
)  # fmt: skip
_TEXT = ("contenthtml", "htmlcontent", "content", "body")
_FILES = ("reslist", "attachments", "files", "filelist")
_FILE_PATH = ("filepath", "url", "path", "href")
_TOTAL = ("total", "totalcount", "totalrecord", "totalnum", "count", "totalrow")
_MESSAGE = ("msg", "message", "errormsg", "error", "info")
_PAGE = re.compile(
    r"(?:page|pageno|pagenum|pageindex|currpage|curpage|currentpage|pn|p)", re.IGNORECASE
)
_SIZE = re.compile(r"(?:_?pagesize|size|rows|limit|perpage)", re.IGNORECASE)
_JSONP = re.compile(r"\s{0,100}[\w.$]{1,80}\(\s{0,20}(?P<inner>.*)\)\s{0,20};?\s{0,100}", re.DOTALL)
_MARKUP = re.compile(r"<(?:li|tr|dd|div|a|p|ul|table)[\s>]", re.IGNORECASE)
_DEPTH = 12
_ARRAYS = 40  # places in a script where an array of objects may begin
_EPOCH_FROM, _EPOCH_TO = 631_152_000, 4_102_444_800  # 1990 to 2100, in seconds

Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an answer lists; ``total`` is how many there are in all, ``refusal`` why there are none."""

    items: tuple[ListItem, ...]
    total: int | None = None
    refusal: str = ""


def read_answer(text: str, base: str) -> Answer:
    """The list in a JSON or JSONP answer. Raises `ExtractError` for broken JSON."""
    value = _loaded(text)
    found = _objects(value)
    if found:
        items = tuple(x for y in found if (x := _item(y, base)) is not None)
    else:
        items = _in_markup(value, base)
    return Answer(items=items, total=_total(value), refusal="" if items else _refusal(value))


def _loaded(text: str) -> Any:
    text = text.strip().lstrip("\ufeff")
    match = _JSONP.fullmatch(text) if text[:1] not in "[{" else None
    try:
        return json.loads(match["inner"] if match else text)
    except (ValueError, RecursionError) as error:
        raise ExtractError(
            f"the answer is no whole JSON: {str(error)[:80]}", hint="it may be cut off: fetch again"
        ) from error


def _key(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def _first(value: Object, names: Sequence[str]) -> Any:
    """The first field of *names* that holds something."""
    keyed = {_key(k): v for k, v in value.items()}
    return next((keyed[x] for x in names if keyed.get(x) not in (None, "", [], {})), None)


def _walk(value: Any, depth: int = 0) -> Iterator[Any]:
    """All objects and arrays in a value, the outer ones first."""
    if depth > _DEPTH or not isinstance(value, dict | list):
        return
    yield value
    for x in value.values() if isinstance(value, dict) else value:
        yield from _walk(x, depth + 1)


def _objects(value: Any) -> list[Object]:
    """The longest array of objects that have titles and addresses."""
    best: list[Object] = []
    for array in _walk(value):
        if not isinstance(array, list):
            continue
        fit: list[Object] = [x for x in array if isinstance(x, dict) and _is_item(x)]
        if len(fit) > len(best):
            best = fit
    return best


def _is_item(value: Object) -> bool:
    title, url = _first(value, _TITLE), _first(value, _ADDRESS)
    return isinstance(title, str) and isinstance(url, str) and len(title.strip()) > 3


def _item(value: Object, base: str) -> ListItem | None:
    url = absolute(base, str(_first(value, _ADDRESS)))
    title = _plain(str(_first(value, _TITLE)))
    if url is None or not title:
        return None
    text = _first(value, _TEXT)
    html = text if isinstance(text, str) and _MARKUP.search(text) else ""
    published = _published(_first(value, _TIME)) or address_day(url)
    return item_of(title, url, published, base, html + _file_links(value, base) if html else "")


def _plain(text: str) -> str:
    """A title without the marks that a search puts around its words."""
    if "<" in text or "&" in text:
        text = unescape(re.sub(r"</?\w{1,10}(?:\s[^<>]{0,200})?>", "", unescape(text)))
    return folded(text)


def _published(value: Any) -> Published | None:
    """A time written out, or seconds or milliseconds since 1970."""
    if isinstance(value, str) and not value.strip().isdigit():
        return first_stamp(value)
    try:
        seconds = int(value)
    except (TypeError, ValueError):
        return None
    if seconds > _EPOCH_TO:
        seconds //= 1000
    if not _EPOCH_FROM <= seconds < _EPOCH_TO:
        return None
    at = datetime.fromtimestamp(seconds, UTC).astimezone(CHINA)
    return Published(day=at.date(), at=at.time())


def _file_links(value: Object, base: str) -> str:
    """The files that go with the text, as links behind it."""
    links = []
    files = _first(value, _FILES)
    for x in files if isinstance(files, list) else ():
        path = _first(x, _FILE_PATH) if isinstance(x, dict) else None
        url = absolute(base, path) if isinstance(path, str) else None
        if url is not None:
            name = _first(x, ("name", "filename", "title")) or url.rsplit("/", 1)[-1]
            links.append(f'<p><a href="{escape(url)}">{escape(str(name))}</a></p>')
    return "".join(links)


def _in_markup(value: Any, base: str) -> tuple[ListItem, ...]:
    """The list in the longest string of markup: {"data": {"html": "<li>…"}}."""
    strings = [
        x
        for holder in _walk(value)
        for x in (holder.values() if isinstance(holder, dict) else holder)
        if isinstance(x, str) and _MARKUP.search(x)
    ]
    if not strings:
        return ()
    root = lxml.html.fragment_fromstring(max(strings, key=len), create_parent="div")
    return lists.items(root, base)


def _total(value: Any) -> int | None:
    for holder in _walk(value):
        found = _first(holder, _TOTAL) if isinstance(holder, dict) else None
        if isinstance(found, int | str) and str(found).isdigit():
            return int(found)
    return None


def _refusal(value: Any) -> str:
    """What an answer says that went wrong: {"success": false, "msg": "…"}."""
    if not isinstance(value, dict):
        return ""
    failed = value.get("success") is False or str(value.get("code", "200")) not in ("200", "0", "1")
    if not failed:
        return ""
    return f"the answer says: {_first(value, _MESSAGE) or 'failed'}"[:200]


def next_answer(url: str, answer: Answer) -> NextPage | None:
    """The request for the next page: the same, with the number of the page one higher.

    None where the answer was the last one, by its own count or because it is empty.
    """
    if not answer.items:
        return None
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    size = len(answer.items)
    page = 0
    after: list[tuple[str, str]] = []
    for name, value in pairs:
        if name == "paramJson":
            page, size, changed = _next_param(value, size)
            after.append((name, changed))
            continue
        if _PAGE.fullmatch(name) and value.isdigit() and not page:
            page = int(value) + 1
            after.append((name, str(page)))
            continue
        if _SIZE.fullmatch(name) and value.isdigit() and 0 < int(value) <= 1000:
            size = int(value)
        after.append((name, value))
    if not page or (answer.total is not None and (page - 1) * size >= answer.total):
        return None
    query = urlencode(after, quote_via=quote)
    return NextPage(url=urlunsplit(parts._replace(query=query)), by_script=True)


def _next_param(value: str, size: int) -> tuple[int, int, str]:
    """Number and size of the next page, and the parameter in compact JSON."""
    try:
        param = json.loads(value)
        page, size = int(param["pageNo"]) + 1, int(param.get("pageSize", size))
    except (ValueError, KeyError, TypeError):
        return 0, size, value
    return page, size, json.dumps({**param, "pageNo": page}, separators=(",", ":"))


def scripted_objects(script: str, base: str) -> tuple[ListItem, ...]:
    """The longest array of items that a script holds: ``var list = [{"title": …}]``."""
    decoder = json.JSONDecoder()
    best: list[Object] = []
    at = -1
    for _ in range(_ARRAYS):
        at = script.find("[{", at + 1)
        if at < 0:
            break
        try:
            value, end = decoder.raw_decode(script, at)
        except (ValueError, RecursionError):
            continue
        best = max(best, _objects(value), key=len)
        at = end
    return tuple(x for y in best if (x := _item(y, base)) is not None)
