"""A site of our own on loopback whose articles tests change, and a clock that they move."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1]))  # for httpd.py and stores.py

from httpd import Asked, Httpd, Reply, serve
from stores import empty_store

from pipeline import runs
from pipeline.identity import article_id
from pipeline.settings import Settings

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)  # a Friday, ten o'clock in China
HOST = "qinglan.example"
SOURCE = "sd-qinglan"

TOML = """
[place]
code = "370199"
name = "青岚区"
province = "山东省"
short = "青岚"

[[sites]]
id = "sd-qinglan"
name = "青岚区人民政府"
publisher = "government"
base = "http://qinglan.example"
verified = true

[sites.fetch]
delay_s = 0.0
robots = false

[[sites.columns]]
key = "zwyw"
name = "政务要闻"
url = "/zwyw/"
"""


class Clock:
    """A clock that tests move, or that goes on by ``tick`` whenever it is looked at."""

    def __init__(self) -> None:
        self.now = NOW
        self.tick = timedelta(0)

    def __call__(self) -> datetime:
        self.now += self.tick
        return self.now

    def forward(self, **by: float) -> None:
        """Move on by a time."""
        self.now += timedelta(**by)


def page_of(title: str, text: str, day: date) -> bytes:
    """An article's page, with a counter that tests may change around it."""
    return f"""<html><head><title>{title}_青岚区人民政府</title>
<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{day} 09:30">
<meta name="ContentSource" content="青岚融媒"></head><body>
<div class="nav"><a href="/">首页</a> <a href="/zwyw/">政务要闻</a></div>
<h1>{title}</h1><div class="info">发布时间：{day} 09:30 来源：青岚融媒</div>
<div class="TRS_Editor"><p>{text}</p><p>区委书记陈某某强调，要把实事办好，让群众满意。</p></div>
<div class="foot">主办：青岚区人民政府</div></body></html>""".encode()


def _answer(asked: Asked, body: bytes) -> Reply:
    """A page with its validator, or that it has not changed."""
    etag = f'"{sha256(body).hexdigest()[:12]}"'
    headers = (("ETag", etag), ("Content-Type", "text/html; charset=utf-8"))
    if asked.headers.get("if-none-match") == etag:
        return Reply(status=304, headers=headers, length=False)
    return Reply(headers=headers, body=body)


@dataclass(slots=True)
class Site:
    """The articles of a column: number, title, text and day; the newest has the highest number."""

    httpd: Httpd
    texts: dict[int, tuple[str, str, date]] = field(default_factory=dict)
    unlisted: set[int] = field(default_factory=set)

    def put(self, n: int, *, day: date, title: str = "", text: str = "") -> None:
        """Publish an article, or change it."""
        words = f"第{n}次走访在青岚区东桥街道举行，干部们挨家挨户了解情况。"
        self.texts[n] = (title or f"青岚区开展第{n}次走访活动", text or words, day)
        body = self.page(n)
        self.httpd.pages[self.path(n)] = lambda asked: _answer(asked, body)
        self.httpd.pages["/zwyw/"] = lambda asked: _answer(asked, self.list())

    def path(self, n: int) -> str:
        """Where an article stands."""
        return f"/zwyw/2026/{n:05}.html"

    def page(self, n: int) -> bytes:
        """An article's page as it is."""
        return page_of(*self.texts[n])

    def id(self, n: int) -> str:
        """What the store calls it."""
        return article_id(f"http://{HOST}{self.path(n)}")

    def reply(self, path: str, reply: Reply) -> None:
        """Answer otherwise at an address."""
        self.httpd.pages[path] = reply

    def restore(self, n: int) -> None:
        """Publish what stood there before."""
        title, text, day = self.texts[n]
        self.put(n, day=day, title=title, text=text)

    def asked(self) -> list[str]:
        """The articles' addresses asked for since the last call."""
        found = [x.path for x in self.httpd.asked if x.path.endswith(".html")]
        self.httpd.asked.clear()
        return found

    def list(self) -> bytes:
        """The column's page, newest first."""
        rows = [
            f'<li><a href="{self.path(n)}">{title}</a><span>{day}</span></li>'
            for n, (title, _, day) in sorted(self.texts.items(), reverse=True)
            if n not in self.unlisted
        ]
        return (
            "<html><head><title>政务要闻_青岚区人民政府</title></head><body><ul class='list'>"
            f"{''.join(rows)}</ul></body></html>"
        ).encode()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site() -> Iterator[Site]:
    """Twelve articles, one a day."""
    with serve() as httpd:
        found = Site(httpd)
        for n in range(12):
            found.put(n, day=NOW.date() - timedelta(days=11 - n))
        yield found


@pytest.fixture
def own_settings(tmp_path: Path, site: Site) -> Settings:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "site.toml").write_text(TOML, encoding="utf-8")
    return Settings(home=tmp_path / "home", sources=folder, connect_to={HOST: site.httpd.address})


@pytest.fixture
def own(own_settings: Settings, clock: Clock) -> Iterator[runs.Context]:
    """The opened world around the site."""
    empty_store(own_settings.home / "quwen.db")
    with runs.open_context(own_settings, clock=clock) as opened:
        yield opened


def look(context: runs.Context) -> runs.Report:
    """One run over the site."""
    with runs.ledger(context, "ingest", {}) as entry:
        entry.add(runs.ingest_source(SOURCE, context=context, run_id=entry.run_id))
    return entry.reports[0]
