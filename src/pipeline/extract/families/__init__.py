"""The content-management families: what marks them, and what they do their own way."""

from pipeline.extract.families.generic import GENERIC
from pipeline.extract.families.hanweb import HANWEB
from pipeline.extract.families.trs import TRS
from pipeline.extract.family import Family

__all__ = ["FAMILIES", "GENERIC", "Family", "detect"]

_MARKED = (TRS, HANWEB)
"""In the order in which they are looked for."""

FAMILIES = {x.name: x for x in (*_MARKED, GENERIC)}
"""The registry: a further family is a value here."""


def detect(html: str, url: str) -> Family:
    """The family that address and page marks speak for; `GENERIC` where none do."""
    for family in _MARKED:
        for pattern in (family.address, family.answer):
            if pattern is not None and pattern.search(url):
                return family
    for family in _MARKED:
        if any(mark in html for mark in family.page):
            return family
    return GENERIC
