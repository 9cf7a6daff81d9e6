"""Articles in pages put together at random from the parts that sites use."""

import sys
from pathlib import Path
from zlib import crc32

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from mixed_pages import PARTS, mixed

from pipeline.extract import extract_page

PAGES = 8
"""Pages in which each part is tried, with whatever other parts."""

CASES = [(kind, name) for kind, names in PARTS.items() for name in sorted(names)]


@pytest.mark.parametrize(("kind", "name"), CASES, ids=["-".join(x) for x in CASES])
def test_part_is_understood_among_any_others(kind, name):
    """Title, day and minute, origin and each paragraph, and nothing of what stands around."""
    for number in range(PAGES):
        made = mixed(crc32(f"{kind} {name} {number}".encode()), **{kind: name})
        story = made.story
        page = extract_page(made.html, url=made.url)
        told = page.published.iso()[:16] if page.published else None
        assert (
            "article",
            "".join(story.title.split()),
            story.published[:16],
            story.origin,
            story.texts,
        ) == (
            page.kind,
            "".join(page.title.split()),
            told,
            page.origin,
            page.paragraphs,
        ), dict(made.parts)
