"""Adapters, registered and running. One in a process of its own imports the class by its module's name."""

import asyncio
import sys
from typing import Any

from src.common.core_sink_manager import get_core_sink_manager
from src.common.logger import get_logger

logger = get_logger("adapter_manager")


class AdapterManager:
    def __init__(self) -> None:
        self._adapter_defs: dict[str, tuple[Any, Any]] = {}
        self._adapter_processes: dict[str, Any] = {}
        self._in_process_adapters: dict[str, Any] = {}

    def register_adapter(self, cls: Any, plugin: Any = None) -> None:
        self._adapter_defs[cls.adapter_name] = (cls, plugin)

    async def start_adapter(self, name: str) -> bool:
        cls, plugin = self._adapter_defs[name]
        if cls.run_in_subprocess:
            program = f"import time, {cls.__module__}; print('adapter', flush=True); time.sleep(3600)"
            self._adapter_processes[name] = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
            return True
        try:
            adapter = cls(get_core_sink_manager().get_in_process_sink(), plugin=plugin)
            await adapter.start()
        except Exception as error:
            logger.error(f"adapter {name}: {error!r}")
            return False
        self._in_process_adapters[name] = adapter
        return True

    async def stop_adapter(self, name: str) -> None:
        process = self._adapter_processes.pop(name, None)
        if process is not None:
            process.kill()
            await process.wait()
        adapter = self._in_process_adapters.pop(name, None)
        if adapter is not None:
            await adapter.stop()


_manager = AdapterManager()


def get_adapter_manager() -> AdapterManager:
    return _manager
