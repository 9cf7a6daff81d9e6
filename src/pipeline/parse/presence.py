"""Who was there: the chair, the host where the chair only speaks, those attending and those without a vote."""

import re
from dataclasses import dataclass, field

from pipeline.parse.dates import DATE, TIME_OF_DAY
from pipeline.parse.names import Person, bare_name, is_titles, read_official, trim
from pipeline.parse.rosters import read_people
from pipeline.parse.text import Clip, clauses

# X主持召开 | X主持会议（并讲话） | X主持。 | X在…会议室主持召开
_PRESIDES = re.compile(
    r"(?:继续|集体)?主持(?:了)?(?=召开|举行|会议|区政府|县政府|并|本次|此次|[，。；\s]|$|[\u4e00-\u9fff]{0,20}会)"
)
_PRESIDES_HERE = re.compile(
    r"主持(?:了)?(?:本次|此次|第[一二三四五六]次)?(?:全体)?(?:会议|学习|(?:学习|座谈|推进|调度|部署|动员|协商|现场)会|全会|大会)?(?:并|[，。；]|$)"
)
_BY = re.compile(r"由(?P<who>[^，。；由]{2,60}?)(?:同志)?主持")
# 全会由区委常委会主持
_GROUP = re.compile(r"[\u4e00-\u9fff]{1,12}(?:常委会|主席团|常务委员会)")
_BETWEEN = (
    "在",
    "又",
    "还",
    "再次",
    "接着",
    "随即",
    "先后",
    "分别",
    "依次",
)  # 甲在主持…时强调, 甲又主持召开…
_AT = re.compile(r"(?:同志)?\s?(?:在[^，。在]{2,30}|(?:以|通过|采取)[^，。]{2,8}(?:方式|形式))$")
# X出席会议并讲话 | X讲话 | X出席并作重要讲话 | X在闭幕会上讲话
_SPEAKS = re.compile(
    r"(?:(?:出席|参加|到会)(?:了)?(?:会议|本次会议|此次会议|指导|开幕[式会]|闭幕[式会]|[^，。；]{2,40}?(?:会议|会)(?=并))?(?:并|、)?(?:作|发表)?|作|发表)(?:了)?(?:重要|总结|动员|工作)?讲话(?!精神|时|中)"
    r"|(?<=[\u4e00-\u9fff]{2})讲话(?=[，；。])"
    r"|在(?:(?:闭幕|开幕|大|全|[本此]次)?会(?:议)?|[开闭]幕式)上(?:作|发表)?了?(?:重要)?讲话"
)
_MEETING_WORDS = r"(?:了)?(?:本次|此次|今天的|上述|以上|两[个场次])?(?:会议|活动|(?:常务|主席|主任|党组|常委会|全体)(?:扩大)?会议|全会|[开闭]幕[会式]|(?:座谈|推进|调度|动员|部署|现场|汇报|协商|总结|表彰|启动|培训|专题|全体|工作|视频)会(?!议)|大会|学习研讨|集中学习|集体学习|学习|研讨|审议|讨论|会商)?(?:有关议题|相关议题)?"
# 应邀列席会议 | 列席
_SITS_IN = re.compile(rf"(?:应邀|分别|集体)?(?:列席|旁听){_MEETING_WORDS}(?:。|$|，|；|和|并)")
_ATTENDS = re.compile(
    rf"(?:(?:一同|共同|全部|全体|均|都|也|分别|应邀|一并|以[^，。以]{{2,10}}形式|在(?!家)[^，。在]{{1,14}}|通过[^，。]{{2,8}})\s?){{0,3}}"
    rf"(?:出席|参加|参会|与会){_MEETING_WORDS}(?:。|$|，|；|和|并)|应邀到会(?:。|$|，|；)"
)
# 出席会议的有… | 列席会议的还有：…
_LISTED = re.compile(
    r"^(?P<kind>(?:应邀)?(?:出席|参加|列席))(?:本次|此次)?(?:会议)?的(?:还|领导|人员|同志)?有?[：:]?"
)
_LABEL = re.compile(
    r"^\s{0,4}(?:(?P<out>列席(?:会议)?(?:人员|情况|领导|单位|同志)?)|(?P<in>(?:出席|参加|参会|与会|到会)(?:会议)?(?:人员|情况|领导|单位|同志)?))[：:]\s?"
)
_LISTED_WITHIN = re.compile(r"，(?=(?:出席|参加|列席)(?:了)?(?:本次|此次)?会议的(?:还)?有)")
_SECOND_LIST = re.compile(r"；(?=(?:应邀)?(?:出席|参加|列席)(?:本次|此次)?(?:会议)?(?:的|人员|：))")
_PRESENT = re.compile(r"出席|参加|列席|参会|与会|到会|旁听")
_ENTRUSTED = re.compile(r"(?P<who>[^，。]{4,60}?)受[^，。]{2,40}委托")
# 本报讯（记者 甲）区长乙
_OPENING = re.compile(r"[\u4e00-\u9fff]{1,8}讯\s{0,2}[（(][^（）()]{1,60}[）)]\s{0,2}")
_ON_BEHALF = re.compile(r"代表[区县市旗]委(?:常委会)?$")  # 书记甲代表区委常委会讲话
_CLOSE = re.compile(r"[）)]\s?")
_LEADING = re.compile(
    r"^\s{0,4}(?:会上|会议|当天|当日|随后|会后|会前|继续)?[，]?(?:还?(?:特别)?邀请了?)?"
)


@dataclass(slots=True)
class Presence:
    """What the sentences of one meeting say about people, while they are read."""

    chair: Person | None = None
    speaker: Person | None = None
    speaker_came: bool = False  # the words say 出席, not only 讲话
    attending: list[Person] = field(default_factory=list)
    nonvoting: list[Person] = field(default_factory=list)


def voice_of(presence: Presence) -> Clip | None:
    """The name of him whom 他 means: who presides, or speaks where a body presides."""
    presides, speaks = presence.chair, presence.speaker
    person = speaks if presides is None or presides.is_group else presides
    return person.name if person else None


def read_presiding(sentence: Clip, *, later: bool = False) -> Person | None:
    """Who presides after this sentence: ``区长甲主持召开…``, ``会议由甲主持``.

    *later*, behind the sentence that convenes, only of this meeting: 主持会议, not 主持召开….
    """
    if sentence.line.find("主持", sentence.start, sentence.end) < 0:
        return None
    by = _BY.search(sentence.line, sentence.start, sentence.end)
    if by:
        who = trim(sentence.part(*by.span("who")))
        if _GROUP.fullmatch(who.text):
            return Person(name=who, is_group=True, rule="group-presides")
        return read_official(who)
    for m in (_PRESIDES_HERE if later else _PRESIDES).finditer(
        sentence.line, sentence.start, sentence.end
    ):
        who = _before(sentence, m.start())
        if _GROUP.fullmatch(who.text):
            return Person(name=who, is_group=True, rule="group-presides")
        person = read_official(who) if who.text else None
        if person and not ("、" in who.text and _several(who)):
            return person
    return None


def _several(who: Clip) -> bool:
    """Whether more than one person is named: 书记甲、区长乙分别主持会议 says not who presides over which."""
    return sum(not p.is_group for p in read_people(who)) > 1


def read_speaking(sentence: Clip, into: Presence) -> None:
    """Note the first who is said to speak: ``区委书记甲出席会议并讲话``."""
    if into.speaker or sentence.line.find("讲话", sentence.start, sentence.end) < 0:
        return
    by_group = into.chair is not None and into.chair.is_group
    for m in _SPEAKS.finditer(sentence.line, sentence.start, sentence.end):
        if "主持" in sentence.line[max(sentence.start, m.start() - 8) : m.end()]:
            continue
        if m[0] == "讲话" and sentence.line[m.end()] == "。" and not by_group:
            continue  # 全会由县委常委会主持，书记甲讲话。 but not one more who spoke
        who = _before(sentence, m.start())
        behalf = _ON_BEHALF.search(who.text)
        who = who.part(who.start, who.start + behalf.start()) if behalf else who
        person = read_official(who) if who.text else None
        if person:
            into.speaker = person
            into.speaker_came = m[0].startswith(("出席", "参加", "到会"))
            return


def _before(sentence: Clip, at: int) -> Clip:
    """The words before *at* that can name a person: the clause, and clauses of titles before it."""
    start = max(
        [sentence.start, *(sentence.line.rfind(c, sentence.start, at) + 1 for c in "，。；：;\n】")]
    )
    if opening := _OPENING.match(sentence.line, start, at):
        start = opening.end()
    comma = start - 1
    before = max(
        [sentence.start, *(sentence.line.rfind(c, sentence.start, comma) + 1 for c in "，。；")]
    )
    if comma > before and sentence.line[comma] == "，" and is_titles(sentence.part(before, comma)):
        start = before  # 区委副书记、区长，区政府党组书记甲
    entrusted = _ENTRUSTED.fullmatch(sentence.line, before, comma) if comma > before else None
    between = sentence.line[start:at]
    if entrusted and (len(between) <= 2 or _AT.fullmatch(between)):
        start, at = before, entrusted.end("who")  # 副主任甲受主任乙委托，主持召开…
    while sentence.line[start:at].endswith(_BETWEEN):
        at -= 1 if sentence.line[at - 1] in "在又还" else 2
    clip = _without_time(sentence.part(start, at))
    by = _ENTRUSTED.fullmatch(clip.line, clip.start, clip.end)
    if by:
        clip = clip.part(clip.start, by.end("who"))  # 副书记甲受书记乙委托主持召开…
    place = _AT.search(clip.text)
    if place and clip.text[place.start() :].lstrip("同志 ").startswith(
        ("在", "以", "通过", "采取")
    ):
        clip = clip.part(clip.start, clip.start + place.start())
    lead = _LEADING.match(clip.text)
    if lead and lead.end() and lead[0].strip() not in ("", "会议"):
        clip = clip.part(clip.start + lead.end(), clip.end)
    return trim(clip)


def _without_time(clip: Clip) -> Clip:
    """The clip without a dateline, date and time of day at its start."""
    date = DATE.search(clip.line, clip.start, clip.end)
    if date and date.start() - clip.start <= 24:
        start = date.end()
        close = _CLOSE.match(clip.line, start, clip.end)
        start = close.end() if close else start
        time = TIME_OF_DAY.match(clip.line, start, clip.end)
        if (time.end() if time else start) == clip.end and date.start() - clip.start >= 4:
            return clip.part(clip.start, date.start())  # 区长甲1月20日主持召开…
        return clip.part(time.end() if time else start, clip.end)
    return clip


def read_attendance(sentence: Clip, into: Presence) -> bool:
    """Add those whom the sentence lists as attending or sitting in; True where it lists any."""
    if not _PRESENT.search(sentence.line, sentence.start, sentence.end):
        return False
    within = _LISTED_WITHIN.search(sentence.line, sentence.start, sentence.end)
    if within:
        # …主持召开推进会，参加会议的有甲、乙
        rest = sentence.part(within.end(), sentence.end)
        return read_attendance(rest, into)
    second = _SECOND_LIST.search(sentence.line, sentence.start, sentence.end)
    if second:
        # 出席会议的有甲；列席会议的有乙
        first = read_attendance(sentence.part(sentence.start, second.start()), into)
        return read_attendance(sentence.part(second.start() + 1, sentence.end), into) or first
    label = _LABEL.match(sentence.text)
    if label:
        listing = sentence.part(sentence.start + label.end(), _no_stop(sentence))
        people = read_people(listing, labelled=True)
        _add(into.nonvoting if label["out"] else into.attending, people)
        return bool(people)
    listed = _LISTED.match(sentence.text.lstrip())
    if listed:
        lead = len(sentence.text) - len(sentence.text.lstrip())
        listing = sentence.part(sentence.start + lead + listed.end(), _no_stop(sentence))
        people = read_people(listing, labelled=True)
        _add(into.nonvoting if "列席" in listed["kind"] else into.attending, people)
        return bool(people)
    return _clauses_of_people(sentence, into)


def _clauses_of_people(sentence: Clip, into: Presence) -> bool:
    found = False
    waiting: list[Clip] = []
    for clause in clauses(sentence):
        sits = _SITS_IN.search(clause.text)
        ends = sits or _ATTENDS.search(clause.text)
        if ends and not _SPEAKS.search(clause.text):
            part = _listing(clause.part(clause.start, clause.start + ends.start()))
            whole = part.part(waiting[0].start, part.end) if waiting else part
            people = read_people(whole)
            _add(into.nonvoting if sits else into.attending, people)
            found = found or bool(people)
            waiting = []
        elif _only_people(clause):
            waiting.append(clause)
        else:
            waiting = []
    return found


def _listing(clip: Clip) -> Clip:
    lead = _LEADING.match(clip.text)
    end = clip.end - (1 if clip.text.endswith("等") else 0)
    return clip.part(clip.start + (lead.end() if lead else 0), end)


_DOING = re.compile(
    r"召开|主持|听取|审议|传达|研究|强调|指出|要求|部署|讲话|通报|学习|举行|《|会议|发言|汇报|交流|介绍|领学"
)


def _only_people(clause: Clip) -> bool:
    """Whether a clause is nothing but names, titles and groups."""
    words = clause.text.replace("学习中心组", "中心组").replace("学习教育", "教育")
    return len(words) <= 200 and not _DOING.search(words) and bool(read_people(clause))


def _no_stop(sentence: Clip) -> int:
    return sentence.start + len(sentence.text.rstrip("。！；; \n"))


def _add(to: list[Person], people: list[Person]) -> None:
    known = {x.key for x in to}
    to.extend(p for p in people if p.key not in known and not known.add(p.key))  # type: ignore[func-returns-value]


def same_person(a: Person | None, b: Person | None) -> bool:
    """Whether two mentions carry one name."""
    return a is not None and b is not None and bare_name(a.name.text) == bare_name(b.name.text)
