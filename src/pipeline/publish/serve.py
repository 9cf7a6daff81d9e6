"""The published tree over HTTP, for trying it and for small installations.

A static web server does as well. This one knows the right types, names each
version by a hash of its content, and answers 304, 404 and 410 where feed
readers expect them (RFC 9110, 9111).
"""

import gzip
import hashlib
import json
import re
import socket
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from threading import Lock
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline.errors import ConfigError, PipelineError
from pipeline.publish.document import FILES
from pipeline.publish.files import MANIFEST
from pipeline.publish.finding import FOLDER, Finder, render
from pipeline.publish.html import render_page
from pipeline.publish.media import GONE, HTML, PACK_FROM, cache_control, is_packed, media_type

_SAFETY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
}

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """One version of a file: its bytes, plain and packed, and what names it."""

    body: bytes
    packed: bytes | None
    tag: str
    modified: datetime


class _Folder:
    """The files of a folder, the ones asked for last kept in memory."""

    def __init__(self, root: Path, *, keep_bytes: int = 64_000_000) -> None:
        self._root = root.resolve()
        self._keep_bytes = keep_bytes
        self._kept: OrderedDict[tuple[str, int, int, int], _File] = OrderedDict()
        self._held = 0
        self._lock = Lock()

    def locate(self, name: str) -> Path | None:
        """The path of a file or folder inside the root; None for what is hidden or outside."""
        parts = [x for x in name.split("/") if x]
        if any(x.startswith(".") or "\\" in x or "\0" in x for x in parts):
            return None
        try:
            path = self._root.joinpath(*parts).resolve()
            path.stat()
        except (OSError, ValueError):  # not there, too long, a link in a circle
            return None
        return path if path.is_relative_to(self._root) else None

    def read(self, path: Path) -> _File | None:
        """The newest version of a file, None where there is none."""
        try:
            with path.open("rb") as file:
                stat = path.stat()
                key = (str(path), stat.st_mtime_ns, stat.st_size, stat.st_ino)
                with self._lock:
                    if key in self._kept:
                        self._kept.move_to_end(key)
                        return self._kept[key]
                body = file.read()
        except OSError:
            return None
        at = datetime.fromtimestamp(int(stat.st_mtime), UTC)
        found = _version(path.name, body, at)
        self._keep(key, found)
        return found

    def _keep(self, key: tuple[str, int, int, int], file: _File) -> None:
        with self._lock:
            self._kept[key] = file
            self._held += _size(file)
            while self._held > self._keep_bytes and self._kept:
                self._held -= _size(self._kept.popitem(last=False)[1])

    def told(self, name: str) -> _File | None:
        """The page that says why the article at *name* was taken down; None where there is none."""
        path = self.locate(f"{name.removesuffix('index.html').removesuffix(GONE)}{GONE}")
        return None if path is None else self.read(path)

    def is_gone(self, name: str) -> bool:
        """Whether a file was published once and taken back."""
        try:
            manifest = json.loads((self._root / MANIFEST).read_bytes())
        except (OSError, ValueError):
            return False
        gone = manifest.get("gone", []) if isinstance(manifest, dict) else []
        return name in gone or f"{name.rstrip('/')}/index.html" in gone


def _size(file: _File) -> int:
    return len(file.body) + len(file.packed or b"")


def _version(name: str, body: bytes, modified: datetime) -> _File:
    return _File(
        body=body,
        packed=_packed(name, body),
        tag=hashlib.sha256(body).hexdigest()[:32],
        modified=modified.astimezone(UTC).replace(microsecond=0),
    )


def _packed(name: str, body: bytes) -> bytes | None:
    if not is_packed(name) or len(body) < PACK_FROM:
        return None
    return gzip.compress(body, 6, mtime=0)


def _takes_gzip(header: str) -> bool:
    """Whether Accept-Encoding names gzip (or anything) without q=0."""
    found: dict[str, bool] = {}
    for part in header.lower().split(","):
        coding, _, parameter = part.partition(";")
        weight = parameter.strip().removeprefix("q=").strip()
        found[coding.strip()] = not (weight and re.fullmatch(r"0(\.0{0,3})?", weight))
    return found.get("gzip", found.get("*", False))


def _is_known(headers: Mapping[str, str], file: _File) -> bool:
    """Whether the client has this version: by ETag, and only without one by time."""
    asked = headers.get("if-none-match")
    if asked is not None:
        tags = {x.strip().removeprefix("W/").strip('"') for x in asked.split(",")}
        return "*" in tags or file.tag in tags or f"{file.tag}-gzip" in tags
    since = headers.get("if-modified-since")
    if since is None:
        return False
    try:
        return file.modified <= parsedate_to_datetime(since).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return False


def _range(headers: Mapping[str, str], file: _File) -> tuple[int, int] | None:
    """First byte and the one after the last that the client wants; None for all of them.

    The first is not before the second where nothing of the file is wanted. Several ranges
    at once are answered with the whole, as the standard allows.
    """
    wanted = _RANGE.fullmatch(headers.get("range", "").strip())
    if wanted is None or wanted.groups() == ("", ""):
        return None
    condition = headers.get("if-range", "").strip()
    if condition and condition not in (f'"{file.tag}"', _http_date(file.modified)):
        return None
    first, last = wanted.groups()
    size = len(file.body)
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1 if last else size)


def _http_date(instant: datetime) -> str:
    return format_datetime(instant, usegmt=True)


def _answer(request: Request, name: str, file: _File) -> Response:
    as_gzip = (
        file.packed is not None
        and "range" not in request.headers
        and _takes_gzip(request.headers.get("accept-encoding", ""))
    )
    headers = {
        "ETag": f'"{file.tag}-gzip"' if as_gzip else f'"{file.tag}"',
        "Last-Modified": _http_date(file.modified),
        "Cache-Control": cache_control(name),
        **_SAFETY,
    }
    if file.packed is not None:
        headers["Vary"] = "Accept-Encoding"
    if _is_known(request.headers, file):
        return Response(status_code=304, headers=headers)
    headers |= {"Content-Type": media_type(name), "Accept-Ranges": "bytes"}
    if as_gzip and file.packed is not None:
        return Response(file.packed, headers=headers | {"Content-Encoding": "gzip"})
    part = _range(request.headers, file)
    if part is None:
        return Response(file.body, headers=headers)
    first, end = part
    if first >= end:
        headers["Content-Range"] = f"bytes */{len(file.body)}"
        return Response(status_code=416, headers=headers)
    headers["Content-Range"] = f"bytes {first}-{end - 1}/{len(file.body)}"
    return Response(file.body[first:end], status_code=206, headers=headers)


def _missing(name: str, status: int) -> Response:
    root = "../" * name.count("/")
    return _page(render_page("missing.html", root=root, gone=status == 410), status)


def _page(page: bytes, status: int) -> Response:
    headers = {"Content-Type": HTML, "Cache-Control": "no-cache", **_SAFETY}
    return Response(page, status_code=status, headers=headers)


def _found(request: Request, search: Finder, file: str) -> Response:
    """A feed of what is asked for, with validators like a published one."""
    query, source = request.query_params.get("q", ""), request.query_params.get("source")
    try:
        feed = search.find(query, source=source)
        body = render(feed, file)
    except PipelineError:  # a database that is away is no fault of the client's
        return Response(status_code=503, headers={"Retry-After": "300", **_SAFETY})
    return _answer(request, f"{FOLDER}/{file}", _version(file, body, feed.updated))


def make_app(root: Path, search: Finder | None = None) -> Starlette:
    """An application (ASGI) that serves the files below *root*.

    GET and HEAD; validators and 304, gzip, single ranges, 404, and 410 for
    what was published and taken back, with the page that says why, if there is one.
    Hidden files and whatever lies outside of *root*, also by a symbolic link, are not
    there. Files may be replaced at any time. With *search*, ``search/rss.xml?q=…`` (or
    ``atom.xml``, ``feed.json``; ``&source=ID``) is a feed of what contains the words.
    """
    folder = _Folder(root)

    def answer(request: Request) -> Response:
        name = request.path_params["path"]
        head, _, file_name = name.rpartition("/")
        if search is not None and head == FOLDER and file_name in FILES.values():
            return _found(request, search, file_name)
        path = folder.locate(name)
        if path is not None and path.is_dir():
            if name and not name.endswith("/"):
                # never two slashes in front: that would be the address of another host
                inside = "/".join(x for x in name.split("/") if x)
                return RedirectResponse(quote(f"{request.scope['root_path']}/{inside}/"), 308)
            path, name = path / "index.html", f"{name}index.html"
        is_folder = name.endswith("/")
        file = None if path is None or is_folder else folder.read(path)
        told = folder.told(name) if file is None or name.endswith(f"/{GONE}") else None
        if told is not None:
            return _page(told.body, 410)
        if path is None or file is None:
            return _missing(name, 410 if folder.is_gone(name) else 404)
        return _answer(request, name, file)

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "HEAD"])])


def serve(
    root: Path,
    host: str = "127.0.0.1",
    port: int = 8750,
    *,
    search: Finder | None = None,
) -> None:
    """Serve the published tree at *root* until the process is told to stop; *search* as in `make_app`.

    Raises ConfigError for an address that cannot be listened at.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise ConfigError(
            f"cannot be listened at: {error}",
            where=f"{host}:{port}",
            hint="choose another port, or stop what uses this one",
        ) from error
    config = uvicorn.Config(
        make_app(root, search), log_level="warning", access_log=False, server_header=False
    )
    with listener:
        uvicorn.Server(config).run(sockets=[listener])
