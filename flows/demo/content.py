"""The sample's contents as values, read from one TOML file a site."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

FOLDER = Path(__file__).parent / "content"
PAGE_BREAK = "====="  # a body line that starts the next page of a story


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A meeting that a sample article reports: what a reader of the page would note down."""

    body: str
    kind: str
    held_on: date | None = None
    term: int | None = None
    seq: int | None = None
    year: int | None = None
    chair: str | None = None
    agenda: int | None = None  # matters reported, where they can be counted without doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosed:
    """A picture or file of an article: address as the page links it, and the file served."""

    href: str
    file: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article. ``published`` is China time; ``pub_date`` differs where the page was re-published."""

    path: str
    column: str
    title: str
    published: datetime
    body: str
    pub_date: datetime | None = None
    origin: str = ""
    author: str = ""
    editor: str = ""
    keywords: str = ""
    folded: bool = False  # the mirror's copy has its full-width marks folded
    damaged: bool = False  # the mirror's copy has lost bytes
    pinned: bool = False  # 置顶: stands first in its list, whatever its date
    word: bool = False  # pasted from a word processor: a span around each run of digits
    fields: tuple[tuple[str, str], ...] = ()
    images: tuple[Enclosed, ...] = ()
    attachments: tuple[Enclosed, ...] = ()
    meetings: tuple[Held, ...] = ()

    @property
    def pages(self) -> tuple[tuple[str, ...], ...]:
        """The paragraphs of each of the story's pages."""
        pages: list[list[str]] = [[]]
        for line in self.body.splitlines():
            if line.strip() == PAGE_BREAK:
                pages.append([])
            elif line.strip():
                pages[-1].append(line.strip())
        return tuple(tuple(x) for x in pages)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """All paragraphs, pages joined."""
        return tuple(x for page in self.pages for x in page)

    def page_path(self, index: int) -> str:
        """Address of page *index* (0 is the first): ``/a/1.html``, ``/a/1_2.html``."""
        stem, dot, suffix = self.path.rpartition(".")
        return self.path if index == 0 else f"{stem}_{index + 1}{dot}{suffix}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """A line of a list that leads to no article of the site."""

    column: str
    title: str
    url: str
    published: datetime
    role: Literal["external", "dead", "soft_404"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A list (栏目)."""

    key: str
    name: str
    path: str
    type: str = "工作动态"
    per_page: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """All that one site holds."""

    host: str
    name: str
    source: str
    template: Literal["trs", "hanweb", "plain"]
    encoding: str
    content_type: str
    site_id: str
    icp: str
    address: str
    phone: str
    columns: tuple[Section, ...]
    stories: tuple[Story, ...]
    odd: tuple[Odd, ...]

    def lines(self, column: str) -> tuple[Story | Odd, ...]:
        """The lines of a list: pinned ones, then newest first."""
        every: tuple[Story | Odd, ...] = (*self.stories, *self.odd)
        found = [x for x in every if x.column == column]
        return tuple(
            sorted(
                found,
                key=lambda x: (isinstance(x, Story) and x.pinned, x.published),
                reverse=True,
            )
        )


def load_contents(path: Path) -> Contents:
    """Return what one file describes. An unknown or missing name is a TypeError: the files are ours."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Contents(
        **data["site"],
        columns=tuple(Section(**x) for x in data["columns"]),
        stories=tuple(_story(x) for x in data["stories"]),
        odd=tuple(Odd(**x) for x in data.get("odd", ())),
    )


def _story(data: Mapping[str, Any]) -> Story:
    known = {x.name for x in fields(Story)}
    if unknown := data.keys() - known:
        raise TypeError(f"{data.get('path')}: unknown {sorted(unknown)}")
    values = dict(data)
    values["fields"] = tuple((k, v) for k, v in data.get("fields", {}).items())
    values["images"] = tuple(Enclosed(**x) for x in data.get("images", ()))
    values["attachments"] = tuple(Enclosed(**x) for x in data.get("attachments", ()))
    values["meetings"] = tuple(Held(**x) for x in data.get("meetings", ()))
    return Story(**values)
