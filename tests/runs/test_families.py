"""Whole sites of every family, from the list's address to the stored records."""

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pipeline import runs
from pipeline.settings import Settings

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from httpd import Httpd, Reply, serve
from recorded import LISTS, PAGES, STORY, path_of, put
from stores import empty_store

SOURCE = """\
[place]
code = "330199"
name = "云泽区"
province = "浙江省"
short = "云泽"

[[sites]]
id = "yunze"
name = "云泽区人民政府"
publisher = "government"
base = "http://{host}"

[sites.fetch]
delay_s = 0

[[sites.columns]]
key = "news"
name = "要闻"
url = "{url}"
max_pages = {pages}
"""


@pytest.fixture
def server() -> Iterator[Httpd]:
    with serve() as running:
        yield running


def opened(tmp_path: Path, server: Httpd, url: str, now: datetime, pages: int = 5):
    folder = tmp_path / "sources"
    folder.mkdir(exist_ok=True)
    host = urlsplit(url).hostname
    (folder / "yunze.toml").write_text(
        SOURCE.replace("{host}", str(host)).replace("{url}", url).replace("{pages}", str(pages)),
        "utf-8",
    )
    settings = Settings(
        home=tmp_path / "home", sources=folder, connect_to={str(host): server.address}
    )
    file = settings.home / "quwen.db"
    if not file.exists():
        empty_store(file)
    return runs.open_context(settings, clock=lambda: now)


def ingest(context: runs.Context) -> runs.Report:
    with runs.ledger(context, "ingest", {}) as entry:
        return runs.ingest_source("yunze", context=context, run_id=entry.run_id)


NOW = datetime(2026, 3, 21, 1, tzinfo=UTC)


@pytest.mark.parametrize("family", sorted(LISTS))
def test_all_pages_of_a_list_are_read(family: str, tmp_path: Path, server: Httpd):
    """From the address of a column alone, every article that its pages list is stored."""
    cases = [put(server, PAGES / family / x) for x in LISTS[family]]
    # A newspaper has further issues behind; the others end by themselves
    pages = 2 if family == "epaper" else 5
    with opened(tmp_path, server, cases[0]["url"], NOW, pages) as context:
        report = ingest(context)
        assert () == report.problems
        entries = context.store.entries(source="yunze", limit=100)
    listed = {x["title"]: x["url"] for case in cases for x in case["items"]}
    assert sorted(listed) == sorted(x.article.title for x in entries)
    assert set(listed.values()) == {x.article.url for x in entries}


@pytest.mark.parametrize("family", ["jpaas", "gkmlpt", "longcloud"])
def test_requests_of_scripts_look_like_theirs(family: str, tmp_path: Path, server: Httpd):
    """Some of these programs answer only what seems to come from their page."""
    cases = [put(server, PAGES / family / x) for x in LISTS[family]]
    with opened(tmp_path, server, cases[0]["url"], NOW) as context:
        ingest(context)
    asked = {x.path: x.headers for x in server.asked}
    first = asked[path_of(cases[1]["url"])]
    assert "XMLHttpRequest" == first["x-requested-with"]
    assert path_of(cases[0]["url"]) == path_of(first["referer"])


def test_texts_in_the_list_cost_no_further_request(tmp_path: Path, server: Httpd):
    """A search that brings whole texts is read without asking for the pages."""
    cases = [put(server, PAGES / "ucap" / x) for x in ("column-by-search", "answer-1", "answer-2")]
    with opened(tmp_path, server, cases[0]["url"], NOW) as context:
        report = ingest(context)
        entries = context.store.entries(source="yunze", limit=100)
        assert {x["url"] for case in cases for x in case["items"]} == {
            x.article.url for x in entries
        }
    assert (0, 5) == (report.counts["fetched"], report.counts["new"])
    (meeting,) = [x for x in entries if "三十一次" in x.article.title]
    assert 31 == meeting.article.meetings[0].ordinal.seq
    assert 4 <= len(server.asked) <= 5  # robots.txt, the column, three answers at the most


def test_a_shell_that_did_not_change_hides_no_news(tmp_path: Path, server: Httpd):
    """The page around a list filled by script is the same for years; the list behind is asked."""
    cases = [put(server, PAGES / "jpaas" / x) for x in LISTS["jpaas"]]
    shell = path_of(cases[0]["url"])
    reply = server.pages[shell]
    server.pages[shell] = Reply(headers=(*reply.headers, ("ETag", '"1"')), body=reply.body)
    answers = {path_of(x["url"]): server.pages.pop(path_of(x["url"])) for x in cases[1:]}
    with opened(tmp_path, server, cases[0]["url"], NOW) as context:
        assert 0 == ingest(context).counts["new"]
        server.pages |= answers
        assert 0 < ingest(context).counts["new"]


def test_a_newspaper_is_read_from_its_latest_issue(tmp_path: Path, server: Httpd):
    """The address of the day; where there is no issue yet, that of the day before."""
    cases = [put(server, PAGES / "epaper" / x) for x in LISTS["epaper"]]
    url = cases[0]["url"].replace("2026-03/18", "{yyyy}-{mm}/{dd}")
    assert url != cases[0]["url"]
    with opened(tmp_path, server, url, datetime(2026, 3, 19, 1, tzinfo=UTC), 2) as context:
        report = ingest(context)
    assert () == report.problems
    assert sum(len(x["items"]) for x in cases) == report.counts["new"]


def test_a_newspaper_without_issues_is_an_alarm(tmp_path: Path, server: Httpd):
    """Days on end without an issue are no holiday any more."""
    url = "http://paper.yunze.example/html/{yyyy}-{mm}/{dd}/node_1.htm"
    with opened(tmp_path, server, url, NOW) as context:
        report = ingest(context)
    assert "gone (HTTP 404)" == report.problems[0].what
    assert "Failed" == report.state


LIST = """<html><body><ul>{rows}</ul><a href="{next}">下一页</a></body></html>"""
ROW = '<li><a href="{url}">{title}</a><span>2026-03-{day:02}</span></li>'


def page_of(rows: list[tuple[str, str]], further: str = "") -> Reply:
    items = "".join(ROW.format(url=u, title=t, day=18 - i) for i, (u, t) in enumerate(rows))
    body = LIST.format(rows=items, next=further).encode()
    return Reply(headers=(("Content-Type", "text/html; charset=utf-8"),), body=body)


def story(title: str) -> Reply:
    return Reply(
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=STORY.format(title=title).encode(),
    )


HOME = "http://www.yunze.example/news/"

FOREIGN = [
    ("a1.html", "云泽区召开春季植树动员会议"),
    ("http://news.example/2026/03/17/1.html", "省里的报纸报道云泽区春耕备耕"),
    ("https://mp.weixin.qq.com/s/AbCdEfGhIjKlMn", "图解云泽区民生实事办理情况"),
    ("/files/plan2026.pdf", "云泽区二〇二六年度植树计划表"),
]


def test_links_to_files_and_other_sites_become_headlines(tmp_path: Path, server: Httpd):
    """They are news of the column, but their pages are not the source's to fetch."""
    server.pages["/news/"] = page_of(FOREIGN)
    server.pages["/news/a1.html"] = story(FOREIGN[0][1])
    with opened(tmp_path, server, HOME, NOW) as context:
        report = ingest(context)
        found = {x.article.title: x.article for x in context.store.entries(limit=10)}
    assert (1, 4, 3) == tuple(report.counts[x] for x in ("fetched", "new", "external"))
    assert [x[1] for x in FOREIGN[1:]] == [
        x for x in found if found[x].text_kind == "headline"
    ]  # by date, newest first
    (pdf,) = found[FOREIGN[3][1]].attachments
    assert ("application/pdf", "http://www.yunze.example/files/plan2026.pdf") == (
        pdf.media_type,
        pdf.url,
    )
    assert () == found[FOREIGN[1][1]].problems
    assert date(2026, 3, 17) == found[FOREIGN[1][1]].published.day
    assert {"/robots.txt", "/news/", "/news/a1.html"} == set(server.paths())


def test_headlines_are_read_again_from_the_list(tmp_path: Path, server: Httpd):
    """They stand on the list's response, and reparse finds them there."""
    server.pages["/news/"] = page_of(FOREIGN)
    server.pages["/news/a1.html"] = story(FOREIGN[0][1])
    with opened(tmp_path, server, HOME, NOW) as context:
        ingest(context)
        report = runs.reparse_source("yunze", context=context, run_id=1)
    assert () == report.problems
    assert (4, 0) == (report.counts["read"], report.counts["reparsed"])


def test_the_page_of_a_headline_is_read_once_it_is_the_sources(tmp_path: Path, server: Httpd):
    """A host added to the source later: what was a headline becomes an article, not an edit."""
    server.pages["/news/"] = page_of(FOREIGN[:2])
    server.pages["/news/a1.html"] = story(FOREIGN[0][1])
    server.pages["/2026/03/17/1.html"] = story(FOREIGN[1][1])
    with opened(tmp_path, server, HOME, NOW) as context:
        ingest(context)
    own = tmp_path / "sources" / "yunze.toml"
    text = own.read_text("utf-8").replace("delay_s = 0", 'delay_s = 0\nhosts = ["news.example"]')
    own.write_text(text, "utf-8")
    to = {"www.yunze.example": server.address, "news.example": server.address}
    settings = Settings(home=tmp_path / "home", sources=tmp_path / "sources", connect_to=to)
    with runs.open_context(settings, clock=lambda: NOW) as context:
        report = ingest(context)
        entries = context.store.entries(limit=10)
    assert (1, 0) == (report.counts["reparsed"], report.counts["edited"])
    assert "headline" not in {x.article.text_kind for x in entries}


def test_a_frame_that_holds_the_list_is_followed(tmp_path: Path, server: Httpd):
    """Old portals put the list into a page of its own."""
    frame = b'<html><body><h2>News</h2><iframe src="rows.html" width="700"></iframe></body></html>'
    server.pages["/news/"] = Reply(headers=(("Content-Type", "text/html"),), body=frame)
    rows = [(f"a{x}.html", f"云泽区第{x}批民生项目开工建设") for x in range(6)]
    server.pages["/news/rows.html"] = page_of(rows)
    server.pages |= {f"/news/{u}": story(t) for u, t in rows}
    with opened(tmp_path, server, HOME, NOW) as context:
        assert 6 == ingest(context).counts["new"]


def test_a_pager_that_runs_on_for_ever_is_left(tmp_path: Path, server: Httpd):
    """Behind the end, many sites answer with the last page, under ever new addresses."""
    rows = [(f"a{x}.html", f"云泽区第{x}批民生项目开工建设") for x in range(6)]
    server.pages |= {f"/news/{u}": story(t) for u, t in rows}
    server.pages["/news/"] = page_of(rows, "list_1.html")
    for number in range(1, 50):
        server.pages[f"/news/list_{number}.html"] = page_of(rows, f"list_{number + 1}.html")
    with opened(tmp_path, server, HOME, NOW) as context:
        backfill(context, max_pages=40)
        state = context.store.backfill_state("yunze", "news")
    assert ["/news/", "/news/list_1.html"] == [x for x in server.paths() if x in LIST_PATHS]
    assert state is not None
    assert state.done


LIST_PATHS = {"/news/", *(f"/news/list_{x}.html" for x in range(50))}


def backfill(context: runs.Context, *, max_pages: int) -> runs.Report:
    with runs.ledger(context, "backfill", {}) as entry:
        return runs.backfill_source(
            "yunze",
            runs.Order(since=date(2026, 1, 1), until=date(2026, 3, 21), max_pages=max_pages),
            context=context,
            run_id=entry.run_id,
        )


@pytest.mark.parametrize("family", ["jpaas", "longcloud", "gkmlpt"])
def test_backfill_goes_on_within_a_list_by_script(family: str, tmp_path: Path, server: Httpd):
    """A walk that was stopped after one page goes on with the second, asked as the script asks."""
    cases = [put(server, PAGES / family / x) for x in LISTS[family]]
    with opened(tmp_path, server, cases[0]["url"], NOW) as context:
        backfill(context, max_pages=1)
        first = len(server.asked)
        backfill(context, max_pages=10)
        stored = len(context.store.entries(source="yunze", limit=100))
    assert sum(len(x["items"]) for x in cases) == stored
    (second,) = [x for x in server.asked[first:] if x.path == path_of(cases[2]["url"])]
    assert "XMLHttpRequest" == second.headers["x-requested-with"]
    assert path_of(cases[0]["url"]) not in [x.path for x in server.asked[first:]]
