"""The corpus' table; see the package."""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from benchmarks.corpus.trial import STEPS, Trial, flavour_of, try_plugin

MARKS = {True: "yes", False: "NO", None: "-"}


def plugins_in(folder: Path) -> list[Path]:
    if (folder / "plugin.py").exists():
        return [folder]
    return sorted(one for one in folder.iterdir() if (one / "plugin.py").exists())


def rows(trials: list[Trial]) -> list[str]:
    width = max((len(trial.name) for trial in trials), default=4)
    lines = [f"{'plugin':{width}}  flavour  {'  '.join(f'{step:8}' for step in STEPS)}  components"]
    for trial in trials:
        marks = "  ".join(f"{MARKS[trial.steps[step]]:8}" for step in STEPS)
        lines.append(f"{trial.name:{width}}  {trial.flavour:7}  {marks}  {trial.driven}/{trial.components}")
        lines += [f"    {failure}" for failure in dict.fromkeys(trial.failures)]
    return lines


def shares(trials: list[Trial]) -> list[str]:
    lines = []
    refused = [trial for trial in trials if trial.refused]
    if refused:
        lines.append(f"{len(refused)} of {len(trials)} are refused by the real core too, and are not in the shares:")
        lines += [f"    {trial.name}: {trial.refused}" for trial in refused]
        trials = [trial for trial in trials if not trial.refused]
    for step in STEPS:
        passed = sum(trial.steps[step] is True for trial in trials)
        applies = passed + sum(trial.steps[step] is not True and is_due(trial, step) for trial in trials)
        if applies:
            lines.append(f"{step:10} {passed:3} of {applies:3}  {100 * passed / applies:5.1f} %")
    return lines


def is_due(trial: Trial, step: str) -> bool:
    """A step that was not reached counts; commands of a plugin that has none do not."""
    return not (step == "answers" and trial.steps["loads"] and trial.steps["answers"] is None)


def core_for(plugin: Path, core: Path | None) -> Path | None:
    return core.resolve() if core is not None and flavour_of(plugin) == "neo" else None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus")
    parser.add_argument("folders", nargs="+", type=Path, help="plugins, or folders of plugins")
    parser.add_argument("--python", default=sys.executable, help="the interpreter with the plugins' packages")
    parser.add_argument("--core", type=Path, help="a checkout of Neo-MoFox, which is asked about what fails for Neo")
    parser.add_argument("--json", type=Path, help="where the results are written too")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    found = [plugin.resolve() for folder in options.folders for plugin in plugins_in(folder)]
    with ThreadPoolExecutor(options.jobs) as pool:
        trials = list(
            pool.map(lambda plugin: try_plugin(plugin, options.python, core_for(plugin, options.core)), found)
        )
    print("\n".join([*rows(trials), "", *shares(trials)]))
    if options.json:
        options.json.write_text(json.dumps([asdict(trial) for trial in trials], indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
