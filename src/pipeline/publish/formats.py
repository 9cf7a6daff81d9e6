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
    """Write a feed in each of the formats and editions; names of the files, 16 digits of their bytes."""
    files = []
    wanted = tuple(formats)
    for version in (feed, *(x.feed(feed) for x in tree.editions)):
        for x in wanted:
            name, data = f"{version.path}/{x.file}", x.render(version)
            tree.write(name, data, updated=version.updated)
            files.append((name, hashlib.sha256(data).hexdigest()[:16]))
    return tuple(files)
