"""Widening folded punctuation."""

import pytest

from pipeline.normalize import is_folded, normalize, restore_punct

CASES = [
    ("会议要求,要压实责任,确保安全。", "会议要求，要压实责任，确保安全。"),
    ("总投资12,500万元,工期18个月。", "总投资12,500万元，工期18个月。"),
    ("增长5.2%,其中一季度6%,高于全省", "增长5.2%，其中一季度6%，高于全省"),
    ("办公时间:8:30-12:00", "办公时间：8:30-12:00"),
    ("比分为2:1;胜出", "比分为2:1；胜出"),
    ("各镇(街道)、各部门", "各镇（街道）、各部门"),
    ("合作(PPP)模式", "合作（PPP）模式"),
    ("GDP (PPP) per capita, OK?", "GDP (PPP) per capita, OK?"),
    ("详见https://example.gov.cn/?a=1,2;b:3", "详见https://example.gov.cn/?a=1,2;b:3"),
    ("见http://example.gov.cn/a,请填写", "见http://example.gov.cn/a，请填写"),
    ("邮箱:a.b@example.gov.cn;电话", "邮箱：a.b@example.gov.cn；电话"),
    ("&nbsp;&#12345;要求;", "&nbsp;&#12345;要求；"),
    ("怎么办?干!“好!”对!", "怎么办？干！“好！”对！"),
    ("(1)加强领导;(2)落实责任", "(1)加强领导；(2)落实责任"),
    ("(一)加强领导:", "（一）加强领导："),
    ("拨打(0635)8412345咨询,谢谢", "拨打(0635)8412345咨询，谢谢"),
    ("PM2.5浓度、1-9月份、3.5亿", "PM2.5浓度、1-9月份、3.5亿"),
    ("坐标36.45,115.98处", "坐标36.45,115.98处"),
    ("记者: 张三", "记者： 张三"),
    ("教学点(含幼儿园),要开齐课程", "教学点（含幼儿园），要开齐课程"),
    ("气温16～20℃;执行“Plan B?”", "气温16～20℃；执行“Plan B？”"),
    ("单个(括号", "单个(括号"),
    ("", ""),
    ("plain, ASCII: text (here)", "plain, ASCII: text (here)"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_marks_are_widened_in_chinese_and_kept_elsewhere(text: str, expected: str):
    """Numbers, times, addresses and Latin text are not Chinese."""
    assert expected == restore_punct(text)[0]


@pytest.mark.parametrize("text", [c[1] for c in CASES])
def test_widening_twice_is_widening_once(text: str):
    """What is wide stays."""
    assert (text, 0) == restore_punct(text)


@pytest.mark.parametrize(
    ("texts", "folded"),
    [
        (["会议要求,要落实", "区长指出,要抓紧"], True),
        (["会议要求，要落实，要快", "区长指出,要抓紧,要实"], False),
        (["会议要求,要落实"], False),
        (["总额12,500元", "坐标36,115"], False),
        ([], False),
    ],
)
def test_page_counts_as_folded_by_its_commas(texts: list[str], folded: bool):
    """Two between Han characters, and four times as many as wide ones."""
    assert folded == is_folded(texts)


def test_page_that_is_not_folded_is_left_as_published():
    """An author's own half-width mark."""
    text = "会议要求，要落实；区长指出:要抓紧，要实(一)"
    assert text == normalize([text]).texts[0]


def test_one_comma_is_enough_beside_other_damage():
    """A mangled page that a crawler folded."""
    assert ("会议强调，要落实",) == normalize(["會(huì)議強(qiáng)調(diào),要落實(shí)"]).texts
