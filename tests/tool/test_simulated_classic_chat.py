"""What a classic chatter uses of the bot: its actions, its emoji collection, the ways of speaking that it learned."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mpdt.worker.cores import Stimulus, StimulusKind
from mpdt.worker.cores.simulated.classic.examples import example_of
from mpdt.worker.cores.simulated.classic.parsing import extract_and_parse_json
from tests.tool.worker_kit import Hosted, loaded, write

PLUGIN = """
from src.chat.emoji_system.emoji_history import add_emoji_to_history, get_recent_emojis
from src.chat.emoji_system.emoji_manager import MaiEmoji, get_emoji_manager
from src.chat.express.expression_learner import expression_learner_manager
from src.chat.express.expression_selector import expression_selector
from src.chat.planner_actions.action_manager import ChatterActionManager
from src.chat.planner_actions.action_modifier import ActionModifier
from src.chat.utils.utils_image import image_path_to_base64
from src.chat.utils.utils import (
    assign_message_ids, filter_system_format_content, get_chat_type_and_target_info, process_llm_response,
)
from src.common.database.utils.decorators import cached
from src.mood.mood_manager import mood_manager
from src.person_info.person_info import get_person_info_manager
from src.person_info.relationship_fetcher import relationship_fetcher_manager
from src.plugin_system import *
from src.plugin_system.apis import emoji_api, person_api, send_api
from src.plugin_system.base.base_event import HandlerResult
from src.plugin_system.base.base_interest_calculator import BaseInterestCalculator, InterestCalculationResult
from src.plugin_system.core.tool_use import ToolExecutor
from src.schedule.schedule_manager import schedule_manager
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


class Weather(BaseTool):
    name = "weather"
    description = "Tells the weather."
    parameters = [("city", ToolParamType.STRING, "Where.", True, None)]
    available_for_llm = True

    async def execute(self, function_args):
        if function_args["city"] == "nowhere":
            raise LookupError("no such city")
        return {"name": self.name, "content": "sunny in " + function_args["city"]}


class Parts(BaseTool):
    name = "parts"
    description = "d"
    parameters = []
    calls = 0

    @cached(ttl=60, key_prefix="probe")
    async def costly(self, number):
        Parts.calls += 1
        return number * 2

    async def execute(self, function_args):
        people = get_person_info_manager()
        me = people.get_person_id(self.chat_stream.platform, self.chat_stream.user_info.user_id)
        await people.update_one_field(me, "impression", "kind")
        relation = await relationship_fetcher_manager.get_fetcher(self.chat_id).build_relation_info(me)
        scores = [await person_api.get_user_relationship_score("1")]
        await person_api.update_user_relationship("1", 1.5, user_name="me")
        scores += [await person_api.get_user_relationship_score("1")]
        scores += [(await person_api.get_user_relationship_data("1"))["user_name"]]
        executor = ToolExecutor(self.chat_id)
        used = await executor.execute_from_chat_message("weather?", "", "me")
        failed = await executor.execute_from_chat_message("weather there", "", "me")
        history = executor.history_manager.format_for_prompt()
        schedule_manager.set_temporary_activity("tea", 5)
        doing = schedule_manager.get_current_activity()["activity"]
        schedule_manager.clear_temporary_activity()
        target = await get_chat_type_and_target_info(self.chat_id)
        return {
            "known": await people.is_person_known(self.chat_stream.platform, self.chat_stream.user_info.user_id),
            "by_name": await people.get_person_id_by_person_name(self.chat_stream.user_info.user_nickname) == me,
            "impression": await people.get_value(me, "impression"), "nobody": await people.get_value("x", "attitude"),
            "scores": scores, "relation": relation, "used": used, "failed": failed, "history": history, "doing": doing,
            "idle": schedule_manager.get_current_activity(), "mood": mood_manager.get_mood_by_chat_id("x").mood_state,
            "costly": [await self.costly(2), await self.costly(2), await self.costly(3), Parts.calls],
            "group": target[0], "target": target[1]["user_id"] == self.chat_stream.user_info.user_id,
            "without": filter_system_format_content("[回复<小明>的消息：hi] 好的[表情包：笑]"),
            "sentences": process_llm_response("一。二！三？四。五"), "long": process_llm_response("x" * 1000),
            "ids": [one["id"] for one in assign_message_ids(["a", "b"])],
        }


class Calculator(BaseInterestCalculator):
    component_name = "calculator"

    async def execute(self, message):
        if message.processed_plain_text == "break":
            raise ArithmeticError("no interest")
        interest = len(message.processed_plain_text) / 10
        return InterestCalculationResult(True, message.message_id, interest, should_reply=interest > 0.5)


class Hears(BaseEventHandler):
    handler_name = "hears"
    handler_description = "d"
    init_subscribe = [EventType.ON_MESSAGE]

    async def execute(self, kwargs):
        message = kwargs["message"]
        await send_api.text_to_stream(f"{message.interest_value} {message.should_reply}", message.chat_id)
        return HandlerResult(True, True, "")


@register_plugin
class ProbePlugin(BasePlugin):
    plugin_name = "probe"
    config_schema = {}

    def get_plugin_components(self):
        actions = [(cls.get_action_info(), cls) for cls in (Always, Keyed, Judged, Grouped, Elsewhere, Fails)]
        tools = [(cls.get_tool_info(), cls) for cls in (Emojis, Learns, Weather, Parts)]
        rest = [
            (Chatter.get_chatter_info(), Chatter), (Calculator.get_interest_calculator_info(), Calculator),
            (Hears.get_handler_info(), Hears),
        ]
        return [*actions, *tools, *rest]
"""
MODEL = """
[tool.mpdt.llm]
default = "否"

[[tool.mpdt.llm.rules]]
match = "Is tea wanted"
reply = "是"

[[tool.mpdt.llm.rules]]
match = 'weather[?]'
tool = "weather"
arguments = { city = "Wuhan" }

[[tool.mpdt.llm.rules]]
match = "weather there"
tool = "weather"
arguments = { city = "nowhere" }

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


async def test_a_package_that_binds_a_name_over_its_submodule_gives_what_it_binds(tmp_path: Path) -> None:
    async with loaded(make(tmp_path)):
        from src.chat.interest_system import bot_interest_manager, get_interest_manager  # type: ignore[import-not-found]
        from src.chat.interest_system.bot_interest_manager import (  # type: ignore[import-not-found]
            BotInterestManager,
        )
        from src.plugin_system.core import component_registry  # type: ignore[import-not-found]

        assert bot_interest_manager.is_initialized is False
        assert (BotInterestManager.__name__, get_interest_manager().has_calculator()) == ("BotInterestManager", False)
        assert "always" in component_registry.get_action_registry()


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


async def test_what_a_chatter_asks_of_the_bot_is_answered(tmp_path: Path) -> None:
    async with loaded(make(tmp_path)) as host:
        said = await drive(host, "tool", "parts")
        assert (said["known"], said["by_name"], said["impression"], said["nobody"]) == (True, True, "kind", 50)
        assert said["scores"] == [0.3, 1.0, "me"]
        assert said["relation"].endswith("的印象：kind")
        results, used, prompt = said["used"]
        assert [one["content"] for one in results] == ["sunny in Wuhan"]
        assert (used, prompt, said["history"]) == (["weather"], "", '- weather({"city": "Wuhan"}): sunny in Wuhan')
        assert said["failed"] == [[], [], ""]
        assert host.logged("Tool weather raised: LookupError('no such city')")
        assert (said["doing"], said["idle"], said["mood"]) == ("tea", None, "感觉很平静")
        assert said["costly"] == [4, 4, 6, 2], "asked again only with another argument"
        assert (said["group"], said["target"], said["without"]) == (False, True, "好的")
        assert (said["sentences"], said["long"]) == (["一。", "二！", "三？四。五"], ["懒得说"])
        assert said["ids"] == ["m1", "m2"]


async def test_the_plugins_calculator_says_how_interesting_a_message_is(tmp_path: Path) -> None:
    async with loaded(make(tmp_path)) as host:
        assert await host.say("tea") == ["0.3 False"]
        assert await host.say("more tea") == ["0.8 True"]
        assert await host.say("break") == ["None False"]
        assert host.logged("The calculator of interest raised: ArithmeticError('no interest')")


@pytest.mark.parametrize(
    ("text", "strict", "found"),
    [
        ('{"a":1}', False, {"a": 1}),
        ('x ```json\n{"a": [1, 2]}\n``` y', False, {"a": [1, 2]}),
        ("no", True, None),
        ("no", False, {}),
        ("[1,2]", True, [1, 2]),
        ("", False, None),
        ('```json\n[{"x":1}]\n```', False, {"x": 1}),
        ('{"a":1} {"b":2}', True, {"a": 1}),
    ],
)
def test_json_is_found_in_an_answer_as_the_real_core_finds_it(text: str, strict: bool, found: Any) -> None:
    assert extract_and_parse_json(text, strict=strict) == found


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^/old\s+(?P<who>\w+)$", "/old a"),
        (r"^/trpg(?:\s+(?P<subcmd>\S+))?(?:\s+(?P<args>.+))?$", "/trpg"),
        (r"^(?:.*，说：\s*)?/dr\s+(?P<params>.+)$", "/dr a"),
        (r"^/(?:r|roll)\s*(?P<n>\d{2,3})[d-f]$", "/r11d"),
        (r"^细说\s(.+)$", "细说 a"),
        (r"^[^/\s]{2}(?!x)\1?$", ""),
        (r"^(?P<q>['\"])\w(?P=q)$", "'a'"),
        (r"^(?=.*\d)a?1$", "1"),
        (r"^a?(?<=a)$", "a"),
        ("(", ""),
    ],
)
def test_a_pattern_has_an_example_that_it_matches(pattern: str, text: str) -> None:
    assert example_of(pattern) == text
    assert not text or re.search(pattern, text)
