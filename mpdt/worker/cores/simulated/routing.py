"""HTTP routers: a FastAPI application each, asked in this process; nothing listens."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

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


BASES[ComponentType.ROUTER] = BaseRouter
