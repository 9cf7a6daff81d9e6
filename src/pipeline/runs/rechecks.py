"""Ask known articles again: corrections, takedowns, and what came back.

A takedown is only believed beside neighbours that are still there. Where those
are missing too, or many articles read otherwise at once, the site is failing or
was redesigned: that is an alarm, and nothing of it is applied.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pipeline.errors import ArchiveError, DecodeError, ExtractError, FetchError, ParseError
from pipeline.extract.kind import has_front_address
from pipeline.fetch import Fetched, Gone, NotModified, Validators
from pipeline.health import KINDS, Verdict, doubt
from pipeline.identity import article_id
from pipeline.interpret import INTERPRETER
from pipeline.rechecks import after_failure, born, wants_whole
from pipeline.records import Article, Column
from pipeline.revisions import changed_parts, decide, lost_its_text, parts
from pipeline.runs.alarms import note_verdict
from pipeline.runs.context import Context
from pipeline.runs.leases import Claim
from pipeline.runs.reading import (
    Pass,
    SourceStopped,
    corrected_by,
    get,
    keep,
    plan_recheck,
    quarantine,
    refuse,
    store_article,
    whole_article,
)
from pipeline.runs.report import Tally
from pipeline.runs.rereading import archived_article
from pipeline.store import Recheck

_NEIGHBOURS = 5
"""Articles beside one that is missing that are looked at; most of them must be there."""

_MANY_EDITS = 5
"""Edits in one run that are doubted where they are most of what was looked at."""

_AWAY = frozenset({"challenged", "unreached", "disallowed"})
_IN_DOUBT = _AWAY | {"empty", "undated", "unread", "bodiless", "untitled", "dateless", "unsigned"}
"""Alarms of a column whose pages say nothing about its articles."""

_ENOUGH_DOUBT = 3
"""So many articles without neighbours are enough: a site in trouble is not asked on."""

_NO_TEXT = "the page has no text any more"

_PAUSE = timedelta(days=1)
"""What was not believed is looked at again after this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What an article's page was. ``missing`` says why there is none; it is there otherwise.

    ``article`` is None for one that has not changed.
    """

    asked: Recheck
    reading: Pass
    missing: str = ""
    capture_id: int | None = None
    page: Fetched | None = None
    article: Article | None = None
    reread: Article | None = None


@dataclass(slots=True, kw_only=True)
class _Round:
    """One run's looks at the known articles of a source, by article; None for one that failed."""

    context: Context
    run_id: int
    source: str
    tally: Tally
    columns: Mapping[str, Column]
    claim: Claim | None
    looks: dict[str, _Look | None] = field(default_factory=dict)
    passes: dict[str, Pass] = field(default_factory=dict)

    def reading(self, column: str | None) -> Pass | None:
        """The pass over a column, None for one that the source has no more."""
        if column is None or column not in self.columns:
            return None
        if column not in self.passes:
            alarms = self.context.store.upkeep.alarms(source=self.source, column=column)
            self.passes[column] = Pass(
                context=self.context,
                run_id=self.run_id,
                column=self.columns[column],
                tally=self.tally,
                alarms=frozenset(x.kind for x in alarms),
                claim=self.claim,
            )
        return self.passes[column]


def recheck_source(
    source_id: str, *, context: Context, run_id: int, tally: Tally, claim: Claim | None = None
) -> None:
    """Ask for the known articles of a source that are due, within the budget of its hosts.

    To be called while the source is held. What was found is stored at the end, so that
    each page is judged beside the others; what a killed run has asked is asked again.
    """
    r = _Round(
        context=context,
        run_id=run_id,
        source=source_id,
        tally=tally,
        columns={x.key: x for x in context.catalogue.columns_of(source_id)},
        claim=claim,
    )
    budget = context.settings.rechecks
    due = context.store.rechecks.due(source_id, context.clock(), limit=budget) if budget else ()
    try:
        for x in due:
            if not _ask(r, x):
                break
        missing = tuple(x for x in r.looks.values() if x is not None and x.missing)
        believed, held = _judge(r, missing)
    except SourceStopped:  # the reason is told; what is missing cannot be judged now
        believed = held = frozenset()
    doubted = _doubted_edits(r)
    for look in r.looks.values():
        if look is not None:
            _apply(r, look, believed=believed, held=held, doubted=doubted)
    _tell(r, held | doubted)


def _ask(r: _Round, x: Recheck) -> bool:
    """Look at an article's page; False where the hour's budget of its host is spent."""
    p, now = r.reading(x.column), r.context.clock()
    if p is None:
        r.context.store.rechecks.plan(x.known.id, source=r.source, url=x.url, due=None)
        return True
    if p.alarms & _AWAY:
        _postpone(r, x)
        return True
    host = urlsplit(x.url).hostname or ""
    if not r.context.store.rechecks.spend(host, now, budget=r.context.settings.rechecks):
        return False
    r.tally.counts["rechecked"] += 1
    try:
        look = r.looks[x.known.id] = _look(p, x)
    except SourceStopped:
        if not r.context.stopping.is_set():
            _postpone(r, x)  # else one page that is refused would stop every run at its place
        raise
    if look is None:
        _postpone(r, x)
    return True


def _postpone(r: _Round, x: Recheck) -> None:
    """Repeat a look that said nothing."""
    due = after_failure(r.context.clock(), start=_start(x))
    r.context.store.rechecks.plan(x.known.id, source=r.source, url=x.url, due=due)


def _start(x: Recheck) -> datetime:
    if x.known.state == "withdrawn":
        return x.known.updated
    return x.known.missing_since or _born(x)


def _born(x: Recheck) -> datetime:
    return born(first_seen=x.known.first_seen, sort_at=x.known.sort_at)


def _look(p: Pass, x: Recheck) -> _Look | None:
    """What the page is now; None where that cannot be told. Raises `SourceStopped`."""
    whole = x.known.state == "withdrawn" or wants_whole(p.context.clock(), born=_born(x))
    stored = None if whole else p.context.store.validators(x.url)
    given = (
        None if stored is None else Validators(etag=stored.etag, last_modified=stored.last_modified)
    )
    try:
        outcome = get(p, x.url, given)
    except FetchError as error:
        p.tally.problem(x.url, str(error), "failed")
        return None
    match outcome:
        case NotModified() if given is not None:
            return _Look(asked=x, reading=p)
        case Gone(capture=capture):
            return _missing(p, x, f"HTTP {capture.status}", keep(p, capture))
        case Fetched():
            return _read(p, x, outcome)
    refuse(p, x.url, outcome)
    return None


def _missing(p: Pass, x: Recheck, why: str, capture_id: int) -> _Look:
    left = ", and it left its list" if x.left_list else ""
    return _Look(asked=x, reading=p, missing=why + left, capture_id=capture_id)


def _read(p: Pass, x: Recheck, page: Fetched) -> _Look | None:
    """What a page that came says of its article."""
    capture = page.capture
    capture_id = keep(p, capture)
    if has_front_address(capture.url) and not has_front_address(capture.requested_url):
        return _missing(p, x, "leads to the front page", capture_id)
    published = p.context.store.listed_published(capture.requested_url)
    article = whole_article(p, capture, capture_id, published=published).article
    if article is None:
        return None
    is_elsewhere = article_id(capture.url) != article_id(capture.requested_url)
    if article.kind == "not_found":
        return _missing(p, x, "the page says that there is none", capture_id)
    if article.kind == "blocked":
        p.tally.problem(x.url, "refuses programs: a challenge", "failed", "challenged")
        raise SourceStopped
    changed = set(changed_parts(x.known.parts, parts(article)))
    if article.kind != "article":
        if is_elsewhere:
            return _missing(p, x, "leads to another page", capture_id)
        if article.kind == "other" and "title" not in changed:
            return _missing(p, x, _NO_TEXT, capture_id)
        quarantine(p, capture_id, x.url, "recheck", f"is no article any more: {article.kind}")
        return None
    if is_elsewhere and {"title", "paragraphs"} <= changed:
        return _missing(p, x, "leads to another page", capture_id)
    if lost_its_text(x.known, article):
        return _missing(p, x, _NO_TEXT, capture_id)
    why = doubt(article, p.alarms)
    if why is not None:
        quarantine(p, capture_id, x.url, "held", why)
        return None
    reread = _reread(p, x) if changed and _may_read_otherwise(p, x) else None
    return _Look(
        asked=x, reading=p, capture_id=capture_id, page=page, article=article, reread=reread
    )


def _may_read_otherwise(p: Pass, x: Recheck) -> bool:
    """Whether the former response would give another record now, whatever the page has become."""
    if x.known.interpreter != INTERPRETER or p.context.fixes.of(x.known.id):
        return True
    before = p.context.store.article(x.known.id)
    return before is not None and bool(before.corrections)  # a fix that was taken back


def _reread(p: Pass, x: Recheck) -> Article | None:
    """The response that the article was read from, as it is read now: tells an edit from better reading."""
    stored = p.context.store.capture(x.known.capture_id) if x.known.capture_id else None
    if stored is None:
        return None
    try:
        capture = p.context.archive.read(stored.ref)
        published = p.context.store.listed_published(capture.requested_url)
        return corrected_by(
            p,
            archived_article(
                p.context.store, p.context.archive, p.column, capture, published=published
            ),
        )
    except (ArchiveError, DecodeError, ExtractError, ParseError):
        return None  # then no edit is told


def _judge(r: _Round, missing: Iterable[_Look]) -> tuple[frozenset[str], frozenset[str]]:
    """The articles whose absence is believed, and those that are held back as doubtful.

    What is in neither could not be judged for want of budget, and stays due.
    """
    believed: set[str] = set()
    held: set[str] = set()
    for look in missing:
        known = look.asked.known
        if known.state == "withdrawn":
            believed.add(known.id)
        elif look.reading.alarms & _IN_DOUBT or len(held) >= _ENOUGH_DOUBT:
            held.add(known.id)
        else:
            stands = _has_neighbours(r, look)
            if stands is not None:
                (believed if stands else held).add(known.id)
    return frozenset(believed), frozenset(held)


def _has_neighbours(r: _Round, look: _Look) -> bool | None:
    """Whether most of the articles beside one that is missing are there; None if unknown."""
    count = Counter[str]()
    store = r.context.store
    others = store.rechecks.neighbours(look.asked, r.source, limit=_NEIGHBOURS)
    for other in others:
        if other.known.id not in r.looks and not _ask(r, other):
            return None
        found = r.looks.get(other.known.id)
        if found is None:
            continue
        count["gone" if found.missing else "there"] += 1
        if 2 * max(count.values()) > _NEIGHBOURS:
            break
    if not others:  # the first article of its column: at least its list must be well
        plan = store.upkeep.planned().get((r.source, look.reading.column.key))
        return plan is not None and not plan.failures
    return count["there"] > count["gone"] if count else None


def _doubted_edits(r: _Round) -> frozenset[str]:
    """Articles that read otherwise, where most of those that were looked at do."""
    there = [x for x in r.looks.values() if x is not None and not x.missing]
    edited = [x for x in there if x.article is not None and _is_edit(r, x, x.article)]
    if len(edited) < _MANY_EDITS or 2 * len(edited) <= len(there):
        return frozenset()
    return frozenset(x.asked.known.id for x in edited)


def _is_edit(r: _Round, look: _Look, article: Article) -> bool:
    decision = decide(
        look.asked.known,
        article,
        interpreter=INTERPRETER,
        at=r.context.clock(),
        capture_id=look.capture_id,
        reread=look.reread,
    )
    return decision.kind == "edited"


def _apply(
    r: _Round,
    look: _Look,
    *,
    believed: frozenset[str],
    held: frozenset[str],
    doubted: frozenset[str],
) -> None:
    """Store what a look came to, and plan the next one."""
    p, x, store, now = look.reading, look.asked, r.context.store, r.context.clock()
    key = x.known.id
    if key in held or key in doubted:
        if key in doubted and look.capture_id is not None:
            why = "reads otherwise, as most of the known articles do: redesigned?"
            quarantine(p, look.capture_id, x.url, "held", why, counted=False)
        store.rechecks.plan(key, source=r.source, url=x.url, due=now + _PAUSE)
    elif look.article is not None and look.capture_id is not None:
        store_article(p, look.article, look.capture_id, page=look.page, reread=look.reread)
    elif not look.missing:
        store.atomically(lambda: _saw(p, x))
    elif key in believed:
        r.tally.counts[_miss(r, look)] += 1


def _saw(p: Pass, x: Recheck) -> None:
    p.context.store.saw([x.known.id], at=p.context.clock())
    plan_recheck(p, x.known.id, x.url)


def _miss(r: _Round, look: _Look) -> str:
    """Write down that a page was missing; the kind of revision that makes, or ``missing``."""
    p, x, store = look.reading, look.asked, r.context.store

    def work() -> str:
        applied = store.missed(
            x.known.id,
            reason=look.missing,
            capture_id=look.capture_id,
            seen_at=r.context.clock(),
        )
        plan_recheck(p, x.known.id, x.url)
        return applied.kind if applied is not None else "missing"

    return store.atomically(work)


def _tell(r: _Round, doubtful: frozenset[str]) -> None:
    """Raise or end the columns' alarms, and name in the report what was not believed."""
    columns: dict[str, list[bool]] = {}
    for key, look in r.looks.items():
        if look is not None and (key in doubtful or not look.missing):
            columns.setdefault(look.reading.column.key, []).append(key in doubtful)
    for column, found in columns.items():
        doubts = sum(found)
        what = f"{KINDS['vanished']} ({doubts} of {len(found)})"
        if doubts:
            r.tally.problem(f"{r.source}/{column}", f"{what} Nothing of it is believed")
        note_verdict(
            r.context.store,
            r.source,
            column,
            "vanished",
            Verdict(is_bad=bool(doubts), message=what if doubts else ""),
            now=r.context.clock(),
        )
