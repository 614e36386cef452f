"""``mpdt call``, ``mpdt fire`` and ``mpdt send`` with images and mentions, against a real ``mpdt dev``."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.e2e.conftest import Dev

Serve = Callable[..., Dev]

PROBE = """

from src.app.plugin_system.base import BaseEventHandler
from src.app.plugin_system.api.send_api import send_text
from src.app.plugin_system.types import EventType
from src.kernel.event import EventDecision

class Sees(BaseEventHandler):
    handler_name = "sees"
    init_subscribe = [EventType.ON_MESSAGE_RECEIVED, "bell"]

    async def execute(self, event_name, params):
        if event_name == "bell":
            return EventDecision.STOP, {**params, "rung": True}
        message = params["message"]
        media = [one["data"] for one in message.extra.get("media", ())]
        mentioned = [one["user_id"] for one in message.extra.get("at_users", ())]
        if media or mentioned:
            await send_text(f"{message.content['text']} {media} {mentioned}", message.stream_id)
        return EventDecision.SUCCESS, params

EchoPlugin.get_components = lambda self, listed=EchoPlugin.get_components: [*listed(self), Sees]
"""


def run(dev: Dev, *arguments: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "mpdt", *arguments]
    done = subprocess.run(command, env=dev.environment, capture_output=True, timeout=30, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_components_and_events_of_a_running_server(serve: Serve, plugin: Path, tmp_path: Path) -> None:
    with (plugin / "plugin.py").open("a", encoding="utf-8") as file:
        file.write(PROBE)
    dev = serve()
    assert dev.ready()["error"] is None

    code, out, error = run(dev, "call", "tool", "count_words", '{"text": "one two"}')
    assert error == ""
    assert (code, json.loads(out)[0]) == (0, True)
    code, _, error = run(dev, "call", "tool", "count_words", '{"txt": "one"}')
    assert code == 2
    assert "'text' is missing; there is no 'txt'; did you mean 'text'?" in error
    assert "are not JSON" in run(dev, "call", "tool", "count_words", "{text}")[2]
    assert "did you mean 'count_words'" in run(dev, "call", "tool", "count_word")[2]

    code, out, _ = run(dev, "fire", "bell", '{"rung": false}')
    assert (code, json.loads(out)["decision"], json.loads(out)["params"]) == (0, "STOP", {"rung": True})

    (tmp_path / "hi.png").write_bytes(b"hi")
    code, out, _ = run(dev, "send", "look", "--image", str(tmp_path / "hi.png"), "--mention", "mpdt-bot")
    assert (code, out) == (0, "look ['aGk='] ['mpdt-bot']\n")
    assert "cannot be read" in run(dev, "send", "look", "--image", str(tmp_path / "none.png"))[2]
