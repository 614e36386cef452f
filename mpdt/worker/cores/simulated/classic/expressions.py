"""Ways of speaking that the bot picks up in a chat: learned by the model, from what people said there."""

from __future__ import annotations

import re
import time
from typing import Any

from mpdt.worker.cores.simulated.classic.bot_config import global_config
from mpdt.worker.cores.simulated.classic.language import ask
from mpdt.worker.cores.simulated.classic.models import streams
from mpdt.worker.cores.simulated.runtime import BOT_ID, kept

ENOUGH = 25  # messages since the last time
LEARNED = re.compile(
    r"当\s*[“\"']?(.+?)[”\"']?\s*(?:时|的时候)\s*[，,]?\s*(?:使用|可以使用|可以)\s*[“\"']?(.+?)[”\"']?\s*$"
)
QUESTION = "请从下面的聊天记录中总结说话的方式，每行一条，格式为：当“场景”时，使用“说法”\n"


class ExpressionLearner:
    """Of one chat."""

    def __init__(self, chat_id: str) -> None:
        self.chat_id = chat_id
        self.chat_name = chat_id
        self.last_learning_time = 0.0
        self._known: list[dict[str, Any]] = []

    def _said(self) -> list[str]:
        """What people said since the last learning."""
        stream = streams().get(self.chat_id)
        messages = stream.context.get_messages() if stream else []
        return [
            str(one.processed_plain_text)
            for one in messages
            if one.time > self.last_learning_time and one.user_info.user_id != BOT_ID and one.processed_plain_text
        ]

    def can_learn_for_chat(self) -> bool:
        return global_config.expression.get_expression_config_for_chat(self.chat_id)[1]  # type: ignore[attr-defined, no-any-return]

    async def should_trigger_learning(self) -> bool:
        return len(self._said()) >= ENOUGH

    async def trigger_learning_for_chat(self) -> bool:
        """Was anything learned?"""
        return await self.should_trigger_learning() and bool(await self.learn_and_store("style"))

    async def learn_and_store(self, type: str, num: int = 10) -> list[tuple[str, str, str]] | None:
        """(chat, situation, way of speaking); None if nothing was said."""
        said = self._said()
        if not said:
            return None
        answer = (await ask(QUESTION + "\n".join(said), f"expression.learner.{type}")).message or ""
        self.last_learning_time = time.time()
        found = self.parse_expression_response(answer, self.chat_id)[:num]
        self._known += [
            {"situation": situation, "style": style, "type": type, "count": 1.0, "source_id": self.chat_id}
            for _, situation, style in found
        ]
        return found

    @staticmethod
    def parse_expression_response(response: str, chat_id: str) -> list[tuple[str, str, str]]:
        matches = (LEARNED.search(line.strip()) for line in response.splitlines())
        return [(chat_id, match[1], match[2]) for match in matches if match]

    def get_related_chat_ids(self) -> list[str]:
        return [self.chat_id]

    async def get_expression_by_chat_id(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Of style, and of grammar."""
        kinds = ([one for one in self._known if one["type"] == kind] for kind in ("style", "grammar"))
        return next(kinds), next(kinds)

    async def cleanup_expired_expressions(self, expiration_days: int | None = None) -> int:
        """None expires before the plugin is loaded anew."""
        return 0


class ExpressionLearnerManager:
    def __init__(self) -> None:
        self.expression_learners: dict[str, ExpressionLearner] = {}

    async def get_expression_learner(self, chat_id: str) -> ExpressionLearner:
        return self.expression_learners.setdefault(chat_id, ExpressionLearner(chat_id))


class Present:
    """The learners of the version of the plugin that runs."""

    def __getattr__(self, name: str) -> Any:
        return getattr(kept(ExpressionLearnerManager), name)


expression_learner_manager = Present()


class ExpressionSelector:
    """Of what was learned in the chat."""

    def __init__(self, chat_id: str = "") -> None:
        self.chat_id = chat_id

    @staticmethod
    def can_use_expression_for_chat(chat_id: str) -> bool:
        return True

    def get_related_chat_ids(self, chat_id: str) -> list[str]:
        return [chat_id]

    async def get_random_expressions(
        self, chat_id: str, total_num: int, style_percentage: float, grammar_percentage: float
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        learner = await expression_learner_manager.get_expression_learner(chat_id)
        style, grammar = await learner.get_expression_by_chat_id()
        return style[: round(total_num * style_percentage)], grammar[: round(total_num * grammar_percentage)]

    async def select_suitable_expressions(
        self,
        chat_id: str,
        chat_history: list[Any] | str,
        target_message: str | None = None,
        max_num: int = 10,
        min_num: int = 5,
    ) -> list[dict[str, Any]]:
        """Those whose situation is spoken of come first."""
        learner = await expression_learner_manager.get_expression_learner(chat_id)
        known = [one for kind in await learner.get_expression_by_chat_id() for one in kind]
        return sorted(known, key=lambda one: one["situation"] not in (target_message or ""))[:max_num]

    async def select_suitable_expressions_llm(
        self, chat_id: str, chat_info: str, max_num: int = 10, min_num: int = 5, target_message: str | None = None
    ) -> list[dict[str, Any]]:
        return await self.select_suitable_expressions(chat_id, chat_info, target_message, max_num, min_num)


expression_selector = ExpressionSelector()
