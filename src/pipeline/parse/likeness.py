"""Which item a statement is on, and whether two items are one: told by the words they share."""

import re
from functools import lru_cache
from itertools import pairwise

from pipeline.parse.matters import ItemDraft, StatementDraft

_TITLES = re.compile(r"《[^《》]{2,80}")


def alike(a: ItemDraft, b: ItemDraft) -> bool:
    """Whether the body takes up an item of the opening sentence: one subject within the other."""
    x, y = a.subject.text, b.subject.text
    if any(named not in y for named in _TITLES.findall(x)):
        return False  # of two matters named at once, the body takes up one
    return x in y or y in x or (len(x) >= 8 and _common(x, y) >= max(8, min(len(x), len(y)) * 0.75))


# 研究夏粮收购、校园周边整治等工作
_PARTS = re.compile(r"[、和及与]")
_SUMMED_UP = re.compile(r"^[我全本][区县市旗]|等?(?:有关|相关)?(?:工作|事项|事宜|问题)?$")


def without_summaries(items: list[ItemDraft]) -> list[ItemDraft]:
    """The items without those of the opening sentence whose every part is told of below."""
    if not any(x.opening for x in items):
        return items
    below = [x.subject.text for x in items if not x.opening]
    return [x for x in items if not (x.opening and not x.statements and _told(x, below))]


def _told(item: ItemDraft, below: list[str]) -> bool:
    if item.decision or "《" in item.subject.text:
        return False
    parts = [_SUMMED_UP.sub("", x) for x in _PARTS.split(item.subject.text)]
    return len(parts) > 1 and all(
        any(
            _common(part, x) >= max(2, len(part) // 2) or len(_pairs(part) & _pairs(x)) > 1
            for x in below
        )
        for part in parts
    )


def closest(items: list[ItemDraft], statement: StatementDraft, about: str) -> ItemDraft | None:
    """The item whose subject shares most words with a statement, else None.

    Words of *about*, the meeting's own name, tell nothing.
    """
    return (
        named_in(items, statement, about)
        or sharing(items, statement, about, least=1)
        or learnt(items, statement)
    )


def among(
    listed: list[ItemDraft], together: list[ItemDraft], statement: StatementDraft, about: str
) -> ItemDraft | None:
    """Of the items since something was said, *together* those of one sentence, what a statement is on."""
    return (
        named_in(listed, statement, about)
        or asked(listed, statement)
        or sharing(together, statement, about, least=1)
        or sharing(listed, statement, about, least=2)
        or learnt(listed, statement)
    )


def sharing(
    items: list[ItemDraft], statement: StatementDraft, about: str, *, least: int
) -> ItemDraft | None:
    """The one item that shares most pairs of characters with a statement, and *least* of them."""
    pairs = _pairs(statement.words) - _pairs(about)
    ranked = sorted(items, key=lambda x: -len(_pairs(x.subject.text) & pairs))
    shared = [len(_pairs(x.subject.text) & pairs) for x in ranked]
    return ranked[0] if shared and shared[0] > max([least - 1, *shared[1:]]) else None


# 要认真学习领会, 要把思想和行动统一到… are said of what was passed on
_OF_WORDS_FROM_ABOVE = re.compile(
    r"学习(?:贯彻|领会|宣传)|会议精神|思想和行动统一|重要讲话|全会精神"
)


def learnt(items: list[ItemDraft], statement: StatementDraft) -> ItemDraft | None:
    """The one item of what was passed on and studied, where the statement asks to take it up."""
    studied = [x for x in items if "学习" in x.verb.text or "传达" in x.verb.text]
    said = _OF_WORDS_FROM_ABOVE.search(statement.text.text[:60])
    return studied[0] if said and len(studied) == 1 else None


def named_in(items: list[ItemDraft], statement: StatementDraft, about: str) -> ItemDraft | None:
    """The one item of whose subject a statement repeats at least four characters in a row."""
    words = statement.words
    runs = [_common(x.subject.text, words) for x in items]
    most = max(runs, default=0)
    if most < 4 or runs.count(most) > 1 or _common(about, words) >= most:
        return None
    return items[runs.index(most)]


def names(statement: StatementDraft, item: ItemDraft, about: str) -> bool:
    """Whether a statement takes up an item's matter by its words, or asks to study what was passed on.

    Words of *about*, the meeting's own name, and words said of any matter tell nothing.
    """
    shared = _shared(statement, item, about) - _OFTEN_SAID
    return bool(shared) or learnt([item], statement) is not None


def asked(items: list[ItemDraft], statement: StatementDraft) -> ItemDraft | None:
    """The one item whose reporter a statement names, as in 会议要求，区商务局要…."""
    words = statement.words
    found = [x for x in items if x.speaker and x.speaker.text in words]
    return found[0] if len(found) == 1 else None


def touches(statement: StatementDraft, item: ItemDraft, about: str) -> bool:
    """Whether a statement shares any word with an item, be it one said of any matter."""
    return bool(_shared(statement, item, about))


def _shared(statement: StatementDraft, item: ItemDraft, about: str) -> frozenset[str]:
    words = _pairs(statement.words) - _pairs(about)
    return words & _pairs(item.subject.text)


_COMMON_PAIRS = frozenset({
    "工作", "会议", "精神", "重要", "讲话", "习近", "近平", "平总", "总书", "书记", "关于", "情况",
    "方案", "全区", "全县", "全市", "落实", "贯彻", "加强", "推进", "要求", "有关", "学习",
    "建议", "意见", "问题", "提出", "中央", "中共", "全国", "省委", "市委", "区委", "县委", "委员", "员会", "开展", "时的", "政治", "治局",
})  # fmt: skip


# said of any matter: between items they tell, but they name none by themselves
_OFTEN_SAID = frozenset({
    "协商", "政协", "人大", "代表", "完成", "年度", "重点", "问题", "目标", "任务", "发展", "推动", "全面", "建设", "企业", "群众",
    "部门", "政府", "提升", "高质", "质量", "各部", "坚持", "领导", "制度", "机制", "责任", "服务", "管理", "监督", "府系", "系统", "经济", "社会", "上下",
})  # fmt: skip
_LINKS = frozenset("的了和与及是在要把对将就等，、。；：《》“”（） ")


@lru_cache(maxsize=128)  # each item is held against each statement
def _pairs(words: str) -> frozenset[str]:
    """The pairs of neighbouring characters that say something."""
    pairs = frozenset(a + b for a, b in pairwise(words) if a not in _LINKS and b not in _LINKS)
    return pairs - _COMMON_PAIRS


def _common(a: str, b: str) -> int:
    """Length of the longest run of characters that two short texts share."""
    a, b = a[:120], b[:240]
    best = 0
    for i in range(len(a)):
        while i + best < len(a) and a[i : i + best + 1] in b:
            best += 1
    return best


def within(a: ItemDraft, b: ItemDraft) -> bool:
    """Whether one item's subject holds the other's."""
    x, y = a.subject.text, b.subject.text
    return y in x or (x in y and len(x) > len(y) / 2)
