"""The bot's mood in a chat, and what it is doing: calm, and nothing, until somebody says otherwise."""

from __future__ import annotations

import time
from typing import Any

from mpdt.worker.cores.simulated.classic.bot_config import global_config
from mpdt.worker.cores.simulated.classic.language import ask
from mpdt.worker.cores.simulated.runtime import kept

CALM = "感觉很平静"


class ChatMood:
    def __init__(self, chat_id: str) -> None:
        self.chat_id = chat_id
        self.log_prefix = f"[{chat_id}]"
        self.mood_state = CALM

    async def update_mood_by_message(self, message: Any, interested_rate: float) -> None:
        """The model says what the mood is then, if the bot's configuration has moods."""
        if not global_config.mood.enable_mood:  # type: ignore[attr-defined]
            return
        said = getattr(message, "processed_plain_text", None) or ""
        self.mood_state = (
            await ask(f"你现在{self.mood_state}。有人说：{said}\n用一句话说出你现在的心情。", "mood")
        ).message or CALM

    async def regress_mood(self) -> None:
        self.mood_state = CALM


class MoodManager:
    def __init__(self) -> None:
        self._moods: dict[str, ChatMood] = {}

    async def start(self) -> None: ...

    def get_mood_by_chat_id(self, chat_id: str) -> ChatMood:
        return self._moods.setdefault(chat_id, ChatMood(chat_id))


class ScheduleManager:
    def __init__(self) -> None:
        self.today_schedule: list[dict[str, Any]] | None = None
        self._temporary: tuple[float, dict[str, Any]] | None = None

    def get_current_activity(self, mode: str = "reference") -> dict[str, Any] | None:
        """None if the bot does nothing that was planned."""
        if self._temporary and self._temporary[0] > time.time():
            return self._temporary[1]
        return None

    def set_temporary_activity(self, activity: str, duration_minutes: int = 60, reason: str = "用户请求") -> None:
        ends = time.time() + 60 * duration_minutes
        self._temporary = ends, {"activity": activity, "reason": reason, "is_temporary": True}

    def clear_temporary_activity(self) -> None:
        self._temporary = None

    def get_schedule_context(self, verbose: bool = False) -> str:
        activity = self.get_current_activity()
        return f"当前活动：{activity['activity']}" if activity else ""

    def should_mention_schedule(self, force: bool = False) -> bool:
        return force and self.get_current_activity() is not None

    def mark_schedule_mentioned(self) -> None: ...


class PresentMoods:
    """Those of the version of the plugin that runs."""

    def __getattr__(self, name: str) -> Any:
        return getattr(kept(MoodManager), name)


class PresentSchedule:
    """That of the version of the plugin that runs."""

    def __getattr__(self, name: str) -> Any:
        return getattr(kept(ScheduleManager), name)


mood_manager = PresentMoods()
schedule_manager = PresentSchedule()
