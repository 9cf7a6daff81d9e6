"""A new column as far as its site tells it: what is known, from where, and what is not."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import unquote, urlsplit

from pipeline.divisions import Division, by_name, division, named_in
from pipeline.errors import ConfigError
from pipeline.records import Place
from pipeline.sources.facts import PageFacts
from pipeline.sources.provinces import province_folder, province_letters

Publisher = Literal["media", "government", "party", "congress", "cppcc"]
PUBLISHERS: tuple[str, ...] = get_args(Publisher)

# In this order: 青岚区人大常委会 says 区, 青岚区委宣传部主办的青岚新闻网 is media
_PUBLISHERS: tuple[tuple[re.Pattern[str], Publisher], ...] = (
    (re.compile(r"人大|人民代表大会"), "congress"),
    (re.compile(r"政协|政治协商"), "cppcc"),
    (re.compile(r"新闻网|融媒|日报|晚报|时报|周刊|电视台|广播|传媒|报$"), "media"),
    (re.compile(r"人民政府|政府网|政务|政府$"), "government"),
    (re.compile(r"[区县市旗]委|党建|组织部|宣传部|文明网"), "party"),
)
_NOT_KEY = re.compile(r"[^a-z0-9]+")
_FRAME = re.compile(r"(?:index|list|default)(?:_\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A value with where it was found; an empty value is not known, and ``how`` says why."""

    value: str = ""
    how: str = ""

    def __bool__(self) -> bool:
        return bool(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledPlace:
    """The place that a site serves: one, or the candidates that nothing tells apart."""

    place: Place | None = None
    folder: str = ""
    letters: str = ""
    how: str = ""
    candidates: tuple[Division, ...] = ()


def settle_place(facts: PageFacts, *, url: str) -> SettledPlace:
    """The place that the page's own words name.

    The 网站标识码 counts first, then the site's name, then the title, then the column's.
    Where code and name contradict each other, neither is believed.
    """
    coded = _coded(facts.site_code)
    named = next((x for x in map(named_in, _names(facts)) if x), ())
    if coded is not None and named and coded not in named and facts.site_name:
        return SettledPlace(
            how=f"SiteIDCode {facts.site_code} is {coded.name}, the name says {named[0].name}",
            candidates=(coded, *named),
        )
    if coded is not None:
        return as_settled(coded, f"SiteIDCode {facts.site_code}")
    if len(named) == 1:
        return as_settled(named[0], f"its name, {facts.site_name or facts.title}")
    if named:
        several = "、".join(f"{x.prefecture or x.province}{x.name}" for x in named[:6])
        return SettledPlace(how=f"several places have that name: {several}", candidates=named)
    code = f"SiteIDCode {facts.site_code}" if facts.site_code else "no SiteIDCode"
    return SettledPlace(
        how=f"{code}, and no name of a county-level division on {urlsplit(url).hostname}"
    )


def place_named(text: str) -> SettledPlace:
    """The place that an operator names, by code or by name. Raises `ConfigError`."""
    if text.isdigit():
        return as_settled(division(text), "given")
    found = by_name(text) or named_in(text)
    if len(found) == 1:
        return as_settled(found[0], "given")
    codes = ", ".join(f"{x.code} {x.prefecture or x.province}{x.name}" for x in found[:8])
    raise ConfigError(
        "is several places" if found else "is no county-level division",
        where=text,
        hint=f"give the code: {codes}" if found else "give its code after GB/T 2260",
    )


def as_settled(found: Division, how: str) -> SettledPlace:
    """A division as the place of a source file."""
    return SettledPlace(
        place=Place(code=found.code, name=found.name, province=found.province, short=found.short),
        folder=province_folder(found),
        letters=province_letters(found),
        how=how,
    )


def settle_publisher(site_name: str, *, url: str, site_code: str) -> Known:
    """Who publishes the site, by its name; a government's code or host where that says nothing."""
    for pattern, publisher in _PUBLISHERS:
        if found := pattern.search(site_name):
            return Known(value=publisher, how=f"“{found[0]}” in the site's name")
    host = urlsplit(url).hostname or ""
    if host.endswith(".gov.cn") or site_code:
        return Known(
            value="government", how="host under .gov.cn" if not site_code else "SiteIDCode"
        )
    return Known(how="the site's name says nothing of it")


def site_id(url: str, *, letters: str, taken: Iterable[str]) -> str:
    """An id from province and host: sd-qinglan for www.qinglan.gov.cn; numbered if it is taken."""
    host = (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.")
    words = host.split(".")
    while len(words) > 1 and words[-1] in ("cn", "com", "net", "org", "gov", "example"):
        words.pop()
    stem = _NOT_KEY.sub("-", "-".join(words)).strip("-") or "site"
    return _free(f"{letters}-{stem}"[:60], taken)


def column_key(url: str, *, taken: Iterable[str]) -> str:
    """A key from the address: zwyw for /xwzx/zwyw/index.html, zwyw for /xwzx/zwyw.htm."""
    path = unquote(urlsplit(url).path).lower()
    words = [_NOT_KEY.sub("-", x.rpartition(".")[0] or x).strip("-") for x in path.split("/")]
    words = [x for x in words if x and not _FRAME.fullmatch(x)]
    taken = set(taken)
    for count in range(1, len(words) + 1):
        key = "-".join(words[-count:])[:60]
        if key not in taken:
            return key
    return _free(words[-1][:60] if words else "news", taken)


def _coded(site_code: str) -> Division | None:
    # bm01000001 is a ministry's; 3715020001 a district's; xx0000 a province's or city's
    if not re.fullmatch(r"\d{10}", site_code):
        return None
    try:
        return division(site_code[:6])
    except ConfigError:
        return None


def _names(facts: PageFacts) -> tuple[str, ...]:
    return (facts.site_name, facts.title, *(x.name for x in facts.trail))


def _free(wanted: str, taken: Iterable[str]) -> str:
    known = set(taken)
    names = (wanted, *(f"{wanted}-{n}" for n in range(2, 1000)))
    return next(x for x in names if x not in known)
