"""The entries of feeds: an article stands in many, and is made into an entry once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cachetools import LRUCache

from pipeline.publish.content import Names, feed_entry
from pipeline.publish.document import FeedEntry, flaw
from pipeline.store import Entry, Head, Revision, Store

_CHARS = 2_000_000
"""So many characters of entries are kept; those that were not asked for longest go."""
_WHOLE = 8_000_000
"""So many where everything is written: each entry is wanted some times."""
_BESIDES = 600  # characters of an entry around its text, roughly


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The entry of an article; ``problem`` says why it cannot stand in a feed."""

    article_id: str
    url: str
    entry: FeedEntry
    problem: str | None


def as_entry(revision: Revision) -> Entry:
    """The article as it stood after a revision."""
    return Entry(
        article=revision.article,
        first_seen=revision.first_seen,
        updated=revision.seen_at,
        sort_at=revision.seen_at,
        revision=revision.number,
        state="withdrawn" if revision.kind == "withdrawn" else "live",
        seq=revision.seq,
    )


def head_of(entry: Entry) -> Head:
    """What says where an article stands in a list."""
    return Head(id=entry.article.id, sort_at=entry.sort_at, seq=entry.seq)


class Entries:
    """Makes entries, and keeps them by the number that their revision has in the log.

    An act of the publisher leaves the article as its revision tells, so feeds and archives
    share what was made. For as long as the store stays as it is.
    """

    def __init__(self, store: Store, names: Names) -> None:
        self._store = store
        self._names = names
        self._kept: LRUCache[int, Made] = LRUCache(0)
        self.forget()

    def forget(self, *, is_whole: bool = False) -> None:
        """Give the memory back; *is_whole*: everything is written from now on, which takes more."""
        room = _WHOLE if is_whole else _CHARS
        self._kept = LRUCache(room, getsizeof=lambda x: len(x.entry.html) + _BESIDES)

    def of(self, entry: Entry) -> Made:
        """The entry of an article."""
        kept = self._kept.get(entry.seq)
        if kept is None:
            found = feed_entry(self._names, entry)
            article = entry.article
            kept = Made(article_id=article.id, url=article.url, entry=found, problem=flaw(found))
            if len(found.html) < _CHARS // 10:
                self._kept[entry.seq] = kept
        return kept

    def standing(self, heads: Sequence[Head]) -> tuple[Made, ...]:
        """The entries of articles as they stand now, in this order."""
        ids = {x.seq: x.id for x in heads}

        def read(numbers: Sequence[int]) -> Iterable[Entry]:
            return self._store.entries_of([ids[x] for x in numbers]).values()

        return self._all([x.seq for x in heads], read)

    def logged(self, numbers: Iterable[int]) -> tuple[Made, ...]:
        """The entries as of revisions that are acts of the publisher, in the order of the log."""
        return self._all(
            sorted(numbers), lambda missing: map(as_entry, self._store.log_at(missing))
        )

    def _all(
        self, numbers: Sequence[int], read: Callable[[Sequence[int]], Iterable[Entry]]
    ) -> tuple[Made, ...]:
        found = {x: kept for x in numbers if (kept := self._kept.get(x)) is not None}
        missing = [x for x in numbers if x not in found]
        if missing:
            found |= {x.seq: self.of(x) for x in read(missing)}
        return tuple(found[x] for x in numbers if x in found)


def sound(
    found: Iterable[Made], told: set[str] | None = None
) -> tuple[tuple[FeedEntry, ...], tuple[str, ...]]:
    """The entries that can stand in a feed, and a line for each that cannot.

    An article that *told* names is left out without a line: it stands in several feeds.
    """
    good, bad = [], []
    for x in found:
        if not x.problem:
            good.append(x.entry)
        elif told is None or x.article_id not in told:
            bad.append(f"{x.url}: {x.problem}")
            if told is not None:
                told.add(x.article_id)
    return tuple(good), tuple(bad)
