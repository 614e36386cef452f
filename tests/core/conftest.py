"""Real bots: a scratch copy of a checkout, headless, without models, market or telemetry, and its answers typed.

``MPDT_TEST_CORE_NEO`` (or ``MPDT_TEST_CORE``) names a checkout of Neo-MoFox; ``MPDT_TEST_CORE_NEO_PYTHON`` (or
``MPDT_TEST_CORE_PYTHON``) its interpreter, where the checkout has no ``.venv``. ``MPDT_TEST_CORE_CLASSIC`` and
``MPDT_TEST_CORE_CLASSIC_PYTHON`` are those of a classic MoFox-Core. Nothing is written into a checkout.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import tomlkit

TESTS = Path(__file__).parents[1]
GADGET = TESTS / "standins" / "gadget"
ECHO = TESTS.parent / "examples" / "echo_plugin"

# By its file: other folders of tests have a conftest too.
spec = importlib.util.spec_from_file_location("dev_of_e2e", TESTS / "e2e" / "conftest.py")
assert spec is not None
assert spec.loader is not None
e2e: Any = importlib.util.module_from_spec(spec)
sys.modules["dev_of_e2e"] = e2e
spec.loader.exec_module(e2e)
e2e.DEADLINE = 120.0  # a real bot takes its time to start


def checkout(variable: str, *others: str) -> Path:
    given = next((found for one in (variable, *others) if (found := os.environ.get(one))), None)
    if not given:
        pytest.skip(f"no checkout is named by {' or '.join((variable, *others))}")
    return Path(given)


def interpreter(source: Path, *variables: str) -> str:
    given = next((found for one in variables if (found := os.environ.get(one))), None)
    return given or str(source / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def copied(source: Path, folder: Path) -> Path:
    shutil.copytree(
        source, folder, symlinks=True, ignore=shutil.ignore_patterns(".git", "__pycache__", ".venv", "venv", "logs")
    )
    return folder


@pytest.fixture
def neo(tmp_path: Path) -> Path:
    """A copy of Neo-MoFox that asks nobody but the developer."""
    folder = copied(checkout("MPDT_TEST_CORE_NEO", "MPDT_TEST_CORE"), tmp_path.resolve() / "neo")
    shutil.rmtree(folder / "data", ignore_errors=True)
    (folder / "config").mkdir(exist_ok=True)
    (folder / "config" / "core.toml").write_text(
        "[bot]\nllm_preflight_check = false\nenable_watchdog = false\n"
        "[plugin_market]\nenabled = false\n[plugin_deps]\nenabled = false\n[cloud_telemetry]\nclient_enabled = false\n"
        f"[http_router]\nhttp_router_port = {free_port()}\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def neo_python() -> str:
    source = checkout("MPDT_TEST_CORE_NEO", "MPDT_TEST_CORE")
    return interpreter(source, "MPDT_TEST_CORE_NEO_PYTHON", "MPDT_TEST_CORE_PYTHON")


# What of the classic core asks a model or the network by itself.
QUIET = {
    ("memory", "enable"): False,
    ("mood", "enable_mood"): False,
    ("emoji", "steal_emoji"): False,
    ("planning_system", "schedule_enable"): False,
    ("planning_system", "monthly_plan_enable"): False,
    ("dependency_management", "auto_install"): False,
    ("proactive_thinking", "enable"): False,
    ("plugin_http_system", "plugin_api_rate_limit_enable"): False,
}


@pytest.fixture
def classic(tmp_path: Path) -> Path:
    """A copy of a classic MoFox-Core, configured and agreed to as its developer would."""
    folder = copied(checkout("MPDT_TEST_CORE_CLASSIC"), tmp_path.resolve() / "classic")
    shutil.rmtree(folder / "data", ignore_errors=True)
    (folder / ".env").write_text(f"HOST=127.0.0.1\nPORT={free_port()}\nEULA_CONFIRMED=true\n")
    (folder / "config").mkdir(exist_ok=True)
    document = tomlkit.parse((folder / "template" / "bot_config_template.toml").read_text(encoding="utf-8"))
    for (section, name), value in QUIET.items():
        if section in document:
            document[section][name] = value  # type: ignore[index]
    (folder / "config" / "bot_config.toml").write_text(tomlkit.dumps(document), encoding="utf-8")
    shutil.copy(folder / "template" / "model_config_template.toml", folder / "config" / "model_config.toml")
    return folder


@pytest.fixture
def classic_python() -> str:
    return interpreter(checkout("MPDT_TEST_CORE_CLASSIC"), "MPDT_TEST_CORE_CLASSIC_PYTHON")


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Starts ``mpdt dev`` on a copy of the plugin, and types what a first start asks."""
    running: list[Any] = []

    def start(plugin: Path, *options: str, answers: tuple[str, ...] = ()) -> Any:
        folder = tmp_path.resolve() / plugin.name
        if not folder.exists():
            shutil.copytree(plugin, folder, ignore=shutil.ignore_patterns("__pycache__", ".mpdt"))
        dev = e2e.Dev(folder, *options, runtime=tmp_path / "run", typing=True)
        running.append(dev)
        for line in answers:
            dev.type(line)
        return dev

    yield start
    for dev in running:
        dev.close()
