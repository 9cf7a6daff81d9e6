"""An empty store in a SQLite file, made once in a process: to copy one takes a tenth of making one.

Tests are no package: whoever wants it puts this folder on the module path.
"""

import tempfile
from functools import cache
from pathlib import Path

from pipeline.store import Store


@cache
def _made() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "quwen.db"
        with Store.open(f"sqlite:///{file}"):
            pass
        assert ["quwen.db"] == [x.name for x in file.parent.glob("quwen.db*") if x.stat().st_size]
        return file.read_bytes()


def empty_store(file: Path) -> str:
    """Put an empty store there, with all its tables; its address."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_made())
    return f"sqlite:///{file}"
