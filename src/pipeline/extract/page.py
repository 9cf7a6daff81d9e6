"""What a page says, as strings as published."""

from dataclasses import dataclass

from pipeline.records import Attachment, Image, ListItem, PageKind, Published


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """The strings found in one page; nothing in them is repaired yet.

    ``published_from`` says where the date stood (visible, meta, script, address).
    ``fields`` are the label and value pairs of an open-government table.
    ``bylines`` are lines around the text that may name who wrote and edited it.
    ``next_url`` is a list's next page (``next_by_script``: a script of the page asks for it),
    ``more_urls`` the further pages of a story.
    ``explain`` tells line by line how each field was found.
    """

    kind: PageKind
    family: str = "generic"
    title: str = ""
    published: Published | None = None
    published_from: str = ""
    origin: str | None = None
    author: str | None = None
    paragraphs: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    images: tuple[Image, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    bylines: tuple[str, ...] = ()
    items: tuple[ListItem, ...] = ()
    next_url: str | None = None
    next_by_script: bool = False
    more_urls: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    explain: tuple[str, ...] = ()
