"""Polite, bounded requests to the sources' hosts, and to nothing else."""

from pipeline.fetch.http import Fetcher
from pipeline.fetch.outcomes import (
    Blocked,
    Deferred,
    Disallowed,
    Fetched,
    Gone,
    NotModified,
    Outcome,
    Validators,
)

__all__ = [
    "Blocked",
    "Deferred",
    "Disallowed",
    "Fetched",
    "Fetcher",
    "Gone",
    "NotModified",
    "Outcome",
    "Validators",
]
