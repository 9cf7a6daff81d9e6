"""Fetch, keep, interpret: the steps that ingest and backfill share."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from pipeline.errors import DecodeError, ExtractError, FetchError, ParseError
from pipeline.fetch import (
    Blocked,
    Deferred,
    Disallowed,
    Fetched,
    Gone,
    NotModified,
    Outcome,
    Validators,
)
from pipeline.identity import article_id
from pipeline.interpret import INTERPRETER, interpret
from pipeline.records import Article, Capture, Column, ListItem
from pipeline.runs.context import Context, source_hosts
from pipeline.runs.report import Tally

_QUARANTINE_REST = timedelta(days=1)
"""How long a page that was no article is left alone before it is asked for again."""

_STORY_PAGES = 20
"""Pages of one story at the most: a pager that loops must end."""


class SourceStopped(Exception):  # noqa: N818 - a signal to the caller, not an error
    """The site asked for no more requests now, or refuses programs: leave it for this run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One pass of a run over one column."""

    context: Context
    run_id: int
    column: Column
    tally: Tally

    @property
    def hosts(self) -> frozenset[str]:
        """Hosts whose pages belong to the source."""
        return source_hosts(self.column.source)


def get(p: Pass, url: str, validators: Validators | None = None) -> Outcome:
    """Return the answer of *url* under the source's rules.

    A host that asked for a pause is not asked again before it ends, even by
    another run: the pause is in the store. Raises `FetchError`.
    """
    host = urlsplit(url).netloc
    hold = p.context.store.deferred(host, now=p.context.clock())
    if hold is not None:
        return Deferred(url=url, until=hold.not_before, reason=hold.reason)
    outcome = p.context.fetcher.get(
        url, p.column.source.rules, allowed_hosts=p.hosts, validators=validators
    )
    if isinstance(outcome, Deferred):
        p.context.store.defer_host(host, not_before=outcome.until, reason=outcome.reason)
    return outcome


def keep(p: Pass, capture: Capture) -> int:
    """Archive a response and return its number in the store. Nothing is read before this."""
    ref = p.context.archive.write(capture)
    return p.context.store.add_capture(
        capture, ref, source=p.column.source.id, column=p.column.key, run_id=p.run_id
    )


def refuse(p: Pass, url: str, outcome: Outcome) -> int | None:
    """Count an outcome that is no page; returns the capture's number where one came.

    Raises `SourceStopped` where the rest of the source is better left alone.
    """
    match outcome:
        case Gone(capture=capture):
            p.tally.problem(url, f"gone (HTTP {capture.status})", "failed")
            return keep(p, capture)
        case Blocked(capture=capture, reason=reason):
            if capture is not None:
                keep(p, capture)
            p.tally.problem(url, f"refuses programs: {reason}", "failed", "challenged")
            raise SourceStopped
        case Deferred(until=until, reason=reason):
            p.tally.problem(url, f"{reason}; asked again after {until:%Y-%m-%d %H:%M}Z", "failed")
            raise SourceStopped
        case Disallowed(rule=rule):
            p.tally.problem(
                url, f"left alone because of robots.txt: {rule}", "failed", "disallowed"
            )
        case NotModified() | Fetched():
            p.tally.problem(url, "answered 304 without being asked for changes", "failed")
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRead:
    """A list page read, with what `remember_list` needs."""

    page: Article
    capture: Capture
    capture_id: int
    validators: Validators


def read_list(p: Pass, url: str, *, conditional: bool) -> ListRead | None:
    """Return one list page read, or None: unchanged, or a problem that was counted.

    With *conditional*, an unchanged list costs one request and nothing else.
    """
    store = p.context.store
    try:
        outcome = get(p, url, _validators(p, url) if conditional else None)
    except FetchError as error:
        p.tally.problem(url, str(error), "failed", "unreached")
        return None
    if isinstance(outcome, NotModified) and conditional:
        p.tally.counts["unchanged"] += 1
        return None
    if not isinstance(outcome, Fetched):
        refuse(p, url, outcome)
        return None
    capture_id = keep(p, outcome.capture)
    page = _interpreted(p, outcome.capture, capture_id, expect="list")
    if page is None:
        return None
    if not page.items:
        # An empty or unrecognised list is an alarm, never a deletion.
        reason = "no items on the list page" if page.kind == "list" else f"is no list: {page.kind}"
        _quarantine(p, capture_id, url, "extract", reason)
        p.tally.counts["empty"] += 1
        return None
    p.tally.counts["listed"] += len(page.items)
    store.saw_listing(p.column.source.id, p.column.key, page.items, at=p.context.clock())
    return ListRead(
        page=page,
        capture=outcome.capture,
        capture_id=capture_id,
        validators=outcome.validators,
    )


def remember_list(p: Pass, url: str, read: ListRead) -> None:
    """Store the list's validators: from now on it is only asked whether it changed.

    To be called when all its items have been dealt with; a run that dies before
    must find the list in full again.
    """
    p.context.store.set_validators(
        url,
        etag=read.validators.etag,
        last_modified=read.validators.last_modified,
        capture_id=read.capture_id,
        at=read.capture.fetched_at,
    )


def _validators(p: Pass, url: str) -> Validators | None:
    stored = p.context.store.validators(url)
    if stored is None:
        return None
    return Validators(etag=stored.etag, last_modified=stored.last_modified)


def wanted(p: Pass, items: Collection[ListItem]) -> Iterator[ListItem]:
    """Yield the items worth a request: on the source's hosts, not known, not lately quarantined."""
    store = p.context.store
    own = [x for x in items if urlsplit(x.url).hostname in p.hosts]
    p.tally.counts["external"] += len(items) - len(own)
    known = store.known([article_id(x.url) for x in own])
    since = p.context.clock() - _QUARANTINE_REST
    resting = {x.url for x in store.quarantined(source=p.column.source.id) if x.last_at >= since}
    for item in own:
        if article_id(item.url) not in known and item.url not in resting:
            yield item


def read_article(p: Pass, item: ListItem) -> bool:
    """Fetch, keep, read and store one article; False where it must be tried again soon."""
    try:
        outcome = get(p, item.url)
    except FetchError as error:
        p.tally.problem(item.url, str(error), "failed")
        return False
    if not isinstance(outcome, Fetched):
        capture_id = refuse(p, item.url, outcome)
        if capture_id is not None:
            _quarantine(p, capture_id, item.url, "fetch", "gone", counted=False)
        return True
    capture_id = keep(p, outcome.capture)
    p.tally.counts["fetched"] += 1
    article = _interpreted(p, outcome.capture, capture_id, expect="article", item=item)
    if article is None:
        return True
    if article.more_urls:
        more = _further_pages(p, article)
        if more is None:
            return False
        article = _interpreted(
            p, outcome.capture, capture_id, expect="article", item=item, more=more
        )
        if article is None:
            return True
    if article.kind != "article":
        _quarantine(p, capture_id, item.url, "extract", f"is no article: {article.kind}")
        return True
    store_article(p, article, capture_id)
    return True


def store_article(p: Pass, article: Article, capture_id: int) -> str:
    """Store what was read, count what it was beside what is known; returns that kind."""
    now = p.context.clock()
    applied = p.context.store.learn(
        article, capture_id=capture_id, seen_at=now, interpreter=INTERPRETER
    )
    p.context.store.resolve_quarantine(article.url, at=now)
    if applied.kind == "new":
        p.tally.counts["bodiless"] += not article.text and not article.images
        p.tally.counts["unoriginated"] += article.origin is None
    if applied.kind in ("new", "edited", "reparsed"):
        p.tally.counts[applied.kind] += 1
    return applied.kind


def _further_pages(p: Pass, first: Article) -> list[Capture] | None:
    """The story's further pages, or None where one cannot be had now."""
    captures = []
    for url in first.more_urls[: _STORY_PAGES - 1]:
        try:
            outcome = get(p, url)
        except FetchError as error:
            p.tally.problem(url, str(error), "failed")
            return None
        if not isinstance(outcome, Fetched):
            refuse(p, url, outcome)
            return None
        keep(p, outcome.capture)
        p.tally.counts["fetched"] += 1
        captures.append(outcome.capture)
    return captures


def _interpreted(
    p: Pass,
    capture: Capture,
    capture_id: int,
    *,
    expect: str,
    item: ListItem | None = None,
    more: Collection[Capture] = (),
) -> Article | None:
    try:
        return interpret(
            capture,
            p.column,
            expect="list" if expect == "list" else "article",
            published=item.published if item else None,
            more=tuple(more),
        )
    except (DecodeError, ExtractError, ParseError) as error:
        _quarantine(p, capture_id, capture.requested_url, type(error).__name__, str(error))
        return None


def _quarantine(
    p: Pass, capture_id: int, url: str, step: str, reason: str, *, counted: bool = True
) -> None:
    p.context.store.quarantine(
        url,
        capture_id=capture_id,
        source=p.column.source.id,
        column=p.column.key,
        step=step,
        reason=reason,
        at=p.context.clock(),
    )
    if counted:
        p.tally.problem(url, reason, "quarantined")
