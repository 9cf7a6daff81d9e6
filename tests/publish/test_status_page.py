"""The page that says how the sources fare, in plain words."""

from datetime import date, timedelta

import pytest
from lxml import html

from pipeline.publish.calendar import WEEKS, calendar_of, first_day
from pipeline.publish.status import status_lines
from pipeline.store import DayCount


def lines(page):
    """The sources of a page: what each says, by its name."""
    found = page.xpath("//ul[@class='sources']/li")
    return {x.findtext(".//h2/a"): x for x in found}


@pytest.fixture
def looked(filled, now):
    """A store in which each source was read, and one column fails since."""
    for site in ("qinglan", "yunze"):
        filled.checked_column(site, "yaowen", listed=6, at=now)
    later = now + timedelta(days=3)
    filled.checked_column("yunze", "yaowen", listed=None, reason="HTTP 503", at=later)
    return filled


def test_it_says_how_each_source_fares(looked, go, target):
    """Trouble first, with the day of the last success; rhythm and 30 days of all."""
    go()
    page = html.fromstring((target / "status/index.html").read_bytes())
    found = lines(page)
    assert ["云泽区人民政府", "青岚区人民政府"] == list(found)
    facts = {
        x.findtext("dt"): x.findtext("dd") for x in found["青岚区人民政府"].iterfind(".//dl/div")
    }
    expected = {"最近读到": "2026-03-02", "最新文章": "2026-03-02", "30 天内": "8 篇"}
    assert expected.items() <= facts.items()
    assert "每周约 2 篇" == facts["节奏"]
    (trouble,) = found["云泽区人民政府"].xpath(".//ul[@class='troubles']/li")
    assert "政务要闻：读不到（上次成功 2026-03-02）：HTTP 503" == trouble.text_content()


def test_it_is_there_in_english(looked, go, target):
    """The same facts, and links to English pages."""
    go()
    page = html.fromstring((target / "en/status/index.html").read_bytes())
    (trouble,) = page.xpath("//ul[@class='troubles']/li")
    assert "Cannot be read（last read 2026-03-02）：HTTP 503" in trouble.text_content()
    assert "../yunze/index.html" in page.xpath("//h2/a/@href")


def test_later_looks_on_the_same_day_do_not_change_it(looked, go, now):
    """A look that finds nothing new is no reason to write pages."""
    go()
    looked.checked_column("qinglan", "yaowen", listed=None, at=now + timedelta(hours=3))
    assert () == go().written


def test_sparklines_count_back_from_the_newest_article(looked, catalogue):
    """30 places of 6 units; the newest day stands at the right end."""
    (found,) = (
        x for x in status_lines(looked, catalogue, looked.status(), ()) if x.source.id == "qinglan"
    )
    places = [int(x.split(" ")[0]) for x in found.bars.split("M")[1:]]
    assert 29 * 6 == places[-1]
    assert len(set(places)) == len(places) == len(looked.days("qinglan", since=date(2026, 2, 1)))


def test_a_calendar_has_a_square_for_each_day_of_53_weeks():
    """From a Monday to the last day; what lies before is left out."""
    last = date(2026, 11, 18)  # a Wednesday
    counts = [
        DayCount(day=first_day(last) - timedelta(days=1), articles=9, meetings=9),
        DayCount(day=first_day(last), articles=1, meetings=0),
        DayCount(day=last, articles=7, meetings=2),
    ]
    found = calendar_of(counts, last)
    assert (WEEKS - 1) * 7 + 3 == found.grid.count("M")
    assert 0 == first_day(last).weekday()
    assert (8, 2) == (found.articles, found.meetings)
    assert [(0, 18, 1), (728, 46, 4)] == [(x.x, x.y, x.shade) for x in found.squares]
    assert [(date(2026, 11, 1), 7, 2), (date(2025, 11, 1), 1, 0)] == list(found.by_month)
    months = [month for _, month in found.months]
    assert 11 == months[-1]
    assert 12 <= len(months) <= 13
