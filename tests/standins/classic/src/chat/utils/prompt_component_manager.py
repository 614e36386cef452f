"""Rules that put a prompt component's text into a core prompt; those of classes are read from the registry."""

from typing import Any


class PromptComponentManager:
    def __init__(self) -> None:
        self._dynamic_rules: dict[str, dict[str, Any]] = {}

    async def add_injection_rule(self, prompt_name: str, rules: list[Any], content_provider: Any, source: str) -> bool:
        for rule in rules:
            self._dynamic_rules.setdefault(rule.target_prompt, {})[prompt_name] = (rule, content_provider, source)
        return True


prompt_component_manager = PromptComponentManager()
