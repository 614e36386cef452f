"""``python -m mpdt.worker.fresh``: describes a fresh import of the plugin, for ``mpdt dev --audit``.

Reads one request from standard input, and writes the description to standard output. What the plugin prints is lost.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> int:
    """Answers one request, in which the core is initialised as in the worker."""
    from mpdt_hooks import oracle

    line = sys.stdin.readline()
    asked = json.loads(line)
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        if asked["core"] == "simulated":
            from mpdt.worker.cores.simulated import core_for

            core_for(Path(asked["root"]), lambda level, logger, message: None).initialize()
        else:
            sys.path.insert(0, str(Path.cwd()))  # a real core's folder: its modules import without it being up
            if asked.get("package"):
                from mpdt.worker.cores.packages import PackageFinder

                sys.meta_path.insert(0, PackageFinder(asked["package"], Path(asked["root"])))
        print(oracle.answer(line), file=answers, flush=True)
    return 0


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    os._exit(status)  # a thread that the plugin started at import may not end
