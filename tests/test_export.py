"""Tables out of the store, read back by programs that others made."""

import csv
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, get_args

import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.export import FORMS, TYPES, Selection, What, export, json_schema
from pipeline.export.rows import CreditRow
from pipeline.records import (
    AgendaItem,
    Article,
    Attachment,
    Attendee,
    Credit,
    Meeting,
    Ordinal,
    Published,
    Statement,
    cut_quote,
)
from pipeline.store import Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PLACES = {"qinglan": "990101"}
WORDS = (
    "3月1日，区长江　阔主持召开常务会议，听取防汛情况汇报，刘平列席。",
    "会议指出，要修好河堤。",
)


def quote(value: str, n: int = 0) -> Any:
    start = WORDS[n].index(value)
    return cut_quote(WORDS, n, start, start + len(value))


def report(n: int, **changes: Any) -> Article:
    """A made-up report with something in every field that is exported."""
    held = Meeting(
        body="政府",
        kind="常务会议",
        ordinal=Ordinal(term=16, seq=7),
        held_on=date(2026, 3, 1),
        chair=quote("江　阔"),
        chair_titles=(quote("区长"),),
        nonvoting=(Attendee(name=quote("刘平")),),
        agenda=(
            AgendaItem(
                verb=quote("听取"),
                subject=quote("防汛情况汇报"),
                statements=(Statement(lead=quote("指出", 1), text=quote("要修好河堤", 1)),),
            ),
        ),
    )
    plain: dict[str, Any] = {
        "url": f"https://www.qinglan.example/{n}.html",
        "id": f"{n:016x}",
        "kind": "article",
        "title": f"=第{n}次会议",
        "source": "qinglan",
        "column": "yaowen",
        "published": Published(day=date(2026, 3, n), at=time(9, 30)),
        "paragraphs": WORDS,
        "credits": (Credit(role="记者", label="记者", names=("李　河", "王小溪")),),
        "attachments": (Attachment(url="https://q.example/a.doc", name="附件", media_type="a/b"),),
        "text_kind": "meeting",
        "meetings": (held,),
    }
    return Article(**(plain | changes))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Three articles, one of them corrected on the next day."""
    with Store.open(f"sqlite:///{tmp_path / 'quwen.db'}") as opened:
        for n in (1, 2, 3):
            source = "yunze" if n == 3 else "qinglan"
            learn(opened, report(n, source=source))
        changed = report(1, title="第1次会议（更正）")
        learn(opened, changed, NOW + timedelta(days=1))
        yield opened


def learn(store: Store, article: Article, at: datetime = NOW) -> None:
    store.learn(article, capture_id=None, seen_at=at, interpreter=1)


def written(store: Store, what: What, form: Any, **selection: Any) -> bytes:
    """The bytes of an export."""
    out = io.BytesIO()
    count = export(store, what, form, out, selection=Selection(**selection), places=PLACES)
    if form != "parquet":
        lines = out.getvalue().count(b"\r\n" if form == "csv" else b"\n")
        assert count == lines - (form == "csv")
    return out.getvalue()


def json_rows(store: Store, what: What, **selection: Any) -> list[dict[str, Any]]:
    data = written(store, what, "jsonl", **selection)
    return [json.loads(x) for x in data.decode().splitlines()]


KINDS: tuple[What, ...] = get_args(What)


@pytest.mark.parametrize("what", KINDS)
def test_all_forms_say_the_same(store: Store, what: What):
    """Row by row and column by column, each in its own words."""
    rows = json_rows(store, what)
    names = [x.name for x in fields(TYPES[what])]
    assert rows
    assert [names] * len(rows) == [list(x) for x in rows]
    text = written(store, what, "csv").decode("utf-8-sig")
    heading, *cells = csv.reader(io.StringIO(text, newline=""))
    assert names == heading
    assert [[in_csv(y) for y in x.values()] for x in rows] == cells
    table = pyarrow.parquet.read_table(io.BytesIO(written(store, what, "parquet")))
    assert names == table.column_names
    assert rows == json.loads(json.dumps(table.to_pylist(), default=in_json))


def in_csv(value: Any) -> str:
    """A JSON value as a cell."""
    if isinstance(value, list):
        nested = any(isinstance(x, dict) for x in value)
        return json.dumps(value, ensure_ascii=False) if nested else "；".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith("=") else text


def in_json(value: Any) -> str:
    """What JSON has no words for, as quwen writes it."""
    return value.isoformat().replace("+00:00", "Z")


def test_rows_of_articles(store: Store):
    """The record as it stands now, with names without padding."""
    first, second, _ = json_rows(store, "articles")
    assert ("第1次会议（更正）", 2, "live") == (first["title"], first["revision"], first["state"])
    assert "2026-03-02T09:30:00+08:00" == second["published"]
    assert [{"role": "记者", "names": ["李河", "王小溪"]}] == second["credits"]
    assert ["990101", "990101", None] == [x["place"] for x in json_rows(store, "articles")]


def test_rows_of_meetings_and_their_matters(store: Store):
    """Each in a table of its own, with the article's identifier."""
    meeting = json_rows(store, "meetings")[0]
    assert ("江阔", 16, 7, ["刘平"], 1) == tuple(
        meeting[x] for x in ("chair", "term", "number", "nonvoting", "agenda")
    )
    matter = json_rows(store, "agenda")[0]
    assert ("听取", "防汛情况汇报", ["要修好河堤"]) == tuple(
        matter[x] for x in ("verb", "subject", "statements")
    )
    assert meeting["article_id"] == matter["article_id"]
    assert ["李河", "王小溪"] * 3 == [x["name"] for x in json_rows(store, "credits")]


def test_rows_of_revisions_keep_what_was_there(store: Store):
    """In the order in which they were learned; days are those on which they were seen."""
    kinds = [(x["kind"], x["title"]) for x in json_rows(store, "revisions")]
    assert [("new", "=第1次会议"), ("edited", "第1次会议（更正）")] == [kinds[0], kinds[-1]]
    (edit,) = json_rows(store, "revisions", since=date(2026, 3, 3))
    assert (["title"], "2026-03-03T01:00:00Z") == (edit["changed"], edit["seen_at"])
    assert 3 == len(json_rows(store, "revisions", until=date(2026, 3, 2)))


def test_selections(store: Store):
    """By source and by day of publication, both ends included."""
    assert 2 == len(json_rows(store, "articles", sources=["qinglan"]))
    assert (
        2 == len(json_rows(store, "revisions", sources=["yunze", "qinglan"], since=NOW.date())) - 2
    )
    days = {"since": date(2026, 3, 2), "until": date(2026, 3, 2)}
    assert ["=第2次会议"] == [x["title"] for x in json_rows(store, "meetings", **days)]
    assert b"" == written(store, "credits", "jsonl", sources=[])


@given(st.text(st.sampled_from("=+-@＝＋－＠\t\r\n\",;'江阔 1"), max_size=8))
def test_no_cell_is_a_formula(name: str):
    """Excel, Calc and their Chinese likes run what begins so; the text is there behind the apostrophe."""
    row = CreditRow(
        article_id="0", item=0, url="u", source=None, place=None, title=name, published_on=None,
        role="记者", name=name,
    )  # fmt: skip
    out = io.BytesIO()
    assert 1 == FORMS["csv"]([row], CreditRow, out)
    assert out.getvalue().startswith(b"\xef\xbb\xbfarticle_id,")
    _, cells = csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline=""))
    assert cells[-1][:1] not in set("=+-@＝＋－＠\t\r")
    assert name == cells[-1].removeprefix("'") or name == cells[-1]


@pytest.mark.parametrize("what", KINDS)
def test_schema_explains_every_field(what: What):
    """A field without an explanation is one that nobody can rely on."""
    schema = json.loads(json_schema(what))
    names = [x.name for x in fields(TYPES[what])]
    assert names == list(schema["properties"]) == schema["required"]
    assert all("description" in x for x in schema["properties"].values())


def test_export_shows_one_state(store: Store):
    """What is stored while an export goes on is left for the next one."""

    class Out(io.BytesIO):
        def write(self, data: Any) -> int:
            if not self.tell():
                import threading  # noqa: PLC0415

                other = threading.Thread(target=learn, args=(store, report(9)))
                other.start()
                other.join()
            return super().write(data)

    out = Out()
    assert 3 == export(store, "articles", "jsonl", out)
    assert 4 == len(json_rows(store, "articles"))


def test_parquet_without_its_library_is_a_clear_error(store: Store, monkeypatch: Any):
    """It is an extra."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigError, match=r"quwen\[parquet\]"):
        written(store, "articles", "parquet")
