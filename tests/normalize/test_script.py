"""Simplified and traditional characters."""

import pytest

from pipeline.normalize import (
    normalize,
    restore_zhe,
    script_of,
    should_simplify,
    to_simplified,
    to_traditional,
)

TRADITIONAL = "區政府召開常務會議，研究部署產業發展與環境保護工作。"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("区政府召开会议", "hans"),
        ("區政府召開會議", "hant"),
        ("区政府召开会议，研究发展环保。《蘭亭序》", "mixed"),
        ("《蘭亭》" + "区政府召开会议，研究部署产业发展与环境保护，要求严格执行" * 2, "hans"),
        ("人民", "hans"),
        ("ABC 123", "none"),
        ("", "none"),
    ],
)
def test_script_is_told_by_characters_of_one_script(text: str, script: str):
    """By the share of traditional ones among those that only one script has."""
    assert script == script_of([text])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("乾淨的水源", "干净的水源"),
        ("乾隆年間", "乾隆年间"),
        ("皇后鎮後山", "皇后镇后山"),
        ("模範幹部", "模范干部"),
        ("瞭望塔與了解", "瞭望塔与了解"),
        ("批準立項", "批准立项"),
        ("聯系群眾", "联系群众"),
        ("甚麼", "什么"),
        ("妳們倣造的砲", "你们仿造的炮"),
        ("銲接隄壩", "焊接堤坝"),
        ("錢鍾書", "钱锺书"),
        ("於潛", "於潜"),
    ],
)
def test_characters_become_those_of_the_mainland(text: str, expected: str):
    """By words where characters have two simplified forms."""
    assert expected == to_simplified(text)


@pytest.mark.parametrize("text", ["黎暐", "鮀島"])
def test_rare_characters_stay_where_no_font_has_the_simplified_form(text: str):
    """暐 has one beyond U+FFFF, which readers see as a box."""
    assert max(to_simplified(text)) <= "\uffff"
    assert text[0] == "黎" or to_simplified(text).startswith("鮀")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("随著时间推移", "随着时间推移"),
        ("意味著作用显著", "意味着作用显著"),
        ("沿著名校路走著", "沿着名校路走着"),
        ("著名作家的著作和译著", "著名作家的著作和译著"),
        ("彰显著担当，讨论著方案", "彰显着担当，讨论着方案"),
        ("原著、专著、名著、编著、论著", "原著、专著、名著、编著、论著"),
        ("成效卓著，臭名昭著，见微知著", "成效卓著，臭名昭著，见微知著"),
        ("背著书包，有著名额限制", "背着书包，有着名额限制"),
        ("著有《诗集》，著书立说", "著有《诗集》，著书立说"),
        ("报名著，忙著", "报名着，忙着"),
        ("随著著名景区", "随着著名景区"),
    ],
)
def test_particle_and_author_part_ways(text: str, expected: str):
    """着 is the particle, 著 the word for writing and renown."""
    assert expected == restore_zhe(text)


@pytest.mark.parametrize(
    "text",
    [
        "王丙乾同志、王於昌到吉林省乾安县、奕昇小区和濛溪调研，破坏土耳其风情，菜薹上市",
        "书法展上有《蘭亭序》和《祭侄文稿》",
        "店名“會賢居”由来已久，区政府召开会议研究保护",
    ],
)
def test_clean_page_keeps_names_and_quotations(text: str):
    """Conversion of simplified text does harm."""
    assert text == normalize([text]).texts[0]


@pytest.mark.parametrize(
    "text", ["東京都の會議について、區長が發表しました。", "これは東京の國際會議場です"]
)
def test_japanese_stays(text: str):
    """It has many traditional characters."""
    assert text == normalize([text]).texts[0]
    assert text == to_simplified(text)


def test_foreign_name_with_a_kana_dot_is_no_japanese():
    """约翰・史密斯: the dot is a katakana character."""
    assert should_simplify([TRADITIONAL + "約翰・史密斯出席"])


def test_traditional_page_is_converted_on_ten_deciding_characters():
    """Fewer may be a quotation."""
    assert ("区政府召开常务会议，研究部署产业发展与环境保护工作。",) == normalize(
        [TRADITIONAL]
    ).texts
    assert ("會賢居",) == normalize(["會賢居"]).texts
    assert ("会贤居",) == normalize(["會賢居"], assume="mirror").texts


def test_script_is_that_of_the_page_as_published():
    """Before conversion."""
    assert "hant" == normalize([TRADITIONAL]).repairs.script
    assert "hans" == normalize(["区政府"]).repairs.script


@pytest.mark.parametrize(
    ("variety", "expected"),
    [("t", "區政府爲羣衆裏外着想"), ("tw", "區政府為群眾裡外著想"), ("hk", "區政府為羣眾裏外着想")],
)
def test_traditional_editions_differ_by_variety(variety: str, expected: str):
    """Forms of characters only, no other words."""
    assert expected == to_traditional("区政府为群众里外着想", variety)  # type: ignore[arg-type]


def test_words_of_the_mainland_stay_in_traditional_editions():
    """信息 must not become 資訊."""
    assert "信息網絡軟件" == to_traditional("信息网络软件", "tw")


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("于海田主持会议", ["于海田"], "于海田主持會議"),
        ("于先生和范先生到会", [], "于先生和范先生到會"),
        ("区长范后里关于范围的讲话", ["范后里"], "區長范后里關於範圍的講話"),
        ("刘伟、于伟", ["刘伟", "于伟"], "劉偉、于偉"),
        ("面粉和面积", [], "麪粉和面積"),
        ("", ["于海田"], ""),
    ],
)
def test_names_are_shielded_from_conversion(text: str, names: list[str], expected: str):
    """于 and 范 are surnames, and 於 and 範 in words."""
    assert expected == to_traditional(text, names=names)
