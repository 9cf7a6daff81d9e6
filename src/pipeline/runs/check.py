"""Try a source without storing anything: one list page and three articles a column."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.fetch import Fetcher
from pipeline.records import Article, Column
from pipeline.runs.survey import ListSurvey, Look, survey_after, survey_articles, survey_list


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at: ``ok``, ``missing`` or ``failed``."""

    where: str
    field: str
    state: str
    value: str


def check_column(column: Column, *, fetcher: Fetcher) -> Iterator[Finding]:
    """Yield what is found in a column, field by field; stores nothing.

    Fetches two pages of the list and the three newest articles, as `propose` does.
    """
    listing = survey_after(column, survey_list(column, fetcher=fetcher), fetcher=fetcher)
    yield from list_findings(column, listing)
    if listing.look.refused:
        return
    for look in survey_articles(column, listing, fetcher=fetcher):
        yield from article_findings(look)


def list_findings(column: Column, listing: ListSurvey) -> Iterator[Finding]:
    """What the first page of a list gives."""
    url, page = column.url, listing.look.page
    if page is None:
        yield Finding(where=url, field="answer", state="failed", value=listing.look.refused)
        return
    items = listing.items
    yield Finding(where=url, field="family", state="ok", value=listing.family)
    yield _finding(
        url, "items", f"{len(items)}, {len(listing.own)} of them here", found=bool(items)
    )
    dated = sum(x.published is not None for x in items)
    yield _finding(url, "items with a date", str(dated), found=dated == len(items))
    after = listing.after
    if after is None:
        yield Finding(where=url, field="next page", state="missing", value="")
    elif after.refused:
        yield Finding(where=url, field="next page", state="failed", value=after.refused)
    else:
        value = f"{listing.added} new addresses: {after.url}"
        yield _finding(url, "next page", value, found=listing.added > 0)


def article_findings(look: Look) -> Iterator[Finding]:
    """What an article gives, a line a field."""
    if look.page is None:
        yield Finding(where=look.url, field="answer", state="failed", value=look.refused)
    else:
        yield from _fields(look.url, look.page)


def _fields(url: str, article: Article) -> Iterator[Finding]:
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


def _finding(where: str, field: str, value: str, *, found: bool) -> Finding:
    return Finding(where=where, field=field, state="ok" if found else "missing", value=value)
