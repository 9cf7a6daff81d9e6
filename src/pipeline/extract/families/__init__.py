"""The content-management families: what marks them, and what they do their own way."""

from pipeline.extract.families.epaper import EPAPER
from pipeline.extract.families.generic import GENERIC
from pipeline.extract.families.hanweb import HANWEB
from pipeline.extract.families.jpaas import JPAAS
from pipeline.extract.families.longcloud import LONGCLOUD
from pipeline.extract.families.nfcms import GKMLPT, NFCMS
from pipeline.extract.families.trs import TRS
from pipeline.extract.families.ucap import UCAP
from pipeline.extract.families.vsb import VSB
from pipeline.extract.families.wechat import WECHAT
from pipeline.extract.family import Family

__all__ = ["FAMILIES", "GENERIC", "Family", "asks_script", "detect"]

_MARKED = (WECHAT, TRS, GKMLPT, NFCMS, JPAAS, HANWEB, UCAP, LONGCLOUD, VSB, EPAPER)
"""In the order in which they are looked for: a mark of an earlier one may stand on a page of a later."""

FAMILIES = {x.name: x for x in (*_MARKED, GENERIC)}
"""The registry: a further family is a value here."""


def detect(html: str, url: str) -> Family:
    """The family that address and page marks speak for; `GENERIC` where none do."""
    for family in _MARKED:
        for pattern in (family.answer, family.address):
            fits = pattern is not None and pattern.search(url)
            if fits and not any(mark in html for mark in family.unless):
                return family
    for family in _MARKED:
        if any(mark in html for mark in family.page):
            return family
    return GENERIC


def asks_script(url: str) -> bool:
    """Whether the address is one that a family's scripts ask, and no reader opens."""
    return any(x.answer is not None and x.answer.search(url) is not None for x in _MARKED)
