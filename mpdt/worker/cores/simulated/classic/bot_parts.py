"""Parts of the classic bot that plugins look at: prompt parameters, security checks, caches, personality."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from mpdt.worker.cores.simulated.classic.bot_config import global_config
from mpdt.worker.cores.simulated.runtime import kept

TEXTS = (
    "chat_id platform user_id sender target reply_to extra_info bot_name bot_nickname "
    "chat_talking_prompt_short expression_habits_block relation_info_block memory_block tool_info_block "
    "knowledge_prompt cross_context_block keywords_reaction_prompt extra_info_block auth_role_prompt_block "
    "time_block identity_block schedule_block moderation_prompt_block safety_guidelines_block "
    "reply_target_block mood_prompt action_descriptions notice_block group_chat_reminder_block chat_scene"
)


class PromptParameters:
    """What a prompt component is told of the prompt that is built."""

    def __init__(self, **values: Any) -> None:
        for name in TEXTS.split():
            setattr(self, name, "")
        self.is_group_chat = False
        self.prompt_mode = "s4u"
        self.max_context_messages = 50
        self.debug_mode = False
        self.chat_target_info: dict[str, Any] | None = None
        self.target_user_info: dict[str, Any] | None = None
        self.available_actions: dict[str, Any] | None = None
        self.message_list_before_now_long: list[Any] = []
        self.message_list_before_short: list[Any] = []
        for name in ("tool", "memory", "expression", "relation", "cross_context", "knowledge"):
            setattr(self, f"enable_{name}", True)
        self.__dict__.update(values)

    def validate(self) -> list[str]:
        return [] if getattr(self, "chat_id", "") else ["chat_id不能为空"]


class SecurityLevel(Enum):
    SAFE = "safe"
    LOW_RISK = "low_risk"
    MEDIUM_RISK = "medium_risk"
    HIGH_RISK = "high_risk"
    CRITICAL = "critical"


class SecurityAction(Enum):
    ALLOW = "allow"
    MONITOR = "monitor"
    SHIELD = "shield"
    BLOCK = "block"
    COUNTER = "counter"


@dataclass
class SecurityCheckResult:
    is_safe: bool = True
    level: SecurityLevel = SecurityLevel.SAFE
    confidence: float = 0.0
    action: SecurityAction = SecurityAction.ALLOW
    reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    matched_patterns: list[str] = field(default_factory=list)
    checker_name: str = ""
    processing_time: float = 0.0


class SecurityChecker(ABC):
    def __init__(self, name: str, priority: int = 50) -> None:
        self.name = name
        self.priority = priority
        self.enabled = True

    @abstractmethod
    async def check(self, message: str, context: dict[str, Any] | None = None) -> SecurityCheckResult: ...

    async def pre_check(self, message: str, context: dict[str, Any] | None = None) -> bool:
        return True

    def enable(self) -> None:
        self.enabled = True

    def disable(self) -> None:
        self.enabled = False


class SecurityManager:
    """Checkers by name; a message is asked of all."""

    def __init__(self) -> None:
        self._checkers: dict[str, SecurityChecker] = {}

    def register_checker(self, checker: SecurityChecker) -> None:
        self._checkers[checker.name] = checker

    def unregister_checker(self, name: str) -> bool:
        return self._checkers.pop(name, None) is not None

    def get_checker(self, name: str) -> SecurityChecker | None:
        return self._checkers.get(name)

    def list_checkers(self) -> list[str]:
        return list(self._checkers)

    async def check_message(self, message: str, context: dict[str, Any] | None = None, mode: str = "sequential") -> Any:
        for checker in sorted(self._checkers.values(), key=lambda one: -one.priority):
            result = await checker.check(message, context)
            if not result.is_safe:
                return result
        return SecurityCheckResult()

    def get_stats(self) -> dict[str, Any]:
        return {"total_checkers": len(self._checkers)}


def get_security_manager() -> SecurityManager:
    return kept(SecurityManager)


class ToolCache:
    """Answers of tools, for as long as they are to live."""

    def __init__(self) -> None:
        self._kept: dict[Any, tuple[float, Any]] = {}

    async def get(self, *key: Any, **more: Any) -> Any:
        ends, value = self._kept.get(self._key(key, more), (0.0, None))
        return value if ends > time.monotonic() else None

    async def set(self, *key: Any, data: Any = None, ttl: float | None = 3600, **more: Any) -> None:
        self._kept[self._key(key, more)] = time.monotonic() + (ttl or 3600), data

    @staticmethod
    def _key(key: tuple[Any, ...], more: dict[str, Any]) -> str:
        return repr((key, sorted((name, repr(value)) for name, value in more.items())))

    async def clear_all(self) -> None:
        self._kept.clear()


tool_cache = ToolCache()


class Individuality:
    name = global_config.bot.nickname  # type: ignore[attr-defined]

    async def get_personality_block(self) -> str:
        return f"你的名字是{self.name}"

    async def initialize(self) -> None: ...


def get_individuality() -> Individuality:
    return kept(Individuality)


def is_mentioned_bot_in_message(message: Any) -> tuple[bool, float]:
    mentioned = bool(getattr(message, "is_mentioned", False)) or bool(getattr(message, "is_at", False))
    return mentioned, 1.0 if mentioned else 0.0
