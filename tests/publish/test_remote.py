"""The published tree in an S3-compatible store: a real client against an emulator on loopback."""

import os
import shutil
from collections.abc import Iterator

import boto3
import obstore
import pytest
from moto.server import ThreadedMotoServer

from pipeline.errors import ConfigError
from pipeline.publish import Remote
from pipeline.publish.remote import SIGNATURE
from pipeline.s3 import open_store

URL = "s3://public/feeds"


@pytest.fixture(scope="module")
def emulator() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(emulator: str, monkeypatch: pytest.MonkeyPatch):
    """A new bucket, and the client's view of the tree in it."""
    for name, value in (
        ("AWS_ENDPOINT_URL", emulator),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(name, value)
    made = boto3.resource("s3", endpoint_url=emulator).Bucket("public")
    made.create()
    yield open_store(URL, setting="TEST")
    made.objects.all().delete()
    made.delete()


@pytest.fixture
def remote(bucket, target):
    return lambda: Remote(bucket, URL, target)


def held(bucket) -> dict[str, bytes]:
    names = [x["path"] for batch in obstore.list(bucket) for x in batch]
    return {x: bytes(obstore.get(bucket, x).bytes()) for x in names if x != SIGNATURE}


def visible(tree) -> dict[str, bytes]:
    return {k: v for k, v in tree().items() if not k.startswith(".") and not k.endswith(".gz")}


def test_the_whole_tree_is_there(filled, go, tree, bucket, remote):
    """File by file, byte by byte; nothing that quwen keeps for itself."""
    report = go(remote=remote())
    assert visible(tree) == held(bucket)
    assert (len(held(bucket)), "") == (report.mirrored.put, report.mirrored.problem)


def test_files_have_their_type_and_time_to_live(filled, go, bucket, remote):
    """A store serves what it was told; feeds are no octet-streams."""
    go(remote=remote())
    wanted = {
        "all/rss.xml": ("application/xml; charset=utf-8", "public, max-age=900"),
        "all/feed.json": ("application/feed+json; charset=utf-8", "public, max-age=900"),
        "index.html": ("text/html; charset=utf-8", "public, max-age=900"),
    }
    for name, told in wanted.items():
        found = obstore.get(bucket, name).attributes
        assert told == (found["Content-Type"], found["Cache-Control"])


def test_only_what_changed_is_put(filled, go, desk, story, tree, bucket, remote):
    """A new article costs its page and what holds it, not the tree."""
    go(remote=remote())
    assert 0 == go(remote=remote()).mirrored.put
    desk.read(story(30))
    report = go(remote=remote())
    assert len(report.written) == report.mirrored.put < len(held(bucket)) / 2
    assert visible(tree) == held(bucket)


def test_what_is_removed_here_is_removed_there(filled, go, tree, bucket, remote):
    """An edition that is switched off is gone from the store too."""
    go(editions=("zh-Hant",), remote=remote())
    assert any(x.startswith("zh-Hant/") for x in held(bucket))
    report = go(remote=remote())
    assert report.mirrored.deleted > 0
    assert visible(tree) == held(bucket)


def test_a_run_that_died_is_made_good(filled, go, desk, story, tree, bucket, remote, target):
    """Published here, but not there: the next run compares, and puts no more than is missing."""
    go(remote=remote())
    desk.read(story(30))
    Remote(bucket, URL, target).begin()  # the run dies behind this
    written = go().written
    obstore.put(bucket, "old/rss.xml", b"stale")
    stale = held(bucket).keys() - visible(tree).keys()
    assert "old/rss.xml" in stale
    report = go(remote=remote())
    assert (len(written), len(stale)) == (report.mirrored.put, report.mirrored.deleted)
    assert visible(tree) == held(bucket)


def test_machines_take_turns_at_one_store(filled, go, desk, story, tree, bucket, target):
    """Each from its own folder: what another one has put since is not taken for one's own."""
    mine = Remote(bucket, URL, target)
    go(remote=mine)
    other = target.with_name("other")
    shutil.copytree(target, other)
    theirs = Remote(bucket, URL, other)
    theirs.begin()
    (other / "index.html").write_text("theirs")
    (other / "more.html").write_text("theirs")
    assert (2, "") == (theirs.finish(["index.html", "more.html"], []).put, "")
    report = go(remote=Remote(bucket, URL, target))
    assert (1, 1) == (report.mirrored.put, report.mirrored.deleted)
    assert visible(tree) == held(bucket)
    shutil.copytree(target, other, dirs_exist_ok=True)
    (other / "more.html").unlink()
    again = Remote(bucket, URL, other)
    again.begin()
    assert 0 == again.finish([], []).put, "compared, and found equal: nothing is signed anew"
    assert 0 == go(remote=Remote(bucket, URL, target)).mirrored.put


def test_what_another_machine_died_over_is_made_good(filled, go, tree, bucket, target):
    """It had begun to copy; nobody can know how far it came."""
    go(remote=Remote(bucket, URL, target))
    other = target.with_name("other")
    shutil.copytree(target, other)

    class Dying(Remote):
        def _delete(self, names, done):
            raise ConnectionError("killed")

    (other / "index.html").write_text("theirs")
    theirs = Dying(bucket, URL, other)
    theirs.begin()
    assert theirs.finish(["index.html"], []).problem
    assert 1 == go(remote=Remote(bucket, URL, target)).mirrored.put
    assert visible(tree) == held(bucket)


def test_a_store_that_is_away_is_told_and_fails_nothing(
    filled, go, tree, bucket, remote, target, monkeypatch
):
    """The folder is published all the same; the next run brings the store up to it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    away = Remote(open_store(URL, setting="TEST"), URL, target)
    report = go(remote=away)
    assert report.written
    assert "s3://public/feeds" in report.mirrored.problem
    assert go(remote=remote()).mirrored.problem == ""
    assert visible(tree) == held(bucket)


def test_articles_come_before_what_links_to_them(filled, go, bucket, target):
    """Whoever reads while it is copied never meets a link that leads nowhere."""
    put: list[str] = []

    class Spy(Remote):
        def _put(self, names, done):
            put.extend(names)

    go(remote=Spy(bucket, URL, target))
    last = max(n for n, x in enumerate(put) if x.startswith("a/"))
    assert last < min(n for n, x in enumerate(put) if x.endswith("rss.xml"))
    assert put.index("all/rss.xml") < put.index("feeds.opml")


@pytest.mark.parametrize("url", ["http://public/feeds", "s3://", "public"])
def test_a_wrong_address_is_named(url: str):
    """With the variable that holds it."""
    with pytest.raises(ConfigError, match="QUWEN_PUBLIC_S3"):
        open_store(url, setting="QUWEN_PUBLIC_S3")


def test_nothing_goes_over_the_network_without_a_setting(filled, go):
    """A folder is all that most need."""
    assert go().mirrored is None
    assert "AWS_ENDPOINT_URL" not in os.environ
