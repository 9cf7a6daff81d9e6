"""What publishing costs: ``python tests/bench/bench_publish.py [--sizes 10000,100000] [--profile]``.

Publishes SQLite stores of made-up articles of 45 districts, 40 articles a day, whose officials
change over the years: at first as a whole, then, in turns, each after 20 new articles and with
nothing new, as a tick does. Then the rendering of one feed of 50 entries. Times are of the
processor. At each size the new articles are of 20 districts, their officials are new, and the
archive documents that they go into are as full: 45 districts see to that. What differs is how
many feeds there are besides (595 and 4,645), and how long the history of each is.
"""

import argparse
import cProfile
import pstats
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import bench_store

from pipeline.publish import PublishReport, publish
from pipeline.publish.content import Names, feed_entry
from pipeline.publish.feeds import Selection, heading, live_document
from pipeline.publish.formats import FORMATS
from pipeline.publish.kept import forgetting
from pipeline.records import Article, Column, Place, Published, Source
from pipeline.sources import Catalogue
from pipeline.store import Store

SIZES = (10_000, 100_000)
RATIO, A_SECOND, FEED_MS = 1.3, 300, 20
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
BASE, AUTHORITY = "https://feeds.quwen.example/", "quwen.example,2026"
_DISTRICTS, _A_DAY, _ERA = 45, 40, 10_000
_NEW, _TURNS = 20, 7

_plain = bench_store.made_up


def dated(n: int, newest: int) -> Article:
    """The n-th article where *newest* is the last: so many a day, officials of their time."""
    found = _plain(n)
    source = f"s{n % _DISTRICTS}"
    # the chair's name gets another second character in each era
    chair = found.meetings[0].chair
    assert chair is not None
    name = chair.value[0] + chr(0x6000 + n // _ERA)
    paragraphs = tuple(x.replace(chair.value, name) for x in found.paragraphs)
    held = replace(found.meetings[0], chair=replace(chair, value=name))
    day = date(2026, 3, 1) - timedelta(days=(newest - n) // _A_DAY)
    return replace(
        found,
        source=source,
        title=found.title.replace(chair.value, name),
        paragraphs=paragraphs,
        meetings=(held,),
        published=Published(day=day),
    )


def catalogue() -> Catalogue:
    """45 districts with one site and one column each."""
    sources = tuple(
        Source(
            id=f"s{n}",
            name=f"第{n}区人民政府",
            place=Place(code=f"3701{n:02}", name=f"第{n}区", province="山东省", short=f"第{n}"),
            publisher="government",
            base=f"https://s{n}.example",
        )
        for n in range(_DISTRICTS)
    )
    columns = (Column(source=x, key="yaowen", name="要闻", url=f"{x.base}/") for x in sources)
    return Catalogue(sources=sources, columns=tuple(columns))


def timed(work: Callable[[], PublishReport]) -> tuple[PublishReport, float]:
    """What *work* gave, and the seconds of the processor that it took."""
    start = time.process_time()
    found = work()
    return found, time.process_time() - start


@dataclass(slots=True, kw_only=True)
class Case:
    """A store of that many articles with its tree; what was measured."""

    size: int
    folder: Path
    store: Store
    stored: int = 0
    taken: list[float] = field(default_factory=list)  # seconds after new articles
    idle: list[float] = field(default_factory=list)  # with nothing new
    files: int = 0

    def learn(self, count: int) -> None:
        """Store so many more articles."""
        newest = self.size + 1000
        for n in range(self.stored, self.stored + count):
            article = dated(n, newest)
            self.store.learn(article, capture_id=None, seen_at=NOW, interpreter=1)
        self.stored += count

    def publish(self, *, thorough: bool = False) -> PublishReport:
        """Publish as a tick does."""
        return publish(
            self.store,
            catalogue(),
            target=self.folder / "public",
            base_url=BASE,
            tag_authority=AUTHORITY,
            now=NOW,
            thorough=thorough,
        )

    def build(self) -> None:
        """Fill the store, publish all of it and print what that costs."""
        bench_store.made_up = lambda n: dated(n, self.size + 1000)
        bench_store.fill(self.store, 0, self.size)
        self.stored = self.size
        report, seconds = timed(lambda: self.publish(thorough=True))
        print(
            f"{self.size:,} articles at once: {seconds:.1f} s, {self.size / seconds:.0f} a second"
            f" (wanted: {A_SECOND}), {len(report.written):,} files,"
            f" at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB",
            flush=True,
        )

    def turn(self) -> None:
        """Publish after new articles, then with nothing new."""
        self.learn(_NEW)
        report, seconds = timed(self.publish)
        self.taken.append(seconds)
        self.files = len(report.written)
        nothing, seconds = timed(self.publish)
        assert not nothing.written
        self.idle.append(seconds)

    def profile(self) -> None:
        """Print where the time goes after new articles."""
        self.learn(_NEW)
        found = cProfile.Profile(time.process_time)
        found.runcall(self.publish)
        pstats.Stats(found).sort_stats("cumulative").print_stats(45)


def feed_ms() -> float:
    """Milliseconds for one feed of 50 entries in all formats, the best of ten."""
    own = catalogue()
    names = Names.of(own, base_url=BASE, tag_authority=AUTHORITY)
    with tempfile.TemporaryDirectory() as folder, Store.open(f"sqlite:///{folder}/q.db") as store:
        for n in range(50):
            store.learn(dated(n, 50), capture_id=None, seen_at=NOW, interpreter=1)
        entries = [feed_entry(names, x) for x in store.entries(limit=50)]
    selection = Selection(path="all", title="全部", description="全部文章")
    document = live_document(heading(names, selection), entries)
    assert document is not None
    taken = []
    for _ in range(10):
        with forgetting():  # or entries would come out of memory from the second time on
            start = time.process_time()
            for form in FORMATS:
                form.render(document)
            taken.append((time.process_time() - start) * 1000)
    return min(taken)


def main() -> None:
    """Print the figures; with --profile, where the time goes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default=",".join(map(str, SIZES)))
    options.add_argument("--profile", action="store_true")
    given = options.parse_args()
    print(f"a feed of 50 entries in 3 formats: {feed_ms():.1f} ms (wanted: {FEED_MS} at most)")
    with ExitStack() as stack:
        cases = []
        for size in map(int, given.sizes.split(",")):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            address = f"sqlite:///{folder / 'quwen.db'}"
            store = stack.enter_context(Store.open(address, sources=catalogue().sources))
            cases.append(Case(size=size, folder=folder, store=store))
            cases[-1].build()
        for _ in range(_TURNS):  # side by side: a machine that becomes slower does so for both
            for case in cases:
                case.turn()
        for case in cases:
            print(
                f"{case.size:,} articles: {statistics.median(case.taken):.2f} s after {_NEW} new"
                f" ones ({case.files} files), {statistics.median(case.idle):.2f} s with nothing new"
            )
            if given.profile:
                case.profile()
        if len(cases) > 1:
            pairs = zip(cases[0].taken, cases[-1].taken, strict=True)
            ratio = statistics.median(y / x for x, y in pairs)
            print(f"cost of {_NEW} new articles: {ratio:.2f} times (wanted: {RATIO})")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
