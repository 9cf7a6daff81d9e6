"""The published tree on disk: whole files, old or new, and none touched without need."""

import gzip
import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from os.path import isfile
from pathlib import Path
from typing import Any

from pipeline.errors import PublishError, PublishStopped
from pipeline.publish.editions import Edition, with_languages
from pipeline.publish.media import PACK_FROM, is_packed
from pipeline.publish.syncing import Syncing, explained

MANIFEST = ".manifest.json"
_STAGING = ".staging"
"""Files are made here: the same file system, one place to look for leftovers."""
_VERSION = 1  # of the manifest's form


class Tree:
    """The files of one target folder, written one by one.

    A file appears under its name only when it is whole and on the disk
    (`Syncing`); one whose bytes stay the same keeps its
    time, and so its validators. What the manifest of an earlier run names and
    this run does not write is removed by `sweep`; other files are left alone.
    Where *stopping* says so, the next file is not written: `write` raises PublishStopped.
    """

    def __init__(
        self,
        target: Path,
        editions: Sequence[Edition] = (),
        *,
        packs: bool = False,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self.target = target
        self._stopping = stopping
        self._root = str(target)
        self.packs = packs
        self.editions = tuple(editions)
        self.written: list[str] = []
        self.unchanged = 0
        self.removed: list[str] = []
        self._seen: set[str] = set()
        self._folders: set[str] = set()  # that are there
        self._staging = target / _STAGING
        with explained(target):
            self._staging.mkdir(parents=True, exist_ok=True)
            for path in self._staging.iterdir():  # what a killed run left
                path.unlink()
        self._syncing = Syncing(self._staging)
        self.state: Mapping[str, Any] = remembered(target)

    def __enter__(self) -> "Tree":
        """Several files at a time go to the disk from here on; `settle` waits for them."""
        self._syncing.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._syncing.stop()

    def settle(self) -> None:
        """Wait until all that was written is there, so that what comes next may lead to it."""
        self._syncing.wait()

    def path(self, name: str) -> Path:
        """The path of a file of the tree. Raises PublishError for a name that leads out of it."""
        parts = name.split("/")
        if any(x in ("", ".", "..") or "\\" in x or "\0" in x for x in parts):
            raise PublishError("is no name of a published file", where=repr(name))
        return self.target.joinpath(*parts)

    def write_page(
        self,
        name: str,
        data: bytes,
        *,
        updated: datetime | None = None,
        listed: bool = True,
        people: Sequence[str] = (),
    ) -> bool:
        """Write a page in every edition; *people* are named in it. Returns and keeps as `write`."""
        if not self.editions:
            return self.write(name, data, updated=updated, listed=listed)
        base_url, tags = self.editions[0].base_url, [x.tag for x in self.editions]
        whole = with_languages(data, name, tags, base_url)
        is_new = self.write(name, whole, updated=updated, listed=listed)
        for edition in self.editions:
            twin = f"{edition.tag}/{name}"
            if is_new or not self.holds(twin):
                page = with_languages(edition.page(data, people), name, tags, base_url)
                self.write(twin, page, updated=updated, listed=listed)
            elif listed:
                self.keep(twin)
        return is_new

    def write(
        self, name: str, data: bytes, *, updated: datetime | None = None, listed: bool = True
    ) -> bool:
        """Whether the file had to be written. *updated* becomes its modification time.

        One that is not *listed* is not in the manifest, and so never swept: pages
        of articles, which are many and stay for ever.

        A new version gets a later time than the one before, even if *updated*
        is the same: clients that ask by time alone must see it.
        """
        if self._stopping():
            raise PublishStopped("was stopped; the next run goes on", where=str(self.target))
        path = self.path(name)
        if listed:
            self._seen.add(name)
        with explained(path):
            self._syncing.wait(str(path))
            is_first = self._make_folder(name.rpartition("/")[0], is_remembered=listed)
            old = None if is_first else _read(path)
            if old == data:
                self.unchanged += 1
                self._pack(name, data, None)
                return False
            stamp = None if updated is None else int(updated.timestamp())
            if stamp is not None and old is not None:
                stamp = max(stamp, int(path.stat().st_mtime) + 1)
            stamp = self._syncing.replace(path, data, stamp)
            self._pack(name, data, stamp, is_first=is_first)
        self.written.append(name)
        return True

    def _make_folder(self, name: str, *, is_remembered: bool) -> bool:
        """Make sure that a folder is there; whether it is new, and nothing in it."""
        if name in self._folders:
            return False
        if is_remembered:  # those of articles have one file each
            self._folders.add(name)
        folder = f"{self._root}/{name}"
        try:
            os.mkdir(folder)  # noqa: PTH102 - called for each of thousands
        except FileExistsError:
            return False
        except FileNotFoundError:
            Path(folder).mkdir(parents=True)
        return True

    def _pack(self, name: str, data: bytes, stamp: int | None, *, is_first: bool = False) -> None:
        """Put the file in gzip beside it, with the same time; no old one stays beside a new file.

        *stamp* is the time of a new one, None for one that stayed as it is; *is_first* says that
        nothing else is in its folder.
        """
        if not (self.packs and is_packed(name) and len(data) >= PACK_FROM):
            if stamp is not None and not is_first:
                self.path(f"{name}.gz").unlink(missing_ok=True)
            return
        path, packed = self.path(name), self.path(f"{name}.gz")
        if name in self._seen:
            self._seen.add(f"{name}.gz")
        if stamp is not None or not self.holds(f"{name}.gz"):
            known = int(path.stat().st_mtime) if stamp is None else stamp
            self._syncing.replace(packed, gzip.compress(data, 9, mtime=0), known)

    def keep(self, name: str) -> None:
        """Count a file as it is, without looking at it; nothing for one written in this run."""
        if name not in self._seen:
            self._seen.add(name)
            self.unchanged += 1
            if self.packs and is_packed(name):
                self._seen.add(f"{name}.gz")

    def holds(self, name: str) -> bool:
        """Whether there is such a file."""
        self._syncing.wait(f"{self._root}/{name}")
        return isfile(f"{self._root}/{name}")  # noqa: PTH113 - asked of tens of thousands

    def keep_page(self, name: str, *, is_there: bool = False) -> bool:
        """Keep a page in every edition; False, and nothing is kept, where one is missing.

        Where that *is_there* is known, nobody looks.
        """
        names = (name, *(f"{x.tag}/{name}" for x in self.editions))
        if not (is_there or all(map(self.holds, names))):
            return False
        for x in names:
            self.keep(x)
        return True

    def remove_page(self, name: str) -> None:
        """Remove a page and its packed form in every edition, as far as they are there."""
        for x in (name, *(f"{x.tag}/{name}" for x in self.editions)):
            for file in (x, f"{x}.gz"):
                if self.holds(file):
                    self.remove(file)

    def remove(self, name: str) -> None:
        """Remove a file, and its folder where that is empty then."""
        path = self.path(name)
        self._syncing.wait(str(path))
        with explained(path):
            path.unlink(missing_ok=True)
            for folder in path.parents:
                if folder == self.target or not folder.is_dir() or any(folder.iterdir()):
                    break
                folder.rmdir()
                self._folders.discard(folder.relative_to(self.target).as_posix())
        self._seen.discard(name)
        self.removed.append(name)

    def sweep(self, state: Mapping[str, Any]) -> None:
        """Remove what an earlier run wrote and this one did not; write the manifest down.

        What is gone stays named there, so that a server can say so (410).
        """
        self.settle()
        gone, old = {*self.removed}, self.state.get("files", ())
        for name in sorted(x for x in old if x not in self._seen and x not in gone):
            self.remove(name)
        gone = {*self.state.get("gone", ()), *self.removed} - self._seen - {*self.written}
        gone = {x for x in gone if not x.startswith("search/")}  # parts of an index, not pages
        manifest = {"version": _VERSION, **state, "files": sorted(self._seen), "gone": sorted(gone)}
        data = _compact(manifest)
        path = self.target / MANIFEST
        with explained(path):
            if _read(path) != data:
                self._syncing.replace(path, data, None)
                self.settle()
            self._staging.rmdir()

    def amend(self, **state: Any) -> None:
        """Change parts of what the last run remembered, and nothing else."""
        if not self.state:
            return
        path = self.target / MANIFEST
        with explained(path):
            self._syncing.replace(path, _compact({**self.state, **state}), None)
            self.settle()
            self._staging.rmdir()


def remembered(target: Path) -> Mapping[str, Any]:
    """What the last whole run remembered; empty where that cannot be read: all is built anew."""
    try:
        found = json.loads((target / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}
    is_ours = isinstance(found, dict) and found.get("version") == _VERSION
    return found if is_ours else {}


def is_half_done(target: Path) -> bool:
    """Whether a run goes on there, or one ended before its time."""
    return (target / _STAGING).is_dir()


def _compact(manifest: Mapping[str, Any]) -> bytes:
    # Without line breaks, which would cost a second where there are thousands of feeds
    return json.dumps(manifest, ensure_ascii=False).encode()


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
