"""The registry of feed formats: one line each."""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.publish.document import FILES, FeedDocument, Form
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
