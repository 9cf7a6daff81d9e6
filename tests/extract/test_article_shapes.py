"""Articles in pages that no family describes: found by how articles stand in pages."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from article_shapes import SHAPES

from pipeline.extract import extract_page


@pytest.mark.parametrize("name", SHAPES)
def test_article_is_read_in_any_shape(name):
    """The shape's ``rule`` says what holds."""
    shape = SHAPES[name]
    page = extract_page(shape.page, url=shape.url)
    assert (shape.kind, shape.rule) == (page.kind, shape.rule)
    if shape.title is not None:
        assert "".join(shape.title.split()) == "".join(page.title.split())
    if shape.published is not None:
        assert page.published is not None
        assert shape.published == page.published.iso()
    if shape.origin is not None:
        assert shape.origin == page.origin
    if shape.paragraphs is not None:
        assert shape.paragraphs == page.paragraphs
    if shape.images is not None:
        assert shape.images == len(page.images)
    if shape.attachments is not None:
        assert shape.attachments == len(page.attachments)
    if shape.problem is not None:
        assert any(shape.problem in x for x in page.problems)
