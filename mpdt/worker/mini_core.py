"""MiniCore hosts one plugin over a core: loads, unloads, reloads it, and never leaves it half replaced."""

from __future__ import annotations

import asyncio
import concurrent.futures
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from mpdt.language import _, translated
from mpdt.worker import patching, registrations, state_file
from mpdt.worker.closing import close_all, survivors
from mpdt.worker.cores import Conversation, Core, Driven, Incoming, Log, Manifest, Stimulus
from mpdt.worker.edits import Edits
from mpdt.worker.errors import PluginError, WorkerError, describe
from mpdt.worker.exchange import Broken, add_paths, build, take_paths
from mpdt.worker.hooks import NAME, Hooks, bounded, called, is_ours_to_pass_on
from mpdt.worker.importing import compile_files, entry_module, forget_generics, loaded_files, purge
from mpdt.worker.inspection import Inspected
from mpdt.worker.ledger import Action, Kind, Leak, Ledger
from mpdt.worker.migration import Carried, State, collect, migrate, own
from mpdt.worker.monitor import Monitor
from mpdt.worker.places import standing_place
from mpdt.worker.scope import plugin_modules
from mpdt.worker.slots import Slots
from mpdt.worker.talk import Talk
from mpdt.worker.tracking import MakeTracker, install
from mpdt.worker.version import Laps, Load, Reload, Version
from mpdt.worker.witness import Witness

LOAD_HOOK_LIMIT = 30.0
UNLOAD_HOOK_LIMIT = 5.0
SAVE_HOOK_LIMIT = 2.0
CLOSE_LIMIT = 1.0  # for each kind of thing that the plugin left behind
MESSAGE_LIMIT = 10.0
MESSAGE_GRACE = 1.0


class MiniCore:
    """All methods run on the plugin's loop. One plugin at a time; messages wait while it is exchanged."""

    def __init__(
        self, core: Core, folder: Path, log: Log, make_tracker: MakeTracker, *, replay_start: bool = True
    ) -> None:
        self._core = core
        self._folder = folder
        self._log = log
        self._make_tracker = make_tracker
        self._replay_start = replay_start
        self._lock = asyncio.Lock()
        self._current: Version | None = None
        self._error: PluginError | None = None
        self._talk = Talk(core, folder, self._lock, lambda: self._current)
        self._witness: Witness | None = None
        self._slots: Slots | None = None
        self._unfit: BaseException | None = None
        self._edits: Edits | None = None  # what the patch under way is to bring
        self._serves = False  # the current version's modules are the ones that imports find
        self._hooks = Hooks(folder, log)

    async def initialize(self) -> None:
        """Make the core's API importable, and write down what is started and opened from now on."""
        if self._witness is None:
            loop = asyncio.get_running_loop()
            if self._core.folder is None:
                # Its own pool, made before the plugin can be its first user and so its owner. A real core has its own.
                loop.set_default_executor(concurrent.futures.ThreadPoolExecutor(thread_name_prefix="asyncio"))
            self._witness = Witness(loop)
            self._slots = Slots(loop)
            self._core.initialize()
            await self._core.take_over(self._folder)

    async def load_plugin(self, saved: bytes | None = None) -> Load:
        """Load the folder's plugin. What its code raises is in the result, and nothing of it stays.

        ``saved``: the state of an earlier worker, which the plugin is to go on with.
        """
        laps, carried = Laps(), Carried()
        async with self._exchanging():
            if self._current is not None:
                raise WorkerError(_("The plugin is loaded already."))
            name, hooks = self._folder.name, self._held_hooks()
            try:
                manifest = self._core.read_manifest(self._folder)
                name = manifest.name
                version = self._build(manifest, strict=False)
                carried = await self._start(version, lambda: self._revived(version, saved), announce=True)
                self._current, self._error = version, None
            except WorkerError as error:
                self._error = describe(error, self._folder)
            except Broken as broken:
                await self._undo(broken, hooks)
                self._error = broken.error
            laps.lap("load")
            return Load(name, self._error, laps.timings["load"], carried.names)

    def _revived(self, version: Version, saved: bytes | None) -> Carried:
        """The state from disk, in the version. It is read once the classes of its values are importable."""
        if saved is None:
            return Carried()
        try:
            return migrate(state_file.load(saved), version.instance, version.modules)
        except ValueError as error:
            self._log("WARNING", NAME, _("{error} The plugin starts anew.", error=error))
            return Carried()

    async def unload_plugin(self, hook_limit: float = UNLOAD_HOOK_LIMIT) -> tuple[Leak, ...]:
        """Unload the plugin, if one is loaded; returns its leaks."""
        async with self._exchanging():
            version, self._current = self._current, None
            return tuple(await self._put_aside(version, hook_limit)) if version else ()

    async def reload_plugin(self, files: Iterable[Path] = ()) -> Reload:
        """Load the plugin anew from its files; if that fails, the previous version serves on.

        The new version is imported and constructed beside the old one, which is only then unloaded.
        """
        async with self._exchanging():
            old, laps = self._current, Laps()
            try:
                manifest = self._core.read_manifest(self._folder)
                compile_files(loaded_files(manifest))
                laps.lap("compile")
                await self._settle_messages()
                laps.lap("messages")
                strict = self._core.concerns_config(files)
                return await self._exchange(manifest, old, laps, strict=strict)
            except (WorkerError, SyntaxError) as error:
                return self._refused(describe(error, self._folder), old, (), laps)

    async def _exchange(self, manifest: Manifest, old: Version | None, laps: Laps, *, strict: bool) -> Reload:
        """Raises WorkerError, with the old version untouched, if there is no engine to import the new one with."""
        leaks: list[Leak] = []
        state: State | None = None
        aside = False
        hooks = self._held_hooks()
        try:
            try:
                new = self._build(manifest, strict=strict)
            except Broken as broken:
                if old is None or not broken.takes_turns:
                    raise
                # What the new one wants to listen on, the old one holds: one after the other, then.
                await self._undo(broken, hooks)
                state, aside = await self._collect(old), True
                leaks += await self._put_aside(old, UNLOAD_HOOK_LIMIT)
                new = self._build(manifest, strict=strict)
            laps.lap("build")
            if old is not None:
                state = state or await self._collect(old)
                moved = migrate(state, new.instance, new.modules)
                laps.lap("state")
                if not aside:
                    aside = True
                    old.ledger.hand_over(moved.foreign, new.ledger)
                    leaks += await self._put_aside(old, UNLOAD_HOOK_LIMIT)
                    laps.lap("unload")
            else:
                moved = Carried()
            await self._start(new, lambda: moved, announce=self._replay_start)
            laps.lap("load")
        except Broken as broken:
            leaks += await self._undo(broken, hooks)
            if aside and old is not None:
                await self._put_back(old)
            return self._refused(broken.error, old, tuple(leaks), laps)
        self._current, self._error = new, None
        self._core.monitor.changed("reloaded", laps.timings)
        return self._reloaded(old, new, moved, leaks, laps)

    def _reloaded(self, old: Version | None, new: Version, moved: Carried, leaks: list[Leak], laps: Laps) -> Reload:
        difference = registrations.difference(old.described if old else {}, new.described)
        lost = tuple(name for name in moved.lost if not is_made_again(name, new))
        restart = " ".join(leak.sentence for leak in survivors(leaks)) or None
        laps.lap("report")
        return Reload("reloaded", None, tuple(leaks), moved.names, lost, difference, restart, laps.timings)

    def _refused(self, error: PluginError, old: Version | None, leaks: tuple[Leak, ...], laps: Laps) -> Reload:
        self._current, self._error = old, error
        return Reload("failed" if old is None else "rejected", error, leaks, timings=laps.timings)

    def _build(self, manifest: Manifest, *, strict: bool) -> Version:
        """The new version, imported and constructed but not registered; the present one is as it was.

        Raises Broken or WorkerError.
        """
        assert self._witness is not None
        old = self._current if self._serves else None
        if old is not None:
            old.modules = purge(self._folder)
            old.paths = take_paths(old.ledger)
            old.handle.uninstall()
        try:
            return build(manifest, self._core, self._make_tracker, self._witness, strict=strict)
        finally:
            if old is not None:
                self._switch_to(old)

    def _switch_to(self, version: Version) -> None:
        """Make the version the one that imports, and the core's API, find."""
        sys.modules.update(version.modules)
        add_paths(version.paths)
        self._core.begin(version.registrations)
        version.handle = install(version.tracker)
        self._serves = True

    async def _start(self, version: Version, moved: Callable[[], Carried], *, announce: bool) -> Carried:
        """Switch to a built version, hand it its state, register it, run its load hook. Raises Broken."""
        self._switch_to(version)
        try:
            with version.ledger.attributed():
                carried = moved()
                await self._hand_state(version, carried)
                await self._core.register(version.manifest, version.instance)
                self._hooks.waits_for = "on_plugin_loaded"
                starting = self._core.start(version.manifest, version.instance, announce=announce)
                await bounded(starting, LOAD_HOOK_LIMIT)
        except BaseException as error:  # plugin code: even its SystemExit must not end the worker
            self._switch_off(version)
            if is_ours_to_pass_on(error):
                raise
            raise Broken(describe(error, self._folder), version.ledger, error) from error
        version.described = registrations.described(self._core.components())
        return carried

    async def _hand_state(self, version: Version, carried: Carried) -> None:
        """Call ``mpdt_restore_state`` if the old version gave something to it."""
        hook = getattr(version.instance, "mpdt_restore_state", None)
        if hook is not None and carried.hook is not None:
            self._hooks.waits_for = "mpdt_restore_state"
            await bounded(called(hook, carried.hook, dict(carried.schema)), LOAD_HOOK_LIMIT)

    def _switch_off(self, version: Version) -> None:
        self._serves = False
        self._core.begin()
        version.modules = purge(self._folder)
        version.paths = take_paths(version.ledger)
        version.handle.uninstall()
        forget_generics()

    async def _put_aside(self, version: Version, hook_limit: float, *, exiting: bool = False) -> list[Leak]:
        """Run the unload hook, end what is left, purge the modules. ``_put_back`` undoes it."""
        with version.ledger.attributed():
            stopping = self._core.stop(version.manifest, version.instance)
            await self._hooks.call("on_plugin_unloaded", stopping, hook_limit)
        leaks = [Leak(kind, where, Action.REMOVED) for kind, where in self._core.forgotten()]
        version.ledger.namespaces = tuple(map(vars, plugin_modules(self._folder).values()))  # some may have come later
        leaks += await self._dispose(version.ledger, exiting=exiting)
        self._switch_off(version)
        return leaks + [Leak(Kind.PATH, entry, Action.REMOVED) for entry in version.paths]

    async def _undo(self, broken: Broken, hooks: list[Any]) -> list[Leak]:
        """End what a version that failed had started; the process's hooks are as they were before it."""
        leaks = await self._dispose(broken.ledger)
        if self._slots is not None:
            self._slots.put_back(hooks)
        return leaks

    def _held_hooks(self) -> list[Any]:
        return self._slots.values() if self._slots is not None else []

    async def _dispose(self, ledger: Ledger, *, exiting: bool = False) -> list[Leak]:
        self._hooks.waits_for = _("what the plugin left running")
        hooks = self._slots.restore(ledger) if self._slots is not None else []
        ledger.namespaces = ()  # a context that lives on holds the ledger, and is not to hold the version
        return hooks + await close_all(ledger, CLOSE_LIMIT, exiting=exiting)

    async def _put_back(self, version: Version) -> None:
        self._switch_to(version)
        with version.ledger.attributed():
            again = self._core.resume(version.manifest, version.instance, announce=self._replay_start)
            await self._hooks.call("on_plugin_loaded", again, LOAD_HOOK_LIMIT)

    @asynccontextmanager
    async def _exchanging(self) -> AsyncIterator[None]:
        async with self._lock:
            try:
                yield
            finally:
                self._hooks.waits_for = ""

    async def _settle_messages(self) -> None:
        """Give messages under way a moment; what is left is cancelled with the plugin's tasks."""
        if self._talk.labels:
            self._hooks.waits_for = _("messages under way ({names})", names=", ".join(self._talk.labels))
            await self._talk.settle(MESSAGE_GRACE)

    async def _collect(self, version: Version) -> State:
        """The version's state, uncopied. A save hook that fails is told, and its state is missing."""
        hook, given = getattr(version.instance, "mpdt_save_state", None), None
        if hook is not None:
            self._hooks.waits_for = "mpdt_save_state"
            try:
                with version.ledger.attributed():
                    given = await bounded(called(hook), SAVE_HOOK_LIMIT)
            except BaseException as error:  # plugin code: even its SystemExit must not end the worker
                if is_ours_to_pass_on(error):
                    raise
                self._hooks.tell(_("mpdt_save_state failed; what it would have returned is lost."), error)
        return collect(version.instance, plugin_modules(self._folder), version.initial, given)

    async def save_plugin_state(self) -> bytes | None:
        """The loaded plugin's state, as it can be kept on disk; None if nothing is loaded."""
        version = self._current
        if version is None or self._lock.locked():
            return None
        modules = plugin_modules(self._folder)
        return state_file.dump(await self._collect(version), own(modules))

    async def restore_plugin_state(self, saved: bytes) -> tuple[str, ...]:
        """Give the loaded instance a saved state; returns the names that were set."""
        if self._current is None:
            raise WorkerError(_("No version of the plugin is loaded, so there is nothing to restore its state into."))
        with self._current.ledger.attributed():
            self._current.modules = plugin_modules(self._folder)
            carried = self._revived(self._current, saved)
            await self._hand_state(self._current, carried)
            return carried.names

    async def message(self, incoming: Incoming, limit: float = MESSAGE_LIMIT) -> Conversation:
        """Route a message to the plugin and wait for its handlers. Raises WorkerError if nothing is loaded."""
        return await self._talk.message(incoming, limit)

    async def drive(self, stimulus: Stimulus, limit: float = MESSAGE_LIMIT) -> Driven:
        """Carry a stimulus out. Raises WorkerError if nothing is loaded, or it cannot be carried out."""
        return await self._talk.drive(stimulus, limit)

    def refresh(self, files: list[Path] | None) -> dict[str, Any]:
        """Patch the loaded version. Not to be called on the loop: the engine asks for a safe point itself."""
        version = self._current
        if version is None:
            raise WorkerError(_("No version of the plugin is loaded, so there is nothing to patch; reload it."))
        self._unfit = None
        report = version.tracker.refresh(files).to_json(translated)
        unfit, self._unfit = self._unfit, None
        return patching.decided(report, unfit, self._folder)

    def why_unfit(self) -> str | None:
        """Why a fresh start would refuse the plugin as it has just been patched; runs on the loop."""
        version = self._current
        self._unfit = error = None if version is None else patching.why_unfit(self._core, version, self._edits)
        if error is None:
            return None
        return str(error) if isinstance(error, WorkerError) else f"{type(error).__name__}: {error}."

    async def sort_edits(self, files: list[Path] | None) -> Edits | dict[str, Any]:
        """How the files are to be taken; or the report, if they are rejected or call for a reload as a whole."""
        version = self._current
        if version is None:
            raise WorkerError(_("No version of the plugin is loaded, so there is nothing to patch; reload it."))
        edits = patching.sort_edits(self._core, version, self._folder, files)
        self._edits = edits if isinstance(edits, Edits) else None
        return edits

    async def after_refresh(self, report: dict[str, Any], edits: Edits) -> dict[str, Any]:
        """Bring config, registrations and the plugin's own hooks up to the patched code; the whole report."""
        if self._current is None:
            return report
        return await patching.after_refresh(self._core, self._current, self._hooks, report, edits)

    @property
    def waits_for(self) -> str:
        """What a change under way is waiting for, in words."""
        return self._hooks.waits_for

    @property
    def monitor(self) -> Monitor:
        return self._core.monitor

    def inspected(self) -> Inspected:
        return Inspected(self._core, self._current, self._folder)

    def modules(self) -> tuple[str, ...]:
        """The plugin's tracked modules, its entry first: what a fresh process would import."""
        version = self._current
        if version is None:
            return ()
        entry = entry_module(version.manifest)
        return entry, *(name for name in version.tracker.modules() if name != entry)

    def expect(self, files: list[Path]) -> None:
        """A refresh of these files is likely; may run in any thread."""
        version = self._current
        if version is not None:
            version.tracker.expect(files)

    def warm(self) -> None:
        """Prepare the engine for the first edit; may run in any thread."""
        version = self._current
        if version is not None:
            version.tracker.warm()

    def state(self) -> dict[str, Any]:
        """What is loaded, registered and running."""
        version = self._current
        name = version.manifest.name if version else self._folder.name
        path = self._core.config_path() if version else None
        return {
            "plugin": getattr(version.instance, "plugin_name", name) if version else name,
            "loaded": version is not None,
            "error": self._error.to_json() if self._error else None,
            "instance_id": id(version.instance) if version else None,
            "config_path": None if path is None else str(path),
            "components": [one.to_json() for one in self._core.components()],
            "tasks": tasks_of(version.ledger) if version else [],
            "modules": list(plugin_modules(self._folder)),
            "performance": self._core.monitor.to_json(),
            "waits_for": self.waits_for,
            "loop": "running",
        }

    async def shutdown(self, hook_limit: float = UNLOAD_HOOK_LIMIT) -> tuple[Leak, ...]:
        """Unload the plugin and take the core's API away; what the plugin had left running."""
        version, self._current = self._current, None
        leaks: list[Leak] = []
        if version is not None:
            leaks = await self._put_aside(version, hook_limit, exiting=True)
        self._core.shutdown()
        if self._witness is not None:
            self._witness.end()
            self._witness = None
        return tuple(leaks)


def is_made_again(name: str, version: Version) -> bool:
    """Has the new version something of its own there: a lock, a task, a client? Data is lost in any case."""
    value = getattr(version.instance, name, None)
    return value is not None and type(value).__module__ not in ("builtins", "collections", *version.modules)


def tasks_of(ledger: Ledger) -> list[dict[str, str]]:
    return [{"name": task.get_name(), "where": standing_place(task)} for task in ledger.running()]
