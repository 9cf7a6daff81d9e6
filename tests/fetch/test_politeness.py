"""robots.txt and turns: how often a host is asked."""

import threading
import time
from itertools import pairwise

import pytest
from httpd import Httpd, Reply

from pipeline.fetch import Disallowed, Fetched, Fetcher, Outcome
from pipeline.records import FetchRules

RULES = FetchRules(delay_s=0, timeout_s=3)
PAGE = "http://news.example/a.html"


def get(fetcher: Fetcher, url: str = PAGE, rules: FetchRules = RULES) -> Outcome:
    return fetcher.get(url, rules, allowed_hosts=("news.example",))


def redirect(to: str) -> Reply:
    return Reply(status=302, headers=(("Location", to),))


def test_robots_txt_is_obeyed_and_read_once(httpd: Httpd, fetcher: Fetcher) -> None:
    """With a byte order mark, too; and not at all where the source says so."""
    httpd.pages["/robots.txt"] = Reply(body=b"\xef\xbb\xbfUser-agent: *\nDisallow: /a\n")
    httpd.pages["/a.html"] = httpd.pages["/b.html"] = Reply(body=b"page")
    refused = Disallowed(url=PAGE, rule="Disallow in http://news.example/robots.txt")
    assert get(fetcher) == refused
    assert isinstance(get(fetcher, "http://news.example/b.html"), Fetched)
    assert httpd.paths() == ["/robots.txt", "/b.html"]
    assert isinstance(get(fetcher, rules=FetchRules(delay_s=0, robots=False)), Fetched)


@pytest.mark.parametrize(
    ("allowed", "reply"),
    [
        (True, Reply(status=404)),
        (True, Reply(status=403)),
        (True, redirect("http://other.example/robots.txt")),
        (True, Reply(body=b"<html>not found</html>")),
        (False, Reply(status=500)),
        (False, Reply(status=503)),
        (False, Reply(raw=b"")),
    ],
)
def test_robots_txt_that_fails_allows_nothing_and_one_that_is_not_there_all(
    allowed: bool, reply: Reply, httpd: Httpd, fetcher: Fetcher
) -> None:
    """RFC 9309, section 2.3.1."""
    httpd.pages["/robots.txt"] = reply
    httpd.pages["/a.html"] = Reply(body=b"page")
    outcome = get(fetcher)
    expected = Fetched if allowed else Disallowed
    assert isinstance(outcome, expected)
    if isinstance(outcome, Disallowed):
        assert outcome.rule == "robots.txt could not be read"


def test_robots_txt_that_failed_is_asked_for_again(httpd: Httpd) -> None:
    """After a while, and not before: one bad moment must not silence a site."""
    httpd.pages["/a.html"] = Reply(body=b"a")
    httpd.pages["/robots.txt"] = Reply(status=503)
    places = {"news.example": httpd.address}
    with Fetcher(
        user_agent="quwen/0.1", connect_to=places, sleep=lambda _: None, robots_rest_s=0.2
    ) as fetcher:
        assert isinstance(get(fetcher), Disallowed)
        httpd.pages["/robots.txt"] = Reply(body=b"")
        assert isinstance(get(fetcher), Disallowed)
        time.sleep(0.25)
        assert isinstance(get(fetcher), Fetched)


@pytest.mark.parametrize(
    ("longest", "words"), [(3.0, "3"), (60.0, "86400"), (1.0, "nan"), (1.0, "-4"), (1.0, "x")]
)
def test_the_longer_delay_is_kept(longest: float, words: str, httpd: Httpd) -> None:
    """Of the rules' and robots.txt's, which counts for a minute at most."""
    robots = f"User-agent: *\nCrawl-delay: {words}\n"
    httpd.pages["/robots.txt"] = Reply(body=robots.encode())
    waits: list[float] = []
    with Fetcher(
        user_agent="q", connect_to={"news.example": httpd.address}, sleep=waits.append
    ) as fetcher:
        get(fetcher, rules=FetchRules(delay_s=1))
    assert waits == [pytest.approx(longest, abs=0.5)]


def test_a_host_is_asked_one_request_at_a_time_with_a_delay(httpd: Httpd) -> None:
    """By any number of threads, robots.txt included; the delay is between starts."""
    httpd.pages["/a.html"] = Reply(body=b"page", hold_s=0.05)
    with Fetcher(user_agent="q", connect_to={"news.example": httpd.address}) as fetcher:
        rules = FetchRules(delay_s=0.2)
        threads = [
            threading.Thread(target=get, args=(fetcher,), kwargs={"rules": rules}) for _ in range(4)
        ]
        for x in threads:
            x.start()
        for x in threads:
            x.join()
    assert httpd.paths() == ["/robots.txt"] + ["/a.html"] * 4
    assert httpd.most_at_once == 1
    assert min(b.at - a.at for a, b in pairwise(httpd.asked)) > 0.18


def test_a_host_at_rest_keeps_its_turn_and_no_cookies(httpd: Httpd) -> None:
    """Of thousands of hosts few are asked at a time; the pause between requests holds on."""
    pauses: list[float] = []
    cookie = (("Set-Cookie", "a=1; Path=/"),)
    httpd.pages |= {"/robots.txt": Reply(), "/a.html": Reply(body=b"a", headers=cookie)}
    places = {"news.example": httpd.address}
    with Fetcher(user_agent="quwen/0.1", connect_to=places, sleep=pauses.append) as fetcher:
        slow = FetchRules(delay_s=5, timeout_s=3)
        get(fetcher, rules=slow)
        get(fetcher, rules=slow)
        assert "a=1" == httpd.asked[-1].headers["cookie"]
        fetcher.rest(["news.example", "never.example"])
        assert isinstance(get(fetcher, rules=slow), Fetched)
    assert "cookie" not in httpd.asked[-1].headers
    assert ["/robots.txt", "/a.html", "/a.html", "/a.html"] == httpd.paths()
    assert 3 == len([x for x in pauses if x > 4])
