"""One plugin in a running classic MoFox-Core, through the core's own registries and managers.

What the core's ``load_registered_plugin_classes`` does is done here step by step, because it logs what fails and goes
on, and runs the load hook in a task that nobody waits for. Here it raises, and the version that served serves on. The
core's ``reload_registered_plugin`` makes another instance of the class that it has, and says True: it is not used.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.worker.closing import close_all
from mpdt.worker.cores import ComponentInfo, ConfigChange, Incoming, Manifest, Reply, Resync, Stimulus
from mpdt.worker.cores.belonging import is_of_plugin
from mpdt.worker.cores.calling import finished
from mpdt.worker.cores.classic_manifests import read_manifest
from mpdt.worker.cores.classic_mofox import configs, driving, following, leftovers, starting
from mpdt.worker.cores.classic_mofox.console import Console
from mpdt.worker.cores.classic_mofox.describing import described
from mpdt.worker.cores.classic_mofox.installed import in_the_way, lies_in, package_of, refuse_another
from mpdt.worker.cores.classic_mofox.notes import Notes
from mpdt.worker.cores.classic_mofox.parts import KNOWN, NAME, Parts, find_parts
from mpdt.worker.cores.classic_mofox.registered import (
    Key,
    Registrations,
    drop_twofold,
    is_ours,
    is_route_of,
    names_of,
    put_in,
    take_out,
)
from mpdt.worker.cores.endpoints import forget_endpoints, forget_routers
from mpdt.worker.cores.hosting import Host
from mpdt.worker.cores.live_config import read
from mpdt.worker.cores.needs import sentence
from mpdt.worker.cores.packages import PackageFinder
from mpdt.worker.cores.parents import leave_parents, return_to
from mpdt.worker.cores.places_of_core import Build
from mpdt.worker.errors import WorkerError
from mpdt.worker.importing import purge
from mpdt.worker.ledger import Ledger
from mpdt.worker.monitor import Monitor
from mpdt.worker.witness import remove_finder

MODULE = "src.main"
CLOSE_LIMIT = 1.0  # seconds for each kind of thing that the bot's own version of the plugin left behind


def tells(module: Any, host: Host) -> None:
    """Have the core's ``MainSystem`` tell that it has started, with all of its own plugins loaded and its adapters
    started, and that it is about to close everything.
    """
    system = module.MainSystem
    start, close = getattr(system, "initialize", None), getattr(system, "_async_cleanup", None)
    if start is None or close is None:
        raise Build(NAME, version(), KNOWN).unknown(
            _("{module} has no {names}", module=MODULE, names="MainSystem.initialize, MainSystem._async_cleanup")
        )

    @wraps(start)
    async def initialize(self: Any) -> None:
        await start(self)
        host.is_up(ClassicCore())

    @wraps(close)
    async def cleanup(self: Any) -> None:
        await host.stops()
        await close(self)

    system.initialize, system._async_cleanup = initialize, cleanup


def version() -> str:
    config = sys.modules.get("src.config.config")
    return str(getattr(config, "MMC_VERSION", "?"))


def _prompt_name(template: str, name: str | None = None, *given: Any, **more: Any) -> str | None:
    """Under what name a ``Prompt`` made with these arguments is registered, in place of the one of that name."""
    return name


class ClassicCore:
    """See ``Core``."""

    name = "classic"

    def __init__(self) -> None:
        self.monitor = Monitor()
        self.folder: Path | None = Path.cwd()
        self._found: Parts | None = None
        self._console: Console | None = None
        self._notes: Notes | None = None
        self._finder: PackageFinder | None = None
        self._plugin = ""  # its name, once its class has been registered
        self._root = Path()
        self._current = Registrations()
        self._others: dict[str, tuple[Any, str]] = {}  # classes and places of the bot's own plugins, by name
        self._left: leftovers.Left = []
        self._needs: tuple[str, ...] = ()
        self._calculator: Any = None  # the one that the bot had before the plugin's

    @property
    def _parts(self) -> Parts:
        if self._found is None:
            raise WorkerError(_("The bot is not up."))
        return self._found

    def initialize(self) -> None:
        self._found = find_parts(version())
        self._console = Console(self._found)
        self._console.open()
        self._notes = Notes(self._found, lambda: self._current)
        # It notes the class under its name, and nothing else: the engine need not run it again on the same class.
        self._found.decorator.__mpdt_inert__ = True
        self._found.prompt.__mpdt_declares__ = staticmethod(_prompt_name)

    def shutdown(self) -> None:
        if self._notes is not None:
            self._notes.end()
            vars(self._parts.decorator).pop("__mpdt_inert__", None)
            del self._parts.prompt.__mpdt_declares__
        if self._console is not None:
            self._console.close()
        if self._finder is not None:
            remove_finder(self._finder)
            self._finder = None

    async def take_over(self, folder: Path) -> None:
        """A plugin that is served from where it is installed has been loaded by the bot: it lets go of it."""
        self._root = folder
        parts = self._parts
        assert self.folder is not None
        self._finder = PackageFinder(package_of(self.folder, folder), folder)
        sys.meta_path.insert(0, self._finder)  # before the path, which may lead through a link
        for name, path in list(parts.plugins.plugin_paths.items()):
            if not lies_in(path, str(folder)):
                continue
            plugin = parts.plugins.loaded_plugins.get(name)
            if plugin is not None:
                await finished(plugin.on_unload())
            await self._forget(name)
            take_out(parts, name, folder, Registrations())
            await close_all(Ledger(folder, self.folder), CLOSE_LIMIT)  # tasks and threads in the plugin's code
            purge(folder)
        forget_endpoints()
        forget_routers(parts.server.app.router, lambda route: is_route_of(route, folder))

    def read_manifest(self, folder: Path) -> Manifest:
        assert self._finder is not None
        known = read_manifest(folder)
        manifest = Manifest(
            known.name, known.version, known.entry, folder, known.oldest_core, known.needs, package=self._finder.name
        )
        assert self.folder is not None
        refuse_another(self._parts, self.folder, manifest)
        self._root = folder
        missing = sentence(manifest.needs) if manifest.needs != self._needs else None
        self._needs = manifest.needs
        if missing:
            sys.stderr.write(f"{missing}\n")
        return manifest

    def begin(self, registrations: object | None = None) -> object:
        parts = self._parts
        take_out(parts, self._plugin, self._root, self._current)
        manager = parts.plugins
        for name, (cls, path) in self._others.items():  # one that the plugin has named its own class as
            if manager.plugin_classes.setdefault(name, cls) is cls:
                manager.plugin_paths[name] = path
        self._others = {name: (cls, manager.plugin_paths.get(name, "")) for name, cls in manager.plugin_classes.items()}
        known = registrations if isinstance(registrations, Registrations) else Registrations()
        self._current = known
        self._plugin = next(iter(known.classes), self._plugin)
        put_in(parts, known)
        return known

    def construct(self, manifest: Manifest, *, strict: bool = False) -> object:
        """Raises WorkerError if importing the plugin registered no class, or the core would not make an instance."""
        parts, cls = self._parts, self._class(manifest)
        name = cls.plugin_name
        metadata = self._metadata(manifest)
        absent = [one for one in metadata.dependencies if one not in parts.plugins.plugin_classes]
        if absent:
            raise WorkerError(
                _(
                    "The plugin depends on {names}, which the bot has not loaded; it would not load this one.",
                    names=", ".join(absent),
                )
            )
        if not cls.enable_plugin:
            raise WorkerError(_("The plugin says enable_plugin = False: the bot would not load it."))
        parts.plugins.plugin_paths[name] = str(manifest.folder)
        parts.plugins.plugin_modules[name] = sys.modules[manifest.package or manifest.folder.name]
        path = configs.path_of(parts, cls)
        configs.keep_own(parts, cls, manifest.folder)
        text = read(path) if strict and path is not None else None
        if text is not None and path is not None:
            configs.validated(text, path, cls.config_schema)
        plugin = cls(plugin_dir=str(manifest.folder), metadata=metadata)
        self._plugin = name
        self._current.shape = configs.shape(cls.config_schema)
        self._current.listed = self._listed(plugin)
        return plugin

    def _class(self, manifest: Manifest) -> Any:
        names = names_of(self._parts, self._root)
        if not names:
            raise WorkerError(
                _("{name} registers no plugin: decorate the class with @register_plugin.", name=manifest.entry.name)
            )
        if len(names) > 1:
            raise WorkerError(
                _(
                    "{name} registers {names}: the bot loads one plugin of a folder.",
                    name=manifest.entry.name,
                    names=", ".join(sorted(names)),
                )
            )
        name = names.pop()
        if name in self._others:
            raise in_the_way(name, Path(self._others[name][1]))
        return self._parts.plugins.plugin_classes[name]

    def _metadata(self, manifest: Manifest) -> Any:
        package = manifest.package or manifest.folder.name
        for module in (package, f"{package}.{manifest.entry.stem}"):
            found = getattr(sys.modules.get(module), "__plugin_meta__", None)
            if found is not None:
                return found
        raise WorkerError(
            _("{folder} has no __plugin_meta__ in its __init__.py: the bot would not load it.", folder=manifest.folder)
        )

    def _listed(self, plugin: Any) -> dict[Key, tuple[Any, Any]]:
        """What the plugin lists: information and class, by kind and name."""
        found: dict[Key, tuple[Any, Any]] = {}
        for info, cls in plugin.get_plugin_components():
            info.plugin_name = plugin.plugin_name
            found.setdefault((str(info.component_type.value), str(info.name)), (info, cls))
        return found

    async def register(self, manifest: Manifest, plugin: Any) -> None:
        parts, current = self._parts, self._current
        if type(plugin).register_plugin is not parts.basic.BasePlugin.register_plugin:
            if not plugin.register_plugin():
                raise WorkerError(_("The plugin's own register_plugin says that it failed."))
            return
        for key, (info, cls) in current.listed.items():
            self._register_component(key, info, cls)
        plugin.plugin_info.components = [info for info, _cls in current.listed.values()]
        parts.registry.register_plugin(plugin.plugin_info)

    def _register_component(self, key: Key, info: Any, cls: Any) -> None:
        starting.register_component(self._parts, info, cls)
        self._current.declared[key] = following.declared(info, cls)

    async def start(self, manifest: Manifest, plugin: Any, *, announce: bool = True) -> None:
        self._parts.plugins.loaded_plugins[plugin.plugin_name] = plugin
        try:
            await self._register_nodes(plugin)
            await finished(plugin.on_plugin_loaded())
            starting.offer_chatters(self._parts, self._current.listed)
            await self._start_others(plugin, announce=announce)
        except BaseException:  # plugin code: what it has started by then is not left running
            await self._forget(plugin.plugin_name)
            raise

    async def _start_others(self, plugin: Any, *, announce: bool) -> None:
        parts, listed = self._parts, self._current.listed
        self._calculator = await starting.start_calculators(parts, listed)
        if announce:
            handlers = parts.events._event_handlers
            ours = {one: held for one, held in handlers.items() if is_ours(held, self._plugin, self._root)}
            await starting.announce_start(parts, ours)
        await starting.start_adapters(parts, listed, plugin)

    async def _register_nodes(self, plugin: Any) -> None:
        """The core keeps nodes in its database, and never deletes one."""
        for node in plugin.permission_nodes or ():
            await self._parts.permissions.register_permission_node(
                node_name=node.node_name, description=node.description, plugin_name=plugin.plugin_name
            )

    async def resume(self, manifest: Manifest, plugin: Any, *, announce: bool = True) -> None:
        """Its registrations are there again; what was ended with it is started anew."""
        return_to(self._current.parents)
        await finished(plugin.on_plugin_loaded())
        drop_twofold(self._parts, self._root)
        await self._start_others(plugin, announce=announce)

    async def stop(self, manifest: Manifest, plugin: Any) -> None:
        try:
            await finished(plugin.on_unload())
        finally:
            known = {name for kind, name in self._current.listed if kind == "event_handler"}
            handlers = self._parts.events._event_handlers
            self._left = [
                ("event handler", type(held).__qualname__)
                for one, held in handlers.items()
                if one not in known and is_of_plugin(held, self._root)
            ]
            await self._forget(plugin.plugin_name)

    async def _forget(self, name: str) -> None:
        parts, folder = self._parts, self._root
        await leftovers.end_adapters(parts, folder)
        await starting.end_calculators(parts, folder, self._calculator)
        await leftovers.end_chatters(parts, folder)
        await leftovers.end_schedules(parts, folder)
        await leftovers.end_tasks(parts, folder)
        leftovers.forget_results(one for kind, one in self._current.listed if kind == "tool")
        forget_endpoints()
        self._current.parents = leave_parents(folder)

    def check(self, manifest: Manifest, plugin: Any) -> None:
        cls = self._class_of(plugin, manifest)
        if cls.plugin_name != self._plugin:
            raise WorkerError(
                _(
                    "The plugin class {qualname} is named '{plugin_name}' now.",
                    qualname=cls.__qualname__,
                    plugin_name=cls.plugin_name,
                )
            )
        self._metadata(manifest)
        path = configs.path_of(self._parts, cls)
        if path is not None and configs.shape(cls.config_schema) != self._current.shape:
            configs.validated(read(path) or "", path, cls.config_schema)
        self._listed(plugin)

    def _class_of(self, plugin: Any, manifest: Manifest) -> Any:
        """The live class that its module defines. Raises WorkerError if that is another now, or gone."""
        cls: Any = self._parts.plugins.plugin_classes.get(self._plugin)
        found: Any = sys.modules.get(cls.__module__) if cls is not None else None
        for part in cls.__qualname__.split(".") if cls is not None else ():
            found = getattr(found, part, None)
        if cls is None or found is not cls:
            raise WorkerError(
                _(
                    "{name} does not define the plugin class {qualname} any more.",
                    name=manifest.entry.name,
                    qualname=type(plugin).__qualname__,
                )
            )
        return cls

    async def resync(self, manifest: Manifest, plugin: Any) -> Resync:
        current = self._current
        wanted, known = self._listed(plugin), current.listed
        removed = [key for key, (_info, cls) in known.items() if key not in wanted or wanted[key][1] is not cls]
        for key in removed:
            await self._drop(key)
        added = [key for key in wanted if key not in known or key in removed]
        current.listed = {key: wanted[key] if key in added else known[key] for key in wanted}
        for key in added:
            self._register_component(key, *wanted[key])
        new = {key: wanted[key] for key in added}
        starting.offer_chatters(self._parts, new)
        await starting.start_adapters(self._parts, new, plugin)
        for key in wanted:
            if key not in added:
                following.follow(self._parts, current, self._root, key, *wanted[key])
        leftovers.forget_results(one for kind, one in wanted if kind == "tool")
        following.follow_plugin(self._parts, current, plugin, self._metadata(manifest), self._copies(plugin))
        await self._register_nodes(plugin)
        return Resync(tuple(map(self._signature, added)), tuple(map(self._signature, removed)))

    def _signature(self, key: Key) -> str:
        return ":".join((self._plugin, *key))

    async def _drop(self, key: Key) -> None:
        parts, (kind, name) = self._parts, key
        info, _cls = self._current.listed[key]
        if kind == "adapter":
            await parts.adapters.stop_adapter(name)
            parts.adapters._adapter_defs.pop(name, None)
        elif kind == "router":
            following.drop_routes(parts, self._root)
        elif kind == "command":  # registered as a command of the newer kind too, which the core forgets
            getattr(parts.registry, "_plus_command_registry", {}).pop(name, None)
        await parts.registry.remove_component(name, info.component_type, self._plugin)
        self._current.declared.pop(key, None)

    async def message(self, incoming: Incoming, collect: Callable[[Reply], None]) -> bool:
        if self._console is None:
            raise WorkerError(_("The bot is not up."))
        return await self._console.say(incoming, collect, lambda thing: is_of_plugin(thing, self._root))

    async def drive(self, stimulus: Stimulus, collect: Callable[[Reply], None]) -> Any:
        if self._console is None:
            raise WorkerError(_("The bot is not up."))
        return await driving.drive(self._parts, self._console, self._plugin, stimulus, collect)

    def components(self) -> list[ComponentInfo]:
        if self._found is None:
            return []
        return [described(self._found, self._plugin, info, cls) for info, cls in self._current.listed.values()]

    def forgotten(self) -> list[tuple[str, str]]:
        left, self._left = self._left, []
        return left

    def _live(self) -> tuple[Path, Any] | None:
        """The config file, and the plugin that it is of."""
        plugin = self._found.plugins.loaded_plugins.get(self._plugin) if self._found is not None else None
        if plugin is None or not plugin.config_schema:
            return None
        path = configs.path_of(self._parts, type(plugin))
        return None if path is None else (path, plugin)

    def _copies(self, plugin: Any) -> Iterable[dict[str, Any]]:
        """Components have copies of the configuration: on their class, and on the instance of a handler."""
        holders = [cls for _info, cls in self._current.listed.values()]
        holders += [one for one in self._parts.events._event_handlers.values() if is_of_plugin(one, self._root)]
        held = (getattr(one, "plugin_config", None) for one in holders)
        unique = {id(one): one for one in held if isinstance(one, dict) and one and one is not plugin.config}
        return unique.values()

    def config_path(self) -> Path | None:
        found = self._live()
        return found[0] if found else None

    def concerns_config(self, files: Iterable[Path]) -> bool:
        path = self.config_path()
        return path is not None and os.path.realpath(path) in {os.path.realpath(file) for file in files}

    def read_config(self) -> str | None:
        found = self._live()
        return read(found[0]) if found else None

    def check_config(self, text: str) -> None:
        found = self._live()
        if found is not None:
            configs.validated(text, found[0], type(found[1]).config_schema)

    def apply_config(self, text: str) -> list[ConfigChange]:
        found = self._live()
        if found is None:
            return []
        path, plugin = found
        config = configs.validated(text, path, type(plugin).config_schema)
        return configs.bring(config, plugin, self._copies(plugin), text)
