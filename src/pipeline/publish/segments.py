"""A segment of the search index: where every pair of neighbouring characters stands. Pure.

The index is a log: each segment covers a range of the store's log and never changes, so that
its cost follows what is new. A segment is a folder of small files, for a reader that has
HTTP and nothing else:

``starts.json``
    the first pair of each shard: which of them to ask for;
``columns.bin``
    what is needed to judge and to order the articles, asked for where something was found;
``0000.bin`` …
    shards of about 16 KB: for each pair its articles and the places in them. They are
    sorted, so that all pairs that begin with one character lie together;
``names-00.json`` …
    identifier and title of 128 articles each, to show them.

Numbers are varints of 7 bits a byte, the lowest first (as in Protocol Buffers). Characters
are those of `pipeline.store.folding`; places count them in title, two blanks, body.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

FORM = 2
"""Number of the files' form: raise it with every change here, and in ``search.js``."""

SHARD_BYTES = 16_000
BLOCK = 128
GAP = 2
"""Between title and body, so that no words are found across."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doc:
    """An article as it is searched: folded texts, what it is filtered by, how it is shown."""

    seq: int
    id: str
    shown: str  # the title as people see it
    title: str
    body: str
    sort_at: datetime
    day: date | None
    source: str
    kind: str
    topics: tuple[str, ...]
    is_meeting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Files by name, and a digest of all of them."""

    files: tuple[tuple[str, bytes], ...]
    digest: str


def varint(number: int) -> bytes:
    """A number from 0 on in as few bytes as it needs."""
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    found.append(number)
    return bytes(found)


_SMALL = tuple(varint(x) for x in range(16384))


def _varint(number: int) -> bytes:
    return _SMALL[number] if number < 16384 else varint(number)


def segment(first: int, docs: Sequence[Doc]) -> Segment:
    """The segment of these articles, in the order of their numbers, from *first* of the log on."""
    shards = list(_shards(_postings(docs)))
    files = [
        ("starts.json", _json([pair for pair, _ in shards])),
        ("columns.bin", _columns(first, docs)),
    ]
    files += [(f"{n:04d}.bin", data) for n, (_, data) in enumerate(shards)]
    for start in range(0, len(docs), BLOCK):
        names = [[x.id, x.shown] for x in docs[start : start + BLOCK]]
        files.append((f"names-{start // BLOCK:02d}.json", _json(names)))
    digest = hashlib.sha256()
    for name, data in files:
        digest.update(f"{name} {len(data)} ".encode() + data)
    return Segment(files=tuple(files), digest=digest.hexdigest()[:8])


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def places(doc: Doc) -> dict[str, list[int]]:
    """Where each pair of neighbours starts, and each last character of a run."""
    found: dict[str, list[int]] = {}
    for text, start in ((doc.title, 0), (doc.body, len(doc.title) + GAP)):
        ends = text[1:] + " "
        for at, (one, two) in enumerate(zip(text, ends, strict=False), start):
            if one != " ":
                pair = one if two == " " else one + two
                if pair in found:
                    found[pair].append(at)
                else:
                    found[pair] = [at]
    return found


def _postings(docs: Iterable[Doc]) -> dict[str, bytearray]:
    """For each pair: article by article its number (less the one before), how often, and where."""
    found: dict[str, bytearray] = {}
    last: dict[str, int] = {}
    for number, doc in enumerate(docs):
        for pair, where in places(doc).items():
            posting = found.get(pair)
            if posting is None:
                posting = found[pair] = bytearray()
            posting += _varint(number - last.get(pair, 0))
            last[pair] = number
            posting += _varint(len(where))
            before = 0
            for at in where:
                posting += _varint(at - before)
                before = at
    return found


def _shards(postings: dict[str, bytearray]) -> Iterator[tuple[str, bytes]]:
    """First pair and bytes of each shard: length and bytes of the pair, then of its posting."""
    data, first = bytearray(), ""
    for pair in sorted(postings):
        if len(data) >= SHARD_BYTES:
            yield first, bytes(data)
            data = bytearray()
        if not data:
            first = pair
        key, posting = pair.encode(), postings[pair]
        data += _varint(len(key)) + key + _varint(len(posting)) + posting
    if data:
        yield first, bytes(data)


def _columns(first: int, docs: Sequence[Doc]) -> bytes:
    """Length and text of a JSON object, then for each article a line of numbers."""
    words = {
        "sources": sorted({x.source for x in docs}),
        "kinds": sorted({x.kind for x in docs}),
        "topics": sorted({y for x in docs for y in x.topics}),
    }
    base = min((int((x.sort_at - _EPOCH).total_seconds()) for x in docs), default=0)
    days = [(x.day - _EPOCH.date()).days for x in docs if x.day]
    day_base = min(days, default=0)
    head = {"docs": len(docs), "base": base, "day": day_base, **words}
    text = _json(head)
    number = {kind: {x: n for n, x in enumerate(found)} for kind, found in words.items()}
    lines = bytearray(varint(len(text)) + text)
    before = first
    for x in docs:
        at = x.sort_at - _EPOCH
        seconds = at.days * 86400 + at.seconds
        fields = (
            x.seq - before,
            seconds - base,
            at.microseconds,
            (x.day - _EPOCH.date()).days - day_base + 1 if x.day else 0,
            number["sources"][x.source],
            number["kinds"][x.kind],
            len(x.title),
            int(x.is_meeting),
            len(x.topics),
            *(number["topics"][y] for y in x.topics),
        )
        lines += b"".join(map(varint, fields)) + bytes.fromhex(x.id)[:4]
        before = x.seq
    return bytes(lines)
