"""The matter of an agenda item: its verb, what it is about, who reported, what was decided.

One clause is one item: ``会议听取了甲、乙工作情况的汇报`` names one matter. Of a report the subject is
what it is about: the words before 的汇报, 情况汇报 keeps 情况; 区财政局关于X的汇报 gives X, and the
bureau as the item's speaker. 研究部署相关工作 and 其他事项 name nothing and make no item.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.parse.names import is_name, read_official, trim
from pipeline.parse.text import Clip, clauses

_BASE = (
    "传达学习|学习传达|学习贯彻|传达贯彻|集体学习|专题学习|集中学习|研究审议|研究部署|研究调度|研究讨论|审议研究|讨论研究|审查(?:和|并)?批准|表决通过|审议通过|讨论通过|传达|学习|听取|审议|研究|讨论|通报|部署|解读"
    "|视察|审定|审查|观看|研究确定|审议确定|确定(?=[^，。；]{2,40}(?:名单|人选)(?:（[^（）]{1,8}）)?(?:[，。；]|$))|审议表决|审查表决|酝酿|确定(?=了)|通过(?=[^，。；方]{2,60}(?:决定|决议|名单|办法|方案|事项|规定|要点|议程|人选|条例|草案|报告)(?:[（(]|[，。；]|$))|交流(?=了)|决定(?=人事|任命|任免|接受|免去|召开)|宣读|评议|测评|票决|推选出|推定(?=了)|推选产生|推选(?=了)|决定(?=了)|选举产生|选举(?=[^，。；]{2,30}(?:主席团|秘书长|为))|表决|原则通过|原则同意|通过(?=了)|安排|分析研判|分析|重温|领学|汇报|会诊|协商|调度(?!会|中心|员|指挥|室)"
)
_FURTHER = "表决(?!通过)|确定|协商|原则通过|原则同意|表决通过|审议通过|讨论通过|一致通过|一致同意|原则性通过|原则上同意|原则上通过|通过|同意|审议|研究|学习|部署|讨论|贯彻(?!落实意见|意见|措施|举措)|决定(?=了?(?:召开|人事|任命|接受))|分析|评议|传达|安排|审查|听取|落实|审定|解读"
# 传达学习了学习贯彻…精神: behind 了 a verb goes on only where it is joined
VERB = re.compile(
    rf"(?:{_BASE})(?:了?(?:并|和|、|及|与|，并)(?:{_FURTHER})|(?:{_FURTHER})){{0,2}}了?"
)
"""The verb of an agenda item: 听取, 审议并原则通过, 传达学习."""

_DECISION = re.compile(r"(?:一致|表决|原则上?|原则性|全票)?(?:通过|同意|批准)")
SUBJECT_WORDS = r"(?:(?:本次|此次|这次)?(?:会议|大会|会上|会前|会中|[\u4e00-\u9fff]{0,6}?(?:常务会议|党组会议|常委会会议|主任会议|主席会议|全体会议|工作会议|全会|常委会|党组|学习会))|与会(?:人员|同志|领导|委员)|(?:[区县市旗]委|党组|党工委)?(?:理论学习)?中心组(?:各位)?成员|大家|全体(?:人员|与会人员|党组成员)|会议(?:首先|先后|随后))"
_ADVERBS = r"(?:首先|继续|还|并|先后|随后|接着|然后|一致|集体(?!学习)|集中(?!学习)|专题(?!学习)|认真|共同|分别|一并|同时|现场|书面|逐项|逐一|深入|再次|最后|一是|二是|三是|四是|五是|、|就此|又|也|全面|依次|重点|在听取|组织(?:与会人员|常委会组成人员|全体(?:与会人员|成员|党组成员)|大家)?|进行了|紧急|举手|经?无记名投票|投票|以[^，。以]{2,8}(?:方式|形式))"
# 研究生, 学习会, 讨论稿 are nouns; 研究生态保护, 学习会议精神 are not
_NO_VERB = r"(?!的|结果|(?:表决)?通过的|现场|过程|环节|期间|型|班(?!子)|室|稿|会(?!议|展|计|商)|生(?!态|产|活|育|物|猪|鲜|效)|员(?!工)|院|所(?!有|需|在|提))"
OPENS = re.compile(
    rf"\s{{0,4}}(?P<first>(?:首先|接着|随后|其次|最后|经(?:会议)?(?:审议|研究|讨论))，)?(?P<who>{SUBJECT_WORDS})?(?:(?<=[上前])，)?\s?{_ADVERBS}{{0,4}}(?P<verb>{VERB.pattern}){_NO_VERB}"
)
# ——会议听取了…, ●会议…, 【学习】会议…
BULLET = re.compile(
    r"\s{0,6}(?:[—●◆▲■★◎○]{1,2}|【[^【】]{2,10}】)\s{0,3}(?=会议|审议|听取|传达|研究|学习|讨论)"
)
ENUMERATOR = re.compile(
    r"\s{0,6}(?:[（(]?[一二三四五六七八九十]{1,3}[）)]?[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,3}[、.．](?!\d)|[（(]\d{1,3}[）)]|议题[一二三四五六七八九十\d]{1,3}(?:[：:、]|\s(?=关于|审议|听取|研究|传达|学习)))\s{0,3}"
)
# nothing is named: 研究部署相关工作, 审议有关事项, 研究我区贯彻落实意见
_EMPTY_SUBJECT = re.compile(
    r"(?:[省市区县旗]、){1,3}[省市区县旗]?委?(?:有关|相关)?会议精神|(?![省区县市旗](?:委|政府|政协|人大)工作会议精神)(?:了)?(?:推进(?!情况))?(?:[我全][区县市旗]|\S{2,4}(?:[区县旗]|(?<!城)市)|(?:[区县市旗](?:政府|委|人大|政协)|政府)(?:系统|党组)?)?(?:其他|其它|以下|下列|如下|相关|有关|具体|近期|当前|重点|推进(?!情况)|下步|下一步|下一阶段|下阶段|打算|工作|会议|部分|系列|若干|上级|贯彻|落实|提请|及){0,6}"
    r"(?:初步)?(?:贯彻)?(?:落实)?(?:工作|事项|事宜|议题|意见|措施|举措|文件|文件精神|会议精神|问题|内容|提请事项|任务|发言|讨论|汇报|情况|落实|精神)?(?:等)?(?:工作|事项)?"
    r"|(?:了)?(?:\d{1,2}|[一二三四五六七八九十两]{1,3})[项个件份](?:工作|情况)?(?:汇报|报告|文件|议题|事项|方案|内容)"
)
CLOSER = re.compile(
    r"还(?:听取|审议|研究|讨论|通报|学习|安排|部署)[^，。《]{0,8}?(?:了)?(?:其他|其它|(?:有关|相关)(?!人事|干部|任免)|等)"
)
_REPORT = r"(?:审查结果|执法检查|补充|评议|专题|综合|专项|调研|调查|审查|视察|检查|工作|情况|书面|初步|口头|有关)?(?:汇报|报告|通报|说明|介绍|意见和建议|意见建议)"
_REPORT_OF = re.compile(
    rf"(?:(?:(?<!作)|(?<=工作)|(?<=合作)|(?<=运作))的(?:情况|工作)?{_REPORT}|(?<=情况)(?:的)?{_REPORT}|(?<=工作)(?:的)?(?:专题)?(?:汇报|通报)|(?<=进展)(?:汇报|报告|通报))$"
)
_WHEN_HEARD = re.compile(r"(?<=[告报绍])(?:之?后|时)$")  # 听取X汇报后，甲强调
_OPINIONS = re.compile(r"的意见(?:和)?建议$")  # 听取专家的意见建议 says no more of the matter
_WHO_ON = re.compile(r"^(?P<who>[^《》，]{1,40}?)(?:就|关于)(?P<about>.{2,})$")
# 区人社局2022年度公开招聘情况: a bureau of the place itself, then the matter
_BUREAU_ON = re.compile(
    r"^(?P<who>[区县市旗州][\u4e00-\u9fff]{1,8}?(?:局|中心|集团|公司|(?:改|建|健|信|纪|监|教)委))(?![长势面部、和及])(?P<about>[^、].{5,})$"
)
# 审议区财政局《A》: a bureau, then its document
_BUREAUS_OWN = re.compile(
    r"^(?P<who>[区县市旗州][\u4e00-\u9fff]{1,8}?(?:局|(?:改|建|健|信|教)委))(?P<about>《.{2,})$"
)
# 区财政局局长甲所作的预算执行情况
_GIVEN_BY = re.compile(
    r"^(?P<who>[^《》，]{2,40}?)(?:受[^，。《》]{2,12}委托)?所?作的(?:关于)?(?P<about>.{2,})$"
)
REPORTER = re.compile(
    r"(?:局|委|办|部|中心|街道|镇|乡|公司|院|政府|组|单位|部门|处|队|室|站|联|社|团|会|指|指挥部|法院|检察院|负责人|负责同志)$"
)
_ORGAN_ONLY = re.compile(r"^[^《》]{1,12}(?:局|委|办|街道|镇|乡|公司|院|单位|部门)$")
_TAIL = re.compile(
    r"等$|等(?:有关|相关|其他|其它|\d{1,2}个?项?|[一二三四五六七八九十]{1,2}个?项?)?(?:事项|议题|事宜|问题|内容|议案|文件|材料|方案|制度|办法)$"
)
# 县委办公室提交的《A》: the document is the matter
HANDED_IN = re.compile(
    r"^[^《》，。]{2,20}(?:提交|提请审议|报送|起草|拟定|提请|呈报|制定|拟订|提出)的(?=《)"
)
_NUMBER_ASIDE = re.compile(r"(?<=》)[（(][^（）()]{2,16}[〔\[]\d{4}[〕\]]\d{1,4}号[）)]$")
_AFTER_TITLES = re.compile(
    r"(?<=》)(?:等)?(?:\d{1,2}|[一二三四五六七八九十两]{1,2})?[个项件]?(?:文件|议题|事项|议案|方案|制度|通知|讲话)?$"
)
REPORT_ENDS = re.compile(
    r"的?(?:情况)?(?:报告|汇报|决定|决议|议案|方案|通知|意见|说明)(?:（[^（）]{1,8}）)?$"
)
TURNS = (
    r"(?:进行|开展|作|作出|做|做出|逐项|逐一)(?:了)?(?:专题|全面|再|深入|深刻|具体|认真|详细|周密|集中|满意度|投票)?的?"
    r"(?P<verb>安排部署|研究部署|部署安排|部署|安排|协商讨论|协商|研究|讨论|学习|审议|通报|解读|总结|测评|评议|表决|票决|说明)\s{0,2}$"
)
# 并就贯彻落实国发〔2022〕19号文件作出安排 | 会议对防汛工作进行了部署
TURNED = re.compile(
    rf"\s{{0,4}}(?P<who>{SUBJECT_WORDS})?(?:还|并|同时|也){{0,2}}(?:就|对)(?P<about>[^，。；]{{2,160}}?)"
    rf"{TURNS}"
)
MEETING_FIRST = re.compile(rf"\s{{0,4}}(?P<who>{SUBJECT_WORDS})")
# verbs that are no nouns: an item in a later clause of a sentence needs one of them
_FIRM = re.compile(r"听取|审议|传达|学习|表决|通报|研究|部署|决定")
# 会议指出，… holds no items, whatever its later clauses begin with
_LEADS_AT_ONCE = re.compile(
    r"\s{0,4}[^，。；]{0,24}?(?:指出|强调|要求|认为|明确|建议|议定|提出)[，：:]"
)
_THEN_ONLY = re.compile(r"\s{0,4}(?:随后|接着|最后|首先|其次|会上|其间|期间|此外|同时)")
# 五年来，区人大…听取和审议工作报告113个: not on this meeting
_LOOKS_BACK = re.compile(
    r"\s{0,4}(?:[一二三四五几近多\d]{1,3}年(?:多)?来|过去|近年来|(?:今|去)年以?来?，|去年)"
)
# 会议以举手表决的方式，通过了…
_BY_VOTE = re.compile(r"(?:以|经|采取|采用)[^，]{0,12}(?:方式|形式|表决|投票)$")
WHEN = re.compile(r"(?:时|后|之后|中|之际|的基础上)$")


@dataclass(slots=True)
class StatementDraft:
    """A statement being read; ``end`` grows with its sentences."""

    lead: Clip
    text: Clip
    speaker: Clip | None
    rule: str
    topic: str = ""  # 就X工作，会议强调: what is said to be spoken on

    @property
    def words(self) -> str:
        """The words that tell what it is on."""
        return self.topic + self.text.text[:200]


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
    heading: bool = False  # 一、审议《A》 above the paragraphs that tell of it
    taken_up: int = -1  # the paragraph that takes up a heading, or says what was decided

    @property
    def paragraph(self) -> int:
        """The last paragraph that tells of the item itself."""
        return max(self.verb.paragraph, self.taken_up)


_TURN_ENDS = (
    *(
        "部署",
        "安排",
        "协商",
        "研究",
        "讨论",
        "学习",
        "审议",
        "通报",
        "解读",
        "总结",
        "测评",
        "评议",
        "表决",
        "票决",
        "说明",
    ),
    " ",
)


def ends_turned(clause: Clip) -> bool:
    """Whether a clause ends as 对X作了部署 does: asked first, since few do."""
    return clause.line.endswith(_TURN_ENDS, clause.start, clause.end)


def turned_in(clause: Clip) -> re.Match[str] | None:
    """就X作出安排, 会议对X进行了审议: the parts of a clause that names its matter before its verb."""
    return TURNED.match(clause.line, clause.start, clause.end) if ends_turned(clause) else None


def mark_of(sentence: Clip) -> re.Match[str] | None:
    """一、 or ● at the head of a paragraph."""
    at = sentence.line, sentence.start, sentence.end
    return ENUMERATOR.match(*at) or BULLET.match(*at)


def behind_then(sentence: Clip) -> Iterator[Clip]:
    """The clauses of a sentence, without 随后 or 最后 at its head."""
    told = clauses(sentence)
    for clause in told:
        if not _THEN_ONLY.fullmatch(clause.line, clause.start, clause.end):
            yield clause
            break
    yield from told


def meeting_in(clause: Clip) -> Clip | None:
    """The words for the meeting at the start of a clause: 会议, 与会人员."""
    m = MEETING_FIRST.match(clause.line, clause.start, clause.end)
    return clause.part(*m.span("who")) if m else None


def lists_matters(body: Clip, *, fresh: bool, at_start: bool) -> bool:
    """Whether a sentence lists items: 会议听取了…, and where nothing is open also 听取了….

    会议以…形式，深入学习… names its item in a later clause.
    """
    opens = OPENS.match(body.line, body.start, body.end)
    if opens:
        return bool(opens["who"]) or fresh
    first = next(behind_then(body), body)
    turned = turned_in(first)
    if turned and turned["who"]:
        return True
    if (
        _LOOKS_BACK.match(body.text)
        or not ((fresh and at_start) or MEETING_FIRST.match(body.text))
        or _LEADS_AT_ONCE.match(body.text)
    ):
        return False
    voted = bool(_BY_VOTE.search(first.text))
    later = [
        OPENS.match(c.line, c.start, c.end)
        for c in [*clauses(body)][1:6]
        if c.line[c.start - 1] not in "：:"
    ]
    return any(m and (voted or _FIRM.search(m["verb"])) for m in later)


# 听取了甲情况汇报并确定了乙名单
_AND_THEN = re.compile(
    r"(?:(?<=[汇通]报)|(?<=报告)|(?<=精神)|(?<=情况)|(?<=》))并(?="
    r"(?:指出|强调|要求)$|(?:作|进行)了?(?:解读|说明|审议|讨论|研究|表决|评议|测评|交流)$"
    r"|(?:表决|审议|讨论|研究)?(?:确定|通过|审议|研究|讨论|听取|部署|安排)(?:了|关于|[^，。；了]{6,}))"
)


def _pieces(sentence: Clip) -> Iterator[Clip]:
    """The clauses; behind a report heard, 并 and a further verb begin another."""
    for clause in clauses(sentence):
        may = clause.line.find("并", clause.start, clause.end) >= 0
        joint = _AND_THEN.search(clause.line, clause.start, clause.end) if may else None
        if joint is None:
            yield clause
            continue
        yield clause.part(clause.start, joint.start())
        yield clause.part(joint.end(), clause.end)


def whole_matters(sentence: Clip) -> list[Clip]:
    """The clauses, where 听取了关于甲，乙情况的报告 is one."""
    found: list[Clip] = []
    for clause in _pieces(sentence):
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


def read_item(clause: Clip, m: re.Match[str], about: Clip | None = None) -> ItemDraft | None:
    """The item that a clause opening with an agenda verb names; None where it names nothing.

    *about* is the object where the clause has several.
    """
    verb = clause.part(*m.span("verb"))
    text = verb.text.rstrip("了")
    verb = verb.part(verb.start, verb.start + len(text))
    rest = about or clause.part(m.end("verb"), clause.end)
    rest = rest.part(rest.start + (rest.text.startswith("了")), rest.end)
    subject, speaker = read_subject(rest, report=hears(verb))
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


def names_nothing(words: str) -> bool:
    """Whether words are no matter: 其他事项, 相关工作."""
    return len(words) <= 30 and bool(_EMPTY_SUBJECT.fullmatch(words))


def hears(verb: Clip) -> bool:
    """Whether the verb is one of hearing, whose object is a report."""
    return verb.text.startswith(("听取", "通报", "汇报"))


def read_subject(clip: Clip, *, report: bool) -> tuple[Clip | None, Clip | None]:
    """The matter in the object of an agenda verb, and who reported it."""
    clip = trim(clip)
    speaker: Clip | None = None
    text = clip.text
    if names_nothing(text):
        return None, None
    end = clip.end
    when = _WHEN_HEARD.search(text)
    if when:
        clip = clip.part(clip.start, clip.start + when.start())
        text = clip.text
    reported = None if _OPINIONS.search(text) and "关于" not in text else _REPORT_OF.search(text)
    if (
        reported
        and not text.endswith("》")
        and (report or text.startswith("关于") or "关于" in text)
    ):
        end = clip.start + reported.start()
    tail = _TAIL.search(text[: end - clip.start]) or _AFTER_TITLES.search(text[: end - clip.start])
    if tail:
        end = clip.start + tail.start()
    aside = _NUMBER_ASIDE.search(text[: end - clip.start])
    if aside:
        end = clip.start + aside.start()
    start = clip.start
    if report or (reported and end < clip.end) or _BUREAUS_OWN.match(clip.line[start:end]):
        words = clip.line[start:end]
        who = _GIVEN_BY.match(words) or _WHO_ON.match(words) or _BUREAU_ON.match(words)
        who = who or _BUREAUS_OWN.match(words)
        named = trim(clip.part(start, start + who.end("who"))) if who else None
        if who and named and (speaker := _reporter(named) or _on_behalf(named, words)):
            start += who.start("about")
    handed = HANDED_IN.match(clip.line[start:end])
    start += handed.end() if handed else 0
    if clip.line[start:end].startswith("关于") and (reported or "《" not in text):
        start += 2
    found = trim(clip.part(start, end))
    if found.text.endswith("的") and len(found.text) > 3:
        found = found.part(found.start, found.end - 1)
    if reported and end < clip.end and speaker is None and _only_who(found):
        return None, None  # 听取了区教育局的汇报: who, but not on what
    if len(found.text) < 2 or _EMPTY_SUBJECT.fullmatch(found.text):
        return None, None
    return found, speaker


def _on_behalf(named: Clip, words: str) -> Clip | None:
    """甲关于X, 甲受区委常委会委托所作的工作报告: somebody by the name alone."""
    name = named.part(named.start, named.start + len(named.text.removesuffix("同志")))
    return name if is_name(name.text, strict="委托" not in words) else None


def _only_who(found: Clip) -> bool:
    if len(found.text) >= 24 or found.text.endswith(("情况", "工作", "进展")):
        return False
    person = read_official(found)
    return bool(_ORGAN_ONLY.search(found.text)) or bool(person and person.titles)


def _reporter(named: Clip) -> Clip | None:
    """Who reports: a bureau, or the person of 秘书长甲关于…; None for other words before 关于."""
    if REPORTER.search(named.text):
        return named
    person = read_official(named)
    return person.name if person and person.titles else None
