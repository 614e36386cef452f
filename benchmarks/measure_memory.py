"""A child: what is in memory after a package's import, with or without the engine; or after many patches."""

from __future__ import annotations

import gc
import importlib
import os
import sys
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

from benchmarks import programs
from benchmarks.children import answer, parameters
from benchmarks.contestants import start


def resident() -> int:
    """Bytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def traced() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def after_import(asked: dict[str, Any]) -> dict[str, Any]:
    """Bytes allocated after the import; with the engine also when it is warm, and when each file was edited."""
    folder = Path(asked["folder"])
    sys.path.insert(0, str(folder.parent))
    reloader: Any = None
    if asked["engine"]:
        from mpdt_hooks import LiveReloader

        reloader = LiveReloader(folder, cache=Path(asked["cache"]))
        reloader.install()
    tracemalloc.start()
    importlib.import_module(folder.name)
    found = {"imported": traced()}
    if reloader is not None:
        reloader.warm()
        found["warm"] = traced()
        edited = []
        for number, path in enumerate(sorted(folder.glob("m*.py"))):
            path.write_text(path.read_text(encoding="utf-8").replace("answer = ", f"answer = {number} + "))
            edited.append(path)
            outcome = str(reloader.refresh([path]).outcome)
            assert outcome == "patched", outcome
        found["edited"] = traced()
    return found


def after_patches(asked: dict[str, Any]) -> dict[str, Any]:
    """Growth of the process over that many patches of one function, each verified."""
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base).resolve() / "tracked"
        folder.mkdir()
        path = folder / "program.py"
        path.write_text(programs.answering(10, 0), encoding="utf-8")
        contestant = start(asked["contestant"], folder, ["program"])
        module = sys.modules["program"]
        first, live = 0, 0
        for number in range(1, asked["patches"] + asked["warm_up"] + 1):
            if number == asked["warm_up"] + 1:
                gc.collect()
                first = resident()
            path.write_text(programs.answering(10, number), encoding="utf-8")
            contestant.refresh([path])
            live += module.f0() == number
        gc.collect()
        return {"grown": resident() - first, "live": live, "of": asked["patches"] + asked["warm_up"]}


def main() -> None:
    asked = parameters()
    answer(after_patches(asked) if "patches" in asked else after_import(asked))


if __name__ == "__main__":
    main()
