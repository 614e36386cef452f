"""``message_api`` of the classic flavour: what was said in streams, by time, as dicts."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from mpdt.worker.cores.simulated.classic.models import streams
from mpdt.worker.cores.simulated.runtime import BOT_ID

Row = dict[str, Any]


def rows(stream_id: str | None, start: float, end: float) -> list[Row]:
    wanted = [one for key, one in streams().items() if stream_id in (None, key)]
    found = [message.flatten() for stream in wanted for message in stream.context.get_messages()]
    return sorted((row for row in found if start <= row["time"] <= end), key=lambda row: row["time"])


def limited(found: list[Row], limit: int, limit_mode: str, more: dict[str, Any]) -> list[Row]:
    if more.get("filter_mai"):
        found = [row for row in found if row["user_id"] != BOT_ID]
    if limit <= 0:
        return found
    return found[:limit] if limit_mode == "earliest" else found[-limit:]


async def get_messages_by_time(
    start_time: float, end_time: float, limit: int = 0, limit_mode: str = "latest", **more: Any
) -> list[Row]:
    return limited(rows(None, start_time, end_time), limit, limit_mode, more)


async def get_messages_by_time_in_chat(
    chat_id: str, start_time: float, end_time: float, limit: int = 0, limit_mode: str = "latest", **more: Any
) -> list[Row]:
    return limited(rows(chat_id, start_time, end_time), limit, limit_mode, more)


async def get_raw_msg_by_timestamp_with_chat(
    chat_id: str, timestamp_start: float, timestamp_end: float, limit: int = 0, limit_mode: str = "latest", **more: Any
) -> list[Row]:
    return limited(rows(chat_id, timestamp_start, timestamp_end), limit, limit_mode, more)


async def get_raw_msg_before_timestamp_with_chat(
    chat_id: str, timestamp: float, limit: int = 0, limit_mode: str = "latest", **more: Any
) -> list[Row]:
    return limited(rows(chat_id, 0.0, timestamp), limit, limit_mode, more)


class MessageStorage:
    """Keeps a message in its stream's history."""

    @staticmethod
    async def store_message(message: Any, chat_stream: Any = None) -> None:
        known = chat_stream or streams().get(getattr(message, "chat_id", ""))
        if known is not None and message not in known.context.history_messages:
            known.context.history_messages.append(message)


async def get_messages_before_time_in_chat(chat_id: str, timestamp: float, limit: int = 0, **more: Any) -> list[Row]:
    return limited(rows(chat_id, 0.0, timestamp), limit, "latest", more)


async def get_recent_messages(
    chat_id: str, hours: float = 24.0, limit: int = 100, limit_mode: str = "latest", **more: Any
) -> list[Row]:
    now = time.time()
    return limited(rows(chat_id, now - hours * 3600, now), limit, limit_mode, more)


async def count_new_messages(chat_id: str, start_time: float = 0.0, end_time: float | None = None) -> int:
    return len(rows(chat_id, start_time, end_time or time.time()))


async def build_readable_messages_to_str(messages: list[Any], *_: Any, **__: Any) -> str:
    lines = []
    for message in messages:
        row = message if isinstance(message, dict) else message.flatten()
        moment = datetime.fromtimestamp(row["time"]).strftime("%H:%M:%S")
        lines.append(f"{moment} {row['user_cardname'] or row['user_nickname']}: {row['processed_plain_text']}")
    return "\n".join(lines)


build_readable_messages = build_readable_messages_to_str


async def build_readable_messages_with_details(messages: list[Any], *_: Any, **__: Any) -> tuple[str, list[Any]]:
    details = [(row["time"], row["user_nickname"], row["processed_plain_text"]) for row in messages]
    return await build_readable_messages_to_str(messages), details
