"""Where the batches of a run are worked on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.demo.sites import SOURCES, SampleServer
from pipeline.store import Store

pytestmark = pytest.mark.engine
ROOT = Path(__file__).resolve().parents[2]


def python(home: Path, code: str, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("QUWEN_", "PREFECT_"))}
    own = {"QUWEN_HOME": str(home), "QUWEN_SOURCES": str(SOURCES), "NO_PROXY": "127.0.0.1"}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=kept | own | settings,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_dask_cluster_without_an_engine_is_refused(tmp_path: Path):
    """Each of its workers would start an engine of its own, and nobody would stop them."""
    code = "import sys\nsys.argv[1:] = ['ingest']\nfrom flows.cli import main\nmain()"
    done = python(tmp_path, code, QUWEN_DASK="tcp://127.0.0.1:9")
    assert 2 == done.returncode, done.stderr
    assert "needs an engine that its workers reach" in done.stderr
    assert "Traceback" not in done.stderr


def test_threads_are_the_default(tmp_path: Path):
    """As many as sources may be read at the same time."""
    code = "from flows.common import task_runner\nprint(type(task_runner()).__name__, task_runner()._max_workers)"
    done = python(tmp_path, code, QUWEN_THREADS="3")
    assert "ThreadPoolTaskRunner 3" == done.stdout.strip(), done.stderr


_ON_DASK = """
from distributed import LocalCluster

if __name__ == "__main__":
    import os
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        os.environ["QUWEN_DASK"] = cluster.scheduler_address
        from flows.up.server import EngineServer, free_port
        from pathlib import Path
        server = EngineServer("127.0.0.1", free_port("127.0.0.1"), log=Path(os.environ["QUWEN_HOME"]) / "log")
        os.environ["PREFECT_API_URL"] = server.api
        import flows.engine
        server.start()
        server.wait()
        try:
            from flows.ingest import ingest
            print(ingest(return_state=True).message)
        finally:
            server.stop()
"""


def test_a_dask_cluster_reads_what_threads_read(tmp_path: Path):
    """Its workers are processes of their own, with the same settings."""
    pytest.importorskip("prefect_dask", reason="the extra [dask] is not installed")
    script = tmp_path / "on_dask.py"
    script.write_text(_ON_DASK, "utf-8")
    code = f"import runpy\nrunpy.run_path({str(script)!r}, run_name='__main__')"
    with SampleServer() as sites:
        to = ",".join(f"{k}={v}" for k, v in sites.connect_to.items())
        done = python(tmp_path / "home", code, QUWEN_CONNECT_TO=to, PYTHONPATH=f"{ROOT}/src:{ROOT}")
    assert 0 == done.returncode, done.stderr[-3000:]
    with Store.open(f"sqlite:///{tmp_path / 'home' / 'quwen.db'}") as store:
        assert store.counts().articles > 30
