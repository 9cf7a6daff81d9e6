"""Read archived responses again: the work of one process, which changes nothing.

What reads as before is only counted; the rest goes back to the process that
stores it. So reading costs as many processes as there are, and writing one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from pipeline.archive import Archive
from pipeline.errors import ArchiveError, DecodeError, ExtractError, ParseError
from pipeline.fixes import Fix, Fixes, corrected
from pipeline.identity import article_id
from pipeline.interpret import interpret, interpret_item
from pipeline.records import Article, Capture, CaptureRef, Column, Published
from pipeline.revisions import record_hash
from pipeline.runs.report import Problem
from pipeline.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A response to read again.

    *whole* says whether an article's own page is meant, *told* which articles stand
    on it as on a list. *hashes* are those of the records that were read from it.
    """

    capture_id: int
    ref: CaptureRef
    url: str
    column: str
    published: Published | None
    whole: bool
    told: frozenset[str]
    hashes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """What a response said: *same* records read as before, and those that read otherwise."""

    capture_id: int
    same: int = 0
    articles: tuple[Article, ...] = ()
    problems: tuple[Problem, ...] = ()
    stale: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereader:
    """Reads for one source."""

    store: Store
    archive: Archive
    columns: Mapping[str, Column]
    fixes: Fixes

    def read(self, jobs: Sequence[Job]) -> tuple[Reread, ...]:
        """What each response says. Raises `StoreError`; other trouble stands in the results."""
        return tuple(map(self._read, jobs))

    def _read(self, job: Job) -> Reread:
        try:
            capture = self.archive.read(job.ref)
            found = list(self._articles(job, capture))
        except (ArchiveError, DecodeError, ExtractError, ParseError) as error:
            problem = Problem(where=job.url, what=str(error))
            return Reread(capture_id=job.capture_id, problems=(problem,))
        problems = [x for x in found if isinstance(x, Problem)]
        stale: list[Problem] = []
        changed: list[Article] = []
        same = 0
        for x in found:
            if isinstance(x, Problem):
                continue
            article = self._corrected(x, job, stale)
            if job.hashes.get(article.id) == record_hash(article):
                same += 1
            else:
                changed.append(article)
        return Reread(
            capture_id=job.capture_id,
            same=same,
            articles=tuple(changed),
            problems=tuple(problems),
            stale=tuple(stale),
        )

    def _articles(self, job: Job, capture: Capture) -> Iterator[Article | Problem]:
        column = self.columns[job.column]
        if job.whole:
            yield archived_article(
                self.store, self.archive, column, capture, published=job.published
            )
        if not job.told:
            return
        listing = interpret(capture, column, expect="list")
        items = {article_id(x.url): x for x in listing.items}
        for key in sorted(job.told):
            if key in items:
                yield interpret_item(items[key], column, family=listing.family)
            else:
                yield Problem(where=job.url, what=f"the list does not show {key} any more")

    def _corrected(self, article: Article, job: Job, stale: list[Problem]) -> Article:
        fixes: tuple[Fix, ...] = self.fixes.of(article.id)
        if not fixes or article.kind != "article":
            return article
        found = corrected(article, fixes, self.columns[job.column])
        stale += [Problem(where=article.url, what=x) for x in found.stale]
        return found.article


def archived_article(
    store: Store,
    archive: Archive,
    column: Column,
    capture: Capture,
    *,
    published: Published | None,
) -> Article:
    """What an archived response says, with the further pages that the archive has of its story.

    Raises `ArchiveError`, and what `interpret` raises.
    """
    article = interpret(capture, column, published=published)
    more = [store.newest_capture(url) for url in article.more_urls]
    captures = [archive.read(x.ref) for x in more if x is not None]
    if not captures:
        return article
    return interpret(capture, column, published=published, more=captures)


Submit = Callable[[Sequence[Job]], Callable[[], tuple[Reread, ...]]]
"""Takes jobs, and returns what waits for their results."""


@contextmanager
def readers(
    own: Rereader, *, store_url: str, archive_dir: Path, processes: int
) -> Iterator[Submit]:
    """Give jobs to other processes, begun with the first ones; to *own*, in this one, for one."""
    if processes < 2:

        def here(jobs: Sequence[Job]) -> Callable[[], tuple[Reread, ...]]:
            return lambda: own.read(jobs)

        yield here
        return
    # Threads may be running here, which no fork survives
    with ProcessPoolExecutor(
        processes,
        mp_context=get_context("spawn"),
        initializer=_open,
        initargs=(store_url, archive_dir, dict(own.columns), own.fixes),
    ) as pool:
        try:

            def there(jobs: Sequence[Job]) -> Callable[[], tuple[Reread, ...]]:
                future: Future[tuple[Reread, ...]] = pool.submit(_read, jobs)
                return future.result

            yield there
        finally:
            pool.shutdown(cancel_futures=True)


_opened: list[Rereader] = []
"""What a reading process has open, until it ends."""


def _open(store_url: str, archive_dir: Path, columns: Mapping[str, Column], fixes: Fixes) -> None:
    store = Store.open(store_url)
    archive = Archive(archive_dir, index=store)
    _opened.append(Rereader(store=store, archive=archive, columns=columns, fixes=fixes))


def _read(jobs: Sequence[Job]) -> tuple[Reread, ...]:
    return _opened[0].read(jobs)
