"""The log of the store on its way into archive documents and the feed of corrections."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pipeline.publish.archives import (
    LENGTH,
    Shelf,
    archive_document,
    folder,
    length_of,
    shelve,
)
from pipeline.publish.changes import TOLD, revision_entry
from pipeline.publish.content import Names
from pipeline.publish.document import FeedDocument, FeedEntry, Tombstone, flaw
from pipeline.publish.entries import Entries
from pipeline.publish.feeds import MOST, NEWEST, RECENT, REVISIONS, path_of
from pipeline.publish.files import Tree
from pipeline.publish.formats import ARCHIVED, write_forms
from pipeline.publish.withheld import Withheld
from pipeline.records import Article
from pipeline.store import Revision, Store, Subject

_ACTS = ("new", *TOLD)
"""What the publisher did; that we read a page better later is no part of its history."""

_BATCH = 500  # revisions read at a time
_MAY_OVERFLOW = NEWEST - 10
"""Live articles of a subject from which on its feed may not hold all: withdrawn ones take room too."""


def log_mark(store: Store, seq: int) -> str:
    """What the log says at a number: tells whether a tree was made from this store."""
    found = store.log(seq - 1, 1) if seq else ()
    return f"{found[0].seq} {found[0].article_id} {found[0].content_hash}" if found else ""


class History:
    """Archive documents of all feeds, gone on with where the last run stopped.

    *headings* are those of all feeds, *belongs* gives the paths of an article's feeds, *rules* by
    what some of them are chosen. *subjects* have a history where a live feed may not hold all
    their articles. What is *withheld* leaves a tombstone. *looked_at* are the paths of the feeds
    whose files are looked for, to be written anew where one is missing.

    Of the closed documents of a feed the last *keeps* stay (None: all); older ones go, and the
    link to them from the first that stays, which never changes, leads to what is gone.

    `begin` reads the log, `write` writes the documents of some feeds. ``open_archives`` holds
    the paths of feeds with a history and ``left_out`` a line for each revision that no feed
    can hold.
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
        looked_at: Collection[str],
        subjects: Sequence[Subject],
        withheld: Withheld,
        made: Entries,
        keeps: int | None = None,
    ) -> None:
        self._keeps = keeps
        self._subjects = {path_of(x): x for x in subjects if x.articles >= _MAY_OVERFLOW}
        self._no_shelf = frozenset(map(path_of, subjects))
        self._withheld = withheld
        self._paths_of = belongs
        self._rules = rules
        self._looked_at = looked_at
        # numbers and revisions of the documents that are full and wait to be written
        self._full: defaultdict[str, list[tuple[int, array[int]]]] = defaultdict(list)
        self._is_new: set[str] = set()
        self._seq = 0
        self._store = store
        self._names = names
        self._tree = tree
        self._headings = headings
        self._shelves: dict[str, Shelf] = {}
        self._made = made
        self._lengths: dict[int, int] = {}  # of texts, by number in the log
        self.open_archives: set[str] = set()
        self.left_out: list[str] = []

    @property
    def _made_for(self) -> str:
        return f"{self._names.base_url} {self._names.tag_authority}"

    def begin(self, state: Mapping[str, Any], touched: Collection[str] | None) -> None:
        """Read what is new since *state*, which an earlier run gave back.

        *touched* are the paths of feeds in which an article changed, None where all may be.
        """
        seq = int(state.get("seq", 0))
        goes_on = state.get("made_for") == self._made_for and state.get("mark") == log_mark(
            self._store, seq
        )
        shelves = state.get("shelves", {}) if goes_on else {}
        for path in (x for x in self._headings if x not in self._no_shelf):
            shelf, rule = Shelf.of(shelves.get(path)), self._rules.get(path, "")
            is_good = shelf.rule == rule and self._is_there(path, shelf)
            shelf = shelf if is_good else Shelf(rule=rule)
            shelf.keeps = LENGTH if path == REVISIONS.path else 0
            self._shelves[path] = shelf
        old = {path: shelf.closed for path, shelf in self._shelves.items()}
        self._is_new = shelve(self._store, self._shelves, self._belongs, self._close)
        self._seq = max((x.seq for x in self._shelves.values()), default=0)
        for path, subject in self._subjects.items():
            is_touched = touched is None or path in touched
            if self._shelve_subject(path, subject, Shelf.of(shelves.get(path)), is_touched):
                self._is_new.add(path)
        self._lengths.clear()
        self._is_new |= self._mend(old)
        self.open_archives = {path for path, shelf in self._shelves.items() if shelf.open}

    def write(self, paths: Iterable[str]) -> None:
        """Write the documents of these feeds in which something is new.

        Feeds of one place hold the same articles: written together they are made once.
        """
        shelves = {path: self._shelves[path] for path in paths if path in self._shelves}
        full = [(x[1][-1], path, *x) for path in shelves for x in self._full.pop(path, ())]
        for _, path, number, numbers in sorted(full, key=lambda x: x[0]):  # as in the log
            if number > self._dropped(shelves[path]):
                self._write_document(path, number, number, numbers)
        for path, shelf in shelves.items():
            self._write_open(path, shelf, is_new=path in self._is_new)

    def state(self) -> dict[str, Any]:
        """Plain values to be remembered."""
        return {
            "made_for": self._made_for,
            "seq": self._seq,
            "mark": log_mark(self._store, self._seq),
            "shelves": {path: shelf.state() for path, shelf in self._shelves.items()},
        }

    def _shelve_subject(self, path: str, subject: Subject, shelf: Shelf, is_touched: bool) -> bool:
        """Go on with the history of a subject; whether something is new.

        It is made anew where the new articles in the log do not account for how many the
        subject has now: others are counted among its own by a better reading.
        """
        rule = f"{subject.articles} {subject.change}"
        is_good = bool(shelf.seq) and self._is_there(path, shelf)
        self._shelves[path] = shelf
        if is_good and shelf.rule == rule and not is_touched:
            return False
        if is_good:
            before, _, _ = shelf.rule.partition(" ")
            came, is_new = self._take(path, subject, shelf)
            if int(before) + came == subject.articles:
                shelf.rule = rule
                return is_new
        self._shelves[path] = shelf = Shelf(rule=rule)
        self._full.pop(path, None)
        return self._take(path, subject, shelf)[1]

    def _take(self, path: str, subject: Subject, shelf: Shelf) -> tuple[int, bool]:
        """Put what is new in the log on a shelf; how many new articles, and whether anything."""
        key = (subject.kind, subject.key)
        acts = self._store.acts(shelf.seq, kinds=_ACTS, subject=key)
        for start in range(0, len(acts), _BATCH):
            found = acts[start : start + _BATCH]
            missing = [x for x, _ in found if x not in self._lengths]
            self._lengths |= {x.seq: length_of(x) for x in self._store.log_at(missing)}
            for seq, _ in found:
                full = shelf.take(seq, self._lengths[seq])
                if full is not None:
                    self._close(path, shelf.closed, full)
            shelf.seq = found[-1][0]
        return sum(kind == "new" for _, kind in acts), bool(acts)

    def _mend(self, closed: Mapping[str, int]) -> set[str]:
        """Write the documents anew that hold what was taken down or brought back.

        *closed* says how many of each feed were closed before this run: later ones are right.
        Returns the paths where the open one is concerned.
        """
        is_open: set[str] = set()
        for entry in self._withheld.entries(anew=False):
            seqs = [x.seq for x in self._store.history(entry.article.id)]
            paths = self._withheld.paths(entry, self._paths_of)
            for path in (*paths, REVISIONS.path):
                shelf = self._shelves.get(path)
                numbers = {shelf.place(x) for x in seqs} if shelf else ()
                for number in numbers:
                    if number is None:
                        is_open.add(path)
                    elif shelf and self._dropped(shelf) < number <= closed.get(path, number):
                        self._rewrite(path, number)
        return is_open

    def _rewrite(self, path: str, number: int) -> None:
        """Write a closed document anew, out of the part of the log that it lies in."""
        shelf = self._shelves[path]
        first, after = shelf.bounds(number)
        subject, last = self._subjects.get(path), first - 1
        key = (subject.kind, subject.key) if subject else None
        numbers: list[int] = []
        while batch := self._store.log(last, _BATCH, kinds=_ACTS, subject=key):
            found = [x for x in batch if x.seq < after]
            numbers += [x.seq for x in found if key or path in self._belongs(x)]
            if len(found) < len(batch):
                break
            last = batch[-1].seq
        self._write_document(path, number, number, numbers)

    def _files(self, path: str, shelf: Shelf) -> Iterator[str]:
        """Names of all files that a shelf stands for."""
        folders = [folder(path, n + 1) for n in range(self._dropped(shelf), shelf.closed)]
        if shelf.open:
            folders.append(folder(path, None))
        for tag in ("", *(f"{x.tag}/" for x in self._tree.editions)):
            for place in folders:
                yield from (f"{tag}{place}/{form.file}" for form in ARCHIVED)

    def _dropped(self, shelf: Shelf) -> int:
        """How many closed documents are not published any more, the oldest."""
        return 0 if self._keeps is None else max(0, shelf.closed - self._keeps)

    def _is_there(self, path: str, shelf: Shelf) -> bool:
        return path not in self._looked_at or all(map(self._tree.holds, self._files(path, shelf)))

    def _belongs(self, revision: Revision) -> Iterable[str]:
        self._lengths[revision.seq] = length_of(revision)
        if revision.kind in TOLD:
            yield REVISIONS.path
        if revision.kind in _ACTS:
            yield from self._paths_of(revision.article)

    def _entries(
        self, path: str, numbers: Sequence[int]
    ) -> tuple[list[FeedEntry], list[Tombstone]]:
        if path == REVISIONS.path:
            return self._corrections(numbers)
        found: list[FeedEntry] = []
        stones: list[Tombstone] = []
        for x in self._made.logged(numbers):
            if x.article_id in self._withheld:
                stones.append(self._withheld.tombstone(x.article_id, x.entry.id))
            elif x.problem:
                self.left_out.append(f"{x.url}: {x.problem}")
            else:
                found.append(x.entry)
        return found, stones

    def _corrections(self, numbers: Sequence[int]) -> tuple[list[FeedEntry], list[Tombstone]]:
        """What `revision_entry` tells of revisions."""
        found: list[FeedEntry] = []
        stones: list[Tombstone] = []
        for revision in self._store.log_at(numbers):
            if revision.article_id in self._withheld:
                ref = f"{self._names.entry_id(revision.article)}/{revision.number}"
                stones.append(self._withheld.tombstone(revision.article_id, ref))
                continue
            entry = revision_entry(self._names, self._before(revision), revision)
            problem = flaw(entry)
            if problem:
                self.left_out.append(f"{revision.article.url}: {problem}")
            else:
                found.append(entry)
        return found, stones

    def _before(self, revision: Revision) -> Revision | None:
        """The version of the text that a revision took the place of."""
        earlier = [
            x for x in self._store.history(revision.article_id) if x.number < revision.number
        ]
        return earlier[-1] if earlier else None

    def _close(self, path: str, number: int, numbers: "array[int]") -> None:
        self._full[path].append((number, numbers))

    def _write_open(self, path: str, shelf: Shelf, *, is_new: bool) -> None:
        """Write the open document where something is on it; leave the closed ones alone."""
        if is_new:
            self._write_document(path, None, shelf.closed, shelf.open)
        for name in self._files(path, shelf):
            self._tree.keep(name)
        for number in range(1, self._dropped(shelf) + 1):
            for form in ARCHIVED:
                self._tree.remove_page(f"{folder(path, number)}/{form.file}")

    def _write_document(
        self, path: str, number: int | None, closed: int, numbers: Sequence[int]
    ) -> None:
        entries, stones = self._entries(path, numbers)
        document = archive_document(self._headings[path], number, closed, entries, stones)
        if document is not None:
            write_forms(self._tree, document, ARCHIVED)

    def corrections(self) -> tuple[list[FeedEntry], list[Tombstone]]:
        """What the live feed of corrections holds: newest 50, and all of its last 7 days."""
        shelf = self._shelves[REVISIONS.path]
        entries, stones = self._corrections(shelf.recent)
        if not entries:
            return [], stones
        oldest = max(x.published for x in entries) - RECENT
        newest = sorted(entries, key=lambda x: x.published, reverse=True)[:MOST]
        return [x for n, x in enumerate(newest) if n < NEWEST or x.published >= oldest], stones
