"""From contents to the bytes that a server sends: always the same ones."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from flows.demo.content import Contents, Odd, Section, Story
from flows.demo.mangle import mangle

_HERE = Path(__file__).parent
_FILES = _HERE / "files"
_BUILT = datetime(2026, 11, 20, 8, 30)  # noqa: DTZ001 - when the sites were "last generated", China time
_ROBOTS = "User-agent: *\nDisallow: /system/\n"
_MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_TEMPLATES = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer of the server. ``status`` 200 with an error text inside is a soft 404."""

    body: bytes
    content_type: str
    last_modified: str
    status: int = 200

    @property
    def etag(self) -> str:
        """A strong entity tag (RFC 9110), from the bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


CHALLENGE = Page(
    body=b"<html><head><script>document.cookie='__token='+_0x4f1c();location.reload();</script>"
    b"</head><body></body></html>",
    content_type="text/html",
    last_modified="",
    status=412,
)
"""What a guarded site answers to programs: a script that would earn a cookie. In no list of the sample."""


def render_site(contents: Contents) -> dict[str, Page]:
    """Return the pages of a site by path."""
    pages: dict[str, Page] = {}
    for path, html, changed in _documents(contents):
        body = html.encode(contents.encoding)
        pages[path] = Page(
            body=body, content_type=contents.content_type, last_modified=_http_date(changed)
        )
    for story in contents.stories:
        for x in (*story.images, *story.attachments):
            pages[urlsplit(urljoin(story.path, x.href)).path] = _file(x.file)
    return pages | _furniture()


def render_mirror(contents: Contents, *, host: str) -> dict[str, Page]:
    """Return the pages of a site as a mirror under *host* shows them: same paths, mangled text, UTF-8."""
    folded = {x.page_path(i) for x in contents.stories if x.folded for i in range(len(x.pages))}
    pages: dict[str, Page] = {}
    for path, html, changed in _documents(contents):
        copied = html.replace("charset=gb2312", "charset=utf-8").replace(contents.host, host)
        page = Page(
            body=mangle(copied, fold=path in folded).encode(),
            content_type="text/html; charset=utf-8",
            last_modified=_http_date(changed + timedelta(days=1)),
        )
        pages[path] = page
    for story in contents.stories:
        for x in (*story.images, *story.attachments):
            pages[urlsplit(urljoin(story.path, x.href)).path] = _file(x.file)
    return pages | _furniture()


def not_found(contents: Contents) -> Page:
    """The site's answer for an address that it does not have."""
    html = _TEMPLATES.get_template("404.html").render(site=contents)
    return Page(
        body=html.encode(),
        content_type="text/html",
        last_modified=_http_date(_BUILT),
        status=404,
    )


def _documents(site: Contents) -> Iterator[tuple[str, str, datetime]]:
    """Path, HTML and time of change of each page."""
    yield "/", _render(site, "home", lines=_newest(site)), _BUILT
    for column in site.columns:
        lines = site.lines(column.key)
        chunks = [lines[i : i + column.per_page] for i in range(0, len(lines), column.per_page)]
        for n, chunk in enumerate(chunks):
            html = _render(site, "list", column=column, lines=chunk, page=n, total=len(chunks))
            # TRS calls the second page index_1.html.
            names = ("", "index.html") if n == 0 else (f"index_{n}.html",)
            for name in names:
                yield urljoin(column.path, name), html, max(x.published for x in chunk)
        stories = [x for x in lines if isinstance(x, Story)]
        for n, story in enumerate(stories):
            around = {
                "newer": stories[n - 1] if n else None,
                "older": stories[n + 1] if n + 1 < len(stories) else None,
            }
            yield from _story_pages(site, column, story, around)
    for odd in site.odd:
        if odd.role == "soft_404":
            yield odd.url, _render(site, "missing"), _BUILT


def _story_pages(
    site: Contents, column: Section, story: Story, around: dict[str, Story | None]
) -> Iterator[tuple[str, str, datetime]]:
    for n, paragraphs in enumerate(story.pages):
        html = _render(
            site, "article", column=column, story=story, paragraphs=paragraphs, page=n, **around
        )
        yield story.page_path(n), html, story.published + timedelta(minutes=3)


def _render(site: Contents, name: str, **values: object) -> str:
    return _TEMPLATES.get_template(f"{site.template}/{name}.html").render(site=site, **values)


def _word_paste(text: str) -> Markup:
    """The text as word processors hand it over: a span around each run of digits."""
    return Markup("").join(
        Markup('<span lang="EN-US">{}</span>').format(x) if x.isdigit() else escape(x)
        for x in re.split(r"(\d{1,20})", text)
    )


_TEMPLATES.filters["word_paste"] = _word_paste


def _newest(site: Contents) -> tuple[Story | Odd, ...]:
    return tuple(sorted(site.stories, key=lambda x: x.published, reverse=True)[:8])


def _file(name: str) -> Page:
    return Page(
        body=(_FILES / name).read_bytes(),
        content_type=_MEDIA_TYPES[Path(name).suffix],
        last_modified=_http_date(_BUILT),
    )


def _furniture() -> dict[str, Page]:
    plain = Page(body=_ROBOTS.encode(), content_type="text/plain", last_modified=_http_date(_BUILT))
    return {
        "/robots.txt": plain,
        "/favicon.ico": _file("dot.png"),
        "/images/logo.png": _file("dot.png"),
    }


def _http_date(china: datetime) -> str:
    """An HTTP date for a time in China (UTC+8, no zone given)."""
    return format_datetime((china - timedelta(hours=8)).replace(tzinfo=UTC), usegmt=True)
