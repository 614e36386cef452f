"""A child: one contestant, one kind of edit, many times; each ``refresh()`` beside a ``compile()`` of the same file.

Every edit is verified in the live process: a function's answer, or its first line. One that is not is not timed.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import programs
from benchmarks.children import answer, parameters
from benchmarks.contestants import Contestant, Refused, Rejected, start

MODULE = "program"


def edit_source(kind: str, functions: int, number: int) -> str:
    return programs.answering(functions, number) if kind == "body" else programs.moved(functions, number)


def is_live(kind: str, functions: int, number: int) -> bool:
    """Does the live program have this edit?"""
    module = sys.modules[MODULE]
    if kind == "body":
        return bool(module.f0() == number)
    last = getattr(module, f"f{functions - 1}")
    return bool(last.__code__.co_firstlineno == (functions - 1) * programs.LINES_EACH + 1 + number)


def one(contestant: Contestant, path: Path, source: str, live: Callable[[], bool]) -> dict[str, Any]:
    """One save: refresh and compile in ms, and whether the edit is live afterwards."""
    path.write_text(source, encoding="utf-8")
    error = None
    began = time.perf_counter()
    try:
        contestant.refresh([path])
    except (Refused, Rejected) as refusal:
        error = str(refusal)
    is_there = live()  # inside the time: hmr works when the new answer is asked for, and not before
    took = time.perf_counter() - began
    began = time.perf_counter()
    compile(source, str(path), "exec", dont_inherit=True)
    compiled = time.perf_counter() - began
    report = getattr(contestant, "report", None)
    timings = {} if report is None else dict(report.timings)
    return {"refresh": took * 1000, "compile": compiled * 1000, "live": is_there, "error": error, "phases": timings}


def series(contestant: Contestant, path: Path, kind: str, functions: int, first: int, count: int) -> list[Any]:
    return [
        one(
            contestant,
            path,
            edit_source(kind, functions, number),
            lambda number=number: is_live(kind, functions, number),  # type: ignore[misc]
        )
        for number in range(first, first + count)
    ]


def ballast(objects: int) -> list[list[int]]:
    """That many objects which the garbage collector knows."""
    gc.disable()
    try:
        return [[n] for n in range(objects)]
    finally:
        gc.enable()


def main() -> None:
    asked = parameters()
    kind, functions, repeats = asked["kind"], asked["functions"], asked["repeats"]
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base).resolve() / "tracked"
        folder.mkdir()
        path = folder / f"{MODULE}.py"
        path.write_text(edit_source(kind, functions, 0), encoding="utf-8")
        contestant = start(asked["contestant"], folder, [MODULE])
        small = ballast(50_000)
        series(contestant, path, kind, functions, 1, asked["warm_up"])
        found: dict[str, Any] = {"small": [], "big": []}
        number = 1 + asked["warm_up"]
        for _ in range(asked.get("rounds", 1)):
            found["small"] += series(contestant, path, kind, functions, number, repeats)
            number += repeats
            if asked.get("heap"):
                kept = ballast(asked["heap"])
                found["big"] += series(contestant, path, kind, functions, number, asked.get("heap_repeats", repeats))
                number += repeats
                del kept
        del small
        answer(found)


if __name__ == "__main__":
    main()
