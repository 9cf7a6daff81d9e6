"""In which fields two records of an article differ. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from pipeline.records import Article, Credit, Published, Quote, Span

_SHOWN = 60  # characters of a value in an example


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field (``meetings.chair``) with its two values, shortened for people."""

    field: str
    old: str
    new: str


def differences(old: Article, new: Article) -> tuple[Difference, ...]:
    """The fields that differ, each once, in the order of the record.

    Where a list has another length it differs as a whole; else its entries are
    compared one by one. Spans count only where nothing else tells a quote apart.
    """
    found: dict[str, Difference] = {}
    for name, one, two in _pairs(old, new, ""):
        found.setdefault(name, Difference(field=name, old=_shown(one), new=_shown(two)))
    return tuple(found.values())


def _pairs(old: Any, new: Any, name: str) -> Iterator[tuple[str, Any, Any]]:
    if old == new:
        return
    if isinstance(old, Quote) and isinstance(new, Quote):
        yield (name, old, new) if old.value != new.value else (f"{name} (place)", old, new)
    elif isinstance(old, Published | Span) or type(old) is not type(new):
        yield name, old, new
    elif isinstance(old, tuple) and len(old) == len(new):
        for one, two in zip(old, new, strict=True):
            yield from _pairs(one, two, name)
    elif is_dataclass(old):
        below = f"{name}." if name else ""
        for x in fields(old):
            yield from _pairs(getattr(old, x.name), getattr(new, x.name), below + x.name)
    else:
        yield name, old, new


def _shown(value: Any) -> str:
    text = _words(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _words(value: Any) -> str:
    if value is None or value == ():
        return "–"
    if isinstance(value, Quote):
        return value.value
    if isinstance(value, Published):
        return value.iso()
    if isinstance(value, Span):
        return f"{value.paragraph}:{value.start}-{value.end}"
    if isinstance(value, Credit):
        return f"{value.role} {'、'.join(value.names)}"
    if isinstance(value, tuple):
        return f"{len(value)}: {'; '.join(map(_words, value))}"
    if is_dataclass(value):
        return " ".join(_words(x) for x in _filled(value))
    return " ".join(str(value).split())


def _filled(value: Any) -> Iterator[Any]:
    for x in fields(value):
        found = getattr(value, x.name)
        if found not in (None, ()):
            yield found
