"""What happens, one line an event: for people, or as JSON for programs.

An event has a name such as ``source.read`` and fields; texts never break the line.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, Literal

LogForm = Literal["off", "text", "json"]

_LOGGER = logging.getLogger("quwen")


def event(name: str, *, level: int = logging.INFO, **fields: Any) -> None:
    """Say that something happened; *fields* are plain JSON values."""
    _LOGGER.log(level, name, extra={"fields": fields})


def set_up_log(form: LogForm) -> None:
    """Send events to standard error in a form; doing it again changes the form."""
    for handler in list(_LOGGER.handlers):
        _LOGGER.removeHandler(handler)
    _LOGGER.propagate = False
    if form == "off":
        _LOGGER.addHandler(logging.NullHandler())
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text())
    _LOGGER.addHandler(handler)
    _LOGGER.setLevel(logging.INFO)


def _parts(record: logging.LogRecord) -> dict[str, Any]:
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    fields = getattr(record, "fields", {})
    name = record.getMessage() if fields else record.name.removeprefix("quwen.")
    parts = {"at": at, "level": record.levelname.lower(), "event": name, **fields}
    if not fields:
        parts["message"] = record.getMessage()
    if record.exc_info and record.exc_info[1] is not None:
        parts["error"] = f"{type(record.exc_info[1]).__name__}: {record.exc_info[1]}"
    return parts


class _Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The event as JSON; line breaks in texts are escaped by that."""
        return json.dumps(_parts(record), ensure_ascii=False, default=str)


class _Text(logging.Formatter):
    """Time, level, name, then ``key=value``; values with blanks in quotes."""

    def format(self, record: logging.LogRecord) -> str:
        """The event as words on one line."""
        parts = _parts(record)
        at, level, name = parts.pop("at"), parts.pop("level"), parts.pop("event")
        words = [f"{key}={_word(value)}" for key, value in parts.items()]
        return " ".join((at, level, str(name), *words))


def _word(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    plain = text.isprintable() and " " not in text and '"' not in text and text
    return text if plain else json.dumps(text, ensure_ascii=False)
