"""What a run did, in counts and problems."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from pipeline.differences import Difference

State = Literal["Completed", "CompletedWithErrors", "Failed"]

COUNTS = {
    "listed": "items on the list pages read",
    "unchanged": "list pages that answered 304",
    "fetched": "article pages fetched",
    "new": "articles stored for the first time",
    "edited": "articles that their publisher changed",
    "rechecked": "known articles asked for again",
    "missing": "known articles that were not there",
    "withdrawn": "articles that their publisher took down",
    "restored": "withdrawn articles that are back",
    "external": "links that lead off the source",
    "failed": "addresses that gave no record",
    "quarantined": "pages kept, but not understood",
    "read": "archived pages read again",
    "in_range": "items of a backfill's days on the lists",
    "wanted": "articles that a dry run would fetch",
    "reparsed": "articles that read otherwise than before",
    "stale": "fixes that do not apply any more",
}
"""Counts of a report, in the order in which tables show them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that went wrong: where, and what there is to know."""

    where: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field of records that reads otherwise: in how many articles, and in the first of them."""

    field: str
    articles: int
    example: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one pass over one source did; ``counts`` holds every key of `COUNTS`."""

    source: str
    counts: Mapping[str, int]
    seconds: float
    problems: tuple[Problem, ...] = ()
    changes: tuple[FieldChange, ...] = ()

    @property
    def state(self) -> State:
        """``Failed`` where nothing could be read, ``CompletedWithErrors`` where something could not."""
        if not self.problems:
            return "Completed"
        read = sum(self.counts[x] for x in ("listed", "unchanged", "rechecked", "read"))
        return "CompletedWithErrors" if read else "Failed"

    def as_json(self) -> dict[str, Any]:
        """Return plain values for the run ledger."""
        return {
            "source": self.source,
            "counts": dict(self.counts),
            "seconds": round(self.seconds, 3),
            "problems": [{"where": x.where, "what": x.what} for x in self.problems],
            "changes": [asdict(x) for x in self.changes],
        }


def state_of(reports: Sequence[Report]) -> State:
    """Return the state of a run over several sources: one failing never fails the others."""
    states = {x.state for x in reports}
    if states <= {"Completed"}:
        return "Completed"
    return "Failed" if states == {"Failed"} else "CompletedWithErrors"


@dataclass(slots=True)
class Tally:
    """A report in the making."""

    source: str
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    changes: dict[str, FieldChange] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)

    def problem(self, where: str, what: str, *counted: str) -> None:
        """Note a problem and count it under *counted*."""
        self.problems.append(Problem(where=where, what=what))
        self.counts.update(counted)

    def change(self, article: str, found: Iterable[Difference]) -> None:
        """Count the fields in which an article reads otherwise."""
        for x in found:
            before = self.changes.get(x.field)
            self.changes[x.field] = (
                FieldChange(field=x.field, articles=1, example=article, old=x.old, new=x.new)
                if before is None
                else replace(before, articles=before.articles + 1)
            )

    def report(self) -> Report:
        """Return what has been counted so far."""
        return Report(
            source=self.source,
            counts={x: self.counts[x] for x in COUNTS},
            seconds=time.monotonic() - self.started,
            problems=tuple(self.problems),
            changes=tuple(sorted(self.changes.values(), key=lambda x: (-x.articles, x.field))),
        )
