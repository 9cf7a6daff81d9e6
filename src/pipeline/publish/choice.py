"""Which articles stand in a live feed, and which would if they were not withheld."""

from dataclasses import dataclass

from pipeline.publish.entries import head_of
from pipeline.publish.feeds import MOST, Selection, window
from pipeline.publish.watched import Watched
from pipeline.publish.withheld import Withheld
from pipeline.store import Entry, Head, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The articles of a feed, newest publication first."""

    shown: tuple[Head, ...]
    withheld: tuple[Entry, ...]


def choose(store: Store, selection: Selection, watched: Watched, withheld: Withheld) -> Chosen:
    """The articles of a live feed; each that is withheld keeps the place that it had.

    Feeds over several sites show a story once; the feed of a mirror has all it shows.
    """
    if selection.watch:
        found = [head_of(x) for x in watched.entries(selection.path) if not x.is_copy]
    else:
        found = list(_candidates(store, selection))
    off = {
        x.article.id: x for x in withheld.of(selection.path) if selection.source or not x.is_copy
    }
    if off:
        found += map(head_of, off.values())
        found.sort(key=lambda x: (x.sort_at, x.id), reverse=True)
    chosen = window(tuple(found))
    return Chosen(
        shown=tuple(x for x in chosen if x.id not in off),
        withheld=tuple(off[x.id] for x in chosen if x.id in off),
    )


def _candidates(store: Store, selection: Selection) -> tuple[Head, ...]:
    return store.heads(
        source=selection.source.id if selection.source else None,
        column=selection.column.key if selection.column else None,
        meetings_only=selection.meetings_only,
        subject=(selection.subject.kind, selection.subject.key) if selection.subject else None,
        limit=MOST,
        copies=selection.source is not None,
    )
