"""Form pages: 会议时间, 会议议题, 会议内容, 列席情况, each a label with its value."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.parse.agenda import AgendaReader
from pipeline.parse.dates import find_date
from pipeline.parse.drafts import Draft
from pipeline.parse.gatherings import Gathering, find_gatherings, name_in_title
from pipeline.parse.matters import ENUMERATOR, OPENS, ItemDraft, names_nothing, read_item
from pipeline.parse.names import Person, read_official, trim
from pipeline.parse.parting import parted
from pipeline.parse.rosters import read_people
from pipeline.parse.text import Clip, sentences, whole

_LABELS = {
    "date": "会议时间|召开时间|会议日期|时间",
    "place": "会议地点|召开地点|地点",
    "name": "会议名称|会议届次|会议次数|会议名",
    "chair": "会议主持人|会议主持|主持人|主持",
    "items": "会议议题|会议议程|主要议题|审议事项|议题|议程",
    "content": "会议内容|会议情况|会议决定|主要内容|会议结果|会议议定事项|议定事项|会议事项|研究事项|议定内容",
    "out": "列席会议人员|列席人员|列席情况|列席单位|列席领导|列席会议|列席",
    "in": "出席会议人员|出席人员|参会人员|参加人员|与会人员|参会领导|出席情况|参加情况|参会情况|出席领导|出席|参加",
}


def _padded(words: str) -> str:
    """主持人 also as 主 持 人."""
    return "|".join(r"\s{0,2}".join(x) for x in words.split("|"))


_LABEL = re.compile(
    r"\s{0,6}(?:[一二三四五六七八九十]{1,2}、\s?)?(?P<bracket>[【〖\[])?(?:"
    + "|".join(f"(?P<{name}>{_padded(words)})" for name, words in _LABELS.items())
    + r")(?(bracket)[】〗\]]\s{0,4}[：:]?\s{0,4}|(?:\s{0,4}[：:]\s{0,4}|\s{0,6}$))"
)
_DECISIVE = frozenset({"items", "content", "chair", "out", "name", "in"})
_CAME = re.compile(r"(?:应邀)?(?:列席|出席|参加)了?(?:会议)?$")  # 列席情况：甲列席会议
# 关于审议《A》的议题 | 关于国企改革情况的汇报
_ON = re.compile(r"关于(?P<matter>[^，。；]{3,80}?)的?(?:议题|事项|事宜|汇报|报告|请示)")
_PIECES = re.compile(r"[；;。]")


@dataclass(frozen=True, slots=True)
class _Entry:
    label: Clip
    values: tuple[Clip, ...]
    is_last: bool  # nothing stands behind it: a value cut off could not be told from a whole one


_ONE_LINE = frozenset({"date", "place", "chair", "in", "out"})
_BEGINS_TEXT = re.compile(r"^\s?[一二三四五六七八九十]{1,3}、|如下\s?[:：]$|。$")
# 会议强调：… behind the list of matters
_SAYS = re.compile(r"\s{0,4}会议(?:强调|指出|要求|认为|议定|决定|明确|听取|审议|原则)")


def is_form(paragraphs: Sequence[str]) -> bool:
    """Whether a text is filled-in labels: when it was held, and at least what, who or where."""
    names = {m.lastgroup for x in paragraphs if (m := _LABEL.match(x))}
    return "date" in names and bool(names & _DECISIVE)


def read_form(title: Clip, lines: Sequence[tuple[int, str]], published: date | None) -> list[Draft]:
    """The meeting of a form page, as a list of one; empty where neither label nor title names it."""
    entries = _entries(lines)
    if "date" not in entries or not _DECISIVE & entries.keys():
        return []
    named = [g for e in _of(entries, "name") for v in e.values for g in name_in_title(v)]
    found = named or name_in_title(title)
    if not found:
        return []
    draft = Draft(found[0])
    for value in (v for e in _of(entries, "date") for v in e.values):
        draft.held, draft.held_in = find_date(value.line, published, start=value.start), value
    for value in (v for e in _of(entries, "place") for v in e.values):
        draft.location = draft.location or value
    for entry in _of(entries, "chair"):
        if entry.values and not entry.is_last:
            draft.presence.chair = read_official(entry.values[0])
    draft.presence.attending = _people(entries, "in")
    draft.presence.nonvoting = _people(entries, "out")
    for entry in _of(entries, "items"):
        _read_items(entry, draft.agenda)
    for value in (v for e in _of(entries, "content") for v in e.values):
        for sentence in sentences(value.paragraph, value.line):
            if sentence.end > value.start:
                draft.agenda.read(sentence.part(max(sentence.start, value.start), sentence.end))
    if not draft.gathering.ordinals:
        draft.gathering = _numbered_below(entries, draft.gathering)
    return [draft]


def _numbered_below(entries: dict[str, _Entry], named: Gathering) -> Gathering:
    """The meeting as the text behind the labels names it, where only that tells its number."""
    for value in (v for e in _of(entries, "content") for v in e.values):
        if "召开" in value.line:
            for found in (
                g for s in sentences(value.paragraph, value.line) for g in find_gatherings(s)
            ):
                if found.kind == named.kind and found.ordinals:
                    return found
    return named


def _entries(lines: Sequence[tuple[int, str]]) -> dict[str, _Entry]:
    found: dict[str, _Entry] = {}
    current = ""
    for position, (number, line) in enumerate(lines):
        last = position == len(lines) - 1
        label = _LABEL.match(line)
        if label and label.lastgroup:
            current = label.lastgroup
            value = trim(Clip(number, line, label.end(), len(line)))
            clip = Clip(number, line, *label.span(current))
            found.setdefault(current, _Entry(clip, (value,) if value.text else (), last))
        elif current:
            ends = _BEGINS_TEXT.search(line) and not _CAME.search(line.rstrip("。"))
            if (current in _ONE_LINE and ends) or (current == "items" and _SAYS.match(line)):
                # 现将会议议定事项纪要如下：, 一、审议…: the labels are over
                current = "content"
                found.setdefault(current, _Entry(Clip(number, line, 0, 0), (), last))
            entry = found[current]
            found[current] = _Entry(entry.label, (*entry.values, whole(number, line)), last)
    return found


def _of(entries: dict[str, _Entry], name: str) -> list[_Entry]:
    return [entries[name]] if name in entries else []


def _people(entries: dict[str, _Entry], name: str) -> list[Person]:
    people: list[Person] = []
    for value in (v for e in _of(entries, name) for v in e.values):
        words = value.text.rstrip("。；;")
        came = _CAME.search(words)
        people.extend(
            read_people(
                value.part(value.start, value.start + (came.start() if came else len(words))),
                labelled=True,
            )
        )
    return people


def _read_items(entry: _Entry, agenda: AgendaReader) -> None:
    """The listed matters: with a verb as it stands, else with the label's own word for the verb."""
    for value in entry.values:
        start = value.start
        for end in [*(m.start() for m in _PIECES.finditer(value.line, start)), value.end]:
            piece = value.part(start, end)
            start = end + 1
            mark = ENUMERATOR.match(piece.line, piece.start, piece.end)
            piece = trim(piece.part(mark.end(), piece.end) if mark else piece)
            matter = _ON.fullmatch(piece.text)
            if matter:
                piece = piece.part(*(piece.start + x for x in matter.span("matter")))
            opens = OPENS.match(piece.line, piece.start, piece.end)
            item = read_item(piece, opens) if opens else None
            named = len(piece.text) > 3 and not names_nothing(piece.text)
            if item is None and opens is None and named:
                item = ItemDraft(entry.label, piece, "form-item")
            for one in parted(item) if item else ():
                one.opening = True
                agenda.items.append(one)
                agenda.current = one
