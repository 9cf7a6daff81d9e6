"""Corrections and withdrawals: what a revision changed, for the reader of a page or a feed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.publish.content import Names, people, title_of_article, whole_second
from pipeline.publish.diff import Line, changed_lines
from pipeline.publish.document import Category, FeedEntry, clean, plain_title
from pipeline.publish.html import render
from pipeline.records import CHINA, Article
from pipeline.revisions import Kind
from pipeline.store import Revision

TOLD: tuple[Kind, ...] = ("edited", "withdrawn", "restored")
"""Kinds of revisions that are acts of the publisher after the first publication."""

_WORDS: dict[Kind, str] = {
    "new": "首次读到",
    "edited": "更正",
    "withdrawn": "撤稿",
    "restored": "恢复",
    "reparsed": "重新整理",
}

_PARTS = {
    "title": "标题",
    "published": "发布日期",
    "origin": "来源",
    "paragraphs": "正文",
    "attachments": "附件",
    "document": "公文信息",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One revision beside the one before: what it is called, when, and the lines that differ."""

    number: int
    kind: Kind
    word: str
    at: datetime
    parts: tuple[str, ...]
    lines: tuple[Line, ...]


def _facts(article: Article) -> list[str]:
    """What is compared: title, labelled facts, then the text."""
    published = article.published.day.isoformat() if article.published else ""
    labelled = (
        ("标题：", article.title),
        ("发布日期：", published),
        ("来源：", article.origin or ""),
        *(("附件：", f"{x.name} {x.url}") for x in article.attachments),
    )
    return [clean(f"{label}{value}") for label, value in labelled if value] + [
        clean(x) for x in article.paragraphs
    ]


def change(before: Revision | None, revision: Revision) -> Change:
    """What a revision changed. A better reading of ours is named, but no line of it is shown."""
    is_told = before is not None and revision.kind in ("edited", "restored")
    lines = (
        changed_lines(_facts(before.article), _facts(revision.article))
        if before is not None and is_told
        else ()
    )
    return Change(
        number=revision.number,
        kind=revision.kind,
        word=_WORDS.get(revision.kind, revision.kind),
        at=revision.seen_at.astimezone(CHINA),
        parts=tuple(_PARTS.get(x, x) for x in revision.changed) if is_told else (),
        lines=lines,
    )


def history_changes(history: Sequence[Revision]) -> tuple[Change, ...]:
    """All revisions of an article with what they changed, newest first."""
    pairs = zip((None, *history), history, strict=False)
    return tuple(change(before, revision) for before, revision in pairs)[::-1]


def revision_entry(names: Names, before: Revision | None, revision: Revision) -> FeedEntry:
    """The entry of a revision in the feed of corrections, with an id of its own."""
    found = change(before, revision)
    article = revision.article
    source = names.source(article)
    at = whole_second(revision.seen_at)
    place = plain_title(source.place.short) if source else ""
    what = f"（{'、'.join(found.parts)}）" if found.parts else ""
    return FeedEntry(
        id=f"{names.entry_id(article)}/{revision.number}",
        title=f"{found.word}：{title_of_article(article)}",
        url=f"{names.page(article.id)}#r{revision.number}",
        page=names.page(article.id),
        people=people(article),
        published=at,
        updated=at,
        html=render(
            "change.html", change=found, article_page=names.page(article.id), url=article.url
        ),
        summary=f"{source.name if source else article.source or ''}{found.word}{what}",
        authors=(source.name if source else "佚名",),
        categories=tuple(
            Category(term=term, scheme=f"{names.base_url}{path}/")
            for term, path in ((found.word, "revisions"), (place, source.id if source else ""))
            if term
        ),
    )
