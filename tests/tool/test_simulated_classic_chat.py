"""What a classic chatter uses of the bot: its actions, its emoji collection, the ways of speaking that it learned."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mpdt.worker.cores import Stimulus, StimulusKind
from tests.tool.worker_kit import Hosted, loaded, write

PLUGIN = """
from src.chat.emoji_system.emoji_history import add_emoji_to_history, get_recent_emojis
from src.chat.emoji_system.emoji_manager import MaiEmoji, get_emoji_manager
from src.chat.express.expression_learner import expression_learner_manager
from src.chat.express.expression_selector import expression_selector
from src.chat.planner_actions.action_manager import ChatterActionManager
from src.chat.planner_actions.action_modifier import ActionModifier
from src.chat.utils.utils_image import image_path_to_base64
from src.plugin_system import *
from src.plugin_system.apis import emoji_api
from src.plugin_system.base.base_chatter import BaseChatter


class Act(BaseAction):
    associated_types = ["text"]

    async def execute(self):
        await self.send_text(f"{self.action_name} {self.action_data.get('word')} {self.reasoning}")
        return True, self.action_name


class Always(Act):
    action_name = "always"


class Keyed(Act):
    action_name = "keyed"
    activation_type = ActionActivationType.KEYWORD
    activation_keywords = ["Tea"]


class Judged(Act):
    action_name = "judged"
    activation_type = ActionActivationType.LLM_JUDGE
    llm_judge_prompt = "Is tea wanted?"


class Grouped(Act):
    action_name = "grouped"
    chat_type_allow = ChatType.GROUP


class Elsewhere(Act):
    action_name = "elsewhere"
    chatter_allow = ["Another"]


class Fails(Act):
    action_name = "fails"

    async def execute(self):
        raise LookupError("no tea")


class Chatter(BaseChatter):
    chatter_name = "chatter"
    chat_types = [ChatType.PRIVATE]

    async def execute(self, context):
        loaded = sorted(self.action_manager.get_using_actions())
        await ActionModifier(self.action_manager, self.stream_id).modify_actions(chatter_name="Chatter")
        chosen = sorted(self.action_manager.get_using_actions())
        execute = self.action_manager.execute_action
        done = await execute("always", self.stream_id, reasoning="why", action_data={"word": "w"})
        fails = await execute("fails", self.stream_id)
        unknown = await execute("nothing", self.stream_id)
        silent = await execute("no_reply", self.stream_id)
        return {
            "loaded": loaded, "chosen": chosen, "done": done, "fails": fails["error"], "unknown": unknown["success"],
            "silent": silent["success"], "unread": len(context.get_unread_messages()),
        }


class Emojis(BaseTool):
    name = "emojis"
    description = "d"
    parameters = []

    async def execute(self, function_args):
        manager = get_emoji_manager()
        for number in range(7):
            add_emoji_to_history("chat", f"d{number}")
        first = manager.emoji_objects[0]
        return {
            "known": [(one.description, one.emotion, one.format, len(one.hash)) for one in manager.emoji_objects],
            "emotions": emoji_api.get_emotions(), "count": emoji_api.get_count(), "info": emoji_api.get_info(),
            "by_emotion": await emoji_api.get_by_emotion("开心"), "none": await emoji_api.get_by_emotion("x"),
            "by_description": await emoji_api.get_by_description("sad dog"),
            "random": len(await emoji_api.get_random(9)),
            "for_text": await manager.get_emoji_for_text("我很难过"), "base64": image_path_to_base64(first.full_path),
            "recent": get_recent_emojis("chat", limit=20), "other": get_recent_emojis("other"),
            "deleted": [await manager.delete_emoji(first.hash), await manager.delete_emoji(first.hash)],
            "left": emoji_api.get_descriptions(),
        }


class Learns(BaseTool):
    name = "learns"
    description = "d"
    parameters = []

    async def execute(self, function_args):
        learner = await expression_learner_manager.get_expression_learner(self.chat_id)
        learned = await learner.trigger_learning_for_chat()
        style, grammar = await learner.get_expression_by_chat_id()
        selected = await expression_selector.select_suitable_expressions(self.chat_id, [], "greeting")
        return {"learned": learned, "style": [(one["situation"], one["style"]) for one in style], "grammar": grammar,
                "selected": len(selected)}


@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"
    config_schema = {}

    def get_plugin_components(self):
        actions = [(cls.get_action_info(), cls) for cls in (Always, Keyed, Judged, Grouped, Elsewhere, Fails)]
        tools = [(cls.get_tool_info(), cls) for cls in (Emojis, Learns)]
        return [*actions, *tools, (Chatter.get_chatter_info(), Chatter)]
"""
MODEL = """
[tool.mpdt.llm]
default = "否"

[[tool.mpdt.llm.rules]]
match = "Is tea wanted"
reply = "是"

[[tool.mpdt.llm.rules]]
match = "总结说话的方式"
reply = "当“打招呼”时，使用“早”\\n没有用的一行"
"""


def make(tmp_path: Path) -> Path:
    folder = tmp_path / "probe_plugin"
    manifest = {"name": "probe", "version": "1.0.0", "description": "d", "author": "a", "manifest_version": 1}
    write(folder, {"plugin.py": PLUGIN, "_manifest.json": json.dumps(manifest), "pyproject.toml": MODEL})
    return folder


async def drive(host: Hosted, kind: str, name: str, **arguments: Any) -> Any:
    driven = await host.mini_core.drive(Stimulus(StimulusKind(kind), name, arguments))
    assert driven.error is None, driven.error.traceback
    return driven.result


async def test_a_chatter_chooses_of_the_actions_that_apply_and_carries_them_out(tmp_path: Path) -> None:
    async with loaded(make(tmp_path)) as host:
        said = await drive(host, "chatter", "chatter", text="tea, please")
        assert said["loaded"] == ["always", "elsewhere", "fails", "grouped", "judged", "keyed"]
        assert said["chosen"] == ["always", "fails", "judged", "keyed"]
        assert said["done"] == {"action_type": "always", "success": True, "reply_text": "always", "command": ""}
        assert (said["fails"], said["unknown"], said["silent"], said["unread"]) == ("no tea", False, True, 0)
        assert host.logged("Action fails raised: LookupError('no tea')")
        assert (await drive(host, "chatter", "chatter", text="coffee"))["chosen"] == ["always", "fails", "judged"]


async def test_emojis_are_the_pictures_in_the_bots_folder(tmp_path: Path) -> None:
    folder = make(tmp_path)
    async with loaded(folder) as host:
        pictures = host.core._runtime.stored("data/emoji_registed")
        pictures.mkdir(parents=True)
        (pictures / "happy cat,开心,激动.png").write_bytes(b"cat")
        (pictures / "sad dog,难过.gif").write_bytes(b"dog")
        (pictures / "notes.txt").write_bytes(b"no picture")
        said = await drive(host, "tool", "emojis")
    assert said["known"] == [["happy cat", ["开心", "激动"], "png", 32], ["sad dog", ["难过"], "gif", 32]]
    assert said["emotions"] == sorted(["开心", "激动", "难过"])
    assert (said["count"], said["info"]) == (2, {"current_count": 2, "max_count": 60, "available_emojis": 2})
    assert (said["by_emotion"], said["none"]) == (["Y2F0", "happy cat", "开心"], None)
    assert (said["by_description"], said["random"]) == (["ZG9n", "sad dog", "难过"], 2)
    assert said["for_text"] == [str(pictures / "sad dog,难过.gif"), "sad dog", "难过"]
    assert (said["base64"], said["recent"], said["other"]) == ("Y2F0", ["d6", "d5", "d4", "d3", "d2"], [])
    assert (said["deleted"], said["left"]) == ([True, False], ["sad dog"])


async def test_ways_of_speaking_are_learned_by_the_model_from_enough_messages(tmp_path: Path) -> None:
    async with loaded(make(tmp_path)) as host:
        assert await drive(host, "tool", "learns") == {"learned": False, "style": [], "grammar": [], "selected": 0}
        for number in range(25):
            await host.say(f"message {number}")
        said = await drive(host, "tool", "learns")
        assert said == {"learned": True, "style": [["打招呼", "早"]], "grammar": [], "selected": 1}
        assert (await drive(host, "tool", "learns"))["learned"] is False, "nothing was said since"
