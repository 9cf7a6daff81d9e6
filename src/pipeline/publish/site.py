"""The pages for people around the articles, written in Chinese, its editions and English."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from pipeline.publish.about import MOST, About, about
from pipeline.publish.calendar import Calendar, calendar_of, first_day
from pipeline.publish.content import Names, people
from pipeline.publish.document import FeedDocument, FeedEntry, web_address
from pipeline.publish.files import Tree
from pipeline.publish.frames import PageLanguage, english, frame
from pipeline.publish.front import front_page, front_view, meeting_line
from pipeline.publish.html import files, render, render_page
from pipeline.publish.kept import kept
from pipeline.publish.marks import Marks
from pipeline.publish.status import NAME, status_lines, status_page
from pipeline.records import CHINA, Source, TextKind
from pipeline.sources import Catalogue
from pipeline.store import SourceCounts, SourceStatus, Store, Subject

ASSETS = ("copy.js", "feed.css", "icon.svg", "search.js", "site.css")

_MEETINGS = 8  # lines in the list of a district
_KINDS: dict[TextKind, str] = {
    "story": "动态",
    "meeting": "会议报道",
    "minutes": "会议纪要",
    "notice": "通知公告",
    "rundown": "要闻集纳",
    "digest": "文摘",
    "index": "目录",
    "transcript": "实录",
    "form": "表单",
    "headline": "仅标题",
}


_LISTS = {
    "topic": ("主题", "按词语归类的文章，附各地会议上的相关议题。"),
    "person": ("人物", "会议报道里多次出现的人。每人一页，可以订阅。"),
    "body": ("会议机构", "召开会议的机构：历次会议、主持人与议题数。"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """What the page of a site has besides its feed. ``parents`` are paths and names."""

    parents: tuple[tuple[str, str], ...]
    site: str | None
    calendar: Calendar | None
    columns: tuple[tuple[FeedDocument, str], ...]
    meetings: tuple[dict[str, Any], ...]


class Site:
    """Writes the pages of *store* into *tree*. *feeds* grows while feeds are written.

    *subjects* are those that have a feed, by its path; *marks* tell which pages stay as they are,
    *looked_at* which feeds' pages are looked for, to be written anew where one is missing.
    """

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        names: Names,
        tree: Tree,
        feeds: Mapping[str, FeedDocument],
        subjects: Mapping[str, Subject],
        marks: Marks,
        looked_at: Collection[str],
    ) -> None:
        self._looked_at = looked_at
        self._store = store
        self._catalogue = catalogue
        self._names = names
        self._tree = tree
        self._feeds = feeds
        self._subjects = subjects
        self._marks = marks

    def _write(
        self,
        name: str,
        page: Callable[[PageLanguage], bytes],
        *,
        updated: datetime | None = None,
        named: Collection[str] = (),
    ) -> None:
        self._tree.write_page(name, page("zh"), updated=updated, people=tuple(named))
        self._tree.write(english(name), page("en"), updated=updated)

    def keep_feed(self, path: str) -> bool:
        """Keep the pages of a feed as they are; False, and nothing is kept, where one is missing."""
        return self._keep(f"{path}/index.html", is_there=path not in self._looked_at)

    def _keep(self, name: str, *, is_there: bool = False) -> bool:
        if is_there:
            self._tree.keep_page(name, is_there=True)
        elif not self._tree.holds(english(name)) or not self._tree.keep_page(name):
            return False
        self._tree.keep(english(name))
        return True

    def _write_anew(self, name: str, values: object, page: Callable[[PageLanguage], bytes]) -> None:
        """Write a page where the *values* that it shows are others than before, or it is missing."""
        if not self._marks.is_same(name, values) or not self._keep(name):
            self._write(name, page)

    def write_feed(self, feed: FeedDocument) -> None:
        """Write the page of a feed: exactly the entries that it holds, and what belongs to them."""
        name = f"{feed.path}/index.html"
        district, told = self._district(feed), self._about(feed)

        def page(language: PageLanguage) -> bytes:
            where = frame(name, language)
            lines = [_line(x, where["root"] + _local(feed, x), language) for x in feed.entries]
            return render_page(
                "feed.html",
                language=language,
                **where,
                feed=feed,
                lines=lines,
                district=district,
                about=told,
            )

        named = dict.fromkeys(y for x in feed.entries for y in x.people)
        self._write(name, page, updated=feed.updated, named=named)

    def _about(self, feed: FeedDocument) -> About | None:
        subject = self._subjects.get(feed.path)
        if subject is None:
            return None
        found = self._store.entries(subject=(subject.kind, subject.key), limit=MOST, copies=False)
        return about(subject, found, self._names, self._store.topics)

    def write_subjects(self) -> None:
        """Write the lists of topics, bodies and persons that have a page."""
        for kind, (title, text) in _LISTS.items():
            groups = self._groups(kind)
            if groups:
                name = f"{kind}/index.html"
                values = {"title": title, "text": text, "groups": groups}
                self._write_anew(name, values, partial(_subjects_page, name, values))

    def _groups(self, kind: str) -> list[tuple[str, list[tuple[str, str]]]]:
        """Paths and names by division, in the order of codes."""
        places = {x.place.code: x.place.name for x in self._names.sources.values()}
        found: dict[str, list[tuple[str, str]]] = {}
        for path, x in self._subjects.items():
            if x.kind == kind and path in self._feeds:
                found.setdefault(x.place, []).append((path, x.name))
        return [(places.get(code, ""), sorted(found[code])) for code in sorted(found)]

    def _district(self, feed: FeedDocument) -> District | None:
        """What belongs to a site or a column beside its articles; None for other feeds."""
        source_id, _, key = feed.path.partition("/")
        source = self._names.sources.get(source_id)
        if source is None:
            return None
        if key:
            parents = ((f"{source.id}/", f"{source.place.name} · {source.name}"),)
            return District(parents=parents, site=None, calendar=None, columns=(), meetings=())
        columns = (
            (self._feeds.get(f"{source.id}/{x.key}"), x.name)
            for x in self._catalogue.columns_of(source.id)
        )
        held = self._store.entries(source=source.id, meetings_only=True, limit=_MEETINGS)
        return District(
            parents=(("", source.place.province),),
            site=web_address(source.base),
            calendar=self._calendar(source, feed),
            columns=tuple((x, name) for x, name in columns if x is not None),
            meetings=tuple(meeting_line(self._names, x) for x in held),
        )

    def _calendar(self, source: Source, feed: FeedDocument) -> Calendar | None:
        """The year up to the newest article: bytes know no clock."""
        last = (feed.newest or feed.updated).astimezone(CHINA).date()
        counts = self._store.days(source.id, since=first_day(last))
        return calendar_of(counts, last) if counts else None

    def write_front(
        self,
        counts: Collection[SourceCounts],
        status: Iterable[SourceStatus],
        updated: datetime | None,
    ) -> None:
        """Write the front page."""
        view = front_view(
            self._store, self._catalogue, self._names, self._feeds, self._subjects, counts, status
        )
        named = self._newest_people()
        self._write("index.html", lambda x: front_page(view, x), updated=updated, named=named)

    def _newest_people(self) -> tuple[str, ...]:
        """Who is named in what the front page shows; of no use without editions."""
        if not self._tree.editions:
            return ()
        shown = (*self._store.entries(), *self._store.entries(meetings_only=True))
        return tuple(dict.fromkeys(name for x in shown for name in people(x.article)))

    def write_status(self, status: Iterable[SourceStatus], updated: datetime | None) -> None:
        """Write how the sources fare."""
        lines = status_lines(self._store, self._catalogue, status, self._feeds)
        self._write(NAME, lambda x: status_page(lines, self._catalogue, x), updated=updated)

    def write_rest(self) -> None:
        """Write the page to search on, style sheets and scripts."""
        topics = [(x.key, x.name) for x in self._store.topics]
        found = [x for x in self._names.sources.values() if x.id in self._feeds]
        values = (topics, [x.id for x in found])
        self._write_anew("search/index.html", values, partial(search_page, found, topics))
        for name in ASSETS:
            self._tree.write(name, files()[name])


@kept()
def _line(entry: FeedEntry, link: str, language: PageLanguage) -> str:
    """An entry in the list of a page, as it stands on every page of that depth."""
    if language == "en" and "#" not in link:
        link += "#en"
    return render("item.html", entry=entry, link=link, language=language)


def _local(feed: FeedDocument, entry: FeedEntry) -> str:
    """Our page of an entry, from the root of the tree; it works without a server too."""
    own = entry.url if entry.url.startswith(feed.base_url) else entry.page or entry.url
    path, mark, fragment = own.removeprefix(feed.base_url).partition("#")
    return f"{path}index.html{mark}{fragment}"


def _subjects_page(name: str, values: Mapping[str, Any], language: PageLanguage) -> bytes:
    return render_page("subjects.html", language=language, **frame(name, language), **values)


def search_page(
    sources: Iterable[Source], topics: Iterable[tuple[str, str]], language: PageLanguage
) -> bytes:
    """The page to search on; *sources* are those that something is published of.

    *topics* are keys and names.
    """
    found: dict[str, dict[str, list[Source]]] = {}
    for x in sources:
        found.setdefault(x.place.province, {}).setdefault(x.place.code, []).append(x)
    provinces = [
        (province, [(k, v[0].place.name, [x.id for x in v]) for k, v in places.items()])
        for province, places in found.items()
    ]
    return render_page(
        "search.html",
        language=language,
        **frame("search/index.html", language),
        provinces=provinces,
        kinds=list(_KINDS.items()),
        topics=list(topics),
    )
