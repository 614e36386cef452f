"""The simulated core: hosts one plugin as Neo-MoFox does, without a bot around it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.worker.cores import (
    ComponentInfo,
    ConfigChange,
    Incoming,
    Log,
    Manifest,
    Reply,
    Resync,
    Stimulus,
    asgi,
    live_config,
    needs,
)
from mpdt.worker.cores.manifests import MANIFEST, read_manifest
from mpdt.worker.cores.simulated import (
    command,
    components,
    config_edit,
    config_form,
    conversing,
    describing,
    driving,
    importer,
    managers,
    router,
    routing,
    runtime,
    sending,
    stepping,
)
from mpdt.worker.cores.simulated.config import BaseConfig, get_config_manager
from mpdt.worker.cores.simulated.events import EventBus, EventManager
from mpdt.worker.cores.simulated.flavours import flavour_of
from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.cores.simulated.tasks import TaskManager
from mpdt.worker.cores.simulated.types import ComponentType, EventType, build_signature, parse_signature
from mpdt.worker.errors import WorkerError
from mpdt.worker.monitor import Monitor

HOME = ".mpdt"
TYPES_SINCE = (1, 2)  # the core's version that requires ``associated_types``

logger = get_logger("core")


def new_registrations() -> runtime.Registrations:
    bus = EventBus("global")
    bus.subscribe(EventType.ON_MESSAGE_RECEIVED, router.distribute, priority=0)
    return runtime.Registrations(bus, EventManager(bus), TaskManager())


def keep_out_of_git(home: Path) -> None:
    """The folder that stands for the bot's is nothing to commit; a plugin folder that is read-only has none."""
    with suppress(OSError):
        home.mkdir(parents=True, exist_ok=True)
        if not (home / ".gitignore").exists():
            (home / ".gitignore").write_text("*\n", encoding="utf-8")


def component_schema(kind: ComponentType, cls: type[Any]) -> dict[str, Any] | None:
    """What a caller has to know of the component, from the live class."""
    if kind is ComponentType.COMMAND:
        return command.route_schema(cls)
    if kind is ComponentType.CONFIG:
        return dict(cls.model_json_schema())
    if kind is ComponentType.EVENT_HANDLER:
        events = [getattr(event, "value", event) for event in cls.init_subscribe]
        return {"events": events, "weight": cls.weight, "intercept_message": cls.intercept_message}
    if kind is ComponentType.SERVICE:
        return {"methods": driving.service_methods(cls)}
    if kind is ComponentType.ROUTER:
        router = runtime.kept(routing.Mounted).routers.get(getattr(cls, "_signature_", ""))
        return {"path": router.get_route_path(), "routes": asgi.routes_of(router.app)} if router else None
    return dict(cls.to_schema()) if hasattr(cls, "to_schema") else None


def component_info(signature: str, cls: type[Any]) -> ComponentInfo:
    parts = parse_signature(signature)
    kind = parts["component_type"]
    prefix = components.NAME_ATTRIBUTES[kind].removesuffix("_name")
    try:
        description = str(getattr(cls, f"{prefix}_description", ""))
        schema = component_schema(kind, cls)
    except Exception as error:  # noqa: BLE001 - plugin code: annotations and class attributes are the plugin's
        description, schema = _("cannot be described: {error!r}", error=error), None
    return ComponentInfo(kind.value, parts["component_name"], description, schema)


class SimulatedCore:
    """See ``Core``, and ``Runtime`` for the folders. A home of its own (a test's) may lie anywhere."""

    name = "simulated"
    folder: Path | None = None

    def __init__(
        self,
        log: Log,
        folder: Path,
        *,
        home: Path | None = None,
        data: Path | None = None,
        model: Mapping[str, Any] | None = None,
    ) -> None:
        self.monitor = Monitor()
        home = home or folder / HOME
        self._runtime = runtime.Runtime(
            home, folder, data or home / "data", log, new_registrations(), model or {}, self.monitor
        )
        self._finder: importer.CoreFinder | None = None
        self._needs: tuple[str, ...] = ()

    def initialize(self) -> None:
        if self._finder is None:
            keep_out_of_git(self._runtime.home)
            runtime.enter(self._runtime)
            self._finder = importer.install(flavour_of(self._runtime.folder), self._runtime.folder)

    def shutdown(self) -> None:
        if self._finder is not None:
            importer.uninstall(self._finder)
            self._finder = None
            runtime.leave()

    async def take_over(self, folder: Path) -> None:
        """There is only ours."""

    def read_manifest(self, folder: Path) -> Manifest:
        return self.noting_needs(read_manifest(folder))

    def noting_needs(self, manifest: Manifest) -> Manifest:
        """Say which packages of the manifest are missing; once, for a reload asks again."""
        missing = needs.sentence(manifest.needs) if manifest.needs != self._needs else None
        self._needs = manifest.needs
        if missing:
            logger.warning(missing)
        return manifest

    def begin(self, registrations: object | None = None) -> object:
        known = registrations if isinstance(registrations, runtime.Registrations) else new_registrations()
        self._runtime.registrations = known
        return known

    def construct(self, manifest: Manifest, *, strict: bool = False) -> object:
        """Raises WorkerError if importing the plugin registered no class of the manifest's name."""
        cls = self._plugin_class(manifest)
        wanted = [one for one in as_list(cls.configs) if isinstance(one, type) and issubclass(one, BaseConfig)]
        if strict and wanted:
            config_edit.read_strictly(wanted[0].path_for(manifest.name), wanted[0])
        loaded = get_config_manager().load_config(manifest.name, wanted[0]) if wanted else None
        plugin = cls(config=loaded)
        if not isinstance(plugin, components.BasePlugin):
            raise WorkerError(_("{type} does not derive from BasePlugin.", type=type(plugin).__name__))
        self._runtime.registrations.listed = listed_components(plugin)
        return plugin

    def _plugin_class(self, manifest: Manifest) -> type[Any]:
        classes = self._runtime.registrations.plugin_classes
        cls = classes.get(manifest.name)
        if cls is None and len(classes) == 1 and not (manifest.folder / MANIFEST).exists():
            cls = next(iter(classes.values()))  # no manifest says the name, so the class does
        if cls is None:
            named = _("only {names}", names=", ".join(map(repr, classes))) if classes else "none"
            raise WorkerError(
                _(
                    "{file} registers no plugin named '{wanted}' ({named}): decorate the class with "
                    "@register_plugin, and give plugin_name the name in {manifest}.",
                    file=manifest.entry.name,
                    wanted=manifest.name,
                    named=named,
                    manifest=MANIFEST,
                )
            )
        return cls

    async def register(self, manifest: Manifest, plugin: Any) -> None:
        for signature, cls in self._runtime.registrations.listed.items():
            check_types(manifest, cls)
            await self._register_component(plugin.plugin_name, signature, cls)

    async def _register_component(self, plugin_name: str, signature: str, cls: type[Any]) -> None:
        cls._signature_ = signature
        cls._plugin_ = plugin_name
        self._runtime.registrations.components[signature] = cls
        parts = parse_signature(signature)
        details = {
            "signature": signature,
            "plugin_name": plugin_name,
            "component_type": parts["component_type"].value,
            "component_name": parts["component_name"],
            "component_class": cls,
        }
        await self._publish(EventType.ON_COMPONENT_LOADED, details)

    async def start(self, manifest: Manifest, plugin: Any, *, announce: bool = True) -> None:
        registrations = self._runtime.registrations
        await plugin.on_plugin_loaded()
        registrations.plugins[plugin.plugin_name] = plugin
        registrations.manifests[plugin.plugin_name] = manifest
        for signature, cls in list(registrations.components.items()):
            await self._subscribe(signature, cls, plugin)
        if announce:
            await self._announce()

    async def _subscribe(self, signature: str, cls: type[Any], plugin: Any) -> None:
        """Let events reach an event handler, and requests a router."""
        if issubclass(cls, components.BaseEventHandler):
            handler = cls(plugin)
            handler.signature = signature
            await self._runtime.registrations.event_manager.register_handler(signature, handler)
        elif issubclass(cls, routing.BaseRouter):
            await routing.mount(signature, cls, plugin)

    def check(self, manifest: Manifest, plugin: Any) -> None:
        cls = self._plugin_class(manifest)
        check_defined(manifest, cls)
        if self._runtime.registrations.plugin_classes.get(cls.plugin_name) is not cls:
            raise WorkerError(
                _(
                    "The plugin class {qualname} is named '{plugin_name}' now.",
                    qualname=cls.__qualname__,
                    plugin_name=cls.plugin_name,
                )
            )
        plugin.get_components()

    async def resync(self, manifest: Manifest, plugin: Any) -> Resync:
        registrations = self._runtime.registrations
        wanted = listed_components(plugin)
        known = dict(registrations.components)
        removed = [one for one, cls in known.items() if wanted.get(one) is not cls]
        for signature in removed:
            del registrations.components[signature]
            registrations.event_manager.unregister_handler(signature)
        added = [one for one in wanted if one not in registrations.components]
        for signature in added:
            check_types(manifest, wanted[signature])
            await self._register_component(plugin.plugin_name, signature, wanted[signature])
            await self._subscribe(signature, wanted[signature], plugin)
        registrations.components = {one: registrations.components[one] for one in wanted}
        await registrations.event_manager.resubscribe()
        return Resync(tuple(added), tuple(removed))

    async def resume(self, manifest: Manifest, plugin: Any, *, announce: bool = True) -> None:
        await plugin.on_plugin_loaded()
        if announce:
            await self._announce()

    async def _announce(self) -> None:
        """What a plugin is told at the bot's start, after all plugins are loaded."""
        await self._publish(EventType.ON_ALL_PLUGIN_LOADED, {})
        await self._publish(EventType.ON_START, {})

    async def stop(self, manifest: Manifest, plugin: Any) -> None:
        try:
            await plugin.on_plugin_unloaded()
        finally:
            details = {"plugin_name": plugin.plugin_name, "manifest": manifest}
            await self._publish(EventType.ON_PLUGIN_UNLOADED, details)
            await self.end_kept()

    async def end_kept(self) -> None:
        """Close what this version of the plugin opened through the API: its database."""
        for one in list(self._runtime.registrations.kept.values()):
            end = getattr(one, "end_with_plugin", None)
            if end is not None:
                await end()

    async def _publish(self, event: EventType, params: dict[str, Any]) -> None:
        await self._runtime.registrations.bus.publish(event, params)

    async def message(self, incoming: Incoming, collect: Callable[[Reply], None]) -> bool:
        with sending.collecting(collect):
            cut_off = await router.route(incoming)
            await stepping.answer(incoming)
        return cut_off

    async def drive(self, stimulus: Stimulus, collect: Callable[[Reply], None]) -> Any:
        return await driving.drive(stimulus, collect)

    def components(self) -> list[ComponentInfo]:
        registered = dict(self._runtime.registrations.components)
        return [component_info(signature, cls) for signature, cls in registered.items()]

    def forgotten(self) -> list[tuple[str, str]]:
        known = self._runtime.registrations.event_manager.labels()
        return [
            ("event handler", f"{label} of '{event}'")
            for event, label in self._runtime.registrations.bus.foreign(known)
        ]

    def _config(self) -> tuple[Path, BaseConfig] | None:
        for name, config in self._runtime.registrations.configs.items():
            return type(config).path_for(name), config
        return None

    def config_path(self) -> Path | None:
        found = self._config()
        return found[0] if found else None

    def concerns_config(self, files: Iterable[Path]) -> bool:
        path = self.config_path()
        return path is not None and os.path.realpath(path) in {os.path.realpath(file) for file in files}

    def read_config(self) -> str | None:
        found = self._config()
        return live_config.read(found[0]) if found else None

    def check_config(self, text: str) -> None:
        found = self._config()
        if found is not None:
            config_edit.validated(text, found[0], type(found[1]))

    def apply_config(self, text: str) -> list[ConfigChange]:
        found = self._config()
        return config_edit.apply(text, *found) if found else []

    # What ``Inspectable`` asks.

    async def described(self) -> dict[str, Any]:
        return {
            "components": [
                {
                    **component_info(signature, cls).to_json(),
                    **describing.described(signature, cls, describing.calls_of),
                }
                for signature, cls in list(self._runtime.registrations.components.items())
            ],
            "events": describing.event_calls(),
            "schedules": await describing.schedule_calls(),
        }

    def subscriptions(self) -> list[dict[str, Any]]:
        return describing.subscriptions()

    def handlers(self) -> dict[str, object]:
        known = self._runtime.registrations.event_manager
        return {parse_signature(name)["component_name"]: one for name, one in known.handlers().items()}

    def config_form(self) -> dict[str, Any] | None:
        found = self._config()
        return config_form.form_of(type(found[1])) if found else None

    def try_config(self, text: str) -> dict[str, Any]:
        found = self._config()
        if found is None:
            raise WorkerError(_("The plugin has no config class."))
        return config_form.check(text, type(found[1]))


def check_defined(manifest: Manifest, cls: type[Any]) -> None:
    """Raises WorkerError if the live modules do not lead to the class any more."""
    found: Any = sys.modules.get(cls.__module__)
    for part in cls.__qualname__.split("."):
        found = getattr(found, part, None)
    if found is not cls:
        raise WorkerError(
            _(
                "{name} does not define the plugin class {qualname} any more.",
                name=manifest.entry.name,
                qualname=cls.__qualname__,
            )
        )


def check_types(manifest: Manifest, cls: type[Any]) -> None:
    """Raises ValueError as the core does; a plugin for an older core, which did not look, is warned."""
    if not issubclass(cls, components.BaseAction | conversing.BaseAgent):
        return
    try:
        cls.validate_associated_types()
    except ValueError as error:
        if manifest.oldest_core is None or as_version(manifest.oldest_core) >= TYPES_SINCE:
            raise
        logger.warning(_("{error} Neo-MoFox refuses the plugin without it from 1.2 on.", error=error))


def as_version(text: str) -> tuple[int, ...]:
    """Its first numbers: ``1.2.0-alpha`` is (1, 2)."""
    return tuple(int(part) for part in text.split(".")[:2] if part.isdecimal())


def listed_components(plugin: components.BasePlugin) -> dict[str, type[Any]]:
    """What the plugin lists, by signature: its components, then its configurations."""
    listed = [one for one in plugin.get_components() if not is_config(one)]
    found: dict[str, type[Any]] = {}
    for cls in dict.fromkeys([*listed, *as_list(type(plugin).configs)]):
        known = managers.identify(cls)
        if known is None:
            logger.warning(_("{cls!r} is no component: it has no base class of the core, or no name.", cls=cls))
            continue
        signature = build_signature(plugin.plugin_name, *known)
        if signature in found:
            logger.warning(_("{signature} is listed twice; the first one counts.", signature=signature))
        found.setdefault(signature, cls)
    return found


def is_config(cls: object) -> bool:
    """Configurations listed among the components are ignored, with a warning: they belong in ``configs``."""
    found = isinstance(cls, type) and issubclass(cls, BaseConfig)
    if found:
        logger.warning(
            _("{cls!r} is listed in get_components(); a configuration belongs in the attribute configs.", cls=cls)
        )
    return found


def as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
