"""The simulated core for classic plugins: hosts one as MoFox-Core does, without a bot around it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.worker.cores import ComponentInfo, ConfigChange, Incoming, Manifest, Reply, Resync, Stimulus, asgi
from mpdt.worker.cores.classic_manifests import read_manifest
from mpdt.worker.cores.simulated import describing as simulated_describing
from mpdt.worker.cores.simulated import routing, runtime, sending
from mpdt.worker.cores.simulated.classic import (
    commands,
    components,
    config,
    config_form,
    describing,
    driving,
    others,
)
from mpdt.worker.cores.simulated.classic.apis import permission_api
from mpdt.worker.cores.simulated.classic.events import event_manager, name_of
from mpdt.worker.cores.simulated.classic.examples import example_of
from mpdt.worker.cores.simulated.classic.plugin import PluginBase
from mpdt.worker.cores.simulated.classic.registry import Registered, component_registry, identify
from mpdt.worker.cores.simulated.classic.types import ComponentType, EventType, PluginInfo, PluginMetadata
from mpdt.worker.cores.simulated.core import SimulatedCore, check_defined
from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.errors import WorkerError

logger = get_logger("core")


class ClassicCore(SimulatedCore):
    def read_manifest(self, folder: Path) -> Manifest:
        return self.noting_needs(read_manifest(folder))

    def construct(self, manifest: Manifest, *, strict: bool = False) -> object:
        """Raises WorkerError if importing the plugin registered no class."""
        registered = self._runtime.registrations
        classes = registered.plugin_classes
        if not classes:
            raise WorkerError(
                _("{name} registers no plugin: decorate the class with @register_plugin.", name=manifest.entry.name)
            )
        name, cls = next(iter(classes.items()))
        described: Any = cls
        path = self._path_of(name, cls)
        values = {}
        if described.config_schema:
            sections = described.config_section_descriptions
            values = config.load(path, described.config_schema, sections, strict=strict)
        registered.kept["classic config"] = values
        metadata = self._metadata(manifest, name)
        given: dict[str, Any] = {"plugin_dir": str(manifest.folder), "metadata": metadata}
        plugin: Any = described(**{name: given[name] for name in taken(described, given)})
        if not isinstance(plugin, PluginBase):
            raise WorkerError(_("{type} does not derive from BasePlugin.", type=type(plugin).__name__))
        known = runtime.kept(Registered)
        known.config = plugin.config
        known.plugin = PluginInfo(metadata.name, name, metadata.description, metadata.version, metadata.author)
        known.plugin.python_dependencies = list(manifest.needs)
        registered.kept["classic listed"] = listed(plugin)
        return plugin

    def _path_of(self, name: str, cls: Any) -> Path:
        return self._runtime.home / "config" / "plugins" / name / str(cls.config_file_name)

    def _metadata(self, manifest: Manifest, name: str) -> PluginMetadata:
        import sys

        package = sys.modules.get(manifest.folder.name)
        found = getattr(package, "__plugin_meta__", None)
        if isinstance(found, PluginMetadata):
            return found
        return PluginMetadata(manifest.name or name, "", "", version=manifest.version)

    async def register(self, manifest: Manifest, plugin: Any) -> None:
        for info, cls in self._runtime.registrations.kept["classic listed"]:
            info.plugin_name = plugin.plugin_name
            if not component_registry.register_component(info, cls):
                logger.warning(_("{cls!r} is listed twice, or no component; it is left out.", cls=cls))
        for node in type(plugin).permission_nodes:
            await permission_api.register_permission_node(node.node_name, node.description, plugin.plugin_name)

    async def start(self, manifest: Manifest, plugin: Any, *, announce: bool = True) -> None:
        registered = self._runtime.registrations
        registered.plugins[plugin.plugin_name] = plugin
        registered.manifests[plugin.plugin_name] = manifest
        for cls in component_registry.get_event_handler_registry().values():
            self._subscribe_handler(cls, plugin)
        for name, cls in component_registry.classes(ComponentType.ROUTER).items():
            mount(name, cls, plugin)
        await finished(plugin.on_plugin_loaded())
        if announce:
            await event_manager.trigger_event(EventType.ON_START, "SYSTEM")

    def _subscribe_handler(self, cls: Any, plugin: Any) -> None:
        event_manager.register_event_handler(cls, plugin.config)
        handler = event_manager.get_event_handler(cls.handler_name)
        if handler is not None:
            handler.set_plugin_name(plugin.plugin_name)

    async def resume(self, manifest: Manifest, plugin: Any, *, announce: bool = True) -> None:
        await finished(plugin.on_plugin_loaded())
        if announce:
            await event_manager.trigger_event(EventType.ON_START, "SYSTEM")

    def check(self, manifest: Manifest, plugin: Any) -> None:
        for name, cls in self._runtime.registrations.plugin_classes.items():
            check_defined(manifest, cls)
            if cls.plugin_name != name:
                raise WorkerError(
                    _(
                        "The plugin class {qualname} is named '{plugin_name}' now.",
                        qualname=cls.__qualname__,
                        plugin_name=cls.plugin_name,
                    )
                )
        listed(plugin)

    async def resync(self, manifest: Manifest, plugin: Any) -> Resync:
        known = runtime.kept(Registered).infos
        wanted = {}
        for info, cls in listed(plugin):
            kind = identify(cls)
            if kind is not None:
                wanted[f"{plugin.plugin_name}:{kind[0].value}:{info.name or kind[1]}"] = (info, cls)
        removed = [one for one, (_, cls) in known.items() if one not in wanted or wanted[one][1] is not cls]
        for signature in removed:
            info, _ = known[signature]
            event_manager.remove_event_handler(info.name)
            await component_registry.remove_component(info.name, info.component_type, plugin.plugin_name)
        added = [one for one in wanted if one not in known]
        for signature in added:
            info, cls = wanted[signature]
            info.plugin_name = plugin.plugin_name
            component_registry.register_component(info, cls)
            if issubclass(cls, components.BaseEventHandler):
                self._subscribe_handler(cls, plugin)
        return Resync(tuple(added), tuple(removed))

    async def stop(self, manifest: Manifest, plugin: Any) -> None:
        try:
            for name in ("on_unload", "on_plugin_unload"):
                await finished(getattr(plugin, name, lambda: None)())
        finally:
            await self.end_kept()

    async def message(self, incoming: Incoming, collect: Callable[[Reply], None]) -> bool:
        with sending.collecting(collect):
            return await driving.route(incoming)

    async def drive(self, stimulus: Stimulus, collect: Callable[[Reply], None]) -> Any:
        return await driving.drive(stimulus, collect)

    def components(self) -> list[ComponentInfo]:
        known = self._runtime.registrations.kept.get(Registered)
        return [described(info, cls) for info, cls in known.infos.values()] if known else []

    def forgotten(self) -> list[tuple[str, str]]:
        return []

    def config_path(self) -> Path | None:
        for name, plugin in self._runtime.registrations.plugins.items():
            cls: Any = type(plugin)
            return self._path_of(name, cls) if cls.config_schema else None
        return None

    def read_config(self) -> str | None:
        path = self.config_path()
        return None if path is None else config.text_of(path)

    def check_config(self, text: str) -> None:
        found = self._live()
        if found is not None:
            config.parsed(text, found[0], found[1])

    def apply_config(self, text: str) -> list[ConfigChange]:
        found = self._live()
        return config.apply(text, *found) if found else []

    async def described(self) -> dict[str, Any]:
        known = self._runtime.registrations.kept.get(Registered)
        return {
            "components": [
                {
                    **described(info, cls).to_json(),
                    **simulated_describing.described(info.name, cls, calls_by(info.component_type)),
                }
                for info, cls in list(known.infos.values() if known else ())
            ],
            "events": describing.event_calls(),
            "schedules": await simulated_describing.schedule_calls(),
        }

    def subscriptions(self) -> list[dict[str, Any]]:
        return describing.subscriptions()

    def handlers(self) -> dict[str, object]:
        return dict(event_manager.get_all_event_handlers())

    def config_form(self) -> dict[str, Any] | None:
        found = self._live()
        if found is None:
            return None
        plugin: Any = next(iter(self._runtime.registrations.plugins.values()))
        return config_form.form_of(found[1], type(plugin).config_section_descriptions)

    def try_config(self, text: str) -> dict[str, Any]:
        found = self._live()
        if found is None:
            raise WorkerError(_("The plugin has no config class."))
        return config_form.check(text, found[1])

    def _live(self) -> tuple[Path, dict[str, Any], dict[str, Any]] | None:
        path = self.config_path()
        if path is None:
            return None
        plugin: Any = next(iter(self._runtime.registrations.plugins.values()))
        return path, type(plugin).config_schema, plugin.config


def taken(cls: Any, given: dict[str, Any]) -> list[str]:
    """Which of these the constructor takes: MaiBot's plugins, of the same layout, get no metadata."""
    parameters = inspect.signature(cls).parameters.values()
    if any(one.kind is one.VAR_KEYWORD for one in parameters):
        return list(given)
    return [name for name in given if any(one.name == name for one in parameters)] or list(given)


async def finished(value: Any) -> None:
    if inspect.isawaitable(value):
        await value


def calls_by(kind: ComponentType) -> Callable[[str, type[Any]], Iterator[dict[str, Any]]]:
    return lambda name, cls: describing.calls_of(kind, name, cls)


def listed(plugin: Any) -> list[tuple[Any, type[Any]]]:
    """What the plugin lists; its infos are made complete from the classes."""
    return [(info, cls) for info, cls in plugin.get_plugin_components()]


def mount(name: str, cls: Any, plugin: Any) -> None:
    try:
        router = cls(plugin.config)
    except WorkerError as error:
        logger.warning(str(error))
        return
    app = routing.make_app(name)
    app.include_router(router.router)
    others.mounted()[name] = app


def described(info: Any, cls: Any) -> ComponentInfo:
    try:
        schema = schema_of(info.component_type, info.name, cls)
    except Exception as error:  # noqa: BLE001 - plugin code: class attributes are the plugin's
        return ComponentInfo(info.component_type.value, info.name, _("cannot be described: {error!r}", error=error))
    return ComponentInfo(info.component_type.value, info.name, str(info.description), schema)


def schema_of(kind: ComponentType, name: str, cls: Any) -> dict[str, Any] | None:
    match kind:
        case ComponentType.TOOL:
            return dict(cls.to_schema())
        case ComponentType.PLUS_COMMAND:
            return {"prefix": commands.PREFIXES[0], "aliases": list(cls.command_aliases), "priority": cls.priority}
        case ComponentType.COMMAND:
            return {"pattern": cls.command_pattern, "example": example_of(cls.command_pattern)}
        case ComponentType.EVENT_HANDLER:
            events = [name_of(one) for one in cls.wanted_events() if one is not EventType.UNKNOWN]
            return {"events": events, "weight": cls.weight, "intercept_message": cls.intercept_message}
        case ComponentType.ACTION:
            parameters = getattr(cls, "action_parameters", None) or {}
            return {"parameters": dict(parameters), "require": list(getattr(cls, "action_require", None) or ())}
        case ComponentType.PROMPT:
            return {"targets": [rule.target_prompt for rule in cls.injection_rules]}
        case ComponentType.ROUTER:
            app = others.mounted().get(name)
            return {"routes": asgi.routes_of(app)} if app else None
    return None
