"""Every folder of tests/pages: what is read of the page, field by field."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.decode import decode
from pipeline.extract import extract_page
from pipeline.extract.families import FAMILIES

PAGES = Path(__file__).resolve().parents[1] / "pages"
CASES = sorted(x.parent for x in PAGES.glob("*/*/page.html"))


def read(case: Path) -> dict[str, Any]:
    capture = json.loads((case / "capture.json").read_text("utf-8"))
    page = extract_page(
        decode((case / "page.html").read_bytes()).text,
        url=capture["url"],
        expect=capture.get("expect"),
    )
    return {
        "kind": page.kind,
        "family": page.family,
        "title": page.title,
        "published": page.published.iso() if page.published else None,
        "published_from": page.published_from,
        "origin": page.origin,
        "author": page.author,
        "paragraphs": list(page.paragraphs),
        "attachments": [x.url for x in page.attachments],
        "images": [x.url for x in page.images],
        "fields": [list(x) for x in page.fields],
        "items": [
            {
                "title": x.title,
                "url": x.url,
                "published": x.published.iso() if x.published else None,
            }
            for x in page.items
        ],
        "next_url": page.next_url,
        "next_by_script": page.next_by_script,
        "more_urls": list(page.more_urls),
        "problems": list(page.problems),
    }


def expected_fields() -> list[tuple[Path, str]]:
    return [
        (case, field)
        for case in CASES
        for field in json.loads((case / "expected.json").read_text("utf-8"))
    ]


@pytest.mark.parametrize(
    ("case", "field"),
    expected_fields(),
    ids=lambda x: x if isinstance(x, str) else f"{x.parent.name}/{x.name}",
)
def test_page_reads_as_expected(case, field):
    """Real forms of the families, in our own words."""
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    assert expected[field] == read(case)[field]


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_family_has_two_list_pages_and_three_articles(family):
    """A family that nobody wrote pages of is not supported. WeChat has no lists."""
    expected = [
        json.loads((case / "expected.json").read_text("utf-8"))
        for case in CASES
        if case.parent.name == family
    ]
    kinds = [x["kind"] for x in expected]
    assert 3 <= kinds.count("article")
    if family != "wechat":
        assert 2 <= sum(bool(x.get("items")) for x in expected)
        assert any(x.get("next_url") for x in expected)


@pytest.mark.parametrize("case", CASES, ids=lambda x: f"{x.parent.name}/{x.name}")
def test_family_is_settled_by_address_and_marks(case):
    """``family = "auto"`` takes no family's page for another's."""
    assert (
        json.loads((case / "expected.json").read_text("utf-8")).get("family", case.parent.name)
        == case.parent.name
    )
