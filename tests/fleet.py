"""A fleet of invented sites on the loopback address: thousands of them, with news, edits and faults.

Whatever is asked of it is counted, and two requests at once to one host are noted. Tests
are no package: whoever wants it puts this folder on the module path.
"""

import asyncio
import hashlib
import json
import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from pipeline.revisions import EDITS

T = TypeVar("T")
CHINA = timedelta(hours=8)
FAMILIES = ("trs", "vsb", "generic", "hanweb")
FAULTS = ("500", "503", "429", "reset", "silence", "short")
_IDLE_S = 20.0  # then a connection is closed, as servers do

_TOPICS = ("老旧小区改造", "河道清淤", "春耕备耕", "义务教育招生", "安全生产", "招商引资", "社区食堂",
           "森林防火", "医保服务", "旅游公路", "粮食收购", "城市更新", "养老服务", "营商环境")  # fmt: skip
_DEEDS = (
    "专题会议召开",
    "工作推进会举行",
    "情况通报会召开",
    "现场办公会举行",
    "座谈会召开",
    "调度会举行",
)
_WORDS = ("街道", "村居", "项目", "群众", "企业", "部门", "台账", "进度", "资金", "道路", "学校", "医院",
          "水渠", "检查", "整改", "落实", "监督", "服务", "窗口", "平台", "责任", "方案", "图纸", "合同",
          "验收", "培训", "走访", "公示", "反馈", "建议")  # fmt: skip


@dataclass(slots=True)
class Story:
    """One article of a site: its number there, when it was published (China), its version."""

    number: int
    at: datetime
    version: int = 1


@dataclass(slots=True)
class Site:
    """One site with one column. ``stories`` are newest first."""

    id: str
    family: str
    stories: deque[Story]
    per_page: int = 20
    by_number: dict[int, Story] = field(default_factory=dict)
    busy: int = 0
    asked_at: deque[float] = field(default_factory=lambda: deque(maxlen=6))

    @property
    def host(self) -> str:
        """Its host name."""
        return f"{self.id}.example"

    @property
    def list_path(self) -> str:
        """The path of its column's list."""
        return {
            "trs": "/xw/zwyw/",
            "vsb": "/zwyw.htm",
            "generic": "/jujiao/",
            "hanweb": "/col/col31/index.html",
            "ucap": "/ww/c100061/zfxxgk_zdgk.shtml",
        }[self.family]

    @property
    def pages(self) -> int:
        """How many list pages it has."""
        return max(1, -(-len(self.stories) // self.per_page))

    def path(self, story: Story) -> str:
        """The path of an article."""
        d, n = story.at, story.number
        return {
            "trs": f"/xw/zwyw/{d:%Y%m}/t{d:%Y%m%d}_{n}.html",
            "vsb": f"/info/1011/{n}.htm",
            "generic": f"/jujiao/{n}.html",
            "hanweb": f"/art/{d.year}/{d.month}/{d.day}/art_31_{n}.html",
            "ucap": f"/ww/c100060/{d:%Y%m}/{n:032x}.shtml",
        }[self.family]

    def url(self, story: Story) -> str:
        """The address of an article."""
        return f"http://{self.host}{self.path(story)}"

    def title(self, story: Story) -> str:
        """Its headline."""
        pick = random.Random(f"{self.id}/{story.number}")
        return f"{self.id}区{pick.choice(_TOPICS)}{pick.choice(_DEEDS)}（{story.number}）"

    def paragraphs(self, story: Story) -> tuple[str, ...]:
        """Its text, which tells number and version."""
        pick = random.Random(f"{self.id}/{story.number}/{story.version}")
        return (
            f"本网讯，{story.at:%Y年%m月%d日}，编号{story.number}的材料以第{story.version}版为准。",
            *(
                "会议指出，"
                + "，".join("".join(pick.choices(_WORDS, k=4)) for _ in range(6))
                + "。"
                for _ in range(4)
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back; ``article`` is the address where it is one."""

    body: bytes = b""
    status: int = 200
    media_type: str = "text/html; charset=utf-8"
    article: str = ""


@dataclass(slots=True)
class Seen:
    """What the fleet saw; ``articles`` counts how often each was sent whole."""

    requests: int = 0
    unchanged: int = 0
    lists: int = 0
    articles: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    overlaps: list[str] = field(default_factory=list)
    hurries: list[str] = field(default_factory=list)


class Fleet:
    """The sites, served on one port until the block ends; a context manager.

    *fault_share* of the answers are faults. ``delay_s`` is the pause between two requests
    that the sources ask for: where six requests come in less than three of it, five being
    due, that is noted in ``seen.hurries``. (A busy machine delays one more than another.)
    """

    def __init__(
        self,
        sites: int,
        *,
        stories: int = 10,
        families: tuple[str, ...] = FAMILIES,
        delay_s: float = 0.0,
        think_s: float = 0.002,
        fault_share: float = 0.0,
        seed: int = 1,
        a_day: int = 4,
    ) -> None:
        self.seen = Seen()
        self.delay_s = delay_s
        self.think_s = think_s
        self.fault_share = fault_share
        self.port = 0
        self._pick = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="fleet", daemon=True)
        self._ready = threading.Event()
        self._numbers = 1_000_000
        now = (datetime.now(UTC) + CHINA).replace(tzinfo=None, second=0, microsecond=0)
        self.sites: dict[str, Site] = {}
        for n in range(sites):
            site = Site(f"s{n:04}", families[n % len(families)], deque())
            for k in reversed(range(stories)):
                self._add(site, now - timedelta(hours=24 / a_day * (k + 1)))
            self.sites[site.host] = site

    # -- what a test does with it

    def __enter__(self) -> "Fleet":
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def publish(self) -> str:
        """Publish an article somewhere; its address."""
        return self.do(self._publish)

    def edit(self) -> str | None:
        """Change the text of a recent article whose list brings texts; its address.

        None where each of those was changed as often as a publisher is believed.
        """
        return self.do(self._edit)

    def texts(self) -> dict[str, str]:
        """The newest text of every article by its address."""
        return self.do(
            lambda: {
                site.url(x): "\n".join(site.paragraphs(x))
                for site in self.sites.values()
                for x in site.stories
            }
        )

    def do(self, what: Callable[[], T]) -> T:
        """Have something done between two answers."""

        async def inside() -> T:
            return what()

        return asyncio.run_coroutine_threadsafe(inside(), self._loop).result(30)

    @property
    def connect_to(self) -> str:
        """The value of QUWEN_CONNECT_TO."""
        return ",".join(f"{x}=127.0.0.1:{self.port}" for x in self.sites)

    def write_sources(self, folder: Path, *, timeout_s: float = 20.0, max_pages: int = 2) -> None:
        """Write the source files of all sites below a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        sites = list(self.sites.values())
        for start in range(0, len(sites), 30):
            number = 370100 + start // 30
            parts = [
                f'[place]\ncode = "{number}"\nname = "第{number}区"\nprovince = "山东省"\nshort = "第{number}"\n'
            ]
            for site in sites[start : start + 30]:
                parts.append(
                    f'[[sites]]\nid = "{site.id}"\nname = "{site.id}区人民政府"\n'
                    f'publisher = "government"\nbase = "http://{site.host}"\nverified = true\n'
                    f"[sites.fetch]\ndelay_s = {self.delay_s}\ntimeout_s = {timeout_s}\n"
                    f'[[sites.columns]]\nkey = "zwyw"\nname = "政务要闻"\n'
                    f'url = "{site.list_path}"\nmax_pages = {max_pages}\n'
                )
            (folder / f"{number}.toml").write_text("\n".join(parts), "utf-8")

    # -- what it does itself

    def _add(self, site: Site, at: datetime) -> None:
        self._numbers += 1
        story = site.by_number[self._numbers] = Story(self._numbers, at)
        site.stories.appendleft(story)

    def _publish(self) -> str:
        site = self._pick.choice(list(self.sites.values()))
        now = (datetime.now(UTC) + CHINA).replace(tzinfo=None, second=0, microsecond=0)
        self._add(site, now)
        return site.url(site.stories[0])

    def _edit(self) -> str | None:
        recent = [
            (site, story)
            for site in self.sites.values()
            if site.family == "ucap"
            for story in islice(site.stories, 5)
            if story.version <= EDITS
        ]
        if not recent:
            return None
        site, story = self._pick.choice(recent)
        story.version += 1
        return site.url(story)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=512)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError, TimeoutError):
            keep = True
            while keep:
                head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _IDLE_S)
                first, *lines = head.decode("latin-1").split("\r\n")
                headers = {
                    k.strip().lower(): v.strip() for k, _, v in (x.partition(":") for x in lines)
                }
                keep = await self._answer(reader, writer, first.split(" ")[1], headers)
        writer.close()

    async def _answer(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        target: str,
        headers: dict[str, str],
    ) -> bool:
        site = self.sites.get(headers.get("host", "").partition(":")[0])
        self.seen.requests += 1
        if site is None:
            await _send(writer, Answer(status=404))
            return True
        now = time.monotonic()
        if site.busy:
            self.seen.overlaps.append(f"{site.host}{target}")
        site.asked_at.append(now)
        if len(site.asked_at) == 6 and now - site.asked_at[0] < 3 * self.delay_s:
            self.seen.hurries.append(f"{site.host}{target} {now - site.asked_at[0]:.2f}")
        site.busy += 1
        try:
            await asyncio.sleep(self.think_s)
            fault = self._fault()
            if fault == "silence":
                await reader.read(1)  # until they give up
                return False
            return await self._reply(writer, site, target, headers, fault)
        finally:
            site.busy -= 1

    def _fault(self) -> str:
        if not self.fault_share or self._pick.random() >= self.fault_share:
            return ""
        fault = self._pick.choice(FAULTS)
        self.seen.faults[fault] += 1
        return fault

    async def _reply(
        self,
        writer: asyncio.StreamWriter,
        site: Site,
        target: str,
        headers: dict[str, str],
        fault: str,
    ) -> bool:
        answer = self._page(site, target)
        if fault:
            return await _go_wrong(writer, fault, answer)
        etag = f'"{hashlib.md5(answer.body).hexdigest()}"'
        if headers.get("if-none-match") == etag and answer.status == 200:
            self.seen.unchanged += 1
            writer.write(f"HTTP/1.1 304 X\r\nETag: {etag}\r\n\r\n".encode())
            await writer.drain()
            return True
        if answer.article:
            self.seen.articles[answer.article] += 1
        await _send(writer, answer, etag)
        return True

    def _page(self, site: Site, target: str) -> Answer:
        if target == "/robots.txt":
            return Answer(body=b"User-agent: *\nDisallow: /system/\n", media_type="text/plain")
        number = _page_number(site, target)
        if number is not None:
            if not 0 <= number < site.pages:
                return Answer(status=404, body=b"gone")
            self.seen.lists += 1
            return _list(site, number, target)
        stem = urlsplit(target).path.rpartition("/")[2].partition(".")[0].rpartition("_")[2]
        wanted = int(stem, 16 if site.family == "ucap" else 10) if _is_number(stem) else 0
        story = site.by_number.get(wanted)
        if story is not None and site.path(story) == target:
            return Answer(body=_article(site, story).encode(), article=site.url(story))
        return Answer(status=404, body=b"gone")


def _is_number(text: str) -> bool:
    return bool(text) and all(x in "0123456789abcdef" for x in text)


async def _go_wrong(writer: asyncio.StreamWriter, fault: str, answer: Answer) -> bool:
    """Answer as servers do on bad days; whether the connection lives on."""
    match fault:
        case "reset":
            writer.transport.abort()
        case "short":
            size = len(answer.body)
            head = (
                f"HTTP/1.1 200 X\r\nContent-Type: text/html\r\nContent-Length: {size + 99}\r\n\r\n"
            )
            writer.write(head.encode() + answer.body[: size // 2])
            await writer.drain()
        case "429":
            writer.write(b"HTTP/1.1 429 X\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return True
        case _:
            await _send(writer, Answer(status=int(fault), body=b"error"))
            return True
    return False


async def _send(writer: asyncio.StreamWriter, answer: Answer, etag: str = "") -> None:
    more = f"ETag: {etag}\r\n" if etag else ""
    retry = "Retry-After: 2\r\n" if answer.status == 503 else ""
    head = (
        f"HTTP/1.1 {answer.status} X\r\nContent-Type: {answer.media_type}\r\n{more}{retry}"
        f"Content-Length: {len(answer.body)}\r\n\r\n"
    )
    writer.write(head.encode() + answer.body)
    await writer.drain()


# -- pages


def _page_number(site: Site, target: str) -> int | None:
    """The number, from 0, of the list page at a path; None where it is no list."""
    parts = urlsplit(target)
    if parts.path in (site.list_path, site.list_path + "index.html"):
        return 0
    name = parts.path.rpartition("/")[2]
    match site.family:
        case "trs" if name.startswith("index_"):
            return int(name[6:].partition(".")[0])
        case "vsb" if parts.path.startswith("/zwyw/"):
            return site.pages - int(name.partition(".")[0])
        case "generic" if name.startswith("index_"):
            return int(name[6:].partition(".")[0]) - 1
        case "hanweb" if parts.path.endswith("dataproxy.jsp"):
            return int(parse_qs(parts.query)["page"][0])
        case "ucap" if parts.path.startswith("/common/search/"):
            return int(parse_qs(parts.query)["page"][0]) - 1
    return None


def _list(site: Site, n: int, target: str) -> Answer:
    stories = [
        site.stories[k]
        for k in range(n * site.per_page, min((n + 1) * site.per_page, len(site.stories)))
    ]
    if site.family == "ucap":
        return _search(site, stories) if target.startswith("/common/") else _shell(site)
    if site.family == "hanweb":
        return _records(site, stories, n)
    rows = "".join(
        f'<li><a href="{site.path(x)}" title="{site.title(x)}">{site.title(x)}</a>'
        f"<span>{x.at:%Y-%m-%d}</span></li>"
        for x in stories
    )
    pager, mark = "", ""
    older = n + 1 < site.pages
    if site.family == "trs":
        pager = f'<script>createPageHTML({site.pages}, {n}, "index", "html");</script>'
    elif site.family == "vsb":
        mark = '<script src="/system/resource/js/vsbscreen.min.js" id="_vsbscreen"></script>'
        pager = (
            f'<a href="/zwyw/{site.pages - n - 1}.htm">下页</a>' if older else "<span>下页</span>"
        )
    elif older:
        pager = f'<a href="/jujiao/index_{n + 2}.html">下一页</a>'
    page = (
        f"<!DOCTYPE html><html><head><title>政务要闻-{site.id}区人民政府</title>{mark}</head><body>"
        f'<div class="top"><a href="/">首页</a></div><div class="list"><ul>{rows}</ul></div>'
        f'<div class="page">{pager}</div><div class="foot"><p>主办：{site.id}区政府办公室</p></div>'
        "</body></html>"
    )
    return Answer(body=page.encode())


def _records(site: Site, stories: list[Story], n: int) -> Answer:
    rows = "".join(
        f"<record><![CDATA[<li><a href='{site.path(x)}' title='{site.title(x)}'>{site.title(x)}</a>"
        f"<span>{x.at:%Y-%m-%d}</span></li>]]></record>"
        for x in stories
    )
    link = f'<a href="/module/web/jpage/dataproxy.jsp?page={n + 1}&columnid=31"></a>'
    group = f"<![CDATA[{link}]]>" if n + 1 < site.pages else ""
    data = f"<datastore><nextgroup>{group}</nextgroup><recordset>{rows}</recordset></datastore>"
    if n:
        return Answer(body=data.encode(), media_type="text/xml;charset=UTF-8")
    page = (
        f"<html><head><title>{site.id}区人民政府 动态</title></head><body><div id='31'>"
        f"<script type='text/xml'>{data}</script></div></body></html>"
    )
    return Answer(body=page.encode())


def _shell(site: Site) -> Answer:
    search = hashlib.md5(site.id.encode()).hexdigest()
    page = (
        f"<!DOCTYPE html><html><head><title>会议_{site.id}区人民政府</title></head><body>"
        f'<div id="list-box"></div><script>$.get("/common/search/{search}?_isAgg=true&_isJson=true'
        '&_pageSize=20&_template=index&page=1", show);</script></body></html>'
    )
    return Answer(body=page.encode())


def _search(site: Site, stories: list[Story]) -> Answer:
    results: list[dict[str, Any]] = [
        {
            "title": site.title(x),
            "url": site.path(x),
            "content": "".join(site.paragraphs(x)),
            "contentHtml": "".join(f"<p>{p}</p>" for p in site.paragraphs(x)),
            "publishedTime": int((x.at - CHINA).replace(tzinfo=UTC).timestamp() * 1000),
            "publishedTimeStr": f"{x.at:%Y-%m-%d %H:%M:%S}",
            "channelName": "会议",
            "resList": [],
        }
        for x in stories
    ]
    data = {"page": 1, "rows": 20, "total": len(site.stories), "results": results}
    body = json.dumps({"code": 200, "data": data}, ensure_ascii=False).encode()
    return Answer(body=body, media_type="application/json;charset=UTF-8")


_BODY = {
    "trs": '<div class="TRS_Editor">{}</div>',
    "vsb": '<div id="vsb_content">{}</div>',
    "generic": '<div id="zoom">{}</div>',
    "hanweb": '<div id="zoom">{}</div>',
    "ucap": '<div id="UCAP-CONTENT">{}</div>',
}


def _article(site: Site, story: Story) -> str:
    text = "".join(f"<p>　　{x}</p>" for x in site.paragraphs(story))
    title = site.title(story)
    return (
        f"<!DOCTYPE html><html><head><title>{title}-{site.id}区人民政府</title></head><body>"
        f'<div class="top"><a href="/">首页</a></div><div class="article"><h1>{title}</h1>'
        f"<p class='info'>发布时间：{story.at:%Y-%m-%d %H:%M}　来源：{site.id}区融媒体中心</p>"
        f'{_BODY[site.family].format(text)}</div><div class="foot"><p>主办：{site.id}区政府办公室</p>'
        "</div></body></html>"
    )
