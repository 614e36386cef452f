from types import SimpleNamespace
from typing import Any

from src.core.components.types import EventType
from src.core.transport.message_receive.utils import extract_stream_id
from src.kernel.event import get_event_bus


class Receiver:
    async def receive_envelope(self, envelope: dict[str, Any], adapter_signature: str) -> None:
        info = envelope["message_info"]
        content = "".join(str(one["data"]) for one in envelope["message_segment"] if one["type"] == "text")
        message = SimpleNamespace(
            message_id=info["message_id"],
            content=content,
            sender_id=info["user_info"]["user_id"],
            sender_name=info["user_info"]["user_nickname"],
            platform=info["platform"],
            stream_id=extract_stream_id(info),
        )
        await get_event_bus().publish(
            EventType.ON_MESSAGE_RECEIVED,
            {"message": message, "envelope": envelope, "adapter_signature": adapter_signature},
        )


class SinkManager:
    def __init__(self) -> None:
        self._receiver = Receiver()
        self._active_sinks: dict[str, Any] = {}

    async def setup_adapter_sink(self, adapter_signature: str, adapter: Any) -> None:
        self._active_sinks[adapter_signature] = adapter

    async def teardown_adapter_sink(self, adapter_signature: str) -> None:
        self._active_sinks.pop(adapter_signature, None)


_manager = SinkManager()


def get_sink_manager() -> SinkManager:
    return _manager
