"""What the bot does with texts on their way in and out."""

from __future__ import annotations

import re
from typing import Any

from mpdt.worker.cores.simulated.classic.apis import get_person_id
from mpdt.worker.cores.simulated.classic.bot_config import global_config
from mpdt.worker.cores.simulated.classic.history import build_readable_messages
from mpdt.worker.cores.simulated.classic.models import streams

MARKS = re.compile(r"\[回复.*?\]\s*|\[.*?\]|@<.*?>", re.DOTALL)
SENTENCE_ENDS = re.compile(r"(?<=[。！？!?\n])")


def filter_system_format_content(content: str | None) -> str:
    """Without the marks that the bot writes for pictures, replies and mentions."""
    return MARKS.sub("", content or "")


def process_llm_response(text: str, enable_splitter: bool = True, enable_chinese_typo: bool = True) -> list[str]:
    """In sentences, a few at most; what is too long is one excuse. No typing errors are made up here."""
    splitter = global_config.response_splitter  # type: ignore[attr-defined]
    if len(text) > splitter.max_length * 3:
        return ["懒得说"]
    if not (enable_splitter and splitter.enable):
        return [text]
    parts = [part.strip() for part in SENTENCE_ENDS.split(text) if part.strip()]
    most = splitter.max_sentence_num
    return [*parts[: most - 1], "".join(parts[most - 1 :])] if len(parts) > most else parts or [text]


def assign_message_ids(messages: list[Any]) -> list[dict[str, Any]]:
    """Each with a short number, by which a model names it."""
    return [{"id": f"m{number}", "message": message} for number, message in enumerate(messages, 1)]


async def build_readable_messages_with_id(messages: list[Any], *args: Any, **more: Any) -> tuple[str, list[Any]]:
    numbered = assign_message_ids(messages)
    lines = [f"[{one['id']}] {await build_readable_messages([one['message']], *args, **more)}" for one in numbered]
    return "\n".join(lines), numbered


async def get_chat_type_and_target_info(chat_id: str) -> tuple[bool, dict[str, Any] | None]:
    """Is it a group, and else with whom the bot talks."""
    stream = streams().get(chat_id)
    if stream is None or stream.group_info or stream.user_info is None:
        return bool(stream and stream.group_info), None
    user = stream.user_info
    return False, {
        "platform": stream.platform,
        "user_id": user.user_id,
        "user_nickname": user.user_nickname,
        "person_id": get_person_id(stream.platform, user.user_id),
        "person_name": user.user_nickname,
    }
