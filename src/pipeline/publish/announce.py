"""Telling others that feeds changed: WebSub hubs, webhooks, IndexNow.

Only what changed since it was last announced is told, and what could not be told
is told again after the next publication. A failure is a line in the report: it
never fails the run.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from pipeline.publish.document import FILES, FeedDocument, FeedEntry
from pipeline.publish.xmlfeeds import rfc3339

INDEXNOW = "https://api.indexnow.org/indexnow"
_TIMEOUT_S = (5, 15)
_TOPICS = 50  # addresses in one ping
_ENTRIES = 20  # entries of a feed in one webhook
_PAGES = 10_000  # the protocol's limit for one request


@dataclass(frozen=True, slots=True, kw_only=True)
class Listeners:
    """Who wants to know. ``secret`` signs webhooks; ``indexnow_key`` is the site's key."""

    hubs: tuple[str, ...] = ()
    webhooks: tuple[str, ...] = ()
    secret: str = ""
    indexnow_key: str = ""
    indexnow: str = INDEXNOW

    def __bool__(self) -> bool:
        return bool(self.hubs or self.webhooks or self.indexnow_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedChange:
    """A live feed whose bytes are other than those last announced.

    ``files`` are names in the tree with a digest of their bytes; ``entries`` are those
    updated since the last announcement, newest first.
    """

    path: str
    title: str
    base_url: str
    files: tuple[tuple[str, str], ...]
    entries: tuple[FeedEntry, ...]

    @property
    def topics(self) -> tuple[str, ...]:
        """The addresses whose bytes changed: each is a topic of its own (WebSub, section 4)."""
        return tuple(urljoin(self.base_url, name) for name, _ in self.files)


def change_of(
    feed: FeedDocument, files: Iterable[tuple[str, str]], announced: Mapping[str, str]
) -> FeedChange | None:
    """What of a feed is to be announced; None where all its files were announced as they are."""
    new = tuple((name, digest) for name, digest in files if announced.get(name) != digest)
    if not new:
        return None
    since = announced.get(f"{feed.path}/", "")
    fresh = [x for x in feed.entries if rfc3339(x.updated) > since]
    return FeedChange(
        path=feed.path,
        title=feed.title,
        base_url=feed.base_url,
        files=new,
        entries=tuple(sorted(fresh, key=lambda x: x.updated, reverse=True)[:_ENTRIES]),
    )


def told(changes: Iterable[FeedChange], announced: Mapping[str, str]) -> dict[str, str]:
    """What stands as announced after *changes* were told."""
    after = dict(announced)
    for change in changes:
        after |= dict(change.files)
        newest = max((rfc3339(x.updated) for x in change.entries), default="")
        after[f"{change.path}/"] = max(newest, after.get(f"{change.path}/", ""))
    return after


def announce(
    changes: Sequence[FeedChange],
    pages: Sequence[str],
    listeners: Listeners,
    *,
    base_url: str,
    now: datetime,
) -> tuple[str, ...]:
    """Tell all *listeners*; a line for each that could not be told, empty if all were.

    *pages* are addresses of HTML pages that are new or changed, for search engines.
    """
    problems: list[str] = []
    with _session() as session:
        if changes:
            for hub in listeners.hubs:
                problems += _ping(session, hub, changes)
            for hook in listeners.webhooks:
                problems += _call(session, hook, changes, listeners.secret, now)
        if pages and listeners.indexnow_key:
            problems += _submit(session, listeners, pages, base_url)
    return tuple(problems)


def _session() -> requests.Session:
    session = requests.Session()
    retry = Retry(
        total=2, backoff_factor=0.5, status_forcelist=(429, 500, 502, 503, 504), allowed_methods=None,
        raise_on_status=False, respect_retry_after_header=False,
    )  # fmt: skip
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    session.headers["User-Agent"] = "quwen"
    return session


def _ping(session: requests.Session, hub: str, changes: Sequence[FeedChange]) -> Iterator[str]:
    """Publish to a hub: ``hub.mode=publish`` with a ``hub.url`` for each topic."""
    topics = [topic for change in changes for topic in change.topics]
    for start in range(0, len(topics), _TOPICS):
        form = [("hub.mode", "publish")]
        form += [("hub.url", topic) for topic in topics[start : start + _TOPICS]]
        problem = _post(session, hub, data=form)
        if problem:
            yield f"hub {hub}: {problem}"
            return


def _call(
    session: requests.Session,
    hook: str,
    changes: Sequence[FeedChange],
    secret: str,
    now: datetime,
) -> Iterator[str]:
    """Post the changes as JSON, signed after the Standard Webhooks specification 1.0."""
    body = json.dumps(
        {
            "type": "feeds.changed",
            "timestamp": rfc3339(now),
            "data": {"feeds": [_feed(x) for x in changes]},
        },
        ensure_ascii=False,
    ).encode()
    told_files = "".join(digest for x in changes for _, digest in x.files)
    message = "msg_" + hashlib.sha256(told_files.encode()).hexdigest()[:32]
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": message,
        "webhook-timestamp": str(int(now.timestamp())),
    }
    if secret:
        signed = f"{message}.{headers['webhook-timestamp']}.".encode() + body
        digest = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
        headers["webhook-signature"] = "v1," + base64.b64encode(digest).decode()
    problem = _post(session, hook, data=body, headers=headers)
    if problem:
        # The path of a webhook is often its secret
        yield f"webhook at {urlsplit(hook).hostname}: {problem}"


def _feed(change: FeedChange) -> dict[str, object]:
    return {
        "path": change.path,
        "title": change.title,
        **{form: urljoin(change.base_url, f"{change.path}/{file}") for form, file in FILES.items()},
        "entries": [
            {
                "id": x.id,
                "title": x.title,
                "url": x.url,
                "page": x.page,
                "summary": x.summary,
                "published": rfc3339(x.published),
                "updated": rfc3339(x.updated),
            }
            for x in change.entries
        ],
    }


def _submit(
    session: requests.Session, listeners: Listeners, pages: Sequence[str], base_url: str
) -> Iterator[str]:
    """Name changed pages to a search engine (indexnow.org/documentation)."""
    form = {
        "host": urlsplit(base_url).hostname,
        "key": listeners.indexnow_key,
        "keyLocation": urljoin(base_url, f"{listeners.indexnow_key}.txt"),
        "urlList": list(pages[:_PAGES]),
    }
    problem = _post(session, listeners.indexnow, json=form)
    if problem:
        yield f"IndexNow: {problem}"


def _post(session: requests.Session, url: str, **what: object) -> str | None:
    """Why it could not be posted; None where it was taken."""
    try:
        answer = session.post(url, timeout=_TIMEOUT_S, allow_redirects=False, **what)  # type: ignore[arg-type]
    except requests.RequestException as error:
        return type(error).__name__
    with answer:
        return None if answer.status_code // 100 == 2 else f"HTTP {answer.status_code}"
