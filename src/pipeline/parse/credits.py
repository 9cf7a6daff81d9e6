"""Credits: who wrote, photographed, edited and approved, in every form that news pages use."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.parse.names import bare_name, has_surname, is_name, split_names
from pipeline.parse.text import Clip, Trace, whole
from pipeline.records import Credit

_ROLES: dict[str, tuple[str, ...]] = {
    "记者": ("记者", "记 者", "采访"),
    "通讯员": ("通讯员", "通 讯 员", "信息员"),
    "实习生": ("实习生",),
    "责任编辑": ("责任编辑", "责编", "责 编"),
    "编辑": (
        "编辑", "编 辑", "编校", "编发", "编排", "整理", "主编", "总编", "总编辑", "编委", "值班编委", "编导",
    ),
    "审核": (
        "审核", "审 核", "审签", "初审", "复审", "终审", "一审", "二审", "三审", "初审初校", "复审复校", "终审终校", "一审一校", "二审二校", "三审三校", "审稿人", "审稿", "编审", "审定", "核稿", "签发", "审校", "校审", "监审",
    ),
    "监制": ("监制", "监 制", "总监制", "策划", "统筹"),
    "撰稿": ("撰稿人", "撰文", "撰稿", "作者", "执笔", "文字", "文稿", "文"),
    "供稿": ("供稿单位", "供稿人", "供稿", "投稿"),
    "摄影": ("摄影", "摄像", "图片", "拍摄", "图"),
    "图文": ("图/文", "文/图", "图文", "文图", "图、文", "文、图"),
    "校对": ("校对", "校核", "核校", "校稿"),
    "视频": ("视频", "剪辑", "视频剪辑", "视频制作", "后期", "航拍"),
    "播音": ("播音", "主播", "配音", "出镜", "解说"),
    "设计": ("版面设计", "美编", "制图", "设计", "制作", "排版"),
    "来源": ("新闻来源", "信息来源", "文章来源", "稿件来源", "来源", "转载", "稿源"),
    "出品": ("出品",),
}  # fmt: skip
_WRITERS = ("记者", "通讯员", "实习生", "撰稿", "图文", "署名")
_ROLE_OF = {word.replace(" ", ""): role for role, words in _ROLES.items() for word in words}
_LONGEST_FIRST = tuple(sorted(_ROLE_OF, key=len, reverse=True))
_WORDS = "|".join(
    re.escape(w) for w in sorted((w for ws in _ROLES.values() for w in ws), key=len, reverse=True)
)
_PREFIX = r"(?:本报|本台|本网|全媒体|融媒体|融媒|首席|见习|实习|特约|区|县|市|值班|执行|新媒体|微信|网络|文字|摄影|总|主|副|责任|见习){0,2}"
ROLE = re.compile(rf"{_PREFIX}(?:{_WORDS})(?:[、/](?:{_PREFIX})(?:{_WORDS}))?")
"""A role of credits with its attributes: 全媒体记者, 责任编辑, 版面设计、校对."""
_SOME_WORD = re.compile(_WORDS)
"""Where this is not found, no role is; the attributes before it make the search six times as long."""
_HINT = re.compile(rf"{_WORDS}|（|\(|【|■|摄")
"""Where this is not found, nobody is named but in a last line of names alone.

Each alternative begins with a character of its own, not a class: a search passes over all
others ten times as fast.
"""
# 区农业农村局 甲 记者 乙: a role behind names
_ROLE_INSIDE = re.compile(rf"\s(?={ROLE.pattern})")

_SEPARATOR = re.compile(r"\s{0,4}[|｜丨:：/／]\s{0,4}|\s{1,4}")
_BRACKET = re.compile(r"[（(【■]([^（）()【】■]{2,120})[）)】]?")
_LAST_BRACKET = re.compile(r"[（(]([^（）()]{2,120})[）)]\s{0,4}[。.]?\s{0,4}$")
# 区政府办 供稿 | 甲 乙 摄影 | （丙/摄）
_ROLE_BEHIND = re.compile(
    r"(?:[\s/]{1,4}|(?<=[办局委部院镇会网室府协中心台站])(?=(?:供稿|出品)[）)]?\s{0,4}$))(?P<label>供稿|出品|摄影报道|摄影|摄|文/图|图/文|图文)[）)]?\s{0,4}$"
)
_SOME_ROLE = re.compile(r"记者|通讯员|实习|编辑|责编|审核|作者|撰稿")
_FIRST_ROLE = re.compile(rf"{ROLE.pattern}(?=\s)")
# （会议现场。区融媒体中心记者 甲 摄）: a caption says who took the picture
_TAKEN_BY = re.compile(
    r"(?<=[\u4e00-\u9fff。\s])(?:记者|通讯员)\s?(?P<who>[\u4e00-\u9fff·]{1,8}(?:\s[\u4e00-\u9fff])?)(?=\s?/?摄$)"
)
# 责任编辑：甲  [纠错], 来源：甲 浏览次数：9: of the page, behind the names
_BUTTONS = re.compile(
    r"(?:浏览次数|浏览量|点击[数量]?|阅读[数量]?|发布时间|发布日期|更新时间|投稿邮箱|邮箱|热线|电话|字号|字体|分享)\s?[：:].*$"
    r"|。\s{0,4}$|(?:[\[【（(](?:纠错|打印|关闭|返回顶部|我要纠错|收藏|分享)[\]】）)]\s{0,4}){1,4}$"
)
_MARKED = frozenset(
    {"来源", "出品", "设计"}
)  # words of plain text, too: only before a colon or bar
_REPORTING = re.compile(
    r"(?P<label>(?:本报|全媒体|融媒体)?记者)\s?(?P<who>[\u4e00-\u9fff·]{2,5}(?:[、\s][\u4e00-\u9fff·]{2,5}){0,3})\s?(?:摄影|综合)?报道"
)
# words of plain text, too: 视频 and 主播 only in lines of credits
_LINE_ONLY = frozenset({"视频", "播音"})
_NO_PERSON = frozenset(
    {
        "报道",
        "提问",
        "发言",
        "问",
        "整合",
        "整理",
        "综合",
        "摄影报道",
        "供图",
        "统筹",
        "责编",
        "监制",
        "供稿",
        "综述",
    }
)
_PLACE_LIKE = re.compile(r"^[\u4e00-\u9fff]{1,2}[州镇乡旗县院站所庭会处部]$")
_NO_CREDIT = re.compile(r"来自|网络|资料|提供|侵删|如有|版权")  # 图片均来自网络
_MEDIA = re.compile(
    r"融媒体?中心|融媒体|融媒|电视台|日报社?|新闻中心|宣传部|办公室|新闻网|报社|发布|政府办|人大|政协|[局委办]$|网$|台$"
)

_MEDIUM_FIRST = re.compile(
    r"[\u4e00-\u9fff]{2,14}(?:网|频道|报|社|台|融媒|中心|客户端)"
)  # …频道 记者 甲
_MEDIUM_THEN = re.compile(
    rf"\s?{_MEDIUM_FIRST.pattern}\s?(?=(?:见习|实习|全媒体)?记者|编辑|通讯员)"
)
# 甲/文 乙/图: the role behind each name
_SHARE = r"[\u4e00-\u9fff·]{2,8}\s?[/／]\s?(?:文字|文|图片|图|摄影|摄|视频)"
_SHARED = re.compile(rf"\s{{0,4}}{_SHARE}(?:[\s，、]{{1,4}}{_SHARE}){{0,4}}\s{{0,4}}")
_EACH_SHARE = re.compile(
    r"(?P<who>[\u4e00-\u9fff·]{2,8})\s?[/／]\s?(?P<label>文字|文|图片|图|摄影|摄|视频)"
)
# a unit that sends in a story with its writer
_UNIT = re.compile(r"[\u4e00-\u9fff](?:馆|校|学|镇|乡|街道|社区|处|所|院|公司|集团|大队|支队|会)$")


@dataclass(frozen=True, slots=True)
class _Found:
    role: str
    label: Clip
    names: tuple[Clip, ...]


def writers(made_by: Sequence[Credit]) -> tuple[str, ...]:
    """Who wrote a text, in order, each once: not who edited, approved or photographed it."""
    return tuple(dict.fromkeys(n for x in made_by if x.role in _WRITERS for n in x.names))


def read_credits(
    paragraphs: Sequence[str], trace: Trace
) -> tuple[tuple[Credit, ...], frozenset[int]]:
    """The credits of an article, each role and set of names once, and the paragraphs that hold only credits."""
    found: list[_Found] = []
    used: set[int] = set()
    for number, line in enumerate(paragraphs):
        clip = whole(number, line)
        if len(line) > 160:  # a paragraph of prose: only a bracket or its head names who made it
            if number > 2 and not ("（" in line or "(" in line or "【" in line or "■" in line):
                continue
        elif not (_HINT.search(line) or (number >= len(paragraphs) - 2 and len(line) <= 30)):
            continue
        buttons = _BUTTONS.search(line) if len(line) <= 160 and "。" not in line[:-1] else None
        clip = clip.part(0, len(line[: buttons.start()].rstrip())) if buttons else clip
        made = [*_line(clip)] or [*_behind(clip)] if len(line) <= 160 else []
        if not made and number >= len(paragraphs) - 2 and len(line) <= 30:
            made = list(_names_alone(clip))
        if made:
            used.add(number)
        else:
            made = list(_brackets(clip, last=number >= len(paragraphs) - 6))
            made = made or (list(_of_agency(clip)) if number < 2 else [])
            made = made or (list(_reporting(clip)) if number < 3 else [])
            if len(line) > 160 and number >= len(paragraphs) - 3:
                made += _line(clip.part(max(map(line.rfind, "。）")) + 1, len(line)))
        found.extend(made)
    return tuple(_credits(found, trace)), frozenset(used)


def _credits(found: Sequence[_Found], trace: Trace) -> Iterator[Credit]:
    seen: set[tuple[str, str]] = set()
    for x in found:
        names = [n for n in x.names if (x.role, bare_name(n.text)) not in seen]
        seen.update((x.role, bare_name(n.text)) for n in names)
        if not names:
            continue
        spans = tuple(trace.quote(n, f"credits.{x.role}", "credit").span for n in names)
        yield Credit(
            role=x.role,
            label=x.label.text.strip(),
            names=tuple(n.line[s.start : s.end] for n, s in zip(names, spans, strict=True)),
            spans=spans,
        )


def _line(clip: Clip) -> Iterator[_Found]:
    """A paragraph of credits only: 记者 | 甲 乙, also several roles in one line, bracketed or not."""
    start, end = clip.start, clip.end
    text = clip.text.strip()
    if (text[:1] in "（([【■□" and text[-1:] in "）)]】") or text[:1] in tuple("■□"):
        lead = len(clip.text) - len(clip.text.lstrip())
        start, end = start + lead + 1, end - (text[-1:] in "）)]】")
    yield from _runs(clip.part(start, end), whole_line=True)


def _brackets(clip: Clip, *, last: bool) -> Iterator[_Found]:
    """（记者 甲 通讯员 乙） in or behind a sentence."""
    for m in _BRACKET.finditer(clip.line):
        if _SHARED.fullmatch(m[1]):
            yield from _shared(clip.part(*m.span(1)))
        elif _begins_with_role(m[1].lstrip()) or _MEDIUM_THEN.match(m[1]):
            yield from _runs(clip.part(*m.span(1)), whole_line=False)
        for role in _TAKEN_BY.finditer(m[1]):
            yield from _runs(
                clip.part(m.start(1) + role.start(), m.start(1) + role.end("who")), whole_line=False
            )
        if not _SOME_ROLE.search(m[1]):
            yield from _behind(clip.part(*m.span(1)))
    if last:
        m2 = _LAST_BRACKET.search(clip.line)
        known = m2 and (
            _begins_with_role(m2[1].lstrip())
            or _MEDIUM_THEN.match(m2[1])
            or _SHARED.fullmatch(m2[1])
        )
        if m2 and not known:
            yield from _unit_then_roles(clip.part(*m2.span(1)))


def _begins_with_role(words: str) -> bool:
    """图 begins a role and 图书馆 as well."""
    role = ROLE.match(words)
    return role is not None and (len(role[0]) > 1 or words[1:2] in tuple(":：|｜丨/／ "))


# 本报讯（甲 乙）: who wrote it, without a role
_BEHIND_AGENCY = re.compile(r"\s{0,8}[\u4e00-\u9fff]{1,14}讯\s?[（(]([^（）()]{2,40})[）)]")


def _of_agency(clip: Clip) -> Iterator[_Found]:
    m = _BEHIND_AGENCY.match(clip.line) if "讯" in clip.line else None
    if m and not ROLE.search(m[1]):
        yield from _bare(clip.part(*m.span(1)))


def _unit_then_roles(clip: Clip) -> Iterator[_Found]:
    """（区农业农村局 甲 记者 乙 摄影报道）: who sent the story in, then roles; or names alone."""
    role = _ROLE_INSIDE.search(clip.text)
    at = clip.start + role.start() if role else clip.end
    sent = list(split_names(clip.part(clip.start, at)))
    mixed = role is not None and len(sent) > 1 and bool(_MEDIA.search(sent[0].text))
    if mixed and all(is_name(x.text, strict=False) for x in sent[1:]):
        yield _Found("供稿", clip.part(clip.start, clip.start), tuple(sent))
        yield from _runs(clip.part(at + 1, clip.end), whole_line=False)
    elif role is None:
        yield from _bare(clip)


def _shared(clip: Clip) -> Iterator[_Found]:
    """甲/文 乙/图: each name with its own role."""
    for m in _EACH_SHARE.finditer(clip.line, clip.start, clip.end):
        label = "摄影" if m["label"] == "摄" else m["label"]
        if is_name(m["who"]):
            yield _Found(role_of(label), clip.part(*m.span("label")), (clip.part(*m.span("who")),))


def _reporting(clip: Clip) -> Iterator[_Found]:
    """云上青岚讯 记者甲乙报道：the reporter in running words at the head of a story."""
    end = min(clip.end, clip.start + 60)
    is_told = clip.line.find("记者", clip.start, end) >= 0
    m = _REPORTING.search(clip.line, clip.start, end) if is_told else None
    names = list(split_names(clip.part(*m.span("who")))) if m else []
    if m and names and all(is_name(n.text) for n in names):
        yield _Found("记者", clip.part(*m.span("label")), tuple(names))


def _is_one(name: Clip, names: Sequence[Clip], *, strict: bool) -> bool:
    """Whether a name is one, be it 和丽芬 beside others."""
    beside = len(names) > 1 and len(name.text) == 3 and name.text[0] == "和"
    return is_name(name.text, strict=strict) or beside


def _bare(clip: Clip) -> Iterator[_Found]:
    """（融媒体 甲 乙） or （甲 乙）: names without a role, by the medium or the end of the story."""
    parts = list(split_names(clip))
    medium = parts[0] if parts and _MEDIA.search(parts[0].text) else None
    unit = parts[0] if len(parts) > 1 and not medium and _UNIT.search(parts[0].text) else None
    if unit and all(is_name(p.text) for p in parts[1:]):
        yield _Found("署名", unit, tuple(parts[1:]))  # （图书馆 甲）: a unit's own writer
        return
    names = parts[1:] if medium else parts
    if names and all(_is_one(p, names, strict=medium is None) for p in names):
        role = "记者" if medium else "署名"
        yield _Found(role, medium or clip.part(clip.start, clip.start), tuple(names))


def _names_alone(clip: Clip) -> Iterator[_Found]:
    """甲 乙, as the last line of a story: two names or more, and nothing else."""
    names = list(split_names(clip))
    if len(names) > 1 and all(is_name(n.text) and has_surname(n.text) for n in names):
        yield _Found("署名", clip.part(clip.start, clip.start), tuple(names))


def _behind(clip: Clip) -> Iterator[_Found]:
    """区政府办 供稿, 甲 乙 摄影: the role behind the names."""
    m = _ROLE_BEHIND.search(clip.line, clip.start, clip.end) if len(clip.text) <= 60 else None
    if m is None or any(c in clip.line[clip.start : m.start()] for c in "，。：:"):
        return
    lead = len(clip.text) - len(clip.text.lstrip(" （(■□\u3000"))
    first = _FIRST_ROLE.match(clip.line, clip.start + lead, m.start())
    if first:  # 记者 甲 摄
        yield from _runs(clip.part(first.start(), m.start()), whole_line=True)
        return
    names = list(split_names(clip.part(clip.start + lead, m.start())))
    role = role_of(m["label"].replace("摄影报道", "摄影").replace("摄", "摄影", m["label"] == "摄"))
    if names and all(acceptable(n.text, role) for n in names):
        yield _Found(role, clip.part(*m.span("label")), tuple(names))


def _runs(clip: Clip, *, whole_line: bool) -> Iterator[_Found]:
    """Role, separator, names, and again; nothing where something else stands between."""
    # the first role stands at the start, or behind a medium's name: most paragraphs are prose
    if not _SOME_WORD.search(clip.line, clip.start, min(clip.end, clip.start + 28)):
        return
    marks = _role_marks(clip)
    if not marks:
        return
    before = clip.line[clip.start : marks[0].start()].strip()
    if before and not _MEDIUM_FIRST.fullmatch(before):
        return
    made: list[_Found] = []
    for i, mark in enumerate(marks):
        stop = marks[i + 1].start() if i + 1 < len(marks) else clip.end
        gap = _SEPARATOR.match(clip.line, mark.end(), stop)
        begin = gap.end() if gap else mark.end()
        role = role_of(mark[0])
        marked = bool(gap and gap[0].strip())
        marked = marked or (whole_line and len(marks) == 1 and _sent_by(clip, mark, begin))
        if role in _MARKED and not marked:
            continue
        if role in _LINE_ONLY and not (whole_line and marked):
            continue
        names = [n for n in split_names(clip.part(begin, stop)) if n.text not in _NO_PERSON]
        if not names:
            continue
        ok = [n for n in names if acceptable(n.text, role, marked=marked)]
        if whole_line and len(ok) < len(names) and not (marked and len(marks) > 1):
            return
        if ok:
            made.append(_Found(role, clip.part(*mark.span()), tuple(ok)))
    yield from made


# 来源 区河长制办公室, alone on its line
_OFFICE = re.compile(
    r"[\u4e00-\u9fff]{2,18}(?:办公室|中心|[局委办社网台]|政府办|新闻网|日报)\s{0,4}$"
)


def _sent_by(clip: Clip, mark: re.Match[str], begin: int) -> bool:
    """Whether a line is 来源, a blank and an office, and nothing else."""
    alone = not clip.line[clip.start : mark.start()].strip()
    return alone and begin > mark.end() and bool(_OFFICE.fullmatch(clip.line, begin, clip.end))


def _role_marks(clip: Clip) -> list[re.Match[str]]:
    marks: list[re.Match[str]] = []
    for m in ROLE.finditer(clip.line, clip.start, clip.end):
        before = clip.line[m.start() - 1 : m.start()] if m.start() > clip.start else ""
        after = clip.line[m.end() : m.end() + 1] if m.end() < clip.end else ""
        short = m[0][-1] in "文图" and not m[0].endswith(
            ("图文", "文图", "文/图", "图/文", "、图", "、文")
        )
        if short and (after not in tuple(":：|｜丨/ ") or not after):
            continue
        if (
            before
            and marks
            and not (before.isspace() or before in "、，,；;|｜丨/）)。")
            and after not in tuple(":：|｜丨 ")
        ):
            continue
        marks.append(m)
    return marks


def role_of(label: str) -> str:
    """The role that a label of credits names, 本报记者 as 记者."""
    label = label.replace(" ", "")
    for word in _LONGEST_FIRST:
        if label.endswith(word):
            return _ROLE_OF[word]
    return label


def acceptable(name: str, role: str, *, marked: bool = False) -> bool:
    """Whether it may be a name in credits; *marked*: a colon or bar says that a name follows."""
    if role in ("来源", "供稿", "出品"):
        return 2 <= len(name) <= 30
    if _NO_CREDIT.search(name) or ROLE.fullmatch(name):
        return False
    if marked and has_surname(name) and (_PLACE_LIKE.search(name) or name[0] == "和"):
        return True  # 益州, 石桥镇, 和平安: a name all the same behind 审核：
    return is_name(name, strict=False) or bool(_MEDIA.search(name) and len(name) <= 16)
