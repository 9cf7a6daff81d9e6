"""Rules that a record shows only in part: names, credits, document fields, the explanation."""

from datetime import date

import pytest

from pipeline.parse import explain, parse_article
from pipeline.parse.names import read_official
from pipeline.parse.rosters import read_people
from pipeline.parse.text import sentences, whole


@pytest.mark.parametrize(
    ("words", "name", "titles"),
    [
        ("区委副书记、区长沈怀远", "沈怀远", ["区委副书记", "区长"]),
        ("沈怀远区长", "沈怀远", ["区长"]),
        ("沈怀远同志", "沈怀远", []),
        ("区 长杜 衡", "杜 衡", ["区 长"]),
        ("代县长买买提·艾山", "买买提·艾山", ["代县长"]),
        ("政府旗长苏和", "苏和", ["政府旗长"]),
        ("区人大常委会主任欧阳明月", "欧阳明月", ["区人大常委会主任"]),
        ("县长赵XX", "赵XX", ["县长"]),
        ("旗人大常委会主任宝音德力格", "宝音德力格", ["旗人大常委会主任"]),
        ("云泽县县长", None, None),
        ("区政府", None, None),
        ("会议", None, None),
        ("王区长", None, None),  # half a name is none
        ("高度", None, None),
    ],
)
def test_an_official_is_a_name_with_evidence(words, name, titles):
    """A title before or behind, or a surname; else nobody."""
    person = read_official(whole(0, words))
    assert name == (person.name.text if person else None)
    assert titles == ([t.text for t in person.titles] if person else None)


def test_a_list_gives_titles_to_the_names_behind_them():
    """区领导甲、乙: both are 区领导; organisations before 负责人 are one group."""
    people = read_people(
        whole(0, "副区长尤佳、梁国栋和彭一凡，区教育局、区财政局主要负责人，苏和等")
    )
    assert [p.name.text for p in people][:4] == [
        "尤佳",
        "梁国栋",
        "彭一凡",
        "区教育局、区财政局主要负责人",
    ]
    assert [[t.text for t in p.titles] for p in people][:3] == [["副区长"]] * 3
    assert people[3].is_group


def test_a_quoted_full_stop_ends_no_sentence():
    """Quotation marks hold their sentences together; an open one does not swallow the page."""
    line = "要记住“空谈误国。实干兴邦。”这句话。第二句（含。）完。第三句“没有下引号。第四句。"
    assert [s.text for s in sentences(0, line)] == [
        "要记住“空谈误国。实干兴邦。”这句话。",
        "第二句（含。）完。",
        "第三句“没有下引号。",
        "第四句。",
    ]


def test_document_fields_have_many_labels():
    """Labels are compared without blanks and colons; a bad date is a problem, not a guess."""
    parsed = parse_article(
        ["正文。"],
        fields=[
            ("索 引 号：", "11370000/2024-00012"),
            ("文　号", "青政发〔2024〕7号"),
            ("发布机构", "青岚区人民政府办公室"),
            ("生成日期", "2024年13月9日"),
            ("公布时间", "2024-04-10 09:30"),
            ("体裁分类", "通知"),
            ("有 效 性", "有效"),
            ("名称", "略"),
        ],
    )
    document = parsed.document
    assert document is not None
    assert document.index_number == "11370000/2024-00012"
    assert document.document_number == "青政发〔2024〕7号"
    assert document.issuer == "青岚区人民政府办公室"
    assert document.written_on is None
    assert document.issued_on == date(2024, 4, 10)
    assert (document.subject, document.validity) == ("通知", "有效")
    assert len(parsed.problems) == 1


def test_without_known_labels_there_is_no_document():
    """Other pairs of a page are not taken for document fields."""
    assert parse_article(["正文。"], fields=[("联系电话", "0000"), ("索引号", "")]).document is None


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("根据国发〔2024〕21号文件精神", "国发〔2024〕21号"),
        ("印发了《通知》（青政办字[2023]7号）", "青政办字[2023]7号"),
        ("云府规(2022) 3 号", "云府规(2022) 3 号"),
        ("青政字﹝2024﹞7号", "青政字﹝2024﹞7号"),
        ("〔2024〕第1次会议", None),
    ],
)
def test_document_numbers_are_references(line, number):
    """Issuer's short form, year in brackets, number."""
    wanted = [number] if number else []
    assert [q.value for q in parse_article([line]).references] == wanted


def test_the_explanation_shows_marks_rules_and_problems():
    """Each paragraph with its spans, what each is, and which rule made it."""
    lines = ["1030日，区长秦岭主持召开区政府第41次常务会议，听取秸秆利用工作汇报。"]
    parsed = parse_article(lines, title="区政府召开常务会议", published=date(2023, 11, 1))
    told = explain(parsed, lines, title="区政府召开常务会议")
    assert told.startswith("text_kind = meeting, meetings = 1\n")
    assert "[title] 区政府召开常务会议" in told
    assert "meetings[0].chair = 秦岭  (title-name)" in told
    assert "⟦秦岭⟧" in told
    assert "problem: " in told
    assert parsed.meetings[0].held_on is None


def test_a_meeting_dated_after_its_page_is_doubtful():
    """What the text says is kept, and named as a problem."""
    parsed = parse_article(
        ["2024年12月1日，区长江山主持召开区政府常务会议。"], published=date(2024, 10, 22)
    )
    assert parsed.meetings[0].held_on == date(2024, 12, 1)
    assert len(parsed.problems) == 1


def test_a_day_put_almost_a_year_back_is_doubtful():
    """10月31日 on a page of 22 October is the year before's, or a misprint."""
    lines = ["10月31日，区长江山主持召开区政府常务会议。"]
    parsed = parse_article(lines, published=date(2024, 10, 22))
    assert date(2023, 10, 31) == parsed.meetings[0].held_on
    assert 1 == len(parsed.problems)
    assert () == parse_article(lines, published=date(2024, 3, 1)).problems
    written = ["2023年10月31日，区长江山主持召开区政府常务会议。"]
    assert () == parse_article(written, published=date(2024, 10, 22)).problems


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("青岚讯 11月4日，麦苗返青。", "青岚"),
        ("青岚新闻网讯（记者 甲乙）11月4日", "青岚"),
        ("新华社云泽2月29日电 春来早。", "云泽"),
        ("本报讯 春来早。", None),
        ("青岚讯（记者 江山）春来早。", "青岚"),
    ],
)
def test_the_place_is_what_the_agency_is_named_after(line, place):
    """Papers' own words (本报) name none."""
    dateline = parse_article([line], published=date(2024, 11, 5)).dateline
    assert dateline is not None
    assert place == (dateline.place.value if dateline.place else None)


def test_a_dateline_may_stand_in_brackets():
    """【青岚商报网讯】 names an agency, 【快讯】 nobody."""
    dateline = parse_article(["【青岚商报网讯】11月4日，麦苗返青。"]).dateline
    assert dateline is not None
    assert "青岚商报网讯" == dateline.agency.value
    assert parse_article(["【快讯】11月4日，大桥合龙。"]).dateline is None


def test_a_later_meeting_has_its_own_time_of_day():
    """上午 of the first is not said of the second, on the same day, held 下午."""
    for second in (
        "当天下午，区长江山主持召开区政府党组会议。",
        "下午，江山又主持召开区政府党组会议。",
    ):
        line = "11月4日上午，区长江山主持召开区政府第3次常务会议。" + second
        meetings = parse_article([line], published=date(2024, 11, 5)).meetings
        assert ["上午", "下午"] == [m.time.value for m in meetings if m.time], second
        assert {date(2024, 11, 4)} == {m.held_on for m in meetings}
    line = "11月4日上午，区委书记柳青主持召开区委常委会会议，下午，区长江山主持召开区政府常务会议。"
    meetings = parse_article([line], published=date(2024, 11, 5)).meetings
    assert ["柳青", "江山"] == [m.chair.value for m in meetings if m.chair]
    line = "11月4日上午，区委常委会会议召开，下午，区长江山主持召开区政府常务会议。"
    meetings = parse_article([line], published=date(2024, 11, 5)).meetings
    assert [None, "江山"] == [m.chair.value if m.chair else None for m in meetings]
    line = "11月4日上午，区长江山主持召开区政府第3次常务会议；下午，又主持召开区政府党组会议。"
    meetings = parse_article([line], published=date(2024, 11, 5)).meetings
    assert ["常务会议", "党组会议"] == [m.kind for m in meetings]
    assert ["上午", "下午"] == [m.time.value for m in meetings if m.time]


def test_buttons_of_the_page_are_no_part_of_credits():
    """责任编辑：甲 [纠错]."""
    (credit,) = parse_article(["丰收。", "责任编辑：江山   [纠错]【打印】"]).credits
    assert ("责任编辑", ("江山",)) == (credit.role, credit.names)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("（区融媒体中心记者 江山 通讯员 柳青）", [("记者", "江山"), ("通讯员", "柳青")]),
        ("丰收在望。（江山/文 柳青/图）", [("撰稿", "江山"), ("摄影", "柳青")]),
        ("作者：江山 柳青（实习）", [("撰稿", "江山 柳青")]),
        ("来源：区政府办  浏览次数：123", [("来源", "区政府办")]),
        ("主编：江山 副主编：柳青", [("编辑", "江山"), ("编辑", "柳青")]),
        ("一审一校：江山 终审终校：柳青", [("审核", "江山"), ("审核", "柳青")]),
        ("记者：江山 责编：和平安", [("记者", "江山"), ("责任编辑", "和平安")]),
        ("编辑：江山 审核：本会", [("编辑", "江山")]),
        ("编辑：江山，审核：柳青。", [("编辑", "江山"), ("审核", "柳青")]),
        ("记者 江山 摄", [("记者", "江山")]),
        ("（县文旅局 江山 图/文）", [("图文", "县文旅局 江山")]),
        ("江山 柳青", [("署名", "江山 柳青")]),
        ("编辑部电话：0000-000", []),
        ("（作者系区委书记）", []),
        ("（作者单位：区委党校）", []),
    ],
)
def test_credits_stand_in_many_forms(line, wanted):
    """Media before roles, roles behind names, what the page adds, and words that are none."""
    found = parse_article(["今年秋粮喜获丰收，村民们都很高兴。", line]).credits
    assert wanted == [(c.role, " ".join(c.names)) for c in found]


def test_names_behind_the_agency_are_who_wrote():
    """本报讯（甲 乙）."""
    (credit,) = parse_article(["本报讯（江山 柳青）今年秋粮喜获丰收。", "全县开镰。"]).credits
    assert ("署名", ("江山", "柳青")) == (credit.role, credit.names)


def test_a_list_of_those_present_may_name_units_and_comrades():
    """区水务局甲 behind 列席：, and 甲、乙等同志."""
    people = read_people(whole(0, "区人大常委会江山，区水务局柳青"), labelled=True)
    assert [("江山", "区人大常委会"), ("柳青", "区水务局")] == [
        (p.name.text, p.titles[0].text) for p in people
    ]
    people = read_people(whole(0, "江山、柳青、秦岭等同志"))
    assert ["江山", "柳青", "秦岭"] == [p.name.text for p in people]


def read(*lines):
    """The one meeting of a text printed on 5 November 2024."""
    (meeting,) = parse_article(lines, published=date(2024, 11, 5)).meetings
    return meeting


def test_a_conference_is_told_of_by_who_spoke_on_it():
    """甲出席全区教育大会并讲话, with 乙 presiding; one of the city above, or on a visit, is another's."""
    meeting = read("11月4日，区委书记江山出席全区教育大会并讲话。区长柳青主持会议。")
    assert ("大会", "江山", "柳青") == (
        meeting.kind,
        meeting.chair and meeting.chair.value,
        meeting.host and meeting.host.value,
    )
    for line in (
        "11月4日，区长江山出席全市教育大会并讲话。",
        "11月4日，区委书记江山到学校调研，并出席全区教育大会并讲话。",
    ):
        assert () == parse_article([line], published=date(2024, 11, 5)).meetings


def test_a_meeting_told_twice_is_one():
    """What the short first paragraph leaves out stands in the second."""
    meeting = read(
        "11月4日，十届县委第80次常委会会议召开。",
        "11月4日上午，县委书记江山主持召开十届县委第80次常委会（扩大）会议，研究防汛工作。",
    )
    assert meeting.chair is not None
    assert meeting.time is not None
    assert ("江山", "上午", ["防汛工作"]) == (
        meeting.chair.value,
        meeting.time.value,
        [x.subject.value for x in meeting.agenda],
    )


@pytest.mark.parametrize("mark", ["：", "，"])
def test_what_is_said_may_begin_in_the_next_paragraph(mark):
    """会议强调， at a paragraph's end, then 一要…, 二要…."""
    meeting = read(
        "11月4日，区长江山主持召开区政府第3次常务会议。会议强调" + mark,
        "一要提高认识。要深入学习。",
        "二要压实责任。",
    )
    assert ["一要提高认识。要深入学习。", "二要压实责任。"] == [
        s.text.value for s in meeting.statements
    ]


def test_listed_resolutions_are_what_was_resolved():
    """会议议定： and （一）…, （二）…: no matters of their own; 二、审议… is the next."""
    meeting = read(
        "11月4日，区长江山主持召开区政府第3次常务会议。",
        "一、听取区水务局关于堤防情况的汇报。会议议定：",
        "（一）原则同意加固方案；",
        "（二）由区财政局安排资金。",
        "二、审议《节水办法》。",
    )
    assert ["堤防情况", "《节水办法》"] == [x.subject.value for x in meeting.agenda]
    assert ["（一）原则同意加固方案；", "（二）由区财政局安排资金。"] == [
        s.text.value for s in meeting.agenda[0].statements
    ]


@pytest.mark.parametrize(
    ("line", "chair"),
    [
        ("区委副书记柳青受区委书记江山委托主持召开区委常委会会议。", "柳青"),
        ("受区委书记江山委托，区委副书记柳青主持召开区委常委会会议。", "柳青"),
        ("县委常委会会议、县政府常务会议召开，书记江山、县长柳青分别主持会议。", None),
        ("全市经济形势分析会召开，市委书记江山、市长柳青共同主持。", None),
    ],
)
def test_who_presides_is_certain_or_left_out(line, chair):
    """For another, or with another: the one who did it, or nobody."""
    meetings = parse_article(["11月4日，" + line], published=date(2024, 11, 5)).meetings
    assert meetings
    assert {chair} == {m.chair.value if m.chair else None for m in meetings}


def test_lists_of_those_present_are_told_apart():
    """参加会议的有…；列席会议的有…, 以及 before a title, 在家的副区长."""
    meeting = read(
        "11月4日，区长江山主持召开区政府第3次常务会议。参加会议的有：在家的副区长柳青，以及区人武部政委秦岭；列席会议的有：区政协副主席安石。"
    )
    assert [("柳青", "副区长"), ("秦岭", "区人武部政委")] == [
        (a.name.value, a.titles[0].value) for a in meeting.attending
    ]
    assert ["安石"] == [a.name.value for a in meeting.nonvoting]


def test_names_run_together_are_no_name():
    """区领导王刚李军张敏: three people, or who knows; a long Mongol name is one."""
    people = read_people(whole(0, "区领导王刚李军张敏"))
    assert all(p.is_group for p in people)
    assert "那仁朝克图" == read_people(whole(0, "旗领导那仁朝克图"))[0].name.text


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("政协青岚区第十届委员会第三次会议", "全体会议"),
        ("区政协提案委员会第三次会议", "委员会会议"),
        ("区委第十二次党代会第三次会议", "代表大会"),
        ("区委国家安全委员会第三次会议", "委员会会议"),
    ],
)
def test_sessions_are_told_from_committees(name, kind):
    """The conference's own committee of a place meets in session; its 提案委员会 does not."""
    assert kind == read(f"11月4日，{name}召开。").kind


def test_enlarged_study_is_a_meeting():
    """召开理论学习中心组学习（扩大）会."""
    assert "理论中心组" == read("11月4日，区委召开理论学习中心组学习（扩大）会。").kind


def test_who_was_there_is_no_part_of_what_was_said():
    """…会议指出，…。区领导甲参加会议。 in one paragraph."""
    meeting = read(
        "11月4日，区长江山主持召开区政府第3次常务会议。会议指出，要减轻负担。区领导柳青、秦岭参加会议。"
    )
    assert ["要减轻负担。"] == [s.text.value for s in meeting.statements]
    assert ["柳青", "秦岭"] == [a.name.value for a in meeting.attending]


def test_a_chair_may_hold_one_meeting_after_the_other():
    """甲先后主持召开A会议和B会议: both are presided over by 甲."""
    line = "11月4日，区人大常委会主任江山先后主持召开党组会议和区七届人大常委会第24次主任会议。"
    meetings = parse_article([line], published=date(2024, 11, 5)).meetings
    assert [("党组会议", "江山"), ("主任会议", "江山")] == [
        (m.kind, m.chair.value) for m in meetings if m.chair
    ]


def test_a_speaker_goes_on_without_being_named():
    """…，并强调，… and …。强调要…: statements of their own, by the same person."""
    meeting = read(
        "11月4日，区长江山主持召开区政府第3次常务会议。",
        "江山指出，经济总体平稳，并强调，要守住底线。强调要加强调度。",
    )
    assert [("江山", "指出"), ("江山", "强调"), ("江山", "强调")] == [
        (s.speaker.value, s.lead.value) for s in meeting.statements if s.speaker
    ]


def test_what_is_agreed_to_of_itself_is_a_matter():
    """会议同意设立基金, where no matter waits for a decision; 同意该方案 is none."""
    meeting = read(
        "11月4日，区长江山主持召开区政府第3次常务会议。",
        "会议同意设立产业基金。会议同意该意见。会议同意调整学校布局。",
    )
    assert ["设立产业基金", "调整学校布局"] == [x.subject.value for x in meeting.agenda]


def test_what_is_agreed_to_behind_others_is_a_matter():
    """审议通过《A》，同意成立集团; counts (3项汇报) name nothing."""
    meeting = read(
        "11月4日，区长江山主持召开区政府第3次常务会议。",
        "会议听取3项汇报，审议通过《节水办法》，同意成立文旅集团。",
    )
    assert [("《节水办法》", "通过"), ("成立文旅集团", "同意成立文旅集团")] == [
        (x.subject.value, x.decision.value) for x in meeting.agenda if x.decision
    ]
    assert 2 == len(meeting.agenda)


@pytest.mark.parametrize(
    "lines",
    [
        [
            "——会议听取了甲村道路情况的汇报。会议要求，要抓紧施工。",
            "——会议还审议了《节水办法》等文件。",
        ],
        [
            "【听取】会议听取了甲村道路情况的汇报。会议要求，要抓紧施工。",
            "【审议】会议审议了《节水办法》。",
        ],
        ["听取甲村道路情况的汇报", "会议要求，要抓紧施工。", "审议《节水办法》"],
        ["听取甲村道路情况的汇报", "会议要求", "要抓紧施工。", "审议《节水办法》"],
    ],
)
def test_matters_stand_behind_marks_and_alone(lines):
    """Dashes, words in brackets, and lines of their own."""
    meeting = read("11月4日，区长江山主持召开区政府第3次常务会议。", *lines)
    assert ["甲村道路情况", "《节水办法》"] == [x.subject.value for x in meeting.agenda]
    assert ["要抓紧施工。"] == [s.text.value for s in meeting.agenda[0].statements]


def test_decisions_stand_below_headings():
    """二、审议《A》, and below it 会议原则通过，由…印发; 会议同意项目立项."""
    meeting = read(
        "11月4日，区长江山主持召开区政府第3次常务会议。会议纪要如下：",
        "一、审议《粮食应急预案》",
        "会议原则通过，由区发改局印发。",
        "二、研究实训楼建设项目",
        "会议同意项目立项，总投资1860万元。",
    )
    assert ["原则通过", "同意项目立项"] == [x.decision.value for x in meeting.agenda if x.decision]


def test_headings_of_matters_may_stand_without_a_mark():
    """议题一 关于X的起草情况, and below it what was decided."""
    meeting = read(
        "11月4日，区政府召开第3次常务会议，区长江山主持。",
        "议题一 关于《养老条例》起草情况",
        "会议原则同意。",
        "议题二 关于校园安全工作",
        "会议要求，压实责任。",
    )
    assert ["《养老条例》起草情况", "校园安全工作"] == [x.subject.value for x in meeting.agenda]


def test_the_time_of_a_report_is_no_part_of_its_matter():
    """听取X汇报后，甲强调."""
    meeting = read(
        "11月4日，区长江山主持召开区政府第3次常务会议。",
        "听取秋粮收购工作汇报后，江山强调，要应收尽收。",
    )
    (item,) = meeting.agenda
    assert ("秋粮收购工作", 1) == (item.subject.value, len(item.statements))


def test_persons_report_one_after_the_other():
    """听取了区住建局局长甲关于A的汇报、区教育局副局长乙关于B的汇报."""
    meeting = read(
        "11月4日，区长江山主持召开区政府第3次常务会议，听取区住建局局长柳青关于小区改造情况的汇报、区教育局副局长秦岭关于招生情况的汇报。"
    )
    assert [("小区改造情况", "柳青"), ("招生情况", "秦岭")] == [
        (x.subject.value, x.speaker.value) for x in meeting.agenda if x.speaker
    ]


def test_what_a_bracket_adds_to_a_name_is_no_part_of_it():
    """副区长甲（分管教育）; 各镇（街道）负责人 stay a group."""
    people = read_people(whole(0, "副区长柳青（分管教育）、秦岭，各镇（街道）负责人"))
    assert ["柳青", "秦岭", "各镇（街道）负责人"] == [p.name.text for p in people]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("", ["“11月4日，镇里召开动员大会，我第一个报名。”村民江山说。"]),
        (
            "江山同志在区政府全体会议上的讲话",
            ["同志们：", "今天，我们召开区政府全体会议，部署工作。"],
        ),
        ("区政府第二季度会议安排", ["4月下旬：召开区政府第64次常务会议，听取汇报。"]),
        ("", ["会议指出，11月3日，省委书记江山主持召开全省动员大会，作出部署。"]),
        ("", ["11月4日，区委书记江山主持召开座谈会前，参观了成就展。"]),
        ("区政府办公室部门预算", ["会议费：召开常务会议、全体会议等。"]),
    ],
)
def test_meetings_spoken_of_are_not_reported(title, lines):
    """In somebody's words, in a speech, or as what money is spent on: no meeting is told of."""
    assert () == parse_article(lines, title=title, published=date(2024, 11, 5)).meetings


@pytest.mark.parametrize(
    "line", ["通讯员介绍说，今年丰收。", "喜讯传来，村里通了水。", "审讯问题依法处理。"]
)
def test_words_with_the_same_character_are_no_dateline(line):
    """讯 ends an agency's name only before a date, a bracket or the like."""
    assert parse_article([line], published=date(2024, 11, 5)).dateline is None
