"""What a request to a model is made of: payloads by role, with texts, media, tools, calls and results."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

from mpdt.worker.cores.simulated.schema import parse_function_signature

FILE_NAME_LIMIT = 1024  # a longer text is no path: it is the base64 itself


class ROLE(str, Enum):  # noqa: UP042 - see EventType
    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"
    TOOL_RESULT = "tool_result"


@dataclass(frozen=True)
class Content:
    pass


@dataclass(frozen=True)
class Text(Content):
    text: str


@dataclass(frozen=True)
class ReasoningText(Content):
    text: str
    signature: str | None = None
    redacted_data: str | None = None


def as_base64(source: str | PathLike[str] | BinaryIO) -> str:
    """A path, an open file, a data address, or base64 as it is."""
    if isinstance(source, str):
        if source.startswith("data:"):
            return source.partition(",")[2]
        if source.startswith("base64|"):
            return source.removeprefix("base64|")
        if source.startswith("base64://"):
            return source.removeprefix("base64://")
        if len(source) > FILE_NAME_LIMIT or not Path(source).is_file():
            return source
    if isinstance(source, str | PathLike):
        return base64.b64encode(Path(source).read_bytes()).decode()
    return base64.b64encode(source.read()).decode()


class File(Content):
    value: str

    def __init__(self, source: str | PathLike[str] | BinaryIO) -> None:
        object.__setattr__(self, "value", as_base64(source))

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and getattr(other, "value", None) == self.value

    def __hash__(self) -> int:
        return hash((type(self), self.value))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}, {len(self.value)} characters of base64>"


class Image(File):
    pass


class Audio(File):
    pass


class Video(File):
    mime_type: str

    def __init__(self, source: str | PathLike[str] | BinaryIO, mime_type: str = "video/mp4") -> None:
        super().__init__(source)
        object.__setattr__(self, "mime_type", mime_type)


@dataclass(frozen=True)
class ToolCall(Content):
    """``args`` is the text that the model wrote where that is no JSON object."""

    id: str | None
    name: str
    args: dict[str, Any] | str


@dataclass(frozen=True)
class ToolResult(Content):
    value: Any
    call_id: str | None = None
    name: str | None = None

    def to_text(self) -> str:
        return self.value if isinstance(self.value, str) else json.dumps(self.value, ensure_ascii=False, default=str)


@dataclass(init=False)
class LLMPayload:
    role: ROLE
    content: list[Any]

    def __init__(self, role: ROLE, content: Any) -> None:
        self.role = role
        self.content = list(content) if isinstance(content, list | tuple) else [content]

    def text(self) -> str:
        """All that it says in words."""
        parts = (part.text if isinstance(part, Text) else part.to_text() for part in self.content if is_worded(part))
        return "\n".join(parts)


def is_worded(part: object) -> bool:
    return isinstance(part, Text | ToolResult)


class ToolRegistry:
    """Tools by the name under which a model calls them."""

    def __init__(self) -> None:
        self._tools: dict[str, Any] = {}

    def register(self, tool: Any, name: str | None = None) -> None:
        self._tools[name or schema_of(tool)["function"]["name"]] = tool

    def get(self, name: str) -> Any:
        return self._tools.get(name)

    def get_all(self) -> list[Any]:
        return list(self._tools.values())

    def list_all(self) -> list[dict[str, Any]]:
        return [schema_of(tool) for tool in self._tools.values()]

    def get_all_names(self) -> list[str]:
        return list(self._tools)


def schema_of(tool: Any) -> dict[str, Any]:
    """The tool's schema, in the form with ``type: function``."""
    if isinstance(tool, Mapping):
        schema: Mapping[str, Any] = tool
    elif hasattr(tool, "to_schema"):
        schema = tool.to_schema()
    else:
        schema = parse_function_signature(tool, tool.__name__, tool.__doc__ or "")
    return dict(schema) if "function" in schema else {"type": "function", "function": dict(schema)}
