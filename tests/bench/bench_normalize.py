"""Text repair against OpenCC's own conversion in the same run.

``python tests/bench/bench_normalize.py``. The founding example is read where it lies beside the
checkout, else the written one of the tests.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import opencc

from pipeline.normalize import normalize

ROOT = Path(__file__).resolve().parents[2]
CLEAN_BYTES = 2000
CLEAN_BUDGET_US = 60
SEED_BUDGET_US = 1500
SIZES_MB = (1, 2, 4, 8)


def examples() -> tuple[list[str], list[str]]:
    """The mangled text and its clean form, by lines."""
    seed = ROOT.parent / "shared" / "seed"
    fixtures = ROOT / "tests" / "fixtures"
    mangled, clean = (
        (seed / "dongchangfu-49.txt", seed / "gold.txt")
        if seed.exists()
        else (fixtures / "mangled-story.txt", fixtures / "mangled-story.gold.txt")
    )
    return tuple(p.read_text(encoding="utf-8").split("\n") for p in (mangled, clean))  # type: ignore[return-value]


def two_kilobytes(lines: Sequence[str]) -> list[str]:
    """The first lines that make an article of that size."""
    taken: list[str] = []
    for line in lines:
        taken.append(line)
        if len("\n".join(taken).encode()) >= CLEAN_BYTES:
            break
    return taken


def median_us(work: Callable[[], object], runs: int = 2000) -> float:
    """The median microseconds of a run, after some for warming up."""
    taken: list[float] = []
    for i in range(runs + 20):
        start = time.perf_counter()
        work()
        if i >= 20:
            taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1e6


def seconds(work: Callable[[], object]) -> float:
    """The best of three runs."""
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def report_growth(name: str, line: str) -> None:
    """Print the time for one line of growing length, and each as a multiple of the one before."""
    taken = []
    for size in SIZES_MB:
        text = line * (size * 1_000_000 // len(line.encode()))
        taken.append(seconds(lambda text=text: normalize((text,))))  # type: ignore[misc]
    shown = ", ".join(f"{mb} MB {s:.2f} s" for mb, s in zip(SIZES_MB, taken, strict=True))
    ratios = " ".join(f"{b / a:.2f}" for a, b in pairwise(taken))
    print(f"one {name} line: {shown}; growth by doubling {ratios}")


def main() -> None:
    """Print times, ratios and budgets."""
    mangled, clean = examples()
    article = two_kilobytes(clean)
    joined = "\n".join(article)
    convert = opencc.OpenCC("t2s").convert
    ours, theirs = median_us(lambda: normalize(article)), median_us(lambda: convert(joined))
    print(
        f"clean article, {len(joined.encode())} bytes: {ours:.0f} µs, OpenCC t2s {theirs:.0f} µs, "
        f"difference {ours - theirs:.0f} µs (budget {CLEAN_BUDGET_US})"
    )
    whole = "\n".join(mangled)
    ours, theirs = median_us(lambda: normalize(mangled), 300), median_us(lambda: convert(whole))
    print(
        f"mangled article, {len(whole)} characters: {ours:.0f} µs (budget {SEED_BUDGET_US}), "
        f"{ours / theirs:.1f} times OpenCC t2s"
    )
    report_growth("clean", "".join(clean))
    report_growth("mangled", "".join(mangled))
    start = time.perf_counter()
    code = "import pipeline.normalize as n; n.repair_text('東昌府區(qū)會(huì)議'.encode())"
    subprocess.run([sys.executable, "-c", code], check=True)
    print(f"process that repairs a line: {time.perf_counter() - start:.2f} s (budget 0.6)")


if __name__ == "__main__":
    main()
