"""One reading of a column that stores nothing: its list, the page after it, newest articles.

`quwen check`, `quwen sources check` and `quwen sources add` all look at sites through it.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from pipeline.errors import DecodeError, ExtractError, FetchError, ParseError
from pipeline.extract import extract_page
from pipeline.extract.families import detect
from pipeline.fetch import Blocked, Deferred, Disallowed, Fetched, Fetcher, Gone, Outcome
from pipeline.interpret import decoded_text, interpret, interpret_item
from pipeline.records import CHINA, Article, Capture, Column, ListItem
from pipeline.runs.lists import browser_headers
from pipeline.sources.facts import PageFacts, page_facts

_ARTICLES = 3
_SPARE = 2
_GONE = "gone:"
_HOPS = 3
_ISSUES_BACK = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One page looked at: what was read of it, or in ``refused`` why nothing was.

    ``explain`` tells line by line where an article's fields stood.
    """

    url: str
    capture: Capture | None = None
    page: Article | None = None
    refused: str = ""
    item: ListItem | None = None
    explain: tuple[str, ...] = ()

    @property
    def gone(self) -> bool:
        """Whether the site has no such page (any more)."""
        return self.refused.startswith(_GONE) or (
            self.page is not None and self.page.kind == "not_found"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSurvey:
    """A column's list: the page, what it says of its site, and the page after it.

    ``own`` are the items on the source's hosts. ``added`` is the number of addresses
    that the page after it brings anew.
    """

    look: Look
    facts: PageFacts
    own: tuple[ListItem, ...] = ()
    after: Look | None = None
    added: int = 0

    @property
    def items(self) -> tuple[ListItem, ...]:
        """All items of the first page."""
        return self.look.page.items if self.look.page else ()

    @property
    def family(self) -> str:
        """The family that list and articles speak for.

        Lists often carry no mark of their system; then the addresses of the articles
        decide, if all of them agree.
        """
        family = self.look.page.family if self.look.page else "generic"
        told = {detect("", x.url).name for x in self.own}
        return told.pop() if family == "generic" and len(told) == 1 else family


def survey_list(column: Column, *, fetcher: Fetcher) -> ListSurvey:
    """Look at a column's list. Raises nothing.

    A list whose items only come with the first request of a script is read from that.
    """
    today = datetime.now(CHINA).date()
    look = look_at(column, column.url_on(today), fetcher, expect="list")
    for days in range(1, _ISSUES_BACK + 1):  # a newspaper may not have appeared yet
        before = column.url_on(today - timedelta(days=days))
        if look.gone and before != look.url:
            look = look_at(column, before, fetcher, expect="list")
    facts = PageFacts()
    if look.capture is not None:
        with suppress(DecodeError, ExtractError):  # an answer that is no HTML says nothing
            facts = page_facts(decoded_text(look.capture).text, url=look.capture.url)
    page = look.page
    for _ in range(_HOPS):  # a frame, or the shell of a list that a script fills
        if page is None or page.items or not (page.next_by_script and page.next_url):
            break
        look = look_at(column, page.next_url, fetcher, expect="list", after=look)
        page = look.page
    hosts = column.source.hosts
    items = page.items if page is not None else ()
    own = tuple(x for x in items if urlsplit(x.url).hostname in hosts)
    return ListSurvey(look=look, facts=facts, own=own)


def survey_after(column: Column, listing: ListSurvey, *, fetcher: Fetcher) -> ListSurvey:
    """The survey with a look at the list's next page, if there is one. Raises nothing."""
    page = listing.look.page
    if page is None or not page.next_url:
        return listing
    after = look_at(column, page.next_url, fetcher, expect="list", after=listing.look)
    further = after.page.items if after.page is not None else ()
    added = len({x.url for x in further} - {x.url for x in listing.items})
    return replace(listing, after=after, added=added)


def survey_articles(column: Column, listing: ListSurvey, *, fetcher: Fetcher) -> Iterator[Look]:
    """Yield a look at three articles, the newest by the list's dates.

    Lists have dead links: for up to two pages that are gone, others are looked at.
    """
    items = [x for x in listing.own if x.kind == "article"]
    items.sort(key=lambda x: x.published.day if x.published else date.min, reverse=True)
    found = 0
    for item in items[: _ARTICLES + _SPARE]:
        if item.html:
            page = interpret_item(item, column)
            look = Look(url=item.url, page=page, item=item, explain=("text: from the list",))
        else:
            look = look_at(column, item.url, fetcher, expect="article", item=item)
        found += not look.gone
        yield look
        if found == _ARTICLES:
            return


def look_at(
    column: Column,
    url: str,
    fetcher: Fetcher,
    *,
    expect: str | None,
    item: ListItem | None = None,
    after: Look | None = None,
) -> Look:
    """Fetch one page and read it as a column's; what went wrong is in ``refused``.

    *after* is the list page that names this one as the next.
    """
    capture = None
    headers: tuple[tuple[str, str], ...] = ()
    if after is not None and after.page is not None:
        headers = browser_headers(after.url, by_script=after.page.next_by_script)
    rules = replace(column.source.rules, headers=(*column.source.rules.headers, *headers))
    try:
        outcome = fetcher.get(url, rules, allowed_hosts=column.source.hosts)
        if not isinstance(outcome, Fetched):
            return Look(url=url, refused=refusal(outcome), item=item)
        capture = outcome.capture
        page = interpret(
            capture,
            column,
            expect="list" if expect == "list" else "article" if expect == "article" else None,
            published=item.published if item else None,
        )
        explain = _explain(column, capture) if page.kind == "article" else ()
        return Look(url=url, capture=capture, page=page, item=item, explain=explain)
    except (FetchError, DecodeError, ExtractError, ParseError) as error:
        return Look(url=url, capture=capture, refused=str(error), item=item)


def refusal(outcome: Outcome) -> str:
    """Why an outcome is no page, in a word and its reason."""
    match outcome:
        case Gone(capture=capture):
            return f"{_GONE} HTTP {capture.status}"
        case Blocked(reason=reason):
            return f"blocked: {reason}"
        case Deferred(reason=reason, until=until):
            return f"deferred: {reason}; not before {until:%Y-%m-%d %H:%M}Z"
        case Disallowed(rule=rule):
            return f"disallowed: {rule}"
        case _:
            return "answered 304 without being asked for changes"


def _explain(column: Column, capture: Capture) -> tuple[str, ...]:
    layout = column.layout_on(capture.fetched_at.astimezone(CHINA).date())
    read = extract_page(
        decoded_text(capture).text, url=capture.url, layout=layout, expect="article"
    )
    return read.explain
