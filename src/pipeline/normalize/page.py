"""All repairs of one page, in order, each on the evidence of the whole page."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pipeline.decode import Decoded, decode
from pipeline.decode.mojibake import DISGUISES, fix_mojibake, looks_double
from pipeline.decode.readings import default_readings
from pipeline.normalize.characters import (
    LOST,
    clean_unicode,
    is_clean,
    lost_characters,
    one_of,
    suspects,
)
from pipeline.normalize.dates import split_dates
from pipeline.normalize.pinyin import find_marks, strip_annotations
from pipeline.normalize.punctuation import is_folded, restore_punct
from pipeline.normalize.script import Script, hant_only, script_of, should_simplify, to_simplified
from pipeline.normalize.shifted import damaged_places, repair_shifted
from pipeline.records import Count, Repairs

Assumption = Literal["auto", "mirror", "clean"]

_BRACKETS = frozenset("(（﹙[")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LINE_END = re.compile(r"\r\n|\n|\r")
_DIGITS_OF_DATE = re.compile(r"[0-9]{3}[月日]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalized:
    """The repaired texts, as many and in the order given, and what was repaired."""

    texts: tuple[str, ...]
    repairs: Repairs


class _Page:
    """Texts under repair, with the record of it."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = list(texts)
        self.steps: list[str] = []
        self.counts: Counter[str] = Counter()
        self.flags: set[str] = set()

    def apply(self, step: str, count: str, repair: Callable[[str], tuple[str, int]]) -> int:
        """Put every text through *repair*, and note the step if it did anything."""
        total = 0
        for i, text in enumerate(self.texts):
            if text:
                self.texts[i], n = repair(text)
                total += n
        self.note(step, count, total)
        return total

    def note(self, step: str, count: str, n: int) -> None:
        """Record a step that changed *n* places."""
        if n:
            self.steps.append(step)
            self.counts[count] += n

    def chars(self) -> set[str]:
        """Those characters that tell of damage: most questions need no more."""
        return set(_telling().findall("\n".join(self.texts)))


def normalize(
    texts: Sequence[str], *, assume: Assumption = "auto", decoded: Decoded | None = None
) -> Normalized:
    """Return the texts of one page as their publisher meant them, in simplified characters.

    Clean text comes back unchanged. Every repair needs evidence from all texts together;
    *assume* ``mirror`` lowers what is needed, for sites known to annotate and convert,
    and ``clean`` allows no repair but of single characters. *decoded* is what `decode`
    returned for the page; its steps come first in the record.

    The order: mojibake, characters, shifted bytes, annotations, script, punctuation, dates.
    """
    page = _Page(texts)
    earlier = decoded or Decoded(text="")
    for count in earlier.counts:
        page.counts[count.name] += count.n
    page.flags |= set(earlier.flags) - {"damaged"}
    chars = _clean(page)
    script: Script
    if assume == "clean":
        script = script_of(page.texts)
    else:
        script = _undo_mirror(page, chars, assume, stripped="strip_pinyin" in earlier.steps)
        if _may_hold_dates(page.texts) and page.apply("split_date", "dates", split_dates):
            page.flags.add("repaired")
    if not LOST.isdisjoint(chars) and any(lost_characters(x) for x in page.texts):
        page.flags.add("damaged")
    repairs = Repairs(
        steps=tuple(dict.fromkeys((*earlier.steps, *page.steps))),
        encoding=earlier.encoding,
        script=script,
        counts=tuple(Count(name=k, n=n) for k, n in page.counts.items()),
        flags=tuple(sorted(page.flags)),
    )
    return Normalized(texts=tuple(page.texts), repairs=repairs)


def repair_text(data: bytes, *, assume: Assumption = "auto") -> tuple[str, Repairs]:
    """Return a whole text file repaired, line for line, and what was repaired.

    Raises `DecodeError` for bytes that are no text.
    """
    decoded = decode(data)
    result = normalize(_LINE_END.split(decoded.text), assume=assume, decoded=decoded)
    return "\n".join(result.texts), result.repairs


def quality_flags(text: str, *, assume: Assumption = "auto") -> tuple[str, ...]:
    """Return the flags that *text* gets: ``repaired``, ``damaged``, both or none."""
    return normalize((text,), assume=assume).repairs.flags


def _clean(page: _Page) -> set[str]:
    """Undo mojibake and clean characters; the characters that then occur."""
    chars = page.chars()
    if not DISGUISES.isdisjoint(chars):
        fixed = [fix_mojibake(x) if looks_double(x) else x for x in page.texts]
        changed = sum(a != b for a, b in zip(fixed, page.texts, strict=True))
        if changed:
            page.texts = fixed
            page.note("fix_mojibake", "mojibake", changed)
            page.flags.add("repaired")
            chars = page.chars()
    joined = "\n".join(page.texts)
    if not is_clean(joined, chars) or "\n\n" in joined:
        cleaned = [clean_unicode(x) for x in page.texts]
        changed = sum(a != b for a, b in zip(cleaned, page.texts, strict=True))
        if changed:
            page.texts = cleaned
            page.note("clean_unicode", "cleaned_texts", changed)
            chars = page.chars()
    return chars


def _undo_mirror(page: _Page, chars: set[str], assume: Assumption, *, stripped: bool) -> Script:
    """Undo what mirrors do, as far as the page shows it; the script it was in."""
    mangled = stripped
    if not _annotatable().isdisjoint(chars) and not _BRACKETS.isdisjoint(chars):
        marks = find_marks(page.texts)
        mangled |= marks.mangled(known_mirror=assume == "mirror")
    if mangled:
        _undo_annotations(page)
    script: Script = "hans" if any(map(_HAN.search, page.texts)) else "none"
    if not hant_only().isdisjoint(chars):
        script = script_of(page.texts)
        if should_simplify(page.texts, certain=mangled or assume == "mirror"):
            page.apply("to_simplified", "converted", _simplified)
    if "," in chars and is_folded(page.texts, mangled=mangled):
        page.apply("widen_punctuation", "widened", restore_punct)
    return script


def _undo_annotations(page: _Page) -> None:
    if page.apply("restore_bytes", "split_characters", repair_shifted):
        page.flags.add("repaired")
    page.apply("strip_pinyin", "pinyin", strip_annotations)
    damaged = sum(map(damaged_places, page.texts))
    if damaged:
        page.counts["damaged_places"] += damaged
        page.flags.add("damaged")


@cache
def _annotatable() -> frozenset[str]:
    return frozenset(default_readings())


@cache
def _telling() -> re.Pattern[str]:
    """A character that some repair asks for; looking for these is faster than collecting all."""
    asked = (DISGUISES, suspects(), LOST, _annotatable(), hant_only(), _BRACKETS, ",")
    return one_of(frozenset().union(*asked))


def _simplified(text: str) -> tuple[str, int]:
    result = to_simplified(text)
    if result == text:
        return text, 0
    return result, sum(a != b for a, b in zip(text, result, strict=False))


def _may_hold_dates(texts: Sequence[str]) -> bool:
    return any(map(_DIGITS_OF_DATE.search, texts))
