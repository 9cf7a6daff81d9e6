"""Corrections made by people, as data: what is wrong in an article's record, and what is right.

A fix names the value that it corrects by its digest. Where the page comes to say
something else, or a better reader reads it otherwise, the fix is stale: it is not
applied any more, and told.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from pipeline.errors import ConfigError
from pipeline.interpret import parsed_again
from pipeline.records import Article, Column, Correction, Published, Quote, cut_quote

TEXTS = ("title", "published", "origin", "author", "paragraphs")
"""Fields that others are read from: those are read anew after a fix."""

FIELDS = (*TEXTS, "credits", "attachments", "images", "document", "references", "dateline",
          "text_kind", "meetings")  # fmt: skip
"""Fields that can be corrected, and what is below them."""

# title | paragraphs.3 | meetings.0.agenda.1.subject
_PATH = re.compile(r"[a-z_]+(?:\.(?:[a-z_]+|\d{1,4}))*")

Plain = Any
"""A JSON value. A quote stands there as its text, a publication as in ISO 8601."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A correction of one field of one article; ``was`` is the digest of the value corrected."""

    article: str
    field: str
    value: Plain
    was: str
    reason: str
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixes:
    """All fixes, by article, in the order of their files."""

    by_article: Mapping[str, tuple[Fix, ...]] = field(default_factory=dict)

    def of(self, article_id: str) -> tuple[Fix, ...]:
        """The fixes of one article."""
        return self.by_article.get(article_id, ())

    def __iter__(self) -> Iterator[Fix]:
        return (x for fixes in self.by_article.values() for x in fixes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """An article with its fixes applied, and a line for each fix that is stale."""

    article: Article
    stale: tuple[str, ...] = ()


class _StaleError(Exception):
    """A fix does not apply to what is read now."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    article: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    field: str
    value: Any
    was: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    reason: Annotated[str, Field(min_length=1)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    fix: tuple[_Entry, ...] = ()


def fix_files(path: Path) -> tuple[Path, ...]:
    """The files at a path: itself, or the ``.toml`` files of a folder."""
    return tuple(sorted(path.rglob("*.toml"))) if path.is_dir() else (path,)


def load_fixes(path: Path | None) -> Fixes:
    """The fixes in a file or a folder of files; none for None.

    Raises `ConfigError` naming file, fix and what is wrong: an article must not
    lose its corrections because of a slip in a file.
    """
    found: dict[str, dict[str, Fix]] = {}
    for file in fix_files(path) if path is not None else ():
        for x in _read(file):
            taken = found.setdefault(x.article, {}).setdefault(x.field, x)
            if taken is not x:
                raise ConfigError(
                    f"{x.field} of {x.article} is corrected in {taken.where} already",
                    where=x.where,
                    hint="keep one of the two",
                )
    return Fixes(by_article={k: tuple(v.values()) for k, v in found.items()})


def _read(file: Path) -> Iterator[Fix]:
    try:
        entries = _File.model_validate(tomllib.loads(file.read_text(encoding="utf-8"))).fix
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", where=str(file)) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"is not TOML: {error}", where=str(file), hint="mend the line") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(x) for x in first["loc"])
        raise ConfigError(
            f"{place}: {first['msg']}", where=str(file), hint="see “Correct a record” in README.md"
        ) from error
    for n, x in enumerate(entries, 1):
        where = f"{file}, fix {n}"
        if not _PATH.fullmatch(x.field) or x.field.partition(".")[0] not in FIELDS:
            raise ConfigError(
                f"{x.field!r} cannot be corrected",
                where=where,
                hint=f"one of {', '.join(FIELDS)}, or what is below it: meetings.0.chair",
            )
        yield Fix(
            article=x.article,
            field=x.field,
            value=_plain(x.value),
            was=x.was,
            reason=x.reason,
            where=where,
        )


def _plain(value: Any) -> Plain:
    """A TOML value as JSON has it."""
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return [_plain(x) for x in value] if isinstance(value, list) else value


def toml_of(fix: Fix) -> str:
    """A fix as it stands in a file."""
    lines = ["[[fix]]"]
    for name in ("article", "field", "was", "value", "reason"):
        lines.append(f"{name} = {_toml(getattr(fix, name))}")
    return "\n".join(lines) + "\n"


def _toml(value: Plain) -> str:
    """A JSON value in TOML, which has no null: what is missing is left out."""
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {_toml(v)}" for k, v in value.items() if v is not None) + "}"
    # TOML's basic strings take JSON's escapes, and want DEL escaped too
    return json.dumps("" if value is None else value, ensure_ascii=False).replace("\x7f", "\\u007f")


def digest_of(value: Plain) -> str:
    """16 hexadecimal digits that name a value."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def standing(article: Article | None, fix: Fix) -> str:
    """What is to be said of a fix beside the stored record; empty where it stands."""
    if article is None:
        return "names no article that is stored"
    if any(x.field == fix.field for x in article.corrections):
        try:
            is_same = _same(_bare(_at(_form(article), fix.field)), fix.value)
        except _StaleError as error:
            return str(error)
        return "" if is_same else "has changed since; it waits for quwen reparse"
    try:
        found = _bare(_at(_form(article), fix.field))
    except _StaleError as error:
        return f"is stale: {error}"
    if digest_of(found) == fix.was:
        return "waits for quwen reparse"
    if _same(found, fix.value):
        return "is stale: the page reads so by itself now"
    return f"is stale: what is read now is {json.dumps(found, ensure_ascii=False)[:60]}"


def _same(found: Plain, value: Plain) -> bool:
    """Whether a value is the same; TOML has no null, so what is missing in it is none."""
    if isinstance(found, dict) and isinstance(value, dict):
        return (
            all(_same(x, value.get(k)) for k, x in found.items()) and value.keys() <= found.keys()
        )
    if isinstance(found, list) and isinstance(value, list):
        return len(found) == len(value) and all(map(_same, found, value))
    return bool(found == value or (value is None and found == []))


def value_at(article: Article, path: str) -> Plain:
    """The value of a field as fixes write it. Raises `ConfigError` where there is none."""
    try:
        return _bare(_at(_form(article), path))
    except _StaleError as error:
        raise ConfigError(
            str(error), where=path, hint=f"one of {', '.join(FIELDS)}, or what is below it"
        ) from error


def corrected(article: Article, fixes: Collection[Fix], column: Column | None) -> Corrected:
    """The article as read from its page, with *fixes* applied.

    Texts come first; what is read from them is read anew, for a page of *column*.
    Spans stay right: a quote that is corrected must
    stand in the text.
    """
    done: list[Correction] = []
    stale: list[str] = []
    in_order = sorted(fixes, key=lambda x: x.field.partition(".")[0] not in TEXTS)
    is_text_done = False
    for x in in_order:
        is_text = x.field.partition(".")[0] in TEXTS
        if not is_text and done and not is_text_done:
            article = parsed_again(article, column)
            is_text_done = True
        try:
            article = _applied(article, x)
            done.append(Correction(field=x.field, reason=x.reason))
            is_text_done = is_text_done or not is_text
        except _StaleError as error:
            stale.append(f"the fix of {x.field} is stale: {error} ({x.where})")
    if done and not is_text_done:
        article = parsed_again(article, column)
    return Corrected(article=replace(article, corrections=tuple(done)), stale=tuple(stale))


def _applied(article: Article, fix: Fix) -> Article:
    form = _form(article)
    found = _bare(_at(form, fix.field))
    if _same(found, fix.value):
        raise _StaleError("the page reads so by itself now")
    if digest_of(found) != fix.was:
        shown = json.dumps(found, ensure_ascii=False)
        raise _StaleError(f"what is read now is {shown[:60]}")
    parent, _, last = fix.field.rpartition(".")
    holder = _at(form, parent) if parent else form
    key: Any = int(last) if isinstance(holder, list) else last
    for value in _forms_of(fix, article):
        holder[key] = value
        try:
            new = _adapter().validate_json(json.dumps(form))
        except ValidationError as error:
            problem = error.errors()[0]["msg"]
            continue
        # One paragraph corrected stays beside its original; another division has none
        aligned = len(new.published_as) in (0, len(new.paragraphs))
        return new if aligned else replace(new, published_as=())
    raise _StaleError(f"its value is not possible there: {problem}")


def _forms_of(fix: Fix, article: Article) -> Iterator[Plain]:
    """What the value may stand for: itself, a quote of the text, a publication."""
    yield fix.value
    if not isinstance(fix.value, str):
        return
    if fix.field == "published":
        try:
            at = datetime.fromisoformat(fix.value)
        except ValueError as error:
            raise _StaleError(f"{fix.value} is no date") from error
        is_day = len(fix.value) == len("2026-03-01")
        yield {"day": at.date().isoformat(), "at": None if is_day else at.time().isoformat()}
        return
    quote = _quoted(article, fix.value)
    if quote is None:
        raise _StaleError(f"{fix.value} does not stand in the text")
    yield {"value": quote.value, "span": _span(quote)}


def _span(quote: Quote) -> Plain:
    return {
        "paragraph": quote.span.paragraph,
        "start": quote.span.start,
        "end": quote.span.end,
    }


def _quoted(article: Article, text: str) -> Quote | None:
    """Where a text stands in the article first; in the title if nowhere else."""
    for n, paragraph in enumerate(article.paragraphs):
        start = paragraph.find(text)
        if start >= 0:
            return cut_quote(article.paragraphs, n, start, start + len(text))
    start = article.title.find(text)
    if start < 0:
        return None
    quote = cut_quote((article.title,), 0, start, start + len(text))
    return replace(quote, span=replace(quote.span, paragraph=-1))


@cache
def _adapter() -> TypeAdapter[Article]:
    return TypeAdapter(Article)


def _form(article: Article) -> Plain:
    return _adapter().dump_python(article, mode="json")


def _at(form: Plain, path: str) -> Plain:
    found = form
    for step in path.split("."):
        try:
            found = found[int(step)] if isinstance(found, list) else found[step]
        except (LookupError, ValueError, TypeError) as error:
            raise _StaleError(f"there is no {path}") from error
    return found


def _bare(value: Plain) -> Plain:
    """A value without its evidence: quotes as their texts, publications as ISO 8601 writes them."""
    if isinstance(value, list):
        return [_bare(x) for x in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"value", "span"}:
        return value["value"]
    if value.keys() == {"day", "at"}:
        at = time.fromisoformat(value["at"]) if value["at"] else None
        return Published(day=date.fromisoformat(value["day"]), at=at).iso()
    return {k: _bare(v) for k, v in value.items() if k not in ("span", "spans")}
