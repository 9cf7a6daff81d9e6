"""What comes of asking a server, over real sockets."""

import gzip
import time
from datetime import UTC, datetime, timedelta

import pytest
from httpd import Asked, Httpd, Reply

from pipeline.errors import FetchError
from pipeline.fetch import (
    Blocked,
    Deferred,
    Fetched,
    Fetcher,
    Gone,
    NotModified,
    Outcome,
    Validators,
)
from pipeline.records import FetchRules

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RULES = FetchRules(delay_s=0, timeout_s=3)
PAGE = "http://news.example/a.html"
PACKED = gzip.compress(b"page" * 500, mtime=0)  # part of a test's name


def get(
    fetcher: Fetcher,
    url: str = PAGE,
    rules: FetchRules = RULES,
    validators: Validators | None = None,
) -> Outcome:
    return fetcher.get(url, rules, allowed_hosts=("news.example",), validators=validators)


def redirect(to: str) -> Reply:
    return Reply(status=302, headers=(("Location", to),))


def test_a_page_comes_with_its_validators(httpd: Httpd, fetcher: Fetcher) -> None:
    """Body unpacked, header names lower case, the Host header symbolic."""
    headers = (("ETag", '"1"'), ("Last-Modified", "yesterday"), ("Content-Encoding", "gzip"))
    httpd.pages["/a.html"] = Reply(headers=headers, body=PACKED)
    outcome = get(fetcher)
    assert isinstance(outcome, Fetched)
    assert outcome.validators == Validators(etag='"1"', last_modified="yesterday")
    assert outcome.capture.body == b"page" * 500
    assert outcome.capture.header("etag") == '"1"'
    assert (outcome.capture.url, outcome.capture.requested_url) == (PAGE, PAGE)
    assert outcome.capture.fetched_at.tzinfo is UTC
    asked = httpd.asked[-1].headers
    assert asked["host"] == "news.example"
    assert asked["accept-encoding"] == "gzip, deflate"
    assert asked["user-agent"] == "quwen/0.1"


def test_a_page_not_known_to_be_whole_has_no_validators(httpd: Httpd, fetcher: Fetcher) -> None:
    """Else a page cut short would never be asked for again."""
    httpd.pages["/a.html"] = Reply(headers=(("ETag", '"1"'),), body=b"page", length=False)
    outcome = get(fetcher)
    assert isinstance(outcome, Fetched)
    assert outcome.validators == Validators()


def test_an_unchanged_page_is_not_sent_again(httpd: Httpd, fetcher: Fetcher) -> None:
    """Both validators are sent; 304 is an outcome of its own."""
    httpd.pages["/a.html"] = Reply(raw=b"HTTP/1.1 304 X\r\n\r\n")
    assert isinstance(
        get(fetcher, validators=Validators(etag='"1"', last_modified="d")), NotModified
    )
    asked = httpd.asked[-1].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"1"', "d")


def test_unchanged_without_being_asked_is_an_error(httpd: Httpd, fetcher: Fetcher) -> None:
    """A 304 has no page in it."""
    httpd.pages["/a.html"] = Reply(raw=b"HTTP/1.1 304 X\r\n\r\n")
    with pytest.raises(FetchError, match="304"):
        get(fetcher)


def test_unchanged_after_a_redirect_is_an_error(httpd: Httpd, fetcher: Fetcher) -> None:
    """The page there was not asked whether it changed."""
    httpd.pages["/a.html"] = redirect("/b.html")
    httpd.pages["/b.html"] = Reply(raw=b"HTTP/1.1 304 X\r\n\r\n")
    with pytest.raises(FetchError, match="304"):
        get(fetcher, validators=Validators(etag='"1"'))


def test_validators_are_not_sent_where_a_redirect_leads(httpd: Httpd, fetcher: Fetcher) -> None:
    """An old error page there is no unchanged page here."""
    httpd.pages["/a.html"] = redirect("/b.html")
    httpd.pages["/b.html"] = Reply(body=b"page")
    assert isinstance(get(fetcher, validators=Validators(etag='"1"')), Fetched)
    assert [x.headers.get("if-none-match") for x in httpd.asked[1:]] == ['"1"', None]


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_an_outcome(status: int, httpd: Httpd, fetcher: Fetcher) -> None:
    """The page that says so is kept."""
    httpd.pages["/a.html"] = Reply(status=status, body=b"gone")
    outcome = get(fetcher)
    assert isinstance(outcome, Gone)
    assert outcome.capture.body == b"gone"


@pytest.mark.parametrize("status", [403, 412, 521])
def test_a_refusal_of_programs_is_an_outcome(status: int, httpd: Httpd, fetcher: Fetcher) -> None:
    """It is not tried again."""
    httpd.pages["/a.html"] = Reply(status=status, body=b"no")
    outcome = get(fetcher)
    assert isinstance(outcome, Blocked)
    assert outcome.capture is not None
    assert httpd.paths() == ["/robots.txt", "/a.html"]


@pytest.mark.parametrize(
    ("pause", "status", "header"),
    [
        (timedelta(seconds=120), 429, "120"),
        (timedelta(hours=1), 503, "Mon, 23 Nov 2026 13:00:00 GMT"),
        (timedelta(minutes=10), 503, "soon"),
    ],
)
def test_a_busy_host_is_left_alone(
    pause: timedelta, status: int, header: str, httpd: Httpd
) -> None:
    """The pause is returned, never slept."""
    httpd.pages["/a.html"] = Reply(status=status, headers=(("Retry-After", header),))
    with Fetcher(
        user_agent="q", connect_to={"news.example": httpd.address}, clock=lambda: NOW
    ) as fetcher:
        outcome = get(fetcher)
    assert outcome == Deferred(url=PAGE, until=NOW + pause, reason=f"HTTP {status}")


@pytest.mark.parametrize(("asked", "status"), [(3, 500), (3, 502), (1, 400), (1, 401)])
def test_only_errors_of_the_server_are_tried_again(
    asked: int, status: int, httpd: Httpd, fetcher: Fetcher
) -> None:
    """Three times at the most, then it is an error."""
    httpd.pages["/a.html"] = Reply(status=status)
    with pytest.raises(FetchError, match=str(status)):
        get(fetcher)
    assert httpd.paths().count("/a.html") == asked


def test_no_pause_is_longer_than_the_time_left(httpd: Httpd) -> None:
    """The call ends at once instead."""
    httpd.pages["/a.html"] = Reply(status=500)
    waits: list[float] = []
    with (
        Fetcher(
            user_agent="q",
            connect_to={"news.example": httpd.address},
            sleep=waits.append,
            deadline_s=0.4,
        ) as fetcher,
        pytest.raises(FetchError, match="HTTP 500"),
    ):
        get(fetcher, rules=FetchRules(delay_s=0, robots=False))
    assert waits == []


def test_a_page_that_comes_at_the_second_try_is_taken(httpd: Httpd, fetcher: Fetcher) -> None:
    """A body cut short once is no loss."""

    def answer(_: Asked) -> Reply:
        cut = httpd.paths().count("/a.html") == 1
        return Reply(headers=(("Content-Encoding", "gzip"),), body=PACKED[:-9] if cut else PACKED)

    httpd.pages["/a.html"] = answer
    outcome = get(fetcher)
    assert isinstance(outcome, Fetched)
    assert outcome.capture.body == b"page" * 500


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + PACKED[:-9],
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
    ],
)
def test_a_response_cut_short_is_an_error_after_three_tries(
    raw: bytes, httpd: Httpd, fetcher: Fetcher
) -> None:
    """By length, by chunks, by the compressed stream, or before it began."""
    httpd.pages["/a.html"] = Reply(raw=raw)
    with pytest.raises(FetchError, match="tried 3x"):
        get(fetcher)
    assert httpd.paths().count("/a.html") == 3


def test_a_redirect_within_the_source_is_followed(httpd: Httpd, fetcher: Fetcher) -> None:
    """The capture names both addresses; raw UTF-8 in Location is understood."""
    httpd.pages["/a.html"] = redirect("/新.html".encode().decode("latin-1"))
    httpd.pages["/%E6%96%B0.html"] = Reply(body=b"page")
    outcome = get(fetcher)
    assert isinstance(outcome, Fetched)
    assert outcome.capture.url == "http://news.example/%E6%96%B0.html"
    assert outcome.capture.requested_url == PAGE


@pytest.mark.parametrize(
    "to",
    [
        *("http://other.example/", "http://127.0.0.1/", "//other.example/", "http://[::1]/"),
        *("http://news.example:22/", "file:///etc/passwd", "http://x@news.example/"),
        *("http://other.example\\@news.example/", "http://news.example.other.example/"),
    ],
)
def test_a_redirect_that_leaves_the_source_is_refused(
    to: str, httpd: Httpd, fetcher: Fetcher
) -> None:
    """Nothing is sent there."""
    httpd.pages["/a.html"] = redirect(to)
    with pytest.raises(FetchError, match="redirects to"):
        get(fetcher)
    assert httpd.paths() == ["/robots.txt", "/a.html"]


def test_redirects_end(httpd: Httpd, fetcher: Fetcher) -> None:
    """Five are followed."""
    httpd.pages["/a.html"] = redirect("/a.html")
    with pytest.raises(FetchError, match="more than 5"):
        get(fetcher)
    assert httpd.paths().count("/a.html") == 6


def test_secrets_and_cookies_stay_with_their_host(httpd: Httpd, fetcher: Fetcher) -> None:
    """Another host of the source gets neither; the first gets both."""
    rules = FetchRules(delay_s=0, robots=False, headers=(("Authorization", "x"), ("X-Own", "y")))
    leave = (("Location", "http://other.example/b"), ("Set-Cookie", "c=1; Domain=example"))
    httpd.pages["/a.html"] = Reply(status=302, headers=leave)
    httpd.pages["/b"] = Reply(body=b"page")
    for _ in range(2):
        fetcher.get(PAGE, rules, allowed_hosts=("news.example", "other.example"))
    first, other = httpd.asked[-2].headers, httpd.asked[-1].headers
    assert (first["authorization"], first["x-own"]) == ("x", "y")
    assert ("authorization" in other, "cookie" in other, other["x-own"]) == (False, False, "y")


def test_a_cookie_is_sent_back_to_its_host(httpd: Httpd, fetcher: Fetcher) -> None:
    """Some sites set one and redirect to the same address."""

    def answer(asked: Asked) -> Reply:
        if asked.headers.get("cookie") == "c=1":
            return Reply(body=b"page")
        return Reply(status=302, headers=(("Set-Cookie", "c=1"), ("Location", "/a.html")))

    httpd.pages["/a.html"] = answer
    assert isinstance(get(fetcher), Fetched)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]"])
@pytest.mark.parametrize("robots", [True, False])
def test_a_private_address_is_not_connected_to(robots: bool, host: str, httpd: Httpd) -> None:
    """Not even where the source names it: only connect_to makes an exception."""
    rules = FetchRules(delay_s=0, robots=robots)
    with (
        Fetcher(user_agent="q") as fetcher,
        pytest.raises(FetchError, match=r"no public address|not known"),
    ):
        fetcher.get(f"http://{host}:{httpd.port}/", rules, allowed_hosts=(host,))
    assert httpd.asked == []


def test_a_redirect_to_a_named_private_address_is_refused(httpd: Httpd, fetcher: Fetcher) -> None:
    """The guard stands at the connection, so it holds for redirects as well."""
    httpd.pages["/a.html"] = redirect("http://127.0.0.1/secret")
    with pytest.raises(FetchError, match="no public address"):
        fetcher.get(PAGE, RULES, allowed_hosts=("news.example", "127.0.0.1"))


def test_a_proxy_in_the_environment_is_not_used(
    httpd: Httpd, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would connect to what was never judged."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    httpd.pages["/a.html"] = Reply(body=b"page")
    assert isinstance(get(fetcher), Fetched)


def test_a_host_the_source_does_not_name_is_not_asked(httpd: Httpd, fetcher: Fetcher) -> None:
    """Links lead everywhere."""
    with pytest.raises(FetchError, match="no host of the source"):
        get(fetcher, "http://other.example/")
    assert httpd.asked == []


def test_a_header_that_cannot_be_sent_is_an_error(httpd: Httpd, fetcher: Fetcher) -> None:
    """A setting must not crash a run."""
    with pytest.raises(FetchError):
        get(fetcher, rules=FetchRules(delay_s=0, robots=False, headers=(("X-A", "区"),)))


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=b"x" * 1000, drip_s=0.05),
        Reply(body=b"x" * 1000, drip_s=0.05, length=False),
        Reply(raw=b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1000, drip_s=0.05),
        Reply(raw=b"HTTP/1.1 100 Continue\r\n\r\n" * 100, drip_s=0.002),
        Reply(hold_s=3),
    ],
)
def test_a_slow_response_is_ended_at_the_deadline(reply: Reply, httpd: Httpd) -> None:
    """Whatever it drips: body, header or interim responses."""
    httpd.pages["/a.html"] = reply
    with Fetcher(
        user_agent="q", connect_to={"news.example": httpd.address}, deadline_s=0.6
    ) as fetcher:
        start = time.monotonic()
        with pytest.raises(FetchError, match=r"not there whole after 0\.6 s"):
            get(fetcher, rules=FetchRules(delay_s=0, robots=False))
        assert time.monotonic() - start < 2.5


def test_a_tls_handshake_that_never_ends_is_ended_at_the_deadline(httpd: Httpd) -> None:
    """The socket that TLS took over is still watched."""
    with Fetcher(
        user_agent="q", connect_to={"news.example": httpd.address}, deadline_s=0.5
    ) as fetcher:
        start = time.monotonic()
        with pytest.raises(FetchError, match=r"not there whole after 0\.5 s"):
            get(fetcher, "https://news.example/", rules=FetchRules(delay_s=0, robots=False))
        assert time.monotonic() - start < 2.5


def test_the_deadline_holds_after_a_kept_connection(httpd: Httpd) -> None:
    """A connection that is used again would not be watched."""
    httpd.pages["/a.html"] = Reply(body=b"page", keep=True)
    httpd.pages["/b.html"] = Reply(body=b"x" * 100, drip_s=0.05, keep=True)
    with Fetcher(
        user_agent="q", connect_to={"news.example": httpd.address}, deadline_s=0.6
    ) as fetcher:
        get(fetcher)
        start = time.monotonic()
        with pytest.raises(FetchError, match=r"not there whole after 0\.6 s"):
            get(fetcher, "http://news.example/b.html")
        assert time.monotonic() - start < 2.5


def test_a_bomb_is_refused(httpd: Httpd, fetcher: Fetcher) -> None:
    """30 KB that unpack to 30 MiB are not unpacked; it is not tried again."""
    packed = gzip.compress(bytes(30 * 1024 * 1024), 9)
    httpd.pages["/a.html"] = Reply(headers=(("Content-Encoding", "gzip"),), body=packed)
    with pytest.raises(FetchError, match="when unpacked"):
        get(fetcher)
    assert httpd.paths().count("/a.html") == 1
