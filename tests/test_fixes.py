"""Corrections that people make: read, applied where they belong, told where they are stale."""

import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.fixes import Fix, corrected, digest_of, load_fixes, standing, toml_of, value_at
from pipeline.interpret import interpret
from pipeline.records import Article, Capture, Correction

URL = "http://qinglan.example/1.html"
PAGE = """<html><head><title>青岚区政府召开第3次常务会议</title>
<meta name="ArticleTitle" content="青岚区政府召开第3次常务会议">
<meta name="PubDate" content="2026-11-20 09:30"></head><body>
<h1>青岚区政府召开第3次常务会议</h1><div class="TRS_Editor">
<p>11月19日，区长李某菜主持召开区政府第3次常务会议，副区长王某某出席。</p>
<p>会议听取了城区道路改造情况的汇报，原则同意有关方案。</p></div></body></html>"""


@pytest.fixture(scope="module")
def article() -> Article:
    found = interpret(
        Capture(
            url=URL,
            requested_url=URL,
            status=200,
            headers=(),
            body=PAGE.encode(),
            fetched_at=datetime(2026, 11, 20, tzinfo=UTC),
        )
    )
    assert "李某菜" == value_at(found, "meetings.0.chair")
    return found


def fix(article: Article, field: str, value: object, *, was: object = None) -> Fix:
    before = value_at(article, field) if was is None else was
    return Fix(article=article.id, field=field, value=value, was=digest_of(before), reason="核对过")


def spans_hold(article: Article) -> bool:
    texts = {-1: article.title} | dict(enumerate(article.paragraphs))
    quotes = [x for m in article.meetings for x in (m.chair, m.title) if x is not None]
    quotes += [y for m in article.meetings for x in m.agenda for y in (x.verb, x.subject)]
    return all(
        x.value == texts[x.span.paragraph][x.span.start : x.span.end] for x in quotes
    ) and bool(quotes)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "青岚区政府召开第3次常务会"),
        ("published", "2026-11-19"),
        ("published", "2026-11-19T08:00:00+08:00"),
        ("origin", "青岚融媒"),
        ("text_kind", "notice"),
        ("meetings.0.held_on", "2026-11-18"),
        ("meetings.0.chair", "王某某"),
        ("meetings.0.ordinal", {"seq": 4}),
        ("credits", [{"role": "记者", "label": "记者", "names": ["赵某某"]}]),
        ("meetings", []),
    ],
)
def test_a_fix_sets_its_field_and_is_named(article: Article, field: str, value: object):
    """The record says what a person has corrected, and why."""
    found = corrected(article, [fix(article, field, value)], None)
    assert () == found.stale
    assert (Correction(field=field, reason="核对过"),) == found.article.corrections
    after = value_at(found.article, field)
    if isinstance(value, dict):
        assert value == {k: v for k, v in after.items() if v is not None}
    elif field != "credits":
        assert value == after
    assert not found.article.meetings or spans_hold(found.article)


def test_what_is_read_from_a_text_is_read_anew(article: Article):
    """A name corrected in a paragraph is corrected wherever the record takes it from there."""
    paragraph = article.paragraphs[0].replace("李某菜", "李某某")
    found = corrected(article, [fix(article, "paragraphs.0", paragraph)], None).article
    assert "李某某" == value_at(found, "meetings.0.chair")
    assert spans_hold(found)
    assert date(2026, 11, 19) == found.meetings[0].held_on


def test_a_text_and_what_is_read_from_it_can_both_be_corrected(article: Article):
    """Texts first, then what people know better than any reader."""
    paragraph = article.paragraphs[0].replace("李某菜", "李某某")
    fixes = [
        fix(article, "meetings.0.held_on", "2026-11-18"),
        fix(article, "paragraphs.0", paragraph),
    ]
    found = corrected(article, fixes, None)
    assert () == found.stale
    assert ["李某某", "2026-11-18"] == [
        value_at(found.article, f"meetings.0.{x}") for x in ("chair", "held_on")
    ]


@pytest.mark.parametrize(
    ("field", "value", "was", "says"),
    [
        ("title", "另一个标题", "早先的标题", "what is read now is"),
        ("title", "青岚区政府召开第3次常务会议", "早先的标题", "reads so by itself"),
        ("meetings.1.chair", "王某某", "李某菜", "there is no meetings.1.chair"),
        ("meetings.0.chair", "周某某", None, "does not stand in the text"),
        ("meetings.0.body", "王某某", None, "not possible"),
        ("meetings.0.body", "公司", None, "does not stand in the text"),
        ("published", "昨天", None, "is no date"),
    ],
)
def test_a_stale_fix_is_told_and_changes_nothing(
    article: Article, field: str, value: str, was: str | None, says: str
):
    """A page that says something else by now is not overruled by an old correction."""
    found = corrected(article, [fix(article, field, value, was=was)], None)
    assert article == found.article
    (line,) = found.stale
    assert says in line
    assert field in line


@given(st.text(max_size=30).filter(lambda x: not any(0xD800 <= ord(c) < 0xE000 for c in x)))
def test_a_fix_survives_its_file(text: str):
    """What `quwen show --field` prints can be put into a file as it is."""
    written = Fix(article="0123456789abcdef", field="title", value=text, was="0" * 16, reason="x")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fixes.toml"
        path.write_text(toml_of(written), encoding="utf-8", newline="")
        (read,) = load_fixes(path)
    assert written == replace(read, where="")


WRONG = {
    "no TOML": ("[[fix]\n", "is not TOML"),
    "no reason": (
        '[[fix]]\narticle = "0123456789abcdef"\nfield = "title"\nwas = "0123456789abcdef"\nvalue = "x"\n',
        "fix.0.reason",
    ),
    "id": (
        '[[fix]]\narticle = "7"\nfield = "title"\nwas = "0123456789abcdef"\nvalue = "x"\nreason = "x"\n',
        "fix.0.article",
    ),
    "field": (
        '[[fix]]\narticle = "0123456789abcdef"\nfield = "url"\nwas = "0123456789abcdef"\nvalue = "x"\nreason = "x"\n',
        "'url' cannot be corrected",
    ),
}


@pytest.mark.parametrize("form", WRONG)
def test_a_file_that_is_wrong_is_refused(form: str, tmp_path: Path):
    """By name and entry: else records would silently lose what was corrected in them."""
    text, says = WRONG[form]
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=says) as error:
        load_fixes(tmp_path)
    assert "a.toml" in error.value.where


def test_a_field_is_corrected_once(tmp_path: Path):
    """Two files that disagree are refused."""
    one = Fix(article="0123456789abcdef", field="title", value="x", was="0" * 16, reason="x")
    (tmp_path / "a.toml").write_text(toml_of(one))
    (tmp_path / "b.toml").write_text(toml_of(replace(one, value="y")))
    with pytest.raises(ConfigError, match=r"corrected in .*a\.toml.* already"):
        load_fixes(tmp_path)


def test_what_is_to_be_said_of_a_fix(article: Article):
    """It stands, waits to be read, is stale, or names nothing."""
    given = fix(article, "title", "青岚区政府召开常务会议")
    done = corrected(article, [given], None).article
    assert "" == standing(done, given)
    assert "waits for quwen reparse" == standing(article, given)
    assert "waits" in standing(done, replace(given, value="又一个标题"))
    assert "is stale" in standing(replace(article, title="改了"), given)
    assert "no article" in standing(None, given)
