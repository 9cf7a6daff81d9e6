"""Files and pictures of an article, and addresses made absolute."""

import re
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

from lxml.html import HtmlElement

from pipeline.extract.tree import ancestors, folded, named_like, text_of
from pipeline.records import Attachment, Image

_FILE = re.compile(r"\.(docx?|xlsx?|pptx?|pdf|ofd|wps|et|zip|rar|7z|txt|csv)$", re.IGNORECASE)
_MEDIA_TYPES = {
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "wps": "application/vnd.ms-works",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
    "txt": "text/plain",
    "csv": "text/csv",
}
_ICON = re.compile(
    r"(?:icon|logo|ewm|qrcode|erweima|blank|spacer|/sc\.|print|share|fileTypeImages)", re.IGNORECASE
)


_is_box = named_like(r"attach|fujian|appendix|\bfj")
_NAMED = re.compile(r"[?&](?:file|file_?name|name)=(?P<name>[^&#]{1,200})", re.IGNORECASE)


def is_file(href: str) -> bool:
    """Whether an address names a document rather than a page.

    Hanweb hands files out by a program: /module/download/downfile.jsp?filename=x.pdf
    """
    return _FILE.search(_path_of(href)) is not None or _FILE.search(_file_name(href)) is not None


def _file_name(href: str) -> str:
    """What a parameter such as ``filename=`` names, or nothing."""
    match = _NAMED.search(href[:2_000])
    return match["name"] if match else ""


def _path_of(href: str) -> str:
    """The path of an address as written, also of a broken one."""
    return href.partition("#")[0].partition("?")[0]


def attachments(root: HtmlElement, body: HtmlElement, base: str) -> tuple[Attachment, ...]:
    """Files linked from the article, or from a box of attachments beside it."""
    found: dict[str, Attachment] = {}
    for box in (body, *filter(_is_box, root.iter("div", "ul", "p"))):
        for link in box.iter("a"):
            href = (link.get("href") or "").strip()
            match = _FILE.search(_path_of(href)) or _FILE.search(_file_name(href))
            if match is None:
                continue
            url = absolute(base, href)
            if url is None:
                continue
            name = text_of(link) or folded(link.get("title") or "")
            found.setdefault(
                url,
                Attachment(
                    url=url,
                    name=name or unquote(url.rsplit("/", 1)[-1]),
                    media_type=_MEDIA_TYPES.get(match[1].lower(), "application/octet-stream"),
                ),
            )
    return tuple(found.values())


def linked_file(url: str, name: str) -> Attachment:
    """The file that a list links to."""
    match = _FILE.search(_path_of(url)) or _FILE.search(_file_name(url))
    kind = _MEDIA_TYPES.get(match[1].lower()) if match is not None else None
    return Attachment(url=url, name=name, media_type=kind or "application/octet-stream")


def images(body: HtmlElement, base: str, cut: frozenset[HtmlElement]) -> tuple[Image, ...]:
    """Pictures of the article; icons, QR codes and inline data are left out."""
    found: dict[str, Image] = {}
    for img in body.iter("img"):
        if any(x in cut for x in ancestors(img)):
            continue
        if not is_picture(img):
            continue
        url = absolute(base, _source(img))
        if url is not None:
            found.setdefault(url, Image(url=url, alt=folded(img.get("alt") or "")))
    return tuple(found.values())


def is_picture(img: HtmlElement) -> bool:
    """Whether an <img> is a picture of the story: no icon, QR code or inline data."""
    source = _source(img)
    small = any(
        (img.get(k) or "").strip().removesuffix("px") in {"0", "1", "16", "20", "24"}
        for k in ("width", "height")
    )
    return bool(source) and not (small or source.startswith("data:") or _ICON.search(source))


def _source(img: HtmlElement) -> str:
    """The address as written; scripts load late what is named in other attributes."""
    values = ((img.get(k) or "").strip() for k in _SOURCES)
    return next((x for x in values if x), "")


_SOURCES = ("data-src", "data-original", "data-url", "src")


@lru_cache(maxsize=4096)
def absolute(base: str, href: str) -> str | None:
    """An http(s) address for *href*, or None for anything else (javascript:, mailto:, broken)."""
    try:
        url = urljoin(base, href.strip())
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "\\" in url:
        return None
    return "".join(x for x in url if x > " ").partition("#")[0]
