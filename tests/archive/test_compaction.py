"""Files are merged and references follow; a crash in between loses nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.archive import Archive
from pipeline.errors import ArchiveError
from pipeline.records import Capture, CaptureRef
from pipeline.store import Store

from .conftest import MOMENT, accepted, received

Moves = Sequence[tuple[CaptureRef, CaptureRef]]


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(f"sqlite:///{tmp_path / 'q.db'}") as opened:
        yield opened


def captures() -> list[Capture]:
    """Six pages; the third and the last are the first again."""
    bodies = [b"a" * 500, b"b" * 500, b"a" * 500, b"c" * 500, b"d" * 500, b"a" * 500]
    return [received(x, at=MOMENT + timedelta(hours=n)) for n, x in enumerate(bodies)]


def filled(root: Path, store: Store) -> list[CaptureRef]:
    """The captures in six files of two months, as runs leave them."""
    refs = []
    for n, capture in enumerate(captures()):
        month = datetime(2026, 11 + n // 4, 1, n, tzinfo=UTC)
        with Archive(root, index=store, clock=lambda month=month: month) as archive:
            refs.append(archive.write(capture))
            store.add_capture(capture, refs[-1])
    return refs


def test_files_of_a_month_become_one_and_references_follow(tmp_path: Path, store: Store):
    """Nothing is changed in the records; revisits find theirs; others accept the files."""
    root = tmp_path / "archive"
    old = filled(root, store)
    before = [x.kind for x in _records(root)]
    with Archive(root, index=store) as archive:
        done = archive.compact(store.move_captures)
        new = [x.ref for x in store.captures()]
        assert captures() == [archive.read(x) for x in new]
        # a reader that still holds an old reference finds the record by its id
        assert captures() == [archive.read(x) for x in old]
        assert captures() == [x for _, x in archive.captures()]
    assert (6, {x.file for x in old}) == (done.records, set(done.removed))
    assert sorted(done.made) == [x.relative_to(root).as_posix() for x in _files(root)]
    assert ["2026/11", "2026/12"] == [x.rpartition("/")[0] for x in sorted(done.made)]
    assert sorted(before) == sorted(x.kind for x in _records(root))
    assert 2 == accepted(root).count("warcinfo")


def test_compacting_again_changes_nothing(tmp_path: Path, store: Store):
    """One file a month has nothing to be merged with."""
    root = tmp_path / "archive"
    filled(root, store)
    with Archive(root, index=store) as archive:
        archive.compact(store.move_captures)
        files = _files(root)
        assert () == archive.compact(store.move_captures).removed
    assert files == _files(root)


def test_records_of_before_get_their_ids_by_compaction(tmp_path: Path, store: Store):
    """References without an id are found by their place alone, until then."""
    root = tmp_path / "archive"
    for n in range(2):
        with Archive(root, clock=lambda: datetime(2026, 11, 1, tzinfo=UTC)) as archive:
            ref = replace(archive.write(captures()[n]), record_id=None, payload=None)
            store.add_capture(captures()[n], ref)
    with Archive(root, index=store) as archive:
        archive.compact(store.move_captures)
        refs = [x.ref for x in store.captures()]
        assert captures()[:2] == [archive.read(x) for x in refs]
    assert all(x.record_id and x.payload for x in refs)


@pytest.mark.parametrize("written_down", [False, True])
def test_references_are_readable_after_a_crash_in_between(
    written_down: bool, tmp_path: Path, store: Store
):
    """Before and after the places were written down; the next compaction cleans up."""
    root = tmp_path / "archive"
    filled(root, store)

    def crash(moves: Moves) -> None:
        if written_down:
            store.move_captures(moves)
        raise KeyboardInterrupt

    with Archive(root, index=store) as archive:
        with pytest.raises(KeyboardInterrupt):
            archive.compact(crash)
        assert captures() == [archive.read(x.ref) for x in store.captures()]
        archive.compact(store.move_captures)
        assert captures() == [archive.read(x.ref) for x in store.captures()]
        assert captures() == [x for _, x in archive.captures()]
    assert 2 == len(_files(root))


def test_files_do_not_grow_beyond_their_size(tmp_path: Path, store: Store):
    """Full ones are left alone, and merged ones become no larger."""
    root = tmp_path / "archive"
    filled(root, store)
    sizes = [x.stat().st_size for x in _files(root)]
    with Archive(root, index=store) as archive:
        archive.compact(store.move_captures, full_bytes=2 * max(sizes) + 1)
    assert 2 * max(sizes) + 1 >= max(x.stat().st_size for x in _files(root))
    assert 2 < len(_files(root)) < 6
    with Archive(root, index=store) as archive:
        names = _files(root)
        archive.compact(store.move_captures, full_bytes=100)
        assert names == _files(root)


def test_damaged_files_and_those_being_written_stay_where_they_are(tmp_path: Path, store: Store):
    """Damage is for a person to look at; a writer knows its file by name."""
    root = tmp_path / "archive"
    refs = filled(root, store)
    path = root / refs[0].file
    path.write_bytes(path.read_bytes()[:-1])
    with Archive(root, index=store, clock=lambda: datetime(2026, 11, 1, tzinfo=UTC)) as archive:
        ref = archive.write(captures()[0])
        store.add_capture(captures()[0], ref)
        done = archive.compact(store.move_captures)
        assert {x.file for x in refs[1:]} == set(done.removed)
        archive.write(captures()[0])
        assert captures()[0] == archive.read(ref)
    assert path.exists()


def test_only_one_compaction_at_a_time(tmp_path: Path, store: Store):
    """The second says so."""
    root = tmp_path / "archive"
    filled(root, store)
    with Archive(root, index=store) as archive:
        with pytest.raises(ArchiveError, match="being compacted"):
            archive.compact(lambda _: archive.compact(store.move_captures))
        archive.compact(store.move_captures)


def _files(root: Path) -> list[Path]:
    return sorted(root.rglob("*.warc.gz"))


def _records(root: Path):
    with Archive(root) as archive:
        return [x for _, x in archive._records()]
