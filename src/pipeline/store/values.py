"""What the store gives back. All instants are aware and in UTC."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pipeline.records import Article, CaptureRef, Published
from pipeline.revisions import Kind, State

SubjectKind = Literal["person", "topic", "body"]
RunState = Literal["running", "completed", "completed_with_errors", "failed", "died"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One of the places where a story stands. ``is_first`` marks the first publisher's."""

    id: str
    url: str
    source: str | None
    is_first: bool
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article as it stands: its newest record and when we learned of it.

    ``updated`` moves when the publisher does something, not when we read
    better; ``seq`` moves with every revision. ``sort_at`` orders entries: the
    publication, or ``first_seen`` where that is missing or in the future.
    ``also_at`` are the other places of its story, the first publisher's first.
    """

    article: Article
    first_seen: datetime
    updated: datetime
    sort_at: datetime
    revision: int
    state: State
    seq: int
    also_at: tuple[Copy, ...] = ()

    @property
    def is_copy(self) -> bool:
        """Whether another publisher had the story first."""
        return any(x.is_first for x in self.also_at)

    def is_told(self, among: Container[str]) -> bool:
        """Whether the article of its first publisher is *among* those with these identifiers."""
        return any(x.is_first and x.id in among for x in self.also_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Of an `Entry`, what says whether it stands in a list: the record is not read for it."""

    id: str
    sort_at: datetime
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A person, a topic or a body that articles are about.

    ``key`` is ASCII and stays: ``<division code>-<8 hex digits>`` of a person,
    ``<division code>-government`` (party, congress, cppcc, other) of a body, the
    table's of a topic. ``place`` is the division's code, ``000000`` where none is known and
    for topics. ``articles`` counts the live ones, ``newest`` is the ``sort_at`` of the newest of
    them, whose ``titles`` these are. ``change`` grows with every change of any subject.
    """

    kind: SubjectKind
    key: str
    name: str
    place: str
    titles: tuple[str, ...]
    articles: int
    newest: datetime | None
    change: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """An article that the operator took off what is published, when, and what the public is told."""

    article_id: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """What a site published on a day in China: articles, and how many of them report a meeting."""

    day: date
    articles: int
    meetings: int


Marked = tuple[tuple[str, bool], ...]
"""A text in pieces; True marks what was searched for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that was found, with its title and a part of its text in pieces."""

    entry: Entry
    title: Marked
    snippet: Marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One thing the store learned of an article. ``seq`` numbers all of them in order.

    ``changed`` names the parts of the content that differ from the revision
    before, ``first_seen`` is the article's, ``seen_at`` this revision's.
    """

    seq: int
    article_id: str
    number: int
    kind: Kind
    reason: str
    changed: tuple[str, ...]
    seen_at: datetime
    first_seen: datetime
    capture_id: int | None
    interpreter: int
    content_hash: str
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What `Store.apply` did. ``seq`` is None where nothing was added to the log."""

    kind: Kind
    reason: str
    seq: int | None
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCapture:
    """A capture's row: where the archive keeps it and what it answered."""

    id: int
    ref: CaptureRef
    url: str
    requested_url: str
    source: str | None
    column: str | None
    run_id: int | None
    status: int
    fetched_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredValidators:
    """What to send with a conditional request, byte for byte as received."""

    url: str
    etag: str | None
    last_modified: str | None
    capture_id: int | None
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An article's line in a column's list."""

    article_id: str
    url: str
    title: str
    published: Published | None
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A page that could not be read, by the step that failed. ``times`` counts the tries."""

    id: int
    capture_id: int | None
    url: str
    source: str | None
    column: str | None
    step: str
    reason: str
    detail: str | None
    at: datetime
    last_at: datetime
    times: int
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A line of the run ledger. ``params`` and ``report`` are plain JSON values."""

    id: int
    kind: str
    params: Any
    state: RunState
    started: datetime
    ended: datetime | None
    heartbeat: datetime
    host: str
    pid: int
    report: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillState:
    """How far a walk back in time has come; ``next_url`` is the list page to go on with.

    ``updated`` is when it was written down, None before.
    """

    source: str
    column: str
    since: date | None = None
    until: date | None = None
    next_url: str | None = None
    done: bool = False
    pages: int = 0
    updated: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A host that asked to be left alone until ``not_before``."""

    host: str
    not_before: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much the store holds. ``by_source`` counts articles."""

    articles: int
    meetings: int
    withdrawn: int
    revisions: int
    captures: int
    quarantined: int
    by_source: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCounts:
    """How much there is of a source; ``source`` is empty for articles of none.

    ``newest`` is the last publication.
    """

    source: str
    articles: int
    meetings: int
    withdrawn: int
    newest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnStatus:
    """How a column fares: its last look, its last good one, failures in a row since."""

    source: str
    column: str
    checked_at: datetime
    ok_at: datetime | None
    listed: int
    failures: int
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """What the status page says of a source."""

    source: str
    articles: int
    meetings: int
    withdrawn: int
    newest: datetime | None
    quarantined: int
    columns: tuple[ColumnStatus, ...]
