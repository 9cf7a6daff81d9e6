"""Copies of archive files in an S3-compatible store: several machines share what they read."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from emulator import s3

from pipeline.archive import Archive, open_copies
from pipeline.errors import ArchiveError, ConfigError
from pipeline.records import Capture
from pipeline.s3 import open_store

URL = "s3://archive/quwen"
MOMENT = datetime(2026, 11, 20, 2, 3, 4, tzinfo=UTC)


def plain(body: bytes = b"<p>x</p>") -> Capture:
    """A page."""
    url = "http://qinglan.example/1.html"
    return Capture(url=url, requested_url=url, status=200, headers=(), body=body, fetched_at=MOMENT)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    with s3("archive") as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield environment


class Clock:
    def __init__(self) -> None:
        self.now = MOMENT

    def __call__(self):
        return self.now


def opened(root: Path, clock=lambda: MOMENT) -> Archive:
    return Archive(root, clock=clock, copies=open_copies(URL))


def wait(condition: Callable[[], object], seconds: float = 15) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.05)


def names() -> list[str]:
    import obstore  # noqa: PLC0415 - of an extra

    store = open_store(URL, setting="TEST")
    return sorted(x["path"] for batch in obstore.list(store) for x in batch)


def test_what_one_machine_archives_another_one_reads(place, tmp_path: Path):
    """By its reference alone, once the file is finished."""
    with opened(tmp_path / "a") as one:
        ref = one.write(plain(b"<p>here</p>"))
    with opened(tmp_path / "b") as other:
        assert b"<p>here</p>" == other.read(ref).body
    assert [ref.file] == names()


def test_a_process_that_lives_for_days_hands_over_what_is_old_enough(place, tmp_path: Path):
    """Not only at its end; a file that was begun just now grows on."""
    clock = Clock()
    with opened(tmp_path / "a", clock) as one:
        ref = one.write(plain(b"<p>here</p>"))
        one.hand_over(timedelta(minutes=10))
        assert [] == names()
        clock.now += timedelta(minutes=10)
        one.hand_over(timedelta(minutes=10))
        wait(lambda: [ref.file] == names())
        assert ref.file != one.write(plain(b"<p>next</p>")).file


def test_without_copies_files_are_not_cut_into_pieces(tmp_path: Path):
    """One machine needs no handing over."""
    with Archive(tmp_path, clock=lambda: MOMENT) as archive:
        first = archive.write(plain(b"a"))
        archive.hand_over(timedelta(0))
        assert first.file == archive.write(plain(b"b")).file


def test_a_store_that_was_away_gets_everything_later(
    place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Within the same process, a while after it is back; the archive itself never waits."""
    monkeypatch.setattr("pipeline.archive.copies._AGAIN_S", 0.3)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    away = open_copies(URL)
    clock = Clock()
    with Archive(tmp_path, clock=clock, copies=away) as archive:
        ref = archive.write(plain())
        archive.hand_over(timedelta(0))
        wait(lambda: away.problem, 30)
        monkeypatch.setenv("AWS_ENDPOINT_URL", place["AWS_ENDPOINT_URL"])
        away._store = open_store(URL, setting="TEST")  # the same address, answered again
        wait(lambda: away.problem is None)
        assert [ref.file] == names()


def test_what_is_nowhere_is_named(place, tmp_path: Path):
    """Neither here nor in the copy."""
    with opened(tmp_path / "a") as one:
        ref = one.write(plain())
        with opened(tmp_path / "b") as other, pytest.raises(ArchiveError, match=ref.file):
            other.read(ref)


def test_a_wrong_address_names_its_setting():
    """Before anything is read."""
    with pytest.raises(ConfigError, match="QUWEN_ARCHIVE_S3"):
        open_copies("ftp://archive")


def test_closing_waits_for_no_store_that_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A run ends when it has done its work."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    copies = open_copies(URL, patience_s=1)
    with closing(Archive(tmp_path, clock=lambda: MOMENT, copies=copies)) as archive:
        archive.write(plain())
    assert copies.problem
