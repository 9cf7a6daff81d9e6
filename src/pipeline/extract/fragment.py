"""A list's item read as an article: what the list itself tells of it, without its page."""

from pipeline.extract import fields as boxes
from pipeline.extract import furniture, media
from pipeline.extract.outline import outline
from pipeline.extract.page import RawPage
from pipeline.extract.tree import parse
from pipeline.records import ListItem

_FRAME = "<!DOCTYPE html><html><body><article>{}</article></body></html>"


def extract_item(item: ListItem, *, family: str = "generic") -> RawPage:
    """Return the article that *item* tells of: its whole text where the list carries it, else its headline.

    A file becomes an attachment.
    """
    bare = RawPage(
        kind="article",
        family=family,
        title=item.title,
        published=item.published,
        published_from="list" if item.published else "",
        attachments=(media.linked_file(item.url, item.title),) if item.kind == "file" else (),
        explain=(f"{item.kind}: the list's item",),
    )
    if not item.html:
        return bare
    root, problems = parse(_FRAME.format(item.html))
    container = next(root.iter("article"))
    shown = outline(root)
    pairs, box = boxes.fields(shown)
    body = shown.numbers()[container]
    cut = box | furniture.furniture(shown, body)
    return RawPage(
        kind="article",
        family=family,
        title=item.title,
        published=item.published,
        published_from=bare.published_from,
        paragraphs=furniture.paragraphs(shown, body, title=item.title, cut=cut),
        attachments=media.attachments(root, container, item.url),
        images=media.images(container, item.url, cut),
        fields=pairs,
        problems=problems,
        explain=("text: from the list's answer",),
    )
