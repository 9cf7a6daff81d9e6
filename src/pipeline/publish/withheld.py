"""Articles that the operator took down: tombstones in feeds, and a page that says so."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pipeline.publish.content import whole_second
from pipeline.publish.document import Tombstone, clean
from pipeline.publish.feeds import path_of
from pipeline.publish.files import Tree
from pipeline.publish.html import render_page
from pipeline.publish.media import GONE
from pipeline.records import CHINA, Article
from pipeline.store import Entry, Store

Belongs = Callable[[Article], Iterable[str]]


class Withheld:
    """What is withheld now, and what changed in that since *state* was written."""

    def __init__(self, store: Store, tree: Tree, state: Any) -> None:
        self._store = store
        self._tree = tree
        self._now = {x.article_id: x for x in store.withheld()}
        old: Mapping[str, Any] = state if isinstance(state, Mapping) else {}
        now = self.state()
        self.changed = sorted(x for x in now.keys() | old.keys() if now.get(x) != old.get(x))
        self._by_path: dict[str, list[Entry]] = {}

    def __contains__(self, article_id: object) -> bool:
        return article_id in self._now

    def state(self) -> dict[str, Any]:
        """Plain values to be remembered."""
        return {k: [x.at.isoformat(), x.reason] for k, x in self._now.items()}

    def entries(self, *, anew: bool) -> Iterator[Entry]:
        """The articles that were taken down or brought back; *anew* all that are down."""
        for article_id in sorted({*self.changed, *(self._now if anew else ())}):
            entry = self._store.entry(article_id)
            if entry is not None:
                yield entry

    def settle(self, belongs: Belongs) -> None:
        """Find out in which feeds they would stand; call it before `of`."""
        for article_id in self._now:
            entry = self._store.entry(article_id)
            if entry is None:
                continue
            for path in self.paths(entry, belongs):
                self._by_path.setdefault(path, []).append(entry)

    def paths(self, entry: Entry, belongs: Belongs) -> frozenset[str]:
        """The feeds that an article stands in, or stood in with one of its versions."""
        article_id = entry.article.id
        said = (y for x in self._store.history(article_id) for y in belongs(x.article))
        listed = (f"{source}/{key}" for source, key in self._store.listing_columns([article_id]))
        return frozenset((*said, *listed, *map(path_of, self._store.subjects_of(article_id))))

    def of(self, path: str) -> list[Entry]:
        """The articles that would stand in a feed."""
        return self._by_path.get(path, [])

    def tombstone(self, article_id: str, ref: str) -> Tombstone:
        """What stands in a feed instead of the entry with that id."""
        own = self._now[article_id]
        return Tombstone(ref=ref, when=whole_second(own.at), reason=clean(own.reason))

    def take_off(self, article_id: str) -> None:
        """Remove the page of an article."""
        self._tree.remove_page(f"a/{article_id}/index.html")

    def write_pages(self) -> None:
        """Write a page for each that is down, which servers answer with 410."""
        for article_id, own in self._now.items():
            page = render_page(
                "withheld.html",
                root="../../",
                at=own.at.astimezone(CHINA),
                reason=clean(own.reason),
            )
            self._tree.write_page(f"a/{article_id}/{GONE}", page, updated=own.at)
