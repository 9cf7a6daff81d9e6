"""What was before a meeting and what was said on it: agenda items, decisions, statements.

One clause is one item: ``会议听取了甲、乙工作情况的汇报`` names one matter. Of a report the subject is
what it is about: the words before 的汇报, 情况汇报 keeps 情况; 区财政局关于X的汇报 gives X, and the
bureau as the item's speaker.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pipeline.parse.names import bare_name, read_official, trim
from pipeline.parse.text import Clip, clauses

_BASE = (
    "传达学习|学习传达|学习贯彻|传达贯彻|集体学习|专题学习|集中学习|研究审议|研究部署|研究讨论|审议研究|讨论研究|审查批准|表决通过|审议通过|讨论通过|传达|学习|听取|审议|研究|讨论|通报|部署|解读"
    "|视察|审定|审查|观看|宣读|评议|测评|票决|表决|原则通过|原则同意|安排|分析|重温|领学|汇报|会诊|协商"
)
_FURTHER = "原则通过|原则同意|表决通过|审议通过|讨论通过|一致通过|一致同意|原则性通过|原则上同意|原则上通过|通过|同意|审议|研究|学习|部署|讨论|贯彻|评议|传达|安排|审查|听取|落实|审定|解读"
VERB = re.compile(rf"(?:{_BASE})(?:了)?(?:(?:并|和|、|及|与|，并)?(?:{_FURTHER})){{0,2}}")
"""The verb of an agenda item: 听取, 审议并原则通过, 传达学习."""

_DECISION = re.compile(r"(?:一致|表决|原则上?|原则性|全票)?(?:通过|同意)")
_SUBJECT_WORDS = r"(?:(?:本次|此次|这次)?(?:会议|会上|会前|会中|[\u4e00-\u9fff]{0,6}?(?:常务会议|党组会议|常委会会议|主任会议|主席会议|全会|常委会|党组))|与会(?:人员|同志|领导|委员)|大家|全体(?:人员|与会人员|党组成员)|会议(?:首先|先后|随后))"
_ADVERBS = r"(?:首先|还|并|先后|随后|接着|然后|一致|集体|集中|专题|认真|共同|分别|一并|同时|现场|书面|逐项|逐一|深入|再次|最后|一是|二是|三是|四是|五是|、|就此|又|也|全面|依次|重点|在听取|组织|进行了)"
_OPENS = re.compile(
    rf"\s{{0,4}}(?P<who>{_SUBJECT_WORDS})?\s?{_ADVERBS}{{0,4}}(?P<verb>{VERB.pattern})"
)
_ENUMERATOR = re.compile(
    r"\s{0,6}(?:[（(]?[一二三四五六七八九十]{1,3}[）)]?[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,3}[、.．](?!\d)|[（(]\d{1,3}[）)]|议题[一二三四五六七八九十\d]{1,3}[：:、])\s{0,3}"
)
# nothing is named: 研究部署相关工作, 审议有关事项, 研究我区贯彻落实意见
_EMPTY_SUBJECT = re.compile(
    r"(?:了)?(?:其他|其它|相关|有关|具体|近期|当前|下步|下一步|下一阶段|[我全][区县市旗]|\S{2,4}[区县市旗]|近期有关|部分|系列|若干|上级|贯彻|落实|贯彻落实|提请|及)*"
    r"(?:工作|事项|事宜|议题|意见|措施|举措|文件|文件精神|会议精神|问题|内容|提请事项|任务|情况|落实|精神)?(?:等)?(?:工作|事项)?"
)
_CLOSER = re.compile(
    r"还(?:听取|审议|研究|讨论|通报|学习|安排|部署)[^，。]{0,8}?(?:了)?(?:其他|其它|有关|相关|等)"
)
_REPORT = r"(?:专题|工作|情况|书面|初步|口头|有关)?(?:汇报|报告|通报|说明|介绍|意见和建议|意见建议)"
_REPORT_OF = re.compile(
    rf"(?:的(?:情况|工作)?{_REPORT}|(?<=情况)(?:的)?{_REPORT}|(?<=工作)(?:的)?(?:专题)?(?:汇报|报告|通报)|(?<=进展)(?:汇报|报告|通报))$"
)
_WHO_ON = re.compile(
    r"^(?P<who>[^《》关]{2,40}?(?:局|委|办|部|中心|街道|镇|乡|公司|院|政府|组|单位|部门|处|队|人|室|站|长|任|记|联|社|团))(?:就|关于|对)(?P<about>.{2,})$"
)
_TAIL = re.compile(
    r"等(?:有关|相关|\d{1,2}个?项?|[一二三四五六七八九十]{1,2}个?项?)?(?:事项|议题|事宜|内容|议案|文件|材料|方案|制度|办法)$"
)
_AFTER_TITLES = re.compile(
    r"(?<=》)(?:等)?(?:\d{1,2}|[一二三四五六七八九十两]{1,2})?[个项件]?(?:文件|议题|事项|议案|方案|制度|通知|讲话)?$"
)
_WHEN = re.compile(r"(?:时|后|之后|中|之际|的基础上)$")
_LEAD_WORDS = (
    "强调指出|指出并强调|指出|强调|要求|认为|决定|明确|建议|议定|确定|提出|指示|表示|希望|号召|同意"
)
_LEAD_ADVERBS = r"(?:还|并|最后|首先|再次|同时|就此|对此|一致|进一步|特别|着重|反复|也|又|随后|为此|因此|在(?:总结|主持)?讲话(?:中|时)|在主持会议时|在听取(?:情况)?汇报(?:后|时)|研究后|讨论后|代表[^，。]{2,10})"
_LEAD = re.compile(
    rf"\s{{0,4}}(?P<who>[^，。；：]{{0,40}}?)(?P<adv>{_LEAD_ADVERBS}{{0,3}})(?P<lead>{_LEAD_WORDS})(?:说|到|了)?(?P<rest>$|(?=\S))"
)
_MEETING_SPEAKS = re.compile(rf"(?:{_SUBJECT_WORDS}|纪要|全会)")
_TOPIC_CLAUSE = re.compile(r"\s{0,4}(?:就|关于|针对|围绕|对于|对|在|为|根据|结合|按照)")
_SELF = frozenset({"他", "她", "其"})
_REPORTED_BY = re.compile(
    r"\s{0,4}(?:会上，?|会议上，?)?(?P<who>[^，。；：]{2,40}?)(?:分别|集中|现场|在会上|首先|同志)?(?P<verb>通报|汇报|传达学习|传达|解读|宣读|领学|讲解|介绍|汇报|作)了(?P<about>[^，。；]{2,})"
)
_CONTINUES = re.compile(
    r"\s{0,4}(?:[一二三四五六七八九十]{1,2}(?:要|是)|要|第[一二三四五六七八九十]{1,2}[，、]|其[一二三四五六七八九十][，、]|[（(][一二三四五六七八九十]{1,2}[）)]|[一二三四五六七八九十]{1,2}、)"
)


@dataclass(slots=True)
class StatementDraft:
    """A statement being read; ``end`` grows with its sentences."""

    lead: Clip
    text: Clip
    speaker: Clip | None
    rule: str


@dataclass(slots=True)
class ItemDraft:
    """An agenda item being read."""

    verb: Clip
    subject: Clip
    rule: str
    speaker: Clip | None = None
    decision: Clip | None = None
    statements: list[StatementDraft] = field(default_factory=list)
    opening: bool = False  # from the sentence that convenes, before the body takes it up


@dataclass(slots=True)
class AgendaReader:
    """Reads a meeting's sentences in order; ``items`` is what came of them."""

    known: Callable[[str], bool]  # whether a name belongs to somebody of this text
    items: list[ItemDraft] = field(default_factory=list)
    current: ItemDraft | None = None
    open: StatementDraft | None = None
    heading: Clip | None = None
    speaker: Clip | None = None  # who spoke last, for 强调 without a subject
    loose: list[StatementDraft] = field(default_factory=list)

    def read(self, sentence: Clip, *, opening_at: int | None = None) -> bool:
        """Read a sentence; *opening_at* is where the name of the meeting convened in it ends.

        Returns whether the sentence belonged to the agenda.
        """
        if opening_at is not None:
            return self._clauses(sentence.part(opening_at, sentence.end), opening=True)
        body = sentence
        mark = _ENUMERATOR.match(sentence.line, sentence.start, sentence.end)
        at_start = not sentence.line[: sentence.start].strip()
        if mark and at_start:
            body = sentence.part(mark.end(), sentence.end)
            if self._heading(body):
                return True
        if _CLOSER.search(body.text[:40]):
            self.open = self.current = None
            return True
        opens = _OPENS.match(body.line, body.start, body.end)
        plain = opens and not opens["who"]
        if opens and (not plain or (mark and at_start) or (self.open is None and at_start)):
            self.open = None
            if self._clauses(body, opening=False):
                return True
        if self._leads(body):
            return True
        if self._reported(body):
            return True
        return self._goes_on(sentence, at_start=at_start)

    def _heading(self, body: Clip) -> bool:
        """一、关于X的事项: the matter of what follows."""
        m = re.match(
            r"关于(.{2,80}?)(?:的)?(?:事项|问题|议题|事宜|汇报|情况)?[。：:]?\s{0,3}$", body.text
        )
        if m is None:
            return False
        self.open = self.current = None
        self.heading = body.part(body.start + m.start(1), body.start + m.end(1))
        return True

    def _clauses(self, sentence: Clip, *, opening: bool) -> bool:
        """The clauses of a sentence that lists items; its leads open statements."""
        made = False
        subject: Clip | None = None
        parts = list(clauses(sentence))
        for clause in parts:
            lead = self._lead_of(clause, bare=made)
            if lead and (made or not _OPENS.match(clause.line, clause.start, clause.end)):
                if lead.speaker is None:
                    lead.speaker = subject
                self._state(lead, sentence)
                return True
            m = _OPENS.match(clause.line, clause.start, clause.end)
            if m is None:
                if made and self.current and clause.text.lstrip().startswith("《"):
                    self.current.subject = self.current.subject.part(
                        self.current.subject.start, clause.end
                    )
                continue
            if m["who"]:
                subject = clause.part(*m.span("who"))
                subject = subject.part(subject.start, subject.end)
            item = _item(clause, m)
            if item is None:
                made = made or bool(m["who"])
                continue
            item.opening = opening
            self._add(item)
            made = True
        if made:
            self.speaker = subject or self.speaker
        return made

    def _add(self, item: ItemDraft) -> None:
        self.heading = None
        same = next((x for x in self.items if x.opening and _alike(x, item)), None)
        if same and not item.opening:
            same.verb, same.subject, same.rule = item.verb, item.subject, item.rule
            same.speaker, same.decision = item.speaker, item.decision or same.decision
            same.opening = False
            item = same
        else:
            self.items.append(item)
        self.current = item
        self.open = None

    def _leads(self, sentence: Clip) -> bool:
        """A sentence that opens with 会议指出, also behind 就X, 在听取X汇报后."""
        for i, clause in enumerate(clauses(sentence)):
            lead = self._lead_of(clause, bare=i > 0)
            if lead:
                self._state(lead, sentence)
                return True
            if i > 2 or not (_TOPIC_CLAUSE.match(clause.text) or i > 0):
                return False
            if i == 0:
                self._when(clause)
        return False

    def _when(self, clause: Clip) -> None:
        """在听取X情况汇报后，甲指出: the item stands in a clause of time."""
        m = re.match(rf"\s{{0,4}}在(?P<verb>{VERB.pattern})", clause.text)
        if m is None or not _WHEN.search(clause.text):
            return
        end = clause.start + len(_WHEN.sub("", clause.text))
        whole = clause.part(clause.start + 1, end)
        opens = _OPENS.match(whole.line, whole.start, whole.end)
        item = _item(whole, opens) if opens else None
        if item:
            self._add(item)

    def _lead_of(self, clause: Clip, *, bare: bool) -> StatementDraft | None:
        for m in _LEAD.finditer(clause.line, clause.start, clause.end):
            if m.start() != clause.start:
                return None
            end = m.end("lead")
            after = clause.line[end : clause.end].strip(" 说到了")
            who = trim(clause.part(*m.span("who")))
            speaker, rule = self._speaker(who)
            if speaker is None and (who.text or not bare or after):
                return None
            if after and (len(after) < 4 or re.match(r"的|和|、|了|下|与", after)):
                return None
            lead = clause.part(*m.span("lead"))
            begin = end if after else min(clause.end + 1, len(clause.line))
            return StatementDraft(lead, clause.part(begin, begin), speaker, rule)
        return None

    def _speaker(self, who: Clip) -> tuple[Clip | None, str]:
        if not who.text:
            return None, "lead-without-subject"
        if _MEETING_SPEAKS.fullmatch(who.text):
            return who, "meeting-leads"
        if who.text in _SELF:
            return self.speaker or who, "pronoun-leads"
        person = read_official(who)
        if person and (person.titles or self.known(bare_name(person.name.text))):
            return person.name, "person-leads"
        return None, ""

    def _state(self, lead: StatementDraft, sentence: Clip) -> None:
        """Open a statement: its text runs to the next lead in the sentence, or to the sentence's end."""
        start, end = lead.text.start, sentence.end
        rest = sentence.part(start, sentence.end)
        following: StatementDraft | None = None
        for clause in clauses(rest):
            nxt = self._lead_of(clause, bare=clause.text.strip() in ("强调", "指出", "要求"))
            if nxt and clause.start > start:
                following, end = nxt, clause.start - 1
                break
        lead.text = rest.part(start, max(start, end))
        if lead.speaker:
            self.speaker = lead.speaker
        elif self.speaker:
            lead.speaker = self.speaker
        if lead.text.text.strip("，：:。 "):
            self._attach(lead)
            self.open = lead
        if following:
            self._state(following, sentence)

    def _attach(self, statement: StatementDraft) -> None:
        if self.heading is not None:
            item = ItemDraft(statement.lead, self.heading, "heading-then-lead")
            self.items.append(item)
            self.current, self.heading = item, None
        item_or_none = self.current
        if item_or_none is None or item_or_none.opening:
            item_or_none = _closest(self.items, statement) or item_or_none
        if item_or_none is None:
            self.loose.append(statement)
            return
        item_or_none.statements.append(statement)
        self.current = item_or_none
        if (
            statement.lead.text in ("决定", "议定", "同意", "确定")
            and item_or_none.decision is None
        ):
            item_or_none.decision = statement.text

    def _reported(self, sentence: Clip) -> bool:
        """会上，区财政局通报了X: who reported what."""
        m = _REPORTED_BY.match(sentence.line, sentence.start, sentence.end)
        if m is None or (self.open is not None and sentence.line[: sentence.start].strip()):
            return False
        who = trim(sentence.part(*m.span("who")))
        person = read_official(who)
        organ = re.search(
            r"(?:局|委|办|部|中心|街道|镇|乡|公司|院|政府|单位|部门|室|负责人|负责同志)$", who.text
        )
        if not (person and person.titles) and not organ:
            return False
        about = _subject(sentence.part(*m.span("about")), report=True)[0]
        if about is None or m["verb"] == "作":
            return False
        item = ItemDraft(
            sentence.part(*m.span("verb")),
            about,
            "reported-by",
            speaker=person.name if person and person.titles else who,
        )
        self._add(item)
        return True

    def _goes_on(self, sentence: Clip, *, at_start: bool) -> bool:
        """A sentence that carries the open statement on, in its paragraph or in a listed next one."""
        if self.open is None:
            return False
        text = self.open.text
        if text.paragraph == sentence.paragraph:
            self.open.text = text.part(text.start, sentence.end)
            return True
        if at_start and _CONTINUES.match(sentence.text):
            more = StatementDraft(self.open.lead, sentence, self.open.speaker, "statement-goes-on")
            self._attach(more)
            self.open = more
            return True
        self.open = None
        return False


def _item(clause: Clip, m: re.Match[str]) -> ItemDraft | None:
    """The item that a clause opening with an agenda verb names; None where it names nothing."""
    verb = clause.part(*m.span("verb"))
    text = verb.text.rstrip("了")
    verb = verb.part(verb.start, verb.start + len(text))
    rest = clause.part(m.end("verb"), clause.end)
    rest = rest.part(rest.start + (rest.text.startswith("了")), rest.end)
    subject, speaker = _subject(rest, report=verb.text.startswith(("听取", "通报", "汇报")))
    if subject is None:
        return None
    decided = [*_DECISION.finditer(verb.line, verb.start, verb.end)]
    return ItemDraft(
        verb,
        subject,
        "clause",
        speaker=speaker,
        decision=clause.part(*decided[-1].span()) if decided else None,
    )


def _subject(clip: Clip, *, report: bool) -> tuple[Clip | None, Clip | None]:
    """The matter in the object of an agenda verb, and who reported it."""
    clip = trim(clip)
    speaker: Clip | None = None
    text = clip.text
    if _EMPTY_SUBJECT.fullmatch(text):
        return None, None
    end = clip.end
    reported = _REPORT_OF.search(text)
    if (
        reported
        and not text.endswith("》")
        and (report or text.startswith("关于") or "关于" in text)
    ):
        end = clip.start + reported.start()
    tail = _TAIL.search(text[: end - clip.start]) or _AFTER_TITLES.search(text[: end - clip.start])
    if tail:
        end = clip.start + tail.start()
    start = clip.start
    if reported and end < clip.end:
        who = _WHO_ON.match(clip.line[start:end])
        if who:
            speaker = trim(clip.part(start + who.start("who"), start + who.end("who")))
            start += who.start("about")
    if clip.line[start:end].startswith("关于") and (reported or "《" not in text):
        start += 2
    found = trim(clip.part(start, end))
    if found.text.endswith("的") and len(found.text) > 3:
        found = found.part(found.start, found.end - 1)
    if len(found.text) < 2 or _EMPTY_SUBJECT.fullmatch(found.text):
        return None, None
    return found, speaker


def _alike(a: ItemDraft, b: ItemDraft) -> bool:
    """Whether the body takes up an item of the opening sentence: one subject within the other."""
    x, y = a.subject.text, b.subject.text
    return x in y or y in x or (len(x) >= 8 and _common(x, y) >= max(8, min(len(x), len(y)) * 0.6))


def _closest(items: list[ItemDraft], statement: StatementDraft) -> ItemDraft | None:
    """The item whose subject shares most words with a statement, else None."""
    words = statement.text.text[:200]
    best = max(items, key=lambda x: _common(x.subject.text, words), default=None)
    return best if best and _common(best.subject.text, words) >= 4 else None


def _common(a: str, b: str) -> int:
    """Length of the longest run of characters that two short texts share."""
    a, b = a[:120], b[:240]
    best = 0
    for i in range(len(a)):
        while i + best < len(a) and a[i : i + best + 1] in b:
            best += 1
    return best


def spans_of(items: list[ItemDraft]) -> Iterator[Clip]:
    """Every clip that the items hold."""
    for x in items:
        yield x.verb
        yield x.subject
