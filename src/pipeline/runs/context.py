"""The opened world that runs work in: settings, catalogue, store, archive, network."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock

from pipeline.archive import Archive, open_copies
from pipeline.errors import ConfigError
from pipeline.fetch import Fetcher
from pipeline.fixes import Fixes, fix_files, load_fixes
from pipeline.parse import Topic, own_table, read_table
from pipeline.runs.leases import BusyError, Claim, Leases
from pipeline.settings import Settings, ensure_home, load_settings
from pipeline.sources import Catalogue, load_catalogue
from pipeline.store import Store

__all__ = ["BusyError", "Context", "open_context", "shared_context", "source_lock"]


def utc_now() -> datetime:
    """Return the present instant: the clock of everything outside tests."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything a run needs. Safe to share between threads."""

    settings: Settings
    catalogue: Catalogue
    store: Store
    archive: Archive
    fetcher: Fetcher
    leases: Leases
    clock: Callable[[], datetime]
    stopping: Event = field(default_factory=Event)
    """Set when the process is to end: no request is begun any more."""
    fixes: Fixes = field(default_factory=Fixes)
    broken: tuple[str, ...] = ()
    """What is wrong with the operator's source files: those are left out, or as they were."""


@contextmanager
def open_context(
    settings: Settings, *, clock: Callable[[], datetime] = utc_now
) -> Iterator[Context]:
    """Open everything and close it again.

    A source file that is wrong is left out and told in ``broken``. Raises `ConfigError`
    for settings, home, table of topics and fixes, `StoreError` for the database.
    """
    ensure_home(settings)
    skipped: list[ConfigError] = []
    catalogue = load_catalogue(settings.sources, skipped=skipped)
    topics = load_topics(settings.topics_file)
    fixes = load_fixes(settings.fixes)
    stopping = Event()
    with ExitStack() as stack:
        store = stack.enter_context(
            Store.open(settings.store_url, topics=topics, sources=catalogue.sources)
        )
        yield Context(
            settings=settings,
            catalogue=catalogue,
            store=store,
            archive=stack.enter_context(
                Archive(
                    settings.archive_dir,
                    clock=clock,
                    index=store,
                    copies=open_copies(settings.archive_s3) if settings.archive_s3 else None,
                )
            ),
            fetcher=stack.enter_context(
                Fetcher(
                    user_agent=settings.user_agent,
                    connect_to=settings.connect_to,
                    clock=clock,
                    sleep=lambda seconds: _pause(stopping, seconds),
                )
            ),
            leases=stack.enter_context(closing(Leases(store, clock, stopping.is_set))),
            clock=clock,
            stopping=stopping,
            fixes=fixes,
            broken=tuple(map(str, skipped)),
        )


def load_topics(own: Path | None) -> tuple[Topic, ...]:
    """The shipped table of topics with the operator's laid over it. Raises `ConfigError`."""
    if own is None:
        return own_table()
    try:
        text = own.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"cannot be read: {error}", where=str(own), hint="set QUWEN_TOPICS to a TOML file"
        ) from error
    return read_table(text, where=str(own), over=own_table())


def _pause(stopping: Event, seconds: float) -> None:
    """Sleep, but not on when the process is to end."""
    stopping.wait(seconds)


_shared_lock = Lock()
_contexts: dict[str, tuple[Context, ExitStack, int]] = {}
_read: dict[str, frozenset[tuple[str, int, int]]] = {}
"""The operator's files as they were when each context read them."""


@contextmanager
def shared_context() -> Iterator[Context]:
    """Give all threads of this process one context; the last one out closes it.

    Workers of the engine may be threads or processes: each process opens its own.
    Source files and topics that have changed since are read again; where one of them is
    wrong now, all stay as they were and ``broken`` says why.
    """
    settings = load_settings()
    key = settings.model_dump_json()
    with _shared_lock:
        if key in _contexts:
            context, stack, users = _contexts[key]
            context = _refreshed(context, key)
        else:
            _read[key] = _files(settings)
            stack = ExitStack()
            context, users = stack.enter_context(open_context(settings)), 0
        _contexts[key] = (context, stack, users + 1)
    try:
        yield context
    finally:
        with _shared_lock:
            context, stack, users = _contexts.pop(key)
            if users > 1:
                _contexts[key] = (context, stack, users - 1)
            else:
                stack.close()


def _files(settings: Settings) -> frozenset[tuple[str, int, int]]:
    paths = list(settings.sources.rglob("*.toml")) if settings.sources else []
    if settings.topics_file and settings.topics_file.is_file():
        paths.append(settings.topics_file)
    if settings.fixes:
        paths += [x for x in fix_files(settings.fixes) if x.is_file()]
    stats = [(str(x), x.stat()) for x in paths]
    return frozenset((name, x.st_mtime_ns, x.st_size) for name, x in stats)


def _refreshed(context: Context, key: str) -> Context:
    files = _files(context.settings)
    if files == _read[key]:
        return context
    _read[key] = files
    try:
        catalogue = load_catalogue(context.settings.sources)
        topics = load_topics(context.settings.topics_file)
        fixes = load_fixes(context.settings.fixes)
    except ConfigError as error:
        kept = "sources, topics and fixes stay as they were"
        return replace(context, broken=(f"{error}; {kept}",))
    context.store.index_by(topics, catalogue.sources)
    return replace(context, catalogue=catalogue, fixes=fixes, broken=())


@contextmanager
def source_lock(context: Context, source_id: str) -> Iterator[Claim]:
    """Hold the hosts of a source for one run, on whatever machine it goes.

    Raises `BusyError` at once where another run holds one of them. A host is
    given back with the rest that its source asks for between two requests.
    """
    source = context.catalogue.source(source_id)
    with context.leases.held(
        sorted(f"host {x}" for x in source.hosts),
        what=source_id,
        rest_s=source.rules.delay_s,
    ) as claim:
        try:
            yield claim
        finally:
            context.fetcher.rest(source.hosts)
