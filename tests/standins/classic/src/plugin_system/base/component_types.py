"""Kinds of things, and what is known of each."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class ComponentType(Enum):
    ACTION = "action"
    COMMAND = "command"
    PLUS_COMMAND = "plus_command"
    TOOL = "tool"
    EVENT_HANDLER = "event_handler"
    CHATTER = "chatter"
    INTEREST_CALCULATOR = "interest_calculator"
    PROMPT = "prompt"
    ROUTER = "router"
    ADAPTER = "adapter"


class ChatType(Enum):
    PRIVATE = "private"
    GROUP = "group"
    ALL = "all"


class EventType(Enum):
    ON_START = "on_start"
    ON_STOP = "on_stop"
    ON_MESSAGE = "on_message"
    UNKNOWN = "unknown"


class ToolParamType(Enum):
    STRING = "string"
    INTEGER = "integer"


class InjectionType(Enum):
    APPEND = "append"
    PREPEND = "prepend"


@dataclass
class InjectionRule:
    target_prompt: str
    injection_type: InjectionType = InjectionType.PREPEND


@dataclass
class PermissionNodeField:
    node_name: str
    description: str


@dataclass
class ComponentInfo:
    name: str
    component_type: ComponentType
    description: str = ""
    enabled: bool = True
    plugin_name: str = ""


@dataclass
class CommandInfo(ComponentInfo):
    command_pattern: str = ""


@dataclass
class PlusCommandInfo(ComponentInfo):
    command_aliases: list[str] = field(default_factory=list)
    priority: int = 0
    intercept_message: bool = False


@dataclass
class EventHandlerInfo(ComponentInfo):
    weight: int = 0
    intercept_message: bool = False


@dataclass
class PromptInfo(ComponentInfo):
    injection_rules: list[InjectionRule] = field(default_factory=list)


@dataclass(slots=True)
class AdapterInfo:
    name: str
    component_type: ComponentType = field(default=ComponentType.ADAPTER, init=False)
    plugin_name: str = ""
    platform: str = ""
    description: str = ""
    enabled: bool = True


@dataclass
class PluginInfo:
    display_name: str
    name: str
    description: str
    version: str = "1.0.0"
    author: str = ""
    components: list[Any] = field(default_factory=list)
