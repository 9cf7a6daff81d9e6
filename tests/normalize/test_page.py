"""Repairs of whole pages."""

from pathlib import Path

from pipeline.normalize import normalize, repair_text

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
