"""What is wrong with an installation is named, with what to do; nothing is changed."""

import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import text

from flows.demo.sites import SOURCES
from pipeline.runs.doctor import ENGINE, Diagnosis, examine_installation
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.store.database import writing

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


def look(settings: Settings, now: datetime = NOW, **environment: str) -> list[Diagnosis]:
    return list(examine_installation(settings, now=now, environment=environment))


def about(found: list[Diagnosis], what: str) -> list[tuple[str, str]]:
    return [(x.state, x.what) for x in found if x.about == what]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        home=tmp_path / "home",
        sources=SOURCES,
        contact="https://news.example/",
        tag_authority="news.example,2026",
    )


def test_the_engine_wanted_is_the_one_pinned():
    """A pin that moves without the doctor would make every installation ill."""
    pins = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert f"prefect=={ENGINE}" in pins["project"]["dependencies"]


def test_a_sound_installation_has_nothing_wrong(settings: Settings):
    """After the first run everything is well, and every trouble has advice."""
    with Store.open(settings.store_url):
        pass
    found = look(settings)
    assert {"ok"} == {x.state for x in found if x.about != "disk"}, found
    assert all(bool(x.advice) == (x.state != "ok") for x in found)


def test_looking_makes_nothing(settings: Settings):
    """Not even the home."""
    found = look(settings)
    assert not settings.home.exists()
    assert [("warning", "is not there yet")] == about(found, "database")


@pytest.mark.parametrize(("at", "state"), [("0003", "warning"), ("9999", "wrong")])
def test_the_migration_is_compared(settings: Settings, at: str, state: str):
    """An older database will be migrated; a newer one needs a newer program. Neither is touched."""
    with (
        Store.open(settings.store_url) as store,
        writing(store._do.database) as connection,
    ):
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": at})
    before = (settings.home / "quwen.db").read_bytes()
    ((found, what),) = about(look(settings), "database")
    assert (state, True) == (found, at in what)
    assert before == (settings.home / "quwen.db").read_bytes()


def test_a_database_that_is_none_is_named(settings: Settings):
    """The message of the store, with what to do."""
    settings.home.mkdir()
    (settings.home / "quwen.db").write_bytes(b"no database at all" * 100)
    ((state, what),) = about(look(settings), "database")
    assert ("wrong", True) == (state, "no SQLite database" in what)


def test_a_clock_put_back_is_noticed(settings: Settings):
    """The store remembers a later time than the clock says."""
    with Store.open(settings.store_url) as store:
        store.begin_run("ingest", {}, at=NOW + timedelta(hours=1))
    ((state, what),) = about(look(settings), "clock")
    assert ("warning", True) == (state, "2026-11-20 03:00Z" in what)
    ((state, _),) = about(look(settings, now=datetime(1970, 1, 1, tzinfo=UTC)), "clock")
    assert "wrong" == state


def test_every_wrong_source_file_is_named(settings: Settings, tmp_path: Path):
    """All of them at once, not only the first."""
    folder = tmp_path / "own"
    folder.mkdir()
    for name in ("a.toml", "b.toml"):
        (folder / name).write_text("[place", encoding="utf-8")
    found = about(look(settings.model_copy(update={"sources": folder})), "sources")
    assert ["wrong", "wrong"] == [state for state, _ in found][:2]
    assert {True} == {
        name in what for name, (_, what) in zip(("a.toml", "b.toml"), found, strict=False)
    }


def test_a_home_of_somebody_else_is_noticed(settings: Settings):
    """A file where a folder should be is as bad as a folder of another user."""
    settings.home.mkdir()
    settings.archive_dir.touch()
    ((state, what),) = about(look(settings), "home")
    assert ("wrong", True) == (state, "archive" in what)


@contextmanager
def engine(version: str) -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(200)
            self.send_header("Date", "Fri, 20 Nov 2026 02:10:00 GMT")
            self.end_headers()
            self.wfile.write(f'"{version}"'.encode())

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/api"
        server.shutdown()
        thread.join()


def test_the_engine_is_asked_for_version_and_time(settings: Settings):
    """Another version, another clock, and one that does not answer."""
    with engine(ENGINE) as api:
        found = about(look(settings, PREFECT_API_URL=api), "engine")
        assert ["ok", "warning"] == [state for state, _ in found]
        assert "600 s" in found[1][1]
    with engine("2.20.0") as api:
        assert ("wrong", f"{api} has version 2.20.0") in about(
            look(settings, PREFECT_API_URL=api), "engine"
        )
    ((state, what),) = about(look(settings, PREFECT_API_URL=api), "engine")
    assert ("wrong", True) == (state, "does not answer" in what)


def test_a_mail_server_that_does_not_answer_is_told(settings: Settings):
    """Alarms that nobody hears of are found before they are needed; no password is shown."""
    mail = {"mail_server": "smtp://u:geheim@127.0.0.1:9", "mail_to": ("ops@example.org",)}
    found = look(settings.model_copy(update=mail))
    ((state, what),) = about(found, "mail")
    assert "wrong" == state
    assert "127.0.0.1:9" in what
    assert "geheim" not in str(found)
