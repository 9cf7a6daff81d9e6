"""``quwen sources add`` and ``check`` and ``quwen record``, as an operator runs them."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from httpd import Httpd, Reply, serve
from recorded import LISTS, PAGES, STORY, path_of, put

from pipeline.sources import load_catalogue

Quwen = Callable[..., subprocess.CompletedProcess[str]]
CODE = "330102"  # any county-level place will do


@pytest.fixture
def server() -> Iterator[Httpd]:
    with serve() as running:
        yield running


@pytest.fixture
def run(quwen_within: Quwen, server: Httpd, tmp_path: Path):
    """Runs quwen with every test host led to the loopback server."""

    def go(*args: str, hosts: tuple[str, ...], **values) -> subprocess.CompletedProcess[str]:
        names = [x for host in hosts for x in (host, f"www.{host.removeprefix('www.')}")]
        pairs = ",".join(f"{x}={server.address}" for x in dict.fromkeys(names))
        env = {"QUWEN_CONNECT_TO": pairs, "QUWEN_SOURCES": str(tmp_path / "mine")}
        (tmp_path / "mine").mkdir(exist_ok=True)
        return quwen_within(*args, env=env, **values)

    return go


@pytest.fixture
def add(run):
    def go(url: str, *args: str, **values) -> subprocess.CompletedProcess[str]:
        host = urlsplit(url).hostname
        return run("sources", "add", url, "--delay", "0", *args, hosts=(host,), **values)

    return go


def put_trs(server: Httpd) -> str:
    """Serve a plain site; returns the address of its list."""
    put(server, PAGES / "trs" / "list-2-of-2")
    return put(server, PAGES / "trs" / "list-1-of-2")["url"]


def only_file(folder: Path) -> Path:
    (path,) = folder.rglob("*.toml")
    return path


@pytest.mark.parametrize("family", sorted(LISTS))
def test_a_source_file_is_written_from_the_address_alone(family, server, add, tmp_path):
    """Family, column, paging and three articles are found; the file loads as it stands."""
    cases = [put(server, PAGES / family / x) for x in LISTS[family]]
    url = cases[0]["url"]
    names = ("--site-name", "云泽区人民政府", "--column-name", "要闻", "--publisher", "government")
    done = add(url, "--yes", "--place", CODE, "--id", "zj-yunze", *names)
    assert (0, "") == (done.returncode, done.stderr)
    (column,) = [x for x in load_catalogue(tmp_path / "mine").columns if x.source.id == "zj-yunze"]
    assert (url, family) == (column.url, column.layouts[0].family)
    assert (CODE, True) == (column.source.place.code, column.source.verified)
    assert 3 == done.stdout.count("\n     published  2026-")
    asked = [path_of(x["url"]) for x in cases[:2]]
    assert asked == [x for x in server.paths() if x in asked][:2]


def test_what_is_found_is_shown_with_where_it_stood(server, add):
    """Nobody should have to believe a value without knowing where it is from."""
    url = put_trs(server)
    shown = add(url, "--yes", "--place", CODE).stdout
    for line in (
        "family     trs   [address and page marks]",
        "column     政务要闻   [meta ColumnName]",
        "publisher  government   [“人民政府” in the site's name]",
        "items      6, 6 of them on the site",
        "[6 new addresses]",
        "origin     云泽区融媒体中心   [visible]",
    ):
        assert line in shown


def test_comments_say_where_values_are_from(server, add, tmp_path):
    """The file is read by people, too."""
    url = put_trs(server)
    assert 0 == add(url, "--yes", "--place", CODE).returncode
    text = only_file(tmp_path / "mine").read_text("utf-8")
    assert "# meta ColumnName" in text
    assert "# GB/T 2260; given" in text
    assert "read the list and its newest articles" in tomllib.loads(text)["sites"][0]["evidence"]


def test_a_second_column_goes_into_the_sites_file(server, add, tmp_path):
    """What stands there stays, comments included."""
    url = put_trs(server)
    add(url, "--yes", "--place", CODE)
    path = only_file(tmp_path / "mine")
    path.write_text("# kept by hand\n" + path.read_text("utf-8"), "utf-8")
    before = path.read_text("utf-8")
    other = url.replace("/zwyw/", "/gsgg/")
    first = server.pages[path_of(url)]
    body = first.body.replace("政务要闻".encode(), "公示公告".encode())
    body = body.replace(b"<head>", f'<head><base href="{url}">'.encode())
    server.pages[path_of(other)] = replace(first, body=body)
    older = server.pages["/xwzx/zwyw/index_1.shtml"]
    base = f'<head><base href="{url}">'.encode()
    server.pages["/xwzx/gsgg/index_1.shtml"] = replace(
        older, body=older.body.replace(b"<head>", base)
    )
    done = add(other, "--yes")
    assert (0, "") == (done.returncode, done.stderr)
    after = path.read_text("utf-8")
    assert after.startswith(before.rstrip("\n"))
    assert ["zwyw", "gsgg"] == [x["key"] for x in tomllib.loads(after)["sites"][0]["columns"]]


def test_a_known_column_is_not_added_twice(server, add, tmp_path):
    """Nothing is fetched, nothing is written."""
    url = put_trs(server)
    add(url, "--yes", "--place", CODE)
    before = only_file(tmp_path / "mine").read_bytes()
    asked = len(server.asked)
    done = add(url, "--yes", "--place", CODE)
    assert 2 == done.returncode
    assert "already" in done.stderr
    assert (before, asked) == (only_file(tmp_path / "mine").read_bytes(), len(server.asked))


def test_only_what_the_page_does_not_say_is_asked(server, add, tmp_path):
    """The place, here: a wrong answer is answered, a right one taken."""
    url = put_trs(server)
    done = add(url, stdin=f"月亮区\n{CODE}\ny\n".encode())
    assert 0 == done.returncode
    assert "is no county-level division" in done.stdout
    assert 1 == done.stdout.count("Write it?")
    assert CODE == tomllib.loads(only_file(tmp_path / "mine").read_text("utf-8"))["place"]["code"]


def test_a_no_writes_nothing(server, add, tmp_path):
    """The last word is the operator's."""
    url = put_trs(server)
    done = add(url, "--place", CODE, stdin=b"n\n")
    assert 130 == done.returncode
    assert [] == list((tmp_path / "mine").rglob("*"))


def page(body: str, head: str = "") -> Reply:
    text = f"<html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"
    return Reply(headers=(("Content-Type", "text/html; charset=utf-8"),), body=text.encode())


ROWS = "".join(
    f'<li><a href="n{x}.html">云泽区第{x}批民生项目开工建设</a><span>2026-03-{18 - x:02}</span></li>'
    for x in range(6)
)
CHALLENGE = (PAGES / "generic" / "challenge" / "page.html").read_bytes()

REFUSED = {
    "an article": (page(STORY.format(title="云泽区召开春耕工作会议")), "is an article, no list"),
    "nothing but text": (page("<p>暂无内容</p>"), "is no list"),
    "a challenge": (Reply(body=CHALLENGE), "a challenge for browsers"),
    "a refusal": (Reply(status=403), "blocked"),
    "a page that is gone": (Reply(status=404), "gone"),
    "links to others only": (
        page("<ul>" + ROWS.replace('href="', 'href="http://other.example/') + "</ul>"),
        "all lead to other sites",
    ),
    "articles that are gone": (page(f"<ul>{ROWS}</ul>"), "none of its articles can be read"),
}


@pytest.mark.parametrize("what", sorted(REFUSED))
def test_what_is_no_list_is_refused_with_the_reason(what, server, add, tmp_path):
    """Better no source than one that reads nonsense."""
    server.pages["/news/"], said = REFUSED[what]
    done = add("http://www.yunze.example/news/", "--yes", "--place", CODE)
    assert 0 != done.returncode
    assert said in done.stderr
    assert [] == list((tmp_path / "mine").rglob("*"))


def test_robots_that_say_no_are_heeded(server, add):
    """Nothing but robots.txt is fetched."""
    server.pages["/robots.txt"] = Reply(body=b"User-agent: *\nDisallow: /\n")
    server.pages["/news/"] = page(f"<ul>{ROWS}</ul>")
    done = add("http://www.yunze.example/news/", "--yes", "--place", CODE)
    assert "disallowed" in done.stderr
    assert ["/robots.txt"] == server.paths()


def test_doubts_keep_a_script_from_writing(server, add, tmp_path):
    """Two of three articles cannot be read: a person may decide, --yes may not."""
    server.pages["/news/"] = page(f"<ul>{ROWS}</ul>", "<title>要闻-云泽区人民政府</title>")
    server.pages["/news/n0.html"] = page(STORY.format(title="云泽区第0批民生项目开工建设"))
    server.pages["/news/n1.html"] = page("<h1>云泽区第1批民生项目开工建设</h1>")
    server.pages["/news/n2.html"] = page("<h1>云泽区第2批民生项目开工建设</h1>")
    url = "http://www.yunze.example/news/"
    done = add(url, "--yes", "--place", CODE)
    assert 0 != done.returncode
    assert "not sure" in done.stderr
    assert [] == list((tmp_path / "mine").rglob("*"))
    assert 0 == add(url, "--place", CODE, stdin=b"y\ny\n").returncode


def test_a_check_reads_a_source_as_add_did(server, add, run):
    """Family, items, dates, the next page and three articles, a line each."""
    for name in LISTS["jpaas"]:
        put(server, PAGES / "jpaas" / name)
    url = json.loads((PAGES / "jpaas" / "list" / "capture.json").read_text("utf-8"))["url"]
    add(url, "--yes", "--place", CODE, "--id", "zj-yunze")
    done = run("sources", "check", "zj-yunze", hosts=(urlsplit(url).hostname,))
    assert (0, "") == (done.returncode, done.stderr)
    for line in (
        "ok       family             jpaas",
        "ok       items              6, 6 of them here",
        "ok       items with a date  6",
        "ok       next page          6 new addresses",
    ):
        assert line in done.stdout
    assert 3 == done.stdout.count("ok       published ")


def test_a_check_of_a_broken_source_fails(server, add, run):
    """The exit code tells a script, the line tells a person."""
    url = put_trs(server)
    add(url, "--yes", "--place", CODE, "--id", "zj-yunze")
    server.pages[path_of(url)] = Reply(status=404)
    done = run("sources", "check", "zj-yunze", hosts=(urlsplit(url).hostname,))
    assert 1 == done.returncode
    assert "gone: HTTP 404" in done.stdout


def test_a_page_is_recorded_as_a_fixture(server, run, tmp_path):
    """The bytes as they came, the circumstances, and what is read of them now."""
    case = PAGES / "vsb" / "article-meeting"
    about = json.loads((case / "capture.json").read_text("utf-8"))
    body = (case / "page.html").read_bytes()
    headers = (*map(tuple, about["headers"]), ("Set-Cookie", "who=me"))
    server.pages[path_of(about["url"])] = Reply(headers=headers, body=body)
    folder = tmp_path / "pages" / "story"
    host = urlsplit(about["url"]).hostname
    done = run("record", about["url"], "--article", "-o", str(folder), hosts=(host,))
    assert (0, "") == (done.returncode, done.stderr)
    assert body == (folder / "page.html").read_bytes()
    made = json.loads((folder / "capture.json").read_text("utf-8"))
    assert (about["url"], "article", about["headers"]) == tuple(
        made[x] for x in ("url", "expect", "headers")
    )
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    read = json.loads((folder / "expected.json").read_text("utf-8"))
    assert expected == {k: read[k] for k in expected}
    assert "correct expected.json by hand" in done.stdout


def test_a_fixture_is_never_overwritten(server, run, tmp_path):
    """Somebody has corrected it."""
    server.pages["/news/"] = page(f"<ul>{ROWS}</ul>")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "expected.json").write_text("{}")
    args = ("record", "http://www.yunze.example/news/", "-o", str(tmp_path / "old"))
    done = run(*args, hosts=("www.yunze.example",))
    assert 2 == done.returncode
    assert "is not empty" in done.stderr
    assert "{}" == (tmp_path / "old" / "expected.json").read_text()


def test_a_page_that_does_not_come_is_not_recorded(server, run, tmp_path):
    """With the reason."""
    args = ("record", "http://www.yunze.example/news/", "-o", str(tmp_path / "new"))
    done = run(*args, hosts=("www.yunze.example",))
    assert 1 == done.returncode
    assert "gone: HTTP 404" in done.stderr
    assert not (tmp_path / "new").exists()


def test_a_source_is_verified_only_where_all_could_be_read(server, add, run, tmp_path):
    """Its columns are tried first; what fails leaves the file alone, unless told otherwise."""
    url = put_trs(server)
    add(url, "--yes", "--place", CODE, "--id", "zj-yunze")
    path = only_file(tmp_path / "mine")
    whole = path.read_text("utf-8")
    path.write_text(whole.replace("verified = true", "verified = false"), "utf-8")
    verify = ("sources", "verify", "zj-yunze")
    hosts = (urlsplit(url).hostname,)
    good = dict(server.pages)
    server.pages.clear()
    refused = run(*verify, hosts=hosts)
    assert 1 == refused.returncode
    assert "zj-yunze is not marked" in refused.stderr
    assert "verified = false" in path.read_text("utf-8")
    server.pages.update(good)
    done = run(*verify, hosts=hosts)
    assert (0, "") == (done.returncode, done.stderr)
    assert load_catalogue(tmp_path / "mine").source("zj-yunze").verified
    assert "verified already" in run(*verify, hosts=hosts).stdout
