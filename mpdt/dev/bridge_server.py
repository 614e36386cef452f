"""Where a bot's bridge connects: a WebSocket on loopback. Loads aiohttp.

Nothing of the plugin's goes out, and nothing that comes in is looked at, before the other side has proven that it knows
the token (``mpdt/bridge/link.py`` has the other half, and the reasons).
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import secrets
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

import mpdt
from mpdt.dev.bootstrap import clash
from mpdt.dev.engine_bundle import Bundle, bundle
from mpdt.dev.loopback import is_loopback_name
from mpdt.language import _, current

VERSION = 1
PROTOCOL = "mpdt-bridge-1"
HELLO_LIMIT = 10.0  # seconds
ENGINE_LIMIT = 120.0  # through a tunnel, and a bot that imports it
MESSAGE_LIMIT = 32 * 1024 * 1024
STRANGERS = 4  # connections at a time that have proven nothing yet
PING = 30.0


@dataclass(frozen=True, slots=True)
class Bot:
    """What a bridge says of its bot. ``key`` is another one for each process."""

    key: str
    kind: str
    pid: int
    python: str
    executable: str
    separator: str


class Refusal(Exception):
    """Why a bridge is turned away: a sentence for its log and for ours."""


class Wire:
    """One connected bridge: lines in, lines out, as ``Channel`` reads and writes them."""

    def __init__(self, stream: web.WebSocketResponse) -> None:
        self._stream = stream
        self._outgoing: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._writing = asyncio.create_task(self._write(), name="bridge writer")

    async def readline(self) -> bytes:
        """The next message; empty at the end."""
        message = await self._stream.receive()
        return str(message.data).encode() if message.type is WSMsgType.TEXT else b""

    def write(self, data: bytes) -> None:
        self._outgoing.put_nowait(data)

    def close(self) -> None:
        self._outgoing.put_nowait(None)

    async def ended(self) -> None:
        """Waits until all is written that was to be, and the connection is closed."""
        await asyncio.wait({self._writing})

    async def _write(self) -> None:
        try:
            while (data := await self._outgoing.get()) is not None:
                await self._stream.send_str(data.decode().rstrip("\n"))
        except ConnectionError:
            pass  # whoever reads sees the end too
        finally:
            with contextlib.suppress(ConnectionError):
                await self._stream.close()


def proof(token: str, side: str, own: str, other: str) -> str:
    return hmac.new(token.encode(), f"{side}|{own}|{other}".encode(), hashlib.sha256).hexdigest()


class BridgeServer:
    """Serves a listening socket. ``serve`` is awaited with each bridge, for as long as it is connected; ``told`` gets
    sentences about those that were turned away.
    """

    def __init__(
        self,
        sock: socket.socket,
        token: str,
        serve: Callable[[Bot, Wire], Awaitable[None]],
        told: Callable[[str], None],
    ) -> None:
        self._sock = sock
        self._token = token
        self._serve = serve
        self._told = told
        self._said: set[str] = set()
        self._strangers = 0
        self._current: tuple[Bot, Wire] | None = None
        self._runner: web.AppRunner | None = None
        self._bundle: asyncio.Future[Bundle] | None = None

    async def start(self) -> None:
        app = web.Application()
        app.add_routes([web.get("/", self._connect)])
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.SockSite(self._runner, self._sock).start()
        self._made()  # while a bot is still on its way

    async def stop(self) -> None:
        if self._current is not None:
            self._current[1].close()
            await self._current[1].ended()
        if self._bundle is not None:
            self._bundle.cancel()
        if self._runner is not None:
            await self._runner.cleanup()

    def _made(self) -> asyncio.Future[Bundle]:
        if self._bundle is None:
            self._bundle = asyncio.ensure_future(asyncio.to_thread(bundle))
        return self._bundle

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        if not is_loopback_name(request.headers.get("Host")):
            raise web.HTTPForbidden(text=_("This server answers under its own address only."))
        if "Origin" in request.headers:  # a page of a browser's; a bridge sends none
            raise web.HTTPForbidden(text=_("This address is for a bot's bridge."))
        if self._strangers >= STRANGERS:
            raise web.HTTPServiceUnavailable(text=_("Too many are knocking at once."))
        stream = web.WebSocketResponse(
            protocols=(PROTOCOL,), max_msg_size=MESSAGE_LIMIT, heartbeat=PING, compress=False
        )
        if not stream.can_prepare(request).ok:
            raise web.HTTPForbidden(text=_("This address is for a bot's bridge."))
        await stream.prepare(request)
        self._strangers += 1
        try:
            bot = await self._introduced(stream)
        except Refusal as refusal:
            await self._turn_away(stream, str(refusal))
            return stream
        except (ConnectionError, ValueError, KeyError, TypeError, TimeoutError):
            await stream.close()
            return stream
        finally:
            self._strangers -= 1
        wire = Wire(stream)
        self._current = (bot, wire)
        try:
            await self._serve(bot, wire)
        finally:
            wire.close()
            await wire.ended()
            if self._current is not None and self._current[1] is wire:
                self._current = None
        return stream

    async def _turn_away(self, stream: web.WebSocketResponse, sentence: str) -> None:
        if sentence not in self._said:  # a bridge tries again every few seconds
            self._said.add(sentence)
            self._told(sentence)
        with contextlib.suppress(ConnectionError):
            await stream.send_str(json.dumps({"refused": sentence}, ensure_ascii=False))
        await stream.close()

    async def _introduced(self, stream: web.WebSocketResponse) -> Bot:
        """Raises Refusal with a sentence; and what a peer that breaks the rules leads to."""
        challenge = secrets.token_hex(32)
        await stream.send_str(json.dumps({"challenge": challenge}))
        hello = json.loads(await stream.receive_str(timeout=HELLO_LIMIT))
        nonce = str(hello["nonce"])
        given = str(hello["proof"]).encode("utf-8", "replace")
        if not hmac.compare_digest(given, proof(self._token, "bridge", nonce, challenge).encode()):
            raise Refusal(
                _(
                    "A bot's bridge has another token than this mpdt. Run `mpdt bridge install --core PATH` for that "
                    "bot again, or name its token with MPDT_BRIDGE_TOKEN_FILE."
                )
            )
        if hello["bridge"] != VERSION:
            raise Refusal(
                _("The bot's bridge is of another build. Run `mpdt bridge install --core PATH` for it, and restart it.")
            )
        bot = Bot(
            str(hello["bot"]),
            str(hello["kind"]),
            int(hello["pid"]),
            str(hello["python"]),
            str(hello["executable"]),
            str(hello["separator"]),
        )
        check_python(bot)
        self._make_room(bot)
        await self._send_engine(stream, nonce, challenge, str(hello["engine"]))
        return bot

    def _make_room(self, bot: Bot) -> None:
        """A bot that comes back is not kept out by a connection whose end has not been noticed yet."""
        if self._current is None:
            return
        if self._current[0].key != bot.key:
            raise Refusal(
                _("Another bot (process {pid}) is connected to this `mpdt dev` already.", pid=self._current[0].pid)
            )
        self._current[1].close()

    async def _send_engine(self, stream: web.WebSocketResponse, nonce: str, challenge: str, has: str) -> None:
        made = await asyncio.shield(self._made())
        if has and has != made.digest:
            raise Refusal(
                _("The bot runs the engine of another mpdt, which was attached to it before. Restart the bot.")
            )
        answer = {
            "proof": proof(self._token, "mpdt", challenge, nonce),
            "engine": made.digest,
            "version": mpdt.__version__,
            "clash": clash(),
            "language": current(),
        }
        await stream.send_str(json.dumps(answer, ensure_ascii=False))
        if not has:
            await stream.send_str(json.dumps({"archive": base64.b64encode(made.archive).decode("ascii")}))
        begun: Mapping[str, Any] = json.loads(await stream.receive_str(timeout=ENGINE_LIMIT))
        if "failed" in begun:
            raise Refusal(_("The bot cannot run the engine: {error}", error=begun["failed"]))


def check_python(bot: Bot) -> None:
    """Raises Refusal."""
    version = tuple(int(part) for part in bot.python.split(".")[:2])
    if version < (3, 11):
        raise Refusal(_("The bot runs on Python {version}; mpdt needs 3.11 or later.", version=bot.python))
