"""FastAPI's own memory of endpoints and routers, which would keep those of a version that is gone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from types import CellType, FunctionType, ModuleType
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


def forget_routers(router: Any, is_gone: Callable[[Any], bool]) -> None:
    """What was once included below ``router`` and whose route is gone is let go of.

    FastAPI wraps the lifespans of included routers around each other (``_merge_lifespan_context``), and a server that
    runs is within them until it ends. Each of the default kind gets a router without routes in place of its own.
    """
    pending, seen = [router.lifespan_context], set[int]()
    while pending:
        one = pending.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, FunctionType):
            pending += [cell.cell_contents for cell in one.__closure__ or () if not _is_empty(cell)]
        own: Any = getattr(one, "_router", None)
        if type(one).__name__ == "_DefaultLifespan" and any(map(is_gone, getattr(own, "routes", ()))):
            one._router = type(own)()


def _is_empty(cell: CellType) -> bool:
    return cell == CellType()
