"""Commands that read the store, as a user runs them."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.identity import article_id
from pipeline.records import Article, Published
from pipeline.store import Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TEXT = (
    "2月27日，青岚区召开汛前河堤加固工作部署会，安排今年的12处险工险段治理，要求在4月底以前全部完成。",
    "会议指出，去年秋汛期间青溪两岸有3处堤段出现渗水，沿线村庄连续值守了9个昼夜，教训必须记取。",
)


def page(n: int, source: str, **changes: Any) -> Article:
    """A record as reading a page makes it."""
    url = f"https://{source}.example/{n}.html"
    plain = {
        "title": "青岚区部署汛前河堤加固",
        "published": Published(day=date(2026, 3, n)),
        "paragraphs": TEXT,
    }
    whole: dict[str, Any] = plain | changes
    return Article(url=url, id=article_id(url), kind="article", source=source, **whole)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a store in which a story stands at two addresses."""
    folder = tmp_path / "var"
    with Store.open(f"sqlite:///{folder / 'quwen.db'}") as store:
        for x in (page(1, "qinglan"), page(2, "yunze")):
            store.learn(x, capture_id=None, seen_at=NOW, interpreter=1)
    return folder


def test_record_says_where_else_its_story_stands(home: Path, quwen: Callable[..., Any]) -> None:
    """With the first publisher marked; found records say it too."""
    first, second = page(1, "qinglan"), page(2, "yunze")
    (place,) = json.loads(quwen("show", second.id).stdout)["also_at"]
    assert {"id": first.id, "url": first.url, "source": "qinglan"} == {
        x: place[x] for x in ("id", "url", "source")
    }
    assert (True, "live") == (place["first"], place["state"])
    found = [json.loads(x) for x in quwen("search", "河堤", "--json").stdout.splitlines()]
    assert [[first.url], [second.url]] == [[x["url"] for x in y["also_at"]] for y in found]
