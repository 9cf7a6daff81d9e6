"""Migrations and tables say the same."""

import warnings
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from pipeline.store import Store
from pipeline.store.database import alembic_config
from pipeline.store.schema import HEAD, metadata


def test_migrations_lead_to_the_tables(store: Store):
    """A table changed without a migration, or the other way round, shows here."""
    with store._do.database.engine.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("error")
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert [] == compare_metadata(context, metadata)


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
