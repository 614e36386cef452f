"""``send_api`` of the classic flavour: by stream's id; what is sent is captured as a reply."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from mpdt.language import _
from mpdt.worker.cores import Reply
from mpdt.worker.cores.simulated.classic.models import DatabaseMessages, streams
from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.cores.simulated.runtime import BOT_ID, BOT_NAME
from mpdt.worker.cores.simulated.sending import deliver, deliver_command

logger = get_logger("send_api")


async def _send(kind: str, content: Any, stream_id: str, shown: str, reply_to: str | None = None) -> bool:
    from mpdt.worker.cores.simulated.classic.events import event_manager
    from mpdt.worker.cores.simulated.classic.types import EventType

    stream = streams().get(stream_id)
    if stream is None:
        logger.error(_("Nothing sent: there is no stream {stream_id!r}.", stream_id=stream_id))
        return False
    group = stream.group_info.group_id if stream.group_info else None
    message = DatabaseMessages(
        uuid4().hex,
        chat_id=stream_id,
        reply_to=reply_to,
        processed_plain_text=shown,
        user_id=BOT_ID,
        user_nickname=BOT_NAME,
        user_platform=stream.platform,
        chat_info_group_id=group,
    )
    before = await event_manager.trigger_event(EventType.POST_SEND, "SYSTEM", stream_id=stream_id, message=message)
    if before is not None and not before.all_continue_process():
        logger.info(_("A message was not sent: an event handler declined it."))
        return False
    stream.context.history_messages.append(message)
    deliver(Reply(kind, content, stream_id))
    await event_manager.trigger_event(EventType.AFTER_SEND, "SYSTEM", stream_id=stream_id, message=message)
    return True


async def text_to_stream(
    text: str, stream_id: str, typing: bool = False, reply_to: str = "", *_: Any, **__: Any
) -> bool:
    return await _send("text", text, stream_id, text, reply_to or None)


async def emoji_to_stream(emoji_base64: str, stream_id: str, *_: Any, **__: Any) -> bool:
    return await _send("emoji", emoji_base64, stream_id, "[表情]")


async def image_to_stream(image_base64: str, stream_id: str, *_: Any, **__: Any) -> bool:
    return await _send("image", image_base64, stream_id, "[图片]")


async def command_to_stream(command: Any, stream_id: str, *_: Any, **__: Any) -> bool:
    return await _send("command", command, stream_id, "[命令]")


async def custom_to_stream(
    message_type: str, content: Any, stream_id: str, display_message: str = "", *_: Any, **__: Any
) -> bool:
    return await _send(message_type, content, stream_id, display_message or f"[{message_type}]")


async def file_to_stream(file_path: str, stream_id: str, file_name: str | None = None, *_: Any, **__: Any) -> bool:
    return await _send("file", {"file": file_path, "name": file_name}, stream_id, f"[文件：{file_name or file_path}]")


async def adapter_command_to_stream(
    action: str, params: dict[str, Any], platform: str | None = "qq", stream_id: str | None = None, *_: Any, **__: Any
) -> dict[str, Any]:
    """What the platform would be told is captured; it answers that all is well, and gives nothing."""
    deliver_command(action, dict(params or {}), stream_id or "")
    return {"status": "ok", "retcode": 0, "data": {}, "message": ""}


async def wait_adapter_response(request_id: str, timeout: float = 30.0) -> dict[str, Any]:  # noqa: ASYNC109
    return {"status": "ok", "data": {}}


def put_adapter_response(request_id: str, response_data: dict[str, Any]) -> None:
    """Nobody waits for it."""
