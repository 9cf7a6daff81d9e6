"""The lists of all feeds: for programs, and in groups for readers to import."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from pipeline.publish.document import FeedDocument
from pipeline.publish.editions import converted
from pipeline.publish.feeds import Selection
from pipeline.publish.files import Tree
from pipeline.publish.marks import Marks
from pipeline.publish.opml import Outline, render_opml
from pipeline.publish.pages import feeds_json
from pipeline.store import SubjectKind


def write_lists(
    tree: Tree,
    marks: Marks,
    chosen: Iterable[Selection],
    feeds: Mapping[str, FeedDocument],
    alarms: FeedDocument | None,
    newest: datetime | None,
) -> None:
    """Write ``feeds.json`` and ``feeds.opml``, in every edition; *alarms* stand in both."""
    wanted = tuple(chosen)
    for edition in (None, *tree.editions):
        folder = f"{edition.tag}/" if edition else ""
        theirs = {k: edition.heading(x) for k, x in feeds.items()} if edition else feeds
        own = edition.heading(alarms) if alarms and edition else alarms
        listed = [*theirs.values(), *filter(None, (own,))]
        tree.write(f"{folder}feeds.json", feeds_json(listed), updated=newest)
        name = f"{folder}feeds.opml"
        if marks.is_same(name, [(x.path, x.title) for x in listed]) and tree.holds(name):
            tree.keep(name)
            continue
        groups = outlines(wanted, theirs)
        if edition:
            groups = tuple(renamed(x, converted(edition.tag, ())) for x in groups)
        if own is not None:
            groups = (*groups, Outline(text="运行" if not edition else "運行", feeds=(own,)))
        title = "区闻" if not edition else "區聞"
        tree.write(name, render_opml(title, groups), updated=newest)


def renamed(outline: Outline, words: Callable[[str], str]) -> Outline:
    """The group with its names and those of its subgroups put into other *words*."""
    groups = tuple(renamed(x, words) for x in outline.groups)
    return replace(outline, text=words(outline.text), groups=groups)


_KINDS: dict[SubjectKind, str] = {"topic": "主题", "body": "会议机构", "person": "人物"}


def outlines(chosen: Iterable[Selection], feeds: Mapping[str, FeedDocument]) -> tuple[Outline, ...]:
    """The feeds as groups: those over all districts, province by province, then by subjects."""
    overview: list[FeedDocument] = []
    provinces: dict[str, dict[str, list[FeedDocument]]] = {}
    subjects: dict[SubjectKind, list[FeedDocument]] = {x: [] for x in _KINDS}
    for x in chosen:
        feed = feeds.get(x.path)
        if feed is None:
            continue
        if x.subject is not None:
            subjects[x.subject.kind].append(feed)
        elif x.source is None:
            overview.append(feed)
        else:
            places = provinces.setdefault(x.source.place.province, {})
            places.setdefault(x.source.place.name, []).append(feed)
    groups = [Outline(text="总览", feeds=tuple(overview))] if overview else []
    for province, places in provinces.items():
        inner = (Outline(text=name, feeds=tuple(found)) for name, found in places.items())
        groups.append(Outline(text=province, groups=tuple(inner)))
    groups += [Outline(text=_KINDS[k], feeds=tuple(x)) for k, x in subjects.items() if x]
    return tuple(groups)
