"""Feeds of what is searched for: ``search/rss.xml?q=河堤``, made when they are asked for.

Only a server that has the store can give them out. Ids are those of the published feeds,
so that a reader knows an article again.
"""

from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import quote

from pipeline.publish.content import Names
from pipeline.publish.document import FILES, FeedDocument, clean, plain_title
from pipeline.publish.entries import Entries, sound
from pipeline.publish.feeds import NEWEST, Selection, heading, live_document
from pipeline.publish.formats import FORMATS
from pipeline.store import Store

FOLDER = "search"
_MOST_CHARS = 200


class Finder(Protocol):
    """What a server asks for feeds of searches."""

    def find(self, query: str, *, source: str | None = None) -> FeedDocument:
        """The feed of what contains all words of *query*. Raises `PipelineError`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFeeds:
    """Makes feeds of searches in a store. Safe to share between threads."""

    store: Store
    names: Names

    def find(self, query: str, *, source: str | None = None) -> FeedDocument:
        """The newest 50 articles that contain all words of *query*, of one *source* if given.

        A feed of nothing is older than all others. Raises StoreError.
        """
        words = " ".join(clean(query)[:_MOST_CHARS].split())
        address = f"?q={quote(words, safe='')}" + (f"&source={quote(source)}" if source else "")
        site = self.names.sources.get(source or "")
        scope = f"，限{site.name}" if site else ""
        selection = Selection(
            path=FOLDER,
            title=f"搜索：{plain_title(words)}",
            description=f"含有“{words}”的文章{scope}，附全文。",
        )
        head = replace(
            heading(self.names, selection),
            id=f"tag:{self.names.tag_authority}:feed/{FOLDER}{address}",
            query=address,
        )
        hits = self.store.search(
            words, sources=None if source is None else [source], limit=NEWEST, by_date=True
        )
        made = Entries(self.store, self.names)
        found = {x.entry.article.id: x.entry for x in hits}
        entries, _ = sound(made.of(x) for x in found.values() if not x.is_told(found))
        return live_document(head, entries) or head


def render(feed: FeedDocument, file: str) -> bytes:
    """The feed in the format whose file has that name. Raises `PublishError`."""
    form = next(x for x in FORMATS if FILES[x.form] == file)
    return form.render(feed)
