from typing import Any

from src.core.components.registry import get_global_registry
from src.core.transport.http_server import get_app


class RouterManager:
    def __init__(self) -> None:
        self._mounted_routers: dict[str, Any] = {}

    async def mount_router(self, signature: str, plugin: Any) -> Any:
        if signature in self._mounted_routers:
            raise RuntimeError(f"{signature} is mounted already.")
        router = get_global_registry().get(signature)(plugin=plugin)
        get_app().mount(router.get_route_path(), router.get_app(), name=router.router_name)
        await router.startup()
        self._mounted_routers[signature] = router
        return router

    async def unmount_router(self, signature: str) -> None:
        router = self._mounted_routers.pop(signature)
        await router.shutdown()
        path = router.get_route_path()
        for route in [one for one in get_app().routes if getattr(one, "path", None) == path]:
            get_app().routes.remove(route)

    def get_mounted_router(self, signature: str) -> Any:
        return self._mounted_routers.get(signature)


_manager = RouterManager()


def get_router_manager() -> RouterManager:
    return _manager
