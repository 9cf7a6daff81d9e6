"""A real nginx with the documented lines."""

import gzip
import http.client
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

CONFIGURATION = Path(__file__).resolve().parents[2] / "deployments" / "nginx.conf"

pytestmark = pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")


@pytest.fixture
def port(filled, go, story, now, target: Path, tmp_path: Path) -> Iterator[int]:
    """Where nginx serves a published tree, one article of which was taken down."""
    go(packs=True)
    filled.withhold(story(3).id, reason="应当事人要求", at=now)
    go(packs=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    lines = CONFIGURATION.read_text("utf-8")
    lines = lines.replace("listen 80;", f"listen 127.0.0.1:{number};")
    lines = lines.replace("root /srv/quwen/public;", f"root {target};")
    assert str(target) in lines
    scratch = "".join(
        f"{x}_temp_path {tmp_path};" for x in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    own = tmp_path / "nginx.conf"
    # The folders of a test are open to their owner alone, so the worker must be the owner
    own.write_text(
        f"user root;\ndaemon off; pid {tmp_path}/pid; error_log {tmp_path}/log;\nevents {{}}\n"
        f"http {{ access_log off; {scratch}\n{lines}}}\n",
        "utf-8",
    )
    running = subprocess.Popen(["nginx", "-p", str(tmp_path), "-c", str(own)])
    try:
        _wait(number, running)
        yield number
    finally:
        running.terminate()
        running.wait(10)


def _wait(port: int, running: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert running.poll() is None, "nginx refuses the configuration"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("nginx does not answer")


def ask(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    found = {k.lower(): v for k, v in answer.getheaders()}
    body = answer.read()
    connection.close()
    return answer.status, found, body


TYPES = {
    "/": "text/html; charset=utf-8",
    "/all/rss.xml": "application/xml; charset=utf-8",
    "/all/feed.json": "application/feed+json; charset=utf-8",
    "/feeds.json": "application/json; charset=utf-8",
    "/feeds.opml": "text/x-opml; charset=utf-8",
    "/site.css": "text/css; charset=utf-8",
}


def test_types_validators_compression_and_ranges(port: int, target: Path, checker, story):
    """What feed readers expect of a server (RFC 9110), asked of nginx as it is documented."""
    for path, wanted in TYPES.items():
        status, headers, body = ask(port, path)
        assert (200, wanted) == (status, headers["content-type"])
        assert "nosniff" == headers["x-content-type-options"]
        assert "public, max-age=900" == headers["cache-control"]
        assert (target / (path.lstrip("/") or "index.html")).read_bytes() == body
        for known in (
            {"If_None_Match": headers["etag"]},
            {"If_Modified_Since": headers["last-modified"]},
        ):
            assert 304 == ask(port, path, **known)[0]
    status, headers, body = ask(port, "/all/rss.xml", Accept_Encoding="gzip")
    assert ("gzip", "Accept-Encoding") == (headers["content-encoding"], headers["vary"])
    assert (target / "all/rss.xml.gz").read_bytes() == body
    assert (target / "all/rss.xml").read_bytes() == gzip.decompress(body)
    assert 206 == ask(port, "/all/rss.xml", Range="bytes=0-99")[0]
    for hidden in ("/.manifest.json", "/all/rss.xml.gz", "/no-such-feed.xml", "/../nginx.conf"):
        assert ask(port, hidden)[0] in (400, 404)
    for gone in (f"/a/{story(3).id}/", f"/a/{story(3).id}/index.html"):
        status, headers, body = ask(port, gone)
        assert (410, "text/html; charset=utf-8") == (status, headers["content-type"])
        assert "应当事人要求" in body.decode()
    assert 200 == ask(port, f"/a/{story(4).id}/")[0]
    if checker is not None:
        feeds = checker.lint(target, "https://feeds.quwen.example/")[0]
        assert [] == checker.check_http(f"http://127.0.0.1:{port}/", feeds)


def test_parts_of_the_search_index_may_be_kept(port: int, target: Path):
    """Their names change with their bytes; the list that names them is asked for anew."""
    (part,) = (target / "search").glob("0*/columns.bin")
    status, headers, body = ask(port, f"/{part.relative_to(target).as_posix()}")
    assert (200, "application/octet-stream") == (status, headers["content-type"])
    assert "public, max-age=31536000, immutable" == headers["cache-control"]
    assert part.read_bytes() == body
    assert "public, max-age=900" == ask(port, "/search/index.json")[1]["cache-control"]
