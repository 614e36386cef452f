"""In a real classic MoFox-Core. The figures that the tests see are printed: ``pytest -m core -s``."""

from __future__ import annotations

import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from core_kit import TESTS, files, memory, say_figures

pytestmark = [pytest.mark.core, pytest.mark.timeout(900)]
DICE = TESTS.parent / "examples" / "classic_plugin"
GADGET = TESTS / "standins" / "classic_gadget"
RELOADS = 200
UP = "麦麦机器人启动完成"  # the last thing that a start writes
ROUTE = {"kind": "route", "name": "gadget_router", "arguments": {"path": "/word"}}
Serve = Callable[..., Any]


def census(dev: Any) -> dict[str, int]:
    asked = {"kind": "tool", "name": "gadget_census", "arguments": {"folder": str(dev.folder)}}
    answer = dev.ask("POST", "/api/call", asked)
    assert answer["error"] is None, answer["error"]
    counted: dict[str, int] = answer["result"]["content"]
    return counted


def settle(dev: Any) -> None:
    if not any(UP in event.get("message", "") for event in dev.events):
        dev.logged(UP)


def test_start_message_patch_reload_stop(serve: Serve, classic: Path, classic_python: str) -> None:
    started = time.monotonic()
    dev = serve(DICE, "--core", str(classic), "--python", classic_python, "--patch-live", "--no-scenarios")
    ready = dev.ready()
    figures: dict[str, Any] = {"start, s": time.monotonic() - started}
    assert (ready["loaded"], ready["core"], ready["error"]) == (True, "classic", None)
    settle(dev)
    assert dev.say("/roll all") == ["all is no roll; try 2d6."]
    instance = dev.state()["instance_id"]
    times = []
    for number in range(10):
        old, new = ("is no roll; try", "is not a roll; try") if number % 2 == 0 else ("is not a", "is no")
        event = dev.edit("dice.py", old, new)
        assert event["outcome"] == "patched"
        times.append(event["ms"]["total"])
        assert dev.say("/roll all") == [f"all is {'not a' if number % 2 == 0 else 'no'} roll; try 2d6."]
    figures["patch, ms"] = statistics.median(times)
    assert dev.state()["instance_id"] == instance

    rejected = dev.edit("dice.py", "if match is None:", "if match is None")
    assert (rejected["outcome"], rejected["error"]["type"]) == ("rejected", "SyntaxError")
    assert dev.say("/roll all") == ["all is no roll; try 2d6."]
    dev.edit("dice.py", "if match is None\n", "if match is None:\n")
    reloaded = dev.edit("dice.py", "NOTATION = ", "print('imported')\nNOTATION = ")
    assert (reloaded["outcome"], len(reloaded["rude_edits"])) == ("reloaded", 1)
    figures["structural reload, ms"] = reloaded["ms"]["total"]
    assert dev.say("/roll all") == ["all is no roll; try 2d6."]
    rolled = dev.ask("POST", "/api/call", {"kind": "tool", "name": "roll_dice", "arguments": {"notation": "3d6"}})
    assert len(rolled["result"]["content"]) == 3
    code, figures["stop, s"] = dev.stop()
    said = [event["message"] for event in dev.rest() if event["event"] == "log"]
    assert code == 0
    assert any("the dice are gone" in line for line in said)
    assert any("正在关闭日志系统" in line for line in said)  # the bot's own last word
    say_figures("MoFox-Core, classic_plugin", figures)


@pytest.mark.parametrize("template", ["basic", "full"])
def test_a_new_plugin_of_mpdt_init_is_at_home(
    serve: Serve, classic: Path, classic_python: str, tmp_path: Path, template: str
) -> None:
    folder = tmp_path.resolve()
    options = ["--flavour", "classic", "--template", template, "--no-git"]
    subprocess.run([sys.executable, "-m", "mpdt", "init", "fresh_one", *options], cwd=folder, check=True, timeout=60)
    options = ["--core", str(classic), "--python", classic_python, "--patch-live", "--no-scenarios"]
    dev = serve(folder / "fresh_one", *options)
    ready = dev.ready()
    assert (ready["loaded"], ready["core"], ready["error"]) == (True, "classic", None)
    assert dev.say("/fresh_one Ann") == ["Hello, Ann. You are number 1."]
    edited = dev.edit("greetings.py", "You are number", "You have number")
    assert edited["outcome"] == "patched"
    assert dev.say("/fresh_one Ann") == ["Hello, Ann. You have number 2."]
    if template == "full":
        greet = {"kind": "tool", "name": "fresh_one_greet", "arguments": {"name": "Bob"}}
        answer = dev.ask("POST", "/api/call", greet)
        assert answer["result"]["content"] == "Hello, Bob. You have number 3."
    code, seconds = dev.stop()
    assert code == 0
    said = [event for event in [*dev.events, *dev.rest()] if event["event"] == "log"]
    ours = [one for one in said if "fresh_one" in one["message"]]
    assert [one for one in ours if one["level"] in ("WARNING", "ERROR")] == []
    say_figures(
        f"MoFox-Core, mpdt init --template {template}", {"patch, ms": edited["ms"]["total"], "stop, s": seconds}
    )


def test_200_reloads_are_flat(serve: Serve, classic: Path, classic_python: str) -> None:
    dev = serve(GADGET, "--core", str(classic), "--python", classic_python)
    ready = dev.ready()
    assert ready["loaded"] is True, ready["error"]
    settle(dev)

    def reload_it(number: int) -> float:
        old, new = ("one", "two") if number % 2 == 0 else ("two", "one")
        event = dev.edit("plugin.py", f'WORD = "{old}"', f'WORD = "{new}"')
        assert event["outcome"] == "reloaded", event["error"]
        if number % 20 == 0:
            assert dev.ask("POST", "/api/call", ROUTE)["result"]["body"] == {"word": new}
            assert dev.say("/gizmo") == [f"{new} 3"]
        return float(event["ms"]["total"])

    for number in range(20):  # caches fill
        reload_it(number)
    before, held = census(dev), memory(dev)
    times = [reload_it(number) for number in range(RELOADS)]
    after, grown = census(dev), memory(dev) - held
    more = {name: after.pop(name) - before.pop(name) for name in ("blocks", "objects")}
    figures = {"reload, ms": statistics.median(times), "resident over 200, MB": grown / 1e6, **more}
    say_figures("MoFox-Core, gadget", {**figures, "before": before, "after": after})
    assert {name: count for name, count in after.items() if count != before[name]} == {}
    assert (before["versions"], before["classes"]) == (1, 5)
    assert more["blocks"] < 100 * RELOADS  # a version is thousands


def test_the_folder_is_as_after_a_run_without_mpdt(
    serve: Serve, classic: Path, classic_python: str, tmp_path: Path
) -> None:
    from conftest import copied

    alone = copied(classic, tmp_path / "alone")
    copied(DICE, alone / "plugins" / "classic_plugin")
    with subprocess.Popen(
        [classic_python, "bot.py"], cwd=alone, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as bot:
        assert bot.stdout is not None
        for line in bot.stdout:
            if UP in line.decode("utf-8", "replace"):
                break
        bot.send_signal(signal.SIGINT)
        bot.communicate()
    dev = serve(DICE, "--core", str(classic), "--python", classic_python, "--patch-live", "--no-scenarios")
    ready = dev.ready()
    assert ready["loaded"] is True, ready["error"]
    settle(dev)
    dev.edit("dice.py", "is no roll; try", "is not a roll; try")
    dev.stop()
    extra = {name for name in files(alone) if name.startswith("plugins/classic_plugin/")}
    ours, theirs = files(classic), files(alone) - extra
    assert {name for name in ours ^ theirs if not name.startswith("data/")} == set()
    say_figures("MoFox-Core, data of one run only", {"files": sorted(ours ^ theirs)})
    sources = [name for name in ours & theirs if name.endswith((".py", ".md", ".json", ".toml", ".lock", ".env"))]
    places = {bot: str(bot).encode() for bot in (classic, alone)}  # which one of its plugins writes into its config
    texts = [{name: (bot / name).read_bytes().replace(places[bot], b"BOT") for name in sources} for bot in places]
    different = [name for name in sources if texts[0][name] != texts[1][name]]
    assert [name for name in different if not name.startswith(("data/", ".env"))] == []


def test_an_agreement_is_shown_and_is_the_developers(serve: Serve, classic: Path, classic_python: str) -> None:
    environment = classic / ".env"
    environment.write_text(environment.read_text().replace("true", "false"))
    dev = serve(DICE, "--core", str(classic), "--python", classic_python, "--no-scenarios")
    dev.logged("EULA_CONFIRMED=true")  # the bot says what it wants, and looks again every two seconds
    environment.write_text(environment.read_text().replace("false", "true"))
    assert dev.ready()["loaded"] is True


def test_an_interpreter_without_its_libraries_is_named(serve: Serve, classic: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    ready = serve(DICE, "--core", str(classic), "--python", str(bare / "bin" / "python"), "--no-scenarios").ready()
    assert ready["loaded"] is False
    assert "has not got: install what the bot requires there" in ready["error"]["message"]
