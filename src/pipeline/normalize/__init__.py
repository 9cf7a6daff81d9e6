"""From strings as published to clean simplified text, with a record of every repair.

`normalize` repairs the strings of one page together; the other functions are its steps,
for use on their own. Nothing here reads or writes anything but its arguments.
"""

from pipeline.decode.mojibake import fix_mojibake
from pipeline.normalize.characters import clean_unicode
from pipeline.normalize.dates import split_dates
from pipeline.normalize.page import Assumption, Normalized, normalize, quality_flags, repair_text
from pipeline.normalize.pinyin import find_marks, strip_annotations
from pipeline.normalize.punctuation import is_folded, restore_punct
from pipeline.normalize.script import (
    restore_zhe,
    script_of,
    should_simplify,
    to_simplified,
    to_traditional,
)
from pipeline.normalize.shifted import repair_shifted

__all__ = [
    "Assumption",
    "Normalized",
    "clean_unicode",
    "find_marks",
    "fix_mojibake",
    "is_folded",
    "normalize",
    "quality_flags",
    "repair_shifted",
    "repair_text",
    "restore_punct",
    "restore_zhe",
    "script_of",
    "should_simplify",
    "split_dates",
    "strip_annotations",
    "to_simplified",
    "to_traditional",
]
