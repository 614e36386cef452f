"""``mpdt dev --core``: the plugin inside a bot. Here a small one of ours, with the classic layout and its defects."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Dev

TESTS = Path(__file__).parents[1]
STANDINS = TESTS / "standins"
DICE = TESTS.parent / "examples" / "classic_plugin"
RELOADS = 25
NOT_COUNTED = {"blocks", "objects"}
Serve = Callable[..., Dev]
ROUTE = {"kind": "route", "name": "gadget_router", "arguments": {"path": "/word"}}
WORD = {"kind": "tool", "name": "gadget_word", "arguments": {}}


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    """A copy of the stand-in, whose agreement has been agreed to."""
    folder = tmp_path.resolve() / "bot"
    shutil.copytree(STANDINS / "classic", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / ".env").write_text("EULA_CONFIRMED=true\n")
    return folder


def copied(source: Path, folder: Path) -> Path:
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("__pycache__", ".mpdt"))
    return folder


@pytest.fixture
def gadget(tmp_path: Path) -> Path:
    return copied(STANDINS / "classic_gadget", tmp_path.resolve() / "classic_gadget")


@pytest.fixture
def dice(tmp_path: Path) -> Path:
    return copied(DICE, tmp_path.resolve() / "classic_plugin")


def files(folder: Path) -> set[str]:
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix() for path in found}


def call(dev: Dev, asked: dict[str, Any]) -> Any:
    answer = dev.ask("POST", "/api/call", asked)
    assert answer["error"] is None, answer["error"]
    return answer["result"]


def census(dev: Dev) -> dict[str, int]:
    asked = {"kind": "tool", "name": "gadget_census", "arguments": {"folder": str(dev.folder)}}
    counted: dict[str, int] = call(dev, asked)["content"]
    return {name: count for name, count in counted.items() if name not in NOT_COUNTED}


def reload_now(dev: Dev) -> None:
    dev.ask("POST", "/api/reload", {"full": True})
    assert dev.reload()["outcome"] == "reloaded"


def test_a_prompt_that_is_registered_on_import_is_patched(serve: Serve, bot: Path, gadget: Path) -> None:
    dev = serve("--core", str(bot), "--python", sys.executable, "--patch-live", folder=gadget)
    assert dev.ready()["error"] is None
    assert dev.say("/gadget topic") == ["Speak about the gadget."]
    instance = dev.state()["instance_id"]
    assert dev.edit("plugin.py", "Speak about", "Be silent about")["outcome"] == "patched"
    assert dev.say("/gadget topic") == ["Be silent about the gadget."]
    assert dev.state()["instance_id"] == instance
    renamed = dev.edit("plugin.py", '.", "gadget_topic"', '.", "gadget_theme"')
    assert [edit["code"] for edit in renamed["rude_edits"]] == ["MPDT001"]


def test_a_classic_plugin_lives_in_the_bot(serve: Serve, bot: Path, dice: Path) -> None:
    dev = serve("--core", str(bot), "--python", sys.executable, "--patch-live", folder=dice)
    ready = dev.ready()
    assert (ready["loaded"], ready["core"], ready["error"]) == (True, "classic", None)
    assert dev.state()["modules"][0] == "plugins.classic_plugin"  # as the bot would import it
    listed = dev.ask("GET", "/api/components")["components"]
    assert [call["title"] for one in listed for call in one["calls"]][:2] == ["/dice", "/roll"]
    (reply,) = dev.say("/dice 2d1")
    assert reply == "2d1 is no roll; try 2d6." or "two sides" in reply
    instance = dev.state()["instance_id"]

    assert dev.edit("dice.py", "is no roll; try", "is not a roll; try")["outcome"] == "patched"
    assert dev.say("/roll all") == ["all is not a roll; try 2d6."]
    assert dev.state()["instance_id"] == instance

    rejected = dev.edit("dice.py", "if match is None:", "if match is None")
    assert (rejected["outcome"], rejected["error"]["type"]) == ("rejected", "SyntaxError")
    assert dev.say("/roll all") == ["all is not a roll; try 2d6."]
    dev.edit("dice.py", "if match is None\n", "if match is None:\n")

    reloaded = dev.edit("dice.py", "NOTATION = ", "print('imported')\nNOTATION = ")
    assert (reloaded["outcome"], len(reloaded["rude_edits"])) == ("reloaded", 1)
    assert dev.state()["instance_id"] != instance
    assert dev.state()["config_path"] == str(bot / "config" / "plugins" / "dice" / "config.toml")
    rolled = call(dev, {"kind": "tool", "name": "roll_dice", "arguments": {"notation": "3d6"}})
    assert len(rolled["content"]) == 3
    wrong = dev.try_asking("POST", "/api/call", {"kind": "tool", "name": "roll_dice", "arguments": {}})
    assert (wrong[0], "'notation' is missing" in str(wrong[1])) == (422, True) or "missing" in str(wrong[1])

    code, _ = dev.stop()
    said = [event["message"] for event in dev.rest() if event["event"] == "log"]
    assert code == 0
    assert any("the dice are gone" in line for line in said)  # by another stream: earlier or later here
    assert any("everything is being closed" in line for line in said)
    assert any("everything is closed" in line for line in said)  # the bot's own last word


def test_the_bots_folder_is_as_after_a_run_without_mpdt(serve: Serve, bot: Path, dice: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    shutil.copytree(bot, alone)
    shutil.copytree(dice, alone / "plugins" / "classic_plugin")
    with subprocess.Popen([sys.executable, "bot.py"], cwd=alone, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "the bot is up" in line:
                break
        process.send_signal(2)
        process.communicate(timeout=30)
    shutil.rmtree(alone / "plugins" / "classic_plugin")

    before = files(dice)
    dev = serve("--core", str(bot), "--python", sys.executable, folder=dice)
    dev.ready()
    dev.edit("dice.py", "is no roll; try", "is not a roll; try")
    dev.stop()
    assert files(bot) == files(alone)
    assert "config/plugins/dice/config.toml" in files(bot)  # the bot's, who wrote it
    for name in files(bot):
        assert (bot / name).read_bytes() == (alone / name).read_bytes(), name
    assert files(dice) == before


def test_reloads_leave_nothing_behind_in_the_bot(serve: Serve, bot: Path, gadget: Path) -> None:
    dev = serve("--core", str(bot), "--python", sys.executable, folder=gadget)
    assert dev.ready()["error"] is None
    assert dev.say("/gadget heard") == ["an event"]
    assert dev.say("chat") == ["chatter: one"]
    reload_now(dev)
    dev.say("chat")
    before = census(dev)
    for _ in range(RELOADS // 2):
        for old, new in (("one", "two"), ("two", "one")):
            assert dev.edit("plugin.py", f'WORD = "{old}"', f'WORD = "{new}"')["outcome"] == "reloaded"
            assert call(dev, ROUTE)["body"] == {"word": new}
            assert dev.say("chat") == [f"chatter: {new}"]
            assert dev.say("/gizmo") == [f"{new} 3"]
    assert census(dev) == before
    assert (before["versions"], before["classes"], before["adapters"], before["schedules"]) == (1, 5, 1, 1)
    assert (before["rules"], before["chatters"], before["known tasks"], before["events"]) == (1, 1, 1, 4)
    assert before["pending"] == 0  # of the bot's own plugin, which listens to the gadget's event

    rule = '[InjectionRule("planner_prompt", InjectionType.APPEND)], aside'
    assert dev.edit("plugin.py", rule, f"[], aside  # {rule}\n")["outcome"] == "reloaded"
    assert census(dev)["rules"] == 0


def test_a_load_that_fails_leaves_nothing_registered(serve: Serve, bot: Path, gadget: Path) -> None:
    dev = serve("--core", str(bot), "--python", sys.executable, folder=gadget)
    dev.ready()
    reload_now(dev)
    dev.say("chat")
    before = census(dev)
    last = '        logger.info("the gadget is here")\n'
    rejected = dev.edit("plugin.py", last, last + "        1 / 0\n")
    assert (rejected["outcome"], rejected["error"]["type"]) == ("rejected", "ZeroDivisionError")
    assert dev.say("/gadget") == ["one 3"]
    assert census(dev) == before
    assert dev.edit("plugin.py", "        1 / 0\n", "")["outcome"] == "reloaded"
    assert census(dev) == before

    taken = dev.edit("plugin.py", '    command_name = "gadget"\n', '    command_name = "greet"\n')
    assert "plus_command.greet is registered already, by the plugin 'greeter'" in taken["error"]["message"]
    assert dev.say("/greet") == ["Good day."]
    assert census(dev) == before


def test_a_patch_refreshes_what_the_bot_has_registered(serve: Serve, bot: Path, gadget: Path) -> None:
    dev = serve("--core", str(bot), "--python", sys.executable, "--patch-live", folder=gadget)
    dev.ready()
    assert dev.say("/widget") == []
    assert dev.edit("plugin.py", '= ["gizmo"]', '= ["widget"]')["outcome"] == "patched"
    assert dev.say("/widget") == ["one 3"]
    assert dev.say("/gizmo") == []

    assert dev.edit("plugin.py", 'return {"word": WORD}', 'return {"word": WORD * 2}')["outcome"] == "patched"
    assert call(dev, ROUTE)["body"] == {"word": "oneone"}
    assert dev.edit("plugin.py", '@self.router.get("/word")', '@self.router.get("/words")')["outcome"] == "patched"
    assert call(dev, ROUTE)["status"] == 404

    fired = {"kind": "event", "name": "gadget_event", "arguments": {}}
    assert [one["handler"] for one in call(dev, fired)] == ["overhearer"]
    listening = dev.edit("plugin.py", "= [EventType.ON_START, EventType", '= ["gadget_event", EventType')
    assert listening["outcome"] == "patched"
    assert [one["handler"] for one in call(dev, fired)] == ["gadget_listener", "overhearer"]
    assert dev.edit("plugin.py", "    weight = 5\n", "    weight = -5\n")["outcome"] == "patched"
    assert [one["handler"] for one in call(dev, fired)] == ["overhearer", "gadget_listener"]

    gone = dev.edit("plugin.py", "            (GadgetHandler.get_handler_info(), GadgetHandler),\n", "")
    assert (gone["outcome"], gone["registrations"]["removed"]) == ("patched", ["event_handler:gadget_listener"])
    assert [one["handler"] for one in call(dev, fired)] == ["overhearer"]


def test_a_field_of_the_configuration_that_is_new_is_there(serve: Serve, bot: Path, gadget: Path) -> None:
    dev = serve("--core", str(bot), "--python", sys.executable, "--patch-live", folder=gadget)
    dev.ready()
    field = '"gadget": {"limit": ConfigField(type=int, default=3, description="How many.")'
    more = field + ', "sum": ConfigField(type=int, default=9, description="")'
    event = dev.edit("plugin.py", field, more)
    assert event["outcome"] == "patched", event["rude_edits"]
    assert dev.edit("plugin.py", "get_config('gadget.limit', 0)", "get_config('gadget.sum', 0)")["outcome"] == "patched"
    assert dev.say("/gadget") == ["one 9"]


def test_a_config_file_of_the_bot_is_applied_in_place(serve: Serve, bot: Path, gadget: Path) -> None:
    dev = serve("--core", str(bot), "--python", sys.executable, folder=gadget)
    dev.ready()
    path = bot / "config" / "plugins" / "gadget" / "config.toml"
    path.write_text("[gadget]\nlimit = 5\n")
    assert dev.reload()["outcome"] == "patched"
    assert dev.say("/gadget") == ["one 5"]
    path.write_text('[gadget]\nlimit = "many"\n')
    rejected = dev.reload()
    assert (rejected["outcome"], rejected["error"]["line"]) == ("rejected", 2)
    assert dev.say("/gadget") == ["one 5"]
    assert path.read_text() == '[gadget]\nlimit = "many"\n'


def test_a_config_file_in_the_plugins_folder_stays_there(serve: Serve, bot: Path, gadget: Path) -> None:
    (gadget / "config.toml").write_text("[gadget]\nlimit = 7\n")
    dev = serve("--core", str(bot), "--python", sys.executable, folder=gadget)
    dev.ready()
    assert dev.say("/gadget") == ["one 7"]
    assert (gadget / "config.toml").read_text() == "[gadget]\nlimit = 7\n"  # the bot by itself would move it


def test_a_result_of_the_old_code_is_not_kept_for_a_tool(serve: Serve, bot: Path, gadget: Path) -> None:
    code = (
        "        from src.plugin_system.core import stream_tool_history as history\n\n"
        "        manager = history.get_stream_tool_history_manager('x')\n"
        "        await manager.add_tool_call(history.ToolCallRecord(tool_name=self.name, args={}, result=WORD))\n"
    )
    text, last = (gadget / "plugin.py").read_text(), '        return {"name": self.name, "content": WORD}\n'
    (gadget / "plugin.py").write_text(text.replace(last, code + last))
    dev = serve("--core", str(bot), "--python", sys.executable, "--patch-live", folder=gadget)
    dev.ready()
    call(dev, WORD)
    assert census(dev)["results"] == 1
    assert dev.edit("plugin.py", '"content": WORD}', '"content": WORD * 2}')["outcome"] == "patched"
    assert census(dev)["results"] == 0
    call(dev, WORD)
    reload_now(dev)
    assert census(dev)["results"] == 0


def test_a_patch_is_compared_with_a_fresh_interpreter(serve: Serve, bot: Path, dice: Path) -> None:
    dev = serve("--core", str(bot), "--python", sys.executable, "--patch-live", "--audit", folder=dice)
    dev.ready()
    dev.logged("The next patch is compared")
    assert dev.edit("dice.py", "is no roll; try", "is not a roll; try")["outcome"] == "patched"
    dev.logged("A fresh interpreter has the same")


def test_who_speaks_as_owner_is_a_master(serve: Serve, bot: Path, gadget: Path) -> None:
    dev = serve("--core", str(bot), "--python", sys.executable, folder=gadget)
    dev.ready()
    assert dev.say("/gadget may") == ["False"]
    answer = dev.ask("POST", "/api/message", {"text": "/gadget may", "user": "ann", "role": "owner"})
    assert [one["content"] for one in answer["replies"]] == ["True"]
    answer = dev.ask("POST", "/api/message", {"text": "/gadget", "user": "bob", "group": "some"})
    assert [one["stream"] for one in answer["replies"]] == ["mpdt-some"]


def test_schedules_prompts_and_what_there_is_not(serve: Serve, bot: Path, gadget: Path) -> None:
    dev = serve("--core", str(bot), "--python", sys.executable, folder=gadget)
    dev.ready()
    ran = call(dev, {"kind": "schedule", "name": "gadget hourly", "arguments": {}})
    assert ran == {"runs": 1, "succeeded": 1, "last_error": None}
    assert call(dev, {"kind": "prompt", "name": "gadget_prompt", "arguments": {}}) == "The word is one."
    refused = dev.try_asking("POST", "/api/call", {"kind": "service", "name": "x.y", "arguments": {}})
    assert "A classic plugin has no service" in json.dumps(refused[1])
    refused = dev.try_asking("POST", "/api/call", {"kind": "chatter", "name": "gadget_chatter", "arguments": {}})
    assert "send it a message" in json.dumps(refused[1])


def test_an_agreement_is_shown_and_is_the_developers(serve: Serve, bot: Path, dice: Path) -> None:
    (bot / ".env").unlink()
    dev = serve("--core", str(bot), "--python", sys.executable, folder=dice)
    ready = dev.ready()
    assert ready["loaded"] is False
    assert "You have to agree to the EULA" in ready["error"]["traceback"]
    assert "did not come up" in ready["error"]["message"]
    (bot / ".env").write_text("EULA_CONFIRMED=true\n")  # the developer agrees; the next save tries again
    assert dev.edit("dice.py", "is no roll; try", "is not a roll; try")["outcome"] == "restarted"
    assert dev.say("/roll all") == ["all is not a roll; try 2d6."]


def test_a_bot_of_another_build_is_named(serve: Serve, bot: Path, dice: Path) -> None:
    manager = bot / "src" / "plugin_system" / "core" / "plugin_manager.py"
    manager.write_text(manager.read_text().replace("plugin_modules", "known_modules"))
    error = serve("--core", str(bot), "--python", sys.executable, folder=dice).ready()["error"]
    assert "This MoFox-Core (0.13.0) is built otherwise" in error["message"]
    assert "src.plugin_system.core.plugin_manager has no plugin_modules" in error["message"]


@pytest.mark.parametrize("in_the_way", ["the plugin's name", "the folder's name"])
def test_a_plugin_of_the_same_name_is_refused_and_not_replaced(
    serve: Serve, bot: Path, gadget: Path, in_the_way: str
) -> None:
    folder = gadget
    if in_the_way == "the plugin's name":
        text = (gadget / "plugin.py").read_text()
        (gadget / "plugin.py").write_text(text.replace('plugin_name = "gadget"', 'plugin_name = "greeter"'))
        name = "greeter"
    else:
        folder = gadget.rename(gadget.with_name("greeter"))
        name = "greeter"
    before = files(bot)
    dev = serve("--core", str(bot), "--python", sys.executable, folder=folder)
    error = dev.ready()["error"]
    assert f"has a plugin named '{name}' of its own, in {bot / 'plugins' / 'greeter'}" in error["message"]
    dev.stop()
    assert files(bot) == before


def test_a_name_that_is_only_known_once_it_runs_is_refused_too(serve: Serve, bot: Path, gadget: Path) -> None:
    text = (gadget / "plugin.py").read_text()
    (gadget / "plugin.py").write_text(text.replace('plugin_name = "gadget"', 'plugin_name = "greet" + "er"'))
    dev = serve("--core", str(bot), "--python", sys.executable, folder=gadget)
    error = dev.ready()["error"]
    assert "The bot has a plugin named 'greeter' of its own" in error["message"]
    edited = dev.edit("plugin.py", '"greet" + "er"', '"gadget"')
    assert edited["outcome"] == "reloaded"
    assert dev.say("/greet") == ["Good day."]
    counted = census(dev)
    assert (counted["plugins"], counted["plugin classes"]) == (2, 2)


@pytest.mark.parametrize("linked", [False, True])
def test_a_plugin_is_served_where_it_is_installed(serve: Serve, bot: Path, gadget: Path, linked: bool) -> None:
    installed = bot / "plugins" / "my_gadget"
    if linked:
        installed.symlink_to(gadget, target_is_directory=True)
    else:
        shutil.copytree(gadget, installed)
    folder = gadget if linked else installed
    dev = serve("--core", str(bot), "--python", sys.executable, "--patch-live", folder=folder)
    ready = dev.ready()
    assert ready["error"] is None
    assert dev.state()["modules"][0] == "plugins.my_gadget"
    assert dev.say("/gadget") == ["one 3"]
    assert dev.edit("plugin.py", 'f"{WORD} ', 'f"the {WORD} ')["outcome"] == "patched"
    assert dev.say("/gadget") == ["the one 3"]
    counted = census(dev)
    assert (counted["classes"], counted["schedules"], counted["adapters"]) == (5, 1, 1)  # the bot's own version is gone
    assert dev.edit("plugin.py", '"content": WORD}', '"content": 1 / 0}')["outcome"] == "patched"
    failed = dev.ask("POST", "/api/call", WORD)["error"]
    assert (failed["type"], failed["file"]) == ("ZeroDivisionError", str(folder / "plugin.py"))  # and not the link's


def test_an_adapter_in_a_process_of_its_own_needs_a_link(serve: Serve, bot: Path, gadget: Path) -> None:
    text = (gadget / "plugin.py").read_text()
    (gadget / "plugin.py").write_text(text.replace("    run_in_subprocess = False\n", "    run_in_subprocess = True\n"))
    dev = serve("--core", str(bot), "--python", sys.executable, folder=gadget)
    error = dev.ready()["error"]
    assert "The adapter 'gadget_adapter' runs in a process of its own" in error["message"]
    assert "mpdt install --dev" in error["message"]
