"""FastAPI's own memory of endpoints, which would keep those of a version that is gone."""

from __future__ import annotations

import sys
from functools import cache
from types import ModuleType
from typing import Any


@cache
def caches_of_fastapi() -> tuple[Any, ...]:
    """Functions of FastAPI that remember the endpoints they were asked about, and so keep the old ones."""
    found: dict[int, Any] = {}
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("fastapi", "starlette") and isinstance(module, ModuleType):
            for value in list(vars(module).values()):
                if callable(getattr(value, "cache_clear", None)):
                    found[id(value)] = value
    return tuple(found.values())


def forget_endpoints() -> None:
    for one in caches_of_fastapi():
        one.cache_clear()
