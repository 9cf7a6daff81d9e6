"""What went into a page the last time: one that shows the same again need not be rendered."""

import hashlib
from collections.abc import Mapping
from typing import Any


class Marks:
    """Goes on from what `state` gave the run before.

    *fingerprint* stands for what goes into all pages: templates, and the catalogue.
    """

    def __init__(self, state: Any, fingerprint: str) -> None:
        self._old: Mapping[str, Any] = state if isinstance(state, Mapping) else {}
        self._fingerprint = fingerprint
        self._new: dict[str, str] = {}

    def is_same(self, name: str, values: object) -> bool:
        """Whether a page shows what it did: *values*, plain ones, are all that differs in it."""
        told = repr((self._fingerprint, values)).encode()
        self._new[name] = hashlib.sha256(told).hexdigest()[:16]
        return self._old.get(name) == self._new[name]

    def state(self) -> dict[str, str]:
        """Plain values to be remembered."""
        return self._new
