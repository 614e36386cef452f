"""The corpus' table; see the package."""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from benchmarks.corpus.real import bots_in
from benchmarks.corpus.trial import STEPS, Trial, flavour_of, try_plugin

MARKS = {"passed": "yes", "own": "own", "ours": "NO", None: "-"}


def plugins_in(folder: Path) -> list[Path]:
    if (folder / "plugin.py").exists():
        return [folder]
    return sorted(one for one in folder.iterdir() if (one / "plugin.py").exists())


def rows(trials: list[Trial]) -> list[str]:
    width = max((len(trial.name) for trial in trials), default=4)
    lines = [f"{'plugin':{width}}  flavour  {'  '.join(f'{step:8}' for step in STEPS)}  driven  replying commands"]
    for trial in trials:
        marks = "  ".join(f"{MARKS[trial.verdict(step)]:8}" for step in STEPS)
        counts = f"{trial.driven:3}/{trial.components:<3} {trial.replying}/{trial.commands}"
        lines.append(f"{trial.name:{width}}  {trial.flavour:7}  {marks}  {counts}")
        for failure in trial.failures:
            lines.append(f"    {failure.step}: {failure.sentence}")
            if failure.own:
                lines.append(f"        the real core: {failure.own}")
    return lines


def shares(trials: list[Trial]) -> list[str]:
    """Of every step all plugins to which it applies: passed, failed by their own doing, failed by ours."""
    lines = [f"{'':10} {'passed':>6} {'own':>6} {'ours':>6} {'of':>6}  {'share':>7}  {'without own':>11}"]
    for step in STEPS:
        verdicts = [verdict for trial in trials if (verdict := trial.verdict(step)) is not None]
        passed, own, ours = (verdicts.count(name) for name in ("passed", "own", "ours"))
        if verdicts:
            rest = f"{100 * passed / (passed + ours):9.1f} %" if passed + ours else ""
            share = f"{100 * passed / len(verdicts):5.1f} %"
            lines.append(f"{step:10} {passed:6} {own:6} {ours:6} {len(verdicts):6}  {share}  {rest}")
    commands, replying = sum(trial.commands for trial in trials), sum(trial.replying for trial in trials)
    parts, driven = sum(trial.components for trial in trials), sum(trial.driven for trial in trials)
    return [
        *lines,
        "",
        f"{replying} of {commands} commands sent a reply; {driven} of {parts} components had a stimulus",
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus")
    parser.add_argument("folders", nargs="+", type=Path, help="plugins, or folders of plugins")
    parser.add_argument("--python", default=sys.executable, help="the interpreter with the plugins' packages")
    parser.add_argument(
        "--core",
        type=Path,
        action="append",
        default=[],
        help="a checkout of Neo-MoFox or MoFox-Core, which is asked about what fails of its flavour; for each one",
    )
    parser.add_argument("--json", type=Path, help="where the results are written too")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    bots = bots_in(options.core, options.python)
    found = [plugin.resolve() for folder in options.folders for plugin in plugins_in(folder)]
    with ThreadPoolExecutor(options.jobs) as pool:
        trials = list(pool.map(lambda plugin: try_plugin(plugin, options.python, bots.get(flavour_of(plugin))), found))
    print("\n".join([*rows(trials), "", *shares(trials)]))
    if options.json:
        options.json.write_text(json.dumps([asdict(trial) for trial in trials], indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
