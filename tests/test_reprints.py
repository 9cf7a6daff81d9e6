"""What is one story, and what only looks like one."""

import itertools
import json
import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.demo.mangle import mangle
from pipeline.normalize import repair_text
from pipeline.reprints import Told, bands, essence, is_one_story, is_still_told
from pipeline.store.folding import fold

DAY = date(2026, 3, 1)
SHARED = Path(__file__).resolve().parents[2] / "shared" / "pages"

_MATTERS = [
    "防汛抗旱",
    "安全生产",
    "老旧小区改造",
    "招商引资",
    "乡村振兴",
    "生态环境",
    "食品安全",
    "义务教育",
    "道路建设",
    "医疗保障",
    "城市更新",
    "粮食收购",
]
_DEEDS = [
    "压实属地责任",
    "细化工作方案",
    "排查风险隐患",
    "加快项目进度",
    "完善应急预案",
    "抓好督促检查",
    "统筹资金安排",
    "强化部门联动",
    "做好群众工作",
    "严守时间节点",
]


def meeting(seed: int) -> tuple[str, str]:
    """Title and text of a made-up report; all of them are built in the same way."""
    dice = random.Random(seed)
    n, day = dice.randint(1, 90), dice.randint(1, 28)
    matters = dice.sample(_MATTERS, 3)
    lines = [f"3月{day}日，区长江阔主持召开区政府第{n}次常务会议，研究{'、'.join(matters)}等工作。"]
    for matter in matters:
        deeds = dice.sample(_DEEDS, 4)
        count = dice.randint(3, 400)
        lines.append(
            f"会议听取了{matter}工作情况汇报。会议指出，今年以来全区{matter}工作取得了新的成效，完成项目{count}个。"
            f"会议强调，各级各部门要{'，'.join(deeds)}，推动{matter}各项任务落到实处。"
        )
    return f"江阔主持召开区政府第{n}次常务会议", "\n".join(lines)


def told(title: str, text: str, source: str = "qinglan", **changes: object) -> Told:
    """A story as a page tells it."""
    plain = Told(title=essence(fold(title)), text=essence(fold(text)), day=DAY, source=source)
    return replace(plain, **changes)  # type: ignore[arg-type]


def have_a_band(a: Told, b: Told) -> bool:
    """Whether the store would look at the two."""
    return not set(bands(a.title, a.text)).isdisjoint(bands(b.title, b.text))


def looked_at(stories: list[Told]) -> list[tuple[Told, Told]]:
    """The pairs that the store would look at."""
    known = [set(bands(x.title, x.text)) for x in stories]
    pairs = itertools.combinations(range(len(stories)), 2)
    return [(stories[a], stories[b]) for a, b in pairs if known[a] & known[b]]


TITLE, TEXT = meeting(1)
STORY = told(TITLE, TEXT)


@pytest.mark.parametrize(
    "other",
    [
        told(TITLE, TEXT, "yunze"),
        told(TITLE, TEXT),  # in another column of the same site
        told(TITLE, f"本报讯（记者王小溪）{TEXT}责任编辑：李河", "yunze"),
        told(f"青岚区：{TITLE}", TEXT, "yunze", day=DAY + timedelta(days=3)),
        told("区里研究几项工作", TEXT, "yunze"),  # another headline
        told(TITLE, TEXT[:-60], "yunze"),  # the end was left out
    ],
)
def test_reprints_are_one_story(other: Told):
    """Whatever the second publisher puts around it."""
    assert is_one_story(STORY, other)
    assert is_one_story(other, STORY)
    assert have_a_band(STORY, other)


@pytest.mark.parametrize(
    "other",
    [
        told(TITLE, TEXT, "yunze", day=DAY + timedelta(days=8)),
        told("江阔主持召开区政府第91次常务会议", TEXT, "yunze"),
        told(TITLE, TEXT.replace("个。", "0个。"), "yunze"),  # every figure is another one
        told(*meeting(2), "yunze"),
        told(TITLE, meeting(2)[1], "yunze"),
        told(TITLE, TEXT.replace("江阔", "何川")),  # a form that the same site fills in again
    ],
)
def test_others_are_not(other: Told):
    """Later years, next meetings, other figures, other people."""
    assert not is_one_story(STORY, other)


def test_known_mirrors_are_believed_with_less():
    """A source's file says whom it repeats: a part of the text or a caption will do."""
    mirror = told(TITLE, TEXT[: len(TEXT) // 5], "mirror", mirror_of="qinglan")
    assert is_one_story(STORY, mirror)
    assert is_one_story(mirror, STORY)
    assert not is_one_story(STORY, replace(mirror, mirror_of="yunze"))
    caption = told("图片新闻", "图为河畔。")
    assert is_one_story(caption, told("图片新闻", "图河畔", "mirror", mirror_of="qinglan"))


def test_documents_of_two_numbers_are_two():
    """Districts issue the same notice, each with a number of its own."""
    ours = told(TITLE, TEXT, number="青政发〔2026〕1号")
    theirs = told(TITLE, TEXT, "yunze", number="云政发〔2026〕4号")
    assert not is_one_story(ours, theirs)
    assert is_one_story(ours, replace(theirs, number=None))


def test_little_text_is_the_same_only_word_for_word_on_one_day():
    """Pictures with a caption: a common title says nothing, a long one with the same words does."""
    caption = told("春到青岚河畔花正开", "图为河畔。")
    assert is_one_story(caption, replace(caption, source="yunze"))
    assert not is_one_story(caption, replace(caption, day=DAY + timedelta(days=1)))
    assert not is_one_story(told("图片新闻", ""), told("图片新闻", "", "yunze"))


@pytest.mark.parametrize("fold_marks", [False, True])
def test_mangled_mirrors_are_the_story(fold_marks: bool):
    """Repaired as well as it can be, with what the mirror lost."""
    for seed in range(40):
        title, text = meeting(seed)
        shown, _ = repair_text(mangle(title, fold=fold_marks).encode(), assume="mirror")
        body, repairs = repair_text(mangle(text, fold=fold_marks).encode(), assume="mirror")
        mirror = told(shown, body, "mirror", damaged="damaged" in repairs.flags)
        assert is_one_story(told(title, text), mirror)
        assert have_a_band(told(title, text), mirror)


def test_reports_out_of_one_mould_are_not_joined():
    """None of 44,850 pairs of reports with the same phrases: below 1 in 10,000 at 95 %."""
    stories = [told(*meeting(x), str(x)) for x in range(300)]
    pairs = looked_at(stories)
    assert len(pairs) > 200, "the mould must be tight enough to be tried at all"
    assert [] == [(a.title, b.title) for a, b in pairs if is_one_story(a, b)]


def test_real_pages_are_all_different():
    """None of 2,485 pairs of the shared pages, and each is found again in its mangled copy."""
    if not SHARED.is_dir():
        pytest.skip("the shared pages are not here")
    rows = [json.loads(x) for x in (SHARED / "manifest.jsonl").read_text("utf-8").splitlines() if x]
    found = []
    for row in rows:
        gold = SHARED / "gold" / f"{row['file'].removesuffix('.html')}.txt"
        if row["kind"] == "article" and gold.is_file():
            found.append((row["gold"].get("title") or "", gold.read_text("utf-8"), row["file"]))
    assert len(found) > 60
    stories = [told(*x) for x in found]
    assert not any(itertools.starmap(is_one_story, looked_at(stories)))
    for (title, text, _), story in zip(found, stories, strict=True):
        shown, _ = repair_text(mangle(title).encode(), assume="mirror")
        body, repairs = repair_text(mangle(text).encode(), assume="mirror")
        mirror = told(shown, body, "mirror", damaged="damaged" in repairs.flags)
        assert is_one_story(story, mirror)
        assert have_a_band(story, mirror)


def test_page_reused_for_another_text_is_told_from_a_correction():
    """One word changed leaves most of the text; another story leaves nothing."""
    before = bands(STORY.title, STORY.text)
    assert is_still_told(before, bands(STORY.title, STORY.text.replace("江阔", "何川")))
    assert not is_still_told(before, bands("雨", "雨" * 9))


@given(st.text(st.sampled_from("修桥路3月1日会议，a"), max_size=80), st.text(max_size=20))
def test_any_text_has_its_bands_and_is_its_own_story(text: str, title: str):
    """Nothing raises; equal texts have equal bands; the order of two does not matter."""
    one, two = told(title, text, "a"), told(title[::-1], text[::-1], "b")
    assert bands(one.title, one.text) == bands(one.title, one.text)
    assert is_one_story(one, two) == is_one_story(two, one)
