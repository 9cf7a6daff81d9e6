"""What servers send besides good pages: bounded work, and never a wrong article."""

import contextlib
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ExtractError, PipelineError
from pipeline.extract import extract_page, extract_text
from pipeline.interpret import interpret
from pipeline.records import Capture, Layout

URL = "http://www.qinglan.gov.cn/xwzx/202502/t20250227_1.html"
TEXT = "青岚区召开会议，研究供水管网改造、校园食堂监管等事项，林知远主持会议并讲话。"


def test_nesting_of_100_000_is_an_error_with_a_name():
    """The parser would drop what is deeper, without a word."""
    with pytest.raises(ExtractError, match=r"deeper|tags|characters"):
        extract_page("<div>" * 100_000 + TEXT, url=URL)


def test_moderate_nesting_of_inline_tags_is_an_error_with_a_name():
    """Fewer tags than the limit, but deeper than the parser goes."""
    with pytest.raises(ExtractError, match="deeper"):
        extract_page("<body>" + "<b>" * 20_000 + TEXT, url=URL)


def test_50_megabytes_are_refused_at_once():
    """A limit that is only noticed after parsing is none."""
    page = "<p>" + "青" * 50_000_000
    started = time.thread_time()
    with pytest.raises(ExtractError, match="characters"):
        extract_page(page, url=URL)
    assert time.thread_time() - started < 1


def test_attribute_of_a_megabyte_is_harmless():
    """Pictures come as data addresses."""
    page = f'<p><img src="data:image/png;base64,{"A" * 1_000_000}">{TEXT}</p><p>{TEXT}</p>'
    assert (TEXT, TEXT) == extract_page(page, url=URL, expect="article").paragraphs


@pytest.mark.parametrize("page", ["", " \n", "<!-- -->", "<html></html>", "\x00"])
def test_page_without_anything_is_an_error_or_no_article(page):
    """An empty answer is not an article without text."""
    with contextlib.suppress(ExtractError):
        assert extract_page(page, url=URL).kind != "article"


def test_text_behind_a_second_end_of_page_is_kept():
    """Sites include whole pages in pages."""
    page = (
        f"<html><body><h1>标题一则</h1><div><p>{TEXT}</p></body></html><p>又{TEXT}</p></div></html>"
    )
    assert (TEXT, f"又{TEXT}") == extract_page(page, url=URL, expect="article").paragraphs


def test_text_behind_half_a_character_is_kept():
    """Lists bring texts in JSON, where half of a surrogate pair may stand alone."""
    page = (
        f"<html><body><h1>标题一则</h1><div><p>{TEXT}</p><p>又\ud83d{TEXT}</p></div></body></html>"
    )
    found = extract_page(page, url=URL, expect="article").paragraphs
    assert (TEXT, TEXT) == (found[0], found[1][-len(TEXT) :])


def test_truncated_page_says_so():
    """Half an article must not pass for a whole one."""
    page = f"<html><body><h1>标题一则</h1><div><p>{TEXT}</p><p>{TEXT[:9]}"
    assert ("the page ends before </html>",) == extract_page(page, url=URL).problems


@pytest.mark.parametrize(
    "page",
    [
        "<html><frameset cols=2><frame src=a.html><frame src=b.html></frameset></html>",
        "<html><body><div id=app></div><script>var a = '" + TEXT + "'</script></body></html>",
        '<html><head><script>location.href="/404.html"</script></head></html>',
    ],
)
def test_page_without_text_of_its_own_is_no_article(page):
    """Frames and script-built pages hold nothing to read."""
    assert extract_page(page, url=URL).kind != "article"


def test_single_characters_in_tags_of_their_own_stay_in_place():
    """Word-pasted pages lost 月 and 年 in other readers."""
    page = "<div><p>1<span>1</span><span>月</span><b>2</b>7<i>日</i>，" + TEXT + "</p></div>"
    assert ("11月27日，" + TEXT,) == extract_page(page, url=URL, expect="article").paragraphs


def test_readings_above_characters_are_left_out():
    """<rt> is a reading, not text."""
    page = f"<div><p><ruby>重<rp>(</rp><rt>chóng</rt><rp>)</rp></ruby>庆，{TEXT}</p></div>"
    assert ("重庆，" + TEXT,) == extract_page(page, url=URL, expect="article").paragraphs


def test_layout_names_the_body_and_what_to_cut():
    """An operator's selectors win over whatever is found."""
    page = f"<h1>标题一则</h1><div class=a><p>{TEXT * 3}</p></div><div class=b><p>{TEXT}</p><p class=x>删</p></div>"
    layout = Layout(body=("div.b",), cut=(".x",))
    assert (TEXT,) == extract_page(page, url=URL, layout=layout, expect="article").paragraphs


@pytest.mark.parametrize("selector", ["div[", "::", ":nth-child(", ""])
def test_wrong_selector_is_an_error_with_a_name(selector):
    """A slip in a source file must not end a run."""
    with pytest.raises(ExtractError):
        extract_page(f"<p>{TEXT}</p>", url=URL, layout=Layout(body=(selector,)))


def test_unknown_family_is_an_error_with_a_name():
    """The error names the families there are."""
    with pytest.raises(ExtractError, match="generic"):
        extract_page(f"<p>{TEXT}</p>", url=URL, layout=Layout(family="none-such"))


def test_text_file_has_one_paragraph_a_line():
    """A .txt is taken as a page of paragraphs."""
    assert ("第一段。", "第二段。") == extract_text("　　第一段。\r\n\r\n第二段。\n").paragraphs


_PIECES = st.sampled_from(
    ["<p>", "</p>", "<div class=content>", "</div>", "<a href='//[x'>", "</a>", "<table><tr><td>", "<br>", TEXT,
     "<script>", "</script>", "<!--", "-->", "<![CDATA[", "]]>", "&#x0;", "&#55555;", "2025-02-31 25:61", "来源：",
     "<record><![CDATA[", "<record>&lt;a", "</record>", "<base href='http://['>", "<meta name=PubDate content='2025-13-45'>",
     "createPageHTML(3,0,\"index\",\"html\")", "\ud800", "\x0b", "<svg><title>", "<title>", "<html", "</html>", "<ul><li>"]
)  # fmt: skip


@given(
    st.lists(_PIECES | st.text(max_size=6), max_size=40), st.sampled_from(["article", "list", None])
)
@settings(max_examples=300, deadline=None)
def test_any_page_is_read_or_refused_by_name(pieces, expect):
    """Nothing but our own errors comes out."""
    try:
        page = extract_page("".join(pieces), url=URL, expect=expect)
    except PipelineError:
        return
    assert all(x == x.strip() and x for x in page.paragraphs)
    assert all(x.url.startswith("http") for x in page.items)


@given(st.text(max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_or_refused_by_name(text):
    """Text files too."""
    try:
        extract_text(text)
    except PipelineError:
        return


def test_short_text_is_found_behind_its_title():
    """Menus and notes of a page may outweigh three sentences."""
    notes = "".join(f"<div><p>第{n}条说明，与本文无关，请勿当作正文。</p></div>" for n in range(6))
    page = (
        f"<html><head><title>标题一则甲乙丙</title></head><body>{notes}<div class=t><h1>标题一则甲乙丙</h1></div>"
        f"<div class=w><div class=l><p>{TEXT}</p><p>{TEXT}{TEXT}</p></div><div class=r><p>免责说明。</p></div></div></body></html>"
    )
    assert (TEXT, TEXT + TEXT) == extract_page(page, url=URL, expect="article").paragraphs


def test_tag_with_more_attributes_than_any_page_has_is_an_error_with_a_name():
    """The parser compares each with all before it."""
    names = " ".join(f"a{n}" for n in range(30_000))
    with pytest.raises(ExtractError, match="attributes"):
        extract_page(f"<p {names}>{TEXT}</p>", url=URL)


def test_line_that_repeats_ten_thousand_times_is_kept():
    """Each may look like the title above a text."""
    page = "<html><body><div>" + "青岚区召开会议<br>" * 10_000 + "</div></body></html>"
    assert 9_000 < len(extract_page(page, url=URL, expect="article").paragraphs)


def test_elements_that_are_never_closed_hold_nothing():
    """A search for the end of each would read the page as often as they stand there."""
    page = "<html><body>" + "<textarea><a href='/1.html'>青岚区召开会议" * 20_000
    assert () == extract_page(page, url=URL, expect="list").items


def test_text_longer_than_any_report_is_kept_and_not_understood():
    """Who looks for meetings in it learns where it was not looked."""
    body = f"<html><body><h1>标题一则</h1><div>{f'<p>{TEXT}</p>' * 10_000}</div></body></html>"
    capture = Capture(
        body=body.encode(),
        url=URL,
        requested_url=URL,
        headers=(("content-type", "text/html; charset=utf-8"),),
        fetched_at=datetime(2025, 2, 28, tzinfo=UTC),
        status=200,
    )
    read = interpret(capture, expect="article")
    assert 10_000 == len(read.paragraphs)
    assert any("not understood" in x for x in read.problems)
