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

import tomlkit

from benchmarks.corpus.worker import GUARD, Died, Worker
from mpdt.dev.real_core import CoreKind, RealCore, find_core

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
CLASSIC_OFF = (
    ("memory", "enable"),
    ("mood", "enable_mood"),
    ("database", "enable_database_cache"),  # measured by a walk through all that it refers to
    ("emoji", "steal_emoji"),
    ("planning_system", "schedule_enable"),
    ("planning_system", "monthly_plan_enable"),
    ("dependency_management", "auto_install"),
    ("proactive_thinking", "enable"),
    ("plugin_http_system", "plugin_api_rate_limit_enable"),
)
NEO_ANSWERS = "agree\ndecline\n"  # the licence; telemetry


@dataclass(frozen=True, slots=True)
class Bot:
    """A checkout of a core, and the interpreter that has its packages and the plugins'."""

    core: RealCore
    python: str


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
        (folder / "config").mkdir(exist_ok=True)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        if bot.core.kind is CoreKind.NEO_MOFOX:
            (folder / "config" / "core.toml").write_text(NEO_CONFIG.format(port=port), encoding="utf-8")
        else:
            configure_classic(folder, port)
        yield RealCore(folder, bot.core.kind, folder / bot.core.entry.name)


def configure_classic(folder: Path, port: int) -> None:
    """From its own templates, without what asks a model or the network by itself."""
    (folder / ".env").write_text(f"HOST=127.0.0.1\nPORT={port}\nEULA_CONFIRMED=true\n", encoding="utf-8")
    document = tomlkit.parse((folder / "template" / "bot_config_template.toml").read_text(encoding="utf-8"))
    for section, name in CLASSIC_OFF:
        table = document.get(section)
        if table is not None:
            table[name] = False
    (folder / "config" / "bot_config.toml").write_text(tomlkit.dumps(document), encoding="utf-8")
    shutil.copy(folder / "template" / "model_config_template.toml", folder / "config" / "model_config.toml")


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
