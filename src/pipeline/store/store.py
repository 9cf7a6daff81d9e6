"""`Store`: one class in front of the tables, the same on SQLite and PostgreSQL."""

import hashlib
import os
import socket
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from pipeline.records import Article, Capture, CaptureRef, ListItem, Published, Source
from pipeline.revisions import Decision
from pipeline.store import articles, captures, database, ledger, rules, withholding
from pipeline.store.reader import Reader
from pipeline.store.rechecks import Rechecks
from pipeline.store.retention import Retention
from pipeline.store.transactions import Transactions
from pipeline.store.upkeep import Upkeep
from pipeline.store.values import (
    Applied,
    BackfillState,
    Counts,
    Hold,
    Listed,
    Quarantined,
    Run,
    RunState,
    SourceCounts,
    SourceStatus,
    StoredValidators,
)

if TYPE_CHECKING:
    from pipeline.parse import Topic

T = TypeVar("T")


class Store(Reader):
    """What quwen remembers. Open it with `Store.open`, in a ``with`` statement.

    Safe to share between threads. Each method is one transaction;
    `atomically` joins several. All instants are aware; they come back in UTC.
    Every method may raise StoreError, which names the database without its
    password and says what to do.
    """

    def __init__(self, transactions: Transactions) -> None:
        super().__init__(transactions)
        self.upkeep = Upkeep(transactions)
        self.retention = Retention(transactions)
        self.rechecks = Rechecks(transactions)
        self.name = transactions.database.name

    @classmethod
    def open(
        cls,
        address: str,
        *,
        topics: "tuple[Topic, ...] | None" = None,
        sources: Iterable[Source] = (),
    ) -> Self:
        """The store at a database address, its tables made or migrated where needed.

        *topics* and *sources* as in `index_by`; without them, what is stored is indexed
        as it was before, at first by the table of topics that comes with the package.

        An SQLite file and its folder are made. Raises StoreError for an
        address that is none, a database that cannot be reached or written
        to, or one that a newer program has migrated.
        """
        url = database.parse_address(address)
        opened = database.connect(url)
        try:
            with database.explained(opened.name):
                database.migrate(opened)
            store = cls(Transactions(opened))
            store.index_by(topics, sources)
        except BaseException:
            opened.engine.dispose()
            raise
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give all connections back."""
        self._do.database.engine.dispose()

    @property
    def topics(self) -> "tuple[Topic, ...]":
        """The table of topics that subjects are found by."""
        with self._do.reading() as c:
            return rules.of_source(c, None).table

    def index_by(self, topics: "tuple[Topic, ...] | None", sources: Iterable[Source] = ()) -> None:
        """Find subjects by this table of topics and by the divisions of these sources from now on.

        What either concerns is indexed again, piece by piece, so that others can write in
        between; who is stopped on the way goes on when the store is opened next.
        """
        with self._do.reading() as c:
            now = rules.stored(c)
        wanted = rules.laid_over(now, topics, sources)
        if wanted != now:
            self._do.write(lambda c: rules.save(c, wanted))
        while self._is_behind():
            self._do.write(rules.catch_up)

    def _is_behind(self) -> bool:
        with self._do.reading() as c:
            return rules.is_behind(c)

    # -- transactions

    def atomically(self, work: Callable[[], T]) -> T:
        """What *work* returns; all that it does with this store is one transaction.

        *work* may be called again, when the database server restarts under
        it: it must do nothing but call the store.
        """
        return self._do.write(lambda _: work())

    def snapshot(self) -> AbstractContextManager[None]:
        """While the ``with`` lasts, this thread reads one state, whatever others write.

        What the thread itself writes meanwhile is not seen either.
        """
        return self._do.frozen()

    # -- runs

    def begin_run(self, kind: str, params: Any, *, at: datetime) -> int:
        """The number of a new line in the run ledger, with this host and process."""
        name, pid = socket.gethostname(), os.getpid()
        return self._do.write(
            lambda c: ledger.begin_run(c, kind, params, at=at, name=name, pid=pid)
        )

    def beat(self, run_id: int, *, at: datetime) -> None:
        """Say that a run is alive."""
        self._do.write(lambda c: ledger.beat(c, run_id, at))

    def end_run(self, run_id: int, state: RunState, report: Any, *, at: datetime) -> None:
        """Close a run; *report* is made of plain JSON values."""
        self._do.write(lambda c: ledger.end_run(c, run_id, state, report, at=at))

    def bury_runs(self, *, silent_since: datetime, at: datetime) -> int:
        """Mark running runs as ``died`` whose last beat is older; how many there were."""
        return self._do.write(lambda c: ledger.bury(c, silent_since=silent_since, at=at))

    def runs(self, *, kind: str | None = None, limit: int = 50) -> tuple[Run, ...]:
        """Runs, newest first."""
        with self._do.reading() as c:
            return ledger.runs(c, kind=kind, limit=limit)

    def last_runs(self) -> tuple[Run, ...]:
        """The newest run of each kind."""
        with self._do.reading() as c:
            return ledger.last_runs(c)

    # -- captures

    def add_capture(
        self,
        capture: Capture,
        ref: CaptureRef,
        *,
        source: str | None = None,
        column: str | None = None,
        run_id: int | None = None,
    ) -> int:
        """The number of a capture that the archive holds at *ref*; the same one if told twice."""
        sha256 = hashlib.sha256(capture.body).hexdigest()
        return self._do.write(
            lambda c: captures.add(
                c, capture, ref, source=source, column=column, run_id=run_id, sha256=sha256
            )
        )

    def move_captures(self, moves: Sequence[tuple[CaptureRef, CaptureRef]]) -> int:
        """Write down new places of records, all or none; how many captures that concerned."""
        return self._do.write(lambda c: captures.move(c, moves))

    def set_validators(
        self,
        url: str,
        *,
        etag: str | None,
        last_modified: str | None,
        capture_id: int | None,
        at: datetime,
    ) -> None:
        """Remember the validators of a response that was read whole."""
        new = StoredValidators(
            url=url,
            etag=etag,
            last_modified=last_modified,
            capture_id=capture_id,
            fetched_at=at,
        )
        self._do.write(lambda c: captures.set_validators(c, new))

    # -- quarantine

    def quarantine(
        self,
        url: str,
        *,
        step: str,
        reason: str,
        at: datetime,
        detail: str | None = None,
        capture_id: int | None = None,
        source: str | None = None,
        column: str | None = None,
    ) -> int:
        """The number of the case. A page that fails again at the same step stays one case."""
        return self._do.write(
            lambda c: captures.put(
                c,
                url=url,
                step=step,
                reason=reason,
                detail=detail,
                capture_id=capture_id,
                source=source,
                column=column,
                at=at,
            )
        )

    def resolve_quarantine(self, url: str, *, at: datetime, steps: Iterable[str] = ()) -> int:
        """Close the open cases of an address (of the named steps only); how many there were."""
        return self._do.write(lambda c: captures.resolve(c, url, steps, at))

    def quarantined(
        self, *, source: str | None = None, resolved: bool = False, limit: int = 1000
    ) -> tuple[Quarantined, ...]:
        """Open cases (with *resolved* the closed ones too), tried last first."""
        with self._do.reading() as c:
            return captures.cases(c, source=source, resolved=resolved, limit=limit)

    # -- articles

    def apply(
        self,
        article: Article | None,
        decision: Decision,
        *,
        capture_id: int | None,
        seen_at: datetime,
        interpreter: int,
    ) -> Applied:
        """Carry out a decision on an article; *article* is None for a page that is missing.

        Revision, article and what is looked up in it change together. Where
        another writer was faster it is decided again beside what that one
        stored, so that the outcome may be another kind than the decision's.
        """
        look = articles.Look(capture_id=capture_id, seen_at=seen_at, interpreter=interpreter)
        return self._do.write(lambda c: articles.apply(c, article, decision, look))

    def learn(
        self,
        article: Article,
        *,
        capture_id: int | None,
        seen_at: datetime,
        interpreter: int,
        reread: Article | None = None,
    ) -> Applied:
        """What a reading of a page was, decided and carried out in one transaction.

        *capture_id* is the response it was read from, *seen_at* the instant
        of that look; *reread* as in `pipeline.revisions.decide`, which decides.
        """
        look = articles.Look(capture_id=capture_id, seen_at=seen_at, interpreter=interpreter)
        return self._do.write(lambda c: articles.learn(c, article, look, reread))

    def missed(
        self, article_id: str, *, reason: str, capture_id: int | None, seen_at: datetime
    ) -> Applied | None:
        """What it meant that a known page was not there (404, 410); None for an unknown one."""
        look = articles.Look(capture_id=capture_id, seen_at=seen_at, interpreter=0)
        return self._do.write(lambda c: articles.missed(c, article_id, reason, look))

    def saw(self, ids: Iterable[str], *, at: datetime) -> None:
        """Note that articles are there as they were (304, or the same bytes)."""
        wanted = tuple(ids)
        self._do.write(lambda c: articles.saw(c, wanted, at))

    def withhold(self, article_id: str, *, reason: str, at: datetime) -> bool:
        """Take an article off what is published; False where it is unknown or off already.

        It stays in the store; `entries`, `walk`, `newest` and `search` leave it out.
        """
        return self._do.write(lambda c: withholding.withhold(c, article_id, reason, at))

    def release(self, article_id: str) -> bool:
        """Undo `withhold`; False where there is nothing to undo."""
        return self._do.write(lambda c: withholding.release(c, article_id))

    # -- columns

    def saw_listing(
        self, source: str, column: str, items: Sequence[ListItem], *, at: datetime
    ) -> tuple[str, ...]:
        """Note what a column's list shows; identifiers of its articles, each once."""
        return self._do.write(lambda c: ledger.saw_listing(c, source, column, items, at))

    def listed(self, source: str, column: str, *, limit: int = 1000) -> tuple[Listed, ...]:
        """What a column's list has shown, seen last first."""
        with self._do.reading() as c:
            return ledger.listed(c, source, column, limit=limit)

    def listing_counts(self) -> dict[tuple[str, str], int]:
        """How much each column's list has shown, by source and column."""
        with self._do.reading() as c:
            return ledger.listing_counts(c)

    def listing_columns(self, ids: Iterable[str]) -> frozenset[tuple[str, str]]:
        """Source and column of the lists that showed one of these articles."""
        with self._do.reading() as c:
            return ledger.listing_columns(c, tuple(ids))

    def listed_published(self, url: str) -> Published | None:
        """When lists say that the page at an address was published."""
        with self._do.reading() as c:
            return ledger.listed_published(c, url)

    def listings_published(self, ids: Iterable[str]) -> dict[str, Published]:
        """When lists say that articles were published, by identifier; a few hundred at once."""
        with self._do.reading() as c:
            return ledger.listings_published(c, tuple(ids))

    def checked_column(
        self,
        source: str,
        column: str,
        *,
        listed: int | None,
        reason: str | None = None,
        at: datetime,
    ) -> int:
        """Note a look at a column, with the *reason* where it failed; failures in a row.

        *listed* is None for a list that had not changed.
        """
        return self._do.write(
            lambda c: ledger.checked_column(
                c, source, column, listed_n=listed, reason=reason, at=at
            )
        )

    def backfill_state(self, source: str, column: str) -> BackfillState | None:
        """Where a column's walk back in time stopped, None if there was none."""
        with self._do.reading() as c:
            return ledger.backfill_state(c, source, column)

    def save_backfill(self, state: BackfillState, *, at: datetime) -> None:
        """Write down where a walk back in time stands."""
        self._do.write(lambda c: ledger.save_backfill(c, state, at))

    # -- hosts

    def defer_host(self, host: str, *, not_before: datetime, reason: str) -> None:
        """Leave a host alone until then; a later date that it gave before holds on."""
        self._do.write(lambda c: ledger.defer_host(c, host, not_before, reason))

    def deferred(self, host: str, *, now: datetime) -> Hold | None:
        """The hold of a host that is in force *now*."""
        with self._do.reading() as c:
            found = ledger.deferred(c, host)
        return found if found and found.not_before > now else None

    # -- summaries

    def counts(self) -> Counts:
        """How much the store holds."""
        with self._do.reading() as c:
            return ledger.counts(c)

    def counts_by_source(self) -> tuple[SourceCounts, ...]:
        """How much there is of each source, at less cost than `counts`."""
        with self._do.reading() as c:
            return ledger.counts_by_source(c)

    def status(self, counts: Iterable[SourceCounts] | None = None) -> tuple[SourceStatus, ...]:
        """How each source fares; *counts* are what `counts_by_source` gave, if it is at hand."""
        with self._do.reading() as c:
            return ledger.status(c, ledger.counts_by_source(c) if counts is None else counts)
