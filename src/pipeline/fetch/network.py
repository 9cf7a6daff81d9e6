"""Connections that go to judged addresses only, and that end at a deadline."""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from time import monotonic
from types import TracebackType
from typing import Any, Self, cast

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.util.connection import create_connection

from pipeline.errors import ConfigError
from pipeline.fetch.addresses import RefusedAddress, is_public

Dial = Callable[[str, int], socket.socket]


class Watch:
    """Ends the connections made under it after *seconds*.

    No timeout of the HTTP libraries bounds a response: each byte that drips in
    starts them anew. Shutting the socket down wakes any read at once.
    """

    def __init__(self, seconds: float, timeout: float) -> None:
        self._timeout = timeout
        self._ends = monotonic() + seconds
        self._lock = threading.Lock()
        self._held: list[socket.socket] = []
        self._timer = threading.Timer(max(seconds, 0.0), self._expire)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for held in self._held:
                held.close()
            self._held.clear()

    @property
    def expired(self) -> bool:
        """Whether the time is over, whoever notices first: the timer, or a read that waited for it."""
        return monotonic() >= self._ends

    @property
    def timeout(self) -> float:
        """Seconds that one connect or read may take now; never 0, which means non-blocking."""
        return max(min(self._timeout, self._ends - monotonic()), 0.001)

    def hold(self, sock: socket.socket) -> None:
        """Watch over *sock*, by a duplicate: TLS takes the first handle away."""
        with self._lock:
            self._held.append(sock.dup())
            if self.expired:
                _shut(sock)

    def _expire(self) -> None:
        with self._lock:
            for held in self._held:
                _shut(held)


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):  # not connected any more: what was wanted
        sock.shutdown(socket.SHUT_RDWR)


def read_connect_to(connect_to: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    """Return the addresses that hosts are to be found at instead. Raises `ConfigError`."""
    read = {}
    for host, place in connect_to.items():
        address, colon, port = place.rpartition(":")
        if not colon or not address or not port.isascii() or not port.isdigit():
            raise ConfigError(
                f"{place!r} is no address with a port", where=host, hint="write 127.0.0.1:8080"
            )
        read[host.lower()] = (address.strip("[]"), int(port))
    return read


def dial(
    host: str, port: int, *, connect_to: Mapping[str, tuple[str, int]], watch: Watch
) -> socket.socket:
    """Return a socket connected to *host*, watched.

    The address connected to is the very one that was judged: a second look-up could
    answer otherwise. Raises `RefusedAddress`; OSError where nobody answers.
    """
    place = connect_to.get(f"{host}:{port}") or connect_to.get(host)
    places = [place] if place else [(x, port) for x in resolve(host, port, watch.timeout)]
    last: OSError | None = None
    for address in places:
        if watch.expired:
            break
        try:
            sock = create_connection(
                address,
                watch.timeout,
                socket_options=HTTPConnection.default_socket_options,
            )
        except OSError as error:
            last = error
            continue
        watch.hold(sock)
        return sock
    raise last or TimeoutError("timed out")


def resolve(host: str, port: int, timeout: float) -> list[str]:
    """Return the public addresses of *host*, each once.

    Raises `RefusedAddress` if a single one is not public, or for an unknown name;
    OSError where the name server does not answer within *timeout* seconds.
    """
    answers: list[list[str] | OSError] = []

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            answers.append(error)
        except UnicodeError:  # labels over 63 bytes
            answers.append(socket.gaierror(socket.EAI_NONAME, "no host name"))
        else:
            answers.append(list(dict.fromkeys(str(x[4][0]) for x in found)))

    # A look-up knows no time limit, so it gets a thread that may be left behind.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(timeout)
    answer = answers[0] if answers else TimeoutError("the name server does not answer")
    if isinstance(answer, socket.gaierror) and answer.errno != socket.EAI_AGAIN:
        raise RefusedAddress("the host name is not known", where=host, hint="check the address")
    if isinstance(answer, OSError):
        raise answer
    for address in answer:
        if not is_public(address):
            raise RefusedAddress(
                f"is at {address}, which is no public address",
                where=host,
                hint="name it in connect_to if that is meant",
            )
    return answer


class Tape:
    """The heads of one exchange, byte for byte."""

    def __init__(self) -> None:
        self.sent = bytearray()
        self._lines: list[bytes] = []

    @property
    def received(self) -> bytes:
        """The head of the response, up to and with its blank line."""
        return b"".join(self._lines)

    def hear(self, line: bytes) -> None:
        """Add a line; what follows a blank line is a new head, as after 100 Continue."""
        if self._lines and not self._lines[-1].strip():
            self._lines.clear()
        self._lines.append(line)


class _Heard:
    """A stream whose lines are put on a tape."""

    def __init__(self, stream: Any, tape: Tape) -> None:
        self._stream = stream
        self._tape = tape

    def readline(self, limit: int) -> bytes:
        line = cast("bytes", self._stream.readline(limit))
        self._tape.hear(line)
        return line

    def close(self) -> None:
        self._stream.close()


def adapter(
    dialler: Dial, tape: Callable[[], Tape], context: ssl.SSLContext | None = None
) -> HTTPAdapter:
    """Return an adapter of requests whose connections are all made by *dialler*.

    What they send and hear goes on the *tape* of the moment. TLS follows *context*,
    the library's own strict one where that is None.
    """

    class Response(http.client.HTTPResponse):
        def begin(self) -> None:
            stream = self.fp
            self.fp = heard = cast("Any", _Heard(stream, tape()))
            try:
                super().begin()
            finally:
                if self.fp is heard:
                    self.fp = stream

    class Plain(HTTPConnection):
        response_class = Response

        def _new_conn(self) -> socket.socket:
            try:
                return dialler(self.host, self.port)
            except OSError as error:
                raise NewConnectionError(self, f"no connection: {error}") from error

        def send(self, data: Any) -> None:
            tape().sent += data
            super().send(data)

    class Secure(HTTPSConnection):
        response_class = Response
        _new_conn = Plain._new_conn

        def send(self, data: Any) -> None:
            tape().sent += data
            super().send(data)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            if context is not None:
                kwargs["ssl_context"] = context
            super().init_poolmanager(*args, **kwargs)
            self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}

    return Adapter(max_retries=0)
