"""Sites of every family on the loopback server, made of the recorded pages.

Tests are no package: whoever wants it puts this folder on the module path.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from httpd import Httpd, Reply

PAGES = Path(__file__).resolve().parent / "pages"

LISTS = {
    "trs": ("list-1-of-2", "list-2-of-2"),
    "hanweb": ("list-with-proxy", "list-proxy-answer"),
    "jpaas": ("list", "answer-1", "answer-2"),
    "ucap": ("list", "list-2"),
    "nfcms": ("list", "list-2"),
    "gkmlpt": ("list", "answer-1", "answer-2"),
    "longcloud": ("list", "answer-1", "answer-2"),
    "vsb": ("list", "list-2"),
    "generic": ("list-1-of-2", "list-2-of-2"),
    "epaper": ("list", "list-2"),
}
"""The list pages of each family in the order in which they follow one another."""

STORY = """\
<html><head><meta charset="utf-8"><title>{title}-云泽</title></head><body><div><h1>{title}</h1>
<p>来源：云泽区融媒体中心　发布时间：2026-03-17 10:00</p><div class="nr"><p>　　{title}，昨天在区里传开，大家都说这是一件好事，
等了很久，终于办成了。</p><p>　　负责此事的同志说，后面还有许多工作，要一件一件做好，请大家多提意见。</p></div></div></body></html>
"""


def put(server: Httpd, case: Path) -> dict[str, Any]:
    """Serve a recorded page, and a story at each address that it lists."""
    capture = json.loads((case / "capture.json").read_text("utf-8"))
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    server.pages[path_of(capture["requested_url"])] = Reply(
        headers=tuple(map(tuple, capture["headers"])), body=(case / "page.html").read_bytes()
    )
    for item in expected["items"]:
        body = STORY.format(title=item["title"]).encode()
        reply = Reply(headers=(("Content-Type", "text/html; charset=utf-8"),), body=body)
        server.pages.setdefault(path_of(item["url"]), reply)
    return {"url": capture["requested_url"], **expected}


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
