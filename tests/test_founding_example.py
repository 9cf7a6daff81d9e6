"""The founding example: a mangled copy of a report, read back completely."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline.interpret import interpret
from pipeline.records import Article, Capture, Ordinal, Published

ROOT = Path(__file__).resolve().parents[1]
OWN = ROOT / "tests" / "fixtures"
SHARED = ROOT.parent / "shared" / "seed"


def read(path: Path, url: str, published: date) -> Article:
    capture = Capture(
        url=url,
        requested_url=url,
        status=200,
        headers=(("content-type", "text/plain"),),
        body=path.read_bytes(),
        fetched_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    return interpret(capture, published=Published(day=published))


def spans_hold(article: Article) -> bool:
    quotes = [
        quote
        for meeting in article.meetings
        for item in meeting.agenda
        for quote in (
            item.verb,
            item.subject,
            *(x for s in item.statements for x in (s.lead, s.text)),
            *(x for x in (meeting.chair, *meeting.chair_titles) if x),
        )
    ]
    return bool(quotes) and all(
        q.value == article.paragraphs[q.span.paragraph][q.span.start : q.span.end] for q in quotes
    )


@pytest.mark.skipif(not SHARED.is_dir(), reason="the founding example is not part of the project")
def test_the_founding_example_is_read_completely():
    """Every character, the meeting, its six items with their leads, and all who made the report."""
    article = read(
        SHARED / "dongchangfu-49.txt",
        "http://dcgdxww.com/jujiaotoutiao/89845.html",
        date(2024, 10, 22),
    )
    assert (SHARED / "gold.txt").read_text("utf-8").strip() == article.text
    (meeting,) = article.meetings
    assert article.dateline is not None
    assert article.dateline.place is not None
    assert "东昌府" == article.dateline.place.value
    assert (date(2024, 10, 21), "政府", "常务会议") == (meeting.held_on, meeting.body, meeting.kind)
    assert Ordinal(seq=49) == meeting.ordinal
    assert meeting.chair is not None
    assert "江绍华" == meeting.chair.value
    assert ["区委副书记", "区长"] == [x.value for x in meeting.chair_titles]
    study, *reported = meeting.agenda
    assert "习近平总书记关于全面加强知识产权保护工作的重要指示精神" == study.subject.value
    assert ["听取"] * 6 == [x.verb.value for x in reported]
    assert ["指出", "要求", "强调", "要求", "强调", "要求"] == [
        x.statements[0].lead.value for x in reported
    ]
    assert all(x.statements[0].text.value.startswith("要") for x in reported)
    assert [
        ("记者", ("仝兴社", "孟欣宇", "方佳伟")),
        ("编辑", ("李念辉",)),
        ("审核", ("闵庆才",)),
    ] == [(x.role, x.names) for x in article.credits]
    assert spans_hold(article)


def test_a_page_of_the_same_damage_is_read_completely():
    """The same on a text of our own: the repairs are named, the record is whole."""
    article = read(OWN / "mangled-story.txt", "http://labnotes.example/1.html", date(2026, 10, 29))
    assert (OWN / "mangled-story.gold.txt").read_text("utf-8").strip() == article.text
    assert {"strip_pinyin", "to_simplified", "widen_punctuation"} <= set(article.repairs.steps)
    (meeting,) = article.meetings
    assert (date(2026, 10, 28), "政府", "常务会议") == (meeting.held_on, meeting.body, meeting.kind)
    assert Ordinal(seq=37) == meeting.ordinal
    assert meeting.chair is not None
    assert "沈砚舟" == meeting.chair.value
    study, *reported = meeting.agenda
    assert "传达学习" == study.verb.value
    assert ["强调", "指出", "要求", "要求", "强调", "要求"] == [
        x.statements[0].lead.value for x in reported
    ]
    assert [
        ("记者", ("鲍晓岚", "钟书远", "严若晴")),
        ("编辑", ("叶知秋",)),
        ("审核", ("闫振华",)),
    ] == [(x.role, x.names) for x in article.credits]
    assert spans_hold(article)
    assert article.published_as
