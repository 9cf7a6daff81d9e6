"""A web server on the loopback address that says exactly what a test tells it to.

Tests are no package: a conftest that wants it puts this folder on the module path.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as the server saw it. ``at`` is monotonic seconds; header names are lower case."""

    path: str
    headers: dict[str, str]
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to answer. ``raw`` is sent as it is, headers included; ``drip_s`` pauses per byte.

    ``keep`` leaves the connection open for the next request.
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    length: bool = True
    raw: bytes | None = None
    drip_s: float = 0.0
    hold_s: float = 0.0
    keep: bool = False

    def wire(self) -> bytes:
        """The bytes that go over the network."""
        if self.raw is not None:
            return self.raw
        head = [f"HTTP/1.1 {self.status} X", *(f"{k}: {v}" for k, v in self.headers)]
        if self.length:
            head.append(f"Content-Length: {len(self.body)}")
        if not self.keep:
            head.append("Connection: close")
        return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + self.body


Answer = Reply | Callable[[Asked], Reply]


@dataclass(slots=True, kw_only=True)
class Httpd:
    """The running server: ``pages`` maps paths to replies, ``asked`` is what came in."""

    port: int
    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        """Where it listens, as `connect_to` wants it."""
        return f"127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [x.path for x in self.asked]

    def serve_one(self, connection: socket.socket) -> None:
        """Answer the requests that come over one connection."""
        with connection, suppress(OSError):
            keep = True
            while keep and (asked := _read_request(connection)):
                keep = self._answer(connection, asked)

    def _answer(self, connection: socket.socket, asked: Asked) -> bool:
        with self.lock:
            self.asked.append(asked)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            answer = self.pages.get(asked.path, Reply(status=404))
            reply = answer if isinstance(answer, Reply) else answer(asked)
            time.sleep(reply.hold_s)
            _send(connection, reply)
            return reply.keep
        finally:
            with self.lock:
                self.at_once -= 1


def _read_request(connection: socket.socket) -> Asked | None:
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return None
        data += part
    first, *lines = data.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    pairs = (x.partition(":") for x in lines)
    headers = {k.strip().lower(): v.strip() for k, _, v in pairs}
    return Asked(path=first.split(" ")[1], headers=headers, at=time.monotonic())


def _send(connection: socket.socket, reply: Reply) -> None:
    wire = reply.wire()
    if not reply.drip_s:
        connection.sendall(wire)
        return
    start = 0 if reply.raw is not None else wire.index(b"\r\n\r\n") + 4
    connection.sendall(wire[:start])
    for place in range(start, len(wire)):
        connection.sendall(wire[place : place + 1])
        time.sleep(reply.drip_s)


@contextmanager
def serve() -> Iterator[Httpd]:
    """Run a server on a free port until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        httpd = Httpd(port=listener.getsockname()[1])

        def accept() -> None:
            with suppress(OSError):  # the listener was closed: the end
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(
                        target=httpd.serve_one, args=(connection,), daemon=True
                    ).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield httpd
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)
