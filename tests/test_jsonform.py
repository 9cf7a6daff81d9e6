"""The record as programs outside read it."""

import json
from dataclasses import replace
from datetime import date, time

import pytest

from pipeline.jsonform import contract_form, plain_name
from pipeline.records import (
    AgendaItem,
    Article,
    Attachment,
    Attendee,
    Count,
    Credit,
    Dateline,
    Document,
    Image,
    ListItem,
    Meeting,
    Ordinal,
    Published,
    Repairs,
    Statement,
    cut_quote,
)

TEXT = ("区长江　阔在东楼主持召开会议，听取桥梁汇报，原则同意。会议要求，尽快动工。",)


def quoted(value: str):
    """The quote of a string in TEXT."""
    start = TEXT[0].index(value)
    return cut_quote(TEXT, 0, start, start + len(value))


FULL = Article(
    url="https://qinglan.example/1.html",
    id="0123456789abcdef",
    kind="article",
    title="会议",
    source="qinglan",
    column="yaowen",
    published=Published(day=date(2026, 3, 1), at=time(9, 5)),
    origin="青岚融媒",
    author="李河",
    credits=(Credit(role="记者", label="本报记者", names=("李　河", "Mary Li")),),
    paragraphs=TEXT,
    attachments=(Attachment(url="https://qinglan.example/b.pdf", name="b", media_type="x/y"),),
    images=(Image(url="https://qinglan.example/x.jpg", alt="桥"),),
    document=Document(index_number="1", written_on=date(2026, 2, 28)),
    meetings=(
        Meeting(
            body="政府",
            kind="常务会议",
            ordinal=Ordinal(term=16, seq=7),
            also_numbered=(Ordinal(seq=2, year=2026),),
            held_on=date(2026, 2, 28),
            chair=quoted("江　阔"),
            chair_titles=(quoted("区长"),),
            attending=(Attendee(name=quoted("江　阔"), titles=(quoted("区长"),)),),
            title=quoted("会议"),
            held_until=date(2026, 3, 1),
            location=quoted("东楼"),
            statements=(Statement(lead=quoted("要求"), text=quoted("动工")),),
            agenda=(
                AgendaItem(
                    verb=quoted("听取"),
                    subject=quoted("桥梁汇报"),
                    decision=quoted("原则同意"),
                    statements=(
                        Statement(
                            lead=quoted("要求"), text=quoted("尽快动工"), speaker=quoted("会议")
                        ),
                    ),
                ),
            ),
        ),
    ),
    repairs=Repairs(steps=("pinyin",), counts=(Count(name="pinyin", n=3),), flags=("repaired",)),
    problems=("no_editor",),
    text_kind="meeting",
    dateline=Dateline(agency=quoted("东楼"), place=quoted("东楼"), code="000001"),
    references=(quoted("桥梁"),),
)


def test_form_of_a_full_record():
    """Every key of the contract, quotes as plain values, padded names squashed."""
    assert {
        "url": "https://qinglan.example/1.html",
        "id": "0123456789abcdef",
        "source": "qinglan",
        "column": "yaowen",
        "kind": "article",
        "title": "会议",
        "published": "2026-03-01T09:05:00+08:00",
        "origin": "青岚融媒",
        "author": "李河",
        "credits": [{"role": "记者", "names": ["李河", "Mary Li"]}],
        "paragraphs": list(TEXT),
        "text": TEXT[0],
        "attachments": [{"url": "https://qinglan.example/b.pdf", "name": "b", "media_type": "x/y"}],
        "images": [{"url": "https://qinglan.example/x.jpg", "alt": "桥"}],
        "document": {
            "index_number": "1",
            "document_number": None,
            "issuer": None,
            "written_on": "2026-02-28",
            "issued_on": None,
            "subject": None,
            "validity": None,
        },
        "meetings": [
            {
                "body": "政府",
                "kind": "常务会议",
                "ordinal": {"term": 16, "seq": 7, "year": None},
                "held_on": "2026-02-28",
                "time": None,
                "chair": "江阔",
                "chair_titles": ["区长"],
                "host": None,
                "attending": ["江阔"],
                "nonvoting": [],
                "location": "东楼",
                "agenda": [
                    {
                        "verb": "听取",
                        "subject": "桥梁汇报",
                        "speaker": None,
                        "decision": "原则同意",
                        "statements": [{"lead": "要求", "text": "尽快动工"}],
                        "said_by": ["会议"],
                    }
                ],
                "also_numbered": [{"term": None, "seq": 2, "year": 2026}],
                "statements": [{"lead": "要求", "text": "动工"}],
                "said_by": [None],
                "title": "会议",
                "held_until": "2026-03-01",
                "held_words": None,
                "attending_titles": [["区长"]],
                "nonvoting_titles": [],
            }
        ],
        "repairs": {
            "steps": ["pinyin"],
            "encoding": "utf-8",
            "script": "hans",
            "counts": {"pinyin": 3},
            "flags": ["repaired"],
        },
        "family": "generic",
        "problems": ["no_editor"],
        "credit_labels": ["本报记者"],
        "text_kind": "meeting",
        "dateline": {
            "agency": "东楼",
            "place": "东楼",
            "code": "000001",
            "date_words": None,
        },
        "references": ["桥梁"],
    } == contract_form(FULL)


def test_form_is_plain_json():
    """What is printed is read back as it was."""
    assert contract_form(FULL) == json.loads(json.dumps(contract_form(FULL)))


def test_empty_record_has_the_same_keys():
    """A missing value is null or an empty list, never a missing key."""
    bare = Article(url="http://qinglan.example/", id="0", kind="other", title="")
    assert list(contract_form(FULL)) == list(contract_form(bare))
    assert contract_form(bare)["document"] is None


def test_list_page_has_items_besides():
    """Lines of a list are told for list pages only."""
    day = Published(day=date(2026, 3, 1))
    items = (ListItem(title="a", url="http://qinglan.example/1", published=day),)
    form = contract_form(replace(FULL, kind="list", items=items))
    assert [{"title": "a", "url": "http://qinglan.example/1", "published": "2026-03-01"}] == form[
        "items"
    ]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("李　河", "李河"),
        ("李  河", "李河"),
        ("仝\u00a0兴社", "仝兴社"),
        ("Mary Li", "Mary Li"),
        ("买买提·艾力", "买买提·艾力"),
        ("李河 Mary", "李河 Mary"),
        ("𠮷 田", "𠮷田"),
    ],
)
def test_padding_between_han_characters_is_left_out(name: str, plain: str):
    """Names of two characters are padded in print; Latin names keep their blank."""
    assert plain == plain_name(name)
