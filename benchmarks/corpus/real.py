"""What a real core says to a plugin that fails in the simulated one: to its import, and to the same stimuli.

Asked of a scratch copy of the checkout, behind the same guard; nothing is written into the checkout.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus.worker import GUARD, Died, Worker
from mpdt.dev.errors import StartError
from mpdt.dev.real_core import CoreKind, RealCore, find_core, hosted

PROBE = Path(__file__).with_name("probe.py")
DEADLINE = 120.0
FIRST_RUNS = 4  # MoFox-Core ends after it has written each of its config files
LEFT_OUT = (".git", "__pycache__", ".venv", "venv", "data", "logs")
NEO_CONFIG = """
[bot]
llm_preflight_check = false
enable_watchdog = false
[plugin_market]
enabled = false
[plugin_deps]
enabled = false
[cloud_telemetry]
client_enabled = false
[http_router]
http_router_port = {port}
"""
NEO_ANSWERS = "agree\ndecline\n"  # the licence; telemetry


@dataclass(frozen=True, slots=True)
class Bot:
    """A checkout of a core, and the interpreter that has its packages and the plugins'."""

    core: RealCore
    python: str

    @property
    def takes_plugins(self) -> bool:
        """Can a plugin be driven in it? Else it is asked about imports only."""
        try:
            hosted(self.core)
        except StartError:
            return False
        return True


def bots_in(folders: list[Path], python: str) -> dict[str, Bot]:
    """By the flavour whose plugins they take. Raises StartError."""
    found = [Bot(find_core(str(folder)), python) for folder in folders]
    return {"neo" if bot.core.kind is CoreKind.NEO_MOFOX else "classic": bot for bot in found}


@contextmanager
def copy_of(bot: Bot) -> Iterator[RealCore]:
    """A headless one: no models, no market, no telemetry."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as parent:
        folder = Path(parent) / "core"
        shutil.copytree(bot.core.folder, folder, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
        if bot.core.kind is CoreKind.NEO_MOFOX:
            (folder / "config").mkdir(exist_ok=True)
            with socket.create_server(("127.0.0.1", 0)) as free:
                text = NEO_CONFIG.format(port=free.getsockname()[1])
            (folder / "config" / "core.toml").write_text(text, encoding="utf-8")
        yield RealCore(folder, bot.core.kind, folder / bot.core.entry.name)


def worker_in(bot: Bot, core: RealCore) -> Worker:
    """The copy, running. Raises Died."""
    return Worker(bot.python, core.folder, core=(core.kind.value, str(core.entry)), typed=NEO_ANSWERS)


def asked(bot: Bot, folder: Path, sentences: list[str]) -> tuple[str | None, list[str | None]]:
    """The real core's error on importing the plugin, None if it takes it; and to each sentence what ``probe.py`` finds.

    Raises Died if the core itself cannot be imported.
    """
    with copy_of(bot) as core:
        for _ in range(FIRST_RUNS):
            try:
                done = subprocess.run(
                    [bot.python, str(PROBE), str(core.folder), str(folder), json.dumps(sentences)],
                    cwd=core.folder,
                    env={**os.environ, "PYTHONPATH": str(GUARD), "NO_COLOR": "1"},
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=DEADLINE,
                    check=False,
                    text=True,
                    errors="replace",
                )
            except subprocess.TimeoutExpired:
                return None, [None] * len(sentences)
            said = [line.removeprefix("mpdt:") for line in done.stdout.splitlines() if line.startswith("mpdt:")]
            if said:
                answer = json.loads(said[-1])
                if answer["core"]:
                    raise Died(f"{bot.core.folder} cannot be imported: {answer['core']}")
                return answer["plugin"], answer["found"]
    raise Died(f"{bot.core.folder} does not get as far as its API: {(done.stdout + done.stderr)[-300:]}")
