"""Articles a second of processor time that a reparse reads: ``python tests/bench/bench_reparse.py``.

Pages of 20 kB, gzipped in the archive as they came. Beside it, in the same run, the
least that any reader has to do: take the record out of the WARC file, parse the page.
"""

import argparse
import gzip
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from lxml import html
from warcio.archiveiterator import ArchiveIterator

from flows.demo.sites import SOURCES
from pipeline import runs
from pipeline.interpret import interpret
from pipeline.records import Capture, Wire
from pipeline.runs.reading import Pass, keep, store_article
from pipeline.runs.report import Tally
from pipeline.settings import Settings

SOURCE = "demo-yunze"
RUNS = 3
BUDGET = 400.0
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)

MEETING = (
    "{day}，区政府召开第{n}次常务会议，研究部署秋冬季大气污染防治、重点项目建设等工作。"
    "区委副书记、区长李某某主持会议并讲话，副区长王某某、张某某出席会议。",
    "会议听取了区生态环境局关于{n}号河段水质情况的汇报，原则同意有关整改方案。",
    "会议指出，要坚持问题导向，压实工作责任，推动各项任务落到实处，让群众有更多获得感。",
    "会议强调，各街道、各部门要加强协调配合，形成工作合力，确保按期完成全年目标任务。",
    "会议还研究了其他事项。（记者 赵某某 通讯员 钱某某）",
)
STORY = (
    "{day}清晨，东桥街道的便民早市热闹起来，刚采下的白菜、萝卜摆满了{n}号摊位。",
    "“以前在路边摆，怕下雨也怕堵车，现在有棚有水有电，心里踏实。”摊主孙某某一边过秤一边说。",
    "今年以来，街道把早市改造列入民生实事，划定摊位一百二十个，配齐垃圾桶和公平秤，安排专人每天保洁。",
    "街道市场管理所负责人介绍，摊位不收租金，只收少量卫生费，附近村民凭身份证就能登记使用。",
    "家住金水小区的周阿姨几乎天天来。她算了一笔账，这里的菜比超市便宜两三成，一个月能省下百十元。",
    "为了不影响交通，早市上午九点准时收摊，环卫车随后进场冲洗，半小时后路面恢复原样。",
    "下一步，街道还将在西桥、南桥两处各建一个早市，让更多居民在家门口买到新鲜菜。（记者 赵某某）",
)
"""Three texts of four are stories, one is a meeting's report."""


def page(n: int) -> bytes:
    """A page of 20 kB as sites serve them: a quarter text, the rest menus, scripts and style."""
    day = date(2026, 11, 20) - timedelta(days=n % 300)
    words = f"{day.month}月{day.day}日"
    story = "".join(
        f"<p>　　{x.format(day=words, n=n)}</p>\n" for x in (STORY if n % 4 else MEETING)
    )
    menu = "".join(
        f'<li class="menu-item"><a href="/col/{k}/index.html" target="_blank">栏目第{k}号</a></li>\n'
        for k in range(130)
    )
    head = (
        '<!DOCTYPE html><html><head><meta charset="utf-8">'
        f'<meta name="ArticleTitle" content="区政府召开第{n}次常务会议">'
        f'<meta name="PubDate" content="{day} 09:30"><meta name="ContentSource" content="云泽融媒">'
        f"<title>区政府召开第{n}次常务会议_云泽县人民政府</title><style>{'.a{color:#333;margin:0 auto}' * 120}"
        "</style></head><body>"
    )
    body = (
        f"<div class='header'><ul>{menu}</ul></div><div class='main'><h1>区政府召开第{n}次常务会议</h1>"
        f"<div class='info'>发布时间：{day} 09:30　来源：云泽融媒</div>"
        f"<div class='TRS_Editor'>{story}</div></div><div class='foot'>主办：云泽县人民政府</div>"
        f"<script>{'var a=document.getElementById(0);' * 80}</script></body></html>"
    )
    return (head + body).encode()


def capture(n: int) -> Capture:
    """A response as the fetcher gives it."""
    body = page(n)
    sent = gzip.compress(body, mtime=0)
    url = f"http://www.yunze.example/art/{n:06}.html"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\nContent-Length: {len(sent)}\r\n\r\n"
    fields = [x.split(": ", 1) for x in head.splitlines()[1:] if x]
    request = f"GET /art/{n:06}.html HTTP/1.1\r\nHost: www.yunze.example\r\n\r\n"
    return Capture(
        url=url,
        requested_url=url,
        status=200,
        headers=tuple((k.lower(), v) for k, v in fields),
        body=body,
        fetched_at=NOW,
        wire=Wire(request=request.encode(), response=head.encode(), body=sent),
    )


@contextmanager
def archived(pages: int) -> Iterator[runs.Context]:
    """A home whose store and archive hold so many articles."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home", sources=SOURCES)
        with runs.open_context(settings, clock=lambda: NOW) as context:
            (column, *_) = context.catalogue.columns_of(SOURCE)
            with runs.ledger(context, "ingest", {}) as entry:
                p = Pass(
                    context=context,
                    run_id=entry.run_id,
                    column=column,
                    tally=Tally(source=SOURCE),
                )
                for n in range(pages):
                    found = capture(n)
                    number = keep(p, found)
                    article = interpret(found, column)
                    if article.kind != "article" or not article.text:
                        raise SystemExit("the bench's page is not read")
                    store_article(p, article, number)
            yield context


def bare(context: runs.Context) -> int:
    """Take every response out of its file and parse it with lxml; how many."""
    n = 0
    for path in context.settings.archive_dir.rglob("*.warc.gz"):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type == "response":
                    html.document_fromstring(record.content_stream().read().decode())
                    n += 1
    return n


def rate(work: Callable[[], int]) -> float:
    """Articles a second of processor time, that of child processes included."""
    began = sum(os.times()[:4])
    n = work()
    return n / (sum(os.times()[:4]) - began)


def main() -> None:
    """Print the figures, each the best of some runs."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=1000)
    options.add_argument("--processes", type=int, default=1)
    given = options.parse_args()
    with archived(given.pages) as context:

        def again() -> int:
            report = runs.reparse_source(
                SOURCE, context=context, run_id=1, processes=given.processes
            )
            if report.problems or report.counts["reparsed"]:
                raise SystemExit(f"reads otherwise: {report}")
            return report.counts["read"]

        floors, rates = zip(
            *[(rate(lambda: bare(context)), rate(again)) for _ in range(RUNS)], strict=True
        )
    best = max(rates)
    sys.stdout.write(
        f"reparse of pages of {len(page(0)) // 1000} kB in {given.processes} processes: "
        f"{best:.0f} articles a CPU second (wanted {BUDGET:.0f}); "
        f"bare WARC + lxml {max(floors):.0f}, {max(floors) / best:.1f} times as many\n"
    )


if __name__ == "__main__":
    main()
