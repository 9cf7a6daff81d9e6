"""The meetings of a text: where each is convened, and which sentences belong to it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipeline.parse.agenda import AgendaReader, ItemDraft
from pipeline.parse.dates import FoundDate, find_date
from pipeline.parse.gatherings import Gathering, body_of, find_gatherings, name_in_title
from pipeline.parse.names import Person, bare_name
from pipeline.parse.opening import is_again
from pipeline.parse.presence import (
    Presence,
    read_attendance,
    read_presiding,
    read_speaking,
    same_person,
)
from pipeline.parse.text import TITLE, Clip, Trace, sentences, whole
from pipeline.records import (
    AgendaItem,
    Attendee,
    Body,
    Meeting,
    Quote,
    Statement,
)

_SAME_DAY = re.compile(r"随后|会后|会前|接着|同日|当天|当日|会议结束后|继续|之后")
_VISIT = re.compile(r"调研|走访|慰问|督导检查|实地查看|实地察看|暗访|检查指导")
_INFORMAL = frozenset(
    {"座谈会", "汇报会", "现场会", "会议", "例会", "工作会议", "推进会", "调度会"}
)
_ROOM = re.compile(
    r"在(?P<room>[^，。在]{2,28}?(?:室|厅|中心|礼堂|楼|馆|院|会场|机关|大厦|剧院|宾馆|酒店|校|所|园|大院|多功能厅))"
    r"(?:隆重|如期|顺利)?(?:组织|主持|继续)?(?:召开|举行|举办)"
)
_PRIORITY = ("常务会议", "常委会会议", "主任会议", "主席会议", "全体会议", "办公会")


@dataclass(slots=True)
class Draft:
    """A meeting being read."""

    gathering: Gathering
    group: int  # meetings that one sentence names belong together
    held: FoundDate | None = None
    held_in: Clip | None = None
    location: Clip | None = None
    presence: Presence = field(default_factory=Presence)
    agenda: AgendaReader = field(default_factory=lambda: AgendaReader(known=lambda _: False))


def read_meetings(
    title: str,
    paragraphs: Sequence[str],
    *,
    skip: frozenset[int],
    published: date | None,
    digest: bool,
    trace: Trace,
) -> tuple[Meeting, ...]:
    """The meetings that the text reports, in order; *skip* are paragraphs of credits."""
    drafts: list[Draft] = []
    lines = [(i, x) for i, x in enumerate(paragraphs) if i not in skip and x.strip()]
    for position, (number, line) in enumerate(lines):
        for sentence in sentences(number, line):
            _read_sentence(sentence, drafts, position, published, digest=digest, trace=trace)
    if not drafts:
        drafts = _from_title(title, lines, published)
    if not drafts:
        return ()
    head = whole(TITLE, title)
    return tuple(_finished(x, drafts, head, published, trace) for x in drafts)


def _read_sentence(
    sentence: Clip,
    drafts: list[Draft],
    position: int,
    published: date | None,
    *,
    digest: bool,
    trace: Trace,
) -> None:
    opens = not sentence.line[: sentence.start].strip()
    if _may_convene(sentence, drafts, position, opens=opens, digest=digest):
        found = find_gatherings(sentence)
        found = [g for g in found if not _repeated(g, drafts)]
        if found and not (_VISIT.search(sentence.text) and all(g.kind in _INFORMAL for g in found)):
            _begin(sentence, found, drafts, published, position=position)
            return
    if drafts:
        _continue(sentence, drafts)


def _may_convene(
    sentence: Clip, drafts: list[Draft], position: int, *, opens: bool, digest: bool
) -> bool:
    """Meetings are convened at the head of a report; in its body, others are only mentioned."""
    if not drafts:
        return position < 4
    if digest or is_again(sentence.line):
        return opens or is_again(sentence.line)
    started = any(x.agenda.items for x in drafts)
    if not started and position < 3 and drafts[-1].gathering.name.paragraph == sentence.paragraph:
        return bool(
            re.match(
                r"\s{0,4}(?:随后|会后|会前|接着|会议结束后|同日|当天|当日|之后|\d{1,2}月)",
                sentence.text,
            )
        )
    return opens and bool(
        re.match(
            r"\s{0,4}(?:随后|会后|会前|接着|会议结束后|同日|当天|当日|之后|又讯)", sentence.text
        )
    )


def _repeated(g: Gathering, drafts: list[Draft]) -> bool:
    """Whether the sentence tells again of a meeting already convened."""
    for x in drafts:
        same = x.gathering
        if same.name.text == g.name.text and same.kind == g.kind:
            return not (is_again(g.name.line) or g.ordinals != same.ordinals)
    return False


def _begin(
    sentence: Clip,
    found: list[Gathering],
    drafts: list[Draft],
    published: date | None,
    *,
    position: int,
) -> None:
    chair = read_presiding(sentence)
    held = _held(sentence, found[0], published)
    group = len(drafts)
    again = is_again(sentence.line)
    previous = drafts[-1] if drafts and not again else None
    follows = previous is not None and bool(_SAME_DAY.search(sentence.text[:30]))
    first: Draft | None = None
    for g in found:
        draft = Draft(g, group, held=held, held_in=sentence if held else None)
        if held is None and follows and previous:
            draft.held, draft.held_in = previous.held, previous.held_in
        draft.location = _location(sentence)
        draft.presence.chair = chair
        if chair is None and follows and previous and "继续" in sentence.text:
            draft.presence.chair = previous.presence.chair
        draft.presence.speaker = read_speaking(sentence)
        people = _known(drafts, draft)
        draft.agenda.known = people
        first = first or draft
        drafts.append(draft)
    main = _main(drafts, group)
    read_attendance(sentence, main.presence)
    main.agenda.read(sentence, opening_at=_agenda_start(found, sentence))
    for x in drafts[group:]:
        if x is not main:
            x.presence.attending = main.presence.attending
            x.presence.nonvoting = main.presence.nonvoting


def _known(drafts: list[Draft], draft: Draft):  # type: ignore[no-untyped-def]
    def known(name: str) -> bool:
        names = set()
        for x in [*drafts, draft]:
            p = x.presence
            for person in (p.chair, p.speaker, *p.attending, *p.nonvoting):
                if person and not person.is_group:
                    names.add(bare_name(person.name.text))
        return name in names

    return known


def _agenda_start(found: list[Gathering], sentence: Clip) -> int:
    last = found[-1]
    return max(last.name.end, last.verb.end) if last.name.end else sentence.start


def _held(sentence: Clip, g: Gathering, published: date | None) -> FoundDate | None:
    """The date before the verb that convenes, the last one there; else in the paragraph before it."""
    stop = max(g.verb.start, g.name.start)
    best: FoundDate | None = None
    at = sentence.start
    while (found := find_date(sentence.line, published, start=at, end=stop)) is not None:
        best, at = found, found.end
    if best is None and sentence.start > 0:
        best = find_date(sentence.line, published, start=0, end=sentence.start)
    return best


def _location(sentence: Clip) -> Clip | None:
    m = _ROOM.search(sentence.line, sentence.start, sentence.end)
    return sentence.part(*m.span("room")) if m else None


def _main(drafts: list[Draft], group: int) -> Draft:
    """Of meetings named together, the one whose kind decides matters."""
    together = [x for x in drafts if x.group == group]
    ranked = [x for kind in _PRIORITY for x in together if x.gathering.kind == kind]
    return (ranked or together)[0]


def _continue(sentence: Clip, drafts: list[Draft]) -> None:
    group = drafts[-1].group
    together = [x for x in drafts if x.group == group]
    main = _main(drafts, group)
    labelled = [x for x in together if sentence.text.lstrip().startswith(x.gathering.kind[:-1])]
    target = labelled[0] if len(labelled) == 1 else main
    chair = read_presiding(sentence)
    speaker = read_speaking(sentence)
    for x in together:
        if chair and x.presence.chair is None:
            x.presence.chair = chair
        if speaker and x.presence.speaker is None:
            x.presence.speaker = speaker
    listed = read_attendance(sentence, main.presence)
    if not listed or "，" in sentence.text:
        target.agenda.read(sentence)


def _from_title(
    title: str, lines: Sequence[tuple[int, str]], published: date | None
) -> list[Draft]:
    """Only the title convenes: the body tells of what the meeting did."""
    if not any(
        re.search(r"会议(?:强调|指出|要求|听取|审议|传达|学习|研究|议定|认为|决定)|主持会议", x)
        for _, x in lines
    ):
        return []
    head = whole(TITLE, title)
    found = name_in_title(head)
    drafts: list[Draft] = []
    for g in found:
        held = None
        if lines:
            first = whole(*lines[0])
            held = find_date(first.line, published, end=min(30, len(first.line)))
            drafts.append(Draft(g, 0, held=held, held_in=first if held else None))
        else:
            drafts.append(Draft(g, 0))
        drafts[-1].presence.chair = read_presiding(head)
        drafts[-1].agenda.known = _known(drafts[:-1], drafts[-1])
    for number, line in lines if drafts else ():
        for sentence in sentences(number, line):
            _continue(sentence, drafts)
    return drafts


def _finished(
    x: Draft, drafts: list[Draft], title: Clip, published: date | None, trace: Trace
) -> Meeting:
    g, held = x.gathering, x.held
    i = drafts.index(x)
    field_of = f"meetings[{i}]"
    numbers = g.ordinals or _numbers_of_title(g, title, drafts)
    for n in numbers:
        clip = g.name if g.ordinals else title
        trace.note(
            trace.quote(clip.part(n.start, n.end), f"{field_of}.ordinal", "ordinal").span,
            f"{field_of}.ordinal",
            "ordinal",
        ) if False else trace.quote(clip.part(n.start, n.end), f"{field_of}.ordinal", "ordinal")
    chair, host = _chair_and_host(x.presence)
    held_words = time = None
    if held and x.held_in:
        held_words = trace.quote(
            x.held_in.part(held.start, held.end), f"{field_of}.held_words", "meeting-date"
        )
        if held.time:
            time = trace.quote(x.held_in.part(*held.time), f"{field_of}.time", "time-of-day")
        if held.problem:
            trace.problem(held.problem)
        elif held.day and published and (held.day - published).days > 2:
            trace.problem(f"meeting dated {held.day}, after the page of {published}")
    return Meeting(
        body=_body(x, drafts),
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
        attending=_attendees(x.presence.attending, f"{field_of}.attending", trace),
        nonvoting=_attendees(x.presence.nonvoting, f"{field_of}.nonvoting", trace),
        location=trace.quote(x.location, f"{field_of}.location", "room") if x.location else None,
        agenda=tuple(_agenda(x.agenda.items, field_of, trace)),
    )


def _numbers_of_title(g: Gathering, title: Clip, drafts: list[Draft]):  # type: ignore[no-untyped-def]
    """The title's numbers where the body names none for the one meeting."""
    if len(drafts) != 1 or not title.text:
        return ()
    named = [t for t in name_in_title(title) if t.kind == g.kind]
    return named[0].ordinals if len(named) == 1 else ()


def _chair_and_host(presence: Presence) -> tuple[Person | None, Person | None]:
    """Who speaks while another presides is the chair, who presides the host."""
    presides, speaks = presence.chair, presence.speaker
    if presides and speaks and not same_person(presides, speaks):
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
            statements=tuple(
                Statement(
                    lead=trace.quote(s.lead, f"{at}.lead", s.rule),
                    text=trace.quote(s.text, f"{at}.text", s.rule),
                    speaker=trace.quote(s.speaker, f"{at}.speaker", s.rule) if s.speaker else None,
                )
                for s in x.statements
            ),
        )


def _body(x: Draft, drafts: list[Draft]) -> Body:
    """The body named with the meeting, by its subject, or by the meeting named with it."""
    g = x.gathering
    for words in (g.name.text, g.subject.text if x.presence.chair is None else ""):
        body = body_of(words)
        if body:
            return body
    if g.kind in ("党组会议", "理论中心组", "集中学习", "会议", "全体会议"):
        other = next((y for y in drafts if y.group == x.group and y.gathering.body), None)
        if other and other.gathering.body:
            return other.gathering.body
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
