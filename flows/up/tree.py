"""The process tree of `quwen up`: who is started when, and stopped in which order."""

import contextlib
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import uvicorn
from filelock import FileLock, Timeout
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from flows.up.bound import give_back
from flows.up.notify import notify
from flows.up.server import EngineServer, check_engine, free_port, reached, shown
from pipeline import runs
from pipeline.errors import ConfigError, PipelineError
from pipeline.metrics import MEDIA_TYPE, render_metrics
from pipeline.publish import FeedDocument
from pipeline.publish.serve import make_app
from pipeline.settings import Settings

log = logging.getLogger("quwen.up")

_CONTEXT_LASTS_S = 12 * 3600.0  # then robots.txt is read again (RFC 9309: within a day)
_RESTART_S = 5.0
_PATIENCE_S = 60.0  # with an engine or a database of another machine, which may start as we do
_ROUNDS_AN_OFFER = 30  # a minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where to listen; port 0 takes a free one."""

    host: str
    port: int
    engine_host: str
    engine_port: int


def up(settings: Settings, places: Places, *, say: Callable[[str], None]) -> None:
    """Run everything until SIGTERM or SIGINT; *say* hears the three addresses.

    An engine named by PREFECT_API_URL is used, else one is started. Raises
    `ConfigError` where another `quwen up` has this home or a port is taken, `PipelineError`
    where engine or database cannot be had at the start; what goes away later is waited for.
    """
    stop = threading.Event()
    for which in (signal.SIGTERM, signal.SIGINT):
        signal.signal(which, lambda *_: stop.set())
    with ExitStack() as stack:
        stack.enter_context(_alone(settings))
        server = _engine(settings, places)
        listener = stack.enter_context(_listener(places.host, places.port))
        if server is not None:
            _load()
            stack.callback(server.stop)
            server.start()  # before there are threads
        site = stack.enter_context(_site(settings, places.host, listener))
        if server is not None:
            server.wait()
        api = os.environ["PREFECT_API_URL"]
        say(f"news and feeds   {site}")
        say(f"metrics          {site}metrics")
        say(f"flow engine      {api.removesuffix('/api')}")
        notify("READY=1")
        began, is_up = time.monotonic(), False
        while not stop.is_set():
            try:
                _work(settings, server, api, stop)
                is_up = True
            except PipelineError as error:
                if not (is_up or (_may_come(settings) and time.monotonic() - began < _PATIENCE_S)):
                    raise
                log.error("%s", error)
                notify("WATCHDOG=1")
                stop.wait(_RESTART_S)


def _may_come(settings: Settings) -> bool:
    """Whether a database that cannot be had may be on its way up: one that is a server."""
    return not settings.store_url.startswith("sqlite")


def _engine(settings: Settings, places: Places) -> EngineServer | None:
    """The engine to start, its settings in the environment; None where one is named."""
    if os.environ.get("PREFECT_API_URL"):
        check_engine(patience_s=_PATIENCE_S)
        return None
    port = places.engine_port or free_port(places.engine_host)
    server = EngineServer(places.engine_host, port, log=settings.home / "engine.log")
    days = settings.keep_engine_days
    os.environ |= {
        "PREFECT_API_URL": server.api,
        "PREFECT_SERVER_API_HOST": places.engine_host,
        "PREFECT_SERVER_API_PORT": str(port),
    }
    for name, value in {
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": f"P{days}D",
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": f"P{min(days, 7)}D",
        # Its pages ask the address they came from: it may be a container's, or behind a proxy
        "PREFECT_UI_API_URL": "/api",
    }.items():
        os.environ.setdefault(name, value)
    return server


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    lock = FileLock(settings.home / "up.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ConfigError(
            "another quwen up runs with this home",
            where=str(settings.home),
            hint="stop it, or set QUWEN_HOME",
        ) from error
    try:
        yield
    finally:
        lock.release()


def _load() -> None:
    """Import what ticks need: the engine's server shares it with us, and need not load it."""
    import flows.automations  # noqa: PLC0415 - after the engine's settings
    import flows.up.runner  # noqa: F401, PLC0415


@contextmanager
def _listener(host: str, port: int) -> Iterator[socket.socket]:
    """The socket of the site. Raises `ConfigError` where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise ConfigError(
            f"cannot be listened at: {error}", where=f"{host}:{port}", hint="choose another --port"
        ) from error
    with listener:
        yield listener


@contextmanager
def _site(settings: Settings, host: str, listener: socket.socket) -> Iterator[str]:
    """Serve the published tree and the metrics while the context lasts; yields the address."""
    config = uvicorn.Config(
        site_app(settings), log_level="warning", access_log=False, server_header=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="site")
    thread.start()
    try:
        yield f"http://{shown(reached(host))}:{listener.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join(10)


class _Search:
    """Feeds of searches, from the store that this process shares."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def find(self, query: str, *, source: str | None = None) -> FeedDocument:
        """The feed of what contains all words of *query*."""
        with runs.shared_context() as context:
            feeds = runs.search_feeds(context.store, context.catalogue, self._settings)
            return feeds.find(query, source=source)


def site_app(settings: Settings) -> Starlette:
    """Return the application: the published tree, and ``/metrics`` for Prometheus."""
    settings.public_dir.mkdir(parents=True, exist_ok=True)

    def metrics(request: Request) -> Response:
        del request
        with runs.shared_context() as context:
            text = render_metrics(context.store, now=context.clock())
        return PlainTextResponse(text, media_type=MEDIA_TYPE)

    tree = Mount("/", app=make_app(settings.public_dir, _Search(settings)))
    return Starlette(routes=[Route("/metrics", metrics), tree])


def _work(settings: Settings, server: EngineServer | None, api: str, stop: threading.Event) -> None:
    """Run what is scheduled until told to stop, or until the context has grown old."""
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - after its settings

    from flows.automations import register_automations  # noqa: PLC0415
    from flows.up.deployed import register  # noqa: PLC0415
    from flows.up.runner import AWAY, POLL_S, Runner  # noqa: PLC0415

    began = time.monotonic()
    with runs.shared_context() as context, get_client(sync_client=True) as client:
        if not (settings.public_dir / "index.html").is_file():
            try:
                runs.publish(context, thorough=True, stopping=stop.is_set)
            except runs.PublishStopped:
                return
            give_back()
        offered = _sources()
        if not any(x.verified for x in context.catalogue.sources):
            log.warning(
                "no source is marked verified = true, so nothing is read; mark some with quwen "
                "sources verify: files are read again while this runs"
            )
        try:
            numbers = register(client, tick=settings.tick, sources=offered)
            runner = Runner(client, numbers, api)
            register_automations(client, settings)
            runner.take_over()
            runner.start_now("ingest/scheduled")
        except AWAY as error:
            _away(api, error)
            _restart(server, stop)
            return
        rounds = 0
        while not stop.is_set() and time.monotonic() - began < _CONTEXT_LASTS_S:
            rounds += 1
            try:
                runner.round()
                if rounds % _ROUNDS_AN_OFFER == 0 and offered != (offered := _sources()):
                    register(client, tick=settings.tick, sources=offered)
            except AWAY as error:
                _away(api, error)
                _restart(server, stop)
            except PipelineError as error:  # the database may be away as well
                log.error("%s", error)
            notify("WATCHDOG=1")
            stop.wait(POLL_S)
        if stop.is_set():
            notify("STOPPING=1")
        context.stopping.set()
        with contextlib.suppress(*AWAY):
            runner.stop()


def _sources() -> tuple[str, ...]:
    """What the engine's forms offer: the sources as their files are now."""
    with runs.shared_context() as context:
        return tuple(sorted(x.id for x in context.catalogue.sources))


def _away(api: str, error: Exception) -> None:
    log.error("the engine at %s cannot be reached: %s", api, error)


def _restart(server: EngineServer | None, stop: threading.Event) -> None:
    """Start the engine's server again where it has ended; else it may come back by itself."""
    stop.wait(_RESTART_S)
    if server is None or server.alive or stop.is_set():
        return
    log.error("the engine's server has ended and is started again")
    try:
        server.start()
        server.wait()
    except PipelineError as error:
        log.error("%s", error)
