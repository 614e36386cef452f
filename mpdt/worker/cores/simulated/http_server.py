"""The bot's HTTP server: one application with the plugin's routers mounted in it. Nothing listens on its port."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mpdt.worker.cores.simulated.core_config import get_core_config
from mpdt.worker.cores.simulated.routing import Mounted, make_app
from mpdt.worker.cores.simulated.runtime import kept
from mpdt.worker.cores.simulated.standin import NotSimulated

if TYPE_CHECKING:
    from fastapi import FastAPI

PORT = 8000  # the real core's default


class HTTPServer:
    def __init__(self, host: str = "127.0.0.1", port: int = PORT) -> None:
        self.host = host
        self.port = port
        self._app: FastAPI | None = None

    @property
    def app(self) -> FastAPI:
        """With what is mounted by now. Raises WorkerError where FastAPI is not there."""
        if self._app is None:
            self._app = make_app("MoFox HTTP API")
        known = {getattr(route, "path", None) for route in self._app.routes}
        for router in kept(Mounted).routers.values():
            if router.get_route_path() not in known:
                self._app.mount(router.get_route_path(), router.get_app())
        return self._app

    def is_running(self) -> bool:
        return False

    def get_base_url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def get_openapi_schema(self) -> dict[str, Any]:
        return dict(self.app.openapi())

    async def start(self) -> None:
        raise NotSimulated("HTTPServer.start")

    async def stop(self) -> None: ...


def made() -> HTTPServer:
    configured = get_core_config().http_router
    return HTTPServer(configured.http_router_host, configured.http_router_port or PORT)


def get_http_server(host: str | None = None, port: int | None = None) -> HTTPServer:
    return kept(made)
