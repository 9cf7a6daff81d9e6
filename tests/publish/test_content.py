"""What an article looks like in a feed."""

from dataclasses import replace
from datetime import date

import pytest

from pipeline.publish.content import meeting_name, meeting_rows, ordinal_words, summary
from pipeline.records import Meeting, Ordinal, Quote, Span


def quote(text):
    return Quote(value=text, span=Span(paragraph=0, start=0, end=len(text)))


PLAIN = Meeting(body="政府", kind="常务会议")


@pytest.mark.parametrize(
    ("ordinal", "words"),
    [
        (Ordinal(seq=49), "第49次"),
        (Ordinal(seq=49, term=16), "第16届第49次"),
        (Ordinal(seq=6, year=2024), "2024年第6次"),
    ],
)
def test_numbers_are_written_as_the_field_does(ordinal, words):
    """Term or year, then the number."""
    assert words == ordinal_words(ordinal)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({}, "政府常务会议"),
        ({"ordinal": Ordinal(seq=7)}, "政府第7次常务会议"),
        ({"body": "其他", "kind": "推进会"}, "推进会"),
        ({"title": quote("青岚区防汛工作会议")}, "青岚区防汛工作会议"),
    ],
)
def test_a_meeting_has_its_own_name_or_one_made_of_what_is_known(change, name):
    """A name in the text is better than any of ours."""
    assert name == meeting_name(replace(PLAIN, **change))


@pytest.mark.parametrize(
    ("change", "row"),
    [
        ({"chair": quote("江　阔")}, ("主持", "江阔")),
        ({"chair": quote("江阔"), "chair_titles": (quote("区长"),)}, ("主持", "江阔（区长）")),
        ({"chair": quote("江阔"), "host": quote("李河")}, ("讲话", "江阔")),
        ({"chair": quote("江阔"), "host": quote("李 河")}, ("主持", "李河")),
        ({"held_on": date(2026, 3, 1)}, ("日期", "2026-03-01")),
        (
            {"held_on": date(2026, 3, 1), "held_until": date(2026, 3, 3)},
            ("日期", "2026-03-01 至 2026-03-03"),
        ),
        ({"held_on": date(2026, 3, 1), "time": quote("下午")}, ("日期", "2026-03-01 下午")),
        ({"location": quote("区政府301会议室")}, ("地点", "区政府301会议室")),
        ({"title": quote("区长办公会"), "ordinal": Ordinal(seq=7)}, ("次数", "第7次")),
    ],
)
def test_a_meeting_table_has_what_is_known(change, row):
    """Who presides is not always who speaks; what is unknown has no row."""
    rows = meeting_rows(replace(PLAIN, **change))
    assert row in rows
    assert all(value for _, value in rows)


def test_a_summary_is_one_short_line(story):
    """Chinese sets no blank behind a full stop."""
    assert "堤好了。路也好了 第二段" == summary(
        story(1, paragraphs=("堤好了。", "路也好了\n", "第二段"))
    )
    long = summary(story(1, paragraphs=("长" * 500,)))
    assert (200, "…") == (len(long), long[-1])
