"""Who answers a request: a rule, a cassette, an OpenAI-compatible address, or the text for want of all these."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import json
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mpdt.language import _, later, translated
from mpdt.worker.cores.simulated import runtime
from mpdt.worker.cores.simulated.llm import wire
from mpdt.worker.cores.simulated.llm.errors import LLMAPIError, LLMConfigurationError
from mpdt.worker.cores.simulated.llm.payload import ROLE, LLMPayload, ToolResult
from mpdt.worker.cores.simulated.llm.settings import Rule, Settings, read
from mpdt.worker.cores.simulated.llm.wire import StreamEvent

TIMEOUT = 120.0
UNANSWERED = later(
    "mpdt: no model is configured. Write [tool.mpdt.llm] into the plugin's pyproject.toml: rules, a cassette or a url."
)


def settings() -> Settings:
    running = runtime.current()
    return read(running.folder, running.model)


async def answer(
    payloads: list[LLMPayload], name: str, options: Mapping[str, Any], *, stream: bool
) -> AsyncIterator[StreamEvent]:
    """The answer's parts, as they come. Raises LLMError."""
    using = settings()
    rule = matching(using, payloads, name)
    if rule is not None:
        for event in scripted(rule):
            yield event
        return
    body = wire.body_of(payloads, using.model, options, stream=stream)
    recorded = replayed(using.cassette, body)
    if recorded is not None:
        for event in recorded:
            yield event
    elif using.url:
        kept: list[dict[str, Any]] = []
        async for chunk in asked(using, body):
            kept.append(chunk)
            for event in wire.events_of(chunk):
                yield event
        if using.record and using.cassette:
            record(using.cassette, body, kept)
    elif using.default is not None:
        yield StreamEvent(text_delta=using.default)
    else:
        yield StreamEvent(text_delta=translated(UNANSWERED))


def last_words(payloads: list[LLMPayload]) -> str:
    """What the model is to answer: the last payload that is no system's and no tool declaration."""
    spoken = [payload for payload in payloads if payload.role in (ROLE.USER, ROLE.TOOL_RESULT)]
    return spoken[-1].text() if spoken else ""


def matching(using: Settings, payloads: list[LLMPayload], name: str) -> Rule | None:
    """The first rule that fits. One that calls a tool does not while that tool's result is the last word."""
    words = last_words(payloads)
    answered = {
        part.name
        for payload in payloads[-1:]
        if payload.role == ROLE.TOOL_RESULT
        for part in payload.content
        if isinstance(part, ToolResult)
    }
    for rule in using.rules:
        if rule.request not in (None, name) or not rule.match.search(words):
            continue
        if rule.tool is None or rule.tool not in answered:
            return rule
    return None


def scripted(rule: Rule) -> Iterator[StreamEvent]:
    for word in [part + " " for part in rule.reply.split(" ")[:-1]] + rule.reply.split(" ")[-1:]:
        if word:
            yield StreamEvent(text_delta=word)
    if rule.tool:
        arguments = json.dumps(dict(rule.arguments or {}), ensure_ascii=False)
        yield StreamEvent(tool_call_id=f"call_{rule.tool}", tool_name=rule.tool, tool_args_delta=arguments)


def key_of(body: Mapping[str, Any]) -> str:
    """Of what was asked, not of how: a stream and a whole answer are one recording."""
    asked_for = {name: body[name] for name in ("messages", "tools") if name in body}
    return hashlib.sha256(json.dumps(asked_for, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def replayed(cassette: Path | None, body: Mapping[str, Any]) -> list[StreamEvent] | None:
    """The recorded answer to this very request. Raises LLMConfigurationError if the cassette cannot be read."""
    if cassette is None or not cassette.exists():
        return None
    key = key_of(body)
    for number, line in enumerate(cassette.read_text(encoding="utf-8").splitlines(), 1):
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise LLMConfigurationError(
                _("{cassette}, line {number}, is not JSON: {error}", cassette=cassette, number=number, error=error)
            ) from None
        if entry["key"] == key:
            return [event for chunk in entry["chunks"] for event in wire.events_of(chunk)]
    return None


def record(cassette: Path, body: Mapping[str, Any], chunks: list[dict[str, Any]]) -> None:
    entry = {"key": key_of(body), "messages": body["messages"], "chunks": chunks}
    cassette.parent.mkdir(parents=True, exist_ok=True)
    with cassette.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")


async def asked(using: Settings, body: Mapping[str, Any]) -> AsyncIterator[dict[str, Any]]:
    """The chunks of the address' answer. The connection is read in a thread: it needs no library there."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    def put(chunk: dict[str, Any] | None) -> None:
        loop.call_soon_threadsafe(arrived.put_nowait, chunk)

    def work() -> None:
        try:
            converse(using, body, put)
        finally:
            put(None)

    working = loop.run_in_executor(None, work)
    while (chunk := await arrived.get()) is not None:
        yield chunk
    await working


def converse(using: Settings, body: Mapping[str, Any], put: Callable[[dict[str, Any]], None]) -> None:
    """Raises LLMAPIError with a sentence."""
    parts = urlsplit(using.url or "")
    make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = make(parts.hostname or "", parts.port, timeout=TIMEOUT)
    headers = {"Content-Type": "application/json"}
    if using.key_env:
        if not os.environ.get(using.key_env):
            raise LLMConfigurationError(
                _("The environment has no {key_env}, which key_env of [tool.mpdt.llm] names.", key_env=using.key_env)
            )
        headers["Authorization"] = f"Bearer {os.environ[using.key_env]}"
    try:
        connection.request("POST", parts.path.rstrip("/") + "/chat/completions", json.dumps(body), headers)
        response = connection.getresponse()
        if response.status != 200:
            text = response.read(2000).decode("utf-8", "replace")
            raise LLMAPIError(
                _("{url} answered {status}: {text}", url=using.url, status=response.status, text=text),
                status_code=response.status,
            )
        if not body["stream"]:
            put(json.loads(response.read()))
            return
        for line in response:
            data = line.decode("utf-8", "replace").strip()
            if data.startswith("data:") and data[5:].strip() != "[DONE]":
                put(json.loads(data[5:]))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise LLMAPIError(_("{url} did not answer: {error}", url=using.url, error=error)) from None
    finally:
        connection.close()
