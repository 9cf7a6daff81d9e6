"""List pages in the layouts that sites use, in our own words: a layout renders rows of items."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

HOST = "http://www.qinglan.gov.example"

_SUBJECTS = (
    "青岚区召开河长制工作推进会", "区政府第{n}次常务会议研究供水管网改造", "关于公布第{n}批家庭医生签约名单的通知",
    "云泽镇开展燃气安全入户检查", "区人大常委会视察老旧小区加装电梯", "青岚区{n}所中小学食堂完成明厨亮灶改造",
    "全区秋粮收购工作部署会召开", "林知远到东泽街道调研便民服务", "青岚区重点项目集中开工（共{n}个）",
    "区政协召开专题协商会", "“青岚书屋”第{n}期读书会报名", "关于东泽路临时封闭施工的公告",
)  # fmt: skip


@dataclass(frozen=True)
class Item:
    title: str
    url: str
    day: date


def items(count: int, seed: int) -> list[Item]:
    """Made-up items, newest first."""
    chance = random.Random(seed)
    found, day = [], date(2026, 3, 20)
    for n in range(count):
        day -= timedelta(days=chance.randrange(4))
        title = _SUBJECTS[(n + seed) % len(_SUBJECTS)].format(n=n + 3)
        found.append(
            Item(f"{title}{'' if n < len(_SUBJECTS) else n}", f"/xw/zw/{9000 - n}.html", day)
        )
    return found


def _rows(row: Callable[[Item], str]) -> Callable[[Sequence[Item]], str]:
    return lambda found: "\n".join(row(x) for x in found)


def _cut(title: str) -> str:
    return title if len(title) < 13 else title[:12] + "..."


def _two_columns(found: Sequence[Item]) -> str:
    half = (len(found) + 1) // 2
    parts = [
        f'<div class="{side}"><ul>'
        + "".join(
            f'<li><a href="{x.url}">{x.title}</a><span>{x.day:%m-%d}</span></li>' for x in part
        )
        + "</ul></div>"
        for side, part in (("left fl", found[:half]), ("right fr", found[half:]))
    ]
    return "".join(parts)


def _split_every_five(found: Sequence[Item]) -> str:
    blocks = [found[n : n + 5] for n in range(0, len(found), 5)]
    return '<p class="line"></p>'.join(
        "<ul class='l5'>"
        + "".join(f"<li><a href='{x.url}'>{x.title}</a> <i>{x.day}</i></li>" for x in b)
        + "</ul>"
        for b in blocks
    )


def _with_pictures(found: Sequence[Item]) -> str:
    return "".join(
        f'<div class="pic"><a href="{x.url}"><img src="/p/{n}.jpg"></a><h3><a href="{x.url}">{x.title}</a></h3>'
        f"<p>　　{x.title}，相关负责人参加，会议就下一步工作作出安排……</p><span>发布时间：{x.day} 09:1{n % 10}</span></div>"
        for n, x in enumerate(found)
    )


LAYOUTS: dict[str, Callable[[Sequence[Item]], str]] = {
    "li-span": lambda f: "<ul class='list'>" + _rows(lambda x: f'<li><a href="{x.url}">{x.title}</a><span>{x.day}</span></li>')(f) + "</ul>",
    "li-span-first": lambda f: "<ul>" + _rows(lambda x: f'<li><span>[{x.day}]</span><a href="{x.url}">{x.title}</a></li>')(f) + "</ul>",
    "li-date-in-link": lambda f: "<ul>" + _rows(lambda x: f'<li><a href="{x.url}"><span class="d">{x.day}</span>{x.title}</a></li>')(f) + "</ul>",
    "li-date-after-in-link": lambda f: "<ul>" + _rows(lambda x: f'<li><a href="{x.url}" title="{x.title}">{x.title}<em>{x.day:%Y/%m/%d}</em></a></li>')(f) + "</ul>",
    "li-cut-title": lambda f: "<ul>" + _rows(lambda x: f'<li><a href="{x.url}" title="{x.title}">{_cut(x.title)}</a><span>{x.day}</span></li>')(f) + "</ul>",
    "li-category": lambda f: "<ul>" + _rows(lambda x: f'<li><a href="/xw/zw/">[政务要闻]</a> <a href="{x.url}">{x.title}</a><span>{x.day:%Y.%m.%d}</span></li>')(f) + "</ul>",
    "li-chinese-date": lambda f: "<ul>" + _rows(lambda x: f'<li><a href="{x.url}">{x.title}</a><span>{x.day.year}年{x.day.month}月{x.day.day}日</span></li>')(f) + "</ul>",
    "li-labelled-date": lambda f: "<ul>" + _rows(lambda x: f'<li><a href="{x.url}">{x.title}</a><span>发布日期：{x.day}　浏览：{x.day.day * 7}</span></li>')(f) + "</ul>",
    "li-day-box": lambda f: "<ul>" + _rows(lambda x: f'<li><div class="rq"><b>{x.day:%d}</b><i>{x.day:%Y-%m}</i></div><a href="{x.url}">{x.title}</a></li>')(f) + "</ul>",
    "li-day-box-after": lambda f: "<ul>" + _rows(lambda x: f'<li><a href="{x.url}"><h4>{x.title}</h4></a><div><p>{x.day:%d}</p><p>{x.day:%Y.%m}</p></div></li>')(f) + "</ul>",
    "li-month-box": lambda f: "<ul>" + _rows(lambda x: f'<li><div><span>{x.day:%m-%d}</span><em>{x.day:%Y}</em></div><a href="{x.url}">{x.title}</a></li>')(f) + "</ul>",
    "table-rows": lambda f: "<table><tr><th>标题</th><th>日期</th></tr>" + _rows(lambda x: f'<tr><td><a href="{x.url}">{x.title}</a></td><td>{x.day}</td></tr>')(f) + "</table>",
    "table-numbered": lambda f: "<table>" + "".join(f'<tr><td>{n}</td><td><a href="{x.url}" target="_blank">{x.title}</a></td><td>青岚区政府办</td><td>{x.day}</td></tr>' for n, x in enumerate(f, 1)) + "</table>",
    "table-each": _rows(lambda x: f'<table width="98%"><tr><td>·<a href="{x.url}">{x.title}</a></td><td align="right">({x.day})</td></tr></table>'),
    "dl": lambda f: "<dl>" + _rows(lambda x: f'<dd><a href="{x.url}">{x.title}</a></dd><dt>{x.day}</dt>')(f) + "</dl>",
    "dl-each": _rows(lambda x: f'<dl><dt><a href="{x.url}">{x.title}</a></dt><dd>摘要：{x.title}。</dd><dd>{x.day}</dd></dl>'),
    "div-rows": lambda f: "<div class='box'>" + _rows(lambda x: f'<div class="row"><a href="{x.url}">{x.title}</a><span>{x.day}</span></div>')(f) + "</div>",
    "p-rows": lambda f: "<div>" + _rows(lambda x: f'<p><a href="{x.url}">{x.title}</a>　{x.day}</p>')(f) + "</div>",
    "br-lines": lambda f: "<td>" + _rows(lambda x: f'<a href="{x.url}">{x.title}</a> [{x.day}]<br>')(f) + "</td>",
    "cards": _with_pictures,
    "h3-summary": _rows(lambda x: f'<div class="it"><h3><a href="{x.url}">{x.title}</a></h3><p>{x.title}。各有关部门参加。<a href="{x.url}">[详细]</a></p><div class="t">{x.day} 10:20:30</div></div>'),
    "link-around-all": _rows(lambda x: f'<a class="blk" href="{x.url}"><div><h4>{x.title}</h4><p>{x.title}，各镇街参加，会议要求抓好落实。</p><time>{x.day}</time></div></a>'),
    "two-columns": _two_columns,
    "split-every-five": _split_every_five,
    "onclick": lambda f: "<ul>" + _rows(lambda x: f"<li onclick=\"window.open('{x.url}')\"><a href=\"javascript:void(0)\">{x.title}</a><span>{x.day}</span></li>")(f) + "</ul>",
    "javascript-address": lambda f: "<ul>" + _rows(lambda x: f"<li><a href=\"javascript:openNews('{x.url}')\">{x.title}</a><span>{x.day}</span></li>")(f) + "</ul>",
    "data-href": lambda f: "<ul>" + _rows(lambda x: f'<li><a data-href="{x.url}">{x.title}</a><span>{x.day}</span></li>')(f) + "</ul>",
    "script-lines": lambda f: "<script>" + _rows(lambda x: f"document.write('<li><a href=\"{x.url}\">{x.title}</a><span>{x.day}</span></li>');")(f) + "</script>",
    "escaped": lambda f: "<textarea style='display:none'>" + _rows(lambda x: f'&lt;li&gt;&lt;a href="{x.url}"&gt;{x.title}&lt;/a&gt;&lt;span&gt;{x.day}&lt;/span&gt;&lt;/li&gt;')(f) + "</textarea>",
    "cdata": lambda f: "<script type='text/xml'><rows>" + _rows(lambda x: f'<![CDATA[<li><a href="{x.url}">{x.title}</a><b>{x.day}</b></li>]]>')(f) + "</rows></script>",
    "json-script": lambda f: "<script>var newsList = [" + ",".join(f'{{"title":"{x.title}","url":"{x.url}","pubDate":"{x.day} 08:00:00"}}' for x in f) + "];</script>",
    "protocol-relative": lambda f: "<ul>" + _rows(lambda x: f'<li><a href="//www.qinglan.gov.example{x.url}">{x.title}</a><span>{x.day}</span></li>')(f) + "</ul>",
    "blank-in-address": lambda f: "<ul>" + _rows(lambda x: f'<li><a href=" {x.url} ">{x.title}</a><span>{x.day}</span></li>')(f) + "</ul>",
}  # fmt: skip

_MENU = "".join(
    f'<li><a href="/{key}/">{word}</a></li>'
    for key, word in (("", "首页"), ("zwgk", "政务公开"), ("xw", "新闻中心"), ("fw", "办事服务"), ("hd", "互动交流"), ("zjql", "走进青岚"))
)  # fmt: skip
_SIDE = "".join(
    f'<li><a href="/xw/{key}/">{word}</a></li>'
    for key, word in (("zwyw", "政务要闻"), ("bmdt", "部门动态"), ("zjdt", "镇街动态"), ("tzgg", "通知公告"), ("mtjj", "媒体聚焦"))
)  # fmt: skip
_HOT = "".join(
    f'<li><a href="/hot/{n}.html">青岚区便民服务热线第{n}期答复汇总</a></li>' for n in range(1, 6)
)
_LINKS = "".join(
    f'<a href="http://www.{x}.example/">{word}网站</a>'
    for x, word in (("gov", "中国政府"), ("sheng", "省政府"), ("shi", "市政府"), ("yunze", "云泽区"), ("dongze", "东泽区"))
)  # fmt: skip
_PAGER = '<div class="fenye"><span>1</span><a href="index_2.html">2</a><a href="index_2.html">下一页</a><a href="index_9.html">尾页</a></div>'


def page(layout: str, found: Sequence[Item], *, scrambled: bool = False) -> str:
    """The list page of a layout with menu, side column, hot articles, pager and footer."""
    html = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>政务要闻_青岚区人民政府</title>
<meta name="ColumnName" content="政务要闻"></head><body>
<div class="header"><div class="logo">青岚区人民政府</div><ul class="nav">{_MENU}</ul></div>
<div class="position">您的位置：<a href="/">首页</a> &gt; <a href="/xw/">新闻中心</a> &gt; 政务要闻</div>
<div class="side"><h2>新闻中心</h2><ul>{_SIDE}</ul><h2>热门文章</h2><ul class="hot">{_HOT}</ul></div>
<div class="main"><h2>政务要闻</h2>{LAYOUTS[layout](found)}{_PAGER}</div>
<div class="footer"><div class="friend">{_LINKS}</div><p>主办：青岚区人民政府办公室　网站标识码：3701990001</p></div>
</body></html>"""
    if not scrambled:
        return html
    chance = random.Random(7)
    names: dict[str, str] = {}

    def rename(match: re.Match[str]) -> str:
        old = match[2]
        return f"{match[1]}{names.setdefault(old, f'c{chance.randrange(10**6)}')}{match[3]}"

    return re.sub(r"((?:class|id)=[\"'])([^\"']*)([\"'])", rename, html)
