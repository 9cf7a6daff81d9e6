"""Memory of what was rendered, within a limit: entries stand in many feeds and on many pages."""

import contextlib
import sys
from collections.abc import Callable, Hashable, Iterator
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, Protocol, TypeVar

from cachetools import LRUCache

_BYTES = 8_000_000
"""For all functions together; what was not asked for longest goes. Feeds of one place are
written one after the other, so that more saves little …"""
_WHOLE = 32_000_000
"""… except where everything is written."""
_BESIDES = 400  # bytes of a key and its place, roughly

P = ParamSpec("P")
T = TypeVar("T")


class _Decorator(Protocol):
    def __call__(self, function: Callable[P, T], /) -> Callable[P, T]: ...


_cache: LRUCache[Hashable, tuple[int, Any]] = LRUCache(_BYTES, getsizeof=lambda x: x[0])
_lock = Lock()


def kept(size: Callable[[Any], int] = sys.getsizeof) -> _Decorator:
    """A decorator: what a pure function gave for hashable values is kept; *size* is in bytes."""

    def decorate(function: Callable[P, T], /) -> Callable[P, T]:
        @wraps(function)
        def found(*args: P.args, **kwargs: P.kwargs) -> T:
            key = (function, args, *kwargs.items())
            with _lock:
                known = _cache.get(key)
            if known is None:
                value = function(*args, **kwargs)
                known = (size(value) + _BESIDES, value)
                if known[0] < _BYTES // 8:
                    with _lock:
                        _cache[key] = known
            result: T = known[1]
            return result

        return found

    return decorate


def forget(*, is_whole: bool = False) -> None:
    """Give the memory back; *is_whole*: everything is written from now on, which takes more."""
    global _cache  # noqa: PLW0603 - one for the process, as what it holds is the same for all
    with _lock:
        _cache = LRUCache(_WHOLE if is_whole else _BYTES, getsizeof=lambda x: x[0])


@contextlib.contextmanager
def forgetting() -> Iterator[None]:
    """Give the memory back afterwards."""
    try:
        yield
    finally:
        forget()
