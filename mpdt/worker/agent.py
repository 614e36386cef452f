"""The worker's side of the protocol, in threads of its own: it answers while the plugin's loop is blocked."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

from mpdt.language import _
from mpdt.protocol import Notice, NoticeKind, Operation, ProtocolError, Request, Response
from mpdt.worker import state_file
from mpdt.worker.audit import on_write
from mpdt.worker.channel import Channel
from mpdt.worker.closing import survivors
from mpdt.worker.comparison import FreshComparison
from mpdt.worker.cores import DEFAULT_ROLE, DEFAULT_USER, Core, Incoming, Log, Stimulus, StimulusKind
from mpdt.worker.debugging import Debugger, is_code_cache
from mpdt.worker.errors import WorkerError
from mpdt.worker.inspection import INSPECTIONS
from mpdt.worker.keeper import StateKeeper
from mpdt.worker.mini_core import MiniCore
from mpdt.worker.threads import start_thread
from mpdt.worker.tracking import live_reloader, preload
from mpdt.worker.watchdog import LoopWatch, importing, where_is

STATE_LIMIT = 0.5  # after this the loop counts as blocked
INSPECT_LIMIT = 2.0
APPLY_LIMIT = 10.0
UNLOAD_LIMIT = 0.6
EXIT_LIMIT = 0.25
CORE_UNLOAD_LIMIT = 10.0  # until a real core that was asked to stop gets as far as its plugins
CORE_EXIT_LIMIT = 30.0  # Neo-MoFox gives itself that long to close what it has open
QUIET = 0.2  # seconds without a change
SLOW = 1.0  # a change that takes longer says what it is waiting for

Answer = Mapping[str, Any]


def open_core(name: str, folder: Path, log: Log, parameters: Mapping[str, Any]) -> Core:
    """The core of that name; ``parameters`` are those of ``load``.

    Raises WorkerError if there is none, or the interpreter lacks a library.
    """
    if name != "simulated":
        raise WorkerError(_("There is no core '{name}' here; there is: simulated.", name=name))
    try:
        from mpdt.worker.cores.simulated import core_for
    except ModuleNotFoundError as error:
        raise WorkerError(
            _(
                "The simulated core needs {name}, which {executable} has not got: install it there "
                "(pip install {name}).",
                name=error.name,
                executable=sys.executable,
            )
        ) from None
    home, data = (Path(str(parameters[name])) if parameters.get(name) else None for name in ("home", "data"))
    return core_for(folder, log, home=home, data=data, model=parameters.get("model"))


class Agent:
    """Serves the supervisor's requests. ``loop`` is the plugin's; the thread that runs it makes the agent.

    ``core``: the real one whose loop it is; ``stop_core`` asks it to end, from any thread. ``on_left``: the agent is a
    guest in a bot that goes on when it leaves, and is called then.
    """

    def __init__(
        self,
        channel: Channel,
        loop: asyncio.AbstractEventLoop,
        *,
        core: Core | None = None,
        stop_core: Callable[[], None] | None = None,
        on_left: Callable[[], None] | None = None,
    ) -> None:
        self._core = core
        self._on_left = on_left
        self._stop_core = stop_core
        self._core_stopped = threading.Event()
        self._channel = channel
        self._loop = loop
        self._loop_thread = threading.get_ident()
        self._mini_core: MiniCore | None = None
        self._keeper: StateKeeper | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._comparison: FreshComparison | None = None
        self._cold = False
        self._folder: Path | None = None
        self._is_loading = True  # until the first load has ended, whatever became of it
        self._last_state: dict[str, Any] = dict(EMPTY_STATE)
        self._debugger: Debugger | None = None
        self._watch = LoopWatch(
            loop,
            self._tell,
            lambda: self._mini_core.monitor if self._mini_core else None,
            lambda: self._is_loading or self._is_held(),
        )
        self._end_listening: Callable[[], None] | None = None
        self._changes: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._states: queue.SimpleQueue[tuple[Request, Callable[[], Answer]] | None] = queue.SimpleQueue()
        self.finished = asyncio.Event()

    def start(self) -> None:
        start_thread("mpdt-agent", self._read)
        start_thread("mpdt-changes", self._change)
        start_thread("mpdt-states", self._answer_states)
        self._watch.start()

    def _tell(self, level: str, message: str) -> None:
        self.log(level, "mpdt.worker", message)

    def log(self, level: str, logger: str, message: str) -> None:
        body = {"level": level, "logger": logger, "message": message}
        self._channel.send(Notice(NoticeKind.LOG, body))

    def _read(self) -> None:
        """Until the connection ends, or the supervisor asks for the end."""
        closing: Request | None = None
        try:
            for request in self._channel.requests():
                if request.operation is Operation.SHUTDOWN:
                    closing = request
                    break
                self._dispatch(request)
        except ProtocolError as error:
            sys.stderr.write(f"{error}\n")
        self._shut_down(closing)

    def _dispatch(self, request: Request) -> None:
        match request.operation:
            case (
                Operation.DEBUG
                | Operation.LOAD
                | Operation.RELOAD
                | Operation.UNLOAD
                | Operation.REFRESH
                | Operation.EXPECT
            ):
                self._changes.put(request)
            case Operation.MESSAGE:
                self._answer_later(request, self._message(request.parameters))
            case Operation.CALL:
                self._answer_later(request, self._call(request.parameters))
            case Operation.STATE:
                self._answer_state(request)
            case Operation.PERFORMANCE:
                self._answer(request, lambda: self._performance(request.parameters))
            case operation if operation in INSPECTIONS:
                self._inspect(request)
            case operation:
                raise AssertionError(f"{operation} is not the agent's")

    def _answer(self, request: Request, work: Callable[[], Answer]) -> None:
        try:
            response = Response(request.id, work())
        except WorkerError as error:
            response = Response(request.id, None, str(error))
        except Exception as error:  # noqa: BLE001 - a fault of ours must reach the supervisor, not end the thread
            response = Response(request.id, None, _("The worker failed: {error!r}", error=error))
        self._channel.send(response)

    def _answer_later(self, request: Request, work: Coroutine[Any, Any, Answer]) -> None:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        future.add_done_callback(lambda done: self._answer(request, done.result))

    def _change(self) -> None:
        """One load, reload or refresh after the other."""
        while (request := self._next_change()) is not None:
            match request.operation:
                case Operation.DEBUG:
                    self._answer(request, self._on_loop(self._debug, request.parameters))
                    continue
                case Operation.LOAD:
                    if self._core is not None:
                        preload()  # not on the loop: a bot with messages to answer is not to stand still for it
                    work = self._on_loop(self._load, request.parameters)
                case Operation.RELOAD:
                    work = self._on_loop(self._reload, request.parameters)
                case Operation.UNLOAD:
                    work = self._on_loop(self._unload_all, request.parameters)
                case Operation.EXPECT:
                    self._answer(request, self._expecting(request.parameters))
                    continue
                case _:
                    work = self._refreshing(request.parameters)
            self._answer(request, work)
            self._cold = request.operation is not Operation.REFRESH

    def _next_change(self) -> Request | None:
        """The next request. In a quiet moment the engine prepares for the first edit of what was loaded."""
        if self._cold and self._mini_core is not None:
            self._cold = False
            try:
                return self._changes.get(timeout=QUIET)
            except queue.Empty:
                self._warm(self._mini_core)
        return self._changes.get()

    def _warm(self, mini_core: MiniCore) -> None:
        """Whatever fails here fails again, and is answered, when the edit comes: the thread goes on.

        A plugin that calls ``gc.get_objects`` in another thread breaks tuples that are being made here (SystemError).
        """
        try:
            mini_core.warm()
        except Exception as error:  # noqa: BLE001 - see above
            self._tell("DEBUG", _("The engine could not prepare for the next edit: {error!r}", error=error))

    def _on_loop(
        self, work: Callable[[Mapping[str, Any]], Coroutine[Any, Any, Answer]], parameters: Mapping[str, Any]
    ) -> Callable[[], Answer]:
        return lambda: self._waited(work(parameters))

    def _waited(self, work: Coroutine[Any, Any, Any]) -> Any:
        """The result; what a change that takes long is waiting for is said every few seconds."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        patience = SLOW
        while True:
            try:
                return future.result(patience)
            except concurrent.futures.TimeoutError:
                if future.done():
                    return future.result()
            if self._is_held():
                continue
            self._tell("WARNING", self._what_is_awaited())
            patience = SLOW * 5

    def _what_is_awaited(self) -> str:
        """By a load or a change that takes long."""
        module = importing(self._loop_thread, self._folder) if self._is_loading else ""
        if module:
            return _("Still loading: {module} is being imported.", module=module)
        waits_for = self._mini_core.waits_for if self._mini_core else ""
        if self._is_loading:
            said = _("Still loading: it waits for {what}.", what=waits_for) if waits_for else _("Still loading.")
        else:
            said = _("The change still waits for {what}.", what=waits_for or _("the plugin"))
        return said if waits_for else said + " " + _("The loop is at {where}.", where=where_is(self._loop_thread))

    def _is_held(self) -> bool:
        """Does a debugger hold the loop?"""
        return self._debugger is not None and bool(self._debugger.held_at)

    async def _debug(self, parameters: Mapping[str, Any]) -> Answer:
        await self._prepared(parameters)  # beforehand, because what the debugger looks at is slower
        self._debugger = Debugger(self._loop, self._held, self._tell)
        host, port = self._debugger.listen(str(parameters["host"]), int(parameters["port"]))
        return {"host": host, "port": port}

    def _held(self, at: str) -> None:
        self._channel.send(Notice(NoticeKind.HELD, {"at": at}))

    def _loaded(self) -> MiniCore:
        if self._mini_core is None:
            raise WorkerError(_("No plugin has been loaded yet."))
        return self._mini_core

    async def _load(self, parameters: Mapping[str, Any]) -> Answer:
        try:
            mini_core = await self._prepared(parameters)
            if self._debugger is not None and parameters.get("wait_for_client"):
                self._debugger.wait_for_client()
            saved = self._keep_state(parameters, mini_core)
            load = await mini_core.load_plugin(saved)
        finally:
            self._is_loading = False
        self._compare_next()
        await self._save()
        return load.to_json()

    async def _prepared(self, parameters: Mapping[str, Any]) -> MiniCore:
        """The plugin's host; made by the first request that needs it."""
        if self._mini_core is None:
            folder = Path(os.path.abspath(str(parameters["path"])))  # noqa: ASYNC240, PTH100 - links are kept: a name
            self._folder = folder
            core = self._core or open_core(str(parameters.get("core") or "simulated"), folder, self.log, parameters)
            replay = bool(parameters.get("replay_start", True))
            tracker = live_reloader(self.safe_point, self._why_unfit, self._is_code_cache)
            mini_core = MiniCore(core, folder, self.log, tracker, replay_start=replay)
            self._end_listening = on_write(folder, self._wrote)
            await mini_core.initialize()
            self._mini_core = mini_core
            if parameters.get("audit"):
                self._comparison = FreshComparison(folder, core.name, self.log)
        return self._mini_core

    def _is_code_cache(self, container: object) -> bool:
        return self._debugger is not None and is_code_cache(container)

    async def _unload_all(self, parameters: Mapping[str, Any]) -> Answer:
        """Plugin and core are gone afterwards, as before the first load."""
        mini_core, self._mini_core = self._mini_core, None
        if mini_core is None:
            return {"left": []}
        if self._end_listening is not None:
            self._end_listening()
            self._end_listening = None
        leaks = await mini_core.shutdown()
        return {"left": [leak.sentence for leak in survivors(leaks)]}

    def _why_unfit(self) -> str | None:
        return self._mini_core.why_unfit() if self._mini_core else None

    def _wrote(self, path: str) -> None:
        self._channel.send(Notice(NoticeKind.WROTE, {"path": path}))

    def _keep_state(self, parameters: Mapping[str, Any], mini_core: MiniCore) -> bytes | None:
        """Keep the state in the file that the supervisor names; what is in it now, if that is asked for."""
        if not parameters.get("state_file"):
            return None
        path = Path(str(parameters["state_file"]))
        saved = state_file.read(path) if parameters.get("restore") else None
        if self._keeper is None:
            self._keeper = StateKeeper(path, mini_core.save_plugin_state, self.log)
            self._keeping = self._loop.create_task(self._keeper.run(), name="mpdt state")
        return saved

    async def _save(self) -> None:
        if self._keeper is not None:
            await self._keeper.step()

    async def _reload(self, parameters: Mapping[str, Any]) -> Answer:
        reload = await self._loaded().reload_plugin([Path(str(file)) for file in parameters.get("files") or ()])
        self._compare_next()
        await self._save()
        return reload.to_json()

    def _refreshing(self, parameters: Mapping[str, Any]) -> Callable[[], Answer]:
        files = parameters.get("files")
        paths = None if files is None else [Path(str(file)) for file in files]

        def work() -> Answer:
            mini_core = self._loaded()
            edits = self._waited(mini_core.sort_edits(paths))
            if isinstance(edits, dict):
                return edits
            if self._comparison is not None:
                self._waited(self._look(self._comparison.before_patch))
            if self._debugger is not None:
                self._debugger.forget()
            report = mini_core.refresh(edits.code)
            if self._debugger is not None:
                self._debugger.look_again()
            if self._comparison is not None and report["outcome"] == "patched":
                comparison, modules = self._comparison, mini_core.modules()
                self._waited(self._look(lambda: comparison.after_patch(modules)))
            if report["outcome"] not in ("patched", "unchanged"):
                return report
            done: Answer = self._waited(mini_core.after_refresh(report, edits))
            return done

        return work

    def _compare_next(self) -> None:
        """With ``--audit``: the next patch is compared with what was loaded now."""
        if self._comparison is not None and self._mini_core is not None:
            self._comparison.loaded(self._mini_core.modules())

    @staticmethod
    async def _look(work: Callable[[], None]) -> None:
        """On the loop, where no plugin code is half-way through something."""
        work()

    def _expecting(self, parameters: Mapping[str, Any]) -> Callable[[], Answer]:
        def work() -> Answer:
            if self._mini_core is not None:
                self._mini_core.expect([Path(str(file)) for file in parameters.get("files") or ()])
            return {}

        return work

    async def _message(self, parameters: Mapping[str, Any]) -> Answer:
        incoming = Incoming(
            str(parameters.get("text") or ""),
            str(parameters.get("user") or DEFAULT_USER),
            str(parameters["group"]) if parameters.get("group") else None,
            str(parameters.get("role") or DEFAULT_ROLE),
            tuple(map(str, parameters.get("images") or ())),
            tuple(map(str, parameters.get("mentions") or ())),
        )
        try:
            conversation = await self._loaded().message(incoming)
        except ValueError as error:
            raise WorkerError(str(error)) from None
        replies = [reply.to_json() for reply in conversation.replies]
        return {"replies": replies, "timed_out": conversation.timed_out}

    async def _call(self, parameters: Mapping[str, Any]) -> Answer:
        try:
            kind = StimulusKind(str(parameters.get("kind")))
        except ValueError:
            known = ", ".join(StimulusKind)
            raise WorkerError(
                _("{kind!r} cannot be called; there are {known}.", kind=parameters.get("kind"), known=known)
            ) from None
        arguments = parameters.get("arguments") or {}
        if not isinstance(arguments, Mapping):
            raise WorkerError(_("The arguments must be a JSON object."))
        driven = await self._loaded().drive(Stimulus(kind, str(parameters.get("name") or ""), arguments))
        return driven.to_json()

    def _answer_state(self, request: Request) -> None:
        """From the loop; if it does not answer, what was known last and where the loop's thread is."""
        future = asyncio.run_coroutine_threadsafe(self._state(), self._loop)
        ends = time.monotonic() + STATE_LIMIT

        def answer() -> Answer:
            try:
                return future.result(max(0.0, ends - time.monotonic()))
            except concurrent.futures.TimeoutError:
                future.cancel()
                if self._debugger is not None and (held_at := self._debugger.held_at):
                    return {**self._last_state, "loop": "held", "held_at": held_at}
                blocked = {"loop": "blocked", "blocked_at": where_is(self._loop_thread)}
                return {**self._last_state, **blocked}

        self._states.put((request, answer))

    def _answer_states(self) -> None:
        # One thread, that was there before a debugger: debugpy 1.8 takes one with a number that another had for that
        # other, and stops it.
        while (asked := self._states.get()) is not None:
            self._answer(*asked)

    def _performance(self, parameters: Mapping[str, Any]) -> Answer:
        """Not on the loop: whether that is blocked is what one wants to see."""
        monitor, since = self._loaded().monitor, parameters.get("since")
        monitor.look(time.monotonic())
        return monitor.history(since if isinstance(since, int) else 0)

    def _inspect(self, request: Request) -> None:
        """From the loop; a refusal if it is blocked: the threads of those who look must not pile up."""
        future = asyncio.run_coroutine_threadsafe(self._inspected(request), self._loop)

        def answer() -> Answer:
            try:
                return future.result(INSPECT_LIMIT)
            except concurrent.futures.TimeoutError:
                future.cancel()
                where = where_is(self._loop_thread)
                raise WorkerError(_("The plugin's loop is blocked at {where}.", where=where)) from None

        threading.Thread(target=self._answer, args=(request, answer), name="mpdt-inspect", daemon=True).start()

    async def _inspected(self, request: Request) -> Answer:
        return await INSPECTIONS[request.operation](self._loaded().inspected(), request.parameters)

    async def _state(self) -> Answer:
        self._last_state = self._mini_core.state() if self._mini_core else EMPTY_STATE
        return self._last_state

    def safe_point(self, apply: Callable[[], None]) -> None:
        """Run ``apply`` between two callbacks of the plugin's loop; raises what it raises.

        Raises WorkerError, and ``apply`` will not run, if the loop is blocked.
        """
        applied: concurrent.futures.Future[None] = concurrent.futures.Future()

        def run() -> None:
            if not applied.set_running_or_notify_cancel():
                return
            try:
                apply()
            except BaseException as error:  # noqa: BLE001 - handed on to the thread that waits
                applied.set_exception(error)
            else:
                applied.set_result(None)

        self._loop.call_soon_threadsafe(run)
        held = True
        while held and not applied.done():
            held = self._is_held()
            concurrent.futures.wait([applied], APPLY_LIMIT)
            held = held or self._is_held()
        try:
            applied.result(0)
        except concurrent.futures.TimeoutError:
            if not applied.cancel():
                applied.result()  # it has just begun, or the plugin's own TimeoutError
                return
            where = where_is(self._loop_thread)
            raise WorkerError(_("The plugin's loop is blocked at {where}; nothing was patched.", where=where)) from None

    def _shut_down(self, request: Request | None) -> None:
        """Unload, answer, and end the process, whatever the plugin does."""
        self._watch.stop()
        if self._on_left is not None:
            self._leave_the_bot(request, self._on_left)
            return
        if self._stop_core is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: the core stopped by itself
                self._stop_core()
                self._core_stopped.wait(CORE_UNLOAD_LIMIT)
        elif self._mini_core is not None:
            work = self._unload(self._mini_core)
            future = asyncio.run_coroutine_threadsafe(work, self._loop)
            concurrent.futures.wait([future], UNLOAD_LIMIT)
        if request is not None:
            self._channel.send(Response(request.id, {}))
        self._channel.close(EXIT_LIMIT)
        # A plugin's thread, task or exit handler may keep the process: it had its time.
        end = threading.Timer(EXIT_LIMIT if self._stop_core is None else CORE_EXIT_LIMIT, leave)
        end.daemon = True  # what has ended is not waited for
        end.start()
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self.finished.set)

    def _leave_the_bot(self, request: Request | None, on_left: Callable[[], None]) -> None:
        """The bot goes on: everything of the plugin's and of ours ends, as far as it can."""
        if self._mini_core is not None:
            future = asyncio.run_coroutine_threadsafe(self._take_out(self._mini_core), self._loop)
            concurrent.futures.wait([future], CORE_UNLOAD_LIMIT)
        self._changes.put(None)
        self._states.put(None)
        on_left()
        if request is not None:
            self._channel.send(Response(request.id, {}))

    async def _take_out(self, mini_core: MiniCore) -> None:
        if self._end_listening is not None:
            self._end_listening()
        await mini_core.unload_plugin()
        await mini_core.shutdown()

    async def core_stops(self, limit: float) -> None:
        """The real core unloads its plugins now: ours too, before the rest is closed that it may use."""
        try:
            if self._mini_core is not None:
                await asyncio.wait_for(self._unload(self._mini_core, limit / 2), limit)
        except TimeoutError:
            self._tell(
                "ERROR", _("The plugin was not unloaded within {limit:g} s; the bot stops all the same.", limit=limit)
            )
        finally:
            self._core_stopped.set()

    async def _unload(self, mini_core: MiniCore, hook_limit: float = UNLOAD_LIMIT / 2) -> None:
        """The state is saved first: the unload hook may clear it away."""
        if self._keeping is not None:
            self._keeping.cancel()
        await self._save()
        await mini_core.shutdown(hook_limit)


EMPTY_STATE: dict[str, Any] = {
    "plugin": None,
    "loaded": False,
    "error": None,
    "instance_id": None,
    "components": [],
    "tasks": [],
    "modules": [],
    "waits_for": "",
    "loop": "running",
}


def leave(status: int = 0) -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):  # closed, or replaced by the plugin
            pass
    os._exit(status)
