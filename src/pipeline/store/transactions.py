"""Units of work: each one a transaction, tried again where the connection broke."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from pipeline.store.database import Database, can_be_retried, explained, snapshot, writing

T = TypeVar("T")

PAUSES_S = (0.1, 2.0)
"""Pauses before further tries: a server that restarts is back after a second or two."""


class Transactions:
    """Runs work on the database; a thread's calls inside its own unit of work join that one."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._local = threading.local()

    def _current(self, name: str = "connection") -> Connection | None:
        connection: Connection | None = getattr(self._local, name, None)
        return connection

    def write(self, work: Callable[[Connection], T]) -> T:
        """What *work* returns, its changes committed; all of them undone if it raises."""
        current = self._current()
        if current is not None:
            return work(current)
        with explained(self.database.name):
            for pause_s in PAUSES_S:
                try:
                    return self._write_once(work)
                except OperationalError as error:
                    if not can_be_retried(error):
                        raise
                time.sleep(pause_s)
            return self._write_once(work)

    def _write_once(self, work: Callable[[Connection], T]) -> T:
        with writing(self.database) as connection:
            self._local.connection = connection
            try:
                return work(connection)
            finally:
                self._local.connection = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """While it lasts, all that this thread reads is the database as it was at the start."""
        with explained(self.database.name), snapshot(self.database) as connection:
            self._local.frozen = connection
            try:
                yield
            finally:
                self._local.frozen = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read from, one state of the database as long as it is open."""
        current = self._current() or self._current("frozen")
        if current is not None:
            yield current
            return
        with explained(self.database.name), snapshot(self.database) as connection:
            yield connection
