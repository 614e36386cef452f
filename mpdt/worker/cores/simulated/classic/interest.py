"""How much a message interests the bot: what the plugin's calculator says, asked for each message that comes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from mpdt.language import _
from mpdt.worker.cores.simulated.classic.models import DatabaseMessages
from mpdt.worker.cores.simulated.classic.others import BaseInterestCalculator, InterestCalculationResult
from mpdt.worker.cores.simulated.classic.registry import Registered, component_registry
from mpdt.worker.cores.simulated.classic.types import ComponentType
from mpdt.worker.cores.simulated.llm.vectors import embedding
from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.cores.simulated.runtime import kept

logger = get_logger("interest_manager")


class InterestManager:
    def __init__(self) -> None:
        self._calculator: BaseInterestCalculator | None = None
        self._asked = self._failed = 0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None:
        if self._calculator is not None:
            await self._calculator.cleanup()

    async def register_calculator(self, calculator: BaseInterestCalculator) -> bool:
        """One at a time: the new one takes the old one's place, if it says that it is ready."""
        if not await calculator.initialize():
            return False
        await self.shutdown()
        self._calculator = calculator
        return True

    async def registered(self) -> BaseInterestCalculator | None:
        """The calculator, made of the plugin's class when it is first asked for; what that raises is told."""
        classes = component_registry.classes(ComponentType.INTEREST_CALCULATOR)
        if self._calculator is None and classes:
            cls: Any = next(iter(classes.values()))
            calculator = cls()
            calculator.plugin_config = calculator.plugin_config or kept(Registered).config
            await self.register_calculator(calculator)
        return self._calculator

    def get_current_calculator(self) -> BaseInterestCalculator | None:
        return self._calculator

    def has_calculator(self) -> bool:
        return self._calculator is not None

    async def health_check(self) -> bool:
        return self._calculator is not None and self._calculator.is_enabled

    async def calculate_interest(self, message: DatabaseMessages, timeout: float = 2.0) -> InterestCalculationResult:  # noqa: ASYNC109
        """Without a calculator, or if it raises or takes too long: no success."""
        self._asked += 1
        failed = InterestCalculationResult(False, message.message_id, 0.0, error_message="没有可用的兴趣值计算组件")
        if self._calculator is None:
            return failed
        began = time.perf_counter()
        try:
            result: InterestCalculationResult = await asyncio.wait_for(self._calculator.execute(message), timeout)
        except Exception as error:  # plugin code
            self._failed += 1
            logger.error(_("The calculator of interest raised: {error!r}", error=error), exc_info=error)
            failed.error_message = str(error)
            return failed
        result.calculation_time = time.perf_counter() - began
        return result

    def get_statistics(self) -> dict[str, Any]:
        return {"manager_statistics": {"total_calculations": self._asked, "failed_calculations": self._failed}}


def get_interest_manager() -> InterestManager:
    return kept(InterestManager)


async def weigh(message: DatabaseMessages) -> None:
    """Note on the message how interesting it is, where a plugin has a calculator."""
    manager = get_interest_manager()
    try:
        calculator = await manager.registered()
    except Exception as error:  # plugin code: making it
        logger.error(_("The calculator of interest raised: {error!r}", error=error), exc_info=error)
        return
    if calculator is None:
        return
    result = await manager.calculate_interest(message)
    if result.success:
        message.interest_value = result.interest_value
        message.should_reply, message.should_act = result.should_reply, result.should_act
        message.interest_calculated = True


@dataclass
class InterestMatchResult:
    message_id: str
    matched_tags: list[str] = field(default_factory=list)
    match_scores: dict[str, float] = field(default_factory=dict)
    overall_score: float = 0.0
    top_tag: str | None = None
    confidence: float = 0.0
    matched_keywords: list[str] = field(default_factory=list)

    def add_match(self, tag_name: str, score: float, keywords: list[str] | None = None) -> None:
        self.matched_tags.append(tag_name)
        self.match_scores[tag_name] = score
        self.matched_keywords += keywords or []

    def get_top_matches(self, top_n: int = 3) -> list[tuple[str, float]]:
        return sorted(self.match_scores.items(), key=lambda one: -one[1])[:top_n]

    def calculate_overall_score(self) -> None:
        self.overall_score = max(self.match_scores.values(), default=0.0)
        self.top_tag = next((tag for tag, _score in self.get_top_matches(1)), None)


class BotInterestManager:
    """The bot's own interests, which the real one has a model think up at its first start. Until somebody calls
    ``initialize`` there are none, as in a bot that has not got so far.
    """

    def __init__(self) -> None:
        self.is_initialized = False

    async def initialize(self, personality_description: str, personality_id: str = "default") -> None:
        self.is_initialized = True

    def get_current_interests(self) -> None:
        return None

    def get_interest_stats(self) -> dict[str, Any]:
        return {"initialized": self.is_initialized, "total_tags": 0, "active_tags": 0}

    async def generate_embeddings_for_texts(
        self, text_map: dict[str, str], batch_size: int = 16
    ) -> dict[str, list[float]]:
        return {key: embedding(text) for key, text in text_map.items() if text}

    async def calculate_interest_match(
        self, message_text: str, keywords: list[str] | None = None, message_embedding: list[float] | None = None
    ) -> InterestMatchResult:
        return InterestMatchResult("")


class Present:
    """That of the version of the plugin that runs."""

    def __getattr__(self, name: str) -> Any:
        return getattr(kept(BotInterestManager), name)


bot_interest_manager = Present()
