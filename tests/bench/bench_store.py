"""What a store of many articles costs: ``python tests/bench/bench_store.py [--million] [--keep FOLDER]``.

Fills SQLite stores with made-up articles. At 100,000 of them (with ``--million`` at 1,000,000
too) measures, beside a store of 10,000 in the same process and in turns: the processor's time to
take in the next 100, the 95th percentile of searches for rare words; and the peak memory of
both and of exports over that of a bare interpreter.
"""

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, text

from pipeline.export import export
from pipeline.identity import article_id
from pipeline.records import AgendaItem, Article, Credit, Meeting, Ordinal, Published, cut_quote
from pipeline.store import Store, articles, codec, folding, mentions, rules, schema, search

SIZES = (10_000, 100_000, 1_000_000)
INGEST_RATIO, SEARCH_RATIO, MEMORY_MB = 1.3, 3.0, 150

_PARTS = ("title", "published", "origin", "paragraphs", "attachments", "document")
NOW = datetime(2026, 3, 2, tzinfo=UTC)
_PIECE = 1000  # articles put in at a time
_HAN = tuple(map(chr, range(0x4E00, 0x4E00 + 4000)))
_MATTERS = [
    "防汛抗旱",
    "安全生产",
    "老旧小区改造",
    "招商引资",
    "乡村振兴",
    "生态环境",
    "食品安全",
    "义务教育",
    "道路建设",
    "医疗保障",
    "城市更新",
    "粮食收购",
]
_DEEDS = [
    "压实属地责任",
    "细化工作方案",
    "排查风险隐患",
    "加快项目进度",
    "完善应急预案",
    "抓好督促检查",
    "统筹资金安排",
    "强化部门联动",
]
_CHAIRS = tuple("".join(x) for x in zip("江何刘王李张陈周吴郑" * 3, _HAN[900:], strict=False))


def rare_word(n: int) -> str:
    """A name that stands in one article, and by chance in a few more."""
    return "".join(random.Random(n * 7 + 1).choices(_HAN, k=3))


def made_up(n: int) -> Article:
    """The n-th article: a report of a meeting, some 200 characters, on one of 3,000 days."""
    dice = random.Random(n)
    chair, matters = dice.choice(_CHAIRS), dice.sample(_MATTERS, 2)
    lines = [f"区长{chair}主持召开区政府第{n % 97}次常务会议，研究{'、'.join(matters)}等工作。"]
    for matter in matters:
        deeds = "，".join(dice.sample(_DEEDS, 3))
        lines.append(
            f"会议听取{matter}情况汇报，完成项目{dice.randint(1, 9999)}个。会议要求，{deeds}。"
        )
    lines.append(f"{rare_word(n)}、{''.join(dice.choices(_HAN, k=40))}参加会议。")
    paragraphs = tuple(lines)
    start = len("区长")
    held = Meeting(
        body="政府",
        kind="常务会议",
        ordinal=Ordinal(seq=n % 97),
        chair=cut_quote(paragraphs, 0, start, start + len(chair)),
        agenda=(
            AgendaItem(
                verb=cut_quote(paragraphs, 1, 2, 4),
                subject=cut_quote(paragraphs, 1, 4, 8),
            ),
        ),
    )
    source = f"s{n % 300}"
    url = f"https://{source}.example/news/{n}.html"
    return Article(
        url=url,
        id=article_id(url),
        kind="article",
        title=f"{chair}主持召开区政府第{n % 97}次常务会议研究{matters[0]}",
        source=source,
        column="yaowen",
        published=Published(day=date(2018, 1, 1) + timedelta(days=n % 3000)),
        paragraphs=paragraphs,
        credits=(Credit(role="记者", label="记者", names=(dice.choice(_CHAIRS),)),),
        text_kind="meeting",
        meetings=(held,),
    )


def fill(store: Store, start: int, end: int) -> None:
    """Put articles into the tables as `Store.learn` would, many at a time.

    Nothing is compared with what is there, since all are new and no two tell one story.
    Digests and bands, which only have to be as many and as different, are drawn by lot.
    """
    with store._do.reading() as c:
        now = rules.stored(c)
    for first in range(start, end, _PIECE):
        batch = [made_up(n) for n in range(first, min(first + _PIECE, end))]
        store._do.write(lambda c, batch=batch: _add(c, batch, now))  # type: ignore[misc]
    store._do.write(_count_subjects)


def _add(c: Connection, batch: list[Article], now: rules.Rules) -> None:
    last = c.scalar(text("SELECT coalesce(max(seq), 0) FROM revision"))
    rows: dict[str, list[dict[str, Any]]] = {}

    def add(table: str, new: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> None:
        rows.setdefault(table, []).extend(new)

    for seq, x in enumerate(batch, last + 1):
        dice = random.Random(seq)
        digest = f"{dice.getrandbits(256):064x}"
        parts = json.dumps([(y, digest[:16]) for y in _PARTS])
        at = x.published.instant() if x.published else NOW
        shared = {"content_hash": digest, "interpreter": 1, "number": 1}
        add("article", [shared | {
            "id": x.id, "source": x.source, "column": x.column, "url": x.url, "kind": x.text_kind,
            "title": x.title, "published_day": x.published.day if x.published else None,
            "published_at": at, "sort_at": at, "state": "live", "first_seen": NOW, "last_seen": NOW,
            "updated": NOW, "record_hash": digest, "parts": parts,
            "seq": seq, "meetings": 1, "misses": 0,
        }])  # fmt: skip
        add("revision", [shared | {
            "seq": seq, "article_id": x.id, "kind": "new", "reason": "", "changed": "[]",
            "seen_at": NOW, "record": codec.dump(x),
        }])  # fmt: skip
        add("agenda_item", articles._agenda_rows(x))
        add("meeting", articles._meeting_rows(x))
        add("credit", articles._credit_rows(x))
        own = {"article_id": x.id, "sort_at": at, "live": True}
        add("mention", [y | own for y in mentions._mentions(x, now)])
        title, body = folding.fold(x.title), folding.fold(" ".join(search._words(x)))
        add("search_text", [{
            "id": seq, "article_id": x.id, "title": title, "body": body,
            "folding": folding.FOLDING,
        }])  # fmt: skip
        add("tokens", [{"key": seq, "tokens": " ".join(search._pairs(title, body))}])
        week = (at.date() + timedelta(days=1)).toordinal() // 7
        told = {dice.getrandbits(32) for _ in range(7)}
        add("band", [{"bucket": week << 32 | y, "article_id": x.id} for y in told])
    tokens = rows.pop("tokens")
    for name, some in rows.items():
        c.execute(insert(schema.metadata.tables[name]), some)
    c.execute(text("INSERT INTO search_index (rowid, tokens) VALUES (:key, :tokens)"), tokens)


def _count_subjects(c: Connection) -> None:
    c.execute(text("DELETE FROM subject"))
    c.execute(
        text(
            "INSERT INTO subject (kind, key, name, place, titles, articles, newest, change) SELECT"
            " kind, key, min(name), min(place), '[]', count(*), max(sort_at), 1"
            " FROM mention GROUP BY kind, key"
        )
    )


def take_in(store: Store, first: int) -> float:
    """The processor's seconds to take in 100 articles more."""
    batch = [made_up(n) for n in range(first, first + 100)]
    start = time.process_time()
    for x in batch:
        store.learn(x, capture_id=None, seen_at=NOW, interpreter=1)
    return time.process_time() - start


def ingest(stores: tuple[Store, ...], sizes: tuple[int, ...]) -> tuple[float, ...]:
    """Seconds for the next 100 articles in each store, the best of five times, in turns."""
    begin = 10_000_000 + time.time_ns() // 1_000_000_000 % 100_000_000 * 1000
    taken = [[take_in(x, begin + turn * 100) for x in stores] for turn in range(6)]
    return tuple(min(x) for x in zip(*taken[1:], strict=True))


def searches(stores: tuple[Store, ...], sizes: tuple[int, ...]) -> tuple[float, ...]:
    """The 95th percentile of 300 searches for rare words in each store, in milliseconds, in turns."""
    taken: list[list[float]] = [[] for _ in stores]
    for turn in range(310):
        for store, size, found in zip(stores, sizes, taken, strict=True):
            n = random.Random(turn).randrange(size)
            word = rare_word(n)[: 2 + turn % 2]
            start = time.process_time()
            hits = store.search(word)
            found.append((time.process_time() - start) * 1000)
            assert made_up(n).id in {x.entry.article.id for x in hits}, word
    return tuple(statistics.quantiles(x[10:], n=20)[-1] for x in taken)


def export_all(stores: tuple[Store, ...], sizes: tuple[int, ...]) -> tuple[float, ...]:
    """Seconds for 1,000 articles of the last store, exported in each form."""
    total, start = 0, time.process_time()
    for form in ("jsonl", "csv", "parquet"):
        with tempfile.TemporaryFile() as out:
            total += export(stores[-1], "articles", form, out)  # type: ignore[arg-type]
    return ((time.process_time() - start) / total * 1000,)


WORK = {"ingest": ingest, "search": searches, "export": export_all}


def alone(name: str, told: tuple[tuple[str, int], ...]) -> tuple[tuple[float, ...], float]:
    """Figures of each store, and the peak memory in MB over a bare interpreter's.

    Both stores are measured in one new process, in turns, so that what else the machine
    does concerns both.
    """
    code = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    bare = json.loads(_in_new_process(["-c", code]))
    done = json.loads(_in_new_process([__file__, "--work", name, json.dumps(told)]))
    return tuple(done["figures"]), (done["peak"] - bare) / 1024


def _in_new_process(arguments: list[str]) -> bytes:
    # a shell between: a child's peak begins with what its parent held when it was forked
    command = ["sh", "-c", '"$@"; exit $?', "sh", sys.executable, *arguments]
    return subprocess.check_output(command)


def work(name: str, told: list[list[Any]]) -> None:
    """Measure, and print the figures as JSON."""
    with ExitStack() as stack:
        stores = tuple(stack.enter_context(Store.open(x)) for x, _ in told)
        figures = WORK[name](stores, tuple(n for _, n in told))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"figures": figures, "peak": peak}))


def main() -> int:
    """Print the table; 1 where a ratio or the memory is beyond its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--million", action="store_true", help="go on to 1,000,000")
    parser.add_argument("--small", action="store_true", help="1,000 and 3,000: to try the script")
    parser.add_argument("--keep", type=Path, help="folder for the databases: goes on with them")
    parser.add_argument("--work", nargs=2)
    given = parser.parse_args()
    if given.work:
        work(given.work[0], json.loads(given.work[1]))
        return 0
    sizes = (1000, 3000) if given.small else SIZES if given.million else SIZES[:2]
    with tempfile.TemporaryDirectory(prefix="quwen-bench-") as made:
        folder = (given.keep or Path(made)).absolute()
        slow = [_measure(folder, sizes[0], x) for x in sizes[1:]]
        return int(any(slow))


def _grown(address: str, size: int) -> None:
    """Fill a store up to a size; what is there already is left."""
    start = time.process_time()
    with Store.open(address) as store:
        there = range(0, size, _PIECE)
        first = next((n for n in there if not store.known([made_up(n).id])), size)
        fill(store, first, size)
    print(f"{size:>9,} articles: filled in {time.process_time() - start:.0f} s", flush=True)


def _measure(folder: Path, small: int, size: int) -> bool:
    """Print what a store of a size costs beside a small one; whether that is too much."""
    told = ((f"sqlite:///{folder / 'small.db'}", small), (f"sqlite:///{folder / 'bench.db'}", size))
    for address, n in told:
        _grown(address, n)
    (base, taken), m1 = alone("ingest", told)
    (fast, found), m2 = alone("search", told)
    (each,), m3 = alone("export", told[1:])
    print(f"          next 100: {taken:.2f} s, {taken / base:.2f} times (limit {INGEST_RATIO})")
    print(f"          search p95: {found:.1f} ms, {found / fast:.2f} times (limit {SEARCH_RATIO})")
    print(f"          export: {1000 / each:,.0f} articles a second")
    print(
        f"          memory: ingest {m1:.0f} MB, search {m2:.0f} MB, export {m3:.0f} MB "
        f"(limit {MEMORY_MB} MB)",
        flush=True,
    )
    slow = taken / base > INGEST_RATIO or found / fast > SEARCH_RATIO
    return slow or max(m1, m2, m3) > MEMORY_MB


if __name__ == "__main__":
    sys.exit(main())
