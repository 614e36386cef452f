"""What was said: the messages of streams by time, as dicts, and put into readable lines."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from mpdt.worker.cores.simulated import runtime
from mpdt.worker.cores.simulated.models import ChatStream, Message

Row = dict[str, Any]


def messages_of(stream: ChatStream) -> list[Message]:
    context = stream.context
    return sorted([*context.history_messages, *context.unread_messages], key=lambda message: message.time)


def row_of(message: Message) -> Row:
    """The message as the database would give it."""
    text = message.processed_plain_text or (message.content if isinstance(message.content, str) else "")
    return {
        **message.to_dict(),
        "processed_plain_text": text,
        "chat_id": message.stream_id,
        "user_id": message.sender_id,
        "user_nickname": message.sender_name,
        "user_cardname": message.sender_cardname,
        "person_id": f"{message.platform}:{message.sender_id}",
        "is_command": text.startswith("/"),
    }


def rows(stream_ids: Iterable[str] | None = None) -> list[Row]:
    streams = runtime.current().streams
    wanted = list(streams) if stream_ids is None else [one for one in stream_ids if one in streams]
    found = [row_of(message) for stream_id in wanted for message in messages_of(streams[stream_id])]
    return sorted(found, key=lambda row: row["time"])


def is_bots(row: Row) -> bool:
    return bool(row["sender_role"] == "bot" or row["sender_id"] == runtime.BOT_ID)


def limited(found: list[Row], limit: int, limit_mode: str = "latest") -> list[Row]:
    if limit <= 0:
        return found
    return found[:limit] if limit_mode == "earliest" else found[-limit:]


def between(
    start: float,
    end: float,
    stream_ids: Iterable[str] | None = None,
    persons: Iterable[str] | None = None,
    *,
    bots: bool = True,
    commands: bool = True,
) -> list[Row]:
    people = None if persons is None else set(persons)
    return [
        row
        for row in rows(stream_ids)
        if start <= row["time"] <= end
        and (bots or not is_bots(row))
        and (commands or not row["is_command"])
        and (people is None or row["person_id"] in people or row["sender_id"] in people)
    ]


async def get_messages_by_time(
    start_time: float,
    end_time: float,
    limit: int = 0,
    limit_mode: str = "latest",
    filter_bot: bool = False,
    **more: Any,
) -> list[Row]:
    bots = not (filter_bot or more.get("filter_mai"))
    return limited(between(start_time, end_time, bots=bots), limit, limit_mode)


async def get_messages_by_time_in_chat(
    stream_id: str = "",
    start_time: float = 0.0,
    end_time: float = 0.0,
    limit: int = 0,
    limit_mode: str = "latest",
    filter_bot: bool = False,
    filter_command: bool = False,
    **more: Any,
) -> list[Row]:
    bots = not (filter_bot or more.get("filter_mai"))
    where = [more.get("chat_id") or stream_id]
    return limited(between(start_time, end_time, where, bots=bots, commands=not filter_command), limit, limit_mode)


get_messages_by_time_in_chat_inclusive = get_messages_by_time_in_chat


async def get_messages_by_time_in_chat_for_users(
    stream_id: str,
    start_time: float,
    end_time: float,
    person_ids: list[str],
    limit: int = 0,
    limit_mode: str = "latest",
) -> list[Row]:
    return limited(between(start_time, end_time, [stream_id], person_ids), limit, limit_mode)


async def get_messages_by_time_for_users(
    start_time: float, end_time: float, person_ids: list[str], limit: int = 0, limit_mode: str = "latest"
) -> list[Row]:
    return limited(between(start_time, end_time, None, person_ids), limit, limit_mode)


async def get_random_chat_messages(
    start_time: float, end_time: float, limit: int = 0, limit_mode: str = "latest", **_: Any
) -> list[Row]:
    streams = list(runtime.current().streams)
    return limited(between(start_time, end_time, [random.choice(streams)]), limit, limit_mode) if streams else []


async def get_messages_before_time(timestamp: float, limit: int = 0, **_: Any) -> list[Row]:
    return limited(between(0.0, timestamp), limit)


async def get_messages_before_time_in_chat(stream_id: str, timestamp: float, limit: int = 0, **_: Any) -> list[Row]:
    return limited(between(0.0, timestamp, [stream_id]), limit)


async def get_messages_before_time_for_users(timestamp: float, person_ids: list[str], limit: int = 0) -> list[Row]:
    return limited(between(0.0, timestamp, None, person_ids), limit)


async def get_recent_messages(
    stream_id: str = "",
    hours: float = 24.0,
    limit: int = 100,
    limit_mode: str = "latest",
    filter_bot: bool = False,
    **more: Any,
) -> list[Row]:
    now = time.time()
    bots = not (filter_bot or more.get("filter_mai"))
    return limited(between(now - hours * 3600, now, [more.get("chat_id") or stream_id], bots=bots), limit, limit_mode)


async def count_new_messages(
    stream_id: str = "", start_time: float = 0.0, end_time: float | None = None, **more: Any
) -> int:
    return len(between(start_time, end_time or time.time(), [more.get("chat_id") or stream_id]))


async def count_new_messages_for_users(
    stream_id: str, start_time: float, end_time: float, person_ids: list[str]
) -> int:
    return len(between(start_time, end_time, [stream_id], person_ids))


def readable(row: Row) -> str:
    moment = datetime.fromtimestamp(row["time"]).strftime("%H:%M:%S")
    return f"{moment} {row['user_cardname'] or row['sender_name']}: {row['processed_plain_text']}"


async def build_readable_messages_to_str(messages: list[Row], *_: Any, **__: Any) -> str:
    return "\n".join(readable(as_row(message)) for message in messages)


async def build_readable_messages_with_details(
    messages: list[Row], *_: Any, **__: Any
) -> tuple[str, list[tuple[float, str, str]]]:
    found = [as_row(message) for message in messages]
    details = [(row["time"], row["sender_name"], row["processed_plain_text"]) for row in found]
    return "\n".join(map(readable, found)), details


def as_row(message: Any) -> Row:
    return row_of(message) if isinstance(message, Message) else message


async def get_person_ids_from_messages(messages: list[Row]) -> list[str]:
    return list(dict.fromkeys(str(as_row(message)["person_id"]) for message in messages))


async def filter_bot_messages(messages: list[Row]) -> list[Row]:
    return [message for message in messages if not is_bots(as_row(message))]
