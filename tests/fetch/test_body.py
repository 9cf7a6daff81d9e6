"""Content encodings and their limits."""

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import FetchError
from pipeline.fetch.body import CutShort, collect, decoded

GZIPPED = gzip.compress(b"page", mtime=0)  # parameters are part of a test's name
RAW_DEFLATE = zlib.compress(b"page", wbits=-15)


@pytest.mark.parametrize(
    ("body", "encodings"),
    [
        (b"page", ""),
        (b"page", "identity"),
        (GZIPPED, "gzip"),
        (gzip.compress(b"pa", mtime=0) + gzip.compress(b"ge", mtime=0), "x-gzip"),
        (GZIPPED + b"\0\0\r\n", "GZIP"),
        (zlib.compress(b"page"), "deflate"),
        (RAW_DEFLATE, "deflate"),
        (gzip.compress(zlib.compress(b"page"), mtime=0), "deflate, gzip"),
    ],
)
def test_an_encoding_that_was_asked_for_is_undone(body: bytes, encodings: str) -> None:
    """gzip with members and padding, deflate with and without header, and both."""
    assert decoded(body, encodings, where="x") == b"page"


@pytest.mark.parametrize("encodings", ["br", "gzip, gzip, gzip", "zstd"])
def test_an_encoding_that_was_not_asked_for_is_an_error(encodings: str) -> None:
    """It would be stored as text otherwise."""
    with pytest.raises(FetchError):
        decoded(b"page", encodings, where="x")


def test_bytes_that_are_not_in_their_encoding_are_an_error() -> None:
    """A label alone does not make a gzip stream."""
    with pytest.raises(FetchError, match="broken"):
        decoded(b"<html>", "gzip", where="x")


@given(st.binary(min_size=1, max_size=300), st.integers(min_value=1, max_value=100))
def test_a_stream_cut_anywhere_is_noticed(page: bytes, cut: int) -> None:
    """zlib itself would return the beginning without a word."""
    packed = gzip.compress(page)
    with pytest.raises(CutShort):
        decoded(packed[: max(1, len(packed) - cut)], "gzip", where="x")


def test_more_bytes_than_allowed_are_refused_before_and_after_unpacking() -> None:
    """The limit holds while unpacking, not afterwards."""
    with pytest.raises(FetchError, match="more than 10"):
        collect([b"12345678", b"123"], where="x", limit=10)
    with pytest.raises(FetchError, match="more than 10"):
        decoded(gzip.compress(bytes(11)), "gzip", where="x", limit=10)
    assert decoded(gzip.compress(bytes(10)), "gzip", where="x", limit=10) == bytes(10)


def test_a_bomb_takes_no_memory() -> None:
    """32 MiB of zeros under a limit of 1 MiB: unpacking stops there."""
    packed = gzip.compress(bytes(32 * 1024 * 1024))
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="when unpacked"):
            decoded(packed, "gzip", where="x", limit=1024 * 1024)
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    finally:
        tracemalloc.stop()
