"""Chatters at work: each message wakes those of its stream, and each runs until it waits, ends or stops."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from mpdt.language import _
from mpdt.worker.cores import Incoming
from mpdt.worker.cores.simulated import conversing
from mpdt.worker.cores.simulated.components import Failure, Stop, Success, Wait, WaitResumeEvent
from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.cores.simulated.models import ChatStream
from mpdt.worker.cores.simulated.runtime import PLATFORM, current, kept, registrations
from mpdt.worker.cores.simulated.types import ChatType, EventType

logger = get_logger("chatter")


class Running:
    """The chatters' generators, by stream and signature; they end with this version of the plugin."""

    def __init__(self) -> None:
        self.generators: dict[tuple[str, str], Any] = {}


def described(result: object) -> dict[str, Any]:
    """What a chatter yielded, as JSON: ``step`` is its kind."""
    match result:
        case Wait(time=seconds):
            return {"step": "Wait", "time": seconds}
        case Success(message=message, data=data):
            return {"step": "Success", "message": message, "data": data}
        case Failure(error=error):
            return {"step": "Failure", "error": error}
        case Stop(time=seconds):
            return {"step": "Stop", "time": seconds}
        case None:
            return {"step": "End"}
    return {"step": "Other", "value": str(result)}


async def step(stream: ChatStream, signature: str, cls: type[conversing.BaseChatter]) -> dict[str, Any]:
    """One step of the chatter in the stream, from where it waited. What it raises is raised, and it begins anew."""
    running, key = kept(Running).generators, (stream.stream_id, signature)
    resumed = key in running
    if not resumed:
        chatter = cls(stream.stream_id, registrations().plugins[signature.partition(":")[0]])
        chatter.apply_stream_runtime_options(stream)
        running[key] = chatter.execute()
    params = {"stream_id": stream.stream_id, "context": stream.context, "continue": True}
    _, changed = await registrations().bus.publish(EventType.ON_CHATTER_STEP, params)
    if not changed.get("continue", True):
        return {"step": "Declined"}
    try:
        result = await advanced(running[key], stream, resumed=resumed)
    except BaseException:
        running.pop(key, None)
        raise
    if result is None or isinstance(result, Stop):
        running.pop(key, None)
    after = {"stream_id": stream.stream_id, "context": stream.context, "result": result}
    await registrations().bus.publish(EventType.AFTER_CHATTER_STEP, after)
    return described(result)


async def advanced(generator: Any, stream: ChatStream, *, resumed: bool) -> Any:
    """What it yields next; None if it has ended. A chatter that is no generator is awaited."""
    if inspect.isawaitable(generator):
        return await generator
    try:
        if resumed:
            event = WaitResumeEvent("message", unread_count=len(stream.context.unread_messages))
            return await generator.asend(event)
        return await anext(generator)
    except StopAsyncIteration:
        return None


def chatters_for(stream: ChatStream) -> list[tuple[str, type[conversing.BaseChatter]]]:
    return [
        (signature, cls)
        for signature, cls in registrations().components.items()
        if issubclass(cls, conversing.BaseChatter)
        and cls.chat_type.value in (ChatType.ALL.value, stream.chat_type)
        and (not cls.associated_platforms or stream.platform in cls.associated_platforms)
    ]


async def answer(incoming: Incoming) -> None:
    """Let the chatters see a message that is no command; what one raises is told."""
    stream_id = ChatStream.generate_stream_id(PLATFORM, incoming.user, incoming.group or "")
    stream = current().streams.get(stream_id)
    if stream is None or not stream.context.unread_messages:
        return
    for signature, cls in chatters_for(stream):
        with current().monitor.measured(signature) as measured:
            try:
                outcome = await step(stream, signature, cls)
            except Exception as error:  # plugin code
                measured.failed = True
                logger.error(_("{signature} failed: {error!r}", signature=signature, error=error), exc_info=error)
            else:
                logger.debug(f"{signature}: {outcome}")


async def drive(
    signature: str, cls: type[conversing.BaseChatter], stream: ChatStream, arguments: Mapping[str, Any]
) -> Any:
    """``steps`` of them, one by default; each as JSON."""
    return [await step(stream, signature, cls) for _ in range(max(1, int(arguments.get("steps") or 1)))]
