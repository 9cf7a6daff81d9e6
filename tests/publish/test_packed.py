"""Files in gzip beside the plain ones, for servers that send them as they are."""

import gzip

from pipeline.publish.media import PACK_FROM, is_packed


def test_each_text_file_has_its_packed_twin(filled, go, tree, target):
    """With the same text and time, and the same bytes whenever it is made."""
    go(packs=True)
    found = tree()
    large = [x for x, y in found.items() if is_packed(x) and len(y) >= PACK_FROM]
    large = [x for x in large if not x.startswith(".")]
    assert len(large) > 10
    for name in large:
        packed = found[f"{name}.gz"]
        assert found[name] == gzip.decompress(packed)
        assert b"\0\0\0\0" == packed[4:8]  # RFC 1952: no time in it
        assert int((target / name).stat().st_mtime) == int((target / f"{name}.gz").stat().st_mtime)


def test_a_second_publish_packs_nothing(filled, go, tree, target):
    """Validators of both stay."""
    go(packs=True)
    before = {x: x.stat().st_mtime_ns for x in target.rglob("*.gz")}
    assert () == go(packs=True).written
    assert before == {x: x.stat().st_mtime_ns for x in target.rglob("*.gz")}


def test_no_old_twin_stays_beside_a_new_file(filled, go, desk, story, target, now):
    """Switched off, a server that still looks for .gz must not find yesterday's text."""
    go(packs=True)
    again = story(1, title="青岚河堤已经验收")
    desk.read(again)
    go()
    assert not (target / f"a/{again.id}/index.html.gz").exists()
    assert not (target / "all/rss.xml.gz").exists()


def test_packed_twins_are_made_when_switched_on(filled, go, target):
    """Also of articles that did not change."""
    go()
    go(packs=True)
    assert (target / "all/rss.xml.gz").is_file()
    pages = [x for x in target.glob("a/*/index.html") if x.stat().st_size >= PACK_FROM]
    assert pages
    assert all(x.with_name("index.html.gz").is_file() for x in pages)
