"""Decisions on what a reading means."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import PipelineError
from pipeline.records import Article, Attachment, Document, Image, Published, Repairs
from pipeline.revisions import (
    Known,
    content_hash,
    decide,
    decide_missing,
    parts,
    record_hash,
)

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PAGE = Article(
    url="https://www.qinglan.example/a/1.html",
    id="0123456789abcdef",
    kind="article",
    title="青岚区修好三座桥",
    published=Published(day=date(2026, 3, 1), at=time(9, 30)),
    origin="青岚融媒",
    paragraphs=("三座桥昨天通车。", "居民说，走路近了。"),
    attachments=(Attachment(url="https://qinglan.example/b.pdf", name="b", media_type="x/y"),),
)


def known_as(article: Article, **changes: object) -> Known:
    """What the store knows after it has read *article* once."""
    plain = Known(
        id=article.id,
        url=article.url,
        state="live",
        number=1,
        seq=10,
        parts=parts(article),
        record_hash=record_hash(article),
        interpreter=1,
        capture_id=5,
        capture_sha256="aa",
        first_seen=AT,
        last_seen=AT,
        updated=AT,
        sort_at=AT,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def look(
    old: Known | None,
    new: Article,
    *,
    interpreter: int = 1,
    capture: tuple[int, str] = (6, "bb"),
    reread: Article | None = None,
) -> tuple[str, tuple[str, ...]]:
    """Kind and changed parts of the decision on a fresh response."""
    found = decide(
        old,
        new,
        interpreter=interpreter,
        at=AT,
        capture_id=capture[0],
        capture_sha256=capture[1],
        reread=reread,
    )
    return found.kind, found.changed


def test_unknown_article_is_new():
    """What was never seen is new."""
    assert ("new", ()) == look(None, PAGE)


def test_same_content_is_unchanged():
    """The same text in other bytes is no revision."""
    assert ("unchanged", ()) == look(known_as(PAGE), PAGE)


@pytest.mark.parametrize(
    ("part", "edit"),
    [
        ("title", {"title": "青岚区修好四座桥"}),
        ("published", {"published": Published(day=date(2026, 3, 2))}),
        ("origin", {"origin": "青岚日报"}),
        ("paragraphs", {"paragraphs": ("四座桥昨天通车。", "居民说，走路近了。")}),
        ("attachments", {"attachments": ()}),
        ("document", {"document": Document(document_number="青政〔2026〕1号")}),
    ],
)
def test_each_part_of_the_content_counts(part: str, edit: dict[str, object]):
    """A change of what the publisher says is an edit that names the part."""
    assert ("edited", (part,)) == look(known_as(PAGE), replace(PAGE, **edit))


@pytest.mark.parametrize(
    "furniture",
    [
        {"images": (Image(url="https://qinglan.example/x.jpg"),)},
        {"family": "trs"},
        {"repairs": Repairs(encoding="gb18030")},
        {"published": Published(day=date(2026, 3, 1), at=time(23, 59))},
        {"paragraphs": ("三座桥昨天通车。居民说，走路近了。",)},
        {"paragraphs": ("\u3000\u3000三座桥昨天通车。", "", "居民说，\u200b走路近了。 ")},
        {"title": "青岚区\u00a0修好三座桥"},
        {"attachments": (replace(PAGE.attachments[0], url="http://www.qinglan.example/b.pdf"),)},
    ],
)
def test_furniture_does_not_count(furniture: dict[str, object]):
    """A template that moves blanks, pictures and minutes makes no revision."""
    changed = replace(PAGE, **furniture)
    assert content_hash(PAGE) == content_hash(changed)
    assert ("unchanged", ()) == look(known_as(PAGE), changed)


@given(st.lists(st.text(max_size=8), max_size=4), st.sampled_from([" ", "\n", "\u3000", "\u200b"]))
def test_blanks_never_change_the_hash(texts: list[str], blank: str):
    """Wherever blanks are put between characters, the content stays the same."""
    spread = tuple(blank.join(x) for x in texts)
    before = replace(PAGE, paragraphs=tuple(texts))
    assert content_hash(before) == content_hash(replace(PAGE, paragraphs=spread))


def test_another_reading_of_the_same_response_is_a_reparse():
    """Whatever is read differently in the same bytes, the publisher did nothing."""
    better = replace(PAGE, title="青岚区修好三座桥梁")
    assert ("reparsed", ("title",)) == look(known_as(PAGE), better, capture=(5, "aa"))
    assert ("reparsed", ("title",)) == look(known_as(PAGE), better, capture=(6, "aa"))
    assert ("reparsed", ()) == look(
        known_as(PAGE), replace(PAGE, text_kind="notice"), interpreter=2, capture=(5, "aa")
    )


def test_newer_interpreter_that_reads_the_same_changes_nothing():
    """A reparse without a difference leaves no trace."""
    assert ("unchanged", ()) == look(known_as(PAGE), PAGE, interpreter=2, capture=(5, "aa"))
    assert ("unchanged", ()) == look(known_as(PAGE), PAGE, interpreter=2)


def test_older_interpreter_never_takes_a_reading_back():
    """While two versions run, the newer one's reading stays."""
    old = known_as(PAGE, interpreter=2)
    assert ("unchanged", ()) == look(old, replace(PAGE, title="x"), capture=(5, "aa"))


def test_reread_tells_an_edit_from_a_better_reading():
    """Under a newer interpreter the old response read again is the measure."""
    better = replace(PAGE, origin="青岚区融媒体中心")
    edited = replace(better, title="青岚区修好四座桥")
    old = known_as(PAGE)
    assert ("reparsed", ("origin",)) == look(old, better, interpreter=2, reread=better)
    assert ("edited", ("title",)) == look(old, edited, interpreter=2, reread=better)
    assert ("reparsed", ("title", "origin")) == look(old, edited, interpreter=2)


def test_reread_says_nothing_about_the_same_response():
    """Where no new response came, nobody can have edited anything."""
    better = replace(PAGE, title="青岚区修好三座桥梁")
    for capture in ((5, "aa"), (6, "aa")):
        found = look(known_as(PAGE), better, interpreter=2, capture=capture, reread=PAGE)
        assert ("reparsed", ("title",)) == found


def test_older_response_does_not_undo_a_newer_one():
    """Reading the archive in any order never goes back."""
    assert ("unchanged", ()) == look(known_as(PAGE), replace(PAGE, title="x"), capture=(4, "cc"))


def test_withdrawn_article_that_is_back_is_restored():
    """A page that answers again is restored, with the same bytes or other ones."""
    old = known_as(PAGE, state="withdrawn")
    assert ("restored", ()) == look(old, PAGE, capture=(6, "aa"))
    assert ("restored", ("title",)) == look(old, replace(PAGE, title="x"))


def test_reparse_of_a_withdrawn_article_does_not_restore_it():
    """Reading the archive says nothing about the site."""
    old = known_as(PAGE, state="withdrawn")
    better = replace(PAGE, text_kind="notice")
    assert ("reparsed", ()) == look(old, better, interpreter=2, capture=(5, "aa"))


@pytest.mark.parametrize(
    ("edits", "days", "kind"),
    [(4, 6, "edited"), (5, 6, "unchanged"), (5, 7, "edited"), (0, 0, "edited")],
)
def test_page_that_always_differs_cannot_fill_the_log(edits: int, days: int, kind: str):
    """Five edits in a week are believed; with more, it is the page that is volatile."""
    old = known_as(PAGE, edits=edits, edits_since=AT - timedelta(days=days))
    assert kind == look(old, replace(PAGE, title="x"))[0]


def test_empty_shell_is_missing_and_no_edit():
    """A page that lost its text is noted; the text that we have is kept."""
    shell = replace(PAGE, paragraphs=(" ",), attachments=())
    assert ("missing", ()) == look(known_as(PAGE), shell)


def test_pictures_or_files_are_no_empty_shell():
    """A text replaced by a scan of it is an edit."""
    scan = replace(PAGE, paragraphs=(), images=(Image(url="https://qinglan.example/x.jpg"),))
    assert ("edited", ("paragraphs",)) == look(known_as(PAGE), scan)


@pytest.mark.parametrize(
    ("misses", "hours", "kind"),
    [(0, 0, "missing"), (2, 23, "missing"), (1, 48, "missing"), (2, 24, "withdrawn")],
)
def test_withdrawal_takes_three_looks_over_a_day(misses: int, hours: int, kind: str):
    """A takedown is believed at the third look in a row, a day after the first."""
    since = AT - timedelta(hours=hours) if misses else None
    old = known_as(PAGE, misses=misses, missing_since=since)
    assert kind == decide_missing(old, reason="404", at=AT).kind


def test_withdrawn_article_is_not_withdrawn_again():
    """A page that stays away makes no further revision."""
    old = known_as(PAGE, state="withdrawn", misses=7, missing_since=AT - timedelta(days=9))
    assert "missing" == decide_missing(old, reason="404", at=AT).kind


def test_list_page_is_refused():
    """A page that is no article never becomes a revision."""
    with pytest.raises(PipelineError, match="kind list"):
        decide(None, replace(PAGE, kind="list"), interpreter=1, at=AT)


def test_hashes_are_the_same_for_ever():
    """A hash computed in another way would make every stored article look edited."""
    document = Document(document_number="青政〔2026〕 1号", written_on=date(2026, 2, 28))
    official = replace(PAGE, document=document)
    assert ("21796071b07cb4b66ca3a1fb031942e8", "b6b0cbc4c13f992dda8819d6ac146461") == (
        content_hash(PAGE),
        content_hash(official),
    )
    assert ("f0966f9dbe0531d61dafb41e5e345ac9", "033662c71d9e94e1c913043934a3dcd3") == (
        record_hash(PAGE),
        record_hash(official),
    )


def test_record_hash_sees_every_field_and_ignores_defaults():
    """What is read differently shows; a field at its default does not."""
    assert record_hash(PAGE) != record_hash(replace(PAGE, text_kind="notice"))
    assert record_hash(PAGE) == record_hash(replace(PAGE, author=None))
