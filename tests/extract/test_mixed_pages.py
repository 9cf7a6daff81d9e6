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


@pytest.mark.parametrize(
    ("seed", "rule"),
    [
        (7000394, "the value of 来源： in a cell of its own is no title"),
        (7002570, "nor is it where a subtitle stands below the title"),
        (7002552, "a telephone number is no title"),
        (7004945, "nor is it in a column of its own"),
    ],
)
def test_title_is_neither_value_nor_number(seed, rule):
    """Short titles that nothing marks stand beside what looks more like one."""
    made = mixed(seed)
    assert made.story.title == extract_page(made.html, url=made.url).title, rule


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
