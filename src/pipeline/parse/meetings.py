"""The meetings of a text: where each is convened, and which sentences belong to it."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from pipeline.parse.dates import DATE, FoundDate, find_date
from pipeline.parse.drafts import Draft, chair_again, finished, is_reported, same_day
from pipeline.parse.forms import is_form, read_form
from pipeline.parse.gatherings import Gathering, find_gatherings, name_in_title
from pipeline.parse.matters import ENUMERATOR
from pipeline.parse.names import bare_name, is_name, titled_in
from pipeline.parse.opening import is_again
from pipeline.parse.presence import read_attendance, read_presiding, read_speaking, voice_of
from pipeline.parse.text import TITLE, Clip, Trace, sentences, whole
from pipeline.records import Meeting

_MEETS = re.compile(r"会议|召开|[^社开机都体协学议]会$|[大全]会|纪要")
# in what the meeting said, 甲主持召开… is another meeting's
_SAYS = re.compile(
    r"\s{0,4}(?:会议|全会|大家)[^，。；]{0,10}?(?:指出|强调|要求|认为|明确|建议|决定|提出)"
)
_DOES = re.compile(r"会议(?:强调|指出|要求|听取|审议|传达|学习|研究|议定|认为|决定)|主持会议")
_STOP = re.compile(r"[。；：，]")
# 随后，甲继续召开…; 会前，召开…
_NEXT = re.compile(
    r"\s{0,4}(?:随后|会后|会前|接着|会议结束后|同日|当天|当日|之后|又讯|(?:上午|下午|晚上?)，)"
)
_DATED = re.compile(r"\s{0,4}(?:(?:另外|另悉)，)?(?:\d{4}年)?\d{1,2}月\d{1,2}日")
_SAME_DAY = re.compile(
    r"随后|会后|会前|接着|同日|当天|当日|会议结束后|继续|之后|^\s{0,4}(?:上午|下午|晚上?)，"
)
_VISIT = re.compile(r"调研|走访|慰问|督导|检查|查看|察看|暗访|视察|督查|赴|带队")
_ROOM = re.compile(
    r"在(?P<room>[^，。在]{2,28}?(?:室|厅|中心|礼堂|楼|馆|院|堂|会场|政府|机关|大厦|剧院|宾馆|酒店|校|所|园|大院|多功能厅|[镇乡村]|街道|社区|基地|现场))"
    r"(?:隆重|如期|顺利|胜利|圆满)?(?:组织|主持|继续)?(?:召开|举行|举办|开幕|闭幕|开展)"
)
_PRIORITY = ("常务会议", "常委会会议", "主任会议", "主席会议", "全体会议", "办公会")


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
    lines = [(i, x) for i, x in enumerate(paragraphs) if i not in skip and x.strip()]
    head = whole(TITLE, title)
    drafts = read_form(head, lines, published) if is_form(paragraphs) else []
    headlines = _headlines(lines)
    titled = _MEETS.search(title) is not None
    told = 0  # paragraphs of prose before this one
    since = 0  # in a digest, the paragraph that the day told of begins with
    for position, (number, line) in enumerate(() if drafts else lines):
        if number in headlines:
            continue  # read for the chair alone, below
        since = number if digest and _DATED.match(line) else since
        for sentence in sentences(number, line):
            early = told == 0 or (told == 1 and titled)
            begun = _convenes(
                sentence, drafts, position, published, lines,
                early=early, digest=digest, titled=titled or not title or digest,
            )  # fmt: skip
            if drafts and not begun and drafts[-1].gathering.name.paragraph >= since:
                _continue(sentence, drafts)
        told += len(line) >= 30 and "。" in line
    if drafts and drafts[0].presence.chair is None:
        # 区委书记甲主持并讲话, as a subtitle
        subtitles = (read_presiding(whole(i, x)) for i, x in lines if i in headlines)
        drafts[0].presence.chair = next(filter(None, subtitles), None)
    if not drafts:
        drafts = _from_title(title, lines, published)
    drafts = [x for x in drafts if is_reported(x) or name_in_title(head)]
    if not drafts:
        return ()
    return tuple(finished(x, drafts, head, published, trace) for x in drafts)


def _headlines(lines: Sequence[tuple[int, str]]) -> frozenset[int]:
    """The title once more, and subtitles, above the paragraph that tells of the meeting."""
    found = set()
    for position, (number, line) in enumerate(lines[:4]):
        if len(line) > 45 or _STOP.search(line) or DATE.search(line):
            break
        below = [whole(*x) for x in lines[position + 1 : position + 4]]
        if any(find_gatherings(s) for b in below for s in sentences(b.paragraph, b.line)):
            found.add(number)
    return frozenset(found)


def _convenes(
    sentence: Clip,
    drafts: list[Draft],
    position: int,
    published: date | None,
    lines: Sequence[tuple[int, str]],
    *,
    early: bool,
    digest: bool,
    titled: bool,
) -> bool:
    """Begin the meetings that the sentence convenes; whether it does."""
    opens = not sentence.line[: sentence.start].strip()
    if _may_convene(sentence, drafts, position, opens=opens, early=early, digest=digest):
        named = find_gatherings(sentence)
        found = [g for g in named if not _repeated(g, drafts)]
        if found and not _on_a_visit(sentence, found, titled=titled or bool(drafts)):
            _begin(sentence, found, drafts, published, lines)
            return True
        if named and not found:
            return _tell_again(sentence, named, drafts, published)
    return False


def _on_a_visit(sentence: Clip, found: list[Gathering], *, titled: bool) -> bool:
    """甲到乙镇调研，并召开座谈会: a visit, not a meeting of a body."""
    if any(g.ordinals for g in found):
        return False
    # 甲到乙镇调研。随后，召开座谈会: a meeting only where the title names it
    start = sentence.start if titled else 0
    before = sentence.line[start : max(start, found[0].verb.start)]
    informal = all(g.kind not in _PRIORITY or g.kind == "办公会" for g in found)
    return informal and bool(_VISIT.search(before))


def _may_convene(
    sentence: Clip, drafts: list[Draft], position: int, *, opens: bool, early: bool, digest: bool
) -> bool:
    """Meetings are convened at the head of a report; in its body, others are only mentioned."""
    if _SAYS.match(sentence.text):
        return False  # 会议指出，省委书记甲主持召开…: another's
    if not drafts:
        headline = ENUMERATOR.match(sentence.line) and "。" not in sentence.line
        return not headline and (digest or (early and position < 6))
    if digest or is_again(sentence.line):
        return opens or is_again(sentence.line) or bool(_NEXT.match(sentence.text))
    if opens and _DATED.match(sentence.text):
        return True  # a second report below the first, with a day of its own
    in_head = drafts[-1].gathering.name.paragraph == sentence.paragraph
    return (opens or in_head) and bool(_NEXT.match(sentence.text))


def _repeated(g: Gathering, drafts: list[Draft]) -> bool:
    """Whether the sentence tells again of a meeting already convened."""
    return _same(g, drafts) is not None


def _same(g: Gathering, drafts: list[Draft]) -> Draft | None:
    """The draft of the meeting that *g* names: by its name, or by kind and number."""
    if is_again(g.name.line):
        return None
    numbers = [x.ordinal for x in g.ordinals]
    for x in drafts:
        same = x.gathering
        alike = same.kind == g.kind and numbers == [n.ordinal for n in same.ordinals]
        if alike and (same.name.text == g.name.text or (numbers and same.body == g.body)):
            return x
    return None


def _tell_again(
    sentence: Clip, named: list[Gathering], drafts: list[Draft], published: date | None
) -> bool:
    """第80次常委会会议召开。 and below it, with the day once more, who presided: fill what is missing."""
    draft = _same(named[0], drafts)
    if len(named) != 1 or draft is None or len(drafts) != 1:
        return False
    presence = draft.presence
    presence.chair = presence.chair or read_presiding(sentence)
    if draft.held is None or draft.held.time is None:
        held = _held(sentence, named[0], published)
        if held and (draft.held is None or held.day == draft.held.day):
            draft.held, draft.held_in = held, sentence
    draft.location = draft.location or _location(sentence)
    read_speaking(sentence, presence)
    read_attendance(sentence, presence)
    draft.agenda.voices.chair = voice_of(presence) or draft.agenda.voices.chair
    draft.agenda.read(sentence, opening_at=_agenda_start(named, sentence))
    return True


def _begin(
    sentence: Clip,
    found: list[Gathering],
    drafts: list[Draft],
    published: date | None,
    lines: Sequence[tuple[int, str]],
) -> None:
    chair = read_presiding(_of_the_first(sentence, found)) or chair_again(sentence, drafts)
    held = _held(sentence, found[0], published)
    group = len(drafts)
    again = is_again(sentence.line)
    previous = drafts[-1] if drafts and not again else None
    follows = previous is not None and bool(_SAME_DAY.search(sentence.text[:30]))
    since = sentence.start
    for g in found:
        draft = Draft(g, group=group, held=held, held_in=sentence if held else None)
        if held is None and follows and previous:
            draft.held, draft.held_in = same_day(previous), previous.held_in
        draft.before = sentence.text.lstrip().startswith("会前") and previous is not None
        draft.location = _location(sentence)
        own = g.verb.start > found[0].verb.start  # …，下午，区长乙主持召开…
        other = read_presiding(sentence.part(since, sentence.end)) if own else None
        draft.presence.chair = other or chair
        if held is None or held.start < sentence.start or g is not found[0]:
            draft.time = _time(sentence, since, max(g.verb.start, since))
        since = max(since, g.name.end, g.verb.end)
        if chair is None and follows and previous and "继续" in sentence.text:
            draft.presence.chair = previous.presence.chair
        read_speaking(sentence, draft.presence)
        people = _known(drafts, draft, lines)
        draft.agenda.voices.known = people
        draft.agenda.about = "".join(x.subject.text + x.name.text for x in found)
        draft.agenda.voices.chair = voice_of(draft.presence)
        drafts.append(draft)
    main = _main(drafts, group)
    read_attendance(sentence, main.presence)
    main.agenda.read(sentence, opening_at=_agenda_start(found, sentence))
    for x in drafts[group:]:
        if x is not main:
            x.presence.attending = main.presence.attending
            x.presence.nonvoting = main.presence.nonvoting


def _of_the_first(sentence: Clip, found: list[Gathering]) -> Clip:
    """The words on the first of meetings that have verbs of their own: A召开，下午，区长乙主持召开B."""
    second = next((g.verb.start for g in found if g.verb.start > found[0].verb.start), None)
    if second is None:
        return sentence
    stop = max(sentence.line.rfind(c, found[0].name.end, second) for c in "，；")
    return sentence.part(sentence.start, stop) if stop > 0 else sentence


def _known(
    drafts: list[Draft], draft: Draft, lines: Sequence[tuple[int, str]]
) -> Callable[[str], bool]:
    """Whether a name belongs to somebody of the meetings, or stands behind a title in the text."""

    def known(name: str) -> bool:
        if is_name(name) and any(titled_in(name, x) or f"{name}同志" in x for _, x in lines):
            return True
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
    if last.told_from is not None:
        return last.told_from
    return max(last.name.end, last.verb.end) if last.name.end else sentence.start


def _held(sentence: Clip, g: Gathering, published: date | None) -> FoundDate | None:
    """The date before the verb that convenes, the last one there; else in the paragraph before it."""
    stop = max(g.verb.start, g.name.start)
    best: FoundDate | None = None
    at = sentence.start
    today: date | None = None  # 本报11月4日讯 今天上午: the day of the dateline
    while found := find_date(sentence.line, published, start=at, end=stop, today=today):
        best, at, today = found, found.end, found.day
    if best is None and sentence.start > 0:
        best = find_date(sentence.line, published, start=0, end=sentence.start)
    return best


# 当天下午，甲主持召开…; …会议；下午，又召开…
_TIME = re.compile(
    r"(?:(?<![\u4e00-\u9fff])|(?<=[天日]))(?P<time>上午|下午|晚上|晚)(?=[，\s\u4e00-\u9fff])"
)


def _time(sentence: Clip, start: int, end: int) -> Clip | None:
    """The time of day of a meeting that was held on the day of the one before it."""
    m = _TIME.search(sentence.line, start, end)
    return sentence.part(*m.span("time")) if m else None


def _location(sentence: Clip) -> Clip | None:
    m = _ROOM.search(sentence.line, sentence.start, sentence.end)
    return sentence.part(*m.span("room")) if m else None


def _main(drafts: list[Draft], group: int) -> Draft:
    """Of meetings named together, the one whose kind decides matters."""
    together = [x for x in drafts if x.group == group]
    if len(together) == 1:
        return together[0]
    ranked = [x for kind in _PRIORITY for x in together if x.gathering.kind == kind]
    return (ranked or together)[0]


def _continue(sentence: Clip, drafts: list[Draft]) -> None:
    # what follows a word on the session before (会前) tells of the meeting itself
    group = next((x.group for x in reversed(drafts) if not x.before), drafts[-1].group)
    together = [x for x in drafts if x.group == group]
    main = _main(drafts, group)
    target = (_told_of(sentence, together) if len(together) > 1 else None) or main
    presides = sentence.line.find("主持", sentence.start, sentence.end) >= 0
    alone = presides and _PRESIDES_ALONE.fullmatch(sentence.text) is not None
    told = alone or (
        not _SAYS.match(sentence.text) and not any(x.agenda.is_open_in(sentence) for x in together)
    )
    if told and presides and "召开" in sentence.text:
        told = all(_same(g, drafts) for g in find_gatherings(sentence))  # else another's chair
    chair = read_presiding(sentence, later=True) if told else None
    for x in together:
        if chair and x.presence.chair is None:
            x.presence.chair = chair
            x.agenda.voices.chair = voice_of(x.presence)
        if told:
            read_speaking(sentence, x.presence)
            if x.presence.speaker:
                x.agenda.voices.chair = x.presence.speaker.name
    if alone and chair:
        target.agenda.open = None  # 甲主持会议。 ends what was said before it
        return
    listed = read_attendance(sentence, main.presence)
    if listed and _OF_ALL_MEETINGS.search(sentence.text):
        for x in drafts:
            x.presence.attending = x.presence.attending or main.presence.attending
            x.presence.nonvoting = x.presence.nonvoting or main.presence.nonvoting
    if not listed or "，" in sentence.text or "会议并" in sentence.text:
        target.agenda.read(sentence, carries=not listed)


_OF_ALL_MEETINGS = re.compile(r"(?:参加|出席|列席)了?(?:上述|以上|两[个场次]?)会议")
_PRESIDES_ALONE = re.compile(r"\s{0,4}[^，。、]{2,30}主持(?:了)?会议。\s{0,4}")
# 党组会议传达学习了…, 区政府常务会议听取了…, 在党组会议上
_NAMED_FIRST = re.compile(r"\s{0,4}在?(?:[区县市旗州](?:政府|委|政协|人大(?:常委会)?))?")


_ALSO_CALLED = {"理论中心组": ("学习会", "中心组学习"), "集中学习": ("学习会",)}
_PLAIN_ENLARGED = re.compile(r"[（(]扩大[）)]")


def _told_of(sentence: Clip, together: list[Draft]) -> Draft | None:
    """Of meetings named together, the one that this sentence names, else that one before it did."""
    lead = _NAMED_FIRST.match(sentence.text)
    at = lead.end() if lead else 0
    named = [
        x
        for x in together
        if x.gathering.kind != "会议"
        and _PLAIN_ENLARGED.sub("", sentence.text)[at:].startswith(
            (
                x.gathering.kind[:-1],
                x.gathering.name.text.strip(),
                *_ALSO_CALLED.get(x.gathering.kind, ()),
            )
        )
    ]
    if len(named) == 1:
        for x in together:
            x.is_told = x is named[0]
    return next((x for x in together if x.is_told), None)


# 我县组织收听收看全省视频会议: held above
_LISTENED = re.compile("收听|收看")


def _from_title(
    title: str, lines: Sequence[tuple[int, str]], published: date | None
) -> list[Draft]:
    """Only the title convenes: the body tells of what the meeting did."""
    if not any(_DOES.search(x) for _, x in lines):
        return []
    head = whole(TITLE, title)
    found = [] if _LISTENED.search(title) else name_in_title(head)
    drafts: list[Draft] = []
    for g in found:
        held = None
        if lines:
            first = whole(*lines[0])
            held = find_date(first.line, published, end=min(30, len(first.line)))
            drafts.append(Draft(g, held=held, held_in=first if held else None))
        else:
            drafts.append(Draft(g))
        drafts[-1].presence.chair = read_presiding(head)
        drafts[-1].agenda.voices.known = _known(drafts[:-1], drafts[-1], lines)
    for number, line in lines if drafts else ():
        for sentence in sentences(number, line):
            _continue(sentence, drafts)
    return drafts
