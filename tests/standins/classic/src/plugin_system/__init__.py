"""What plugins import."""

from src.plugin_system.apis.plugin_register_api import register_plugin
from src.plugin_system.base.base_plugin import BasePlugin
from src.plugin_system.base.component_types import (
    ChatType,
    ComponentInfo,
    EventType,
    PermissionNodeField,
    ToolParamType,
)
from src.plugin_system.base.components import (
    BaseAction,
    BaseCommand,
    BaseEventHandler,
    BaseInterestCalculator,
    BasePrompt,
    BaseTool,
)
from src.plugin_system.base.config_types import ConfigField
from src.plugin_system.base.plus_command import CommandArgs, PlusCommand

__all__ = [
    "BaseAction",
    "BaseCommand",
    "BaseEventHandler",
    "BaseInterestCalculator",
    "BasePlugin",
    "BasePrompt",
    "BaseTool",
    "ChatType",
    "CommandArgs",
    "ComponentInfo",
    "ConfigField",
    "EventType",
    "PermissionNodeField",
    "PlusCommand",
    "ToolParamType",
    "register_plugin",
]
