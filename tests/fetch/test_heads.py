"""Header fields: plain heads are read at once, to the same end as the library reads any."""

import http.client
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fetch import heads

VALUES = st.text('ab:;,= \t-/"()ü\x0b\x7f', max_size=12)
NAMES = st.sampled_from(("Content-Type", "X-A", "x", "Set-Cookie", "From", "a b", "X ", "", "ü"))
ENDS = st.sampled_from(("\r\n", "\r\n", "\r\n", "\n", "\r\n ", "\r"))


def by_library(head: bytes) -> tuple[tuple[str, str], ...]:
    message = http.client.parse_headers(io.BytesIO(head.partition(b"\n")[2]))
    return tuple((k.lower(), heads._FOLD.sub(" ", str(v))) for k, v in message.items())


@given(
    st.lists(st.tuples(NAMES, st.sampled_from((":", ": ", ":\t ", "")), VALUES, ENDS), max_size=5)
)
def test_a_head_says_what_the_library_reads_in_it(lines):
    """Whatever stands where: names, values, blanks, line ends."""
    text = "".join(map("".join, lines))
    head = f"HTTP/1.1 200 OK\r\n{text}\r\n".encode("latin-1")
    assert by_library(head) == heads.header_fields(head)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("A: 1\r\nB:2 \r\nA:\r\n", (("a", "1"), ("b", "2 "), ("a", ""))),
        ("A: b\r\n c\r\n", (("a", "b c"),)),
        ("A: \xfc\r\n", (("a", "\xfc"),)),
        ("", ()),
    ],
)
def test_fields_stand_in_their_order(text, fields):
    """Repeated ones too; a folded line is one."""
    assert fields == heads.header_fields(f"HTTP/1.1 200 OK\r\n{text}\r\n".encode("latin-1"))


def test_too_many_fields_are_refused():
    """More than a hundred: the library's own bound holds for plain heads as well."""
    text = "A: 1\r\n" * 101
    with pytest.raises(http.client.HTTPException):
        heads.header_fields(f"HTTP/1.1 200 OK\r\n{text}\r\n".encode())
