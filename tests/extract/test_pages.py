"""Every folder of tests/pages: what is read of the page, field by field."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.extract.families import FAMILIES
from pipeline.runs.record import read_fixture

PAGES = Path(__file__).resolve().parents[1] / "pages"
CASES = sorted(x.parent for x in PAGES.glob("*/*/page.html"))


def read(case: Path) -> dict[str, Any]:
    about = json.loads((case / "capture.json").read_text("utf-8"))
    return read_fixture((case / "page.html").read_bytes(), about)


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
