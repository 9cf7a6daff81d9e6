"""Repairs of whole pages."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.decode import decode
from pipeline.normalize import normalize, repair_text
from pipeline.records import Count

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"


def lines(name: str) -> list[str]:
    return (FIXTURES / name).read_text(encoding="utf-8").split("\n")


def test_mangled_story_reads_as_its_publisher_wrote_it():
    """Annotations go, characters become simplified, punctuation is widened."""
    result = normalize(lines("mangled-story.txt"))
    assert lines("mangled-story.gold.txt") == list(result.texts)
    assert result.repairs.steps == ("strip_pinyin", "to_simplified", "widen_punctuation")


def test_clean_story_comes_back_unchanged():
    """No evidence, no repair."""
    clean = lines("mangled-story.gold.txt")
    result = normalize(clean)
    assert clean == list(result.texts)
    assert result.repairs.steps == ()


def test_file_keeps_its_lines():
    """A file is one page, line for line."""
    text, repairs = repair_text((FIXTURES / "mangled-story.txt").read_bytes())
    assert (FIXTURES / "mangled-story.gold.txt").read_text(encoding="utf-8") == text
    assert repairs.script == "hant"


def test_steps_of_decoding_come_first():
    """One record of all repairs."""
    body = "區(qū)政府會(huì)議強(qiáng)調(diào)".encode("gbk")
    decoded = decode(body)
    result = normalize([decoded.text], decoded=decoded)
    assert ("区政府会议强调",) == result.texts
    assert ("strip_pinyin", "to_simplified") == result.repairs.steps
    assert Count(name="pinyin", n=4) in result.repairs.counts
    assert "gb18030" == result.repairs.encoding


def test_damage_elsewhere_on_the_page_does_not_flag_the_article():
    """A broken byte in a menu."""
    decoded = decode("区政府会议召开，研究部署工作。".encode() * 3 + b"\xff")
    assert "damaged" in decoded.flags
    assert () == normalize(["会议召开"], decoded=decoded).repairs.flags
    assert ("damaged",) == normalize(["会议\ufffd召开"], decoded=decoded).repairs.flags


@pytest.mark.parametrize(
    "module", ["pydantic", "prefect", "requests", "lxml", "bs4", "opencc", "pypinyin"]
)
def test_import_is_light(module: str):
    """The command for files starts without the engine, or OpenCC where nothing is converted."""
    code = (
        "import sys, pipeline.normalize as n; n.repair_text('会议'.encode());"
        f"sys.exit({module!r} in sys.modules)"
    )
    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode


def test_table_is_what_the_generator_makes():
    """Nobody edits it by hand."""
    pytest.importorskip("pypinyin")
    script = Path(__file__).resolve().parents[2] / "deployments" / "tools" / "make_tables.py"
    done = subprocess.run([sys.executable, str(script), "--check"], check=False)
    assert 0 == done.returncode
