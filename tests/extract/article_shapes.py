"""Article pages as sites of all ages write them, in the chrome of such sites.

Each shape gives the page and what it says; names of classes are of nobody's system.
"""

from dataclasses import dataclass

URL = "http://www.yunze.gov.example/xwzx/zwyw/48213.html"
TITLE = "云泽区召开老旧小区改造工作推进会"
TEXT = (
    "11月18日上午，云泽区召开老旧小区改造工作推进会，区长顾怀舟出席会议并讲话，副区长白若溪主持会议。",
    "会议听取了今年改造进度的汇报，研究了管网更新、加装电梯、停车位增设等问题。",
    "顾怀舟指出，改造工作事关群众切身利益，要倒排工期，确保年底前完成全部二十六个小区。",
    "会议要求，各街道要做好解释工作，让居民看得见变化、提得出意见。",
)
TOP = (
    "<div><span>今天是2026年11月23日 星期一</span> <a href='/en'>English</a> <a href='/wap'>手机版</a></div>"
    "<form action='/s'><input name='q'><button>搜索</button></form>"
    "<ul>" + "".join(
        f"<li><a href='/c{i}/'>{x}</a></li>"
        for i, x in enumerate(("首页", "走进云泽", "新闻中心", "政务公开", "办事服务", "互动交流", "数据开放", "专题专栏"))
    ) + "</ul>"
)  # fmt: skip
CRUMBS = "<div>您当前的位置：<a href='/'>首页</a> &gt; <a href='/xwzx/'>新闻中心</a> &gt; <a href='/xwzx/zwyw/'>政务要闻</a></div>"
OTHERS = tuple(
    f"{x}街道开展{y}专项整治行动" for x in ("望江", "柳林", "石桥", "东亭", "南浦")
    for y in ("消防安全", "环境卫生", "占道经营")
)  # fmt: skip
FOOT = (
    "<div><p>主办：云泽区人民政府办公室　承办：云泽区大数据中心</p>"
    "<p>网站标识码：9901030001　云公网安备99010302000001号　云ICP备99000001号</p>"
    "<p>联系电话：0990-1234567　建议使用1280×800分辨率浏览本站</p></div>"
)
META = (
    '<meta name="SiteName" content="云泽区人民政府"><meta name="SiteIDCode" content="9901030001">'
    f'<meta name="ColumnName" content="政务要闻"><meta name="ArticleTitle" content="{TITLE}">'
    '<meta name="PubDate" content="2026-11-18 16:20"><meta name="ContentSource" content="云泽融媒">'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A page and what it says; a field that is None is not looked at."""

    page: str
    rule: str
    url: str = URL
    kind: str = "article"
    title: str | None = TITLE
    published: str | None = "2026-11-18T16:20:00+08:00"
    origin: str | None = "云泽融媒"
    paragraphs: tuple[str, ...] | None = TEXT
    images: int | None = None
    attachments: int | None = None
    problem: str | None = None


def site(
    main: str, *, head: str = "", title: str = f"{TITLE} - 云泽区人民政府", after: str = ""
) -> str:
    """A page of the site around *main*."""
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>"
        f"{TOP}{CRUMBS}{main}{after}{FOOT}</body></html>"
    )


def listed(titles: tuple[str, ...] = OTHERS, *, dated: bool = True) -> str:
    """A list of other stories."""
    return "<ul>" + "".join(
        f"<li><a href='/xwzx/zwyw/{48000 + i}.html'>{x}</a>{f'<span>2026-11-{17 - i:02}</span>' if dated else ''}</li>"
        for i, x in enumerate(titles)
    ) + "</ul>"  # fmt: skip


def paragraphs(tag: str = "p", texts: tuple[str, ...] = TEXT, indent: str = "　　") -> str:
    """Each text in an element of its own."""
    return "".join(f"<{tag}>{indent}{x}</{tag}>" for x in texts)


STAMP = "<div>发布时间：2026-11-18 16:20　来源：云泽融媒　浏览次数：<span id='hits'></span>　字体：[<a>大</a> <a>中</a> <a>小</a>]</div>"
NEIGHBOURS = "<div>上一篇：<a href='48212.html'>云泽区部署冬季供暖保障工作</a></div><div>下一篇：<a href='48214.html'>全区信访工作会议召开</a></div>"

SHAPES: dict[str, Shape] = {
    "detail-without-classes": Shape(
        rule="a page of plain divs is read by what stands where",
        page=site(f"<div><div>{TITLE}</div>{STAMP}<div>{paragraphs()}</div>{NEIGHBOURS}</div>"),
    ),
    "detail-with-standard-metas": Shape(
        rule="what is shown and what the meta elements say agree",
        page=site(f"<div><h2>{TITLE}</h2>{STAMP}<div>{paragraphs()}</div></div>", head=META),
    ),
    "tables-for-layout": Shape(
        rule="text in the cell of a table within tables, as sites were made in 2005",
        page=(
            "<HTML><HEAD><META http-equiv=Content-Type content='text/html; charset=gb2312'><TITLE>云泽区政务信息网</TITLE></HEAD>"
            "<BODY bgcolor=#ffffff topmargin=0><TABLE width=778 align=center border=0 cellpadding=0><TR><TD colspan=2>"
            "<img src=/images/banner.jpg width=778 height=120></TD></TR><TR><TD height=28 background=/images/nav.gif>"
            "<A href=/>首页</A> | <A href=/gk/>区情概况</A> | <A href=/zw/>政务信息</A> | <A href=/fg/>法规文件</A></TD></TR></TABLE>"
            "<TABLE width=778 align=center><TR><TD width=180 valign=top><TABLE><TR><TD>栏目导航</TD></TR>"
            + "".join(
                f"<TR><TD>·<A href=/zw/{i}.asp>{x[:12]}</A></TD></TR>" for i, x in enumerate(OTHERS)
            )
            + f"</TABLE></TD><TD valign=top><TABLE width=100%><TR><TD align=center><FONT size=5><B>{TITLE}</B></FONT></TD></TR>"
            "<TR><TD align=center>2026-11-18 16:20:00　　来源：云泽融媒　　点击：105</TD></TR><TR><TD><HR size=1></TD></TR>"
            f"<TR><TD><FONT style='line-height:180%'>{'<BR><BR>'.join('　　' + x for x in TEXT)}</FONT></TD></TR>"
            "<TR><TD align=right>[<A href=javascript:print()>打印</A>] [<A href=javascript:close()>关闭</A>]</TD></TR></TABLE>"
            f"</TD></TR></TABLE><TABLE width=778 align=center><TR><TD>{FOOT}</TD></TR></TABLE></BODY></HTML>"
        ),
        url="http://www.yunze.gov.example/ReadNews.asp?NewsID=48213",
    ),
    "vsb-form": Shape(
        rule="the form of VSB: a form around all, the text in v_news_content",
        page=site(
            f"<form name='_newscontent_fromname'><div><h1 align='center'>{TITLE}</h1><div align='center'>"
            "发布日期：2026年11月18日 16:20　作者：　信息来源：云泽融媒　点击：[<script>_showDynClicks('wbnews', 1, 2)</script>]</div>"
            f"<div id='vsb_content_2'><div class='v_news_content'>{paragraphs(indent='')}</div></div>"
            "<p align='right'>【<a href='javascript:window.opener=null;window.close();'>关闭</a>】</p></div></form>"
        ),
        url="http://www.yunze.gov.example/info/1042/48213.htm",
    ),
    "ucap-form": Shape(
        rule="the form of UCAP: own elements for title, date and text",
        page=site(
            f"<div><ucaptitle>{TITLE}</ucaptitle><p><span>发布时间： <publishtime>2026-11-18 16:20</publishtime></span>"
            f"<span>来源： 云泽融媒</span></p><div id='UCAP-CONTENT'><ucapcontent>{paragraphs()}</ucapcontent></div></div>"
        ),
        url="http://www.yunze.gov.example/yz/c100021/202611/48213.shtml",
    ),
    "trs-form": Shape(
        rule="the form of TRS: text under an editor's element, a style before it",
        page=site(
            f"<div class='xl'><div class='xl_tit'>{TITLE}</div><div class='xl_ly'><em>2026-11-18 16:20</em> <i>来源：云泽融媒</i></div>"
            f"<div class='view TRS_UEDITOR trs_paper_default'><style>.TRS_P {{margin:0}}</style>{paragraphs()}</div></div>",
            head=META,
        ),
        url="http://www.yunze.gov.example/xwzx/zwyw/202611/t20261118_48213.html",
    ),
    "one-text-with-breaks": Shape(
        rule="line breaks end paragraphs",
        page=site(
            f"<h3>{TITLE}</h3><p>2026-11-18 16:20 来源：云泽融媒</p><div>{'<br>'.join('&nbsp;&nbsp;&nbsp;&nbsp;' + x for x in TEXT)}</div>"
        ),
    ),
    "breaks-directly-in-the-column": Shape(
        rule="title, date and text may stand in one element without any of their own",
        page=site(
            f"<div><b>{TITLE}</b><br>2026-11-18 16:20　来源：云泽融媒<br><br>{'<br><br>'.join(TEXT)}<br></div>"
        ),
    ),
    "text-in-divs": Shape(
        rule="editors of telephones write a div a paragraph, empty ones between",
        page=site(
            f"<div><h1>{TITLE}</h1>{STAMP}<div>{'<div><br></div>'.join(paragraphs('div', (x,)) for x in TEXT)}</div></div>"
        ),
    ),
    "text-in-spans-and-fonts": Shape(
        rule="pasted text stands in nests of span and font, broken within words",
        page=site(
            f"<div><h1>{TITLE}</h1>{STAMP}<div>"
            + "".join(
                f"<p><span style='font-family:仿宋'><font size='4'><span lang='EN-US'>{x[:3]}</span><font><span>{x[3:20]}</span></font>"
                f"<o:p></o:p><span>{x[20:]}</span></font></span></p>"
                for x in TEXT
            )
            + "</div></div>"
        ),
    ),
    "text-in-sections": Shape(
        rule="text pasted from WeChat stands in nests of section",
        page=site(
            f"<div><h1>{TITLE}</h1>{STAMP}<div><section><section>"
            + "".join(
                f"<section><section><p><span>{x}</span></p></section></section>" for x in TEXT
            )
            + "</section></section></div></div>"
        ),
    ),
    "text-in-a-table": Shape(
        rule="the text stands in one cell, further ones are empty",
        page=site(
            f"<div><h1>{TITLE}</h1>{STAMP}<table><tbody><tr><td>{paragraphs()}</td></tr><tr><td>&nbsp;</td></tr></tbody></table></div>"
        ),
    ),
    "pictures-only": Shape(
        rule="a story in pictures is an article with a problem named",
        title="一图读懂云泽区老旧小区改造方案",
        page=site(
            f"<h1>一图读懂云泽区老旧小区改造方案</h1>{STAMP}<div><p><img src='./W020261118_1.jpg' width='750'></p>"
            "<p><img src='./W020261118_2.jpg' width='750'></p></div>" + NEIGHBOURS,
            title="一图读懂云泽区老旧小区改造方案_云泽区人民政府",
        ),
        paragraphs=(),
        images=2,
        problem="no text found",
    ),
    "video-only": Shape(
        rule="a story in a film is an article with a problem named",
        title="云泽新闻 2026年11月18日",
        page=site(
            f"<h1>云泽新闻 2026年11月18日</h1>{STAMP}<div><video src='/upload/48213.mp4' controls></video></div>",
            title="云泽新闻 2026年11月18日",
        ),
        paragraphs=(),
        problem="no text found",
    ),
    "attachments-only": Shape(
        rule="a notice that is nothing but its files keeps them",
        title="云泽区2026年部门预算公开",
        page=site(
            f"<h1>云泽区2026年部门预算公开</h1>{STAMP}<div><p>附件：</p><p><a href='./P020261118_1.pdf'>1.云泽区财政局2026年部门预算.pdf</a></p>"
            "<p><a href='./P020261118_2.xlsx'>2.云泽区2026年一般公共预算表.xlsx</a></p></div>",
            title="云泽区2026年部门预算公开 - 云泽区人民政府",
        ),
        paragraphs=None,
        attachments=2,
    ),
    "notice-of-one-sentence": Shape(
        rule="one sentence is an article where title and date stand above",
        title="停水通知",
        page=site(
            f"<div><h1>停水通知</h1>{STAMP}<div><p>因管道抢修，望江街道11月19日8时至18时停水。</p></div></div><div><h3>通知公告</h3>{listed()}</div>",
            title="停水通知 - 云泽区人民政府",
        ),
        paragraphs=("因管道抢修，望江街道11月19日8时至18时停水。",),
    ),
    "notice-of-one-sentence-with-metas": Shape(
        rule="one sentence is an article where the meta elements say so",
        page=site(
            f"<div><p>{TITLE}</p><div><p>会议改期，另行通知。</p></div></div><div>{listed()}</div>",
            head=META,
        ),
        paragraphs=("会议改期，另行通知。",),
    ),
    "recommended-behind": Shape(
        rule="a long list of other stories behind the text is none of it",
        page=site(
            f"<div><h1>{TITLE}</h1>{STAMP}<div>{paragraphs()}</div><div><h4>推荐阅读</h4>{listed()}{listed(dated=False)}</div></div>"
        ),
    ),
    "recommended-within": Shape(
        rule="a list of other stories within the text's own element is none of it",
        page=site(
            f"<div><h1>{TITLE}</h1>{STAMP}<div>{paragraphs()}<p>相关阅读：</p>{listed(OTHERS[:6], dated=False)}</div></div>"
        ),
    ),
    "recommended-with-leads": Shape(
        rule="other stories with their first sentences may be longer than the text",
        page=site(
            f"<div><div><h1>{TITLE}</h1>{STAMP}<div>{paragraphs(texts=TEXT[:2])}</div></div><div><h3>为你推荐</h3>"
            + "".join(
                f"<div><a href='/{i}.html'>{x}</a><p>{x}，执法队员走进商铺、小区，逐户检查，发现问题当场登记、限期整改，群众纷纷点赞。</p></div>"
                for i, x in enumerate(OTHERS)
            )
            + "</div></div>"
        ),
        paragraphs=TEXT[:2],
    ),
    "list-beside": Shape(
        rule="a sidebar of dated links does not make a list of a story",
        page=site(
            f"<table><tr><td><div>最新发布</div>{listed()}</td><td><div><h1>{TITLE}</h1>{STAMP}<div>{paragraphs()}</div></div></td></tr></table>"
        ),
    ),
    "telephone-sidebar-and-assistant": Shape(
        rule="boxes of hotlines and of an assistant are no text",
        page=site(
            f"<div><h1>{TITLE}</h1>{STAMP}<div>{paragraphs()}</div></div>",
            after=(
                "<div><div>智能问答</div><div>您好，我是小云，您可以问我：社保怎么办理？公积金如何提取？有什么可以帮您的吗？</div><div>停止回答</div>"
                "<div>内容由人工智能生成，仅供参考，请以正式文件为准。</div></div><div><p>区政府总值班室：0990-1234500</p><p>政务服务便民热线：12345</p>"
                "<p>消防：119</p><p>急救：120</p></div>"
            ),
        ),
    ),
    "twice-for-telephones": Shape(
        rule="the same text for telephones is read once",
        page=site(
            f"<div><h1>{TITLE}</h1>{STAMP}<div>{paragraphs()}</div></div><div><h2>{TITLE}</h2><div>2026-11-18</div><div>{paragraphs()}</div></div>"
        ),
    ),
    "title-around-the-text": Shape(
        rule="the title above and below the text, once with its day, is none of it",
        page=site(
            f"<div><h1>{TITLE}</h1>{STAMP}<div><p>{TITLE} (2026-11-18)</p>{paragraphs()}</div><p>{TITLE}</p></div>"
        ),
    ),
    "title-in-two-lines": Shape(
        rule="a title broken in two lines is one",
        page=site(
            f"<div><h1>云泽区召开老旧小区<br>改造工作推进会</h1>{STAMP}<div>{paragraphs()}</div></div>"
        ),
    ),
    "document-fields-above": Shape(
        rule="the table of a document's fields stands apart from its text",
        title="云泽区人民政府关于印发老旧小区改造方案的通知",
        page=site(
            "<div><table><tr><td>索 引 号：</td><td>990103/2026-00117</td><td>发文机关：</td><td>云泽区人民政府</td></tr>"
            "<tr><td>发文字号：</td><td>云政发〔2026〕9号</td><td>成文日期：</td><td>2026-11-12</td></tr>"
            "<tr><td>标　　题：</td><td>云泽区人民政府关于印发老旧小区改造方案的通知</td><td>发布日期：</td><td>2026-11-18</td></tr></table></div>"
            "<div><h1>云泽区人民政府关于印发老旧小区改造方案的通知</h1><div><p>各街道办事处，区政府各部门：</p>"
            "<p>现将《云泽区老旧小区改造方案》印发给你们，请认真组织实施。</p><p>云泽区人民政府</p><p>2026年11月12日</p></div></div>",
            title="云泽区人民政府关于印发老旧小区改造方案的通知 - 云泽区人民政府",
        ),
        published="2026-11-18",
        origin=None,
        paragraphs=(
            "各街道办事处，区政府各部门：",
            "现将《云泽区老旧小区改造方案》印发给你们，请认真组织实施。",
            "云泽区人民政府",
            "2026年11月12日",
        ),
    ),
    "title-below-column": Shape(
        rule="the column's name in a heading above is not the title; <title> names the site only",
        page=site(
            f"<h1>政务要闻</h1><div><div>{TITLE}</div><div>2026-11-18 16:20　云泽融媒</div><div>{paragraphs()}</div></div>",
            title="云泽区人民政府门户网站",
        ),
    ),
    "name-of-the-site-in-a-heading": Shape(
        rule="the site's name is not the title, though <title> and a heading show it",
        page=site(
            f"<h1>云泽区人民政府门户网站</h1><div><div>{TITLE}</div>{STAMP}<div>{paragraphs()}</div></div>",
            title=f"{TITLE}_云泽区人民政府门户网站",
        ),
    ),
    "title-without-any-mark": Shape(
        rule="where no date, heading or <title> marks a title, it is the line above the text",
        page=f"<html><body>{TOP}<div><div>{TITLE}</div><div><a href='/print'>打印本页</a></div><div>{paragraphs()}</div></div>{FOOT}</body></html>",
        published=None,
        origin=None,
    ),
    "article-element-of-html5": Shape(
        rule="HTML5 names the article and the time by elements",
        page=site(
            f"<main><article><header><h1>{TITLE}</h1><time datetime='2026-11-18T16:20'>2026-11-18 16:20</time><span>来源：云泽融媒</span></header>"
            f"{paragraphs(indent='')}<footer><span>分享到：</span></footer></article><aside>{listed()}</aside></main>"
        ),
    ),
    "source-behind-the-text": Shape(
        rule="source and date may stand below the text",
        page=site(
            f"<div><h1>{TITLE}</h1><div>{paragraphs()}</div><p>来源：云泽融媒</p><p>发布时间：2026-11-18 16:20</p></div>"
        ),
    ),
    "parts-with-headings": Shape(
        rule="headings within the text are paragraphs of it",
        page=site(
            f"<div><h1>{TITLE}</h1>{STAMP}<div><p>{TEXT[0]}</p><h3>进度过半</h3><p>{TEXT[1]}</p><h3>倒排工期</h3><p>{TEXT[2]}</p><ul><li>{TEXT[3]}</li></ul></div></div>"
        ),
        paragraphs=(TEXT[0], "进度过半", TEXT[1], "倒排工期", TEXT[2], TEXT[3]),
    ),
    "script-built": Shape(
        rule="a page that a script builds is no article",
        page="<!DOCTYPE html><html><head><title>云泽区人民政府</title></head><body><div id='app'></div><script src='/js/chunk.js'></script></body></html>",
        kind="other",
        title=None,
        published=None,
        origin=None,
        paragraphs=(),
    ),
    "script-built-with-metas": Shape(
        rule="a title whose text comes by script is no article, and is told",
        page="<!DOCTYPE html><html><head><title>"
        + TITLE
        + "</title>"
        + META
        + "</head><body><div id='app'></div></body></html>",
        kind="other",
        published=None,
        origin=None,
        paragraphs=(),
        problem="no text",
    ),
    "gone-in-full-chrome": Shape(
        rule="a site's page that says there is none is not found",
        page=site(
            f"<div><p>抱歉，您访问的页面不存在或已删除！</p><a href='/'>返回首页</a></div><div>{listed()}</div>",
            title="云泽区人民政府",
        ),
        kind="not_found",
        title=None,
        published=None,
        origin=None,
        paragraphs=(),
    ),
    "gone-in-an-article": Shape(
        rule="a story about web pages that are gone is a story",
        page=site(
            f"<div><h1>{TITLE}</h1>{STAMP}<div>{paragraphs()}<p>　　据了解，该平台上线后，您访问的页面不存在等提示将同步转为人工服务。</p></div></div>"
        ),
        paragraphs=(*TEXT, "据了解，该平台上线后，您访问的页面不存在等提示将同步转为人工服务。"),
    ),
    "challenge": Shape(
        rule="a script challenge is no article",
        page="<html><head><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=91;</script></head><body><p>请稍候，正在进行安全验证</p></body></html>",
        kind="blocked",
        title=None,
        published=None,
        origin=None,
        paragraphs=(),
    ),
}
