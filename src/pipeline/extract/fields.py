"""Label and value pairs of 政府信息公开 (open government information) boxes."""

from itertools import pairwise

from lxml.html import HtmlElement

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


def fields(root: HtmlElement) -> tuple[tuple[tuple[str, str], ...], frozenset[HtmlElement]]:
    """The pairs of the page's information box, and the elements that hold them.

    A box is a table or list with at least three known labels; where none is, both are empty.
    """
    for box in root.iter("table", "ul", "dl", "div"):
        if tag_of(box) == "div" and len(box) > 60:
            continue
        text = box.text_content()
        if (
            len(text) > 3_000
            or not sum(
                x in text
                for x in (
                    "索取号",
                    "时间",
                    "机构",
                    "编号",
                    "索引号",
                    "发布机构",
                    "发文机关",
                    "日期",
                    "文号",
                    "字号",
                    "分类",
                    "名称",
                    "有效性",
                    "主题词",
                )
            )
            >= 3
        ):
            continue
        if any(_is_box(x) for x in box.iter("table", "ul", "dl", "div") if x is not box):
            continue
        pairs = _pairs(box)
        if len(pairs) >= 3:
            return tuple(pairs), frozenset({box})
    return (), frozenset()


def _is_box(element: HtmlElement) -> bool:
    return len(_pairs(element)) >= 3


def _pairs(box: HtmlElement) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    rows = [[text_of(y) for y in x if tag_of(y) in {"td", "th"}] for x in box.iter("tr")]
    for labels, values in pairwise(rows):
        # A row of labels above a row of values
        if len(labels) >= 3 and len(labels) == len(values) and all(label_of(x) for x in labels):
            return [(label_of(x) or "", y) for x, y in zip(labels, values, strict=True)]
    cells = [
        x
        for x in box.iter("td", "th", "dt", "dd", "li", "p", "span", "strong", "b", "em")
        if len(x.text_content()) < 300
    ]
    texts = [text_of(x) for x in cells] if cells else lines(box)
    for number, text in enumerate(texts):
        label = label_of(text)
        if label is not None:
            value = texts[number + 1] if number + 1 < len(texts) else ""
            value = "" if label_of(value) is not None else value
        else:
            head, colon, value = text.replace("：", ":").partition(":")
            label = label_of(head) if colon else None
            value = value.strip()
        if label is not None and label not in (x for x, _ in found):
            found.append((label, value.strip()))
    return found
