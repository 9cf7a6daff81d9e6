"""The feeds as groups, as lists of subscriptions show them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from pipeline.publish.document import FeedDocument
from pipeline.publish.feeds import Selection
from pipeline.publish.opml import Outline
from pipeline.store import SubjectKind


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
