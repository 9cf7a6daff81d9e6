"""Heads of HTTP messages: the first line and the header fields."""

import http.client
import io
import re

_FOLD = re.compile(r"\s*\r?\n\s*")  # a field over two lines: RFC 9112, section 5.2


# Content-Type: text/html, a field a line and nothing else: what nearly all servers send
_PLAIN = re.compile(rb"(?:[!-9;-~]{1,200}:[ \t]{0,20}(?:[!-~][ -~\t]{0,4000})?\r\n){1,90}\r\n")


def header_fields(head: bytes) -> tuple[tuple[str, str], ...]:
    """Return the fields of *head* in their order: lower-case names, values as Latin-1.

    *head* is a message up to its blank line. Raises `http.client.HTTPException` for
    more fields or longer lines than the protocol's library takes.
    """
    fields = head.partition(b"\n")[2]
    if _PLAIN.fullmatch(fields):  # the library parses mail, which takes six times as long
        divided = (x.partition(":") for x in fields.decode("ascii").split("\r\n")[:-2])
        return tuple((name.lower(), value.lstrip(" \t")) for name, _, value in divided)
    message = http.client.parse_headers(io.BytesIO(fields))
    return tuple((name.lower(), _FOLD.sub(" ", str(value))) for name, value in message.items())


def status_of(head: bytes) -> int:
    """Return the status code of a response's head. Raises ValueError where it has none."""
    parts = head.partition(b"\n")[0].split(None, 2)
    if len(parts) < 2 or not parts[0].startswith(b"HTTP/"):
        raise ValueError("no status line")
    return int(parts[1])
