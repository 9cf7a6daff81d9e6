"""Annotations of mirrors."""

from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.decode.readings import default_readings
from pipeline.normalize import find_marks, normalize, strip_annotations

FORMS = [
    ("會(huì)議", "會議", "plain"),
    ("標（biāo）準（zhǔn）化", "標準化", "full-width brackets"),
    ("標（biāo)準﹙zhǔn﹚化[huà]", "標準化[huà]", "mixed brackets"),
    ("機(ji1)關(guan1)", "機關", "tone numbers"),
    ("會(hui\u0300)議", "會議", "combining marks"),
    ("會 (huì )議", "會議", "spaces"),
    ("會\u00a0(\u3000huì)議", "會議", "other spaces"),
    ("會(huì)(huì)議", "會議", "twice"),
    ("會((huì))議", "會議", "in two brackets"),
    ("會(huì(huì))議", "會議", "one in the other"),
    ("我們(men)", "我們", "neutral tone"),
    ("會(ɡuì)", "會(ɡuì)", "another reading"),
    ("關(ɡuān)", "關", "script g of GBK"),
    ("綠(lǜ)綠(lü4)綠(lv4)綠(lu:4)", "綠綠綠綠", "ü in all spellings"),
    ("會(ㄏㄨㄟˋ)議學(ㄒㄩㄝˊ)習", "會議學習", "zhuyin"),
    ("們(˙ㄇㄣ)經(ㄐㄧㄥ)", "們經", "zhuyin, neutral and first tone"),
]
KEPT = [
    ("鄆(yùn)城", "a rare character"),
    ("區(ōu)先生", "a surname's reading"),
    ("會(kuài)計", "another reading"),
    ("重(zhòng)要", "the character is the same in both scripts"),
    ("會(hui)議", "no tone where the default has one"),
    ("合作(PPP)項目(km)", "abbreviations"),
    ("會(huìyì)", "two syllables"),
    ("會\n(huì)", "a line break between"),
    ("會議(huì)", "the wrong character"),
]


@pytest.mark.parametrize(("text", "expected"), [c[:2] for c in FORMS], ids=[c[2] for c in FORMS])
def test_annotations_go_in_all_their_forms(text: str, expected: str):
    """Programs differ in brackets, spaces and spelling."""
    assert expected == strip_annotations(text)[0]


@pytest.mark.parametrize("text", [c[0] for c in KEPT], ids=[c[1] for c in KEPT])
def test_what_is_no_annotation_stays(text: str):
    """On a mangled page too."""
    assert (text, 0) == strip_annotations(text)


@pytest.mark.parametrize(
    "text",
    [
        "郓(yùn)城县与郯(tán)城县召开会议",
        "重(zhòng)要，朝(cháo)阳，长(zhǎng)",
        "政府和社会资本合作(PPP)项目，全长5公里(km)",
        "“會(huì)”字的写法",
        "区里请语文老师讲繁体多音字，现场气氛热烈：會(huì)、會(kuài)、調(diào)、調(tiáo)、長(cháng)",
    ],
)
def test_clean_page_keeps_its_glosses(text: str):
    """Too few of them, or of other readings too."""
    assert text == normalize([text]).texts[0]


def test_page_is_judged_as_a_whole():
    """A paragraph with one annotation is repaired because of the others."""
    result = normalize(["會(huì)議", "研究產(chǎn)業", "強(qiáng)調"])
    assert ("会议", "研究产业", "强调") == result.texts


def test_known_mirror_needs_one_annotation_only():
    """The source's configuration is evidence too."""
    assert ("會(huì)議",) == normalize(["會(huì)議"]).texts
    assert ("会议",) == normalize(["會(huì)議"], assume="mirror").texts


def test_clean_page_of_a_known_mirror_stays():
    """Some mirrors show some pages unharmed."""
    text = "区政府召开会议,研究郓(yùn)城的工作。"
    assert text == normalize([text], assume="mirror").texts[0]


def test_nothing_is_repaired_where_text_is_said_to_be_clean():
    """The operator knows better."""
    text = "會(huì)議強(qiáng)調(diào),要落實(shí)"
    assert text == normalize([text], assume="clean").texts[0]


def test_character_annotated_only_sometimes_is_no_mirror():
    """Programs annotate everywhere or nowhere."""
    text = "會(huì)產(chǎn)業會議會議會議會議會議"
    assert not find_marks([text]).mangled()


@settings(max_examples=60, deadline=None)
@given(
    chars=st.sets(st.sampled_from(sorted(default_readings())), min_size=2, max_size=40),
    frame=st.text(st.sampled_from("的一是在了人和大为工作，。（一）(2)PPP:;1—9"), max_size=40),
)
def test_stripping_undoes_annotation(mangler: ModuleType, chars: set[str], frame: str):
    """Whatever characters a site annotates, the text comes back whole."""
    text = "".join(c + frame for c in sorted(chars))
    shown = mangler.annotate(text, "".join(chars))
    assert find_marks([shown]).mangled()
    assert text == strip_annotations(shown)[0]
