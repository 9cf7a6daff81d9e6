"""Persons, topics and bodies that articles are about, on both back ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from pipeline.parse import Topic, own_table
from pipeline.records import Article, Dateline, Place, Published, Source, cut_quote
from pipeline.store import Store, Subject, rules

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
Report = Callable[..., Article]

FERRIES = Topic(key="ferries", name="轮渡", words=("河堤",), points=1)


def source(source_id: str, code: str, name: str) -> Source:
    """A site of a division."""
    place = Place(code=code, name=name, province="山东省", short=name[:-1])
    base = f"https://{source_id}.example"
    return Source(id=source_id, name=source_id, place=place, publisher="media", base=base)


QINGLAN = source("qinglan", "990101", "青岚区")


@pytest.fixture
def placed(address: str) -> Any:
    """A store that knows where the source lies."""
    with Store.open(address, sources=[QINGLAN]) as opened:
        yield opened


def learn(store: Store, article: Article, at: datetime = NOW) -> None:
    """One look at a page."""
    store.learn(article, capture_id=None, seen_at=at, interpreter=1)


def keys(found: tuple[Subject, ...]) -> list[tuple[str, str, int]]:
    """What tells subjects apart, and how many articles name them."""
    return [(x.key, x.name, x.articles) for x in found]


def test_article_names_persons_bodies_and_topics(placed: Store, report: Report):
    """Keys are made of the division's code, so that namesakes elsewhere are others."""
    learn(placed, report(text="会议研究防汛、消防、安全生产。"))
    assert [("990101-government", "青岚区政府", 1)] == keys(placed.subjects("body"))
    # the first digits of: printf 江阔 | sha256sum
    assert [("990101-4a55f259", "江阔", 1)] == keys(placed.subjects("person"))
    (topic,) = placed.subjects("topic")
    assert ("safety", "安全生产与应急", "000000") == (topic.key, topic.name, topic.place)
    article = report()
    assert {"body", "person", "topic"} == {x.kind for x in placed.subjects_of(article.id)}
    (entry,) = placed.entries(subject=("topic", "safety"))
    assert article.id == entry.article.id
    assert () == placed.entries(subject=("person", "safety"))


def test_place_is_that_of_the_dateline_where_no_source_has_one(store: Store, report: Report):
    """Only where one division alone has the name; else nobody knows whose mayor it is."""

    def lines(n: int, place: str) -> Article:
        words = (f"{place}讯", "区长江阔主持召开会议")
        quote = cut_quote(words, 0, 0, len(words[0]))
        line = Dateline(agency=quote, place=cut_quote(words, 0, 0, len(place)))
        return report(n, source=None, dateline=line)

    learn(store, lines(1, "东昌府"))
    learn(store, lines(2, "鼓楼"))  # there are four
    learn(store, report(3, source="elsewhere"))
    bodies = {x.key: x.name for x in store.subjects("body")}
    assert {"371502-government": "东昌府区政府", "000000-government": "政府"} == bodies
    assert {"371502": 1, "000000": 2} == {x.place: x.articles for x in store.subjects("person")}


def test_titles_are_those_of_the_newest_article(placed: Store, report: Report):
    """Who became mayor last year is no vice mayor because an old page is read late."""

    def led(n: int, day: int, title: str) -> Article:
        (held,) = report().meetings
        body = (f"3月1日，{title}江阔主持召开区政府第7次常务会议。",)
        start = body[0].index(title)
        end = start + len(title)
        chaired = replace(
            held,
            chair=cut_quote(body, 0, end, end + 2),
            chair_titles=(cut_quote(body, 0, start, end),),
            agenda=(),
        )
        published = Published(day=date(2026, 2, day))
        return report(n, paragraphs=body, meetings=(chaired,), published=published)

    learn(placed, led(1, 9, "区长"))
    learn(placed, led(2, 5, "副区长"))
    (person,) = placed.subjects("person")
    assert (("区长",), 2) == (person.titles, person.articles)
    assert Published(day=date(2026, 2, 9)).instant() == person.newest
    learn(placed, led(1, 9, "代区长"), NOW + HOUR)
    assert ("代区长",) == placed.subjects("person")[0].titles


def test_edit_takes_back_what_is_named_no_more(placed: Store, report: Report):
    """A subject without articles is not listed, but it has changed."""
    learn(placed, report(text="防汛、消防、安全生产。"))
    (before,) = placed.subjects("topic")
    learn(placed, report(text="修桥。"), NOW + HOUR)
    assert () == placed.subjects("topic") == placed.entries(subject=("topic", "safety"))
    (after,) = placed.subjects("topic", minimum=0)
    assert ("safety", 0, None) == (after.key, after.articles, after.newest)
    assert after.change > before.change


def test_withdrawn_article_does_not_count(placed: Store, report: Report):
    """It stays among the subject's articles, as it does everywhere, and counts when restored."""
    article = report()
    learn(placed, article)
    for hours in (1, 14, 27):
        placed.missed(article.id, reason="404", capture_id=None, seen_at=NOW + hours * HOUR)
    assert () == placed.subjects("person")
    (entry,) = placed.entries(subject=("body", "990101-government"))
    assert "withdrawn" == entry.state
    learn(placed, article, NOW + 40 * HOUR)
    assert [1] == [x.articles for x in placed.subjects("person")]


def test_those_named_most_come_first(placed: Store, report: Report):
    """From a minimum of articles on."""
    for n in range(3):
        learn(placed, report(n, text="修桥。" if n else "防汛、消防、安全生产。"))
    assert [3] == [x.articles for x in placed.subjects("body", minimum=3)]
    assert () == placed.subjects("topic", minimum=2)
    assert [2] == [len(placed.entries(subject=("body", "990101-government"), limit=2))]


def test_articles_of_a_subject_come_by_its_index(tmp_path: Any, report: Report):
    """However many articles there are, so many rows are read as are wanted."""
    with Store.open(f"sqlite:///{tmp_path}/q.db", sources=[QINGLAN]) as store:
        days = [5, 9, 7]
        for n, day in enumerate(days):
            learn(store, report(n, published=Published(day=date(2026, 2, day))))
        found = store.entries(subject=("body", "990101-government"), limit=2)
        assert [9, 7] == [x.article.published.day.day for x in found if x.article.published]
        with store._do.database.engine.connect() as c:
            plan = c.execute(
                text(
                    "EXPLAIN QUERY PLAN SELECT article_id FROM mention JOIN article"
                    " ON article.id = article_id WHERE mention.kind = 'body' AND key = 'x'"
                    " ORDER BY mention.sort_at DESC, article_id DESC LIMIT 2"
                )
            )
            steps = [x.detail for x in plan]
    assert any("ix_mention_kind_key_sort_at_article_id" in x for x in steps)
    assert not any("TEMP B-TREE" in x for x in steps)


def test_another_table_of_topics_is_applied_to_what_is_stored(address: str, report: Report):
    """At the next opening, and by those too that open without a table."""
    with Store.open(address) as store:
        learn(store, report())
        assert () == store.subjects("topic")
    with Store.open(address, topics=(*own_table(), FERRIES)) as store:
        assert [("ferries", "轮渡", 1)] == keys(store.subjects("topic"))
    with Store.open(address) as store:
        learn(store, report(2))
        assert [("ferries", "轮渡", 2)] == keys(store.subjects("topic"))
    with Store.open(address, topics=own_table()) as store:
        assert () == store.subjects("topic")


def test_table_that_another_process_changed_counts_at_once(address: str, report: Report):
    """Who opened the store before goes by what it says now, not by what it said then."""
    with Store.open(address) as old, Store.open(address) as new:
        new.index_by((FERRIES,))
        learn(old, report())
        assert ["ferries"] == [x.key for x in old.topics]
        assert [("ferries", "轮渡", 1)] == keys(new.subjects("topic"))


def test_another_place_of_a_source_is_applied_to_what_is_stored(address: str, report: Report):
    """A code that was corrected in the source's file moves its people, and nobody else's."""
    with Store.open(address, sources=[QINGLAN]) as store:
        learn(store, report())
        learn(store, report(2, source="yunze"))
    with Store.open(address, sources=[source("qinglan", "990102", "青岚县")]) as store:
        names = {x.key: x.name for x in store.subjects("body")}
    assert {"990102-government": "青岚县政府", "000000-government": "政府"} == names


def test_indexing_that_was_stopped_goes_on(
    address: str, report: Report, monkeypatch: pytest.MonkeyPatch
):
    """What a killed process left is done at the next opening."""
    monkeypatch.setattr(rules, "_PIECE", 2)
    with Store.open(address) as store:
        for n in range(5):
            learn(store, report(n))
    done = rules.catch_up
    calls = []

    def stopped(connection: Any) -> None:
        if len(calls) == 1:
            raise KeyboardInterrupt
        calls.append(1)
        done(connection)

    monkeypatch.setattr(rules, "catch_up", stopped)
    with pytest.raises(KeyboardInterrupt):
        Store.open(address, topics=(FERRIES,))
    monkeypatch.setattr(rules, "catch_up", done)
    with Store.open(address) as store:
        assert [5] == [x.articles for x in store.subjects("topic")]


def test_acts_of_a_subject_are_those_of_the_log(placed: Store, report: Report):
    """Number and kind in the same order, from a number on: near the end of the log and far from it."""
    for n in range(1, 4):
        learn(placed, report(n))
    subject = ("body", "990101-government")
    wanted = [(x.seq, x.kind) for x in placed.log(kinds=("new",), subject=subject)]
    assert 3 == len(wanted)
    assert wanted == list(placed.acts(0, kinds=("new",), subject=subject))
    assert wanted[1:] == list(placed.acts(wanted[0][0], kinds=("new",), subject=subject))
    assert () == placed.acts(0, kinds=("withdrawn",), subject=subject)
