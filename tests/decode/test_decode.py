"""From bytes to characters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.decode import decode
from pipeline.errors import DecodeError, PipelineError
from pipeline.records import Count

TEXT = "青岚区人民政府召开第十二次常务会议，研究部署全区冬季农田水利建设工作。" * 8
TRADITIONAL = "青嵐區人民政府召開第十二次常務會議，研究部署全區冬季農田水利建設工作。" * 8


def page(text: str, label: str = "") -> str:
    """A small page that declares *label*."""
    meta = f'<meta charset="{label}">' if label else ""
    return f"<html><head>{meta}<title>青岚要闻</title></head><body><p>{text}</p></body></html>"


def broken(body: bytes) -> bytes:
    """The same with one impossible byte in the middle."""
    at = len(body) // 2
    while body[at] < 0x80:
        at += 1
    return body[:at] + b"\xff" + body[at + 1 :]


WAYS = [
    pytest.param("gb2312", "gbk", TEXT, id="declared gb2312, is GBK"),
    pytest.param("gb2312", "gb18030", TEXT + "㐂", id="declared gb2312, is GB 18030"),
    pytest.param("", "gbk", TEXT, id="silent, is GBK"),
    pytest.param("", "utf-8", TEXT, id="silent, is UTF-8"),
    pytest.param("gb2312", "utf-8", TEXT, id="declared gb2312, is UTF-8"),
    pytest.param("utf-8", "gbk", TEXT, id="declared UTF-8, is GBK"),
    pytest.param("big5", "gbk", TEXT, id="declared Big5, is GBK"),
    pytest.param("iso-8859-1", "gbk", TEXT, id="declared Latin-1, is GBK"),
    pytest.param("no-such-charset", "gbk", TEXT, id="declared nonsense, is GBK"),
    pytest.param("big5", "big5hkscs", TRADITIONAL, id="declared Big5"),
    pytest.param("", "big5hkscs", TRADITIONAL, id="silent, is Big5"),
]
CODECS = {"gbk": "gb18030"}


@pytest.mark.parametrize(("label", "encoding", "text"), WAYS)
def test_characters_come_back_whatever_is_declared(label: str, encoding: str, text: str):
    """What the bytes can be counts more than what the page says they are."""
    html = page(text, label)
    if encoding == "big5hkscs":
        html = html.replace("青岚要闻", "青嵐要聞")
    result = decode(html.encode(encoding))
    assert (html, CODECS.get(encoding, encoding), 0) == (
        result.text,
        result.encoding,
        result.replaced,
    )


@pytest.mark.parametrize(("label", "encoding", "text"), WAYS)
def test_one_broken_byte_never_changes_the_encoding(label: str, encoding: str, text: str):
    """Detectors by statistics turn such pages into windows-1252."""
    html = page(text, label).replace("青岚要闻", "")
    result = decode(broken(html.encode(encoding)))
    assert CODECS.get(encoding, encoding) == result.encoding
    assert 1 <= result.replaced <= 3
    assert "damaged" in result.flags


def test_text_behind_long_scripts_decides():
    """Half a megabyte of script comes before the first Chinese character."""
    html = page(TEXT).replace("<title>", "<script>" + "var a = 1;" * 50_000 + "</script><title>")
    assert "utf-8" == decode(broken(html.encode())).encoding
    assert html == decode(html.encode("gbk")).text


def test_rare_name_is_read_under_the_label_gb2312():
    """镕 is in GBK only; the label means GB 18030 (WHATWG)."""
    assert "朱镕基" in decode(page("朱镕基", "gb2312").encode("gbk")).text


@pytest.mark.parametrize("label", ["cp936", "x-gbk", "GB_2312-80", "gbk"])
def test_old_labels_mean_gbk(label: str):
    """They are all in use."""
    assert "gb18030" == decode("镕".encode("gbk"), http_charset=label).encoding


def test_header_wins_over_meta():
    """The HTTP charset was set by somebody who knows the server."""
    result = decode(page("abc", "gb2312").encode("big5", "ignore"), http_charset="Big5")
    assert "big5" == result.declared


def test_latin_1_of_the_header_is_passed_over():
    """Servers send it unasked."""
    result = decode(page(TEXT, "gb2312").encode("gbk"), http_charset="ISO-8859-1")
    assert ("gb2312", "gb18030") == (result.declared, result.encoding)


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\x84\x31\x95\x33", "gb18030"),
    ],
)
def test_byte_order_mark_is_believed_and_left_out(mark: bytes, encoding: str):
    """It comes before everything else."""
    result = decode(mark + TEXT.encode(encoding), http_charset="big5")
    assert (TEXT, encoding) == (result.text, result.encoding)


def test_xml_declaration_is_read():
    """Old XHTML pages carry no meta."""
    body = '<?xml version="1.0" encoding="GBK"?><html>青岚</html>'.encode("gbk")
    assert "gbk" == decode(body).declared


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_half_a_character_at_the_end_costs_only_itself(encoding: str):
    """A response cut off in the middle."""
    result = decode("研究全区工作会".encode(encoding)[:-1])
    assert ("研究全区工作\ufffd", encoding) == (result.text, result.encoding)


@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
def test_page_encoded_twice_is_read_once_more(wrong: str):
    """The whole page is UTF-8 that was taken for Latin-1 and saved as UTF-8."""
    html = page("会议要求，落实责任。")
    try:
        twice = html.encode().decode(wrong).encode()
    except UnicodeDecodeError:
        html = page("全区会议。").replace("青岚要闻", "会议")
        twice = html.encode().decode(wrong).encode()
    result = decode(twice)
    assert html == result.text
    assert ("fix_mojibake",) == result.steps
    assert ("repaired",) == result.flags


def test_gbk_taken_for_latin_1_is_read_once_more():
    """The same with a GBK page."""
    html = page(TEXT)
    assert html == decode(html.encode("gbk").decode("latin-1").encode()).text


def test_gbk_article_in_a_utf_8_frame():
    """Two programs made the page."""
    body = page("¤").encode().replace("¤".encode(), TEXT.encode("gbk"))
    result = decode(body)
    assert page(TEXT) == result.text
    assert ("mend_encoding",) == result.steps
    assert (Count(name="mixed_encoding", n=1),) == result.counts
    assert ("repaired",) == result.flags


def test_utf_8_article_in_a_gbk_frame():
    """And the reverse."""
    body = page("¤" * 3, "gbk").encode("gbk").replace("¤¤¤".encode("gbk"), TEXT.encode())
    assert page(TEXT, "gbk") == decode(body).text


def test_null_characters_are_left_out():
    """An HTML parser would end the page there."""
    assert "青岚区" == decode("青\0岚区".encode()).text


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7\n\xe2\xe3\xcf\xd3 trailer",
        b"PK\x03\x04" + bytes(40),
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        b"\xff\xd8\xff\xe0" + bytes(range(256)),
        bytes(range(256)) * 20,
    ],
)
def test_bytes_that_are_no_text_are_refused_with_a_reason(body: bytes):
    """Better no text than noise that looks like one."""
    with pytest.raises(DecodeError, match=r"not text|no text"):
        decode(body)


def test_nothing_is_text_too():
    """An empty response is the next step's affair."""
    assert ("", 0) == (decode(b"").text, decode(b"").replaced)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_noise_is_refused_or_marked(body: bytes):
    """Nothing else is raised, and what could not be read is counted."""
    try:
        result = decode(body)
    except PipelineError:
        return
    assert result.replaced == result.text.count("\ufffd")
    assert bool(result.replaced) == ("damaged" in result.flags)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200))
def test_valid_utf_8_stays(text: str):
    """Whatever else it could be."""
    body = text.encode()
    if body.startswith((b"\xef\xbb\xbf", b"%PDF", b"GIF8", b"PK\x03\x04")):
        return
    try:
        result = decode(body)
    except DecodeError:
        return  # mostly control characters
    assert text == result.text or "fix_mojibake" in result.steps
