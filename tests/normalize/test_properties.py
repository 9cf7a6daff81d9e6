"""What holds for every page."""

import time
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import PipelineError
from pipeline.normalize import normalize, repair_text
from pipeline.normalize.characters import clean_unicode

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
SHARED = Path(__file__).resolve().parents[2].parent / "shared"
CLEAN = (FIXTURES / "mangled-story.gold.txt").read_text(encoding="utf-8").split("\n")

# Frequent characters of reports, and all that repairs look for.
SIMPLIFIED = st.text(
    st.sampled_from(
        "区委书记主持召开会议研究部署产业发展环境保护工作要求各镇街道落实责任着力随着名作者显著于里后干面年月日第一二十0123456789"
        "，。、；：？！（）《》“”—…·%"
    ),
    max_size=60,
)
PARTS = st.sampled_from(
    [
        *"會議產業強調區學習著着乾於里", *"，。,:;?!() \n",
        "(huì)", "(yè)", "(qiáng)", "（xué）", "(kuài)", "?qǐng)", "(ㄏㄨㄟˋ)", "(hu", "1127日", "2024", "11月",
        "\u3000", "\u200b", "\ufffd", "\ue5e5", "\ud800", "⺠", "\ufe00", "å\x8cº", "の", "\U0002c029", "http://a.cn/?b=1,2",
        "会议", "研究", "ABC", "é",
    ]
)  # fmt: skip
ANYTHING = st.lists(st.lists(PARTS, max_size=14).map("".join), max_size=5)


def test_finding_nothing_costs_no_repair():
    """No texts, empty texts."""
    assert () == normalize([]).texts
    assert ("", "") == normalize(["", ""]).texts
    assert () == normalize(["", ""]).repairs.steps


@settings(deadline=None)
@given(st.lists(SIMPLIFIED.map(clean_unicode), max_size=5))
def test_clean_simplified_text_comes_back_the_same(texts: list[str]):
    """Byte for byte, without a step."""
    result = normalize(texts)
    assert (tuple(texts), (), ()) == (result.texts, result.repairs.steps, result.repairs.flags)


@settings(max_examples=300, deadline=None)
@given(ANYTHING, st.sampled_from(["auto", "mirror", "clean"]))
def test_repairing_twice_is_repairing_once(texts: list[str], assume: str):
    """A repaired page is clean."""
    once = normalize(texts, assume=assume).texts  # type: ignore[arg-type]
    assert len(texts) == len(once)
    assert once == normalize(once, assume=assume).texts  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.lists(st.text(max_size=40), max_size=4))
def test_any_strings_are_taken(texts: list[str]):
    """Surrogates, controls, other scripts."""
    assert len(texts) == len(normalize(texts).texts)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_repaired_or_refused(data: bytes):
    """Nothing but `PipelineError` is raised."""
    try:
        text, repairs = repair_text(data)
    except PipelineError:
        return
    assert ("\ufffd" in text) <= ("damaged" in repairs.flags)


@settings(max_examples=30, deadline=None)
@given(types=st.integers(4, 123), fold=st.booleans())
def test_mangled_page_reads_as_before(mangler: ModuleType, types: int, fold: bool):
    """However many characters a site annotates, folded or not."""
    shown = mangler.mangle("\n".join(CLEAN), types=types, fold=fold).split("\n")
    assert tuple(CLEAN) == normalize(shown).texts


def test_lone_surrogates_are_replaced_and_flagged():
    """OpenCC would raise, and no database stores them."""
    result = normalize(["會(huì)議\ud800強(qiáng)調(diào)"])
    assert ("会议\ufffd强调",) == result.texts
    assert "damaged" in result.repairs.flags


@pytest.mark.parametrize(
    "unit", ["區(qū)政府會(huì)議,", "區政府会议,", "((((huì", "?qǐng)日", "1127日 ", "(：", "www."]
)
def test_time_grows_with_length_only(unit: str):
    """On one line without end, for every pattern that could go back and forth."""
    taken = []
    for size in (50_000, 200_000):
        text = unit * (size // len(unit))
        start = time.thread_time()
        normalize([text], assume="mirror")
        taken.append(time.thread_time() - start)
    assert taken[1] < 9 * taken[0] + 0.1


@pytest.mark.skipif(not SHARED.exists(), reason="the founding example is not beside the checkout")
def test_founding_example_becomes_its_original():
    """To the letter."""
    seed = SHARED / "seed"
    text, _ = repair_text((seed / "dongchangfu-49.txt").read_bytes())
    assert (seed / "gold.txt").read_text(encoding="utf-8") == text


@pytest.mark.skipif(not SHARED.exists(), reason="no collected pages beside the checkout")
def test_clean_bodies_stay_as_they_are():
    """Of all collected pages only those change that hold full-width digits or percent signs."""
    changed = {}
    for path in sorted((SHARED / "pages" / "gold").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").split("\n")
        result = normalize(lines)
        if tuple(lines) != result.texts or result.repairs.flags:
            changed[path.name] = result.repairs.steps
    assert all(steps == ("clean_unicode",) for steps in changed.values()), changed
    assert len(changed) <= 1, changed
