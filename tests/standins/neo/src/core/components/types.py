from enum import Enum


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


class ComponentState(Enum):
    UNLOADED = "unloaded"
    ACTIVE = "active"


class EventType(str, Enum):
    ON_START = "on_start"
    ON_STOP = "on_stop"
    ON_MESSAGE_RECEIVED = "on_message_received"
    ON_MESSAGE_SENT = "on_message_sent"
    ON_ALL_PLUGIN_LOADED = "on_all_plugin_loaded"
    ON_PLUGIN_UNLOADED = "on_plugin_unloaded"
    ON_COMPONENT_LOADED = "on_component_loaded"
    ON_COMPONENT_UNLOADED = "on_component_unloaded"


class PermissionLevel(int, Enum):
    GUEST = 1
    USER = 2
    OPERATOR = 3
    OWNER = 4

    @classmethod
    def from_string(cls, text: str) -> "PermissionLevel":
        try:
            return cls[text.upper()]
        except KeyError:
            raise ValueError(f"There is no level {text!r}.") from None


def parse_signature(signature: str) -> dict[str, object]:
    plugin, kind, name = signature.split(":")
    return {"plugin_name": plugin, "component_type": ComponentType(kind), "component_name": name}
