"""Where items part and where statements stand: with the matter they are on, or with the meeting."""

from datetime import date

import pytest

from pipeline.parse import parse_article
from pipeline.parse.matters import ItemDraft
from pipeline.parse.parting import parted
from pipeline.parse.text import whole


def meeting_of(*lines, title=""):
    """The one meeting of a text."""
    (meeting,) = parse_article(lines, title=title, published=date(2025, 6, 20)).meetings
    return meeting


@pytest.mark.parametrize(
    ("subject", "pieces"),
    [
        ("《甲区供水办法》《甲区用水规划》", ["《甲区供水办法》", "《甲区用水规划》"]),
        (
            "《供水办法（草案）》、区政府《用水规划》",
            ["《供水办法（草案）》", "区政府《用水规划》"],
        ),
        ("《供水办法》（送审稿）和《用水规划》", ["《供水办法》（送审稿）", "《用水规划》"]),
        ("区委全会精神和《供水条例》", ["区委全会精神", "《供水条例》"]),
        ("《供水办法》和人事任免事项", ["《供水办法》", "人事任免事项"]),
        ("关于修改《供水办法》和《用水规划》的决定", None),
        ("《供水办法》《用水规划》执行情况", None),
        ("《供水办法》及其实施细则", None),
        ("对照《供水办法》《用水规划》", None),
        ("中共中央办公厅、国务院办公厅《关于供水的意见》", None),
        ("供水、用水等工作", None),
    ],
)
def test_documents_under_one_verb_are_matters_of_their_own(subject, pieces):
    """《A》《B》 are two items; one matter that names two documents stays one."""
    clip = whole(0, subject)
    item = ItemDraft(clip, clip, "clause")
    assert (pieces or [subject]) == [x.subject.text for x in parted(item)]


def test_what_became_of_documents_became_of_each():
    """审议了《A》《B》，同意印发: both were agreed to, and 原则通过《B》 only the one it names."""
    head = "6月18日，区长江山主持召开区政府第3次常务会议。"
    both = meeting_of(head, "会议审议了《供水办法》《用水规划》，同意印发实施。")
    assert ["同意印发实施"] * 2 == [x.decision.value for x in both.agenda]
    one = meeting_of(head, "会议审议了《供水办法》《用水规划》，原则通过《用水规划》。")
    assert [None, "原则通过"] == [x.decision and x.decision.value for x in one.agenda]


def stands(meeting):
    """For each statement its first words and the subject it stands on, '' for the meeting's own."""
    on = {s.text.value[:4]: x.subject.value for x in meeting.agenda for s in x.statements}
    return on | {s.text.value[:4]: "" for s in meeting.statements}


def test_what_is_said_on_the_whole_stands_with_the_meeting():
    """General words behind items of the opening sentence are on none of them."""
    meeting = meeting_of(
        "6月18日，区长江山主持召开区政府第3次常务会议，研究城区供水工作，审议《校车管理办法》。",
        "会议指出，时间过半，各部门要对照年初承诺逐项盘点。",
        "会议强调，供水管网要分段改造。",
    )
    assert {"时间过半": "", "供水管网": "城区供水工作"} == stands(meeting)


def test_a_closing_paragraph_stands_with_the_meeting():
    """Behind the whole list a chair's general words are on no item, unless each has its own below."""
    head = "6月18日，区政协主席江山主持召开区政协六届三次主席会议。"
    closing = "江山要求，大家要多出主意、少说空话。"
    listed = meeting_of(head, "会议学习了全会精神。", "会议研究了茶产业振兴有关事宜。", closing)
    assert {"大家要多": ""} == stands(listed)
    below = meeting_of(
        head,
        "会议听取了水库除险情况汇报。",
        "会议要求，要昼夜赶工。",
        "会议研究了茶产业振兴有关事宜。",
        closing,
    )
    assert {"要昼夜赶": "水库除险情况", "大家要多": "茶产业振兴有关事宜"} == stands(below)


def test_what_is_said_of_the_one_item_stands_on_it():
    """A meeting on one matter says all on it."""
    meeting = meeting_of(
        "6月18日，区长江山主持召开区政府专题会议，研究城区供水工作。",
        "江山强调，要倒排工期、挂图作战。",
    )
    assert {"要倒排工": "城区供水工作"} == stands(meeting)


def test_a_statement_is_known_by_its_field():
    """消除火灾隐患 is on 消防检查, though it repeats none of its words."""
    meeting = meeting_of(
        "6月18日，区长江山主持召开区政府第3次常务会议。",
        "会议听取了夏季消防检查情况汇报，审议了《城区商业网点规划》。",
        "会议要求，要紧盯用火用电，杜绝大火。",
    )
    assert {"要紧盯用": "夏季消防检查情况"} == stands(meeting)


def test_a_statement_is_on_the_matter_it_is_introduced_with():
    """就X工作，甲强调: what stands before the lead tells the item."""
    meeting = meeting_of(
        "6月18日，区长江山主持召开区政府第3次常务会议，传达学习市委全会精神，研究校车运行有关工作。",
        "就校车运行，江山强调，要学习先进地区的做法。",
    )
    assert {"要学习先": "校车运行有关工作"} == stands(meeting)


def test_a_heading_names_what_was_heard():
    """二、关于X的议题, and below it 会议听取了甲的汇报: X, reported by 甲."""
    meeting = meeting_of(
        "6月18日，区长江山主持召开区政府第3次常务会议，纪要如下：",
        "一、关于校车收费标准的议题",
        "会议听取了区发改局局长柏青的汇报。会议认为，标准可行。",
        title="区政府常务会议纪要",
    )
    (item,) = meeting.agenda
    assert ("听取", "校车收费标准", "柏青") == (
        item.verb.value,
        item.subject.value,
        item.speaker.value,
    )


def test_what_follows_is_resolved_in_parts():
    """会议议定以下事项：, and below it 一、二、: each is what the meeting resolved."""
    meeting = meeting_of(
        "6月18日，区长江山主持召开专题会议，研究招生工作。",
        "会议议定以下事项：",
        "一、原则同意《招生方案》，由区教育局印发。",
        "二、由区财政局安排资金。",
    )
    assert ["议定", "议定"] == [s.lead.value for x in meeting.agenda for s in x.statements]


def test_statements_moved_keep_their_order():
    """What is put on an item stands there in the order of the text."""
    meeting = meeting_of(
        "6月18日，区长江山主持召开区政府第3次常务会议，研究校园食品安全工作。",
        "会议听取了秋季抽检情况汇报。",
        "会议指出，校园食品安全来不得半点侥幸。",
        "会议要求，对大宗食材统一招标。",
    )
    assert ["校园食品", "对大宗食"] == [s.text.value[:4] for s in meeting.agenda[0].statements]


def test_the_opening_sentence_only_sums_up_what_is_told_below():
    """研究甲、乙等工作 is no item where 甲 and 乙 each have one below it."""
    meeting = meeting_of(
        "6月18日，区长江山主持召开区政府第3次常务会议，研究防汛备汛、优化营商环境等工作。",
        "会议听取了全区防汛备汛情况汇报。",
        "会议研究了优化营商环境有关举措。",
    )
    assert ["全区防汛备汛情况", "优化营商环境有关举措"] == [x.subject.value for x in meeting.agenda]


def test_a_speech_stands_with_the_meeting():
    """Who came and spoke while another presided spoke on the whole, not on the report before."""
    meeting = meeting_of(
        "6月18日，全区供水工作推进会召开。区长江山出席会议并讲话，副区长柏青主持会议。",
        "会议通报了上月考核情况。",
        "江山强调，要挂图作战、倒排工期。",
    )
    assert ("江山", "柏青") == (meeting.chair.value, meeting.host.value)
    assert {"要挂图作": ""} == stands(meeting)


def test_who_reported_is_asked_on_the_report():
    """会议要求，区商务局要… is on what 区商务局 reported."""
    meeting = meeting_of(
        "6月18日，区长江山主持召开区政府第3次常务会议。",
        "会议听取了区商务局关于集市管理情况的汇报，研究了年度会务安排。会议要求，区商务局要两头听一听。",
    )
    assert {"区商务局": "集市管理情况"} == stands(meeting)


def test_a_bureau_hands_in_its_document():
    """审议区财政局《A》、区卫健委提交的《B》: the documents, and whose the first is."""
    meeting = meeting_of(
        "6月18日，区长江山主持召开区政府第3次常务会议。",
        "会议审议通过区财政局《关于预算调整方案的报告》。",
        "会议审议了区文旅局提交的《门票办法》、区卫健委提交的《疾控方案》。",
    )
    assert ["《关于预算调整方案的报告》", "《门票办法》", "《疾控方案》"] == [
        x.subject.value for x in meeting.agenda
    ]
    assert "区财政局" == meeting.agenda[0].speaker.value


def test_what_a_bureau_proposed_is_agreed_to_with_the_matter():
    """研究了X，原则同意县文旅局提出的名单: a decision on X, no matter of its own."""
    meeting = meeting_of(
        "6月18日，县长江山主持召开县政府第3次常务会议。",
        "会议研究了文物保护工作，原则同意县文旅局提出的首批名单，并要求规范协议。",
    )
    (item,) = meeting.agenda
    assert "原则同意县文旅局提出的首批名单" == item.decision.value
    assert ["要求"] == [s.lead.value for s in item.statements]


def test_somebody_reports_by_the_name_alone():
    """听取了甲关于X的通报: the matter is X."""
    meeting = meeting_of(
        "6月18日，区政协召开五届四次常委会会议。区政协主席江山主持会议。",
        "会议听取了古一川关于上半年经济社会发展情况的通报。",
    )
    (item,) = meeting.agenda
    assert ("上半年经济社会发展情况", "古一川") == (item.subject.value, item.speaker.value)


def test_what_is_agreed_to_under_a_number_is_a_matter_of_its_own():
    """四、会议同意发行债券 belongs to no report above it."""
    meeting = meeting_of(
        "6月18日，县长江山主持召开县政府第3次常务会议。现纪要如下：",
        "一、会议听取了农村公路建设情况的汇报。会议要求：（一）要倒排工期；（二）要加强监管。",
        "二、会议同意县城投公司发行债券10亿元，由县财政局落实。",
        title="县政府常务会议纪要",
    )
    assert [("听取", None), ("同意", "同意县城投公司发行债券10亿元")] == [
        (x.verb.value, x.decision and x.decision.value) for x in meeting.agenda
    ]


def test_all_of_a_plenum_think_alike():
    """全会充分肯定…。一致认为，…: said by the plenum that the sentence before names."""
    meeting = meeting_of(
        "6月18日，中共甲县委十五届九次全会召开。全会由县委常委会主持。",
        "全会听取了江山同志受县委常委会委托作的工作报告，审议通过了《关于供水的决议》。",
        "全会充分肯定县委常委会的工作。一致认为，过去一年极不平凡。",
    )
    assert ("工作报告", "江山") == (
        meeting.agenda[0].subject.value,
        meeting.agenda[0].speaker.value,
    )
    assert [("全会", "认为")] == [(s.speaker.value, s.lead.value) for s in meeting.statements]
