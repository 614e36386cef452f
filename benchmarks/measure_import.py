"""A child: how long a package of many modules takes to import, with or without the finder; caches are warm."""

from __future__ import annotations

import importlib
import sys
import time
from pathlib import Path

from benchmarks.children import answer, parameters


def main() -> None:
    asked = parameters()
    folder = Path(asked["folder"])
    sys.path.insert(0, str(folder.parent))
    if asked["finder"]:
        from mpdt_hooks import LiveReloader

        reloader = LiveReloader(folder, cache=Path(asked["cache"]))
        reloader.install()
    began, worked = time.perf_counter(), time.process_time()
    importlib.import_module(folder.name)
    took, worked = time.perf_counter() - began, time.process_time() - worked
    loaded = sum(1 for name in sys.modules if name.startswith(f"{folder.name}."))
    answer(
        {
            "ms": worked * 1000,
            "wall": took * 1000,
            "modules": loaded,
            "tracked": len(reloader.modules()) if asked["finder"] else 0,
        }
    )


if __name__ == "__main__":
    main()
