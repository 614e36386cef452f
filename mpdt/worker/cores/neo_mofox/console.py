"""The developer's way into a real bot: an adapter of ours, in the core's registry for the time of the run.

A message goes the whole way of one from a platform: sink, receiver, converter, database, events, commands, chat loop.
What the bot sends to this platform is caught, and nothing else is.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any
from uuid import uuid4

from mpdt.worker.cores import Incoming
from mpdt.worker.cores.neo_mofox.parts import Parts
from mpdt.worker.cores.replies import PLATFORM, Collect, Replies

SIGNATURE = "mpdt:adapter:console"
BOT = {"bot_id": "mpdt-bot", "bot_name": "Bot", "platform": PLATFORM}
LOOK = 0.05  # seconds between two looks at a conversation, which tells nobody that it rests


class Console:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._levels: dict[str, Any] = {}  # of the people that the developer speaks as
        self._replies = Replies()

    def open(self) -> None:
        """Register the adapter. Its people's levels are answered from memory: nothing is granted in the database."""
        parts = self._parts
        cls = adapter_class(parts, self._sent)
        parts.registry.register(cls, SIGNATURE, [])
        cls._signature_, cls._plugin_ = SIGNATURE, PLATFORM
        parts.adapters._active_adapters[SIGNATURE] = cls(core_sink=None, plugin=None)
        inner = parts.permissions.get_user_permission_level

        async def level(person_id: str) -> Any:
            known = self._levels.get(person_id)
            return known if known is not None else await inner(person_id)

        vars(parts.permissions)["get_user_permission_level"] = level

    def close(self) -> None:
        parts = self._parts
        vars(parts.permissions).pop("get_user_permission_level", None)
        parts.adapters._active_adapters.pop(SIGNATURE, None)
        parts.registry.unregister(SIGNATURE)

    async def say(self, incoming: Incoming, collect: Collect, plugin: str) -> bool:
        """Hand a message in, and wait for what it started. False: nothing was cut off that we could see."""
        envelope = self.envelope(incoming)
        stream = self.stream_of(envelope)
        await self.acquaint(incoming)
        with self.collecting(collect, stream):
            await self._parts.sinks._receiver.receive_envelope(envelope, SIGNATURE)
            await self._conversation(stream, plugin)
        return False

    async def acquaint(self, incoming: Incoming) -> Any:
        """The conversation, made if it is new. The core makes one only when a message is no command, and before that
        an answer to a command gets lost (``send_api`` finds no platform): the developer is taken to have spoken before.
        """
        return await self._parts.streams.get_or_create_stream(
            stream_id=self.stream_of(self.envelope(incoming)),
            platform=PLATFORM,
            user_id="" if incoming.group else incoming.user,
            group_id=incoming.group or "",
            group_name=incoming.group or incoming.user,
            chat_type="group" if incoming.group else "private",
        )

    def collecting(self, collect: Collect, stream: str = "") -> AbstractContextManager[None]:
        """What is sent inside, by tasks started inside, and to that stream, is a reply."""
        return self._replies.collecting(collect, stream)

    def envelope(self, incoming: Incoming) -> dict[str, Any]:

        roles: Any = import_module("mofox_wire.types").UserRole
        level = self._parts.types.PermissionLevel.from_string(incoming.role)
        person = self._parts.permissions.generate_person_id(PLATFORM, incoming.user)
        self._levels[person] = level
        role = {"owner": roles.OWNER, "operator": roles.OPERATOR}.get(incoming.role.lower(), roles.MEMBER)
        info: dict[str, Any] = {
            "platform": PLATFORM,
            "message_id": uuid4().hex,
            "message_type": "group" if incoming.group else "private",
            "time": time.time(),
            "user_info": {
                "platform": PLATFORM,
                "user_id": incoming.user,
                "user_nickname": incoming.user,
                "role": role,
            },
        }
        if incoming.group:
            info["group_info"] = {"platform": PLATFORM, "group_id": incoming.group, "group_name": incoming.group}
        segments: list[dict[str, Any]] = [{"type": "at", "data": f"{one}:{one}"} for one in incoming.mentions]
        if incoming.text:
            segments.append({"type": "text", "data": incoming.text})
        segments += [{"type": "image", "data": data} for data in incoming.images]
        return {"direction": "incoming", "message_info": info, "message_segment": segments}

    def stream_of(self, envelope: dict[str, Any]) -> str:

        utils: Any = import_module("src.core.transport.message_receive.utils")
        return str(utils.extract_stream_id(envelope["message_info"]))

    async def _conversation(self, stream: str, plugin: str) -> None:
        """Until a chatter of this plugin has answered what is unread; another plugin's is not waited for."""
        parts = self._parts
        await asyncio.sleep(0)  # the core hands the message on in a task of its own
        while True:
            context = getattr(parts.streams._streams.get(stream), "context", None)
            chatter = parts.chatters._active_chatters.get(stream)
            ours = (getattr(chatter, "_signature_", "") or "").startswith(f"{plugin}:")
            waits = context is not None and bool(context.unread_messages) and self._has_chatter(plugin)
            if not (waits or (ours and context is not None and context.is_chatter_processing)):
                return
            if stream in parts.loops._wait_states and ours:
                return
            await asyncio.sleep(LOOK)

    def _has_chatter(self, plugin: str) -> bool:
        return any(one.startswith(f"{plugin}:chatter:") for one in self._parts.registry._components)

    async def _sent(self, envelope: dict[str, Any]) -> None:
        """The bot sends something to our platform."""
        info = envelope.get("message_info") or {}
        self._replies.deliver(envelope.get("message_segment") or [], self.stream_of({"message_info": info}))


def adapter_class(parts: Parts, sent: Callable[[dict[str, Any]], Any]) -> Any:
    """A class of the core's own kind. ``sent`` takes what goes out."""

    async def send(self: Any, envelope: dict[str, Any]) -> None:
        await sent(envelope)

    async def from_platform_message(self: Any, raw: Any) -> Any:
        return raw

    async def get_bot_info(self: Any) -> dict[str, Any]:
        return dict(BOT)

    members = {
        "adapter_name": "console",
        "adapter_description": "mpdt dev",
        "platform": PLATFORM,
        "_send_platform_message": send,
        "from_platform_message": from_platform_message,
        "get_bot_info": get_bot_info,
        "__module__": __name__,
    }
    return type("ConsoleAdapter", (parts.bases.BaseAdapter,), members)
