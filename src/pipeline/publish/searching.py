"""The search index of the published tree, gone on with where the last run stopped.

The log of the store is cut at multiples of 4,096, of 512 and of 64, the largest that fit:
few segments, of which a publication writes the last and shortest one anew. The cuts depend
on the log's numbers alone, so the index does not depend on when it was written. Versions of
articles that later ones took the place of stay in their segments and are marked in
``index.json`` as passed over.
"""

import hashlib
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import opencc

from pipeline.parse import topics_of
from pipeline.publish.content import title_of
from pipeline.publish.entries import as_entry
from pipeline.publish.files import Tree
from pipeline.publish.history import log_mark
from pipeline.publish.jsonfeed import to_json
from pipeline.publish.segments import FORM, Doc, segment
from pipeline.publish.syncing import explained
from pipeline.records import Article
from pipeline.store import Revision, Store, folding
from pipeline.store.articles import sort_at
from pipeline.store.search import folded

FOLDER = "search"
SIZES = (4096, 512, 64)
_BATCH = 500

Range = tuple[int, int]
"""First and last number of the log."""


def ranges(newest: int, sizes: Sequence[int] = SIZES) -> Iterator[Range]:
    """The segments that a log up to *newest* is cut into."""
    start, end = 0, newest + 1
    for size in sizes:
        while end - start >= size:
            yield start, start + size - 1
            start += size
    if start < end:
        yield start, newest


@dataclass(slots=True)
class _Shelf:
    """What is known of one segment: its folder, how much is in it, the numbers passed over."""

    name: str
    docs: int
    files: int
    passed: set[int]

    @classmethod
    def of(cls, line: Any) -> "_Shelf | None":
        """As it was remembered; None, so that it is made anew, for anything else."""
        try:
            docs, files = int(line["docs"]), int(line["files"])
            return cls(str(line["name"]), docs, files, set(unpacked(line["passed"])))
        except (KeyError, TypeError, ValueError):
            return None

    @property
    def is_needed(self) -> bool:
        """Whether something in it is not passed over; reading all anew empties old segments."""
        return len(self.passed) < self.docs

    def line(self, first: int) -> dict[str, Any]:
        """What ``search.js`` wants to know."""
        return {"first": first, "name": self.name, "docs": self.docs, "passed": packed(self.passed)}


def packed(numbers: Collection[int]) -> str:
    """Small numbers as the bits of a hexadecimal text, the lowest bit first in each digit."""
    digits = [0] * (max(numbers, default=-1) // 4 + 1)
    for x in numbers:
        digits[x // 4] |= 1 << x % 4
    return "".join(f"{x:x}" for x in digits)


def unpacked(text: str) -> Iterator[int]:
    """The numbers that `packed` took."""
    for n, digit in enumerate(text):
        for bit in range(4):
            if int(digit, 16) >> bit & 1:
                yield n * 4 + bit


class SearchIndex:
    """Writes the index of *store* into *tree*."""

    def __init__(self, store: Store, tree: Tree, *, sizes: Sequence[int] = SIZES) -> None:
        self._store = store
        self._tree = tree
        self._sizes = sizes
        self._topics = store.topics
        self._hidden = {x.article_id for x in store.withheld()}
        self._shelves: dict[Range, _Shelf] = {}

    def write(self, state: Mapping[str, Any], newest: int) -> dict[str, Any]:
        """Write what is new since *state*, which an earlier run gave back; what to remember.

        *newest* is the last number of the log.
        """
        version = self._version()
        before = int(state.get("seq", 0))
        mark = log_mark(self._store, before)
        goes_on = state.get("version") == version and state.get("mark") == mark
        wanted = tuple(ranges(newest, self._sizes)) if newest else ()
        if goes_on:
            self._take_over(state, wanted)
        old = tuple(self._shelves)
        for x in wanted:
            if x not in self._shelves:
                self._build(x)
        if goes_on:
            self._pass_over((before + 1, newest))
        needed = {x: shelf for x, shelf in self._shelves.items() if shelf.is_needed}
        lines = [shelf.line(x[0]) for x, shelf in sorted(needed.items())]
        self._write_table(is_known=goes_on)
        self._tree.unchanged += sum(needed[x].files for x in old if x in needed)
        self._tree.write(f"{FOLDER}/index.json", to_json({"form": FORM, "segments": lines}))
        self._remove_others({x.name for x in needed.values()})
        kept = {
            f"{a}-{b}": shelf.line(a) | {"files": shelf.files}
            for (a, b), shelf in sorted(self._shelves.items())
        }
        mark = log_mark(self._store, newest)
        hidden = sorted(self._hidden)
        return {
            "version": version, "seq": newest, "mark": mark, "hidden": hidden, "segments": kept,
        }  # fmt: skip

    def _version(self) -> str:
        """Changes with all that goes into the index besides articles."""
        programs = (FORM, folding.FOLDING, opencc.__version__, unicodedata.unidata_version)
        return hashlib.sha256(repr((programs, self._sizes, self._topics)).encode()).hexdigest()[:16]

    def _write_table(self, *, is_known: bool) -> None:
        name = f"{FOLDER}/fold.json"
        if is_known and self._tree.holds(name):
            self._tree.keep(name)
        else:
            self._tree.write(name, fold_table())

    def _take_over(self, state: Mapping[str, Any], wanted: Collection[Range]) -> None:
        """Go on with the segments that are there and still wanted.

        Those with an article that is withheld from now on, or shown again, are not.
        """
        lines = state.get("segments", {})
        other = self._hidden.symmetric_difference(state.get("hidden", ()))
        stale = {x.seq for article_id in other for x in self._store.history(article_id)}
        for first, last in wanted:
            if any(first <= x <= last for x in stale):
                continue
            shelf = _Shelf.of(lines.get(f"{first}-{last}"))
            if shelf and (not shelf.is_needed or self._is_there(shelf.name)):
                self._shelves[first, last] = shelf

    def _is_there(self, name: str) -> bool:
        return (self._tree.target / FOLDER / name / "columns.bin").is_file()

    def _revisions(self, span: Range) -> Iterator[Revision]:
        after, last = span[0] - 1, span[1]
        while after < last and (found := self._store.log(after, min(_BATCH, last - after))):
            yield from (x for x in found if x.seq <= last)
            after = found[-1].seq

    def _build(self, span: Range) -> None:
        """Write the segment of a part of the log; of each article its last version there."""
        docs: dict[str, Doc] = {}
        updated = None
        for revision in self._revisions(span):
            docs.pop(revision.article_id, None)
            if revision.article_id in self._hidden:
                continue
            docs[revision.article_id] = self._doc(revision)
            updated = max(updated, revision.seen_at) if updated else revision.seen_at
        passed = {x - span[0] for x in self._passed(docs)}
        shelf = self._shelves[span] = _Shelf("", len(docs), 0, passed)
        if shelf.is_needed:
            found = segment(span[0], tuple(docs.values()))
            shelf.name = f"{span[0]:09d}-{span[1]:09d}-{found.digest}"
            shelf.files = len(found.files)
            for file, data in found.files:
                name = f"{FOLDER}/{shelf.name}/{file}"
                self._tree.write(name, data, updated=updated, listed=False)

    def _passed(self, docs: Mapping[str, Doc]) -> set[int]:
        """The numbers of those that have a later version."""
        ids, found = list(docs), set()
        for start in range(0, len(ids), _BATCH):
            for known in self._store.known(ids[start : start + _BATCH]).values():
                if known.seq != docs[known.id].seq:
                    found.add(docs[known.id].seq)
        return found

    def _pass_over(self, news: Range) -> None:
        """Mark the versions that the *news* of the log took the place of."""
        for revision in self._revisions(news):
            if revision.number > 1:
                numbers = [x.seq for x in self._store.history(revision.article_id)]
                for (first, last), shelf in self._shelves.items():
                    inside = [x - first for x in numbers[:-1] if first <= x <= last]
                    if inside and numbers[-1] > last:
                        shelf.passed.add(inside[-1])

    def _doc(self, revision: Revision) -> Doc:
        article = revision.article
        title, body = folded(article)
        return Doc(
            seq=revision.seq,
            id=revision.article_id,
            shown=title_of(as_entry(revision)),
            title=title,
            body=body,
            sort_at=sort_at(article, revision.first_seen),
            day=article.published.day if article.published else None,
            source=article.source or "",
            kind=article.text_kind,
            topics=self._topics_of(article),
            is_meeting=bool(article.meetings),
        )

    def _topics_of(self, article: Article) -> tuple[str, ...]:
        matters = tuple(x.subject.value for held in article.meetings for x in held.agenda)
        return topics_of(article.title, article.paragraphs, self._topics, subjects=matters)

    def _remove_others(self, names: Collection[str]) -> None:
        """Remove the segments that nothing leads to any more."""
        folder = self._tree.target / FOLDER
        with explained(folder):
            found = [x for x in folder.iterdir() if x.is_dir() and x.name not in names]
            for place in sorted(found):
                for path in sorted(place.iterdir()):
                    self._tree.remove(path.relative_to(self._tree.target).as_posix())


@cache
def fold_table() -> bytes:
    """What `pipeline.store.folding` does to characters, for ``search.js``.

    The script knows NFKC, lower case, letters and digits. The table has the rest: simplified
    characters, and what case folding does besides.
    """
    simple: dict[str, str] = {}
    other: dict[str, str] = {}
    for code in range(0x110000):
        one = chr(code)
        if one.isascii() or not one.isalnum():
            continue
        found, plain = folding.fold_one(one), _script_folds(one)
        if found == plain:
            continue
        is_simple = len(found) == len(one) == 1 and plain == one
        (simple if is_simple else other)[one] = found
    # what became of a compatibility form is looked up in turn
    other = {k: v for k, v in other.items() if v != _script_folds(k, simple)}
    return to_json({"from": "".join(simple), "to": "".join(simple.values()), "other": other})


def _script_folds(one: str, simple: Mapping[str, str] = MappingProxyType({})) -> str:
    plain = unicodedata.normalize("NFKC", one).lower()
    kept = (x if unicodedata.category(x)[0] in "LN" else " " for x in plain)
    return " ".join("".join(simple.get(x, x) for x in kept).split())
