"""Opening a store: what is made, what is refused and in which words."""

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import text

from pipeline.errors import StoreError
from pipeline.store import Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def refusal(address: str) -> str:
    """The words in which an address is refused."""
    with pytest.raises(StoreError) as refused:
        Store.open(address)
    return str(refused.value)


def test_folder_of_the_file_is_made(tmp_path: Path):
    """A fresh home needs no preparation."""
    with Store.open(f"sqlite:///{tmp_path}/a/b/quwen.db") as store:
        assert 0 == store.counts().articles


def test_opening_again_keeps_everything(address: str):
    """A store that is up to date is left as it is."""
    with Store.open(address) as store:
        run_id = store.begin_run("ingest", None, at=NOW)
    with Store.open(address) as store:
        assert [run_id] == [x.id for x in store.runs()]


def test_sqlite_is_set_up_for_crashes_and_readers(tmp_path: Path):
    """Write-ahead log, full sync, foreign keys, and thirty seconds of patience."""
    with (
        Store.open(f"sqlite:///{tmp_path}/quwen.db") as store,
        store._do.database.engine.connect() as c,
    ):
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = {x: c.exec_driver_sql(f"PRAGMA {x}").scalar() for x in pragmas}
    assert {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    } == found


def test_newer_database_is_refused_and_left_alone(address: str):
    """An old program must not write into what a newer one has migrated."""
    with Store.open(address) as store, store._do.database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "newer than this program" in refusal(address)
    assert "upgrade quwen" in refusal(address)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("quwen.db", "cannot be understood"),
        ("", "cannot be understood"),
        ("mysql://u:canary@h/d", "no store on mysql"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("postgresql://u:canary@127.0.0.1:1/d", "127.0.0.1/d: the database cannot be reached"),
        ("postgresql://u:canary@h:port/d", "cannot be understood"),
        ("canary:canary", "cannot be understood"),
    ],
)
def test_bad_address_is_refused_without_its_password(address: str, words: str):
    """One line says what is wrong; secrets are never repeated."""
    message = refusal(address)
    assert words in message
    assert "canary" not in message
    assert "(" in message  # what to do


def test_folder_that_cannot_be_made_is_named(tmp_path: Path):
    """An unwritable home is one clear line."""
    (tmp_path / "file").write_text("")
    address = f"sqlite:///{tmp_path}/file/quwen.db"
    assert f"{tmp_path}/file/quwen.db: the folder of the database cannot be made" in refusal(
        address
    )


def test_file_that_is_no_database_is_refused(tmp_path: Path):
    """A wrong file is not overwritten."""
    path = tmp_path / "quwen.db"
    path.write_text("新闻" * 1000)
    assert "no SQLite database" in refusal(f"sqlite:///{path}")
    assert "新闻" * 1000 == path.read_text()


def test_folder_in_place_of_the_file_is_refused(tmp_path: Path):
    """A folder of that name cannot be opened."""
    assert "cannot be opened" in refusal(f"sqlite:///{tmp_path}")


def test_read_only_database_says_so(tmp_path: Path):
    """Writing into what cannot be written to names the rights to check."""
    path = tmp_path / "quwen.db"
    Store.open(f"sqlite:///{path}").close()
    with Store.open(f"sqlite:///file:{path}?mode=ro&uri=true") as store:
        assert 0 == store.counts().articles
        with pytest.raises(StoreError, match=r"cannot be written to .*rights"):
            store.begin_run("ingest", None, at=NOW)


def test_full_disk_loses_nothing_and_says_so(tmp_path: Path):
    """A full disk undoes the transaction, names the cause and does not harm what is there."""
    with Store.open(f"sqlite:///{tmp_path}/quwen.db") as store:
        store.begin_run("ingest", None, at=NOW)
        with store._do.database.engine.connect() as c:  # stands for the disk: no page more than now
            pages = c.exec_driver_sql("PRAGMA page_count").scalar()
            c.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match=r"the disk is full .*make room"):
            store.begin_run("ingest", "x" * 100_000, at=NOW)
        assert 1 == len(store.runs())


def test_locked_database_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Who waited in vain is told that another process holds the database."""
    monkeypatch.setattr("pipeline.store.database.BUSY_S", 0)
    with Store.open(f"sqlite:///{tmp_path}/quwen.db") as store:
        other = sqlite3.connect(tmp_path / "quwen.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another process holds the database"):
            store.begin_run("ingest", None, at=NOW)
        other.execute("ROLLBACK")
        other.close()
        assert () == store.runs()


def test_texts_stay_out_of_errors(tmp_path: Path):
    """What is stored may be secret: not even the error below ours repeats it."""
    with Store.open(f"sqlite:///{tmp_path}/quwen.db") as store:
        with store._do.database.engine.begin() as connection:
            connection.execute(text("DROP TABLE host"))
        with pytest.raises(StoreError) as refused:
            store.defer_host("canary", not_before=NOW, reason="canary")
    assert "canary" not in f"{refused.value} {refused.value.__cause__}"


def test_lock_that_is_held_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A process that holds the lock file for too long is named as what it is."""
    monkeypatch.setattr("pipeline.store.database.BUSY_S", 0)
    with Store.open(f"sqlite:///{tmp_path}/quwen.db") as store:
        with (
            FileLock(tmp_path / "quwen.db.lock"),
            pytest.raises(StoreError, match="another process holds the database"),
        ):
            store.begin_run("ingest", None, at=NOW)
        assert store.begin_run("ingest", None, at=NOW)


def test_lock_file_that_cannot_be_made_is_named(tmp_path: Path):
    """A folder in place of the lock file is one clear line."""
    (tmp_path / "quwen.db.lock").mkdir()
    assert "quwen.db.lock: the lock file" in refusal(f"sqlite:///{tmp_path}/quwen.db")


def test_write_ahead_log_stays_small(tmp_path: Path):
    """It is moved into the file as it grows, by whoever writes."""
    with Store.open(f"sqlite:///{tmp_path}/quwen.db") as store:
        for _ in range(30):
            store.begin_run("ingest", "x" * 500_000, at=NOW)
        assert (tmp_path / "quwen.db").stat().st_size > 10_000_000
        assert (tmp_path / "quwen.db-wal").stat().st_size < 5_000_000
        with store.snapshot():
            store.counts()
            for _ in range(20):  # a reader of an old state is not waited for
                store.begin_run("ingest", "x" * 500_000, at=NOW)
        store.begin_run("ingest", None, at=NOW)
        assert (tmp_path / "quwen.db-wal").stat().st_size < 5_000_000


def test_migrated_store_opens_without_the_migration_library(tmp_path: Path):
    """Commands start fast: only a database that has to be migrated pays for it."""
    address = f"sqlite:///{tmp_path}/quwen.db"
    Store.open(address).close()
    code = (
        "import sys; from pipeline.store import Store; "
        f"Store.open({address!r}).close(); sys.exit('alembic' in sys.modules)"
    )
    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode
