"""In a bot that runs already, behind its bridge: one developer's visit after the other.

``mpdt/bridge/link.py`` carries the messages, also to a bot of which mpdt has started nothing. A connection may be lost
and come back at any time: the plugin serves on meanwhile, as it is. Only a supervisor that says goodbye ends the visit.
"""

from __future__ import annotations

import asyncio
import importlib
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mpdt import language
from mpdt.language import _
from mpdt.protocol import Message, Notice, NoticeKind, Operation, ProtocolError, Request, Response, decode, encode
from mpdt.worker.agent import Agent
from mpdt.worker.channel import lost
from mpdt.worker.cores import Core
from mpdt.worker.errors import WorkerError
from mpdt.worker.mirror import Mirror, placed
from mpdt.worker.spoken_lines import spoken

BEGIN_LIMIT = 10.0  # seconds until the bot's loop has a moment for us
QUIET = 1.0  # seconds without a loss, after which it is told how much was lost
LEAVE_LIMIT = 4.0  # Neo-MoFox's bus gives each listener 5
# By the kind of the bot: the module whose ``visit`` gives its ``Core``.
KINDS = {"neo-mofox": "mpdt.worker.cores.neo_mofox", "classic": "mpdt.worker.cores.classic_mofox"}
LOAD_OPTIONS = ("replay_start",)
CHANGES = frozenset({Operation.LOAD, Operation.REFRESH, Operation.RELOAD})
FAR = frozenset({"state_file", "data", "home", "audit", "restore", "files", "model"})  # on the developer's machine
LIVE = frozenset({"patched", "reloaded", "unchanged"})

Send = Callable[..., bool]
Undo = Callable[[], None]


class Notices:
    """What is told unasked. Where the supervisor reads too slowly it is dropped, counted, and the count is told."""

    def __init__(self, send: Send, clock: Callable[[], float] = time.monotonic) -> None:
        self._send = send
        self._clock = clock
        self._dropped = 0
        self._since = 0.0

    def tell(self, notice: Notice) -> None:
        if not self._send(encode(notice).decode(), True):
            self._dropped += 1
            self._since = self._clock()
        elif self._dropped and self._clock() - self._since > QUIET:
            count, self._dropped = self._dropped, 0
            self._send(encode(lost(count)).decode(), True)


class GuestChannel:
    """What an agent has for a channel, over all connections of one visit."""

    def __init__(self, send: Send, notices: Notices, note: Callable[[Response], None]) -> None:
        self._send = send
        self._notices = notices
        self._note = note
        self._incoming: queue.SimpleQueue[Request | None] = queue.SimpleQueue()

    def put(self, request: Request | None) -> None:
        """None: there will be no more."""
        self._incoming.put(request)

    def requests(self) -> Iterator[Request]:
        while (request := self._incoming.get()) is not None:
            yield request

    def send(self, message: Message) -> None:
        if isinstance(message, Notice):
            self._notices.tell(message)
            return
        if isinstance(message, Response):
            self._note(message)
        self._send(encode(message).decode())

    def close(self, deadline: float) -> None:
        """Whoever carries the messages writes them by itself."""


class Visit:
    """The agent on the bot's loop, from the first load to its end."""

    def __init__(self, send: Send, notices: Notices, loop: asyncio.AbstractEventLoop, kind: str) -> None:
        self._asked: dict[int, Request] = {}
        self.clean = False  # what runs is what was last written here
        self.loaded = False
        self.options: Mapping[str, Any] = {}
        self.channel = GuestChannel(send, notices, self._note)
        self._undo: Undo = lambda: None
        self.left = threading.Event()
        begun = asyncio.run_coroutine_threadsafe(self._begin(loop, kind), loop)
        begun.result(BEGIN_LIMIT)

    async def _begin(self, loop: asyncio.AbstractEventLoop, kind: str) -> None:
        core: Core
        core, self._undo = importlib.import_module(KINDS[kind]).visit(self._bot_stops)
        channel: Any = self.channel  # as far as an agent uses one
        Agent(channel, loop, core=core, on_left=self.left.set).start()

    async def _bot_stops(self) -> None:
        await asyncio.to_thread(self.end)

    def ask(self, request: Request) -> None:
        if request.operation in CHANGES:
            self._asked[request.id] = request
        if request.operation is Operation.LOAD:
            self.options = request.parameters
        self.channel.put(request)

    def _note(self, response: Response) -> None:
        """Whether what runs is what the files are, by the answers to those who changed something."""
        request = self._asked.pop(response.id, None)
        if request is None:
            return
        result = response.result or {}
        if request.operation is Operation.LOAD:
            self.loaded = self.clean = bool(result.get("loaded"))
            return
        outcome = result.get("outcome")
        self.loaded = outcome != "failed" if request.operation is Operation.RELOAD else self.loaded
        self.clean = outcome in LIVE

    def end(self) -> None:
        """Unload the plugin and leave; not from the loop."""
        self.channel.put(None)
        self.left.wait(LEAVE_LIMIT)
        self._undo()


class Session:
    """All that the bridge knows of this package. Its methods are called in the bridge's thread, but for ``end``."""

    def __init__(self, send: Send, loop: asyncio.AbstractEventLoop, kind: str, private: Path) -> None:
        self._send = send
        self._notices = Notices(send)
        self._loop = loop
        self._kind = kind
        self._private = private
        self._mirror: Mirror | None = None
        self._visit: Visit | None = None
        self._hush: Undo = lambda: None

    @property
    def serves(self) -> bool:
        """Is a plugin being served here, whether or not its developer is connected?"""
        return self._visit is not None and not self._visit.left.is_set()

    def speak(self, name: str) -> None:
        language.use(name)

    def connected(self) -> None:
        def tell(stream: str, line: str) -> None:
            self._notices.tell(Notice(NoticeKind.LINE, {"stream": stream, "line": line}))

        self._hush = spoken(tell)

    def lost(self) -> None:
        self._hush()
        if not self.serves:
            self._forget()

    def take(self, text: str) -> None:
        """One message of the supervisor's. Raises ProtocolError if it is none."""
        request = decode(text.encode())
        if not isinstance(request, Request):
            raise ProtocolError(_("The supervisor sent something other than a request."))
        match request.operation:
            case Operation.SHUTDOWN if not self.serves:
                self._answer(request, lambda parameters: {})
                self._forget()
            case Operation.SYNC:
                self._answer(request, self._sync)
            case Operation.WRITE:
                self._answer(request, self._write)
            case Operation.DEBUG:
                self._answer(request, refuse_debugger)
            case _:
                self._pass_on(request)

    def end(self) -> None:
        """The bridge is taken out, or the bot stops."""
        self._hush()
        if self._visit is not None:
            self._visit.end()
        self._forget()

    def _forget(self) -> None:
        self._visit = None
        if self._mirror is not None:
            self._mirror.remove()
            self._mirror = None

    def _answer(self, request: Request, work: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
        try:
            response = Response(request.id, work(request.parameters))
        except WorkerError as error:
            response = Response(request.id, None, str(error))
        except Exception as error:  # noqa: BLE001 - a fault of ours, a full disk: the supervisor is told
            response = Response(request.id, None, _("The bridge failed: {error!r}", error=error))
        self._send(encode(response).decode())

    def _sync(self, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        plugin, key = str(parameters["plugin"]), str(parameters["key"])
        if self._mirror is None or (self._mirror.plugin, self._mirror.key) != (plugin, key):
            if self._visit is not None:  # another plugin's, whose developer has gone without a word
                self._visit.end()
                self._visit = None
            self._mirror = Mirror(self._private, plugin, key)
        wanted, gone = self._mirror.compare(parameters["files"])
        visit = self._visit if self.serves else None
        return {
            "wanted": wanted,
            "gone": gone,
            "folder": str(self._mirror.folder),
            "loaded": visit is not None and visit.loaded,
            "clean": visit is not None and visit.clean,
            "options": {} if visit is None else {name: visit.options.get(name) for name in LOAD_OPTIONS},
        }

    def _write(self, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        files = parameters["files"]
        if self._visit is not None and files:
            self._visit.clean = False
        self._known().write(files)
        return {}

    def _known(self) -> Mirror:
        if self._mirror is None:
            raise WorkerError(_("The bridge knows of no plugin yet."))
        return self._mirror

    def _pass_on(self, request: Request) -> None:
        try:
            asked = Request(request.id, request.operation, self._translated(request.parameters))
            if not self.serves:
                self._visit = Visit(self._send, self._notices, self._loop, self._kind)
        except WorkerError as error:
            self._send(encode(Response(request.id, None, str(error))).decode())
            return
        except TimeoutError:
            sentence = _("The bot's loop did not answer within {limit:g} s.", limit=BEGIN_LIMIT)
            self._send(encode(Response(request.id, None, sentence)).decode())
            return
        assert self._visit is not None
        self._visit.ask(asked)
        if request.operation is Operation.SHUTDOWN:
            self._visit.left.wait()
            self._visit.end()
            self._forget()

    def _translated(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """With files where they are here, and without paths of the developer's machine."""
        mirror = self._known()
        kept = {name: value for name, value in parameters.items() if name not in FAR}
        if "files" in parameters and parameters["files"] is not None:
            kept["files"] = [str(placed(mirror.folder, name)) for name in parameters["files"]]
        return {**kept, "path": str(mirror.folder)} if "core" in parameters else kept


def refuse_debugger(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    raise WorkerError(_("A debugger is not offered through the bridge."))
