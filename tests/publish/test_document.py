"""Texts and addresses from outside, made fit for every format."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline.publish.document import clean, plain_title, web_address

anything = st.text(st.characters(codec=None), max_size=60)
"""Strings of any code points, lone surrogates and noncharacters included."""

pieces = st.sampled_from(
    ["<", ">", "&", "&lt;", "amp;", "<b>", "</b>", "]]>", "#60;", "\x0b", "讯"]
)


@given(anything)
def test_clean_text_can_stand_in_xml(text):
    """What is left is what an XML parser gives back, but for its line ends."""
    kept = clean(text)
    element = etree.fromstring(etree.tostring(_element(kept), encoding="UTF-8"))
    assert kept == (element.text or "")


def _element(text):
    element = etree.Element("x")
    element.text = text
    return element


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=60))
def test_sound_text_stays_as_it_is(text):
    """Letters, signs and blanks of all scripts are none of its business."""
    assert text == clean(text)


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("区政府召开第49次常务会议", "区政府召开第49次常务会议"),
        (" 两行\n标题\t ", "两行 标题"),
        ("<font color=red>重要</font>通知", "重要通知"),
        ("关于<规定>的通知", "关于＜规定＞的通知"),
        ("A&amp;B&nbsp;公司", "A&B 公司"),
        ("&amp;lt;b&amp;gt;粗&amp;lt;/b&amp;gt;", "粗"),
        ("5 < 6 & 7 > 6", "5 ＜ 6 & 7 ＞ 6"),
        ("\x00\ud800\ufffe", ""),
    ],
)
def test_titles_are_plain_text(title, plain):
    """Tags and entities are taken out; brackets that are meant become full-width."""
    assert plain == plain_title(title)


@given(st.lists(pieces | anything, max_size=12).map("".join))
def test_no_title_can_be_taken_for_html(text):
    """Whatever stands in it: no bracket, no entity, one line; a second pass changes nothing."""
    title = plain_title(text)
    assert not set("<>\n\r\t") & set(title)
    assert title == plain_title(title)
    assert title == clean(title)


@pytest.mark.parametrize(
    ("address", "sound"),
    [
        ("https://a.example/b.html", "https://a.example/b.html"),
        (" http://a.example/附件 1.pdf\n", "http://a.example/%E9%99%84%E4%BB%B6%201.pdf"),
        ("http://a.example/x?a=1&b=[2]#f", "http://a.example/x?a=1&b=[2]#f"),
        ("http://a.example/%E9%99%84.pdf", "http://a.example/%E9%99%84.pdf"),
        ("http://a.example/\"onload='x'<>", "http://a.example/%22onload=%27x%27%3C%3E"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("/relative.html", None),
        ("http://", None),
        ("http://[broken", None),
        ("http://a b/", None),
        ("", None),
    ],
)
def test_addresses_are_absolute_and_quoted(address, sound):
    """Only the web, nothing that runs; blanks and Chinese are quoted, quoted ones stay."""
    assert sound == web_address(address)


@given(anything)
def test_addresses_never_break_out(text):
    """What comes back can stand between quotes, and is sound already."""
    found = web_address(f"https://a.example/{text}")
    assert found is None or not set("\"'<> \n\\") & set(found)
    assert found is None or found == web_address(found)
