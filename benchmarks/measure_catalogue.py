"""A child: one contestant, one edit of the catalogue; what is live afterwards against a fresh interpreter.

The fresh interpreter and the description of both sides are those of the engine's oracle, which knows no contestant.
"""

from __future__ import annotations

import sys
import tempfile
import time
import types
from pathlib import Path
from typing import Any

from benchmarks.catalogue import EDITS, MODULES, Files
from benchmarks.children import answer, parameters
from benchmarks.contestants import Refused, Rejected, start

# What only a traceback, a debugger or a profiler shows.
SHOWN = ("co_firstlineno", "co_linetable", "co_qualname", "__firstlineno__")
KEPT = ("app:state", "app:cache", "app:pets", "app:origin", "app:add_five")


def write(folder: Path, files: Files, before: Files) -> list[Path]:
    changed = [folder / name for name, source in files.items() if before.get(name) != source]
    for path in changed:
        path.write_text(files[path.name], encoding="utf-8")
    return changed


def identities() -> dict[str, int]:
    """The module-level objects and definitions of the program by place."""
    found = {}
    for module in MODULES:
        for name, value in vars(sys.modules[module]).items():
            if isinstance(value, types.FunctionType | type | dict | list) and not name.startswith("__"):
                if getattr(value, "__module__", module) == module:
                    found[f"{module}:{name}"] = id(value)
            elif f"{module}:{name}" in KEPT:
                found[f"{module}:{name}"] = id(value)
    return found


def verdict(
    folder: Path, broken: bool, error: str | None, refused: bool, before: Any, already: frozenset[str]
) -> tuple[str, str]:
    """One word, and the first difference."""
    from mpdt_hooks import oracle

    live = oracle.describe(folder)
    if refused or broken:
        parted = oracle.differences(live, before)
        if parted:
            return ("wrong" if refused else "half applied"), parted[0]
        return ("refused" if refused else "kept"), ""
    parted = oracle.differences(live, oracle.fresh(folder, MODULES))
    if error is not None:
        return "raised", error
    parted = tuple(one for one in parted if one.partition(": live ")[0] not in already)
    if not parted:
        return "right", ""
    deeper = [one for one in parted if not any(name in one.partition(": live ")[0] for name in SHOWN)]
    return ("wrong", deeper[0]) if deeper else ("but for tracebacks", parted[0])


def places_that_differ(folder: Path) -> frozenset[str]:
    """Where the program differs from a fresh one before any edit: the contestant's own kind of module, say."""
    from mpdt_hooks import oracle

    parted = oracle.differences(oracle.describe(folder), oracle.fresh(folder, MODULES))
    return frozenset(one.partition(": live ")[0] for one in parted)


def main() -> None:
    asked = parameters()
    wanted = next(one for one in EDITS if one.name == asked["edit"])
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base).resolve() / "tracked"
        folder.mkdir()
        write(folder, wanted.base, {})
        contestant = start(asked["contestant"], folder, MODULES)
        from mpdt_hooks import oracle

        already = places_that_differ(folder)
        ids, before = identities(), oracle.describe(folder)
        kept_alive = [vars(sys.modules[place.partition(":")[0]])[place.partition(":")[2]] for place in ids]
        changed = write(folder, wanted.after(), wanted.base)
        error, refused = None, False
        began = time.perf_counter()
        try:
            contestant.refresh(changed)
        except Refused as refusal:
            error, refused = str(refusal), True
        except Rejected as rejection:
            error = str(rejection)
        except BaseException as raised:  # noqa: BLE001 - a contestant may let through whatever the program raises
            error = f"{type(raised).__name__}: {raised}"
        took = time.perf_counter() - began
        word, detail = verdict(folder, wanted.broken, error, refused, before, already)
        now = identities()
        same = sum(now.get(place) == one for place, one in ids.items() if place in now)
        stayed = sum(place in now for place in ids)
        del kept_alive
        result = {"verdict": word, "detail": detail or error, "ms": took * 1000, "same": same, "stayed": stayed}
        answer({"contestant": asked["contestant"], "edit": wanted.name, **result})


if __name__ == "__main__":
    main()
