"""What the search of the published tree costs: ``python tests/bench/bench_searching.py [--sizes 10000,100000]``.

Writes the index of SQLite stores of made-up articles, as a whole and after 20 new ones, and adds up
what a browser loads for words of two characters: a rare one and one that most articles have.
Times are of the processor.
"""

import argparse
import bisect
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import bench_store

from pipeline.publish.files import Tree
from pipeline.publish.searching import SearchIndex
from pipeline.store import Store

SIZES = (10_000, 100_000)
RATIO = 1.3
_NEW = 20


def timed(store: Store, target: Path, state: dict[str, Any]) -> tuple[dict[str, Any], float]:
    """What is remembered after bringing the index up to date, and the seconds it took."""
    newest = int(state.get("seq", 0))
    while found := store.log(newest, 5000):
        newest = found[-1].seq
    start = time.process_time()
    state = SearchIndex(store, Tree(target)).write(state, newest)
    return state, time.process_time() - start


def loaded(folder: Path, pair: str) -> tuple[int, int]:
    """Files and bytes that a browser asks for to find a pair of characters."""
    names = [x["name"] for x in json.loads((folder / "index.json").read_bytes())["segments"]]
    files = [folder / "index.json", folder / "fold.json"]
    for name in names:
        starts = folder / name / "starts.json"
        number = max(0, bisect.bisect_right(json.loads(starts.read_bytes()), pair) - 1)
        shard = folder / name / f"{number:04d}.bin"
        files += [starts, shard]
        key = pair.encode()
        if bytes((len(key),)) + key in shard.read_bytes():
            files.append(folder / name / "columns.bin")
    return len(files), sum(x.stat().st_size for x in files)


def measure(size: int, folder: Path) -> float:
    """Print what the index of a store of that size costs; seconds after 20 new articles."""
    with Store.open(f"sqlite:///{folder / 'quwen.db'}") as store:
        bench_store.fill(store, 0, size)
        target = folder / "public"
        state, seconds = timed(store, target, {})
        parts = [x for x in (target / "search").rglob("*") if x.is_file()]
        total = sum(x.stat().st_size for x in parts)
        print(
            f"{size:,} articles: {1000 * seconds / size:.2f} ms and {total / size:.0f} bytes each,"
            f" {len(state['segments'])} segments, {len(parts)} files"
        )
        taken = []
        for turn in range(5):
            for n in range(size + turn * _NEW, size + (turn + 1) * _NEW):
                article = bench_store.made_up(n)
                store.learn(article, capture_id=None, seen_at=bench_store.NOW, interpreter=1)
            state, seconds = timed(store, target, state)
            taken.append(seconds)
        after = statistics.median(taken)
        print(f"{size:,} articles: {after:.3f} s after {_NEW} new ones")
        for pair in ("龘龘", "会议"):
            files, data = loaded(target / "search", pair)
            print(f"{size:,} articles: {pair} loads {files} files, {data / 1000:,.0f} kB")
    return after


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default=",".join(map(str, SIZES)))
    costs = []
    for size in map(int, options.parse_args().sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            costs.append(measure(size, Path(folder)))
    if len(costs) > 1:
        print(f"cost of {_NEW} new articles: {costs[-1] / costs[0]:.2f} times (wanted: {RATIO})")


if __name__ == "__main__":
    main()
