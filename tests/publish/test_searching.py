"""The search index of the tree: whole, a function of the log, and written piece by piece."""

import json
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.publish.files import Tree
from pipeline.publish.searching import SIZES, SearchIndex, fold_table, packed, ranges, unpacked
from pipeline.publish.segments import varint
from pipeline.store import folding

SMALL = (8, 4, 2)


def index(store, target, state, *, newest=None):
    """Bring the index of a folder up to date; files of it by name, and what to remember."""
    end = newest or store.log(0, 1000)[-1].seq
    state = SearchIndex(store, Tree(target), sizes=SMALL).write(state, end)
    return files(target), state


def files(target):
    """The files of the index by name."""
    found = (x for x in (target / "search").rglob("*") if x.is_file())
    return {x.relative_to(target / "search").as_posix(): x.read_bytes() for x in found}


@given(st.integers(1, 3_000_000))
def test_a_log_is_cut_into_few_segments_without_a_gap(newest):
    """Each number once; at most 7 of each smaller size, and a rest."""
    found = list(ranges(newest))
    assert 0 == found[0][0]
    assert newest == found[-1][1]
    assert all(a[1] + 1 == b[0] for a, b in pairwise(found))
    assert len(found) <= newest // SIZES[0] + 15


@given(st.integers(1, 100_000), st.integers(0, 64))
def test_most_segments_outlive_growth(newest, more):
    """A publication makes few anew: what it costs does not follow the length of the log."""
    old, new = set(ranges(newest)), list(ranges(newest + more))
    fresh = [b - a + 1 for a, b in new if (a, b) not in old]
    assert len(fresh) <= 3
    assert sum(fresh) <= SIZES[0] + 2 * SIZES[2]


@given(st.sets(st.integers(0, 5000)))
def test_packed_numbers_come_back(numbers):
    """Bits as hexadecimal digits."""
    assert numbers == set(unpacked(packed(numbers)))


def test_varints_are_those_of_protocol_buffers():
    """Seven bits a byte, the lowest first."""
    assert b"\x00" == varint(0)
    assert b"\x7f" == varint(127)
    assert b"\xac\x02" == varint(300)


def test_the_index_does_not_depend_on_when_it_was_written(desk, story, now, tmp_path):
    """Written after each look or once at the end, over edits, withdrawals and full segments."""
    state = {}
    for n in range(1, 25):
        desk.read(story(n), at=now + timedelta(minutes=n))
        if n % 5 == 0:
            changed = story(n - 3, title=f"第{n - 3}段重修")
            desk.read(changed, at=now + timedelta(minutes=n, seconds=9))
        if n == 17:
            desk.withdraw(story(2), at=now + timedelta(days=4))
        if n % 3 == 0:
            grown, state = index(desk.store, tmp_path / "grown", state)
    grown, state = index(desk.store, tmp_path / "grown", state)
    whole, other = index(desk.store, tmp_path / "whole", {})
    assert whole == grown
    assert other == state
    passed = [x["passed"] for x in json.loads(grown["index.json"])["segments"]]
    assert any(passed)


def test_a_segment_without_a_valid_version_is_left_out(desk, story, now, tmp_path):
    """All of it was written anew: nobody has to load the old segment."""
    desk.read_all(story(n) for n in range(1, 8))
    first, state = index(desk.store, tmp_path / "tree", {})
    assert any(x.startswith("000000000-000000007-") for x in first)
    for n in range(1, 8):
        desk.read(story(n, origin="另一处"), at=now + timedelta(hours=1))
    second, _ = index(desk.store, tmp_path / "tree", state)
    assert not any(x.startswith("000000000-000000007-") for x in second)
    assert second == index(desk.store, tmp_path / "whole", {})[0]


def test_what_is_withheld_is_not_in_the_index(desk, story, now, tmp_path):
    """Neither its words nor its name, whenever it was taken off; shown again, it is found again."""
    desk.read_all(story(n) for n in range(1, 12))
    desk.read(story(3, paragraphs=("谁也不该知道的鼹鼠。",)), at=now + timedelta(hours=1))
    before, state = index(desk.store, tmp_path / "tree", {})
    assert any("鼹鼠".encode() in x for x in before.values())
    desk.store.withhold(story(3).id, reason="个人信息", at=now)
    without, state = index(desk.store, tmp_path / "tree", state)
    assert not [k for k, x in without.items() if "鼹鼠".encode() in x and k != "fold.json"]
    assert not [k for k, x in without.items() if story(3).id.encode() in x]
    assert without == index(desk.store, tmp_path / "whole", {})[0]
    desk.store.release(story(3).id)
    assert before == index(desk.store, tmp_path / "tree", state)[0]


def test_a_new_article_leaves_closed_segments_alone(filled, desk, story, go, target):
    """Only the last segment and the list of segments are written."""
    desk.read_all(story(n) for n in range(100, 160))
    go()
    closed = {x for x in files(target) if x.startswith("000000000-000000063-")}
    assert closed
    desk.read(story(200))
    written = {x for x in go().written if x.startswith("search/")}
    assert "search/index.json" in written
    assert not {f"search/{x}" for x in closed} & written
    assert closed <= files(target).keys()


def test_nothing_is_left_of_replaced_segments(filled, desk, story, go, target):
    """Neither files nor lines among what once was published."""
    go()
    old = {x.split("/")[0] for x in files(target) if "/" in x}
    desk.read(story(60))
    go()
    assert not old & {x.split("/")[0] for x in files(target)}
    manifest = json.loads((target / ".manifest.json").read_bytes())
    assert not [x for x in manifest["gone"] if x.startswith("search/")]


def test_a_lost_segment_is_written_again(filled, go, target):
    """Somebody cleaned up the folder."""
    go()
    before = files(target)
    for name in before:
        if name.endswith("columns.bin"):
            (target / "search" / name).unlink()
    go()
    assert before == files(target)


def test_the_table_for_the_script_simplifies():
    """繁 as the store folds it; what the script can do by itself is not in it."""
    table = json.loads(fold_table())
    simple = dict(zip(table["from"], table["to"], strict=True))
    assert folding.fold("繁體會議") == "".join(simple.get(x, x) for x in "繁體會議")
    assert "会" not in simple
    assert "ss" == table["other"]["ß"]


def test_the_table_of_folds_leaves_nothing_in_memory():
    """All there are would be 20 MB for ever; one told alone is what a text makes of it."""
    folding._characters.cache_clear()
    assert fold_table.__wrapped__() == fold_table()
    assert len(folding._characters()) < 100
    for one in "區ＡǅßΣ里，㍿ﬁ":
        assert folding.fold(one) == folding.fold_one(one)
