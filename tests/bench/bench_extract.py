"""Time of `extract_page`: ``python tests/bench/bench_extract.py [--profile]``.

A page of 60 kB as government sites write them, then, where they lie beside the
repository, all shared pages.
"""

import cProfile
import pstats
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import score_pages

from pipeline.decode import decode
from pipeline.extract import extract_page

URL = "http://www.qinglan.gov.cn/xwzx/zwyw/202502/t20250227_418822.html"


def page_of(kilobytes: int) -> str:
    """A page of which a third is menus, a third text and a third scripts and footers."""
    part = kilobytes * 1000 // 3
    menu = '<li class="item"><a href="/zwgk/fdzdgknr/index.html" title="法定主动公开内容">法定主动公开内容</a></li>'
    text = "<p style='text-indent:2em'><span>青岚区召开会议，研究<b>供水管网改造</b>、校园食堂监管等事项，林知远主持会议并讲话。</span></p>"
    script = "<script>var menu = document.getElementById('menu'); menu.show();</script>"
    return (
        '<html><head><title>区政府召开会议_青岚区</title><meta name="ArticleTitle" content="区政府召开会议">'
        '<meta name="PubDate" content="2025-02-27 17:42"></head><body><ul class="nav">'
        + menu * (part // len(menu.encode()))
        + '</ul><h1>区政府召开会议</h1><div>2025-02-27 来源：青岚日报</div><div class="TRS_Editor">'
        + text * (part // len(text.encode()))
        + "</div>"
        + script * (part // len(script))
        + "</body></html>"
    )


def median_ms(html: str, url: str, rounds: int = 7) -> float:
    """Median milliseconds of one reading."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        extract_page(html, url=url)
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def main() -> None:
    """Print the medians; with --profile, where the time goes."""
    print(f"60-kB page: {median_ms(page_of(60), URL, 31):.2f} ms")
    if not score_pages.PAGES.is_dir():
        return
    pages = [
        (decode((score_pages.PAGES / x["file"]).read_bytes()).text, score_pages.address(x))
        for x in score_pages.manifest()
    ]
    times = [median_ms(html, url, 3) for html, url in pages]
    print(
        f"{len(pages)} shared pages: median {statistics.median(times):.2f} ms, "
        f"highest {max(times):.1f} ms, {1000 * len(times) / sum(times):.0f} pages a second"
    )
    if "--profile" in sys.argv:
        profile = cProfile.Profile()
        profile.enable()
        for html, url in pages:
            extract_page(html, url=url)
        profile.disable()
        pstats.Stats(profile).sort_stats("cumulative").print_stats(30)


if __name__ == "__main__":
    main()
