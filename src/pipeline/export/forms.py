"""The forms of an export: a row goes in, bytes go out, and nothing is kept.

CSV is RFC 4180 in UTF-8 with a byte order mark, without which Excel takes it for another
encoding. A cell that a spreadsheet would run as a formula gets an apostrophe before it
(OWASP, CSV injection).
"""

import csv
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, BinaryIO, Literal, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter

from pipeline.errors import ConfigError
from pipeline.export.rows import Row

Format = Literal["jsonl", "csv", "parquet"]

_FORMULA = tuple("=+-@\t\r＝＋－＠")
_GROUP_ROWS, _GROUP_CHARS = 1000, 4_000_000
"""A row group of Parquet is written when it has as much as this."""


def write_jsonl(rows: Iterable[Row], kind: type[Row], out: BinaryIO) -> int:
    """Write one JSON object a line; how many."""
    dump = TypeAdapter(kind).dump_json
    count = 0
    for row in rows:
        out.write(dump(row) + b"\n")
        count += 1
    return count


def write_csv(rows: Iterable[Row], kind: type[Row], out: BinaryIO) -> int:
    """Write a table with a heading; how many rows. Lists are joined by ；, what is nested is JSON."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    try:
        text.write("\ufeff")
        writer = csv.writer(text, lineterminator="\r\n")
        names = [x.name for x in fields(kind)]
        writer.writerow(names)
        count = 0
        for row in rows:
            writer.writerow([_cell(getattr(row, x)) for x in names])
            count += 1
    finally:
        text.detach()
    return count


def _cell(value: object) -> str | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        if any(map(is_dataclass, value)):
            return json.dumps([asdict(x) for x in value], ensure_ascii=False)
        value = "；".join(map(str, value))
    cell = str(value)
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def write_parquet(rows: Iterable[Row], kind: type[Row], out: BinaryIO) -> int:
    """Write a Parquet file; how many rows. Raises `ConfigError` where pyarrow is not installed."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - only this form pays for it
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError:
        raise ConfigError(
            "pyarrow is not installed", where="--format parquet", hint='install "quwen[parquet]"'
        ) from None
    schema = pa.schema(_struct(pa, kind))
    count = chars = 0
    group: list[dict[str, Any]] = []
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for row in rows:
            form = asdict(row)
            group.append(form)
            count += 1
            chars += len(form.get("text", ""))
            if len(group) == _GROUP_ROWS or chars >= _GROUP_CHARS:
                writer.write_batch(pa.RecordBatch.from_pylist(group, schema=schema))
                group, chars = [], 0
        if group:
            writer.write_batch(pa.RecordBatch.from_pylist(group, schema=schema))
    return count


def _struct(pa: Any, kind: type) -> list[Any]:
    hints = get_type_hints(kind)
    return [_field(pa, x.name, hints[x.name]) for x in fields(kind)]


def _field(pa: Any, name: str, hint: Any) -> Any:
    """A Parquet column: of ``tuple[X, ...]`` a list, of a dataclass a struct."""
    options = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    (inner,) = [x for x in options if x is not NoneType]
    return pa.field(name, _type(pa, inner), nullable=NoneType in options)


def _type(pa: Any, hint: Any) -> Any:
    if get_origin(hint) is tuple:
        return pa.list_(_type(pa, get_args(hint)[0]))
    if get_origin(hint) is Literal:
        return pa.string()
    if is_dataclass(hint):
        return pa.struct(_struct(pa, hint))  # type: ignore[arg-type]
    simple = {
        str: pa.string(),
        int: pa.int64(),
        bool: pa.bool_(),
        date: pa.date32(),
        datetime: pa.timestamp("ms", tz="UTC"),
    }
    return simple[hint]


Writer = Callable[[Iterable[Row], type[Row], BinaryIO], int]

FORMS: dict[Format, Writer] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
    "parquet": write_parquet,
}
