"""What a host's robots.txt allows (RFC 9309)."""

from time import monotonic

from protego import Protego

_LIMIT = 512 * 1024  # RFC 9309 asks for 500 KiB at least
_LONGEST_DELAY = 60.0  # a delay of a day would hold a worker, and is a mistake


class Robots:
    """The rules of one host for one user agent."""

    def __init__(self, body: bytes, *, user_agent: str, url: str) -> None:
        text = body[:_LIMIT].decode("utf-8-sig", "replace")
        self._rules = Protego.parse(text)
        self._agent = user_agent
        self._url = url

    def refusal(self, url: str) -> str | None:
        """Return what forbids *url*, or None where it is allowed."""
        return None if self._rules.can_fetch(url, self._agent) else f"Disallow in {self._url}"

    is_old = False
    """Rules that were read hold for as long as the program's run: at most half a day."""

    @property
    def delay_s(self) -> float:
        """Seconds wanted between two requests, 0 where nothing is said; 60 at most."""
        delay = float(self._rules.crawl_delay(self._agent) or 0.0)
        return min(delay, _LONGEST_DELAY) if delay > 0 else 0.0  # "nan" is a number, too


class Unreadable:
    """In place of rules that could not be had: nothing is allowed (RFC 9309, section 2.3.1.4).

    Asked for again after *rest_s* seconds: one bad moment must not silence a site for a day.
    """

    delay_s = 0.0

    def __init__(self, rest_s: float) -> None:
        self._until = monotonic() + rest_s

    @property
    def is_old(self) -> bool:
        """Whether it is time to ask again."""
        return monotonic() >= self._until

    def refusal(self, url: str) -> str | None:  # noqa: ARG002 - same for all addresses
        """Return why nothing is allowed."""
        return "robots.txt could not be read"
