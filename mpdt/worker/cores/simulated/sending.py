"""Sending: what the plugin sends is collected as a reply to the message it belongs to, by context."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from mpdt.language import _
from mpdt.worker.cores import Reply
from mpdt.worker.cores.simulated import runtime
from mpdt.worker.cores.simulated.events import get_event_manager
from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.cores.simulated.models import Message, MessageType
from mpdt.worker.cores.simulated.types import EventType

logger = get_logger("send")

Collect = Callable[[Reply], None]
_collector: ContextVar[list[Collect] | None] = ContextVar("mpdt_replies", default=None)


@contextmanager
def collecting(collect: Collect) -> Iterator[None]:
    """What is sent inside, and by tasks started inside, is a reply; once it is left, it is only logged."""
    box: list[Collect] | None = [collect]
    token = _collector.set(box)
    try:
        yield
    finally:
        _collector.reset(token)
        if box:
            box.clear()


class MessageSender:
    async def send_message(self, message: Message, adapter_signature: str | None = None) -> bool:
        """Tell the event handlers, and unless one declines, deliver the message."""
        result = await get_event_manager().publish_event(
            EventType.ON_MESSAGE_SENT,
            {
                "message": message,
                "envelope": None,
                "adapter_signature": adapter_signature,
                "continue_send": True,
            },
        )
        if not result["params"].get("continue_send", True):
            logger.info(_("A message was not sent: an event handler declined it."))
            return True
        stream = runtime.current().streams.get(message.stream_id)
        if stream is not None:
            stream.context.add_history_message(message)
        deliver(Reply(message.message_type.value, message.content, message.stream_id))
        return True


def deliver(reply: Reply) -> None:
    box = _collector.get()
    if box:
        box[0](reply)
    else:
        logger.info(
            _("Sent to {stream} ({type}): {content}", stream=reply.stream[:8], type=reply.type, content=reply.content)
        )


def deliver_command(name: str, data: dict[str, Any], stream: str = "") -> None:
    """Capture a command to a platform (to mute somebody, to poke)."""
    deliver(Reply("command", {"name": name, "args": data}, stream))


_sender = MessageSender()


def get_message_sender() -> MessageSender:
    return _sender


async def send_message(message: Message) -> bool:
    return await _sender.send_message(message)


async def _send(
    content: Any,
    kind: MessageType,
    stream_id: str,
    platform: str | None,
    text: str = "",
    reply_to: str | None = None,
    **extra: Any,
) -> bool:
    stream = runtime.current().streams.get(stream_id)
    if not platform and stream is None:
        logger.error(
            _("Nothing sent: there is no stream {stream_id!r}, and no platform was given.", stream_id=stream_id)
        )
        return False
    message = Message(
        message_id=f"api_{kind.value}_{uuid4().hex}",
        content=content,
        processed_plain_text=text,
        message_type=kind,
        sender_id=runtime.BOT_ID,
        sender_name=runtime.BOT_NAME,
        sender_role="bot",
        platform=platform or runtime.PLATFORM,
        chat_type=stream.chat_type if stream else "private",
        stream_id=stream_id,
        reply_to=reply_to,
        **extra,
    )
    return await _sender.send_message(message)


async def send_text(content: str, stream_id: str, platform: str | None = None, reply_to: str | None = None) -> bool:
    return await _send(content, MessageType.TEXT, stream_id, platform, content, reply_to)


async def send_image(
    image_data: str,
    stream_id: str,
    platform: str | None = None,
    processed_plain_text: str = "[图片]",
    reply_to: str | None = None,
) -> bool:
    return await _send(image_data, MessageType.IMAGE, stream_id, platform, processed_plain_text, reply_to)


async def send_emoji(
    emoji_data: str, stream_id: str, platform: str | None = None, processed_plain_text: str = ""
) -> bool:
    return await _send(emoji_data, MessageType.EMOJI, stream_id, platform, processed_plain_text)


async def send_voice(
    voice_data: str, stream_id: str, platform: str | None = None, processed_plain_text: str = "[语音]"
) -> bool:
    return await _send(voice_data, MessageType.VOICE, stream_id, platform, processed_plain_text)


async def send_video(
    video_data: str, stream_id: str, platform: str | None = None, processed_plain_text: str = "[视频]"
) -> bool:
    return await _send(video_data, MessageType.VIDEO, stream_id, platform, processed_plain_text)


async def send_file(file_path: str, stream_id: str, platform: str | None = None, file_name: str | None = None) -> bool:
    content = {"path": file_path, **({"name": file_name} if file_name else {})}
    return await _send(content, MessageType.FILE, stream_id, platform, file_name or "[文件]")


async def send_custom(
    content: Any,
    message_type: MessageType | str,
    stream_id: str,
    platform: str | None = None,
    processed_plain_text: str = "",
) -> bool:
    """Send any kind; one that the core does not know goes out as media of an unknown message."""
    known = {member.value: member for member in MessageType}
    name = message_type.value if isinstance(message_type, MessageType) else message_type
    if name in known:
        return await _send(content, known[name], stream_id, platform, processed_plain_text)
    media = [{"type": name, "data": content}]
    return await _send("", MessageType.UNKNOWN, stream_id, platform, processed_plain_text, media=media)


async def send_batch(messages: list[Message]) -> list[bool]:
    return [await send_message(message) for message in messages]


async def send_batch_parallel(messages: list[Message]) -> list[bool]:
    return await send_batch(messages)


async def send_text_with_image(text: str, image_data: str, stream_id: str, platform: str | None = None) -> bool:
    return await send_text(text, stream_id, platform) and await send_image(image_data, stream_id, platform)


async def broadcast_text(content: str, stream_ids: list[str], platform: str | None = None) -> dict[str, bool]:
    return {stream_id: await send_text(content, stream_id, platform) for stream_id in stream_ids}
