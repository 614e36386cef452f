"""``mpdt test``, scenarios in ``mpdt dev``, and scenarios saved from a conversation: real processes, real files."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Dev
from tests.e2e.test_call import run

STANDINS = Path(__file__).parents[1] / "standins"
Serve = Callable[..., Dev]


def mpdt(*arguments: str, tmp_path: Path) -> tuple[int, str, str]:
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    environment |= {"MPDT_STATE_DIR": str(tmp_path / "state"), "MPDT_CONFIG_FILE": str(tmp_path / "none.toml")}
    environment |= {"TMPDIR": str(tmp_path / "scratch"), "NO_COLOR": "1"}
    (tmp_path / "scratch").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "mpdt", "test", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=90, check=False, text=True)
    assert list((tmp_path / "scratch").glob("mpdt-test-*")) == [], "folders of the test are left"
    return done.returncode, done.stdout, done.stderr


def test_the_example_passes_and_a_broken_plugin_is_told(plugin: Path, tmp_path: Path) -> None:
    before = sorted(path for path in plugin.rglob("*") if "__pycache__" not in path.parts)
    code, out, error = mpdt(str(plugin), tmp_path=tmp_path)
    assert (code, error) == (0, "")
    assert "5 passed in" in out
    assert sorted(path for path in plugin.rglob("*") if "__pycache__" not in path.parts) == before

    path = plugin / "text.py"
    path.write_text(path.read_text().replace("text.upper()", "text"), encoding="utf-8")
    code, out, _ = mpdt(str(plugin), "-k", "number", tmp_path=tmp_path)
    assert code == 1
    assert "tests/echo.mpdt.toml:12  /echo shout hello" in out
    assert r"- (matches \b2: HELLO\W+$)" in out
    assert "+ echo #2: hello!" in out
    assert "0 passed, 1 failed" in out

    path.write_text("import nothing_like_this\n", encoding="utf-8")
    code, out, _ = mpdt(str(plugin / "tests" / "echo.mpdt.toml"), "--json", "-k", "greets", tmp_path=tmp_path)
    document = json.loads(out)
    assert (code, document["passed"], document["failed"]) == (1, 0, 1)
    assert document["results"][0]["outcome"] == "error"
    assert "No module named 'nothing_like_this'" in document["results"][0]["failure"]["problem"]


def test_what_cannot_be_played_is_a_usage_error(plugin: Path, tmp_path: Path) -> None:
    code, _, error = mpdt(str(plugin), "-k", "no such thing", tmp_path=tmp_path)
    assert code == 2
    assert "named like 'no such thing'" in error
    file = plugin / "tests" / "echo.mpdt.toml"
    file.write_text("[[scenario]]\nnme = 1\n", encoding="utf-8")
    code, _, error = mpdt(str(plugin), tmp_path=tmp_path)
    assert code == 2
    assert f"{file}:1: there is no 'nme'; did you mean 'name'?" in error
    file.unlink()
    code, _, error = mpdt(str(plugin), tmp_path=tmp_path)
    assert code == 2
    assert "has no scenarios" in error


ISOLATION = """
[[scenario]]
name = "the model says what the scenario says"

[scenario.model]
default = "from the scenario"

[[scenario.step]]
call = "tool asks"
result_contains = [true, "from the scenario"]

[[scenario]]
name = "what was stored is gone"

[[scenario.step]]
call = "tool stores"
result = [true, 1]

[[scenario]]
name = "and again"

[[scenario.step]]
call = "tool stores"
result = [true, 1]

[[scenario]]
name = "unless it is kept"
keep = true

[[scenario.step]]
call = "tool stores"
result = [true, 2]
"""

TOOLS = """

from src.app.plugin_system.base import BaseTool
from src.app.plugin_system.api.llm_api import create_llm_request, get_model_set_by_task
from src.app.plugin_system.api.storage_api import load_json, save_json
from src.kernel.llm import LLMPayload, ROLE, Text


class Asks(BaseTool):
    tool_name = "asks"
    tool_description = "asks"

    async def execute(self) -> tuple[bool, str]:
        request = create_llm_request(get_model_set_by_task("actor"), "asks")
        request.add_payload(LLMPayload(ROLE.USER, Text("well?")))
        return True, (await request.send(stream=False)).message


class Stores(BaseTool):
    tool_name = "stores"
    tool_description = "stores"

    async def execute(self) -> tuple[bool, int]:
        count = ((await load_json("echo", "count")) or {"count": 0})["count"] + 1
        await save_json("echo", "count", {"count": count})
        return True, count


EchoPlugin.get_components = lambda self, listed=EchoPlugin.get_components: [*listed(self), Asks, Stores]
"""


def test_each_scenario_begins_from_nothing_with_its_own_model(plugin: Path, tmp_path: Path) -> None:
    with (plugin / "plugin.py").open("a", encoding="utf-8") as file:
        file.write(TOOLS)
    (plugin / "tests" / "echo.mpdt.toml").write_text(ISOLATION, encoding="utf-8")
    code, out, error = mpdt(str(plugin), "--json", tmp_path=tmp_path)
    results = json.loads(out)["results"]
    assert (code, error) == (0, ""), results
    assert [result["outcome"] for result in results] == ["passed"] * 4


def scenario_event(dev: Dev) -> Any:
    return dev.wait(lambda event: event["event"] == "scenarios")


def test_scenarios_are_played_after_each_change(serve: Serve, plugin: Path) -> None:
    dev = serve("--patch-live", "--scenarios")
    dev.ready()
    assert dev.say("/echo say hello") == ["echo #1: hello"]
    dev.edit("text.py", 'return f"echo #{number}: {text}"', 'return f"said #{number}: {text}"')
    event = scenario_event(dev)
    assert (event["passed"], event["failed"], event["error"]) == (5, 0, None)
    # The plugin that serves was not asked: its next message is its second.
    assert dev.say("/echo say hello") == ["said #2: hello"]
    dev.edit("text.py", "text.upper()", "text")
    event = scenario_event(dev)
    assert (event["passed"], event["failed"], event["error"]) == (4, 1, None)
    assert event["results"][0]["failure"]["difference"] == [r"- (matches \b2: HELLO\W+$)", "+ said #2: hello!"]

    file = plugin / "tests" / "echo.mpdt.toml"
    file.write_text('[[scenario]]\n[[scenario.step]]\nsend = "/echo hi"\nreply = "said #1: hi"\n', encoding="utf-8")
    event = scenario_event(dev)
    assert (event["passed"], event["failed"]) == (1, 0)
    file.write_text("[[scenario", encoding="utf-8")
    assert "is not TOML" in scenario_event(dev)["error"]
    assert dev.ask("GET", "/api/scenarios")["last"]["error"] is not None


def test_a_conversation_is_saved_and_played(serve: Serve, plugin: Path) -> None:
    (plugin / "tests" / "echo.mpdt.toml").unlink()
    dev = serve("--scenarios")
    dev.ready()
    code, out, error = run(dev, "send", "/echo hi", "--user", "bob", "--save", "First words")
    assert (code, out) == (0, "echo #1: hi\n")
    assert "mpdt test" in error
    assert scenario_event(dev)["passed"] == 1
    assert run(dev, "call", "tool", "count_words", '{"text": "a b"}', "--save", "First words")[0] == 0
    event = scenario_event(dev)
    assert (event["passed"], event["results"][0]["name"]) == (1, "First words")
    text = (plugin / "tests" / "first_words.mpdt.toml").read_text()
    assert 'send = "/echo hi"' in text
    assert 'user = "bob"' in text

    said = dev.ask("GET", "/api/conversation")["exchanges"]
    assert [one["exchange"] for one in said] == [1, 2]
    code, _, error = run(dev, "send", "/echo x", "--save", "../x")
    assert code == 2
    assert "no name for a scenario" in error
    played = dev.ask("POST", "/api/scenarios/play", {"words": "first"})
    assert (played["passed"], played["failed"]) == (1, 0)


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    """The stand-in for a bot, whose licence has been agreed to."""
    folder = tmp_path.resolve() / "a bot"
    shutil.copytree(STANDINS / "neo", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "data").mkdir()
    (folder / "data" / "agreed").write_text("yes")
    return folder


def test_scenarios_are_played_in_copies_of_a_bot(plugin: Path, bot: Path, tmp_path: Path) -> None:
    config = bot / "config" / "plugins" / "echo" / "config.toml"
    before = {path: path.read_bytes() for path in bot.rglob("*") if path.is_file()}
    code, out, error = mpdt(str(plugin), "--core", str(bot), "--python", sys.executable, "--json", tmp_path=tmp_path)
    results = json.loads(out)["results"]
    assert (code, error) == (0, ""), results
    assert [result["outcome"] for result in results] == ["passed"] * 5
    assert {path: path.read_bytes() for path in bot.rglob("*") if path.is_file()} == before, "the bot was touched"
    assert not config.exists()
    assert running_below(tmp_path) == []


def test_a_plugin_that_lies_in_the_bot_is_played_there(plugin: Path, bot: Path, tmp_path: Path) -> None:
    inside = bot / "plugins" / "echo_plugin"
    shutil.copytree(plugin, inside)
    words = ("--core", str(bot), "--python", sys.executable, "-k", "greets")
    code, out, error = mpdt(str(inside), *words, tmp_path=tmp_path)
    assert (code, error) == (0, ""), out
    assert "1 passed" in out
    path = inside / "components" / "greeter.py"
    path.write_text(path.read_text("utf-8").replace("Hello", "Goodbye"), encoding="utf-8")
    file = inside / "tests" / "echo.mpdt.toml"
    file.write_text(file.read_text("utf-8").replace('contains = "Alice"', 'contains = "Hello"'), encoding="utf-8")
    code, out, _ = mpdt(str(inside), *words, tmp_path=tmp_path)
    assert code == 1
    assert "+ Goodbye, Alice" in out


def test_what_cannot_be_played_in_a_bot_is_said(plugin: Path, bot: Path, tmp_path: Path) -> None:
    words = ("--core", str(bot), "--python", sys.executable)
    file = plugin / "tests" / "echo.mpdt.toml"
    file.write_text('[[scenario]]\nmodel.default = "x"\n[[scenario.step]]\nsend = "/echo hi"\n', encoding="utf-8")
    code, out, _ = mpdt(str(plugin), *words, tmp_path=tmp_path)
    assert code == 1
    assert "in a bot its own models do" in out

    file.write_text('[[scenario]]\n[[scenario.step]]\nsend = "/echo hi"\n', encoding="utf-8")
    (bot / "main.py").write_text("raise SystemExit('no licence')\n", encoding="utf-8")
    code, out, _ = mpdt(str(plugin), *words, tmp_path=tmp_path)
    assert code == 1
    assert f"The bot in {bot} did not come up" in " ".join(out.split())
    assert "no licence" in out
    code, _, error = mpdt(str(plugin), "--core", str(tmp_path), tmp_path=tmp_path)
    assert code == 2
    assert "is no bot" in error


def running_below(folder: Path) -> list[str]:
    """Processes that work in there, where the system lists them as files."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if os.readlink(link).startswith(str(folder)):
                found.append(link.with_name("cmdline").read_text())
    return found
