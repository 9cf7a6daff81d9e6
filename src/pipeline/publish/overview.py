"""The feeds as groups, as lists of subscriptions show them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from pipeline.publish.document import FeedDocument
from pipeline.publish.feeds import Selection
from pipeline.publish.opml import Outline


def renamed(outline: Outline, words: Callable[[str], str]) -> Outline:
    """The group with its names and those of its subgroups put into other *words*."""
    groups = tuple(renamed(x, words) for x in outline.groups)
    return replace(outline, text=words(outline.text), groups=groups)


def outlines(chosen: Iterable[Selection], feeds: Mapping[str, FeedDocument]) -> tuple[Outline, ...]:
    """The feeds as groups: those over all districts, then province by province."""
    overview: list[FeedDocument] = []
    provinces: dict[str, dict[str, list[FeedDocument]]] = {}
    for x in chosen:
        feed = feeds.get(x.path)
        if feed is not None and x.source is None:
            overview.append(feed)
        elif feed is not None and x.source is not None:
            places = provinces.setdefault(x.source.place.province, {})
            places.setdefault(x.source.place.name, []).append(feed)
    groups = [Outline(text="总览", feeds=tuple(overview))] if overview else []
    for province, places in provinces.items():
        inner = (Outline(text=name, feeds=tuple(found)) for name, found in places.items())
        groups.append(Outline(text=province, groups=tuple(inner)))
    return tuple(groups)
