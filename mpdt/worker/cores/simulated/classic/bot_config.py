"""``global_config`` of the classic core: the sections and values that plugins read, as of a bot that is set up."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from mpdt.language import _
from mpdt.worker.cores.sections import looked_up
from mpdt.worker.cores.simulated.runtime import BOT_ID, BOT_NAME, PLATFORM

DEFAULTS = Path(__file__).with_name("bot_defaults.json")  # the core's configuration, as it is before it is edited
SECTIONS: dict[str, dict[str, Any]] = {
    "bot": {"platform": PLATFORM, "qq_account": BOT_ID, "nickname": BOT_NAME, "alias_names": []},
    "personality": {
        "personality_core": "",
        "personality_side": "",
        "identity": "",
        "background_story": "",
        "reply_style": "",
        "personality": "",  # this and the next one MaiBot's
        "plan_style": "",
        "safety_guidelines": [],
        "compress_personality": False,
        "compress_identity": False,
    },
    "chat": {
        "max_context_size": 18,
        "thinking_timeout": 20,
        "talk_frequency": 1.0,
        "mentioned_bot_inevitable_reply": True,
    },
    "emoji": {
        "emoji_chance": 0.6,
        "emoji_activate_type": "random",
        "emoji_selection_mode": "emotion",
        "max_reg_num": 60,
        "do_replace": True,
        "check_interval": 10,
        "steal_emoji": False,
        "content_filtration": False,
    },
    "expression": {"rules": []},
    "mood": {"enable_mood": False, "mood_update_threshold": 1.0},
    "memory": {"enable": False, "enable_memory": False},
    "tool": {"enable_tool": True},
    "voice": {"enable_asr": False, "asr_provider": "api"},
    "schedule": {"enable": False, "enable_is_sleep": False},
    "command": {"command_prefixes": ["/", "!", ".", "#"]},
    "permission": {"master_users": []},
    "plugin": {"centralized_config": True},
    "cross_context": {"enable": False, "groups": []},
    "keyword_reaction": {"keyword_rules": [], "regex_rules": []},
    "response_splitter": {"enable": True, "max_length": 256, "max_sentence_num": 3},
    "lpmm_knowledge": {"enable": False},
    "debug": {"show_prompt": False},
    "log": {"log_level": "INFO"},
    "message_receive": {"ban_words": [], "ban_msgs_regex": []},
    "prefrontal_cortex_chatter": {"enable": True},
    "plugin_http_system": {"enable_plugin_http_endpoints": True, "plugin_api_valid_keys": []},
}


class Section(SimpleNamespace):
    def __init__(self, **values: Any) -> None:
        super().__init__(**{name: Section(**it) if isinstance(it, dict) else it for name, it in values.items()})

    def get(self, name: str, default: Any = None) -> Any:
        return getattr(self, name, default)


class ExpressionSection(Section):
    def get_expression_config_for_chat(self, chat_stream_id: str | None = None) -> tuple[bool, bool, float]:
        """May it use and learn ways of speaking there, and how eagerly: as without any rule."""
        return True, True, 1.0


class BotConfig:
    """The core's defaults, and over them what a bot that is set up has. What is not there is an AttributeError."""

    def __init__(self) -> None:
        defaults: dict[str, dict[str, Any]] = json.loads(DEFAULTS.read_text(encoding="utf-8"))
        for name in {**defaults, **SECTIONS}:
            kind = ExpressionSection if name == "expression" else Section
            setattr(self, name, kind(**{**defaults.get(name, {}), **SECTIONS.get(name, {})}))


global_config = BotConfig()


class TaskConfig:
    """A task's models; here one, whoever ``[tool.mpdt.llm]`` says answers."""

    def __init__(self, name: str = "mpdt") -> None:
        self.name = name
        self.model_list = ["mpdt"]
        self.max_tokens = 2048
        self.temperature = 0.7
        self.concurrency_count = 1


TASKS = (
    "utils utils_small replyer replyer_1 replyer_2 planner tool_use vlm voice emotion mood embedding schedule_generator"
)


class Tasks(dict[str, TaskConfig]):
    """By key, and by attribute."""

    def __getattr__(self, name: str) -> TaskConfig:
        if name not in self:
            raise AttributeError(
                _("there is no model task '{name}'; there are {names}", name=name, names=", ".join(self))
            )
        return self[name]

    def get_task(self, name: str) -> TaskConfig:
        return self[name]


class ModelConfig:
    def __init__(self) -> None:
        self.model_task_config = Tasks({name: TaskConfig(name) for name in TASKS.split()})
        self.models: list[Any] = []
        self.api_providers: list[Any] = []


model_config = ModelConfig()


def get_global_config(key: str, default: Any = None) -> Any:
    """``section.value``."""
    value: Any = global_config
    for part in key.split("."):
        value = getattr(value, part, None)
        if value is None:
            return default
    return value


def get_plugin_config(plugin_config: dict[str, Any], key: str, default: Any = None) -> Any:
    return looked_up(plugin_config, key, default)
