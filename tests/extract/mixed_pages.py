"""Article pages put together at random from the parts that sites use, with what they say.

Frames, headers, texts and what stands behind them vary each on its own, so that a page of
every combination can be had: sites nobody has seen combine the same parts in other ways.
All words are made up.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

SITE = "云泽区人民政府"
COLUMN = "政务要闻"
URLS = (
    "http://www.yunze.gov.example/xwzx/zwyw/48213.html",
    "http://www.yunze.gov.example/xwzx/zwyw/202611/t20261118_48213.html",
    "http://www.yunze.gov.example/art/2026/11/18/art_1201_48213.html",
    "http://www.yunze.gov.example/info/1042/48213.htm",
    "http://www.yunze.gov.example/yz/c100021/202611/48213.shtml",
    "http://www.yunze.gov.example/xwzx/content/post_48213.html",
    "http://www.yunze.gov.example/News/show/48213.html",
    "http://www.yunze.gov.example/news_show.aspx?id=48213",
    "http://www.yunze.gov.example/index.php?m=content&c=index&a=show&catid=9&id=48213",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What a page says. ``origin`` and ``minute`` are None where the page does not say them."""

    title: str
    texts: tuple[str, ...]
    day: str = "2026-11-18"
    minute: str | None = "16:20"
    origin: str | None = "云泽融媒"

    @property
    def published(self) -> str:
        """As a record writes it."""
        return f"{self.day}T{self.minute}:00+08:00" if self.minute else self.day


STORIES: dict[str, Story] = {
    "meeting": Story(
        title="云泽区召开老旧小区改造工作推进会",
        texts=(
            "11月18日上午，云泽区召开老旧小区改造工作推进会，区长顾怀舟出席会议并讲话，副区长白若溪主持会议。",
            "会议听取了今年改造进度的汇报，研究了管网更新、加装电梯、停车位增设等问题。",
            "顾怀舟指出，改造工作事关群众切身利益，要倒排工期，确保年底前完成全部二十六个小区。",
            "会议要求，各街道要做好解释工作，让居民看得见变化、提得出意见。",
            "区直有关部门、各街道主要负责同志参加会议。",
        ),
    ),
    "long": Story(
        title="顾怀舟主持召开区政府第52次常务会议",
        texts=(
            "云泽讯（记者 何一诺）11月17日，区委副书记、区长顾怀舟主持召开区政府第52次常务会议，研究冬季供暖、秋粮收购、安全生产等工作。",
            *(
                f"会议听取了关于{x}工作情况的汇报。会议指出，{x}关系千家万户，各有关部门要提高站位，压实责任，细化举措，"
                "抓紧补齐短板弱项，确保各项任务按期完成；要加强统筹调度，建立周通报、月例会机制，对进展缓慢的及时督办。"
                for x in ("冬季供暖", "秋粮收购", "安全生产", "校园食堂", "养老服务", "河湖治理", "招商引资", "信访维稳")
            ),
            "会议还研究了其他事项。",
        ),
    ),
    "short": Story(
        title="云泽区政协举行专题协商会",
        texts=("11月18日，区政协举行专题协商会，围绕古镇保护建言献策。区政协主席严明远主持会议。",),
    ),
    "notice": Story(
        title="云泽区人民政府关于调整望江路限行时段的通告",
        texts=(
            "为保障望江路大桥检修期间交通安全，根据《中华人民共和国道路交通安全法》有关规定，现将有关事项通告如下：",
            "一、限行时段：2026年12月1日至12月20日，每日7时至19时。",
            "二、限行路段：望江路（石桥街至柳林街段）。",
            "三、限行期间，请过往车辆绕行南浦路、东亭路。",
            "特此通告。",
            "云泽区人民政府",
            "2026年11月16日",
        ),
    ),
    "headings": Story(
        title="我区三项举措推进“家门口”就业",
        texts=(
            "今年以来，我区围绕高质量充分就业，多措并举促进群众在家门口上岗。",
            "搭平台，岗位送上门",
            "建成零工驿站14个，发布岗位信息9200余条，帮助3100余人实现就业。",
            "强技能，培训进车间",
            "开设家政、电工、育婴等课程36期，培训学员1840人次。",
            "优服务，政策直达快享",
            "发放创业担保贷款2600万元，惠及小微企业87家。（何一诺 通讯员 陆青）",
        ),
    ),
    "name-of-an-office": Story(
        title="顾怀舟到望江街道调研区人民医院",
        texts=(
            "11月17日，区长顾怀舟到望江街道调研区人民医院迁建工程，察看门诊楼、住院部施工现场。",
            "顾怀舟强调，要把质量安全放在首位，争取明年国庆前投用。",
        ),
    ),
    "day-in-title": Story(
        title="2026年11月18日云泽区空气质量日报",
        texts=("监测显示，11月18日全区空气质量为良，首要污染物为细颗粒物，未来三天以多云天气为主。",),
    ),
    "of-four-characters": Story(
        title="停水公告",
        texts=("因望江路管道检修，定于11月19日8时至18时对望江街道、石桥街道部分小区停止供水，请提前做好储水准备。",),
    ),
    "government-in-title": Story(
        title="云泽区人民政府办公室关于印发《老旧小区改造三年方案》的通知",
        texts=(
            "各街道办事处，区政府各部门、各直属单位：",
            "《老旧小区改造三年方案》已经区政府第52次常务会议审议通过，现印发给你们，请认真组织实施。",
            "云泽区人民政府办公室",
            "2026年11月16日",
            "（此件公开发布）",
        ),
    ),
    "column-in-title": Story(
        title="云泽区政务公开工作要点",
        texts=(
            "为做好今年政务公开工作，制定本要点。",
            "加强重点领域信息公开，及时发布就业、养老、教育等政策。",
            "健全解读回应机制，重大政策须由负责同志解读。",
        ),
    ),
    "questions": Story(
        title="《云泽区停车管理办法》解读",
        texts=(
            "问：为什么要出台这个办法？",
            "答：近年来，机动车保有量持续增长，停车难问题日益突出，原有规定已不适应管理需要。",
            "问：办法什么时候施行？",
            "答：自2027年1月1日起施行，有效期五年。",
        ),
    ),
}  # fmt: skip

Part = Callable[[Story, random.Random], str]


def _menu(*names: str) -> str:
    return "".join(f"<li><a href='/c{i}/'>{x}</a></li>" for i, x in enumerate(names))


_NAMES = (
    "首页",
    "走进云泽",
    "新闻中心",
    "政务公开",
    "办事服务",
    "互动交流",
    "数据开放",
    "专题专栏",
)
_OTHERS = tuple(
    f"{x}街道开展{y}专项整治行动" for x in ("望江", "柳林", "石桥", "东亭", "南浦")
    for y in ("消防安全", "环境卫生", "占道经营")
)  # fmt: skip


def _links(count: int, *, day: str = "") -> str:
    """Rows of other stories; *day* is a form for `str.format`, or empty."""
    return "".join(
        f"<li><a href='/xwzx/zwyw/{47000 + i}.html' title='{x}'>{x}</a>{day.format(n=17 - i)}</li>"
        for i, x in enumerate(_OTHERS[:count])
    )


TOPS: dict[str, Part] = {
    "menu": lambda s, r: f"<div class='head'><img src='/images/logo.png' alt='{SITE}'><ul class='nav'>{_menu(*_NAMES)}</ul></div>",
    "menu-unnamed": lambda s, r: f"<div><div>今天是2026年11月23日 星期一 农历十月十五</div><div><a href='/en/'>English</a> | <a href='/fan/'>繁體</a> | <a href='/wza/'>无障碍</a></div><ul>{_menu(*_NAMES)}</ul></div>",
    "dropdown": lambda s, r: "<nav><ul>" + "".join(f"<li><a href='/{x}/'>{n}</a><ul>{_menu('区情概况', '机构职能', '领导之窗', '法定主动公开内容', '政府信息公开指南', '依申请公开')}</ul></li>" for x, n in enumerate(_NAMES)) + "</ul></nav>",
    "table-menu": lambda s, r: "<table width='1000'><tr><td colspan='8'><img src='/images/top.jpg'></td></tr><tr>" + "".join(f"<td><a href='/{i}/'>{x}</a></td>" for i, x in enumerate(_NAMES)) + "</tr></table>",
    "search": lambda s, r: f"<header><h2><a href='/'>{SITE}</a></h2><form><input name='q' value='请输入关键字'><button>搜索</button></form><p>热搜：<a href='/s?q=1'>社保</a> <a href='/s?q=2'>公积金</a> <a href='/s?q=3'>不动产登记</a></p></header>",
    "login": lambda s, r: f"<div id='top'><span>欢迎您访问{SITE}门户网站！</span><a href='/login'>登录</a><a href='/reg'>注册</a></div><div><a href='/'>首页</a><a href='/xw/'>新闻</a><a href='/gk/'>公开</a></div>",
    "none": lambda s, r: "",
}  # fmt: skip

CRUMBS: dict[str, Part] = {
    "label": lambda s, r: f"<div class='position'>当前位置：<a href='/'>首页</a> &gt; <a href='/xwzx/'>新闻中心</a> &gt; <a href='/xwzx/zwyw/'>{COLUMN}</a></div>",
    "body": lambda s, r: f"<div>您现在的位置： <a href='/'>网站首页</a>&gt;&gt;<a href='/xwzx/zwyw/'>{COLUMN}</a>&gt;&gt; 正文</div>",
    "bare": lambda s, r: f"<p><a href='/'>首页</a> / <a href='/xwzx/'>新闻中心</a> / <a href='/xwzx/zwyw/'>{COLUMN}</a> / 详情</p>",
    "title": lambda s, r: f"<div>当前位置：<a href='/'>首页</a>&nbsp;&gt;&nbsp;<a href='/xwzx/zwyw/'>{COLUMN}</a>&nbsp;&gt;&nbsp;<span>{s.title}</span></div>",
    "column": lambda s, r: f"<div class='lm'><h2>{COLUMN}</h2></div>",
    "column-line": lambda s, r: f"<h3>{COLUMN}</h3><div><b>您的位置</b><a href='/'>{SITE}</a>»<a href='/xwzx/zwyw/'>{COLUMN}</a></div>",
    "none": lambda s, r: "",
}  # fmt: skip

HEAD_TITLES: dict[str, Part] = {
    "title": lambda s, r: s.title,
    "title-site": lambda s, r: f"{s.title}_{SITE}",
    "title-column-site": lambda s, r: f"{s.title} - {COLUMN} - {SITE}门户网站",
    "site-title": lambda s, r: f"{SITE} {COLUMN} {s.title}",
    "site-title-dash": lambda s, r: f"{SITE}-{s.title}",
    "title-bar": lambda s, r: f"{s.title}|{COLUMN}|{SITE}",
    "site": lambda s, r: f"{SITE}门户网站",
    "column": lambda s, r: f"{COLUMN}-{SITE}",
    "detail": lambda s, r: "文章详情",
    "none": lambda s, r: "",
}  # fmt: skip


def _metas(s: Story, *, day: str | None = None) -> str:
    origin = f'<meta name="ContentSource" content="{s.origin}">' if s.origin else ""
    return (
        f'<meta name="SiteName" content="{SITE}"><meta name="SiteIDCode" content="9901030001"><meta name="ColumnName" content="{COLUMN}">'
        f'<meta name="ArticleTitle" content="{s.title}"><meta name="PubDate" content="{day or s.day} {s.minute or "00:00"}">{origin}'
    )


METAS: dict[str, Part] = {
    "all": lambda s, r: _metas(s),
    "imported-later": lambda s, r: _metas(s, day="2026-12-30"),
    "of-the-site": lambda s, r: f'<meta name="SiteName" content="{SITE}"><meta name="keywords" content="云泽,政府"><meta name="description" content="{SITE}门户网站">',
    "of-the-column": lambda s, r: f'<meta name="SiteName" content="{SITE}"><meta name="ColumnName" content="{COLUMN}"><meta name="ColumnType" content="工作动态">',
    "description": lambda s, r: f'<meta name="keywords" content="{s.title}"><meta name="description" content="{s.texts[0][:40]}">',
    "none": lambda s, r: "",
}  # fmt: skip

TITLES: dict[str, Part] = {
    "h1": lambda s, r: f"<h1>{s.title}</h1>",
    "h2-class": lambda s, r: f"<h2 class='arc-tit'>{s.title}</h2>",
    "h3-centered": lambda s, r: f"<h3 align='center'><font color='#c00'>{s.title}</font></h3>",
    "div-title": lambda s, r: f"<div class='title'>{s.title}</div>",
    "div": lambda s, r: f"<div>{s.title}</div>",
    "p-strong": lambda s, r: f"<p style='text-align:center'><strong>{s.title}</strong></p>",
    "broken": lambda s, r: f"<h1>{s.title[:11]}<br>{s.title[11:]}</h1>",
    "two-divs-up": lambda s, r: f"<div><div><div>{s.title}</div></div></div>",
    "comment": lambda s, r: f"<div><!--<$[标题]>begin-->{s.title}<!--<$[标题]>end--></div>",
    "ucap": lambda s, r: f"<div><ucaptitle>{s.title}</ucaptitle></div>",
    "subtitle": lambda s, r: f"<h1>{s.title}</h1><h2>——以扎实作风推动工作落地</h2>",
    "kicker": lambda s, r: f"<h4>以扎实作风推动工作落地</h4><h1>{s.title}</h1>",
    "hidden-twin": lambda s, r: f"<h1>{s.title}</h1><div style='display:none'><h1>{s.title}</h1></div>",
    "table-caption": lambda s, r: f"<table width='100%'><tr><td align='center' class='bt'>{s.title}</td></tr></table>",
    "input-beside": lambda s, r: f"<input type='hidden' id='t' value='{s.title}'><div id='tit'><span>{s.title}</span></div>",
}  # fmt: skip


def _stamp(form: str) -> Part:
    """The line of date and origin; *form* may name day, zh (2026年11月18日), minute, origin."""

    def part(s: Story, r: random.Random) -> str:
        year, month, day = s.day.split("-")
        return form.format(
            day=s.day,
            zh=f"{year}年{int(month)}月{int(day)}日",
            slashed=s.day.replace("-", "/"),
            dotted=s.day.replace("-", "."),
            minute=s.minute,
            hour=(s.minute or "0:0").split(":")[0],
            min=(s.minute or "0:0").split(":")[1],
            origin=s.origin,
            ym=s.day[:7],
            d=day,
        )

    return part


STAMPS: dict[str, Part] = {
    "time-origin": _stamp("<div>发布时间：{day} {minute}　来源：{origin}</div>"),
    "origin-time": _stamp("<div class='info'><span>来源：{origin}</span><span>发布时间：{day} {minute}</span></div>"),
    "seconds-hits": _stamp("<div>{day} {minute}:00　来源：{origin}　浏览次数：<span id='hits'>1024</span>次</div>"),
    "bars": _stamp("<p>来源：{origin} | 作者：何一诺 | 发布时间：{zh} {minute} | 浏览：<i>33</i>次</p>"),
    "labels-apart": _stamp("<div><span>来源：</span><span>{origin}</span><span>时间：</span><span>{day} {minute}</span><span>阅读量：</span><span>108</span></div>"),
    "list": _stamp("<ul><li>发布日期：{day} {minute}</li><li>信息来源：{origin}</li><li>点击数：17</li><li>字体：<a>大</a><a>中</a><a>小</a></li></ul>"),
    "definitions": _stamp("<dl><dt>时间：</dt><dd>{day} {minute}</dd><dt>来源：</dt><dd>{origin}</dd></dl>"),
    "brackets": _stamp("<div>【发布日期：{day} {minute}】【来源：{origin}】【字号：大 中 小】【打印】【关闭】</div>"),
    "bare": _stamp("<div>{day} {minute}　{origin}</div>"),
    "bare-apart": _stamp("<div><em>{day} {minute}</em><em>{origin}</em></div>"),
    "slashes": _stamp("<div>信息来源： {origin} &nbsp;&nbsp; 发布时间： {slashed} {minute} &nbsp;&nbsp;字号：[ <a>大</a> <a>中</a> <a>小</a> ]</div>"),
    "many": _stamp("<div>来源:{origin} 作者:何一诺 编辑:陆青 发表时间:{day} {minute} 点击数:11</div>"),
    "article-origin": _stamp("<div>文章来源：{origin}　　更新时间：{day} {minute}:07</div>"),
    "two-lines": _stamp("<div>时间：{day} {minute}</div><div>来源：{origin}</div>"),
    "hours": _stamp("<div>{zh} {minute}　　来源：<a href='http://www.yunzenews.example/' target='_blank'>{origin}</a></div>"),
    "editor": _stamp("<div>来源：{origin}　责任编辑：陆青　{day} {minute}</div>"),
    "posted": _stamp("<div>来源：{origin}　发布于：{day} {minute}:01　<a href='javascript:;'>分享</a></div>"),
    "colons-spaced": _stamp("<div>发布时间 ：{day} {minute} 来源 ：{origin} 访问量 ：5</div>"),
    "table": _stamp("<table><tr><td>发布日期：{day} {minute}</td><td>来源：{origin}</td><td>浏览：9</td></tr></table>"),
    "table-cells": _stamp("<table><tr><td>来源</td><td>{origin}</td><td>发布时间</td><td>{day} {minute}</td></tr></table>"),
    "draft-origin": _stamp("<div>稿源：{origin}　日期：{day} {minute}　审核：陆青</div>"),
    "hits-first": _stamp("<p>浏览次数：<span>88</span>　发布日期：{dotted} {minute}　信息来源：{origin}</p>"),
    "reader": _stamp("<div>{day} {minute} 来源：{origin} <span>听全文</span><span>A-</span><span>A+</span><span>分享至</span></div>"),
    "glued": _stamp("<div>来源：{origin}发布时间：{day} {minute}浏览次数：12</div>"),
    "glued-spans": _stamp("<div><span>{day} {minute}</span><span>来源：{origin}</span><span>作者：</span></div>"),
    "admin": _stamp("<div>发布者：admin　发布时间：{day} {minute}　来源：{origin}　已浏览 66 次</div>"),
    "zero-tenths": _stamp("<div>发布时间：{day} {minute}:00.0　来源：{origin}</div>"),
    "hours-in-characters": _stamp("<div>{zh} {hour}时{min}分　来源：{origin}</div>"),
    "square-brackets": _stamp("<p>[{day} {minute}]　[来源：{origin}]</p>"),
    "full-width": _stamp("<p>（{day}　{hour}：{min}）　来源：{origin}</p>"),
    "updated-too": _stamp("<p>发布时间：{day} {minute}　更新时间：2026-11-20 09:00　来源：{origin}</p>"),
    "reporters": _stamp("<p>来源：{origin}　记者：何一诺　通讯员：陆青　{day} {minute}</p>"),
    "quoted-origin": _stamp("<p>来源：{origin}&nbsp;|&nbsp;{day} {minute}&nbsp;|&nbsp;阅读 12</p>"),
    "reprinted": _stamp("<p><span>{day} {minute}</span> <span>文章来源：</span><a>{origin}</a> <span>【收藏】【打印文章】</span></p>"),
    "labelled-by-icons": _stamp("<div><i class='icon-time'></i>{day} {minute}<i class='icon-eye'></i>123<i class='icon-from'></i>来源：{origin}</div>"),
    "valid-until": _stamp("<p>发布日期：{day} {minute}　有效期至：2027-12-31　来源：{origin}</p>"),
    "english": _stamp("<div class='meta'><time datetime='{day}T{minute}:00+08:00'>{day} {minute}</time> <b>来源：{origin}</b></div>"),
}  # fmt: skip

DAY_STAMPS: dict[str, Part] = {
    "day-origin": _stamp("<div>发布时间：{day}　来源：{origin}　字体：【大 中 小】</div>"),
    "day-bare": _stamp("<div>{day}　{origin}</div>"),
    "day-zh": _stamp("<div>{zh}　来源：{origin}</div>"),
    "day-box": _stamp("<div><b>{d}</b><i>{ym}</i></div><div>来源：{origin}</div>"),
}
"""Lines that name the day and no time."""

ALONE_STAMPS: dict[str, Part] = {
    "time-alone": _stamp("<div>发布时间：{day} {minute}　浏览次数：77</div>"),
    "time-bare-alone": _stamp("<div>{day} {minute}</div>"),
    "origin-empty": _stamp("<div>来源：　　时间：{day} {minute}　　阅读：6</div>"),
    "office-of-the-day": _stamp("<div>发布人：管理员　日期：{zh} {minute}</div>"),
}
"""Lines that name no origin."""


def _each(tag: str, indent: str = "　　", style: str = "") -> Part:
    return lambda s, r: "".join(f"<{tag}{style}>{indent}{x}</{tag}>" for x in s.texts)


BODIES: dict[str, Part] = {
    "p": _each("p"),
    "p-styled": _each("p", "", " style='text-indent:2em;line-height:2'"),
    "div": _each("div"),
    "breaks": lambda s, r: "<br>".join("&nbsp;&nbsp;&nbsp;&nbsp;" + x for x in s.texts),
    "double-breaks": lambda s, r: "<br><br>\n".join("　　" + x for x in s.texts),
    "one-p-with-breaks": lambda s, r: "<p>" + "<br>　　".join(s.texts) + "</p>",
    "spans": lambda s, r: "".join(f"<p><span><span>{x[:7]}</span><font>{x[7:8]}</font></span><span lang='EN-US'>{x[8:]}<o:p></o:p></span></p>" for x in s.texts),
    "sections": lambda s, r: "<section>" + "".join(f"<section><section><p><span>{x}</span></p></section></section>" for x in s.texts) + "</section>",
    "cell": lambda s, r: "<table><tbody><tr><td>" + _each("p")(s, r) + "</td></tr></tbody></table>",
    "empty-between": lambda s, r: "<p>&nbsp;</p>".join(f"<p>　　{x}</p>" for x in s.texts),
    "pictures-between": lambda s, r: "<p style='text-align:center'><img src='./W1.jpg' alt=''></p>".join(f"<p>　　{x}</p>" for x in s.texts),
    "list": lambda s, r: f"<p>{s.texts[0]}</p><ul>" + "".join(f"<li>{x}</li>" for x in s.texts[1:]) + "</ul>",
    "bold": lambda s, r: "".join(f"<p><b>{x}</b></p>" if len(x) < 14 else f"<p>{x}</p>" for x in s.texts),
}  # fmt: skip

ENDINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    # What may stand in the text's own element behind the text: the markup, and its lines
    "none": ("", ()),
    "none-again": ("", ()),
    "caption": ("<p style='text-align:center'><img src='/p/1.jpg' width='600'></p><p style='text-align:center'>图为会议现场。陆青 摄</p>", ("图为会议现场。陆青 摄",)),
    "credits": ("<p>编辑：陆青　审核：何一诺</p>", ("编辑：陆青　审核：何一诺",)),
    "file": ("<p>附件：<a href='./P1.docx'>老旧小区改造任务清单.docx</a></p>", ("附件：老旧小区改造任务清单.docx",)),
    "table": ("<table border='1'><tr><td>街道</td><td>小区</td></tr><tr><td>望江</td><td>12</td></tr></table>", ("街道", "小区", "望江", "12")),
    "hidden": ("<div style='display:none'><p>这是不显示的说明文字，请勿理会，谢谢。</p></div><style>.p{margin:0}</style>", ()),
    "video": ("<video controls><source src='/1.mp4'></video><script>var player = new Player('，。，。');</script>", ()),
    "blank": ("<p><br></p><p>&nbsp;</p><p><span></span></p>", ()),
}  # fmt: skip

BOXES: dict[str, str] = {
    "trs": "<div class='TRS_Editor'>{}</div>",
    "zoom": "<div id='zoom'>{}</div>",
    "vsb": "<div id='vsb_content'><div class='v_news_content'>{}</div></div>",
    "ucap": "<div id='UCAP-CONTENT'><ucapcontent>{}</ucapcontent></div>",
    "content": "<div class='content'>{}</div>",
    "unnamed": "<div>{}</div>",
    "unnamed-deep": "<div><div><div>{}</div></div></div>",
    "cell": "<table width='100%'><tr><td style='padding:10px'>{}</td></tr></table>",
    "none": "{}",
}

TAILS: dict[str, Part] = {
    "none": lambda s, r: "",
    "print": lambda s, r: "<div>【<a href='javascript:print()'>打印本页</a>】【<a href='javascript:close()'>关闭窗口</a>】</div>",
    "share": lambda s, r: "<div class='share'>分享到：<a href='#'>微信</a><a href='#'>微博</a><a href='#'>QQ空间</a></div><div>扫一扫在手机打开当前页<img src='/qr?u=1'></div>",
    "neighbours": lambda s, r: "<div><p>上一篇：<a href='48212.html'>云泽区部署冬季供暖保障工作</a></p><p>下一篇：<a href='48214.html'>全区信访工作会议召开</a></p></div>",
    "neighbours-list": lambda s, r: "<ul><li>上一条：<a href='1.htm'>云泽区部署冬季供暖保障工作</a></li><li>下一条：没有了</li></ul>",
    "neighbours-bare": lambda s, r: "<div>上一篇: 没有了</div><div>下一篇: <a href='48214.html'>全区信访工作会议召开</a></div>",
    "related": lambda s, r: f"<div><h4>相关新闻</h4><ul>{_links(5)}</ul></div>",
    "related-days": lambda s, r: f"<div>相关文章：<ul>{_links(6, day='<span>2026-11-{n:02}</span>')}</ul></div>",
    "recommended": lambda s, r: f"<div><div>推荐阅读</div><div>{''.join(f'<p><a href=/{i}.html>{x}</a></p>' for i, x in enumerate(_OTHERS[:6]))}</div></div>",
    "claims": lambda s, r: "<p>（注：本网转载稿件版权归原作者所有，如有侵权请联系删除）</p>" if r.random() < 0 else "<div>【我要纠错】 【返回顶部】</div>",
    "back": lambda s, r: "<p><a href='javascript:history.go(-1)'>返回</a> <a href='#'>TOP</a></p>",
    "neighbours-cells": lambda s, r: "<table><tr><td>上一篇</td><td><a href='48212.html'>云泽区部署冬季供暖保障工作</a></td></tr><tr><td>下一篇</td><td><a href='48214.html'>全区信访工作会议召开</a></td></tr></table>",
    "neighbours-apart": lambda s, r: "<div><span>上一篇</span><a href='48212.html'>云泽区部署冬季供暖保障工作</a></div><div><span>下一篇</span><a href='48214.html'>全区信访工作会议召开</a></div>",
    "comments": lambda s, r: "<div><h4>网友评论</h4><form><textarea></textarea><input type='submit' value='发表评论'></form><p>文明上网，理性发言，请遵守新闻评论服务协议。</p></div>",
    "useful": lambda s, r: "<div>您觉得这篇文章是否有用？ <a>有用</a> <a>没用</a></div>",
    "policy": lambda s, r: "<div><div>相关链接</div><p><a href='/zc/1.html'>一图读懂：老旧小区改造三年方案</a></p><p><a href='/zc/2.html'>《老旧小区改造三年方案》政策解读</a></p></div>",
    "fonts": lambda s, r: "<div>字号：<a>大</a> <a>中</a> <a>小</a></div><div>保护视力色：<a></a></div>",
}  # fmt: skip

ASIDES: dict[str, Part] = {
    "none": lambda s, r: "",
    "latest": lambda s, r: f"<div class='right'><h3>最新动态</h3><ul>{_links(8, day='<span>11-{n:02}</span>')}</ul></div>",
    "hot": lambda s, r: f"<div><div>点击排行</div><ol>{_links(10)}</ol></div>",
    "columns": lambda s, r: f"<div><div>新闻中心</div><ul>{_menu('政务要闻', '部门动态', '镇街动态', '通知公告', '媒体聚焦', '图片新闻')}</ul></div>",
    "leads": lambda s, r: "<div><h3>图片新闻</h3>" + "".join(f"<div><a href='/{i}.html'><img src='/p{i}.jpg'><b>{x}</b></a><p>{x}，执法队员走进商铺、小区，逐户检查，发现问题当场登记、限期整改。</p></div>" for i, x in enumerate(_OTHERS[:4])) + "</div>",
    "telephones": lambda s, r: "<div><p>区政府总值班室：0990-1234500</p><p>政务服务便民热线：12345</p><p>消防：119</p></div>",
    "assistant": lambda s, r: "<div><div>智能问答</div><div>您好，我是小云，您可以问我：社保怎么办理？公积金如何提取？</div><div>停止回答</div></div>",
}  # fmt: skip

FEET: dict[str, Part] = {
    "imprint": lambda s, r: "<div class='footer'><p>主办：云泽区人民政府办公室　承办：云泽区大数据中心</p><p>网站标识码：9901030001　云公网安备99010302000001号　云ICP备99000001号</p></div>",
    "imprint-unnamed": lambda s, r: "<div><p>版权所有：云泽区人民政府 地址：云泽区人民路1号，邮编：990100，电话：0990-1234567</p><p>建议使用1280×800分辨率、IE9以上版本浏览器浏览本站</p></div>",
    "links": lambda s, r: "<div><h5>友情链接</h5>" + "".join(f"<a href='http://www.{i}.example/'>{x}政府网</a>" for i, x in enumerate(("中国", "云省", "望江", "柳林", "石桥"))) + "</div><div>Copyright © 2026 云泽区人民政府 All Rights Reserved</div>",
    "table": lambda s, r: "<table><tr><td>关于我们 | 网站地图 | 联系我们 | 免责声明</td></tr><tr><td>主办单位：云泽区人民政府　技术支持：云泽网络科技有限公司</td></tr></table>",
    "none": lambda s, r: "",
}  # fmt: skip

FRAMES: dict[str, str] = {
    # In the order of top, crumbs, title and stamp, body, tail, aside, foot
    "divs": "{top}{crumbs}<div>{head}{body}{tail}</div>{aside}{foot}",
    "aside-first": "{top}<div>{aside}<div>{crumbs}<div>{head}{body}</div>{tail}</div></div>{foot}",
    "head-apart": "{top}{crumbs}<div><div>{head}</div><div>{body}</div><div>{tail}</div></div><div>{aside}</div>{foot}",
    "columns": "<table><tr><td colspan='2'>{top}</td></tr><tr><td valign='top'>{aside}</td><td valign='top'>{crumbs}{head}{body}{tail}</td></tr></table>{foot}",
    "rows": "{top}<table align='center'><tr><td>{crumbs}</td></tr><tr><td>{head}</td></tr><tr><td>{body}</td></tr><tr><td>{tail}</td></tr></table>{aside}{foot}",
    "article": "{top}<main>{crumbs}<article>{head}{body}</article>{tail}<aside>{aside}</aside></main><footer>{foot}</footer>",
    "form": "<form id='form1' method='post'><input type='hidden' name='__VIEWSTATE' value='x'>{top}<div>{crumbs}{head}{body}{tail}{aside}</div>{foot}</form>",
    "flat": "{top}{crumbs}{head}{body}{tail}{aside}{foot}",
}

PARTS: Mapping[str, Mapping[str, object]] = {
    "story": STORIES,
    "top": TOPS,
    "crumbs": CRUMBS,
    "head": HEAD_TITLES,
    "metas": METAS,
    "title": TITLES,
    "stamp": STAMPS | DAY_STAMPS | ALONE_STAMPS,
    "body": BODIES,
    "ending": ENDINGS,
    "box": BOXES,
    "tail": TAILS,
    "aside": ASIDES,
    "foot": FEET,
    "frame": FRAMES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed:
    """A page, its address, what it says, and the names of the parts it is made of."""

    html: str
    url: str
    story: Story
    parts: Mapping[str, str]


LIST_PARTS: Mapping[str, Mapping[str, object]] = {
    "top": TOPS,
    "crumbs": {k: v for k, v in CRUMBS.items() if k != "title"},
    "head": {k: HEAD_TITLES[k] for k in ("site", "column", "none")},
    "metas": {k: METAS[k] for k in ("of-the-site", "of-the-column", "none")},
    "box": {k: BOXES[k] for k in ("unnamed", "content", "cell", "none")},
    "aside": {k: v for k, v in ASIDES.items() if k != "latest"},
    "foot": FEET,
    "frame": FRAMES,
}
"""The parts of pages that hold a list, or only words about a page that is none."""


def framed(seed: int, matter: str, *, tail: str = "") -> tuple[str, Mapping[str, str]]:
    """A column's page around *matter*, and the names of its parts."""
    chance = random.Random(seed)
    names = {x: chance.choice(sorted(y)) for x, y in LIST_PARTS.items()}
    story = STORIES["meeting"]

    def part(kind: str) -> str:
        make = LIST_PARTS[kind][names[kind]]
        assert callable(make)
        return str(make(story, chance))

    inner = FRAMES[names["frame"]].format(
        top=part("top"),
        crumbs=part("crumbs"),
        head="",
        body=BOXES[names["box"]].format(matter),
        tail=tail,
        aside=part("aside"),
        foot=part("foot"),
    )
    title = part("head")
    html = (
        "<!DOCTYPE html><html><head><meta charset='utf-8'>"
        f"{f'<title>{title}</title>' if title else ''}{part('metas')}</head><body>{inner}</body></html>"
    )
    return html, names


def mixed(seed: int, **given: str) -> Mixed:
    """The page of that number. *given* settles parts by their names."""
    chance = random.Random(seed)
    names = {x: chance.choice(sorted(y)) for x, y in PARTS.items()} | given
    url = chance.choice(URLS)
    story = STORIES[names["story"]]
    stamp = names["stamp"]
    says_meta = names["metas"] in ("all", "imported-later")
    if stamp in DAY_STAMPS and names["metas"] != "all":
        story = replace(story, minute=None)
    if stamp in ALONE_STAMPS and not says_meta:
        story = replace(story, origin=None)

    def part(kind: str) -> str:
        make = PARTS[kind][names[kind]]
        assert callable(make)
        return str(make(story, chance))

    ending, lines = ENDINGS[names["ending"]]
    body = BOXES[names["box"]].format(part("body") + ending)
    inner = FRAMES[names["frame"]].format(
        top=part("top"),
        crumbs=part("crumbs"),
        head=part("title") + part("stamp"),
        body=body,
        tail=part("tail"),
        aside=part("aside"),
        foot=part("foot"),
    )
    title = part("head")
    html = (
        "<!DOCTYPE html><html><head><meta charset='utf-8'>"
        f"{f'<title>{title}</title>' if title else ''}{part('metas')}</head><body>{inner}</body></html>"
    )
    story = replace(story, texts=story.texts + lines)
    return Mixed(html=html, url=url, story=story, parts=names)
