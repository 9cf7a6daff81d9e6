"""Label and value pairs of 政府信息公开 (open government information) boxes."""

import re
from itertools import accumulate, pairwise

from lxml.html import HtmlElement

from pipeline.extract.outline import Outline
from pipeline.extract.tree import lines, squash, tag_of, text_of

# Normalized spellings and their variants, with all white space and colons removed
_LABELS = frozenset(
    [
        "索引号", "统一登记号", "统一编号", "信息索引号", "发文字号", "文号", "文件编号", "发文机关", "发布机构", "所属机构",
        "公开责任部门", "成文日期", "生成日期", "产生日期", "发文日期", "发布日期", "公布时间", "公开日期", "主题分类",
        "组配分类", "信息分类", "体裁分类", "有效性", "文件状态", "信息有效期", "实施日期", "生效时间", "失效日期",
        "废止日期", "废止时间", "名称", "标题", "信息名称", "主题词", "关键词", "内容概述", "公开方式", "公开类别", "分类",
        "公文种类", "发布时间", "公开形式", "有效期", "公开时限", "公文时效", "信息来源", "索取号", "备注", "信息索引", "发文机构", "信息类别", "发布机关", "制发机关",
    ]
)  # fmt: skip


def label_of(text: str) -> str | None:
    """The label that a cell holds (文  号: is 文号), or None."""
    short = squash(text[:40]).strip(":：[]【】")
    return short if short in _LABELS else None


_LABEL = re.compile("|".join(sorted(_LABELS, key=len, reverse=True)))
_FEWEST = 3  # labels that make a box
_BOXES = ("table", "ul", "dl", "div")
_CELLS = ("td", "th", "dt", "dd", "li", "p", "span", "strong", "b", "em")


def fields(page: Outline) -> tuple[tuple[tuple[str, str], ...], frozenset[HtmlElement]]:
    """The pairs of the page's information box, and the elements that hold them.

    A box is a table or list with at least three known labels; where none is, both are empty.
    """
    reader = _Reader()
    boxes = [(x, reader.pairs(page.elements[x])) for x in _with_labels(page)]
    full = [(x, pairs) for x, pairs in boxes if len(pairs) >= _FEWEST]
    for number, pairs in full:
        # The innermost: what stands around it holds more than the box
        if not any(page.is_within(x, number) for x, _ in full if x != number):
            return tuple(pairs), frozenset({page.elements[number]})
    return (), frozenset()


def _with_labels(page: Outline) -> list[int]:
    """The elements that may be such a box: not too long, three labels in them."""
    if len(_LABEL.findall("\n".join([x.short for x in page.lines]))) < _FEWEST:
        return []
    labels = [_LABEL.findall(x.short[:3_000]) for x in page.lines]
    before = list(accumulate(map(len, labels), initial=0))
    found = []
    for number, tag in enumerate(page.tags):
        if tag not in _BOXES:
            continue
        first, last = page.between(number)
        if before[last] - before[first] < _FEWEST:
            continue
        is_long = page.size_in(number) > 3_000 or (tag == "div" and len(page.elements[number]) > 60)
        if not is_long and len({y for x in labels[first:last] for y in x}) >= _FEWEST:
            found.append(number)
    return found


class _Reader:
    """Pairs of boxes and texts of cells, each read once though boxes stand in boxes."""

    def __init__(self) -> None:
        self._pairs: dict[HtmlElement, list[tuple[str, str]]] = {}
        self._texts: dict[HtmlElement, str] = {}

    def pairs(self, box: HtmlElement) -> list[tuple[str, str]]:
        """The pairs of a box with all in it."""
        if box not in self._pairs:
            self._pairs[box] = self._below_labels(box) or self._beside_labels(box)
        return self._pairs[box]

    def _text(self, cell: HtmlElement) -> str:
        if cell not in self._texts:
            self._texts[cell] = text_of(cell)
        return self._texts[cell]

    def _below_labels(self, box: HtmlElement) -> list[tuple[str, str]]:
        """The pairs of a row of labels above a row of values."""
        rows = [[self._text(y) for y in x if tag_of(y) in {"td", "th"}] for x in box.iter("tr")]
        for labels, values in pairwise(rows):
            if len(labels) >= 3 and len(labels) == len(values) and all(label_of(x) for x in labels):
                return [(label_of(x) or "", y) for x, y in zip(labels, values, strict=True)]
        return []

    def _beside_labels(self, box: HtmlElement) -> list[tuple[str, str]]:
        """The pairs of cells: the label in one and the value in the next, or both in one."""
        cells = [x for x in box.iter(*_CELLS) if len(x.text_content()) < 300]
        texts = [self._text(x) for x in cells] if cells else lines(box)
        found: dict[str, str] = {}
        for number, text in enumerate(texts):
            label = label_of(text)
            if label is not None:
                value = texts[number + 1] if number + 1 < len(texts) else ""
                value = "" if label_of(value) is not None else value
            else:
                head, colon, value = text.replace("：", ":").partition(":")
                label = label_of(head) if colon else None
            if label is not None:
                found.setdefault(label, value.strip())
        return list(found.items())
