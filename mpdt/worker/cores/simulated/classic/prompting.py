"""Prompt templates of the classic core, by name, with what prompt components put into them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mpdt.worker.cores.simulated.classic.bot_parts import PromptParameters
from mpdt.worker.cores.simulated.classic.registry import component_registry
from mpdt.worker.cores.simulated.classic.types import ComponentType, InjectionRule, InjectionType
from mpdt.worker.cores.simulated.runtime import kept

ESCAPED = re.compile(r"\\([{}])")
PLACEHOLDER = re.compile(r"\{(.*?)}")


class Prompts:
    """The templates of this version of the plugin."""

    def __init__(self) -> None:
        self.named: dict[str, Prompt] = {}


class Prompt:
    """A template; ``\\{`` and ``\\}`` are braces of the text."""

    def __init__(
        self,
        template: str | list[str],
        name: str | None = None,
        parameters: PromptParameters | None = None,
        should_register: bool = True,
    ) -> None:
        self.template = "\n".join(map(str, template)) if isinstance(template, list) else str(template)
        self.name = name
        self.parameters = parameters or PromptParameters()
        self.args = list(dict.fromkeys(one for one in PLACEHOLDER.findall(ESCAPED.sub("", self.template)) if one))
        if should_register:
            global_prompt_manager.register(self)

    def format(self, *args: Any, **values: Any) -> str:
        """Raises ValueError for a placeholder without a value."""
        # Doubled braces are what str.format takes for braces of the text.
        plain = ESCAPED.sub(lambda match: match[1] * 2, self.template)
        try:
            return plain.format(*args, **values)
        except (IndexError, KeyError) as error:
            raise ValueError(f"格式化模板失败: 缺少参数 {error}") from error

    async def build(self) -> str:
        """With the blocks of the parameters. Raises ValueError if they do not say which chat it is."""
        errors = self.parameters.validate()
        if errors:
            raise ValueError(f"参数验证失败: {', '.join(errors)}")
        blocks = {name: value for name, value in vars(self.parameters).items() if isinstance(value, str)}
        return self.format(**{**dict.fromkeys(self.args, ""), **blocks})

    def __str__(self) -> str:
        return self.template


# What __init__ is handed -> the name of the entry that it makes: such a call may run again (mpdt_hooks.declarations).
Prompt.__mpdt_declares__ = staticmethod(lambda template, name=None, *given, **more: name)  # type: ignore[attr-defined]


class PromptManager:
    @asynccontextmanager
    async def async_message_scope(self, message_id: str | None = None) -> AsyncIterator[None]:
        yield

    def register(self, prompt: Prompt) -> None:
        known = kept(Prompts).named
        prompt.name = prompt.name or f"prompt_{len(known) + 1}"
        known[prompt.name] = prompt

    def add_prompt(self, name: str, fstr: str) -> Prompt:
        return Prompt(fstr, name)

    async def get_prompt_async(self, name: str, parameters: PromptParameters | None = None) -> Prompt:
        """The template with what the plugin's prompt components put into it. Raises KeyError."""
        known = kept(Prompts).named
        if name not in known:
            raise KeyError(f"Prompt '{name}' not found")
        prompt = known[name]
        text = await injected(prompt.template, name, parameters or prompt.parameters)
        return prompt if text == prompt.template else Prompt(text, name, parameters, should_register=False)

    async def format_prompt(self, name: str, **values: Any) -> str:
        return (await self.get_prompt_async(name, values.get("parameters"))).format(**values)


global_prompt_manager = PromptManager()


async def injected(template: str, name: str, parameters: PromptParameters) -> str:
    """By priority, as the core does."""
    rules: list[tuple[InjectionRule, Any]] = [
        (rule, cls)
        for cls in component_registry.classes(ComponentType.PROMPT).values()
        for rule in cls.injection_rules
        if rule.target_prompt == name
    ]
    for rule, cls in sorted(rules, key=lambda one: getattr(one[0], "priority", 100)):
        content = (
            "" if rule.injection_type is InjectionType.REMOVE else str(await cls(params=parameters).execute() or "")
        )
        template = put(template, content, rule)
    return template


def put(template: str, content: str, rule: InjectionRule) -> str:
    target = rule.target_content or ""
    match rule.injection_type:
        case InjectionType.PREPEND:
            return f"{content}\n{template}" if content else template
        case InjectionType.APPEND:
            return f"{template}\n{content}" if content else template
        case InjectionType.REPLACE:
            return template.replace(target, content)
        case InjectionType.REMOVE:
            return template.replace(target, "")
        case _:
            return template.replace(target, f"{target}\n{content}") if content else template


async def create_prompt_async(
    template: str, name: str | None = None, parameters: PromptParameters | None = None, **values: Any
) -> Prompt:
    return Prompt(template, name, parameters)
