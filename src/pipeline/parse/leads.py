"""Who says what on a meeting: 会议指出, 甲强调, 他要求, 强调 without a subject."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.parse.matters import SUBJECT_WORDS, StatementDraft
from pipeline.parse.names import RANK, bare_name, has_surname, read_official, trim
from pipeline.parse.text import Clip

_LEAD_WORDS = "提出(?:明确|具体)?[一二三四五六七八九几]点(?:工作)?(?:要求|意见)|强调指出|强调要求|明确要求|提出明确要求|提出要求|明确提出|指出并强调|指出|强调|要求|认为|决定|明确|建议|议定|确定|提出|指示|表示|希望|号召|说"
_LEAD_ADVERBS = r"(?:时|还|并|最后|首先|再次|同时|就此|对此|一致|进一步|特别|着重|反复|也|又|随后|为此|因此|在(?:总结|主持)?讲话(?:中|时)|在(?:主持|总结)(?:会议|讲话)?时|在(?:政府)?(?:工作)?报告(?:中|时)|在会上|在听取(?:情况)?汇报(?:后|时)|(?:出席|主持)(?:了)?(?:会议)?(?:并)?(?:作|发表)?(?:重要)?讲话(?:并|时)?|研究后|讨论后|代表[^，。]{2,10})"
_LEAD_WORD = re.compile(_LEAD_WORDS)
# 会议指出 | 甲在讲话中强调 | 他要求
_LEAD = re.compile(
    rf"\s{{0,4}}(?P<who>[^，。；：]{{0,40}}?)(?P<adv>{_LEAD_ADVERBS}{{0,3}})(?P<lead>{_LEAD_WORDS})(?:说|到|了)?(?P<rest>$|(?=\S))"
)
# who speaks for the meeting
_MEETING_SPEAKS = re.compile(rf"(?:{SUBJECT_WORDS}|纪要|全会)")
_NOT_BARE = frozenset({"提出", "确定", "明确", "表示", "希望"})  # 并提出贯彻意见 is no statement
_AS_FOLLOWS = re.compile(r"(?:如下|以下|下列)(?:几点|\w{1,2}点)?(?:事项|意见|要求|内容)?")
# 甲主持会议 | 甲出席会议并讲话 | 甲就抓好落实提出要求
_FLOOR = re.compile(
    r"(?P<who>[^，。；]{2,40}?)(?:同时)?(?:主持(?:了)?会议|出席(?:了)?会议|代表[^，]{2,14}讲话|(?:作|发表)[^，]{0,4}讲话|(?:充分)?肯定了?(?=[^，。；]{4})|高度评价"
    r"|(?:就|对|围绕|针对)[^，]{2,40}(?:提出|作出|作|做出|进行)了?[^，]{0,8}$)"
)
# 甲就做好下一步工作提出三点要求
_ON = re.compile(r"(?P<who>[^，。；]{2,24}?)(?:就|围绕|针对|对)[^，。；]{2,40}$")
# 全会充分肯定常委会的工作。一致认为，…
AS_ONE = re.compile(r"\s{0,4}(?:与会者)?一致(?:认为|表示|强调)\s?$")
# …，并强调，… and …，强调要…: the speaker goes on, without being named again
STRESSES = re.compile(r"\s{0,4}(?:并|同时|还|并且){0,2}(?:(?:强调|指出|要求)\s?$|(?:强调|指出)要)")
_DOES = re.compile(
    "代表|出席|主持|指出|强调|要求|首先|感谢|同志|作了|介绍|通报|传达|参加|带队|表示|对|就|在"
)
_SELF = frozenset({"他", "她", "其"})


@dataclass(slots=True)
class Voices:
    """Who can speak on a meeting; ``last`` is who did, for 强调 without a subject."""

    known: Callable[[str], bool] = lambda _: False  # whether a name belongs to somebody of the text
    chair: Clip | None = None  # 他 before anybody has spoken
    last: Clip | None = None

    def taking_the_floor(self, clause: Clip) -> Clip | None:
        """甲主持会议，要求… and 甲就X提出要求，强调…: who says what the next clause leads in."""
        m = _FLOOR.match(clause.line, clause.start, clause.end)
        return self._speaker(trim(clause.part(*m.span("who"))))[0] if m else None

    def lead_of(self, clause: Clip, *, bare: bool) -> StatementDraft | None:
        """The statement that a clause opens; *bare* where 强调 may stand without a subject."""
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
        matter = _ON.match(who.line, who.start, who.end) if speaker is None else None
        if matter:
            speaker, rule = self._speaker(trim(who.part(*matter.span("who"))))
        if m["adv"].startswith("时") and self.chair and not who.text:
            speaker, rule = self.chair, "presiding-leads"  # 甲在主持召开…会议时强调
        if speaker is None and (who.text or not bare or (after and m["lead"] in _NOT_BARE)):
            return None
        if _AS_FOLLOWS.fullmatch(after):
            after = ""
        lead = clause.part(*m.span("lead"))
        begin = end if after else min(clause.end + 1, len(clause.line))
        topic = who.text if matter else ""
        return StatementDraft(lead, clause.part(begin, begin), speaker, rule, topic)

    def _named_before(self, who: Clip) -> Clip | None:
        """The last person whom the paragraph names with a title before *who*."""
        found: Clip | None = None
        for rank in RANK.finditer(who.line, 0, who.start):
            # 书记甲乙代表区委讲话: no name ends within a verb
            sizes = (2,) if _DOES.match(who.line, rank.end() + 2) else (3, 2)
            for size in sizes:
                name = who.part(rank.end(), min(rank.end() + size, who.start))
                if has_surname(name.text) and self.known(name.text):
                    found = name
                    break
        return found

    def _speaker(self, who: Clip) -> tuple[Clip | None, str]:
        if not who.text:
            return None, "lead-without-subject"
        if _MEETING_SPEAKS.fullmatch(who.text):
            return who, "meeting-leads"
        if who.text in _SELF:
            last = self.last
            if last and _MEETING_SPEAKS.fullmatch(last.text):
                last = self._named_before(who)  # 区长甲感谢代表。他表示: not the meeting
            return last or self.chair or who, "pronoun-leads"
        if self.known(bare_name(who.text)):
            return who, "person-leads"
        person = read_official(who)
        if person is None:
            return None, ""
        sure = has_surname(person.name.text) or "·" in person.name.text
        if (person.titles and sure) or self.known(bare_name(person.name.text)):
            return person.name, "person-leads"
        return None, ""


# what a meeting resolves in listed parts; a part that names a matter begins the next item
_RESOLVES = frozenset({"议定", "决定", "明确", "同意", "确定"})
_MATTER = re.compile(r"\s{0,4}(?:会议)?(?:听取|审议|研究|传达|学习|讨论|通报|关于)")
CONTINUES = re.compile(
    r"\s{0,4}(?:[一二三四五六七八九十]{1,2}(?:要|是)|要|第[一二三四五六七八九十]{1,2}[，、]|其[一二三四五六七八九十][，、]|[（(][一二三四五六七八九十]{1,2}[）)]|[一二三四五六七八九十]{1,2}、)"
)
"""A paragraph that carries a statement on: 二要…, 三是…, （二）…"""


def awaited(said: StatementDraft | None, sentence: Clip, body: Clip) -> bool:
    """会议议定： and below it （一）同意该方案；: a listed part of what was said, no matter."""
    if said is None or said.lead.text not in _RESOLVES or _MATTER.match(body.text):
        return False
    text = said.text
    waits = not text.text.strip("，：:。 ")
    listed = said.rule == "statement-goes-on" and bool(CONTINUES.match(sentence.text))
    return (waits or listed) and text.paragraph + 1 == sentence.paragraph


def only_led(said: StatementDraft | None, sentence: Clip) -> bool:
    """会议指出, alone in its paragraph: whatever the next one begins with is what was said."""
    if said is None or said.lead.paragraph + 1 != sentence.paragraph:
        return False
    line = said.lead.line
    return not line[said.lead.end :].strip("，：: ") and len(line) <= 24


def broken_off(text: Clip) -> bool:
    """Whether a long paragraph ends in the midst of a sentence: its rest is the next one."""
    line = text.line.rstrip()
    return (
        len(line) >= 40 and line[-1] not in "。！？!?；;：:”）)…》" and text.end == len(text.line)
    )


def is_plenum(said: StatementDraft) -> bool:
    """Whether 全会 says it, whose resolutions stand in paragraphs of their own."""
    return said.speaker is not None and said.speaker.text == "全会"
