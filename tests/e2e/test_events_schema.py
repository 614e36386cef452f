"""The events of real runs are what ``docs/events.schema.json`` says, and it says nothing that never comes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mpdt.events import EventKind, ReloadOutcome
from tests.e2e.conftest import Dev

Serve = Callable[..., Dev]
ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "events.schema.json").read_text(encoding="utf-8"))


def strict(schema: Any) -> Any:
    """The schema, refusing fields that it does not name: consumers may get more, but it is to be the whole truth."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: strict(one) for name, one in schema.items()}
    if isinstance(inner.get("properties"), dict) and "type" in inner:
        inner.setdefault("additionalProperties", False)
    return inner


def problems(events: list[dict[str, Any]]) -> Iterator[str]:
    document = strict(SCHEMA)
    for event in events:
        kind = {**document, "oneOf": [{"$ref": f"#/$defs/event_{event['event']}"}]}
        for error in Draft202012Validator(kind).iter_errors(event):
            causes = [cause.message for cause in error.context or []] or [error.message]
            yield f"{event['event']} {event.get('outcome', '')}: {'; '.join(causes)} ({error.json_path})"


def test_the_schema_is_one_and_names_every_event() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert {one["$ref"] for one in SCHEMA["oneOf"]} == {f"#/$defs/event_{kind}" for kind in EventKind}
    assert set(SCHEMA["$defs"]["event_reload"]["properties"]["outcome"]["enum"]) == set(ReloadOutcome)


def test_an_event_of_another_form_is_noticed() -> None:
    stopped = {"event": "stopped", "seq": 1, "time": 1.0, "v": 1}
    assert not list(problems([stopped]))
    assert list(problems([{**stopped, "more": 1}]))
    assert list(problems([{"event": "stopped", "seq": 0, "time": 1.0, "v": 1}]))


def test_the_events_of_a_run(serve: Serve, plugin: Path) -> None:
    (plugin / "tests").mkdir(exist_ok=True)
    (plugin / "tests" / "one.mpdt.toml").write_text(
        '[[scenario]]\nname = "wrong"\n[[scenario.step]]\nsend = "/echo hi"\nreply = "no"\n'
    )
    dev = serve("--patch-live", "--replay", "-v", "--scenarios")
    dev.ready()
    dev.say("/echo hello")
    outcomes = {dev.edit("text.py", "echo #{number}", "ECHO {number}")["outcome"]}
    dev.wait(lambda event: event["event"] == "replay")
    dev.wait(lambda event: event["event"] == "scenarios" and event["failed"])
    outcomes.add(dev.edit("text.py", "text.upper() + mark", "text.upper() +")["outcome"])
    outcomes.add(dev.edit("text.py", "text.upper() +", "text.upper() + mark\n\n\nprint('imported')\nprint(")["outcome"])
    outcomes.add(dev.edit("text.py", "print('imported')\nprint(", "print('imported')")["outcome"])
    outcomes.add(dev.ask("POST", "/api/reload", {})["outcome"])
    code, _ = dev.stop()
    assert code == 0
    events = dev.rest()
    assert outcomes == {"patched", "rejected", "reloaded", "unchanged"}
    assert {event["event"] for event in events} >= {
        "ready",
        "reload",
        "log",
        "message",
        "replay",
        "scenarios",
        "stopped",
    }
    assert not list(problems(events))


def test_a_plugin_that_fails_and_a_worker_that_dies(serve: Serve, plugin: Path) -> None:
    good = (plugin / "text.py").read_text()
    (plugin / "text.py").write_text("1 / 0\n")
    dev = serve()
    assert dev.ready()["error"]["type"] == "ZeroDivisionError"
    (plugin / "text.py").write_text(good)
    assert dev.reload()["outcome"] == "reloaded"
    (plugin / "text.py").write_text("import os\nos._exit(3)\n")
    assert dev.reload()["outcome"] == "failed"
    (plugin / "text.py").write_text(good)
    assert dev.reload()["outcome"] == "restarted"
    dev.stop()
    assert not list(problems(dev.rest()))


@pytest.mark.parametrize("command", [["schema"], ["explain", "MPDT012"]])
def test_what_is_printed_is_what_is_in_docs(command: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", "mpdt", *command], capture_output=True, text=True, check=True)
    if command == ["schema"]:
        assert json.loads(done.stdout) == SCHEMA
    else:
        page = (ROOT / "docs" / "rude-edits.md").read_text(encoding="utf-8")
        assert done.stdout.strip() in page
        assert done.stdout.startswith("MPDT012: ")
        assert "MPDT013" not in done.stdout
        command = [sys.executable, "-m", "mpdt", "--lang", "zh", *command]
        chinese = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
        assert chinese.startswith("MPDT012：")
        assert chinese.strip() in (ROOT / "docs" / "rude-edits.zh-CN.md").read_text(encoding="utf-8")
