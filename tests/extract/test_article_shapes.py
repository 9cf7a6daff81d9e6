"""Articles in pages that no family describes: found by how articles stand in pages."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import lxml.html
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


@pytest.mark.parametrize("name", ["detail-without-classes", "list-beside", "tables-for-layout"])
def test_page_is_parsed_once(name, monkeypatch):
    """Parsing takes a sixth of the time; each question asked of a tree of its own would double it."""
    parsed = []
    whole = lxml.html.document_fromstring
    monkeypatch.setattr(
        lxml.html,
        "document_fromstring",
        lambda *given, **named: parsed.append(1) or whole(*given, **named),
    )
    extract_page(SHAPES[name].page, url=SHAPES[name].url)
    assert 1 == len(parsed)
