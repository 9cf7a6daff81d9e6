"""Credits that stand around a text: below its title, or behind its end."""

import pytest

from pipeline.parse import parse_article, writers
from pipeline.parse.bylines import read_bylines
from pipeline.records import Credit

WIDE = "\u3000\u3000"


def told(*lines: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(x.role, x.names) for x in read_bylines(lines, ())]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("责任编辑：林晓禾", [("责任编辑", ("林晓禾",))]),
        ("［责编：林晓禾］", [("责任编辑", ("林晓禾",))]),
        ("编辑：林 禾", [("编辑", ("林 禾",))]),
        ("作者：林晓禾 周一帆", [("撰稿", ("林晓禾", "周一帆"))]),
        (
            f"2026-03-02 09:30{WIDE}来源：青岚日报{WIDE}记者：周一帆{WIDE}字号：大 中 小",
            [("记者", ("周一帆",))],
        ),
        (
            f"编辑：林晓禾{WIDE}审核：周一帆、何江{WIDE}浏览次数：12",
            [("编辑", ("林晓禾",)), ("审核", ("周一帆", "何江"))],
        ),
        ("来源：青岚日报 编辑：林晓禾 发布时间：2026-03-02", [("编辑", ("林晓禾",))]),
        ("责任编辑：区政府办公室", [("责任编辑", ("区政府办公室",))]),
    ],
)
def test_names_behind_a_role_and_a_colon_are_credits(line, expected):
    assert expected == told(line)


@pytest.mark.parametrize(
    "line",
    [
        "责任编辑：",
        "责任编辑：admin",
        "来源：青岚日报",
        "制作：青岚网络科技有限公司",
        "记者林晓禾报道了这件事",
        "编辑：关于举办春季读书活动的通知已经发到各街道各社区",
        "作者：本站的文章都由读者提供并且不代表本站的观点",
        "编辑：甲一 乙二 丙三 丁四 戊五 己六 庚七",
    ],
)
def test_what_is_no_name_is_no_credit(line):
    assert [] == told(line)


def test_what_the_text_says_itself_is_not_said_again():
    """By role and name, however the name is padded."""
    inside = (Credit(role="编辑", label="编辑", names=("林 禾",)),)
    (found,) = read_bylines(("编辑：林禾 何江", "编辑：何江"), inside)
    assert (("何江",), ()) == (found.names, found.spans)


def test_those_who_wrote_are_writers():
    """Not who edited, approved or took pictures; each once, in order."""
    parsed = parse_article(
        ("新桥今天通车。（记者 周一帆 何江）",),
        around=("作者：周一帆", "责任编辑：林晓禾", "摄影：江月"),
    )
    assert ("周一帆", "何江") == writers(parsed.credits)
    assert ["记者", "撰稿", "责任编辑", "摄影"] == [x.role for x in parsed.credits]
