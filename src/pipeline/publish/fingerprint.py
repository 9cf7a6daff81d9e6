"""Everything besides articles that goes into what is published, in 16 digits."""

import hashlib

from pipeline.publish.content import Names
from pipeline.publish.files import Tree
from pipeline.publish.html import files

RENDERER = 2
"""Raise it when pages of articles come out differently, so that all of them are written anew."""

FEED_RENDERER = 1
"""Raise it when feeds come out differently, so that all of them are written anew."""


def fingerprint(names: Names, tree: Tree) -> str:
    """16 digits that change when pages of articles would come out differently."""
    tags = [x.tag for x in tree.editions]
    digest = hashlib.sha256(
        repr((RENDERER, names.base_url, names.tag_authority, tags, tree.packs)).encode()
    )
    for source in names.sources.values():
        digest.update(repr((source.id, source.name, source.place)).encode())
    for column in names.columns.values():
        digest.update(repr((column.source.id, column.key, column.name)).encode())
    for name, data in files().items():
        if name.endswith(".html"):
            digest.update(data)
    return digest.hexdigest()[:16]


def of_feeds(names: Names, pages: str) -> str:
    """The same for feeds; *pages* is the fingerprint of pages."""
    return hashlib.sha256(repr((FEED_RENDERER, names.hubs, pages)).encode()).hexdigest()[:16]
