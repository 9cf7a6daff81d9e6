"""Where a statement stands: with the item that it is on, or with the meeting where it is on the whole."""

from collections.abc import Sequence

from pipeline.parse.fields import kindred
from pipeline.parse.likeness import among, closest, named_in, names, touches
from pipeline.parse.matters import ItemDraft, StatementDraft


def said_on(
    items: list[ItemDraft],
    current: ItemDraft | None,
    listed: list[ItemDraft],
    last_list: int,
    about: str,
    statement: StatementDraft,
) -> ItemDraft | None:
    """The item that a statement is on: of several told together whose words it repeats, else the last.

    *listed* are the items since something was said, *last_list* is where the last sentence of
    items begins, *about* the meeting's own name.
    """
    if current is None:
        return closest(items, statement, about) or (items[0] if len(items) == 1 else None)
    if current.opening:
        found = closest(items, statement, about) or kindred(items, statement, about)
        return found or _following(current, items, statement)
    if len(listed) < 2 or current not in listed:
        return current
    together = [
        x
        for x in listed
        if x.verb.paragraph == current.verb.paragraph and x.verb.start >= last_list
    ]
    found = among(listed, together, statement, about) or kindred(together, statement, about)
    return found or _following(current, together, statement)


def _following(
    current: ItemDraft, items: list[ItemDraft], statement: StatementDraft
) -> ItemDraft | None:
    """The item of what was said before in the paragraph, else the last told."""
    said = current.statements
    if said and said[-1].lead.paragraph == statement.lead.paragraph:
        return current
    return items[-1] if items else current


def place_of(statement: StatementDraft) -> tuple[int, int, int]:
    """Where a statement stands in the text, to sort by."""
    return statement.lead.paragraph, statement.lead.start, statement.text.paragraph


_MANY = 60  # of more items, each statement stays where it was read: all are not compared with all


def take_off_the_speech(
    items: list[ItemDraft], about: str, speakers: tuple[str, ...]
) -> list[StatementDraft]:
    """Take from *items* what the speakers of a conference said in paragraphs of their own, and give it back.

    A speech is on what the conference is on, not on what was reported before it, unless it names
    that; what the conference was convened to study is its own theme. Of one theme all is said.
    """
    taken: list[StatementDraft] = []
    for item in () if not speakers or (len(items) == 1 and items[0].opening) else items:
        for statement in tuple(item.statements):
            apart = statement.lead.paragraph > item.paragraph and _who(statement) in speakers
            if len(items) == 1 and _who(statement) == "全会":
                continue
            named = named_in(items, statement, about) if apart else None
            if apart and (named is None or named.opening):
                _move(statement, item, None)
                taken.append(statement)
    return taken


def take_off_the_whole(items: list[ItemDraft], about: str) -> list[StatementDraft]:
    """Take from *items* what was said on the whole, and give it back.

    On the whole is what follows several items of the opening sentence or the last paragraph of
    items and names none, unless the text has told what was said on each item below it.
    """
    if not 2 <= len(items) <= _MANY or not any(x.statements for x in items):
        return []
    last = max(x.paragraph for x in items)
    tail = [x for x in items if x.paragraph == last]
    below = len(tail) == 1 and _told_below(items, tail[0])
    said = sorted(
        ((s, x) for x in items for s in x.statements),
        key=lambda pair: place_of(pair[0]),
    )
    maybe = [(s, x) for s, x in said if _may_be_general(s, x, items, last, below=below)]
    told = [_on(s, x, items, about) for s, x in maybe]
    taken: list[StatementDraft] = []
    for i, (statement, item) in enumerate(maybe):
        before, on = maybe[i - 1] if i else (None, None)
        same = before is not None and before.lead == statement.lead  # 二是… below 一是…
        best = None if same else told[i]
        if best:
            _move(statement, item, best)
            maybe[i] = statement, best
            continue
        goes_on = before and _goes_with(before, statement, near=len(tail) == 1)
        amid = before and any(told[i + 1 :])
        if (same or goes_on or amid) and before not in taken:
            if same or not touches(statement, item, about):
                _move(statement, item, on)
                maybe[i] = statement, on or item
            continue
        _move(statement, item, None)
        taken.append(statement)
    return taken


def _on(
    statement: StatementDraft, item: ItemDraft, items: list[ItemDraft], about: str
) -> ItemDraft | None:
    """The item whose matter a statement takes up, by its words or by what they are about."""
    named = named_in(items, statement, about)
    if named or names(statement, item, about):
        return named or item
    together = [x for x in items if x.verb.paragraph == item.verb.paragraph]
    return kindred(together, statement, about)


def _move(statement: StatementDraft, item: ItemDraft, to: ItemDraft | None) -> None:
    if to is item:
        return
    item.statements.remove(statement)
    if to is not None:
        to.statements.append(statement)
        to.statements.sort(key=place_of)
    if item.decision is statement.text:
        item.decision = None


def _may_be_general(
    statement: StatementDraft,
    item: ItemDraft,
    items: Sequence[ItemDraft],
    last: int,
    *,
    below: bool,
) -> bool:
    """Whether a statement stands behind several items of one sentence, or behind all of them."""
    at = statement.lead
    if item.opening:
        words = item.subject.line[item.subject.end : at.start]
        apart = at.paragraph > item.verb.paragraph or "。" in words
        told = [x for x in items if x.opening or x.paragraph < at.paragraph]
        return apart and len(told) > 1
    return at.paragraph > last and not below


def _goes_with(before: StatementDraft, statement: StatementDraft, *, near: bool) -> bool:
    """Whether a statement goes on from the one before it: in its paragraph, or *near* it by the same speaker."""
    apart = statement.lead.paragraph - before.lead.paragraph
    return apart == 0 or (near and apart == 1 and _who(before) == _who(statement))


def _who(statement: StatementDraft) -> str:
    return statement.speaker.text if statement.speaker else ""


def _told_below(items: Sequence[ItemDraft], last: ItemDraft) -> bool:
    """Whether items before the last have what was said or decided on them in paragraphs below them."""
    return any(
        x.taken_up > x.verb.paragraph or any(s.lead.paragraph > x.paragraph for s in x.statements)
        for x in items
        if x is not last and not x.opening
    )
