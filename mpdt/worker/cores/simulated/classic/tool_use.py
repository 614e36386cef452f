"""Tools as the bot uses them: the model is asked which ones help with a message, and those are called."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from mpdt.language import _
from mpdt.worker.cores.simulated.classic.apis import get_llm_available_tool_definitions, get_tool_instance
from mpdt.worker.cores.simulated.classic.language import ask
from mpdt.worker.cores.simulated.classic.models import streams
from mpdt.worker.cores.simulated.logger import get_logger

SHOWN = 200  # characters of a result in a prompt

logger = get_logger("tool_use")


@dataclass
class ToolExecutionConfig:
    enable_parallel: bool = True
    max_concurrent_tools: int = 5
    tool_timeout: float = 60.0
    enable_dependency_check: bool = True


class ToolHistory:
    """The calls of one chat, the newest last."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    def format_for_prompt(self, max_records: int = 5, include_results: bool = True) -> str:
        lines = []
        for call in self.calls[-max_records:]:
            line = f"- {call['tool_name']}({json.dumps(call['args'], ensure_ascii=False, default=str)})"
            lines.append(f"{line}: {str(call['content'])[:SHOWN]}" if include_results else line)
        return "\n".join(lines)

    def clear(self) -> None:
        self.calls.clear()


class ToolExecutor:
    def __init__(self, chat_id: str, execution_config: ToolExecutionConfig | None = None) -> None:
        self.chat_id = chat_id
        self.execution_config = execution_config or ToolExecutionConfig()
        self.history_manager = ToolHistory()

    @classmethod
    def create_with_parallel_config(
        cls,
        chat_id: str,
        max_concurrent_tools: int = 5,
        tool_timeout: float = 60.0,
        enable_dependency_check: bool = True,
    ) -> ToolExecutor:
        return cls(chat_id, ToolExecutionConfig(True, max_concurrent_tools, tool_timeout, enable_dependency_check))

    def set_execution_config(self, config: ToolExecutionConfig) -> None:
        self.execution_config = config

    async def execute_from_chat_message(
        self, target_message: str, chat_history: str, sender: str, return_details: bool = False
    ) -> tuple[list[dict[str, Any]], list[str], str]:
        """Results, names of the tools that were used, and the prompt (if ``return_details``)."""
        tools = get_llm_available_tool_definitions()
        if not tools:
            return [], [], ""
        prompt = f"{chat_history}\n{sender}: {target_message}\n需要时使用工具。"
        response = await ask(prompt, "tool_executor", list(tools))
        results, used = await self.execute_tool_calls(response.call_list)
        return results, used, prompt if return_details else ""

    async def execute_tool_calls(self, tool_calls: list[Any] | None) -> tuple[list[dict[str, Any]], list[str]]:
        found = [(call, await self.execute_tool_call(call)) for call in tool_calls or ()]
        return [result for _call, result in found if result], [call.name for call, result in found if result]

    async def execute_tool_call(self, tool_call: Any, tool_instance: Any = None) -> dict[str, Any] | None:
        """None for an unknown tool, or one that raises: both are told."""
        tool = tool_instance or get_tool_instance(tool_call.name, streams().get(self.chat_id))
        if tool is None:
            logger.warning(_("There is no tool '{name}'.", name=tool_call.name))
            return None
        arguments = dict(tool_call.args if isinstance(tool_call.args, dict) else {})
        try:
            result = await tool.execute(arguments)
        except Exception as error:  # plugin code
            logger.error(_("Tool {name} raised: {error!r}", name=tool_call.name, error=error), exc_info=error)
            return None
        content = result.get("content", "") if isinstance(result, dict) else result
        self.history_manager.calls.append({"tool_name": tool_call.name, "args": arguments, "content": content})
        return {"type": "tool", "id": tool_call.id, "tool_name": tool_call.name, "content": content}

    async def execute_specific_tool_simple(self, tool_name: str, tool_args: dict[str, Any]) -> dict[str, Any] | None:
        tool = get_tool_instance(tool_name, streams().get(self.chat_id))
        result: dict[str, Any] | None = None if tool is None else await tool.execute(dict(tool_args))
        return result

    def get_tool_history(self) -> list[dict[str, Any]]:
        return list(self.history_manager.calls)

    def clear_tool_history(self) -> None:
        self.history_manager.clear()

    def get_tool_stats(self) -> dict[str, Any]:
        return {"total_calls": len(self.history_manager.calls)}
