"""Milliseconds of processor time to parse one article: ``python tests/bench/bench_parse.py``.

Reads the founding example where it lies beside the checkout, else the longest written case.
"""

import statistics
import sys
import time
import tomllib
from datetime import date
from pathlib import Path

from pipeline.parse import parse_article

ROOT = Path(__file__).resolve().parents[2]
BUDGET_MS = 2.0


def article() -> list[str]:
    """The paragraphs that are timed."""
    gold = ROOT.parent / "shared" / "seed" / "gold.txt"
    if gold.exists():
        return gold.read_text(encoding="utf-8").split("\n")
    cases = [
        case
        for path in (ROOT / "tests" / "records").glob("*.toml")
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    ]
    return str(max(cases, key=lambda c: len(c["text"]))["text"]).strip().split("\n")


def times_ms(lines: list[str], runs: int = 200) -> list[float]:
    """The processor's milliseconds of each run, after ten for warming up."""
    taken: list[float] = []
    for i in range(runs + 10):
        start = time.process_time()
        parse_article(lines, published=date(2024, 10, 22))
        if i >= 10:
            taken.append((time.process_time() - start) * 1000)
    return taken


def main() -> None:
    """Print characters, median and best."""
    lines = article()
    taken = times_ms(lines)
    sys.stdout.write(
        f"parse: {sum(map(len, lines))} characters, median {statistics.median(taken):.2f} ms, "
        f"best {min(taken):.2f} ms (budget {BUDGET_MS} ms)\n"
    )


if __name__ == "__main__":
    main()
