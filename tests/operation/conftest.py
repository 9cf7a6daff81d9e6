"""The sample sites, a clock that tests move, and a home of one's own."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # for postgres.py and others

import pytest
from engines import engine_database
from postgres import schema
from postgres import server as postgres_server
from stores import empty_store

from flows.demo.sites import SOURCES, SampleServer
from pipeline import runs
from pipeline.settings import Settings
from pipeline.store import Store

__all__ = ["engine_database"]

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)  # a Friday, ten o'clock in China


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server() -> Iterator[SampleServer]:
    with SampleServer() as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, server: SampleServer) -> Settings:
    return Settings(home=tmp_path / "home", sources=SOURCES, connect_to=server.connect_to)


@pytest.fixture
def context(settings: Settings, clock: Clock) -> Iterator[runs.Context]:
    empty_store(settings.home / "quwen.db")
    with runs.open_context(settings, clock=clock) as opened:
        yield opened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(empty_store(tmp_path / "quwen.db")) as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with postgres_server() as address:
        yield address


@pytest.fixture
def postgres_schema(postgres: str) -> Iterator[str]:
    """Address of an empty database on PostgreSQL."""
    with schema(postgres) as address:
        yield address
