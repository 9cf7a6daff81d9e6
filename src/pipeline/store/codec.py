"""The stored form of a record: JSON with every span, the same text on every database."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from pipeline.errors import StoreError
from pipeline.records import Article

# PostgreSQL refuses NUL, SQLite's length() stops there, and no UTF-8 holds a lone surrogate
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@cache
def _adapter() -> TypeAdapter[Article]:
    """Built at first use: commands that store nothing do not pay for it."""
    return TypeAdapter(Article)


def check_text(text: str, *, where: str) -> str:
    """The text itself. Raises StoreError where it holds NUL or a lone surrogate."""
    bad = _UNSTORABLE.search(text)
    if bad:
        raise StoreError(
            f"U+{ord(bad.group()):04X} at character {bad.start()} cannot be stored",
            where=where,
            hint="the page must be repaired or quarantined before",
        )
    return text


def scrub(text: str) -> str:
    """The text with NUL and lone surrogates replaced by U+FFFD: for messages, never for records."""
    return _UNSTORABLE.sub("\ufffd", text)


def dump(article: Article) -> str:
    """The stored form, compact, keys in the order of the record's fields.

    Raises StoreError, naming address and field, for a text no database keeps.
    """
    try:
        text = _adapter().dump_json(article).decode()
    except (PydanticSerializationError, UnicodeError):
        _refuse(article)
        raise
    if "\\u0000" in text:
        _refuse(article)
    return text


def load(text: str, *, where: str = "") -> Article:
    """The record of a stored form; fields that it lacks have their defaults.

    Raises StoreError where it is damaged or of a future form.
    """
    try:
        return _adapter().validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(map(str, first["loc"])) or "record"
        raise StoreError(
            f"stored record cannot be read: {field}: {first['msg']}",
            where=where,
            hint="restore a backup, or reparse the article from the archive",
        ) from error


def _refuse(article: Article) -> None:
    """Raise StoreError for the first field that cannot be stored, if there is one."""
    tree = _adapter().dump_python(article)
    for path, text in _strings(tree, ""):
        check_text(text, where=f"{scrub(article.url)} {path}")


def _strings(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Each string of a tree of plain values with its path, such as ``paragraphs.3``."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from _strings(inner, f"{path}.{index}")
