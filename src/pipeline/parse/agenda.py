"""What was before a meeting and what was said on it: its agenda items with their statements, in order."""

import re
from dataclasses import dataclass, field

from pipeline.parse.decisions import (
    DECIDES,
    PURE_DECISION,
    agreed_matter,
    became_of,
    decided_on,
    items_of,
    lists_further,
    resolved_in_list,
    share_decisions,
)
from pipeline.parse.leads import (
    AS_ONE,
    CONTINUES,
    STRESSES,
    Voices,
    awaited,
    broken_off,
    is_plenum,
    only_led,
)
from pipeline.parse.likeness import alike, within, without_summaries
from pipeline.parse.matters import (
    CLOSER,
    ENUMERATOR,
    OPENS,
    ItemDraft,
    StatementDraft,
    behind_then,
    lists_matters,
    mark_of,
    meeting_in,
    whole_matters,
)
from pipeline.parse.parting import parted
from pipeline.parse.placing import place_of, said_on, take_off_the_speech, take_off_the_whole
from pipeline.parse.reports import (
    also,
    carry_reporter,
    goes_on_reporting,
    heard_on,
    heard_when,
    listed_further,
    more_of,
    read_report,
)
from pipeline.parse.text import Clip, clauses

# 就X工作，会议强调
_TOPIC_CLAUSE = re.compile(r"\s{0,4}(?:就|关于|针对|围绕|对于|对|在|为|根据|结合|按照)")
# 一、关于县城集中供热的事项
_HEADING = re.compile(r"关于(.{2,80}?)(?:的情况|的?(?:事项|问题|议题|事宜|汇报))?[。：:]?\s{0,3}$")
# （区政府办供稿） | 青岚讯（甲） | ■甲 | two blanks and a name
_ONLY_BRACKET = re.compile(
    r"\s{0,4}(?:[\u4e00-\u9fff]{2,8}讯)?[（(【][^（）()【】]{2,60}[）)】]\s{0,4}|\s{0,4}■[^，。]{2,20}|\s{2,6}[\u4e00-\u9fff]{2,3}(?:\s[\u4e00-\u9fff]{2,3}){0,2}\s{0,4}"
)
# 会议要求： and 会议强调， at a paragraph's end: the next ones say what
_ENDS_OPEN = re.compile(r"[：:]|，?\s{0,4}$")
_VAGUE = re.compile(r"有关|相关")
_SAME_MATTER = re.compile(r"(?:该|此|上述)[^《》，。]{0,8}$")


@dataclass(slots=True)
class AgendaReader:
    """Reads a meeting's sentences in order; ``items`` is what came of them."""

    voices: Voices = field(default_factory=Voices)
    items: list[ItemDraft] = field(default_factory=list)
    current: ItemDraft | None = None
    open: StatementDraft | None = None
    heading: Clip | None = None
    loose: list[StatementDraft] = field(default_factory=list)
    listed: list[ItemDraft] = field(default_factory=list)  # items since something was said
    last_list: int = 0  # where the last sentence of items begins
    about: str = ""  # the meeting's own name: its words tell no item from another

    def read(self, sentence: Clip, *, opening_at: int | None = None, carries: bool = True) -> bool:
        """Read a sentence; *opening_at* is where the name of the meeting convened in it ends.

        *carries*: whether it may carry on what was said before it. Returns whether the
        sentence belonged to the agenda.
        """
        if opening_at is not None:
            return self._clauses(sentence.part(opening_at, sentence.end), opening=True)
        body = sentence
        at_start = not sentence.line[: sentence.start].strip()
        mark = mark_of(sentence) if at_start else None
        if at_start and not mark and only_led(self.open, sentence):
            return self._goes_on(sentence, at_start=True)
        if mark:
            body = sentence.part(mark.end(), sentence.end)
            if awaited(self.open, sentence, body):
                return self._goes_on(sentence, at_start=True)
            if self._heading(body):
                return True
        # 审议《A办法》, alone on its line, is a heading as well
        alone = (
            at_start
            and sentence.end == len(sentence.line) <= 60
            and sentence.text[-1] not in "。；，"
        )
        fresh = self.open is None or (at_start and (bool(mark) or alone))
        listed = self._closes(body) or self._decides(body)
        if not listed and self._lists(body, fresh=fresh, at_start=at_start):
            listed = True
            heads = bool(mark) and not sentence.line[sentence.end :].strip()
            for x in self.listed:
                x.heading = heads and x.verb.paragraph == body.paragraph
        if listed or self._leads(body) or self._reported(body):
            return True
        if not carries:
            self.open = None
        return self._goes_on(sentence, at_start=at_start)

    def settle(self, speakers: tuple[str, ...]) -> None:
        """Once all is read: what was said on the whole stands on no item.

        *speakers* are who came and spoke, and who presided meanwhile; empty where nobody did.
        """
        share_decisions(self.items)
        self.items = without_summaries(self.items)
        self.loose.extend(take_off_the_speech(self.items, self.about, speakers))
        self.loose.extend(take_off_the_whole(self.items, self.about))
        self.loose.sort(key=place_of)

    def _closes(self, body: Clip) -> bool:
        """会议还研究了其他事项: the end of what is told."""
        words = body.text[:40]
        if "还" not in words or not CLOSER.search(words):
            return False
        self.open = self.current = None
        return True

    def _lists(self, body: Clip, *, fresh: bool, at_start: bool) -> bool:
        """A sentence of items."""
        if not lists_matters(body, fresh=fresh, at_start=at_start):
            return False
        self.open = None
        return self._clauses(body, opening=False)

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
        m = DECIDES.match(first.line, first.start, first.end) if first else None
        if first is None or m is None:
            return False
        item = self._headed(first.part(*m.span("verb"))) or self.current
        item = item or (self.items[0] if len(self.items) == 1 else None)
        if item is None or item.decision is not None:
            item = agreed_matter(first, m)
            self.items.extend([item] if item else [])
        elif item.rule != "heading-then-decision" and not decided_on(item, m["what"], first):
            # 四、会议同意发行债券: listed, it is a matter of its own
            item = agreed_matter(first, m) if ENUMERATOR.match(body.line) else None
            self.items.extend([item] if item else [])
        if item is None:
            return False
        item.decision = first.part(*m.span("decision"))
        item.taken_up = first.paragraph
        self.current, self.open = item, None
        for clause in clauses(body.part(first.end, body.end)):
            lead = self.voices.lead_of(clause, bare=True)
            if lead:
                lead.speaker = lead.speaker or meeting_in(first)
                self._state(lead, body)
                break
        return True

    def _headed(self, verb: Clip) -> ItemDraft | None:
        """The item of a heading whose first sentence decides: 一、关于X的事项, 会议同意安排资金."""
        if self.heading is None:
            return None
        item = ItemDraft(verb, self.heading, "heading-then-decision")
        self.items.append(item)
        self.heading = None
        return item

    def _clauses(self, sentence: Clip, *, opening: bool) -> bool:
        """The clauses of a sentence that lists items; its leads open statements."""
        made = False
        reached = -1  # where the last clause of items ends
        self.last_list = sentence.start
        subject: Clip | None = None
        if any(x.statements for x in self.listed):
            self.listed = []  # something was said on them; the next list begins
        for clause in whole_matters(sentence):
            opens = OPENS.match(clause.line, clause.start, clause.end)
            lead = self.voices.lead_of(clause, bare=made) if made or not opens else None
            resolved = resolved_in_list(lead, clause) if made else None
            if resolved or (opens and opens["verb"].startswith("决定")):
                lead = None  # 决定接受甲辞职 is a matter of its own
            if lead and (lead.speaker or len(clause.text) <= 60):
                lead.speaker = lead.speaker or subject or (self.voices.chair if opening else None)
                self._state(lead, sentence)
                return True
            if made and became_of(self.current, clause, opens):
                continue
            items = [resolved] if resolved else items_of(clause, opens, listed=made or opening)
            if not items and opens and self.heading:
                heard = heard_on(self.heading, clause, opens)
                items = [heard] if heard else []
            if opens and opens["who"]:
                subject = clause.part(*opens.span("who"))
                made, reached = True, -1
            for item in items:
                item.opening, made = opening, True
                if reached == clause.start - 1:
                    carry_reporter(self.current, item)
                self._add(item)
            if not items and made and not opens and self.current and clause.start - 1 == reached:
                items = self._listing_goes_on(clause)
            reached = clause.end if items else -1
        if made:
            self.voices.last = subject or self.voices.last
        return made

    def _listing_goes_on(self, clause: Clip) -> list[ItemDraft]:
        """传达学习了甲精神，乙讲话; 审议了《A》，《B》; 听取了甲汇报；乙汇报: more of what the verb before is on."""
        item = self.current
        if item is None or item.statements or not more_of(item, clause):
            return []
        if clause.line[clause.start - 1] in "；;":
            more = listed_further(item, clause)
            if more:
                more.opening = item.opening
                self._add(more)
            return [more] if more else []
        item.subject = item.subject.part(item.subject.start, clause.end)
        return [item]

    def _add(self, item: ItemDraft) -> None:
        """Add an item; of documents named together, one each."""
        for one in parted(item):
            self._add_one(one)

    def _add_one(self, item: ItemDraft) -> None:
        self.heading = None
        if self.current is not None and _SAME_MATTER.match(item.subject.text):
            # 会议审议通过该细则: what became of the matter before it
            if self.current.decision is None and item.decision is not None:
                self.current.decision = item.verb
            return
        above = self.current
        if above and above.heading and not above.statements:
            named = _VAGUE.search(above.subject.text) and above.verb.text == item.verb.text
            if named or alike(above, item):
                # 三、传达学习有关会议精神, and below it which
                above.subject = item.subject if named else above.subject
                above.speaker = above.speaker or item.speaker
                above.decision = above.decision or item.decision
                above.taken_up = item.verb.paragraph
                return
        if PURE_DECISION.fullmatch(item.verb.text):
            known = next((x for x in self.items if within(x, item)), None)
            if known and known.decision is None:
                known.decision = item.verb
                self.current, self.open = known, None
                return
        told = next((x for x in self.items if x.opening and alike(x, item)), None)
        again = (item.verb.text, item.subject.text)
        same = told or next((x for x in self.items if (x.verb.text, x.subject.text) == again), None)
        if same and not item.opening:
            same.verb, same.subject, same.rule = item.verb, item.subject, item.rule
            same.speaker, same.decision = item.speaker, item.decision or same.decision
            same.opening = False
            item = same
        else:
            self.items.append(item)
        self.current = item
        if not item.opening and item.rule != "reported-by" and not also(item):
            self.listed = [x for x in self.listed if not x.opening]
        self.listed.append(item)
        self.open = None

    def _leads(self, sentence: Clip) -> bool:
        """A sentence that opens with 会议指出, also behind 就X, 在听取X汇报后."""
        speaker: Clip | None = None
        for i, clause in enumerate(behind_then(sentence)):
            goes_on = self.is_open_in(sentence) and bool(STRESSES.match(clause.text))
            goes_on = goes_on or (i == 0 and bool(AS_ONE.match(clause.text)))
            lead = self.voices.lead_of(clause, bare=i > 0 or goes_on)
            if lead:
                lead.topic += sentence.line[sentence.start : clause.start]
                said_by_him = lead.rule == "pronoun-leads" and speaker
                lead.speaker = speaker if said_by_him else lead.speaker or speaker
                self._state(lead, sentence)
                return True
            if i == 0:
                speaker = self.voices.taking_the_floor(clause)
                self.voices.last = speaker or self.voices.last
                if heard := heard_when(clause):
                    self._add(heard)
            if i > 2 or not (i > 0 or speaker or _TOPIC_CLAUSE.match(clause.text)):
                return False
        return False

    def _state(self, lead: StatementDraft, sentence: Clip) -> None:
        """Open a statement: its text runs to the next lead in the sentence, or to the sentence's end."""
        start, end = lead.text.start, sentence.end
        rest = sentence.part(start, sentence.end)
        following: StatementDraft | None = None
        for clause in clauses(sentence):
            if clause.start <= start:
                continue
            nxt = self.voices.lead_of(clause, bare=bool(STRESSES.match(clause.text)))
            listing = lead.lead.text == "决定" and lists_further(clause)
            if nxt or listing:
                following, end = nxt, clause.start - 1
                break
        lead.text = rest.part(start, max(start, end))
        if lead.speaker:
            self.voices.last = lead.speaker
        elif self.voices.last:
            lead.speaker = self.voices.last
        if lead.text.text.strip("，：:。 "):
            self._attach(lead)
            self.open = lead
        elif _ENDS_OPEN.match(lead.lead.line, max(lead.lead.end, lead.text.start - 1)):
            self.open = lead  # 会议要求： and the next paragraphs say what
        if following:
            self._state(following, sentence)
        elif end < sentence.end and end > start:
            self._clauses(sentence.part(end + 1, sentence.end), opening=False)

    def _attach(self, statement: StatementDraft) -> None:
        if self.heading is not None:
            self.items.append(ItemDraft(statement.lead, self.heading, "heading-then-lead"))
            self.current, self.heading = self.items[-1], None
        item = said_on(self.items, self.current, self.listed, self.last_list, self.about, statement)
        if item is None:
            self.loose.append(statement)
            return
        item.statements.append(statement)
        self.current = item
        apart = item.verb.paragraph < statement.lead.paragraph and is_plenum(statement)
        resolves = statement.lead.text in ("决定", "议定", "同意", "确定") and not apart
        if resolves and item.decision is None:
            item.decision = statement.text

    def _reported(self, sentence: Clip) -> bool:
        """会上，区财政局通报了X，区水务局汇报了Y: who reported what."""
        words = sentence.text.lstrip()
        if self.is_open_in(sentence) and not words.startswith(("会上", "会前")):
            return False
        made = False
        for i, clause in enumerate(clauses(sentence)):
            item = read_report(clause, self.voices.known)
            lead = self.voices.lead_of(clause, bare=made) if made else None
            if item and item.rule == "turned-by" and i > words.startswith("会上"):
                item = None  # 甲主持会议，乙对X作了部署 says who was there
            if item is None and lead is None and made and self.current:
                item = goes_on_reporting(clause, self.current)
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
        follows = text.paragraph + 1 == sentence.paragraph
        waits = not text.text.strip("，：:。 ") or broken_off(text)
        if at_start and ((waits and follows) or CONTINUES.match(sentence.text)):
            more = StatementDraft(self.open.lead, sentence, self.open.speaker, "statement-goes-on")
            self._attach(more)
            self.open = more
            return True
        self.open = None
        return False
