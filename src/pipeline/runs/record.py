"""A page kept as a fixture: the bytes, the circumstances, and what is read of it now."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pipeline.decode import decode
from pipeline.errors import ConfigError, FetchError
from pipeline.extract import RawPage, extract_page
from pipeline.fetch import Fetched, Fetcher
from pipeline.records import CHINA, Capture, FetchRules
from pipeline.runs.survey import refusal

Expect = Literal["article", "list"]

PAGE, CAPTURE, EXPECTED = "page.html", "capture.json", "expected.json"

_KEPT_HEADERS = ("content-type", "last-modified", "etag")
"""Others tell of the moment or of whoever asked (cookies), and nothing of the page."""


def fetch_page(url: str, rules: FetchRules, *, hosts: tuple[str, ...], fetcher: Fetcher) -> Capture:
    """Return the page at *url*. Raises `FetchError` with the reason where none came."""
    outcome = fetcher.get(url, rules, allowed_hosts=hosts)
    if not isinstance(outcome, Fetched):
        raise FetchError(refusal(outcome), where=url)
    return outcome.capture


def write_fixture(capture: Capture, folder: Path, *, expect: Expect | None) -> dict[str, Any]:
    """Write the three files of a fixture and return what was read.

    Raises `ConfigError` where the folder holds something already or cannot be written, and
    `ExtractError` for a page that cannot be read at all; nothing is written then.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise ConfigError("is not empty", where=str(folder), hint="name another folder with -o")
    about = {
        "url": capture.url,
        "requested_url": capture.requested_url,
        "status": capture.status,
        "headers": [list(x) for x in capture.headers if x[0] in _KEPT_HEADERS],
        "fetched_at": capture.fetched_at.astimezone(UTC).isoformat(timespec="seconds"),
    } | ({"expect": expect} if expect else {})
    expected = read_fixture(capture.body, about)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / PAGE).write_bytes(capture.body)
        (folder / CAPTURE).write_text(_json(about), encoding="utf-8")
        (folder / EXPECTED).write_text(_json(expected), encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"cannot be written: {error.strerror or error}",
            where=str(folder),
            hint="name another folder with -o",
        ) from error
    return expected


def read_fixture(body: bytes, about: Mapping[str, Any]) -> dict[str, Any]:
    """What is read of a page now, field by field as ``expected.json`` holds it.

    *about* is what ``capture.json`` says. Fields that are empty are there too, for
    nothing may be read where nothing is. Raises `ExtractError`.
    """
    headers = {k.lower(): v for k, v in about.get("headers", ())}
    charset = headers.get("content-type", "").partition("charset=")[2] or None
    fetched = datetime.fromisoformat(about["fetched_at"]).astimezone(CHINA)
    page = extract_page(
        decode(body, http_charset=charset).text,
        url=about["url"],
        expect=about.get("expect"),
        today=fetched.date(),
    )
    return _plain(page)


def _plain(page: RawPage) -> dict[str, Any]:
    return {
        "kind": page.kind,
        "family": page.family,
        "title": page.title,
        "published": page.published.iso() if page.published else None,
        "published_from": page.published_from,
        "origin": page.origin,
        "author": page.author,
        "paragraphs": list(page.paragraphs),
        "attachments": [x.url for x in page.attachments],
        "images": [x.url for x in page.images],
        "fields": [list(x) for x in page.fields],
        "items": [
            {
                "title": x.title,
                "url": x.url,
                "published": x.published.iso() if x.published else None,
            }
            for x in page.items
        ],
        "next_url": page.next_url,
        "next_by_script": page.next_by_script,
        "more_urls": list(page.more_urls),
        "problems": list(page.problems),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
