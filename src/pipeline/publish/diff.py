"""What changed between two versions of a text, as passages to strike out and to add. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Mark = Literal["same", "del", "ins"]

_MOST_CELLS = 1_000_000
"""Comparing takes time by the product of the lengths; beyond this, whole passages are swapped."""

_ALIKE = 0.5  # paragraphs with less in common are not versions of one another

# Numbers and Latin words change as a whole: 18 → 81 is no "1" that moved
_TOKEN = re.compile(r"[0-9A-Za-z]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text that stayed, was taken out or was put in."""

    mark: Mark
    text: str


Line = tuple[Piece, ...]
"""A paragraph as pieces."""


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """Opcodes as difflib gives them; one ``replace`` where the comparison would take too long."""
    if len(old) * len(new) > _MOST_CELLS:
        yield ("replace", 0, len(old), 0, len(new))
    else:
        yield from SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _pieces(old: str, new: str) -> Line:
    """One paragraph beside its older version."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    found = []
    for is_same, i, j, k, m in _readable(tuple(_blocks(before, after))):
        if is_same:
            found.append(Piece(mark="same", text="".join(after[k:m])))
            continue
        found.append(Piece(mark="del", text="".join(before[i:j])))
        found.append(Piece(mark="ins", text="".join(after[k:m])))
    return tuple(x for x in found if x.text)


def _readable(
    blocks: Sequence[tuple[str, int, int, int, int]],
) -> Iterator[tuple[bool, int, int, int, int]]:
    """The blocks, single characters between two changes counted with them.

    Two words often share a character by chance; read apart they are puzzles.
    """
    joined: list[tuple[bool, int, int, int, int]] = []
    for n, (tag, i, j, k, m) in enumerate(blocks):
        is_chance = tag == "equal" and j - i == 1 and 0 < n < len(blocks) - 1
        is_same = tag == "equal" and not is_chance
        if joined and not is_same and not joined[-1][0]:
            _, a, _, c, _ = joined[-1]
            joined[-1] = (False, a, j, c, m)
        else:
            joined.append((is_same, i, j, k, m))
    yield from joined


def _is_version(old: str, new: str) -> bool:
    if len(old) * len(new) > _MOST_CELLS:
        return False
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return matcher.real_quick_ratio() > _ALIKE and matcher.ratio() > _ALIKE


def _swapped(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """Paragraphs that took the place of others, side by side where they are versions of them."""
    for n in range(max(len(old), len(new))):
        one = old[n] if n < len(old) else ""
        two = new[n] if n < len(new) else ""
        if one == two:
            continue
        if one and two and _is_version(one, two):
            yield _pieces(one, two)
            continue
        if one:
            yield (Piece(mark="del", text=one),)
        if two:
            yield (Piece(mark="ins", text=two),)


def changed_lines(old: Sequence[str], new: Sequence[str]) -> tuple[Line, ...]:
    """The paragraphs that differ, in order; empty where nothing does.

    Taking out every ``ins`` gives the old wording of these paragraphs, taking
    out every ``del`` the new one.
    """
    start, shorter = 0, min(len(old), len(new))
    while start < shorter and old[start] == new[start]:
        start += 1
    end = 0
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    lines: list[Line] = []
    for tag, i, j, k, m in _blocks(old, new):
        if tag != "equal":
            lines += _swapped(old[i:j], new[k:m])
    return tuple(lines)
