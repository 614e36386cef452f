from typing import Any


def extract_stream_id(message_info: dict[str, Any]) -> str:
    group = message_info.get("group_info")
    who = group["group_id"] if group else message_info["user_info"]["user_id"]
    return f"{message_info['platform']}/{who}"
