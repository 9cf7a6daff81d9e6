"""Annotations in GBK bytes."""

import importlib.util
from pathlib import Path

import pytest

from pipeline.decode import decode
from pipeline.decode.annotated import strip_bytes
from pipeline.decode.readings import default_readings, reading_key
from pipeline.records import Count

_PATH = Path(__file__).resolve().parents[1] / "normalize" / "mangler.py"
_spec = importlib.util.spec_from_file_location("mangler_for_bytes", _PATH)
assert _spec is not None
assert _spec.loader is not None
mangler = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(mangler)

STORY = "區政府機關日報：因為一開會議就研究縣里的產業，學校、農業、醫療都要強調。" * 3


def test_bytes_are_restored_exactly():
    """Even where the program cut characters apart."""
    body = mangler.annotate_bytes(STORY, mangler.ORDER)
    assert STORY not in mangler.read_leniently(body).replace("(", "")
    assert STORY.encode("gbk") == strip_bytes(body).body


def test_page_in_gbk_is_read_without_annotations():
    """The steps say what was done; nothing was guessed, so nothing is flagged."""
    body = mangler.annotate_bytes(STORY, mangler.ORDER)
    result = decode(body, http_charset="gb2312")
    assert STORY == result.text
    assert ("strip_pinyin", "restore_bytes") == result.steps
    assert () == result.flags
    assert Count(name="split_characters", n=6) in result.counts


@pytest.mark.parametrize("text", ["鄆(yùn)城縣與郯(tán)城縣", "區(qū)", "合作(PPP)，距離5公里(km)"])
def test_gloss_of_a_writer_stays_in_the_bytes(text: str):
    """One reading aid makes no mirror."""
    assert text.encode("gbk") == strip_bytes(text.encode("gbk")).body


def test_textbook_page_is_left_alone():
    """Where other readings stand in brackets too, a person wrote them."""
    text = (
        "多音字：會(huì)議，會(kuài)計，調(tiáo)節，調(diào)查，長(zhǎng)輩，長(cháng)短，樂(lè)觀"
    )
    assert text.encode("gbk") == strip_bytes(text.encode("gbk")).body


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("huì", "hui4"),
        ("hui\u0300", "hui4"),
        ("hui4", "hui4"),
        ("lǜ", "lv4"),
        ("lu:4", "lv4"),
        ("lv4", "lv4"),
        ("men", "men5"),
        ("men0", "men5"),
        ("ɡuɑ\u0304n", "guan1"),
        ("zhăn", "zhan3"),
        ("PPP", ""),
        ("huì4", ""),
        ("二", ""),
        ("", ""),
    ],
)
def test_syllables_are_compared_by_letters_and_tone(written: str, key: str):
    """Programs write the same reading in many ways."""
    assert key == reading_key(written)


def test_table_holds_the_measured_characters():
    """Differing from their simplified form, which is frequent: 1,552, among them 著."""
    assert 1552 == len(default_readings())
    assert "hui4" == default_readings()["會"]
    assert "diao4" == default_readings()["調"]
    assert not {"鄆", "郯", "重", "整"} & default_readings().keys()
