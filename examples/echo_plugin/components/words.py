"""A tool: a language model can call it."""

from __future__ import annotations

from typing import Annotated

from src.app.plugin_system.base import BaseTool


class CountWordsTool(BaseTool):
    """Counts words."""

    tool_name: str = "count_words"
    tool_description: str = "Count the words of a text."

    async def execute(
        self,
        text: Annotated[str, "The text whose words are counted"],
        unique: Annotated[bool, "Count each word once"] = False,
    ) -> tuple[bool, dict]:
        words = text.split()
        return True, {"count": len(set(words)) if unique else len(words)}
