"""`publish`: from the store to the published tree."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock

from pipeline.publish import pages
from pipeline.publish.content import Names
from pipeline.publish.document import FeedDocument, FeedEntry
from pipeline.publish.feeds import Selection, document, select, selections, sound_entries
from pipeline.publish.files import Tree, explained
from pipeline.publish.formats import FORMATS
from pipeline.publish.html import TEMPLATES
from pipeline.publish.opml import Outline, render_opml
from pipeline.sources import Catalogue
from pipeline.store import Store

RENDERER = 1
"""Raise it when pages of articles come out differently, so that all of them are written anew."""

_BATCH = 500  # revisions read from the log at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """What `publish` did. Names are relative to the target; ``left_out`` says what and why."""

    written: tuple[str, ...]
    unchanged: int
    removed: tuple[str, ...]
    left_out: tuple[str, ...]


def publish(
    store: Store,
    catalogue: Catalogue,
    *,
    target: Path,
    base_url: str,
    tag_authority: str,
    now: datetime,
) -> PublishReport:
    """Write what changed to the published tree at *target*, to be reached at *base_url*.

    The bytes are a function of store and configuration alone, so *now* is not
    looked at. Order: articles, feeds, pages, OPML, sitemap, so that nothing
    links to what is not there yet. One run at a time; another one waits.
    Raises PublishError for what cannot be written, StoreError for what
    cannot be read. A record that no feed can hold is left out and reported.
    """
    del now
    names = Names.of(catalogue, base_url=base_url.rstrip("/") + "/", tag_authority=tag_authority)
    lock = target.parent / f".{target.name}.lock"
    with explained(lock):
        lock.parent.mkdir(parents=True, exist_ok=True)
    with explained(lock), FileLock(lock):
        tree = Tree(target)
        state = _write_articles(store, names, tree)
        feeds, left_out = _write_feeds(store, catalogue, names, tree)
        _write_pages(store, catalogue, names, tree, feeds)
        tree.sweep(state)
    return PublishReport(
        written=tuple(tree.written),
        unchanged=tree.unchanged,
        removed=tuple(tree.removed),
        left_out=left_out,
    )


def _fingerprint(names: Names) -> str:
    """16 digits that change when pages of articles would come out differently."""
    digest = hashlib.sha256(repr((RENDERER, names.base_url, names.tag_authority)).encode())
    for source in names.sources.values():
        digest.update(repr((source.id, source.name, source.place)).encode())
    for column in names.columns.values():
        digest.update(repr((column.source.id, column.key, column.name)).encode())
    for path in sorted(TEMPLATES.glob("*.html")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _log_mark(store: Store, seq: int) -> str:
    """What the log says at a number: tells whether the tree was made from this store."""
    found = store.log(seq - 1, 1)
    return f"{found[0].seq} {found[0].article_id} {found[0].content_hash}" if found else ""


def _write_articles(store: Store, names: Names, tree: Tree) -> dict[str, object]:
    """Write the pages of articles of which the log says something new; the state to remember."""
    state = {"fingerprint": _fingerprint(names), "seq": int(tree.state.get("seq", 0))}
    state["mark"] = _log_mark(store, int(tree.state.get("seq", 0)))
    goes_on = (tree.target / "a").is_dir() and all(tree.state.get(k) == v for k, v in state.items())
    after = start = int(tree.state.get("seq", 0)) if goes_on else 0
    done: set[str] = set()
    while batch := store.log(after, _BATCH):
        for article_id in dict.fromkeys(x.article_id for x in batch):
            if article_id not in done:
                _write_article(store, names, tree, article_id)
                done.add(article_id)
        after = batch[-1].seq
    tree.unchanged += max(0, store.counts().articles - len(done)) if start else 0
    return {**state, "seq": after, "mark": _log_mark(store, after)}


def _write_article(store: Store, names: Names, tree: Tree, article_id: str) -> None:
    entry = store.entry(article_id)
    if entry is not None:
        page = pages.article_page(names, entry)
        tree.write(f"a/{article_id}/index.html", page, updated=entry.updated, listed=False)


def _write_feeds(
    store: Store, catalogue: Catalogue, names: Names, tree: Tree
) -> tuple[dict[str, FeedDocument], tuple[str, ...]]:
    """Write every feed that holds something; the feeds by path, and what was left out."""
    chosen, left_out = selections(catalogue)
    made: dict[str, FeedEntry | None] = {}
    feeds: dict[str, FeedDocument] = {}
    for selection in chosen:
        entries, bad = sound_entries(names, select(store, selection), made)
        left_out += bad
        feed = document(names, selection, entries)
        if feed is not None:
            _write_feed(tree, feed)
            feeds[feed.path] = feed
    return feeds, left_out


def _write_feed(tree: Tree, feed: FeedDocument) -> None:
    for form in FORMATS:
        tree.write(f"{feed.path}/{form.file}", form.render(feed), updated=feed.updated)


def _write_pages(
    store: Store,
    catalogue: Catalogue,
    names: Names,
    tree: Tree,
    feeds: dict[str, FeedDocument],
) -> None:
    """Write the pages about the feeds, then the files that list everything."""
    newest = max((x.updated for x in feeds.values()), default=None)
    for feed in feeds.values():
        tree.write(f"{feed.path}/index.html", pages.feed_page(feed), updated=feed.updated)
    for name in ("feed.css", "site.css"):
        tree.write(name, (TEMPLATES / name).read_bytes())
    tree.write("_headers", pages.HEADERS)
    tree.write("feeds.json", pages.feeds_json(feeds.values()), updated=newest)
    tree.write("status.json", pages.status_json(store, catalogue), updated=newest)
    front = pages.front_page(store, catalogue, names, feeds)
    tree.write("index.html", front, updated=newest)
    tree.write("feeds.opml", render_opml("区闻", outlines(catalogue, feeds)), updated=newest)
    tree.write("sitemap.xml", pages.sitemap(names, feeds.values()), updated=newest)


def outlines(catalogue: Catalogue, feeds: dict[str, FeedDocument]) -> tuple[Outline, ...]:
    """The feeds as groups: those over all districts, then province by province."""
    own = [x for x in selections(catalogue)[0] if x.path in feeds]
    overview = Outline(text="总览", feeds=tuple(feeds[x.path] for x in own if x.source is None))
    provinces: dict[str, dict[str, list[Selection]]] = {}
    for x in own:
        if x.source is not None:
            place = x.source.place
            provinces.setdefault(place.province, {}).setdefault(place.name, []).append(x)
    groups = (
        Outline(text=province, groups=tuple(_places(places, feeds)))
        for province, places in provinces.items()
    )
    return tuple(x for x in (overview, *groups) if x.feeds or x.groups)


def _places(
    places: dict[str, list[Selection]], feeds: dict[str, FeedDocument]
) -> Iterable[Outline]:
    for name, chosen in places.items():
        yield Outline(text=name, feeds=tuple(feeds[x.path] for x in chosen))
