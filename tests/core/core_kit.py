"""What the tests in real bots look at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
GADGET = TESTS / "standins" / "gadget"
ECHO = TESTS.parent / "examples" / "echo_plugin"


def files(folder: Path) -> set[str]:
    """Logs are named by time and process, and caches of bytecode are nobody's."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in found if "__pycache__" not in path.parts and path.parts[0] != "logs"}


def census(dev: Any) -> dict[str, int]:
    asked = {"kind": "service", "name": "census.count", "arguments": {"folder": str(dev.folder)}}
    answer = dev.ask("POST", "/api/call", asked)
    assert answer["error"] is None, answer["error"]
    counted: dict[str, int] = answer["result"]
    return counted


def blocks(dev: Any) -> int:
    asked = {"kind": "service", "name": "census.blocks", "arguments": {}}
    return int(dev.ask("POST", "/api/call", asked)["result"])


def memory(dev: Any) -> int:
    """Resident bytes of the worker, which is the bot."""
    pid = dev.state()["worker"]["pid"]
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def say_figures(what: str, figures: dict[str, Any]) -> None:
    print(f"\n{what}: {json.dumps(figures, ensure_ascii=False, default=str)}")
