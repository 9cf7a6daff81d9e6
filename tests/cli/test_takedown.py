"""``quwen takedown``: an article off what is published, and back."""

from datetime import UTC, datetime

from pipeline.identity import article_id
from pipeline.records import Article
from pipeline.store import Store

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
URL = "https://www.qinglan.example/1.html"


def test_an_article_is_taken_down_and_brought_back(tmp_path, quwen_within, publish):
    """By address or by id; the reason stands on the page; unknown ones are refused."""
    home = tmp_path / "var"
    home.mkdir()
    page = Article(url=URL, id=article_id(URL), kind="article", title="新桥", paragraphs=("通车",))
    with Store.open(f"sqlite:///{home / 'quwen.db'}") as store:
        store.learn(page, capture_id=None, seen_at=AT, interpreter=1)
    publish()
    assert 2 == quwen_within("takedown", URL).returncode
    done = quwen_within("takedown", URL, "--reason", "应要求")
    assert (0, "") == (done.returncode, done.stderr)
    assert "新桥: taken down;" in done.stdout
    folder = home / "public/a" / page.id
    assert "应要求" in (folder / "gone.html").read_text("utf-8")
    assert not (folder / "index.html").exists()
    assert "it was so before" in quwen_within("takedown", page.id, "--reason", "x").stdout
    assert 0 == quwen_within("takedown", page.id, "--restore").returncode
    assert (folder / "index.html").exists()
    assert not (folder / "gone.html").exists()
    unknown = quwen_within("takedown", "0" * 16, "--restore")
    assert (2, True) == (unknown.returncode, "is no stored article" in unknown.stderr)
