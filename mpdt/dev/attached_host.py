"""The bot that serves now, where mpdt has not started it: its bridge connects, is lost, and comes back.

A bot behind a bridge has the plugin's files as copies. Whatever asks it to look at files brings their content along, in
one connection and in that order, so what it then patches or loads is what is on the developer's disk.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mpdt.dev.channel import Channel
from mpdt.dev.errors import RequestRefused, WorkerDied, WorkerSilent
from mpdt.dev.far_files import Folder, Names, key_of, packed, survey
from mpdt.dev.worker_host import LOAD_TIMEOUT, failure
from mpdt.dev.worker_process import Death
from mpdt.language import _
from mpdt.protocol import Hello, Notice, NoticeKind, Operation

if TYPE_CHECKING:
    from mpdt.dev.bridge_server import Bot, BridgeServer, Wire

SYNC_TIMEOUT = 60.0  # seconds, through a tunnel too
LEAVE_TIMEOUT = 12.0  # for the plugin's unload
START_WORD = 3.0  # seconds without a bot, after which that is said
PASSED_ON = frozenset({NoticeKind.LOG, NoticeKind.LINE})  # nothing else that a bot says unasked concerns this machine


@dataclass(frozen=True, slots=True)
class Synced:
    """What the bot had. ``changed``: the files that it has been sent now; ``clean``: what ran was what it had."""

    loaded: bool
    clean: bool
    changed: tuple[Path, ...]
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """Whom an ``AttachedHost`` tells what: a notice; a level and a sentence; a lost connection; one that is back."""

    notice: Callable[[Notice], None]
    said: Callable[[str, str], None]
    lost: Callable[[], None]
    back: Callable[[], None]


class AttachedHost:
    """As ``WorkerHost``, for a bot that is not ours. ``loaded`` says whether a version of the plugin serves there."""

    def __init__(
        self, sock: socket.socket, token: str, url: str, plugin: Path, told: Told, *, replay_start: bool
    ) -> None:
        self._sock = sock
        self._token = token
        self._url = url
        self._plugin = plugin
        self._told = told
        self._options = {"replay_start": replay_start}
        self._server: BridgeServer | None = None
        self._channel: Channel | None = None
        self._bot: Bot | None = None
        self._names: Names | None = None
        self._sent: dict[str, str | None] = {}  # what the bot was last sent, by name
        self._told_of: tuple[str, ...] = ()
        self._arrived = asyncio.Event()
        self._started = False
        self._stopping = False
        self.loaded = False
        self.death: Death | None = None
        self.last_load: Mapping[str, Any] = {}
        self.debug_port: int | None = None

    @property
    def is_alive(self) -> bool:
        return self._channel is not None

    @property
    def python(self) -> str:
        return "" if self._bot is None else self._bot.python

    @property
    def pid(self) -> int:
        return 0 if self._bot is None else self._bot.pid

    @property
    def kind(self) -> str:
        """What ``core`` says in events."""
        return "" if self._bot is None else self._bot.kind

    @property
    def interpreter(self) -> str:
        """For a person."""
        return "" if self._bot is None else _("{path} (the bot's)", path=self._bot.executable)

    async def start(self) -> Mapping[str, Any]:
        """Waits for a bot, however long, and loads the plugin there. The result of ``load``."""
        from mpdt.dev.bridge_server import BridgeServer

        self._server = BridgeServer(self._sock, self._token, self._serve, lambda said: self._told.said("ERROR", said))
        await self._server.start()
        waiting = asyncio.get_running_loop().call_later(START_WORD, self._tell_waiting)
        try:
            while True:
                await self._arrived.wait()
                waiting.cancel()
                try:
                    self.last_load = await self._enter()
                except WorkerDied:
                    continue  # it is gone again
                except (RequestRefused, WorkerSilent) as error:
                    self.last_load = {"plugin": "", "loaded": False, "error": failure(type(error).__name__, str(error))}
                self._started = True
                return self.last_load
        finally:
            waiting.cancel()

    def _tell_waiting(self) -> None:
        self._told.said(
            "INFO", _("No bot has connected to {url} yet. Its bridge tries every few seconds.", url=self._url)
        )

    async def _serve(self, bot: Bot, wire: Wire) -> None:
        """One connection, to its end."""
        if self._channel is not None:
            self._channel.close()
        reader: Any = wire
        channel = Channel(reader, reader, Hello("", bot.pid, bot.python), self._take_notice)
        self._channel, self._bot = channel, bot
        self._sent.clear()
        self._arrived.set()
        running = asyncio.ensure_future(channel.run())
        if self._started:
            self._told.back()
        try:
            await running
        finally:
            channel.close()
            if self._channel is channel:
                self._channel = None
                self._arrived.clear()
                if self._started and not self._stopping:
                    self._told.lost()

    def _take_notice(self, notice: Notice) -> None:
        if notice.kind in PASSED_ON:
            self._told.notice(replace(notice, body=self._ours(dict(notice.body))))

    def _ours(self, result: Any) -> Any:
        return result if self._names is None else self._names.ours(result)

    async def _enter(self) -> Mapping[str, Any]:
        """A plugin that still serves there, as an earlier mpdt has left it, is taken over with its state."""
        had = await self._sync()
        if had.loaded and dict(had.options) != self._options:
            await self._ask(Operation.SHUTDOWN, within=LEAVE_TIMEOUT)
            had = await self._sync()
        if not had.loaded:
            return await self._load()
        self.loaded = True
        if had.clean and not had.changed:
            return {"plugin": (await self._ask(Operation.STATE, within=SYNC_TIMEOUT)).get("plugin"), "loaded": True}
        names = self._known().sent(map(str, had.changed))
        done = await self._ask(Operation.RELOAD, within=LOAD_TIMEOUT, files=names)
        self.loaded = done["outcome"] != "failed"
        name = (await self._ask(Operation.STATE, within=SYNC_TIMEOUT)).get("plugin")
        return {"plugin": name, "loaded": done["outcome"] == "reloaded", "error": done.get("error")}

    async def _load(self) -> Mapping[str, Any]:
        options: dict[str, Any] = {"path": "", "core": self.kind, **self._options}
        self.last_load = await self._ask(Operation.LOAD, within=LOAD_TIMEOUT, **options)
        self.loaded = bool(self.last_load.get("loaded"))
        return self.last_load

    async def come_back(self) -> Synced:
        """The bot is connected again: its copies are what the files are now. Raises WorkerDied if it is gone again."""
        return await self._sync()

    async def _sync(self) -> Synced:
        """Compare by hash, and send what differs."""
        folder = await asyncio.to_thread(survey, self._plugin)
        self._tell_left_out(folder)
        asked = {"plugin": self._plugin.name, "key": key_of(self._plugin), "files": dict(folder.hashes)}
        has = await self._channel_now().request(Operation.SYNC, within=SYNC_TIMEOUT, **asked)
        bot = self._bot
        self._names = Names(self._plugin, str(has["folder"]), "/" if bot is None else bot.separator)
        names = [*has["wanted"], *has["gone"]]
        known = [name for name in names if name in folder.hashes or name in has["gone"]]
        if known:
            files = await asyncio.to_thread(packed, self._plugin, known)
            await self._channel_now().request(Operation.WRITE, within=SYNC_TIMEOUT, files=files)
        self._sent.clear()
        changed = tuple(self._plugin / name for name in known)
        return Synced(bool(has["loaded"]), bool(has["clean"]), changed, dict(has["options"]))

    def _tell_left_out(self, folder: Folder) -> None:
        if folder.left_out and folder.left_out != self._told_of:
            self._told_of = folder.left_out
            names = ", ".join(folder.left_out)
            self._told.said(
                "WARNING", _("Too large to be sent to the bot, which does not have them: {names}", names=names)
            )

    def _channel_now(self) -> Channel:
        if self._channel is None:
            raise WorkerDied(not_connected())
        return self._channel

    def _known(self) -> Names:
        if self._names is None:
            raise WorkerDied(not_connected())
        return self._names

    async def request(
        self, operation: Operation, *, within: float | None = None, **parameters: Any
    ) -> Mapping[str, Any]:
        """As ``WorkerProcess.request``. What is said of files takes their content along."""
        files = parameters.get("files")
        names = self._known().sent(files) if files else None
        if operation is Operation.RELOAD or (operation is Operation.REFRESH and files is None):
            await self._sync()
            return await self._ask(operation, within=within, **{**parameters, "files": names or files})
        if names is None:
            return await self._ask(operation, within=within, **parameters)
        return await self._ask(operation, within=within, **{**parameters, "files": names}, sending=names)

    async def _ask(
        self, operation: Operation, *, within: float | None = None, sending: list[str] | None = None, **parameters: Any
    ) -> Mapping[str, Any]:
        channel = self._channel_now()
        files = {} if not sending else packed(self._plugin, sending)
        files = {name: content for name, content in files.items() if self._sent.get(name, "") != content}
        if not files:
            return self._answered(await channel.request(operation, within=within, **parameters))
        self._sent.update(files)
        # Both are on the wire before anybody else can ask: the bridge carries them out in that order, and who asks next
        # counts on it that the files are there.
        writing = channel.begin(Operation.WRITE, files=files)
        asking = channel.begin(operation, **parameters)
        try:
            await channel.finish(writing, Operation.WRITE, within)
            return self._answered(await channel.finish(asking, operation, within))
        except RequestRefused:
            self._sent.clear()  # nobody knows what of it is there
            raise
        finally:
            for one in (writing, asking):
                one.cancel()
            await asyncio.gather(writing, asking, return_exceptions=True)

    def _answered(self, result: Mapping[str, Any]) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._ours(dict(result))
        return found

    async def load_again(self) -> Mapping[str, Any]:
        """Load the plugin in a bot that has not got it. The result of ``load``."""
        return await self._load()

    async def restart(self, *, gently: bool = False, keep_state: bool = True) -> Mapping[str, Any]:
        raise AssertionError("the manager knows that this bot is not ours")

    def answer(self, line: str) -> None:
        """A bot that runs already has its own input."""

    def hold_messages(self) -> None:
        """Nothing takes this bot's place."""

    def release_messages(self) -> None: ...

    async def died(self) -> Death:
        return Death("", ())

    async def stop(self, patience: float = LEAVE_TIMEOUT) -> None:
        """Has the bot let go of the plugin, and hangs up."""
        self._stopping = True
        if self._channel is not None:
            try:
                await self._channel.request(Operation.SHUTDOWN, within=LEAVE_TIMEOUT)
            except (WorkerDied, WorkerSilent, RequestRefused):
                pass  # it is gone, or says so in its own log
        if self._server is not None:
            await self._server.stop()
        self._sock.close()


def not_connected() -> str:
    return _("No bot is connected.")
