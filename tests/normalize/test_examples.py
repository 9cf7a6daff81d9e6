"""The 40 collected cases, where they lie beside the checkout."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.decode import decode
from pipeline.normalize import (
    clean_unicode,
    fix_mojibake,
    normalize,
    quality_flags,
    restore_punct,
    strip_annotations,
    to_simplified,
)

PATH = Path(__file__).resolve().parents[2].parent / "shared" / "seed" / "normalize_examples.jsonl"


def cases() -> list[Any]:
    """Every case that is about text; dates and ordinals belong to `pipeline.parse`."""
    if not PATH.exists():
        return []
    read = [json.loads(line) for line in PATH.read_text(encoding="utf-8").splitlines()]
    return [
        pytest.param(c, id=f"{c['id']} {c['op']}")
        for c in read
        if c["op"] not in ("parse_date", "parse_ordinal", "html_text")
    ]


def repaired(case: dict[str, Any]) -> object:
    """What our function for the case's operation makes of it."""
    text, context = case["input"], case.get("context", {})
    match case["op"]:
        case "normalize":
            return normalize([text]).texts[0]
        case "strip_annotations" if context.get("mangled"):
            return strip_annotations(text)[0]
        case "strip_annotations":
            return normalize([text]).texts[0]
        case "to_simplified":
            return to_simplified(text, script=context["script"])
        case "restore_punct":
            return restore_punct(text)[0]
        case "clean_unicode":
            return clean_unicode(text)
        case "decode":
            return decode(base64.b64decode(text), http_charset=context.get("http_charset")).text
        case "fix_mojibake":
            return fix_mojibake(text)
        case "quality_flags":
            return list(quality_flags(text))
    raise AssertionError(case["op"])


@pytest.mark.parametrize("case", cases())
def test_collected_case(case: dict[str, Any]):
    """One rule each."""
    assert case["expected"] == repaired(case)
