"""The matters of a clause, and what became of them: 会议原则同意该办法, and later 原则同意, 同意印发实施."""

import re
from collections.abc import Sequence

from pipeline.parse.matters import (
    MEETING_FIRST,
    OPENS,
    SUBJECT_WORDS,
    ItemDraft,
    StatementDraft,
    read_item,
    turned_in,
)
from pipeline.parse.names import trim
from pipeline.parse.reports import further_reports, read_report, read_turned
from pipeline.parse.text import Clip

# 会议原则同意该办法 | 会议同意印发实施
DECIDES = re.compile(
    rf"\s{{0,4}}(?:{SUBJECT_WORDS})?\s?(?:经)?(?:研究|讨论|审议)?[，]?"
    r"(?P<decision>(?P<verb>(?:原则上?|一致)?(?:同意|批准)|原则(?:上|性)?通过(?!了?[^，。；]))了?(?P<what>.{0,120}))"
)
# 审议了该办法，原则同意，由…印发
_AGREES = re.compile(
    r"\s{0,4}(?:会议)?(?P<decision>(?:原则上?|一致|表决)?(?:同意|批准|通过)(?:$|(?=按|该|印发|实施|由|上述|提请)[^，。；]{1,60}))"
)
_NAMED = re.compile(r"《[^《》]{2,80}》")
# 同意该方案, 同意印发实施: of the item before
_POINTS_BACK = re.compile(
    r"$|(?:调整|实施|工作|初步)?(?:方案|意见|请示|建议|报告|计划|办法)。?$|该|此|这|其|上述|以上|按|由|印发|实施|将|对|在|以|提请|所报"
)
# 研究了X，原则同意县文旅局提出的名单
_PROPOSED = re.compile(
    r"[^《》，。]{2,16}(?:局|委|办|中心|部门|部)(?:提出|报送|汇报|所报|拟定)的(?!《)"
)
# 原则通过 alone repeats an item that was heard or examined before
PURE_DECISION = re.compile(r"(?:原则上?|原则性|一致|表决)?(?:通过|同意)")


def decided_on(item: ItemDraft, what: str, clause: Clip) -> bool:
    """Whether what was agreed to is the matter of the item: it names no other document."""
    named = _NAMED.search(what)
    if named:
        return named[0].strip("《》") in item.subject.text
    same = item.subject.paragraph == clause.paragraph or item.heading
    near = same and not item.statements
    return near or points_back(what) or what.removesuffix("。") in item.subject.text


def agreed_matter(clause: Clip, m: re.Match[str], *, listed: bool = False) -> ItemDraft | None:
    """会议同意设立基金: a matter of its own, where none waits for a decision.

    *listed* with others, it needs no word for the meeting: 审议通过《A》，同意设立基金.
    """
    what = trim(clause.part(*m.span("what")))
    named = listed or MEETING_FIRST.match(clause.line, clause.start, clause.end)
    if not named or points_back(what.text) or len(what.text) < 4:
        return None
    if OPENS.match(clause.line, clause.start, clause.end):
        return None
    verb, decision = clause.part(*m.span("verb")), clause.part(*m.span("decision"))
    return ItemDraft(verb, what, "agreed-matter", decision=decision)


def points_back(what: str) -> bool:
    """Whether what was agreed to is only pointed at: 同意该方案, 同意印发实施."""
    return bool(_POINTS_BACK.match(what))


def decides_later(item: ItemDraft | None, clause: Clip) -> bool:
    """会议讨论了该办法，同意印发实施: whether a later clause decides on the matter before it."""
    if item is None or item.decision is not None:
        return False
    m = _AGREES.match(clause.line, clause.start, clause.end)
    if m is None:
        m = DECIDES.match(clause.line, clause.start, clause.end)
        if m is None or not decided_on(item, m["what"], clause):
            return False
    item.decision = clause.part(*m.span("decision"))
    return True


def became_of(item: ItemDraft | None, clause: Clip, opens: re.Match[str] | None) -> bool:
    """Whether a clause only decides on the matter before it: ，同意印发, 并原则通过贯彻意见."""
    if opens is None or not clause.line[opens.end() : clause.end].strip():
        return decides_later(item, clause)
    verb = clause.part(*opens.span("verb"))
    words = verb.text.removesuffix("了")
    if item is None or item.decision is not None or not PURE_DECISION.fullmatch(words):
        return False
    rest = clause.line[opens.end() : clause.end].strip("了 ")
    on_it = points_back(rest) or bool(_PROPOSED.match(rest))
    if not on_it and read_item(clause, opens):
        return False  # it names another
    end = clause.end if on_it else verb.start + len(words)
    item.decision = verb.part(verb.start, end)
    return True


def share_decisions(items: Sequence[ItemDraft]) -> None:
    """审议了《A》《B》，同意印发: what became of matters told together became of each."""
    for item in items:
        decided = item.decision
        if decided is None or any(decided is s.text for s in item.statements):
            continue
        if decided.line[decided.end : decided.end + 2].lstrip("了").startswith("《"):
            continue  # 原则通过《A》: of the one that it names
        for other in items:
            if other.verb is item.verb and other.decision is None:
                other.decision = decided


def resolved_in_list(lead: StatementDraft | None, clause: Clip) -> ItemDraft | None:
    """通过A；决定B: among matters that are listed, what is decided is one of them."""
    if lead is None or lead.lead.text != "决定" or clause.line[clause.start - 1] not in "；;":
        return None
    what = trim(clause.part(lead.lead.end, clause.end))
    named = lead.rule == "lead-without-subject" and len(what.text) > 2
    return ItemDraft(lead.lead, what, "resolved-in-list") if named else None


def lists_further(clause: Clip) -> bool:
    """全会决定召开A；审议通过了B: whether matters are listed behind what is decided."""
    if clause.line[clause.start - 1] not in "；;":
        return False
    opens = OPENS.match(clause.line, clause.start, clause.end)
    return opens is not None and "了" in clause.line[opens.start("verb") : opens.end("verb") + 1]


def items_of(clause: Clip, opens: re.Match[str] | None, *, listed: bool) -> list[ItemDraft]:
    """The items of one clause: 听取X, 区财政局通报了X, 就X作出安排; of several reports, each."""
    if opens:
        reports = further_reports(clause, opens)
        wanted: list[Clip | None] = [*reports] if reports else [None]
        items = [read_item(clause, opens, x) for x in wanted]
        return [x for x in items if x]
    turned = turned_in(clause)
    agreed = DECIDES.match(clause.line, clause.start, clause.end) if listed else None
    if turned and (listed or turned["who"]):
        item = read_turned(clause, turned)
    elif agreed:
        item = agreed_matter(clause, agreed, listed=True)
    else:
        item = read_report(clause)
    return [item] if item else []
