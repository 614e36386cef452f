"""Random edits by seed, thousands in a few minutes: hypothesis shrinks what it finds, this finds.

    MPDT_WIDE_GRAMMAR=1 PYTHONPATH=.:hooks python tools/random_edits.py SEED EDITS [--kinds keeper,told,had] [--package]

Prints each failure with its program and edits, then the counts. The same seed makes the same programs and edits.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from itertools import count
from pathlib import Path
from random import Random
from types import SimpleNamespace

from mpdt_hooks import Outcome
from tests.engine import generator, random_history
from tests.harness import ForkServer, Workspace


def main() -> int:
    options = _parser().parse_args()
    _without_hypothesis()
    _prefer(tuple(options.kinds.split(",")) if options.kinds else ())
    warnings.simplefilter("ignore")  # what generated code compares and escapes is its own affair
    server, told, failures, programs = ForkServer("pydantic", "logging", "typing"), Counter[Outcome](), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for number in [options.program] if options.program is not None else count():
            failures += _fails(Path(folder).resolve(), server, number, options, told)
            programs += 1
            if told.total() >= options.edits:
                break
    server.close()
    counts = ", ".join(f"{outcome} {number}" for outcome, number in told.most_common())
    print(f"seed {options.seed}: {told.total()} edits of {programs} programs ({counts}), {failures} failures")
    return 1 if failures else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seed", type=int)
    parser.add_argument("edits", type=int, help="how many at least")
    parser.add_argument("--kinds", default="", help="kinds of items to prefer four to one, by comma")
    parser.add_argument("--package", action="store_true", help="the modules are a package's")
    parser.add_argument("--program", type=int, help="only the program of this number")
    return parser


def _without_hypothesis() -> None:
    generator.st = random_history.st = SimpleNamespace(integers=lambda least, most: (least, most))  # type: ignore[assignment]


def _prefer(kinds: tuple[str, ...]) -> None:
    if unknown := set(kinds) - set(generator.KINDS):
        sys.exit(f"No such kinds: {', '.join(sorted(unknown))}. There are: {', '.join(generator.KINDS)}.")
    if kinds:
        generator.ORDER += kinds * (4 * len(generator.ORDER) // len(kinds))


def _fails(folder: Path, server: ForkServer, number: int, options: argparse.Namespace, told: Counter[Outcome]) -> bool:
    random, history, path = Random(f"{options.seed} {number}"), [], list(sys.path)
    workspace = Workspace(folder / f"program{number}", server)

    def draw(between: tuple[int, int]) -> int:
        return random.randint(*between)

    try:
        program = generator.draw_program(draw)
        edits = random.randint(3, 12)
        random_history.live_through(workspace, program, draw, edits, history.append, told, package=options.package)
    except Exception:  # noqa: BLE001 - whatever ends a program is what is looked for
        print(f"##### seed {options.seed}, program {number}", *history, traceback.format_exc(limit=-4), sep="\n")
        return True
    finally:
        workspace.close()
        sys.path[:] = path
    return False


if __name__ == "__main__":
    sys.exit(main())
