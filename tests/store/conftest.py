"""Both back ends for every test that asks for ``store`` or ``address``."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1]))  # for postgres.py

import pytest
from postgres import schema, server
from sqlalchemy import delete, text
from stores import empty_store

from pipeline.identity import article_id
from pipeline.records import (
    AgendaItem,
    Article,
    Capture,
    CaptureRef,
    Credit,
    Meeting,
    Ordinal,
    Published,
    Quote,
    cut_quote,
)
from pipeline.store import Applied, Store
from pipeline.store.schema import metadata


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a PostgreSQL server: the one that is named, or one out of a wheel."""
    with server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def back_end(request: pytest.FixtureRequest) -> str:
    """Runs the test on each back end."""
    name: str = request.param
    if name == "postgresql":
        request.getfixturevalue("postgres")  # skips where there is none
    return name


@pytest.fixture
def address(back_end: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database without any table."""
    if back_end == "sqlite":
        yield f"sqlite:///{tmp_path / 'quwen.db'}"
        return
    with schema(request.getfixturevalue("postgres")) as own:
        yield own


@pytest.fixture
def server_address(postgres: str) -> Iterator[str]:
    """Address of an empty schema on PostgreSQL, for tests that compare the back ends."""
    with schema(postgres) as own:
        yield own


@pytest.fixture(scope="session")
def migrated(postgres: str) -> Iterator[Store]:
    """One store for all tests on PostgreSQL that do not mind who was there before."""
    with schema(postgres) as own, Store.open(own) as opened:
        yield opened


@pytest.fixture
def server_store(migrated: Store) -> Store:
    """An empty store on PostgreSQL, for what SQLite does not know: servers and sessions."""
    with migrated._do.database.engine.begin() as connection:
        tables = ", ".join(f'"{x}"' for x in metadata.tables)
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    return migrated


@pytest.fixture
def store(back_end: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    if back_end == "postgresql":
        yield request.getfixturevalue("server_store")
        return
    with Store.open(empty_store(tmp_path / "quwen.db")) as opened:
        yield opened


@pytest.fixture
def empty(store: Store) -> Callable[[], None]:
    """Takes everything out of the store, for tests that begin many times."""

    def clear() -> None:
        with store._do.database.engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(delete(table))
            if connection.dialect.name == "sqlite":
                connection.execute(
                    text("INSERT INTO search_index (search_index) VALUES ('delete-all')")
                )

    return clear


NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def quote(paragraphs: tuple[str, ...], n: int, value: str) -> Quote:
    start = paragraphs[n].index(value)
    return cut_quote(paragraphs, n, start, start + len(value))


def report(number: int = 1, *, text: str = "会议指出，要修好河堤。", **changes: Any) -> Article:
    """A made-up report of a meeting with everything that is looked up later."""
    url = f"https://www.qinglan.example/news/{number}.html"
    body = ("3月1日，区长江　阔主持召开区政府第7次常务会议。", text)
    held = Meeting(
        body="政府",
        kind="常务会议",
        ordinal=Ordinal(seq=7),
        held_on=date(2026, 3, 1),
        chair=quote(body, 0, "江　阔"),
        agenda=(AgendaItem(verb=quote(body, 0, "召开"), subject=quote(body, 0, "常务会议")),),
    )
    plain = Article(
        url=url,
        id=article_id(url),
        kind="article",
        title=f"区政府召开第{number}次会议",
        source="qinglan",
        column="yaowen",
        published=Published(day=date(2026, 3, 1), at=time(9, 30)),
        paragraphs=body,
        credits=(Credit(role="记者", label="记者", names=("李　河", "王小溪")),),
        text_kind="meeting",
        meetings=(held,),
    )
    return replace(plain, **changes)


class Desk:
    """Reads pages into a store, as a run does: one step is one look at one page."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.offset = 0

    def capture(self, url: str, body: bytes, at: datetime = NOW, status: int = 200) -> int:
        """The number of a new capture."""
        self.offset += 100
        taken = Capture(
            url=url, requested_url=url, status=status, headers=(), body=body, fetched_at=at
        )
        ref = CaptureRef(file="2026/03/a.warc.gz", offset=self.offset, length=90)
        return self.store.add_capture(taken, ref, source="qinglan", column="yaowen")

    def read(
        self, article: Article, *, at: datetime = NOW, interpreter: int = 1, body: bytes = b""
    ) -> Applied:
        """What the store made of a page that was fetched anew."""
        body = body or repr(article).encode()
        capture_id = self.capture(article.url, body, at)
        return self.reread(article, capture_id, at=at, interpreter=interpreter)

    def reread(
        self, article: Article, capture_id: int, *, at: datetime = NOW, interpreter: int = 1
    ) -> Applied:
        """What the store made of another reading of a capture."""
        return self.store.learn(article, capture_id=capture_id, seen_at=at, interpreter=interpreter)

    def miss(self, article: Article, *, at: datetime) -> Applied:
        """What the store made of a page that was not there."""
        capture_id = self.capture(article.url, b"gone", at, status=404)
        applied = self.store.missed(article.id, reason="404", capture_id=capture_id, seen_at=at)
        assert applied is not None
        return applied


@pytest.fixture
def desk(store: Store) -> Desk:
    """A reader of pages in front of an empty store."""
    return Desk(store)


@pytest.fixture(name="report")
def report_maker() -> Callable[..., Article]:
    """Makes reports of meetings."""
    return report
