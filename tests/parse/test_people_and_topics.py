"""The index of officials, and topics by the table of words."""

from datetime import date

import pytest

from pipeline.errors import ConfigError
from pipeline.parse import own_table, parse_article, people_of, read_table, topics_of

PARSED = parse_article(
    [
        "青岚讯 11月4日，区委副书记、区长沈 远主持召开区政府第31次常务会议，副区长彭一凡、尤佳，各街道主要负责人出席会议，区政协副主席安石列席会议。",
        "会议听取全区空气质量情况的汇报。沈远强调，要精准治污。彭一凡通报了燃气安全隐患排查情况。",
    ],
    published=date(2024, 11, 5),
)


def test_each_official_is_named_once_with_titles_and_roles():
    """A padded name is the same name; groups are no people."""
    people = {p.name: p for p in people_of(PARSED)}
    assert list(people) == ["沈远", "彭一凡", "尤佳", "安石"]
    assert people["沈远"].titles == ("区委副书记", "区长")
    assert people["沈远"].roles == ("chair", "speaker")
    assert people["尤佳"].roles == ("attending",)
    assert people["安石"].roles == ("nonvoting",)
    assert {p.place for p in people.values()} == {"青岚"}
    assert len(people["沈远"].spans) == 2


def test_who_reports_or_speaks_is_indexed_too():
    """A person who reports, and one who speaks on no single matter; a bureau is nobody."""
    parsed = parse_article(
        [
            "11月4日，区长沈远主持召开区政府第31次常务会议，听取区住建局局长尤佳关于供热情况的汇报，听取区水务局关于供水情况的汇报。",
            "沈远强调，要保障群众温暖过冬。",
        ],
        published=date(2024, 11, 5),
    )
    people = {p.name: p for p in people_of(parsed, place="青岚")}
    assert ["沈远", "尤佳"] == list(people)
    assert ("chair", "speaker") == people["沈远"].roles
    assert {"青岚"} == {p.place for p in people.values()}


def test_topics_stand_by_their_weight():
    """A word in the title or a subject weighs more than one in passing."""
    subjects = [x.subject.value for m in PARSED.meetings for x in m.agenda]
    assert "environment" in topics_of(
        "区政府召开常务会议", [], subjects=["全区空气质量情况", "秸秆禁烧"]
    )
    assert topics_of("", ["他在学校门口等车。"]) == ()
    assert topics_of("全区教育工作会议召开", ["会议部署了学校建设。"])[0] == "education"
    assert subjects


def test_own_table_is_whole():
    """Each topic has a key for addresses, a Chinese name and words of two characters or more."""
    table = own_table()
    assert len({t.key for t in table}) == len(table) >= 12
    assert all(t.name and t.words and min(map(len, t.words)) > 1 for t in table)


def test_operators_lay_their_table_over_ours():
    """The same key replaces a topic, an empty one takes it away, a new one is added."""
    over = read_table(
        '[education]\nname = "学校"\nwords = ["学堂"]\n[party]\nwords = []\n[ferries]\nname = "渡口"\nwords = ["轮渡"]\npoints = 1\n',
        where="mine.toml",
        over=own_table(),
    )
    keys = [t.key for t in over]
    assert "party" not in keys
    assert "ferries" in keys
    assert topics_of("", ["轮渡停航。"], over) == ("ferries",)
    assert topics_of("教育", ["学校"], over) == ()


@pytest.mark.parametrize(
    "text",
    ["[a]\nwords = 3", "[a]\nwords = ['x']", "a = 1", "[a]\nwords = ['环境']\npoints = 0", "[a]\nword = ['环境']", "[[", "['学校']\nwords = ['环境']"],
)  # fmt: skip
def test_a_broken_table_is_refused_by_name(text):
    """The file is named, so that an operator finds it."""
    with pytest.raises(ConfigError, match=r"mine\.toml"):
        read_table(text, where="mine.toml")
