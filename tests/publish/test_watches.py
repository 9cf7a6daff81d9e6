"""Watches: an operator's own feeds, from a file that programs write and people read."""

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.publish import Watch, WatchFile, load_watches, read_watches
from pipeline.publish.feeds import MOST
from pipeline.publish.watched import Watched
from pipeline.publish.watches import matcher
from pipeline.publish.watchfile import Matches, add_watch, doubts, survey, table_of


def watch(**changes):
    """A watch of embankments."""
    return Watch(**({"key": "hedi", "name": "河堤", "any": ("河堤",)} | changes))


def file(*watches):
    return WatchFile(watches=watches)


@pytest.fixture
def matches(catalogue):
    """Whether an article belongs to a watch with these wishes."""
    sources = {x.id: x for x in catalogue.sources}

    def found(article, **wishes):
        own = Watch(key="x", name="x", **wishes)
        return ["watch/x"] == list(matcher([own], sources)(article))

    return found


@pytest.mark.parametrize(
    ("wishes", "is_match"),
    [
        ({"any": ("防汛", "河堤")}, True),
        ({"any": ("防汛",)}, False),
        ({"all": ("河堤", "新砖")}, True),
        ({"all": ("河堤", "防汛")}, False),
        ({"any": ("河堤",), "none": ("新砖",)}, False),
        ({"any": ("河堤",), "none": ("防汛",)}, True),
        ({"any": ("新磚",)}, True),  # written in the other script
        ({"any": ("新砖",), "where": ("title",)}, False),
        ({"any": ("河堤第",), "where": ("text",)}, False),
        ({"places": ("青岚",)}, True),
        ({"places": ("370199",)}, True),
        ({"places": ("370100",)}, True),
        ({"places": ("370000",)}, True),
        ({"places": ("山东省",)}, True),
        ({"places": ("330000", "云泽区")}, False),
        ({"sources": ("qinglan",)}, True),
        ({"sources": ("yunze",)}, False),
        ({"people": ("李河",)}, True),  # padded in the text
        ({"people": ("李大河",)}, False),
        ({"meetings": True}, False),
        ({"any": ("河堤",), "places": ("云泽",)}, False),
    ],
)
def test_everything_that_is_wished_has_to_hold(matches, story, wishes, is_match):
    """Words in any, all and none; places by name or code; people; sources."""
    assert is_match == matches(story(1), **wishes)


def test_officials_of_a_meeting_count_as_named(matches, report):
    """The chair, and whoever else the meeting's record names."""
    assert matches(report(1), people=("江阔",), meetings=True)


def test_a_watch_has_a_feed_like_any_other(filled, go, target, rules):
    """In three forms, with its page and its history, listed with the others."""
    go(watches=file(watch(places=("云泽",))))
    found = feedparser.parse((target / "watch/hedi/atom.xml").read_bytes())
    assert ["青岚河堤第7段修好了", "青岚河堤第8段修好了"] == [x.title for x in found.entries]
    assert "区闻：河堤" == found.feed.title
    assert (target / "watch/hedi/archive/newest/rss.xml").is_file()
    assert b"watch/hedi/rss.xml" in (target / "feeds.opml").read_bytes()
    assert [] == rules(target)


def test_a_feed_of_a_watch_changes_only_with_what_it_matches(filled, desk, go, story):
    """A new article that does not match leaves it as it is; one that matches no more leaves it."""
    own = file(watch(any=("第3段",), where=("title",)))
    go(watches=own)
    desk.read(story(50))
    assert not [x for x in go(watches=own).written if x.startswith("watch/")]
    desk.read(story(3, title="路修好了"))
    report = go(watches=own)
    assert {"watch/hedi/rss.xml", "watch/hedi/index.html"} <= set(report.removed)


def test_another_definition_makes_feed_and_history_anew(filled, go, target):
    """As if the watch had been so from the beginning."""
    go(watches=file(watch()))
    go(watches=file(watch(any=("第2段",))))
    for name in ("atom.xml", "archive/newest/atom.xml"):
        found = feedparser.parse((target / "watch/hedi" / name).read_bytes())
        assert ["青岚河堤第2段修好了"] == [x.title for x in found.entries]


def test_a_watch_that_cannot_be_read_keeps_its_feed(filled, go, target, tree):
    """A slip in the file is told; nobody's subscription answers 410 for it."""
    go(watches=file(watch()))
    before = tree()
    broken = read_watches('[watch.hedi]\nname = "河堤"\nany = "河堤"\n', where="feeds.toml")
    report = go(watches=broken)
    assert ("feeds.toml: [watch.hedi] any: Input should be a valid tuple",) == report.left_out
    kept = {k: v for k, v in tree().items() if k.startswith("watch/")}
    assert {k: v for k, v in before.items() if k.startswith("watch/")} == kept
    go(watches=read_watches("[", where="feeds.toml"))
    assert kept == {k: v for k, v in tree().items() if k.startswith("watch/")}
    go(watches=file())
    assert not (target / "watch").exists()


def test_articles_that_stop_to_match_make_room_for_older_ones(desk, story, catalogue):
    """The feed is as full as it can be, however many were remembered."""
    sources = {x.id: x for x in catalogue.sources}
    own = watch(any=("河堤",), where=("title",))
    desk.read_all(story(n) for n in range(1, 3 * MOST))

    def run(state, noted):
        match = matcher([own], sources)
        found = Watched(desk.store, [own], sources, match, state)
        for x in noted:
            found.note(desk.store.entry(x.id))
        found.settle()
        return found

    first = run({}, ())
    assert MOST == len(first.entries("watch/hedi"))
    gone = [story(n, title="路") for n in range(1, MOST + 2)]
    desk.read_all(gone)
    second = run(first.state(), gone)
    fresh = run({}, ())
    assert MOST == len(second.entries("watch/hedi"))
    assert fresh.entries("watch/hedi") == second.entries("watch/hedi")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[", "is not valid TOML"),
        ("[topic.x]", "'topic' is unknown; write [watch.KEY]"),
        ("watch = 1", "write [watch.KEY]"),
        ('[watch."a b"]\nname = "x"\nany = ["y"]', "write the key in a-z, 0-9 and -"),
        ('[watch.a]\nany = ["y"]', "[watch.a] name: Field required"),
        ('[watch.a]\nname = "x"', "[watch.a]: give it any, all, places"),
        ('[watch.a]\nname = "x"\nany = ["，。"]', "'，。' has no letter or digit"),
        (
            '[watch.a]\nname = "x"\nany = ["河堤"]\nnone = ["河隄", "河堤"]',
            "both wanted and unwanted",
        ),
        ('[watch.a]\nname = "x"\nplaces = ["3701"]', "'3701': codes of divisions have six digits"),
        ('[watch.a]\nname = "x"\nany = ["y"]\nwords = ["z"]', "[watch.a] words: Extra inputs"),
        ('[watch.a]\nname = "x"\nany = ["y"]\nwhere = ["body"]', "[watch.a] where.0: Input should"),
    ],
)
def test_what_is_wrong_in_the_file_is_said(text, problem):
    """File, table and field; other watches are read."""
    good = '\n[watch.good]\nname = "好"\nany = ["河"]\n'
    found = read_watches(text + (good if text not in ("[", "watch = 1") else ""), where="f.toml")
    assert problem in found.problems[0]
    assert found.problems[0].startswith("f.toml: ")
    assert (["good"] if found.held is not None else []) == [x.key for x in found.watches]


def test_no_file_is_no_watch_and_no_error(tmp_path):
    """Most installations have none; a folder in its place is told."""
    assert WatchFile() == load_watches(tmp_path / "feeds.toml")
    assert load_watches(tmp_path).held is None


words = st.lists(st.text(min_size=1, max_size=8).filter(lambda x: x.strip().isalnum()), max_size=3)


@given(any_of=words, all_of=words, name=st.text(min_size=1, max_size=9).filter(str.isalnum))
def test_what_is_written_is_what_is_read(any_of, all_of, name, day):
    """Whatever the words are."""
    own = Watch(
        key="k", name=name, any=tuple(any_of), all=tuple(all_of), meetings=True, places=("青岚",)
    )
    found = read_watches(table_of(own, added=day), where="f")
    assert ((), (own,)) == (found.problems, found.watches)


def test_a_watch_is_added_behind_the_others(tmp_path, day):
    """Comments and other watches stay; a taken key is refused; a broken file is not touched."""
    path = tmp_path / "own/feeds.toml"
    add_watch(path, watch(), added=day)
    path.write_text("# mine\n" + path.read_text("utf-8"), "utf-8")
    add_watch(path, watch(key="qiao", name="桥", any=("桥",)), added=day)
    assert path.read_text("utf-8").startswith("# mine\n")
    assert ["hedi", "qiao"] == [x.key for x in load_watches(path).watches]
    with pytest.raises(ConfigError, match=r"hedi: there is such a watch already"):
        add_watch(path, watch(), added=day)
    with pytest.raises(ConfigError, match="is no key"):
        add_watch(path, watch(key="../x"), added=day)
    path.write_text("[", "utf-8")
    with pytest.raises(ConfigError, match=r"not valid TOML.*repair it first"):
        add_watch(path, watch(), added=day)
    assert "[" == path.read_text("utf-8")


def test_doubtful_watches_are_said_so(filled, catalogue, story):
    """Unknown sources and places, names of one letter, nothing found, nearly everything found."""
    sources = {x.id: x for x in catalogue.sources}
    odd = watch(sources=("nanshan",), places=("海州",), people=("李",))
    told = list(doubts(odd, sources, Matches(), 10))
    assert [
        "source nanshan is unknown; see quwen sources list",
        "no source is of 海州; see quwen sources list",
        "'李' is no whole name",
        "matches nothing that is stored",
    ] == told
    found, count = survey(filled, [watch()], sources)
    assert (10, 10) == (count, found["hedi"].count)
    assert ["青岚河堤第1段修好了", "青岚河堤第2段修好了"] == [
        x.article.title for x in found["hedi"].newest[:2]
    ]
    wide = Matches(count=30)
    assert ["matches 30 of 40 articles: its words say too little"] == list(
        doubts(watch(), sources, wide, 40)
    )
    assert [] == list(doubts(watch(), sources, Matches(count=3), 40))
