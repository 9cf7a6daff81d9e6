"""The store: articles, revisions and everything a run has to remember, in SQL."""

from pipeline.store.inspection import Inspected, inspect_database
from pipeline.store.rechecks import Recheck, Rechecks
from pipeline.store.schema import DAY_COUNTS
from pipeline.store.store import Store
from pipeline.store.upkeep import Alarm, AlarmState, ColumnDay, Lease, Planned, Upkeep
from pipeline.store.values import (
    Applied,
    BackfillState,
    ColumnStatus,
    Copy,
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
    Subject,
    SubjectKind,
    Withheld,
)

__all__ = [
    "DAY_COUNTS",
    "Alarm",
    "AlarmState",
    "Applied",
    "BackfillState",
    "ColumnDay",
    "ColumnStatus",
    "Copy",
    "Counts",
    "Entry",
    "Hit",
    "Hold",
    "Inspected",
    "Lease",
    "Listed",
    "Marked",
    "Planned",
    "Quarantined",
    "Recheck",
    "Rechecks",
    "Revision",
    "Run",
    "RunState",
    "SourceStatus",
    "Store",
    "StoredCapture",
    "StoredValidators",
    "Subject",
    "SubjectKind",
    "Upkeep",
    "Withheld",
    "inspect_database",
]
