"""Mutation tests of the engine's deciding modules: ``python -m tests.mutation [--show NAME] [classify | planner]``.

mutmut names a mutant by the path of its file, and the engine is imported as ``mpdt_hooks`` from ``hooks/``; so engine
and tests are copied to a folder of their own, with the engine below ``src/``, which mutmut knows. What it is to mutate,
and which tests are to kill it, says ``[tool.mutmut]`` in pyproject.toml. The run ends with status 1 if a module's share
of killed mutants is below its bar in ``tests/mutants.toml``, which tells of the survivors, too, and of which modules
only every tenth mutant is tried.
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
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Group:
    """Modules with one bar. ``tenth``: only mutants are tried whose number within their function ends in this digit."""

    name: str
    modules: tuple[str, ...]
    bar: float
    tenth: int | None = None

    def patterns(self) -> list[str]:
        """The mutants that are tried, as mutmut takes them."""
        return [f"mpdt_hooks.{module}.*{'' if self.tenth is None else self.tenth}" for module in self.modules]

    def of(self, found: Mapping[str, Mapping[str, bool]]) -> dict[str, bool]:
        """Those of all results that are the group's."""
        last = "" if self.tenth is None else str(self.tenth)
        return {
            mutant: dead
            for module in self.modules
            for mutant, dead in found.get(module, {}).items()
            if mutant.endswith(last)
        }


def groups(tenth: int | None = None) -> dict[str, Group]:
    """What ``tests/mutants.toml`` names; ``tenth`` is another one than it says."""
    known = tomllib.loads(BARS.read_text("utf-8"))
    found = {}
    for name, bar in known["bars"].items():
        asked = known.get(name, {})
        own = asked.get("tenth")
        found[name] = Group(name, tuple(asked.get("modules", [name])), bar, tenth if tenth is not None else own)
    return found


def run(folder: Path, patterns: Sequence[str]) -> None:
    """Mutate, and run the tests against every mutant, one at a time."""
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1", *patterns]
    environment = {**os.environ, "PYTHONPATH": str(folder / "mutants")}
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=sys.stderr)


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
    parser.add_argument("groups", nargs="*", help="only these (classify, planner)")
    parser.add_argument("--folder", type=Path, default=ROOT / ".mutants", help="where the copy is laid out")
    parser.add_argument(
        "--tenth", type=int, choices=range(10), metavar="DIGIT", help="only mutants whose number ends in this digit"
    )
    parser.add_argument("--survivors", action="store_true", help="list the mutants that lived, and end")
    parser.add_argument("--show", metavar="MUTANT", help="show what a mutant changes, and end")
    given = parser.parse_args(arguments)
    if given.show:
        return subprocess.run([sys.executable, "-m", "mutmut", "show", given.show], cwd=given.folder).returncode
    known = groups(given.tenth)
    asked = [known[name] for name in given.groups or known]
    if not given.survivors:
        stage(given.folder)
        run(given.folder, [pattern for group in asked for pattern in group.patterns()])
    everything = results(given.folder)
    found = {group.name: group.of(everything) for group in asked}
    if given.survivors:
        print("\n".join(mutant for mutants in found.values() for mutant, dead in mutants.items() if not dead))
        return 0
    short = judge(found, {group.name: group.bar for group in asked})
    print("\n".join(short))
    return bool(short)


if __name__ == "__main__":
    sys.exit(main())
