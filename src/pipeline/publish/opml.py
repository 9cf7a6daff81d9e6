"""OPML 2.0: all feeds in one file that a reader can import."""

from dataclasses import dataclass

from lxml import etree

from pipeline.publish.document import FeedDocument, clean


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A group of feeds with its subgroups, such as a province with its districts."""

    text: str
    feeds: tuple[FeedDocument, ...] = ()
    groups: tuple["Outline", ...] = ()


def render_opml(title: str, groups: tuple[Outline, ...]) -> bytes:
    """The groups as OPML, each feed once in its RSS form, in UTF-8."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = clean(title)
    body = etree.SubElement(root, "body")
    for group in groups:
        _add_group(body, group)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _add_group(parent: etree._Element, group: Outline) -> None:
    name = clean(group.text)
    outline = etree.SubElement(parent, "outline", text=name, title=name)
    for feed in group.feeds:
        etree.SubElement(
            outline,
            "outline",
            type="rss",
            text=feed.title,
            title=feed.title,
            xmlUrl=feed.address("rss"),
            htmlUrl=feed.home,
        )
    for inner in group.groups:
        _add_group(outline, inner)
