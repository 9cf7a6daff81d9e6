"""What the pages themselves say, in simplified Chinese and in English.

Articles stay in Chinese. The pages that lead to them exist twice (English below ``en/``);
the page of an article exists once and holds both wordings, the English one shown where its
address ends in ``#en``.
"""

from collections.abc import Callable
from typing import Literal

from markupsafe import Markup

Language = Literal["zh", "en", "both"]
Words = Callable[..., str]

ENGLISH = {
    # every page
    "跳到正文": "Skip to content",
    "站内": "Site",
    "首页": "Home",
    "会议": "Meetings",
    "最新": "Latest",
    "地区": "Districts",
    "人物": "People",
    "主题": "Topics",
    "搜索": "Search",
    "各站状况": "Status",
    "怎样订阅": "How to subscribe",
    "非官方转载：本站与各发布单位无隶属关系。内容由程序读取公开网页并整理，可能有误，一切以原网页为准。": (
        "Unofficial: this site has no ties with the publishers. A program reads public pages and "
        "arranges them; it may err. The original page is what counts."
    ),
    # an article
    "来源": "Origin",
    "已撤稿": "Withdrawn",
    "原网站已不再提供此文（{at} 确认），以下为撤下之前的内容。": (
        "The publisher no longer shows this article (confirmed {at}). This is what it said before."
    ),
    "有改动": "Changed",
    "原网站改动过此文（{at} 发现），以下为最新内容。": (
        "The publisher changed this article (found {at}). This is the newest wording."
    ),
    "次数": "Number",
    "日期": "Date",
    "主持": "Presided",
    "讲话": "Speaker",
    "地点": "Place",
    "出席": "Attending",
    "列席": "Also present",
    "议题": "Agenda",
    "会议要求": "Statements",
    "汇报": "Reported by",
    "会议（说话人）": "The meeting",
    "原文此处": "In the text",
    "全文": "Full text",
    "公文信息": "Document",
    "索引号": "Index number",
    "发文字号": "Document number",
    "发文机关": "Issuer",
    "成文日期": "Written on",
    "发布日期": "Published on",
    "主题分类": "Subject",
    "有效性": "Validity",
    "图片": "Pictures",
    "图": "Picture",
    "附件": "Attachments",
    "署名": "Credits",
    "出处与修复": "Provenance",
    "原文": "Original",
    "首次读到": "First read",
    "最近变动": "Last change",
    "北京时间": "Beijing time",
    "文字修复": "Repairs",
    "无": "none",
    "编码": "encoding",
    "存疑": "Doubts",
    "改动记录": "Revisions",
    "更正": "Corrected",
    "撤稿": "Withdrawn",
    "恢复": "Restored",
    "重新整理": "Read anew",
    "程序重新读取同一网页，原网站没有改动": (
        "our program read the same page better; the publisher changed nothing"
    ),
    "标题": "title",
    "正文": "text",
}
"""English by the Chinese words that the templates use. What is missing here is an error."""


_BOTH = Markup('<span class="zh">{}</span><span class="en" lang="en" hidden>{}</span>')


def in_language(language: Language) -> Words:
    """A function for templates: the words of a page in its language, with values put in.

    ``both`` gives the two wordings as markup, the English one hidden until it is asked for.
    Raises KeyError for words that have no English.
    """

    def zh(text: str, **values: object) -> str:
        return text.format(**values) if values else text

    def en(text: str, **values: object) -> str:
        return zh(ENGLISH[text], **values)

    def both(text: str, **values: object) -> str:
        return _BOTH.format(zh(text, **values), en(text, **values))

    return {"zh": zh, "en": en, "both": both}[language]
