"""What kind of text a page holds, told before its meetings are read."""

import re
from collections.abc import Sequence

from pipeline.parse.forms import is_form
from pipeline.records import TextKind

_NOTICE_TITLE = re.compile(
    r"(?:公告|通告|公示|启事|通知|招标|中标|名单|预告|批复|倡议书?|公开信|一封信|征求意见|提示|提醒|邀请函|招聘简章|关于.{4,60}的决定)(?:[（(].{0,20}[）)])?$"
)
_NOTICE_END = re.compile(
    r"特此(?:通知|公告|通告|公示)|现(?:予以|将有关事项)?(?:公示|通知|公告)如下|兹定于|发出如下倡议|现向社会公开征求意见"
)
_MINUTES = re.compile(r"会议纪要|纪要如下|纪要$")
_MINUTES_BELOW = re.compile(r"纪要如下|^[^。，]{0,40}会议纪要$")  # not …，形成了会议纪要。
_TRANSCRIPT = re.compile(
    r"图文(?:回放|直播|实录)|文字实录|【[^【】]{2,30}(?:发言|提问|回答|主持人)】|^\s*(?:主持人|记者)[：:]"
)
_ASKS = re.compile(r"\s{0,4}记者[：:]")
_LIVE_TITLE = re.compile(r"图文(?:回放|直播)|文字实录|访谈实录|在线访谈$")
_AGENDA_WORDS = re.compile(r"审议|听取|议题|会议时间|传达学习")
_NUMBERED = re.compile(r"\s{0,4}(?:\d{1,2}|[一二三四五六七八九十]{1,3})[、.．](?!\d(?!\d?月))\s?\S")
_MEETS = re.compile(r"召开|主持|会议")
_DOCUMENT_TITLE = re.compile(
    r"(?:准则|章程|制度|职责|答复|复函|回复|解读|规则|办法|细则|条例|规定|意见|方案|规划|报告|计划|问答|简历|简介|招生|清单|(?:会议|议题|日程|工作)安排|上的(?:讲话|致辞|发言|主持词))(?:[（(].{0,20}[）)])?$"
)
# 常务会议研究政府工作报告 reports on a meeting; 会议审议意见的研究处理报告 does not
_CONVENES = re.compile(r"召开|主持|会议?(?:专题)?(?:研究|审议(?!意见)|听取|讨论|部署|传达)")
_NEWS = re.compile(r"调研|举行|举办|启动|开展|我[区县市旗]|全[区县市旗]|天气|慰问")
_RUNDOWN_TITLE = re.compile(
    r"内容提要|节目单|新闻提要|提要$|今日看点|新闻目录|导读$|导视$|(?:一|本|下|每)周[^，。]{0,12}安排(?:[（(].{0,24}[）)])?$"
)
_DIGEST_TITLE = re.compile(
    r"大事记|一周要闻|壹周|周报|一周回顾|要闻回顾|每周|工作动态汇编|(?:要闻|简讯|动态)[两二三四五六七八九十]则"
)
_LISTED = re.compile(
    r"^\s{0,4}[^。]{6,60}?\s{0,6}[\[（(]?\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\]）)]?\s{0,4}$"
)
_DATED = re.compile(r"\s{0,4}(?:[▲●◆■★]\s?)?(?:\d{4}年)?\d{1,2}月\d{1,2}日")


def is_document(title: str) -> bool:
    """Whether a title is that of a document (答复, 办法, 解读), which reports no meeting of its own."""
    return bool(_DOCUMENT_TITLE.search(title.strip())) and not _CONVENES.search(title)


def text_kind(title: str, paragraphs: Sequence[str]) -> TextKind:
    """The kind of a text before meetings are looked for: ``story`` where nothing else is clear."""
    lines = [x for x in paragraphs if x.strip()]
    if not lines:
        return "story"
    told: tuple[tuple[TextKind, bool], ...] = (
        ("digest", bool(_DIGEST_TITLE.search(title))),
        ("index", sum(bool(_LISTED.match(x)) for x in lines) >= max(3, len(lines) * 0.6)),
        ("rundown", bool(_RUNDOWN_TITLE.search(title)) or _is_rundown(lines)),
        ("transcript", _is_transcript(title, lines)),
        (
            "minutes",
            bool(_MINUTES.search(title)) or any(_MINUTES_BELOW.search(x[-60:]) for x in lines[:4]),
        ),
        (
            "notice",
            bool(_NOTICE_TITLE.search(title.strip())) or any(map(_NOTICE_END.search, lines)),
        ),
        ("form", is_form(lines)),
        ("digest", len({m[0].strip() for x in lines if (m := _DATED.match(x))}) >= 3),
    )
    return next((kind for kind, true in told if true), "story")


def _is_transcript(title: str, lines: Sequence[str]) -> bool:
    """What was said in public word for word; 记者：… alone is an interview that somebody wrote."""
    if _LIVE_TITLE.search(title):
        return True
    spoken = [x for x in lines if _TRANSCRIPT.search(x)]
    return len(spoken) >= 3 and not all(_ASKS.match(x) for x in spoken)


def _is_rundown(lines: Sequence[str]) -> bool:
    """Numbered headlines and little else: no line ends a sentence."""
    numbered = [x for x in lines if _NUMBERED.match(x) and len(x) <= 60 and "。" not in x[:-1]]
    loose = [x for x in lines if x not in numbered]
    return (
        len(numbered) >= 3
        and not any(_MEETS.search(x) for x in loose)
        and any(_MEETS.search(x) or _NEWS.search(x) for x in numbered)
        and len(numbered) >= 0.7 * len(lines)
        and not any(_AGENDA_WORDS.search(x) for x in lines)
    )
