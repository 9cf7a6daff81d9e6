"""From the address of a list page to a column that can be written down, or the reason why not."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from pipeline.errors import ConfigError, PipelineError
from pipeline.fetch import Fetcher
from pipeline.interpret import interpret
from pipeline.records import Column, FetchRules, Layout, Place, Source
from pipeline.runs.survey import ListSurvey, Look, survey_after, survey_articles, survey_list
from pipeline.sources import Catalogue
from pipeline.sources.draft import Known, SettledPlace, settle_place, settle_publisher
from pipeline.sources.facts import Link

_FRONT = re.compile(r"/?(?:index\.\w{3,5})?")
_INDEX = re.compile(r"(?:index\.\w{3,5})?$")
_NOWHERE = Place(code="", name="", province="", short="")


class UnfitPageError(PipelineError):
    """The page is no list that quwen can follow; ``links`` are addresses on it that may be."""

    def __init__(self, message: str, *, where: str, hint: str = "", links: tuple[Link, ...] = ()):
        super().__init__(message, where=where, hint=hint)
        self.links = links


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What was found out about a list, with ``doubts`` that a person should look at.

    ``column`` carries the layout and fetch rules that were used; its source's id, name and
    place are those of ``existing``, the site's source in the catalogue, or still open.
    """

    column: Column
    listing: ListSurvey
    articles: tuple[Look, ...]
    column_name: Known
    site_name: Known
    publisher: Known
    place: SettledPlace
    existing: Source | None
    doubts: tuple[str, ...]


def propose(
    url: str,
    *,
    catalogue: Catalogue,
    fetcher: Fetcher,
    delay_s: float = 2.0,
    timeout_s: float = 20.0,
) -> Proposal:
    """Read a list page, the page after it and three articles; stores nothing.

    Raises `ConfigError` for an address that is none or known already, `UnfitPageError`
    where the page is no list of articles of its own site that can be read.
    """
    _refuse_known(url, catalogue)
    rules = FetchRules(delay_s=delay_s, timeout_s=timeout_s, hosts=_twins(url))
    column = _column(url, rules)
    listing = survey_list(column, fetcher=fetcher)
    column, listing = _settled(column, listing, catalogue)
    listing = survey_after(column, listing, fetcher=fetcher)
    articles = tuple(survey_articles(column, listing, fetcher=fetcher))
    if not any(_readable(x) for x in articles):
        reasons = "; ".join(f"{x.url}: {_why(x)}" for x in articles)
        raise UnfitPageError(f"none of its articles can be read: {reasons}", where=url)
    existing = _existing(column.url, catalogue)
    facts = listing.facts
    if existing is not None:
        note = f"of the source {existing.id}"
        place = SettledPlace(place=existing.place, how=note)
        site_name = Known(value=existing.name, how=note)
        publisher = Known(value=existing.publisher, how=note)
    else:
        place = settle_place(facts, url=column.url)
        site_name = Known(value=facts.site_name, how=facts.site_name_from or "not on the page")
        publisher = settle_publisher(facts.site_name, url=column.url, site_code=facts.site_code)
    return Proposal(
        column=column,
        listing=listing,
        articles=articles,
        column_name=Known(value=facts.column_name, how=facts.column_name_from or "not on the page"),
        site_name=site_name,
        publisher=publisher,
        place=place,
        existing=existing,
        doubts=tuple(_doubts(listing, articles)),
    )


def known_column(url: str, catalogue: Catalogue) -> Column | None:
    """The catalogue's column of that address, scheme, www. and index.html aside."""
    wanted = _plain(url)
    return next((x for x in catalogue.columns if _plain(x.url) == wanted), None)


def _refuse_known(url: str, catalogue: Catalogue) -> None:
    known = known_column(url, catalogue)
    if known is not None:
        raise ConfigError(
            f"is the column {known.key} of {known.source.id} already",
            where=url,
            hint=f"try it with quwen sources check {known.source.id}",
        )


def _plain(url: str) -> str:
    parts = urlsplit(url)
    host = (parts.netloc or "").lower().removeprefix("www.")
    path = _INDEX.sub("", parts.path).rstrip("/")
    return f"{host}{path}?{parts.query}#{parts.fragment}"


def _column(url: str, rules: FetchRules, *, family: str = "auto") -> Column:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(
            "is no web address", where=url, hint="give that of a list: http://…/xwzx/zwyw/"
        )
    source = Source(
        id="new",
        name="",
        place=_NOWHERE,
        publisher="government",
        base=f"{parts.scheme}://{parts.netloc}",
        rules=rules,
    )
    return Column(source=source, key="new", name="", url=url, layouts=(Layout(family=family),))


def _twins(url: str) -> tuple[str, ...]:
    """The host with and without www.: sites lead from one to the other."""
    host = urlsplit(url).hostname or ""
    return (host.removeprefix("www."),) if host.startswith("www.") else (f"www.{host}",)


def _settled(
    column: Column, listing: ListSurvey, catalogue: Catalogue
) -> tuple[Column, ListSurvey]:
    """The column at its final address with family and hosts, or `UnfitPageError`."""
    look = listing.look
    if look.page is None:
        raise UnfitPageError(look.refused, where=column.url, links=listing.facts.lists)
    _refuse_other_kinds(column, listing)
    final = look.page.url if look.url == column.url.partition("#")[0] else column.url
    if final != column.url:
        _refuse_known(final, catalogue)
    host = urlsplit(final).hostname or ""
    own = tuple(x for x in listing.items if urlsplit(x.url).hostname == host)
    hosts: tuple[str, ...] = ()
    if not own:
        hosts = _related_host(host, listing)
        own = tuple(x for x in listing.items if urlsplit(x.url).hostname in hosts)
    if not own:
        hosts_seen = Counter(urlsplit(x.url).hostname or "" for x in listing.items)
        named = ", ".join(f"{x} ({n})" for x, n in hosts_seen.most_common(3))
        raise UnfitPageError(
            f"its {len(listing.items)} items all lead to other sites: {named}",
            where=column.url,
            hint="add the list of the site that has the articles",
        )
    listing = replace(listing, own=own)
    rules = replace(column.source.rules, hosts=hosts)
    settled = _column(final, rules, family=listing.family)
    return (settled if _reads_the_same(settled, listing) else _column(final, rules)), listing


def _reads_the_same(column: Column, listing: ListSurvey) -> bool:
    """Whether a family that the articles told finds the list's items too."""
    capture = listing.look.capture
    if capture is None:
        return False
    items = interpret(capture, column, expect="list").items
    return [x.url for x in items] == [x.url for x in listing.items]


def _refuse_other_kinds(column: Column, listing: ListSurvey) -> None:
    look = listing.look
    if look.page is None or look.capture is None:
        return
    links = _unique((*listing.facts.trail, *listing.facts.lists))
    hint = "give the address of a list" if not links else "one of these may be a list"
    # Asked for as a list it is read as one: now without that
    kind = interpret(look.capture, column).kind if look.url == column.url else look.page.kind
    if kind == "blocked":
        raise UnfitPageError(
            "a challenge for browsers came instead of the page",
            where=column.url,
            hint="quwen does not solve them; look for the same text on another site",
        )
    if kind == "not_found":
        raise UnfitPageError("the page says that it does not exist", where=column.url)
    if kind == "article":
        title = interpret(look.capture, column).title
        raise UnfitPageError(
            f"is an article, no list: {title}", where=column.url, hint=hint, links=links
        )
    if kind == "other" and _FRONT.fullmatch(urlsplit(look.page.url).path):
        raise UnfitPageError(
            "is the site's home page, no list", where=column.url, hint=hint, links=links
        )
    dated = sum(x.published is not None for x in listing.items)
    if not listing.items or (kind == "other" and dated * 2 < len(listing.items)):
        raise UnfitPageError(
            f"is no list: {len(listing.items)} items, {dated} with a date",
            where=column.url,
            hint=hint,
            links=links,
        )


def _related_host(host: str, listing: ListSurvey) -> tuple[str, ...]:
    """The one host of the same domain that the items lie on, if there is one."""
    seen = Counter(urlsplit(x.url).hostname or "" for x in listing.items)
    return tuple(x for x, _ in seen.most_common() if _domain(x) == _domain(host))[:1]


def _domain(host: str) -> str:
    """qinglan.gov.cn for xxgk.qinglan.gov.cn, qinglan.com for m.qinglan.com."""
    labels = host.split(".")
    wide = len(labels) > 2 and labels[-2] in ("gov", "com", "net", "org") and len(labels[-1]) == 2
    return ".".join(labels[-3:] if wide else labels[-2:])


def _existing(url: str, catalogue: Catalogue) -> Source | None:
    host = _plain(url).partition("/")[0].partition("?")[0]
    found = [x for x in catalogue.sources if urlsplit(x.base).netloc.removeprefix("www.") == host]
    return next((x for x in found if x.mirror_of is None), next(iter(found), None))


def _readable(look: Look) -> bool:
    page = look.page
    return page is not None and page.kind == "article" and bool(page.title) and bool(page.text)


def _why(look: Look) -> str:
    if look.page is None:
        return look.refused
    if look.page.kind != "article":
        return f"is no article: {look.page.kind}"
    missing = [
        x for x, there in (("title", look.page.title), ("text", look.page.text)) if not there
    ]
    return f"no {' and no '.join(missing)} found"


def _doubts(listing: ListSurvey, articles: tuple[Look, ...]) -> list[str]:
    doubts = []
    if len(listing.own) < 3:
        doubts.append(f"only {len(listing.own)} articles of its own on the list")
    for look in articles:
        if look.gone:
            continue  # real lists have dead links
        if not _readable(look):
            doubts.append(f"{look.url}: {_why(look)}")
        elif look.page is not None:
            doubts += [f"{look.url}: {x}" for x in look.page.problems]
    after = listing.after
    if after is not None and after.refused:
        doubts.append(f"the next page cannot be read: {after.refused}")
    elif after is not None and not listing.added:
        doubts.append(f"the next page brings no new address: {after.url}")
    return doubts


def _unique(links: tuple[Link, ...]) -> tuple[Link, ...]:
    return tuple({x.url: x for x in reversed(links)}.values())[::-1][:8]
