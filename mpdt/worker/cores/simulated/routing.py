"""HTTP routers: a FastAPI application each, asked in this process; nothing listens."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import Any
from urllib.parse import urlencode

from mpdt.language import _
from mpdt.worker.cores.simulated.components import BasePlugin, Component
from mpdt.worker.cores.simulated.logger import get_logger
from mpdt.worker.cores.simulated.managers import BASES
from mpdt.worker.cores.simulated.runtime import kept
from mpdt.worker.cores.simulated.types import ComponentType
from mpdt.worker.errors import WorkerError

logger = get_logger("router_manager")


class BaseRouter(Component, ABC):
    """HTTP routes, on an application of the router's own."""

    _kind_ = ComponentType.ROUTER
    router_name: str = ""
    router_description: str = ""
    custom_route_path: str | None = None
    cors_origins: list[str] | None = None

    def __init__(self, plugin: BasePlugin) -> None:
        self.plugin = plugin
        self.app = make_app(self.router_name)
        self.register_endpoints()

    @abstractmethod
    def register_endpoints(self) -> None: ...

    def get_route_path(self) -> str:
        return self.custom_route_path or f"/router/{self.router_name}"

    def get_app(self) -> Any:
        return self.app

    def get_openapi_schema(self) -> dict[str, Any]:
        return dict(self.app.openapi())

    async def startup(self) -> None: ...

    async def shutdown(self) -> None: ...


class Mounted:
    """The routers of this version of the plugin, by signature."""

    def __init__(self) -> None:
        self.routers: dict[str, BaseRouter] = {}


async def mount(signature: str, cls: type[BaseRouter], plugin: BasePlugin) -> None:
    """Make the router; without FastAPI that is told, and the plugin goes on without it."""
    try:
        router = cls(plugin)
    except WorkerError as error:
        logger.warning(str(error))
        return
    kept(Mounted).routers[signature] = router
    await router.startup()


def make_app(title: str) -> Any:
    """Raises WorkerError, with the command that installs it, where FastAPI is not there."""
    try:
        from fastapi import FastAPI
    except ModuleNotFoundError:
        raise WorkerError(
            _("A router needs FastAPI, which this interpreter has not got: pip install fastapi")
        ) from None
    return FastAPI(title=title)


def routes_of(app: Any) -> list[dict[str, Any]]:
    """Method and path of each route that the plugin made; of an application that is mounted on it too."""
    found = [
        {"method": method.upper(), "path": path}
        for path, methods in (app.openapi().get("paths") or {}).items()
        for method in methods
    ]
    for route in app.routes:
        inner = getattr(route, "app", None)
        if inner is not None and getattr(route, "methods", None) is None:
            inside = routes_of(inner) if hasattr(inner, "openapi") else plain_routes(inner)
            found += [{**one, "path": route.path.rstrip("/") + one["path"]} for one in inside]
    return found


def plain_routes(app: Any) -> list[dict[str, Any]]:
    """Of an application that is Starlette's, and describes nothing."""
    return [
        {"method": method, "path": route.path}
        for route in getattr(app, "routes", ())
        for method in sorted(getattr(route, "methods", None) or ())
        if method != "HEAD"
    ]


async def request(app: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """Status, headers and body of one request, sent straight to the application."""
    path = str(arguments.get("path") or "/")
    body = arguments.get("body")
    content = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    given = {"host": "127.0.0.1", **({"content-type": "application/json"} if body is not None else {})}
    given.update({str(name).lower(): str(value) for name, value in (arguments.get("headers") or {}).items()})
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": str(arguments.get("method") or "GET").upper(),
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": urlencode(arguments.get("query") or {}).encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
    }
    sent: list[dict[str, Any]] = []
    asked = [{"type": "http.request", "body": content, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return asked.pop() if asked else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = next(message for message in sent if message["type"] == "http.response.start")
    text = b"".join(message.get("body", b"") for message in sent).decode("utf-8", "replace")
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    is_json = "json" in headers.get("content-type", "")
    return {"status": start["status"], "headers": headers, "body": json.loads(text) if is_json and text else text}


BASES[ComponentType.ROUTER] = BaseRouter
