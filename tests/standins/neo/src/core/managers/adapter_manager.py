from typing import Any

from src.core.components.registry import get_global_registry
from src.core.transport.sink.sink_manager import get_sink_manager


class AdapterManager:
    def __init__(self) -> None:
        self._active_adapters: dict[str, Any] = {}

    async def start_adapter(self, signature: str) -> bool:
        from src.core.managers.plugin_manager import get_plugin_manager

        plugin = get_plugin_manager().get_plugin(signature.split(":")[0])
        adapter = get_global_registry().get(signature)(core_sink=None, plugin=plugin)
        await get_sink_manager().setup_adapter_sink(signature, adapter)
        try:
            await adapter.start()
        except Exception:  # noqa: BLE001 - as the real one does
            return False
        self._active_adapters[signature] = adapter
        return True

    async def stop_adapter(self, signature: str) -> bool:
        await self._active_adapters[signature].stop()
        del self._active_adapters[signature]
        return True


_manager = AdapterManager()


def get_adapter_manager() -> AdapterManager:
    return _manager
