"""The stored form of records."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import StoreError
from pipeline.records import Article, Credit
from pipeline.store import codec

# hypothesis knows the types of every field; NUL and surrogates have their own test
STORABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
st.register_type_strategy(str, st.text(STORABLE, max_size=12))


@given(st.from_type(Article))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_record_survives_the_database(article: Article):
    """Whatever a record holds comes back equal."""
    assert article == codec.load(codec.dump(article))


@pytest.mark.parametrize("bad", ["\x00", chr(0xD800), chr(0xDFFF)])
@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("title", lambda bad: {"title": f"a{bad}"}),
        ("paragraphs.1", lambda bad: {"paragraphs": ("好", f"a{bad}")}),
        (
            "credits.0.names.0",
            lambda bad: {"credits": (Credit(role="a", label="a", names=(f"a{bad}",)),)},
        ),
    ],
)
def test_unstorable_character_is_refused_by_address_and_field(
    report: Any, bad: str, field: str, change: Any
):
    """NUL and lone surrogates never reach a database; the message says where they stood."""
    article = replace(report(), **change(bad))
    with pytest.raises(StoreError) as refused:
        codec.dump(article)
    assert f"{article.url} {field}: U+{ord(bad):04X} at character 1" in str(refused.value)


def test_backslash_u0000_as_text_is_kept(report: Any):
    """A text about the escape is not the character."""
    article = report(text="写作\\u0000")
    assert article == codec.load(codec.dump(article))


def test_record_of_an_earlier_program_has_defaults(report: Any):
    """Fields that a stored form lacks get their default."""
    text = codec.dump(report()).replace('"text_kind":"meeting",', "")
    assert "story" == codec.load(text).text_kind


@pytest.mark.parametrize("text", ["", "{", '{"url":1}', "[]"])
def test_damaged_record_is_named(text: str):
    """A stored form that cannot be read says which one, and what to do."""
    with pytest.raises(StoreError, match=r"abc: stored record cannot be read.*reparse"):
        codec.load(text, where="abc")
