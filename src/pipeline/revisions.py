"""What a new reading of an article means beside what is known of it. Pure.

Government pages are corrected and taken down without a word, and templates
change around texts that stay. So the decision looks at what the publisher
says, part by part, and never at the page.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from pipeline.errors import PipelineError
from pipeline.identity import canonical_key
from pipeline.records import Article

Kind = Literal["new", "edited", "unchanged", "restored", "withdrawn", "reparsed", "missing"]
"""``missing`` is noted but is no revision: a withdrawal needs several looks."""

State = Literal["live", "withdrawn"]

Parts = tuple[tuple[str, str], ...]
"""Name and digest of each part of what the publisher says, in a fixed order."""

LOOKS = 3
"""A page has to be missing at this many looks …"""
LOOKS_OVER = timedelta(hours=24)
"""… spread over at least this time before it counts as withdrawn."""

EDITS = 5
"""So many edits …"""
EDITS_WITHIN = timedelta(days=7)
"""… are believed in this time. A page with more of them differs at every look."""

# Not white space to str.split, but as invisible: zero-width marks and the byte order mark
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store knows of an article, as far as a decision needs it.

    ``seq`` and ``number`` are those of the newest revision, ``capture_sha256``
    the digest of the response that it was read from, ``edits`` the number of
    edits since ``edits_since``, the first one in `EDITS_WITHIN`. Of a headline
    only a list's link is known. ``sort_at`` is the publication, or
    ``first_seen`` where that cannot be believed.
    """

    id: str
    url: str
    state: State
    number: int
    seq: int
    parts: Parts
    record_hash: str
    interpreter: int
    capture_id: int | None
    capture_sha256: str | None
    first_seen: datetime
    last_seen: datetime
    updated: datetime
    sort_at: datetime
    misses: int = 0
    missing_since: datetime | None = None
    edits: int = 0
    edits_since: datetime | None = None
    is_headline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with a reading, and why. ``base`` is the revision it was compared with.

    ``changed`` names the parts of what the publisher says that differ.
    """

    id: str
    kind: Kind
    reason: str
    changed: tuple[str, ...] = ()
    base: int | None = None


def _fold(text: str) -> str:
    """The text without white space and invisible marks, which templates put in and take out."""
    return "".join(text.translate(_INVISIBLE).split())


def _digest(strings: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(strings).encode("utf-8", "surrogatepass")).hexdigest()[:16]


_NOTHING = _digest([""])


def parts(article: Article) -> Parts:
    """Digests of what the publisher says: 16 hexadecimal digits a part.

    White space and the division into paragraphs are left out, since a new
    template moves both. Of the publication time only the day counts: pages
    are known that show the minute of their last rendering.
    """
    document = article.document
    filled = [
        f"{x.name}={_fold(str(getattr(document, x.name)))}"
        for x in (fields(document) if document else ())
        if getattr(document, x.name) is not None  # a field that is added later changes nothing
    ]
    return (
        ("title", _digest([_fold(article.title)])),
        ("published", _digest([article.published.day.isoformat() if article.published else ""])),
        ("origin", _digest([_fold(article.origin or "")])),
        ("paragraphs", _digest(["".join(map(_fold, article.paragraphs))])),
        ("attachments", _digest(sorted({canonical_key(x.url) for x in article.attachments}))),
        ("document", _digest(filled)),
    )


def hash_of(digests: Parts) -> str:
    """32 hexadecimal digits over all parts."""
    joined = ";".join(f"{name}={digest}" for name, digest in digests)
    return hashlib.sha256(joined.encode()).hexdigest()[:32]


def content_hash(article: Article) -> str:
    """32 hexadecimal digits that change only when what the publisher says changes."""
    return hash_of(parts(article))


def changed_parts(old: Parts, new: Parts) -> tuple[str, ...]:
    """Names of the parts that differ, in the order of *new*."""
    before = dict(old)
    return tuple(name for name, digest in new if before.get(name) != digest)


def record_hash(article: Article) -> str:
    """32 hexadecimal digits over the whole record.

    Fields at their default are left out, so that a field added to the record
    does not make every article look read anew.
    """
    return hashlib.sha256(repr(_facts(article)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


_PLAIN = (str, int, bool, type(None))


@cache
def _fields_of(kind: type) -> tuple[tuple[str, object], ...]:
    """Names and defaults of a record's fields; empty for other types."""
    return tuple((x.name, x.default) for x in fields(kind)) if is_dataclass(kind) else ()


def _facts(value: Any) -> Any:
    """The value as nested tuples without fields at their default."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple:
        return tuple([_facts(x) for x in value])
    named = _fields_of(kind)  # type: ignore[arg-type]
    if not named:
        return value
    return tuple(
        [
            (name, _facts(found))
            for name, default in named
            if (found := getattr(value, name)) != default
        ]
    )


def decide(
    old: Known | None,
    new: Article,
    *,
    interpreter: int,
    at: datetime,
    capture_id: int | None = None,
    capture_sha256: str | None = None,
    reread: Article | None = None,
) -> Decision:
    """What the reading *new*, taken from a response fetched *at* (UTC), is beside *old*.

    A different reading of the same response (*capture_id* or its digest) is
    ``reparsed``, whatever changed: the publisher did nothing. Under a newer
    interpreter a new response cannot be told from a better reading; *reread*,
    the old response read by the new interpreter, tells them apart. Without
    it the reading counts as ``reparsed``, for a correction that nobody made
    must not be announced. The same goes for a reading with other fixes. A text that vanished from its page is ``missing``.

    Raises PipelineError for a page that is no article.
    """
    if new.kind != "article":
        raise PipelineError(f"a page of kind {new.kind} is no article", where=new.url)
    if old is None:
        return Decision(id=new.id, kind="new", reason="not known before")
    is_old_capture = capture_id is not None and capture_id == old.capture_id
    if capture_id is not None and old.capture_id is not None and capture_id < old.capture_id:
        return _unchanged(old, "an older response than the known one")
    if not is_old_capture and lost_its_text(old, new):
        return decide_missing(old, reason="the page has no text any more", at=at)
    same_bytes = capture_sha256 is not None and capture_sha256 == old.capture_sha256
    if not is_old_capture and old.state == "withdrawn":
        return _decided(old, "restored", "back again", changed_parts(old.parts, parts(new)))
    if old.is_headline and new.text_kind != "headline":
        changed = changed_parts(old.parts, parts(new))
        return _decided(old, "reparsed", "its page was read for the first time", changed)
    if interpreter != old.interpreter or is_old_capture or same_bytes or reread is not None:
        can_tell = None if is_old_capture or same_bytes else reread
        return _decide_reading(old, new, can_tell, at, is_older=interpreter < old.interpreter)
    return _decide_content(old, old.parts, new, at)


def _decide_content(old: Known, before: Parts, new: Article, at: datetime) -> Decision:
    """The decision where the same reader has read two responses."""
    changed = changed_parts(before, parts(new))
    if not changed:
        return _unchanged(old, "the same content")
    if edits_at(old, at) >= EDITS:
        return _unchanged(old, f"{EDITS} edits within {EDITS_WITHIN.days} days: a volatile page")
    return _decided(old, "edited", f"the publisher changed {', '.join(changed)}", changed)


def _decide_reading(
    old: Known, new: Article, reread: Article | None, at: datetime, *, is_older: bool
) -> Decision:
    """The decision where the reader may have changed rather than the page."""
    if is_older:
        return _unchanged(old, "read by an older interpreter")
    if record_hash(new) == old.record_hash:
        return _unchanged(old, "the same record")
    if reread is not None and parts(reread) != parts(new):
        return _decide_content(old, parts(reread), new, at)
    return _decided(old, "reparsed", "read differently", changed_parts(old.parts, parts(new)))


def edits_at(old: Known, at: datetime) -> int:
    """Edits that count at an instant: none once the first of them is long ago."""
    if old.edits_since is None or at - old.edits_since >= EDITS_WITHIN:
        return 0
    return old.edits


def _decided(old: Known, kind: Kind, reason: str, changed: tuple[str, ...] = ()) -> Decision:
    return Decision(id=old.id, kind=kind, reason=reason, changed=changed, base=old.seq)


def _unchanged(old: Known, reason: str) -> Decision:
    return _decided(old, "unchanged", reason)


def lost_its_text(old: Known, new: Article) -> bool:
    """Whether an article that had a text comes back as an empty shell."""
    had_text = dict(old.parts).get("paragraphs") not in (None, _NOTHING)
    left = any(map(_fold, new.paragraphs)) or new.attachments or new.images
    return had_text and not left


def decide_missing(old: Known, *, reason: str, at: datetime) -> Decision:
    """What it means that a known page is not there at the instant *at* (404, 410, empty shell).

    ``withdrawn`` at the third look in a row if the first one was at least a
    day ago; ``missing``, which the store counts, before and after that.
    """
    looks = old.misses + 1
    since = old.missing_since or at
    if old.state == "live" and looks >= LOOKS and at - since >= LOOKS_OVER:
        reason = f"{reason}; missing at {looks} looks since {since:%Y-%m-%d}"
        return _decided(old, "withdrawn", reason)
    return _decided(old, "missing", reason)
