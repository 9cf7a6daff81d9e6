"""Lines of TOML files that programs write and people read, and files that appear whole."""

import json
import os
import tempfile
import unicodedata
from pathlib import Path


def replace_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def row(key: str, value: object, note: str) -> str:
    """One line of TOML with a *note* behind it, in a column of its own."""
    if isinstance(value, str):
        value = printable(value)
    # TOML's basic strings escape as JSON's do
    line = f"{key} = {json.dumps(value, ensure_ascii=False)}"
    return f"{line}{' ' * max(31 - width(line), 0)} # {printable(note)}" if note else line


def width(text: str) -> int:
    """Columns on a screen: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(x) in "WF" else 1 for x in text)


def printable(text: str) -> str:
    """Text in one line without control characters, which TOML forbids: pages may hold any."""
    return "".join(x for x in " ".join(text.split()) if x.isprintable())
