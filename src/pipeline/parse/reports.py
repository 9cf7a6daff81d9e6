"""Items told in other ways than 会议听取了X: by who reported, turned round, or listed behind the first."""

import re
from collections.abc import Callable

from pipeline.parse.matters import (
    OPENS,
    REPORTER,
    TURNS,
    VERB,
    WHEN,
    ItemDraft,
    ends_turned,
    hears,
    read_item,
    read_subject,
    turned_in,
)
from pipeline.parse.names import Person, read_official, trim
from pipeline.parse.text import Clip, enclosed

# …情况的报告、农工委关于…: where the next report begins
_NEXT_REPORT = re.compile(
    r"(?<=[^局委办部院心府组会司团道镇乡])(?:、|以及|及|和)(?=[^，。、《》]{2,16}?(?:局|委|办|部|院|中心|政府|组|会|公司|集团|街道|镇|乡)[^，。、《》]{0,10}?关于)"
    r"|(?<=[告报])\s?(?:、|以及|及|和)(?=[^，。、《》]{0,40}?关于)"
)
# 会上，副县长甲还对筹备工作进行了安排
_TURNED_BY = re.compile(
    r"\s{0,4}(?:会上|会议上|随后|接着)?(?P<who>[^，。；：]{2,40}?)(?:同志)?(?:还|并|同时|也){0,2}(?:就|对)(?P<about>[^，。；]{2,160}?)"
    rf"{TURNS}"
)
# 会上，区财政局局长甲通报了X
_REPORTED_BY = re.compile(
    r"\s{0,4}(?:(?:会上|会议上|会前|会中|会议开始前|随后|接着)，?)?(?P<who>[^，。；：]{2,40}?)(?:应邀)?(?:到会|(?:出席|列席|参加)(?:了)?会议)?(?:并)?(?:分别|集中|现场|在会上|首先|同志|逐一|逐个|依次|先后){0,2}(?P<verb>通报|汇报|传达学习|传达|解读|宣读|领学|讲解|介绍|汇报|作)了?(?P<about>[^，。；]{2,})"
)


# 区发改局汇报项目总体进展情况
_PROGRESS = re.compile(r"(?:情况|进展|工作)$")
_BUREAU = re.compile(
    r"[区县市旗镇乡][\u4e00-\u9fff]{0,10}(?:局|委|办|中心|部|镇|乡|街道|公司|集团)$"
)


def further_reports(clause: Clip, m: re.Match[str]) -> list[Clip]:
    """听取了甲局关于A的报告、乙局关于B的报告: the object of each report, where there are several."""
    if not hears(clause.part(*m.span("verb"))):
        return []
    closed = enclosed(clause.line)
    cuts = [
        x
        for x in _NEXT_REPORT.finditer(clause.line, m.end("verb"), clause.end)
        if not any(low <= x.start() < high for low, high in closed)
    ]
    # a bureau's own name may hold 和 (住房和城乡建设局): where reports end in 报告, they part there
    cuts = [x for x in cuts if clause.line[x.start() - 1] in "告报"] or cuts
    starts = [m.end("verb"), *(x.end() for x in cuts)]
    ends = [*(x.start() for x in cuts), clause.end]
    pieces = [clause.part(a, b) for a, b in zip(starts, ends, strict=True)]
    return pieces if cuts and all("关于" in x.text and len(x.text) > 6 for x in pieces) else []


def read_turned(clause: Clip, m: re.Match[str]) -> ItemDraft | None:
    """The item of 就X作出安排: the matter before its verb."""
    subject, _ = read_subject(clause.part(*m.span("about")), report=False)
    return ItemDraft(clause.part(*m.span("verb")), subject, "turned-clause") if subject else None


# 习近平总书记…精神 | 县政协…议程（草案） | 《A》: a document or words from above, without a verb of its own
_DOCUMENT_FIRST = re.compile(
    r"\s{0,3}(?:以及|及|和)?(?:《|习近平|党的|中央|中共|国务院|国家|中国|致|给|关于|全[国省市区县旗州]|[省市区县旗州](?:委|政府|人大|政协|纪委|级|[一二三四五六七八九十]|第)|政协|人大|\d|[一二三四五六七八九十]{1,3}届|第)"
)
_DOCUMENT_LAST = re.compile(
    r"(?:精神|讲话|批示|指示|意见|纲要|公报|决定|决议|方案|办法|规定|[贺回]信|名单|议程|报告人|贺[辞电]|文章|通知|文件|条例|情况|汇报|报告|》|(?:草案|稿)[）)])(?:等(?:精神|文件|情况)?)?$"
)
# 在湖东考察时的重要讲话精神 | 给特岗教师的回信: of him whose words stand before
_WORDS_OF = re.compile(
    r"\s?(?:在|对|向|给|致)[^，；]{2,60}(?:讲话|指示|批示|贺信|回信|贺词|致辞)(?:和?(?:批示|指示))?(?:精神)?"
)
_VERB_FIRST = re.compile(r"\s?(?:提出|提请|提交|推选|选举|决定|确定|指定|组织|邀请|宣布|举行)")
_ROLL_LAST = re.compile(r"(?:名单|决定|议程|日程)$")
_DRAFT_LAST = re.compile(r"[（(](?:草案|[\u4e00-\u9fff]{0,4}稿)[）)]")
_ACTS = re.compile(
    r"了(?!解)|(?:主持|出席|参加|列席)(?:会议|并|活动)|并(?!重)|要求|强调|指出|确保|推动|要(?!求|情|闻|点|讲|文|论|指)|将"
)


def more_of(item: ItemDraft, clause: Clip) -> bool:
    """Whether a clause names more of what the item before it is on: a document, no act."""
    words, before = clause.text, item.subject.line[item.subject.start : clause.start - 1]
    if words.lstrip().startswith("《"):
        return True
    if _VERB_FIRST.match(words) or _ACTS.search(words) or not _DOCUMENT_LAST.search(before):
        return False
    if _DRAFT_LAST.search(words) and _DRAFT_LAST.search(before):
        return True
    if _WORDS_OF.fullmatch(words) and _DOCUMENT_LAST.search(before):
        return True
    if _ROLL_LAST.search(words) and _ROLL_LAST.search(before):
        return True
    first = _DOCUMENT_FIRST.match(words) or clause.line[clause.start - 1] in "；;"
    return bool(first and _DOCUMENT_LAST.search(words))


def listed_further(item: ItemDraft, clause: Clip) -> ItemDraft | None:
    """听取了甲情况汇报；乙情况汇报: the next matter under the verb of the one before."""
    subject, speaker = read_subject(clause, report=hears(item.verb))
    if subject is None:
        return None
    return ItemDraft(item.verb, subject, "listed-further", speaker=speaker, decision=item.decision)


def also(item: ItemDraft) -> bool:
    """Whether an item is one beside those told before: 会议还审议了X."""
    return item.verb.line[: item.verb.start].endswith("还")


def read_report(clause: Clip, known: Callable[[str], bool] = lambda _: False) -> ItemDraft | None:
    """区财政局通报了X: the item of a clause that says who reported what.

    *known* tells whether a name without a title belongs to somebody of the text.
    """
    m = _REPORTED_BY.match(clause.line, clause.start, clause.end)
    if m is None or m["verb"] == "作":
        return _turned_by(clause, known)
    who = trim(clause.part(*m.span("who")))
    titled = _somebody(who, known)
    certain = clause.line[m.end("verb") : m.end("verb") + 1] == "了" or bool(
        _PROGRESS.search(clause.text) and _BUREAU.search(who.text)
    )
    if not titled and not (certain and (REPORTER.search(who.text) or who.text.startswith("各"))):
        return None
    about = clause.part(m.start("about") + (certain and m["about"].startswith("了")), clause.end)
    subject = read_subject(about, report=True)[0]
    if subject is None:
        return None
    verb = clause.part(*m.span("verb"))
    return ItemDraft(verb, subject, "reported-by", speaker=titled.name if titled else who)


def goes_on_reporting(clause: Clip, before: ItemDraft) -> ItemDraft | None:
    """乙传达了A，对B作了部署，组织讨论C: what else the one who reported *before* did."""
    opens = OPENS.match(clause.line, clause.start, clause.end)
    turned = turned_in(clause)
    named = (opens and opens["who"]) or (turned and turned["who"])
    if named or clause.line[clause.start - 1] not in "，；,;":
        return None
    item = read_turned(clause, turned) if turned else read_item(clause, opens) if opens else None
    if item:
        item.speaker, item.rule = before.speaker, "reported-by"
    return item


# 在听取X情况汇报后，甲指出
_AFTER = re.compile(rf"\s{{0,4}}在(?:认真|仔细)?(?P<verb>{VERB.pattern})")


def heard_when(clause: Clip) -> ItemDraft | None:
    """The item of a clause of time: 在听取X情况汇报后."""
    m = _AFTER.match(clause.line, clause.start, clause.end)
    if m is None or not WHEN.search(clause.text):
        return None
    end = clause.start + len(WHEN.sub("", clause.text))
    whole = clause.part(m.start("verb"), end)
    opens = OPENS.match(whole.line, whole.start, whole.end)
    return read_item(whole, opens) if opens else None


# 听取了区发改局局长甲的汇报
_ITS_REPORT = re.compile(r"的?(?:工作|情况|专题)?(?:汇报|报告|说明)$")


def heard_on(heading: Clip, clause: Clip, opens: re.Match[str]) -> ItemDraft | None:
    """关于X的议题, and below it 会议听取了甲的汇报: the matter of the heading, reported by 甲."""
    verb = clause.part(*opens.span("verb"))
    rest = clause.part(opens.end(), clause.end)
    report = _ITS_REPORT.search(rest.text)
    if not hears(verb) or report is None:
        return None
    verb = verb.part(verb.start, verb.start + len(verb.text.rstrip("了")))
    who = trim(rest.part(rest.start + rest.text.startswith("了"), rest.start + report.start()))
    person = read_official(who) if who.text else None
    named = person.name if person else who if REPORTER.search(who.text) else None
    return ItemDraft(verb, heading, "heading-then-heard", speaker=named)


# what somebody does alone, as 审议 and 通过 are done by the meeting
_TELLS = re.compile(r"通报|传达|解读|宣读|汇报|领学|部署|安排")


def carry_reporter(before: ItemDraft | None, item: ItemDraft) -> None:
    """首先，镇长甲传达了A，通报了B: the second is his, too."""
    told = item.rule in ("clause", "turned-clause") and _TELLS.match(item.verb.text)
    if before and before.rule == "reported-by" and told:
        item.speaker, item.rule = item.speaker or before.speaker, "reported-by"


def _turned_by(clause: Clip, known: Callable[[str], bool]) -> ItemDraft | None:
    """副县长甲对X进行了安排: the matter and who saw to it."""
    if not ends_turned(clause):
        return None
    m = _TURNED_BY.match(clause.line, clause.start, clause.end)
    somebody = _somebody(trim(clause.part(*m.span("who"))), known) if m else None
    if m is None or somebody is None:
        return None
    subject, _ = read_subject(clause.part(*m.span("about")), report=False)
    verb = clause.part(*m.span("verb"))
    return ItemDraft(verb, subject, "turned-by", speaker=somebody.name) if subject else None


def _somebody(who: Clip, known: Callable[[str], bool]) -> Person | None:
    """The person whom words name with a title, or by a name that the text knows."""
    person = read_official(who)
    if person and (person.titles or known(person.key)):
        return person
    return None
