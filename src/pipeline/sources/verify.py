"""Mark a source as verified: in the operator's file, or in a copy of the shipped one."""

import re
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.sources import load_catalogue
from pipeline.sources.toml import replace_file, row
from pipeline.sources.write import SHIPPED, file_of

_SITE = re.compile(r"\s*\[\[\s*sites\s*\]\]")
_ID = re.compile(r"""\s*id\s*=\s*["']([^"']*)["']""")
_MARK = re.compile(r"\s*verified\s*=")


def mark_verified(folder: Path, source_id: str, *, code: str, note: str) -> Path:
    """Write ``verified = true`` for a source into *folder*, with a *note* behind it; the file.

    A source that the folder does not have is copied from the catalogue, into its
    place's file (that of *code*, after GB/T 2260) where there is one. Nothing else
    changes. Raises `ConfigError` for a file that cannot be written, or whose form is another.
    """
    own = file_of(folder, site=source_id)
    if own is not None:
        path, text = own, _marked(own.read_text("utf-8"), source_id, note)
    else:
        shipped = file_of(SHIPPED, site=source_id)
        if shipped is None:
            raise ConfigError("its file cannot be found", where=source_id, hint="see --into")
        head, block = _parts(shipped.read_text("utf-8"), source_id)
        known = file_of(folder, code=code)
        path = known or folder / f"{code}.toml"
        before = known.read_text("utf-8").rstrip("\n") if known else head.rstrip("\n")
        text = f"{before}\n\n{_marked(block, source_id, note)}"
    _write(folder, path, text, source_id)
    return path


def _parts(text: str, source_id: str) -> tuple[str, str]:
    """What stands before all sites, and the site's own part."""
    lines = text.splitlines()
    start, end = _range(lines, source_id)
    first = next(n for n, line in enumerate(lines) if _SITE.match(line))
    return "\n".join(lines[:first]), "\n".join(lines[start:end]).rstrip("\n") + "\n"


def _range(lines: list[str], source_id: str) -> tuple[int, int]:
    starts = [n for n, line in enumerate(lines) if _SITE.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        if any((m := _ID.match(x)) and m[1] == source_id for x in lines[start:end]):
            return start, end
    raise ConfigError(
        "has no [[sites]] table with that id written in one line",
        where=source_id,
        hint="set verified = true by hand",
    )


def _marked(text: str, source_id: str, note: str) -> str:
    lines = text.splitlines()
    start, end = _range(lines, source_id)
    mark = row("verified", True, note)
    old = [n for n in range(start, end) if _MARK.match(lines[n])]
    if old:
        lines[old[0]] = mark
    else:
        at = next(n for n in range(start, end) if _ID.match(lines[n]))
        lines.insert(at + 1, mark)
    return "\n".join(lines) + "\n"


def _write(folder: Path, path: Path, text: str, source_id: str) -> None:
    """Write the file; as it was, and `ConfigError`, where the source does not read as verified then."""
    old = path.read_bytes() if path.exists() else None
    try:
        replace_file(path, text.encode("utf-8"))
    except OSError as error:
        raise ConfigError(
            f"cannot be written: {error.strerror}", where=str(path), hint="see --into"
        ) from error
    try:
        if not load_catalogue(folder).source(source_id).verified:
            raise ConfigError("is not read as verified", where=str(path), hint="mark it by hand")
    except ConfigError:
        if old is None:
            path.unlink()
        else:
            replace_file(path, old)
        raise
