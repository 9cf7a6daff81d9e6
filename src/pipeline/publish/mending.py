"""What was repaired in a text, in plain words for its page. Pure."""

from dataclasses import dataclass

from pipeline.publish.document import clean
from pipeline.records import Repairs

_STEPS = {
    "fix_mojibake": ("纠正乱码", "mojibake"),
    "mend_encoding": ("理顺混杂的编码", "mixed_encoding"),
    "restore_bytes": ("还原被拆散的字", "split_characters"),
    "strip_pinyin": ("去掉夹注的拼音", "pinyin"),
    "to_simplified": ("转为简体字", "converted"),
    "widen_punctuation": ("恢复中文标点", "widened"),
    "clean_unicode": ("清理不可见字符", "cleaned_texts"),
    "split_date": ("补全日期", "dates"),
}
"""Words for each step, and the count that says how often it was needed."""

_LOST = ("damaged_places", "replaced")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """One repair: ``words`` of the page's own where it is known, else the step's name."""

    words: str
    places: int
    is_known: bool


def mendings(repairs: Repairs) -> tuple[tuple[Mending, ...], int]:
    """The repairs in order, and how many places stay lost."""
    counts = {x.name: x.n for x in repairs.counts}
    found = []
    for step in repairs.steps:
        words, count = _STEPS.get(step, (clean(step), ""))
        found.append(Mending(words=words, places=counts.get(count, 0), is_known=step in _STEPS))
    return tuple(found), sum(counts.get(x, 0) for x in _LOST)
