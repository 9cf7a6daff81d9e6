"""One run of `publish`: which feeds and pages there are, and which of them are made anew."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from pipeline.publish import pages
from pipeline.publish.alarms import alarms_feed
from pipeline.publish.announce import FeedChange, Listeners, change_of
from pipeline.publish.archives import folder
from pipeline.publish.choice import choose
from pipeline.publish.content import Names, people
from pipeline.publish.document import FeedDocument, FeedEntry, Tombstone
from pipeline.publish.entries import Entries, sound
from pipeline.publish.feeds import (
    REVISIONS,
    Headings,
    Selection,
    in_batches,
    in_turn,
    live_document,
    of_subjects,
    path_of,
    paths_of,
    selections,
)
from pipeline.publish.files import Tree
from pipeline.publish.fingerprint import fingerprint, of_feeds
from pipeline.publish.formats import write_forms
from pipeline.publish.history import History, log_mark
from pipeline.publish.kept import forget
from pipeline.publish.marks import Marks
from pipeline.publish.overview import write_lists
from pipeline.publish.searching import SearchIndex
from pipeline.publish.site import Site
from pipeline.publish.touched import Touched
from pipeline.publish.watched import Watched
from pipeline.publish.watches import WatchFile, matcher
from pipeline.publish.withheld import Withheld
from pipeline.records import Article
from pipeline.sources import Catalogue
from pipeline.store import Entry, Revision, Store

_IN_SITEMAP = 2000  # articles
_BATCH = 500  # articles or revisions read at a time
_AT_ONCE = 50  # feeds or more, with all their entries, before their pages are written
_LOOKS = 500  # feeds in which nothing changed and whose files are looked for
_MOST = 1_000_000  # articles of one person: all


class Run:
    """One run of `publish`: the steps share what was read and rendered."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        names: Names,
        tree: Tree,
        watch_file: WatchFile,
        minimum: int,
        keeps: int | None,
        *,
        thorough: bool = True,
    ) -> None:
        self.store = store
        self.catalogue = catalogue
        self.counts = store.counts_by_source()
        self.names = names
        self.tree = tree
        self.watch_file = watch_file
        watches = watch_file.watches
        fixed, left_out = selections(catalogue, watches)
        self.selections = (*fixed, *of_subjects(store, catalogue, minimum))
        self.left_out = [*watch_file.problems, *left_out]
        self.headings = Headings(names, self.selections)
        looks = None if thorough else _LOOKS
        found = in_turn(self.headings, str(tree.state.get("looked_at", "")), looks)
        self.last_looked_at = found[-1]
        looked_at = frozenset(found)
        self.match = matcher(watches, names.sources)
        self.withheld = Withheld(store, tree, tree.state.get("withheld", {}))
        self.watched = Watched(
            store,
            watches,
            names.sources,
            self.match,
            tree.state.get("watches", {}),
            off=self.withheld,
        )
        self.made = Entries(store, names)
        self.told_of: set[str] = set()  # articles that no feed can hold
        self.history = History(
            store,
            names,
            tree,
            self.headings,
            belongs=self.belongs,
            rules=self.watched.rules,
            looked_at=looked_at,
            subjects=[x.subject for x in self.selections if x.subject],
            withheld=self.withheld,
            made=self.made,
            keeps=keeps,
        )
        self.persons = frozenset(
            x.subject.key for x in self.selections if x.subject and x.subject.kind == "person"
        )
        self.feeds: dict[str, FeedDocument] = {}
        subjects = {x.path: x.subject for x in self.selections if x.subject}
        self.fingerprint = fingerprint(names, tree)
        self.marks = Marks(tree.state.get("pages"), self.fingerprint)
        self.site = Site(store, catalogue, names, tree, self.feeds, subjects, self.marks, looked_at)
        tags = ("", *(f"{x.tag}/" for x in tree.editions))
        paths = {f"{tag}{x.path}" for tag in tags for x in self.selections}
        announced: Mapping[str, str] = tree.state.get("announced", {})
        self.announced = {k: v for k, v in announced.items() if k.rpartition("/")[0] in paths}
        self.changes: list[FeedChange] = []
        self.touched = Touched(
            store,
            tree,
            tree.state.get("feeds", {}),
            names=names,
            fingerprint=of_feeds(names, self.fingerprint),
            belongs=self.belongs,
            looked_at=looked_at,
        )
        self.touched.feeds(tree.state.get("untold", ()))

    def write_all(self, listeners: Listeners) -> dict[str, Any]:
        """Write everything, each part when what it leads to is there; what to remember."""
        state: dict[str, Any] = {"articles": self.write_articles()}
        self.tree.settle()
        if self.touched.everything:
            self.made.forget(is_whole=True)
            forget(is_whole=True)
        self.history.begin(self.tree.state.get("archives", {}), self.touched.paths)
        state["archives"] = self.history.state()
        state["search"] = self.write_search(int(state["archives"]["seq"]))
        self.write_feeds(is_heard=bool(listeners))
        self.left_out += self.history.left_out
        self.tree.settle()
        self.made.forget()  # no page beyond shows what feeds hold, and some are large
        forget()
        self.write_pages()
        self.write_key(listeners.indexnow_key)
        state |= {
            "feeds": self.touched.state(),
            "pages": self.marks.state(),
            "watches": self.watched.state(),
            "withheld": self.withheld.state(),
            "announced": self.announced,
            "looked_at": self.last_looked_at,
        }
        if listeners:
            state["untold"] = sorted(x.path for x in self.changes)
        return state

    def belongs(self, article: Article) -> Iterator[str]:
        """The paths of the feeds that an article stands in by what it says."""
        yield from paths_of(article)
        yield from self.match(article)

    def write_articles(self) -> dict[str, Any]:
        """Write the pages of articles of which the log says something new; what to remember."""
        old = self.tree.state.get("articles", {})
        after = int(old.get("seq", 0))
        wanted = {
            "fingerprint": self.fingerprint,
            "mark": log_mark(self.store, after),
        }
        if not (self.tree.target / "a").is_dir() or any(old.get(k) != v for k, v in wanted.items()):
            after = 0
        is_first = after == 0
        done: set[str] = set()
        self.touched.everything |= is_first
        self.watched.begin(anew=is_first)
        found = self._walk() if is_first else self._news(after)
        found = chain(found, self.withheld.entries(anew=is_first))
        for entry in found if is_first else self._with_copies(found):
            history = self._history_of(entry)
            if not self.touched.everything:
                self.touched.article(entry, history)
                self.touched.feeds(map(path_of, self.store.subjects_of(entry.article.id)))
            self.watched.note(entry)
            self._write_article(entry, history)
            after = max(after, entry.seq)
            done.add(entry.article.id)
        if not is_first:
            self._write_other_links(self.persons ^ {*old.get("persons", ())}, done)
        self.withheld.write_pages()
        self.withheld.settle(self.belongs)
        self.touched.feeds(self.watched.settle())
        if not is_first:
            self.tree.unchanged += max(0, sum(x.articles for x in self.counts) - len(done))
        mark = log_mark(self.store, after)
        return {**wanted, "seq": after, "mark": mark, "persons": sorted(self.persons)}

    def _write_other_links(self, persons: Iterable[str], done: set[str]) -> None:
        """Write the pages that name persons who have a page now, or have none any more."""
        for key in sorted(persons):
            heads = self.store.heads(subject=("person", key), limit=_MOST)
            ids = [x.id for x in heads if x.id not in done]
            done.update(ids)
            for entry in self.store.entries_of(ids).values():
                self._write_article(entry, self._history_of(entry))

    def _history_of(self, entry: Entry) -> Sequence[Revision]:
        """Its revisions where there is more than the first."""
        return self.store.history(entry.article.id) if entry.revision > 1 else ()

    def _write_article(self, entry: Entry, history: Sequence[Revision]) -> None:
        """Write the page of an article, or remove it where the article is withheld."""
        article = entry.article
        if article.id in self.withheld:
            self.withheld.take_off(article.id)
            return
        self.tree.write_page(
            f"a/{article.id}/index.html",
            pages.article_page(self.names, entry, history, self.persons),
            updated=entry.updated,
            listed=False,
            people=people(article),
        )

    def _walk(self) -> Iterator[Entry]:
        """All articles."""
        last = ""
        while found := self.store.walk(last, limit=_BATCH):
            yield from found
            last = found[-1].article.id

    def _news(self, after: int) -> Iterator[Entry]:
        """The articles that the log speaks of after a number, each once."""
        done: set[str] = set()
        while batch := self.store.log(after, _BATCH):
            for article_id in dict.fromkeys(x.article_id for x in batch):
                entry = None if article_id in done else self.store.entry(article_id)
                done.add(article_id)
                if entry is None:
                    continue
                yield entry
            after = batch[-1].seq

    def _with_copies(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Each once, with those that tell the same story: their pages say where it stands."""
        done: set[str] = set()
        for entry in entries:
            for article_id in (entry.article.id, *(x.id for x in entry.also_at)):
                if article_id in done:
                    continue
                done.add(article_id)
                found = entry if article_id == entry.article.id else self.store.entry(article_id)
                if found is not None:
                    yield found

    def write_feeds(self, *, is_heard: bool) -> None:
        """Write every feed that holds something, its archive before it and its page after it.

        What nothing changed in stays. Where the feeds are *is_heard*, one that was never announced
        is looked at again.
        """
        self.touched.settle()
        if is_heard:
            known = {name.rpartition("/")[0] for name in self.announced}
            self.touched.feeds(self.headings.keys() - known)
        for near in in_batches(self.selections, _AT_ONCE):
            self.history.write(x.path for x in near)
            self.tree.settle()
            with_pages = list(filter(None, map(self._write_selected, near)))
            self.tree.settle()
            for feed in with_pages:
                self.site.write_feed(feed)
        self._keep_held()
        found = {x.path: self.feeds[x.path] for x in self.selections if x.path in self.feeds}
        self.feeds.clear()
        self.feeds.update(found)

    def _write_selected(self, selection: Selection) -> FeedDocument | None:
        """Write a feed if it has to be; what its page is to show, None where that stays too."""
        path = selection.path
        kept = feed = self.touched.unchanged(selection)
        if feed is None:
            entries, stones, bad = self._entries(selection)
            self.left_out += bad
            feed = self._write_feed(live_document(self.headings[path], entries, stones))
            self.touched.rendered(selection, feed, left_out=bool(bad))
        if feed is None or not feed.count:
            return None
        if kept is None:
            self.feeds[path] = replace(feed, entries=(), tombstones=())
            return feed
        self.feeds[path] = kept
        if self.site.keep_feed(path):
            return None
        entries, stones, _ = self._entries(selection)  # somebody removed the page
        again = live_document(self.headings[path], entries, stones)
        return replace(again, prev_archive=kept.prev_archive) if again else None

    def _keep_held(self) -> None:
        """Leave the feeds of watches that cannot be read now as they were published."""
        if self.watch_file.held is not None and not self.watch_file.held:
            return
        tags = tuple(f"{x.tag}/" for x in self.tree.editions)
        for name in self.tree.state.get("files", ()):
            inner = name
            for tag in tags:
                inner = inner.removeprefix(tag)
            if self.watch_file.is_held("/".join(inner.split("/")[:2])):
                self.tree.keep(name)

    def _entries(
        self, selection: Selection
    ) -> tuple[Sequence[FeedEntry], Sequence[Tombstone], tuple[str, ...]]:
        """What a live feed holds, what was taken out of it, and what it has to leave out."""
        if selection is REVISIONS:
            return *self.history.corrections(), ()
        chosen = choose(self.store, selection, self.watched, self.withheld)
        entries, bad = sound(self.made.standing(chosen.shown), self.told_of)
        stones = [
            self.withheld.tombstone(x.article.id, self.names.entry_id(x.article))
            for x in chosen.withheld
        ]
        return entries, stones, bad

    def _write_feed(self, feed: FeedDocument | None) -> FeedDocument | None:
        if feed is None:
            return None
        if feed.path in self.history.open_archives:
            feed = replace(feed, prev_archive=folder(feed.path, None))
        change = change_of(feed, write_forms(self.tree, feed), self.announced)
        if change is not None:
            self.changes.append(change)
        return feed

    def write_search(self, newest: int) -> dict[str, Any]:
        """Write the search index up to a number of the log; what to remember."""
        index = SearchIndex(self.store, self.tree)
        return index.write(self.tree.state.get("search", {}), newest)

    def write_key(self, key: str) -> None:
        """Write the file that shows search engines that the site's key is ours."""
        if key:
            self.tree.write(f"{key}.txt", key.encode())

    def write_pages(self) -> None:
        """Write the pages about many feeds, then the files that list everything."""
        tree, feeds = self.tree, self.feeds
        newest = max((x.updated for x in feeds.values()), default=None)
        self.site.write_subjects()
        self.site.write_rest()
        tree.settle()
        tree.write("_headers", pages.HEADERS)
        write_lists(tree, self.marks, self.selections, feeds, self._write_alarms(), newest)
        status = self.store.status(self.counts)
        told = pages.status_json(self.catalogue, status, self.store.upkeep.alarms())
        tree.write("status.json", told, updated=newest)
        self.site.write_status(status, newest)
        self.site.write_front(self.counts, status, newest)
        tree.settle()
        sitemap = pages.sitemap(self.names, feeds.values(), self.store.newest(limit=_IN_SITEMAP))
        tree.write("sitemap.xml", sitemap, updated=newest)

    def _write_alarms(self) -> FeedDocument | None:
        feed = alarms_feed(self.store, self.names)
        if feed is not None:
            write_forms(self.tree, feed)
            self.site.write_feed(feed)
        return feed
