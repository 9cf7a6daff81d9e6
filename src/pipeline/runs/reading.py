"""Fetch, keep, interpret: the steps of one article that ingest and backfill share."""

from collections.abc import Collection
from dataclasses import dataclass, replace
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
from pipeline.fixes import corrected
from pipeline.health import doubt
from pipeline.interpret import INTERPRETER, interpret, interpret_item
from pipeline.rechecks import born, next_check
from pipeline.records import Article, Capture, Column, ListItem, Published
from pipeline.runs.context import Context
from pipeline.runs.leases import Claim
from pipeline.runs.report import Tally

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
    alarms: frozenset[str] = frozenset()
    """Kinds of the column's open alarms: articles that show the same trouble are held back."""
    claim: Claim | None = None
    """What holds the source's hosts: once it is lost, another run may be asking them."""

    @property
    def hosts(self) -> frozenset[str]:
        """Hosts whose pages belong to the source."""
        return self.column.source.hosts


def get(
    p: Pass,
    url: str,
    validators: Validators | None = None,
    *,
    headers: tuple[tuple[str, str], ...] = (),
) -> Outcome:
    """Return the answer of *url* under the source's rules, asked with further *headers*.

    A host that asked for a pause is not asked again before it ends, even by
    another run: the pause is in the store. Raises `FetchError`, and
    `SourceStopped` where the process is to end or another run has taken the hosts over.
    """
    if p.context.stopping.is_set():
        raise SourceStopped
    if p.claim is not None and p.claim.lost:
        p.tally.problem(p.column.source.id, "stopped: another run took over", "failed")
        raise SourceStopped
    host = urlsplit(url).netloc
    hold = p.context.store.deferred(host, now=p.context.clock())
    if hold is not None:
        return Deferred(url=url, until=hold.not_before, reason=hold.reason)
    outcome = p.context.fetcher.get(
        url,
        replace(p.column.source.rules, headers=(*p.column.source.rules.headers, *headers)),
        allowed_hosts=p.hosts,
        validators=validators,
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
            quarantine(p, capture_id, item.url, "fetch", "gone", counted=False)
        return True
    capture_id = keep(p, outcome.capture)
    p.tally.counts["fetched"] += 1
    read = whole_article(p, outcome.capture, capture_id, published=item.published)
    if read.again or read.article is None:
        return not read.again
    article = read.article
    if article.kind != "article":
        quarantine(p, capture_id, item.url, "extract", f"is no article: {article.kind}")
        return True
    why = doubt(article, p.alarms)
    if why is not None:
        count_lacks(p, article)
        p.tally.counts["held"] += 1
        quarantine(p, capture_id, item.url, "held", why)
        return True
    store_article(p, article, capture_id, page=outcome)
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A page with its further ones. ``article`` is None where that came to nothing.

    ``again`` says that a further page could not be had, so that it is to be tried again.
    """

    article: Article | None = None
    again: bool = False


def whole_article(
    p: Pass, capture: Capture, capture_id: int, *, published: Published | None
) -> Read:
    """Read an article's page, and ask for its further ones; what cannot be read is quarantined."""
    article = interpreted(p, capture, capture_id, expect="article", published=published)
    if article is None or not article.more_urls:
        return Read(article=article)
    more = _further_pages(p, article)
    if more is None:
        return Read(again=True)
    return Read(
        article=interpreted(
            p, capture, capture_id, expect="article", published=published, more=more
        )
    )


def count_lacks(p: Pass, article: Article) -> None:
    """Count what an article that is new lacks: the health of its column is judged by it."""
    is_bare = not article.text and not article.images and not article.attachments
    p.tally.counts["bodiless"] += is_bare
    p.tally.counts["unoriginated"] += article.origin is None
    p.tally.counts["untitled"] += not article.title
    p.tally.counts["dateless"] += article.published is None
    p.tally.counts["authorless"] += not (article.author or article.credits)


def store_article(
    p: Pass,
    article: Article,
    capture_id: int,
    *,
    page: Fetched | None = None,
    reread: Article | None = None,
) -> str:
    """Store what was read, count what it was beside what is known; returns that kind.

    *page* is the answer that it was read from, where it stands on a page of its own and
    was asked for just now: when it is asked for again is planned then. *reread* as in
    `pipeline.revisions.decide`.
    """
    now, store = p.context.clock(), p.context.store

    def work() -> str:
        applied = store.learn(
            article, capture_id=capture_id, seen_at=now, interpreter=INTERPRETER, reread=reread
        )
        store.resolve_quarantine(article.url, at=now)
        if page is not None:
            _remember(p, article, capture_id, page)
        return applied.kind

    kind = store.atomically(work)
    if kind == "new":
        count_lacks(p, article)
    if kind in ("new", "edited", "reparsed", "restored", "withdrawn"):
        p.tally.counts[kind] += 1
    return kind


def _remember(p: Pass, article: Article, capture_id: int, page: Fetched) -> None:
    """Write down what the page is to be asked with, and when."""
    url = page.capture.requested_url
    # Of a story in several pages the first one says nothing about the others
    given = Validators() if article.more_urls else page.validators
    p.context.store.set_validators(
        url,
        etag=given.etag,
        last_modified=given.last_modified,
        capture_id=capture_id,
        at=page.capture.fetched_at,
    )
    plan_recheck(p, article.id, url)


def plan_recheck(p: Pass, article_id: str, url: str) -> None:
    """Plan the next look at an article's page after one that said something."""
    store = p.context.store
    known = store.known([article_id])[article_id]
    due = next_check(
        p.context.clock(),
        born=born(first_seen=known.first_seen, sort_at=known.sort_at),
        state=known.state,
        since=known.updated,
        misses=known.misses,
    )
    store.rechecks.plan(article_id, source=p.column.source.id, url=url, due=due)


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


def interpreted(
    p: Pass,
    capture: Capture,
    capture_id: int,
    *,
    expect: str,
    published: Published | None = None,
    more: Collection[Capture] = (),
) -> Article | None:
    """What a capture says, or None where that is nothing: it was quarantined then."""
    try:
        article = interpret(
            capture,
            p.column,
            expect="list" if expect == "list" else "article",
            published=published,
            more=tuple(more),
        )
    except (DecodeError, ExtractError, ParseError) as error:
        quarantine(p, capture_id, capture.requested_url, type(error).__name__, str(error))
        return None
    # Of a story in several pages only the whole is corrected
    return article if article.more_urls and not more else corrected_by(p, article)


def told_article(p: Pass, item: ListItem, *, family: str) -> Article:
    """What a list tells of an article whose page is not read, with its fixes."""
    return corrected_by(p, interpret_item(item, p.column, family=family))


def corrected_by(p: Pass, article: Article) -> Article:
    """The article with what people have corrected in it; fixes that are stale are told."""
    fixes = p.context.fixes.of(article.id)
    if not fixes or article.kind != "article":
        return article
    found = corrected(article, fixes, p.column)
    for line in found.stale:
        p.tally.problem(article.url, line, "stale")
    return found.article


def quarantine(
    p: Pass, capture_id: int, url: str, step: str, reason: str, *, counted: bool = True
) -> None:
    """Set a page aside with the reason why it gave no record; it stays in the archive."""
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
