"""Meetings laid out as minutes: every statement leads to its place in the text."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from pipeline.publish.minutes import minutes_of
from pipeline.publish.words import ENGLISH, in_language
from pipeline.records import AgendaItem, Attendee, Quote, Span, Statement


def quote(paragraphs, n, value):
    """A quotation from a paragraph."""
    start = paragraphs[n].index(value)
    return Quote(value=value, span=Span(paragraph=n, start=start, end=start + len(value)))


@pytest.fixture
def minuted(report):
    """A report whose meeting has a statement on its matter, one on none, and people present."""
    body = (
        "3月1日，区长江　阔主持召开会议。李河列席。",
        "会议研究了河堤修缮方案。会议强调，堤坝要赶在汛期前合龙。王溪指出，石料要验。",
    )
    held = replace(
        report(9).meetings[0],
        chair=quote(body, 0, "江　阔"),
        chair_titles=(quote(body, 0, "区长"),),
        nonvoting=(Attendee(name=quote(body, 0, "李河")),),
        agenda=(
            AgendaItem(
                verb=quote(body, 1, "研究"),
                subject=quote(body, 1, "河堤修缮方案"),
                statements=(
                    Statement(
                        lead=quote(body, 1, "强调"), text=quote(body, 1, "堤坝要赶在汛期前合龙。")
                    ),
                ),
            ),
        ),
        statements=(
            Statement(
                lead=quote(body, 1, "指出"),
                text=quote(body, 1, "石料要验。"),
                speaker=quote(body, 1, "王溪"),
            ),
        ),
    )
    return report(9, paragraphs=body, meetings=(held,))


def test_statements_lead_to_their_words(minuted, desk, go, target):
    """The link behind a statement goes to the stretch of the full text that says so."""
    desk.read(minuted)
    go()
    page = html.fromstring((target / f"a/{minuted.id}/index.html").read_bytes())
    for words in ("堤坝要赶在汛期前合龙。", "石料要验。"):
        (said,) = (x for x in page.xpath("//ul[@class='sayings']/li") if words in x.text_content())
        mark = said.xpath("a[@class='place']/@href")[0].removeprefix("#")
        assert words == page.get_element_by_id(mark).text_content()
    (name,) = page.xpath("//span[@class='person']/a/@href")
    assert "../../search/index.html?q=%E6%9D%8E%E6%B2%B3" == name
    matter = page.xpath("//p[@class='matter']/a")[0]
    assert "河堤修缮方案" == page.get_element_by_id(matter.get("href")[1:]).text_content()


def test_minutes_say_who_spoke_and_who_was_there(minuted):
    """会议 where nobody is named; names without their padding."""
    (held,), _ = minutes_of(minuted)
    assert ("主持", "江阔（区长）") in held.rows
    assert ["李河"] == [x.name for x in held.nonvoting]
    assert [("", "强调")] == [(x.speaker, x.lead) for x in held.items[0].sayings]
    assert [("王溪", "指出")] == [(x.speaker, x.lead) for x in held.sayings]


@given(
    st.lists(st.text("会议强调，。\x00ab", min_size=1, max_size=12), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 12), st.integers(0, 12)), max_size=6),
)
def test_marks_take_nothing_from_the_text(report, paragraphs, places):
    """Whatever spans a record has: the text is whole, and every link has its target."""
    one = Quote(value="强调", span=Span(paragraph=0, start=0, end=1))
    said = tuple(
        Statement(lead=one, text=Quote(value="话", span=Span(paragraph=n, start=a, end=b)))
        for n, a, b in places
    )
    held = replace(report(9).meetings[0], agenda=(), statements=said)
    (found,), pieces = minutes_of(report(9, paragraphs=tuple(paragraphs), meetings=(held,)))
    joined = ["".join(text for text, _ in x) for x in pieces]
    assert [x.replace("\x00", "") for x in paragraphs] == joined
    marks = [mark for x in pieces for _, mark in x if mark]
    assert len(set(marks)) == len(marks)
    there = {"", *marks, *(f"p{n + 1}" for n in range(-1, 4))}
    assert {x.mark for x in found.sayings} <= there


def test_both_wordings_are_on_an_article_page(minuted, desk, go, target):
    """English by the address's #en, without a script, and marked as English."""
    desk.read(minuted)
    go()
    page = html.fromstring((target / f"a/{minuted.id}/index.html").read_bytes())
    assert 1 == len(page.xpath("//*[@id='en']"))
    assert "Full text" in page.xpath("//*[@lang='en'][@hidden]/text()")
    assert "全文" in page.xpath("//*[@class='zh']/text()")
    assert ["#en"] == page.xpath("//a[@class='switch zh']/@href")


def test_words_without_english_are_an_error():
    """So that no page is half translated unseen."""
    with pytest.raises(KeyError):
        in_language("en")("没有的词")
    assert "Withdrawn" == in_language("en")("已撤稿")
    for chinese, english in ENGLISH.items():
        fields = [chinese.count(x) for x in "{}"]
        assert fields == [english.count(x) for x in "{}"], chinese
