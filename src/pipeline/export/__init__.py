"""Tables out of the store, for spreadsheets, statistics and other programs.

Whatever its size, an export is made of small pieces and needs the memory of one.
"""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from pydantic import TypeAdapter

from pipeline.export.forms import FORMS, Format
from pipeline.export.rows import (
    TYPES,
    Places,
    Row,
    What,
    agenda_rows,
    article_rows,
    credit_rows,
    meeting_rows,
    revision_row,
)
from pipeline.store import Entry, Store

__all__ = ["FORMS", "TYPES", "Format", "Selection", "What", "export", "json_schema"]

_PIECE = 100  # articles or revisions read at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What to export; None leaves it open.

    Days are included: of publication in China, of revisions those on which they were seen.
    """

    sources: Collection[str] | None = None
    since: date | None = None
    until: date | None = None


def export(
    store: Store,
    what: What,
    form: Format,
    out: BinaryIO,
    *,
    selection: Selection | None = None,
    places: Places | None = None,
) -> int:
    """Write rows of one kind to a stream as of one state of the store; how many there were.

    Articles and what stands in them come by identifier, revisions as they were learned.
    *places* are division codes by source. Raises StoreError, `ConfigError` where a form
    needs what is not installed, OSError for a stream that takes no more.
    """
    with store.snapshot():
        rows = _rows(store, what, selection or Selection(), places or {})
        return FORMS[form](rows, TYPES[what], out)


_MAKERS: dict[What, Callable[[Entry, Places], Iterator[Row]]] = {
    "articles": article_rows,
    "meetings": meeting_rows,
    "agenda": agenda_rows,
    "credits": credit_rows,
}


def _rows(store: Store, what: What, selection: Selection, places: Places) -> Iterator[Row]:
    if what == "revisions":
        yield from _revisions(store, selection, places)
        return
    last, make = "", _MAKERS[what]
    while found := store.walk(
        last,
        limit=_PIECE,
        sources=selection.sources,
        since=selection.since,
        until=selection.until,
        meetings_only=what in ("meetings", "agenda"),
    ):
        for entry in found:
            yield from make(entry, places)
        last = found[-1].article.id


def _revisions(store: Store, selection: Selection, places: Places) -> Iterator[Row]:
    last = 0
    while found := store.log(
        last,
        _PIECE,
        sources=selection.sources,
        since=selection.since,
        until=selection.until,
    ):
        for revision in found:
            yield revision_row(revision, places)
        last = found[-1].seq


def json_schema(what: What) -> str:
    """The fields of a kind of row with their meanings, as JSON Schema (draft 2020-12)."""
    schema: dict[str, Any] = TypeAdapter(TYPES[what]).json_schema(mode="serialization")
    first = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(first | schema, ensure_ascii=False, indent=2)
