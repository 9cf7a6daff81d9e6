"""The sample's four sites and the server that shows them under their host names."""

import sys
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import urljoin, urlsplit

from flows.demo.content import FOLDER, Contents, Odd, Story, load_contents
from flows.demo.render import Page, not_found, render_mirror, render_site

SOURCES: Path = Path(__file__).parent / "sources"
"""Folder of the sample's source files, for `pipeline.sources.load_catalogue`."""

_MIRROR_HOST = "labnotes.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSite:
    """One site: what it serves, and what a reader of its lists must find.

    ``listed`` are the addresses of all list lines, in list order; ``external``, ``dead`` and
    ``soft_404`` are those among them that lead to no article of the site.
    """

    host: str
    name: str
    source: str
    pages: Mapping[str, Page] = field(repr=False)
    missing: Page = field(repr=False)
    stories: tuple[Story, ...] = field(repr=False)
    listed: tuple[str, ...] = field(repr=False)
    external: tuple[str, ...]
    dead: tuple[str, ...]
    soft_404: tuple[str, ...]

    @property
    def articles(self) -> tuple[str, ...]:
        """Addresses of the site's articles, first pages only."""
        return tuple(self.url(x.path) for x in self.stories)

    @property
    def failing(self) -> tuple[str, ...]:
        """Listed addresses of the site that give no article."""
        return self.dead + self.soft_404

    def url(self, path: str) -> str:
        """The full address of a path."""
        return f"http://{self.host}{path}"


def _sample_site(
    contents: Contents, *, source: str, host: str, name: str, pages: Mapping[str, Page]
) -> SampleSite:
    base = f"http://{host}/"

    def odd(role: str) -> tuple[str, ...]:
        return tuple(urljoin(base, x.url) for x in contents.odd if x.role == role)

    return SampleSite(
        host=host,
        name=name,
        source=source,
        pages=pages,
        missing=not_found(contents),
        stories=contents.stories,
        listed=tuple(
            urljoin(base, line.url if isinstance(line, Odd) else line.path)
            for column in contents.columns
            for line in contents.lines(column.key)
        ),
        external=odd("external"),
        dead=odd("dead"),
        soft_404=odd("soft_404"),
    )


def _build() -> tuple[SampleSite, ...]:
    read = {x.stem: load_contents(x) for x in sorted(FOLDER.glob("*.toml"))}
    own = [
        _sample_site(x, source=x.source, host=x.host, name=x.name, pages=render_site(x))
        for x in (read["qinglan"], read["yunze"], read["dongze"])
    ]
    copied = read["dongze"]
    mirror = _sample_site(
        copied,
        source="demo-dongze-mirror",
        host=_MIRROR_HOST,
        name=f"{copied.name}（镜像）",
        pages=render_mirror(copied, host=_MIRROR_HOST),
    )
    return (*own, mirror)


SITES: tuple[SampleSite, ...] = _build()
"""青岚区 (TRS), 云泽县 (Hanweb), 东泽区 (plain pages, GBK) and the mirror of 东泽区."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request that the server answered."""

    host: str
    method: str
    path: str
    status: int


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    sample: "SampleServer"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that went away; show everything else."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes: 40 ms a request otherwise
    server: _Server

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        host = self.headers.get("Host", "").partition(":")[0].lower()
        path = urlsplit(self.path).path
        page = self.server.sample.find(host, path)
        status = page.status
        if status == HTTPStatus.OK and self._unchanged(page):
            status = HTTPStatus.NOT_MODIFIED.value
        self.server.sample.note(Request(host=host, method=self.command, path=path, status=status))
        self.send_response(status)
        if page.status == HTTPStatus.OK:
            self.send_header("ETag", page.etag)
            self.send_header("Last-Modified", page.last_modified)
        if status == HTTPStatus.NOT_MODIFIED:
            self.end_headers()
            return
        self.send_header("Content-Type", page.content_type)
        self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        if with_body:
            self.wfile.write(page.body)

    def _unchanged(self, page: Page) -> bool:
        """RFC 9110: If-None-Match, where sent, decides alone."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            known = {x.strip().removeprefix("W/") for x in tags.split(",")}
            return "*" in known or page.etag in known
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        try:
            return parsedate_to_datetime(page.last_modified) <= parsedate_to_datetime(since)
        except (TypeError, ValueError):  # no date, or one without a zone: the header is ignored
            return False

    def version_string(self) -> str:
        return "nginx"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay quiet: the demo's screen belongs to its table."""


class SampleServer:
    """Serves all sample sites on one loopback port, told apart by the Host header.

    A context manager. ``requests`` holds what was asked for, in order.
    """

    def __init__(self, sites: tuple[SampleSite, ...] = SITES) -> None:
        self._sites = {x.host: x for x in sites}
        self._changed: dict[str, Page | None] = {}
        self._requests: list[Request] = []
        self._lock = threading.Lock()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> "SampleServer":
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.sample = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    @property
    def port(self) -> int:
        """The loopback port. RuntimeError before the server is entered."""
        if self._server is None:
            raise RuntimeError("the sample server is not running; use it in a with statement")
        return int(self._server.server_address[1])

    @property
    def connect_to(self) -> dict[str, str]:
        """Where to connect for each host, bare and with its port: ``{"qinglan.example": "127.0.0.1:…"}``."""
        target = f"127.0.0.1:{self.port}"
        return {name: target for host in self._sites for name in (host, f"{host}:80")}

    @property
    def requests(self) -> tuple[Request, ...]:
        """The requests answered so far."""
        with self._lock:
            return tuple(self._requests)

    @property
    def counts(self) -> Counter[str]:
        """Number of requests by host."""
        return Counter(x.host for x in self.requests)

    def forget_requests(self) -> None:
        """Start counting anew."""
        with self._lock:
            self._requests.clear()

    def change(self, url: str, page: Page | None) -> None:
        """Answer *url* with *page* from now on; None takes the page down (404)."""
        with self._lock:
            self._changed[url] = page

    def find(self, host: str, path: str) -> Page:
        """The answer for a host and path; 404 pages included."""
        site = self._sites.get(host)
        if site is None:
            return Page(
                body=b"unknown host\n", content_type="text/plain", last_modified="", status=404
            )
        with self._lock:
            if site.url(path) in self._changed:
                return self._changed[site.url(path)] or site.missing
        return site.pages.get(path, site.missing)

    def note(self, request: Request) -> None:
        """Count a request."""
        with self._lock:
            self._requests.append(request)
