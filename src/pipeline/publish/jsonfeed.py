"""JSON Feed 1.1, written by hand: the format is its own library."""

import json
from collections.abc import Iterable
from typing import Any

from pipeline.errors import PublishError
from pipeline.publish.document import FeedDocument, FeedEntry, FeedFile
from pipeline.publish.kept import kept
from pipeline.publish.xmlfeeds import rfc3339


def _file(file: FeedFile) -> dict[str, Any]:
    form: dict[str, Any] = {"url": file.url, "mime_type": file.media_type, "title": file.name}
    return form if file.length is None else form | {"size_in_bytes": file.length}


@kept()
def _item(entry: FeedEntry) -> str:
    """An entry in the lines that it has in every feed."""
    form: dict[str, Any] = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "summary": entry.summary,
        "image": entry.image,
        "date_published": rfc3339(entry.published),
        "date_modified": rfc3339(entry.updated),
        "authors": [{"name": x} for x in entry.authors],
        "tags": [x.term for x in entry.categories],
        "attachments": [_file(x) for x in entry.files],
    }
    lines = to_json({key: value for key, value in form.items() if value}).decode()
    return "  " + lines.rstrip("\n").replace("\n", "\n  ")


def to_json(value: Any) -> bytes:
    """The bytes of a JSON file: readable, characters as themselves, keys in the given order."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def to_lines(values: Iterable[Any]) -> bytes:
    """A JSON array with one value a line: many are written fast, and read well."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    found = bytearray(b"[\n")
    for n, value in enumerate(values):
        found += (b",\n" if n else b"") + encode(value).encode()
    found += b"\n]\n"
    return bytes(found)


def render_json(document: FeedDocument) -> bytes:
    """The feed as JSON Feed 1.1, in UTF-8. Raises PublishError for what UTF-8 cannot hold."""
    form = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": document.title,
        "home_page_url": document.home,
        "feed_url": document.address("json"),
        "description": document.description,
        "language": document.language,
        "authors": [{"name": document.author}],
        **(
            {"hubs": [{"type": "WebSub", "url": x} for x in document.hubs]} if document.hubs else {}
        ),
    }
    try:
        frame = to_json(form).decode().removesuffix("\n}\n")
        items = ",\n".join(map(_item, document.entries))
        whole = f"[\n{items}\n ]" if items else "[]"
        return f'{frame},\n "items": {whole}\n}}\n'.encode()
    except UnicodeEncodeError as error:
        raise PublishError(
            f"feed cannot be written: {error}",
            where=document.path,
            hint="leave out entries that `flaw` names",
        ) from error
