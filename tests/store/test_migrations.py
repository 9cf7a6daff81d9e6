"""Migrations and tables say the same."""

import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert

from pipeline.records import Article
from pipeline.store import Store, codec, schema
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


def test_store_of_the_first_migration_is_upgraded_with_its_articles(
    address: str, report: Callable[..., Article]
):
    """What an earlier program stored is all there afterwards, and can be searched for."""
    config, database = alembic_config(), connect(parse_address(address))
    record = report()
    with writing(database) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        row = {
            "id": record.id,
            "url": record.url,
            "kind": "meeting",
            "title": record.title,
            "state": "live",
            "number": 1,
            "content_hash": "0",
            "record_hash": "0",
            "parts": "[]",
            "interpreter": 1,
            "seq": 1,
            "meetings": 1,
            "misses": 0,
        } | dict.fromkeys(("sort_at", "first_seen", "last_seen", "updated"), NOW)
        connection.execute(insert(schema.article).values(row))
        row = {
            "article_id": record.id,
            "number": 1,
            "kind": "new",
            "reason": "",
            "changed": "[]",
            "seen_at": NOW,
            "interpreter": 1,
            "content_hash": "0",
            "record": codec.dump(record),
        }
        connection.execute(insert(schema.revision).values(row))
    database.engine.dispose()
    with Store.open(address) as store:
        assert record == store.article(record.id)
        assert [record] == [x.entry.article for x in store.search("河堤")]
        assert (
            "unchanged"
            == store.learn(
                report(paragraphs=("x",)), capture_id=None, seen_at=NOW, interpreter=0
            ).kind
        )


def test_head_is_the_newest_migration():
    """The number that the program compares with is that of the last migration file."""
    assert HEAD == ScriptDirectory.from_config(alembic_config()).get_current_head()


def test_numbers_of_the_log_are_never_given_twice(store: Store):
    """SQLite would use a deleted last number again if the table did not forbid it."""
    if store._do.database.engine.dialect.name != "sqlite":
        return
    with store._do.database.engine.connect() as connection:
        made: Any = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE name='revision'"
        )
        assert "AUTOINCREMENT" in made.scalar()
