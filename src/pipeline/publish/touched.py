"""Which feeds can have changed since the last publication: only they are rendered.

A feed is a function of its articles, of the catalogue and of our templates. So it is left
alone where none of its articles appeared, changed or left, and nothing of the rest is new.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pipeline.publish.changes import TOLD
from pipeline.publish.content import Names
from pipeline.publish.document import FILES, FeedDocument
from pipeline.publish.feeds import REVISIONS, Selection, heading
from pipeline.publish.files import Tree
from pipeline.records import Article
from pipeline.store import Entry, Revision, Store


class Touched:
    """What a run of `publish` knows of changes, and what it tells the next one.

    *state* is what `state` gave the run before; *fingerprint* stands for everything
    besides articles that goes into a feed, *belongs* gives the paths of an article's feeds,
    *looked_at* are those whose files are looked for, to be written anew where one is missing.
    """

    def __init__(
        self,
        store: Store,
        tree: Tree,
        state: Mapping[str, Any],
        *,
        names: Names,
        fingerprint: str,
        belongs: Callable[[Article], Iterable[str]],
        looked_at: Collection[str],
    ) -> None:
        self._store = store
        self._tree = tree
        self._names = names
        self._looked_at = looked_at
        self._belongs = belongs
        self._fingerprint = fingerprint
        self._old: Mapping[str, Any] = state.get("lines", {})
        self._listed: Mapping[str, int] = state.get("listed", {})
        self._lines: dict[str, str] = {}
        self._ids: set[str] = set()
        self._paths: set[str] = set()
        self.everything = state.get("fingerprint") != self._fingerprint

    def article(self, entry: Entry, history: Sequence[Revision]) -> None:
        """An article is new, or was changed; *history* may be empty where it has one version."""
        self._ids.add(entry.article.id)
        for article in [x.article for x in history] or [entry.article]:
            self._paths.update(self._belongs(article))
        if any(x.kind in TOLD for x in history):
            self._paths.add(REVISIONS.path)

    @property
    def paths(self) -> frozenset[str] | None:
        """The feeds in which something changed, as far as it is known; None for all."""
        return None if self.everything else frozenset(self._paths)

    def feeds(self, paths: Iterable[str]) -> None:
        """Something else has changed in these feeds."""
        self._paths.update(paths)

    def settle(self) -> None:
        """Add the columns whose lists show other articles than before; call it before `unchanged`."""
        counts = self._store.listing_counts()
        listed = {f"{source}/{column}": n for (source, column), n in counts.items()}
        columns = self._store.listing_columns(self._ids) if self._ids else ()
        self._paths.update(f"{source}/{column}" for source, column in columns)
        self._paths.update(k for k, n in listed.items() if self._listed.get(k) != n)
        self._listed = listed

    def unchanged(self, selection: Selection) -> FeedDocument | None:
        """The feed without its entries, all its files kept; None where it has to be rendered.

        A feed that is as empty as it was comes back with a count of 0.
        """
        path = selection.path
        line = self._old.get(path)
        if self.everything or path in self._paths or not isinstance(line, str):
            return None
        mark, count, *more = line.split("\t")
        if mark != _mark(selection):
            return None
        files = self._files(path) if more else ()
        if path in self._looked_at and not all(map(self._tree.holds, files)):
            return None
        self._lines[path] = line
        if not more:
            return heading(self._names, selection)
        for name in files:
            self._tree.keep(name)
        updated, newest, prev_archive = more
        return heading(
            self._names,
            selection,
            count=int(count),
            updated=datetime.fromisoformat(updated),
            newest=datetime.fromisoformat(newest),
            prev_archive=prev_archive or None,
        )

    def rendered(self, selection: Selection, feed: FeedDocument | None, *, left_out: bool) -> None:
        """What a feed came to; one with something *left_out* is tried again every time."""
        if left_out:
            return
        fields = [_mark(selection), "0"]
        if feed is not None and feed.newest is not None:
            when = (feed.updated.isoformat(), feed.newest.isoformat())
            fields = [fields[0], str(feed.count), *when, feed.prev_archive or ""]
        # one text, as there are thousands
        self._lines[selection.path] = "\t".join(fields)

    def state(self) -> dict[str, Any]:
        """Plain values to be remembered."""
        return {"fingerprint": self._fingerprint, "lines": self._lines, "listed": self._listed}

    def _files(self, path: str) -> tuple[str, ...]:
        tags = ("", *(f"{x.tag}/" for x in self._tree.editions))
        return tuple(f"{tag}{path}/{x}" for tag in tags for x in FILES.values())


def _mark(selection: Selection) -> str:
    # the rest of a heading is the same in all feeds, and stands in the fingerprint
    own = f"{selection.title}\n{selection.description}\n{selection.mark}"
    return hashlib.sha256(own.encode(errors="surrogatepass")).hexdigest()[:12]
