"""Whether an installation is well: what is wrong, and what to do about it. Changes nothing."""

import os
import shutil
import sqlite3
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from pipeline import __version__
from pipeline.errors import ConfigError, PipelineError
from pipeline.fixes import load_fixes, standing
from pipeline.mail import read_mail_server, try_mail_server
from pipeline.settings import Settings
from pipeline.sources import load_catalogue
from pipeline.store import Store, inspect_database

State = Literal["ok", "warning", "wrong"]

ENGINE = "3.8.8"
"""The version of the flow engine that quwen is written for."""

_FEW_BYTES = 2_000_000_000
_BUILT = datetime(2026, 1, 1, tzinfo=UTC)
_SKEW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One thing looked at. ``advice`` says what to do, empty where all is well."""

    about: str
    state: State
    what: str
    advice: str = ""


def examine_installation(
    settings: Settings, *, now: datetime, environment: Mapping[str, str] = os.environ
) -> Iterator[Diagnosis]:
    """Yield what is found about versions, home, database, clock, source files, fixes, engine and mail."""
    yield from _versions()
    yield _home(settings)
    yield _disk(settings)
    newest = _Newest()
    yield _database(settings, newest)
    yield _clock(now, newest.at)
    yield from _sources(settings)
    yield from _fixes(settings)
    yield from _engine(environment, now)
    yield from _mail(settings)
    yield from _names(settings)


def _versions() -> Iterator[Diagnosis]:
    running = ".".join(map(str, sys.version_info[:3]))
    yield _ok("quwen", f"version {__version__} on Python {running}")
    for package, is_good, wanted in _PINS:
        try:
            found = version(package)
        except PackageNotFoundError:
            yield _wrong(package, "is not installed", "install quwen from its lock file")
            continue
        if is_good(found):
            yield _ok(package, f"version {found}")
        else:
            yield _wrong(
                package, f"version {found}, wanted is {wanted}", "install quwen from its lock file"
            )
    with sqlite3.connect(":memory:") as db:
        options = {x[0] for x in db.execute("PRAGMA compile_options")}
    if "ENABLE_FTS5" in options:
        yield _ok("sqlite", f"version {sqlite3.sqlite_version} with full-text search")
    else:
        yield _wrong("sqlite", "has no full-text search (FTS5)", "use a Python whose SQLite has it")


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(x) for x in text.split(".")[:2] if x.isdigit())


_PINS: tuple[tuple[str, Callable[[str], bool], str], ...] = (
    ("prefect", lambda x: x == ENGINE, ENGINE),
    ("fastapi", lambda x: _numbers(x) < (0, 151), "below 0.151"),
    ("sqlalchemy", lambda x: _numbers(x) < (2, 1), "below 2.1"),
)


def _home(settings: Settings) -> Diagnosis:
    home = settings.home
    if not home.exists():
        return _warning("home", f"{home} is not there yet", "it is made by the first run")
    folders = [home, settings.archive_dir, settings.public_dir, settings.engine_dir]
    for folder in folders:
        if folder.exists() and not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
            owner = "give it to the user that runs quwen"
            return _wrong("home", f"{folder} cannot be written to", owner)
    return _ok("home", f"{home.absolute()} can be written to")


def _disk(settings: Settings) -> Diagnosis:
    place = settings.home.absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    told = f"{free / 1e9:.1f} GB free at {place}"
    if free < settings.least_free_mb * 1_000_000:
        return _wrong("disk", told, "make room: no run begins below QUWEN_LEAST_FREE_MB")
    if free < _FEW_BYTES:
        return _warning("disk", told, "make room, or set QUWEN_KEEP_ARCHIVE_DAYS")
    return _ok("disk", told)


@dataclass(slots=True)
class _Newest:
    """The newest instant that the store has written down, once it was looked at."""

    at: datetime | None = None


def _database(settings: Settings, newest: _Newest) -> Diagnosis:
    if settings.database_url is None and not (settings.home / "quwen.db").exists():
        return _warning("database", "is not there yet", "it is made by the first run")
    try:
        found = inspect_database(settings.store_url)
    except PipelineError as error:
        return _wrong("database", str(error), error.hint or "see the message")
    newest.at = found.newest
    if found.version == found.wanted:
        return _ok("database", f"{found.name}, migration {found.version}")
    if found.version is None or found.version < found.wanted:
        return _warning(
            "database",
            f"{found.name} is at migration {found.version}, this program's is {found.wanted}",
            "make a backup; the next run migrates it",
        )
    return _wrong(
        "database",
        f"{found.name} was migrated to {found.version} by a newer program, known is {found.wanted}",
        "upgrade quwen",
    )


def _clock(now: datetime, newest: datetime | None) -> Diagnosis:
    told = f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
    if now < _BUILT:
        return _wrong("clock", f"says {told}", "set it: dates of articles are judged by it")
    if newest is not None and newest > now + _SKEW:
        return _warning(
            "clock",
            f"says {told}, but the store was written to at {newest:%Y-%m-%d %H:%M}Z",
            "it was put back: check time synchronisation; columns are looked at again meanwhile",
        )
    return _ok("clock", told)


def _sources(settings: Settings) -> Iterator[Diagnosis]:
    skipped: list[ConfigError] = []
    try:
        catalogue = load_catalogue(settings.sources, skipped=skipped)
    except ConfigError as error:
        yield _wrong("sources", str(error), error.hint or "mend the file")
        return
    for x in skipped:
        yield _wrong("sources", f"{x.where}: {x.message}", x.hint or "mend the file")
    verified = sum(y.verified for y in catalogue.sources)
    if not verified:
        yield _warning(
            "sources",
            f"{len(catalogue.sources)} known, none is verified",
            "try one with quwen sources verify",
        )
    else:
        yield _ok("sources", f"{verified} of {len(catalogue.sources)} are read on schedule")


def _fixes(settings: Settings) -> Iterator[Diagnosis]:
    if settings.fixes is None:
        return
    try:
        fixes = load_fixes(settings.fixes)
    except ConfigError as error:
        yield _wrong("fixes", str(error), error.hint or "mend the file")
        return
    if settings.database_url is None and not (settings.home / "quwen.db").exists():
        return
    try:
        found = inspect_database(settings.store_url)
        if found.version != found.wanted:  # told already; opening it would migrate it
            return
        with Store.open(settings.store_url) as store:
            told = [(x, standing(store.article(x.article), x)) for x in fixes]
    except PipelineError as error:
        yield _wrong("fixes", str(error), error.hint or "see the message")
        return
    for fix, what in told:
        if what:
            advice = "run quwen reparse" if "waits" in what else "mend or remove it"
            yield _warning("fixes", f"{fix.field} of {fix.article} {what} ({fix.where})", advice)
    stand = sum(not what for _, what in told)
    yield _ok("fixes", f"{stand} of {len(told)} stand")


def _engine(environment: Mapping[str, str], now: datetime) -> Iterator[Diagnosis]:
    api = environment.get("PREFECT_API_URL", "").rstrip("/")
    if not api:
        yield _ok("engine", "none is named: quwen up and single commands start their own")
        return
    advice = "start it, or mend PREFECT_API_URL"
    if not api.startswith(("http://", "https://")):
        yield _wrong("engine", f"{api} is no web address", advice)
        return
    try:
        with urllib.request.urlopen(f"{api}/admin/version", timeout=5) as answer:  # noqa: S310
            found = answer.read(100).decode().strip().strip('"')
            date = answer.headers.get("Date")
    except (OSError, urllib.error.URLError, ValueError) as error:
        yield _wrong("engine", f"{api} does not answer: {error}", advice)
        return
    if found == ENGINE:
        yield _ok("engine", f"{api}, version {found}")
    else:
        yield _wrong("engine", f"{api} has version {found}", f"run version {ENGINE} there")
    skew = abs(parsedate_to_datetime(date) - now) if date else timedelta(0)
    if skew > _SKEW:
        yield _warning(
            "engine",
            f"its clock is {skew.total_seconds():.0f} s from ours",
            "synchronise both clocks",
        )


def _mail(settings: Settings) -> Iterator[Diagnosis]:
    if not settings.mail_server:
        return
    server = read_mail_server(settings.mail_server)
    try:
        try_mail_server(server)
    except PipelineError as error:
        yield _wrong("mail", f"{error.where}: {error.message}", "mend QUWEN_MAIL_SERVER")
    else:
        yield _ok("mail", f"{server.host}:{server.port} takes mail from us")


def _names(settings: Settings) -> Iterator[Diagnosis]:
    if not settings.contact:
        yield _warning(
            "contact", "publishers cannot tell who reads them", "set QUWEN_CONTACT to an address"
        )
    if settings.tag_authority.startswith("quwen.invalid"):
        yield _warning(
            "feeds",
            "their ids name no authority of yours",
            "set QUWEN_TAG_AUTHORITY once, before others subscribe",
        )


def _ok(about: str, what: str) -> Diagnosis:
    return Diagnosis(about=about, state="ok", what=what)


def _warning(about: str, what: str, advice: str) -> Diagnosis:
    return Diagnosis(about=about, state="warning", what=what, advice=advice)


def _wrong(about: str, what: str, advice: str) -> Diagnosis:
    return Diagnosis(about=about, state="wrong", what=what, advice=advice)
