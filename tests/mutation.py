"""Mutation tests of the engine's deciding modules: ``python -m tests.mutation [--show NAME] [MODULE ...]``.

mutmut names a mutant by the path of its file, and the engine is imported as ``mpdt_hooks`` from ``hooks/``; so engine
and tests are copied to a folder of their own, with the engine below ``src/``, which mutmut knows. What it is to mutate,
and which tests are to kill it, says ``[tool.mutmut]`` in pyproject.toml. The run ends with status 1 if a module's share
of killed mutants is below its bar in ``tests/mutants.toml``, which tells of the survivors, too.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BARS = HERE / "mutants.toml"
KILLED = frozenset({1, 3, 24, 36, 152, 255, -11, -9, -24})  # failed, or did not come to an end


def stage(folder: Path) -> None:
    """Lay out a copy for mutmut. What an earlier run found out there is kept for sources that are the same."""
    folder.mkdir(parents=True, exist_ok=True)
    ignored = shutil.ignore_patterns("__pycache__", "corpus", "*.pyc")
    for source, target in ((ROOT / "hooks", folder / "src"), (HERE, folder / "tests")):
        shutil.copytree(source, target, ignore=ignored, dirs_exist_ok=True)
    shutil.copy(ROOT / "pyproject.toml", folder)


def run(folder: Path, modules: Sequence[str], tenth: int | None = None) -> None:
    """Mutate, and run the tests against every mutant, one at a time; or against every tenth (``is_of_tenth``)."""
    last = "" if tenth is None else tenth
    patterns = [f"mpdt_hooks.{module}.*{last}" for module in modules]
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1", *patterns]
    environment = {**os.environ, "PYTHONPATH": str(folder / "mutants")}
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=sys.stderr)


def is_of_tenth(mutant: str, tenth: int | None) -> bool:
    """Whether a mutant's number within its function ends in this digit, so that every run takes the same ones."""
    return tenth is None or mutant.endswith(str(tenth))


def results(folder: Path) -> dict[str, dict[str, bool]]:
    """By module, whether each mutant was killed."""
    found: defaultdict[str, dict[str, bool]] = defaultdict(dict)
    for path in sorted((folder / "mutants" / "src" / "mpdt_hooks").glob("*.meta")):
        module = path.name.removesuffix(".py.meta")
        codes: Mapping[str, int | None] = json.loads(path.read_text("utf-8"))["exit_code_by_key"]
        for mutant, code in codes.items():
            if code is not None:
                found[module][mutant] = code in KILLED
    return found


def judge(found: Mapping[str, Mapping[str, bool]], bars: Mapping[str, float]) -> list[str]:
    """A sentence for each module that falls short of its bar."""
    short = []
    for module, mutants in found.items():
        killed = 100 * sum(mutants.values()) / len(mutants)
        print(f"{module}: {sum(mutants.values())} of {len(mutants)} mutants killed, {killed:.1f} %")
        bar = bars.get(module, 100)
        if killed < bar:
            short.append(f"{module}: {killed:.1f} % of the mutants are killed, the bar is {bar} %.")
    return short


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", help="only these of the modules (plan, classify, ...)")
    parser.add_argument("--folder", type=Path, default=ROOT / ".mutants", help="where the copy is laid out")
    parser.add_argument(
        "--tenth", type=int, choices=range(10), metavar="DIGIT", help="only mutants whose number ends in this digit"
    )
    parser.add_argument("--survivors", action="store_true", help="list the mutants that lived, and end")
    parser.add_argument("--show", metavar="MUTANT", help="show what a mutant changes, and end")
    given = parser.parse_args(arguments)
    if given.show:
        return subprocess.run([sys.executable, "-m", "mutmut", "show", given.show], cwd=given.folder).returncode
    bars: dict[str, float] = tomllib.loads(BARS.read_text("utf-8"))["bars"]
    modules = given.modules or list(bars)
    if not given.survivors:
        stage(given.folder)
        run(given.folder, modules, given.tenth)
    found = {
        module: {mutant: dead for mutant, dead in mutants.items() if is_of_tenth(mutant, given.tenth)}
        for module, mutants in results(given.folder).items()
        if module in modules
    }
    if given.survivors:
        print("\n".join(mutant for mutants in found.values() for mutant, dead in mutants.items() if not dead))
        return 0
    short = judge(found, bars)
    print("\n".join(short))
    return bool(short)


if __name__ == "__main__":
    sys.exit(main())
