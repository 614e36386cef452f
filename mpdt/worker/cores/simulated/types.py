"""The core's enumerations, and the signatures by which components are known: ``plugin:type:name``."""

from __future__ import annotations

from enum import Enum
from typing import TypedDict

from mpdt.language import _


class ChatType(Enum):
    PRIVATE = "private"
    GROUP = "group"
    DISCUSS = "discuss"
    ALL = "all"


class ComponentType(Enum):
    ACTION = "action"
    AGENT = "agent"
    TOOL = "tool"
    ADAPTER = "adapter"
    CHATTER = "chatter"
    COMMAND = "command"
    CONFIG = "config"
    EVENT_HANDLER = "event_handler"
    SERVICE = "service"
    ROUTER = "router"
    PLUGIN = "plugin"


class EventType(str, Enum):  # noqa: UP042 - str() of a member is "EventType.X" in the real core, as with this base
    ON_START = "on_start"
    ON_STOP = "on_stop"
    ON_MESSAGE_RECEIVED = "on_message_received"
    ON_MESSAGE_SENT = "on_message_sent"
    ON_CHATTER_STEP = "on_chatter_step"
    AFTER_CHATTER_STEP = "after_chatter_step"
    ON_NOTICE_RECEIVED = "on_notice_received"
    ON_RECEIVED_OTHER_MESSAGE = "on_received_other_message"
    ON_ALL_PLUGIN_LOADED = "on_all_plugin_loaded"
    ON_PLUGIN_UNLOADED = "on_plugin_unloaded"
    ON_COMPONENT_LOADED = "on_component_loaded"
    ON_COMPONENT_UNLOADED = "on_component_unloaded"
    CUSTOM = "custom"


class EventDecision(str, Enum):  # noqa: UP042 - see EventType
    SUCCESS = "SUCCESS"
    STOP = "STOP"
    PASS = "PASS"


class ComponentState(Enum):
    UNLOADED = "unloaded"
    LOADED = "loaded"
    ACTIVE = "active"
    INACTIVE = "inactive"
    ERROR = "error"


class PermissionLevel(int, Enum):
    """Who may run a command; ordered by value."""

    GUEST = 1
    USER = 2
    OPERATOR = 3
    OWNER = 4

    @classmethod
    def from_string(cls, level_str: str) -> PermissionLevel:
        """The level of that name, in any case. Raises ValueError naming the valid ones."""
        level = cls.__members__.get(level_str.upper())
        if level is None:
            raise ValueError(
                _(
                    "'{level_str}' is no permission level; there are {names}.",
                    level_str=level_str,
                    names=", ".join(cls.__members__),
                )
            )
        return level

    def to_string(self) -> str:
        return self.name.lower()


class ComponentMeta(TypedDict, total=False):
    name: str
    version: str
    description: str
    author: str


class ComponentSignature(TypedDict):
    plugin_name: str
    component_type: ComponentType
    component_name: str


def build_signature(plugin_name: str, component_type: ComponentType, component_name: str) -> str:
    return f"{plugin_name}:{component_type.value}:{component_name}"


def parse_signature(signature: str) -> ComponentSignature:
    """The three parts of ``plugin:type:name``. Raises ValueError with a sentence if it has another form."""
    match signature.split(":"):
        case [str(plugin), str(kind), str(name)] if plugin and name:
            try:
                component_type = ComponentType(kind.lower())
            except ValueError:
                known = ", ".join(member.value for member in ComponentType)
                raise ValueError(
                    _("'{kind}' is no component type; there are {known}.", kind=kind, known=known)
                ) from None
            return ComponentSignature(plugin_name=plugin, component_type=component_type, component_name=name)
    raise ValueError(
        _("'{signature}' is no component signature; one looks like plugin_name:type:name.", signature=signature)
    )
