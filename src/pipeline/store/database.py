"""Opening, migrating and talking to the database, and what its errors mean."""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from filelock import BaseFileLock, FileLock
from filelock import Timeout as LockTimeout
from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    NoSuchModuleError,
    OperationalError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from pipeline.errors import PipelineError, StoreError
from pipeline.store.schema import HEAD
from pipeline.store.search import index_missing

BUSY_S = 30
"""How long a writer waits for another one."""

_LOG_BYTES = 4 * 1024 * 1024
"""The write-ahead log is moved into the file when it has grown beyond this."""

_WRITE_LOCK = 0x7175_7765
"""PostgreSQL's name for our lock; any number will do."""


def parse_address(address: str) -> URL:
    """The database address with its driver; plain ``postgresql:`` means psycopg 3.

    Raises StoreError, which never repeats the address, for what is none.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise StoreError(
            "the database address cannot be understood",
            where="QUWEN_DATABASE_URL",
            hint="write sqlite:////path/quwen.db or postgresql://user:password@host/name",
        ) from None
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        if url.database in (None, "", ":memory:"):
            raise StoreError(
                "a store in memory would be lost at the end of the command",
                where="QUWEN_DATABASE_URL",
                hint="name a file: sqlite:////path/quwen.db",
            )
        return url
    raise StoreError(
        f"no store on {url.drivername}",
        where="QUWEN_DATABASE_URL",
        hint="use sqlite or postgresql",
    )


def name_of(url: URL) -> str:
    """What messages call the database: the file's path, or host and name; never a password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database).removeprefix("file:")  # SQLite's own form of addresses
    host = url.host or url.query.get("host") or "localhost"
    return f"{host}/{url.database or ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """An engine with its name for messages and, for SQLite, the lock that writers take.

    SQLite before 3.51.3 can damage a file when one connection writes while
    another one moves the write-ahead log into it. So nobody writes or does
    that without holding the lock file, which the system frees if we are killed.
    """

    engine: Engine
    name: str
    lock: BaseFileLock | None = None


def connect(url: URL) -> Database:
    """The database with our habits on it. Makes the folder of an SQLite file.

    Raises StoreError where folder or driver cannot be had.
    """
    name = name_of(url)
    if url.get_backend_name() != "sqlite":
        try:
            engine = create_engine(
                url,
                connect_args={} if "connect_timeout" in url.query else {"connect_timeout": 10},
                pool_pre_ping=True,
                max_overflow=64,
                hide_parameters=True,
            )
        except (ImportError, NoSuchModuleError):
            raise StoreError(
                "the PostgreSQL driver is not installed",
                where=name,
                hint='install "quwen[postgres]"',
            ) from None
        return Database(engine=engine, name=name)
    try:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the folder of the database cannot be made: {error.strerror}",
            where=name,
            hint="set QUWEN_HOME to a folder that can be written to",
        ) from error
    engine = create_engine(url, max_overflow=64, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    lock = FileLock(f"{name}.lock", timeout=BUSY_S, poll_interval=0.005)
    return Database(engine=engine, name=name, lock=lock)


def _prepare_sqlite(connection: Any, record: Any) -> None:
    """Settings that SQLite keeps only for a connection."""
    del record
    connection.isolation_level = None  # the driver must not begin transactions by itself
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_S * 1000}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives a power cut
    cursor.execute("PRAGMA wal_autocheckpoint = 0")  # done by us, under the lock
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once, whatever the timeout, when
    # another one wrote in between: writers take the lock at the start
    write = connection.get_execution_options().get("quwen_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def writing(database: Database) -> Iterator[Connection]:
    """A connection inside a transaction that writes; committed at the end, undone on errors.

    Writers go one after the other on both back ends. So the numbers of the log
    are committed in their order, and nobody who reads it up to a number misses
    a smaller one; writers need some milliseconds and pages come every seconds.
    """
    options = {"quwen_write": True}
    with _alone(database), database.engine.connect().execution_options(**options) as connection:
        with connection.begin():
            if database.lock is None:
                connection.execute(text(f"SET LOCAL lock_timeout = {int(BUSY_S * 1000)}"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})"))
            yield connection
        if database.lock is not None and _log_bytes(database) > _LOG_BYTES:
            _shorten_log(connection)


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Hold the lock file, where there is one."""
    if database.lock is None:
        yield
        return
    try:
        database.lock.acquire()
    except LockTimeout as error:
        raise explain(sqlite3.OperationalError("locked"), database.name) from error
    except OSError as error:
        raise StoreError(
            f"the lock file of the database cannot be opened: {error.strerror}",
            where=database.lock.lock_file,
            hint="check owner and rights of the folder",
        ) from error
    try:
        yield
    finally:
        database.lock.release()


def _shorten_log(connection: Connection) -> None:
    """Move the write-ahead log into the file and cut it off; readers of old states put it off."""
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 0")
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_S * 1000}")
    cursor.close()


def _log_bytes(database: Database) -> int:
    """Size of the write-ahead log; 0 where there is none."""
    path = Path(f"{database.name}-wal")
    return path.stat().st_size if path.exists() else 0


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """A connection whose statements all see the database as it was at the first of them."""
    options = {} if database.lock else {"isolation_level": "REPEATABLE READ"}
    with database.engine.connect().execution_options(**options) as connection:
        yield connection


def upsert(
    connection: Connection, table: Table, row: dict[str, Any], *, keep: Collection[str] = ()
) -> None:
    """Insert a row; where its key is taken, replace all columns but those to *keep*."""
    keys = {x.name for x in table.primary_key}
    added = {k: v for k, v in row.items() if k not in keys and k not in keep}
    # only the back end in use is imported: each costs as much as the rest of the store
    dialect = import_module(f"sqlalchemy.dialects.{connection.dialect.name}")
    query = dialect.insert(table).values(row)
    if added:
        connection.execute(query.on_conflict_do_update(index_elements=sorted(keys), set_=added))
    else:
        connection.execute(query.on_conflict_do_nothing(index_elements=sorted(keys)))


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turn the database's errors into StoreError with what to do; ours pass."""
    try:
        yield
    except StatementError as error:
        if isinstance(error.orig, PipelineError):  # a text refused while it was bound
            raise error.orig from None
        raise explain(error.orig or error, name) from error
    except sqlite3.Error as error:  # from below SQLAlchemy, while the file is opened
        raise explain(error, name) from error
    except PoolTimeoutError as error:
        raise StoreError("no free connection to the database", where=name) from error


_MEANINGS = (
    ("module: fts5", "this SQLite has no full-text search", "use a Python whose SQLite has FTS5"),
    ("locked", "another process holds the database", "wait for the other run to end"),
    ("lock timeout", "another process holds the database", "wait for the other run to end"),
    ("no space left", "the disk is full", "make room; nothing was half-stored"),
    ("disk is full", "the disk is full", "make room; nothing was half-stored"),
    ("readonly", "the database cannot be written to", "check owner and rights of file and folder"),
    ("unable to open", "the database cannot be opened", "check owner and rights of the folder"),
    ("not a database", "the file is no SQLite database", "move it away or restore a backup"),
    ("malformed", "the database file is damaged", "restore a backup; the archive can be reparsed"),
    ("disk i/o", "the disk fails", "check the disk and the log of the system"),
    ("password", "the database refuses the password", "check QUWEN_DATABASE_URL"),
    ("does not exist", "the database is not there as it should be", "create it; check its name"),
    ("connect", "the database cannot be reached", "check QUWEN_DATABASE_URL and the server"),
)


def explain(cause: BaseException, name: str) -> StoreError:
    """The driver's error in our words. Statement and parameters, which may be secret, stay out."""
    told = str(cause).strip() or type(cause).__name__
    for sign, message, hint in _MEANINGS:
        if sign in told.lower():
            return StoreError(message, where=name, hint=hint)
    return StoreError(f"the database says: {told.splitlines()[0]}", where=name)


def can_be_retried(error: OperationalError) -> bool:
    """Whether a server cannot be reached now, shut down, or gave the transaction up."""
    if type(error.orig).__module__.startswith("sqlite3"):
        return False
    state = getattr(error.orig, "sqlstate", None)  # none where no server answered
    return error.connection_invalidated or state is None or state[:2] in ("08", "40", "57")


def migrate(database: Database) -> None:
    """Bring the tables to `HEAD`; other processes wait meanwhile.

    Raises StoreError for a database that a newer program has migrated.
    """
    if database.lock:
        _use_wal(database)
    with database.engine.connect() as connection:
        if _version(connection) == HEAD:
            return
    with writing(database) as connection:
        if _version(connection) != HEAD:
            _upgrade(connection, database.name)
            index_missing(connection)


def _use_wal(database: Database) -> None:
    """Switch the file to write-ahead logging, once for ever."""
    raw: Any = database.engine.raw_connection()
    try:
        cursor = raw.cursor()
        if cursor.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            with _alone(database):
                cursor.execute("PRAGMA journal_mode = WAL")
    finally:
        raw.close()


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found is not None else None


def _upgrade(connection: Connection, name: str) -> None:
    # Alembic is imported only here: a database that is up to date does not pay for it
    from alembic import command  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = alembic_config()
    known = {x.revision for x in ScriptDirectory.from_config(config).walk_revisions()}
    found = _version(connection)
    if found is not None and found not in known:
        raise StoreError(
            f"the database is newer than this program (migration {found}, known up to {HEAD})",
            where=name,
            hint="upgrade quwen",
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def alembic_config() -> Any:
    """The settings Alembic needs, without a file: migrations travel inside the package."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
