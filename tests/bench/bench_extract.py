"""Time and memory of reading a page: ``python tests/bench/bench_extract.py [--pages N] [--profile]``.

`interpret` of a page of 60 kB as government sites write them; memory over N such pages
(10,000); then, where they lie beside the repository, all shared pages, beside trafilatura
on the same pages in the same run if it is installed (the extra ``bench``). Times are of
the processor, of shared pages the best of three rounds; beside them stands what parsing
alone costs, since a busy machine slows both.
"""

import argparse
import cProfile
import gc
import importlib
import pstats
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import lxml.html
import score_pages

from pipeline.decode import decode
from pipeline.interpret import interpret
from pipeline.records import Capture

URL = "http://www.qinglan.gov.example/xwzx/zwyw/202502/t20250227_418822.html"
BUDGET_MS = 4.0
TIMES = 3.0
"""How many times as many pages a second as trafilatura."""


def capture_of(body: bytes, url: str) -> Capture:
    """The page as it would come from its server."""
    return Capture(
        body=body,
        url=url,
        requested_url=url,
        headers=(("content-type", "text/html"),),
        fetched_at=datetime(2025, 2, 28, tzinfo=UTC),
        status=200,
    )


def page_of(kilobytes: int) -> str:
    """A page with the measure of real ones: 390 elements, 100 links, a dozen paragraphs; scripts fill it."""
    menu = "".join(
        f'<li class="item item-{i}"><a href="/zwgk/fdzdgknr/{i}/index.html" target="_blank" title="法定主动公开内容">'
        f"<span>公开内容{i}</span></a></li>"
        for i in range(55)
    )
    beside = "".join(
        f'<li><a href="/xwzx/zwyw/202502/t202502{i:02}_4187{i:02}.html">{x}街道开展安全生产检查</a><span>2025-02-{i:02}</span></li>'
        for i, x in enumerate(("望江", "柳林", "石桥", "东亭") * 6, start=1)
    )
    text = "".join(
        f'<p style="text-indent:2em;line-height:2"><span style="font-family:仿宋;font-size:18px">{x}</span></p>'
        for x in (
            "2月26日，青岚区政府召开第五十二次常务会议，研究供水管网改造、校园食堂监管等事项。区长林知远主持会议并讲话。",
            *(
                f"会议听取了第{n}项工作的汇报，指出要压实责任、倒排工期，完善台账管理，及时回应群众关切，确保各项措施落到实处。"
                for n in "一二三四五六七八九"
            ),
            "副区长沈既白，区政府办公室主任及有关部门负责人参加会议。",
        )
    )
    page = (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>青岚区政府召开第五十二次常务会议_青岚区人民政府</title>'
        '<meta name="SiteName" content="青岚区人民政府"><meta name="ColumnName" content="政务要闻">'
        '<meta name="ArticleTitle" content="青岚区政府召开第五十二次常务会议"><meta name="PubDate" content="2025-02-27 17:42">'
        '<meta name="ContentSource" content="青岚日报"></head><body><div class="top"><div class="nav"><ul>'
        f'{menu}</ul></div></div><div class="main"><div class="left"><h1>青岚区政府召开第五十二次常务会议</h1>'
        '<div class="info"><span>发布时间：2025-02-27 17:42</span><span>来源：青岚日报</span><span>字体：[大 中 小]</span></div>'
        f'<div class="TRS_Editor">{text}</div><div class="share">分享到：</div></div><div class="right"><h3>最新动态</h3><ul>{beside}</ul>'
        '</div></div><div class="footer"><p>主办：青岚区人民政府办公室</p><p>网站标识码：9901020001</p></div>{}</body></html>'
    )
    line = "var menu = document.getElementById('menu'); menu.show();\n"
    lines = (kilobytes * 1000 - len(page.encode())) // len(line) // 28
    return page.replace("{}", f"<script>{line * lines}</script>\n" * 28)


def cost_ms(work: Callable[[], object]) -> float:
    """Milliseconds of the processor."""
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


Reader = Callable[[Capture, str], object]
"""Reads a page, which it gets as response and as text."""


def best_ms(
    readers: Sequence[Reader], pages: Sequence[tuple[Capture, str]], rounds: int = 3
) -> list[list[float]]:
    """Milliseconds of each page by each reader, the best of some rounds.

    In a round the readers take turns; each has all pages in a row, as in use.
    """
    costs = [
        [[cost_ms(lambda p=page, r=reader: r(*p)) for page in pages] for reader in readers]
        for _ in range(rounds)
    ]
    return [
        [min(x) for x in zip(*of_reader, strict=True)] for of_reader in zip(*costs, strict=True)
    ]


def parsed(text: str) -> object:
    """The least that any reader has to do."""
    return lxml.html.document_fromstring(text)


def one_page(capture: Capture, times: int = 41) -> tuple[float, float]:
    """Median milliseconds of reading a page, and of parsing it."""
    text = decode(capture.body).text
    costs = [
        (cost_ms(lambda: interpret(capture)), cost_ms(lambda: parsed(text))) for _ in range(times)
    ]
    reading, parsing = (statistics.median(x) for x in zip(*costs, strict=True))
    return reading, parsing


def resident_mb() -> float:
    """Memory that this process holds, in MB (Linux; 0 elsewhere)."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * 4096 / 1e6 if status.exists() else 0.0


def growth(count: int) -> tuple[float, float]:
    """Memory in MB after a tenth of *count* pages, each with an address of its own, and after all."""
    html, after_tenth = page_of(60), 0.0
    for n in range(count):
        own = html.replace("418822", f"{n:06}").replace("/zwgk/", f"/zwgk{n}/")
        interpret(capture_of(own.encode(), URL.replace("418822", f"{n:06}")))
        if n == count // 10:
            gc.collect()
            after_tenth = resident_mb()
    gc.collect()
    return after_tenth, resident_mb()


def rate(costs: Sequence[float]) -> float:
    """Pages a second."""
    return 1000 * len(costs) / sum(costs)


def shared() -> None:
    """Pages a second over the shared pages, beside parsing alone and trafilatura."""
    pages = []
    for row in score_pages.manifest():
        body = (score_pages.PAGES / row["file"]).read_bytes()
        pages.append((capture_of(body, score_pages.address(row)), decode(body).text))
    readers: list[Reader] = [lambda capture, _: interpret(capture), lambda _, text: parsed(text)]
    try:
        other = importlib.import_module("trafilatura").bare_extraction
        readers.append(lambda _, text: other(text))
    except ImportError:
        print("trafilatura is not installed: not compared")
    gc.collect()
    gc.freeze()  # nobody shall pay for what the others have loaded
    own, parsing, *further = best_ms(readers, pages)
    print(
        f"{len(pages)} shared pages: median {statistics.median(own):.2f} ms, highest {max(own):.1f} ms, "
        f"{rate(own):.0f} pages a second; parsing alone {rate(parsing):.0f}"
    )
    for theirs in further:
        print(
            f"trafilatura on the same pages: {rate(theirs):.0f} a second; "
            f"quwen is {sum(theirs) / sum(own):.1f} times as fast (wanted: {TIMES:.0f})"
        )


def main() -> None:
    """Print the figures; with --profile, where the time goes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=10_000)
    options.add_argument("--profile", action="store_true")
    given = options.parse_args()
    capture = capture_of(page_of(60).encode(), URL)
    reading, parsing = one_page(capture)
    print(
        f"interpret of a page of {len(capture.body) // 1000} kB: median {reading:.2f} ms (budget {BUDGET_MS} ms), "
        f"{reading / parsing:.1f} times parsing alone"
    )
    if given.profile:
        profile = cProfile.Profile()
        profile.runcall(lambda: [interpret(capture) for _ in range(100)])
        pstats.Stats(profile).sort_stats("cumulative").print_stats(40)
    early, late = growth(given.pages)
    print(
        f"memory after {given.pages // 10:,} pages {early:.1f} MB, after {given.pages:,} {late:.1f} MB"
    )
    if score_pages.PAGES.is_dir():
        shared()


if __name__ == "__main__":
    main()
