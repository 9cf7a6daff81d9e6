"""Which feeds there are, and which articles stand in each."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pipeline.publish.content import Names
from pipeline.publish.document import FeedDocument, FeedEntry, Tombstone, clean, plain_title
from pipeline.publish.watches import Watch
from pipeline.records import Article, Column, Source
from pipeline.sources import Catalogue
from pipeline.store import Head, Store, Subject, SubjectKind

NEWEST = 50
"""So many of the newest articles stand in a feed, whatever their age …"""
RECENT = timedelta(days=7)
"""… and besides all that are at most this much older than the newest …"""
MOST = 200
"""… but never more than this: some readers refuse long feeds."""

BYTES = 1_900_000
"""The text of a feed may take this much; the W3C validator refuses 5 MB in all."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

RESERVED = frozenset(
    {
        "a",
        "alarms",
        "all",
        "archive",
        "body",
        "en",
        "meetings",
        "person",
        "revisions",
        "search",
        "status",
        "topic",
        "watch",
    }
)
"""Folders of the published tree that no source may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """One feed: its folder, and which articles belong to it."""

    path: str
    title: str
    description: str
    source: Source | None = None
    column: Column | None = None
    meetings_only: bool = False
    watch: Watch | None = None
    subject: Subject | None = None

    @property
    def place(self) -> str:
        """The code of its division; empty for feeds over many."""
        if self.source:
            return self.source.place.code
        return self.subject.place if self.subject and self.subject.kind != "topic" else ""

    @property
    def mark(self) -> object:
        """Something else where other articles may stand in the feed, for all that they say."""
        return (self.subject.articles, self.subject.change) if self.subject else None


REVISIONS = Selection(
    path="revisions",
    title="区闻：更正与撤稿",
    description="原网站事后改动或撤下的文章，附前后对照。",
)


def selections(
    catalogue: Catalogue, watches: Iterable[Watch] = ()
) -> tuple[tuple[Selection, ...], tuple[str, ...]]:
    """The feeds of a catalogue and of watches, and a line for each source that can have none."""
    feeds = [
        Selection(
            path="all", title="区闻：全部文章", description="所有收录网站的最新文章，附全文。"
        ),
        Selection(
            path="meetings",
            title="区闻：会议",
            description="各地报道的会议：日期、主持人、议题与全文。",
            meetings_only=True,
        ),
    ]
    feeds.append(REVISIONS)
    feeds += map(_of_watch, watches)
    left_out = []
    for source in catalogue.sources:
        if source.id in RESERVED or source.id.startswith("zh-"):
            left_out.append(f"source {source.id}: the id is the name of a folder; choose another")
            continue
        feeds.append(_of_source(source))
        for column in catalogue.columns_of(source.id):
            if column.key in RESERVED:
                left_out.append(f"column {source.id}/{column.key}: the key is the name of a folder")
                continue
            feeds.append(_of_column(column))
    return tuple(feeds), tuple(left_out)


_KINDS: tuple[SubjectKind, ...] = ("topic", "body", "person")


def of_subjects(store: Store, catalogue: Catalogue, minimum: int) -> Iterator[Selection]:
    """The feeds of topics, bodies and persons that *minimum* articles name."""
    places = {x.place.code: x.place.name for x in catalogue.sources}
    for kind in _KINDS:
        for x in sorted(store.subjects(kind, minimum=minimum), key=lambda x: x.key):
            yield _of_subject(x, places.get(x.place, ""))


def _of_subject(subject: Subject, place: str) -> Selection:
    name = subject.name
    if subject.kind == "topic":
        title, about = f"主题：{name}", f"与“{name}”有关的文章"
    elif subject.kind == "body":
        title, about = f"会议：{name}", f"{name}的会议"
    else:
        title, about = (
            f"人物：{name}（{place}）" if place else f"人物：{name}",
            f"提到{name}的会议报道",
        )
    return Selection(
        path=path_of(subject),
        title=title,
        description=f"{place if subject.kind == 'person' else ''}{about}，附全文。",
        subject=subject,
    )


def by_place(found: Iterable[Selection]) -> Iterator[list[Selection]]:
    """The feeds of each division together, as they hold the same articles; those of none first."""
    groups: dict[str, list[Selection]] = {"": []}
    for x in found:
        groups.setdefault(x.place, []).append(x)
    yield from groups.values()


def path_of(subject: Subject) -> str:
    """The folder of a subject's feed."""
    return f"{subject.kind}/{subject.key}"


def _of_watch(watch: Watch) -> Selection:
    return Selection(
        path=watch.path,
        title=f"区闻：{watch.name}",
        description=watch.description or f"与“{watch.name}”有关的文章，附全文。",
        watch=watch,
    )


def _of_source(source: Source) -> Selection:
    place = source.place.name
    return Selection(
        path=source.id,
        title=f"{place}：{source.name}" if place not in source.name else source.name,
        description=f"{source.name}（{source.place.province}{place}）的最新文章，附全文。",
        source=source,
    )


def _of_column(column: Column) -> Selection:
    source = column.source
    return Selection(
        path=f"{source.id}/{column.key}",
        title=f"{source.place.short} · {column.name}（{source.name}）",
        description=f"{source.name}“{column.name}”栏目的最新文章，附全文。",
        source=source,
        column=column,
    )


def window(newest: tuple[Head, ...]) -> tuple[Head, ...]:
    """The articles of a live feed, out of the newest ones.

    The days count from the newest article and not from today, so that the
    bytes of a feed do not depend on when it is written.
    """
    if not newest:
        return ()
    oldest = max(x.sort_at for x in newest) - RECENT
    return tuple(x for n, x in enumerate(newest[:MOST]) if n < NEWEST or x.sort_at >= oldest)


def newest_first(entries: Iterable[FeedEntry]) -> tuple[FeedEntry, ...]:
    """In order of publication, the newest first; of one instant by id."""
    by_id = sorted(entries, key=lambda x: x.id)
    return tuple(sorted(by_id, key=lambda x: x.published, reverse=True))


def that_fit(entries: Iterable[FeedEntry]) -> tuple[FeedEntry, ...]:
    """The first ones, as many as a feed may hold; at least one."""
    kept: list[FeedEntry] = []
    room = BYTES
    for entry in entries:
        room -= len(entry.html.encode())
        if kept and room < 0:
            break
        kept.append(entry)
    return tuple(kept)


def heading(
    names: Names,
    selection: Selection,
    *,
    updated: datetime = _EPOCH,
    count: int = 0,
    newest: datetime | None = None,
    prev_archive: str | None = None,
) -> FeedDocument:
    """The feed of a selection without entries. Title and description are never empty."""
    title = plain_title(selection.title) or selection.path
    return FeedDocument(
        base_url=names.base_url,
        path=selection.path,
        id=f"tag:{names.tag_authority}:feed/{selection.path}",
        title=title,
        description=" ".join(clean(selection.description).split()) or title,
        updated=updated,
        entries=(),
        hubs=names.hubs,
        count=count,
        newest=newest,
        prev_archive=prev_archive,
    )


class Headings(Mapping[str, FeedDocument]):
    """The headings of feeds by their paths, made when asked for: of most feeds nobody does."""

    def __init__(self, names: Names, chosen: Iterable[Selection]) -> None:
        self._names = names
        self._selections = {x.path: x for x in chosen}

    def __getitem__(self, path: str) -> FeedDocument:
        return heading(self._names, self._selections[path])

    def __iter__(self) -> Iterator[str]:
        return iter(self._selections)

    def __len__(self) -> int:
        return len(self._selections)


def in_batches(chosen: Iterable[Selection], most: int) -> Iterator[list[Selection]]:
    """The feeds of each division together, as they hold the same articles; those of none first.

    Small divisions come several at a time: *most* feeds or so.
    """
    waiting: list[Selection] = []
    for near in by_place(chosen):
        waiting += near
        if len(waiting) >= most:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def in_turn(paths: Iterable[str], last: str, most: int | None) -> list[str]:
    """So many of the paths (None: all), in order, from the one after *last* on, and round again."""
    ordered = sorted(paths)
    start = bisect_right(ordered, last)
    return (ordered[start:] + ordered[:start])[:most]


def live_document(
    heading: FeedDocument, entries: Iterable[FeedEntry], tombstones: Iterable[Tombstone] = ()
) -> FeedDocument | None:
    """The feed as of now; None where there is nothing in it yet."""
    ordered = that_fit(newest_first(entries))
    if not ordered:
        return None
    return replace(
        heading,
        entries=ordered,
        tombstones=(stones := tuple(tombstones)),
        updated=max((*(x.updated for x in ordered), *(x.when for x in stones))),
        count=len(ordered),
        newest=ordered[0].published,
    )


def paths_of(article: Article) -> Iterator[str]:
    """The feeds that an article stands in by what it says itself."""
    yield "all"
    if article.meetings:
        yield "meetings"
    if article.source:
        yield article.source
        yield f"{article.source}/{article.column}"
