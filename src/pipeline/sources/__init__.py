"""The catalogue: one TOML file a district, with its sites and their columns."""

import difflib
import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urljoin

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import ConfigError
from pipeline.extract.families import FAMILIES, detect
from pipeline.records import Column, FetchRules, Layout, Place, Source

Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Address = Annotated[str, Field(pattern=r"^https?://[^\s\\@]+$")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Layout(_Model):
    since: date | None = None
    family: str = "auto"
    item: str | None = None
    link: str | None = None
    item_date: str | None = None
    next_page: str | None = None
    title: str | None = None
    published: str | None = None
    origin: str | None = None
    body: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()


class _Column(_Layout):
    key: Key
    name: str
    url: str
    max_pages: Annotated[int, Field(ge=1, le=1000)] = 1
    tags: tuple[str, ...] = ()
    layouts: tuple[_Layout, ...] = ()


class _Fetch(_Model):
    delay_s: Annotated[float, Field(ge=0, le=3600)] = 2.0
    timeout_s: Annotated[float, Field(gt=0, le=300)] = 20.0
    hosts: tuple[str, ...] = ()
    headers: dict[str, str] = {}
    robots: bool = True


class _Site(_Model):
    id: Key
    name: str
    publisher: Literal["media", "government", "party", "congress", "cppcc"]
    base: Address
    mirror_of: Key | None = None
    mangles: bool = False
    verified: bool = False
    evidence: str = ""  # where and when the facts were seen
    fetch: _Fetch = _Fetch()
    columns: Annotated[tuple[_Column, ...], Field(min_length=1)]


class _Place(_Model):
    code: Annotated[str, Field(pattern=r"^\d{6}$")]
    name: str
    province: str
    short: str


class _District(_Model):
    place: _Place
    sites: Annotated[tuple[_Site, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All sources that quwen knows, in the order of their ids."""

    sources: tuple[Source, ...]
    columns: tuple[Column, ...]

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts whose pages belong to any source."""
        return frozenset().union(*(x.hosts for x in self.sources))

    def source(self, source_id: str) -> Source:
        """The source with that id. Raises `ConfigError` with the nearest ids otherwise."""
        for source in self.sources:
            if source.id == source_id:
                return source
        near = difflib.get_close_matches(source_id, [x.id for x in self.sources], n=3)
        raise ConfigError(
            "no such source",
            where=source_id,
            hint=f"did you mean {' or '.join(near)}?" if near else "see quwen sources list",
        )

    def columns_of(self, source_id: str) -> tuple[Column, ...]:
        """The columns of one source."""
        return tuple(x for x in self.columns if x.source.id == source_id)

    def select(self, source_ids: Collection[str]) -> tuple[Source, ...]:
        """The sources named; all verified ones where none is named.

        Raises `ConfigError` for an unknown id, and where there is nothing to choose from.
        """
        chosen = tuple(self.source(x) for x in source_ids) or tuple(
            x for x in self.sources if x.verified
        )
        if not chosen:
            raise ConfigError(
                "no source is marked verified = true",
                where="catalogue",
                hint="name one, or mark it with quwen sources verify",
            )
        return chosen


def load_catalogue(
    own: Path | None = None, *, shipped: bool = True, skipped: list[ConfigError] | None = None
) -> Catalogue:
    """Return the shipped catalogue with the operator's *own* folder laid over it.

    A site of the own folder replaces the shipped one of the same id. Raises
    `ConfigError` naming file, field and what is wrong. Where *skipped* is given,
    files of the own folder that are wrong are left out and told there instead.
    """
    found: dict[str, tuple[Source, tuple[Column, ...]]] = {}
    if shipped:
        found |= _load_folder(Path(__file__).parent, None)
    if own is not None:
        if not own.is_dir():
            raise ConfigError(
                "is no folder", where=str(own), hint="set QUWEN_SOURCES to a folder of .toml files"
            )
        found |= _load_folder(own, skipped)
    for source, _ in tuple(found.values()):
        if source.mirror_of is not None and source.mirror_of not in found:
            error = ConfigError(
                f"mirror_of names {source.mirror_of!r}, which is no source",
                where=source.id,
                hint="name the id of the site whose texts it repeats",
            )
            if skipped is None:
                raise error
            skipped.append(error)
            del found[source.id]
    pairs = [found[x] for x in sorted(found)]
    return Catalogue(
        sources=tuple(source for source, _ in pairs),
        columns=tuple(column for _, columns in pairs for column in columns),
    )


def _load_folder(
    folder: Path, skipped: list[ConfigError] | None
) -> dict[str, tuple[Source, tuple[Column, ...]]]:
    found: dict[str, tuple[Source, tuple[Column, ...]]] = {}
    files: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.toml")):
        try:
            district = load_district(path)
        except ConfigError as error:
            if skipped is None:
                raise
            skipped.append(error)
            continue
        for source, columns in district:
            if source.id in files:
                raise ConfigError(
                    f"site id {source.id!r} is taken by {files[source.id]}",
                    where=str(path),
                    hint="give each site an id of its own",
                )
            files[source.id] = path
            found[source.id] = (source, columns)
    return found


def load_district(path: Path) -> tuple[tuple[Source, tuple[Column, ...]], ...]:
    """Return the sites of one file with their columns. Raises `ConfigError`."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", where=str(path)) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"is not TOML: {error}", where=str(path), hint="mend the line") from error
    try:
        district = _District.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(x) for x in first["loc"])
        raise ConfigError(
            f"{field}: {first['msg']}", where=str(path), hint="see “Add a district” in README.md"
        ) from error
    place = Place(**district.place.model_dump())
    return tuple(_site(place, site, path) for site in district.sites)


def _site(place: Place, site: _Site, path: Path) -> tuple[Source, tuple[Column, ...]]:
    rules = FetchRules(
        delay_s=site.fetch.delay_s,
        timeout_s=site.fetch.timeout_s,
        hosts=site.fetch.hosts,
        headers=tuple(sorted(site.fetch.headers.items())),
        robots=site.fetch.robots,
    )
    source = Source(
        id=site.id,
        name=site.name,
        place=place,
        publisher=site.publisher,
        base=site.base,
        mirror_of=site.mirror_of,
        mangles=site.mangles,
        verified=site.verified,
        rules=rules,
    )
    keys = [x.key for x in site.columns]
    if len(set(keys)) != len(keys):
        raise ConfigError(
            f"site {site.id}: two columns have the same key", where=str(path), hint="rename one"
        )
    return source, tuple(_column(source, x, path) for x in site.columns)


def _column(source: Source, column: _Column, path: Path) -> Column:
    where = f"{path}, site {source.id}, column {column.key}"
    for layout in (column, *column.layouts):
        if layout.family != "auto" and layout.family not in FAMILIES:
            raise ConfigError(
                f"there is no family {layout.family!r}",
                where=where,
                hint=f"auto, or one of {', '.join(FAMILIES)}",
            )
    url = urljoin(source.base + "/", column.url)
    if column.family == "wechat" or detect("", url).name == "wechat":
        raise ConfigError(
            "WeChat has no public lists",
            where=where,
            hint="name the site's own column; WeChat stories that it links to are kept as headlines",
        )
    if wrong := sorted(set(re.findall(r"\{([^{}]*)\}", column.url)) - {"yyyy", "mm", "dd"}):
        raise ConfigError(
            f"the address has {{{wrong[0]}}}, which means nothing",
            where=where,
            hint="{yyyy}, {mm} and {dd} stand for the day's date",
        )
    names = set(_Layout.model_fields)
    base = Layout(**column.model_dump(include=names))
    dated: Iterable[Layout] = (Layout(**x.model_dump()) for x in column.layouts)
    return Column(
        source=source,
        key=column.key,
        name=column.name,
        url=url,
        max_pages=column.max_pages,
        tags=column.tags,
        layouts=(base, *dated),
    )
