"""``python -m benchmarks.real_core CHECKOUT --python PYTHON``: a table on standard output.

Each contestant edits the same file of the same plugin, so many times, in a fresh copy of the checkout without models,
market or telemetry. Save-to-live is from the close of the file to the plugin's own note that its function answers anew;
for the bot's own way, its ``/reload`` is typed the moment that the file is closed. ``versions``: plugin
classes that are alive after the last edit and a full garbage collection; ``same function``: one object outlived all.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import tomlkit

METER = Path(__file__).parent / "meter"
CLASSIC = Path(__file__).parent / "classic"
# What of a classic core asks a model or the network by itself.
QUIET = {
    "memory": {"enable": False},
    "mood": {"enable_mood": False},
    "emoji": {"steal_emoji": False},
    "planning_system": {"schedule_enable": False, "monthly_plan_enable": False},
    "dependency_management": {"auto_install": False},
    "proactive_thinking": {"enable": False},
}
OWN_ANSWER = 0.1  # seconds after its own reload has answered, until an edit that is not there counts as lost
LOST_AFTER = 20.0
START_WITHIN = 180.0
AGREE = b"agree\ndecline\n"
SETTLE = 20  # first edits, in which caches fill


@dataclass(frozen=True, slots=True)
class Note:
    number: int
    moment: int
    versions: int
    resident: int
    function: int


@dataclass(frozen=True, slots=True)
class Measured:
    name: str
    median: float
    worst: float
    lost: int
    versions: int
    grown: float
    same: bool

    def row(self) -> str:
        same = "yes" if self.same else "no"
        return (
            f"| {self.name} | {self.median:.1f} | {self.worst:.1f} | {self.lost} | {self.versions} | "
            f"{self.grown / 1e6:+.1f} | {same} |"
        )


def is_classic(checkout: Path) -> bool:
    return (checkout / "src" / "plugin_system" / "core" / "plugin_manager.py").is_file()


def prepare_classic(core: Path, port: int) -> None:
    """As its developer would: agreed to, and asking no model by itself."""
    (core / ".env").write_text(f"HOST=127.0.0.1\nPORT={port}\nEULA_CONFIRMED=true\n")
    document = tomlkit.parse((core / "template" / "bot_config_template.toml").read_text(encoding="utf-8"))
    for section, values in QUIET.items():
        for name, value in values.items():
            if section in document:
                document[section][name] = value  # type: ignore[index]
    (core / "config" / "bot_config.toml").write_text(tomlkit.dumps(document), encoding="utf-8")
    shutil.copy(core / "template" / "model_config_template.toml", core / "config" / "model_config.toml")


def meter_of(checkout: Path) -> Path:
    return CLASSIC / "meter" if is_classic(checkout) else METER


def prepare(checkout: Path, folder: Path) -> Path:
    core = folder / "core"
    shutil.copytree(
        checkout, core, ignore=shutil.ignore_patterns(".git", "__pycache__", ".venv", "venv", "data", "logs")
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    (core / "config").mkdir(exist_ok=True)
    if is_classic(checkout):
        prepare_classic(core, port)
        return core
    (core / "config" / "core.toml").write_text(
        "[bot]\nllm_preflight_check = false\nenable_watchdog = false\n[plugin_market]\nenabled = false\n"
        f"[plugin_deps]\nenabled = false\n[http_router]\nhttp_router_port = {port}\n"
    )
    return core


def notes(seen: Path) -> list[Note]:
    lines = seen.read_text().splitlines() if seen.exists() else []
    return [Note(*map(int, line.split())) for line in lines if line.count(" ") == 4]


def wait_for(seen: Path, number: int, within: float) -> Note | None:
    ends = time.monotonic() + within
    while time.monotonic() < ends:
        found = next((one for one in reversed(notes(seen)) if one.number == number), None)
        if found is not None:
            return found
        time.sleep(0.002)
    return None


def measure(
    name: str, process: subprocess.Popen[bytes], word: Path, seen: Path, edits: int, after: Callable[[], None]
) -> Measured:
    if wait_for(seen, 0, START_WITHIN) is None:
        raise SystemExit(f"{name}: the plugin did not come up.")
    times, lost, first = [], 0, None
    last = notes(seen)[-1]
    for number in range(1, edits + SETTLE + 1):
        word.write_text(f"def number() -> int:\n    return {number}\n")
        closed = time.monotonic_ns()
        after()
        note = wait_for(seen, number, LOST_AFTER)
        if note is None:
            lost += 1
            continue
        last = note
        if number > SETTLE:
            first = first or note
            times.append((note.moment - closed) / 1e6)
        time.sleep(0.05)
    assert first is not None
    return Measured(name, statistics.median(times), max(times), lost, last.versions, last.resident - first.resident,
                    last.function == first.function)  # fmt: skip


def run_mpdt(name: str, checkout: Path, python: str, edits: int, *options: str) -> Measured:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        core, seen, plugin = prepare(checkout, folder), folder / "seen", folder / "meter"
        shutil.copytree(meter_of(checkout), plugin, ignore=shutil.ignore_patterns("__pycache__"))
        environment = {
            **os.environ,
            "BENCH_SEEN": str(seen),
            "BENCH_LAST": str(edits + SETTLE),
            "MPDT_STATE_DIR": str(folder),
            "MPDT_RUNTIME_DIR": str(folder),
        }
        command = [
            sys.executable,
            "-m",
            "mpdt",
            "dev",
            str(plugin),
            "--core",
            str(core),
            "--python",
            python,
            "--json",
            "-p",
            "0",
        ]
        with subprocess.Popen(
            [*command, *options], env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        ) as process:
            return finished(process, lambda: measure(name, process, plugin / "word.py", seen, edits, lambda: None))


def run_own(checkout: Path, python: str, edits: int) -> Measured:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        core, seen = prepare(checkout, folder), folder / "seen"
        plugin = core / "plugins" / "meter"
        shutil.copytree(METER, plugin, ignore=shutil.ignore_patterns("__pycache__"))
        with subprocess.Popen(
            [python, "main.py"],
            cwd=core,
            env={**os.environ, "BENCH_SEEN": str(seen), "BENCH_LAST": str(edits + SETTLE), "TERM": "dumb"},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:

            def reload() -> None:
                assert process.stdin is not None
                process.stdin.write(b"/reload meter\n")
                process.stdin.flush()

            return finished(
                process, lambda: measure("`/reload meter`", process, plugin / "word.py", seen, edits, reload)
            )


def run_own_classic(name: str, asking: str, checkout: Path, python: str, edits: int) -> Measured:
    """The core's own reload, through its API. ``asking``: 'reload', or 'rescan': the folders are looked through too."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        core, seen, asked = prepare(checkout, folder), folder / "seen", folder / "asked"
        for plugin in ("meter", "remote"):
            shutil.copytree(CLASSIC / plugin, core / "plugins" / plugin, ignore=shutil.ignore_patterns("__pycache__"))
        variables = {"BENCH_SEEN": str(seen), "BENCH_LAST": "-1", "BENCH_ASK": str(asked)}
        with subprocess.Popen(
            [python, "bot.py"],
            cwd=core,
            env={**os.environ, **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            work = lambda: measure_own_classic(name, asking, core / "plugins" / "meter" / "word.py", seen, asked, edits)  # noqa: E731
            return finished(process, work)


def measure_own_classic(name: str, asking: str, word: Path, seen: Path, asked: Path, edits: int) -> Measured:
    if wait_for(seen, 0, START_WITHIN) is None:
        raise SystemExit(f"{name}: the plugin did not come up.")
    answers = Path(f"{asked}.answers")
    times, lost, grown = [], 0, []
    for number in range(1, edits + SETTLE + 1):
        word.write_text(f"def number() -> int:\n    return {number}\n")
        closed = time.monotonic_ns()
        with asked.open("a") as file:
            file.write("last\n" if number == edits + SETTLE and asking == "reload" else f"{asking}\n")
        while len(answers.read_text().splitlines() if answers.exists() else []) < number:
            time.sleep(0.002)
        note = wait_for(seen, number, OWN_ANSWER)
        said, versions, resident = answers.read_text().splitlines()[-1].split()
        if number > SETTLE:
            grown.append(int(resident))
            lost += note is None
            if note is not None:
                times.append((note.moment - closed) / 1e6)
    print(f"{name}: the last answer was {said}", file=sys.stderr)
    functions = {one.function for one in notes(seen)}
    never = float("inf")
    return Measured(
        name,
        statistics.median(times) if times else never,
        max(times, default=never),
        lost,
        int(versions),
        grown[-1] - grown[0],
        len(functions) == 1,
    )


def finished(process: subprocess.Popen[bytes], work: Callable[[], Measured]) -> Measured:
    assert process.stdin is not None
    try:
        process.stdin.write(AGREE)
        process.stdin.flush()
        return work()
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.real_core", description=__doc__)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--python", required=True)
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--only", default="patch,reload,own", help="and rescan, for a classic core")
    asked = parser.parse_args()
    runs: dict[str, Callable[[], Measured]] = {
        "patch": lambda: run_mpdt(
            "`mpdt dev --core --patch-live`", asked.checkout, asked.python, asked.edits, "--patch-live"
        ),
        "reload": lambda: run_mpdt("`mpdt dev --core`", asked.checkout, asked.python, asked.edits),
        "own": lambda: run_own(asked.checkout, asked.python, asked.edits),
    }
    if is_classic(asked.checkout):
        runs["own"] = lambda: run_own_classic(
            "`plugin_manage_api.reload_plugin`", "reload", asked.checkout, asked.python, asked.edits
        )
        runs["rescan"] = lambda: run_own_classic(
            "`rescan_plugin_directory`, then `reload_plugin`", "rescan", asked.checkout, asked.python, asked.edits
        )
    print("| | median, ms | worst, ms | lost | versions alive | memory, MB | same function |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name in asked.only.split(","):
        print(runs[name]().row(), flush=True)
    print(json.dumps({"load": os.getloadavg(), "edits": asked.edits}), file=sys.stderr)


if __name__ == "__main__":
    main()
