"""The core's cache: values by key, each for as long as it is to live. Of one version of the plugin."""

from __future__ import annotations

import functools
import hashlib
import inspect
import time
from collections.abc import Callable
from typing import Any

from mpdt.worker.cores.simulated.runtime import kept

LIVES = 300.0  # seconds, where nothing else is said


class MultiLevelCache:
    def __init__(self) -> None:
        self._values: dict[str, tuple[float, Any]] = {}
        self._hits = self._misses = 0

    async def get(self, key: str, loader: Callable[[], Any] | None = None) -> Any:
        """None if it is not there; with a loader, what that gives, kept."""
        ends, value = self._values.get(key, (0.0, None))
        if ends > time.monotonic():
            self._hits += 1
            return value
        self._misses += 1
        if loader is None:
            return None
        loaded = loader()
        loaded = await loaded if inspect.isawaitable(loaded) else loaded
        if loaded is not None:
            await self.set(key, loaded)
        return loaded

    async def set(self, key: str, value: Any, size: int | None = None, ttl: float | None = None) -> None:
        self._values[key] = time.monotonic() + (LIVES if ttl is None else ttl), value

    async def delete(self, key: str) -> None:
        self._values.pop(key, None)

    async def clear(self) -> None:
        self._values.clear()

    async def get_stats(self) -> dict[str, Any]:
        return {"items": len(self._values), "hits": self._hits, "misses": self._misses}


async def get_cache() -> MultiLevelCache:
    return kept(MultiLevelCache)


def short_hash(value: Any) -> str:
    return hashlib.md5(str(value).encode(), usedforsecurity=False).hexdigest()[:8]


def generate_cache_key(key_prefix: str, *args: Any, **kwargs: Any) -> str:
    parts = [key_prefix]
    if args:
        parts.append(f"args:{short_hash(args)}")
    if kwargs:
        parts.append(f"kwargs:{short_hash(sorted(kwargs.items()))}")
    return ":".join(parts)


def cached(
    ttl: int | None = 600, key_prefix: str | None = None, use_args: bool = True, use_kwargs: bool = True
) -> Callable[[Any], Any]:
    """A coroutine function's results are kept, by its arguments."""

    def decorate(function: Any) -> Any:
        prefix = key_prefix or f"{function.__module__}.{function.__qualname__}"

        @functools.wraps(function)
        async def call(*args: Any, **kwargs: Any) -> Any:
            key = generate_cache_key(prefix, *(args if use_args else ()), **(kwargs if use_kwargs else {}))
            cache = await get_cache()
            known = await cache.get(key)
            if known is None:
                known = await function(*args, **kwargs)
                if known is not None:
                    await cache.set(key, known, ttl=ttl)
            return known

        return call

    return decorate
