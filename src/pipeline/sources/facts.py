"""What a page says of its site and column: names, place code, the way to its lists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipeline.extract.media import absolute
from pipeline.extract.tree import ancestors, meta, parse, text_of

_TRAIL = re.compile(r"(?:当前|所在|您的|现在的?)\s*位置|您所在的|位置\s*[:：]")
# 聚焦头条 - 东昌府新闻网 | 政务要闻_青岚区人民政府 | 云泽县人民政府 云泽要闻
_BETWEEN = re.compile(r"\s*[-–—_|｜>»·]+\s*|\s+")
_SITE = re.compile(
    r"(?:政府|网|网站|在线|融媒体?中心|融媒|日报|报|广播电视台|人大|常委会|政协|县委|区委|市委)$"
)
# 青岚区人民政府门户网站
_PORTAL = re.compile(r"(?:门户|官方)网站?$")
_HOME = re.compile(r"^(?:网站)?首\s*页$|^主页$|^home$", re.IGNORECASE)
_LIST_WORDS = re.compile(r"要闻|动态|新闻|公告|公示|会议|文件|通知|头条|聚焦|时政|民生|政务|信息")
# /xwzx/zwyw/ | /col/col1229105/index.html | /xwzx/zwyw.htm | /jqsz/c108151/list.shtml
_LIST_PATH = re.compile(
    r"/(?:[\w-]+/)+(?:(?:index|list)(?:_\d{1,3})?\.\w{3,5})?|/(?:[\w-]+/)*[a-z]\w{0,30}\.s?html?",
    re.IGNORECASE | re.ASCII,
)
_ARTICLE_PATH = re.compile(r"\d{5,}\.\w+$|/(?:content|show|info|p|art)/|/20\d\d[-/]?\d\d", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link by its words, with its absolute address."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """Names that a page gives, each with where it stood (``meta SiteName``, ``title`` …).

    What the page does not say is empty. ``site_code`` is the 网站标识码, whose first six
    digits are the division's. ``trail`` is the way from the home page to the column,
    ``lists`` are links that may lead to other columns, the likeliest first.
    """

    site_name: str = ""
    site_name_from: str = ""
    site_code: str = ""
    column_name: str = ""
    column_name_from: str = ""
    title: str = ""
    trail: tuple[Link, ...] = ()
    lists: tuple[Link, ...] = ()


def page_facts(html: str, *, url: str) -> PageFacts:
    """Return what the page at *url* says of itself. Raises `ExtractError` for no HTML."""
    root, _ = parse(html)
    about = meta(root)
    element = root.find(".//title")
    title = text_of(element) if element is not None else ""
    trail = tuple(_trail(root, url))
    site, site_from = _site_name(about, title)
    column, column_from = _column_name(about, trail, title, site)
    return PageFacts(
        site_name=site,
        site_name_from=site_from,
        site_code=about.get("siteidcode", "").strip(),
        column_name=column,
        column_name_from=column_from,
        title=title,
        trail=trail,
        lists=tuple(_lists(root, url)),
    )


def _site_name(about: dict[str, str], title: str) -> tuple[str, str]:
    for key, where in (("sitename", "meta SiteName"), ("og:site_name", "meta og:site_name")):
        if name := about.get(key, "").strip():
            return _PORTAL.sub("", name) or name, where
    for part in reversed(_parts(title)):
        if _SITE.search(part):
            return _PORTAL.sub("", part) or part, "title"
    return "", ""


def _column_name(
    about: dict[str, str], trail: tuple[Link, ...], title: str, site: str
) -> tuple[str, str]:
    if name := about.get("columnname", "").strip():
        return name, "meta ColumnName"
    if trail:
        return trail[-1].name, "the trail (当前位置)"
    others = [x for x in _parts(title) if x != site and site not in x and not _HOME.match(x)]
    if others and len(_parts(title)) > 1:
        return others[0], "title"
    return "", ""


def _parts(title: str) -> list[str]:
    return [x for x in _BETWEEN.split(title) if x]


def _trail(root: HtmlElement, url: str) -> Iterator[Link]:
    """The links behind 当前位置, without that to the home page."""
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "title"):
            continue
        if not _TRAIL.search(element.text or "") and not any(
            _TRAIL.search(x.tail or "") for x in element
        ):
            continue
        for box in (element, *list(ancestors(element))[:2]):
            links = [x for x in _links(box, url) if not _HOME.match(x.name)]
            if links and len(links) <= 8:
                yield from links
                return


def _lists(root: HtmlElement, url: str) -> Iterator[Link]:
    """At most twelve links that may lead to lists of the same site."""
    host = urlsplit(url).hostname
    found: dict[str, Link] = {}
    for link in _links(root, url):
        path = urlsplit(link.url).path
        if urlsplit(link.url).hostname != host or link.url == url or link.url in found:
            continue
        if path == "/" or not _LIST_PATH.fullmatch(path) or _ARTICLE_PATH.search(path):
            continue
        if 2 <= len(link.name) <= 12 and not _HOME.match(link.name):
            found[link.url] = link
    yield from sorted(found.values(), key=lambda x: not _LIST_WORDS.search(x.name))[:12]


def _links(box: HtmlElement, url: str) -> Iterator[Link]:
    for element in box.iter("a"):
        name = text_of(element)
        target = absolute(url, element.get("href") or "")
        if name and target and target.startswith("http"):
            yield Link(name=name, url=target)
