"""Which addresses may be asked for."""

import pytest

from pipeline.errors import ConfigError, FetchError
from pipeline.fetch import Fetcher
from pipeline.fetch.addresses import is_public, read_url

NOT_PUBLIC = [
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("0.0.0.0", "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "192.88.99.1"),
    *("192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::"),
    *("2001:0:1::1", "::7f00:1", "3fff::1", "fec0::1", "2001:db8::1", "2a00::5efe:7f00:1"),
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_off_the_open_internet_is_refused(address: str) -> None:
    """Special ranges are refused, also as an IPv4 address inside an IPv6 one."""
    assert is_public(address) is False


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "114.114.114.114", "2400:3200::1", "::ffff:1.1.1.1"]
)
def test_an_address_of_the_open_internet_is_accepted(address: str) -> None:
    """Ordinary hosts can be reached."""
    assert is_public(address) is True


@pytest.mark.parametrize(
    "url",
    [
        *(
            "ftp://news.example/",
            "file:///etc/passwd",
            "news.example/",
            "//news.example/",
            "http://",
        ),
        *("http://a@news.example/", "http://a:b@news.example/", "http://127.0.0.9\\@news.example/"),
        *("http://news.example/a b", "http://news.example/\r\nX: y", "http://news.example/\x00"),
        *("http://news.example:99999/", "http://news.example:0/", "http://[::1/", "http://a,b/"),
        *("http://news.example /", "http://" + "a" * 300 + "/", "http://例\u3000子/"),
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    """Parsers differ on such addresses, so nothing is guessed."""
    with pytest.raises(FetchError):
        read_url(url)


def test_a_plain_address_is_read_in_one_form() -> None:
    """Host lower-case and IDNA, path escaped once, default port and fragment left out."""
    target = read_url("HTTP://News.Example.:80/col/新闻%20.html?a=1#top")
    assert target.url == "http://news.example/col/%E6%96%B0%E9%97%BB%20.html?a=1"
    label = "区闻".encode("punycode").decode()
    assert read_url("https://区闻.example/").host == f"xn--{label}.example"


@pytest.mark.parametrize("place", ["127.0.0.1", "127.0.0.1:http", ":80", ""])
def test_a_place_to_connect_to_needs_address_and_port(place: str) -> None:
    """A wrong setting is told when the fetcher is made."""
    with pytest.raises(ConfigError):
        Fetcher(user_agent="quwen/0.1", connect_to={"news.example": place})
