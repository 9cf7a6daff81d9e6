"""Try a source without storing anything: one list page and three articles a column."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from pipeline.errors import DecodeError, ExtractError, FetchError, ParseError
from pipeline.fetch import Fetched, Fetcher
from pipeline.interpret import interpret
from pipeline.records import CHINA, Article, Column, ListItem

_ARTICLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at: ``ok``, ``missing`` or ``failed``."""

    where: str
    field: str
    state: str
    value: str


def check_column(column: Column, *, fetcher: Fetcher) -> Iterator[Finding]:
    """Yield what is found in a column, field by field. Fetches at most four pages, stores none."""
    page = _read(column, column.url_on(datetime.now(CHINA).date()), fetcher, expect="list")
    if isinstance(page, Finding):
        yield page
        return
    yield _finding(column.url, "items", str(len(page.items)), found=bool(page.items))
    dated = sum(x.published is not None for x in page.items)
    yield _finding(column.url, "items with a date", str(dated), found=dated == len(page.items))
    yield _finding(column.url, "next page", page.next_url or "", found=page.next_url is not None)
    hosts = column.source.hosts
    own = [x for x in page.items if urlsplit(x.url).hostname in hosts]
    for item in own[:_ARTICLES]:
        article = _read(column, item.url, fetcher, expect="article", item=item)
        if isinstance(article, Finding):
            yield article
        else:
            yield from _article_findings(item.url, article)


def _article_findings(url: str, article: Article) -> Iterator[Finding]:
    if article.kind != "article":
        yield Finding(where=url, field="kind", state="failed", value=article.kind)
        return
    yield _finding(url, "title", article.title, found=bool(article.title))
    published = article.published.iso() if article.published else ""
    yield _finding(url, "published", published, found=article.published is not None)
    yield _finding(url, "origin", article.origin or "", found=article.origin is not None)
    yield _finding(url, "characters", str(len(article.text)), found=bool(article.text))
    for meeting in article.meetings:
        chair = meeting.chair.value if meeting.chair else "no chair"
        yield Finding(
            where=url, field="meeting", state="ok", value=f"{meeting.body} {meeting.kind}, {chair}"
        )
    for problem in article.problems:
        yield Finding(where=url, field="problem", state="missing", value=problem)


def _read(
    column: Column, url: str, fetcher: Fetcher, *, expect: str, item: ListItem | None = None
) -> Article | Finding:
    rules = column.source.rules
    try:
        outcome = fetcher.get(url, rules, allowed_hosts=column.source.hosts)
        if not isinstance(outcome, Fetched):
            return Finding(where=url, field="answer", state="failed", value=repr_of(outcome))
        return interpret(
            outcome.capture,
            column,
            expect="list" if expect == "list" else "article",
            published=item.published if item else None,
        )
    except (FetchError, DecodeError, ExtractError, ParseError) as error:
        return Finding(where=url, field="answer", state="failed", value=str(error))


def repr_of(outcome: object) -> str:
    """Return an outcome in a word and its reason."""
    reason = getattr(outcome, "reason", None) or getattr(outcome, "rule", None)
    name = type(outcome).__name__.lower()
    return f"{name}: {reason}" if reason else name


def _finding(where: str, field: str, value: str, *, found: bool) -> Finding:
    return Finding(where=where, field=field, state="ok" if found else "missing", value=value)
