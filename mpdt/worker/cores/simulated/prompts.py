"""Prompt templates with their render policies, and the reminders that requests begin with."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from mpdt.language import _
from mpdt.worker.cores.simulated.runtime import kept, registrations

PROMPT_BUILD_EVENT = "on_prompt_build"
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], (), {}, set())


@dataclass(frozen=True)
class RenderPolicy:
    """How a value becomes text; policies are chained with ``then``."""

    fn: Callable[[Any], str]

    def __call__(self, value: Any) -> str:
        return self.fn(value)

    def then(self, other: RenderPolicy) -> RenderPolicy:
        return RenderPolicy(lambda value: other.fn(self.fn(value)))


def optional(empty: str = "") -> RenderPolicy:
    return RenderPolicy(lambda value: empty if is_empty(value) else str(value))


def trim() -> RenderPolicy:
    return RenderPolicy(lambda value: "" if value is None else str(value).strip())


def header(title: str, sep: str = "\n") -> RenderPolicy:
    return RenderPolicy(lambda value: "" if is_empty(value) else f"{title}{sep}{value}")


def wrap(prefix: str = "", suffix: str = "") -> RenderPolicy:
    return RenderPolicy(lambda value: "" if is_empty(value) else f"{prefix}{value}{suffix}")


def join_blocks(block_sep: str = "\n\n") -> RenderPolicy:
    def join(value: Any) -> str:
        blocks = value if isinstance(value, list | tuple) else [value]
        return block_sep.join(str(block).strip() for block in blocks if not is_empty(block))

    return RenderPolicy(join)


def min_len(n: int) -> RenderPolicy:
    return RenderPolicy(lambda value: "" if value is None or len(str(value).strip()) < n else str(value))


@dataclass
class PromptTemplate:
    """A text with ``{placeholders}``; a value without a policy becomes its text."""

    name: str
    template: str
    policies: dict[str, RenderPolicy] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def set(self, key: str, value: Any) -> PromptTemplate:
        self.values[key] = value
        return self

    def get(self, key: str, default: Any = None) -> Any:
        return self.values.get(key, default)

    def has(self, key: str) -> bool:
        return key in self.values

    def remove(self, key: str) -> PromptTemplate:
        self.values.pop(key, None)
        return self

    def clear(self) -> PromptTemplate:
        self.values.clear()
        return self

    async def build(self, strict: bool = False) -> str:
        """The text, after the handlers of ``on_prompt_build``. ``strict``: KeyError for a missing value."""
        params = {
            "name": self.name,
            "template": self.template,
            "values": dict(self.values),
            "policies": dict(self.policies),
            "strict": strict,
        }
        _, changed = await registrations().bus.publish(PROMPT_BUILD_EVENT, params)
        return rendered(changed["template"], changed["values"], changed["policies"], strict=changed["strict"])

    def _render(
        self, template: str, values: dict[str, Any], policies: dict[str, RenderPolicy], strict: bool = False
    ) -> str:
        """Without the event; plugins that must not be overheard call it."""
        return rendered(template, values, policies, strict=strict)

    def build_partial(self) -> str:
        return rendered(self.template, self.values, self.policies, strict=False, partial=True)

    def clone(self) -> PromptTemplate:
        return PromptTemplate(self.name, self.template, dict(self.policies), copy.copy(self.values))

    def with_values(self, **kwargs: Any) -> PromptTemplate:
        other = self.clone()
        other.values.update(kwargs)
        return other


def rendered(
    template: str, values: dict[str, Any], policies: dict[str, RenderPolicy], *, strict: bool, partial: bool = False
) -> str:
    def put(match: re.Match[str]) -> str:
        name = match[1]
        if name not in values and strict:
            raise KeyError(name)
        if name not in values and partial:
            return match[0]
        value = values.get(name)
        policy = policies.get(name)
        return policy(value) if policy else "" if value is None else str(value)

    return PLACEHOLDER.sub(put, template)


class PromptManager:
    """Templates by name; what is given out is a copy."""

    def __init__(self) -> None:
        self._templates: dict[str, PromptTemplate] = {}

    def register_template(self, template: PromptTemplate) -> None:
        self._templates[template.name] = template

    def unregister_template(self, name: str) -> bool:
        return self._templates.pop(name, None) is not None

    def get_template(self, name: str) -> PromptTemplate | None:
        return self._templates[name].clone() if name in self._templates else None

    def get_or_create(self, name: str, template: str, policies: dict[str, Any] | None = None) -> PromptTemplate:
        if name not in self._templates:
            self.register_template(PromptTemplate(name, template, dict(policies or {})))
        return self._templates[name].clone()

    def has_template(self, name: str) -> bool:
        return name in self._templates

    def list_templates(self) -> list[str]:
        return list(self._templates)

    def clear(self) -> None:
        self._templates.clear()

    def count(self) -> int:
        return len(self._templates)

    clear_templates = clear
    count_templates = count


class SystemReminderBucket(str, Enum):  # noqa: UP042 - see EventType
    ACTOR = "actor"
    SUB_ACTOR = "sub_actor"


class SystemReminderInsertType(str, Enum):  # noqa: UP042
    FIXED = "fixed"
    DYNAMIC = "dynamic"


class SystemReminderConsumeType(str, Enum):  # noqa: UP042
    FOREVER = "forever"
    ONCE = "once"


@dataclass(frozen=True)
class SystemReminderItem:
    name: str
    content: str
    insert_type: SystemReminderInsertType = SystemReminderInsertType.FIXED
    consume_type: SystemReminderConsumeType = SystemReminderConsumeType.FOREVER

    def render(self) -> str:
        return f"[{self.name}]\n{self.content}"


def bucket_name(bucket: str | SystemReminderBucket) -> str:
    """Raises ValueError for an empty name."""
    name = str(getattr(bucket, "value", bucket)).strip()
    if not name:
        raise ValueError(_("A reminder's bucket has a name."))
    return name


class SystemReminderStore:
    """Reminders by bucket and name."""

    def __init__(self) -> None:
        self._buckets: dict[str, dict[str, SystemReminderItem]] = {}

    def set(
        self,
        bucket: str | SystemReminderBucket,
        name: str,
        content: str,
        insert_type: str | SystemReminderInsertType = SystemReminderInsertType.FIXED,
        consume: str | SystemReminderConsumeType = SystemReminderConsumeType.FOREVER,
    ) -> None:
        if not name.strip():
            raise ValueError(_("A reminder has a name."))
        item = SystemReminderItem(
            name, content, SystemReminderInsertType(insert_type), SystemReminderConsumeType(consume)
        )
        self._buckets.setdefault(bucket_name(bucket), {})[name] = item

    def get_items(
        self, bucket: str | SystemReminderBucket, names: Sequence[str] | None = None
    ) -> list[SystemReminderItem]:
        items = self._buckets.get(bucket_name(bucket), {})
        return [items[name] for name in (items if names is None else names) if name in items]

    def get(self, bucket: str | SystemReminderBucket, names: Sequence[str] | None = None) -> str:
        return "\n\n".join(item.render() for item in self.get_items(bucket, names))

    def delete(self, bucket: str | SystemReminderBucket, name: str) -> bool:
        return self._buckets.get(bucket_name(bucket), {}).pop(name, None) is not None

    def clear_bucket(self, bucket: str | SystemReminderBucket) -> None:
        self._buckets.pop(bucket_name(bucket), None)

    def clear_all(self) -> None:
        self._buckets.clear()


def get_prompt_manager() -> PromptManager:
    return kept(PromptManager)


def get_system_reminder_store() -> SystemReminderStore:
    return kept(SystemReminderStore)


def reset_prompt_manager() -> None:
    get_prompt_manager().clear()


def reset_system_reminder_store() -> None:
    get_system_reminder_store().clear_all()


def add_system_reminder(
    bucket: str | SystemReminderBucket, name: str, content: str, insert_type: Any = "fixed", consume: Any = "forever"
) -> None:
    get_system_reminder_store().set(bucket, name, content, insert_type, consume)


def get_system_reminder(bucket: str | SystemReminderBucket, names: list[str] | None = None) -> str:
    return get_system_reminder_store().get(bucket, names)


def add_stream_reminder(
    stream_id: str, name: str = "", content: str = "", insert_type: Any = "dynamic", consume: Any = "once", **_: Any
) -> None:
    """A reminder of one stream alone; it lies in a bucket of that stream's."""
    get_system_reminder_store().set(f"stream:{stream_id}", name or "reminder", content, insert_type, consume)
