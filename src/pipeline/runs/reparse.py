"""Read the archived captures again, without the network."""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures.process import BrokenProcessPool

from pipeline.differences import differences
from pipeline.errors import PipelineError
from pipeline.identity import article_id
from pipeline.interpret import INTERPRETER
from pipeline.records import Article, Column
from pipeline.revisions import decide
from pipeline.runs.context import Context
from pipeline.runs.reading import Pass, store_article
from pipeline.runs.report import Report, Tally
from pipeline.runs.rereading import Job, Reread, Rereader, readers

_BATCH = 200
"""Responses in hand at once by one process; a killed reparse reads so many again."""


def reparse_source(
    source_id: str,
    *,
    context: Context,
    run_id: int,
    processes: int | None = None,
    dry_run: bool = False,
) -> Report:
    """Interpret again what stands for the articles of one source, and what was quarantined.

    Of an article, only the capture of its newest revision is read: older ones
    are history. A better reading is stored as a revision of its own kind, not
    as an edit by the publisher; the report says which fields it concerns.

    Where there is much to read, *processes* do it (as many as there are cores).
    A reparse that was killed goes on where it was, unless interpreter, layouts or
    fixes are others by now. A *dry_run* stores nothing. Raises `ConfigError` for
    an unknown source.
    """
    context.catalogue.source(source_id)
    columns = {x.key: x for x in context.catalogue.columns_of(source_id)}
    tally, store = Tally(source=source_id), context.store
    basis = _basis(context, columns)
    after = 0 if dry_run else store.upkeep.reparsed_until(source_id, basis)
    own = Rereader(store=store, archive=context.archive, columns=columns, fixes=context.fixes)
    is_much = len(store.captures(source=source_id, after=after, limit=_BATCH)) == _BATCH
    used = (processes or os.cpu_count() or 1) if is_much else 1
    taken = _Taken(context, run_id, columns, tally, dry_run=dry_run)
    waiting: deque[tuple[int, Callable[[], tuple[Reread, ...]]]] = deque()

    def settle() -> None:
        last, results = waiting.popleft()
        taken.add(results())
        if not dry_run:
            store.upkeep.save_reparse(source_id, basis, last, at=context.clock())

    try:
        with readers(
            own,
            store_url=context.settings.store_url,
            archive_dir=context.settings.archive_dir,
            processes=used,
        ) as submit:
            for last, jobs in _batches(context, source_id, columns, after):
                waiting.append((last, submit(jobs)))
                if len(waiting) > 2 * used:
                    settle()
                if context.stopping.is_set():
                    return taken.report()
            while waiting:
                settle()
    except BrokenProcessPool as error:
        raise PipelineError(
            "a process that read archived pages died",
            where=source_id,
            hint="free some memory, or use --processes 1; the next run goes on there",
        ) from error
    if not dry_run:
        store.upkeep.save_reparse(source_id, basis, None, at=context.clock())
    return taken.report()


def _basis(context: Context, columns: Mapping[str, Column]) -> str:
    """What a reading depends on, as 16 hexadecimal digits."""
    told = (INTERPRETER, sorted(columns.items()), [*context.fixes])
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _batches(
    context: Context, source_id: str, columns: Mapping[str, Column], after: int
) -> Iterator[tuple[int, tuple[Job, ...]]]:
    """Yield the jobs, with the number of the last capture that each batch comes to."""
    store = context.store
    waiting = {x.capture_id for x in store.quarantined(source=source_id, limit=1_000_000)}
    while batch := store.captures(source=source_id, after=after, limit=_BATCH):
        after = batch[-1].id
        standing = store.read_from(x.id for x in batch)
        own = {x.id: article_id(x.requested_url) for x in batch}
        known = store.known(key for keys in standing.values() for key in keys)
        published = store.listings_published(own.values())
        jobs = []
        for x in batch:
            keys = standing.get(x.id, frozenset())
            is_whole = x.id in waiting or own[x.id] in keys
            told = keys - {own[x.id]}
            if x.column is None or x.column not in columns or not (is_whole or told):
                continue
            jobs.append(
                Job(
                    capture_id=x.id,
                    ref=x.ref,
                    url=x.requested_url,
                    column=x.column,
                    published=published.get(own[x.id]),
                    whole=is_whole,
                    told=told,
                    # One that waits in quarantine is settled even where it reads as before
                    hashes={}
                    if x.id in waiting
                    else {key: known[key].record_hash for key in keys if key in known},
                )
            )
        yield after, tuple(jobs)


class _Taken:
    """What came of a reparse so far."""

    def __init__(
        self,
        context: Context,
        run_id: int,
        columns: Mapping[str, Column],
        tally: Tally,
        *,
        dry_run: bool,
    ) -> None:
        self._context = context
        self._tally = tally
        self._dry_run = dry_run
        self._passes = {
            key: Pass(context=context, run_id=run_id, column=x, tally=tally)
            for key, x in columns.items()
        }

    def add(self, results: tuple[Reread, ...]) -> None:
        """Store what reads otherwise, and count all of it."""
        for x in results:
            self._tally.counts["read"] += x.same + len(x.articles)
            for problem in x.problems:
                self._tally.problem(problem.where, problem.what, "failed")
            for problem in x.stale:
                self._tally.problem(problem.where, problem.what, "stale")
            for article in x.articles:
                if article.kind == "article":
                    self._learn(article, x.capture_id)

    def _learn(self, article: Article, capture_id: int) -> None:
        before = self._context.store.article(article.id)
        if self._dry_run:
            kind = self._would_be(article, capture_id)
            self._tally.counts[kind] += 1
        else:
            kind = store_article(self._passes[article.column or ""], article, capture_id)
        if before is not None and kind in ("reparsed", "edited", "restored"):
            self._tally.change(article.id, differences(before, article))

    def _would_be(self, article: Article, capture_id: int) -> str:
        store = self._context.store
        stored = store.capture(capture_id)
        return decide(
            store.known([article.id]).get(article.id),
            article,
            interpreter=INTERPRETER,
            at=self._context.clock(),
            capture_id=capture_id,
            capture_sha256=stored.sha256 if stored else None,
        ).kind

    def report(self) -> Report:
        """What has been done."""
        return self._tally.report()
