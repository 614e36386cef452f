"""What ``DevServer`` runs in its loop: the worker, the watcher, the HTTP server and the output, wired
together.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import sys
import time
import webbrowser
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mpdt.commands.conversation import Conversation, Exchange
from mpdt.commands.holds import Holds
from mpdt.commands.output import Output
from mpdt.commands.page_controls import PageControls
from mpdt.commands.replaying import Replay
from mpdt.commands.scenario_watch import ScenarioWatch
from mpdt.config import editor_pattern
from mpdt.dev import run_files
from mpdt.dev.answers import forward_input
from mpdt.dev.coalesce import POLLED, Coalescer, FileChange, FileEventKind
from mpdt.dev.contents import Contents
from mpdt.dev.errors import RequestRefused, StartError, WorkerDied, WorkerSilent
from mpdt.dev.frames import with_frames
from mpdt.dev.hot_reload_manager import HotReloadManager
from mpdt.dev.ignore import WatchRules
from mpdt.dev.platform import has_close_events, told_by_others
from mpdt.dev.real_core import SIMULATED, said_level, why_not_up
from mpdt.dev.saves import Saves
from mpdt.dev.spawn import Spawned
from mpdt.dev.state_files import data_folder, history_file, state_file
from mpdt.dev.worker_host import Debugging, WorkerHost, failure
from mpdt.dev.worker_process import Death
from mpdt.dev.worker_writes import WorkerWrites
from mpdt.events import Event, EventKind, EventLog, ReloadOutcome
from mpdt.language import _
from mpdt.protocol import Notice, NoticeKind, Operation
from mpdt.web.errors import Refused, Unavailable

if TYPE_CHECKING:
    from mpdt.commands.dev import DevServer
    from mpdt.commands.prompting import Prompt
    from mpdt.dev.attached_host import AttachedHost
    from mpdt.dev.watcher import Watcher
    from mpdt.web.server import WebServer

NEW_PLUGIN = frozenset({ReloadOutcome.RELOADED, ReloadOutcome.RESTARTED})
CHANGED = NEW_PLUGIN | {ReloadOutcome.PATCHED}
WRITTEN = frozenset({FileEventKind.CLOSED, FileEventKind.MOVED})
STATE_TIMEOUT = 5.0
MESSAGE_TIMEOUT = 15.0  # the worker itself answers after 10 s at the latest


class Serving:
    """One run of a server; also the ``Target`` of its routes."""

    def __init__(self, server: DevServer, sock: socket.socket | None, spawned: Spawned | None) -> None:
        """``spawned``: the worker; None where a bot's bridge is waited for."""
        self._server = server
        self._config = server.config
        self._root = server.plugin
        self._core = SIMULATED if server.core is None else str(server.core.kind)
        self._sock = sock
        self._token = secrets.token_urlsafe(32)
        self.events = EventLog()
        self._writes = WorkerWrites(close_events=has_close_events())
        self._coalescer = Coalescer(close_events=has_close_events())
        self._loop = asyncio.get_running_loop()
        self._attached = None if spawned is not None else self._attached_host()
        self._host: WorkerHost | AttachedHost = self._attached or self._worker_host(spawned)
        self._manager = HotReloadManager(
            self._root,
            self._host,
            self.events,
            patch_live=self._config.patch_live,
            revive=server.core is None,
            restarts=self._attached is None,
        )
        self._holds = Holds(self._manager, lambda message: self._log("INFO", message), self._loop)
        # Who answers may stand at a breakpoint for as long as it takes to understand something.
        self._patience = None if self._config.debug else MESSAGE_TIMEOUT
        self._replay = Replay(self.events, self._say, automatic=self._config.replay)
        self._page = PageControls(self._manager, self.events, self._replay)
        self._scenarios = ScenarioWatch(self._root, self.events, server.spawn, {"core": SIMULATED})
        self._conversation = Conversation()
        self._saves: Saves | None = None
        self._watcher: Watcher | None = None
        self._web: WebServer | None = None
        self._prompt: Prompt | None = None
        self._output: Output | None = None
        self._run_file: Path | None = None
        self._is_up = False
        self._background: set[asyncio.Task[Any]] = set()

    def _worker_host(self, spawned: Spawned | None) -> WorkerHost:
        assert spawned is not None
        return WorkerHost(
            spawned,
            self._server.spawn,
            plugin=self._root,
            core=self._core,
            on_notice=self._on_notice,
            on_line=self._on_line,
            on_death=self._on_death,
            load_options={
                "state_file": str(state_file(self._root)),
                "data": str(data_folder(self._root)),
                "replay_start": self._config.replay_start,
                "audit": self._config.audit,
            },
            restore=self._config.keep_state,
            debugging=self._debugging(),
            alone=self._server.core is not None,
            on_slow_start=self._tell_slow_start,
        )

    def _attached_host(self) -> AttachedHost:
        from mpdt.dev.attached_host import AttachedHost, Told

        listening = self._server.meeting
        assert listening is not None
        told = Told(self._on_notice, self._log, self._on_lost, self._on_back)
        replay = self._config.replay_start
        return AttachedHost(*listening, self._root, told, replay_start=replay)

    async def run(self) -> None:
        """Serves until asked to stop. Raises StartError if the folder cannot be watched."""
        stop = asyncio.Event()
        self._server.when_stopped(lambda: self._loop.call_soon_threadsafe(stop.set))
        serving = asyncio.create_task(self._serve(), name="serving")
        stopping = asyncio.create_task(stop.wait(), name="stopping")
        try:
            await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
        finally:
            await cancel(stopping)
            error = await cancel(serving)
            await self._shut_down()
        if error is not None:
            raise error

    async def _serve(self) -> None:
        rules = WatchRules(self._root)
        # Before the plugin is loaded: what is saved while it loads differs from this, and is asked about
        # then.
        contents = Contents(rules.files())
        loading = asyncio.create_task(self._load(), name="first load")
        try:
            # In a thread, so that the worker gets its first request the moment it has connected.
            await asyncio.to_thread(import_heavy, for_a_person=not self._config.json)
            self._start_output()
            if self._server.core is not None:
                forward_input(self._host.answer, self._loop)
            url = await self._start_web()
            if self._config.reload:
                self._start_watcher(contents)
            result = await loading
        finally:
            await cancel(loading)
        await self._watch_config()
        self._manager.began_with(result.get("error"))
        self._emit_ready(url, result)
        self._start_prompt()
        if url is not None and self._config.open:
            await asyncio.to_thread(webbrowser.open, self._with_token(url))
        if self._saves is None:
            await asyncio.Event().wait()
        else:
            await self._manager.run(self._saves)

    def _start_prompt(self) -> None:
        """Where somebody is at a terminal. Nothing that it needs is imported before the server serves."""
        if self._config.json or not self._config.prompt or self._output is None:
            return
        if self._server.core is not None:
            return  # what is typed goes to the bot
        from mpdt.commands.prompting import Prompt, is_wanted

        if is_wanted():
            history = history_file(self._root)
            self._prompt = Prompt(self, self._output.put, self._server.stop, history)
            self._later(self._prompt.run()).add_done_callback(self._prompt_ended)

    def _prompt_ended(self, task: asyncio.Task[Any]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:  # a terminal that is none after all; what is served goes on
            self._log("WARNING", _("There is no prompt: {error!r}. --no-prompt leaves it out.", error=error))

    def _debugging(self) -> Debugging | None:
        config = self._config
        if not config.debug:
            return None

        def refused(sentence: str) -> None:
            self._log("ERROR", sentence)

        where = (config.debug_host, config.debug_port)
        return Debugging(*where, config.wait_for_client, self._tell_where_to_attach, refused)

    def _tell_where_to_attach(self, port: int) -> None:
        host = self._config.debug_host
        if self._config.wait_for_client and not self._host.last_load:
            self._log(
                "INFO", _("The plugin is loaded when a debugger has attached at {host}:{port}.", host=host, port=port)
            )
        else:
            self._log("INFO", _("A debugger can attach at {host}:{port}.", host=host, port=port))

    async def _load(self) -> Mapping[str, Any]:
        try:
            return await self._host.start()
        except (WorkerDied, WorkerSilent) as error:
            dead = isinstance(error, WorkerDied) and not self._host.is_alive
            output = (await self._host.died()).output if dead else ()
            sentence = str(error)
            if self._server.core is not None:
                sentence = why_not_up(self._server.core, self._server.interpreter, sentence, output)
            return {"plugin": "", "loaded": False, "error": failure(type(error).__name__, sentence, output)}

    def _start_output(self) -> None:
        from mpdt.commands.sinks import to_json, to_terminal

        write = to_json(sys.stdout) if self._config.json else to_terminal(self._config)
        self._output = output = Output(write, self._server.stop)
        for event in self.events.since(0):
            output.put(event)
        self.events.subscribe(output.put)
        self.events.subscribe(self._on_event)

    async def _start_web(self) -> str | None:
        if self._sock is None:
            return None
        from mpdt.commands.dev import address
        from mpdt.web.server import WebServer

        url = address(self._sock, self._config.host)
        self._web = WebServer(self, self._sock, host=self._config.host, token=self._token, controls=self._page)
        await self._web.start()
        run = run_files.RunFile(os.getpid(), url, self._token, str(self._root))
        try:
            self._run_file = run_files.write(run, run_files.folder())
        except OSError as error:
            self._log("WARNING", _("'mpdt send' will not find this server: {error}", error=error))
        return url

    def _start_watcher(self, contents: Contents) -> None:
        from mpdt.dev.watcher import Watcher

        def on_polling(why: str) -> None:
            # In the watcher's thread, before the first change that was looked for.
            self._loop.call_soon_threadsafe(self._now_polling, why)

        watcher = Watcher(self._root, self._on_change, poll=self._config.poll, on_polling=on_polling)
        saves = Saves(lambda: watcher.handler.rules, contents, self._writes, self._coalescer)
        if self._config.poll:
            self._now_polling()
        elif (system := told_by_others(self._root)) is not None:
            self._log(
                "WARNING",
                _(
                    "{root} lies on a {system} drive, where what another system saves is not reported. "
                    "Serve it with --poll to have it seen.",
                    root=self._root,
                    system=system,
                ),
            )
        self._saves = saves
        self._contents = contents
        try:
            watcher.start()
        except OSError as error:
            advice = _("Serve it with --poll, or with --no-reload.")
            raise StartError(
                _("{root} cannot be watched: {error}. {advice}", root=self._root, error=error, advice=advice)
            ) from None
        self._watcher = watcher
        # What was saved between the first look and the watcher's start.
        saves.put(FileChange(FileEventKind.FOLDER, self._root, time.monotonic()))

    def _now_polling(self, why: str = "") -> None:
        self._coalescer.timing = POLLED
        self._writes.close_events = False
        if why:
            self._log("WARNING", why)

    async def _watch_config(self) -> None:
        """The plugin's own config file counts, also where a ``.gitignore`` hides it."""
        if self._watcher is None or self._attached:  # no path that a bot elsewhere names is one of this machine
            return
        path = (await self.state()).get("config_path")
        real = real_path(path) if path else None
        if real is not None and self._watcher.handler.also != {real}:
            self._writes.forget(real)
            self._contents.accept(real)
            self._watcher.handler.also = frozenset({real})

    def _emit_ready(self, url: str | None, result: Mapping[str, Any]) -> None:
        port = self._host.debug_port
        self._is_up = True
        self.events.emit(
            EventKind.READY,
            {
                "url": None if url is None else self._with_token(url),
                "plugin": result.get("plugin") or self._root.name,
                "loaded": bool(result.get("loaded")),
                "error": with_frames(result.get("error"), self._root),
                "mode": self._page.mode,
                "core": self._kind,
                "python": self._host.python,
                "debug": None if port is None else {"host": self._config.debug_host, "port": port},
                "interpreter": self._interpreter(),
                "ms": round((time.monotonic() - self._server.started) * 1000, 1),
            },
        )

    async def _shut_down(self) -> None:
        if self._watcher is not None:
            self._watcher.stop()
        for task in tuple(self._background):
            await cancel(task)
        await self._scenarios.close()
        await self._host.stop()
        self.events.emit(EventKind.STOPPED, {})
        if self._run_file is not None:
            self._run_file.unlink(missing_ok=True)
        if self._web is not None:
            await self._web.stop()
        if self._output is not None:
            self._output.close()

    def _interpreter(self) -> str:
        chosen = self._server.interpreter
        return self._attached.interpreter if self._attached else f"{chosen.path} ({chosen.origin})"

    @property
    def _kind(self) -> str:
        return self._attached.kind if self._attached else self._core

    def _with_token(self, url: str) -> str:
        return f"{url}/?token={self._token}"

    # What the worker and the watcher say.

    def _on_change(self, change: FileChange) -> None:
        # In watchdog's thread.
        self._loop.call_soon_threadsafe(self._take, change)

    def _take(self, change: FileChange) -> None:
        if self._saves is None:
            return
        self._saves.put(change)
        if self._config.scenarios:
            self._scenarios.on_change(change.path)
        if change.kind in WRITTEN:
            self._later(self._manager.expect(change.path))

    def _on_event(self, event: Event) -> None:
        # A plugin that is loaded anew may have another config file, or its first.
        if event["event"] == EventKind.RELOAD and event["outcome"] in NEW_PLUGIN:
            self._later(self._watch_config())
        if event["event"] == EventKind.RELOAD and event["outcome"] in CHANGED and self._config.verbose:
            self._later(self._tell_performance())
        if self._config.scenarios:
            self._scenarios.on_event(event)
        if self._prompt is not None and event["event"] == EventKind.RELOAD and event["outcome"] in CHANGED:
            self._later(self._prompt.look())
        if self._replay.is_due(event):
            self._later(self._replay.after_change())

    async def _tell_performance(self) -> None:
        from mpdt.render.performance import performance_lines

        lines = performance_lines((await self.state()).get("performance") or {})
        self._log("DEBUG", "\n".join(lines), "mpdt.performance")

    def _later(self, work: Coroutine[Any, Any, object]) -> asyncio.Task[Any]:
        task = self._loop.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    def _on_notice(self, notice: Notice) -> None:
        match notice.kind:
            case NoticeKind.LOG:
                fields = ("level", "logger", "message")
                self.events.emit(EventKind.LOG, {name: str(notice.body.get(name, "")) for name in fields})
            case NoticeKind.WROTE:
                path = Path(notice.body["path"])
                for name in {path, real_path(path)}:  # a link is watched by its own name
                    self._writes.report(name, time.monotonic())
            case NoticeKind.LINE:
                self._on_line(str(notice.body.get("stream", "")), str(notice.body.get("line", "")))
            case NoticeKind.HELD:
                self._holds.note(str(notice.body.get("at") or ""))

    def _on_line(self, stream: str, line: str) -> None:
        level = "INFO" if stream == "stdout" else "WARNING"
        if self._server.core is not None or self._attached:
            if not line.strip():
                return
            level = said_level(line)
        self.events.emit(EventKind.LOG, {"level": level, "logger": stream, "message": line})

    def _tell_slow_start(self) -> None:
        """The bot may be waiting for an answer, to an agreement for one: that is the developer's to give."""
        self._log(
            "WARNING",
            _(
                "The bot is not up yet. If it asks for something, type the answer here and press Enter; "
                "what it said last is above."
            ),
        )

    def _on_lost(self) -> None:
        self._manager.hold_away()
        self._log(
            "WARNING",
            _(
                "The connection to the bot is lost. The plugin goes on there as it is, if the bot does. What is saved "
                "waits until it is back."
            ),
        )

    def _on_back(self) -> None:
        if self._attached is not None:
            reason = _("The bot (process {pid}) is connected again.", pid=self._attached.pid)
            self._later(self._manager.come_back(self._attached, reason))

    def _on_death(self, death: Death) -> None:
        self._log("ERROR", death.sentence)
        if self._server.core is None or self._is_up:
            self._manager.on_death(death)  # else the ready event says so

    def _log(self, level: str, message: str, logger: str = "mpdt") -> None:
        self.events.emit(EventKind.LOG, {"level": level, "logger": logger, "message": message})

    # What the routes ask.

    async def state(self) -> Mapping[str, Any]:
        """The worker's state and the server's; without a worker, why there is none."""
        served = {
            "path": str(self._root),
            "mode": self._page.mode,
            "replay": self._replay.automatic,
            "editor": editor_pattern(self._config.editor),
            "core": self._kind,
            "python": self._host.python,
            "worker": {"alive": self._host.is_alive, "pid": self._host.pid},
        }
        try:
            return {**served, **await self._host.request(Operation.STATE, within=STATE_TIMEOUT)}
        except (WorkerDied, WorkerSilent, RequestRefused) as error:
            name = self._host.last_load.get("plugin") or self._root.name
            shown = failure(type(error).__name__, str(error))
            return {**served, "plugin": name, "loaded": False, "error": shown}

    async def reload(self, *, full: bool) -> Mapping[str, Any]:
        """The reload event of a refresh on request."""
        try:
            return await self._manager.reload_now(full=full)
        except WorkerDied as error:  # a bot that is not ours, and not connected
            raise Unavailable(str(error)) from None

    async def message(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """The plugin's replies."""
        started = time.monotonic()
        answer = await self._say(fields)
        self._replay.note(fields, answer)
        noted = self._conversation.note("message", fields, answer)
        self._page.tell_message(fields, noted, time.monotonic() - started)
        return noted

    async def _say(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        named = {name: fields.get(name) for name in ("text", "user", "group", "role", "images", "mentions")}
        try:
            return await self._host.request(Operation.MESSAGE, within=self._patience, **named)
        except (WorkerDied, WorkerSilent, RequestRefused) as error:
            raise Unavailable(str(error)) from None

    async def call(self, kind: str, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the component answered. Raises Refused if there is none such, or the arguments do not fit."""
        parameters = {"kind": kind, "name": name, "arguments": dict(arguments)}
        try:
            answer = await self._host.request(Operation.CALL, within=self._patience, **parameters)
        except RequestRefused as error:
            raise Refused(str(error)) from None
        except (WorkerDied, WorkerSilent) as error:
            raise Unavailable(str(error)) from None
        return self._conversation.note("call", parameters, answer)

    def conversation(self) -> list[Exchange]:
        """What was said and called, with the answers."""
        return self._conversation.exchanges()

    def save_scenario(self, name: str, numbers: list[int] | None, last: int | None) -> Path:
        """The scenario file in which these exchanges are now. Raises Refused."""
        from mpdt.commands.conversation import save
        from mpdt.scenarios.files import ScenarioError

        try:
            return save(self._root, name, self._conversation.chosen(numbers, last))
        except ScenarioError as error:
            raise Refused(str(error)) from None

    def scenarios(self) -> Mapping[str, Any]:
        """The plugin's scenarios, and the event of the last round."""
        return self._scenarios.listed()

    async def play_scenarios(self, words: str | None) -> Mapping[str, Any]:
        """One round now: its event. Raises Refused if there is nothing to play."""
        event = await self._scenarios.play(words)
        if event is None:
            raise Refused(_("The plugin has no scenario that is meant."))
        return event

    async def look(self, operation: Operation, **parameters: Any) -> Mapping[str, Any]:
        """What the worker says of the plugin. Raises Refused with its sentence."""
        try:
            return await self._host.request(operation, within=STATE_TIMEOUT, **parameters)
        except RequestRefused as error:
            raise Refused(str(error)) from None
        except (WorkerDied, WorkerSilent) as error:
            raise Unavailable(str(error)) from None

    async def config_path(self) -> Path:
        """The plugin's own config file, as the worker reports it."""
        path = (await self.state()).get("config_path")
        if not path:
            raise Unavailable(_("The plugin has no config file."))
        if self._attached:
            raise Unavailable(_("The config file lies beside the bot, and is edited there: {path}", path=path))
        return Path(path)

    def config_written(self, path: Path) -> None:
        """The plugin is told at once. No report of the worker's may claim it: what is written here is a save.

        A config file outside of the watched folder changes nothing by itself, so the plugin is loaded anew.
        """
        real = real_path(path)
        if self._saves is None or self._watcher is None or not self._watcher.handler.is_watched(real):
            self._later(self._manager.reload_now(full=True))
            return
        self._writes.forget(real)
        self._saves.put(FileChange(FileEventKind.MOVED, real, time.monotonic()))


def real_path(path: str | Path) -> Path:
    """As the watcher names it: the plugin's folder is resolved."""
    return Path(os.path.realpath(path))


def import_heavy(*, for_a_person: bool) -> None:
    """Imports what serving needs, while the worker starts."""
    if for_a_person:
        import mpdt.render.terminal
    import mpdt.dev.watcher
    import mpdt.web.server  # noqa: F401
    from mpdt.web.assets import assets

    assets()


async def cancel(task: asyncio.Task[Any]) -> BaseException | None:
    """Cancels the task and waits for its end. Its error, if it ended with one."""
    task.cancel()
    await asyncio.wait([task])
    return None if task.cancelled() else task.exception()
