"""What an operator takes off is shown to nobody and kept, on both back ends."""

from datetime import UTC, datetime

from pipeline.store import Store, Withheld

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_a_withheld_article_is_shown_nowhere_and_kept(store: Store, desk, report):
    """Lists, walks and search leave it out; its record and history stay for the operator."""
    pages = [report(n) for n in (1, 2)]
    for x in pages:
        desk.read(x)
    off, other = pages
    assert store.withhold(off.id, reason="应当事人要求", at=NOW)
    assert (Withheld(article_id=off.id, reason="应当事人要求", at=NOW),) == store.withheld()
    for found in (store.entries(), store.walk(), store.entries(meetings_only=True)):
        assert [other.id] == [x.article.id for x in found]
    assert [other.id] == [x for x, _ in store.newest()]
    assert off.id not in {x.entry.article.id for x in store.search(off.title)}
    assert off == store.article(off.id)
    assert 1 == len(store.history(off.id))
    assert store.release(off.id)
    assert {x.id for x in pages} == {x.article.id for x in store.entries()}
    assert () == store.withheld()


def test_only_what_is_there_can_be_withheld_and_once(store: Store, desk, report):
    """Unknown ones and a second time are answered, not stored."""
    desk.read(report(1))
    assert not store.withhold("0" * 16, reason="", at=NOW)
    assert store.withhold(report(1).id, reason="a", at=NOW)
    assert not store.withhold(report(1).id, reason="b", at=NOW)
    assert "a" == store.withheld()[0].reason
    assert not store.release("0" * 16)
