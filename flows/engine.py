"""The flow engine's settings, put in place before the engine is imported.

Import this module before ``prefect``. Whatever the operator has set in the
environment stays; the rest keeps the engine quiet, offline and inside the home folder.
"""

import os
import sys

from pipeline.log import set_up_log
from pipeline.settings import ensure_home, load_settings

_DEFAULTS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # DO_NOT_TRACK alone does not stop the server's part
    "PREFECT_LOGGING_LEVEL": "ERROR",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_CLI_COLORS": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",  # a cold start migrates a database
    # One row a write is the engine's default; in batches the server needs a quarter of the time.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
}


def configure() -> None:
    """Set what is not set, and the log up.

    Once the engine is imported it has read its settings: they stay, as in a worker's processes.
    """
    settings = load_settings()
    if settings.log != "off":
        set_up_log(settings.log)
    if "prefect" in sys.modules:
        return
    ensure_home(settings)
    os.environ.setdefault("PREFECT_HOME", str(settings.engine_dir.absolute()))
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)


configure()
