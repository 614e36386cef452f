"""Looking at the running plugin over HTTP: components, state as a tree, holdings, figures. Nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from aiohttp import web

from mpdt.language import _
from mpdt.protocol import Operation
from mpdt.web.bodies import read_fields, read_number

PATH_LIMIT = 64 * 1024  # characters of all steps together


class Looked(Protocol):
    async def look(self, operation: Operation, **parameters: Any) -> Mapping[str, Any]:
        """The worker's answer. Raises Refused with its sentence, or Unavailable."""


class Looking:
    """Routes over one target."""

    def __init__(self, target: Looked) -> None:
        self._target = target

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/components", self._components),
            web.post("/api/tree", self._tree),
            web.get("/api/held", self._held),
            web.get("/api/performance", self._performance),
        ]

    async def _components(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(dict(await self._target.look(Operation.COMPONENTS)))

    async def _tree(self, request: web.Request) -> web.StreamResponse:
        """A POST that changes nothing: a path is a list of steps, too much for an address."""
        fields = await read_fields(request, optional=True)
        if len(str(fields)) > PATH_LIMIT:
            raise web.HTTPBadRequest(text=_("The path is too long."))
        known = {name: fields[name] for name in ("path", "depth", "width", "offset", "text") if name in fields}
        return web.json_response(dict(await self._target.look(Operation.TREE, **known)))

    async def _held(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(dict(await self._target.look(Operation.HELD)))

    async def _performance(self, request: web.Request) -> web.StreamResponse:
        since = read_number(request, "since", 0)
        return web.json_response(dict(await self._target.look(Operation.PERFORMANCE, since=since)))
