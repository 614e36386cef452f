"""The developer's way into a real classic bot, as a platform of its own.

A message goes the whole way of one from a platform: runtime, message handler, database, commands, events, chat loop.
What the bot sends to this platform is caught where it leaves, and goes to nobody else: the bot hands each message to
every adapter, and leaves it to them whether it is theirs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from mpdt.worker.cores import Incoming
from mpdt.worker.cores.classic_mofox.parts import Parts
from mpdt.worker.cores.replies import PLATFORM, Collect, Replies

_handled: ContextVar[asyncio.Future[None] | None] = ContextVar("mpdt_handled", default=None)
LOOK = 0.05  # seconds between two looks at a conversation, which tells nobody that it rests
MASTERS = frozenset({"owner", "operator", "master"})  # the core knows masters and others


class Console:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._masters: set[str] = set()  # of the people that the developer speaks as
        self._replies = Replies()
        self._manager: Any = None
        self._under_way: set[asyncio.Task[Any]] = set()  # messages that the bot is busy with

    def open(self) -> None:
        """Catch what is sent to our platform. Masters are answered from memory: nothing is granted in the database."""
        send = self._parts.sinks.send_outgoing

        async def send_outgoing(envelope: Any, *arguments: Any, **options: Any) -> None:
            if platform_of(envelope) == PLATFORM:
                self._sent(envelope)
            else:
                await send(envelope, *arguments, **options)

        vars(self._parts.sinks)["send_outgoing"] = send_outgoing
        self._watch_handler()
        self._manager = self._parts.permissions._permission_manager
        if self._manager is not None:
            is_master = self._manager.is_master

            async def known_or_master(user: Any) -> Any:
                known = user.platform == PLATFORM and user.user_id in self._masters
                return known or await is_master(user)

            vars(self._manager)["is_master"] = known_or_master

    def _watch_handler(self) -> None:
        """Commands and handlers have been run when the bot turns to what it does with every message itself: moods and
        interests, for which it asks a model.
        """
        preprocess = self._parts.handler._preprocess_message

        async def handled(*arguments: Any, **options: Any) -> Any:
            waiting = _handled.get()
            if waiting is not None:
                tell(waiting)
            return await preprocess(*arguments, **options)

        vars(self._parts.handler)["_preprocess_message"] = handled

    def close(self) -> None:
        vars(self._parts.handler).pop("_preprocess_message", None)
        vars(self._parts.sinks).pop("send_outgoing", None)
        if self._manager is not None:
            vars(self._manager).pop("is_master", None)

    async def say(self, incoming: Incoming, collect: Collect, is_ours: Callable[[Any], bool]) -> bool:
        """Hand a message in, and wait for what it started. False: nothing was cut off that we could see."""
        stream = (await self.acquaint(incoming)).stream_id
        with self.collecting(collect, stream):
            task, handled = self._dispatch(envelope_of(incoming))
            try:
                await handled
                if self._has_chatter(is_ours):
                    await task
                    await self._conversation(stream, incoming, is_ours)
            except asyncio.CancelledError:
                task.cancel()
                raise
        return False

    def _dispatch(self, envelope: dict[str, Any]) -> tuple[asyncio.Task[Any], asyncio.Future[None]]:
        """The message on its way through the bot, and what is done once commands and handlers have been run."""
        handled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        token = _handled.set(handled)
        task = asyncio.create_task(self._parts.sinks._dispatch_to_runtime(envelope), name="mpdt message in the bot")
        _handled.reset(token)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        task.add_done_callback(lambda done: tell(handled))
        return task, handled

    def _has_chatter(self, is_ours: Callable[[Any], bool]) -> bool:
        return any(map(is_ours, getattr(self._parts.registry, "_chatter_registry", {}).values()))

    async def acquaint(self, incoming: Incoming) -> Any:
        """The conversation. The developer is taken to have spoken before: the core has all of its conversations in
        memory, and to make a new one it asks its database cache, which in 0.13.0 never comes back. It measures what it
        keeps by walking through all that there is in the process, and somewhere in rich there is an endless counter.
        """
        self._note_role(incoming)
        parts, number, people = self._parts, self.stream_of(incoming), self._people(incoming)
        if number not in parts.streams.streams:
            parts.streams.streams[number] = parts.stream(number, PLATFORM, *people)
        return await parts.streams.get_or_create_stream(PLATFORM, *people)

    def collecting(self, collect: Collect, stream: str = "") -> AbstractContextManager[None]:
        """What is sent inside, by tasks started inside, and to that stream, is a reply."""
        return self._replies.collecting(collect, stream)

    def stream_of(self, incoming: Incoming) -> str:
        return str(self._parts.streams._generate_stream_id(PLATFORM, *self._people(incoming)))

    def _note_role(self, incoming: Incoming) -> None:
        (self._masters.add if incoming.role.lower() in MASTERS else self._masters.discard)(incoming.user)

    def _people(self, incoming: Incoming) -> tuple[Any, Any]:
        people, group = self._parts.people, incoming.group
        return (
            people.DatabaseUserInfo.from_dict(user_of(incoming)),
            people.DatabaseGroupInfo.from_dict(group_of(group)) if group else None,
        )

    async def _conversation(self, stream: str, incoming: Incoming, is_ours: Callable[[Any], bool]) -> None:
        """Until a chatter of this plugin has answered what is unread; another plugin's is not waited for."""
        while True:
            chatter = self._chatter_of(stream, incoming)
            context = getattr(self._parts.streams.streams.get(stream), "context", None)
            if context is None or (chatter is not None and not is_ours(chatter)):
                return
            if not context.is_chatter_processing and not context.get_unread_messages():
                return
            await asyncio.sleep(LOOK)

    def _chatter_of(self, stream: str, incoming: Incoming) -> Any:
        """The class that answers in a conversation; None before the bot has looked for chatters."""
        chatters, kinds = self._parts.chatters, self._parts.types.ChatType
        instance = chatters.instances.get(stream)
        if instance is not None:
            return type(instance)
        return chatters.get_chatter_class_for_chat_type(kinds.GROUP if incoming.group else kinds.PRIVATE)

    def _sent(self, envelope: dict[str, Any]) -> None:
        info = envelope.get("message_info") or {}
        user, group = info.get("user_info") or {}, info.get("group_info") or {}
        incoming = Incoming("", str(user.get("user_id", "")), group.get("group_id"))
        self._replies.deliver(envelope.get("message_segment") or [], self.stream_of(incoming))


def tell(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)


def platform_of(envelope: Any) -> str | None:
    found = envelope.get("platform") or (envelope.get("message_info") or {}).get("platform")
    return None if found is None else str(found)


def user_of(incoming: Incoming) -> dict[str, Any]:
    return {"platform": PLATFORM, "user_id": incoming.user, "user_nickname": incoming.user, "user_cardname": ""}


def group_of(group: str) -> dict[str, Any]:
    return {"platform": PLATFORM, "group_id": group, "group_name": group}


def envelope_of(incoming: Incoming) -> dict[str, Any]:
    segments: list[dict[str, Any]] = [{"type": "at", "data": f"{one}:{one}"} for one in incoming.mentions]
    if incoming.text:
        segments.append({"type": "text", "data": incoming.text})
    segments += [{"type": "image", "data": data} for data in incoming.images]
    info: dict[str, Any] = {
        "platform": PLATFORM,
        "message_id": uuid4().hex,
        "time": time.time(),
        "user_info": user_of(incoming),
    }
    if incoming.group:
        info["group_info"] = group_of(incoming.group)
    segment = segments[0] if len(segments) == 1 else {"type": "seglist", "data": segments}
    return {"direction": "incoming", "platform": PLATFORM, "message_info": info, "message_segment": segment}
