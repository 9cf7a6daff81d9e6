"""A list page read: its family's own way first, then what the layout names, then by what it looks like."""

import re
from datetime import date
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipeline.extract import answers, layouts, lists, paging, scripted
from pipeline.extract.family import Family, ListPage, NextPage
from pipeline.extract.media import absolute
from pipeline.extract.page import RawPage
from pipeline.records import Layout, ListItem

_MOSTLY = 0.5
_LIST_NAME = re.compile(r"list|news|info|main|right|content|lb", re.IGNORECASE)


def read_items(
    page: ListPage, family: Family, layout: Layout, today: date | None = None
) -> tuple[ListItem, ...]:
    """The items of a page. *today* settles the years of days that stand without one."""
    root = page.root
    if root is None:
        return ()
    if layout.item is not None:
        return lists.selected_items(
            layouts.select(root, layout.item),
            page.base,
            select=layouts.select,
            link=layout.link,
            day=layout.item_date,
            today=today,
        )
    own = family.items(page) if family.items is not None else ()
    if own:
        return own
    found = _by_look(root, page, today)
    # The shell of a list that a script fills shows no more than its menus
    is_shell = lists.dated_share(found) < _MOSTLY and _asks_script(page, family)
    return () if is_shell else found


def _asks_script(page: ListPage, family: Family) -> bool:
    further = family.next_page(page) if family.next_page is not None else None
    return further is not None and further.by_script


def _by_look(root: HtmlElement, page: ListPage, today: date | None) -> tuple[ListItem, ...]:
    """The list in the tree; the one in a script where that looks more like news."""
    score, group = lists.best_group(root, page.base)
    if group and sum(x.is_dated for x in group) / len(group) > _MOSTLY:
        return lists.as_items(group, page.base, today)
    own_score, own = scripted.best_group(page.html, page.base)
    if own_score > score:
        return lists.as_items(own, page.base, today)
    objects = scripted.objects(page.html, page.base)
    dated = sum(x.published is not None for x in objects)
    if (
        objects
        and sum(min(len(x.title), 40) for x in objects) * (1 + 2 * dated / len(objects)) > score
    ):
        return objects
    return lists.as_items(group, page.base, today)


def where_next(page: ListPage, family: Family, layout: Layout) -> NextPage | None:
    """The next page: what the layout names, the family's own way, a pager of any form."""
    if layout.next_page is not None and page.root is not None:
        for element in layouts.select(page.root, layout.next_page)[:1]:
            url = absolute(page.base, element.get("href") or "")
            return NextPage(url=url) if url is not None and url != page.url else None
        return None
    own = family.next_page(page) if family.next_page is not None else None
    return own or paging.next_page(page) or _frame(page, family, layout)


def _frame(page: ListPage, family: Family, layout: Layout) -> NextPage | None:
    """The frame that holds the list, where the page itself has none: the browser asks for it."""
    if page.root is None:
        return None
    urls = [
        url
        for x in page.root.iter("iframe", "frame")
        if (url := absolute(page.base, x.get("src") or "")) is not None
        and urlsplit(url).netloc == urlsplit(page.url).netloc
        and url != page.url
    ]
    # By name where one says so; else the first is as good as any
    urls.sort(key=lambda x: _LIST_NAME.search(urlsplit(x).path) is None)
    if not urls or lists.dated_share(read_items(page, family, layout)) > 0:
        return None
    return NextPage(url=urls[0], by_script=True)


def read_answer(page: ListPage, family: Family) -> RawPage:
    """The answer to a script's request. Raises `ExtractError` for one that is cut off.

    An answer without items ends the list, unless it says that something went wrong.
    """
    found = family.items(page) if family.items is not None else ()
    refusal, further = "", None
    if found:
        further = family.next_page(page) if family.next_page is not None else None
    elif not page.html.lstrip("\ufeff \t\r\n").startswith("<"):
        answer = answers.read_answer(page.html, page.base)
        found, refusal = answer.items, answer.refusal
        further = answers.next_answer(page.url, answer)
    explain = (f"family: {family.name}", f"items: {len(found)} in the answer to a script")
    if refusal:
        return RawPage(kind="other", family=family.name, explain=explain, problems=(refusal,))
    return RawPage(
        kind="list",
        family=family.name,
        items=found,
        next_url=further.url if further else None,
        next_by_script=further is not None and further.by_script,
        explain=explain,
    )
