"""What an article looks like in a feed: its entry, with the text as safe HTML."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pipeline.jsonform import plain_name
from pipeline.parse import writers
from pipeline.publish.document import (
    Category,
    FeedEntry,
    FeedFile,
    clean,
    plain_title,
    web_address,
)
from pipeline.publish.html import render
from pipeline.records import CHINA, Article, Column, Document, Meeting, Ordinal, Source
from pipeline.sources import Catalogue
from pipeline.store import Entry

FEED_CHARS = 200_000
"""Longer texts are cut in feeds and whole on their page: readers refuse feeds of some megabytes."""

_SUMMARY_CHARS = 200

# Chinese sets no blank behind a full stop: 修好了。 第二段
_AFTER_STOP = re.compile("(?<=[。！？；：”）]) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the catalogue says of ids, and where everything is reached."""

    base_url: str
    tag_authority: str
    hubs: tuple[str, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    columns: Mapping[tuple[str, str], Column] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        catalogue: Catalogue,
        *,
        base_url: str,
        tag_authority: str,
        hubs: tuple[str, ...] = (),
    ) -> "Names":
        """The names of a catalogue."""
        return cls(
            base_url=base_url,
            tag_authority=tag_authority,
            hubs=hubs,
            sources={x.id: x for x in catalogue.sources},
            columns={(x.source.id, x.key): x for x in catalogue.columns},
        )

    def source(self, article: Article) -> Source | None:
        """The source of an article, None for one that is no longer in the catalogue."""
        return self.sources.get(article.source or "")

    def column(self, article: Article) -> Column | None:
        """The column of an article, as `source`."""
        return self.columns.get((article.source or "", article.column or ""))

    def page(self, article_id: str) -> str:
        """The address of our page of an article."""
        return f"{self.base_url}a/{article_id}/"

    def entry_id(self, article: Article) -> str:
        """The ``tag:`` address (RFC 4151) of an article, the same in every feed for ever."""
        return f"tag:{self.tag_authority}:{article.source or 'none'}/{article.id}"


def ordinal_words(ordinal: Ordinal) -> str:
    """The number as the Chinese write it: 2024年第6次, 十六届 as 第16届第49次."""
    year = f"{ordinal.year}年" if ordinal.year else ""
    term = f"第{ordinal.term}届" if ordinal.term else ""
    return f"{year}{term}第{ordinal.seq}次"


def _number(meeting: Meeting) -> str:
    return ordinal_words(meeting.ordinal) if meeting.ordinal else ""


def meeting_name(meeting: Meeting) -> str:
    """The meeting's own name, else body, number and kind: 政府第49次常务会议."""
    if meeting.title:
        return clean(meeting.title.value)
    body = "" if meeting.body == "其他" else meeting.body
    return clean(f"{body}{_number(meeting)}{meeting.kind}")


def meeting_rows(meeting: Meeting) -> tuple[tuple[str, str], ...]:
    """Label and value of what is known of a meeting, for a table."""
    days = [x.isoformat() for x in (meeting.held_on, meeting.held_until) if x]
    chair, host = presiding(meeting)
    titles = "、".join(x.value for x in meeting.chair_titles)
    leader = f"{chair}（{titles}）" if chair and titles else chair
    name, number = meeting_name(meeting), _number(meeting)
    rows = (
        ("会议", name),
        ("次数", "" if number in name else number),
        ("日期", " 至 ".join(days) + (f" {meeting.time.value}" if meeting.time and days else "")),
        ("主持", host or leader),
        ("讲话", leader if host else ""),
        ("地点", meeting.location.value if meeting.location else ""),
    )
    return tuple((label, clean(value)) for label, value in rows if value)


def presiding(meeting: Meeting) -> tuple[str, str]:
    """Names of the chair, and of who presides where the chair only speaks; empty if unknown."""
    chair = plain_name(meeting.chair.value) if meeting.chair else ""
    host = plain_name(meeting.host.value) if meeting.host else ""
    return clean(chair), clean(host)


def document_rows(document: Document | None) -> tuple[tuple[str, str], ...]:
    """Label and value of what a 政府信息公开 table says."""
    if document is None:
        return ()
    rows = (
        ("索引号", document.index_number),
        ("发文字号", document.document_number),
        ("发文机关", document.issuer),
        ("成文日期", document.written_on),
        ("发布日期", document.issued_on),
        ("主题分类", document.subject),
        ("有效性", document.validity),
    )
    return tuple((label, clean(str(value))) for label, value in rows if value)


def _authors(article: Article, source: Source | None) -> tuple[str, ...]:
    """Who wrote it; who else is named as author; at least the site."""
    names = [plain_name(x) for x in writers(article.credits)]
    fallback = (article.author, article.origin, source.name if source else None, article.source)
    chosen = names or [next((x for x in fallback if x and x.strip()), "佚名")]
    cleaned = (plain_title(x) for x in chosen)
    return tuple(dict.fromkeys(x for x in cleaned if x)) or ("佚名",)


def _files(article: Article) -> tuple[FeedFile, ...]:
    found = []
    for x in article.attachments:
        url = web_address(x.url)
        if url:
            kind = x.media_type if x.media_type.count("/") == 1 else "application/octet-stream"
            name = plain_title(x.name) or url.rsplit("/", 1)[-1]
            found.append(FeedFile(url=url, name=name, media_type=clean(kind)))
    return tuple({x.url: x for x in found}.values())


def _categories(names: Names, article: Article) -> tuple[Category, ...]:
    source, column = names.source(article), names.column(article)
    words = []
    if source:
        words.append((source.place.short or source.place.name, f"{source.id}/"))
    if source and column:
        words.append((column.name, f"{source.id}/{column.key}/"))
    if article.meetings:
        words.append(("会议", "meetings/"))
        words += [(x.kind, "meetings/") for x in article.meetings]
    pairs = dict.fromkeys((plain_title(term), names.base_url + path) for term, path in words)
    return tuple(Category(term=term, scheme=scheme) for term, scheme in pairs if term)


def people(article: Article) -> tuple[str, ...]:
    """The names of persons in the record: of meetings, speakers and credits."""
    quotes = [
        quote
        for x in article.meetings
        for quote in (
            x.chair,
            x.host,
            *(y.name for y in (*x.attending, *x.nonvoting)),
            *(y.speaker for y in x.agenda),
            *(z.speaker for y in x.agenda for z in y.statements),
            *(y.speaker for y in x.statements),
        )
        if quote is not None
    ]
    names = [x.value for x in quotes] + [n for x in article.credits for n in x.names]
    return tuple(dict.fromkeys(y for x in names for y in (x, plain_name(x)) if 1 < len(y) <= 12))


def summary(article: Article) -> str:
    """The first words of the text in one line, 200 characters at most."""
    text = " ".join(clean(" ".join(article.paragraphs[:8])).split())
    text = _AFTER_STOP.sub("", text)
    return text if len(text) <= _SUMMARY_CHARS else text[: _SUMMARY_CHARS - 1] + "…"


def title_of_article(article: Article) -> str:
    """The title in plain text; the first words where there is none."""
    return plain_title(article.title) or plain_title(summary(article))[:40] or "（无标题）"


def title_of(entry: Entry) -> str:
    """The title as `title_of_article`, marked where the article is withdrawn."""
    title = title_of_article(entry.article)
    return f"〔已撤稿〕{title}" if entry.state == "withdrawn" else title


def _whole_paragraphs(paragraphs: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """The paragraphs that fit into a feed, and whether something was cut."""
    kept: list[str] = []
    room = FEED_CHARS
    for text in paragraphs:
        if len(text) > room:
            return (*kept, text[:room]), True
        kept.append(text)
        room -= len(text)
    return tuple(kept), False


def article_view(names: Names, entry: Entry) -> dict[str, Any]:
    """What the templates need of an article: cleaned strings and addresses that are sound."""
    article = entry.article
    images = ((web_address(x.url), plain_title(x.alt)) for x in article.images)
    source, column = names.source(article), names.column(article)
    at = entry.article.published
    return {
        "id": article.id,
        "title": title_of(entry),
        "page": names.page(article.id),
        "url": web_address(article.url),
        "withdrawn": entry.state == "withdrawn",
        # a new record alone does not count: the publisher did nothing
        "changed": entry.updated > entry.first_seen and entry.state != "withdrawn",
        "updated": entry.updated.astimezone(CHINA),
        "first_seen": entry.first_seen.astimezone(CHINA),
        "published": at.iso().replace("T", " ")[:16] if at else "",
        "origin": plain_title(article.origin or ""),
        "credits": [
            (clean(x.role), "、".join(clean(plain_name(n)) for n in x.names))
            for x in article.credits
        ],
        "source": source,
        "column": column,
        "meetings": [(meeting_rows(x), x.agenda) for x in article.meetings],
        "paragraphs": [clean(x) for x in article.paragraphs],
        "files": _files(article),
        "images": [(url, alt) for url, alt in images if url],
        "document": document_rows(article.document),
        "repairs": article.repairs,
        "problems": [clean(x) for x in article.problems],
    }


def whole_second(instant: datetime) -> datetime:
    """The instant, rounded up: no feed is older than what it speaks of."""
    floor = instant.replace(microsecond=0)
    return floor if floor == instant else floor + timedelta(seconds=1)


def feed_entry(names: Names, entry: Entry) -> FeedEntry:
    """The entry of an article; a meeting's opens with a table, then comes the full text.

    Dates never lie in the future: where a page is dated later than it was
    first seen, it counts from then.
    """
    article = entry.article
    view = article_view(names, entry)
    view["paragraphs"], view["cut"] = _whole_paragraphs(tuple(view["paragraphs"]))
    dated = article.published.instant() if article.published else entry.first_seen
    published = min(dated, entry.first_seen).replace(microsecond=0)
    return FeedEntry(
        id=names.entry_id(article),
        title=view["title"],
        url=view["url"] or view["page"],
        published=published,
        updated=max(whole_second(entry.updated), published),
        html=render("entry.html", article=view),
        summary=summary(article),
        authors=_authors(article, names.source(article)),
        categories=_categories(names, article),
        files=view["files"],
        image=view["images"][0][0] if view["images"] else None,
        page=view["page"],
        people=people(article),
    )
