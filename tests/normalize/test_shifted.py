"""Characters that a mirror's byte-wise program cut apart."""

from types import ModuleType

import pytest

from pipeline.normalize import normalize, quality_flags, repair_shifted

PLACES = [
    ("日?qǐng)?bào)", "日報", "the lost byte belongs to the next annotation"),
    ("日?qǐng)髸?huì)議", "日報會議", "a chain of two"),
    ("因?yàn)橐婚_(kāi)", "因為一開(kāi)", "up to a trail byte below 0x80"),
    ("日\ufffdqǐng)?bào)", "日報", "shown as replacement character"),
]


@pytest.mark.parametrize(("text", "expected"), [c[:2] for c in PLACES], ids=[c[2] for c in PLACES])
def test_shifted_characters_are_put_back(text: str, expected: str):
    """The reading tells which byte is missing."""
    assert (expected, 1) == repair_shifted(text)


@pytest.mark.parametrize(
    "text", ["這是什么?", "日?qǐng)", "日?qǐng)，", "A?qǐng)報", "日?qxx)報", "㐀?qǐng)報"]
)
def test_place_without_one_reading_is_left(text: str):
    """No guessing."""
    assert (text, 0) == repair_shifted(text)


def test_restored_text_is_flagged():
    """It was inferred: the record says so."""
    result = normalize(["區(qū)政府機(jī)關日?qǐng)髸?huì)議。"])
    assert ("区政府机关日报会议。",) == result.texts
    assert ("restore_bytes", "strip_pinyin", "to_simplified") == result.repairs.steps
    assert ("repaired",) == result.repairs.flags


@pytest.mark.parametrize(
    "broken", ["全區幸?！班徖", "產(chǎn)??h里", "企I(yè)", "日?qǐng)等", "成?；袠I"]
)
def test_lost_characters_are_flagged(broken: str):
    """Such a text must not pass for clean."""
    assert "damaged" in quality_flags(f"會(huì)議強(qiáng)調(diào)，{broken}")


def test_question_on_a_mangled_page_is_no_damage():
    """People do ask."""
    assert () == quality_flags("會(huì)議強(qiáng)調(diào),為什么要改革?因為時不我待。")


@pytest.mark.parametrize("types", [30, 62, 120])
def test_byte_wise_page_is_exact_or_flagged(mangler: ModuleType, types: int):
    """Never silently wrong: repaired to the letter, or flagged as damaged."""
    lines = [
        "區政府召開會議，研究部署防汛工作，致損設施要及時修復。",
        "因為一開始就抓得緊，日報、周報制度執行得好，他們試點的項目也建成了。",
        "會議強調，各鎮街道要把責任扛在肩上，學校、醫院、農村、企業都要動起來。",
    ]
    shown = mangler.read_leniently(mangler.annotate_bytes("\n".join(lines), mangler.ORDER[:types]))
    expected = normalize(lines, assume="mirror").texts
    result = normalize(shown.split("\n"))
    assert expected == result.texts or "damaged" in result.repairs.flags
