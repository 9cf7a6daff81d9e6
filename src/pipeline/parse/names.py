"""A small tokenizer of officials: titles and names, as meetings and credits write them.

A name needs evidence: a title before or behind it, a surname, a list it stands in. What has none
is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.parse.text import Clip

# the surnames of the Hundred Family Surnames and others in use, but for those that begin common words
SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章丘云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁"
    "柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫房裘缪干解应宗丁宣贲邓郁"
    "单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇"
    "栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰鄂索咸籍赖卓蔺屠蒙池乔阴胥苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑"
    "桂濮牛寿边扈燕冀郏浦尚农温庄晏柴瞿阎充慕连茹习宦艾鱼容古易慎戈廖庾暨衡耿满弘匡国文寇广禄阙殳沃利蔚越夔隆师巩厍聂晁勾敖融"
    "冷訾辛阚那简饶空曾毋沙乜养鞠丰巢关蒯查荆红游竺权逯盖益桓仝代付肖闫初苟楚鄢帅缑亢况琴仉佘佟冼矫原揭兰覃占丛阳麦岳青洛展邸"
    "迟綦辜植檀忻晋钦操泮冶铁木涂乙时向"
)
_COMPOUND = frozenset({
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "端木", "长孙", "宇文", "闻人",
    "东郭", "夏侯", "淳于", "呼延", "万俟", "申屠", "拓跋", "司空", "公冶", "钟离", "南宫", "轩辕", "澹台", "濮阳",
})  # fmt: skip

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f〇"

# 代区长 | 常务副县长 | 政府旗长 | 党组成员 | 四级调研员 | 检察长 | 负责同志 | 区 长 (padded)
_RANK = (
    r"(?:代理?|常务|第一|挂职){0,2}副?"
    r"(?:[区县市旗州镇乡省盟局厅处科股院校部队组行社馆所站场园团会台村]\s{0,2}长|秘书长|检察长|董事长|理事长|指挥长"
    r"|总工程师|总经理|总指挥|总监|经理|书\s{0,2}记(?!处)|主\s{0,2}任(?!会议|科员|督学|办公)|主\s{0,2}席(?!会|团|令|台)"
    r"|(?:总?[河湖林田]|路|链|网格|楼栋)长|调研员|巡视员|主任科员|主任督学|督学|常委(?!会|班子)|政委|专员|主委)(?:助理)?"
    r"|党组成员|党委委员|党工委委员|纪委委员|政协委员|人大代表|委员(?!会)|成员(?!单位)"
    r"|负责人|负责同志|召集人|联络员|联系人|特派员|督察专员|法律顾问|顾问|干部|领导(?!小组|班子|下|干)"
    r"|人选|总编辑|主编|记者|律师|教授|研究员|院士|代表(?!大会|团|们)"
)
RANK = re.compile(_RANK)
"""The word that ends a title: 区长, 副书记, 党组成员."""

# 江绍华 | 区 长 is never one | 苏 和 (padded) | 买买提·艾山 | 张某某 | 张XX
_NAME = re.compile(
    rf"[{HAN}]{{2,6}}|[{HAN}]\s{{1,4}}[{HAN}]|[{HAN}]{{1,8}}(?:[·•・‧][{HAN}]{{1,8}}){{1,3}}"
    rf"|[{HAN}](?:[XxＸ×＊*○]{{1,3}}|某{{1,2}}|[XxＸ×某][{HAN}])"
)
# what stands where a name could, even behind a title, and is none
_NO_NAME = re.compile(
    r"会议|会上|政府|部门|同志|主持|召开|我[区县市旗]|全[区县市旗体省]|领导|单位|有关|相关|负责|汇报|审议|听取|讨论"
    r"|人员|班子|街道|办公|委员|代表|常委|常务|任免|决定|宣布|党[组委校]|纪委|公司|强调|指出|要求|讲话|通报|带队|带领|率队|前往|深入|批示|指示"
    r"|[省市县区镇乡村委局厅处府办院站所部会]$|(?<![红战军])旗$|(?<![神九])州$|法庭$|[两三]长$|[省市县区旗州镇乡局厅处科部]长$|^[各本该某这和及与等并或]|^其(?=[他它中余次实间所])|^[区县市旗省镇乡州][委长政人]|上午|下午|近日|日前"
    r"|今天|昨天|[的了在与及等就对把被由从向于到]$|分别|一同|一致|共同|先后|首先|随后|继续|应邀|列席|出席|参加|陪同|委托|其他|主任|书记|主席"
)
# common words that begin like a name: 高度, 安全, 方案; told from names only by a title
_WORD = re.compile(
    r"工作|精神|报告|学习|研究|通过|组织|中心|集团|学校|医院|银行|社区|居民|群众|企业|项目|城市|发展|建设|管理|服务|安全|生产|经济|社会"
    r"|重大|重要|重点|高度|认为|明确|同时|并且|以及|国家|全国|常务|方面|方案|办法|意见|通知|文件|应当|应该|严格|严肃|坚持|坚决|加强|加快"
    r"|推进|推动|落实|贯彻|切实|进一步|记者|编辑|通讯|实习|审核|摄影|来源|作者|文字|图片|供稿|本报|讯员|安排|成员|情况|最后|现场|邀请|专家|嘉宾"
    r"|[一二三四五六七八九十]是|任务|措施|时间|地点|内容|议题|和谐|平安|家园|文明|关于|程序|温度|冷空气|天气|单位|车辆|石油|水利|金融|农业|温馨"
)

_PLACES = "区县市旗州省镇乡"
# 王刚李军张敏: three names without marks between them, not to be told apart for certain
_RUN_TOGETHER = re.compile(rf"(?:[{''.join(sorted(SURNAMES))}][{HAN}]{{1,2}}){{3,}}")
COMRADE = re.compile(r"(?:等?同志|女士|先生)$")
GROUP = re.compile(
    r"(?:负责人|负责同志|代表|成员|班子|领导|人员|单位|部门|同志|委员|干部|群众|企业|专家|嘉宾|主任|书记|局长|镇长|乡镇|街道|长|员|家|者|们|组|队|会|办|局|院|站|中心|方|委|镇|乡|部|公司|人大|政协|\d{1,4}余?[人名位])"
    r"(?:等)?$"
)
_REGION = re.compile(r"[区县市旗州省各有部相驻全](?:法院|检察院|政府|人大|政协|[\u4e00-\u9fff])")
GROUP_HEAD = re.compile(r"(?:负责人|负责同志|代表|成员|班子|领导)$")
_COMRADES = re.compile(r"(?:负责|分管|有关|相关)[^、，]{0,4}同志$")
_LIST_SPLIT = re.compile(r"[、，,；;]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody named, with the titles that stand with the name; or a group of people."""

    name: Clip
    titles: tuple[Clip, ...] = ()
    is_group: bool = False
    rule: str = "name"

    @property
    def key(self) -> str:
        """The name without padding, to compare by."""
        return bare_name(self.name.text)


def bare_name(words: str) -> str:
    """A name without the blanks that pad two-character names in print (杜 衡)."""
    return "".join(words.split())


def has_surname(words: str) -> bool:
    """Whether the words begin with a Han surname and are as long as a name."""
    words = bare_name(words)
    if words[:2] in _COMPOUND:
        return 3 <= len(words) <= 4
    return words[:1] in SURNAMES and 2 <= len(words) <= 3


# 张旗, 艾红旗: people, not places
_BANNER = re.compile(rf"[{''.join(sorted(SURNAMES - set('左右')))}][红军战云鸿建国立展]?旗")


def is_name(words: str, *, strict: bool = True) -> bool:
    """Whether the words have the shape of a name; *strict* asks for a surname or a · in it."""
    words = words.strip()
    plain = bare_name(words)
    if (
        len(plain) > 4
        and "·" not in plain
        and (strict or _WORD.search(plain) or plain[0] in _PLACES)
    ):
        return False  # only behind a title: 宝音满都呼
    if len(plain) > 5 and _RUN_TOGETHER.fullmatch(plain):
        return False
    banner = plain[-1:] == "旗" and _BANNER.fullmatch(plain)  # 艾红旗
    if not _NAME.fullmatch(words) or (_NO_NAME.search(plain) and not banner):
        return False
    if strict and _WORD.search(plain):
        return False
    if "·" in words or "•" in words or "・" in words or "‧" in words:
        return True
    return not strict or has_surname(words) or (words[0] in SURNAMES and "X" in words.upper())


def titled_in(name: str, line: str) -> bool:
    """Whether a line names somebody with a title before the name: 区长甲."""
    at = line.find(name)
    while at >= 0:
        if any(m.end() == at for m in RANK.finditer(line, max(0, at - 12), at)):
            return True
        at = line.find(name, at + 1)
    return False


def read_official(clip: Clip) -> Person | None:
    """The one person whom a clip names: ``区委副书记、区长江绍华``, ``江绍华区长``, ``江绍华``.

    None where no name can be told from its surroundings.
    """
    clip = trim(clip)
    if clip.text.endswith("等"):
        clip = clip.part(clip.start, clip.end - 1)
    comrade = COMRADE.search(clip.text)
    if comrade:
        clip = trim(clip.part(clip.start, clip.start + comrade.start()))
    parts = list(parts_of(clip))
    if not parts:
        return None
    person = title_then_name(parts[-1]) or name_then_title(parts[-1])
    if person is None and comrade and is_name(parts[-1].text):
        person = Person(name=parts[-1], rule="name-and-comrade")
    if person is None and len(parts) == 1 and is_name(parts[-1].text):
        person = Person(name=parts[-1], rule="bare-name")
    if person is None and len(parts) > 1 and is_name(parts[-1].text) and is_title(parts[-2].text):
        person = Person(name=parts[-1], rule="title-blank-name")
    if person is None:
        return None
    before: list[Clip] = []
    for part in reversed(parts[:-1]):
        if not is_title(part.text):
            break
        before.insert(0, part)
    return replace(person, titles=(*before, *person.titles))


def trim(clip: Clip) -> Clip:
    """The clip without white space at its ends."""
    words = clip.text
    if len(words.strip()) == len(words):
        return clip
    start = clip.start + len(words) - len(words.lstrip())
    return clip.part(start, max(start, clip.end - len(words) + len(words.rstrip())))


def parts_of(clip: Clip) -> Iterator[Clip]:
    """The parts between the marks of a list; 和 and 及 part only two whole names."""
    start = clip.start
    for mark in _LIST_SPLIT.finditer(clip.line, clip.start, clip.end):
        yield from _conjoined(clip.part(start, mark.start()), listed=start > clip.start)
        start = mark.end()
    yield from _conjoined(clip.part(start, clip.end), listed=start > clip.start)


_AND = re.compile(
    r"以及|和|及|与|等(?=[区县市旗州省\d各有部全四]|主席团|领导小组|[\u4e00-\u9fff]{0,4}成员)|\s{1,4}"
)


def _conjoined(part: Clip, *, listed: bool) -> Iterator[Clip]:
    part = trim(part)
    if not part.text:
        return
    for mark in _AND.finditer(part.line, part.start + 1, part.end - 1):
        left, right = part.part(part.start, mark.start()), part.part(mark.end(), part.end)
        blank = not mark[0].strip()
        if blank and len(left.text) == 1:
            continue  # 杜 衡
        goes_on = not blank and (
            (bool(title_then_name(left)) and bool(_REGION.match(right.text)))
            or (
                mark[0] in ("及", "以及")
                and bool(title_then_name(left))
                and bool(GROUP.search(right.text))
            )
            or (
                mark[0] in ("及", "以及", "和", "与")
                and is_name(left.text, strict=not listed)
                and bool(GROUP.search(right.text))
                and (mark[0] in ("及", "以及") or not is_name(right.text))
            )
        )
        both = _is_group(left.text) or (mark[0] == "和" and _EACH.match(left.text))
        if mark[0] in ("及", "以及", "和") and both and _is_group(right.text):
            if mark[0] == "和" and not (_EACH.match(left.text) and _OF_ALL.match(right.text)):
                continue
            yield trim(left)
            yield from _conjoined(right, listed=listed)
            return
        ends_list = goes_on or (mark[0] == "等" and bool(GROUP.search(right.text)))
        if (goes_on or _whole(left.text, blank=blank)) and (
            ends_list or _whole(right.text, blank=blank)
        ):
            yield trim(left)
            yield from _conjoined(right, listed=listed)
            return
    yield part


# 各街道办事处主任和区直各单位主要负责人: two groups with a head each
_EACH = re.compile(
    r"[区县市旗][^和]{1,8}委员$|(?:各|有关|相关|全体)[^和]{2,16}(?:主任|书记|长|负责人|负责同志)$"
)
_OF_ALL = re.compile(r"[区县市旗]直|各|有关|相关|全体")


def _is_group(words: str) -> bool:
    """县水利局主要负责同志: people of an organisation, without a name."""
    return len(words) > 4 and bool(GROUP_HEAD.search(words) or _COMRADES.search(words))


def _whole(words: str, *, blank: bool) -> bool:
    """Whether the words are a person, or at a blank also a title, that could stand alone."""
    clip = Clip(0, words, 0, len(words))
    if title_then_name(clip) or is_name(words):
        return True
    if blank and is_title(words):
        return True
    head, *rest = words.split(maxsplit=1)
    return bool(rest) and blank and (is_name(head) or is_title(head)) and len(rest[0]) < 60


def is_titles(clip: Clip) -> bool:
    """Whether a clause is titles and nothing else: 区委副书记、区长."""
    parts = list(map(trim, parts_of(clip)))
    return bool(parts) and all(is_title(x.text) for x in parts)


def is_title(words: str) -> bool:
    """Whether the words are a title and nothing behind it: 区委副书记."""
    ends = [m.end() for m in RANK.finditer(words.strip())]
    return bool(ends) and ends[-1] == len(words.strip()) and len(words) <= 40


def title_then_name(part: Clip) -> Person | None:
    """区长江绍华: the last title word behind which a name stands."""
    best: Person | None = None
    for rank in RANK.finditer(part.line, part.start, part.end):
        rest = trim(part.part(rank.end(), part.end))
        if rest.text and is_name(rest.text, strict=False):
            person = Person(
                name=rest, titles=(trim(part.part(part.start, rank.end())),), rule="title-name"
            )
            if best is None or has_surname(rest.text) or not has_surname(best.name.text):
                best = person
    return best


def name_then_title(part: Clip) -> Person | None:
    """江绍华区长: a name with a surname, and a title to the end."""
    for rank in RANK.finditer(part.line, part.start, part.end):
        name = trim(part.part(part.start, rank.start()))
        if rank.end() == part.end and len(bare_name(name.text)) >= 2 and is_name(name.text):
            return Person(
                name=name, titles=(part.part(rank.start(), rank.end()),), rule="name-title"
            )
    return None


_NAME_SPLIT = re.compile(r"[\s、，,/／;；|｜丨&＆]{1,6}")
# 戴XX邱XX: names made unreadable, run together
_MASKED = re.compile(r"[\u4e00-\u9fff][XxＸ×]{2}")
_ASIDE = re.compile(r"(?<=[\u4e00-\u9fff])[（(][^（）()]{1,12}[）)]$")  # 李华（实习）


def split_names(clip: Clip) -> Iterator[Clip]:
    """Names between blanks and commas; a name padded by a blank (杜 衡) stays whole."""
    pieces: list[Clip] = []
    start = clip.start
    for gap in [*_NAME_SPLIT.finditer(clip.line, clip.start, clip.end), None]:
        piece = clip.part(start, gap.start() if gap else clip.end)
        aside = _ASIDE.search(piece.text)
        piece = piece.part(piece.start, piece.start + aside.start()) if aside else piece
        if piece.text.strip("（）()【】。.|· "):
            pieces.append(piece)
        start = gap.end() if gap else clip.end
    i = 0
    while i < len(pieces):
        if i + 1 < len(pieces) and len(pieces[i].text) == len(pieces[i + 1].text) == 1:
            yield clip.part(pieces[i].start, pieces[i + 1].end)
            i += 2
        else:
            masked = list(_MASKED.finditer(clip.line, pieces[i].start, pieces[i].end))
            if len(masked) > 1 and sum(len(m[0]) for m in masked) == len(pieces[i].text):
                yield from (clip.part(*m.span()) for m in masked)
            else:
                yield pieces[i]
            i += 1
