"""The meaning of normalized text: who met, when, under which number, on what, and what was said."""

from pipeline.parse.article import parse_article
from pipeline.parse.dates import parse_date
from pipeline.parse.explain import explain
from pipeline.parse.numerals import parse_ordinal_words
from pipeline.parse.result import Parsed
from pipeline.parse.text import Mark

__all__ = ["Mark", "Parsed", "explain", "parse_article", "parse_date", "parse_ordinal_words"]
