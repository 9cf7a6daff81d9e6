"""Parsing of one article: normalized paragraphs in, meaning out."""

from collections.abc import Sequence
from datetime import date

from pipeline.parse.bylines import read_bylines
from pipeline.parse.credits import read_credits
from pipeline.parse.document import read_document, read_references
from pipeline.parse.meetings import read_meetings
from pipeline.parse.opening import read_dateline
from pipeline.parse.result import Parsed
from pipeline.parse.text import Trace, with_wide_marks
from pipeline.parse.textkind import is_document, text_kind

_WITHOUT_MEETINGS = frozenset({"rundown", "index", "transcript", "notice"})


def parse_article(
    paragraphs: Sequence[str],
    *,
    title: str = "",
    published: date | None = None,
    place: str | None = None,
    fields: Sequence[tuple[str, str]] = (),
    around: Sequence[str] = (),
) -> Parsed:
    """What normalized *paragraphs* say: meetings, agenda, people, credits, document fields.

    *published* is the page's day in China; without it, dates without a year stay
    empty. *place* is the source's short name (东昌府). *fields* are the label-value
    pairs of a 政府信息公开 table, *around* the lines beside the text that may
    name who made it. Nothing raises: what is doubtful is left
    out and named in ``problems``.
    """
    lines, head = [with_wide_marks(x) for x in paragraphs], with_wide_marks(title)
    changed = head != title or any(a != b for a, b in zip(lines, paragraphs, strict=True))
    trace = Trace(published=(*paragraphs, title) if changed else ())
    paragraphs, title = lines, head
    makers, skip = read_credits(paragraphs, trace)
    dateline = read_dateline(paragraphs, place, trace)
    kind = text_kind(title, paragraphs)
    meetings = (
        ()
        if kind in _WITHOUT_MEETINGS or is_document(title)
        else read_meetings(
            title,
            paragraphs,
            skip=skip,
            published=published,
            digest=kind == "digest",
            trace=trace,
        )
    )
    if kind == "story" and meetings:
        kind = "meeting"
    return Parsed(
        dateline=dateline,
        credits=(*makers, *read_bylines(around, makers)),
        meetings=meetings,
        references=read_references(paragraphs, trace),
        document=read_document(fields, trace),
        text_kind=kind,
        problems=tuple(trace.problems),
        marks=tuple(trace.marks),
    )
