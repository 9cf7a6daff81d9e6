"""Cleaning single characters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.decode.mojibake import fix_mojibake
from pipeline.normalize import clean_unicode, normalize
from pipeline.normalize.characters import is_clean

CASES = [
    ("\u200b会\ufeff议\u00ad", "会议", "invisible characters"),
    ("\u3000\u3000要提高认识\u00a0", "要提高认识", "indents"),
    ("张\u3000三\u2003 李四", "张 三 李四", "one space within"),
    ("⼈⺠政府，⻓江⻔户", "人民政府，长江门户", "radicals; NFKC leaves the Supplement"),
    ("\uf92d自", "來自", "compatibility ideographs"),
    ("第４９次，增长５．８％，ＡＢ类", "第49次，增长5.8%，AB类", "full-width digits and letters"),
    ("第一．范围", "第一．范围", "a full-width point between words stays"),
    ("“会议”，（一）①㎡…：！", "“会议”，（一）①㎡…：！", "Chinese punctuation stays"),
    ("\ue5e5\ue5e5一是", "一是", "GBK A3A0"),
    ("\ue81e\ue864\ue816", "龴龻\U00020087", "GB 18030-2000 leftovers"),
    ("\ue78d\ue796", "\ufe10\ufe19", "vertical forms of GB 18030-2000"),
    ("葛\ufe00\U000e0100城", "葛城", "variation selectors behind Han"),
    ("☀\ufe0f", "☀\ufe0f", "and not elsewhere"),
    ("一\r\n二\r三\u2028四", "一\n二\n三\n四", "line ends"),
    ("会\x00议\x1f\x7f\x9f", "会议", "controls"),
    ("会\ud800议", "会\ufffd议", "lone surrogates"),
    ("e\u0301", "é", "NFC"),
    ("\t标题 \n 正文", "标题\n正文", "every line is trimmed"),
    ("", "", "nothing"),
]


@pytest.mark.parametrize(("text", "expected"), [c[:2] for c in CASES], ids=[c[2] for c in CASES])
def test_characters_are_the_ones_meant(text: str, expected: str):
    """Look-alikes, leftovers and widths, character by character."""
    assert expected == clean_unicode(text)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_cleaning_twice_is_cleaning_once(text: str):
    """For any string at all."""
    once = clean_unicode(text)
    assert once == clean_unicode(once)


@settings(deadline=None)
@given(
    st.text(
        st.sampled_from("会议 \n\u3000４．％，、\u200b\ufe00⺠\uf92d\r\ta1é\u0301"), max_size=12
    )
)
def test_quick_look_agrees_with_cleaning(text: str):
    """What the quick look calls clean would not change."""
    if is_clean(text, set(text)):
        assert text == clean_unicode(text)


def test_step_is_named_only_where_something_changed():
    """An indent is a change, a clean text none."""
    assert ("clean_unicode",) == normalize(["　　会议"]).repairs.steps
    assert () == normalize(["会议"]).repairs.steps


MOJIBAKE = "区政府召开会议"


@pytest.mark.parametrize("rounds", [1, 2])
@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
def test_utf_8_read_as_western_is_undone(wrong: str, rounds: int):
    """Also when it happened twice."""
    text = "会议要求，" if wrong == "latin-1" else "全区会议"
    shown = text
    for _ in range(rounds):
        try:
            shown = shown.encode().decode(wrong)
        except UnicodeDecodeError:
            pytest.skip("cp1252 has no character for one of the bytes")
    assert text == fix_mojibake(shown)


def test_gbk_read_as_latin_1_is_undone():
    """Which ftfy declines to do."""
    assert MOJIBAKE == fix_mojibake(MOJIBAKE.encode("gbk").decode("latin-1"))


@pytest.mark.parametrize(
    "text", ["Café à la carte", "会议é", "鍖烘斂搴", "naïve", "åº“", "ÄÖÜäöüß", ""]
)
def test_other_text_is_no_mojibake(text: str):
    """Only what becomes Chinese is converted."""
    assert text == fix_mojibake(text)


def test_mojibake_of_one_string_is_flagged():
    """The record says that the text was restored."""
    result = normalize(["会议", MOJIBAKE.encode().decode("latin-1")])
    assert ("会议", MOJIBAKE) == result.texts
    assert (("fix_mojibake",), ("repaired",)) == (result.repairs.steps, result.repairs.flags)


def test_name_in_private_characters_is_flagged():
    """Nobody else can read them; icons of a site's font stand alone."""
    assert ("damaged",) == normalize(["王\ue123出席"]).repairs.flags
    assert () == normalize(["\ue123 分享到"]).repairs.flags
