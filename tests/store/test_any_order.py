"""The store beside a model of it, through any order of events."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from pipeline.records import Article
from pipeline.store import Store

PAGES = st.integers(0, 2)
TEXTS = st.sampled_from(["修好河堤。", "防汛、消防、应急。", "学校、教师、学位。"])


@dataclass
class Page:
    """What an onlooker would remember of one page."""

    text: str
    reading: int = 1
    kinds: list[str] = field(default_factory=lambda: ["new"])
    edits: list[datetime] = field(default_factory=list)  # in the week of the first of them
    looks: list[datetime] = field(default_factory=list)  # in vain, since the last answer

    @property
    def withdrawn(self) -> bool:
        """Whether the publisher's last act was to take it down."""
        return [x for x in self.kinds if x != "reparsed"][-1] == "withdrawn"


class Machine(RuleBasedStateMachine):
    """Pages that are read, edited, taken down, put back and read again."""

    def __init__(self, store: Store, desk: Any, report: Callable[..., Article]) -> None:
        super().__init__()
        self.store, self.desk, self.report = store, desk, report
        self.now = datetime(2026, 3, 2, tzinfo=UTC)
        self.pages: dict[int, Page] = {}

    def version(self, n: int, text: str, reading: int) -> Article:
        """A page's record with that text, as the reader of that number makes it."""
        return self.report(n, text=text, family=f"reading {reading}")

    @rule(hours=st.sampled_from([1, 13, 30]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(n=PAGES, text=TEXTS)
    def read(self, n: int, text: str) -> None:
        page = self.pages.get(n)
        reading = page.reading if page else 1
        found = self.desk.read(self.version(n, text, reading), at=self.now, interpreter=reading)
        if page is None:
            self.pages[n] = Page(text=text)
            assert "new" == found.kind
            return
        if page.edits and self.now - page.edits[0] >= timedelta(days=7):
            page.edits = []
        is_edit = text != page.text and len(page.edits) < 5
        kind = "restored" if page.withdrawn else "edited" if is_edit else "unchanged"
        assert kind == found.kind
        page.looks = []
        if kind != "unchanged":
            page.text = text
            page.kinds.append(kind)
        if kind == "edited":
            page.edits.append(self.now)

    @rule(n=PAGES)
    def miss(self, n: int) -> None:
        page = self.pages.get(n)
        if page is None:
            return
        found = self.desk.miss(self.report(n), at=self.now)
        page.looks.append(self.now)
        long_enough = page.looks[-1] - page.looks[0] >= timedelta(days=1)
        if not page.withdrawn and len(page.looks) >= 3 and long_enough:
            page.kinds.append("withdrawn")
            assert "withdrawn" == found.kind
        else:
            assert "missing" == found.kind

    @rule(n=PAGES, better=st.booleans())
    def read_the_archive_again(self, n: int, better: bool) -> None:
        page = self.pages.get(n)
        if page is None:
            return
        page.reading += better
        known = self.store.known([self.report(n).id])[self.report(n).id]
        article = self.version(n, page.text, page.reading)
        found = self.desk.reread(article, known.capture_id, at=self.now, interpreter=page.reading)
        assert ("reparsed" if better else "unchanged") == found.kind
        if better:
            page.kinds.append("reparsed")

    @invariant()
    def histories_are_as_remembered(self) -> None:
        for n, page in self.pages.items():
            history = self.store.history(self.report(n).id)
            assert page.kinds == [x.kind for x in history]
            assert list(range(1, len(history) + 1)) == [x.number for x in history]

    @invariant()
    def entries_are_as_remembered(self) -> None:
        states = {
            self.version(n, x.text, x.reading): "withdrawn" if x.withdrawn else "live"
            for n, x in self.pages.items()
        }
        assert states == {x.article: x.state for x in self.store.entries()}
        assert len(self.pages) == self.store.counts().meetings

    @invariant()
    def subjects_are_counted_right(self) -> None:
        found: Counter[tuple[str, str]] = Counter()
        newest: dict[tuple[str, str], datetime] = {}
        for x in self.store.entries():
            for key in ((y.kind, y.key) for y in self.store.subjects_of(x.article.id)):
                found[key] += x.state == "live"
                if x.state == "live":
                    newest[key] = max(x.sort_at, newest.get(key, x.sort_at))
        stored = [
            x for kind in ("person", "topic", "body") for x in self.store.subjects(kind, minimum=0)
        ]
        assert {k: v for k, v in found.items() if v} == {
            (x.kind, x.key): x.articles for x in stored if x.articles
        }
        assert newest == {(x.kind, x.key): x.newest for x in stored if x.newest}

    @invariant()
    def log_has_everything_in_order(self) -> None:
        log = self.store.log(limit=1000)
        assert sum(len(x.kinds) for x in self.pages.values()) == len(log)
        assert sorted({x.seq for x in log}) == [x.seq for x in log]


def test_store_agrees_with_a_model(
    store: Store, desk: Any, report: Callable[..., Article], empty: Callable[[], None]
):
    """Whatever happens to pages in whatever order, nothing is lost or doubled."""

    def machine() -> Machine:
        empty()
        return Machine(store, desk, report)

    run_state_machine_as_test(
        machine, settings=settings(max_examples=8, stateful_step_count=15, deadline=None)
    )
