"""The OpenAI form of payloads, tools and answers. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mpdt.worker.cores.simulated.llm.payload import (
    ROLE,
    Audio,
    File,
    Image,
    LLMPayload,
    Text,
    ToolCall,
    ToolResult,
    Video,
    schema_of,
)

MEDIA = {Image: "image/png", Audio: "audio/wav", Video: "video/mp4"}


@dataclass(frozen=True, slots=True)
class StreamEvent:
    text_delta: str | None = None
    reasoning_delta: str | None = None
    reasoning_signature_delta: str | None = None
    reasoning_block_type: str | None = None
    reasoning_redacted_data: str | None = None
    tool_call_id: str | None = None
    tool_name: str | None = None
    tool_args_delta: str | None = None
    usage: dict[str, Any] | None = None
    finish_reason: str | None = None
    stop_reason: str | None = None


def tools_of(payloads: Iterable[LLMPayload]) -> list[Any]:
    return [tool for payload in payloads if payload.role == ROLE.TOOL for tool in payload.content]


def messages_of(payloads: Iterable[LLMPayload]) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    for payload in payloads:
        if payload.role == ROLE.TOOL:
            continue
        if payload.role == ROLE.TOOL_RESULT:
            results = [part for part in payload.content if isinstance(part, ToolResult)]
            messages += [
                {"role": "tool", "tool_call_id": one.call_id or "", "content": one.to_text()} for one in results
            ]
            continue
        calls = [call_of(part) for part in payload.content if isinstance(part, ToolCall)]
        message: dict[str, Any] = {"role": payload.role.value, "content": content_of(payload)}
        messages.append({**message, "tool_calls": calls} if calls else message)
    return messages


def call_of(call: ToolCall) -> dict[str, Any]:
    arguments = call.args if isinstance(call.args, str) else json.dumps(call.args, ensure_ascii=False, default=str)
    return {"id": call.id or "", "type": "function", "function": {"name": call.name, "arguments": arguments}}


def content_of(payload: LLMPayload) -> Any:
    """A text where there is nothing but text."""
    media = [part for part in payload.content if isinstance(part, File)]
    if not media:
        return payload.text()
    parts: list[dict[str, Any]] = [
        {"type": "text", "text": part.text} for part in payload.content if isinstance(part, Text)
    ]
    for part in media:
        kind = getattr(part, "mime_type", None) or next((MEDIA[base] for base in MEDIA if isinstance(part, base)), "")
        parts.append({"type": "image_url", "image_url": {"url": f"data:{kind};base64,{part.value}"}})
    return parts


def body_of(payloads: list[LLMPayload], model: str, options: Mapping[str, Any], *, stream: bool) -> dict[str, Any]:
    body: dict[str, Any] = {"model": model, "messages": messages_of(payloads), "stream": stream}
    tools = [schema_of(tool) for tool in tools_of(payloads)]
    if tools:
        body["tools"] = tools
    if stream:
        body["stream_options"] = {"include_usage": True}
    return {**body, **{name: options[name] for name in ("temperature", "max_tokens") if options.get(name) is not None}}


def events_of(chunk: Mapping[str, Any]) -> list[StreamEvent]:
    """What one chunk of a stream, or a whole answer, says."""
    events = []
    for choice in chunk.get("choices") or ():
        said = choice.get("delta") or choice.get("message") or {}
        if said.get("reasoning_content"):
            events.append(StreamEvent(reasoning_delta=said["reasoning_content"]))
        if said.get("content"):
            events.append(StreamEvent(text_delta=said["content"]))
        for call in said.get("tool_calls") or ():
            function = call.get("function") or {}
            events.append(
                StreamEvent(
                    tool_call_id=call.get("id"),
                    tool_name=function.get("name"),
                    tool_args_delta=function.get("arguments"),
                )
            )
        if choice.get("finish_reason"):
            events.append(StreamEvent(finish_reason=choice["finish_reason"]))
    if chunk.get("usage"):
        events.append(StreamEvent(usage=dict(chunk["usage"])))
    return events


def estimated(text: str) -> int:
    """About how many tokens: one for a Chinese character, one for four others."""
    wide = sum(ord(letter) > 0x2E7F for letter in text)
    return wide + (len(text) - wide + 3) // 4
