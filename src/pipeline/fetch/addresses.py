"""Which addresses may be asked for: the form of URLs, and IP addresses behind names."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from pipeline.errors import FetchError

_PORTS = {"http": 80, "https": 443}
# Blanks, control characters and the backslash: parsers differ on them, and one
# that checks must not read another host than the one that connects.
_UNFIT = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\u3000\ufeff\\]")
_HOST = re.compile(r"[a-z0-9._-]{1,253}|[0-9a-f:.]{2,45}")
# Kept when a Location is made ASCII: everything printable, so nothing is escaped twice.
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))

# `is_global` of Python 3.11 says True for these (3fff::/20 is newer than it).
_NOT_PUBLIC = tuple(
    ip_network(x)
    for x in ("192.88.99.0/24", "224.0.0.0/4", "240.0.0.0/4", "ff00::/8", "3fff::/20", "fec0::/10")
)
_NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))


class RefusedAddress(FetchError):  # noqa: N818 - one of the FetchErrors, named for what it says
    """A host that must not be connected to, or whose name leads nowhere. Trying again is useless."""


class LeadsElsewhere(FetchError):  # noqa: N818 - as above
    """A redirect that leaves the source's hosts, or never ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address taken apart. ``netloc`` has no default port; ``host`` is lower-case ASCII."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def netloc(self) -> str:
        """The host as the Host header names it, which is the unit of politeness."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def host_name(host: str) -> str:
    """Return a host name in lower-case ASCII (IDNA). Raises `FetchError`."""
    host = host.strip("[]").rstrip(".").lower()
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise FetchError("is no host name", where=host) from error


def read_url(url: str) -> Target:
    """Take *url* apart. Raises `FetchError` for anything but a plain http(s) address."""
    if _UNFIT.search(url):
        raise FetchError(
            "holds a blank, control character or backslash",
            where=_shown(url),
            hint="write it percent-encoded",
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise FetchError("is no valid address", where=_shown(url)) from error
    if parts.scheme not in _PORTS:
        raise FetchError("is no http or https address", where=_shown(url))
    if "@" in parts.netloc:
        raise FetchError("holds a user name or password", where=parts.scheme + "://…")
    host = host_name(parts.hostname or "")
    if not _HOST.fullmatch(host):
        raise FetchError("has no valid host name", where=_shown(url))
    if port == 0:
        raise FetchError("has port 0", where=_shown(url))
    target = Target(url=url, scheme=parts.scheme, host=host, port=port or _PORTS[parts.scheme])
    ascii_path = quote(parts.path or "/", safe=_PRINTABLE)
    ascii_query = quote(parts.query, safe=_PRINTABLE)
    plain = urlunsplit((parts.scheme, target.netloc, ascii_path, ascii_query, ""))
    return Target(url=plain, scheme=target.scheme, host=host, port=target.port)


def follow(target: Target, location: str, *, allowed: frozenset[str], first: Target) -> Target:
    """Return where a redirect leads. Raises `LeadsElsewhere` where it leaves the *allowed* hosts.

    A port other than 80, 443 and the one first asked is as foreign as another host.
    """
    try:
        # Servers write raw UTF-8 (or GBK) into Location; http.client reads it as Latin-1.
        raw = location.strip().encode("latin-1", "replace")
        following = read_url(urljoin(target.url, quote(raw, safe=_PRINTABLE)))
    except (FetchError, ValueError) as error:
        reason = error.message if isinstance(error, FetchError) else "is no valid address"
        raise LeadsElsewhere(f"redirects to an address that {reason}", where=target.url) from error
    if following.host not in allowed or following.port not in (80, 443, first.port):
        raise LeadsElsewhere(
            f"redirects to {following.netloc}, which is no host of the source",
            where=target.url,
            hint="list the host in the source's rules if it belongs there",
        )
    return following


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, also by the IPv4 one embedded in it."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        # NAT64, 6to4, Teredo and IPv4-compatible addresses end at an IPv4 host that
        # the network beyond chooses; no site of ours has only such an address.
        if (
            any(ip in x for x in _NAT64)
            or ip.sixtofour is not None
            or ip.teredo is not None
            or int(ip) >> 32 == 0
            or _isatap(ip)
        ):
            return False
    return ip.is_global and not any(ip in x for x in _NOT_PUBLIC if x.version == ip.version)


def _isatap(ip: IPv6Address) -> bool:
    """RFC 5214: interface identifiers ::0:5efe:a.b.c.d, judged by the IPv4 address."""
    marker = (int(ip) >> 32) & 0xFFFFFFFF
    return marker & 0xFDFFFFFF == 0x5EFE and not IPv4Address(int(ip) & 0xFFFFFFFF).is_global


def _shown(url: str) -> str:
    """An address fit for a message: one line, no control characters, not endless."""
    return url[:200].encode("unicode_escape").decode("ascii") if _UNFIT.search(url) else url[:200]
