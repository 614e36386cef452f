"""The bot's smaller services: watchdog, stream loops, media, people. Each does what a plugin can tell from outside."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from mpdt.worker.cores.simulated import runtime
from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.cores.simulated.managers import get_permission_manager
from mpdt.worker.cores.simulated.runtime import kept

logger = get_logger("core")


@dataclass
class StreamHeartbeat:
    stream_id: str
    last_tick: datetime = field(default_factory=datetime.now)
    tick_interval: float = 1.0
    warning_threshold: float = 150.0
    restart_threshold: float = 300.0
    restart_callback: Callable[[], Any] | None = None
    restart_cooldown: float = 0.0


class WatchDog:
    """Notes heartbeats; it restarts nothing here."""

    def __init__(self, tick_interval: float = 1.0) -> None:
        self.tick_interval = tick_interval
        self._streams: dict[str, StreamHeartbeat] = {}

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def register_stream(self, stream_id: str, tick_interval: float = 1.0, **options: Any) -> StreamHeartbeat:
        self._streams[stream_id] = StreamHeartbeat(stream_id, tick_interval=tick_interval, **options)
        return self._streams[stream_id]

    def unregister_stream(self, stream_id: str) -> None:
        self._streams.pop(stream_id, None)

    def feed_dog(self, stream_id: str) -> None:
        if stream_id in self._streams:
            self._streams[stream_id].last_tick = datetime.now()

    def get_stream_heartbeat(self, stream_id: str) -> StreamHeartbeat | None:
        return self._streams.get(stream_id)

    def get_stats(self) -> dict[str, Any]:
        return {"running": True, "tick_interval": self.tick_interval, "streams": len(self._streams)}


class StreamLoopManager:
    """The loops in which the bot's chatters live. Here a chatter runs when it is called, so a loop is only noted."""

    def __init__(self, max_concurrent_streams: int = 10) -> None:
        self.max_concurrent_streams = max_concurrent_streams
        self.is_running = True
        self._running: set[str] = set()
        self._events: dict[str, Any] = {}

    async def start(self) -> None: ...

    async def stop(self) -> None:
        self._running.clear()

    async def start_stream_loop(self, stream_id: str, force: bool = False) -> bool:
        known = stream_id in runtime.current().streams
        if known:
            self._running.add(stream_id)
        return known

    async def stop_stream_loop(self, stream_id: str) -> bool:
        known = stream_id in self._running
        self._running.discard(stream_id)
        return known

    async def restart_stream_loop(self, stream_id: str) -> bool:
        return await self.start_stream_loop(stream_id, force=True)

    async def trigger_external_resume(self, stream_id: str, event: Any) -> bool:
        self._events[stream_id] = event
        return await self.start_stream_loop(stream_id)

    def take_wait_resume_event(self, stream_id: str) -> Any:
        return self._events.pop(stream_id, None)

    def get_stats(self) -> dict[str, Any]:
        return {"is_running": True, "active_streams": len(self._running)}


class MediaManager:
    """Media by hash. Recognition needs eyes and ears: it asks the configured model, in words only."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, Any]] = {}
        self._skipped: dict[str, set[str] | None] = {}

    def skip_vlm_for_stream(self, stream_id: str, media_types: Iterable[str] | None = None) -> None:
        self._skipped[stream_id] = None if media_types is None else set(media_types)

    def unskip_vlm_for_stream(self, stream_id: str) -> None:
        self._skipped.pop(stream_id, None)

    def should_skip_vlm(self, stream_id: str, media_type: str | None = None) -> bool:
        kinds = self._skipped.get(stream_id, set())
        return kinds is None or media_type in kinds

    async def recognize_media(self, base64_data: str, media_type: str, use_cache: bool = True) -> str | None:
        return await described(base64_data, media_type)

    async def recognize_voice(self, audio_base64: str) -> str | None:
        return await described(audio_base64, "voice")

    async def recognize_batch(
        self, media_list: list[tuple[str, str]], use_cache: bool = True
    ) -> list[tuple[int, str | None]]:
        return [(index, await described(data, kind)) for index, (data, kind) in enumerate(media_list)]

    async def save_media_info(
        self,
        media_hash: str,
        media_type: str,
        file_path: str | None = None,
        description: str | None = None,
        vlm_processed: bool = False,
    ) -> None:
        self._known[media_hash] = {
            "hash": media_hash,
            "type": media_type,
            "path": file_path,
            "description": description,
            "vlm_processed": vlm_processed,
            "timestamp": time.time(),
        }

    async def get_media_info(self, media_hash: str) -> dict[str, Any] | None:
        return self._known.get(media_hash)

    async def save_description_cache(self, media_hash: str, media_type: str, description: str, **_: Any) -> None:
        await self.save_media_info(media_hash, media_type, None, description, True)

    async def get_media_file(self, media_hash: str) -> str | None:
        info = self._known.get(media_hash)
        return info["path"] if info else None


async def described(data: str, kind: str) -> str | None:
    from mpdt.worker.cores.simulated.llm.payload import ROLE, Image, LLMPayload, Text
    from mpdt.worker.cores.simulated.llm.request import create_llm_request, get_model_set_by_task

    request = create_llm_request(get_model_set_by_task("vlm"), request_name=f"media.{kind}")
    content: list[Any] = [Text(f"Describe this {kind}.")]
    if kind in ("image", "emoji"):
        content.append(Image(data))
    request.add_payload(LLMPayload(ROLE.USER, content))
    return await (await request.send(stream=False))


class UserQueryHelper:
    """People by platform and id; they are kept in the bot's database where SQLAlchemy is there."""

    def generate_raw_person_id(self, platform: str, user_id: str) -> str:
        return f"{platform}:{user_id}"

    def generate_person_id(self, platform: str, user_id: str) -> str:
        return get_permission_manager().generate_person_id(platform, user_id)

    async def get_or_create_person(
        self, platform: str, user_id: str, nickname: str | None = None, cardname: str | None = None
    ) -> tuple[Any, bool]:
        from mpdt.worker.cores.simulated.database import CRUDBase
        from mpdt.worker.cores.simulated.tables import PersonInfo

        now = time.time()
        defaults = {
            "platform": platform,
            "user_id": user_id,
            "nickname": nickname,
            "cardname": cardname,
            "first_interaction": now,
            "last_interaction": now,
            "interaction_count": 0,
            "attitude": 0,
        }
        return await CRUDBase(PersonInfo).get_or_create(defaults, person_id=self.generate_person_id(platform, user_id))

    async def update_person_info(self, platform: str, user_id: str, nickname: Any = None, cardname: Any = None) -> bool:
        person, _ = await self.get_or_create_person(platform, user_id)
        return await self._update(person, nickname=nickname or person.nickname, cardname=cardname or person.cardname)

    async def update_user_impression(
        self, platform: str, user_id: str, impression: str, short_impression: str | None = None
    ) -> bool:
        person, _ = await self.get_or_create_person(platform, user_id)
        return await self._update(person, impression=impression, short_impression=short_impression)

    async def update_user_attitude(self, platform: str, user_id: str, attitude_delta: int) -> int | None:
        person, _ = await self.get_or_create_person(platform, user_id)
        attitude = int(person.attitude or 0) + attitude_delta
        await self._update(person, attitude=attitude)
        return attitude

    async def _update(self, person: Any, **values: Any) -> bool:
        from mpdt.worker.cores.simulated.database import CRUDBase

        return await CRUDBase(type(person)).update(person.id, values) is not None

    async def get_user_streams(self, platform: str, user_id: str) -> list[Any]:
        streams = runtime.current().streams.values()
        return [one for one in streams if one.platform == platform and user_id in people_in(one)]

    async def get_user_recent_messages(self, platform: str, user_id: str, limit: int = 50) -> list[Any]:
        from mpdt.worker.cores.simulated.history import messages_of

        streams = await self.get_user_streams(platform, user_id)
        said = [message for one in streams for message in messages_of(one) if message.sender_id == user_id]
        return sorted(said, key=lambda message: message.time)[-limit:]

    async def resolve_user_id(self, platform: str, keyword: str) -> str | None:
        from mpdt.worker.cores.simulated.history import messages_of

        for stream in runtime.current().streams.values():
            for message in messages_of(stream):
                if keyword in (message.sender_id, message.sender_name, message.sender_cardname):
                    return message.sender_id
        return None


def people_in(stream: Any) -> set[str]:
    from mpdt.worker.cores.simulated.history import messages_of

    return {message.sender_id for message in messages_of(stream)}


def base64_encode_bytes(data: bytes, encoding: str = "utf-8") -> str:
    return base64.b64encode(data).decode(encoding)


def base64_decode_to_bytes(data: str | bytes) -> bytes:
    text = data.decode() if isinstance(data, bytes) else data
    return base64.b64decode(text.partition(",")[2] if text.startswith("data:") else text)


def base64_decode_to_text(data: str | bytes, *, encoding: str = "utf-8", errors: str = "strict") -> str:
    return base64_decode_to_bytes(data).decode(encoding, errors)


def file_hash(path: str | Path) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def get_watchdog() -> WatchDog:
    return kept(WatchDog)


def get_stream_loop_manager() -> StreamLoopManager:
    return kept(StreamLoopManager)


def get_media_manager() -> MediaManager:
    return kept(MediaManager)


initialize_media_manager = get_media_manager


def get_user_query_helper() -> UserQueryHelper:
    return kept(UserQueryHelper)
