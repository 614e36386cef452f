from src.core.managers.adapter_manager import get_adapter_manager
from src.core.managers.stream_manager import get_stream_manager


async def send_text(content: str, stream_id: str) -> bool:
    stream = get_stream_manager()._streams.get(stream_id)
    if stream is None:
        return False  # as the real one: an answer to an unknown conversation is lost
    for adapter in get_adapter_manager()._active_adapters.values():
        if adapter.platform == stream.platform:
            user = {"user_id": stream_id.partition("/")[2], "user_nickname": ""}
            await adapter._send_platform_message(
                {
                    "message_info": {"platform": stream.platform, "user_info": user},
                    "message_segment": [{"type": "text", "data": content}],
                }
            )
            return True
    return False
