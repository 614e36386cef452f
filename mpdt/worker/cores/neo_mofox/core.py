"""One plugin in a running Neo-MoFox, through the core's own registries and managers.

What the core's ``load_plugin_from_manifest`` does is done here step by step, because it logs what fails and goes on:
a plugin whose handler cannot be made counts as loaded there. Here it raises, and the version that served serves on.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.worker.closing import close_all
from mpdt.worker.cores import ComponentInfo, ConfigChange, Incoming, Manifest, Reply, Resync, Stimulus
from mpdt.worker.cores.calling import finished, label
from mpdt.worker.cores.endpoints import forget_endpoints
from mpdt.worker.cores.hosting import Host
from mpdt.worker.cores.live_config import read
from mpdt.worker.cores.manifests import read_manifest
from mpdt.worker.cores.needs import sentence
from mpdt.worker.cores.neo_mofox import configs, driving, leftovers
from mpdt.worker.cores.neo_mofox.console import Console
from mpdt.worker.cores.neo_mofox.describing import described
from mpdt.worker.cores.neo_mofox.notes import Notes
from mpdt.worker.cores.neo_mofox.parts import Parts, find_parts
from mpdt.worker.cores.neo_mofox.registered import Registrations, own_subscriptions, put_in, take_out
from mpdt.worker.cores.parents import leave_parents, return_to
from mpdt.worker.errors import WorkerError
from mpdt.worker.importing import purge
from mpdt.worker.ledger import Ledger
from mpdt.worker.monitor import Monitor

MODULE = "src.app.runtime.bot"
CLOSE_LIMIT = 1.0  # seconds for each kind of thing that the bot's own version of the plugin left behind
LAST = -1_000_000  # priority on the bus: after everybody else


def tells(module: Any, host: Host) -> None:
    """Have the core's ``Bot`` tell that it has started, and that it stops. Once ``ON_START`` has been delivered, all of
    its own plugins are loaded; at ``ON_STOP`` it has not begun to unload them.
    """
    bot_class = module.Bot
    inner = bot_class.run

    @wraps(inner)
    async def run(self: Any) -> None:

        kernel: Any = import_module("src.kernel.event")

        def started(event: str, params: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
            host.is_up(NeoCore(self))
            return kernel.EventDecision.PASS, params

        async def stopping(event: str, params: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
            await host.stops()
            return kernel.EventDecision.PASS, params

        self.event_bus.subscribe("on_start", started, LAST)
        self.event_bus.subscribe("on_stop", stopping, LAST)
        await inner(self)

    bot_class.run = run


class NeoCore:
    """See ``Core``."""

    name = "neo-mofox"

    def __init__(self, bot: Any) -> None:
        self.monitor = Monitor()
        self.folder: Path | None = Path.cwd()
        self._bot = bot
        self._found: Parts | None = None
        self._console: Console | None = None
        self._notes: Notes | None = None
        self._plugin = ""  # its name, once the manifest has been read
        self._root = Path()
        self._current = Registrations()
        self._left: leftovers.Left = []
        self._needs: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        return str(getattr(self._bot, "bot_version", "?"))

    @property
    def _parts(self) -> Parts:
        if self._found is None:
            raise WorkerError(_("The bot is not up."))
        return self._found

    def initialize(self) -> None:
        self._found = find_parts(self.version)
        self._console = Console(self._found)
        self._console.open()
        self._notes = Notes(self._found, lambda: self._current)

    def shutdown(self) -> None:
        if self._notes is not None:
            self._notes.end()
        if self._console is not None:
            self._console.close()

    async def take_over(self, folder: Path) -> None:
        """A plugin that is served from where it is installed has been loaded by the bot: it lets go of it."""
        self._root = folder
        parts = self._parts
        for name, path in list(parts.plugins._plugin_paths.items()):
            if os.path.realpath(path) == os.path.realpath(folder):  # noqa: ASYNC240 - once, before the first load
                await parts.plugins.unload_plugin(name)
                await self._forget(name)
                take_out(parts, name, folder, Registrations())
                await close_all(Ledger(folder, self.folder), CLOSE_LIMIT)  # tasks and threads in the plugin's code
                leftovers.forget_tasks(parts, folder)
                purge(folder)

    def read_manifest(self, folder: Path) -> Manifest:
        manifest = read_manifest(folder)
        if not (folder / "manifest.json").exists():
            raise WorkerError(
                _("{folder} has no manifest.json; Neo-MoFox does not load a plugin without.", folder=folder)
            )
        self._refuse(manifest)
        self._plugin, self._root = manifest.name, folder
        missing = sentence(manifest.needs) if manifest.needs != self._needs else None
        self._needs = manifest.needs
        if missing:
            sys.stderr.write(f"{missing}\n")
        return manifest

    def _refuse(self, manifest: Manifest) -> None:
        """Raises WorkerError where the bot would not load the plugin, or has another one of that name."""
        parts, loader = self._parts, self._parts.loader.PluginLoader()
        other = parts.plugins._plugin_paths.get(manifest.name)
        if other is None:
            other = installed_as(Path("plugins"), manifest.name)
        if other is not None and os.path.realpath(other) != os.path.realpath(manifest.folder):
            raise WorkerError(
                _(
                    "The bot has a plugin named '{name}' of its own, in {folder}. Take it out of there, "
                    "or serve that folder: two of one name would replace each other.",
                    name=manifest.name,
                    folder=os.path.abspath(other),  # noqa: PTH100 - a link's own place is what is meant
                )
            )
        known = self._core_manifest(manifest)
        if not loader._check_version_compatibility(known):
            raise WorkerError(
                _(
                    "The plugin asks for Neo-MoFox {min_core_version} or later (min_core_version); this is {version}.",
                    min_core_version=known.min_core_version,
                    version=self.version,
                )
            )
        wanted = [loader._parse_plugin_ref(one) for one in known.dependencies.get("plugins", [])]
        absent = [one for one in wanted if one not in parts.plugins._loaded_plugins]
        if absent:
            raise WorkerError(
                _(
                    "The plugin depends on {names}, which the bot has not loaded; it would not load this one.",
                    names=", ".join(absent),
                )
            )

    def _core_manifest(self, manifest: Manifest) -> Any:
        """The core's own object for it, which events and other plugins see."""
        reading = self._parts.loader.load_manifest(str(manifest.folder))
        try:
            reading.send(None)  # a coroutine that waits for nothing
        except StopIteration as end:
            if end.value is not None:
                return end.value
        raise WorkerError(
            _("The bot cannot read {path}; its own log says why.", path=manifest.folder / "manifest.json")
        )

    def begin(self, registrations: object | None = None) -> object:
        if self._plugin:
            take_out(self._parts, self._plugin, self._root, self._current)
            leftovers.forget_tasks(self._parts, self._root)  # they have been cancelled by now
        known = registrations if isinstance(registrations, Registrations) else Registrations()
        self._current = known
        if self._plugin:
            put_in(self._parts, self._plugin, known)
        return known

    def construct(self, manifest: Manifest, *, strict: bool = False) -> object:
        """Raises WorkerError if importing the plugin registered no class of the manifest's name."""
        parts = self._parts
        cls = self._class(manifest)
        base = parts.bases.BaseConfig
        wanted = [one for one in as_list(cls.configs) if isinstance(one, type) and issubclass(one, base)]
        config = None
        if wanted:
            path = configs.path_of(manifest.name, wanted[0])
            if strict and path.exists():
                configs.validated(read(path) or "", path, wanted[0])
            config = parts.configs.load_config(manifest.name, wanted[0])
        plugin = cls(config=config)
        self._current.listed = self._listed(plugin)
        return plugin

    def _class(self, manifest: Manifest) -> Any:
        classes = self._parts.loader._plugin_registry
        cls = classes.get(manifest.name)
        if cls is None:
            raise WorkerError(
                _(
                    "{file} registers no plugin named '{wanted}': decorate the class with "
                    "@register_plugin, and give plugin_name the name in manifest.json.",
                    file=manifest.entry.name,
                    wanted=manifest.name,
                )
            )
        return cls

    def _listed(self, plugin: Any) -> dict[str, Any]:
        """The plugin's component classes by signature, as ``_register_components`` takes them."""
        parts = self._parts
        base = parts.bases.BaseConfig
        given = [one for one in plugin.get_components() if not (isinstance(one, type) and issubclass(one, base))]
        given += [one for one in as_list(type(plugin).configs) if one not in given]
        found: dict[str, Any] = {}
        for cls in given:
            kind, name, _ = parts.plugins._identify_component(cls)
            if kind and name:
                found.setdefault(f"{plugin.plugin_name}:{kind.value}:{name}", cls)
        return found

    async def register(self, manifest: Manifest, plugin: Any) -> None:
        for signature, cls in self._current.listed.items():
            await self._register_component(plugin.plugin_name, signature, cls)

    async def _register_component(self, plugin_name: str, signature: str, cls: Any) -> None:
        parts = self._parts
        kind, name, dependencies = parts.plugins._identify_component(cls)
        if hasattr(cls, "validate_associated_types"):
            cls.validate_associated_types()
        parts.registry.register(cls, signature, dependencies)
        cls._signature_, cls._plugin_ = signature, plugin_name
        details = {
            "signature": signature,
            "plugin_name": plugin_name,
            "component_type": kind.value,
            "component_name": name,
            "component_class": cls,
        }
        await self._publish("ON_COMPONENT_LOADED", details)
        await parts.states.set_state_async(signature, parts.types.ComponentState.ACTIVE)

    async def _publish(self, event: str, params: dict[str, Any]) -> None:
        await self._parts.bus.publish(self._parts.types.EventType[event], params)

    async def start(self, manifest: Manifest, plugin: Any, *, announce: bool = True) -> None:
        try:
            await self._start(manifest, plugin)
            if announce:
                await self._announce()
        except BaseException:  # plugin code: what it has started by then is not left running
            await self._forget(manifest.name)
            raise

    async def _start(self, manifest: Manifest, plugin: Any) -> None:
        parts = self._parts
        await plugin.on_plugin_loaded()
        parts.plugins._loaded_plugins[manifest.name] = plugin
        parts.plugins._manifests[manifest.name] = self._core_manifest(manifest)
        parts.plugins._plugin_paths[manifest.name] = str(manifest.folder)
        own = f"{manifest.name}:plugin:{manifest.name}"
        await parts.states.set_state_async(own, parts.types.ComponentState.ACTIVE)
        for signature, cls in self._current.listed.items():
            await self._subscribe(signature, cls, plugin)

    async def _subscribe(self, signature: str, cls: Any, plugin: Any) -> None:
        """Let events reach an event handler, requests a router, and start an adapter. Raises what they raise."""
        parts = self._parts
        match signature.split(":")[1]:
            case "event_handler":
                handler = cls(plugin)
                handler.signature = signature
                await parts.events.register_handler(signature, handler)
                self._current.declared[signature] = declared_by_handler(cls)
            case "router":
                await parts.routers.mount_router(signature, plugin)
                self._current.declared[signature] = declared_by_router(cls)
            case "adapter":
                if not await parts.adapters.start_adapter(signature):
                    raise WorkerError(
                        _("The adapter {signature} did not start; the bot's own log says why.", signature=signature)
                    )

    async def _announce(self) -> None:
        """What a plugin is told at the bot's start. To this one only: the others have been told."""
        kinds = self._parts.types.EventType
        for event in (kinds.ON_ALL_PLUGIN_LOADED.value, kinds.ON_START.value):
            for handler, signature in self._parts.events.get_handlers_for_event(event):
                if signature.startswith(f"{self._plugin}:"):
                    await self._parts.events._make_safe_wrapper(handler, signature)(event, {})
            for one in own_subscriptions(self._parts, self._root):
                if one.event == event:
                    await finished(one.listener(event, {}))

    async def resume(self, manifest: Manifest, plugin: Any, *, announce: bool = True) -> None:
        """Its registrations are there again; what was ended with it is started anew."""
        return_to(self._current.parents)
        await plugin.on_plugin_loaded()
        for signature, cls in self._current.listed.items():
            if signature.split(":")[1] in ("router", "adapter"):
                await self._subscribe(signature, cls, plugin)
        if announce:
            await self._announce()

    async def stop(self, manifest: Manifest, plugin: Any) -> None:
        parts = self._parts
        try:
            await plugin.on_plugin_unloaded()
        finally:
            await self._publish(
                "ON_PLUGIN_UNLOADED",
                {"plugin_name": manifest.name, "manifest": parts.plugins._manifests.get(manifest.name)},
            )
            own = own_subscriptions(parts, self._root)
            self._left = [("event handler", f"{label(one.code)} of '{one.event}'") for one in own]
            leftovers.end_temporary(parts, self._root)
            await self._forget(manifest.name)

    async def _forget(self, name: str) -> None:
        await leftovers.end_components(self._parts, name, tell)
        await leftovers.end_schedules(self._parts, self._root)
        self._current.parents = leave_parents(self._root)

    def check(self, manifest: Manifest, plugin: Any) -> None:
        cls = self._class(manifest)
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
        if cls.plugin_name != manifest.name:
            raise WorkerError(
                _(
                    "The plugin class {qualname} is named '{plugin_name}' now.",
                    qualname=cls.__qualname__,
                    plugin_name=cls.plugin_name,
                )
            )
        plugin.get_components()

    async def resync(self, manifest: Manifest, plugin: Any) -> Resync:
        parts, current = self._parts, self._current
        wanted, known = self._listed(plugin), dict(parts.registry.get_by_plugin(manifest.name))
        removed = [one for one, cls in known.items() if wanted.get(one) is not cls]
        for signature in removed:
            await self._drop(signature)
        added = [one for one in wanted if one not in known or one in removed]
        current.listed = wanted
        for signature in added:
            await self._register_component(plugin.plugin_name, signature, wanted[signature])
            await self._subscribe(signature, wanted[signature], plugin)
        for signature, cls in wanted.items():
            parts.actions._schema_cache.pop(signature, None)
            if signature not in added:
                await self._follow(signature, cls, plugin)
        self._follow_chatters()
        return Resync(tuple(added), tuple(removed))

    async def _drop(self, signature: str) -> None:
        parts = self._parts
        if signature in parts.events._handler_map:
            parts.events._unregister_handler_locked(signature)
        if signature in parts.routers._mounted_routers:
            await parts.routers.unmount_router(signature)
            forget_endpoints()
        if signature in parts.adapters._active_adapters:
            await parts.adapters.stop_adapter(signature)
        parts.registry.unregister(signature)
        parts.states._states.pop(signature, None)
        parts.states._runtime_data.pop(signature, None)
        self._current.declared.pop(signature, None)

    async def _follow(self, signature: str, cls: Any, plugin: Any) -> None:
        """A live handler or router whose class declares something else now is registered by that."""
        parts, before = self._parts, self._current.declared.get(signature)
        handler = parts.events._handler_map.get(signature)
        if handler is not None and before is not None and before != declared_by_handler(cls):
            for event in before[1]:
                handler.unsubscribe(event)
            for event in cls.init_subscribe:
                handler.subscribe(event)
            await parts.events.register_handler(signature, handler)
            self._current.declared[signature] = declared_by_handler(cls)
        elif signature in parts.routers._mounted_routers and before != declared_by_router(cls):
            await parts.routers.unmount_router(signature)
            forget_endpoints()
            await self._subscribe(signature, cls, plugin)

    def _follow_chatters(self) -> None:
        """Streams copy some of their chatter's attributes when the two meet."""
        for number, chatter in self._parts.chatters._active_chatters.items():
            stream = self._parts.streams._streams.get(number)
            if stream is not None and (getattr(chatter, "_signature_", "") or "").startswith(f"{self._plugin}:"):
                chatter.apply_stream_runtime_options(stream)

    async def message(self, incoming: Incoming, collect: Callable[[Reply], None]) -> bool:
        if self._console is None:
            raise WorkerError(_("The bot is not up."))
        return await self._console.say(incoming, collect, self._plugin)

    async def drive(self, stimulus: Stimulus, collect: Callable[[Reply], None]) -> Any:
        if self._console is None:
            raise WorkerError(_("The bot is not up."))
        return await driving.drive(self._parts, self._console, self._plugin, stimulus, collect)

    def components(self) -> list[ComponentInfo]:
        if self._found is None or not self._plugin:
            return []
        registered = self._found.registry.get_by_plugin(self._plugin)
        order = [one for one in self._current.listed if one in registered]
        return [described(self._found, signature, registered[signature]) for signature in order]

    def forgotten(self) -> list[tuple[str, str]]:
        left, self._left = self._left, []
        return left

    def _config(self) -> tuple[Path, Any] | None:
        config = self._found.configs._configs.get(self._plugin) if self._found is not None else None
        return None if config is None else (configs.path_of(self._plugin, type(config)), config)

    def config_path(self) -> Path | None:
        found = self._config()
        return found[0] if found else None

    def concerns_config(self, files: Iterable[Path]) -> bool:
        path = self.config_path()
        return path is not None and os.path.realpath(path) in {os.path.realpath(file) for file in files}

    def read_config(self) -> str | None:
        found = self._config()
        return read(found[0]) if found else None

    def check_config(self, text: str) -> None:
        found = self._config()
        if found is not None:
            configs.validated(text, found[0], type(found[1]))

    def apply_config(self, text: str) -> list[ConfigChange]:
        found = self._config()
        return configs.apply(text, *found) if found else []


def tell(sentence: str, error: BaseException) -> None:
    sys.stderr.write(f"{sentence} {error}\n")


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def installed_as(plugins: Path, name: str) -> str | None:
    """A folder among the bot's own plugins whose manifest has that name, loaded or not."""
    with suppress(OSError):
        for folder in sorted(plugins.iterdir()):
            with suppress(WorkerError, OSError):
                if (folder / "manifest.json").is_file() and read_manifest(folder).name == name:
                    return str(folder)
    return None


def declared_by_handler(cls: Any) -> tuple[Any, ...]:
    return cls.weight, tuple(cls.init_subscribe)


def declared_by_router(cls: Any) -> tuple[Any, ...]:
    """What a mounted router was made of. The code: a patch that changes it gives the method another."""
    code = getattr(cls.register_endpoints, "__code__", None)
    return cls.router_name, cls.custom_route_path, repr(cls.cors_origins), code
