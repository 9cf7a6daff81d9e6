"""What an export holds: one type of row for each kind, and how rows are made.

The types are the data dictionary: `quwen export --schema` prints them as JSON Schema.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from pipeline.jsonform import plain_name
from pipeline.records import Article, Attendee, Meeting
from pipeline.revisions import Kind, State
from pipeline.store import Entry, Revision

What = Literal["articles", "revisions", "meetings", "agenda", "credits"]

Places = Mapping[str, str]
"""Division codes by source."""

Id = Annotated[str, Field(description="16 hexadecimal digits that name the article for ever")]
Url = Annotated[str, Field(description="address of the article at the publisher")]
SourceId = Annotated[str | None, Field(description="id of the source, as in the catalogue")]
PlaceCode = Annotated[
    str | None, Field(description="division code of the source's place (GB/T 2260)")
]
Day = Annotated[date | None, Field(description="day of publication in China")]
Title = Annotated[str, Field(description="title of the article")]
BodyName = Annotated[str, Field(description="whose meeting: 政府, 党委, 人大, 政协, 其他")]
HeldOn = Annotated[date | None, Field(description="first day of the meeting")]
MeetingNumber = Annotated[int, Field(description="place of the meeting in the article, from 0")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credited:
    """People named for making an article."""

    role: Annotated[str, Field(description="记者, 编辑, 通讯员 …")]
    names: Annotated[tuple[str, ...], Field(description="without padding")]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file linked from an article."""

    url: Annotated[str, Field(description="address of the file")]
    name: Annotated[str, Field(description="its name in the article")]
    media_type: Annotated[str, Field(description="media type by its ending")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """An article as it stands."""

    id: Id
    url: Url
    source: SourceId
    column: Annotated[str | None, Field(description="key of the column it was read from")]
    place: PlaceCode
    kind: Annotated[str, Field(description="what the text is: story, meeting, notice, minutes …")]
    title: Title
    published: Annotated[
        str | None, Field(description="ISO 8601 in China time, a date where no time is given")
    ]
    published_on: Day
    origin: Annotated[str | None, Field(description="来源, as the page names it")]
    author: Annotated[
        str | None,
        Field(
            description="作者 as the page names it, else who is credited with writing, joined by 、"
        ),
    ]
    credits: Annotated[tuple[Credited, ...], Field(description="who made the article, by role")]
    text: Annotated[str, Field(description="the paragraphs, joined by line feeds")]
    attachments: Annotated[tuple[File, ...], Field(description="files linked from the text")]
    index_number: Annotated[str | None, Field(description="索引号 of a public document")]
    document_number: Annotated[str | None, Field(description="发文字号 of a public document")]
    issuer: Annotated[str | None, Field(description="发文机关 of a public document")]
    meetings: Annotated[int, Field(description="how many meetings the text reports")]
    state: Annotated[State, Field(description="withdrawn: taken down by the publisher")]
    first_seen: Annotated[datetime, Field(description="instant in UTC at which quwen found it")]
    updated: Annotated[datetime, Field(description="instant in UTC of its last change seen")]
    revision: Annotated[int, Field(description="number of its newest revision, from 1")]
    is_copy: Annotated[bool, Field(description="whether another publisher had the story first")]
    also_at: Annotated[tuple[str, ...], Field(description="other addresses of the same story")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRow:
    """One thing that quwen learned of an article, with the text as of then."""

    seq: Annotated[int, Field(description="number in the log of all revisions")]
    article_id: Id
    number: Annotated[int, Field(description="number among those of the article, from 1")]
    kind: Annotated[
        Kind, Field(description="new, edited, withdrawn, restored; reparsed: read better")
    ]
    reason: Annotated[str, Field(description="why it was taken for that")]
    changed: Annotated[tuple[str, ...], Field(description="parts that the publisher changed")]
    seen_at: Annotated[datetime, Field(description="instant in UTC at which quwen saw it")]
    interpreter: Annotated[int, Field(description="number of the version that read the page")]
    content_hash: Annotated[str, Field(description="digest of what the publisher says")]
    url: Url
    source: SourceId
    place: PlaceCode
    title: Title
    published_on: Day
    text: Annotated[str, Field(description="the paragraphs, joined by line feeds")]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRow:
    """A meeting that an article reports."""

    article_id: Id
    meeting: MeetingNumber
    url: Url
    source: SourceId
    place: PlaceCode
    title: Title
    published_on: Day
    body: BodyName
    kind: Annotated[str, Field(description="常务会议, 常委会会议, 主任会议 …")]
    term: Annotated[int | None, Field(description="届")]
    number: Annotated[int | None, Field(description="第…次")]
    year: Annotated[int | None, Field(description="year that numbers are counted in")]
    held_on: HeldOn
    held_until: Annotated[date | None, Field(description="last day, of more than one")]
    time: Annotated[str | None, Field(description="as written: 上午, 下午4点")]
    chair: Annotated[str | None, Field(description="who presided, without padding")]
    chair_titles: Annotated[tuple[str, ...], Field(description="as written")]
    host: Annotated[str | None, Field(description="who presided where the chair only spoke")]
    attending: Annotated[tuple[str, ...], Field(description="persons and groups present")]
    nonvoting: Annotated[tuple[str, ...], Field(description="列席: present without a vote")]
    location: Annotated[str | None, Field(description="as written")]
    agenda: Annotated[int, Field(description="how many matters were before it")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaRow:
    """A matter before a meeting."""

    article_id: Id
    meeting: MeetingNumber
    item: Annotated[int, Field(description="place of the matter in the meeting, from 0")]
    url: Url
    source: SourceId
    place: PlaceCode
    body: BodyName
    meeting_kind: Annotated[str, Field(description="kind of the meeting")]
    held_on: HeldOn
    verb: Annotated[str, Field(description="what was done: 听取, 审议, 传达学习 …")]
    subject: Annotated[str, Field(description="the matter, as written")]
    speaker: Annotated[str | None, Field(description="who reported on it")]
    decision: Annotated[str | None, Field(description="what was decided, as written")]
    statements: Annotated[tuple[str, ...], Field(description="what was said on it, as written")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRow:
    """Somebody named for making an article."""

    article_id: Id
    item: Annotated[int, Field(description="place among those of the article, from 0")]
    url: Url
    source: SourceId
    place: PlaceCode
    title: Title
    published_on: Day
    role: Annotated[str, Field(description="记者, 编辑, 通讯员 …")]
    name: Annotated[str, Field(description="without padding")]


Row = ArticleRow | RevisionRow | MeetingRow | AgendaRow | CreditRow

TYPES: dict[What, type[Row]] = {
    "articles": ArticleRow,
    "revisions": RevisionRow,
    "meetings": MeetingRow,
    "agenda": AgendaRow,
    "credits": CreditRow,
}


def _day(article: Article) -> date | None:
    return article.published.day if article.published else None


def _place(article: Article, places: Places) -> str | None:
    return places.get(article.source or "")


def article_rows(entry: Entry, places: Places) -> Iterator[ArticleRow]:
    """The row of an article."""
    x, document = entry.article, entry.article.document
    yield ArticleRow(
        id=x.id,
        url=x.url,
        source=x.source,
        column=x.column,
        place=_place(x, places),
        kind=x.text_kind,
        title=x.title,
        published=x.published.iso() if x.published else None,
        published_on=_day(x),
        origin=x.origin,
        author=x.author,
        credits=tuple(
            Credited(role=c.role, names=tuple(map(plain_name, c.names))) for c in x.credits
        ),
        text=x.text,
        attachments=tuple(
            File(url=a.url, name=a.name, media_type=a.media_type) for a in x.attachments
        ),
        index_number=document.index_number if document else None,
        document_number=document.document_number if document else None,
        issuer=document.issuer if document else None,
        meetings=len(x.meetings),
        state=entry.state,
        first_seen=entry.first_seen,
        updated=entry.updated,
        revision=entry.revision,
        is_copy=entry.is_copy,
        also_at=tuple(c.url for c in entry.also_at),
    )


def revision_row(revision: Revision, places: Places) -> RevisionRow:
    """The row of a revision."""
    x = revision.article
    return RevisionRow(
        seq=revision.seq,
        article_id=revision.article_id,
        number=revision.number,
        kind=revision.kind,
        reason=revision.reason,
        changed=revision.changed,
        seen_at=revision.seen_at,
        interpreter=revision.interpreter,
        content_hash=revision.content_hash,
        url=x.url,
        source=x.source,
        place=_place(x, places),
        title=x.title,
        published_on=_day(x),
        text=x.text,
    )


def _names(people: tuple[Attendee, ...]) -> tuple[str, ...]:
    return tuple(plain_name(x.name.value) for x in people)


def meeting_rows(entry: Entry, places: Places) -> Iterator[MeetingRow]:
    """The rows of the meetings that an article reports."""
    x = entry.article
    for n, held in enumerate(x.meetings):
        number = held.ordinal
        yield MeetingRow(
            article_id=x.id,
            meeting=n,
            url=x.url,
            source=x.source,
            place=_place(x, places),
            title=x.title,
            published_on=_day(x),
            body=held.body,
            kind=held.kind,
            term=number.term if number else None,
            number=number.seq if number else None,
            year=number.year if number else None,
            held_on=held.held_on,
            held_until=held.held_until,
            time=held.time.value if held.time else None,
            chair=plain_name(held.chair.value) if held.chair else None,
            chair_titles=tuple(t.value for t in held.chair_titles),
            host=plain_name(held.host.value) if held.host else None,
            attending=_names(held.attending),
            nonvoting=_names(held.nonvoting),
            location=held.location.value if held.location else None,
            agenda=len(held.agenda),
        )


def agenda_rows(entry: Entry, places: Places) -> Iterator[AgendaRow]:
    """The rows of the matters before an article's meetings."""
    for n, held in enumerate(entry.article.meetings):
        yield from _matters(entry.article, n, held, places)


def _matters(x: Article, n: int, held: Meeting, places: Places) -> Iterator[AgendaRow]:
    for item, matter in enumerate(held.agenda):
        yield AgendaRow(
            article_id=x.id,
            meeting=n,
            item=item,
            url=x.url,
            source=x.source,
            place=_place(x, places),
            body=held.body,
            meeting_kind=held.kind,
            held_on=held.held_on,
            verb=matter.verb.value,
            subject=matter.subject.value,
            speaker=plain_name(matter.speaker.value) if matter.speaker else None,
            decision=matter.decision.value if matter.decision else None,
            statements=tuple(s.text.value for s in matter.statements),
        )


def credit_rows(entry: Entry, places: Places) -> Iterator[CreditRow]:
    """The rows of an article's credits."""
    x = entry.article
    named = [(c.role, plain_name(name)) for c in x.credits for name in c.names]
    for item, (role, name) in enumerate(named):
        yield CreditRow(
            article_id=x.id,
            item=item,
            url=x.url,
            source=x.source,
            place=_place(x, places),
            title=x.title,
            published_on=_day(x),
            role=role,
            name=name,
        )
