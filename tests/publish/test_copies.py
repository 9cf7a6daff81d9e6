"""A story that several sites have: told once, with all its places, as they come and go."""

from datetime import timedelta


def place_of(target, article):
    """The page of an article."""
    return target / "a" / article.id / "index.html"


def test_page_names_a_copy_that_came_later(desk, go, target, story):
    """The original did not change, and yet its page says more now."""
    original, copy = story(1), story(1, source="yunze")
    desk.read(original)
    go()
    assert copy.id not in place_of(target, original).read_text("utf-8")
    desk.read(copy)
    report = go()
    assert f"a/{original.id}/index.html" in report.written
    assert copy.id in place_of(target, original).read_text("utf-8")
    assert original.id in place_of(target, copy).read_text("utf-8")
    assert () == go().written


def test_page_forgets_a_copy_that_was_taken_off(store, desk, go, target, story, now):
    """What the operator withholds is named on no page, and is named again when released."""
    original, copy = story(1), story(1, source="yunze")
    desk.read(original)
    desk.read(copy)
    go()
    store.withhold(copy.id, reason="court order", at=now + timedelta(hours=1))
    go()
    assert copy.id not in place_of(target, original).read_text("utf-8")
    store.release(copy.id)
    go()
    assert copy.id in place_of(target, original).read_text("utf-8")
