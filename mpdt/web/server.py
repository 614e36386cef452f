"""The HTTP server: routes, and the event stream. Loads aiohttp."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from aiohttp import WSCloseCode, web

from mpdt.events import EventLog
from mpdt.language import _
from mpdt.web.assets import PREFIX, assets
from mpdt.web.bodies import are_numbers, are_texts, is_count, read_fields, read_number
from mpdt.web.config_routes import ConfigRoutes, Configured
from mpdt.web.controls import Controlled, Controls
from mpdt.web.errors import Refused, Unavailable
from mpdt.web.guard import cookie_name, is_known_host, matches, refusal
from mpdt.web.journal import Journal
from mpdt.web.log_lines import LEVELS, Query, find
from mpdt.web.looking import Looked, Looking
from mpdt.web.stream import STALLED, Wish, serve_stream

BODY_LIMIT = 8 * 1024 * 1024  # an image with a message
TEXT_LIMIT = 64 * 1024  # characters of one message
LOG_LIMIT = 2000  # lines of one answer
MESSAGE_FIELDS = ("text", "user", "group", "role")
LISTS = ("images", "mentions")  # of a message: texts each
HEADERS = {
    "Cache-Control": "no-store",
    # No inline script, no inline style, nothing from elsewhere.
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # the first address carries the token
    "X-Content-Type-Options": "nosniff",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Target(Configured, Looked, Protocol):
    """What the routes ask. Every method may raise Unavailable."""

    @property
    def events(self) -> EventLog: ...

    async def state(self) -> Mapping[str, Any]: ...

    async def reload(self, *, full: bool) -> Mapping[str, Any]: ...

    async def message(self, fields: Mapping[str, Any]) -> Mapping[str, Any]: ...

    async def call(self, kind: str, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]: ...

    def conversation(self) -> list[dict[str, Any]]: ...

    def save_scenario(self, name: str, numbers: list[int] | None, last: int | None) -> Path: ...

    def scenarios(self) -> Mapping[str, Any]: ...

    async def play_scenarios(self, words: str | None) -> Mapping[str, Any]: ...


class WebServer:
    """Serves one target on a listening socket, from ``start`` to ``stop``."""

    def __init__(
        self,
        target: Target,
        sock: socket.socket,
        *,
        host: str,
        token: str,
        controls: Controlled | None = None,
        stalled: float = STALLED,
    ) -> None:
        """``stalled``: seconds after which a reader of the event stream that takes nothing is let go."""
        self._target = target
        self._sock = sock
        self._host = host
        self._token = token
        self._port: int = sock.getsockname()[1]
        self._controls = controls
        self._stalled = stalled
        self._run = secrets.token_hex(8)
        self._journal = Journal(target.events)
        self.streams: set[web.WebSocketResponse] = set()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Serves from here on."""
        app = web.Application(middlewares=[self._guard], client_max_size=BODY_LIMIT)
        app.add_routes(
            [
                web.get("/", self._asset),
                web.get(PREFIX + "{name:.+}", self._asset),
                web.get("/api/state", self._state),
                web.post("/api/reload", self._reload),
                web.post("/api/message", self._message),
                web.post("/api/call", self._call),
                web.get("/api/conversation", self._conversation),
                web.get("/api/scenarios", self._scenarios),
                web.post("/api/scenarios", self._save_scenario),
                web.post("/api/scenarios/play", self._play_scenarios),
                web.get("/api/logs", self._logs),
                web.get("/api/events", self._events),
                *ConfigRoutes(self._target).routes(),
                *Looking(self._target).routes(),
                *(Controls(self._controls).routes() if self._controls is not None else ()),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.SockSite(self._runner, self._sock).start()

    async def stop(self) -> None:
        """Closes every stream and the port."""
        for stream in tuple(self.streams):
            await stream.close(code=WSCloseCode.GOING_AWAY, drain=False)
        if self._runner is not None:
            await self._runner.cleanup()
        self._journal.close()
        self._sock.close()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.query.get("token")
        if request.path == "/" and request.method == "GET" and given is not None:
            return self._first_visit(request, given)
        refused = refusal(
            request.method,
            request.headers,
            request.cookies.get(cookie_name(self._port)),
            token=self._token,
            configured_host=self._host,
            upgrade=request.path == "/api/events",
        )
        if refused is not None:
            return problem(*refused)
        try:
            response = await handler(request)
        except Unavailable as error:
            return problem(503, str(error))
        except Refused as error:
            return problem(422, str(error))
        except web.HTTPException as error:
            return problem(error.status, error.text or error.reason)
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    def _first_visit(self, request: web.Request, given: str) -> web.StreamResponse:
        """Trades the token in the address for a cookie, and takes it out of the address bar and the history."""
        if not is_known_host(request.headers.get("Host"), self._host) or not matches(given, self._token):
            return problem(401, _("The token is wrong. Open the address that mpdt dev printed."))
        response = web.Response(status=303, headers={**HEADERS, "Location": "/"})
        response.set_cookie(cookie_name(self._port), self._token, httponly=True, samesite="Strict", path="/")
        return response

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        asset = assets().get(request.path)
        if asset is None:
            raise web.HTTPNotFound(text=_("There is no such file."))
        return web.Response(body=asset.body, content_type=asset.content_type, charset="utf-8")

    async def _state(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(dict(await self._target.state()))

    async def _reload(self, request: web.Request) -> web.StreamResponse:
        fields = await read_fields(request, optional=True)
        return web.json_response(dict(await self._target.reload(full=fields.get("full") is True)))

    async def _message(self, request: web.Request) -> web.StreamResponse:
        fields = await read_fields(request)
        message = {name: fields[name] for name in MESSAGE_FIELDS if fields.get(name) is not None}
        lists = {name: fields[name] for name in LISTS if fields.get(name) is not None}
        if "text" not in message or not all(isinstance(value, str) for value in message.values()):
            raise web.HTTPBadRequest(text=_('Expected {{"text", "user"?, "group"?, "role"?}}, all of them texts.'))
        if not all(are_texts(value) for value in lists.values()):
            raise web.HTTPBadRequest(text=_("'images' (base64) and 'mentions' (users) are lists of texts."))
        if len(message["text"]) > TEXT_LIMIT:
            raise web.HTTPBadRequest(text=_("A message has at most {limit} characters.", limit=TEXT_LIMIT))
        return web.json_response(dict(await self._target.message({**message, **lists})))

    async def _call(self, request: web.Request) -> web.StreamResponse:
        fields = await read_fields(request)
        kind, name, arguments = fields.get("kind"), fields.get("name"), fields.get("arguments") or {}
        if not isinstance(kind, str) or not isinstance(name, str) or not isinstance(arguments, dict):
            raise web.HTTPBadRequest(text=_('Expected {{"kind", "name", "arguments"?}}: two texts and an object.'))
        return web.json_response(dict(await self._target.call(kind, name, arguments)))

    async def _conversation(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response({"exchanges": self._target.conversation()})

    async def _scenarios(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(dict(self._target.scenarios()))

    async def _save_scenario(self, request: web.Request) -> web.StreamResponse:
        """``exchanges``: numbers, as the answers of messages and calls have them; or the ``last`` so many."""
        fields = await read_fields(request)
        name, numbers, last = fields.get("name"), fields.get("exchanges"), fields.get("last")
        if not isinstance(name, str) or not (numbers is None or are_numbers(numbers)) or not is_count(last):
            raise web.HTTPBadRequest(text=_('Expected {{"name", "exchanges"? or "last"?}}: a text, numbers, a number.'))
        return web.json_response({"path": str(self._target.save_scenario(name, numbers, last))})

    async def _play_scenarios(self, request: web.Request) -> web.StreamResponse:
        words = (await read_fields(request, optional=True)).get("words")
        return web.json_response(dict(await self._target.play_scenarios(words if isinstance(words, str) else None)))

    async def _logs(self, request: web.Request) -> web.StreamResponse:
        texts = {name: request.query.get(name, "") for name in ("level", "logger", "search")}
        if texts["level"] not in ("", *LEVELS):
            raise web.HTTPBadRequest(text=_("'level' is one of {names}.", names=", ".join(LEVELS)))
        before = read_number(request, "before", self._journal.last + 1)
        limit = min(read_number(request, "limit", LOG_LIMIT), LOG_LIMIT)
        query = Query(read_number(request, "since", 0), before, limit, **texts)
        return web.json_response({"logs": await find(self._journal, query)})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        wish = read_wish(request, self._run)
        return await serve_stream(request, self._journal, wish, self._run, self.streams, stalled=self._stalled)


def read_wish(request: web.Request, run: str) -> Wish:
    """Where a reader of the event stream goes on. Raises HTTPBadRequest."""
    since = read_number(request, "since", 0)
    known = request.query.get("run", run) == run
    return Wish(since if known else 0, frames=request.query.get("frames") == "1")


def problem(status: int, sentence: str) -> web.Response:
    """An error in the one form that all of them have."""
    return web.json_response({"error": sentence}, status=status, headers=HEADERS)
