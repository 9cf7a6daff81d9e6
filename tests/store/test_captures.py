"""Captures, validators and quarantine, on both back ends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.errors import StoreError
from pipeline.records import Capture, CaptureRef
from pipeline.store import Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
URL = "https://qinglan.example/1.html"


def test_captures_come_in_order_and_in_pages(store: Store, desk: Any):
    """A reparse walks all captures once, going on after the last one's number."""
    ids = [desk.capture(f"{URL}?{n}", b"x") for n in range(3)]
    assert ids == [x.id for x in store.captures()]
    assert ids[1:] == [x.id for x in store.captures(after=ids[0])]
    assert ids[:2] == [x.id for x in store.captures(limit=2)]
    assert () == store.captures(source="yunze")


def test_capture_keeps_where_the_archive_has_it(store: Store, desk: Any):
    """File, offset and length lead back to the bytes, the digest proves them."""
    found = store.capture(desk.capture(URL, b"x"))
    assert found is not None
    assert ("2026/03/a.warc.gz", 100, 90) == (found.ref.file, found.ref.offset, found.ref.length)
    assert (URL, 200, NOW, "qinglan") == (found.url, found.status, found.fetched_at, found.source)
    assert "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881" == found.sha256
    assert store.capture(99) is None


def test_capture_told_twice_is_one(store: Store, desk: Any):
    """The place in the archive is the capture's identity."""
    first = desk.capture(URL, b"x")
    desk.offset -= 100
    assert first == desk.capture(URL, b"x")
    assert 1 == store.counts().captures


def test_record_is_found_by_its_id_and_by_its_payload(store: Store, desk: Any):
    """A record that only refers to another one holds no payload itself."""
    where = {"file": "a", "length": 9, "record_id": "urn:uuid:1"}
    whole = CaptureRef(**where, offset=1, payload="sha256:A")
    referring = CaptureRef(**{**where, "record_id": "urn:uuid:2"}, offset=2)
    response = Capture(
        url=URL, requested_url=URL, status=200, headers=(), body=b"x", fetched_at=NOW
    )
    for ref in (whole, referring, replace(whole, offset=3, record_id="urn:uuid:3")):
        store.add_capture(response, ref)
    assert whole == store.holder_of("sha256:A") == store.place_of("urn:uuid:1")
    assert referring == store.place_of("urn:uuid:2")
    assert store.holder_of("sha256:B") is None
    assert store.place_of("urn:uuid:4") is None


def test_records_move_all_or_none(store: Store, desk: Any):
    """The capture keeps its number; a place that is taken leaves everything where it was."""
    ids = [desk.capture(f"{URL}?{n}", b"x") for n in range(3)]
    old = [x.ref for x in store.captures()]
    new = [replace(x, file="b", record_id=f"urn:uuid:{x.offset}") for x in old]
    assert 2 == store.move_captures([*zip(old[:2], new[:2], strict=True)])
    assert [*new[:2], old[2]] == [x.ref for x in store.captures()]
    assert ids == [x.id for x in store.captures()]
    with pytest.raises(StoreError):
        store.move_captures([(new[0], old[0]), (new[1], old[2])])
    assert [*new[:2], old[2]] == [x.ref for x in store.captures()]


def test_newest_capture_of_an_address(store: Store, desk: Any):
    """A later response to the same request stands before the earlier one."""
    desk.capture(URL, b"x")
    last = desk.capture(URL, b"y")
    found = store.newest_capture(URL)
    assert found is not None
    assert last == found.id
    assert store.newest_capture(f"{URL}?") is None


def test_validators_are_kept_byte_for_byte(store: Store):
    """They are sent back exactly as they came, and replaced even by none."""
    etag = 'W/"a,b\\"'
    store.set_validators(URL, etag=etag, last_modified="Mon, 02 Mar", capture_id=None, at=NOW)
    found = store.validators(URL)
    assert found is not None
    assert (etag, "Mon, 02 Mar", NOW) == (found.etag, found.last_modified, found.fetched_at)
    store.set_validators(URL, etag=None, last_modified=None, capture_id=None, at=LATER)
    found = store.validators(URL)
    assert found is not None
    assert (None, None, LATER) == (found.etag, found.last_modified, found.fetched_at)
    assert store.validators("https://qinglan.example/2.html") is None


def test_page_that_fails_again_is_one_case(store: Store):
    """A case counts its tries and keeps its first day; another step is another case."""
    first = store.quarantine(URL, step="decode", reason="no text", source="qinglan", at=NOW)
    assert first == store.quarantine(URL, step="decode", reason="half a text", at=LATER)
    second = store.quarantine(URL, step="parse", reason="10月41日", at=NOW)
    case, other = store.quarantined()
    assert (first, 2, NOW, LATER, "half a text") == (
        case.id,
        case.times,
        case.at,
        case.last_at,
        case.reason,
    )
    assert second == other.id


def test_resolved_case_is_no_longer_listed(store: Store):
    """What was read after all is closed; failing later opens a new case."""
    first = store.quarantine(URL, step="decode", reason="r", at=NOW)
    store.quarantine(URL, step="parse", reason="r", at=NOW)
    assert 1 == store.resolve_quarantine(URL, at=LATER, steps=["parse"])
    assert [first] == [x.id for x in store.quarantined()]
    assert 1 == store.resolve_quarantine(URL, at=LATER)
    assert 0 == store.resolve_quarantine(URL, at=LATER)
    assert () == store.quarantined()
    assert [LATER, LATER] == [x.resolved_at for x in store.quarantined(resolved=True)]
    assert first != store.quarantine(URL, step="decode", reason="r", at=LATER)


def test_quarantine_by_source(store: Store):
    """One source's cases are told apart."""
    store.quarantine(URL, step="decode", reason="r", source="qinglan", at=NOW)
    assert 1 == len(store.quarantined(source="qinglan"))
    assert () == store.quarantined(source="yunze")


@pytest.mark.parametrize("bad", ["\x00", chr(0xD800)])
def test_hostile_words_do_not_stop_the_quarantine(store: Store, bad: str):
    """Reason and detail quote what came over the wire; it is shown with U+FFFD."""
    store.quarantine(f"{URL}{bad}", step="decode", reason=f"a{bad}", detail=bad, at=NOW)
    (case,) = store.quarantined()
    assert (f"{URL}\ufffd", "a\ufffd", "\ufffd") == (case.url, case.reason, case.detail)
