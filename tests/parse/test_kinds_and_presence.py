"""Which texts tell of meetings, whose they are, and who is said to have been there."""

from datetime import date

import pytest

from pipeline.parse import parse_article
from pipeline.parse.rosters import read_people
from pipeline.parse.text import whole
from pipeline.records import Ordinal


@pytest.mark.parametrize(
    ("kind", "title", "lines"),
    [
        ("rundown", "区政府本周重点工作安排（6月2日—6月8日）", ["1.6月2日，召开区政府常务会议。"]),
        ("notice", "致广大游客的文明游览倡议书", ["广大游客朋友：", "请文明游览。"]),
        ("notice", "供水管理办法公开征求意见", ["现向社会公开征求意见。"]),
        ("story", "访区水务局局长江山", ["记者：水够吗？", "江山：够。"] * 3),
        ("transcript", "", ["主持人：请提问。", "记者：水够吗？", "主持人：请答。"]),
    ],
)
def test_a_text_has_a_kind(kind, title, lines):
    """A plan of the week is no report; an interview is written, a transcript taken down."""
    parsed = parse_article(lines, title=title, published=date(2025, 6, 2))
    assert (kind, ()) == (parsed.text_kind, parsed.meetings)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("其他", "6月18日，区安委会召开第二次全体会议，区长江山主持会议。"),
        ("政府", "6月18日，区政府安全生产委员会召开第二次全体会议，区长江山主持会议。"),
        ("其他", "6月18日，区长江山主持召开区防汛抗旱指挥部调度会。"),
        ("党委", "6月18日，区委书记江山主持召开区委农村工作领导小组第三次会议。"),
        ("政府", "6月18日，副区长江山主持召开专题会议，研究供水工作。"),
        ("党委", "6月18日，区委书记江山主持召开专题会议，研究供水工作。"),
        ("其他", "6月18日，我区召开供水专题会议，区长江山出席会议并讲话，副区长柏青主持会议。"),
        ("其他", "6月18日，区长江山主持召开企业家座谈会，听取意见建议。"),
        ("党委", "6月18日，区委书记、区委党建工作领导小组组长江山主持召开领导小组第1次会议。"),
    ],
)
def test_a_meeting_is_of_the_body_that_is_named(body, line):
    """Organs of several bodies are of none; where nothing is named, some kinds are the chair's."""
    (meeting,) = parse_article([line], published=date(2025, 6, 20)).meetings
    assert body == meeting.body


@pytest.mark.parametrize(
    ("ordinal", "lines"),
    [
        (Ordinal(year=2025, seq=10), ["6月18日，旗长白音主持召开2025年第10次旗人民政府常务会议。"]),
        (Ordinal(year=2025, seq=8), ["6月18日，旗长白音主持召开2025年第8次旗长办公会议。"]),
        (
            Ordinal(term=6, seq=34),
            [
                "时间：2025年6月18日",
                "主持人：区长江山",
                "2025年6月18日，区长江山主持召开区六届政府第34次常务会议。现纪要如下：",
                "一、审议《供水办法》",
                "会议原则通过该办法。",
            ],
        ),
    ],
)
def test_a_number_is_found_where_it_stands(ordinal, lines):
    """第10次旗人民政府常务会议, and below the labels of minutes."""
    title = "甲区人民政府常务会议纪要"
    (meeting,) = parse_article(lines, title=title, published=date(2025, 6, 20)).meetings
    assert ordinal == meeting.ordinal


@pytest.mark.parametrize(
    ("chair", "line"),
    [
        ("江山", "6月18日，副区长江山受区长委托，在区政府会议室主持召开区政府第3次常务会议。"),
        ("江山", "6月18日，区委理论学习中心组举行学习会。区委书记江山主持学习会并讲话。"),
    ],
)
def test_who_presides_is_the_chair(chair, line):
    """Also on the behalf of another, and where the meeting is called by its kind."""
    (meeting,) = parse_article([line], published=date(2025, 6, 20)).meetings
    assert chair == meeting.chair.value


def test_who_presides_is_not_attending():
    """Minutes list the chair among those present; the record names nobody twice."""
    lines = ["6月18日，区长江山主持召开区政府第3次常务会议。", "出席：江山、柏青、夏至。"]
    (meeting,) = parse_article(
        lines, title="区政府常务会议纪要", published=date(2025, 6, 20)
    ).meetings
    assert ["柏青", "夏至"] == [x.name.value for x in meeting.attending]


@pytest.mark.parametrize(
    ("words", "groups"),
    [
        ("各乡镇党委书记、县直有关单位负责人", ["各乡镇党委书记", "县直有关单位负责人"]),
        ("区发改局、区财政局负责人", ["区发改局、区财政局负责人"]),
        ("委员共27人", []),
    ],
)
def test_groups_with_heads_of_their_own_are_parted(words, groups):
    """Units before one 负责人 are one group; how many came is nobody."""
    assert groups == [x.name.text for x in read_people(whole(0, words))]


def test_a_meeting_held_above_is_none_of_ours():
    """收听收看: the province met, the county listened."""
    lines = [
        "6月18日，全省防汛视频会议召开，县长江山在县分会场收看会议。会议强调，要克服麻痹思想。"
    ]
    parsed = parse_article(lines, title="我县组织收看全省防汛视频会议", published=date(2025, 6, 20))
    assert () == parsed.meetings


def test_a_chair_is_known_again_by_the_name():
    """会后，甲主持召开…: the chair of the one before, with the day, not the hour."""
    lines = [
        "6月18日下午3点，区政协主席东门雪主持召开区政协党组第5次会议，学习有关文件精神。",
        "会后，东门雪主持召开区政协十一届三十次主席会议，研究夜市管理工作。",
        "区政协副主席柏青、夏至参加主席会议。",
    ]
    first, second = parse_article(lines, published=date(2025, 6, 20)).meetings
    assert ("东门雪", date(2025, 6, 18), None) == (second.chair.value, second.held_on, second.time)
    assert "下午3点" == first.time.value
    assert ["柏青", "夏至"] == [x.name.value for x in second.attending]


@pytest.mark.parametrize(
    ("credit", "line"),
    [
        (("出品", ("松陵区融媒体中心",)), "松陵区融媒体中心出品"),
        (("来源", ("区河长制办公室",)), "来源 区河长制办公室"),
        (("供稿", ("县政府办公室",)), "（县政府办公室供稿）"),
        (("署名", ("张旗",)), "（张旗）"),
        (("署名", ("杨采薇", "和丽芬")), "（杨采薇 和丽芬）"),
    ],
)
def test_a_last_line_says_who_made_the_text(credit, line):
    """The role behind an office, or a blank between; a name that ends like a place."""
    parsed = parse_article(["6月18日，区里的供水管网改造完工。", line])
    assert [credit] == [(x.role, x.names) for x in parsed.credits]


def test_a_session_closes_in_a_later_clause():
    """…会议圆满完成各项议程，在…闭幕: the name stands in the clause before."""
    lines = [
        "6月18日下午，区第九届人民代表大会第四次会议圆满完成各项议程，在区礼堂胜利闭幕。柏青主持会议。"
    ]
    (meeting,) = parse_article(lines, published=date(2025, 6, 20)).meetings
    assert ("代表大会", Ordinal(term=9, seq=4)) == (meeting.kind, meeting.ordinal)


def test_units_stand_before_those_they_sent():
    """列席：区法院 法正，区政府办 董允: a blank between the unit and a name without a surname."""
    people = read_people(whole(0, "区法院 法正，区政府办 董允、蒋琬"), labelled=True)
    assert ["法正", "董允", "蒋琬"] == [x.name.text for x in people]


def test_who_spoke_is_the_chair_who_presided_the_host():
    """书记甲讲话，县长乙主持: what 他 says behind 甲's praise is 甲's."""
    lines = [
        "6月18日，县委农村工作会议召开，学习中央农村工作会议精神，部署全年工作。县委书记江山讲话，县长柏青主持。",
        "江山充分肯定了去年的工作成效。他指出，要守牢底线。",
        "柏青强调，要迅速传达。",
    ]
    (meeting,) = parse_article(lines, published=date(2025, 6, 20)).meetings
    assert ("江山", "柏青") == (meeting.chair.value, meeting.host.value)
    assert ["江山", "柏青"] == [s.speaker.value for s in meeting.statements]


def test_a_committee_of_all_meets():
    """总工会十届三次全委（扩大）会议 is a 全体会议 with its number."""
    lines = ["6月18日，区总工会召开十届三次全委（扩大）会议，审议通过工作报告。"]
    (meeting,) = parse_article(lines, published=date(2025, 6, 20)).meetings
    assert ("全体会议", Ordinal(term=10, seq=3)) == (meeting.kind, meeting.ordinal)


def test_marks_of_another_width_part_clauses_as_well():
    """出席会议并讲话,乙主持会议: read with Chinese marks, quoted with those of the text."""
    lines = [
        "6月18日,全区供水工作会议召开。区委书记江山出席会议并讲话,区长柏青主持会议,夏至出席。",
        "江山强调,要对标一流,刀刃向内。",
    ]
    (meeting,) = parse_article(lines, published=date(2025, 6, 20)).meetings
    assert ("江山", "柏青") == (meeting.chair.value, meeting.host.value)
    assert ["要对标一流,刀刃向内。"] == [s.text.value for s in meeting.statements]


def test_minutes_named_by_year_and_issue_are_read():
    """政府常务会议（2025年第7期） above labels: the issue is no number of the meeting."""
    lines = [
        "时间：2025年6月18日",
        "主持：江山",
        "议题：1.听取供水工作汇报；2.其他事项",
        "列席：柏青",
    ]
    (meeting,) = parse_article(
        lines, title="县政府常务会议（2025年第7期）", published=date(2025, 6, 20)
    ).meetings
    assert ("常务会议", None) == (meeting.kind, meeting.ordinal)
    assert ["供水工作"] == [x.subject.value for x in meeting.agenda]


def test_minutes_that_a_meeting_drew_up_make_no_minutes():
    """…，形成了会议纪要: a report all the same; who opened with a speech was there."""
    lines = [
        "6月18日，区工商联第六次会员代表大会召开。区委书记江山出席开幕式并讲话，区长柏青等出席。",
        "大会研究讨论了职工服务工作，形成了会议纪要。",
    ]
    parsed = parse_article(lines, published=date(2025, 6, 20))
    (meeting,) = parsed.meetings
    assert ("meeting", Ordinal(seq=6)) == (parsed.text_kind, meeting.ordinal)
    assert ["江山", "柏青"] == [x.name.value for x in meeting.attending]


@pytest.mark.parametrize(
    ("line", "chair", "host"),
    [
        ("区委六届五次全会举行。全会由区委常委会主持，区委书记江山讲话。", "江山", "区委常委会"),
        ("区委六届五次全会举行。全会由区委常委会主持。", None, "区委常委会"),
        (
            "区七届人大四次会议闭幕。大会执行主席柏青主持。区委书记江山在闭幕会上讲话。",
            "江山",
            "柏青",
        ),
        ("区七届人大四次会议闭幕。区长柏青主持会议。副区长江山讲话。", "柏青", None),
        ("本报讯（记者 夏至）区长、党组书记江山主持召开区政府常务会议。", "江山", None),
        ("区政府召开第3次常务会议。区委副书记、区长江红旗主持会议。", "江红旗", None),
    ],
)
def test_chair_and_host_are_told_apart(line, chair, host):
    """A body presides and its head speaks; one more who speaks beside who presides is neither."""
    (meeting,) = parse_article([line], published=date(2025, 6, 20)).meetings
    found = [x.value if x else None for x in (meeting.chair, meeting.host)]
    assert [chair, host] == found


def test_a_dateline_is_no_title():
    """本报讯（记者 甲）区长乙主持…: the titles begin behind the bracket."""
    line = "本报讯（记者 夏至）区长、党组书记江山主持召开区政府常务会议。"
    (meeting,) = parse_article([line], published=date(2025, 6, 20)).meetings
    assert ["区长", "党组书记"] == [x.value for x in meeting.chair_titles]


def test_a_body_presides_over_its_plenum():
    """区委常委会主持，书记甲作讲话: he is the chair, the body the host; 全会 speaks on the whole."""
    lines = [
        "6月18日，中共甲区委十届六次全会召开。全会由区委常委会主持，区委书记江山作讲话。",
        "全会听取和讨论了江山受区委常委会委托所作的工作报告，审议通过了《关于供水的建议》。",
        "全会认为，供水关系民生。",
    ]
    (meeting,) = parse_article(lines, published=date(2025, 6, 20)).meetings
    assert ("江山", "区委常委会") == (meeting.chair.value, meeting.host.value)
    assert ("工作报告", "江山") == (
        meeting.agenda[0].subject.value,
        meeting.agenda[0].speaker.value,
    )
    assert ["全会"] == [s.speaker.value for s in meeting.statements]


def test_who_speaks_at_the_closing_is_the_chair_of_a_session():
    """书记甲在闭幕会上讲话 while 执行主席乙 presided; who 应邀到会 and who 出席闭幕会 were there."""
    lines = [
        "6月18日，甲区第九届人民代表大会第六次会议在区会议中心胜利闭幕。大会执行主席柏青主持会议。",
        "会议还对2026年民生实事项目进行了票决。",
        "区委书记江山在闭幕会上讲话。区长夏至出席闭幕会，副区长石岩应邀到会。",
    ]
    (meeting,) = parse_article(lines, published=date(2025, 6, 20)).meetings
    assert ("江山", "柏青") == (meeting.chair.value, meeting.host.value)
    assert ["夏至", "石岩"] == [x.name.value for x in meeting.attending]
    assert "区会议中心" == meeting.location.value
    assert [("票决", "2026年民生实事项目")] == [
        (x.verb.value, x.subject.value) for x in meeting.agenda
    ]


def test_a_day_of_a_digest_may_hold_two_meetings():
    """…启动仪式举行。当天，…推进会召开: a meeting in the midst of the day's paragraph."""
    lines = [
        "5月6日，区长江山到东城街道调研。",
        "5月8日，旅游季启动仪式举行。当天，全区旅游产业推进会召开，副区长柏青主持会议，对旺季服务作了部署。",
    ]
    parsed = parse_article(lines, title="一周要闻", published=date(2025, 5, 12))
    assert [("推进会", date(2025, 5, 8))] == [(m.kind, m.held_on) for m in parsed.meetings]


@pytest.mark.parametrize(
    ("words", "groups"),
    [
        ("各街道主任和区直各单位主要负责人", ["各街道主任", "区直各单位主要负责人"]),
        ("县纪委委员和有关负责同志", ["县纪委委员", "有关负责同志"]),
        ("区法院院长、区检察院检察长", ["区法院院长", "区检察院检察长"]),
        ("区领导苏和、林则徐等领导小组成员", ["苏和", "林则徐", "领导小组成员"]),
        ("区领导郑乐山、钱三省、毛可及", ["郑乐山", "钱三省", "毛可及"]),
        ("区领导苏和，区发改、税务等部门主要负责人", ["苏和", "区发改、税务等部门主要负责人"]),
    ],
)
def test_a_list_is_parted_where_its_heads_are(words, groups):
    """Two groups joined by 和, two offices, units that share 部门负责人."""
    assert groups == [x.name.text for x in read_people(whole(0, words))]


def test_a_name_may_end_like_a_banner():
    """主席艾红旗主持会议: 红旗 is a name, no 旗."""
    lines = ["6月18日，县政协召开十四届三十一次主席会议。县政协主席艾红旗主持会议。"]
    (meeting,) = parse_article(lines, published=date(2025, 6, 20)).meetings
    assert "艾红旗" == meeting.chair.value


def test_a_session_on_a_trip_is_no_meeting_unless_the_title_names_it():
    """甲带队赴上海招商。当晚，召开推进会: a trip; 防汛调度会召开 in the title makes it a meeting."""
    lines = ["6月18日，区长江山到河道检查防汛工作。当晚，江山主持召开防汛调度会，听取情况汇报。"]
    trip = parse_article(lines, title="区长江山检查防汛工作", published=date(2025, 6, 20))
    told = parse_article(lines, title="全区防汛调度会召开", published=date(2025, 6, 20))
    assert ((), 1) == (trip.meetings, len(told.meetings))


def test_credits_stand_behind_a_long_last_paragraph():
    """…列席会议。（记者：甲）编辑：乙 总编辑：丙, run on to the text."""
    line = "6月18日，" + "区里的供水管网改造完工，居民用水更加放心。" * 8
    parsed = parse_article([line + "（融媒体记者：江山）编辑：柏青 总编辑：夏至"])
    assert [("记者", "江山"), ("编辑", "柏青"), ("编辑", "夏至")] == [
        (x.role, n) for x in parsed.credits for n in x.names
    ]


def test_units_and_names_may_stand_in_turn():
    """列席：县人大 惠栋 县政协 江声, parted by blanks alone."""
    people = read_people(whole(0, "县人大 惠栋 县政协 江声 县法院 钱大昕"), labelled=True)
    assert [("县人大", "惠栋"), ("县政协", "江声"), ("县法院", "钱大昕")] == [
        (x.titles[0].text, x.name.text) for x in people
    ]
