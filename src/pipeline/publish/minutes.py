"""A meeting laid out as minutes, each statement tied to its place in the text. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.jsonform import plain_name
from pipeline.publish.content import meeting_name, meeting_rows
from pipeline.publish.document import clean
from pipeline.records import AgendaItem, Article, Attendee, Meeting, Quote, Span, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A statement: who said it (empty: the meeting), the verb, the words; ``mark`` in the text."""

    speaker: str
    lead: str
    text: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A matter on the agenda with what was decided and said on it."""

    verb: str
    subject: str
    speaker: str
    decision: str
    mark: str
    sayings: tuple[Saying, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody present, with titles as written."""

    name: str
    titles: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """One meeting as a page shows it; ``rows`` are labels and values."""

    name: str
    rows: tuple[tuple[str, str], ...]
    attending: tuple[Person, ...]
    nonvoting: tuple[Person, ...]
    items: tuple[Item, ...]
    sayings: tuple[Saying, ...]


Piece = tuple[str, str]
"""A stretch of a paragraph, and the mark that can be linked to; empty for none."""


def minutes_of(article: Article) -> tuple[tuple[Minutes, ...], tuple[tuple[Piece, ...], ...]]:
    """The meetings of an article, and its paragraphs in pieces that carry the marks.

    Without the empty pieces, the pieces of a paragraph joined are the paragraph, cleaned of
    what no page can hold.
    """
    marks = _marks(article)
    meetings = tuple(_minutes(x, marks) for x in article.meetings)
    by_paragraph: dict[int, list[Span]] = {}
    for span in marks:
        by_paragraph.setdefault(span.paragraph, []).append(span)
    pieces = tuple(
        tuple(_pieces(text, by_paragraph.get(n, ()), marks))
        for n, text in enumerate(article.paragraphs)
    )
    return meetings, pieces


def _marks(article: Article) -> dict[Span, str]:
    """A mark for each stretch that minutes refer to; of two that overlap the first has one.

    Others are referred to by the paragraph.
    """
    spans = {x.span for held in article.meetings for x in _quoted(held)}
    marks: dict[Span, str] = {}
    end = (-1, 0)
    for span in sorted(spans, key=lambda x: (x.paragraph, x.start, -x.end)):
        is_there = 0 <= span.paragraph < len(article.paragraphs)
        if is_there and span.start < span.end and (span.paragraph, span.start) >= end:
            marks[span] = f"p{span.paragraph + 1}-{span.start}"
            end = (span.paragraph, span.end)
    return marks


def _quoted(held: Meeting) -> Iterator[Quote]:
    for item in held.agenda:
        yield item.subject
        yield from (x.text for x in item.statements)
    yield from (x.text for x in held.statements)


def _pieces(text: str, spans: Iterable[Span], marks: Mapping[Span, str]) -> Iterator[Piece]:
    at = 0
    for span in spans:  # in order, none overlaps
        if span.start > at:
            yield clean(text[at : span.start]), ""
        yield clean(text[span.start : span.end]), marks[span]
        at = max(at, span.end)
    if at < len(text):
        yield clean(text[at:]), ""


def _minutes(held: Meeting, marks: Mapping[Span, str]) -> Minutes:
    return Minutes(
        name=meeting_name(held),
        rows=tuple(x for x in meeting_rows(held) if x[0] != "会议"),
        attending=_people(held.attending),
        nonvoting=_people(held.nonvoting),
        items=tuple(_item(x, marks) for x in held.agenda),
        sayings=_sayings(held.statements, marks),
    )


def _item(item: AgendaItem, marks: Mapping[Span, str]) -> Item:
    return Item(
        verb=clean(item.verb.value),
        subject=clean(item.subject.value),
        speaker=clean(plain_name(item.speaker.value)) if item.speaker else "",
        decision=clean(item.decision.value) if item.decision else "",
        mark=_place(item.subject.span, marks),
        sayings=_sayings(item.statements, marks),
    )


def _sayings(found: Sequence[Statement], marks: Mapping[Span, str]) -> tuple[Saying, ...]:
    return tuple(
        Saying(
            speaker=clean(plain_name(x.speaker.value)) if x.speaker else "",
            lead=clean(x.lead.value),
            text=clean(x.text.value),
            mark=_place(x.text.span, marks),
        )
        for x in found
    )


def _place(span: Span, marks: Mapping[Span, str]) -> str:
    """The mark of a stretch, else that of its paragraph; empty for one in the title."""
    return marks.get(span) or (f"p{span.paragraph + 1}" if span.paragraph >= 0 else "")


def _people(found: Sequence[Attendee]) -> tuple[Person, ...]:
    return tuple(
        Person(
            name=clean(plain_name(x.name.value)),
            titles=clean("、".join(y.value for y in x.titles)),
        )
        for x in found
    )
