"""The fetcher: redirects, robots.txt, tries and what an answer means."""

import random
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from pipeline.errors import FetchError
from pipeline.fetch.addresses import (
    LeadsElsewhere,
    RefusedAddress,
    Target,
    follow,
    host_name,
    read_url,
)
from pipeline.fetch.exchange import Answer, Budget, Host, TryAgain
from pipeline.fetch.network import read_connect_to
from pipeline.fetch.outcomes import (
    Blocked,
    Deferred,
    Disallowed,
    Fetched,
    Gone,
    NotModified,
    Outcome,
    Validators,
)
from pipeline.fetch.pauses import not_before
from pipeline.fetch.robots import Robots, Unreadable
from pipeline.records import FetchRules

_HOPS = 5
_TRIES = 3
_BLOCKED = {
    403: "HTTP 403",
    412: "HTTP 412, as a site firewall answers",
    521: "HTTP 521, as a site firewall answers",
}
_PRIVATE = ("authorization", "cookie")


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One call of `Fetcher.get`, or one reading of robots.txt."""

    first: Target
    rules: FetchRules
    allowed: frozenset[str]
    validators: Validators | None
    robots: bool
    budget: Budget


class Fetcher:
    """Asks hosts for pages, one request at a time for each host.

    *connect_to* maps a host, or host:port, to the address:port to connect to
    instead; the Host header keeps the name. Other names must lead to public
    addresses. *deadline_s* bounds one call (seconds), waiting for a turn apart.
    Raises `ConfigError` for a *connect_to* that cannot be read.

    Safe to share between threads. robots.txt is read once a host; one that could not be
    had is asked for again after *robots_rest_s* seconds.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        connect_to: Mapping[str, str] | None = None,
        clock: Callable[[], datetime] = _now,
        sleep: Callable[[float], None] = time.sleep,
        deadline_s: float = 60.0,
        robots_rest_s: float = 60.0,
    ) -> None:
        self._user_agent = user_agent
        self._connect_to = read_connect_to(connect_to or {})
        self._clock = clock
        self._sleep = sleep
        self._deadline_s = deadline_s
        self._robots_rest_s = robots_rest_s
        self._hosts: dict[str, Host] = {}
        self._netlocs: dict[str, list[str]] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            for host in self._hosts.values():
                host.rest()
            self._hosts.clear()
            self._netlocs.clear()

    def rest(self, hosts: Collection[str]) -> None:
        """Forget cookies and whatever else is wanted only while these hosts are asked."""
        with self._lock:
            resting = [self._hosts[x] for name in hosts for x in self._netlocs.get(name, ())]
        for host in resting:
            host.rest()

    def get(
        self,
        url: str,
        rules: FetchRules,
        *,
        allowed_hosts: Collection[str],
        validators: Validators | None = None,
    ) -> Outcome:
        """Return what came of asking for *url*.

        Redirects are followed to *allowed_hosts* (host names) only. With
        *validators* the page is asked for only if it has changed. Raises
        `FetchError` where no complete answer came or the address is refused.
        """
        target = read_url(url)
        allowed = frozenset(host_name(x) for x in allowed_hosts)
        if target.host not in allowed:
            raise FetchError(
                "is on no host of the source",
                where=target.url,
                hint="list the host in the source's rules if it belongs there",
            )
        job = _Job(
            first=target,
            rules=rules,
            allowed=allowed,
            validators=validators,
            robots=rules.robots,
            budget=Budget(self._deadline_s),
        )
        answer = self._tried(job)
        return answer if isinstance(answer, Disallowed) else self._outcome(url, answer, validators)

    def _host(self, target: Target) -> Host:
        with self._lock:
            if target.netloc not in self._hosts:
                self._hosts[target.netloc] = Host(self._connect_to, self._user_agent)
                self._netlocs.setdefault(target.host, []).append(target.netloc)
            return self._hosts[target.netloc]

    def _tried(self, job: _Job) -> Answer | Disallowed:
        """Return the answer, trying again what may pass."""
        for attempt in range(1, _TRIES + 1):
            try:
                answer = self._followed(job)
            except TryAgain as error:
                reason = str(error)
            else:
                if isinstance(answer, Disallowed) or not _may_pass(answer.status):
                    return answer
                reason = f"HTTP {answer.status}"
            pause = 2.0**attempt * random.uniform(0.25, 0.5)  # noqa: S311 - spreads load only
            if attempt == _TRIES or pause >= job.budget.left:
                break
            self._sleep(pause)
            job.budget.left -= pause
        raise FetchError(
            f"{reason} (tried {attempt}x)", where=job.first.url, hint="try again later"
        )

    def _followed(self, job: _Job) -> Answer | Disallowed:
        """Return the answer at the end of the redirects."""
        target = job.first
        for hop in range(_HOPS + 1):
            if job.robots:
                rule = self._robots(target, job).refusal(target.url)
                if rule is not None:
                    return Disallowed(url=target.url, rule=rule)
            host = self._host(target)
            answer = host.ask(
                target,
                _headers(job, target, hop),
                delay_s=max(
                    job.rules.delay_s,
                    host.robots.delay_s if host.robots and job.rules.robots else 0.0,
                ),
                timeout_s=job.rules.timeout_s,
                budget=job.budget,
                clock=self._clock,
                sleep=self._sleep,
            )
            if answer.location is None:
                return replace(answer, redirected=hop > 0)
            target = follow(target, answer.location, allowed=job.allowed, first=job.first)
        raise LeadsElsewhere(f"redirects more than {_HOPS} times", where=job.first.url)

    def _robots(self, target: Target, job: _Job) -> Robots | Unreadable:
        """Return the rules of the target's host, asking for them the first time.

        Raises `RefusedAddress` for a host that must not be asked at all.
        """
        host = self._host(target)
        with host.robots_lock:
            if host.robots is None or host.robots.is_old:
                host.robots = self._read_robots(target, job)
            return host.robots

    def _read_robots(self, target: Target, job: _Job) -> Robots | Unreadable:
        url = f"{target.scheme}://{target.netloc}/robots.txt"
        asking = _Job(
            first=read_url(url),
            rules=job.rules,
            allowed=job.allowed,
            validators=None,
            robots=False,
            budget=Budget(self._deadline_s),
        )
        try:
            answer = self._tried(asking)
        except RefusedAddress:
            raise
        except LeadsElsewhere:  # counts as none there: RFC 9309, section 2.3.1.2
            return Robots(b"", user_agent=self._user_agent, url=url)
        except FetchError:
            return Unreadable(self._robots_rest_s)
        if isinstance(answer, Disallowed) or answer.status >= 500:
            return Unreadable(self._robots_rest_s)
        body = answer.body if answer.status == 200 else b""
        return Robots(body, user_agent=self._user_agent, url=url)

    def _outcome(self, url: str, answer: Answer, validators: Validators | None) -> Outcome:
        """Return what a complete answer means. Raises `FetchError` for what means nothing."""
        status = answer.status
        capture = answer.capture(url)
        if status in (200, 203):
            given = Validators(
                etag=answer.header("etag"), last_modified=answer.header("last-modified")
            )
            return Fetched(capture=capture, validators=given if answer.whole else Validators())
        if status == 304 and _conditions(validators) and not answer.redirected:
            return NotModified(url=url, fetched_at=answer.fetched_at)
        if status in (404, 410):
            return Gone(capture=capture)
        if status in _BLOCKED:
            return Blocked(capture=capture, reason=_BLOCKED[status], url=url)
        if status in (429, 503):
            until = not_before(answer.header("retry-after"), self._clock())
            return Deferred(url=url, until=until, reason=f"HTTP {status}")
        raise FetchError(f"HTTP {status}, which is no page", where=answer.target.url)


def _may_pass(status: int) -> bool:
    return status >= 500 and status not in (503, 521)


def _conditions(validators: Validators | None) -> dict[str, str]:
    """The request headers that ask for changes only (RFC 9110, section 13.1)."""
    if validators is None:
        return {}
    pairs = (
        ("If-None-Match", validators.etag),
        ("If-Modified-Since", validators.last_modified),
    )
    return {name: value for name, value in pairs if value}


def _headers(job: _Job, target: Target, hop: int) -> dict[str, str]:
    """The headers of one request.

    Only the address asked for is asked whether it changed: where it redirects to
    an old error page, "not modified" would hide that. Secrets stay with its host.
    """
    own = target.host == job.first.host
    headers = {k: v for k, v in job.rules.headers if own or k.lower() not in _PRIVATE}
    return headers | (_conditions(job.validators) if hop == 0 else {})
