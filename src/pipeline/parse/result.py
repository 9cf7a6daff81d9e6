"""What parsing an article's text gives."""

from dataclasses import dataclass

from pipeline.parse.text import Mark
from pipeline.records import Credit, Dateline, Document, Meeting, Quote, TextKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a text says; ``marks`` tells for each extracted span which rule made it."""

    dateline: Dateline | None = None
    credits: tuple[Credit, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    references: tuple[Quote, ...] = ()
    document: Document | None = None
    text_kind: TextKind = "story"
    problems: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
