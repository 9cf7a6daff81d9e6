"""Names of meetings in a text: where one is convened, of which body, of which kind, under which number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.parse.dates import DATE, TIME_OF_DAY
from pipeline.parse.kinds import kind_of
from pipeline.parse.names import read_official
from pipeline.parse.ordinals import FoundOrdinal, find_ordinals
from pipeline.parse.text import Clip, enclosed
from pipeline.records import Body

# an end of a meeting's name; 会议室, 会议精神, 会议纪要 name something else
_END = re.compile(
    r"(?:会议(?!各(?:讨论|代表|小)[组团]|室|精神|纪要|上(?!午)|期间|要求|强调|指出|认为|决定|通过|审议|听取|主持|议程|议题|材料|记录|地点|时间|内容|代表|厅|中心|的)"
    r"|(?:常务|党组|办公|专题|碰头|交办|推进|座谈|调度|动员|部署|联席|现场|汇报|协商|总结|表彰|培训|启动|视频|分析|研判|例|大|全|全体|工作|主任|主席|党委|人代|党代|研讨|学习|会商|务虚|约谈|督办|点评|恳谈|述职|评议|反馈|民主生活|组织生活)会(?!议|堂|主|员|场|上|长|党组|常|第|精神|期间|的)"
    r"|(?:常委|党委|全体|常务|党组|主席|主任|办公|工作|专题|学习|研讨|编委)(?:[（(]扩大[）)]|扩大)会(?!议)"
    r"|常委会(?!议|会议|第|主任|副主任|党组|常|机关|委员|组成|办公|工作|\s?[（(]扩大|扩大|[一二三四五六七八九十\d])"
    r"|中心组(?:集体|集中|专题)?(?:学习|研讨)(?!会|（扩大）会|的|精神)|(?:集中|集体|专题)学习(?:研讨)?(?!研讨|会|了|《|习近平|贯彻|（扩大）会|\(扩大\)会|的|精神|扩大))"
)
_CONVENE = re.compile(
    r"(?:继续|接着|随后|又|再次|分别|依次|套开|组织|主持)?(?:主持)?(?:组织)?(?:召开|举行|举办|开幕|闭幕|开展(?=[^，。]{0,10}(?:集体|集中|专题)?学习))(?!的|前|后|时|以来|期间|过|情况|地点|时间|次数)了?"
)
_BODIES: tuple[tuple[Body, str], ...] = (
    ("人大", "人大|人民代表大会"),
    ("政协", "政协|政治协商会议"),
    (
        "政府",
        "政府|[区县市旗]长(?:办公|专题|碰头)|管委会",
    ),
    (
        "党委",
        "[区县市旗州省]委(?!员|组织部|宣传部|统战部|政法委|办)|[区县市旗州省]委(?:组织部|宣传部|统战部|政法委|办)|党委|党工委|中共|共产党|深改|深化改革委员会|[镇乡]党委|党代会",
    ),
    # 县安委会全体会议, 市防汛抗旱指挥部调度会: organs of several bodies
    ("其他", r"安委会|安全生产委员会|食安委|指挥部|(?<!^)领导小组|河长制"),
)
_BODY = re.compile("|".join(f"(?P<b{i}>{words})" for i, (_, words) in enumerate(_BODIES)))
# whose such a meeting is where no body is named: 管委会 holds a 主任办公会议, too
_BODY_OF_KIND: tuple[tuple[re.Pattern[str], Body], ...] = (
    (re.compile("主任会议"), "人大"),
    (re.compile("主席会议"), "政协"),
    (re.compile("常务会"), "政府"),
)
_BY = re.compile(r"由[^，。由]{2,40}$")  # …常务会议由区长甲主持召开
_AT = re.compile(r"在[^，。在]{2,30}$")  # 在区政府三楼会议室召开
# …会议于2022年11月29日至30日召开
_DAY_BEHIND = re.compile(
    r"(?<=会议)(?:于)?(?:\d{4}年)?(?:\d{1,2}月\d{1,2}日?|\d{1,2}日?)(?:(?:至|—|-)(?:\d{1,2}月)?\d{1,2}日)?"
    r"(?:上午|下午|晚上|晚)?(?:\d{1,2}(?:[:：]\d{2}|[时点](?:半|\d{1,2}分)?))?$"
)
_JOINT_ORGAN = re.compile(r"领导小组|委员会|指挥部|主席团|中心组")
_TITLE_END = re.compile(r"会议(?=纪要|简报|召开|情况|$|\s|[—-]|[（(]20\d{2}年第)")
_NUMBER_BEHIND = re.compile(r"(?:纪要|简报)?\s?[（(]第[^（）()]{1,8}次[）)]")  # …会议纪要（第61次）
_OF_ALL = re.compile(r"\s?全[区县市旗镇乡](?:领导)?干部")  # 余湖召开全区领导干部会议
_OURS = re.compile(r"我[区县市旗](?:立即|随即|及时|迅速|马上|接着|继续|同步)?$")  # 我县立即召开会议
_COUNTED = re.compile(r"[一二三四五六七八九十百多\d]{1,6}[余多]?[次场]")  # 召开协商会议四十余次
_GOES_ON = re.compile(
    r"[（(]?(?:之?前[，夕]|精神|部署|纪要|通知|决定|室|要求|方案|有关|的|必须|应|须|一般)"
)
_JOIN = re.compile(r"\s?(?:暨|和|及|、|以及|与|并)\s?")
_ASIDE = re.compile(r"\s?[（(][^（）()]{2,120}[）)]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """A meeting as a sentence names it: its name, and what the name says."""

    name: Clip
    verb: Clip  # 召开
    subject: Clip  # what stands before the verb, from the start of its clause
    body: Body | None
    kind: str
    ordinals: tuple[FoundOrdinal, ...]
    rule: str
    told_from: int | None = None  # where the sentence begins to tell of it, if before its name


def find_gatherings(sentence: Clip) -> list[Gathering]:
    """The meetings that a sentence says were held; none for 召开的…会议 and 会议精神."""
    mere: list[Gathering] = []
    for verb in _CONVENE.finditer(sentence.line, sentence.start, sentence.end):
        head = _clause_start(sentence, verb.start())
        at = sentence.part(*verb.span())
        subject = sentence.part(head, verb.start())
        if _referred(subject.text) or _quoted(sentence.line, verb.start()):
            continue
        made = list(_names(sentence.part(verb.end(), sentence.end), at, subject))
        made = made or list(_name_before(subject, at)) or _closed(sentence, at, head)
        if made and _ABOVE.match(made[0].name.text):
            continue
        if made and mere:
            return [replace(x, told_from=mere[0].name.end) for x in made]
        if made and (made[0].kind != "会议" or made[0].ordinals or len(made) > 1):
            return [*made, *_then(sentence.part(made[-1].name.end, sentence.end))]
        mere = mere or made  # 主持召开会议，…，并主持召开第131次常务会议
    return mere or _attended(sentence)


# 区第九届人民代表大会第四次会议圆满完成各项议程，在区文化中心胜利闭幕
_DONE = re.compile(
    r"(?:在)?(?:圆满|胜利|顺利)?(?:完成|结束)了?(?:大会)?(?:各项|全部|预定)?(?:议程|任务)[^，。]{0,4}$"
)


def _closed(sentence: Clip, verb: Clip, head: int) -> list[Gathering]:
    """The session that a clause before 闭幕 names."""
    if "闭幕" not in verb.text or head <= sentence.start:
        return []
    start = _clause_start(sentence, head - 1)
    done = _DONE.search(sentence.line, start, head - 1)
    return list(_name_before(sentence.part(start, done.start()), verb)) if done else []


# 区委书记甲出席全区教育大会并讲话: of the place itself, not of the province or city above it
_ATTENDED = re.compile(
    r"出席了?(?=(?:(?:20\d\d年)?(?:全[区县旗]|[区县旗]委|[区县旗]政府)[^，。；]{2,30}?(?:会议|会))并(?:作|发表)?[^，。；]{0,4}讲话)"
)


def _attended(sentence: Clip) -> list[Gathering]:
    """The meeting of which is only told who spoke on it."""
    verb = _ATTENDED.search(sentence.line, sentence.start, sentence.end)
    if verb is None or _quoted(sentence.line, verb.start()):
        return []
    at = sentence.part(*verb.span())
    subject = sentence.part(verb.start(), verb.start())
    made = list(_names(sentence.part(verb.end(), sentence.end), at, subject))
    return [replace(x, rule="spoken-on") for x in made if x.kind != "会议"]


# 将于1月16日召开, 经…召开, 要定期召开: a meeting to come, or of others
_YET_TO_COME = re.compile(
    r"(?:将|即将|拟|定于|将于|计划|准备|筹备|要|应|需|适时|定期|及时|每[年月周季日][^，]{0,6}|建议|关于|通知|经)\s?$"
)
# 召开区政府党组会议，随后召开区政府常务会议
# …常务会议；下午，又主持召开…
_THEN = re.compile(
    r"[，；](?:并|随后|接着|紧接着|会后|之后|同时|又|(?:当[天日]|同日)?(?:上午|下午|晚上?)，?又?)"
    r"[^，。；]{0,12}?(?P<verb>召开)了?"
)


def _then(rest: Clip) -> list[Gathering]:
    """The meeting that the same sentence says was held behind the first."""
    m = _THEN.match(rest.line, rest.start, rest.end) or _THEN.search(
        rest.line, rest.start, min(rest.end, rest.start + 40)
    )
    if m is None:
        return []
    verb, subject = rest.part(*m.span("verb")), rest.part(m.start(), m.start())
    return [x for x in _names(rest.part(m.end(), rest.end), verb, subject) if x.kind != "会议"]


_SET_FOR = re.compile(r"定于|拟于|将于|兹定|(?:今天|现在)，?我们")


def _quoted(line: str, at: int) -> bool:
    """Whether the words are somebody's: “镇里召开动员大会，我第一个报名。”."""
    return any(low < at < high and line[low] == "“" for low, high in enclosed(line))


# 全国安全生产电视电话会议召开: held above the district, which only listened
_ABOVE = re.compile(
    r"\s?(?:全国|全省|全自治区|国务院|中央(?!商务区)|省委|省政府|自治区(?:党委|政府))"
)


def _referred(before: str) -> bool:
    """Whether what stands before 召开 says that the meeting is yet to come or belongs elsewhere."""
    return bool(_YET_TO_COME.search(before[-12:])) or bool(_SET_FOR.search(before))


def _names(after: Clip, verb: Clip, subject: Clip) -> Iterator[Gathering]:
    """召开区政府党组会议和常务会议: the names behind the verb."""
    start, first = after.start, True
    while True:
        stop = _comma(after, start)
        end = _END.search(after.line, start, stop)
        if end is None or _foreign(after.line, end.end(), after.end):
            return
        longer = _END.search(after.line, end.end(), stop)
        if longer and longer.start() - end.end() <= 4 and not _JOIN.match(after.line, end.end()):
            end = longer  # 村民大会工作部署会 is one name
        name = after.part(start, end.end())
        kind = kind_of(name.text)
        if kind is None or (kind == "会议" and not _certain(name, verb, subject)):
            return
        found = _gathering(name, verb, subject, kind, "convened-behind" if first else "joined")
        yield found
        start = end.end()
        aside = _ASIDE.match(after.line, start, after.end)
        if aside:
            start = aside.end()
        join = _JOIN.match(after.line, start, after.end)
        if join is None:
            return
        start, first = join.end(), False


def _name_before(subject: Clip, verb: Clip) -> Iterator[Gathering]:
    """区政府第49次常务会议（在…）召开: the names before the verb."""
    tail = _BY.search(subject.text) or _AT.search(subject.text)
    end = subject.start + tail.start() if tail else subject.end
    day = _DAY_BEHIND.search(subject.line[subject.start : end])
    end = subject.start + day.start() if day else end
    name = subject.part(subject.start, end)
    ends = list(_END.finditer(name.line, name.start, name.end))
    if not ends or name.line[ends[-1].end() : name.end].strip(
        " 　顺利隆重圆满成功今天日下上午晚如期也正式先后"
    ) not in ("",):
        aside = _ASIDE.match(name.line, ends[-1].end(), name.end) if ends else None
        if aside is None or aside.end() != name.end:
            return
    start = name.start
    for m in ends:
        kind = kind_of(name.line[start : m.end()])
        inner = m is not ends[-1] and not _JOIN.match(name.line, m.end(), name.end)
        if kind is None or inner:
            continue  # …第四次会议预备会议 is one name
        rule = "convened-before" if start == name.start else "joined"
        yield _gathering(name.part(start, m.end()), verb, subject.part(start, start), kind, rule)
        join = _JOIN.match(name.line, m.end(), name.end)
        if join is None:
            return
        start = join.end()


def _certain(name: Clip, verb: Clip, subject: Clip) -> bool:
    """Whether a mere 会议 is one of this report: presided over, numbered, or of a named body."""
    return (
        "主持" in verb.text
        or bool(find_ordinals(name.line, name.start, name.end))
        or (body_of(name.text) or _body_of_kind(name.text)) is not None
        or body_of(_organ(subject)) is not None
        or bool(_JOINT_ORGAN.search(_organ(subject)))
        or bool(_OURS.search(subject.text) or _OF_ALL.match(name.text))
    )


def name_in_title(title: Clip) -> list[Gathering]:
    """The meetings that a title names: 区政府第49次常务会议召开, …常务会议纪要."""
    found = find_gatherings(title)
    if found:
        return found
    end = _TITLE_END.search(title.text)
    if end is None:
        return []
    name = title.part(title.start, title.start + end.end())
    kind = kind_of(name.text)
    if kind in (None, "会议"):
        return []
    empty = title.part(title.start, title.start)
    made = _gathering(name, empty, empty, kind or "", "named-in-title")
    behind = _NUMBER_BEHIND.match(title.line, name.end)
    if behind and not made.ordinals:
        numbers = find_ordinals(title.line, name.end, behind.end())
        made = replace(made, ordinals=tuple(numbers))
    return [made]


def body_of(words: str) -> Body | None:
    """The body whose name comes first in the words."""
    found = _BODY.search("".join(words.split()))
    if found is None:
        return None
    return next(body for i, (body, _) in enumerate(_BODIES) if found[f"b{i}"])


def _body_of_kind(name: str) -> Body | None:
    return next((body for words, body in _BODY_OF_KIND if words.search(name)), None)


def _gathering(name: Clip, verb: Clip, subject: Clip, kind: str, rule: str) -> Gathering:
    lead = len(name.text) - len(name.text.lstrip(" 　了"))
    name = name.part(name.start + lead, name.end)
    organ = "" if "主持" in verb.text else _organ(subject)
    if organ and kind in _BY_ORGAN:
        kind = kind_of(organ + name.text) or kind
        kind = "理论中心组" if _STUDY_GROUP.search(organ) else kind
    body = body_of(name.text) or body_of(organ) or _body_of_kind(name.text)
    ordinals = find_ordinals(name.line, name.start, name.end)
    aside = _ASIDE.match(name.line, name.end)
    # 十五届人大三次会议主席团第二次会议: the number behind the session's is the meeting's own
    while len(ordinals) > 1 and "会议" in name.line[ordinals[0].end : ordinals[1].start]:
        ordinals = ordinals[1:]
    if len(ordinals) == 1 and "会议各" in name.line[ordinals[0].end : name.end]:
        ordinals = []  # 六届四次会议各讨论组组长会议: the session's
    if ordinals and aside:
        ordinals += find_ordinals(name.line, aside.start(), aside.end())
    if "届" in organ and "次" not in organ and (not ordinals or ordinals[0].ordinal.term is None):
        ordinals = find_ordinals(name.line, subject.start, name.end) or ordinals
    return Gathering(
        name=name,
        verb=verb,
        subject=subject,
        body=body,
        kind=kind,
        ordinals=tuple(ordinals),
        rule=rule,
    )


_STUDY_GROUP = re.compile(r"中心组(?:$|围绕|就|以|聚焦)")
_BY_ORGAN = frozenset({"会议", "集中学习", "专题会议"})


def _organ(subject: Clip) -> str:
    """The organisation that convenes (区人大常委会党组), without a date before it; no person."""
    date = DATE.search(subject.line, subject.start, subject.end)
    clip = subject.part(date.end(), subject.end) if date else subject
    time = TIME_OF_DAY.match(clip.line, clip.start, clip.end)
    clip = clip.part(time.end(), clip.end) if time else clip
    place = _AT.search(clip.text)
    clip = clip.part(clip.start, clip.start + place.start()) if place else clip
    return "" if read_official(clip) else clip.text.strip()


_CLAUSE_MARK = re.compile(r"[，。；：;\n]|[,:](?!\d)")


def _clause_start(sentence: Clip, at: int) -> int:
    # 下午3:00在县剧院召开: a colon within a number parts no clauses
    ends = [m.end() for m in _CLAUSE_MARK.finditer(sentence.line, sentence.start, at)]
    return ends[-1] if ends else sentence.start


def _comma(clip: Clip, start: int) -> int:
    marks = [clip.line.find(c, start, clip.end) for c in "，。；：,;！\n"]
    return min((m for m in marks if m >= 0), default=clip.end)


def _foreign(line: str, at: int, end: int) -> bool:
    """Whether a meeting's name goes on as something else: …会议精神, …会议部署要求."""
    return bool(_COUNTED.match(line, at, end)) or bool(_GOES_ON.match(line, at, end))
