"""The store: articles, revisions and everything a run has to remember, in SQL."""

from pipeline.store.store import Store
from pipeline.store.values import (
    Applied,
    BackfillState,
    ColumnStatus,
    Counts,
    Entry,
    Hit,
    Hold,
    Listed,
    Marked,
    Quarantined,
    Revision,
    Run,
    RunState,
    SourceStatus,
    StoredCapture,
    StoredValidators,
)

__all__ = [
    "Applied",
    "BackfillState",
    "ColumnStatus",
    "Counts",
    "Entry",
    "Hit",
    "Hold",
    "Listed",
    "Marked",
    "Quarantined",
    "Revision",
    "Run",
    "RunState",
    "SourceStatus",
    "Store",
    "StoredCapture",
    "StoredValidators",
]
