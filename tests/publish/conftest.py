"""A store with made-up articles, and the tree published from it."""

import importlib.util
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.identity import article_id
from pipeline.publish import PublishReport, publish
from pipeline.records import (
    AgendaItem,
    Article,
    Attachment,
    Capture,
    CaptureRef,
    Column,
    Credit,
    Image,
    Meeting,
    Ordinal,
    Place,
    Published,
    Quote,
    Source,
    cut_quote,
)
from pipeline.revisions import decide, decide_missing
from pipeline.sources import Catalogue
from pipeline.store import Applied, Store

sys.path.append(str(Path(__file__).resolve().parents[1]))  # for served.py and stores.py

from stores import empty_store

BASE = "https://feeds.quwen.example/"
AUTHORITY = "quwen.example,2026"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def catalogue() -> Catalogue:
    """Two districts with one site each."""
    sources, columns = [], []
    for province, code, name, short, site in (
        ("山东省", "370199", "青岚区", "青岚", "qinglan"),
        ("浙江省", "330199", "云泽区", "云泽", "yunze"),
    ):
        place = Place(code=code, name=name, province=province, short=short)
        source = Source(
            id=site,
            name=f"{name}人民政府",
            place=place,
            publisher="government",
            base=f"https://www.{site}.example",
        )
        sources.append(source)
        for key, title in (("yaowen", "政务要闻"), ("gonggao", "通知公告")):
            url = f"{source.base}/{key}/"
            columns.append(Column(source=source, key=key, name=title, url=url))
    return Catalogue(sources=tuple(sources), columns=tuple(columns))


def story(number: int = 1, **changes: Any) -> Article:
    """A made-up piece of news; number n was published n hours before NOW."""
    site = changes.get("source", "qinglan")
    url = f"https://www.{site}.example/news/{number}.html"
    at = (NOW + timedelta(hours=8 - number)).replace(tzinfo=None)
    plain = Article(
        url=url,
        id=article_id(url),
        kind="article",
        title=f"青岚河堤第{number}段修好了",
        source=site,
        column="yaowen",
        published=Published(day=at.date(), at=at.time()),
        origin="青岚融媒",
        paragraphs=("堤上的路铺了新砖。", f"第{number}段比去年早了三天。"),
        credits=(Credit(role="记者", label="本报记者", names=("李　河", "王小溪")),),
    )
    return replace(plain, **changes)


def _quote(paragraphs: tuple[str, ...], n: int, value: str) -> Quote:
    start = paragraphs[n].index(value)
    return cut_quote(paragraphs, n, start, start + len(value))


def report(number: int = 1, **changes: Any) -> Article:
    """A made-up report of a meeting with a picture and two attachments."""
    body = (
        "3月1日，区委副书记、区长江　阔主持召开区政府第7次常务会议。",
        "会议研究了河堤修缮方案，决定四月开工。",
    )
    held = Meeting(
        body="政府",
        kind="常务会议",
        ordinal=Ordinal(seq=7),
        held_on=date(2026, 3, 1),
        chair=_quote(body, 0, "江　阔"),
        chair_titles=(_quote(body, 0, "区长"),),
        agenda=(
            AgendaItem(
                verb=_quote(body, 1, "研究"),
                subject=_quote(body, 1, "河堤修缮方案"),
                decision=_quote(body, 1, "决定四月开工"),
            ),
        ),
    )
    extra = {
        "title": f"区政府召开第{number}次会议",
        "paragraphs": body,
        "text_kind": "meeting",
        "meetings": (held,),
        "images": (Image(url="https://www.qinglan.example/p/1.jpg", alt="会场"),),
        "attachments": (
            Attachment(
                url="https://www.qinglan.example/f/方案 一.pdf",
                name="修缮方案",
                media_type="application/pdf",
            ),
            Attachment(url="https://www.qinglan.example/f/b.docx", name="附表", media_type=""),
        ),
    }
    return story(number, **(extra | changes))


class Desk:
    """Reads pages into a store, as a run does: one step is one look at one page."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.offset = 0

    def _capture(self, url: str, body: bytes, at: datetime, status: int = 200) -> int:
        self.offset += 100
        taken = Capture(
            url=url, requested_url=url, status=status, headers=(), body=body, fetched_at=at
        )
        ref = CaptureRef(file="2026/03/a.warc.gz", offset=self.offset, length=90)
        return self.store.add_capture(taken, ref)

    def read(self, article: Article, *, at: datetime = NOW) -> Applied:
        """What the store made of a page that was fetched anew."""
        capture_id = self._capture(article.url, ascii(article).encode(), at)
        old = self.store.known([article.id]).get(article.id)
        decision = decide(old, article, interpreter=1, at=at, capture_id=capture_id)
        return self.store.apply(article, decision, capture_id=capture_id, seen_at=at, interpreter=1)

    def read_all(self, articles: Iterable[Article]) -> None:
        """Read many pages in one transaction, which is faster."""
        self.store.atomically(lambda: [self.read(x) for x in articles])

    def withdraw(self, article: Article, *, at: datetime) -> None:
        """Look for a page in vain until it counts as withdrawn."""
        for day in (3, 2, 1, 0):
            seen = at - timedelta(days=day)
            old = self.store.known([article.id])[article.id]
            decision = decide_missing(old, reason="404", at=seen)
            capture_id = self._capture(article.url, b"gone", seen, status=404)
            self.store.apply(None, decision, capture_id=capture_id, seen_at=seen, interpreter=1)


@pytest.fixture(name="story", scope="session")
def story_maker() -> Callable[..., Article]:
    """Makes pieces of news."""
    return story


@pytest.fixture(name="report", scope="session")
def report_maker() -> Callable[..., Article]:
    """Makes reports of meetings."""
    return report


@pytest.fixture(name="catalogue", scope="session")
def catalogue_value() -> Catalogue:
    """Two districts with one site each."""
    return catalogue()


@pytest.fixture(scope="session")
def now() -> datetime:
    """When all articles were seen first."""
    return NOW


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    with Store.open(empty_store(tmp_path / "quwen.db")) as opened:
        yield opened


@pytest.fixture
def desk(store: Store) -> Desk:
    """A reader of pages in front of an empty store."""
    return Desk(store)


@pytest.fixture(scope="session")
def make_desk() -> type[Desk]:
    """Makes readers of pages in front of stores."""
    return Desk


def fill(desk: Desk) -> Store:
    """Read eight pieces of news and two reports of meetings, of two districts."""
    news = [story(n) for n in range(1, 7)]
    news += [story(n, source="yunze", column="gonggao") for n in range(7, 9)]
    desk.read_all([*news, *(report(n) for n in range(9, 11))])
    return desk.store


@pytest.fixture
def filled(desk: Desk) -> Store:
    """A store with some articles."""
    return fill(desk)


@pytest.fixture(scope="module")
def changed_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published tree with some articles, a correction and a withdrawal."""
    folder = tmp_path_factory.mktemp("changed")
    with Store.open(empty_store(folder / "quwen.db")) as store:
        desk = Desk(store)
        fill(desk)
        desk.read(story(3, title="青岚河堤第3段没修好"), at=NOW + timedelta(hours=5))
        desk.withdraw(story(2), at=NOW + timedelta(days=4))
        publish(
            store,
            catalogue(),
            target=folder / "public",
            base_url=BASE,
            tag_authority=AUTHORITY,
            now=NOW,
        )
    return folder / "public"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """The folder to publish to; it does not exist yet."""
    return tmp_path / "public"


@pytest.fixture
def go(store: Store, target: Path, catalogue: Catalogue) -> Callable[..., PublishReport]:
    """Publishes the store to the target; what is named takes the place of the usual."""

    def run(**changes: Any) -> PublishReport:
        values: dict[str, Any] = {
            "catalogue": catalogue,
            "target": target,
            "base_url": BASE,
            "tag_authority": AUTHORITY,
            "now": NOW,
        } | changes
        return publish(store, values.pop("catalogue"), **values)

    return run


@pytest.fixture
def tree(target: Path) -> Callable[[], dict[str, bytes]]:
    """Reads all published files: bytes by name."""

    def read() -> dict[str, bytes]:
        return {
            x.relative_to(target).as_posix(): x.read_bytes()
            for x in sorted(target.rglob("*"))
            if x.is_file()
        }

    return read


@pytest.fixture(scope="session")
def checker() -> Any:
    """The strict checker of whole trees; None where it is not at hand."""
    path = Path(__file__).resolve().parents[2].parent / "shared" / "tools" / "check_feeds.py"
    if not path.is_file():
        return None
    specification = importlib.util.spec_from_file_location("check_feeds", path)
    assert specification is not None
    assert specification.loader is not None
    found = importlib.util.module_from_spec(specification)
    sys.modules["check_feeds"] = found  # its dataclasses look themselves up there
    specification.loader.exec_module(found)
    return found


@pytest.fixture
def rules(checker: Any) -> Callable[[Path], list[str]]:
    """What the checker finds in a tree; nothing where it is not at hand."""
    if checker is None:
        return lambda _: []

    def check(folder: Path) -> list[str]:
        return [f"{rule}: {text}" for rule, text in checker.lint(folder, BASE)[1]]

    return check


@pytest.fixture(scope="session")
def day() -> date:
    """Some day."""
    return date(2026, 3, 2)
