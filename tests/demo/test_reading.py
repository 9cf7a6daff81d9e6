"""The sample as the pipeline reads it: what was written is what comes out."""

from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import pytest

from flows.demo.content import Story
from flows.demo.sites import SITES, SOURCES, SampleSite
from pipeline.records import Article, Capture, Column, Ordinal
from pipeline.sources import load_catalogue

interpret = pytest.importorskip(
    "pipeline.interpret", reason="steps of the pipeline are missing", exc_type=ImportError
).interpret
CATALOGUE = load_catalogue(SOURCES, shipped=False)
STORIES = [
    pytest.param(site, story, id=f"{site.host}{story.path}")
    for site in SITES
    for story in site.stories
]
MIRROR = SITES[-1]


def column_of(site: SampleSite, key: str) -> Column:
    return next(x for x in CATALOGUE.columns_of(site.source) if x.key == key)


def capture(site: SampleSite, path: str) -> Capture:
    page = site.pages.get(path, site.missing)
    return Capture(
        url=site.url(path),
        requested_url=site.url(path),
        status=page.status,
        headers=(("content-type", page.content_type),),
        body=page.body,
        fetched_at=datetime(2026, 11, 20, 2, tzinfo=UTC),
    )


def read(site: SampleSite, story: Story) -> Article:
    first, *more = (capture(site, story.page_path(i)) for i in range(len(story.pages)))
    return interpret(first, column_of(site, story.column), expect="article", more=more)


@pytest.mark.parametrize(("site", "story"), STORIES)
def test_article_is_read_as_it_was_written(site: SampleSite, story: Story):
    """Title, minute, paragraphs, files and pictures come out whole, from the mirror's copy too."""
    article = read(site, story)
    assert ("article", story.title) == (article.kind, article.title)
    assert article.published is not None
    assert story.published.date() == article.published.day
    assert article.published.at is not None
    assert (story.published.hour, story.published.minute) == (
        article.published.at.hour,
        article.published.at.minute,
    )
    assert (story.origin or None) == article.origin
    if not (site is MIRROR and story.damaged):
        wanted = tuple(x.replace("　", " ") for x in story.paragraphs)
        files = {x.name for x in article.attachments}  # their names stand in the container too
        assert wanted == tuple(x for x in article.paragraphs if x not in files)
    assert [urljoin(article.url, x.href) for x in story.attachments] == [
        x.url for x in article.attachments
    ]
    assert [urljoin(article.url, x.href) for x in story.images] == [x.url for x in article.images]


@pytest.mark.parametrize(("site", "story"), STORIES)
def test_meetings_are_found(site: SampleSite, story: Story):
    """Each meeting that a story reports, with body, kind, number, day and chair; none where none is."""
    article = read(site, story)
    assert [(x.body, x.kind, x.held_on, x.chair) for x in story.meetings] == [
        (x.body, x.kind, x.held_on, x.chair.value if x.chair else None) for x in article.meetings
    ]
    assert [
        Ordinal(term=x.term, seq=x.seq, year=x.year) if x.seq else None for x in story.meetings
    ] == [x.ordinal for x in article.meetings]
    for wanted, got in zip(story.meetings, article.meetings, strict=True):
        assert wanted.agenda in (None, len(got.agenda))


@pytest.mark.parametrize("site", SITES, ids=lambda x: x.host)
def test_lists_are_read(site: SampleSite):
    """Every line of every list comes out, second pages included, and nothing else."""
    found: list[str] = []
    for column in CATALOGUE.columns_of(site.source):
        url: str | None = column.url
        for _ in range(column.max_pages):
            if url is None:
                break
            page = interpret(capture(site, urlsplit(url).path), column, expect="list")
            assert "list" == page.kind
            assert all(x.published for x in page.items)
            found += [x.url for x in page.items]
            url = page.next_url
    assert list(site.listed) == found


@pytest.mark.parametrize("site", SITES, ids=lambda x: x.host)
def test_pages_that_are_no_article_are_told(site: SampleSite):
    """A dead link, and a page that only says 页面不存在 inside the site's frame, give no article."""
    for url in site.failing:
        page = interpret(capture(site, urlsplit(url).path), None, expect="article")
        assert "not_found" == page.kind


def test_information_table_is_read():
    """索引号, 发文字号 and dates of a government document stand in its fields."""
    site = SITES[0]
    story = next(x for x in site.stories if x.fields)
    document = read(site, story).document
    assert document is not None
    assert story.fields[0][1] == document.index_number
    assert "青政发〔2026〕17号" == document.document_number
    assert "青岚区人民政府" == document.issuer
    assert (2026, 10, 31) == document.written_on.timetuple()[:3] if document.written_on else False
    assert "有效" == document.validity


@pytest.mark.parametrize("story", MIRROR.stories, ids=lambda x: x.path)
def test_repairs_of_the_mirror_are_named(story: Story):
    """What was done to a mirror's copy stands in the record; lost bytes are flagged."""
    repairs = read(MIRROR, story).repairs
    assert "hant" == repairs.script
    assert repairs.steps
    assert story.damaged == bool({"repaired", "damaged"} & set(repairs.flags))
