"""The value types that all steps share: frozen, and knowing nothing else.

Strings cut out of an article's text are `Quote` values: they keep the `Span`
they were cut from, so that the record carries its own evidence.

Four times have four names: ``fetched_at`` and ``seen_at`` (UTC instants),
``published`` (China time, with its precision), ``held_on`` (a calendar date).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Literal
from urllib.parse import urlsplit

CHINA = timezone(timedelta(hours=8), "UTC+08:00")
"""China time. A fixed offset: the tz database has summer time for 1986–1991."""

_DATE_PART = re.compile(r"\{(yyyy|mm|dd)\}")

PageKind = Literal["article", "list", "not_found", "blocked", "other"]
TextKind = Literal[
    "story", "meeting", "minutes", "notice", "rundown", "digest", "index", "transcript", "form",
    "headline",
]  # fmt: skip
"""What a text is; ``headline`` for a list's link whose page is not read (files, other sites)."""
Body = Literal["政府", "党委", "人大", "政协", "其他"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where a string stands: paragraph index, and code points [start, end) in it.

    Paragraph -1 is the title.
    """

    paragraph: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A string as it stands in the normalized text, with its place."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """When a page was published, in China time; ``at`` is None where only a day is given."""

    day: date
    at: time | None = None

    def iso(self) -> str:
        """``2024-10-22`` or ``2024-10-22T09:24:00+08:00`` (ISO 8601)."""
        if self.at is None:
            return self.day.isoformat()
        return datetime.combine(self.day, self.at, CHINA).isoformat(timespec="seconds")

    def instant(self) -> datetime:
        """The UTC instant; the start of the Chinese day where no time is given."""
        return datetime.combine(self.day, self.at or time(), CHINA).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """People named for making the article: ``role`` normalized (记者), ``label`` as written (本报记者).

    ``spans`` are those of the names; none where they stand around the text, not in it.
    """

    role: str
    label: str
    names: tuple[str, ...]
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file linked from the article."""

    url: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of the article, not of the page's furniture."""

    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Fields of 政府信息公开 (open government information) tables."""

    index_number: str | None = None  # 索引号
    document_number: str | None = None  # 发文字号
    issuer: str | None = None  # 发文机关
    written_on: date | None = None  # 成文日期
    issued_on: date | None = None  # 发布日期
    subject: str | None = None  # 主题分类
    validity: str | None = None  # 有效性


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordinal:
    """A meeting's number: 十六届…第49次 is ``term=16, seq=49``; 2024年第6次 is ``year=2024, seq=6``."""

    term: int | None = None
    seq: int
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What was said on an agenda item: ``lead`` is the verb (指出, 要求), ``speaker`` 会议 or a person."""

    lead: Quote
    text: Quote
    speaker: Quote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    """One matter before a meeting."""

    verb: Quote
    subject: Quote
    speaker: Quote | None = None
    decision: Quote | None = None
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """Somebody present: a person or a group (区四套班子), with titles as written."""

    name: Quote
    titles: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting that the text reports."""

    body: Body
    kind: str
    title: Quote | None = None
    ordinal: Ordinal | None = None
    also_numbered: tuple[Ordinal, ...] = ()
    held_on: date | None = None
    held_until: date | None = None
    time: Quote | None = None  # 上午, 下午4点
    held_words: Quote | None = None  # the date as written
    chair: Quote | None = None
    chair_titles: tuple[Quote, ...] = ()
    host: Quote | None = None  # who presides when the chair only speaks
    attending: tuple[Attendee, ...] = ()
    nonvoting: tuple[Attendee, ...] = ()  # 列席
    location: Quote | None = None
    agenda: tuple[AgendaItem, ...] = ()
    statements: tuple[Statement, ...] = ()  # on no single item, or where no item is named


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """The opening words: agency or paper (东昌府讯), the place they name, the date as written.

    ``code`` is the place's division (GB/T 2260): the source's own, or the only one of the name.
    """

    agency: Quote
    place: Quote | None = None
    code: str | None = None
    date_words: Quote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How often a repair was made."""

    name: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Repairs:
    """What was done to the text as published, in order.

    ``script`` is what the page was written in: ``hans``, ``hant``, ``mixed`` or ``none``.
    ``flags`` holds ``repaired`` (text was restored) and ``damaged`` (some is lost).
    """

    steps: tuple[str, ...] = ()
    encoding: str = "utf-8"
    script: str = "hans"
    counts: tuple[Count, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A field that a person has corrected (``meetings.0.chair``), and why."""

    field: str
    reason: str


ItemKind = Literal["article", "file", "wechat", "upper", "external"]
"""What a list links to: a page of the site, a file, a WeChat story, a higher level's site, another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListItem:
    """One line of a list page. ``url`` is absolute.

    ``html`` is the text as published where the list carries it, so that no page has
    to be fetched for it.
    """

    title: str
    url: str
    published: Published | None = None
    kind: ItemKind = "article"
    html: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What one page says, as `pipeline.interpret.interpret` reads it.

    ``paragraphs`` are normalized; ``published_as`` are the same strings as the
    publisher wrote them, kept only where a repair changed something.
    """

    url: str
    id: str
    kind: PageKind
    title: str
    source: str | None = None
    column: str | None = None
    family: str = "generic"
    published: Published | None = None
    origin: str | None = None  # 来源
    author: str | None = None  # 作者, else who is credited with writing, joined by 、
    credits: tuple[Credit, ...] = ()
    paragraphs: tuple[str, ...] = ()
    published_as: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    images: tuple[Image, ...] = ()
    document: Document | None = None
    references: tuple[Quote, ...] = ()  # document numbers quoted in the text
    dateline: Dateline | None = None
    text_kind: TextKind = "story"
    meetings: tuple[Meeting, ...] = ()
    items: tuple[ListItem, ...] = ()
    next_url: str | None = None  # the list's next page
    next_by_script: bool = False  # the browser asks for it (script, frame), not a reader
    more_urls: tuple[str, ...] = ()  # further pages of the same story
    repairs: Repairs = field(default_factory=Repairs)
    problems: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def text(self) -> str:
        """The paragraphs joined by a line feed."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """The bytes of one exchange, for the archive.

    ``request`` and ``response`` are the two heads up to the blank line, as sent and
    received; ``body`` is the response's with its content encoding, its chunks joined.
    """

    request: bytes
    response: bytes
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One response as it is read: ``body`` with content encoding undone.

    ``url`` is the address that answered, after redirects; ``requested_url`` the one
    asked for. Header names are lower case. ``wire`` is what the archive keeps of a
    response just fetched; one that was read back has none.
    """

    url: str
    requested_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    wire: Wire | None = field(default=None, compare=False, repr=False)

    def header(self, name: str) -> str | None:
        """The first value of a header, or None."""
        return next((v for k, v in self.headers if k == name.lower()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRef:
    """Where the archive keeps a capture: file below the archive root, byte offset and length.

    The place changes when files are compacted, ``record_id`` (WARC-Record-ID) never.
    ``payload`` is the digest of the payload that stands there (WARC-Payload-Digest):
    None where the record only refers to an earlier one with the same payload.
    Both are None for records of files from before they were noted.
    """

    file: str
    offset: int
    length: int
    record_id: str | None = None
    payload: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A county-level division: ``code`` after GB/T 2260, ``short`` as datelines write it (东昌府)."""

    code: str
    name: str
    province: str
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How to read a column's pages from a day on; empty fields mean the family's own way.

    Selectors are CSS. ``since`` None is the layout before all dated ones.
    """

    since: date | None = None
    family: str = "auto"
    item: str | None = None
    link: str | None = None
    item_date: str | None = None
    next_page: str | None = None
    title: str | None = None
    published: str | None = None
    origin: str | None = None
    body: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRules:
    """How to be polite and lenient with one site. Delays and timeouts in seconds."""

    delay_s: float = 2.0
    timeout_s: float = 20.0
    hosts: tuple[str, ...] = ()  # further hosts whose pages belong to the source
    headers: tuple[tuple[str, str], ...] = ()
    robots: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One site of one publisher. ``mirror_of`` names the source whose texts it repeats."""

    id: str
    name: str
    place: Place
    publisher: Literal["media", "government", "party", "congress", "cppcc"]
    base: str
    mirror_of: str | None = None
    mangles: bool = False  # known to annotate and convert its text
    verified: bool = False
    rules: FetchRules = field(default_factory=FetchRules)

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts whose pages belong to the source."""
        return frozenset({urlsplit(self.base).hostname or "", *self.rules.hosts})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One list (栏目) of a source."""

    source: Source
    key: str
    name: str
    url: str
    max_pages: int = 1
    tags: tuple[str, ...] = ()
    layouts: tuple[Layout, ...] = (Layout(),)

    def url_on(self, day: date) -> str:
        """The list's address on *day*: newspapers have one an issue, written with {yyyy}, {mm}, {dd}."""
        parts = {"yyyy": f"{day:%Y}", "mm": f"{day:%m}", "dd": f"{day:%d}"}
        return _DATE_PART.sub(lambda x: parts[x[1]], self.url)

    def layout_on(self, day: date) -> Layout:
        """The layout in force on *day*: the newest one that is not later."""
        dated = [x for x in self.layouts if x.since is None or x.since <= day]
        return max(dated or self.layouts[:1], key=lambda x: x.since or date.min)


def cut_quote(paragraphs: Sequence[str], paragraph: int, start: int, end: int) -> Quote:
    """The quote for code points [start, end) of a paragraph."""
    return Quote(
        value=paragraphs[paragraph][start:end],
        span=Span(paragraph=paragraph, start=start, end=end),
    )
