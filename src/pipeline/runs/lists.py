"""Walk a column's list pages, and tell what on them is worth a request."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from pipeline.errors import FetchError
from pipeline.extract.families import asks_script
from pipeline.fetch import Fetched, Gone, NotModified, Validators
from pipeline.identity import article_id
from pipeline.records import Article, Capture, ListItem
from pipeline.runs.reading import (
    Pass,
    get,
    interpreted,
    keep,
    quarantine,
    refuse,
    store_article,
    told_article,
)

_QUARANTINE_REST = timedelta(days=1)
"""How long a page that was no article is left alone before it is asked for again."""

_SCRIPT_HEADERS = (("X-Requested-With", "XMLHttpRequest"),)

_HOPS = 3
"""Pages without items in a row that only lead on: a frame, the shell of a list filled by script."""

_ISSUES_BACK = 3
"""Days before today that a newspaper's address is tried for: some print no Sunday issue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRead:
    """A list page read, with what `remember_list` needs. ``url`` is the address asked for."""

    url: str
    page: Article
    capture: Capture
    capture_id: int
    validators: Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A list page to ask for: from where it was found, and whether a script asks for it."""

    url: str
    referer: str | None = None
    by_script: bool = False

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What a browser would send beside the address."""
        return browser_headers(self.referer, by_script=self.by_script)


def browser_headers(referer: str | None, *, by_script: bool) -> tuple[tuple[str, str], ...]:
    """What a browser sends for a link found at *referer*, or for the request of a script there."""
    headers = (("Referer", referer),) if referer else ()
    return headers + (_SCRIPT_HEADERS if by_script else ())


@dataclass(slots=True, kw_only=True)
class Walk:
    """A walk over a column's list pages, newest first, from its first page or from ``resume``.

    Iterate over it once. It ends behind ``max_pages`` pages with items, at a page that was
    there before, at one that shows no address that earlier ones did not show (pagers that
    run on for ever repeat their last page), and at the first one that cannot be read, which
    is counted. Shells and frames without items are passed through. With ``conditional`` the
    first page is only asked whether it changed. A newspaper's walk begins with the issue of
    ``day``. ``came_to_end`` tells afterwards whether there is nothing behind.
    """

    reading: Pass
    day: date
    max_pages: int
    conditional: bool = False
    resume: str | None = None
    came_to_end: bool = False

    def __iter__(self) -> Iterator[ListRead]:
        asked: set[str] = set()
        shown: set[str] = set()
        pages = hops = 0
        step: _Step | None = self._first_step()
        while step is not None and step.url not in asked and hops <= _HOPS:
            if pages == self.max_pages:
                return
            asked.add(step.url)
            read = self._read(step, is_first=pages == 0)
            if isinstance(read, Gone):
                step = self._issue_before(asked) if not pages else None
                if step is None:
                    refuse(self.reading, read.capture.requested_url, read)
                    return
                continue
            if read is None:
                return
            items = {x.url for x in read.page.items}
            if items and items <= shown:
                break
            if items:
                shown |= items
                pages, hops = pages + 1, 0
                yield read
            else:
                hops += 1
            step = _step_behind(read)
        self.came_to_end = True

    def _first_step(self) -> _Step:
        column = self.reading.column
        if self.resume is not None:
            return _Step(url=self.resume, referer=column.url, by_script=asks_script(self.resume))
        return _Step(url=column.url_on(self.day))

    def _issue_before(self, asked: Collection[str]) -> _Step | None:
        """The newspaper's latest issue that was not asked for yet; None for every other list."""
        for days in range(1, _ISSUES_BACK + 1):
            url = self.reading.column.url_on(self.day - timedelta(days=days))
            if url not in asked and self.resume is None:
                return _Step(url=url)
        return None

    def _read(self, step: _Step, *, is_first: bool) -> ListRead | Gone | None:
        is_first = is_first and self.resume is None
        return _read_list(
            self.reading,
            step,
            conditional=self.conditional and is_first,
            may_be_empty=not is_first,
        )


def _step_behind(read: ListRead) -> _Step | None:
    if read.page.next_url is None:
        return None
    return _Step(
        url=read.page.next_url, referer=read.capture.url, by_script=read.page.next_by_script
    )


def _read_list(
    p: Pass, step: _Step, *, conditional: bool, may_be_empty: bool
) -> ListRead | Gone | None:
    """Return one list page read, or None: unchanged, or a problem that was counted.

    A page that is gone is not counted yet: of a newspaper the issue before is tried.
    """
    store = p.context.store
    validators = _validators(p, step.url) if conditional else None
    try:
        outcome = get(p, step.url, validators, headers=step.headers)
    except FetchError as error:
        p.tally.problem(step.url, str(error), "failed", "unreached")
        return None
    if isinstance(outcome, NotModified) and validators is not None:
        p.tally.counts["unchanged"] += 1
        return None
    if isinstance(outcome, Gone):
        return outcome
    if not isinstance(outcome, Fetched):
        refuse(p, step.url, outcome)
        return None
    capture_id = keep(p, outcome.capture)
    page = interpreted(p, outcome.capture, capture_id, expect="list")
    if page is None:
        return None
    if page.kind != "list":
        quarantine(p, capture_id, step.url, "extract", f"is no list: {page.kind}")
        p.tally.counts["empty"] += 1
        return None
    if not page.items and not page.next_by_script and not may_be_empty:
        # An empty or unrecognised list is an alarm, never a deletion.
        quarantine(p, capture_id, step.url, "extract", "no items on the list page")
        p.tally.counts["empty"] += 1
        return None
    p.tally.counts["listed"] += len(page.items)
    store.saw_listing(p.column.source.id, p.column.key, page.items, at=p.context.clock())
    return ListRead(
        url=step.url,
        page=page,
        capture=outcome.capture,
        capture_id=capture_id,
        validators=outcome.validators,
    )


def remember_list(p: Pass, read: ListRead) -> None:
    """Store the list's validators: from now on it is only asked whether it changed.

    To be called when all its items have been dealt with; a run that dies before
    must find the list in full again.
    """
    p.context.store.set_validators(
        read.url,
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
    """Yield the items worth a request: pages of the source, not known, not lately quarantined."""
    store = p.context.store
    own = [x for x in items if _is_page(p, x)]
    known = store.known([article_id(x.url) for x in own])
    since = p.context.clock() - _QUARANTINE_REST
    resting = {x.url for x in store.quarantined(source=p.column.source.id) if x.last_at >= since}
    for item in own:
        old = known.get(article_id(item.url))
        if (old is None or old.is_headline) and item.url not in resting:
            yield item


def tell(p: Pass, read: ListRead, items: Collection[ListItem]) -> int:
    """Store the items that no request is made for: whole texts in the list, and headlines.

    Returns how many of them are new.

    Headlines are of files, WeChat stories and pages of other sites. Those of sites that are
    sources themselves are left to them; known ones stay as they are, since two lists may
    shorten the same title differently.
    """
    told = [x for x in items if not _is_page(p, x)]
    p.tally.counts["external"] += sum(not x.html for x in told)
    others = p.context.catalogue.hosts - p.hosts
    known = p.context.store.known([article_id(x.url) for x in told])
    new = 0
    for item in told:
        is_elsewhere = urlsplit(item.url).hostname in others
        if item.html or not (is_elsewhere or article_id(item.url) in known):
            article = told_article(p, item, family=read.page.family)
            new += store_article(p, article, read.capture_id) == "new"
    return new


def _is_page(p: Pass, item: ListItem) -> bool:
    """Whether the item's text stands on a page of its own, on a host of the source."""
    is_file = item.kind == "file"
    return not (is_file or item.html) and urlsplit(item.url).hostname in p.hosts
