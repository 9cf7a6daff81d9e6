"""What the pages themselves say, in simplified Chinese and in English.

Articles stay in Chinese. The pages that lead to them exist twice (English below ``en/``);
the page of an article exists once and holds both wordings, the English one shown where its
address ends in ``#en``.
"""

from collections.abc import Callable
from functools import cache
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
    "编码": "Encoding",
    "纠正乱码": "mojibake undone",
    "理顺混杂的编码": "mixed encodings sorted out",
    "还原被拆散的字": "split characters restored",
    "去掉夹注的拼音": "pinyin annotations removed",
    "转为简体字": "put into simplified characters",
    "恢复中文标点": "Chinese punctuation restored",
    "清理不可见字符": "invisible characters removed",
    "补全日期": "dates completed",
    "{n} 处无法恢复": "{n} places are lost",
    "存疑": "Doubts",
    "改动记录": "Revisions",
    "更正": "Corrected",
    "撤稿": "Withdrawn",
    "恢复": "Restored",
    "重新整理": "Read anew",
    "程序重新读取同一网页，原网站没有改动": (
        "our program read the same page better; the publisher changed nothing"
    ),
    # the front page and the pages of feeds
    "区闻：区县政务新闻订阅": "Quwen: news of China's districts and counties, as feeds",
    "区县政府网站的新闻与会议，整理为可订阅的 RSS、Atom 与 JSON Feed。": (
        "News and meetings from the sites of district and county governments, as RSS, Atom and JSON Feed."
    ),
    "区县政务新闻，用阅读器订阅": "News of district governments, in your reader",
    "收录 {sources} 个网站的 {articles} 篇文章，从中识别出 {meetings} 次会议：谁主持、哪天开、议了什么。全文照录，出处可查，改动有据。": (
        "{articles} articles of {sources} sites, with {meetings} meetings in them: who presided, on "
        "which day, what was decided. Full texts, with their source and every later change."
    ),
    "还没有内容：先运行一次采集。": "Nothing here yet: read some sites first.",
    "总览": "Overview",
    "全部文章": "All articles",
    "更正与撤稿": "Corrections",
    "所有收录网站的最新文章，附全文。": "The newest articles of all sites, in full.",
    "各地报道的会议：日期、主持人、议题与全文。": "Meetings: day, chair, agenda and the full report.",
    "原网站事后改动或撤下的文章，附前后对照。": (
        "What publishers changed or took down afterwards, before and after."
    ),
    "复制 RSS 地址": "Copy RSS address",
    "已复制": "Copied",
    "{day} 召开": "held {day}",
    "{name}主持": "{name} presided",
    "{n} 项议题": "agenda: {n}",
    "最近的会议": "Latest meetings",
    "最新文章": "Latest articles",
    "还没有。": "None yet.",
    "按地区订阅": "By district",
    "转载 {name}": "mirrors {name}",
    "{n} 篇，最新 {day}": "{n} articles, newest {day}",
    "暂时读不到": "Cannot be read now",
    "{n} 个栏目": "{n} columns",
    "选一个阅读器，如 NetNewsWire、FreshRSS、Miniflux、Inoreader、Feedly。": (
        "Choose a reader, such as NetNewsWire, FreshRSS, Miniflux, Inoreader or Feedly."
    ),
    "找到地区或栏目，复制它的 RSS 链接地址，粘贴到阅读器的“添加订阅”里。三种格式内容相同，任选一种，不要同时订阅。": (
        "Find a district or column, copy its RSS address and paste it where your reader adds "
        "feeds. The three forms say the same: take one of them."
    ),
    "想一次订阅全部：在阅读器里导入下面的文件。": "To follow everything, import this file:",
    "每条都带全文；会议报道开头有会议、日期、主持人与议题的表格。原网站改动或撤下文章时，条目会注明。": (
        "Entries hold the full text; those of meetings open with a table. They say so when the "
        "publisher changes or withdraws an article."
    ),
    "供程序使用：": "For programs: ",
    "{first} 至 {last} 每天发布的文章": "Articles a day, {first} to {last}",
    "共 {articles} 篇，其中 {meetings} 篇报道会议。颜色越深，当天文章越多；圆点是会议。": (
        "{articles} articles, {meetings} of them on meetings. Darker: more that day; a dot: a meeting."
    ),
    "{n}月": "{n}",
    "{n} 篇": "{n} articles",
    "会议 {n}": "meetings: {n}",
    "按月列表": "By month",
    "月份": "Month",
    "文章": "Articles",
    "原网站": "Site",
    "一年来": "The last year",
    "栏目": "Columns",
    "订阅源里的 {n} 条": "The {n} entries of this feed",
    "更早的内容在存档里（RFC 5005，逐份相连）：": "Older ones are in the archive (RFC 5005): ",
    "存档": "Archive",
    # persons, topics and bodies
    "也见于": "Also at",
    "首发": "first",
    "职务（照原文）": "Office, as written",
    "在会议中": "In meetings",
    "各地议题": "On agendas",
    "历次会议": "Meetings so far",
    "发言": "spoke",
    "会议机构": "Bodies",
    "会议报道里多次出现的人。每人一页，可以订阅。": (
        "People whom several reports of meetings name: a page and a feed for each."
    ),
    "按词语归类的文章，附各地会议上的相关议题。": (
        "Articles by subject, with what meetings had on their agendas about it."
    ),
    "召开会议的机构：历次会议、主持人与议题数。": (
        "Bodies that meet: their meetings, who presided, how much was on the agenda."
    ),
    "全部人物": "All people",
    "全部主题": "All topics",
    # how the sources fare
    "每个网站最近读到哪天、多久更新一次、有没有异常。有异常的排在前面。": (
        "When each site was read last, how often it publishes, and what is wrong with it. Those in "
        "trouble come first."
    ),
    "正常": "Well",
    "有异常": "Unusual",
    "读不到": "Cannot be read",
    "最近读到": "Read last",
    "从未": "never",
    "节奏": "Rhythm",
    "30 天内": "In 30 days",
    "共": "In all",
    "{n} 页读不懂": "{n} pages not understood",
    "每天约 {n} 篇": "about {n} a day",
    "每周约 {n} 篇": "about {n} a week",
    "30 天内 {n} 篇": "{n} in 30 days",
    "30 天里每天的文章：共 {n} 篇": "Articles a day over 30 days: {n} in all",
    "{day} 起": "since {day}",
    "上次成功 {day}": "last read {day}",
    "久无更新": "nothing new for unusually long",
    "列表无条目": "its list has no items",
    "列表缺日期": "its list has no dates",
    "多数页面无法识别": "most pages are not understood",
    "文章无正文": "articles without text",
    "文章缺标题": "articles without title",
    "文章缺日期": "articles without date",
    "文章缺来源": "articles without origin",
    "文章缺作者与编辑": "articles without author or editor",
    "网站拒绝程序访问": "the site refuses programs",
    "网站无法访问": "the site cannot be reached",
    "robots.txt 禁止访问": "robots.txt forbids reading",
    "已知文章大批消失或改样": "many known articles vanished or changed",
    # searching
    "输入词语：简体、繁体皆可；几个词之间留空格，须全部出现。": (
        "Type words in Chinese, simplified or traditional. Leave blanks between words: all have to be there."
    ),
    "正在查找……": "Searching …",
    "找到 {n} 篇": "{n} found",
    "没有找到。换个说法，或放宽筛选。": "Nothing found. Try other words or fewer filters.",
    "现在读不到索引：请稍后再试。直接从磁盘打开的页面不能搜索。": (
        "The index cannot be read now: try again later. Pages opened from a disk cannot search."
    ),
    "如：常务会议、老旧小区、人名": "e.g. 常务会议, a name",
    "全部地区": "All districts",
    "体裁": "Kind",
    "全部体裁": "All kinds",
    "含会议记录": "With a meeting",
    "动态": "Story",
    "会议报道": "Meeting",
    "会议纪要": "Minutes",
    "通知公告": "Notice",
    "要闻集纳": "Rundown",
    "文摘": "Digest",
    "目录": "Index",
    "实录": "Transcript",
    "表单": "Form",
    "仅标题": "Headline only",
    "自": "From",
    "至": "To",
    "搜索要用到 JavaScript，其余页面都不用。": "Searching needs JavaScript; no other page does.",
    "更多": "More",
    "标题": "title",
    "正文": "text",
}
"""English by the Chinese words that the templates use. What is missing here is an error."""


_BOTH = Markup('<span class="zh">{}</span><span class="en" lang="en" hidden>{}</span>')


@cache
def _label(text: str) -> str:
    return _BOTH.format(text, ENGLISH[text])


@cache
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
        return _BOTH.format(zh(text, **values), en(text, **values)) if values else _label(text)

    return {"zh": zh, "en": en, "both": both}[language]
