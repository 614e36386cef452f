"""Requests and responses as plugins use them: built by payloads, awaited whole or iterated as a stream."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Self

from mpdt.language import _
from mpdt.worker.cores.simulated.llm import model, wire
from mpdt.worker.cores.simulated.llm.errors import LLMResponseConsumedError
from mpdt.worker.cores.simulated.llm.payload import (
    ROLE,
    Content,
    LLMPayload,
    ReasoningText,
    Text,
    ToolCall,
    ToolRegistry,
)
from mpdt.worker.cores.simulated.llm.wire import StreamEvent
from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.cores.simulated.prompts import get_system_reminder_store

ModelSet = list[dict[str, Any]]
SHOWN = 300  # characters of prompt and answer in the log line

logger = get_logger("llm")


class RequestType(str, Enum):  # noqa: UP042 - see EventType
    COMPLETIONS = "completions"
    EMBEDDINGS = "embeddings"
    RERANK = "rerank"


@dataclass(frozen=True)
class ReminderSourceSpec:
    bucket: str
    names: tuple[str, ...] | None = None
    wrap_with_system_tag: bool = False


@dataclass
class LLMContextManager:
    """Keeps the payloads in order; reminders of its sources precede the first payload of a user."""

    context_compression_handler: Any = None
    reminder_sources: Any = None

    def add_payload(
        self, payloads: list[LLMPayload], payload: LLMPayload, position: int | None = None
    ) -> list[LLMPayload]:
        added = list(payloads)
        added.insert(len(added) if position is None else position, payload)
        return added

    def system(self, payloads: list[LLMPayload], content: Any, position: int | None = None) -> list[LLMPayload]:
        return self.add_payload(payloads, LLMPayload(ROLE.SYSTEM, content), position)

    def tool(self, payloads: list[LLMPayload], content: Any, position: int | None = None) -> list[LLMPayload]:
        return self.add_payload(payloads, LLMPayload(ROLE.TOOL, content), position)

    def maybe_trim(self, payloads: list[LLMPayload], **_: Any) -> list[LLMPayload]:
        return payloads

    def validate_for_send(self, payloads: list[LLMPayload]) -> None:
        """Nothing is refused."""

    def reminded(self, payloads: list[LLMPayload]) -> list[LLMPayload]:
        texts = [get_system_reminder_store().get(one.bucket, one.names) for one in self.reminder_sources or ()]
        said = [Text(text) for text in texts if text]
        first = next((index for index, one in enumerate(payloads) if one.role == ROLE.USER), None)
        if not said or first is None:
            return payloads
        user = LLMPayload(ROLE.USER, [*said, *payloads[first].content])
        return [*payloads[:first], user, *payloads[first + 1 :]]


@dataclass
class LLMRequest:
    model_set: Any
    request_name: str = ""
    meta_data: dict[str, Any] = field(default_factory=dict)
    payloads: list[LLMPayload] = field(default_factory=list)
    policy: Any = None
    clients: Any = None
    context_manager: LLMContextManager | None = None
    enable_metrics: bool = True
    request_type: RequestType = RequestType.COMPLETIONS

    def add_payload(self, payload: LLMPayload, position: int | None = None) -> Self:
        manager = self.context_manager or LLMContextManager()
        self.payloads = manager.add_payload(self.payloads, payload, position)
        return self

    async def send(self, auto_append_response: bool = True, *, stream: bool = True) -> LLMResponse:
        """The response; without ``stream`` it is complete."""
        response = LLMResponse(self, auto_append_response)
        response.begin(stream=stream)
        if not stream:
            await response
        return response


class LLMResponse:
    """``await`` gives the whole text; ``async for`` its parts. Tool calls are in ``call_list`` afterwards."""

    def __init__(self, request: Any, auto_append_response: bool = True) -> None:
        self._request = request
        self._append = auto_append_response
        self.payloads: list[LLMPayload] = list(request.payloads)
        self.model_set = request.model_set
        self.request_name = request.request_name
        self.context_manager = request.context_manager
        self.message: str | None = None
        self.reasoning_content: str | None = None
        self.reasoning_parts: list[ReasoningText] | None = None
        self.call_list: list[ToolCall] | None = None
        self.stop_reason: str | None = None
        self.model_name = ""
        self._usage: dict[str, Any] | None = None
        self._events: AsyncIterator[StreamEvent] | None = None
        self._consumed = False

    def begin(self, *, stream: bool) -> None:
        sent = self.context_manager.reminded(self.payloads) if self.context_manager else self.payloads
        options = self.model_set[0] if isinstance(self.model_set, list) and self.model_set else {}
        self._sent = list(sent)
        self._started = time.perf_counter()
        self._events = model.answer(sent, self.request_name, options, stream=stream)

    async def stream_events(self) -> AsyncIterator[StreamEvent]:
        """Each part as it comes. Raises LLMResponseConsumedError the second time."""
        if self._consumed or self._events is None:
            raise LLMResponseConsumedError(_("This response has been read already."))
        self._consumed = True
        parts = Parts()
        async for event in self._events:
            parts.add(event)
            yield event
        self._finish(parts)

    def _finish(self, parts: Parts) -> None:
        self.message = "".join(parts.texts)
        self.reasoning_content = "".join(parts.reasoning) or None
        self.reasoning_parts = [ReasoningText(self.reasoning_content)] if self.reasoning_content else None
        self.call_list = parts.calls()
        self.stop_reason = parts.reason
        self._usage = parts.usage
        if self._append and (self.message or self.call_list):
            self.payloads.append(self.to_payload())
            self._request.payloads = list(self.payloads)
        self._show()

    def _show(self) -> None:
        prompt = "\n".join(f"{one.role.value}: {one.text()}" for one in self._sent if one.role != ROLE.TOOL)
        answer = self.message or ", ".join(f"{call.name}({call.args})" for call in self.call_list or ())
        usage = self._usage or {}
        counted = (
            usage.get("prompt_tokens", wire.estimated(prompt)),
            usage.get("completion_tokens", wire.estimated(answer)),
        )
        took = (time.perf_counter() - self._started) * 1000
        name = self.request_name or "request"
        shown = prompt if len(prompt) <= SHOWN else f"…{prompt[-SHOWN:]}"
        logger.info(
            _(
                "{name}: {prompt} + {completion} tokens, {took:.0f} ms\n{shown}\n→ {answer}",
                name=name,
                prompt=counted[0],
                completion=counted[1],
                took=took,
                shown=shown,
                answer=answer[:SHOWN],
            )
        )

    def __await__(self) -> Generator[Any, None, str]:
        return self._whole().__await__()

    async def _whole(self) -> str:
        if not self._consumed:
            async for _ in self.stream_events():
                pass
        return self.message or ""

    async def __aiter__(self) -> AsyncIterator[str]:
        async for event in self.stream_events():
            if event.text_delta:
                yield event.text_delta

    async def stream_with_callback(self, on_chunk: Callable[[str], Awaitable[None]]) -> str:
        async for chunk in self:
            await on_chunk(chunk)
        return self.message or ""

    async def stream_events_with_callback(self, on_event: Callable[[StreamEvent], Awaitable[None]]) -> str:
        async for event in self.stream_events():
            await on_event(event)
        return self.message or ""

    async def stream_with_buffer(self, buffer_size: int = 10) -> AsyncIterator[str]:
        kept = ""
        async for chunk in self:
            kept += chunk
            if len(kept) >= buffer_size:
                yield kept
                kept = ""
        if kept:
            yield kept

    def to_payload(self) -> LLMPayload:
        parts: list[Content] = [Text(self.message)] if self.message else []
        return LLMPayload(ROLE.ASSISTANT, [*parts, *(self.call_list or ())])

    def add_payload(self, payload: LLMPayload | LLMResponse, position: int | None = None) -> Self:
        added = payload.to_payload() if isinstance(payload, LLMResponse) else payload
        manager = self.context_manager or LLMContextManager()
        self.payloads = manager.add_payload(self.payloads, added, position)
        return self

    def add_call_reflex(self, results: list[LLMPayload]) -> Self:
        for result in results if self.call_list else ():
            self.add_payload(result)
        return self

    async def send(self, auto_append_response: bool = True, *, stream: bool = True) -> LLMResponse:
        """Ask again, with all that was said."""
        response = LLMResponse(self, auto_append_response)
        response.begin(stream=stream)
        if not stream:
            await response
        return response


class Parts:
    """The parts of an answer, put together; a tool call goes on until the next one has a name."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.reasoning: list[str] = []
        self.usage: dict[str, Any] | None = None
        self.reason: str | None = None
        self._calls: list[tuple[str | None, str, list[str]]] = []

    def add(self, event: StreamEvent) -> None:
        if event.text_delta:
            self.texts.append(event.text_delta)
        if event.reasoning_delta:
            self.reasoning.append(event.reasoning_delta)
        if event.tool_name:
            self._calls.append((event.tool_call_id, event.tool_name, []))
        if event.tool_args_delta and self._calls:
            self._calls[-1][2].append(event.tool_args_delta)
        self.usage = event.usage or self.usage
        self.reason = event.stop_reason or event.finish_reason or self.reason

    def calls(self) -> list[ToolCall]:
        return [ToolCall(number, name, arguments_of("".join(written))) for number, name, written in self._calls]


def arguments_of(written: str) -> dict[str, Any] | str:
    try:
        arguments = json.loads(written or "{}")
    except ValueError:
        return written
    return arguments if isinstance(arguments, dict) else written


def get_model_set_by_task(name: str) -> ModelSet:
    """One model for every task: whoever ``[tool.mpdt.llm]`` says answers."""
    return get_model_set_by_name(model.settings().model)


def get_model_set_by_name(
    model_name: str, *, temperature: float | None = None, max_tokens: int | None = None
) -> ModelSet:
    entry = {
        "api_provider": "mpdt",
        "base_url": model.settings().url or "",
        "model_identifier": model_name,
        "api_key": "",
        "client_type": "openai",
        "max_retry": 0,
        "timeout": model.TIMEOUT,
        "retry_interval": 0.0,
        "price_in": 0.0,
        "cache_hit_price_in": 0.0,
        "price_out": 0.0,
        "temperature": temperature,
        "max_tokens": max_tokens,
        "max_context": 128_000,
        "tool_call_compat": False,
        "extra_params": {},
    }
    return [entry]


def create_llm_request(
    model_set: Any, request_name: str = "", context_manager: Any = None, with_reminder: Any = None, **more: Any
) -> LLMRequest:
    manager = context_manager
    if with_reminder is not None:
        bucket = str(getattr(with_reminder, "value", with_reminder))
        manager = manager or LLMContextManager()
        manager.reminder_sources = [*(manager.reminder_sources or ()), ReminderSourceSpec(bucket)]
    known = {name: more[name] for name in ("meta_data",) if name in more}
    return LLMRequest(model_set, request_name, context_manager=manager, **known)


def create_tool_registry(tools: list[Any] | None = None) -> ToolRegistry:
    registry = ToolRegistry()
    for tool in tools or ():
        registry.register(tool)
    return registry


def count_text_tokens(text: str, *, model_identifier: str = "") -> int:
    return wire.estimated(text)


def count_payload_tokens(payloads: list[LLMPayload], *, model_identifier: str = "") -> int:
    return sum(wire.estimated(payload.text()) for payload in payloads)


def parse_tool_call_compat_response(raw_text: str) -> tuple[str, list[dict[str, Any]]]:
    """Words and calls of an answer that is JSON of the form ``{"message": ..., "tool_calls": [...]}``."""
    text = raw_text.strip().removeprefix("```json").removeprefix("```").removesuffix("```").strip()
    try:
        data = json.loads(text)
    except ValueError:
        return raw_text, []
    if not isinstance(data, dict):
        return raw_text, []
    return str(data.get("message", "")), [dict(one) for one in data.get("tool_calls") or ()]


def build_tool_call_compat_prompt(tool_schemas: list[dict[str, Any]]) -> str:
    tools = json.dumps(tool_schemas, ensure_ascii=False)
    return f'Answer with JSON: {{"message": "...", "tool_calls": [{{"name": "...", "args": {{}}}}]}}. Tools: {tools}'
