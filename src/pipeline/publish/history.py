"""The log of the store on its way into archive documents and the feed of corrections."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pipeline.publish.archives import (
    Shelf,
    archive_document,
    folder,
    revisions_at,
    shelve,
)
from pipeline.publish.changes import TOLD, revision_entry
from pipeline.publish.content import Names, feed_entry
from pipeline.publish.document import FeedDocument, FeedEntry, flaw
from pipeline.publish.feeds import MOST, NEWEST, RECENT, REVISIONS
from pipeline.publish.files import Tree
from pipeline.publish.formats import ARCHIVED, write_forms
from pipeline.records import Article
from pipeline.store import Entry, Revision, Store

_ACTS = ("new", *TOLD)
"""What the publisher did; that we read a page better later is no part of its history."""

_KEPT = 1000  # entries held in memory


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


def log_mark(store: Store, seq: int) -> str:
    """What the log says at a number: tells whether a tree was made from this store."""
    found = store.log(seq - 1, 1) if seq else ()
    return f"{found[0].seq} {found[0].article_id} {found[0].content_hash}" if found else ""


class History:
    """Archive documents of all feeds, gone on with where the last run stopped.

    *belongs* gives the paths of an article's feeds, *rules* by what some of them are chosen.

    After `write`, ``open_archives`` holds the paths of feeds with a history
    and ``left_out`` a line for each revision that no feed can hold.
    """

    def __init__(
        self,
        store: Store,
        names: Names,
        tree: Tree,
        headings: Mapping[str, FeedDocument],
        *,
        belongs: Callable[[Article], Iterable[str]],
        rules: Mapping[str, str],
    ) -> None:
        self._paths_of = belongs
        self._rules = rules
        self._store = store
        self._names = names
        self._tree = tree
        self._headings = headings
        self._shelves: dict[str, Shelf] = {}
        self._made: dict[int, FeedEntry] = {}
        self.open_archives: set[str] = set()
        self.left_out: list[str] = []

    def write(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """Write what is new since *state*, which an earlier run gave back; what to remember."""
        made_for = f"{self._names.base_url} {self._names.tag_authority}"
        seq = int(state.get("seq", 0))
        goes_on = state.get("made_for") == made_for and state.get("mark") == log_mark(
            self._store, seq
        )
        shelves = state.get("shelves", {}) if goes_on else {}
        for path in self._headings:
            shelf, rule = Shelf.of(shelves.get(path)), self._rules.get(path, "")
            is_good = shelf.rule == rule and self._is_there(path, shelf)
            self._shelves[path] = shelf if is_good else Shelf(rule=rule)
        touched = shelve(self._store, self._shelves, self._belongs, self._close)
        for path, shelf in self._shelves.items():
            self._write_open(path, shelf, is_new=path in touched)
        seq = max((x.seq for x in self._shelves.values()), default=0)
        return {
            "made_for": made_for,
            "seq": seq,
            "mark": log_mark(self._store, seq),
            "shelves": {path: shelf.state() for path, shelf in self._shelves.items()},
        }

    def _files(self, path: str, shelf: Shelf) -> Iterator[str]:
        """Names of all files that a shelf stands for."""
        folders = [folder(path, n + 1) for n in range(shelf.closed)]
        if shelf.open:
            folders.append(folder(path, None))
        for tag in ("", *(f"{x.tag}/" for x in self._tree.editions)):
            for place in folders:
                yield from (f"{tag}{place}/{form.file}" for form in ARCHIVED)

    def _is_there(self, path: str, shelf: Shelf) -> bool:
        return all((self._tree.target / x).is_file() for x in self._files(path, shelf))

    def _belongs(self, revision: Revision) -> Iterable[str]:
        if revision.kind in TOLD:
            yield REVISIONS.path
        if revision.kind in _ACTS:
            yield from self._paths_of(revision.article)

    def _entries(self, path: str, numbers: Sequence[int]) -> list[FeedEntry]:
        found = []
        for revision in revisions_at(self._store, numbers):
            if path == REVISIONS.path:
                entry = revision_entry(self._names, self._before(revision), revision)
            else:
                entry = self._entry(revision)
            problem = flaw(entry)
            if problem:
                self.left_out.append(f"{revision.article.url}: {problem}")
            else:
                found.append(entry)
        return found

    def _entry(self, revision: Revision) -> FeedEntry:
        """The entry as of a revision; kept a while, since it stands in several feeds."""
        if revision.seq not in self._made:
            if len(self._made) >= _KEPT:
                self._made.clear()
            self._made[revision.seq] = feed_entry(self._names, as_entry(revision))
        return self._made[revision.seq]

    def _before(self, revision: Revision) -> Revision | None:
        """The version of the text that a revision took the place of."""
        earlier = [
            x for x in self._store.history(revision.article_id) if x.number < revision.number
        ]
        return earlier[-1] if earlier else None

    def _close(self, path: str, number: int, numbers: list[int]) -> None:
        self._write_document(path, number, number, numbers)

    def _write_open(self, path: str, shelf: Shelf, *, is_new: bool) -> None:
        """Write the open document where something is on it; leave the closed ones alone."""
        if is_new:
            numbers = [seq for seq, _ in shelf.open]
            self._write_document(path, None, shelf.closed, numbers)
        for name in self._files(path, shelf):
            self._tree.keep(name)
        if shelf.open:
            self.open_archives.add(path)

    def _write_document(
        self, path: str, number: int | None, closed: int, numbers: Sequence[int]
    ) -> None:
        entries = self._entries(path, numbers)
        document = archive_document(self._headings[path], number, closed, entries)
        if document is not None:
            write_forms(self._tree, document, ARCHIVED)

    def corrections(self) -> list[FeedEntry]:
        """The entries of the live feed of corrections: newest 50, and all of its last 7 days."""
        shelf = self._shelves[REVISIONS.path]
        entries = self._entries(REVISIONS.path, shelf.recent)
        if not entries:
            return []
        oldest = max(x.published for x in entries) - RECENT
        newest = sorted(entries, key=lambda x: x.published, reverse=True)[:MOST]
        return [x for n, x in enumerate(newest) if n < NEWEST or x.published >= oldest]
