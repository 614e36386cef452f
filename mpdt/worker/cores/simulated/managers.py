"""What is registered: components by signature, plugins by name, services and tools on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mpdt.language import _
from mpdt.worker.cores.simulated import command, components, config
from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.cores.simulated.models import ChatStream
from mpdt.worker.cores.simulated.runtime import current, kept, registrations
from mpdt.worker.cores.simulated.schema import parameters_of
from mpdt.worker.cores.simulated.standin import NotSimulated
from mpdt.worker.cores.simulated.types import (
    ChatType,
    ComponentState,
    ComponentType,
    PermissionLevel,
    parse_signature,
)

if TYPE_CHECKING:
    from mpdt.worker.cores.simulated.models import Message
    from mpdt.worker.cores.simulated.plugin_manifests import PluginManifest

ABSENT = object()

logger = get_logger("core")

BASES: dict[ComponentType, type[Any]] = {
    ComponentType.ACTION: components.BaseAction,
    ComponentType.TOOL: components.BaseTool,
    ComponentType.ADAPTER: components.BaseAdapter,
    ComponentType.COMMAND: command.BaseCommand,
    ComponentType.CONFIG: config.BaseConfig,
    ComponentType.EVENT_HANDLER: components.BaseEventHandler,
    ComponentType.SERVICE: components.BaseService,
}  # ``conversing`` and ``routing`` add theirs


def register_plugin(cls: type[components.BasePlugin]) -> type[components.BasePlugin]:
    """Class decorator: this is the plugin's class. Raises ValueError if it has no name, or a taken one."""
    name = getattr(cls, "plugin_name", "")
    classes = registrations().plugin_classes
    if not name:
        raise ValueError(f"插件类 '{cls.__name__}' 必须定义 'plugin_name' 属性")
    if name in classes:
        raise ValueError(f"插件 '{name}' 已被 '{classes[name].__name__}' 注册")
    classes[name] = cls
    return cls


# The engine cannot see from the source that the class is only noted: its name is read too, and that is looked at here.
register_plugin.__mpdt_inert__ = True  # type: ignore[attr-defined]


def get_plugin_class(plugin_name: str) -> type[components.BasePlugin] | None:
    return registrations().plugin_classes.get(plugin_name)


def list_registered_plugins() -> list[str]:
    return list(registrations().plugin_classes)


def is_plugin_registered(plugin_name: str) -> bool:
    return plugin_name in registrations().plugin_classes


def identify(component: object) -> tuple[ComponentType, str] | None:
    """Which kind a class is, and its name; None if it is no component or has no name."""
    for kind, base in BASES.items():
        if isinstance(component, type) and issubclass(component, base):
            name = getattr(component, components.NAME_ATTRIBUTES[kind], "")
            return (kind, str(name)) if name else None
    return None


class ComponentRegistry:
    """Component classes by signature."""

    def get(self, signature: str) -> type[Any] | None:
        return registrations().components.get(signature)

    def get_by_plugin(self, plugin_name: str) -> dict[str, type[Any]]:
        return self._where(lambda plugin, kind: plugin == plugin_name)

    def get_by_type(self, component_type: ComponentType) -> dict[str, type[Any]]:
        return self._where(lambda plugin, kind: kind is component_type)

    def get_by_plugin_and_type(self, plugin_name: str, component_type: ComponentType) -> dict[str, type[Any]]:
        """By component name, not by signature, as in the real core."""
        found = self._where(lambda plugin, kind: plugin == plugin_name and kind is component_type)
        return {parse_signature(signature)["component_name"]: cls for signature, cls in found.items()}

    def _where(self, wanted: Any) -> dict[str, type[Any]]:
        found = {}
        for signature, cls in registrations().components.items():
            parts = parse_signature(signature)
            if wanted(parts["plugin_name"], parts["component_type"]):
                found[signature] = cls
        return found

    def list_all(self) -> list[str]:
        return list(registrations().components)

    def __len__(self) -> int:
        return len(registrations().components)

    def __contains__(self, signature: str) -> bool:
        return signature in registrations().components


class StateManager:
    """The state of each component, and what is noted with it. A registered component is active until it is told."""

    def __init__(self) -> None:
        self._told: dict[str, ComponentState] = {}
        self._data: dict[str, dict[str, Any]] = {}

    def get_all_states(self) -> dict[str, ComponentState]:
        """The plugin is among them, as ``name:plugin:name``."""
        plugins = (f"{name}:plugin:{name}" for name in registrations().plugins)
        return {**dict.fromkeys([*registrations().components, *plugins], ComponentState.ACTIVE), **self._told}

    def get_state(self, signature: str) -> ComponentState:
        return self.get_all_states().get(signature, ComponentState.UNLOADED)

    async def get_state_async(self, signature: str) -> ComponentState:
        return self.get_state(signature)

    def get_components_by_state(self, state: ComponentState) -> list[str]:
        return [signature for signature, its in self.get_all_states().items() if its is state]

    def set_state(self, signature: str, state: ComponentState) -> None:
        self._told[signature] = state

    async def set_state_async(self, signature: str, state: ComponentState) -> None:
        self.set_state(signature, state)

    def remove_state(self, signature: str) -> bool:
        return self._told.pop(signature, None) is not None

    async def disable_component_cascade(self, signature: str) -> list[str]:
        self.set_state(signature, ComponentState.INACTIVE)
        return [signature]

    async def enable_component_with_dependencies(self, signature: str) -> tuple[bool, list[str]]:
        self.set_state(signature, ComponentState.ACTIVE)
        return True, []

    def set_runtime_data(self, signature: str, key: str, value: Any) -> None:
        self._data.setdefault(signature, {})[key] = value

    def get_runtime_data(self, signature: str, key: str, default: Any = None) -> Any:
        return self._data.get(signature, {}).get(key, default)

    def get_all_runtime_data(self, signature: str) -> dict[str, Any]:
        return dict(self._data.get(signature, {}))

    def remove_runtime_data(self, signature: str, key: str | None = None) -> bool:
        """One entry, or all of the component; was there any?"""
        if key is None:
            return self._data.pop(signature, None) is not None
        return self._data.get(signature, {}).pop(key, ABSENT) is not ABSENT

    def clear(self) -> None:
        self._told.clear()
        self._data.clear()


class PluginManager:
    """The plugins that are loaded: here, the one that is developed."""

    def get_plugin(self, plugin_name: str) -> components.BasePlugin | None:
        return registrations().plugins.get(plugin_name)

    def get_all_plugins(self) -> dict[str, components.BasePlugin]:
        return dict(registrations().plugins)

    def list_loaded_plugins(self) -> list[str]:
        return list(registrations().plugins)

    def get_manifest(self, plugin_name: str) -> PluginManifest | None:
        return self._manifests.get(plugin_name)

    @property
    def _manifests(self) -> dict[str, PluginManifest]:
        from mpdt.worker.cores.simulated.plugin_manifests import read_plugin_manifest

        found = {name: read_plugin_manifest(path) for name, path in self._plugin_paths.items()}
        return {name: manifest for name, manifest in found.items() if manifest is not None}

    # Plugins that show what the bot has loaded look at these, for want of another way.

    @property
    def _loaded_plugins(self) -> dict[str, components.BasePlugin]:
        return self.get_all_plugins()

    @property
    def _plugin_paths(self) -> dict[str, str]:
        return {name: str(manifest.folder) for name, manifest in registrations().manifests.items()}

    @property
    def _failed_plugins(self) -> dict[str, str]:
        """None: a plugin that fails is served by nobody."""
        return {}

    async def get_unloaded_plugins_info(self) -> dict[str, dict[str, Any]]:
        return {}

    def is_plugin_loaded(self, plugin_name: str) -> bool:
        return plugin_name in registrations().plugins

    def get_plugin_path(self, plugin_name: str) -> str | None:
        return self._plugin_paths.get(plugin_name)

    async def load_plugin(self, plugin_path: str) -> bool:
        raise NotSimulated(_("{name} (loading further plugins)", name="PluginManager.load_plugin"))

    async def unload_plugin(self, plugin_name: str) -> bool:
        raise NotSimulated(_("{name} (a plugin that unloads plugins)", name="PluginManager.unload_plugin"))

    async def reload_plugin(self, plugin_name: str) -> bool:
        raise NotSimulated(_("{name} (a plugin that reloads plugins)", name="PluginManager.reload_plugin"))


class ServiceManager:
    def get_all_services(self) -> dict[str, type[components.BaseService]]:
        return get_global_registry().get_by_type(ComponentType.SERVICE)

    def get_services_for_plugin(self, plugin_name: str) -> dict[str, type[components.BaseService]]:
        return get_global_registry().get_by_plugin_and_type(plugin_name, ComponentType.SERVICE)

    def get_service_class(self, signature: str) -> type[components.BaseService] | None:
        return get_global_registry().get(signature)

    def get_service(self, signature: str) -> components.BaseService | None:
        """A new instance of the service, or None (and a log line) if there is none."""
        service = self.get_service_class(signature)
        plugin = registrations().plugins.get(signature.partition(":")[0])
        if service is None or plugin is None:
            logger.warning(
                _("There is no service '{signature}'; a signature looks like plugin:service:name.", signature=signature)
            )
            return None
        try:
            return service(plugin=plugin)
        except Exception as error:  # plugin code
            logger.error(
                _("Service {signature} cannot be made: {error!r}", signature=signature, error=error), exc_info=error
            )
            return None


def without_auto_reason(execute: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """Models add a ``reason``; it is dropped where ``execute`` takes none."""
    import inspect

    takes_any = any(one.kind is one.VAR_KEYWORD for one in inspect.signature(execute).parameters.values())
    if takes_any or any(one.name == "reason" for one in parameters_of(execute)):
        return arguments
    return {name: value for name, value in arguments.items() if name != "reason"}


class ActionManager:
    """Actions, whose schemas are made from the live classes at each call."""

    def get_all_actions(self) -> dict[str, type[components.BaseAction]]:
        return get_global_registry().get_by_type(ComponentType.ACTION)

    def get_actions_for_plugin(self, plugin_name: str) -> dict[str, type[components.BaseAction]]:
        return get_global_registry().get_by_plugin_and_type(plugin_name, ComponentType.ACTION)

    def get_action_class(self, signature: str) -> type[components.BaseAction] | None:
        return get_global_registry().get(signature)

    def get_actions_for_chat(
        self, chat_type: ChatType = ChatType.ALL, chatter_name: str = "", platform: str = ""
    ) -> list[type[components.BaseAction]]:
        return [
            action
            for action in self.get_all_actions().values()
            if action.chat_type in (ChatType.ALL, chat_type)
            and (not chatter_name or not action.chatter_allow or chatter_name in action.chatter_allow)
            and (not platform or not action.associated_platforms or platform in action.associated_platforms)
        ]

    def get_action_schema(self, signature: str) -> dict[str, Any] | None:
        action = self.get_action_class(signature)
        return action.to_schema() if action else None

    def get_action_schemas(
        self, chat_type: ChatType = ChatType.ALL, chatter_name: str = "", platform: str = ""
    ) -> list[dict[str, Any]]:
        return [action.to_schema() for action in self.get_actions_for_chat(chat_type, chatter_name, platform)]

    def clear_schema_cache(self, signature: str | None = None) -> None:
        """Nothing is cached."""

    async def execute_action(
        self, signature: str, plugin: components.BasePlugin, message: Message, **kwargs: Any
    ) -> tuple[bool, str]:
        """Raises ValueError if there is no such action, RuntimeError if it fails."""
        action = self.get_action_class(signature)
        if action is None:
            raise ValueError(f"Action 类未找到: {signature}")
        instance = action(stream_for(message), plugin)
        arguments = without_auto_reason(instance.execute, kwargs)
        try:
            with current().monitor.measured(signature):
                result: tuple[bool, str] = await instance._wrap_execute(**arguments).wait_done()
        except Exception as error:
            logger.error(_("Action {signature} failed: {error!r}", signature=signature, error=error), exc_info=error)
            raise RuntimeError(f"Action 执行失败: {error}") from error
        return result


class ToolUse:
    async def execute_tool(
        self, signature: str, plugin: components.BasePlugin, message: Message, **kwargs: Any
    ) -> tuple[bool, Any]:
        """Raises ValueError if there is no such tool, RuntimeError if it fails."""
        tool = get_global_registry().get(signature)
        if tool is None or not issubclass(tool, components.BaseTool):
            raise ValueError(f"Tool 类未找到: {signature}")
        instance = tool(plugin)
        instance._bind_runtime_context(stream_id=getattr(message, "stream_id", ""), message=message)
        arguments = without_auto_reason(instance.execute, kwargs)
        try:
            with current().monitor.measured(signature):
                result: tuple[bool, Any] = await instance._wrap_execute(**arguments).wait_done()
        except Exception as error:
            logger.error(_("Tool {signature} failed: {error!r}", signature=signature, error=error), exc_info=error)
            raise RuntimeError(f"Tool 执行失败: {error}") from error
        return result


class PermissionManager:
    """Levels by person: the sender's role of a message sets its sender's level."""

    def generate_person_id(self, platform: str, user_id: str) -> str:
        return f"{platform}:{user_id}"

    generate_raw_person_id = generate_person_id

    async def get_user_permission_level(self, person_id: str) -> PermissionLevel:
        return registrations().levels.get(person_id, PermissionLevel.USER)

    async def set_user_permission_group(
        self, person_id: str, level: PermissionLevel, granted_by: str | None = None, reason: str | None = None
    ) -> bool:
        registrations().levels[person_id] = level
        return True

    async def remove_user_permission_group(self, person_id: str) -> bool:
        return registrations().levels.pop(person_id, None) is not None

    async def check_command_permission(
        self, person_id: str, command_class: type[command.BaseCommand], command_signature: str | None = None
    ) -> tuple[bool, str]:
        level = await self.get_user_permission_level(person_id)
        needed = command_class.permission_level
        if level >= needed:
            return True, "权限充足"
        return False, f"需要 {needed.to_string()} 权限，当前为 {level.to_string()}"


def stream_for(message: Message) -> ChatStream:
    """The message's stream, made if it is new."""
    streams = current().streams
    if message.stream_id not in streams:
        streams[message.stream_id] = ChatStream(message.stream_id, message.platform, message.chat_type)
    return streams[message.stream_id]


_registry = ComponentRegistry()
_plugins = PluginManager()
_services = ServiceManager()
_actions = ActionManager()
_tools = ToolUse()
_permissions = PermissionManager()


def get_global_registry() -> ComponentRegistry:
    return _registry


def get_global_state_manager() -> StateManager:
    return kept(StateManager)


def get_plugin_manager() -> PluginManager:
    return _plugins


def get_service_manager() -> ServiceManager:
    return _services


def get_action_manager() -> ActionManager:
    return _actions


def get_tool_use() -> ToolUse:
    return _tools


def get_permission_manager() -> PermissionManager:
    return _permissions
