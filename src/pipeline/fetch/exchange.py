"""One request and its response, read whole or not at all."""

import http.client
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from socket import socket
from time import monotonic

import requests
import urllib3

from pipeline.errors import FetchError
from pipeline.fetch.addresses import Target, read_url
from pipeline.fetch.body import CutShort, collect, decoded
from pipeline.fetch.heads import header_fields
from pipeline.fetch.network import Tape, Watch, adapter, dial
from pipeline.fetch.robots import Robots, Unreadable
from pipeline.records import Capture, Wire

_REDIRECTS = (301, 302, 303, 307, 308)
_CHUNK = 16384
_LASTING = (  # of the errors below: TLS that does not fit, a header that is not Latin-1
    requests.exceptions.SSLError,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidHeader,
    UnicodeError,
)


class TryAgain(Exception):  # noqa: N818 - a signal to the caller
    """A failure that may have passed a moment later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response. ``whole`` where its length or framing proved it complete.

    ``location`` is set for redirects, whose body is not read.
    """

    target: Target
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    whole: bool
    location: str | None
    wire: Wire
    redirected: bool = False

    def header(self, name: str) -> str | None:
        """Return the first value of a header (lower case), or None."""
        return next((v for k, v in self.headers if k == name), None)

    def capture(self, requested_url: str) -> Capture:
        """Return it as the archive keeps it."""
        return Capture(
            url=self.target.url,
            requested_url=requested_url,
            status=self.status,
            headers=self.headers,
            body=self.body,
            fetched_at=self.fetched_at,
            wire=self.wire,
        )


class Budget:
    """Seconds left for one call, network and pauses between tries together.

    Waiting for one's turn at a host is politeness, and does not count.
    """

    def __init__(self, seconds: float) -> None:
        self.total = seconds
        self.left = seconds


class Host:
    """One host as one run of the program deals with it: one request at a time."""

    def __init__(self, connect_to: Mapping[str, tuple[str, int]], user_agent: str) -> None:
        self.robots: Robots | Unreadable | None = None
        self.robots_lock = threading.Lock()
        self._lock = threading.Lock()
        self._next_start = 0.0
        self._connect_to = connect_to
        self._watch: Watch | None = None
        self._tape = Tape()
        self._user_agent = user_agent
        self._session: requests.Session | None = None

    def rest(self) -> None:
        """Let go of what is only wanted while the host is asked, its cookies too.

        Its rules and its turn are kept: of thousands of hosts few are asked at a time.
        """
        with self._lock:
            if self._session is not None:
                self._session.close()
            self._session, self._tape = None, Tape()

    def _opened(self) -> requests.Session:
        """The host's own session, so that cookies stay with it."""
        if self._session is not None:
            return self._session
        session = requests.Session()
        session.trust_env = False  # no proxy, no .netrc: both go around the guard
        session.headers.clear()
        session.headers.update(
            {
                "User-Agent": self._user_agent,
                "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "Accept-Language": "zh-CN,zh;q=0.9",
                "Accept-Encoding": "gzip, deflate",
            }
        )
        guarded = adapter(self._dial, lambda: self._tape)
        session.mount("http://", guarded)
        session.mount("https://", guarded)
        self._session = session
        return session

    def ask(
        self,
        target: Target,
        headers: Mapping[str, str],
        *,
        delay_s: float,
        timeout_s: float,
        budget: Budget,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> Answer:
        """Return the response, after the host's turn has come.

        Raises `TryAgain` for what may pass, `FetchError` for what will not.
        """
        with self._lock:
            self._take_turn(delay_s, sleep)
            started = monotonic()
            self._watch = Watch(budget.left, timeout_s)
            try:
                with self._watch:
                    return self._exchange(target, headers, self._watch, clock)
            except (
                requests.RequestException,
                urllib3.exceptions.HTTPError,
                http.client.HTTPException,
                OSError,
                UnicodeError,
                CutShort,
            ) as error:
                if self._watch.expired:
                    raise _late(target, budget) from error
                if isinstance(error, _LASTING):
                    raise FetchError(
                        f"cannot be asked for: {_reason(error)}", where=target.url
                    ) from error
                raise TryAgain(_reason(error)) from error
            finally:
                budget.left -= monotonic() - started

    def _take_turn(self, delay_s: float, sleep: Callable[[float], None]) -> None:
        """Wait until *delay_s* have passed since the last request began."""
        now = monotonic()
        wait = self._next_start + delay_s - now if self._next_start else 0.0
        if wait > 0:
            sleep(wait)
        self._next_start = monotonic()

    def _exchange(
        self,
        target: Target,
        headers: Mapping[str, str],
        watch: Watch,
        clock: Callable[[], datetime],
    ) -> Answer:
        session = self._opened()
        request = requests.Request("GET", target.url, headers=dict(headers))
        prepared = session.prepare_request(request)
        # What is sent must name the host that was checked, whatever the library makes of it.
        if read_url(prepared.url or "").netloc != target.netloc:
            raise FetchError("is read differently by the HTTP library", where=target.url)
        self._tape = Tape()
        response = session.send(
            prepared, stream=True, allow_redirects=False, timeout=watch.timeout, verify=True
        )
        try:
            answer = _read(target, response, self._tape, clock)
        finally:
            response.close()
            # Cookies stay, connections do not: a kept one would be neither judged nor watched.
            session.close()
        if watch.expired:  # a body without a length then looks as if it had ended
            raise TimeoutError
        return answer

    def _dial(self, host: str, port: int) -> socket:
        assert self._watch is not None  # noqa: S101 - requests are made under a watch only
        return dial(host, port, connect_to=self._connect_to, watch=self._watch)


def _read(
    target: Target, response: requests.Response, tape: Tape, clock: Callable[[], datetime]
) -> Answer:
    raw: urllib3.HTTPResponse = response.raw
    status = response.status_code
    location = raw.headers.get("location") if status in _REDIRECTS else None
    sent = body = b""
    if location is None and status != 304:
        sent = collect(raw.stream(_CHUNK, decode_content=False), where=target.url)
        body = decoded(sent, raw.headers.get("content-encoding", ""), where=target.url)
    length = (raw.headers.get("content-length") or "").strip()
    return Answer(
        target=target,
        status=status,
        headers=header_fields(tape.received),
        body=body,
        fetched_at=clock(),
        whole=raw.chunked or (length.isascii() and length.isdigit()),
        location=location,
        wire=Wire(request=bytes(tape.sent), response=tape.received, body=sent),
    )


def _late(target: Target, budget: Budget) -> FetchError:
    return FetchError(
        f"was not there whole after {budget.total:g} s", where=target.url, hint="the site is slow"
    )


def _reason(error: BaseException) -> str:
    """The innermost cause in words, without the library's object names."""
    if isinstance(error, CutShort):
        return "its compressed body is cut short"
    inner: BaseException = error
    for _ in range(6):
        nested = getattr(inner, "reason", None) or (inner.args[-1] if inner.args else None)
        if not isinstance(nested, BaseException):
            break
        inner = nested
    text = str(inner) or type(inner).__name__
    return text.rpartition(">: ")[2][:200]
