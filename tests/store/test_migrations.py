"""Migrations and tables say the same."""

import ast
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select, text

from pipeline.records import Article
from pipeline.store import Store, codec
from pipeline.store.database import alembic_config, connect, parse_address, writing
from pipeline.store.schema import HEAD, metadata

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def is_ours(name: str | None, kind: str, parents: Any) -> bool:
    """Whether a table is the same on both back ends; the full-text index is not."""
    return kind != "table" or not str(name).startswith("search_index")


def test_migrations_lead_to_the_tables(store: Store):
    """A table changed without a migration, or the other way round, shows here."""
    with store._do.database.engine.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("error")
        opts = {"compare_type": True, "include_name": is_ours}
        context = MigrationContext.configure(connection, opts=opts)
        assert [] == compare_metadata(context, metadata)


def earlier_versions() -> list[str]:
    """Every migration that an earlier program left its store at, the first one first."""
    script = ScriptDirectory.from_config(alembic_config())
    return [x.revision for x in script.walk_revisions()][:0:-1]


def first_rows(record: Article) -> dict[str, dict[str, Any]]:
    """A row of each of the first tables: what an earlier program would have stored."""
    at = dict.fromkeys(("sort_at", "first_seen", "last_seen", "updated"), NOW)
    shared = {"interpreter": 1, "content_hash": "0", "number": 1, "capture_id": 1}
    own = {"url": record.url, "source": record.source, "column": record.column}
    key = {"source": record.source, "column": record.column}
    return {
        "run": {
            "id": 1, "kind": "ingest", "params": "{}", "state": "completed", "started": NOW,
            "ended": NOW, "heartbeat": NOW, "host": "h", "pid": 1, "report": "{}",
        },
        "capture": own | {
            "id": 1, "requested_url": record.url, "run_id": 1, "status": 200, "fetched_at": NOW,
            "file": "2026/03/a.warc.gz", "offset": 10, "length": 90, "sha256": "0" * 64,
        },
        "validator": {
            "url": record.url, "etag": '"1"', "last_modified": None, "capture_id": 1,
            "fetched_at": NOW,
        },
        "article": shared | own | at | {
            "id": record.id, "kind": "meeting", "title": record.title, "state": "live", "seq": 1,
            "record_hash": "0", "parts": "[]", "meetings": 1, "misses": 0,
        },
        "revision": shared | {
            "seq": 1, "article_id": record.id, "kind": "new", "reason": "", "changed": "[]",
            "seen_at": NOW, "record": codec.dump(record),
        },
        "credit": {"article_id": record.id, "n": 0, "role": "记者", "name": "李河"},
        "listing": key | {
            "article_id": record.id, "url": record.url, "title": record.title, "published": None,
            "first_seen": NOW, "last_seen": NOW,
        },
        "column_state": key | {
            "checked_at": NOW, "ok_at": NOW, "listed": 1, "failures": 0, "reason": None,
        },
        "quarantine": own | {
            "id": 1, "capture_id": 1, "step": "extract", "reason": "r", "detail": None, "at": NOW,
            "last_at": NOW, "times": 1, "resolved_at": None,
        },
        "host": {"host": "h.example", "not_before": NOW, "reason": "r"},
    }  # fmt: skip


@pytest.mark.parametrize("version", earlier_versions())
def test_store_of_every_migration_is_upgraded_with_what_it_holds(
    version: str, address: str, report: Callable[..., Article]
):
    """Not a value is lost; articles can be searched for, and are found by whom they name."""
    config, database = alembic_config(), connect(parse_address(address))
    record = report()
    rows = first_rows(record)

    def stored(connection: Any) -> dict[str, Any]:
        tables = metadata.tables
        return {
            name: connection.execute(select(*(tables[name].c[x] for x in row))).mappings().all()
            for name, row in rows.items()
        }

    with writing(database) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        for name, row in rows.items():
            connection.execute(insert(metadata.tables[name]).values(row))
        if connection.dialect.name == "postgresql":  # numbers were given by hand
            for name, key in (("run", "id"), ("capture", "id"), ("revision", "seq")):
                sequence = text(f"SELECT setval(pg_get_serial_sequence('{name}', '{key}'), 1)")
                connection.execute(sequence)
        before = stored(connection)
    database.engine.dispose()
    with Store.open(address) as store:
        with store._do.reading() as connection:
            assert before == stored(connection)
        assert record == store.article(record.id)
        assert [record] == [x.entry.article for x in store.search("河堤")]
        assert ["江阔"] == [x.name for x in store.subjects("person")]
        look: dict[str, Any] = {"capture_id": None, "seen_at": NOW, "interpreter": 0}
        assert "unchanged" == store.learn(report(paragraphs=("x",)), **look).kind
        assert "new" == store.learn(report(2), **look).kind
    with Store.open(address) as store:
        assert 2 == store.counts().articles


def test_head_is_the_newest_migration():
    """The number that the program compares with is that of the last migration file."""
    assert HEAD == ScriptDirectory.from_config(alembic_config()).get_current_head()


def test_migrations_are_one_chain_of_numbers():
    """Two branches that both add the next number would leave one of them out without a word."""
    folder = Path(ScriptDirectory.from_config(alembic_config()).versions)
    found = [
        (x.name[:4], *_numbers(ast.parse(x.read_text("utf-8"))))
        for x in sorted(folder.glob("[0-9]*.py"))
    ]
    wanted = [f"{n + 1:04}" for n in range(len(found))]
    before = [None, *wanted[:-1]]
    assert list(zip(wanted, wanted, before, strict=True)) == found


def _numbers(module: ast.Module) -> tuple[object, object]:
    """The values of ``revision`` and ``down_revision``."""
    values = {
        target.id: ast.literal_eval(x.value)
        for x in module.body
        if isinstance(x, ast.Assign)
        for target in x.targets
        if isinstance(target, ast.Name) and "revision" in target.id
    }
    return values["revision"], values["down_revision"]


def test_numbers_of_the_log_are_never_given_twice(store: Store):
    """SQLite would use a deleted last number again if the table did not forbid it."""
    if store._do.database.engine.dialect.name != "sqlite":
        return
    with store._do.database.engine.connect() as connection:
        made: Any = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE name='revision'"
        )
        assert "AUTOINCREMENT" in made.scalar()
