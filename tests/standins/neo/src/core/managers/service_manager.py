from typing import Any

from src.core.components.registry import get_global_registry


class ServiceManager:
    def get_service(self, signature: str) -> Any:
        from src.core.managers.plugin_manager import get_plugin_manager

        cls = get_global_registry().get(signature)
        return cls(plugin=get_plugin_manager().get_plugin(signature.split(":")[0])) if cls else None


_manager = ServiceManager()


def get_service_manager() -> ServiceManager:
    return _manager
