"""Files appear whole or not at all, and only when there is something new."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from pipeline.errors import PublishError
from pipeline.publish.files import Tree

AT = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_file_has_the_time_of_what_it_says(tmp_path):
    """Last-Modified is that of the news, not of the build; everybody may read it."""
    assert Tree(tmp_path).write("a/b.xml", b"x", updated=AT)
    found = (tmp_path / "a/b.xml").stat()
    assert (AT.timestamp(), 0o644) == (found.st_mtime, found.st_mode & 0o777)


def test_the_same_bytes_are_not_written_again(tmp_path):
    """The file keeps its time, and with it the validators that clients hold."""
    Tree(tmp_path).write("a.xml", b"x", updated=AT)
    tree = Tree(tmp_path)
    assert not tree.write("a.xml", b"x")
    assert ([], 1, AT.timestamp()) == (
        tree.written,
        tree.unchanged,
        (tmp_path / "a.xml").stat().st_mtime,
    )


def test_new_bytes_have_a_later_time(tmp_path):
    """Clients that ask by time alone must see a page that is only laid out anew."""
    Tree(tmp_path).write("a.xml", b"x", updated=AT)
    Tree(tmp_path).write("a.xml", b"y", updated=AT)
    assert AT.timestamp() < (tmp_path / "a.xml").stat().st_mtime


def test_only_what_an_earlier_run_wrote_is_removed(tmp_path):
    """Files of others stay; what is removed is remembered as gone; empty folders go too."""
    first = Tree(tmp_path)
    for name in ("a/b/c.xml", "d.xml"):
        first.write(name, b"x")
    first.sweep({})
    (tmp_path / "google-verification.html").write_text("not ours")
    second = Tree(tmp_path)
    second.write("d.xml", b"x")
    second.sweep({})
    assert ["a/b/c.xml"] == second.removed
    assert {".manifest.json", "d.xml", "google-verification.html"} == {
        x.name for x in tmp_path.iterdir()
    }
    assert ["a/b/c.xml"] == Tree(tmp_path).state["gone"]


def test_what_comes_back_is_no_longer_gone(tmp_path):
    """A source that was switched off and on again."""
    for names in (("a.xml", "b.xml"), ("a.xml",), ("a.xml", "b.xml")):
        tree = Tree(tmp_path)
        for name in names:
            tree.write(name, b"x")
        tree.sweep({})
    assert [] == Tree(tmp_path).state["gone"]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"version": 0}'])
def test_a_broken_manifest_is_no_manifest(tmp_path, text):
    """Everything is built anew and nothing is removed."""
    (tmp_path / ".manifest.json").write_text(text)
    (tmp_path / "a.xml").write_text("x")
    tree = Tree(tmp_path)
    tree.sweep({})
    assert ([], True) == (tree.removed, (tmp_path / "a.xml").exists())


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "", "a//b", ".", "a\\b", "a\0b"])
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    """Names come from the catalogue and from addresses; neither is to be trusted."""
    with pytest.raises(PublishError, match="no name of a published file"):
        Tree(tmp_path).write(name, b"x")


def test_a_folder_that_cannot_be_written_is_explained(tmp_path):
    """Path, what is wrong, what to do."""
    (tmp_path / "public").write_text("a file")
    with pytest.raises(PublishError, match=r"public.*cannot be written.*look at the folder"):
        Tree(tmp_path / "public")


_WRITER = """
import sys
from pathlib import Path
from pipeline.publish.files import Tree
with Tree(Path(sys.argv[1])) as tree:
    n = 0
    while True:
        n += 1
        for name in ("a.xml", "b.xml", "c.xml"):
            tree.write(name, b"%d\\n" % n * 50_000)
"""


def test_a_killed_run_leaves_whole_files(tmp_path):
    """At whatever moment: each file is the old or the new one, and the rest is cleared later."""
    for n in range(4):
        process = subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path)])
        while not (tmp_path / "a.xml").exists():
            time.sleep(0.01)
        time.sleep(0.013 * n)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        for path in tmp_path.glob("*.xml"):
            lines = path.read_bytes().splitlines()
            assert (50_000, 1) == (len(lines), len(set(lines)))
            path.unlink()
    tree = Tree(tmp_path)
    assert [] == list((tmp_path / ".staging").iterdir())
    tree.sweep({})
    assert not (tmp_path / ".staging").exists()


def test_many_files_at_a_time_are_there_when_they_have_to_be(tmp_path):
    """After `settle` all are; one that is looked at or written again is waited for."""
    names = [f"{n % 7}/{n}.xml" for n in range(300)]
    with Tree(tmp_path) as tree:
        for name in names:
            tree.write(name, b"x", updated=AT)
            assert tree.holds(name)
            assert not tree.write(name, b"x")
        tree.write("again.xml", b"x", updated=AT)
        tree.write("again.xml", b"y", updated=AT)
        tree.settle()
        assert [b"x"] * 300 == [(tmp_path / x).read_bytes() for x in names]
        found = (tmp_path / "again.xml").stat()
        assert (AT.timestamp() + 1, 0o644) == (found.st_mtime, found.st_mode & 0o777)
        tree.sweep({})
    assert not (tmp_path / ".staging").exists()


def test_a_file_that_fails_beside_others_is_named(tmp_path):
    """The others are whole; nothing goes on after the error."""
    (tmp_path / "bad.xml/in the way").mkdir(parents=True)

    def build():
        with Tree(tmp_path) as tree:
            tree._syncing.replace(tmp_path / "bad.xml", b"x", None)
            tree.write("good.xml", b"x")
            tree.settle()

    with pytest.raises(PublishError, match=r"bad\.xml: cannot be written"):
        build()
    assert b"x" == (tmp_path / "good.xml").read_bytes()
    assert [] == list((tmp_path / ".staging").iterdir())
