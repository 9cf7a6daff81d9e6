"""What a request may come to, short of an error."""

from dataclasses import dataclass, field
from datetime import datetime

from pipeline.records import Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What the server gave to ask later whether a page has changed (RFC 9110, section 8.8).

    Both are None where the response gave none, or was not known to be whole.
    """

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A page came, whole as far as the protocol can tell."""

    capture: Capture
    validators: Validators = field(default_factory=Validators)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """HTTP 304: the page is as it was when the validators were given."""

    url: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """HTTP 404 or 410, with the page that said so."""

    capture: Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """The site refuses programs: HTTP 403, or 412 and 521, as site firewalls answer."""

    capture: Capture | None
    reason: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """HTTP 429 or 503: the host is to be left alone until ``until`` (UTC)."""

    url: str
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disallowed:
    """robots.txt does not allow the address, or could not be read (RFC 9309)."""

    url: str
    rule: str


Outcome = Fetched | NotModified | Gone | Blocked | Deferred | Disallowed
