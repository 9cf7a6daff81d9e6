"""Publishing: feeds, pages and lists, written as files that any web server can serve."""

from pipeline.publish.announce import Listeners
from pipeline.publish.document import Category, FeedDocument, FeedEntry, FeedFile
from pipeline.publish.finding import SearchFeeds
from pipeline.publish.jsonfeed import render_json
from pipeline.publish.opml import Outline, render_opml
from pipeline.publish.publisher import PublishReport, is_behind, publish
from pipeline.publish.remote import Mirrored, Remote
from pipeline.publish.watches import Watch, WatchFile, load_watches, read_watches
from pipeline.publish.xmlfeeds import render_atom, render_rss

__all__ = [
    "Category",
    "FeedDocument",
    "FeedEntry",
    "FeedFile",
    "Listeners",
    "Mirrored",
    "Outline",
    "PublishReport",
    "Remote",
    "SearchFeeds",
    "Watch",
    "WatchFile",
    "is_behind",
    "load_watches",
    "publish",
    "read_watches",
    "render_atom",
    "render_json",
    "render_opml",
    "render_rss",
]
