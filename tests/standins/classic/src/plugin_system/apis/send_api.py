"""Sending."""

from typing import Any

from src.chat.message_receive.chat_stream import get_chat_manager
from src.common.core_sink_manager import get_core_sink_manager


async def custom_to_stream(message_type: str, content: Any, stream_id: str) -> bool:
    stream = get_chat_manager().streams.get(stream_id)
    if stream is None:
        return False
    info: dict[str, Any] = {
        "platform": stream.platform,
        "user_info": {"platform": stream.platform, "user_id": stream.user_info.user_id},
    }
    if stream.group_info is not None:
        info["group_info"] = {"group_id": stream.group_info.group_id}
    envelope = {
        "direction": "outgoing",
        "platform": stream.platform,
        "message_info": info,
        "message_segment": {"type": message_type, "data": content},
    }
    await get_core_sink_manager().send_outgoing(envelope)
    return True


async def text_to_stream(text: str, stream_id: str) -> bool:
    return await custom_to_stream("text", text, stream_id)
