"""In a real Neo-MoFox. The figures that the tests see are printed: ``pytest -m core -s``."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from core_kit import ECHO, GADGET, blocks, census, files, memory, say_figures

pytestmark = [pytest.mark.core, pytest.mark.timeout(560)]
AGREE = ("agree", "decline")  # the licence; telemetry
REPLY = 'return f"echo #{number}: {text}"'
RELOADS = 200
SETTLED = "成功获取或创建集合: 'emoji_sender'"  # the last thing that a start writes, after the bot is up
Serve = Callable[..., Any]


def settle(dev: Any) -> None:
    """Wait until the bot's own plugins have started all that they start."""
    if not any(SETTLED in event.get("message", "") for event in dev.events):
        dev.logged(SETTLED)


def test_start_message_patch_reload_stop(serve: Serve, neo: Path, neo_python: str) -> None:
    started = time.monotonic()
    dev = serve(ECHO, "--core", str(neo), "--python", neo_python, "--patch-live", answers=AGREE)
    ready = dev.ready()
    figures: dict[str, Any] = {"start": time.monotonic() - started}
    assert (ready["loaded"], ready["core"]) == (True, "neo-mofox"), ready["error"]
    assert dev.say("/echo hello") == ["echo #1: hello"]
    assert dev.say("hello") == ["Hello, developer."]
    instance = dev.state()["instance_id"]
    times = []
    for number in range(10):
        old, new = (REPLY, REPLY + " + '!'") if number % 2 == 0 else (REPLY + " + '!'", REPLY)
        event = dev.edit("text.py", old, new)
        assert event["outcome"] == "patched"
        times.append(event["ms"]["total"])
        assert dev.say("/echo hello") == [f"echo #{number + 2}: hello" + "!" * (number % 2 == 0)]
    figures["patch, ms"] = statistics.median(times)
    assert dev.state()["instance_id"] == instance

    rejected = dev.edit("text.py", "text.upper() + mark", "text.upper() +")
    assert (rejected["outcome"], rejected["error"]["type"]) == ("rejected", "SyntaxError")
    assert dev.say("/echo hello") == ["echo #12: hello"]
    dev.edit("text.py", "text.upper() +", "text.upper() + mark")
    reloaded = dev.edit("state.py", "count = 0\n", "count = 0\nprint('imported')\n")
    assert (reloaded["outcome"], len(reloaded["rude_edits"])) == ("reloaded", 1)
    figures["structural reload, ms"] = reloaded["ms"]["total"]
    assert dev.say("/echo hello") == ["echo #1: hello"]
    assert dev.ask("POST", "/api/call", {"kind": "tool", "name": "count_words", "arguments": {"text": "a b"}})["result"]
    code, seconds = dev.stop()
    figures["stop, s"] = seconds
    said = [event["message"] for event in dev.rest() if event["event"] == "log"]
    assert code == 0
    assert any("echo is gone, after 1 messages" in line for line in said)
    assert any("关闭完成" in line for line in said)  # the bot's own last word
    say_figures("Neo-MoFox, echo_plugin", figures)


@pytest.mark.parametrize("template", ["basic", "full"])
def test_a_new_plugin_of_mpdt_init_is_at_home(
    serve: Serve, neo: Path, neo_python: str, tmp_path: Path, template: str
) -> None:
    folder = tmp_path.resolve()
    command = [
        sys.executable,
        "-m",
        "mpdt",
        "init",
        "fresh_one",
        "--flavour",
        "neo",
        "--template",
        template,
        "--no-git",
    ]
    subprocess.run(command, cwd=folder, check=True, timeout=60)
    started = time.monotonic()
    dev = serve(
        folder / "fresh_one",
        "--core",
        str(neo),
        "--python",
        neo_python,
        "--patch-live",
        "--no-scenarios",
        answers=AGREE,
    )
    ready = dev.ready()
    figures: dict[str, Any] = {"start": time.monotonic() - started}
    assert (ready["loaded"], ready["core"], ready["error"]) == (True, "neo-mofox", None)
    assert dev.say("/fresh_one Ann") == ["Hello, Ann. You are number 1."]
    edited = dev.edit("greetings.py", "You are number", "You have number")
    assert edited["outcome"] == "patched"
    figures["patch, ms"] = edited["ms"]["total"]
    assert dev.say("/fresh_one Ann") == ["Hello, Ann. You have number 2."]
    if template == "full":
        greet = {"kind": "tool", "name": "fresh_one_greet", "arguments": {"name": "Bob"}}
        answer = dev.ask("POST", "/api/call", greet)
        assert answer["error"] is None
        assert "Hello, Bob. You have number 3." in str(answer["result"])
        assert dev.say("hello") == ["Hello, developer. You have number 4."]
    code, figures["stop, s"] = dev.stop()
    assert code == 0
    # Of all that the bot says, nothing complains of this plugin; and nobody is told of a blocked loop by mpdt.
    said = [event for event in [*dev.events, *dev.rest()] if event["event"] == "log"]
    ours = [one for one in said if "fresh_one" in one["message"] or one["logger"].startswith("mpdt")]
    assert [one for one in ours if one["level"] in ("WARNING", "ERROR") and "Still loading" not in one["message"]] == []
    say_figures(f"Neo-MoFox, mpdt init --template {template}", figures)


def test_200_reloads_are_flat(serve: Serve, neo: Path, neo_python: str) -> None:
    dev = serve(GADGET, "--core", str(neo), "--python", neo_python, answers=AGREE)
    assert dev.ready()["loaded"] is True
    settle(dev)  # what the bot still takes for itself is not the reloads'
    routed = {"kind": "route", "name": "gadget", "arguments": {"path": "/word"}}

    def reload_it(number: int) -> float:
        old, new = ("one", "two") if number % 2 == 0 else ("two", "one")
        event = dev.edit("plugin.py", f'WORD = "{old}"', f'WORD = "{new}"')
        assert event["outcome"] == "reloaded", event["error"]
        if number % 20 == 0:
            assert dev.ask("POST", "/api/call", routed)["result"]["body"] == {"word": new}
            assert dev.say("/gadget") == [f"{new} 3"]
        return float(event["ms"]["total"])

    for number in range(20):  # caches fill
        reload_it(number)

    def least() -> int:
        """Blocks in use, at the quietest moment of ten reloads: timers and what the engine has at hand come and go."""
        found = []
        for number in range(10):
            reload_it(number)
            found.append(blocks(dev))
        return min(found)

    used = least()
    before, held = census(dev), memory(dev)
    times = [reload_it(number) for number in range(RELOADS)]
    grown, more = memory(dev) - held, least() - used
    after = census(dev)
    figures = {"reload, ms": statistics.median(times), "resident over 200, MB": grown / 1e6, "blocks over 200": more}
    say_figures("Neo-MoFox, gadget", {**figures, "before": before, "after": after})
    assert {name: count for name, count in after.items() if count != before[name]} == {}
    assert (before["versions"], before["classes"]) == (1, 5)
    # Resident memory keeps the mark of the garbage that waited for a collection. What is used does not grow with the
    # reloads; it was 53 blocks each.
    assert more < 5 * RELOADS


def test_the_folder_is_as_after_a_run_without_mpdt(serve: Serve, neo: Path, neo_python: str, tmp_path: Path) -> None:
    from conftest import copied

    alone = copied(neo, tmp_path / "alone")
    copied(ECHO, alone / "plugins" / "echo_plugin")
    with subprocess.Popen(
        [neo_python, "main.py"], cwd=alone, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as bot:
        assert bot.stdin is not None
        assert bot.stdout is not None
        bot.stdin.write("".join(f"{line}\n" for line in AGREE).encode())
        bot.stdin.flush()
        for line in bot.stdout:
            if SETTLED in line.decode("utf-8", "replace"):
                break
        bot.stdin.write(b"/stop\n")
        bot.stdin.flush()
        bot.communicate()
    dev = serve(ECHO, "--core", str(neo), "--python", neo_python, "--patch-live", answers=AGREE)
    assert dev.ready()["loaded"] is True
    settle(dev)
    dev.edit("text.py", REPLY, REPLY + " + '!'")
    dev.stop()
    extra = {name for name in files(alone) if name.startswith("plugins/echo_plugin/")}
    assert files(neo) == files(alone) - extra
    sources = [name for name in files(neo) if name.endswith((".py", ".md", ".json", ".toml", ".lock", ".bat"))]
    different = [name for name in sources if (neo / name).read_bytes() != (alone / name).read_bytes()]
    # What the bot writes at every start: times, and a salt and an identity of its own.
    assert [name for name in different if not name.startswith(("data/", "config/core.toml"))] == []


def test_a_declined_licence_ends_the_bot_with_its_own_words(serve: Serve, neo: Path, neo_python: str) -> None:
    dev = serve(ECHO, "--core", str(neo), "--python", neo_python, answers=("decline",))
    ready = dev.ready()
    assert ready["loaded"] is False
    assert "EULA" in ready["error"]["traceback"]


def test_an_interpreter_without_its_libraries_is_named(serve: Serve, neo: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    ready = serve(ECHO, "--core", str(neo), "--python", str(bare / "bin" / "python")).ready()
    assert ready["loaded"] is False
    assert "has not got: install what the bot requires there" in ready["error"]["message"]
