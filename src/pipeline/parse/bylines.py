"""Credits that stand around a text, not in it: in the line below the title, or behind the end."""

import re
from collections.abc import Iterator, Sequence

from pipeline.parse.credits import ROLE, acceptable, role_of
from pipeline.parse.names import bare_name, split_names
from pipeline.parse.text import whole
from pipeline.records import Credit

_AROUND = frozenset(
    {
        "记者", "通讯员", "实习生", "责任编辑", "编辑", "审核", "监制", "撰稿", "供稿", "摄影",
        "图文", "校对",
    }
)  # fmt: skip
"""Roles that are believed outside the text: 来源 and 制作 there are of the page."""

# 责任编辑：甲 乙　审核：丙  浏览次数：9
_FIELD = re.compile(rf"(?<![\u4e00-\u9fff])(?P<label>{ROLE.pattern})\s{{0,4}}[:：]\s{{0,4}}")
# what ends the names: the next label, a bracket, a number, another field behind wide blanks
_END = re.compile(
    r"[\u4e00-\u9fff]{2,8}\s{0,2}[:：]|[\[\]［］【】（）()<>]|\d|[A-Za-z]{3}|\s{3,}|\u3000{2,}"
    r"|字[体号]|打印|关闭|浏览|点击|阅读|分享|收藏|纠错|发布|更新"
)
_MOST = 6
"""Names of one role; more are a menu."""


def read_bylines(lines: Sequence[str], inside: Sequence[Credit]) -> tuple[Credit, ...]:
    """The credits in *lines*, the shown lines around a text, without those that it has *inside*.

    They have no spans: their words are in no paragraph. Only what stands behind a role and a
    colon counts, and nothing where one of the names is none.
    """
    seen = {(x.role, bare_name(n)) for x in inside for n in x.names}
    found: list[Credit] = []
    for line in lines:
        for role, label, names in _fields(line):
            new = tuple(x for x in names if (role, bare_name(x)) not in seen)
            seen.update((role, bare_name(x)) for x in new)
            if new:
                found.append(Credit(role=role, label=label, names=new))
    return tuple(found)


def _fields(line: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Role, label and names of each field of a line that names makers."""
    clip = whole(0, line)
    for match in _FIELD.finditer(line):
        label = match["label"].strip()
        role = role_of(label)
        if role not in _AROUND:
            continue
        end = _END.search(line, match.end())
        stop = end.start() if end is not None else len(line)
        names = [x.text for x in split_names(clip.part(match.end(), stop))]
        if 0 < len(names) <= _MOST and all(_is_one(x, role) for x in names):
            yield role, label, tuple(names)


def _is_one(name: str, role: str) -> bool:
    return acceptable(name, role, marked=True) and not name.isascii()
