"""Identifiers: what varies for one page must not change them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.identity import article_id, canonical_key

TWINS = [
    ("http://www.qinglan.example/a/t20261022_1.html", "https://qinglan.example/a/t20261022_1.html"),
    ("http://q.example/a/t20211112_9970383_wap.html", "http://q.example/a/t20211112_9970383.html"),
    ("http://q.example/content/mpost_12.html", "http://q.example/content/post_12.html"),
    ("http://q.example/1.html?from=timeline#top", "http://q.example/1.html"),
    ("http://q.example:80/1.html?utm_source=x&id=2", "http://q.example/1.html?id=2"),
]


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_twins_of_a_page_have_one_identifier(one: str, other: str):
    """Scheme, www., mobile form, tracking and fragment make no other article."""
    assert article_id(one) == article_id(other)


def test_other_pages_have_other_identifiers():
    """A number in path or query is another page, and so is another port."""
    addresses = [
        "http://q.example/1.html",
        "http://q.example/2.html",
        "http://q.example/1.html?id=2",
    ]
    assert 4 == len({article_id(x) for x in [*addresses, "http://q.example:8080/1.html"]})


@given(st.text(alphabet="abc/._-?=&%0123456789政", max_size=40))
def test_the_canonical_key_is_stable(path: str):
    """Canonicalizing twice changes nothing."""
    key = canonical_key("http://q.example/" + path)
    assert key == canonical_key("http://" + key)
