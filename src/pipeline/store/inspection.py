"""A look at a database that changes nothing, not even an old migration."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, inspect, select, text

from pipeline.store.database import connect, explained, parse_address
from pipeline.store.schema import HEAD, run


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """What a database is. ``version`` is None for one without our tables."""

    name: str
    version: str | None
    wanted: str
    newest: datetime | None


def inspect_database(address: str) -> Inspected:
    """Return its migration and the last beat of a run. Raises StoreError where it cannot be read."""
    database = connect(parse_address(address))
    try:
        with explained(database.name), database.engine.connect() as connection:
            found, newest = None, None
            tables = set(inspect(connection).get_table_names())
            if "alembic_version" in tables:
                found = connection.scalar(text("SELECT version_num FROM alembic_version"))
            if "run" in tables:
                newest = connection.scalar(select(func.max(run.c.heartbeat)))
            return Inspected(name=database.name, version=found, wanted=HEAD, newest=newest)
    finally:
        database.engine.dispose()
