"""The feed of alarms: what about which column wants an eye, for those who run quwen."""

import html
from datetime import datetime

from pipeline.publish.content import Names
from pipeline.publish.document import FeedDocument, FeedEntry, plain_title
from pipeline.records import CHINA
from pipeline.store import Alarm, Store

PATH = "alarms"
_NEWEST = 50

WORDS = {
    "silent": "久无更新",
    "empty": "列表无条目",
    "undated": "列表缺日期",
    "unread": "多数页面无法识别",
    "bodiless": "文章无正文",
    "untitled": "文章缺标题",
    "dateless": "文章缺日期",
    "unsigned": "文章缺来源",
    "authorless": "文章缺作者与编辑",
    "challenged": "网站拒绝程序访问",
    "unreached": "网站无法访问",
    "disallowed": "robots.txt 禁止访问",
    "vanished": "已知文章大批消失或改样",
}
"""What kinds of alarms are called on pages and in feeds."""


def alarms_feed(store: Store, names: Names) -> FeedDocument | None:
    """Return the feed of the newest alarms, open and closed ones; None where there was none ever.

    An alarm is one entry, changed once: when it closes.
    """
    found = store.upkeep.alarms(states=("open", "closed"), limit=_NEWEST)
    if not found:
        return None
    entries = tuple(sorted((_entry(x, names) for x in found), key=lambda x: x.updated))[::-1]
    return FeedDocument(
        base_url=names.base_url,
        path=PATH,
        id=f"tag:{names.tag_authority}:feed/{PATH}",
        title="区闻：栏目告警",
        description="哪些栏目与其以往不同，需要留意",
        updated=entries[0].updated,
        entries=entries,
        count=len(entries),
        newest=max(x.published for x in entries),
    )


def _entry(alarm: Alarm, names: Names) -> FeedEntry:
    opened = alarm.opened_at or alarm.since
    column = names.columns.get((alarm.source, alarm.column))
    place = f"{column.source.name} {column.name}" if column else f"{alarm.source}/{alarm.column}"
    state = "已恢复" if alarm.state == "closed" else "未恢复"
    title = plain_title(f"{WORDS.get(alarm.kind, alarm.kind)}：{place}（{state}）")
    times = f"{_shown(opened)} 起"
    if alarm.closed_at:
        times += f"，{_shown(alarm.closed_at)} 恢复"
    lines = (f"{alarm.source}/{alarm.column} {times}", plain_title(alarm.message))
    return FeedEntry(
        id=f"tag:{names.tag_authority}:alarm/{alarm.id}",
        title=title,
        url=f"{names.base_url}status.json",
        published=opened,
        updated=alarm.closed_at or opened,
        html="".join(f"<p>{html.escape(x)}</p>" for x in lines),
        summary=lines[1],
    )


def _shown(instant: datetime) -> str:
    return instant.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
