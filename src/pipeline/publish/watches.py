"""Watches: feeds of an operator's own, over the articles that match some words, places or people.

They are defined in a TOML file (``QUWEN_FEEDS``), one table a watch::

    [watch.hedi]
    name = "河堤与防汛"
    any = ["河堤", "防汛"]

Words are compared as search compares them: script, case, width and punctuation do not matter.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.parse import people_of
from pipeline.publish.content import people
from pipeline.records import Article, Place, Source
from pipeline.store.folding import fold

MATCHING = 1
"""Raise it when watches match otherwise, so that their feeds are made anew."""

KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")

Where = Literal["title", "text"]
_Words = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=100)], ...], Field()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What an article must be to stand in a feed: everything that is not empty has to hold.

    ``any``, ``all`` and ``none`` are words, looked for in ``where``. ``places`` are names or
    codes of divisions (a province or city stands for all in it), ``people`` names,
    ``sources`` ids; of each of these one is enough.
    """

    key: str
    name: str
    description: str = ""
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    where: tuple[Where, ...] = ("title", "text")
    places: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    meetings: bool = False

    @property
    def path(self) -> str:
        """The folder of its feed in the published tree."""
        return f"watch/{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchFile:
    """The watches of a file. ``problems`` has a line for each that cannot be read.

    ``held`` are their keys: what was published of them stays as it is; None where the
    file as a whole cannot be read, and so all of them stay.
    """

    watches: tuple[Watch, ...] = ()
    problems: tuple[str, ...] = ()
    held: frozenset[str] | None = frozenset()

    def is_held(self, path: str) -> bool:
        """Whether a feed in this folder is to stay as it was published."""
        head, _, key = path.partition("/")
        return head == "watch" and (self.held is None or key in self.held)


class _Watch(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=200)]
    description: Annotated[str, Field(max_length=1000)] = ""
    any: _Words = ()
    all: _Words = ()
    none: _Words = ()
    where: Annotated[tuple[Where, ...], Field(min_length=1)] = ("title", "text")
    places: _Words = ()
    people: _Words = ()
    sources: _Words = ()
    meetings: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> "_Watch":
        wishes = (self.any, self.all, self.places, self.people, self.sources)
        if not any(wishes) and not self.meetings:
            raise ValueError("give it any, all, places, people, sources or meetings = true")
        for code in self.places:
            if code.isascii() and code.isdigit() and len(code) != len("370198"):
                raise ValueError(f"{code!r}: codes of divisions have six digits")
        for word in (*self.any, *self.all, *self.none):
            if not fold(word):
                raise ValueError(f"{word!r} has no letter or digit to look for")
        both = sorted({fold(x) for x in self.none} & {fold(x) for x in (*self.any, *self.all)})
        if both:
            raise ValueError(f"{both[0]!r} is both wanted and unwanted")
        return self


def read_watches(text: str, *, where: str) -> WatchFile:
    """The watches of a TOML *text*; what cannot be read is told and not raised."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return WatchFile(problems=(f"{where}: is not valid TOML: {error}",), held=None)
    content = tables.get("watch", {})
    problems = [f"{where}: {x!r} is unknown; write [watch.KEY]" for x in tables if x != "watch"]
    if not isinstance(content, Mapping):
        return WatchFile(problems=(f"{where}: write [watch.KEY]",), held=None)
    found, held = [], []
    for key, value in content.items():
        if not KEY.fullmatch(key):
            problems.append(f"{where}: [watch.{key}]: write the key in a-z, 0-9 and -")
            continue
        try:
            form = _Watch.model_validate(value)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, first["loc"]))
            problem = first["msg"].removeprefix("Value error, ")
            problems.append(f"{where}: [watch.{key}]{' ' if field else ''}{field}: {problem}")
            held.append(key)
            continue
        found.append(Watch(key=key, **form.model_dump()))
    return WatchFile(watches=tuple(found), problems=tuple(problems), held=frozenset(held))


def load_watches(path: Path) -> WatchFile:
    """The watches of a file, none where there is no file."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return WatchFile()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        return WatchFile(problems=(f"{path}: cannot be read: {reason}",), held=None)
    return read_watches(text, where=str(path))


Matcher = Callable[[Article], Iterator[str]]


def is_in(place: Place, wanted: str) -> bool:
    """Whether a division is the one *wanted* by name or code, or lies in it."""
    if wanted.isascii() and wanted.isdigit():
        return place.code.startswith(wanted.removesuffix("00").removesuffix("00"))
    return wanted in (place.name, place.short, place.province)


def matcher(watches: Iterable[Watch], sources: Mapping[str, Source]) -> Matcher:
    """A function that gives the feeds that an article belongs to by these watches."""
    tests = [(x.path, _test(x, sources)) for x in watches]

    def paths(article: Article) -> Iterator[str]:
        if tests:
            text = _Text(article)
            yield from (path for path, is_match in tests if is_match(text))

    return paths


class _Text:
    """An article as watches look at it, folded once for all of them."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self._folded: dict[Where, str] = {}
        self._people: frozenset[str] | None = None

    def folded(self, where: Where) -> str:
        if where not in self._folded:
            article = self.article
            whole = (*article.paragraphs, *(x.name for x in article.attachments))
            self._folded[where] = fold(article.title if where == "title" else "\n".join(whole))
        return self._folded[where]

    def people(self) -> frozenset[str]:
        if self._people is None:
            officials = (x.name for x in people_of(self.article))
            self._people = frozenset(map(fold, (*officials, *people(self.article))))
        return self._people


def _test(watch: Watch, sources: Mapping[str, Source]) -> Callable[[_Text], bool]:
    """Whether an article matches; the cheap questions come first."""
    any_of, all_of, none_of = ([fold(w) for w in x] for x in (watch.any, watch.all, watch.none))
    names = {fold(x) for x in watch.people}
    # what is not in the catalogue any more has no place
    near = {
        x.id
        for x in sources.values()
        if (not watch.places or any(is_in(x.place, w) for w in watch.places))
        and (not watch.sources or x.id in watch.sources)
    }
    is_placed = bool(watch.places or watch.sources)

    def has(text: _Text, word: str) -> bool:
        return any(word in text.folded(x) for x in watch.where)

    def is_match(text: _Text) -> bool:
        article = text.article
        return (
            (not is_placed or article.source in near)
            and (not watch.meetings or bool(article.meetings))
            and (not any_of or any(has(text, x) for x in any_of))
            and all(has(text, x) for x in all_of)
            and not any(has(text, x) for x in none_of)
            and (not names or not names.isdisjoint(text.people()))
        )

    return is_match
