"""The sample's mirror and its site, read as they are served: each story is one."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from flows.demo.sites import SITES, SOURCES
from pipeline.interpret import interpret
from pipeline.records import Capture
from pipeline.sources import load_catalogue
from pipeline.store import Store

NOW = datetime(2026, 11, 25, tzinfo=UTC)
SITE, MIRROR = "demo-dongze", "demo-dongze-mirror"


def test_every_copy_of_the_mirror_is_joined_to_its_original_and_nothing_else(tmp_path: Path):
    """Mangled, damaged and dated a day later as they are; the mirror is never first."""
    catalogue = load_catalogue(SOURCES, shipped=False)
    with Store.open(f"sqlite:///{tmp_path / 'q.db'}", sources=catalogue.sources) as store:
        for site in sorted(
            SITES, key=lambda x: x.source, reverse=True
        ):  # the mirror before its site
            column = catalogue.columns_of(site.source)[0]
            for url in site.articles:
                page = site.pages[urlsplit(url).path]
                capture = Capture(
                    url=url,
                    requested_url=url,
                    status=page.status,
                    headers=(("content-type", page.content_type),),
                    body=page.body,
                    fetched_at=NOW,
                )
                article = interpret(capture, column)
                if article.kind == "article":
                    store.learn(article, capture_id=None, seen_at=NOW, interpreter=1)
        entries = store.entries(limit=1000)
    copies = [x for x in entries if x.article.source == MIRROR]
    assert len(copies) >= 12
    for entry in copies:
        (first,) = entry.also_at
        assert (SITE, True) == (first.source, first.is_first)
        assert urlsplit(first.url).path == urlsplit(entry.article.url).path
    others = [x for x in entries if x.article.source not in (SITE, MIRROR)]
    assert [] == [x.article.url for x in others if x.also_at]
