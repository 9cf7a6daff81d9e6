"""History of a feed after RFC 5005: everything, in the order in which the store learned of it.

A document of 200 is closed for ever once it is full. What came after the last
closed one stands in ``archive/newest``, whose address never changes: so a walk
back in time that brings thousands of old articles leaves the live feeds and
all closed documents as they are.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.publish.content import FEED_CHARS
from pipeline.publish.document import FeedDocument, FeedEntry, Tombstone
from pipeline.publish.feeds import newest_first
from pipeline.store import Revision, Store

LENGTH = 200
"""Revisions in a document …"""
CHARS = 1_000_000
"""… or fewer, where their texts together are longer than this."""

NEWEST = "newest"


def _numbers(text: str = "") -> "array[int]":
    """Numbers of the log: there are some hundred for each of thousands of feeds."""
    return array("q", map(int, text.split()))


@dataclass(slots=True)
class Shelf:
    """Where the history of one feed stands: the number of closed documents, and what is open.

    ``starts`` are the first numbers in the log of the closed documents. ``open`` holds the
    numbers in the log of the revisions that no closed document has, ``chars`` how long their
    texts are together, ``recent`` the numbers of the last ``keeps`` of all;
    ``seq`` is the last number looked at, ``rule`` by what the feed is chosen: where that is
    another one, its history is made anew.
    """

    rule: str = ""
    seq: int = 0
    starts: list[int] = field(default_factory=list)
    open: "array[int]" = field(default_factory=_numbers)
    chars: int = 0
    recent: list[int] = field(default_factory=list)
    keeps: int = 0

    @property
    def closed(self) -> int:
        """How many documents are closed."""
        return len(self.starts)

    @classmethod
    def of(cls, state: Any) -> "Shelf":
        """The shelf as `state` gave it; an empty one, to be built anew, for anything else."""
        try:
            return cls(
                rule=str(state["rule"]),
                seq=int(state["seq"]),
                starts=[int(x) for x in state["starts"]],
                open=_numbers(state["open"]),
                chars=int(state["chars"]),
                recent=[int(x) for x in state["recent"]],
                keeps=int(state["keeps"]),
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            return cls()

    def state(self) -> dict[str, Any]:
        """Plain values to be remembered."""
        return {
            "rule": self.rule,
            "seq": self.seq,
            "starts": self.starts,
            "open": " ".join(map(str, self.open)),
            "chars": self.chars,
            "recent": self.recent,
            "keeps": self.keeps,
        }

    def take(self, seq: int, length: int) -> "array[int] | None":
        """Put a revision on the shelf; the log numbers of a document that is full before it."""
        full = len(self.open) >= LENGTH or (bool(self.open) and self.chars + length > CHARS)
        closed = self.open if full else None
        if full:
            self.starts.append(self.open[0])
            self.open, self.chars = _numbers(), 0
        self.open.append(seq)
        self.chars += length
        if self.keeps:
            self.recent = [*self.recent, seq][-self.keeps :]
        return closed

    def place(self, seq: int) -> int | None:
        """The number of the closed document that a number in the log lies in; None for the open one."""
        if not self.starts or (self.open and seq >= self.open[0]):
            return None
        return bisect_right(self.starts, seq) or None

    def bounds(self, number: int) -> tuple[int, int]:
        """The numbers in the log between which a closed document lies: its first, and the next one's."""
        after = [*self.starts[number:], self.open[0] if self.open else self.seq + 1]
        return self.starts[number - 1], after[0]


def folder(path: str, number: int | None) -> str:
    """The folder of a closed document, or of the open one for None."""
    return f"{path}/archive/{NEWEST if number is None else f'{number:06d}'}"


def length_of(revision: Revision) -> int:
    """What the text of a revision takes in a document, in characters."""
    return min(FEED_CHARS, sum(map(len, revision.article.paragraphs)))


def archive_document(
    feed: FeedDocument,
    number: int | None,
    closed: int,
    entries: Iterable[FeedEntry],
    tombstones: Iterable[Tombstone] = (),
) -> FeedDocument | None:
    """The document with that number of *closed* ones; None for nothing.

    Of several versions of an entry the last one in *entries* stands, for an
    id may be only once in a feed.
    """
    last = {x.id: x for x in entries}
    stones = tuple({x.ref: x for x in tombstones}.values())
    if not last and not stones:
        return None
    before = closed if number is None else number - 1
    ordered = newest_first(last.values())
    return replace(
        feed,
        path=folder(feed.path, number),
        entries=ordered,
        tombstones=stones,
        updated=max((*(x.updated for x in ordered), *(x.when for x in stones))),
        archive=True,
        prev_archive=folder(feed.path, before) if before else None,
        current=feed.path,
    )


Belongs = Callable[[Revision], Iterable[str]]
"""The paths of the feeds that a revision belongs to."""


def shelve(
    store: Store,
    shelves: Mapping[str, Shelf],
    belongs: Belongs,
    close: Callable[[str, int, "array[int]"], None],
    *,
    batch: int = 500,
) -> set[str]:
    """Read the log on and put every revision on its shelves; the paths where something is new.

    *close* is called with path, number and log numbers of each document that is full.
    """
    touched: set[str] = set()
    after = min((x.seq for x in shelves.values()), default=0)
    while found := store.log(after, batch):
        for revision in found:
            length = length_of(revision)
            for path in belongs(revision):
                shelf = shelves.get(path)
                if shelf is None or shelf.seq >= revision.seq:
                    continue
                full = shelf.take(revision.seq, length)
                touched.add(path)
                if full is not None:
                    close(path, shelf.closed, full)
        after = found[-1].seq
        for shelf in shelves.values():
            shelf.seq = max(shelf.seq, after)
    return touched
