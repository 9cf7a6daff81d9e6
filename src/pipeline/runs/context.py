"""The opened world that runs work in: settings, catalogue, store, archive, network."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from pipeline.archive import Archive
from pipeline.fetch import Fetcher
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


@contextmanager
def open_context(
    settings: Settings, *, clock: Callable[[], datetime] = utc_now
) -> Iterator[Context]:
    """Open everything and close it again.

    Raises `ConfigError` for settings, home and source files, `StoreError` for the database.
    """
    ensure_home(settings)
    catalogue = load_catalogue(settings.sources)
    with ExitStack() as stack:
        store = stack.enter_context(Store.open(settings.store_url))
        yield Context(
            settings=settings,
            catalogue=catalogue,
            store=store,
            archive=stack.enter_context(Archive(settings.archive_dir, clock=clock, index=store)),
            fetcher=stack.enter_context(
                Fetcher(user_agent=settings.user_agent, connect_to=settings.connect_to, clock=clock)
            ),
            leases=stack.enter_context(closing(Leases(store, clock))),
            clock=clock,
        )


_shared_lock = Lock()
_contexts: dict[str, tuple[Context, ExitStack, int]] = {}


@contextmanager
def shared_context() -> Iterator[Context]:
    """Give all threads of this process one context; the last one out closes it.

    Workers of the engine may be threads or processes: each process opens its own.
    """
    settings = load_settings()
    key = settings.model_dump_json()
    with _shared_lock:
        if key in _contexts:
            context, stack, users = _contexts[key]
        else:
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
        yield claim
