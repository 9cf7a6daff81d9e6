"""A disk that runs full: one clear message, nothing half-stored, and the next run completes it."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.demo.sites import SOURCES, SampleServer
from pipeline import runs
from pipeline.errors import PipelineError, StoreError
from pipeline.settings import Settings
from pipeline.store import Store
from tests.operation.conftest import Clock

SOURCE_IDS = ("demo-yunze", "demo-qinglan")
Mount = Callable[[Path, int], None]


@pytest.fixture
def disk() -> Iterator[Mount]:
    """Mounts a disk of so many kilobytes at a folder, or changes the size of one there."""
    mounted: set[Path] = set()

    def mount(where: Path, kilobytes: int) -> None:
        how = f"size={kilobytes}k" if where not in mounted else f"remount,size={kilobytes}k"
        where.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", how, "tmpfs", where], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip("mounting is not permitted here")
        mounted.add(where)

    yield mount
    for where in mounted:
        subprocess.run(["umount", "--lazy", where], check=True)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    if shutil.which("mount") is None:
        pytest.skip("there is no mount here")
    return settings.model_copy(update={"least_free_mb": 0})


def go(settings: Settings, clock: Clock) -> runs.Ledger:
    with (
        runs.open_context(settings, clock=clock) as context,
        runs.ledger(context, "ingest", {}) as entry,
    ):
        for source in SOURCE_IDS:
            entry.add(runs.ingest_source(source, context=context, run_id=entry.run_id))
        entry.published = runs.publish(context)
    return entry


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], dict[str, bytes]]:
    """Records and tree of a run on a disk with room."""
    with SampleServer() as running:
        home = tmp_path_factory.mktemp("undisturbed")
        alone = Settings(home=home, sources=SOURCES, connect_to=running.connect_to, least_free_mb=0)
        go(alone, Clock())
    return whole(alone)


def whole(settings: Settings) -> tuple[list[str], dict[str, bytes]]:
    with Store.open(settings.store_url) as store:
        records = sorted(f"{x.article.url} {x.article.text}" for x in store.entries(limit=1000))
    public = settings.public_dir
    files = {str(x.relative_to(public)): x.read_bytes() for x in public.rglob("*") if x.is_file()}
    files.pop("status.json")  # it tells of runs
    return records, files


@pytest.mark.parametrize(
    ("folder", "kilobytes"),
    [("", 1200), ("", 2200), ("", 3400), ("archive", 24), ("public", 200)],
)
def test_what_a_full_disk_stopped_the_next_run_completes(
    settings: Settings,
    clock: Clock,
    disk: Mount,
    undisturbed: tuple[list[str], dict[str, bytes]],
    folder: str,
    kilobytes: int,
):
    """Whichever disk it is: records and tree end as if nothing had been."""
    disk(settings.home / folder, kilobytes)
    with pytest.raises(PipelineError, match=r"(?i)disk is full|no space|cannot be written") as told:
        go(settings, clock)
    assert "\n" not in str(told.value)
    disk(settings.home / folder, 40_000)
    go(settings, clock)
    assert undisturbed == whole(settings)


def test_no_run_begins_on_a_disk_that_is_nearly_full(
    settings: Settings, clock: Clock, disk: Mount, server: SampleServer
):
    """Nobody is asked for what could not be kept; maintain, which makes room, may run."""
    disk(settings.home, 20_000)
    scarce = settings.model_copy(update={"least_free_mb": 30})
    with pytest.raises(StoreError, match=r"only \d+ MB are free.*QUWEN_LEAST_FREE_MB"):
        go(scarce, clock)
    assert () == server.requests
    with (
        runs.open_context(scarce, clock=clock) as context,
        runs.ledger(context, "maintain", {}),
    ):
        runs.maintain(context)
