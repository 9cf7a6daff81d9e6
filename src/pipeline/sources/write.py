"""Source files as text: a new one, a site or a column more in an old one."""

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.records import Column, Place, Source
from pipeline.sources import load_catalogue, load_district
from pipeline.sources.toml import printable, replace_file, row

SHIPPED = Path(__file__).parent
"""Folder of the catalogue that comes with the package."""

_SITE = re.compile(r"\s*\[\[\s*sites\s*\]\]")
_ID = re.compile(r"""\s*id\s*=\s*["']([^"']*)["']""")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewColumn:
    """A column as it is to be written; ``found`` says when and how it was, ``notes`` each value.

    ``url`` is relative to the site's base where it can be. ``verified`` and ``evidence``
    are the site's.
    """

    key: str
    name: str
    url: str
    family: str
    found: str
    notes: tuple[tuple[str, str], ...] = ()

    def toml(self) -> str:
        """The column's table, with where each value came from."""
        how = dict(self.notes)
        rows = (("key", self.key), ("name", self.name), ("url", self.url), ("family", self.family))
        body = "\n".join(row(k, v, how.get(k, "")) for k, v in rows)
        return f"[[sites.columns]]\n# {printable(self.found)}\n{body}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSite:
    """A site as it is to be written."""

    id: str
    name: str
    publisher: str
    base: str
    evidence: str
    delay_s: float = 2.0
    hosts: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    def toml(self) -> str:
        """The site's table without columns."""
        how = dict(self.notes)
        rows = (
            ("id", self.id), ("name", self.name), ("publisher", self.publisher), ("base", self.base),
        )  # fmt: skip
        lines = ["[[sites]]", *(row(k, v, how.get(k, "")) for k, v in rows)]
        lines.append(row("verified", True, "read from here; set it to false to leave the site out"))
        lines.append(row("evidence", self.evidence, ""))
        rules = []
        if self.delay_s != 2.0:
            rules.append(row("delay_s", self.delay_s, "seconds between two requests"))
        if self.hosts:
            rules.append(row("hosts", list(self.hosts), "its articles lie there"))
        if rules:
            lines += ["", "[sites.fetch]", *rules]
        return "\n".join(lines) + "\n"


def new_file(place: Place, site: NewSite, column: NewColumn, *, how: str) -> str:
    """The text of a file for a place that has none yet; *how* the place was settled."""
    rows = (
        row("code", place.code, f"GB/T 2260; {how}"),
        row("name", place.name, ""),
        row("province", place.province, ""),
        row("short", place.short, "as datelines write it"),
    )
    return "\n".join(("[place]", *rows, "", site.toml(), column.toml()))


def with_site(text: str, site: NewSite, column: NewColumn) -> str:
    """The text of a place's file with one more site, behind the others."""
    return text.rstrip("\n") + "\n\n" + site.toml() + "\n" + column.toml()


def with_column(text: str, site_id: str, column: NewColumn) -> str:
    """The text with one more column behind those of its site. Raises `ConfigError`.

    Nothing else changes, comments included.
    """
    lines = text.splitlines()
    starts = [n for n, line in enumerate(lines) if _SITE.match(line)]
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        if any((m := _ID.match(x)) and m[1] == site_id for x in lines[start:stop]):
            # Comments above the next site are its own
            end = max(n for n in range(start, stop) if not re.match(r"\s*(?:#|$)", lines[n])) + 1
            head, tail = "\n".join(lines[:end]), "\n".join(lines[end:]).strip("\n")
            return f"{head}\n\n{column.toml()}" + (f"\n{tail}\n" if tail else "")
    raise ConfigError(
        "has no [[sites]] table with that id written in one line",
        where=site_id,
        hint="add the column by hand",
    )


def file_of(folder: Path, *, code: str | None = None, site: str | None = None) -> Path | None:
    """The file of *folder* that holds a place or a site, or None. Raises `ConfigError`."""
    for path in sorted(folder.rglob("*.toml")) if folder.is_dir() else ():
        for source, _ in load_district(path):
            if source.id == site or source.place.code == code:
                return path
    return None


def save(folder: Path, path: Path, text: str, *, site: str, key: str) -> tuple[Source, Column]:
    """Write a source file, and return the new column as the catalogue reads it.

    What stood in the folder must read as before: otherwise, and where the text does
    not load, the old state is restored and `ConfigError` raised.
    """
    old = path.read_bytes() if path.exists() else None
    before = _columns(folder)
    try:
        replace_file(path, text.encode("utf-8"))
    except OSError as error:
        raise ConfigError(
            f"cannot be written: {error.strerror}", where=str(path), hint="see --into"
        ) from error
    try:
        after = _columns(folder)
        kept = {k: v for k, v in after.items() if k != (site, key)}
        if (site, key) not in after or kept != before:
            raise ConfigError(
                "the new column would change others", where=str(path), hint="add it by hand"
            )
    except ConfigError:
        if old is None:
            path.unlink()
        else:
            replace_file(path, old)
        raise
    column = after[site, key]
    return column.source, column


def _columns(folder: Path) -> dict[tuple[str, str], Column]:
    # With the shipped ones: a mirror's original may be among them
    catalogue = load_catalogue(folder if folder.is_dir() else None)
    return {(x.source.id, x.key): x for x in catalogue.columns}
