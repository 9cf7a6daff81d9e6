"""Heads of HTTP messages: the first line and the header fields."""

import http.client
import io
import re

_FOLD = re.compile(r"\s*\r?\n\s*")  # a field over two lines: RFC 9112, section 5.2


def header_fields(head: bytes) -> tuple[tuple[str, str], ...]:
    """Return the fields of *head* in their order: lower-case names, values as Latin-1.

    *head* is a message up to its blank line. Raises `http.client.HTTPException` for
    more fields or longer lines than the protocol's library takes.
    """
    message = http.client.parse_headers(io.BytesIO(head.partition(b"\n")[2]))
    return tuple((name.lower(), _FOLD.sub(" ", str(value))) for name, value in message.items())


def status_of(head: bytes) -> int:
    """Return the status code of a response's head. Raises ValueError where it has none."""
    parts = head.partition(b"\n")[0].split(None, 2)
    if len(parts) < 2 or not parts[0].startswith(b"HTTP/"):
        raise ValueError("no status line")
    return int(parts[1])
