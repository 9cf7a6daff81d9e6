"""Floors on real pages that lie beside the repository; they may only rise."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import score_pages

pytestmark = pytest.mark.skipif(
    not score_pages.PAGES.is_dir(), reason="the shared pages are not beside the repository"
)

FLOORS = {
    "title": 1.0,
    "published_day": 1.0,
    "published_minute": 1.0,
    "source": 1.0,
    "body_f1": 0.997,
    "body_head": 1.0,
    "body_tail": 1.0,
    "items_p": 1.0,
    "items_r": 0.99,
    "item_date": 1.0,
    "next": 1.0,
}


@pytest.fixture(scope="module")
def figures():
    return score_pages.score()


@pytest.mark.parametrize("figure", sorted(FLOORS))
def test_reading_of_real_pages_keeps_its_floor(figures, figure):
    """Measured by the scorer that came with the pages."""
    assert FLOORS[figure] <= figures[figure]


def test_no_article_is_made_of_other_pages(figures):
    """Lists, homes and error pages never become articles."""
    assert 0.0 == figures["false_article"]


WITHOUT = {
    ("metas",): {"title": 1.0, "published_day": 0.98, "source": 0.91, "body_f1": 0.997},
    ("names",): {"title": 1.0, "published_day": 1.0, "source": 0.97, "body_f1": 0.997},
    ("headings",): {"title": 1.0, "published_day": 1.0, "source": 1.0, "body_f1": 0.997},
    ("title",): {"title": 1.0, "published_day": 1.0, "source": 1.0, "body_f1": 0.997},
    ("metas", "names"): {"title": 1.0, "published_day": 0.98, "source": 0.88, "body_f1": 0.997},
    ("metas", "names", "headings", "title"): {
        "title": 0.9,
        "published_day": 0.98,
        "body_f1": 0.997,
    },
}


@pytest.mark.parametrize("without", sorted(WITHOUT), ids="+".join)
def test_reading_does_not_hang_on_one_kind_of_markup(without):
    """Pages of sites that nobody has seen lack one mark or the other."""
    figures = score_pages.score(without=without)
    floors = WITHOUT[without] | {"false_article": 0.0}
    missed = {
        name: (figures[name], floor)
        for name, floor in floors.items()
        if (figures[name] > 0 if name == "false_article" else figures[name] < floor)
    }
    assert not missed
