"""Runs the command line as a user does: a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

sys.path.append(str(Path(__file__).resolve().parents[1]))  # for engines.py

from engines import engine_database, give_engine

from flows.cli import cli
from pipeline import runs
from pipeline.settings import Settings

__all__ = ["engine_database"]

ROOT = Path(__file__).resolve().parents[2]
Quwen = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def engine_home(tmp_path: Path, engine_database: Path) -> Path:
    """The home of `quwen`, where the engine has run before."""
    give_engine(tmp_path / "var", engine_database)
    return tmp_path / "var"


@pytest.fixture
def publish(tmp_path: Path) -> Callable[..., None]:
    """Publishes from that home as the flow does, without the engine."""

    def run(**settings: Any) -> None:
        with runs.open_context(Settings(home=tmp_path / "var", **settings)) as context:
            runs.publish(context)

    return run


@pytest.fixture
def quwen_within(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Quwen:
    """Runs ``quwen`` in the tests' own process, for dozens of tests of one command."""

    def run(
        *args: str | Path, env: dict[str, str] | None = None, stdin: bytes = b""
    ) -> subprocess.CompletedProcess[str]:
        unset = {k: None for k in os.environ if k.startswith(("QUWEN_", "PREFECT_"))}
        own = unset | {"QUWEN_HOME": str(tmp_path / "var")} | (env or {})
        monkeypatch.chdir(ROOT)
        words = [*map(str, args)]
        done = CliRunner().invoke(cli, words, input=stdin, env=own, prog_name="quwen")
        return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture
def quwen(tmp_path: Path) -> Quwen:
    """Runs ``quwen`` with arguments; its home lies in the test's folder unless ``env`` says otherwise."""

    def run(
        *args: str | Path, env: dict[str, str] | None = None, stdin: bytes = b"", timeout: int = 180
    ) -> subprocess.CompletedProcess[str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("QUWEN_", "PREFECT_"))}
        done = subprocess.run(
            [sys.executable, "-m", "flows.cli", *map(str, args)],
            cwd=ROOT,
            env=kept | {"QUWEN_HOME": str(tmp_path / "var")} | (env or {}),
            input=stdin,
            capture_output=True,
            timeout=timeout,
            check=False,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return run
