"""The plugin's config over HTTP: its form, what its classes say of a text, and the file.

No path comes from a request: the worker says which file it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from mpdt.language import _
from mpdt.protocol import Operation
from mpdt.web import config_file
from mpdt.web.bodies import read_fields
from mpdt.web.errors import Refused, Unavailable

TEXT_LIMIT = 1024 * 1024  # characters of a config file
EDITS = 200


class Configured(Protocol):
    """What these routes ask. Every method may raise Unavailable, and ``look`` Refused."""

    async def config_path(self) -> Path: ...

    def config_written(self, path: Path) -> None: ...

    async def look(self, operation: Operation, **parameters: Any) -> Mapping[str, Any]: ...


class ConfigRoutes:
    """Routes over one target."""

    def __init__(self, target: Configured) -> None:
        self._target = target

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/config", self._get),
            web.get("/api/config/form", self._form),
            web.post("/api/config/check", self._check),
            web.put("/api/config", self._put),
        ]

    async def _get(self, _request: web.Request) -> web.StreamResponse:
        path = await self._target.config_path()
        content = readable(path)
        return web.json_response({"path": str(path), "text": content.text, "hash": content.hash})

    async def _form(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response({"form": (await self._target.look(Operation.CONFIG_FORM)).get("form")})

    async def _check(self, request: web.Request) -> web.StreamResponse:
        """The text with the edits made, and what the plugin's classes say of it; nothing is written or applied."""
        from mpdt.web import config_text  # with its patterns, which a start need not wait for

        fields = await read_fields(request)
        text = read_text(fields)
        try:
            edits = config_text.read_edits(fields.get("edits") or [])
            if len(edits) > EDITS:
                raise config_text.Impossible(_("There are at most {count} edits at a time.", count=EDITS))
            text = config_text.edited(text, edits) if edits else text
        except config_text.Impossible as error:
            raise Refused(str(error)) from None
        said = await self._target.look(Operation.CONFIG_CHECK, text=text)
        return web.json_response({"text": text, **said})

    async def _put(self, request: web.Request) -> web.StreamResponse:
        fields = await read_fields(request)
        text, expected = read_text(fields), fields.get("hash")
        if expected is None:
            raise web.HTTPPreconditionRequired(
                text=_(
                    "Nothing was written: 'hash' is missing. Send the one that GET /api/config gave with the text, so "
                    "that what was changed on disk meanwhile is not overwritten."
                )
            )
        if not isinstance(expected, str):
            raise web.HTTPBadRequest(text=_("'hash' is the text that came with the file."))
        path = await self._target.config_path()
        if fields.get("check") is True:
            problems = (await self._target.look(Operation.CONFIG_CHECK, text=text)).get("problems")
            if problems:
                return refused(
                    422, _("The plugin's config class refuses this; nothing was written."), problems=problems
                )
        try:
            content = config_file.write(path, text, expected)
        except config_file.NotToml as error:
            raise Refused(_("This is not TOML: {error}", error=error)) from None
        except config_file.Changed as error:
            sentence = _("{path} has changed on disk since it was read; nothing was written.", path=path.name)
            return refused(409, sentence, disk=error.now.text, hash=error.now.hash, mine=text)
        except (OSError, UnicodeDecodeError) as error:
            raise Unavailable(_("{path} cannot be written: {error}", path=path, error=error)) from None
        self._target.config_written(path)
        return web.json_response({"path": str(path), "hash": content.hash})


def read_text(fields: Mapping[str, Any]) -> str:
    """Raises HTTPBadRequest."""
    text = fields.get("text")
    if not isinstance(text, str):
        raise web.HTTPBadRequest(text=_('Expected {{"text"}}, the TOML of the plugin\'s config file.'))
    if len(text) > TEXT_LIMIT:
        raise web.HTTPBadRequest(text=_("A config file has at most {limit} characters.", limit=TEXT_LIMIT))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise web.HTTPBadRequest(text=_("The text has half of a character (a lone surrogate).")) from None
    return text


def readable(path: Path) -> config_file.Content:
    try:
        return config_file.read(path)
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(_("{path} cannot be read: {error}", path=path, error=error)) from None


def refused(status: int, sentence: str, **more: Any) -> web.Response:
    """As every refusal, and with what the page needs to go on."""
    return web.json_response({"error": sentence, **more}, status=status)
