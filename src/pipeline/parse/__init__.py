"""The meaning of normalized text: who met, when, under which number, on what, and what was said."""

from pipeline.parse.article import parse_article
from pipeline.parse.credits import writers
from pipeline.parse.dates import parse_date
from pipeline.parse.explain import explain
from pipeline.parse.numerals import parse_ordinal_words
from pipeline.parse.people import Official, people_of
from pipeline.parse.result import Parsed
from pipeline.parse.text import Mark
from pipeline.parse.topics import Topic, own_table, read_table, topics_of

__all__ = [
    "Mark",
    "Official",
    "Parsed",
    "Topic",
    "explain",
    "own_table",
    "parse_article",
    "parse_date",
    "parse_ordinal_words",
    "people_of",
    "read_table",
    "topics_of",
    "writers",
]
