"""A meeting while it is read, and the record it becomes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from pipeline.parse.agenda import AgendaReader
from pipeline.parse.dates import DATE, TIME_OF_DAY, FoundDate
from pipeline.parse.gatherings import Gathering, body_of, name_in_title
from pipeline.parse.matters import ItemDraft, StatementDraft
from pipeline.parse.names import Person, has_surname, read_official
from pipeline.parse.ordinals import FoundOrdinal
from pipeline.parse.presence import Presence, same_person
from pipeline.parse.text import Clip, Trace
from pipeline.records import AgendaItem, Attendee, Body, Meeting, Quote, Statement


@dataclass(slots=True)
class Draft:
    """A meeting being read."""

    gathering: Gathering
    before: bool = False  # held before the meeting told of (会前)
    is_told: bool = False  # of meetings named together, the one that the text tells of just now
    group: int = 0  # meetings that one sentence names belong together
    held: FoundDate | None = None
    held_in: Clip | None = None
    time: Clip | None = None  # where it stands apart from the date: 当天下午
    location: Clip | None = None
    presence: Presence = field(default_factory=Presence)
    agenda: AgendaReader = field(default_factory=AgendaReader)


def is_reported(x: Draft) -> bool:
    """Whether more is known of a meeting than that such meetings are held (会议费：召开常务会议…)."""
    agenda, presence = x.agenda, x.presence
    known = (x.held, x.gathering.ordinals, presence.chair, presence.speaker, presence.attending)
    return any(known) or bool(agenda.items or agenda.loose)


def same_day(previous: Draft) -> FoundDate | None:
    """The day of a meeting for the one that followed it: 下午, but not 下午3点."""
    held = previous.held
    if held is None or held.time is None or previous.held_in is None:
        return held
    hour = previous.held_in.line[slice(*held.time)]
    return replace(held, time=None) if hour.rstrip("时点分0123456789:：半") != hour else held


def chair_again(sentence: Clip, drafts: list[Draft]) -> Person | None:
    """会后，甲主持召开…: by the name alone, as an earlier meeting's chair."""
    for known in (x.presence.chair for x in drafts if x.presence.chair):
        m = re.search(
            re.escape(known.name.text) + r"(?:继续|又|还|再次|随即|接着|组织)?主持", sentence.text
        )
        if m:
            at = sentence.start + m.start()
            name = sentence.part(at, at + len(known.name.text))
            return Person(name=name, rule="chair-again")
    return None


def finished(
    x: Draft, drafts: list[Draft], title: Clip, published: date | None, trace: Trace
) -> Meeting:
    """The record of one of *drafts*: every clip a quote, noted in *trace*; doubts become problems."""
    g, held = x.gathering, x.held
    i = drafts.index(x)
    field_of = f"meetings[{i}]"
    numbers = g.ordinals or _numbers_of_title(g, title, drafts)
    for n in numbers:
        clip = g.name if g.ordinals else title
        trace.quote(clip.part(n.start, n.end), f"{field_of}.ordinal", "ordinal")
    chair, host = _chair_and_host(x.presence)
    x.agenda.settle((chair.name.text, host.name.text, "全会") if chair and host else ("全会",))
    attending = x.presence.attending
    if chair is None and x.presence.speaker is None:
        chair = _convener(g)
    if chair and not chair.titles:
        # 甲主持会议: the titles stand where the list of those present names 甲
        listed = [p for p in attending if same_person(p, chair) and p.titles]
        # 会后，甲主持召开…: they stand where an earlier meeting names 甲
        listed += [
            y.presence.chair
            for y in drafts[:i]
            if y.presence.chair and same_person(y.presence.chair, chair) and y.presence.chair.titles
        ]
        chair = replace(chair, titles=listed[0].titles) if listed else chair
    if chair is None and x.presence.speaker and x.presence.speaker_came:
        attending = [x.presence.speaker, *attending]
    attending = [p for p in attending if not (same_person(p, chair) or same_person(p, host))]
    held_words = time = None
    if held and x.held_in:
        held_words = trace.quote(
            x.held_in.part(held.start, held.end), f"{field_of}.held_words", "meeting-date"
        )
        if held.time and x.time is None:
            time = trace.quote(x.held_in.part(*held.time), f"{field_of}.time", "time-of-day")
        if x.time:
            time = trace.quote(x.time, f"{field_of}.time", "time-of-day")
        if held.problem:
            trace.problem(held.problem)
        elif held.day and published and (held.day - published).days > 2:
            trace.problem(f"meeting dated {held.day}, after the page of {published}")
        elif held_words and _long_before(held, held_words.value, published):
            trace.problem(
                f"{held_words.value!r} has no year: taken for {held.day}, long before the page"
            )
    return Meeting(
        body=_body(x, drafts, title),
        kind=g.kind,
        title=trace.quote(g.name, f"{field_of}.title", g.rule) if g.name.text.strip() else None,
        ordinal=numbers[0].ordinal if numbers else None,
        also_numbered=tuple(n.ordinal for n in numbers[1:]),
        held_on=held.day if held else None,
        held_until=held.until if held else None,
        time=time,
        held_words=held_words,
        chair=trace.quote(chair.name, f"{field_of}.chair", chair.rule) if chair else None,
        chair_titles=_titles(chair, f"{field_of}.chair_titles", trace),
        host=trace.quote(host.name, f"{field_of}.host", host.rule) if host else None,
        attending=_attendees(attending, f"{field_of}.attending", trace),
        nonvoting=_attendees(x.presence.nonvoting, f"{field_of}.nonvoting", trace),
        location=trace.quote(x.location, f"{field_of}.location", "room") if x.location else None,
        agenda=tuple(_agenda(x.agenda.items, field_of, trace)),
        statements=_statements(x.agenda.loose, f"{field_of}.statements", trace),
    )


def _convener(g: Gathering) -> Person | None:
    """副区长甲召开调度会, and nobody else presides: the person with a title who convened it."""
    date = DATE.search(g.subject.line, g.subject.start, g.subject.end)
    clip = g.subject.part(date.end(), g.subject.end) if date else g.subject
    time = TIME_OF_DAY.match(clip.line, clip.start, clip.end)
    person = read_official(clip.part(time.end(), clip.end) if time else clip)
    return person if person and person.titles and has_surname(person.name.text) else None


_LONG = timedelta(days=300)


def _long_before(held: FoundDate, words: str, published: date | None) -> bool:
    """Whether a day without a year was put almost a year back: the month or day may be misprinted."""
    inferred = "年" not in words and "-" not in words and "." not in words
    return bool(inferred and held.day and published and published - held.day > _LONG)


def _numbers_of_title(g: Gathering, title: Clip, drafts: list[Draft]) -> tuple[FoundOrdinal, ...]:
    """The title's numbers where the body names none for the one meeting."""
    if len(drafts) != 1 or not title.text:
        return ()
    named = [t for t in name_in_title(title) if t.kind == g.kind]
    return named[0].ordinals if len(named) == 1 else ()


def _chair_and_host(presence: Presence) -> tuple[Person | None, Person | None]:
    """Who speaks while another presides is the chair, who presides the host."""
    presides, speaks = presence.chair, presence.speaker
    if presides and (presides.is_group or (speaks and not same_person(presides, speaks))):
        return speaks, presides
    return presides, None


def _titles(person: Person | None, name: str, trace: Trace) -> tuple[Quote, ...]:
    return tuple(trace.quote(t, name, "title") for t in person.titles) if person else ()


def _attendees(people: Sequence[Person], name: str, trace: Trace) -> tuple[Attendee, ...]:
    return tuple(
        Attendee(name=trace.quote(p.name, name, p.rule), titles=_titles(p, f"{name}.titles", trace))
        for p in people
    )


def _agenda(items: Sequence[ItemDraft], name: str, trace: Trace) -> Iterator[AgendaItem]:
    for i, x in enumerate(items):
        at = f"{name}.agenda[{i}]"
        yield AgendaItem(
            verb=trace.quote(x.verb, f"{at}.verb", x.rule),
            subject=trace.quote(x.subject, f"{at}.subject", x.rule),
            speaker=trace.quote(x.speaker, f"{at}.speaker", x.rule) if x.speaker else None,
            decision=trace.quote(x.decision, f"{at}.decision", x.rule) if x.decision else None,
            statements=_statements(x.statements, at, trace),
        )


def _statements(drafts: Sequence[StatementDraft], name: str, trace: Trace) -> tuple[Statement, ...]:
    return tuple(
        Statement(
            lead=trace.quote(s.lead, f"{name}.lead", s.rule),
            text=trace.quote(s.text, f"{name}.text", s.rule),
            speaker=trace.quote(s.speaker, f"{name}.speaker", s.rule) if s.speaker else None,
        )
        for s in drafts
    )


# 区政府专题研究食品安全工作
_OF_TITLE = re.compile(
    r"[\u4e00-\u9fff]{0,6}?(?:[区县市旗](?:政府|委)|人大常委会|政协|管委会)(?=召开|举行|组织|专题|研究|部署)"
)
# 区委农村工作领导小组组长甲主持召开领导小组第三次会议
_OF_A_COMMITTEE = re.compile(r"[区县市旗]委[^、]{2,20}(?:领导小组|委员会)")
# 区长甲主持召开专题会议: these take the body from the chair's office where none is named
_OF_THE_CHAIR = frozenset({"党组会议", "理论中心组", "集中学习", "专题会议", "办公会", "碰头会"})
_OFFICES: tuple[tuple[re.Pattern[str], Body], ...] = (
    (re.compile(r"[区县市旗]委书记"), "党委"),
    (re.compile("政协"), "政协"),
    (re.compile("人大"), "人大"),
    (re.compile(r"[区县市旗]长|管委会|管理委员会"), "政府"),
    (re.compile(r"[区县市旗]委(?:副书记|常委)"), "党委"),
)


def _body(x: Draft, drafts: list[Draft], title: Clip) -> Body:
    """The body named with the meeting, by its subject, by the meeting named with it, or the title."""
    g = x.gathering
    if g.body:
        return g.body
    other = next((y for y in drafts if y.group == x.group and y.gathering.body), None)
    if other and other.gathering.body:
        return other.gathering.body
    if len(drafts) == 1 and title.text:
        # 甲主持召开专题会议 under the title 县政府召开…专题会议, or 县政府专题研究…
        named = [t.body for t in name_in_title(title) if t.kind == g.kind and t.body]
        head = _OF_TITLE.match(title.text)
        told = named[0] if named else body_of(head[0]) if head else None
        if told:
            return told
    titles = [t.text for t in x.presence.chair.titles] if x.presence.chair else []
    if g.kind in ("领导小组会议", "委员会会议") and any(map(_OF_A_COMMITTEE.match, titles)):
        return "党委"
    speaks = x.presence.speaker
    conference = speaks is not None and not same_person(speaks, x.presence.chair)
    if g.kind in _OF_THE_CHAIR and titles and not conference:
        offices = "、".join(titles)
        told = next((body for words, body in _OFFICES if words.search(offices)), None)
        if told:
            return told
    if g.kind == "办公会" and "主任" in g.name.text:
        return "人大"
    by_kind: dict[str, Body] = {
        "常务会议": "政府",
        "主任会议": "人大",
        "主席会议": "政协",
        "主席团会议": "人大",
        "常委会会议": "党委",
        "深改委会议": "党委",
        "党委会议": "党委",
    }
    return by_kind.get(g.kind, "其他")
