"""The published tree over HTTP, asked by a plain client over loopback."""

import gzip
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from served import served

from pipeline.errors import ConfigError
from pipeline.publish.serve import serve

Ask = Callable[..., tuple[int, dict[str, str], bytes]]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small published tree with something secret beside it."""
    outside = tmp_path_factory.mktemp("served")
    folder = outside / "public"
    for name, text in (
        ("index.html", "<p>首页</p>"),
        ("all/rss.xml", "<rss/>" * 500),
        ("all/feed.json", "{}"),
        ("all/index.html", "<p>全部</p>"),
        ("all/archive/000001/rss.xml", "<rss/>"),
        ("feeds.opml", "<opml/>"),
        ("a/2/gone.html", "<p>应要求撤下</p>"),
        (".manifest.json", '{"gone": ["old/rss.xml", "a/1/index.html"]}'),
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        os.utime(path, (1_770_000_000, 1_770_000_000))
    (outside / "secret.txt").write_text("secret")
    (folder / "leak.txt").symlink_to(outside / "secret.txt")
    return folder


@pytest.fixture(scope="module")
def port(root: Path) -> Iterator[int]:
    """The port of a server of the small tree."""
    with served(root) as number:
        yield number


@pytest.fixture
def ask(port: int) -> Ask:
    """Sends one request as it is written: status, headers, body."""

    def send(path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request(
            method, path, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )
        answer = connection.getresponse()
        found = {k.lower(): v for k, v in answer.getheaders()}
        body = answer.read()
        connection.close()
        return answer.status, found, body

    return send


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/all/", "text/html; charset=utf-8"),
        ("/all/rss.xml", "application/xml; charset=utf-8"),
        ("/all/feed.json", "application/feed+json; charset=utf-8"),
        ("/feeds.opml", "text/x-opml; charset=utf-8"),
    ],
)
def test_each_kind_of_file_has_its_type(ask, path, media_type):
    """XML names its charset, since text/xml without one counts as US-ASCII."""
    status, headers, _ = ask(path)
    assert (200, media_type) == (status, headers["content-type"])


def test_a_known_version_is_not_sent_again(ask):
    """By ETag, also in a list or weak; by time only where no ETag is sent."""
    _, headers, _ = ask("/all/rss.xml")
    tag, at = headers["etag"], headers["last-modified"]
    assert "Mon, 02 Feb 2026 02:40:00 GMT" == at
    assert (304, b"") == ask("/all/rss.xml", If_None_Match=tag)[::2]
    assert 304 == ask("/all/rss.xml", If_None_Match=f'"x", W/{tag}')[0]
    assert 304 == ask("/all/rss.xml", If_None_Match="*")[0]
    assert 304 == ask("/all/rss.xml", If_Modified_Since=at)[0]
    assert 200 == ask("/all/rss.xml", If_Modified_Since=at, If_None_Match='"x"')[0]
    assert 200 == ask("/all/rss.xml", If_Modified_Since="Sun, 01 Feb 2026 02:40:00 GMT")[0]
    assert 200 == ask("/all/rss.xml", If_Modified_Since="yesterday")[0]


def test_a_replaced_file_is_a_new_version(ask, root):
    """The ETag follows the bytes, even if size and second of change stay the same."""
    (root / "replaced.xml").write_text("<rss/>" * 500)
    os.utime(root / "replaced.xml", (1_770_000_000, 1_770_000_000))
    before = ask("/replaced.xml")[1]["etag"]
    new = root / "new"
    new.write_text("<RSS/>" * 500)
    os.utime(new, (1_770_000_000, 1_770_000_000))
    new.replace(root / "replaced.xml")
    status, headers, body = ask("/replaced.xml", If_None_Match=before)
    assert (200, b"<RSS/>" * 500) == (status, body)
    assert before != headers["etag"]


def test_packed_answers_say_so(ask):
    """A packed form has its own ETag, which is known again, and Vary tells caches."""
    plain = ask("/all/rss.xml")
    packed = ask("/all/rss.xml", Accept_Encoding="br, gzip;q=0.5")
    assert plain[2] == gzip.decompress(packed[2])
    assert ("gzip", "Accept-Encoding") == (packed[1]["content-encoding"], packed[1]["vary"])
    assert "Accept-Encoding" == plain[1]["vary"]
    assert plain[1]["etag"] != packed[1]["etag"]
    assert 304 == ask("/all/rss.xml", Accept_Encoding="gzip", If_None_Match=packed[1]["etag"])[0]
    assert "content-encoding" not in ask("/all/rss.xml", Accept_Encoding="gzip;q=0, br")[1]
    assert "content-encoding" not in ask("/all/feed.json", Accept_Encoding="gzip")[1]


def test_head_is_get_without_a_body(ask):
    """All headers are the same, length included."""
    get, head = ask("/all/rss.xml"), ask("/all/rss.xml", "HEAD")
    assert (200, b"") == (head[0], head[2])
    drop = {"date"}
    assert {k: v for k, v in get[1].items() if k not in drop} == {
        k: v for k, v in head[1].items() if k not in drop
    }


@pytest.mark.parametrize(
    ("wanted", "status", "body"),
    [
        ("bytes=1-3", 206, b"rss"),
        ("bytes=-2", 206, b"/>"),
        ("bytes=2997-", 206, b"s/>"),
        ("bytes=2990-9999", 206, (b"<rss/>" * 500)[2990:]),
        ("bytes=3000-", 416, b""),
        ("bytes=5-3", 416, b""),
        ("bytes=0-1,4-5", 200, b"<rss/>" * 500),
        ("lines=1-3", 200, b"<rss/>" * 500),
    ],
)
def test_one_part_of_a_file_can_be_had(ask, wanted, status, body):
    """A single range is answered with that part; what is no range with the whole."""
    assert (status, body) == ask("/all/rss.xml", Range=wanted)[::2]


def test_archives_may_be_kept_for_ever(ask):
    """Numbered archive documents never change; everything else is asked for again."""
    assert "max-age=31536000, immutable" in ask("/all/archive/000001/rss.xml")[1]["cache-control"]
    assert "public, max-age=900" == ask("/all/rss.xml")[1]["cache-control"]


@pytest.mark.parametrize(
    "path",
    [
        "/no.xml",
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/all/../../secret.txt",
        "/all%5c..%5c..%5csecret.txt",
        "/leak.txt",
        "/.manifest.json",
        "//etc/passwd",
        "/%00",
        "/all/rss.xml/",
        "/" + "x" * 5000,
    ],
)
def test_nothing_outside_of_the_tree_is_served(ask, path):
    """Dots, back-slashes, hidden files and links that lead out are simply not there."""
    status, headers, body = ask(path)
    assert (404, "text/html; charset=utf-8") == (status, headers["content-type"])
    assert b"secret" not in body


@pytest.mark.parametrize("path", ["/old/rss.xml", "/a/1/index.html", "/a/1/", "/a/1"])
def test_what_was_taken_back_is_gone(ask, path):
    """410 tells readers to stop asking; 404 does not."""
    assert 410 == ask(path)[0]


@pytest.mark.parametrize("path", ["/a/2/", "/a/2/index.html", "/a/2/gone.html"])
def test_what_was_taken_down_says_why(ask, path):
    """With the page that was published in its place."""
    status, headers, body = ask(path)
    assert (410, "<p>应要求撤下</p>") == (status, body.decode())
    assert "no-cache" == headers["cache-control"]


def test_a_folder_is_asked_for_with_a_slash(ask):
    """Relative links on its page would lead astray without one; never to another host."""
    status, headers, _ = ask("/all")
    assert (308, "/all/") == (status, headers["location"])
    assert "/all/" == ask("//all")[1]["location"]


def test_nothing_can_be_sent_to_it(ask):
    """Other methods are refused."""
    assert 405 == ask("/all/rss.xml", "POST")[0]


def test_pages_may_load_nothing_foreign(ask):
    """Own scripts and forms only, no frame, and no word to others where a reader came from."""
    headers = ask("/")[1]
    policy = dict(x.split(" ", 1) for x in headers["content-security-policy"].split("; "))
    assert "'none'" == policy["default-src"]
    assert {"'self'", "'none'"} == set(policy.values())
    assert ("nosniff", "no-referrer") == (
        headers["x-content-type-options"],
        headers["referrer-policy"],
    )


def test_a_published_tree_is_served_as_readers_expect(filled, go, target, checker):
    """Types, validators, packed forms, HEAD and 404 of every feed."""
    if checker is None:
        pytest.skip("the checker is not at hand")
    go()
    feeds = checker.discover(target)
    with served(target) as port:
        assert [] == checker.check_http(f"http://127.0.0.1:{port}/", feeds)


def test_a_taken_port_is_explained(root, port):
    """The address, what is wrong and what to do stand in one line."""
    with pytest.raises(ConfigError, match=rf"127.0.0.1:{port}.*choose another port"):
        serve(root, "127.0.0.1", port)


def test_serve_answers_until_it_is_stopped(root):
    """The process ends cleanly when it is told to."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    code = "import sys, pathlib; from pipeline.publish.serve import serve; "
    code += "serve(pathlib.Path(sys.argv[1]), '127.0.0.1', int(sys.argv[2]))"
    process = subprocess.Popen([sys.executable, "-c", code, str(root), str(port)])
    try:
        for _ in range(100):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/")
                break
            except ConnectionRefusedError:
                time.sleep(0.1)
        assert 200 == connection.getresponse().status
    finally:
        process.terminate()
        assert process.wait(10) in (0, -15)
