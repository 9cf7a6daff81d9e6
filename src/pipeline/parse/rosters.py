"""Lists of those present: 区领导甲、乙，各镇主要负责人, each a person with titles or a group."""

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.parse.names import (
    COMRADE,
    GROUP,
    GROUP_HEAD,
    HAN,
    RANK,
    SURNAMES,
    Person,
    bare_name,
    has_surname,
    is_name,
    is_title,
    name_then_title,
    parts_of,
    title_then_name,
    trim,
)
from pipeline.parse.text import Clip

# 程到 or 方向: names that end like a phrase, told only by the list they stand in
_ODD_NAME = re.compile(rf"[{''.join(sorted(SURNAMES))}][{HAN}]?[到向等及省]")
_MANY = re.compile(r"(?:领导|干部|委员|代表|成员|常委)$")
_ORGAN = re.compile(
    r"(?:局|委|委员会|联合会|常委会|办|部|院|中心|街道|镇|乡|公司|单位|部门|企业|集团|政府|站|处|人大|政协)$"
)
_AND_UNITS = re.compile(r"等(?:有关|相关)?(?:部门|单位)$")
# 各乡镇党委书记、县直有关单位负责人: two groups with a head each
_OFFICE = re.compile(
    r"[区县市旗](?:人民)?(?:法院|检察院|监委|监察委员会|人武部)[^、，]{0,4}(?:院长|检察长|主任|部长|政委)$"
)
_OWN_HEAD = re.compile(r"[区县市旗]直|[局镇乡]?(?:各|有关|相关|全体)")
_OF_UNITS = re.compile(r"等(?:有关|相关)?(?:部门|单位)(?:主要)?(?:负责人|负责同志)?$")
_GROUP_WORDS = re.compile(r"各|有关|相关|部门|单位|全体|部分|班子|机关|街道|乡镇|四套")


def read_people(clip: Clip, *, labelled: bool = False) -> list[Person]:
    """The people and groups of a list such as ``区领导甲、乙，各镇主要负责人``.

    A title counts for the names after it until the next one; organisations before
    负责人 belong with it to one group. *labelled*: the list stands behind 出席： or 列席：
    and may name a person by the unit alone (区教育局甲).
    """
    paired = _by_unit(clip) if labelled else []
    if paired:
        return paired
    people: list[Person] = []
    titles: tuple[Clip, ...] = ()
    pending: list[Clip] = []  # titles that wait for a name: 区委常委、…
    words: list[Clip] = []  # organisations that wait for 负责人, and words of a group
    parts = [*map(_without_aside, parts_of(clip))]
    only_names = _only_names(parts)
    units = max((i for i, x in enumerate(parts) if _OF_UNITS.search(x.text)), default=0)
    for i, part in enumerate(parts):
        if pending and _MANY.search(pending[-1].text) and _begins_group(part):
            people.append(_group(_hull(pending)))  # 县级领导干部，各乡镇负责人
            pending = []
        listed = bool(people or pending) and i >= units  # not 发改 of 发改、税务等部门负责人
        person = _person(part, listed=listed or only_names)
        if person is None and labelled:
            person = _unit_then_name(part)
        if person:
            titles = (*pending, *person.titles) or titles
            people.append(replace(person, titles=titles))
            pending = []
        elif is_title(part.text) and not (words or _looks_group(part.text)):
            pending.append(part)
        elif words and _AND_UNITS.search(part.text):
            people.append(_group(_hull([*words, part])))  # 发改、工信、住建等部门
            words = []
        elif not is_title(part.text) and (_ORGAN.search(part.text) or not GROUP.search(part.text)):
            words.append(part)
        else:
            if pending and (part.line[part.start - 1] != "、" or _two_heads(pending[-1], part)):
                people.append(_group(_hull(pending)))
                pending = []
            people.append(_group(_hull([*(pending or words), part])))
            pending, words = [], []
    if pending:
        people.extend(map(_group, _at_commas([*pending, *words])))
    else:
        people.extend(_group(x) for x in words if _ORGAN.search(x.text))
    named = (x for x in people if not (x.is_group and _COUNT.fullmatch(x.name.text)))
    return sorted(named, key=lambda x: x.name.start)


def _by_unit(clip: Clip) -> list[Person]:
    """县人大 惠栋 县政协 江声: units and names in turn, parted by blanks alone."""
    words = [clip.part(*m.span()) for m in _WORDS.finditer(clip.line, clip.start, clip.end)]
    units, named = words[::2], words[1::2]
    fits = len(words) > 3 and len(units) == len(named) and not _LISTS.search(clip.text)
    if not fits or not all(_ORGAN.search(x.text) and len(x.text) > 2 for x in units):
        return []
    if not all(is_name(x.text, strict=False) for x in named):
        return []
    return [
        Person(name=b, titles=(a,), rule="unit-name") for a, b in zip(units, named, strict=True)
    ]


_WORDS = re.compile(r"[^\s。]{1,20}")
_LISTS = re.compile(r"[、，；,;]")

# 王刚（分管住建）
_ALSO = re.compile(r"以及|还有|及(?=[区县市旗])|在家的(?=副)")  # 以及区法院院长甲, 在家的副区长乙
_ASIDE = re.compile(r"[（(][^（）()]{1,20}[）)]$")


def _without_aside(part: Clip) -> Clip:
    """The part of a list without what a bracket behind a name adds."""
    part = trim(part)
    joint = _ALSO.match(part.text)
    part = part.part(part.start + joint.end(), part.end) if joint else part
    aside = _ASIDE.search(part.text)
    if aside and aside.start() and not GROUP.search(part.text[: aside.start()]):
        return trim(part.part(part.start, part.start + aside.start()))
    return part


def _two_heads(before: Clip, part: Clip) -> bool:
    if _OFFICE.match(before.text) and _OFFICE.match(part.text):
        return True  # 区法院院长、区检察院检察长
    headed = _OWN_HEAD.match(part.text) or _MANY.search(part.text)
    return bool(_GROUP_WORDS.search(before.text)) and bool(headed)


def _only_names(parts: list[Clip]) -> bool:
    """Whether a list is names without titles, so that one without a surname is one, too."""
    words = [x.text for x in parts]
    named = all(len(bare_name(x)) <= 4 and is_name(x, strict=False) for x in words)
    return named and sum(map(has_surname, words)) * 2 >= len(words) > 1


def _begins_group(part: Clip) -> bool:
    """Whether a part cannot share its people's word with the part before: ，… and 各副市长."""
    return part.line[part.start - 1] in "，；;" or part.text.startswith(
        ("各", "全体", "有关", "相关")
    )


def _person(part: Clip, *, listed: bool) -> Person | None:
    """The person that one part of a list names; without a title only where *listed* with others."""
    comrade = COMRADE.search(part.text)
    if comrade and is_name(part.text[: comrade.start()], strict=False):
        part = part.part(part.start, part.start + comrade.start())  # 甲、乙、丙等同志
    if RANK.fullmatch(part.text):
        return None
    person = title_then_name(part) or name_then_title(part)
    named = is_name(part.text, strict=not listed) or (
        listed and bool(_ODD_NAME.fullmatch(part.text))
    )
    if person is None and named:
        return Person(name=part, rule="name-in-list")
    return person


def _hull(clips: list[Clip]) -> Clip:
    """The words from the first clip to the last."""
    return clips[0].part(min(x.start for x in clips), max(x.end for x in clips))


def _at_commas(clips: list[Clip]) -> Iterator[Clip]:
    """The groups of a list that ends without a name: 各副市长，市政府秘书长 are two."""
    together: list[Clip] = []
    for clip in sorted(clips, key=lambda x: x.start):
        if together and (clip.line[clip.start - 1] in "，；;" or _two_heads(together[-1], clip)):
            yield _hull(together)
            together = []
        together.append(clip)
    yield _hull(together)


# 及委员共27人: how many, not who
_COUNT = re.compile(r"(?:委员|常委|代表|组成人员)?等?共?\d{1,4}余?人")


def _group(clip: Clip) -> Person:
    return Person(name=clip, is_group=True, rule="group-in-list")


def _looks_group(words: str) -> bool:
    return bool(GROUP_HEAD.search(words)) and bool(_GROUP_WORDS.search(words))


# 区水务局甲: the unit, then a name with a surname
_UNIT_THEN = re.compile(
    rf"[{HAN}]{{1,14}}?(?:局|办公室|委员会|[发建健工纪监]委|人大常委会|人大|政协|中心|街道|镇|乡|院|公司|集团|部|工会|政府办)\s{{0,2}}(?=[{HAN}]{{2,3}}$)"
)
_NO_LAST = re.compile(r"[科股室队组所站班]$")


def _unit_then_name(part: Clip) -> Person | None:
    """区水务局甲: somebody named by the unit, in a list of those present."""
    for unit in _UNIT_THEN.finditer(part.line, part.start, part.end):
        name = part.part(unit.end(), part.end)
        parted = not part.line[unit.end() - 1].strip()  # 区法院 法正
        if is_name(name.text, strict=not parted) and not _NO_LAST.search(name.text):
            return Person(name=name, titles=(part.part(part.start, unit.end()),), rule="unit-name")
    return None
