"""The county-level divisions of China by code and by name (GB/T 2260).

The table is the state at the end of 2025, made by
``deployments/tools/make_divisions.py``: 区, 县, 市, 旗, 自治县, 自治旗, 林区, 特区 of the
mainland, and the prefecture-level cities that have no divisions (东莞, 中山, 儋州,
嘉峪关). A code that was given up is not in it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipeline.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """A county-level division.

    *prefecture* is empty in the four municipalities and where the province rules
    the division itself (仙桃市, 石河子市). *short* is the name as datelines have it.
    """

    code: str
    name: str
    prefecture: str
    province: str
    short: str


_GROUPS = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇"
    "|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|普米|塔吉克|怒|鄂温克|保安|裕固|独龙|鄂伦春|各"
)
_PEOPLES = rf"(?:(?:{_GROUPS})族|蒙古|哈萨克|塔吉克|锡伯|柯尔克孜|维吾尔)*"
# 连南|瑶族自治县, 前郭尔罗斯|蒙古族自治县, 塔什库尔干|塔吉克自治县, 龙胜|各族自治县
_AUTONOMOUS = re.compile(rf"(?P<stem>.{{2,}}?){_PEOPLES}自治[县旗]")
_ORDINARY = re.compile(r"(?P<stem>.{2,}?)(?:联合旗|新区|特区|[区县市旗])")
# 巴林左旗, 科尔沁右翼前旗, 正蓝旗, 井陉矿区: without its last character it is no name
_WHOLE = re.compile(r".*(?:[左右前后中]|[黄白红蓝])旗|.+矿区")
_ODD = {"神农架林区": "神农架", "鄂温克族自治旗": "鄂温克", "东乡族自治县": "东乡"}


def short_name(name: str) -> str:
    """The name of a division as people and datelines use it.

    东昌府区 is 东昌府, 连南瑶族自治县 is 连南. At least two characters are left: 忠县 and
    矿区 stay as they are, and so does what is no name without its last character
    (巴林左旗, 井陉矿区).
    """
    if name in _ODD:
        return _ODD[name]
    if _WHOLE.fullmatch(name):
        return name
    found = _AUTONOMOUS.fullmatch(name) or _ORDINARY.fullmatch(name)
    return found["stem"] if found else name


@cache
def _table() -> dict[str, Division]:
    text = files("pipeline").joinpath("divisions.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return {
        code: Division(
            code=code, name=name, prefecture=prefecture, province=province, short=short_name(name)
        )
        for code, name, prefecture, province in rows
    }


@cache
def _by_name() -> dict[str, tuple[Division, ...]]:
    found: dict[str, tuple[Division, ...]] = {}
    for division in _table().values():
        for name in {division.name, division.short}:
            found[name] = (*found.get(name, ()), division)
    return found


def all_divisions() -> Iterable[Division]:
    """Every division, by code."""
    return _table().values()


def division(code: str) -> Division:
    """The division with that six-digit code. Raises `ConfigError` where there is none."""
    found = _table().get(code)
    if found is None:
        raise ConfigError(
            "is no code of a county-level division (GB/T 2260, end of 2025)",
            where=code,
            hint="look it up by the name of the place",
        )
    return found


def by_name(name: str, *, within: str | None = None) -> tuple[Division, ...]:
    """The divisions of that name, full or short, by code; several where it is ambiguous.

    A full name outdoes a short one: 朝阳区 is never 朝阳市. *within* names the province
    or prefecture, in full or without 省, 市 … (山东, 枣庄市), or gives the start of
    the code (37, 3704).
    """
    found = _by_name().get(name, ())
    exact = tuple(x for x in found if x.name == name) or found
    return tuple(x for x in exact if within is None or _lies_in(x, within))


def named_in(text: str, *, within: str | None = None) -> tuple[Division, ...]:
    """The divisions that *text* may name, such as the name of a site.

    The longest names found count, full ones before short ones: 枣庄市台儿庄区人民政府
    is 台儿庄区. Where several places have that name, those remain whose province
    or prefecture stands in the text too, if any does.
    """
    for names in (_full_names(text), _short_names(text)):
        longest = max((len(x) for x in names), default=0)
        found = {
            x.code: x
            for name in names
            if len(name) == longest
            for x in by_name(name, within=within)
        }
        if found:
            nearer = tuple(x for x in found.values() if _upper_named(x, text))
            return nearer or tuple(found.values())
    return ()


def _full_names(text: str) -> set[str]:
    return {x for x in _pieces(text) if any(d.name == x for d in _by_name().get(x, ()))}


def _short_names(text: str) -> set[str]:
    return {x for x in _pieces(text) if x in _by_name()}


def _pieces(text: str, longest: int = 18) -> Iterator[str]:
    for start in range(len(text)):
        for end in range(start + 2, min(start + longest, len(text)) + 1):
            yield text[start:end]


def _lies_in(place: Division, within: str) -> bool:
    if within.isdigit():
        return place.code.startswith(within)
    return any(within in (x, _stem(x)) for x in (place.prefecture, place.province) if x)


def _upper_named(place: Division, text: str) -> bool:
    return any(_stem(x) in text for x in (place.prefecture, place.province) if x)


# 山东省, 广西壮族自治区, 新疆维吾尔自治区, 恩施土家族苗族自治州, 锡林郭勒盟, 喀什地区
_UPPER = re.compile(rf"(?P<stem>.{{2,}}?)(?:省|市|盟|地区|{_PEOPLES}自治[区州])")


def _stem(upper: str) -> str:
    found = _UPPER.fullmatch(upper)
    return found["stem"] if found else upper
