"""The text of an article with every extracted span marked, and the rule that made each."""

from collections.abc import Sequence

from pipeline.parse.result import Parsed
from pipeline.parse.text import TITLE, Mark

_LONGEST = 40  # the whole of it stands marked in the line above


def explain(parsed: Parsed, paragraphs: Sequence[str], *, title: str = "") -> str:
    """The text with ``⟦…⟧n`` about each span, and below each paragraph what *n* is and which rule made it.

    The first line says what kind of text it was taken for; long values are shortened.
    """
    out = [f"text_kind = {parsed.text_kind}, meetings = {len(parsed.meetings)}"]
    for number, line in [(TITLE, title), *enumerate(paragraphs)]:
        marks = sorted(
            {m for m in parsed.marks if m.span.paragraph == number},
            key=lambda m: (m.span.start, -m.span.end, m.field),
        )
        if not line and not marks:
            continue
        out.append(f"[{'title' if number == TITLE else number}] {_marked(line, marks)}")
        out.extend(
            f"    {i}. {m.field} = {_shortened(line[m.span.start : m.span.end])}  ({m.rule})"
            for i, m in enumerate(marks, 1)
        )
    out.extend(f"problem: {x}" for x in parsed.problems)
    return "\n".join(out)


def _shortened(value: str) -> str:
    """The value, or of a long one the words that it begins and ends with."""
    return value if len(value) <= _LONGEST else f"{value[:24]} … {value[-8:]}"


def _marked(line: str, marks: Sequence[Mark]) -> str:
    opens: dict[int, str] = {}
    closes: dict[int, str] = {}
    for i, m in enumerate(marks, 1):
        opens[m.span.start] = opens.get(m.span.start, "") + "⟦"
        closes[m.span.end] = f"⟧{i}" + closes.get(m.span.end, "")
    places = range(len(line) + 1)
    return "".join(
        closes.get(i, "") + opens.get(i, "") + (line[i] if i < len(line) else "") for i in places
    )
