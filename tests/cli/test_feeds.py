"""``quwen feeds``: what feeds there are, and watches without editing code."""

import json
from datetime import UTC, datetime

import pytest

from pipeline.identity import article_id
from pipeline.records import Article, Published
from pipeline.store import Store

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def stored(tmp_path):
    """Three stored articles, one of them about a bridge."""
    home = tmp_path / "var"
    home.mkdir()
    with Store.open(f"sqlite:///{home / 'quwen.db'}") as store:
        for n, title in enumerate(("新桥通车", "河堤修好了", "又修了一段河堤")):
            url = f"https://www.qinglan.example/{n}.html"
            page = Article(
                url=url,
                id=article_id(url),
                kind="article",
                title=title,
                published=Published(day=AT.date()),
                paragraphs=("就这些。",),
            )
            store.learn(page, capture_id=None, seen_at=AT, interpreter=1)
    return home


def test_a_watch_is_made_checked_published_and_listed(stored, quwen_within, publish):
    """From the first word to a feed, without an editor."""
    done = quwen_within("feeds", "add", "hedi", "--name", "河堤", "--any", "河堤", "--yes")
    assert (0, "") == (done.returncode, done.stderr)
    assert "hedi  河堤: 2 articles" in done.stdout
    assert "又修了一段河堤" in done.stdout
    text = (stored / "feeds.toml").read_text("utf-8")
    assert "[watch.hedi]" in text
    assert "# one of these words is enough" in text
    assert 0 == quwen_within("feeds", "check").returncode
    publish()
    (line,) = quwen_within("feeds", "list", "watch/", "--json").stdout.splitlines()
    assert ("watch/hedi", 2) == (json.loads(line)["path"], json.loads(line)["entries"])
    assert "1 of 2 feeds" in quwen_within("feeds", "list", "河堤").stdout


def test_a_doubtful_watch_is_not_written_without_being_asked(stored, quwen_within):
    """With --yes nothing is written; without it the operator decides."""
    words = ("feeds", "add", "ta", "--name", "塔", "--any", "塔")
    done = quwen_within(*words, "--yes")
    assert 2 == done.returncode
    assert "not written, since it is doubtful" in done.stderr
    assert not (stored / "feeds.toml").exists()
    assert 0 == quwen_within(*words, stdin=b"y\n").returncode
    checked = quwen_within("feeds", "check", "ta")
    assert 1 == checked.returncode
    assert "! matches nothing that is stored" in checked.stdout


@pytest.mark.parametrize(
    ("text", "args", "told"),
    [
        ("[", ("check",), "feeds.toml: is not valid TOML"),
        ('[watch.a]\nname = "x"\n', ("check",), "[watch.a]: give it any, all"),
        ("", ("check", "nobody"), "nobody: is no watch"),
        ("", ("list",), "nothing is published yet"),
        ("", ("add", "a", "--name", "x", "--any", "，"), "has no letter or digit"),
        ("[", ("add", "a", "--name", "x", "--any", "河"), "repair it first"),
    ],
)
def test_what_is_wrong_is_said_with_exit_code_2(stored, quwen_within, text, args, told):
    """One line that names the file and the table."""
    if text:
        (stored / "feeds.toml").write_text(text, "utf-8")
    done = quwen_within("feeds", *args)
    assert 2 == done.returncode
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_topic_is_made_and_published(stored, quwen_within, publish):
    """Beside the program's own topics; the home's file is found without a setting."""
    add = ("feeds", "add", "bridges", "--topic", "--name", "桥梁", "--any", "新桥", "--yes")
    done = quwen_within(*add)
    assert (0, "") == (done.returncode, done.stderr)
    assert "bridges  桥梁: 1 articles" in done.stdout
    assert "[bridges]" in (stored / "topics.toml").read_text("utf-8")
    assert "bridges  桥梁: 1 articles" in quwen_within("feeds", "check").stdout
    publish(feed_minimum=1)
    assert "topic/bridges" in quwen_within("feeds", "list", "topic/", "--json").stdout
    again = quwen_within(*add)
    assert (2, True) == (again.returncode, "there is such a topic already" in again.stderr)
    mixed = quwen_within(*add[:-1], "--place", "青岚")
    assert (2, True) == (mixed.returncode, "--name, --any and --points only" in mixed.stderr)
