"""The record of one district meeting, as told in the form that the founding example has."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.parse import Parsed, explain, parse_article
from pipeline.records import Ordinal

# written for this test, after the form of a district paper's report
PAGE = (
    "青岚讯 11月4日，区委副书记、区长沈怀远主持召开区政府第31次常务会议，传达习近平总书记关于粮食安全工作的重要指示精神，研究部署相关工作。",
    "会议听取了全区秋粮收储工作情况的汇报。会议指出，要备足仓容，做到应收尽收。要管好质量，守住底线。",
    "会议听取了近期全区河道水质情况的汇报。会议要求，要查清源头，限期整改。",
    "会议听取了《村级医疗点管理办法》《乡村医生考核细则》起草情况的汇报。会议强调，要方便群众就近看病。",
    "会议还研究了其他事项。",
    "记者 | 柳庆生 贺兰舟 宋一鸣",
    "编辑 | 陶小满",
    "审核 | 白玉成",
)
GOLD = Path(__file__).resolve().parents[2].parent / "shared" / "seed" / "gold.txt"


@pytest.fixture(scope="module")
def parsed() -> Parsed:
    return parse_article(PAGE, published=date(2024, 11, 5), place="青岚")


def test_dateline_names_place_and_day(parsed):
    """青岚讯 is the agency, 青岚 the place, 11月4日 the date as written."""
    assert parsed.dateline is not None
    assert parsed.dateline.agency.value == "青岚讯"
    assert parsed.dateline.place is not None
    assert parsed.dateline.place.value == "青岚"
    assert parsed.dateline.date_words is not None
    assert parsed.dateline.date_words.value == "11月4日"


def test_meeting_has_body_kind_number_day_and_chair(parsed):
    """What the opening sentence says of the meeting itself."""
    (meeting,) = parsed.meetings
    assert (meeting.body, meeting.kind) == ("政府", "常务会议")
    assert meeting.ordinal == Ordinal(seq=31)
    assert meeting.held_on == date(2024, 11, 4)
    assert meeting.chair is not None
    assert meeting.chair.value == "沈怀远"
    assert [x.value for x in meeting.chair_titles] == ["区委副书记", "区长"]


def test_subjects_of_reports_end_before_the_word_report(parsed):
    """听取了X的汇报: the matter is X; 其他事项 names none."""
    assert [(x.verb.value, x.subject.value) for x in parsed.meetings[0].agenda] == [
        ("传达", "习近平总书记关于粮食安全工作的重要指示精神"),
        ("听取", "全区秋粮收储工作情况"),
        ("听取", "近期全区河道水质情况"),
        ("听取", "《村级医疗点管理办法》《乡村医生考核细则》起草情况"),
    ]


def test_a_statement_runs_from_its_lead_to_the_end_of_what_was_said(parsed):
    """All sentences of the paragraph behind 会议指出 belong to it."""
    item = parsed.meetings[0].agenda[1]
    (statement,) = item.statements
    assert statement.lead.value == "指出"
    assert statement.speaker is not None
    assert statement.speaker.value == "会议"
    assert statement.text.value == "要备足仓容，做到应收尽收。要管好质量，守住底线。"


def test_credits_have_roles_and_names(parsed):
    """One role a line, names between blanks."""
    assert [(x.role, x.names) for x in parsed.credits] == [
        ("记者", ("柳庆生", "贺兰舟", "宋一鸣")),
        ("编辑", ("陶小满",)),
        ("审核", ("白玉成",)),
    ]


def test_every_mark_points_at_its_words(parsed):
    """Each extracted span lies within its paragraph, and the explanation shows it with its rule."""
    assert all(0 <= m.span.start < m.span.end <= len(PAGE[m.span.paragraph]) for m in parsed.marks)
    told = explain(parsed, PAGE)
    assert all(m.rule in told and m.field in told for m in parsed.marks)


@pytest.mark.skipif(not GOLD.exists(), reason="the founding example is not part of the repository")
def test_founding_example_is_read_whole():
    """The report the project began with: seven items, six of them with what was said."""
    lines = GOLD.read_text(encoding="utf-8").split("\n")
    parsed = parse_article(lines, published=date(2024, 10, 22), place="东昌府")
    (meeting,) = parsed.meetings
    assert parsed.dateline is not None
    assert parsed.dateline.place is not None
    assert parsed.dateline.place.value == "东昌府"
    assert (meeting.body, meeting.kind, meeting.held_on) == ("政府", "常务会议", date(2024, 10, 21))
    assert meeting.ordinal == Ordinal(seq=49)
    assert meeting.chair is not None
    assert meeting.chair.value == "江绍华"
    assert [x.value for x in meeting.chair_titles] == ["区委副书记", "区长"]
    assert [x.verb.value for x in meeting.agenda] == ["传达", *["听取"] * 6]
    assert (
        meeting.agenda[0].subject.value == "习近平总书记关于全面加强知识产权保护工作的重要指示精神"
    )
    assert meeting.agenda[1].subject.value == "全区知识产权保护与发展工作情况"
    said = [s for x in meeting.agenda for s in x.statements]
    assert [s.lead.value for s in said] == ["指出", "要求", "强调", "要求", "强调", "要求"]
    assert {s.speaker.value for s in said if s.speaker} == {"会议"}
    assert [(c.role, c.names) for c in parsed.credits] == [
        ("记者", ("仝兴社", "孟欣宇", "方佳伟")),
        ("编辑", ("李念辉",)),
        ("审核", ("闵庆才",)),
    ]
