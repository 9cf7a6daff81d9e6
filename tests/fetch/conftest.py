"""A loopback server, and a fetcher that finds example hosts there."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1]))  # for httpd.py

from httpd import Httpd, serve

from pipeline.fetch import Fetcher


@pytest.fixture
def httpd() -> Iterator[Httpd]:
    with serve() as server:
        yield server


@pytest.fixture
def fetcher(httpd: Httpd) -> Iterator[Fetcher]:
    places = {"news.example": httpd.address, "other.example": httpd.address}
    with Fetcher(
        user_agent="quwen/0.1", connect_to=places, sleep=lambda _: None, deadline_s=5
    ) as made:
        yield made
