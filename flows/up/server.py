"""The engine's server as a child process."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from flows.up.forked import Forked, can_fork
from pipeline.errors import ConfigError, PipelineError

START_S = 120.0  # a cold start makes a database; measured 5 to 15 s on an idle machine
_STOP_S = 15.0
_KEEP_ALIVE_S = 5
_APP = "prefect.server.api.server:create_app"


class EngineServer:
    """The server of the flow engine on *host* and *port*; what it says goes to *log*.

    Its settings are those of the environment, see `flows.engine`. Started by a process
    without threads it shares with it what that has imported: some fifty megabytes where
    that is what a tick needs.
    """

    def __init__(self, host: str, port: int, *, log: Path) -> None:
        self.host = host
        self.port = port
        self._log = log
        self._process: subprocess.Popen[bytes] | Forked | None = None

    @property
    def address(self) -> str:
        """Its address for people."""
        return f"http://{shown(reached(self.host))}:{self.port}"

    @property
    def api(self) -> str:
        """Its address for programs."""
        return f"{self.address}/api"

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, without waiting. Raises `ConfigError` where the port is taken."""
        check_free(self.host, self.port)
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._process = self._copied() if can_fork() else self._anew()

    def _copied(self) -> Forked:
        """Start it as a copy of this process."""
        if _lacks_database():
            # What makes the database needs thirty megabytes that a server would keep
            maker = Forked(_make_database, log=self._log)
            with contextlib.suppress(subprocess.TimeoutExpired):
                maker.wait(START_S)
            maker.kill()  # what it has not made, the server makes
        return Forked(self._serve, log=self._log)

    def _serve(self) -> None:
        import uvicorn  # noqa: PLC0415 - in the copy

        Path("/proc/self/comm").write_text("quwen engine", "ascii")  # for ps and top
        uvicorn.run(
            _APP,
            factory=True,
            host=self.host,
            port=self.port,
            log_level="error",
            timeout_keep_alive=_KEEP_ALIVE_S,
        )

    def _anew(self) -> subprocess.Popen[bytes]:
        """Start it as a program of its own."""
        command = [
            *(sys.executable, "-m", "flows.up.bound", str(os.getpid())),
            *(sys.executable, "-m", "uvicorn", "--factory", _APP),
            *("--app-dir", "", "--host", self.host, "--port", str(self.port)),
            *("--log-level", "error", "--timeout-keep-alive", str(_KEEP_ALIVE_S)),
        ]
        with self._log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own command
                command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for us; we stop it when the work is put away
            )

    def wait(self) -> None:
        """Wait until it answers. Raises `PipelineError` where it ends or takes minutes."""
        ends = time.monotonic() + START_S
        while time.monotonic() < ends:
            if not self.alive:
                break
            if answers(self.api):
                return
            time.sleep(0.2)
        self.stop()
        raise PipelineError(
            "the engine's server did not start", where=self.address, hint=f"see {self._log}"
        )

    def stop(self) -> None:
        """Stop it; after some seconds by force."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _lacks_database() -> bool:
    """Whether the engine has no database yet, where that is a file."""
    from prefect.settings import get_current_settings  # noqa: PLC0415 - heavy, and set up by now
    from sqlalchemy import make_url  # noqa: PLC0415

    address = get_current_settings().server.database.connection_url
    if address is None:
        return False
    url = make_url(address.get_secret_value())
    return url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file()


def _make_database() -> None:
    from prefect.server.database import provide_database_interface  # noqa: PLC0415

    asyncio.run(provide_database_interface().create_db())


def answers(api: str) -> bool:
    """Whether an engine's server is well."""
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=2) as answer:  # noqa: S310 - http only
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def check_engine(*, patience_s: float = 10.0) -> None:
    """Raise `PipelineError` where PREFECT_API_URL names an engine that does not answer.

    One that is busy, or restarts, has *patience_s* seconds.
    """
    api = os.environ.get("PREFECT_API_URL")
    ends = time.monotonic() + patience_s
    while api and not answers(api):
        if time.monotonic() > ends:
            raise PipelineError(
                "no engine answers",
                where=api,
                hint="start it, or unset PREFECT_API_URL to have one started here",
            )
        time.sleep(0.5)


def check_free(host: str, port: int) -> None:
    """Raise `ConfigError` where nothing can listen at an address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except (OSError, OverflowError) as error:
        raise ConfigError(
            f"cannot be listened at: {error}",
            where=f"{host}:{port}",
            hint="choose another port, or stop what uses this one",
        ) from error


def free_port(host: str) -> int:
    """Return a port that nothing listens at."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as probe:
        return int(probe.getsockname()[1])


def reached(host: str) -> str:
    """Return where what listens at *host* is reached from here: every address is no address."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound


def shown(host: str) -> str:
    """Return a host as addresses write it."""
    return f"[{host}]" if ":" in host else host
