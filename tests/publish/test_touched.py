"""Only feeds that something changed in are rendered, and none that something changed in is missed."""

import random
from datetime import timedelta

import pytest

from pipeline.publish import building, formats
from pipeline.records import ListItem

BASE = "https://feeds.quwen.example/"


@pytest.fixture
def rendered(monkeypatch):
    """The paths of the feeds that were rendered since it was cleared."""
    found = []

    class Noting:
        """What writes a feed, with a note of it."""

        def __call__(self, tree, feed, *more):
            found.append(feed.path)
            return formats.write_forms(tree, feed, *more)

    monkeypatch.setattr(building, "write_forms", Noting())
    return found


def test_a_feed_is_rendered_only_when_something_in_it_changed(filled, desk, go, story, rendered):
    """Nothing new: none. A new article: those that it stands in."""
    go()
    assert len(rendered) > 3
    rendered.clear()
    go()
    assert [] == rendered
    desk.read(story(50, source="yunze", column="yaowen"))
    go()
    assert ["all", "yunze", "yunze/yaowen"] == rendered


def test_a_changed_name_renders_all(filled, go, rendered):
    """What stands in every entry is no matter of articles."""
    go()
    before = len(rendered)
    go(tag_authority="quwen.example,2027")
    assert 2 * before == len(rendered)


def test_a_feed_that_leaves_something_out_tells_it_every_time(filled, go):
    """Operators who look at the newest report must see it."""
    first = go(tag_authority="quwen.example\x0b,2026")
    assert first.left_out == go(tag_authority="quwen.example\x0b,2026").left_out


def step(desk, story, report, now, roll):
    """Something happens to one of a dozen articles, to a list, or to what is told of a site."""
    number, at = roll.randrange(1, 13), now + timedelta(hours=roll.randrange(1, 300))
    make = report if number % 3 == 0 else story
    site = ("qinglan", "yunze")[number % 2]
    page = make(number, source=site)
    match roll.randrange(10):
        case 0 | 1:
            desk.read(page, at=at)
        case 2:
            desk.read(make(number, source=site, paragraphs=(f"又改了{roll.randrange(9)}",)), at=at)
        case 3:
            desk.read(story(number, source=site, title="会没开成"), at=at)
        case 4 if desk.store.entry(page.id):
            desk.withdraw(page, at=at)
        case 5 if desk.store.entry(page.id):
            desk.store.withhold(page.id, reason="请求", at=at)
        case 6:
            desk.store.release(page.id)
        case 7:
            reason = roll.choice((None, "HTTP 503"))
            desk.store.checked_column(site, "yaowen", listed=1, reason=reason, at=at)
        case 8:
            desk.store.quarantine(page.url, step="decode", reason="r", source=site, at=at)
        case _:
            item = ListItem(url=page.url, title=page.title, published=None)
            desk.store.saw_listing("yunze", "gonggao", [item], at=at)


@pytest.mark.parametrize("seed", range(9))
def test_a_tree_made_step_by_step_is_one_made_at_once(desk, go, target, story, report, now, seed):
    """Whatever happens in between: feeds, pages and lists are in the end those of a fresh build."""
    roll = random.Random(seed)
    fresh = target.with_name("fresh")
    editions = ("zh-Hant",) if seed % 3 == 0 else ()
    for _ in range(5):
        for _ in range(roll.randrange(1, 6)):
            step(desk, story, report, now, roll)
        go(editions=editions)
    go(editions=editions, target=fresh)

    def read(folder):
        return {
            x.relative_to(folder).as_posix(): x.read_bytes()
            for x in folder.rglob("*")
            if x.is_file() and x.name != ".manifest.json"
        }

    assert read(fresh) == read(target)
