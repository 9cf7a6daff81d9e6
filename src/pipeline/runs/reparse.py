"""Read the archived captures again, without the network."""

from pipeline.errors import ArchiveError, DecodeError, ExtractError, ParseError
from pipeline.identity import article_id
from pipeline.interpret import interpret, interpret_item
from pipeline.runs.context import Context
from pipeline.runs.reading import Pass, archived_article, store_article
from pipeline.runs.report import Report, Tally
from pipeline.store import StoredCapture

_BATCH = 200


def reparse_source(source_id: str, *, context: Context, run_id: int) -> Report:
    """Interpret again what stands for the articles of one source, and what was quarantined.

    Of an article, only the capture of its newest revision is read: older ones
    are history. A better reading is stored as a revision of its own kind, not
    as an edit by the publisher. Raises `ConfigError` for an unknown source.
    """
    context.catalogue.source(source_id)
    columns = {x.key: x for x in context.catalogue.columns_of(source_id)}
    tally = Tally(source=source_id)
    waiting = {x.capture_id for x in context.store.quarantined(source=source_id)}
    after = 0
    while batch := context.store.captures(source=source_id, after=after, limit=_BATCH):
        after = batch[-1].id
        standing = context.store.read_from(x.id for x in batch)
        for stored in batch:
            column = columns.get(stored.column or "")
            if column is None:
                continue
            p = Pass(context=context, run_id=run_id, column=column, tally=tally)
            own = article_id(stored.requested_url)
            ids = standing.get(stored.id, frozenset())
            if stored.id in waiting or own in ids:
                _reparse(p, stored)
            if told := ids - {own}:
                _reparse_told(p, stored, told)
    return tally.report()


def _reparse(p: Pass, stored: StoredCapture) -> None:
    try:
        capture = p.context.archive.read(stored.ref)
        article = archived_article(p, capture)
    except (ArchiveError, DecodeError, ExtractError, ParseError) as error:
        p.tally.problem(stored.requested_url, str(error), "failed")
        return
    p.tally.counts["read"] += 1
    if article.kind == "article":
        store_article(p, article, stored.id)


def _reparse_told(p: Pass, stored: StoredCapture, ids: frozenset[str]) -> None:
    """Read again those of the list's articles that stand on the list itself."""
    try:
        listing = interpret(p.context.archive.read(stored.ref), p.column, expect="list")
    except (ArchiveError, DecodeError, ExtractError, ParseError) as error:
        p.tally.problem(stored.requested_url, str(error), "failed")
        return
    items = {article_id(x.url): x for x in listing.items}
    for key in sorted(ids):
        if key not in items:
            p.tally.problem(
                stored.requested_url, f"the list does not show {key} any more", "failed"
            )
            continue
        p.tally.counts["read"] += 1
        store_article(p, interpret_item(items[key], p.column, family=listing.family), stored.id)
