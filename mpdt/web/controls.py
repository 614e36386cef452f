"""The routes behind the page's controls: mode, restart, the timeline's sources, the last message again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from aiohttp import web

from mpdt.language import _
from mpdt.web.bodies import read_fields
from mpdt.web.errors import Conflict
from mpdt.web.media import Media


class Controlled(Protocol):
    """What these routes ask. Every method may raise Unavailable."""

    @property
    def media(self) -> Media: ...

    async def set_mode(self, mode: str) -> Mapping[str, Any]:
        """``patch-live`` or ``reload``; the event that says so."""

    async def restart(self, *, keep_state: bool) -> Mapping[str, Any]:
        """The reload event of another process in the worker's place."""

    def edits(self, seq: int) -> list[dict[str, Any]]:
        """The files of a timeline entry, with their differences."""

    def revert(self, seq: int, name: str, *, force: bool) -> None:
        """Gives a file its content from before the entry. Raises Refused, or Conflict without ``force``."""

    async def again(self) -> Mapping[str, Any]:
        """The last message again: the replay event. Raises Refused if there is none."""

    def set_replay(self, on: bool) -> None:
        """Whether the last message is sent again after each change."""


MODES = ("patch-live", "reload")


class Controls:
    """Routes over one target."""

    def __init__(self, target: Controlled) -> None:
        self._target = target

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/mode", self._mode),
            web.post("/api/restart", self._restart),
            web.post("/api/clear-state", self._clear_state),
            web.get("/api/timeline/{seq:[0-9]{1,15}}", self._timeline),
            web.post("/api/revert", self._revert),
            web.post("/api/again", self._again),
            web.post("/api/replay", self._replay),
            web.get("/api/media/{name:[0-9a-f]{32}}", self._media),
        ]

    async def _mode(self, request: web.Request) -> web.StreamResponse:
        mode = (await read_fields(request)).get("mode")
        if mode not in MODES:
            raise web.HTTPBadRequest(text=_("'mode' is one of {names}.", names=", ".join(MODES)))
        return web.json_response(dict(await self._target.set_mode(mode)))

    async def _restart(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(dict(await self._target.restart(keep_state=True)))

    async def _clear_state(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(dict(await self._target.restart(keep_state=False)))

    async def _timeline(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"edits": self._target.edits(int(request.match_info["seq"]))})

    async def _revert(self, request: web.Request) -> web.StreamResponse:
        fields = await read_fields(request)
        seq, name = fields.get("seq"), fields.get("file")
        if type(seq) is not int or not isinstance(name, str):
            raise web.HTTPBadRequest(
                text=_('Expected {{"seq", "file", "force"?}}: an entry of the timeline, a file of it.')
            )
        try:
            self._target.revert(seq, name, force=fields.get("force") is True)
        except Conflict as error:
            raise web.HTTPConflict(text=str(error)) from None
        return web.json_response({"file": name})

    async def _again(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(dict(await self._target.again()))

    async def _replay(self, request: web.Request) -> web.StreamResponse:
        on = (await read_fields(request)).get("on")
        if not isinstance(on, bool):
            raise web.HTTPBadRequest(text=_('Expected {{"on"}}: true or false.'))
        self._target.set_replay(on)
        return web.json_response({"on": on})

    async def _media(self, request: web.Request) -> web.StreamResponse:
        picture = self._target.media.get(request.match_info["name"])
        if picture is None:
            raise web.HTTPNotFound(text=_("This picture is not kept any more."))
        return web.Response(body=picture.body, content_type=picture.content_type)
