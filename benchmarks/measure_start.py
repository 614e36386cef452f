"""From ``mpdt dev`` to ``ready``, against importing aiohttp, watchdog, rich and click, and the plugin's own imports.

``python -m benchmarks.measure_start [PLUGIN...] [--repeats N]``. The three take turns within each repeat, so a busy
machine slows all of them; the ratio is taken within the repeat, and its median counts. The bound is two.

A machine with more to run than it has processors delays two processes that wait for each other more than one that does
not. So on Linux the processor time of supervisor and worker until ``ready`` is given too, over that of the reference:
where each has a processor of its own, the larger of the two is about what the wall's ratio comes to.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.children import REPOSITORY

REFERENCE = "import aiohttp, watchdog, rich, click"
# The core is there already: what is timed is the plugin's own code, and what that imports.
OWN = """
import sys, time
from pathlib import Path
from mpdt.worker.cores.simulated import core_for
folder = Path(sys.argv[1])
core_for(folder, lambda *line: None, home=Path(sys.argv[2])).initialize()
sys.path.insert(0, str(folder.parent))
began = time.perf_counter()
__import__(folder.name + ".plugin")
print(time.perf_counter() - began)
"""
BOUND = 2.0


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds."""

    reference: float
    own: float
    ready: float
    reference_cpu: float
    cpu: tuple[float, ...]  # supervisor and worker; empty where the system does not say

    @property
    def ratio(self) -> float:
        """Of what is ours to the reference: the bound is on this."""
        return (self.ready - self.own) / self.reference


def timed(command: list[str]) -> tuple[float, float]:
    """Wall and processor time."""
    began, used = time.perf_counter(), os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    took = time.perf_counter() - began
    return took, after.children_user + after.children_system - used.children_user - used.children_system


def used_by(process: int) -> tuple[float, ...]:
    """Processor seconds of a process and of its child, by Linux' account."""
    children = Path(f"/proc/{process}/task/{process}/children")
    if not children.exists():
        return ()
    ticks = os.sysconf("SC_CLK_TCK")
    found = []
    for pid in (str(process), *children.read_text().split()):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        found.append((int(fields[11]) + int(fields[12])) / ticks)
    return tuple(found[:2])


def imports_of(plugin: Path, python: str, scratch: Path) -> float:
    paths = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "hooks")])
    done = subprocess.run(
        [python, "-c", OWN, str(plugin), str(scratch)],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        check=True,
        text=True,
    )
    return float(done.stdout.splitlines()[-1])


def until_ready(plugin: Path, python: str, scratch: Path) -> tuple[float, tuple[float, ...]]:
    """From the command to the event, by this process' clock; and the processor time until then."""
    folders = {"MPDT_RUNTIME_DIR": str(scratch / "run"), "MPDT_STATE_DIR": str(scratch / "state")}
    command = [sys.executable, "-m", "mpdt", "dev", str(plugin), "--json", "-p", "0", "--python", python]
    began = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **folders}, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "ready":
                took = time.perf_counter() - began
                if not event["loaded"]:
                    raise SystemExit(f"{plugin} does not load: {event['error']['message']}")
                return took, used_by(process.pid)
        raise SystemExit(f"mpdt dev {plugin} ended before it was ready.")
    finally:
        process.terminate()
        process.communicate()


def measure(plugin: Path, python: str, repeats: int) -> list[Start]:
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        until_ready(plugin, python, scratch)  # its bytecode is there from now on, as it is after the first start
        return [one_start(plugin, python, scratch) for _ in range(repeats)]


def one_start(plugin: Path, python: str, scratch: Path) -> Start:
    reference, reference_cpu = timed([sys.executable, "-c", REFERENCE])
    own = imports_of(plugin, python, scratch)
    ready, cpu = until_ready(plugin, python, scratch)
    return Start(reference, own, ready, reference_cpu, cpu)


def row(plugin: Path, starts: list[Start]) -> str:
    def middle(values: list[float]) -> float:
        return statistics.median(values)

    reference, own = middle([one.reference for one in starts]), middle([one.own for one in starts])
    ready, ratio = middle([one.ready for one in starts]), middle([one.ratio for one in starts])
    times = "  ".join(f"{1000 * seconds:6.0f} ms" for seconds in (reference, own, ready))
    shares = [middle([one.cpu[part] / one.reference_cpu for one in starts]) for part in range(2) if starts[0].cpu]
    cpu = "  ".join(f"{name} {share:.2f}" for name, share in zip(("supervisor", "worker"), shares, strict=False))
    return f"{plugin.name:24} {times}  {ratio:5.2f}  {'within' if ratio <= BOUND else 'OVER'}  processor: {cpu}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.measure_start")
    parser.add_argument("plugins", nargs="*", type=Path, default=[REPOSITORY / "examples" / "echo_plugin"])
    parser.add_argument("--python", default=sys.executable, help="the interpreter with the plugins' packages")
    parser.add_argument("--repeats", type=int, default=9)
    options = parser.parse_args()
    print(f"{'plugin':24} {'reference':>9}  {'imports':>9}  {'ready':>9}  ratio (bound {BOUND:g})")
    for plugin in options.plugins:
        print(row(plugin, measure(plugin.resolve(), options.python, options.repeats)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
