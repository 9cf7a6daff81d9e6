"""Fields of 政府信息公开 tables, and document numbers that a text quotes."""

import re
from collections.abc import Sequence
from datetime import date

from pipeline.errors import ParseError
from pipeline.parse.dates import parse_date
from pipeline.parse.text import Clip, Trace
from pipeline.records import Document, Quote

_LABELS = {
    "index_number": "索引号 统一登记号 统一编号 索取号",
    "document_number": "发文字号 文号 文件编号 发文号 文件号",
    "issuer": "发文机关 发布机构 所属机构 公开责任部门 发布机关 发文单位 制发机关 发布单位 公开机构",
    "written_on": "成文日期 生成日期 产生日期 发文日期 成文时间",
    "issued_on": "发布日期 公布时间 发布时间 公开日期 公布日期",
    "subject": "主题分类 组配分类 信息分类 体裁分类 分类",
    "validity": "有效性 文件状态 信息有效期 时效性 有效状态 效力状态",
}
_FIELD_OF = {label: name for name, labels in _LABELS.items() for label in labels.split()}

_PADDING = re.compile(r"[\s:：【】\[\]]")  # 有 效 性：
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")  # 20241022

# 国发〔2024〕21号 | 云政办字[2023]7号
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,12}(?:〔|﹝|\[|（|\()\s?(?:19|20)\d{2}\s?(?:〕|﹞|\]|）|\))\s?(?:第\s?)?\d{1,5}\s?号"
)
_BEFORE_NUMBER = re.compile(
    r"^.{0,12}(?:根据|按照|依据|文件|通知|印发|关于|精神|转发|下发|以下简称|落实|贯彻|执行|参照|废止|见|和|及|与|的|为)"
)


def read_document(fields: Sequence[tuple[str, str]], trace: Trace) -> Document | None:
    """The document that label-value pairs describe, None where no label is known or all are blank."""
    found: dict[str, str] = {}
    for label, value in fields:
        name = _FIELD_OF.get(_PADDING.sub("", label))
        if name and value.strip():
            found.setdefault(name, value.strip())
    if not found:
        return None
    return Document(
        index_number=found.get("index_number"),
        document_number=found.get("document_number"),
        issuer=found.get("issuer"),
        written_on=_day(found.get("written_on"), trace),
        issued_on=_day(found.get("issued_on"), trace),
        subject=found.get("subject"),
        validity=found.get("validity"),
    )


def _day(value: str | None, trace: Trace) -> date | None:
    if value is None:
        return None
    compact = _COMPACT.fullmatch(value)
    words = f"{compact[1]}-{compact[2]}-{compact[3]}" if compact else value
    try:
        day = parse_date(words, None)
    except ParseError:
        day = None
    if day is None:
        trace.problem(f"no date in the document field {value!r}")
    return day


def read_references(paragraphs: Sequence[str], trace: Trace) -> tuple[Quote, ...]:
    """Document numbers that the text quotes: 国发〔2024〕21号; each once."""
    found: list[Quote] = []
    for number, line in enumerate(paragraphs):
        if "号" not in line:
            continue
        for m in _NUMBER.finditer(line):
            cut = _BEFORE_NUMBER.match(m[0])
            start = m.start() + (cut.end() if cut else 0)
            if line[start : start + 1] in "〔﹝[（(":
                continue
            if line[start : m.end()] not in {q.value for q in found}:
                found.append(
                    trace.quote(Clip(number, line, start, m.end()), "references", "document-number")
                )
    return tuple(found)
