"""Models in the classic flavour: one prompt, one answer, from whoever ``[tool.mpdt.llm]`` names."""

from __future__ import annotations

from typing import Any

from mpdt.worker.cores.simulated.classic.bot_config import TaskConfig, model_config
from mpdt.worker.cores.simulated.llm.payload import ROLE, Image, LLMPayload, Text, ToolCall
from mpdt.worker.cores.simulated.llm.request import LLMResponse, create_llm_request, get_model_set_by_task
from mpdt.worker.cores.simulated.llm.vectors import embedding


def get_available_models() -> dict[str, TaskConfig]:
    return dict(model_config.model_task_config)


async def ask(prompt: Any, name: str, tools: list[Any] | None = None, image: str | None = None) -> LLMResponse:
    request = create_llm_request(get_model_set_by_task("utils"), name)
    content: list[Any] = [Text(str(prompt))]
    if image:
        content.append(Image(image))
    request.add_payload(LLMPayload(ROLE.USER, content))
    if tools:
        request.add_payload(LLMPayload(ROLE.TOOL, [as_schema(tool) for tool in tools]))
    return await request.send(stream=False)


def as_schema(tool: Any) -> Any:
    """A classic definition, with its parameters in tuples, as a schema."""
    if not isinstance(tool, dict) or not isinstance(tool.get("parameters"), list):
        return tool
    properties = {
        one[0]: {"type": str(getattr(one[1], "value", one[1])), "description": one[2]} for one in tool["parameters"]
    }
    required = [one[0] for one in tool["parameters"] if one[3]]
    parameters = {"type": "object", "properties": properties, "required": required}
    return {"name": tool["name"], "description": tool["description"], "parameters": parameters}


async def generate_with_model(
    prompt: str, model_config: Any = None, request_type: str = "plugin.generate", *_: Any, **__: Any
) -> tuple[bool, str, str, str]:
    """(success, answer, reasoning, model's name)."""
    response = await ask(prompt, request_type)
    return True, response.message or "", response.reasoning_content or "", "mpdt"


async def generate_with_model_with_tools(
    prompt: str,
    model_config: Any = None,
    tool_options: Any = None,
    request_type: str = "plugin.generate",
    *_: Any,
    **__: Any,
) -> tuple[bool, str, str, str, list[ToolCall] | None]:
    response = await ask(prompt, request_type, tool_options)
    return True, response.message or "", response.reasoning_content or "", "mpdt", response.call_list or None


class LLMRequest:
    """``generate_response_async`` gives (answer, (reasoning, model's name, tool calls))."""

    def __init__(self, model_set: Any = None, request_type: str = "", **_: Any) -> None:
        self.model_set = model_set
        self.request_type = request_type

    async def generate_response_async(self, prompt: str, *_: Any, tools: Any = None, **__: Any) -> tuple[str, Any]:
        response = await ask(prompt, self.request_type, tools)
        return response.message or "", (response.reasoning_content or "", "mpdt", response.call_list or None)

    async def generate_response_for_image(
        self, prompt: str, image_base64: str, image_format: str = "png", *_: Any, **__: Any
    ) -> tuple[str, Any]:
        response = await ask(prompt, self.request_type, image=image_base64)
        return response.message or "", (response.reasoning_content or "", "mpdt", None)

    async def generate_response_for_voice(self, voice_base64: str) -> str:
        return (await ask("What does this recording say?", self.request_type)).message or ""

    async def get_embedding(self, embedding_input: str) -> tuple[list[float], str]:
        return embedding(embedding_input), "mpdt"


async def generate_reply(*_: Any, **more: Any) -> tuple[bool, Any]:
    """The bot's own answer: (success, {"content": ...}); in words of one part."""
    message = more.get("reply_message")
    said = getattr(message, "processed_plain_text", None) or more.get("extra_info") or more.get("raw_reply") or ""
    response = await ask(said, str(more.get("request_type") or "replyer"))
    text = response.message or ""
    parts = [("text", text)]
    return (True, parts, None) if more.get("return_prompt") else (True, parts)  # type: ignore[return-value]


rewrite_reply = generate_reply


async def generate_response_custom(
    *_: Any, prompt: str = "", request_type: str = "generator_api", **__: Any
) -> str | None:
    return (await ask(prompt, request_type)).message


def process_human_text(content: str, *_: Any, **__: Any) -> list[tuple[str, Any]]:
    return [("text", content)]
