"""The flow engine's database, made once in a test run: that takes longer than most of what is done with it.

Tests are no package: whoever wants it puts this folder on the module path.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[1]

_MAKE = """
import asyncio
import flows.engine
from prefect.server.database import provide_database_interface
asyncio.run(provide_database_interface().create_db())
"""


@pytest.fixture(scope="session")
def engine_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An engine's database as it is before the first run; all workers of a test run share it."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if os.environ.get("PYTEST_XDIST_WORKER") else folder
    made = folder / "engine" / "prefect" / "prefect.db"
    with FileLock(folder / "engine.lock"):
        if not made.exists():
            home = tmp_path_factory.mktemp("engine-made")
            kept = {k: v for k, v in os.environ.items() if not k.startswith(("QUWEN_", "PREFECT_"))}
            subprocess.run(
                [sys.executable, "-c", _MAKE],
                cwd=ROOT,
                env=kept | {"QUWEN_HOME": str(home)},
                capture_output=True,
                timeout=180,
                check=True,
            )
            made.parent.parent.mkdir()
            (home / "prefect").rename(made.parent)
    return made


def give_engine(home: Path, database: Path) -> None:
    """Put the engine's database into a home, so that its server starts without making one."""
    (home / "prefect").mkdir(parents=True)
    shutil.copy(database, home / "prefect" / "prefect.db")
