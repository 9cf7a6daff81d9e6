"""《A》《B》 under one verb: each document named is a matter of its own, and so is what stands beside it."""

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.parse.matters import HANDED_IN, ItemDraft
from pipeline.parse.names import trim
from pipeline.parse.text import Clip, enclosed

# 《A》（草案）, 《A》精神
_BELONGS = re.compile(r"(?:\s?[（(][^（）()]{1,20}[）)])?(?:精神)?(?:等)?")
_JOIN = re.compile(r"\s?(?:、|，|；|以及|及|和|与|并)\s?|\s?(?=《)")
_JOINED = re.compile(r"(?:、|，|；|以及|及|和|与|并)\s?$")
# of two documents, one matter: 关于修改《A》和《B》的决定, 对照《A》《B》
_ABOUT_BOTH = re.compile(r"(?:关于|修改|修订|废止|对照|根据|按照|围绕|落实|执行)[^《》]{0,20}$")
# 县委全会精神和《A》, 《A》和人事任免事项: beside a document, what can be a matter by itself
_MATTER = re.compile(
    r"(?:精神|讲话|论述|指示|批示|[回贺]信|文章|通报|通知|建议|报告|方案|规划|计划|意见|办法|草案|名单|要点|事项|事宜|议题|情况|工作|问题)(?:[（(][^（）()]{1,16}[）)])?$"
)
_HANGS_ON = re.compile(r"(?:其|相关|有关|配套|附件|编制|起草|修订|修改|实施|执行|贯彻|落实|说明)")


def parted(item: ItemDraft) -> Iterator[ItemDraft]:
    """The items that one verb with its object makes, each with the verb, reporter and decision of *item*."""
    if "《" not in item.subject.text:
        yield item
        return
    pieces = [*_pieces(item.subject)]
    if len(pieces) < 2:
        yield item
        return
    for whole in pieces:
        handed = HANDED_IN.match(whole.text)
        piece = whole.part(whole.start + handed.end(), whole.end) if handed else whole
        yield replace(item, subject=piece, statements=[])


def _pieces(subject: Clip) -> Iterator[Clip]:
    line, stop = subject.line, subject.end
    titles = [(a, b) for a, b in enclosed(line) if subject.start <= a < stop and line[a] == "《"]
    if not titles or _ABOUT_BOTH.search(line, subject.start, titles[0][0]):
        yield subject
        return
    cuts: list[tuple[int, int]] = []
    head = _JOINED.search(line, subject.start, titles[0][0])
    if head and _MATTER.search(line, subject.start, head.start()):
        cuts.append(head.span())
    for (_, end), following in zip(titles, [*(a for a, _ in titles[1:]), None], strict=True):
        cut = _cut_behind(line, end, stop, following)
        if cut is None:
            yield subject  # 《A》《B》执行情况
            return
        cuts.append(cut)
    at = subject.start
    for start, end in cuts:
        yield trim(subject.part(at, start))
        at = end
    if line[at:stop].strip():
        yield trim(subject.part(at, stop))


def _cut_behind(line: str, end: int, stop: int, following: int | None) -> tuple[int, int] | None:
    """Where a piece with the title that ends at *end* stops and the next begins; None if words go on."""
    belongs = _BELONGS.match(line, end, stop)
    at = belongs.end() if belongs else end
    if at == stop:
        return stop, stop
    join = _JOIN.match(line, at, stop)
    if join is None:
        return None
    if following is None:
        rest = line[join.end() : stop]
        if not _MATTER.search(rest) or _HANGS_ON.match(rest) or len(rest) < 4:
            return None
    return join.span() if join.end() > at else (at, at)
