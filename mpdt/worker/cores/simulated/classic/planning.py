"""The values between a planner and what carries its plan out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mpdt.worker.cores.simulated.classic.types import ActionInfo, ChatMode, ChatType


@dataclass
class TargetPersonInfo:
    platform: str = ""
    user_id: str = ""
    user_nickname: str = ""
    person_id: str | None = None
    person_name: str | None = None


@dataclass
class ActionPlannerInfo:
    action_type: str = ""
    reasoning: str | None = None
    action_data: dict[str, Any] | None = None
    action_message: Any = None
    available_actions: dict[str, ActionInfo] | None = None


@dataclass
class InterestScore:
    message_id: str
    total_score: float
    interest_match_score: float
    relationship_score: float
    mentioned_score: float
    details: dict[str, str]


@dataclass
class Plan:
    chat_id: str
    mode: ChatMode
    chat_type: ChatType
    available_actions: dict[str, ActionInfo] = field(default_factory=dict)
    chat_history: list[Any] = field(default_factory=list)
    target_info: TargetPersonInfo | None = None
    llm_prompt: str | None = None
    decided_actions: list[ActionPlannerInfo] | None = None


@dataclass
class DecisionRecord:
    thought: str
    action: str
