"""What was before a meeting and what was said on it: its agenda items with their statements, in order."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.parse.matters import (
    CLOSER,
    ENUMERATOR,
    OPENS,
    REPORT_ENDS,
    SUBJECT_WORDS,
    TURNED,
    VERB,
    WHEN,
    ItemDraft,
    StatementDraft,
    alike,
    closest,
    further_reports,
    read_item,
    read_report,
    read_turned,
    within,
)
from pipeline.parse.names import bare_name, has_surname, read_official, trim
from pipeline.parse.text import Clip, clauses

_LEAD_WORDS = "强调指出|强调要求|明确要求|提出明确要求|提出要求|明确提出|指出并强调|指出|强调|要求|认为|决定|明确|建议|议定|确定|提出|指示|表示|希望|号召|说"
# 会议原则同意该办法 | 会议同意印发实施
_DECIDES = re.compile(
    rf"\s{{0,4}}(?:{SUBJECT_WORDS})?\s?(?:经)?(?:研究|讨论|审议)?[，]?"
    r"(?P<decision>(?:原则上?|一致)?(?:同意|批准)了?(?P<what>.{0,120}))"
)
# 审议了该办法，原则同意，由…印发
_AGREES = re.compile(
    r"\s{0,4}(?:会议)?(?P<decision>(?:原则上?|一致|表决)?(?:同意|批准|通过)(?:$|(?=按|该|印发|实施|由|上述|提请)[^，。；]{1,60}))"
)
_LEAD_ADVERBS = r"(?:还|并|最后|首先|再次|同时|就此|对此|一致|进一步|特别|着重|反复|也|又|随后|为此|因此|在(?:总结|主持)?讲话(?:中|时)|在主持会议时|在听取(?:情况)?汇报(?:后|时)|(?:出席|主持)(?:了)?(?:会议)?(?:并)?(?:作|发表)?(?:重要)?讲话(?:并|时)?|研究后|讨论后|代表[^，。]{2,10})"
_LEAD_WORD = re.compile(_LEAD_WORDS)
# 会议指出 | 甲在讲话中强调 | 他要求
_LEAD = re.compile(
    rf"\s{{0,4}}(?P<who>[^，。；：]{{0,40}}?)(?P<adv>{_LEAD_ADVERBS}{{0,3}})(?P<lead>{_LEAD_WORDS})(?:说|到|了)?(?P<rest>$|(?=\S))"
)
# who speaks for the meeting
_MEETING_SPEAKS = re.compile(rf"(?:{SUBJECT_WORDS}|纪要|全会)")
# 就X工作，会议强调
_TOPIC_CLAUSE = re.compile(r"\s{0,4}(?:就|关于|针对|围绕|对于|对|在|为|根据|结合|按照)")
_MEETING_FIRST = re.compile(rf"\s{{0,4}}(?P<who>{SUBJECT_WORDS})")
# 一、关于县城集中供热的事项
_HEADING = re.compile(r"关于(.{2,80}?)(?:的)?(?:事项|问题|议题|事宜|汇报|情况)?[。：:]?\s{0,3}$")
_NAMED = re.compile(r"《[^《》]{2,80}》")
# 在听取X情况汇报后，甲指出
_AFTER = re.compile(rf"\s{{0,4}}在(?:认真|仔细)?(?P<verb>{VERB.pattern})")
# verbs that are no nouns: an item in a later clause of a sentence needs one of them
_FIRM = re.compile(r"听取|审议|传达|学习|表决|通报|研究|部署")
# 会议指出，… holds no items, whatever its later clauses begin with
_LEADS_AT_ONCE = re.compile(
    r"\s{0,4}[^，。；]{0,24}?(?:指出|强调|要求|认为|明确|建议|议定|提出)[，：:]"
)
# 同意该方案, 同意印发实施: of the item before
_POINTS_BACK = re.compile(r"$|该|此|这|其|上述|以上|按|由|印发|实施|将|对|在|以|提请|所报")
# 原则通过 alone repeats an item that was heard or examined before
_PURE_DECISION = re.compile(r"(?:原则上?|原则性|一致|表决)?(?:通过|同意)")
_NOT_BARE = frozenset({"提出", "确定", "明确", "表示", "希望"})  # 并提出贯彻意见 is no statement
_AS_FOLLOWS = re.compile(r"(?:如下|以下|下列)(?:几点|\w{1,2}点)?(?:事项|意见|要求|内容)?")
_ONLY_BRACKET = re.compile(r"\s{0,4}[（(【][^（）()【】]{2,60}[）)】]\s{0,4}")
# 甲主持会议 | 甲出席会议并讲话 | 甲就抓好落实提出要求
_FLOOR = re.compile(
    r"(?P<who>[^，。；]{2,40}?)(?:同时)?(?:主持(?:了)?会议|出席(?:了)?会议|(?:作|发表)[^，]{0,4}讲话"
    r"|(?:就|对|围绕|针对)[^，]{2,40}(?:提出|作出|作|做出|进行)了?[^，]{0,8}$)"
)
_SELF = frozenset({"他", "她", "其"})
# a paragraph that carries a statement on: 二要…, 三是…, （二）…
_CONTINUES = re.compile(
    r"\s{0,4}(?:[一二三四五六七八九十]{1,2}(?:要|是)|要|第[一二三四五六七八九十]{1,2}[，、]|其[一二三四五六七八九十][，、]|[（(][一二三四五六七八九十]{1,2}[）)]|[一二三四五六七八九十]{1,2}、)"
)


_SAME_MATTER = re.compile(r"(?:该|此|上述)[^《》，。]{0,8}$")


@dataclass(slots=True)
class AgendaReader:
    """Reads a meeting's sentences in order; ``items`` is what came of them."""

    known: Callable[[str], bool]  # whether a name belongs to somebody of this text
    items: list[ItemDraft] = field(default_factory=list)
    current: ItemDraft | None = None
    open: StatementDraft | None = None
    heading: Clip | None = None
    speaker: Clip | None = None  # who spoke last, for 强调 without a subject
    chair: Clip | None = None  # 他 before anybody has spoken
    loose: list[StatementDraft] = field(default_factory=list)
    listed: list[ItemDraft] = field(default_factory=list)  # items of the last sentence of items

    def read(self, sentence: Clip, *, opening_at: int | None = None) -> bool:
        """Read a sentence; *opening_at* is where the name of the meeting convened in it ends.

        Returns whether the sentence belonged to the agenda.
        """
        if opening_at is not None:
            return self._clauses(sentence.part(opening_at, sentence.end), opening=True)
        body = sentence
        mark = ENUMERATOR.match(sentence.line, sentence.start, sentence.end)
        at_start = not sentence.line[: sentence.start].strip()
        if mark and at_start:
            body = sentence.part(mark.end(), sentence.end)
            if self._heading(body):
                return True
        fresh = self.open is None or (at_start and bool(mark))
        listed = self._closes(body) or self._decides(body)
        if not listed and self._lists(body, fresh=fresh, at_start=at_start):
            listed = True
            heads = bool(mark) and at_start and not sentence.line[sentence.end :].strip()
            for x in self.listed:
                x.heading = heads
        return (
            listed
            or self._leads(body)
            or self._reported(body)
            or self._goes_on(sentence, at_start=at_start)
        )

    def _closes(self, body: Clip) -> bool:
        """会议还研究了其他事项: the end of what is told."""
        if not CLOSER.search(body.text[:40]):
            return False
        self.open = self.current = None
        return True

    def _lists(self, body: Clip, *, fresh: bool, at_start: bool) -> bool:
        """A sentence of items."""
        if not self._opens(body, fresh=fresh, at_start=at_start):
            return False
        self.open = None
        return self._clauses(body, opening=False)

    @staticmethod
    def _opens(body: Clip, *, fresh: bool, at_start: bool) -> bool:
        """Whether a sentence lists items: 会议听取了…, and where nothing is open also 听取了….

        会议以…形式，深入学习… names its item in a later clause.
        """
        opens = OPENS.match(body.line, body.start, body.end)
        if opens:
            return bool(opens["who"]) or fresh
        first = next(clauses(body), body)
        turned = TURNED.match(first.line, first.start, first.end)
        if turned and turned["who"]:
            return True
        if not ((fresh and at_start) or _MEETING_FIRST.match(body.text)) or _LEADS_AT_ONCE.match(
            body.text
        ):
            return False
        later = [OPENS.match(c.line, c.start, c.end) for c in [*clauses(body)][1:4]]
        return any(m and _FIRM.match(m["verb"]) for m in later)

    def _heading(self, body: Clip) -> bool:
        """一、关于X的事项: the matter of what follows."""
        m = _HEADING.match(body.text)
        if m is None:
            return False
        self.open = self.current = None
        self.heading = body.part(body.start + m.start(1), body.start + m.end(1))
        return True

    def _decides(self, body: Clip) -> bool:
        """会议原则同意该办法: decided on the item before; another matter makes an item of its own."""
        first = next(clauses(body), None)
        m = _DECIDES.match(first.line, first.start, first.end) if first else None
        item = self.current or (self.items[0] if len(self.items) == 1 else None)
        if first is None or m is None or item is None or item.decision is not None:
            return False
        what = m["what"]
        named = _NAMED.search(what)
        about = what.removesuffix("。")
        if named and named[0].strip("《》") not in item.subject.text:
            return False
        if not named and not (_POINTS_BACK.match(what) or about in item.subject.text):
            return False
        item.decision = first.part(*m.span("decision"))
        self.current, self.open = item, None
        for clause in clauses(body.part(first.end, body.end)):
            lead = self._lead_of(clause, bare=True)
            if lead:
                lead.speaker = lead.speaker or self._meeting_in(first)
                self._state(lead, body)
                break
        return True

    @staticmethod
    def _meeting_in(clause: Clip) -> Clip | None:
        """The words for the meeting at the start of a clause."""
        m = _MEETING_FIRST.match(clause.line, clause.start, clause.end)
        return clause.part(*m.span("who")) if m else None

    def _clauses(self, sentence: Clip, *, opening: bool) -> bool:
        """The clauses of a sentence that lists items; its leads open statements."""
        made = False
        subject: Clip | None = None
        self.listed = []
        for clause in self._matters(sentence):
            opens = OPENS.match(clause.line, clause.start, clause.end)
            lead = self._lead_of(clause, bare=made) if made or not opens else None
            if lead and (lead.speaker or len(clause.text) <= 60):
                lead.speaker = lead.speaker or subject
                self._state(lead, sentence)
                return True
            if made and not opens and self._decided(clause):
                continue
            items = self._items_of(clause, opens, listed=made)
            if opens and opens["who"]:
                subject = clause.part(*opens.span("who"))
                made = True
            if items:
                for item in items:
                    item.opening = opening
                    self._add(item)
                made = True
            elif made and not opens and self.current and clause.text.lstrip().startswith("《"):
                matter = self.current.subject
                self.current.subject = matter.part(matter.start, clause.end)
        if made:
            self.speaker = subject or self.speaker
        return made

    def _decided(self, clause: Clip) -> bool:
        """会议讨论了该办法，同意印发实施: decided in a later clause on the matter before it."""
        m = _AGREES.match(clause.line, clause.start, clause.end)
        if m is None or self.current is None or self.current.decision is not None:
            return False
        self.current.decision = clause.part(*m.span("decision"))
        return True

    @staticmethod
    def _items_of(clause: Clip, opens: re.Match[str] | None, *, listed: bool) -> list[ItemDraft]:
        """The items of one clause: 听取X, 区财政局通报了X, 就X作出安排; of several reports, each."""
        if opens:
            reports = further_reports(clause, opens)
            wanted: list[Clip | None] = [*reports] if reports else [None]
            items = [read_item(clause, opens, x) for x in wanted]
            return [x for x in items if x]
        turned = TURNED.match(clause.line, clause.start, clause.end)
        if turned and (listed or turned["who"]):
            item = read_turned(clause, turned)
        else:
            item = read_report(clause)
        return [item] if item else []

    @staticmethod
    def _matters(sentence: Clip) -> list[Clip]:
        """The clauses, where 听取了关于甲，乙情况的报告 is one."""
        found: list[Clip] = []
        for clause in clauses(sentence):
            before = found[-1] if found else None
            joins = (
                before is not None
                and REPORT_ENDS.search(clause.text)
                and ("关于" in before.text or "听取" in before.text)
                and not REPORT_ENDS.search(before.text)
                and not OPENS.match(clause.line, clause.start, clause.end)
                and OPENS.match(before.line, before.start, before.end)
            )
            if before is not None and joins:
                found[-1] = before.part(before.start, clause.end)
            else:
                found.append(clause)
        return found

    def _add(self, item: ItemDraft) -> None:
        self.heading = None
        if self.current is not None and _SAME_MATTER.match(item.subject.text):
            # 会议审议通过该细则: what became of the matter before it
            if self.current.decision is None:
                self.current.decision = item.verb
            return
        above = self.current
        if above and above.heading and not above.statements and alike(above, item):
            above.speaker = above.speaker or item.speaker
            above.decision = above.decision or item.decision
            return
        if _PURE_DECISION.fullmatch(item.verb.text):
            known = next((x for x in self.items if within(x, item)), None)
            if known and known.decision is None:
                known.decision = item.verb
                self.current, self.open = known, None
                return
        same = next((x for x in self.items if x.opening and alike(x, item)), None)
        if same and not item.opening:
            same.verb, same.subject, same.rule = item.verb, item.subject, item.rule
            same.speaker, same.decision = item.speaker, item.decision or same.decision
            same.opening = False
            item = same
        else:
            self.items.append(item)
        self.current = item
        self.listed.append(item)
        self.open = None

    def _leads(self, sentence: Clip) -> bool:
        """A sentence that opens with 会议指出, also behind 就X, 在听取X汇报后."""
        speaker: Clip | None = None
        for i, clause in enumerate(clauses(sentence)):
            lead = self._lead_of(clause, bare=i > 0)
            if lead:
                lead.speaker = lead.speaker or speaker
                self._state(lead, sentence)
                return True
            if i == 0:
                speaker = self._taking_the_floor(clause)
                self._when(clause)
            if i > 2 or not (i > 0 or speaker or _TOPIC_CLAUSE.match(clause.text)):
                return False
        return False

    def _taking_the_floor(self, clause: Clip) -> Clip | None:
        """甲主持会议，要求… and 甲就X提出要求，强调…: who says what the next clause leads in."""
        m = _FLOOR.match(clause.line, clause.start, clause.end)
        return self._speaker(trim(clause.part(*m.span("who"))))[0] if m else None

    def _when(self, clause: Clip) -> None:
        """在听取X情况汇报后，甲指出: the item stands in a clause of time."""
        m = _AFTER.match(clause.text)
        if m is None or not WHEN.search(clause.text):
            return
        end = clause.start + len(WHEN.sub("", clause.text))
        whole = clause.part(clause.start + m.start("verb"), end)
        opens = OPENS.match(whole.line, whole.start, whole.end)
        item = read_item(whole, opens) if opens else None
        if item:
            self._add(item)

    def _lead_of(self, clause: Clip, *, bare: bool) -> StatementDraft | None:
        if not _LEAD_WORD.search(clause.line, clause.start, min(clause.end, clause.start + 70)):
            return None
        m = _LEAD.match(clause.line, clause.start, clause.end)
        if m is None:
            return None
        end = m.end("lead")
        after = clause.line[end : clause.end].strip(" 说到")
        if after and (m["lead"] == "说" or len(after) < 4 or after[0] in "的和、了下与"):
            return None  # 确定了重点提案 says what was done
        who = trim(clause.part(*m.span("who")))
        speaker, rule = self._speaker(who)
        if speaker is None and (who.text or not bare or (after and m["lead"] in _NOT_BARE)):
            return None
        if _AS_FOLLOWS.fullmatch(after):
            after = ""
        lead = clause.part(*m.span("lead"))
        begin = end if after else min(clause.end + 1, len(clause.line))
        return StatementDraft(lead, clause.part(begin, begin), speaker, rule)

    def _speaker(self, who: Clip) -> tuple[Clip | None, str]:
        if not who.text:
            return None, "lead-without-subject"
        if _MEETING_SPEAKS.fullmatch(who.text):
            return who, "meeting-leads"
        if who.text in _SELF:
            return self.speaker or self.chair or who, "pronoun-leads"
        if self.known(bare_name(who.text)):
            return who, "person-leads"
        person = read_official(who)
        if person is None:
            return None, ""
        sure = has_surname(person.name.text) or "·" in person.name.text
        if (person.titles and sure) or self.known(bare_name(person.name.text)):
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
        elif lead.lead.line[lead.lead.end : lead.lead.end + 1] in "：:":
            self.open = lead  # 会议要求： and the next paragraphs say what
        if following:
            self._state(following, sentence)

    def _attach(self, statement: StatementDraft) -> None:
        if self.heading is not None:
            item = ItemDraft(statement.lead, self.heading, "heading-then-lead")
            self.items.append(item)
            self.current, self.heading = item, None
        item_or_none = self.current
        if item_or_none is None or item_or_none.opening:
            item_or_none = closest(self.items, statement) or item_or_none
        elif len(self.listed) > 1 and item_or_none in self.listed:
            item_or_none = closest(self.listed, statement) or item_or_none
        if item_or_none is None and len(self.items) == 1:
            item_or_none = self.items[0]
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
        """会上，区财政局通报了X，区水务局汇报了Y: who reported what."""
        if self.is_open_in(sentence) and not sentence.text.startswith(("会上", "会前")):
            return False
        made = False
        for clause in clauses(sentence):
            item = read_report(clause)
            lead = self._lead_of(clause, bare=made) if made else None
            if item:
                self._add(item)
                made = True
            elif lead:
                lead.speaker = lead.speaker or (self.current.speaker if self.current else None)
                self._state(lead, sentence)
                break
        return made

    def is_open_in(self, sentence: Clip) -> bool:
        """Whether a statement goes on when *sentence* begins."""
        return self.open is not None and bool(sentence.line[: sentence.start].strip())

    def _goes_on(self, sentence: Clip, *, at_start: bool) -> bool:
        """A sentence that carries the open statement on, in its paragraph or in a listed next one."""
        if self.open is None:
            return False
        text = self.open.text
        if text.paragraph == sentence.paragraph:
            if _ONLY_BRACKET.fullmatch(sentence.text):
                return True  # （区政府办供稿）
            self.open.text = text.part(text.start, sentence.end)
            return True
        waits = not text.text.strip("，：:。 ") and text.paragraph + 1 == sentence.paragraph
        if at_start and (waits or _CONTINUES.match(sentence.text)):
            more = StatementDraft(self.open.lead, sentence, self.open.speaker, "statement-goes-on")
            self._attach(more)
            self.open = more
            return True
        self.open = None
        return False
