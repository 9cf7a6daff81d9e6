"""`publish`: from the store to the published tree."""

import shutil
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock

from pipeline.publish.announce import Listeners, announce, told
from pipeline.publish.building import Run
from pipeline.publish.content import Names
from pipeline.publish.editions import EDITIONS, Edition
from pipeline.publish.files import Tree, is_half_done, remembered
from pipeline.publish.kept import forgetting
from pipeline.publish.remote import Mirrored, Remote
from pipeline.publish.syncing import explained
from pipeline.publish.watches import WatchFile
from pipeline.sources import Catalogue
from pipeline.store import Store

_NOBODY = Listeners()
_NO_WATCHES = WatchFile()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """What `publish` did. Names are relative to the target; ``left_out`` says what and why.

    ``untold`` has a line for each listener that could not be told of changes; ``mirrored`` says
    what was done in the remote store, if there is one.
    """

    written: tuple[str, ...]
    unchanged: int
    removed: tuple[str, ...]
    left_out: tuple[str, ...]
    untold: tuple[str, ...] = ()
    mirrored: Mirrored | None = None


def publish(
    store: Store,
    catalogue: Catalogue,
    *,
    target: Path,
    base_url: str,
    tag_authority: str,
    now: datetime,
    listeners: Listeners = _NOBODY,
    editions: Sequence[str] = (),
    packs: bool = False,
    remote: Remote | None = None,
    watches: WatchFile = _NO_WATCHES,
    minimum: int = 3,
    keeps: int | None = None,
    thorough: bool = True,
    stopping: Callable[[], bool] = lambda: False,
) -> PublishReport:
    """Write what changed to the published tree at *target*, to be reached at *base_url*.

    The bytes are a function of store and configuration alone: *now* stands only in what
    *listeners* are told afterwards. Order: articles, archives, feeds, pages, OPML, sitemap,
    so that nothing links to what is not there yet. One run at a time; another one
    waits. What others store meanwhile is left for the next run. Raises PublishError for what
    cannot be written, StoreError for what cannot be read. A record that no feed can
    hold is left out and reported. *editions* are tags of `EDITIONS`, written into folders of
    their own; the folder of one that is no longer wanted is removed. With *packs*, a file
    of the same name and ``.gz`` stands beside each text file. *remote* gets a copy of the tree.
    *watches* are the operator's own feeds; what is wrong with their file is reported. Persons,
    topics and bodies have feeds from *minimum* articles on. Of each feed's closed archive
    documents the last *keeps* stay published (None: all). A file that somebody removed is written
    again; where not *thorough*, this is looked for in some hundred of the feeds in which nothing
    changed, each time in others. Asked before each file, *stopping*
    ends the run with PublishStopped: the next one goes on, and `is_behind` tells that it has to.
    """
    names = Names.of(
        catalogue,
        base_url=base_url.rstrip("/") + "/",
        tag_authority=tag_authority,
        hubs=listeners.hubs,
    )
    lock = target.parent / f".{target.name}.lock"
    with explained(lock):
        lock.parent.mkdir(parents=True, exist_ok=True)
    chosen = tuple(Edition(tag=x, base_url=names.base_url) for x in editions)
    with explained(lock), FileLock(lock), store.snapshot(), forgetting():
        if remote is not None:
            remote.begin()
        with Tree(target, chosen, packs=packs, stopping=stopping) as tree:
            run = Run(store, catalogue, names, tree, watches, minimum, keeps, thorough=thorough)
            tree.sweep(run.write_all(listeners))
        removed = (*tree.removed, *_remove_unwanted(target, editions))
        mirrored = remote.finish(tree.written, removed) if remote else None
    untold = _tell(run, lock, listeners, now) if listeners else ()
    return PublishReport(
        written=tuple(run.tree.written),
        unchanged=run.tree.unchanged,
        removed=removed,
        left_out=tuple(dict.fromkeys(run.left_out)),
        untold=untold,
        mirrored=mirrored,
    )


def is_behind(store: Store, target: Path) -> bool:
    """Whether the store holds what the published tree at *target* does not, or not wholly."""
    archives = remembered(target).get("archives")
    return not archives or is_half_done(target) or bool(store.log(int(archives["seq"]), 1))


def _remove_unwanted(target: Path, editions: Collection[str]) -> tuple[str, ...]:
    """Remove editions that were switched off: the sweep does not know all pages. Their names."""
    names: list[str] = []
    for tag in sorted(EDITIONS.keys() - set(editions)):
        with explained(target / tag):
            found = (x for x in sorted((target / tag).rglob("*")) if x.is_file())
            names += [x.relative_to(target).as_posix() for x in found]
            if (target / tag).is_dir():
                shutil.rmtree(target / tag)
    return tuple(names)


def _tell(run: Run, lock: Path, listeners: Listeners, now: datetime) -> tuple[str, ...]:
    """Announce what changed; where all were told, remember that. The tree is not held meanwhile."""
    base_url = run.names.base_url
    written = (x.removesuffix("index.html") for x in run.tree.written if x.endswith("index.html"))
    addresses = [base_url + x for x in written]
    untold = announce(run.changes, addresses, listeners, base_url=base_url, now=now)
    if run.changes and not untold:
        with explained(lock), FileLock(lock):
            tree = Tree(run.tree.target)
            tree.amend(announced=told(run.changes, tree.state.get("announced", {})), untold=[])
    return untold
