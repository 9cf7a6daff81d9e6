"""The JSON form of a record that programs outside read: what ``quwen parse`` prints.

Evidence (spans, text as published) stays in the stored form; here a quote is
its plain value. The keys are a contract: all of them stand in every object.
"""

import re
from datetime import date
from typing import Any

from pipeline.records import (
    AgendaItem,
    Article,
    Attendee,
    Credit,
    Dateline,
    Document,
    ListItem,
    Meeting,
    Ordinal,
    Quote,
    Repairs,
    Statement,
)

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
# 仝　兴社 or 张 三: names of two characters are padded to the width of three
_PADDING = re.compile(rf"(?<=[{_HAN}])[ \t\u00a0\u2002-\u200b\u3000]{{1,8}}(?=[{_HAN}])")


def plain_name(name: str) -> str:
    """The name without padding between two Han characters; 买买提·艾力 and Mary Li stay."""
    return _PADDING.sub("", name)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _value(quote: Quote | None) -> str | None:
    return quote.value if quote else None


def _name(quote: Quote | None) -> str | None:
    return plain_name(quote.value) if quote else None


def _ordinal(ordinal: Ordinal | None) -> dict[str, Any] | None:
    if ordinal is None:
        return None
    return {"term": ordinal.term, "seq": ordinal.seq, "year": ordinal.year}


def _names(attendees: tuple[Attendee, ...]) -> list[str]:
    return [plain_name(x.name.value) for x in attendees]


def _agenda_item(item: AgendaItem) -> dict[str, Any]:
    return {
        "verb": item.verb.value,
        "subject": item.subject.value,
        "speaker": _name(item.speaker),
        "decision": _value(item.decision),
        "statements": _statements(item.statements),
        "said_by": _speakers(item.statements),
    }


def _statements(statements: tuple[Statement, ...]) -> list[dict[str, Any]]:
    return [{"lead": x.lead.value, "text": x.text.value} for x in statements]


def _speakers(statements: tuple[Statement, ...]) -> list[str | None]:
    """Who made each statement, in their order: 会议 or a person; None where nobody is named."""
    return [_name(x.speaker) for x in statements]


def _titles(attendees: tuple[Attendee, ...]) -> list[list[str]]:
    return [[t.value for t in x.titles] for x in attendees]


def meeting_form(meeting: Meeting) -> dict[str, Any]:
    """A meeting as plain JSON values.

    ``attending`` and ``nonvoting`` are names alone; ``attending_titles`` and
    ``nonvoting_titles`` hold the titles of each, in the same order, as ``said_by``
    holds who made each of ``statements``.
    """
    return {
        "body": meeting.body,
        "kind": meeting.kind,
        "ordinal": _ordinal(meeting.ordinal),
        "held_on": _iso(meeting.held_on),
        "time": _value(meeting.time),
        "chair": _name(meeting.chair),
        "chair_titles": [x.value for x in meeting.chair_titles],
        "host": _name(meeting.host),
        "attending": _names(meeting.attending),
        "nonvoting": _names(meeting.nonvoting),
        "location": _value(meeting.location),
        "agenda": [_agenda_item(x) for x in meeting.agenda],
        "also_numbered": [_ordinal(x) for x in meeting.also_numbered],
        "statements": _statements(meeting.statements),
        "said_by": _speakers(meeting.statements),
        "title": _value(meeting.title),
        "held_until": _iso(meeting.held_until),
        "held_words": _value(meeting.held_words),
        "attending_titles": _titles(meeting.attending),
        "nonvoting_titles": _titles(meeting.nonvoting),
    }


def _document(document: Document | None) -> dict[str, Any] | None:
    if document is None:
        return None
    return {
        "index_number": document.index_number,
        "document_number": document.document_number,
        "issuer": document.issuer,
        "written_on": _iso(document.written_on),
        "issued_on": _iso(document.issued_on),
        "subject": document.subject,
        "validity": document.validity,
    }


def _credit(credit: Credit) -> dict[str, Any]:
    return {"role": credit.role, "names": [plain_name(x) for x in credit.names]}


def _dateline(dateline: Dateline | None) -> dict[str, Any] | None:
    if dateline is None:
        return None
    return {
        "agency": dateline.agency.value,
        "place": _value(dateline.place),
        "code": dateline.code,
        "date_words": _value(dateline.date_words),
    }


def _repairs(repairs: Repairs) -> dict[str, Any]:
    return {
        "steps": list(repairs.steps),
        "encoding": repairs.encoding,
        "script": repairs.script,
        "counts": {x.name: x.n for x in repairs.counts},
        "flags": list(repairs.flags),
    }


def _item(item: ListItem) -> dict[str, Any]:
    published = item.published.iso() if item.published else None
    return {"title": item.title, "url": item.url, "published": published}


def contract_form(article: Article) -> dict[str, Any]:
    """The record as plain JSON values, keys in a fixed order.

    ``published`` is ISO 8601 in China time, a date where the page gives no
    time. ``credit_labels`` are the words of the page for the roles of ``credits``,
    in the same order. List pages have ``items`` besides, and records that a person has
    corrected ``corrections``.
    """
    form: dict[str, Any] = {
        "url": article.url,
        "id": article.id,
        "source": article.source,
        "column": article.column,
        "kind": article.kind,
        "title": article.title,
        "published": article.published.iso() if article.published else None,
        "origin": article.origin,
        "author": article.author,
        "credits": [_credit(x) for x in article.credits],
        "paragraphs": list(article.paragraphs),
        "text": article.text,
        "attachments": [
            {"url": x.url, "name": x.name, "media_type": x.media_type} for x in article.attachments
        ],
        "images": [{"url": x.url, "alt": x.alt} for x in article.images],
        "document": _document(article.document),
        "meetings": [meeting_form(x) for x in article.meetings],
        "repairs": _repairs(article.repairs),
        "family": article.family,
        "problems": list(article.problems),
        "credit_labels": [x.label for x in article.credits],
        "text_kind": article.text_kind,
        "dateline": _dateline(article.dateline),
        "references": [x.value for x in article.references],
    }
    if article.kind == "list":
        form["items"] = [_item(x) for x in article.items]
    if article.corrections:
        form["corrections"] = [{"field": x.field, "reason": x.reason} for x in article.corrections]
    return form
