"""A content-management family as a value, and what its own functions look at."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipeline.records import ListItem


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A list page, or the answer to a script's request (JSON, bare records).

    ``html`` is the text as decoded, ``url`` the final address, ``base`` what relative
    addresses resolve against. ``root`` is None for an answer that is no HTML.
    """

    html: str
    url: str
    base: str
    root: HtmlElement | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPage:
    """Where the list goes on; ``by_script`` where the browser asks for it (script, frame), not a reader."""

    url: str
    by_script: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """How one CMS writes its pages. ``about`` says to operators what it is and how lists are read.

    ``address`` and ``page`` are what ``family = "auto"`` looks for, and marks in ``unless``
    speak against it; ``answer`` matches the addresses of its script requests. ``title``
    and ``body`` are ids (#x), classes (.x) and tag names to try in order before automatic
    detection. ``items`` and ``next_page`` are functions only
    where the family's lists are not plain HTML; an empty result means: try the general way.
    """

    name: str
    about: str
    address: re.Pattern[str] | None = None
    unless: tuple[str, ...] = ()
    page: tuple[str, ...] = ()
    answer: re.Pattern[str] | None = None
    title: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    items: Callable[[ListPage], tuple[ListItem, ...]] | None = None
    next_page: Callable[[ListPage], NextPage | None] | None = None
