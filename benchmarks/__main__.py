"""``python -m benchmarks``: save-to-live, the engine's ratios, and the comparison; results as Markdown and JSON."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import compare, ratios, results
from benchmarks.catalogue import EDITS
from benchmarks.contestants import NAMES, missing
from benchmarks.peers import default_folder, run_with_peers
from benchmarks.save_to_live import measure_saves

PARTS = ("saves", "ratios", "compare")


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", default=",".join(PARTS), help="parts, with commas between: saves,ratios,compare")
    parser.add_argument("--quick", action="store_true", help="few repeats: does it work here?")
    parser.add_argument(
        "--peers",
        nargs="?",
        const=str(default_folder()),
        metavar="FOLDER",
        help="install the other tools into a virtual environment (in the user's cache), and measure there",
    )
    parser.add_argument("--output", type=Path, default=results.DOCUMENT.parent, help="where RESULTS.md is written")
    return parser


def tell(step: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {step}", file=sys.stderr, flush=True)


def measure(parts: list[str], output: Path, *, quick: bool) -> dict[str, Any]:
    """Each part's results are written when it is done."""
    from mpdt.bench.machine import this_machine

    found: dict[str, Any] = {"machine": this_machine().to_json(), "quick": quick, "load": {}}
    for part in PARTS:
        if part in parts:
            found[part] = MEASURE[part](quick)
            # Of the last minute; above the number of cores, others were waiting for the machine as well.
            found["load"][part] = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
            results.update(output, found)
    return found


def saves(quick: bool) -> list[dict[str, Any]]:
    return measure_saves(*((6, 3) if quick else (200, 5)), tell)


def engine(quick: bool) -> list[dict[str, Any]]:
    return [row.to_json() for row in ratios.measure_ratios(ratios.QUICK if quick else ratios.FULL, tell)]


def comparison(quick: bool) -> list[dict[str, Any]]:
    return [standing.to_json() for standing in compare.compare(tell, EDITS[::8] if quick else EDITS)]


MEASURE = {"saves": saves, "ratios": engine, "compare": comparison}


def main() -> int:
    asked = arguments().parse_args()
    parts = asked.only.split(",")
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        print(f"There is no part {unknown[0]!r}; there are {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    output = asked.output.absolute()
    if asked.peers is not None:
        rest = ["--only", asked.only, "--output", str(output), *(["--quick"] if asked.quick else [])]
        return run_with_peers(Path(asked.peers).absolute(), rest)
    for name in NAMES:
        lacking = missing(name)
        if lacking is not None:
            tell(f"{name} is skipped: {lacking} is not installed in this interpreter (--peers installs it)")
    measure(parts, output, quick=asked.quick)
    tell(f"written: {output / results.DOCUMENT.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
