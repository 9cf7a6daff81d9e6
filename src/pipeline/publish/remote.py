"""The published tree copied to an S3-compatible store (extra ``[s3]``), file by file as it changes.

The folder stays the truth. What a publication wrote is put in the same order, so that nothing
links to what is not there yet, and what it removed is removed last. When a run before did not
come to its end, for another address, and when another machine has copied its folder there since,
the store is compared with the folder as a whole. A file in the store names the last copy.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pipeline.publish.media import cache_control, media_type
from pipeline.publish.syncing import explained
from pipeline.s3 import first_line

if TYPE_CHECKING:
    from obstore.store import S3Store


SIGNATURE = ".copy"
"""Holds a name of its own for each copy that was made; empty while one is being made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirrored:
    """What was done in the store; ``problem`` is why it stopped, empty where it is complete."""

    put: int = 0
    deleted: int = 0
    problem: str = ""


@dataclass(slots=True)
class _Done:
    put: int = 0
    deleted: int = 0


class Remote:
    """The copy of one tree below *url*. To be held around a publication.

    `begin` before it, `finish` after it: a publication between them that dies leaves a mark,
    and the next one compares everything.
    """

    def __init__(self, store: "S3Store", url: str, target: Path) -> None:
        self._store = store
        self._url = url
        self._target = target
        self._mark = target.parent / f".{target.name}.s3.json"
        self._copy = ""

    def begin(self) -> None:
        """Note that a publication is under way. Raises `PublishError`."""
        state: Any = None
        with suppress(OSError, ValueError):
            state = json.loads(self._mark.read_bytes())
        if isinstance(state, dict) and state.get("url") == self._url:
            self._copy = str(state.get("copy", ""))
        with explained(self._mark):
            self._mark.unlink(missing_ok=True)

    def finish(self, written: Sequence[str], removed: Sequence[str]) -> Mirrored:
        """Bring the store up to the folder. What fails is told, and done by the next run."""
        done = _Done()
        try:
            last = self._last()
            if not last or last != self._copy:
                written, removed = self._differences()
            if written or removed or not last:
                self._sign("")
                self._put(written, done)
                self._delete(removed, done)
                last = uuid4().hex
                self._sign(last)
        except Exception as error:  # of network or library: the folder is published all the same
            problem = f"{self._url}: {first_line(error)}"
            return Mirrored(put=done.put, deleted=done.deleted, problem=problem)
        with explained(self._mark):
            self._mark.write_text(json.dumps({"url": self._url, "copy": last}))
        return Mirrored(put=done.put, deleted=done.deleted)

    def _last(self) -> str:
        """Which copy stands in the store; empty where nobody came to the end of one."""
        import obstore  # noqa: PLC0415 - of an extra

        try:
            return bytes(obstore.get(self._store, SIGNATURE).bytes()).decode("ascii", "replace")
        except FileNotFoundError:
            return ""

    def _sign(self, copy: str) -> None:
        import obstore  # noqa: PLC0415 - of an extra

        attributes = {"Content-Type": "text/plain", "Cache-Control": "no-store"}
        obstore.put(self._store, SIGNATURE, copy.encode(), attributes=attributes)

    def _differences(self) -> tuple[list[str], list[str]]:
        """Files that the store lacks or has otherwise, in order, and those that it has in vain."""
        there = dict(self._listed())
        here = {x.relative_to(self._target).as_posix(): x for x in _files(self._target)}
        wanted = [k for k, path in here.items() if there.get(k) != _md5(path)]
        return sorted(wanted, key=_rank), sorted(there.keys() - here.keys())

    def _listed(self) -> Iterator[tuple[str, str]]:
        """Names in the store with the MD5 of their bytes, which is what S3 gives as ETag."""
        import obstore  # noqa: PLC0415 - of an extra

        for batch in obstore.list(self._store):
            for x in batch:
                if x["path"] == SIGNATURE:
                    continue
                yield x["path"], (x["e_tag"] or "").strip('"')

    def _put(self, names: Iterable[str], done: _Done) -> None:
        import obstore  # noqa: PLC0415 - of an extra

        for name in names:
            path = self._target / name
            obstore.put(
                self._store,
                name,
                path.read_bytes(),
                attributes={"Content-Type": media_type(name), "Cache-Control": cache_control(name)},
                # In one piece: only then the ETag is the MD5 of the bytes
                use_multipart=False,
            )
            done.put += 1

    def _delete(self, names: Iterable[str], done: _Done) -> None:
        import obstore  # noqa: PLC0415 - of an extra

        for name in names:
            obstore.delete(self._store, name)
            done.deleted += 1


def _files(target: Path) -> Iterator[Path]:
    """The files of a tree that the public is to see."""
    for path in sorted(target.rglob("*")):
        if path.is_file() and not path.name.startswith(".") and path.suffix != ".gz":
            yield path


def _md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def _rank(name: str) -> tuple[int, str]:
    """Articles, archives, feeds, pages, then what lists everything."""
    if name in ("index.html", "feeds.opml", "feeds.json", "sitemap.xml"):
        return 4, name
    if name.startswith("a/") or "/a/" in name:
        return 0, name
    if "/archive/" in name:
        return 1, name
    return (2 if name.endswith((".xml", "feed.json")) else 3), name
