"""Pages of persons, topics and bodies: what they did in meetings, and what meetings did about them."""

from dataclasses import replace

import pytest
from lxml import html

from pipeline.publish.about import about
from pipeline.publish.content import Names
from pipeline.store.mentions import person_key

CHAIR = f"person/{person_key('370199', '江阔')}"


@pytest.fixture
def published(desk, catalogue, report, story, go, target):
    """A tree with three reports of meetings and a topic; reads pages by name."""
    desk.store.index_by(None, catalogue.sources)
    desk.read_all(report(n) for n in range(1, 4))
    desk.read_all(story(n, title=f"防汛演练第{n}场") for n in range(4, 7))
    go(minimum=3)
    return lambda name: html.fromstring((target / name).read_bytes())


def matters(page):
    """Day and place, what, badges and small print of each line, without blanks."""
    found = page.xpath("//ol[@class='matters']/li")
    return ["".join(x.text_content().split()) for x in found]


def test_a_person_has_a_part_in_each_meeting(published, report):
    """Newest first, with the office as written and a way to the minutes."""
    page = published(f"{CHAIR}/index.html")
    assert "职务（照原文）：区长" in page.text_content()
    assert 3 == len(matters(page))
    assert "2026-03-01青岚政府第7次常务会议主持1项议题" == matters(page)[0]
    links = page.xpath("//ol[@class='matters']//a/@href")
    assert f"../../a/{report(1).id}/index.html" == links[0]
    assert "../../qinglan/index.html" in page.xpath("//header//a/@href")


def test_a_body_has_its_meetings(published):
    """With the chair and how much was on the agenda."""
    page = published("body/370199-government/index.html")
    assert "2026-03-01青岚政府第7次常务会议江阔主持·1项议题" == matters(page)[0]
    english = published("en/body/370199-government/index.html")
    assert "江阔presided·agenda:1" in matters(english)[0]


def test_subjects_are_found_from_the_front_page_and_from_lists(published):
    """Topics and people on the front page; all of them on pages of their own, by division."""
    front = published("index.html")
    assert ["江阔"] == front.xpath("//section[@id='people']//li/a/text()")
    assert [f"{CHAIR}/index.html"] == front.xpath("//section[@id='people']//li/a/@href")
    assert ["安全生产与应急"] == front.xpath("//section[@id='topics']//li/a/text()")
    people = published("person/index.html")
    assert ["青岚区"] == people.xpath("//h2/text()")
    assert [f"../{CHAIR}/index.html"] == people.xpath("//main//li/a/@href")


def test_a_topic_has_what_meetings_had_on_their_agendas(desk, catalogue, report):
    """The matters that its words stand in, linked to their place in the text."""
    desk.store.index_by(None, catalogue.sources)
    topics = tuple(replace(x, words=("修缮",)) for x in desk.store.topics if x.key == "safety")
    desk.store.index_by(topics, catalogue.sources)
    desk.read(report(1))
    (subject,) = desk.store.subjects("topic")
    names = Names.of(catalogue, base_url="https://a.example/", tag_authority="a.example,2026")
    (found,) = about(subject, desk.store.entries(), names, topics).matters
    assert ("研究河堤修缮方案", "决定四月开工") == (found.what, found.decision)
    assert f"a/{report(1).id}/index.html#p2-5" == found.link


def test_a_copy_names_the_first_publisher(desk, catalogue, story, go, target, now):
    """Both pages say where else the story stands, and which place was first."""
    mirror = replace(catalogue.sources[1], mirror_of="qinglan")
    ours = replace(catalogue, sources=(catalogue.sources[0], mirror))
    desk.store.index_by(None, ours.sources)
    first = story(5)
    copy = story(
        4, source="yunze", column="gonggao", title=first.title, paragraphs=first.paragraphs
    )
    desk.read_all((first, copy))
    assert desk.store.entry(copy.id).also_at
    go(catalogue=ours)
    page = html.fromstring((target / f"a/{copy.id}/index.html").read_bytes())
    (place,) = page.xpath("//dd[a[contains(@href, '../')]]")
    assert "青岚区人民政府" == place.findtext("a")
    assert f"../{first.id}/index.html" == place.find("a").get("href")
    assert "首发" in place.text_content()
