"""The bot's own tables, with the columns that plugins read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Float, Integer, Text
from sqlalchemy.orm import mapped_column

from mpdt.worker.cores.simulated.database import Base

COLUMNS: dict[str, tuple[str, dict[str, Any]]] = {
    "ChatStreams": (
        "chat_streams",
        {
            **dict.fromkeys(("stream_id", "person_id", "platform", "group_id", "group_name", "chat_type"), Text),
            **dict.fromkeys(("created_at", "last_active_time", "context_cleared_at"), Float),
        },
    ),
    "Messages": (
        "messages",
        {
            **dict.fromkeys(("message_id", "stream_id", "person_id", "message_type", "content"), Text),
            **dict.fromkeys(("processed_plain_text", "reply_to", "platform"), Text),
            "time": Float,
        },
    ),
    "ActionRecords": (
        "action_records",
        {
            **dict.fromkeys(("action_id", "stream_id", "person_id", "action_name", "action_data"), Text),
            **dict.fromkeys(("action_done", "action_build_into_prompt"), Boolean),
            "action_prompt_display": Text,
            "time": Float,
        },
    ),
    "Images": (
        "images",
        {
            **dict.fromkeys(("image_id", "description", "path", "type"), Text),
            "count": Integer,
            "vlm_processed": Boolean,
            "timestamp": Float,
        },
    ),
    "ImageDescriptions": (
        "image_descriptions",
        {**dict.fromkeys(("type", "image_description_hash", "description"), Text), "timestamp": Float},
    ),
    "PersonInfo": (
        "person_info",
        {
            **dict.fromkeys(("person_id", "platform", "user_id", "nickname", "cardname", "impression"), Text),
            **dict.fromkeys(("short_impression", "points", "info_list"), Text),
            **dict.fromkeys(("first_interaction", "last_interaction", "created_at", "updated_at"), Float),
            **dict.fromkeys(("interaction_count", "attitude"), Integer),
        },
    ),
    "PermissionGroups": (
        "permission_groups",
        {
            **dict.fromkeys(("person_id", "permission_level", "granted_by", "reason"), Text),
            **dict.fromkeys(("created_at", "updated_at"), Float),
        },
    ),
    "CommandPermissions": (
        "command_permissions",
        {
            **dict.fromkeys(("person_id", "command_signature", "granted_by", "reason"), Text),
            "granted": Boolean,
            **dict.fromkeys(("created_at", "updated_at"), Float),
        },
    ),
}


def table(name: str) -> type[Any]:
    table_name, columns = COLUMNS[name]
    members: dict[str, Any] = {column: mapped_column(kind, nullable=True) for column, kind in columns.items()}
    members["id"] = mapped_column(Integer, primary_key=True, autoincrement=True)
    return type(name, (Base,), {"__tablename__": table_name, "__module__": __name__, **members})


ChatStreams = table("ChatStreams")
Messages = table("Messages")
ActionRecords = table("ActionRecords")
Images = table("Images")
ImageDescriptions = table("ImageDescriptions")
PersonInfo = table("PersonInfo")
PermissionGroups = table("PermissionGroups")
CommandPermissions = table("CommandPermissions")
