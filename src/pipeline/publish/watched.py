"""The newest articles of each watch: looked for once, then kept up with what changes."""

import hashlib
from collections.abc import Container, Iterable, Mapping
from typing import Any

from pipeline.publish.feeds import MOST
from pipeline.publish.watches import MATCHING, Matcher, Watch
from pipeline.records import Source
from pipeline.store import Entry, Store

_KEPT = 2 * MOST
"""So many are remembered: some may stop to match before a feed lacks any."""

_BATCH = 500  # articles read at a time


def rule_of(watch: Watch, sources: Mapping[str, Source]) -> str:
    """16 digits that change when other articles would match."""
    places = [(k, repr(x.place)) for k, x in sorted(sources.items())] if watch.places else []
    return hashlib.sha256(repr((MATCHING, watch, places)).encode()).hexdigest()[:16]


class _Found:
    """Articles of one watch: publication by identifier, and whether older ones were dropped."""

    def __init__(self, rule: str, state: Any) -> None:
        is_known = isinstance(state, Mapping) and state.get("rule") == rule
        self.rule = rule
        self.is_known = is_known
        self.at: dict[str, str] = {k: v for v, k in state["found"]} if is_known else {}
        self.is_cut = bool(is_known and state["cut"])

    def forget(self) -> None:
        self.at, self.is_cut, self.is_known = {}, False, True

    def note(self, entry: Entry, *, matches: bool) -> None:
        article_id = entry.article.id
        if matches:
            self.at[article_id] = entry.sort_at.isoformat()
        else:
            self.at.pop(article_id, None)
        if len(self.at) > 2 * _KEPT:
            self.trim()

    def trim(self) -> None:
        kept = self.newest()[:_KEPT]
        self.is_cut |= len(kept) < len(self.at)
        self.at = {k: v for v, k in kept}

    def newest(self) -> list[tuple[str, str]]:
        return sorted(((v, k) for k, v in self.at.items()), reverse=True)

    @property
    def is_short(self) -> bool:
        """Whether an older article may stand in the feed that is not remembered."""
        return self.is_cut and len(self.at) < MOST


class Watched:
    """Goes on from what `state` gave the run before.

    Articles that are *off* match nothing. `begin`, then `note` for each article that is new or changed, then `settle`.
    """

    def __init__(
        self,
        store: Store,
        watches: Iterable[Watch],
        sources: Mapping[str, Source],
        match: Matcher,
        state: Any,
        *,
        off: Container[str] = (),
    ) -> None:
        old = state if isinstance(state, Mapping) else {}
        self._store = store
        self._match = match
        self._off = off
        self._found = {x.path: _Found(rule_of(x, sources), old.get(x.path)) for x in watches}

    @property
    def rules(self) -> dict[str, str]:
        """By what each watch goes, by path."""
        return {path: x.rule for path, x in self._found.items()}

    def begin(self, *, anew: bool) -> None:
        """Forget everything where all articles are going to be noted *anew*."""
        for x in self._found.values():
            if anew:
                x.forget()

    def note(self, entry: Entry) -> None:
        """An article as it stands now."""
        self._note(entry, self._found)

    def _note(self, entry: Entry, into: Mapping[str, _Found]) -> None:
        is_off = entry.article.id in self._off
        paths = frozenset(self._match(entry.article)) if into and not is_off else ()
        for path, found in into.items():
            found.note(entry, matches=path in paths)

    def settle(self) -> tuple[str, ...]:
        """Go through all articles for watches that are new or have run short; their paths."""
        wanted = {k: x for k, x in self._found.items() if not x.is_known or x.is_short}
        for found in wanted.values():
            found.forget()
        last = ""
        while wanted and (batch := self._store.walk(last, limit=_BATCH)):
            for entry in batch:
                self._note(entry, wanted)
            last = batch[-1].article.id
        for found in self._found.values():
            if len(found.at) > _KEPT:
                found.trim()
        return tuple(wanted)

    def entries(self, path: str) -> tuple[Entry, ...]:
        """The newest articles of a watch, newest publication first; `MOST` of them."""
        ids = [k for _, k in self._found[path].newest()[:MOST]]
        found = self._store.entries_of(ids)
        return tuple(found[x] for x in ids if x in found)

    def state(self) -> dict[str, Any]:
        """Plain values to be remembered."""
        return {
            path: {"rule": x.rule, "cut": x.is_cut, "found": [list(y) for y in x.newest()]}
            for path, x in self._found.items()
        }
