"""The registry of feed formats: one line each."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipeline.publish.document import FILES, FeedDocument, Form
from pipeline.publish.files import Tree
from pipeline.publish.jsonfeed import render_json
from pipeline.publish.xmlfeeds import render_atom, render_rss


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A feed format: its name, and how a document becomes bytes."""

    form: Form
    render: Callable[[FeedDocument], bytes]

    @property
    def file(self) -> str:
        """The name of its file in a feed's folder."""
        return FILES[self.form]


FORMATS = (
    Format(form="rss", render=render_rss),
    Format(form="atom", render=render_atom),
    Format(form="json", render=render_json),
)

ARCHIVED = tuple(x for x in FORMATS if x.form != "json")
"""The formats that history is kept in: RFC 5005 knows links in XML only."""


def write_forms(
    tree: Tree, feed: FeedDocument, formats: Iterable[Format] = FORMATS
) -> tuple[tuple[str, str], ...]:
    """Write a feed in each of the formats; names of the files, and 16 digits of their bytes."""
    files = []
    for x in formats:
        name, data = f"{feed.path}/{x.file}", x.render(feed)
        tree.write(name, data, updated=feed.updated)
        files.append((name, hashlib.sha256(data).hexdigest()[:16]))
    return tuple(files)
