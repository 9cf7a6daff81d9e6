"""Memory of what was rendered, within a limit: entries stand in many feeds and on many pages."""

import contextlib
from collections.abc import Callable, Hashable, Iterator
from threading import Lock
from typing import Any, ParamSpec, Protocol, TypeVar

from cachetools import LRUCache, cached

_BYTES = 32_000_000
"""For each function; what was not asked for longest goes."""
_BESIDES = 400  # bytes of a key and its place, roughly

P = ParamSpec("P")
T = TypeVar("T")


class _Decorator(Protocol):
    def __call__(self, function: Callable[P, T], /) -> Callable[P, T]: ...


_caches: list[tuple[LRUCache[Hashable, Any], Lock]] = []


def kept(size: Callable[[Any], int]) -> _Decorator:
    """A decorator: what a pure function gave for hashable values is kept; *size* is in bytes."""
    cache: LRUCache[Hashable, Any] = LRUCache(_BYTES, getsizeof=lambda x: size(x) + _BESIDES)
    lock = Lock()
    _caches.append((cache, lock))

    def decorate(function: Callable[P, T], /) -> Callable[P, T]:
        return cached(cache, lock=lock)(function)

    return decorate


@contextlib.contextmanager
def forgetting() -> Iterator[None]:
    """Give the memory back afterwards."""
    try:
        yield
    finally:
        for cache, lock in _caches:
            with lock:
                cache.clear()
