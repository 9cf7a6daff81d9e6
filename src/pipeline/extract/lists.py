"""The items of a list page."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date

from lxml.html import HtmlElement

from pipeline.extract.dates import has_day, short_day
from pipeline.extract.items import (
    Line,
    address_of,
    day_of,
    item_of,
    line_of,
    short_days_settled,
    text_beside,
    title_of,
)
from pipeline.extract.tree import ancestors, named_like, tag_of
from pipeline.records import ListItem, Published

_is_frame = named_like(
    r"\bnav\b|menu|crumb|footer|foot\b|pagination|\bpager?\b|friend|yqlj|header\b|topbar"
)
_DIGITS = re.compile(r"\d+")

Select = Callable[[HtmlElement, str], list[HtmlElement]]


def items(root: HtmlElement, base: str, today: date | None = None) -> tuple[ListItem, ...]:
    """The page's main list: the group of like-placed links that looks most like news.

    Links are grouped by the path of tags and classes above them; a group counts
    by its number of items, their length, and whether they carry days. *today*
    settles the years of days that stand without one.
    """
    return as_items(best_group(root, base)[1], base, today)


def best_group(root: HtmlElement, base: str) -> tuple[float, list[Line]]:
    """The group that looks most like news, with its points: 0 for none."""
    groups: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    known: dict[HtmlElement, bool] = {}
    for link in root.iter("a"):
        if not _in_furniture(link, known) and (line := line_of(link, base)) is not None:
            groups[_signature(link)].append(line)
    best: list[Line] = []
    best_score = 0.0
    for group in _merged(groups):
        distinct = {x.url for x in group}
        dated = sum(x.is_dated for x in group)
        length = sum(min(len(x.title), 40) for x in group)
        score = length * (1 + 3 * dated / len(group)) if len(distinct) > 1 or dated else 0.0
        if score > best_score:
            best, best_score = group, score
    return best_score, _without_words(best)


_WORD = 8  # characters that names of columns have at most


def _without_words(group: list[Line]) -> list[Line]:
    """The group without the crumbs and menus that stand in the same element as dated rows."""
    if 2 * sum(x.is_dated for x in group) < len(group):
        dated = [x for x in group if x.is_dated]
        words = [x for x in group if not x.is_dated and len(x.title) <= _WORD]
        return dated if len(dated) >= 3 and len(dated) + len(words) == len(group) else group
    return [x for x in group if x.is_dated or len(x.title) > _WORD]


def _merged(groups: dict[tuple[str, ...], list[Line]]) -> list[list[Line]]:
    """The groups, with those joined that are columns of one list.

    Such columns have the same tags, the same form of addresses, and days.
    """
    joined: dict[object, list[Line]] = {}
    for path, group in groups.items():
        tags = tuple(x.partition(".")[0] for x in path)
        dated = all(x.is_dated for x in group)
        forms = frozenset(_DIGITS.sub("0", x.url) for x in group) if dated else ()
        key = (tags, forms) if len(forms) == 1 else path
        joined.setdefault(key, []).extend(group)
    return list(joined.values())


def selected_items(
    rows: Sequence[HtmlElement],
    base: str,
    *,
    select: Select | None = None,
    link: str | None = None,
    day: str | None = None,
    today: date | None = None,
) -> tuple[ListItem, ...]:
    """Items of *rows*; with *select*, the selectors *link* and *day* say where in a row."""
    found = []
    for row in rows:
        own = select(row, link)[:1] if select and link else []
        links = own or ([row] if tag_of(row) == "a" else list(row.iter("a")))
        titled = [(x, title_of(x), address_of(x, base)) for x in links]
        best = max((x for x in titled if x[1] and x[2]), key=lambda x: len(x[1]), default=None)
        if best is None or best[2] is None:
            continue
        if select and day:
            beside = " ".join(x.text_content() for x in select(row, day))
        else:
            beside = text_beside(best[0], row)
        own, title, url = best[0], best[1], best[2]
        found.append(Line(link=own, title=title, url=url, beside=beside, is_dated=has_day(beside)))
    return as_items(found, base, today)


def as_items(lines: Sequence[Line], base: str, today: date | None = None) -> tuple[ListItem, ...]:
    """The items of a group of links, each address once."""
    days: list[Published | None] = [day_of(x) for x in lines]
    if today is not None and not any(days):
        days = short_days_settled([short_day(x.beside) for x in lines], today) or days
    found: dict[str, ListItem] = {}
    for line, day in zip(lines, days, strict=True):
        old = found.get(line.url)
        if old is None or len(old.title) < len(line.title):
            found[line.url] = item_of(line.title, line.url, day, base)
    return tuple(found.values())


def dated_share(found: tuple[ListItem, ...]) -> float:
    """Share of the items that carry a day."""
    return sum(x.published is not None for x in found) / len(found) if found else 0.0


def _signature(link: HtmlElement) -> tuple[str, ...]:
    path: list[str] = []
    for element in ancestors(link):
        tag = tag_of(element)
        path.append(
            tag if tag in {"li", "tr", "td", "span"} else f"{tag}.{element.get('class') or ''}"
        )
        if len(path) == 5:
            break
    return tuple(path)


def _in_furniture(link: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    """Whether one of the eight elements above is named like a page's frame; *known* are those seen."""
    for number, element in enumerate(ancestors(link)):
        if element not in known:
            known[element] = _is_frame(element) or element.tag in {"nav", "footer", "header"}
        if known[element]:
            return True
        if number > 6:
            return False
    return False
